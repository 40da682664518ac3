//! Sending SQL for a node: the session on loan, the query comment, the events, the place of an error.

use super::{Scope, Subject, lock, sql_place};
use crate::adapter::{AdapterResponse, CsvLoad, Fetch, Lent, PythonJob, Table};
use crate::context::base::DBT_VERSION;
use crate::context::session::QueryComment;
use crate::error::Result;
use crate::event::Event;
use crate::sql::{CommentPlace, with_comment};
use serde_json::json;
use std::sync::Arc;
use std::time::Instant;

impl Scope {
    /// Runs SQL in the node's session; `auto_begin` opens a transaction where none is open.
    ///
    /// # Errors
    /// As [`crate::adapter::Connection::execute`]; the place is mapped to the user's file.
    pub fn execute(
        self: &Arc<Self>,
        sql: &str,
        auto_begin: bool,
        fetch: Fetch,
    ) -> Result<(AdapterResponse, Table)> {
        let text = self.commented(sql)?;
        if let Some(answer) = &self.answer {
            self.report_sql(&format!("-- answered by a scan that several tests share\n{text}"));
            return Ok((answer.response.clone(), answer.table.clone()));
        }
        self.report_sql(&text);
        let began = Instant::now();
        let outcome = self.with_session(|session| {
            if auto_begin {
                session.begin()?;
            }
            session.execute(&text, fetch)
        });
        if let Ok((response, _)) = &outcome {
            self.report_status(&response.message, began);
        }
        outcome.map_err(|error| sql_place::locate(error, &text, self.node(), self.compiled.as_ref()))
    }

    /// Ends the open transaction, keeping its work.
    ///
    /// # Errors
    /// The engine refuses.
    pub fn commit(self: &Arc<Self>) -> Result<()> {
        if let Some(work) = self.before_commit.as_ref().filter(|_| self.in_transaction()) {
            work(self)?;
        }
        self.if_session(|session| session.commit())
    }

    /// Ends the open transaction, undoing its work.
    ///
    /// # Errors
    /// The engine refuses.
    pub fn rollback(&self) -> Result<()> {
        self.if_session(|session| session.rollback())
    }

    /// Gives the session back; an open transaction is undone.
    pub fn release(&self) {
        lock(&self.connection).take();
    }

    /// Borrows the session now, so that an engine that cannot be reached is told of before any macro.
    ///
    /// # Errors
    /// The engine cannot be reached.
    pub fn connect(&self) -> Result<()> {
        self.with_session(|_| Ok(()))
    }

    /// Streams a CSV file into a table.
    ///
    /// # Errors
    /// As [`crate::adapter::Connection::load_csv`].
    pub fn load_csv(&self, load: &CsvLoad) -> Result<u64> {
        self.with_session(|session| {
            session.begin()?;
            session.load_csv(load)
        })
    }

    /// Runs a Python model in the node's transaction; what it prints is told as it ends.
    ///
    /// # Errors
    /// As [`crate::adapter::Connection::run_python`].
    pub fn run_python(&self, job: &PythonJob) -> Result<AdapterResponse> {
        let mut printed = String::new();
        let outcome = self.with_session(|session| {
            session.begin()?;
            session.run_python(job, &mut printed)
        });
        if outcome.is_ok() && !printed.is_empty() {
            let event = Event::Log { message: printed, info: true, node: self.info.clone() };
            self.run.session.reporter.report(event);
        }
        outcome
    }

    /// Names and types of a query's columns.
    ///
    /// # Errors
    /// As [`crate::adapter::Connection::describe`].
    pub fn describe(&self, sql: &str) -> Result<Vec<(String, String)>> {
        self.with_session(|session| session.describe(sql))
    }

    /// The name of its session: the node's id, as in dbt.
    pub fn connection_name(&self) -> String {
        match &self.subject {
            Subject::Node(node) => node.unique_id.to_string(),
            Subject::Operation(_) => "master".to_string(),
        }
    }

    /// Works with the session, which is borrowed when it is first needed.
    fn with_session<T>(&self, work: impl FnOnce(&mut Lent) -> Result<T>) -> Result<T> {
        let mut slot = lock(&self.connection);
        let session = match slot.take() {
            Some(session) => session,
            None => self.run.sessions.lend(&self.connection_name())?,
        };
        work(slot.insert(session))
    }

    fn in_transaction(&self) -> bool {
        lock(&self.connection).as_ref().is_some_and(Lent::in_transaction)
    }

    fn if_session(&self, work: impl FnOnce(&mut Lent) -> Result<()>) -> Result<()> {
        lock(&self.connection).as_mut().map_or(Ok(()), work)
    }

    fn report_sql(&self, sql: &str) {
        let event =
            Event::Sql { connection: self.connection_name(), node: self.info.clone(), sql: sql.to_string() };
        self.run.session.reporter.report(event);
    }

    fn report_status(&self, status: &str, began: Instant) {
        let elapsed = began.elapsed().as_secs_f64();
        let (connection, status) = (self.connection_name(), status.to_string());
        self.run.session.reporter.report(Event::SqlStatus { connection, status, elapsed });
    }

    /// The SQL with the query comment beside it. The shape is dbt's: `/* {"app": "dbt", ...} */`.
    fn commented(self: &Arc<Self>, sql: &str) -> Result<String> {
        let QueryComment { comment, append } = &self.run.session.query_comment;
        let comment = match comment {
            None => self.default_comment(),
            Some(text) if text.trim().is_empty() => return Ok(sql.trim().to_string()),
            Some(text) => self.rendered_comment(text)?,
        };
        let place = if *append { CommentPlace::After } else { CommentPlace::Before };
        with_comment(sql, &comment, place)
    }

    fn default_comment(&self) -> String {
        let target = &self.run.session.target;
        let mut comment = json!({
            "app": "dbt",
            "dbt_version": DBT_VERSION,
            "profile_name": target.get("profile_name"),
            "target_name": target.get("target_name"),
        });
        match &self.subject {
            Subject::Node(node) => comment["node_id"] = json!(node.unique_id),
            Subject::Operation(_) => comment["connection_name"] = json!(self.connection_name()),
        }
        python_json(&comment)
    }

    fn rendered_comment(self: &Arc<Self>, text: &str) -> Result<String> {
        let session = &self.run.session;
        session.engine.render_returning("dbt_project.yml", text, &super::values::comment_context(self))
    }
}

/// JSON with a space behind `:` and `,`, as Python writes it.
fn python_json(value: &serde_json::Value) -> String {
    let fields = value.as_object().into_iter().flatten();
    let fields: Vec<String> = fields.map(|(name, value)| format!("\"{name}\": {value}")).collect();
    format!("{{{}}}", fields.join(", "))
}
