//! How many threads DuckDB runs beside those of the nodes: all of them together are as many as the cores.
//! Where every core has a node of its own, DuckDB's threads would only take the nodes' small tasks away from
//! them, which then wait for each other: a fifth of a build of small tables went that way.

use duckdb::Connection;
use std::sync::{Mutex, PoisonError};

/// The threads that DuckDB was told to run.
#[derive(Debug, Default)]
pub struct Cores(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// DuckDB's own choice; zero until it was asked.
    all: i64,
    now: i64,
}

impl Cores {
    /// Gives DuckDB the cores that so many nodes leave, by a session that is opened if there is need.
    pub fn share(&self, at_work: usize, open: impl FnOnce() -> Option<Connection>) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.all > 0 && left(state.all, at_work) == state.now {
            return;
        }
        let Some(session) = open() else { return };
        if state.all == 0 {
            let chosen = session.query_row("select current_setting('threads')", [], |row| row.get(0));
            state.all = chosen.unwrap_or(1);
            state.now = state.all;
        }
        let wanted = left(state.all, at_work);
        // What cannot be set stays as it is: it costs time, nothing else.
        if wanted != state.now && session.execute_batch(&format!("set threads = {wanted}")).is_ok() {
            state.now = wanted;
        }
    }
}

/// The thread that waits for a node's statement works at it, too, so one node leaves all cores to DuckDB.
fn left(all: i64, at_work: usize) -> i64 {
    let others = i64::try_from(at_work).unwrap_or(i64::MAX).saturating_sub(1).max(0);
    all.saturating_sub(others).max(1)
}

#[cfg(test)]
mod tests {
    use super::left;

    #[test]
    fn nodes_and_engine_together_have_the_cores() {
        for (all, at_work, expect) in [(2, 0, 2), (2, 1, 2), (2, 2, 1), (2, 4, 1), (16, 4, 13), (1, 9, 1)] {
            assert_eq!(left(all, at_work), expect, "{all} cores, {at_work} nodes");
        }
    }
}
