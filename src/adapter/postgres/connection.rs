//! One session: statements by the simple protocol, as psql sends them, so that several may stand in one
//! text; the types of a result come from a prepared twin of its statement.

use super::cancel::Canceller;
use super::connect::Session;
use super::reading::Reading;
use super::{copy, error, tag};
use crate::adapter::base::{AdapterResponse, Cancel, Connection, CsvLoad, Fetch};
use crate::adapter::statements::{Statement, split, without_nul};
use crate::adapter::table::Table;
use crate::adapter::transaction::Transaction;
use crate::error::{Error, Result};
use futures_util::StreamExt;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres::SimpleQueryStream;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;

/// What goes out before the first statement of a transaction.
const BEGIN: Statement<'_> = Statement { text: "begin", start: 0 };

/// A session with its state.
pub struct PostgresConnection {
    session: Option<Session>,
    transaction: Transaction,
    /// A transaction was asked for; `begin` goes out with the next statement, without a wait of its own.
    begins: bool,
    canceller: Arc<Canceller>,
}

impl PostgresConnection {
    /// Takes over a session that was just opened.
    pub fn new(session: Session) -> Self {
        let canceller = Arc::new(Canceller::new(session.client.cancel_token(), session.tls.clone()));
        PostgresConnection {
            session: Some(session),
            transaction: Transaction::Idle,
            begins: false,
            canceller,
        }
    }

    fn session(&self) -> Result<&Session> {
        self.session.as_ref().ok_or_else(error::closed)
    }

    /// Sends a text whose statements are known. With `typed`, the types of the result are asked for in the
    /// same breath, as `begin` is sent, so that the server is waited for once.
    fn run(&mut self, text: &Text<'_>, fetch: Fetch, typed: bool) -> Result<(AdapterResponse, Table)> {
        let session = self.session.as_ref().ok_or_else(error::closed)?;
        let begins = std::mem::take(&mut self.begins);
        if begins {
            self.transaction.ran(&BEGIN);
        }
        let transaction = &mut self.transaction;
        let mut reading = Reading::new(fetch);
        let outcome = self.canceller.wait(&session.runtime, async {
            let client = &session.client;
            // A message leaves when its future is first looked at; answers come in the order of messages.
            let begun = if begins { Some(client.simple_query_raw(BEGIN.text).await?) } else { None };
            let asking = async { if typed { client.prepare(text.sql).await.map(Some) } else { Ok(None) } };
            let running = async {
                let mut answers = pin!(client.simple_query_raw(text.sql).await?);
                if let Some(begun) = begun {
                    drain(begun).await?;
                }
                while let Some(answer) = answers.next().await {
                    if let Some((done, rows)) = reading.take(answer?, text.statements.len())
                        && let Some(statement) = text.statements.get(done)
                    {
                        transaction.ran(statement);
                        reading.response = tag::response(statement, rows);
                    }
                }
                Ok(())
            };
            let (asked, ran) = tokio::join!(biased; asking, running);
            first_fault(asked, ran)
        });
        match outcome {
            Some(Ok(prepared)) => {
                let types = prepared.iter().flat_map(|it| it.columns()).map(|column| column.type_().clone());
                Ok(reading.finish(&types.collect::<Vec<_>>()))
            }
            Some(Err(fault)) => Err(self.failed(&fault, text)),
            None => Err(self.given_up()),
        }
    }

    /// The server does not even answer that it was asked to stop: nothing is sent to it any more.
    fn given_up(&mut self) -> Error {
        self.transaction = Transaction::Idle;
        if let Some(Session { runtime, .. }) = self.session.take() {
            runtime.shutdown_background();
        }
        error::silent()
    }

    fn failed(&mut self, fault: &tokio_postgres::Error, text: &Text<'_>) -> Error {
        self.transaction.failed();
        if fault.as_db_error().is_none() {
            self.transaction = Transaction::Idle;
        }
        error::of_statement(fault, text.before, text.sql)
    }

    /// The columns of a statement's result with their types and type modifiers.
    fn prepare(&mut self, text: &Text<'_>) -> Result<Vec<(String, Type, i32)>> {
        self.begin_now()?;
        let session = self.session()?;
        let prepared = self.canceller.wait(&session.runtime, session.client.prepare(text.sql));
        let Some(prepared) = prepared else { return Err(self.given_up()) };
        let prepared = prepared.map_err(|fault| self.failed(&fault, text))?;
        let column =
            |c: &tokio_postgres::Column| (c.name().to_string(), c.type_().clone(), c.type_modifier());
        Ok(prepared.columns().iter().map(column).collect())
    }

    fn send(&mut self, sql: &str) -> Result<()> {
        self.run(&Text::of(sql), Fetch::Nothing, false).map(drop)
    }

    /// Sends a `begin` that waits for a statement to go out with.
    fn begin_now(&mut self) -> Result<()> {
        if std::mem::take(&mut self.begins) { self.send(BEGIN.text) } else { Ok(()) }
    }

    /// The names that DDL uses for types, asked of the server in one query.
    fn type_names(&mut self, columns: &[(String, Type, i32)]) -> Result<Vec<String>> {
        let each = |(at, (_, of, modifier)): (usize, &(String, Type, i32))| {
            format!("({at}, {}::oid, {modifier})", of.oid())
        };
        let values: Vec<_> = columns.iter().enumerate().map(each).collect();
        let sql = format!(
            "select pg_catalog.format_type(of, modifier) from (values {}) as c (at, of, modifier) order by at",
            values.join(", ")
        );
        let (_, table) = self.run(&Text::of(&sql), Fetch::All, false)?;
        Ok(table.rows.into_iter().filter_map(|row| row.first()?.as_str().map(str::to_string)).collect())
    }
}

impl Connection for PostgresConnection {
    fn execute(&mut self, sql: &str, fetch: Fetch) -> Result<(AdapterResponse, Table)> {
        let mut whole = Text::of(without_nul(sql)?);
        if whole.statements.iter().any(tag::copies_through_client) {
            return Err(Error::database("copy from stdin and to stdout have nobody to talk to here")
                .help("a seed loads a CSV file; `copy ... from '/file'` reads on the server"));
        }
        let Some(last) = whole.statements.last().copied() else { return Ok(Default::default()) };
        if matches!(fetch, Fetch::Nothing | Fetch::Texts) || !tag::returns_rows(&last) {
            return self.run(&whole, fetch, false);
        }
        if whole.statements.len() > 1 {
            whole.statements.pop();
            let first = Text { before: "", sql: &sql[..last.start], statements: whole.statements };
            self.run(&first, Fetch::Nothing, false)?;
        }
        let text = Text { before: &sql[..last.start], sql: last.text, statements: vec![last] };
        self.run(&text, fetch, true)
    }

    fn begin(&mut self) -> Result<()> {
        self.begins = !self.transaction.is_open();
        Ok(())
    }

    fn commit(&mut self) -> Result<()> {
        // Nothing was sent since: there is nothing to end.
        self.begins = false;
        match self.transaction {
            Transaction::Idle => Ok(()),
            Transaction::Open => self.send("commit").map_err(error::in_doubt),
            Transaction::Failed => {
                self.rollback()?;
                Err(Error::database("the transaction was rolled back, since a statement in it failed")
                    .with_code("25P02"))
            }
        }
    }

    fn rollback(&mut self) -> Result<()> {
        self.begins = false;
        if self.transaction.is_open() { self.send("rollback") } else { Ok(()) }
    }

    fn in_transaction(&self) -> bool {
        self.begins || self.transaction.is_open()
    }

    fn load_csv(&mut self, load: &CsvLoad) -> Result<u64> {
        self.begin_now()?;
        let session = self.session()?;
        let loaded = self.canceller.wait(&session.runtime, copy::load(&session.client, load));
        let Some(loaded) = loaded else { return Err(self.given_up()) };
        if loaded.is_err() {
            self.transaction.failed();
        }
        loaded
    }

    fn describe(&mut self, sql: &str) -> Result<Vec<(String, String)>> {
        let mut whole = Text::of(without_nul(sql)?);
        let Some(last) = whole.statements.pop() else { return Ok(Vec::new()) };
        if !whole.statements.is_empty() {
            let first = Text { before: "", sql: &sql[..last.start], statements: whole.statements };
            self.run(&first, Fetch::Nothing, false)?;
        }
        let text = Text { before: &sql[..last.start], sql: last.text, statements: vec![last] };
        let columns = self.prepare(&text)?;
        if columns.is_empty() {
            return Ok(Vec::new());
        }
        let names = self.type_names(&columns)?;
        Ok(columns.into_iter().map(|(name, _, _)| name).zip(names).collect())
    }

    fn canceller(&self) -> Arc<dyn Cancel> {
        self.canceller.clone()
    }
}

impl Drop for PostgresConnection {
    /// Says goodbye, so that the server does not log a lost client.
    fn drop(&mut self) {
        if let Some(Session { runtime, client, driver, .. }) = self.session.take() {
            drop(client);
            drop(runtime.block_on(async { tokio::time::timeout(Duration::from_secs(1), driver).await }));
        }
    }
}

/// SQL on its way: what is sent, the statements within, and what stood before it in the caller's text.
struct Text<'a> {
    before: &'a str,
    sql: &'a str,
    statements: Vec<Statement<'a>>,
}

impl<'a> Text<'a> {
    fn of(sql: &'a str) -> Self {
        Text { before: "", sql, statements: split(sql) }
    }
}

/// Waits for the end of a statement whose rows nobody reads.
async fn drain(answers: SimpleQueryStream) -> std::result::Result<(), tokio_postgres::Error> {
    let mut answers = pin!(answers);
    while let Some(answer) = answers.next().await {
        answer?;
    }
    Ok(())
}

/// The fault that came first: that of the question, which was sent first, unless it only says that the
/// statement had failed before it got to ask on.
fn first_fault<T>(
    asked: std::result::Result<T, tokio_postgres::Error>,
    ran: std::result::Result<(), tokio_postgres::Error>,
) -> std::result::Result<T, tokio_postgres::Error> {
    match (asked, ran) {
        (Err(asked), Err(ran)) if asked.code() == Some(&SqlState::IN_FAILED_SQL_TRANSACTION) => Err(ran),
        (Err(fault), _) | (Ok(_), Err(fault)) => Err(fault),
        (Ok(asked), Ok(())) => Ok(asked),
    }
}
