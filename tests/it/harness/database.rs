//! Looks at a project's database with the engine's own client; every value comes as text.

use super::{Adapter, Project, Server};
use tokio_postgres::SimpleQueryMessage;

/// How NULL is shown.
const NULL: &str = "NULL";

impl Project {
    /// The rows of a query, each value as text, NULL as `NULL`. Booleans differ (`t`, `true`): cast them.
    pub fn rows(&self, query: &str) -> Vec<Vec<String>> {
        match self.adapter {
            Adapter::DuckDb => self.duckdb_rows(query),
            Adapter::Postgres => Server::get().rows(&self.database, query),
        }
    }

    /// The first value of the first row.
    pub fn value(&self, query: &str) -> String {
        let rows = self.rows(query);
        rows.first().and_then(|row| row.first()).unwrap_or_else(|| panic!("no rows: {query}")).clone()
    }

    /// How many rows a table or view has.
    pub fn count(&self, relation: &str) -> usize {
        self.value(&format!("select count(*) from {relation}")).parse().expect("a count")
    }

    /// The first column of a query, in its order.
    pub fn column(&self, query: &str) -> Vec<String> {
        self.rows(query).into_iter().map(|mut row| row.swap_remove(0)).collect()
    }

    /// Runs statements.
    pub fn execute(&self, sql: &str) {
        match self.adapter {
            Adapter::DuckDb => self.duckdb_execute(sql),
            Adapter::Postgres => {
                Server::get().rows(&self.database, sql);
            }
        }
    }

    /// All tables and views of the project as `schema.name kind`, sorted.
    pub fn relations(&self) -> Vec<String> {
        self.column(
            "select table_schema || '.' || table_name || \
             case table_type when 'VIEW' then ' view' else ' table' end as relation \
             from information_schema.tables \
             where table_schema not in ('information_schema', 'pg_catalog') order by 1",
        )
    }

    /// A connection to the project's file; while it lives, no other process can open the file.
    #[cfg(feature = "duckdb")]
    pub fn duckdb(&self) -> duckdb::Connection {
        let file = self.path(&format!("{}.duckdb", self.database));
        let connection = duckdb::Connection::open(file).expect("DuckDB's file opens");
        // Views on files name them from the project's folder.
        let search = format!("set file_search_path = '{}'", self.root().display());
        connection.execute_batch(&search).expect("a setting");
        connection
    }

    #[cfg(feature = "duckdb")]
    fn duckdb_rows(&self, query: &str) -> Vec<Vec<String>> {
        let connection = self.duckdb();
        let text = format!("select cast(columns(*) as varchar) from ({query})");
        let mut statement = connection.prepare(&text).unwrap_or_else(|why| panic!("{query}: {why}"));
        let mut rows = statement.query([]).unwrap_or_else(|why| panic!("{query}: {why}"));
        let mut found = Vec::new();
        while let Some(row) = rows.next().expect("a row") {
            let width = row.as_ref().column_count();
            let value = |i| row.get::<_, Option<String>>(i).expect("text").unwrap_or_else(|| NULL.into());
            found.push((0..width).map(value).collect());
        }
        found
    }

    #[cfg(feature = "duckdb")]
    fn duckdb_execute(&self, sql: &str) {
        self.duckdb().execute_batch(sql).unwrap_or_else(|why| panic!("{sql}: {why}"));
    }

    #[cfg(not(feature = "duckdb"))]
    fn duckdb_rows(&self, _: &str) -> Vec<Vec<String>> {
        unreachable!("no project is on DuckDB without the feature")
    }

    #[cfg(not(feature = "duckdb"))]
    fn duckdb_execute(&self, _: &str) {}
}

impl Server {
    /// The rows that statements give in a database, by a connection of their own.
    pub fn rows(&self, database: &str, sql: &str) -> Vec<Vec<String>> {
        self.try_rows(database, sql).unwrap_or_else(|why| panic!("{sql}: {}", describe(&why)))
    }

    /// As [`Server::rows`]; a refusal is an answer.
    pub fn try_rows(&self, database: &str, sql: &str) -> Result<Vec<Vec<String>>, tokio_postgres::Error> {
        self.session(database, |session| session.rows(sql))
    }

    /// Gives a connection to the body.
    pub fn session<T>(&self, database: &str, body: impl FnOnce(&Session) -> T) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let (client, connection) = runtime
            .block_on(tokio_postgres::connect(&self.url(database), tokio_postgres::NoTls))
            .unwrap_or_else(|why| panic!("cannot connect to {database}: {}", describe(&why)));
        runtime.spawn(async move {
            // the connection ends with its client
            connection.await.ok();
        });
        body(&Session { client, runtime })
    }
}

/// One connection to PostgreSQL, for several questions in a row.
pub struct Session {
    client: tokio_postgres::Client,
    runtime: tokio::runtime::Runtime,
}

impl Session {
    /// The rows that statements give.
    pub fn rows(&self, sql: &str) -> Result<Vec<Vec<String>>, tokio_postgres::Error> {
        let messages = self.runtime.block_on(self.client.simple_query(sql))?;
        let rows = messages.iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        Ok(rows.map(|row| (0..row.len()).map(|i| row.get(i).unwrap_or(NULL).to_string()).collect()).collect())
    }
}

/// The server's own words.
fn describe(error: &tokio_postgres::Error) -> String {
    error.as_db_error().map_or_else(|| error.to_string(), ToString::to_string)
}
