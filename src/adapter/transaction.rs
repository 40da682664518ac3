//! What a session knows of its own transaction: told by the statements that the engine accepted,
//! since macros and hooks write `begin` and `commit` themselves.

use super::statements::{Control, Statement};

/// The state of a session's transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Transaction {
    /// None: each statement stands for itself.
    #[default]
    Idle,
    /// Open and sound.
    Open,
    /// Open, but a statement failed: only a rollback is left.
    Failed,
}

impl Transaction {
    /// Takes note of a statement that succeeded.
    pub fn ran(&mut self, statement: &Statement<'_>) {
        use Transaction::*;
        *self = match (statement.control(), *self) {
            (Control::Begin, Idle) | (Control::RollbackTo, Failed) => Open,
            (Control::Commit { chain } | Control::Rollback { chain }, Open | Failed) => {
                if chain {
                    Open
                } else {
                    Idle
                }
            }
            (_, state) => state,
        };
    }

    /// Takes note of a failure: an open transaction is lost with it.
    pub fn failed(&mut self) {
        if *self == Transaction::Open {
            *self = Transaction::Failed;
        }
    }

    /// Is one open, sound or not?
    pub fn is_open(self) -> bool {
        self != Transaction::Idle
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::statements::split;

    #[test]
    fn words_move_the_state() {
        let check = |sql: &str, expect| {
            let mut state = Transaction::default();
            for statement in split(sql) {
                if statement.text.contains("oops") { state.failed() } else { state.ran(&statement) }
            }
            assert_eq!(state, expect, "{sql}");
        };
        check("select 1", Transaction::Idle);
        check("begin; select 1", Transaction::Open);
        check("begin; oops; select 1", Transaction::Failed);
        check("begin; oops; rollback to a", Transaction::Open);
        check("begin; oops; rollback", Transaction::Idle);
        check("begin; commit and chain", Transaction::Open);
        check("oops; commit", Transaction::Idle);
    }
}
