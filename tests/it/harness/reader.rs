//! A reader beside the writer: asks one question over and over, from a connection of its own.

use super::{Project, Server};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// A thread that polls a query on PostgreSQL until it is told to stop.
pub struct Reader {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<BTreeMap<String, usize>>,
}

impl Reader {
    /// Starts to ask. Each answer is one value; a refusal of the server is an answer, too.
    pub fn ask(project: &Project, query: &str) -> Reader {
        let stop = Arc::new(AtomicBool::new(false));
        let (flag, database, query) = (Arc::clone(&stop), project.database.clone(), query.to_string());
        let thread = std::thread::spawn(move || {
            Server::get().session(&database, |session| {
                let mut answers = BTreeMap::new();
                while !flag.load(Ordering::SeqCst) {
                    let answer = match session.rows(&query) {
                        Ok(rows) => rows.first().map_or("no row".into(), |row| row.join(",")),
                        Err(why) => {
                            why.as_db_error().map_or("connection lost".into(), |e| e.message().into())
                        }
                    };
                    *answers.entry(answer).or_insert(0) += 1;
                    std::thread::sleep(Duration::from_millis(1));
                }
                answers
            })
        });
        Reader { stop, thread }
    }

    /// Stops and gives every answer that was heard, with how often.
    pub fn answers(self) -> BTreeMap<String, usize> {
        self.stop.store(true, Ordering::SeqCst);
        self.thread.join().expect("the reader")
    }

    /// Stops; only these answers may have been heard. How many there were.
    pub fn heard_only(self, allowed: &[&str]) -> usize {
        let answers = self.answers();
        let odd: Vec<_> = answers.iter().filter(|(answer, _)| !allowed.contains(&answer.as_str())).collect();
        assert!(odd.is_empty(), "the reader heard {odd:?}, among {answers:?}");
        assert!(!answers.is_empty(), "the reader heard nothing");
        answers.values().sum()
    }
}
