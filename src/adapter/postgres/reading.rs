//! A result on its way into a table: rows come as text, their types from elsewhere.

use super::types;
use crate::adapter::base::{AdapterResponse, Fetch};
use crate::adapter::table::{Cell, Table, TableColumn};
use tokio_postgres::types::Type;
use tokio_postgres::{SimpleQueryMessage, SimpleQueryRow};

/// What has been read of the answers to one text.
pub struct Reading {
    /// What the server said of the last statement.
    pub response: AdapterResponse,
    wanted: usize,
    done: usize,
    names: Vec<String>,
    rows: Vec<SimpleQueryRow>,
}

impl Reading {
    /// Nothing has come yet.
    pub fn new(fetch: Fetch) -> Self {
        let wanted = match fetch {
            Fetch::Nothing => 0,
            Fetch::All | Fetch::Texts => usize::MAX,
            Fetch::Limit(rows) => rows,
        };
        Reading { response: AdapterResponse::default(), wanted, done: 0, names: Vec::new(), rows: Vec::new() }
    }

    /// Takes an answer; the number of the statement that it ends, and the rows that the server counted. Only
    /// the last of so many statements has a result.
    pub fn take(&mut self, answer: SimpleQueryMessage, statements: usize) -> Option<(usize, u64)> {
        match answer {
            SimpleQueryMessage::RowDescription(columns) => {
                self.names = columns.iter().map(|column| column.name().to_string()).collect();
                self.rows.clear();
            }
            SimpleQueryMessage::Row(row) if self.rows.len() < self.wanted => self.rows.push(row),
            SimpleQueryMessage::CommandComplete(rows) => {
                self.done += 1;
                if self.done < statements {
                    self.names.clear();
                    self.rows.clear();
                }
                return Some((self.done - 1, rows));
            }
            _ => {}
        }
        None
    }

    /// The result, with the types of its columns where they were asked for.
    pub fn finish(self, types: &[Type]) -> (AdapterResponse, Table) {
        let column = |(at, name): (usize, String)| TableColumn {
            name,
            type_name: types.get(at).map_or_else(String::new, |of| of.name().to_string()),
        };
        let columns = self.names.into_iter().enumerate().map(column).collect();
        let rows = self.rows.iter().map(|row| cells(row, types)).collect();
        (self.response, Table { columns, rows })
    }
}

fn cells(row: &SimpleQueryRow, types: &[Type]) -> Vec<Cell> {
    let cell = |at: usize| match row.try_get(at) {
        Ok(Some(text)) => types::cell(text, types.get(at).unwrap_or(&Type::TEXT)),
        _ => Cell::Null,
    };
    (0..row.len()).map(cell).collect()
}
