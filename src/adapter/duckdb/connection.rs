//! One session: the statements of a text one by one, so that the transaction's state is always known.

use super::credentials::{Credentials, wait};
use super::memory::Memory;
use super::types::{Shape, cell};
use super::{error, load, python};
use crate::adapter::base::{AdapterResponse, Cancel, Connection, CsvLoad, Fetch, PythonJob};
use crate::adapter::statements::{Control, Statement, split, without_nul};
use crate::adapter::table::{Table, TableColumn};
use crate::adapter::transaction::Transaction;
use crate::error::{Error, Result};
use duckdb::InterruptHandle;
use duckdb::arrow::array::Array;
use std::sync::Arc;

/// A session with its state.
pub struct DuckDbConnection {
    connection: duckdb::Connection,
    transaction: Transaction,
    credentials: Arc<Credentials>,
    python: python::Running,
    memory: Arc<Memory>,
}

impl DuckDbConnection {
    /// Takes over a session of the shared database.
    pub fn new(connection: duckdb::Connection, credentials: Arc<Credentials>, memory: Arc<Memory>) -> Self {
        DuckDbConnection {
            connection,
            transaction: Transaction::Idle,
            credentials,
            python: python::Running::default(),
            memory,
        }
    }

    /// What the profile says.
    pub fn credentials(&self) -> &Arc<Credentials> {
        &self.credentials
    }

    /// The Python that works for this session.
    pub fn python(&self) -> &python::Running {
        &self.python
    }

    /// Runs one statement; outside a transaction, again where the profile's `retries` ask for it.
    fn run(&mut self, sql: &str, statement: &Statement<'_>, fetch: Fetch) -> Result<Table> {
        // Lines count from the caller's first, also in DuckDB's own message.
        let lines = sql[..statement.start].matches('\n').count();
        let padded = format!("{}{}", "\n".repeat(lines), statement.text);
        let mut attempt = 0;
        let outcome = loop {
            let outcome = self.once(&padded, fetch).map_err(|fault| error::of_statement(&fault));
            match &outcome {
                Err(fault) if self.may_retry(fault, attempt) => {
                    std::thread::sleep(wait(attempt));
                    attempt += 1;
                }
                _ => break outcome,
            }
        };
        match &outcome {
            Ok(_) => self.transaction.ran(statement),
            // A commit that fails undoes its transaction.
            Err(_) if matches!(statement.control(), Control::Commit { .. }) => {
                self.transaction = Transaction::Idle;
            }
            Err(_) => {}
        }
        outcome
    }

    fn may_retry(&self, fault: &Error, attempt: u32) -> bool {
        let retries = &self.credentials.retries;
        attempt + 1 < retries.query
            && !self.transaction.is_open()
            && retries.on.contains(&error::exception(fault))
    }

    fn once(&self, sql: &str, fetch: Fetch) -> duckdb::Result<Table> {
        let _at_work = self.memory.statement(&self.connection);
        let wanted = match fetch {
            Fetch::Nothing => return self.connection.execute_batch(sql).map(|()| Table::default()),
            Fetch::All | Fetch::Texts => usize::MAX,
            Fetch::Limit(rows) => rows,
        };
        let mut statement = self.connection.prepare(sql)?;
        statement.execute([])?;
        let names = statement.column_names();
        let shapes: Vec<_> =
            (0..names.len()).map(|at| Shape::of(&statement.column_logical_type(at))).collect();
        let mut rows = Vec::new();
        while let Some(chunk) = statement.step()? {
            for row in 0..chunk.len().min(wanted - rows.len()) {
                let columns = chunk.columns().iter().zip(&shapes);
                rows.push(columns.map(|(column, shape)| cell(column, row, Some(shape))).collect());
            }
            if rows.len() >= wanted {
                break;
            }
        }
        let column = |(name, shape): (String, Shape)| TableColumn { name, type_name: shape.name };
        Ok(Table { columns: names.into_iter().zip(shapes).map(column).collect(), rows })
    }

    fn send(&mut self, sql: &str) -> Result<()> {
        self.execute(sql, Fetch::Nothing).map(drop)
    }
}

impl Connection for DuckDbConnection {
    fn execute(&mut self, sql: &str, fetch: Fetch) -> Result<(AdapterResponse, Table)> {
        let statements = split(without_nul(sql)?);
        let mut table = Table::default();
        for (at, statement) in statements.iter().enumerate() {
            let is_last = at + 1 == statements.len();
            table = self.run(sql, statement, if is_last { fetch } else { Fetch::Nothing })?;
        }
        // dbt-duckdb says no more of any statement.
        Ok((AdapterResponse { message: "OK".to_string(), ..Default::default() }, table))
    }

    fn begin(&mut self) -> Result<()> {
        if self.credentials.disable_transactions || self.transaction.is_open() {
            return Ok(());
        }
        self.send("begin transaction")
    }

    fn commit(&mut self) -> Result<()> {
        if self.transaction.is_open() { self.send("commit") } else { Ok(()) }
    }

    fn rollback(&mut self) -> Result<()> {
        if !self.transaction.is_open() {
            return Ok(());
        }
        let undone = self.send("rollback");
        self.transaction = Transaction::Idle;
        match undone {
            // DuckDB ended it by itself.
            Err(fault) if fault.message().contains("no transaction is active") => Ok(()),
            other => other,
        }
    }

    fn in_transaction(&self) -> bool {
        self.transaction.is_open()
    }

    fn load_csv(&mut self, csv: &CsvLoad) -> Result<u64> {
        load::load(&self.connection, &self.memory, csv)
    }

    fn describe(&mut self, sql: &str) -> Result<Vec<(String, String)>> {
        let Some(last) = split(without_nul(sql)?).pop() else { return Ok(Vec::new()) };
        self.execute(&sql[..last.start], Fetch::Nothing)?;
        let (_, table) = self.execute(&format!("describe {}", last.text), Fetch::All)?;
        let text = |row: &[crate::adapter::Cell], at: usize| Some(row.get(at)?.as_str()?.to_string());
        Ok(table.rows.iter().filter_map(|row| Some((text(row, 0)?, text(row, 1)?))).collect())
    }

    fn run_python(&mut self, job: &PythonJob, printed: &mut String) -> Result<AdapterResponse> {
        python::run(self, job, printed)
    }

    fn canceller(&self) -> Arc<dyn Cancel> {
        Arc::new(Canceller(self.connection.interrupt_handle(), self.python.clone()))
    }
}

/// DuckDB's own way to stop a session's statement; it does not wait.
struct Canceller(Arc<InterruptHandle>, python::Running);

impl Cancel for Canceller {
    fn cancel(&self) {
        self.0.interrupt();
        python::kill(&self.1);
    }
}
