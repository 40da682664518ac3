//! Tests of one relation that share a scan of it.
//!
//! A worker that was given a test claims the tests of the same node that are ready, too. All are compiled;
//! those whose query has a known shape ([`crate::sql::shape`]), of a kind that gains by it on the engine,
//! are counted by one statement. A test that passes by its count is reported without a query of its own. One
//! that does not, or whose statement failed, runs as if it were alone: its own query gives the number of
//! failures, stores rows, words errors. So a shared scan never decides that a test fails.

mod answer;
mod condition;
mod eligible;
mod scan;

pub use eligible::{Eligible, stores_failures};

use super::outcome::Clock;
use crate::compile::Compiler;
use crate::context::{Answer, Compiled, Run};
use crate::error::Result;
use crate::graph::GraphQueue;
use crate::manifest::{Node, Timing, UniqueId};
use crate::sql::{Finds, shape};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// What the workers know of tests that share scans.
pub struct Fusion<'a> {
    run: &'a Arc<Run>,
    compiler: &'a Compiler,
    eligible: Eligible,
    prepared: Mutex<HashMap<UniqueId, Prepared>>,
}

/// A test that was compiled before its turn, perhaps with its answer.
pub struct Prepared {
    /// Its SQL.
    pub compiled: Result<Compiled>,
    /// What a shared scan said of it: it passes.
    pub answer: Option<Answer>,
    compiling: Timing,
    /// Seconds that its compilation took, and its part of the scan.
    seconds: (f64, f64),
}

/// A test that may take part in a scan.
struct Member {
    node: Arc<Node>,
    relation: String,
    finds: Finds,
}

impl Prepared {
    /// A clock that has run for as long as the test was worked at.
    pub fn clock(&self) -> Clock {
        Clock::resumed(self.compiled.is_ok().then(|| self.compiling.clone()), self.seconds)
    }
}

impl<'a> Fusion<'a> {
    /// Nothing is prepared yet.
    pub fn new(run: &'a Arc<Run>, compiler: &'a Compiler, eligible: Eligible) -> Self {
        Fusion { run, compiler, eligible, prepared: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<UniqueId, Prepared>> {
        self.prepared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of a test whose turn it is.
    pub fn prepared(&self, id: &UniqueId) -> Option<Prepared> {
        self.lock().remove(id)
    }

    /// Claims the tests that may share a scan with this one, and makes the scan. Those that pass by it are
    /// returned, and are to be taken from the queue; the others are put back.
    pub fn share(&self, node: &Arc<Node>, queue: &GraphQueue) -> Vec<UniqueId> {
        if self.lock().contains_key(&node.unique_id) {
            return Vec::new();
        }
        let claimed = queue.claim(&node.unique_id);
        if claimed.is_empty() {
            return Vec::new();
        }
        let mates = claimed.iter().filter_map(|id| self.run.manifest.nodes.get(id));
        let members: Vec<Member> =
            std::iter::once(node).chain(mates).filter_map(|node| self.prepare(node)).collect();
        for together in scan::parts(members) {
            self.scan(&together);
        }
        let known = self.lock();
        let passes = |id: &UniqueId| known.get(id).is_some_and(|prepared| prepared.answer.is_some());
        let (passed, others): (Vec<_>, Vec<_>) = claimed.into_iter().partition(passes);
        drop(known);
        others.iter().for_each(|id| queue.put_back(id));
        passed
    }

    /// Compiles a test; a member of the scan if its query has a shape.
    fn prepare(&self, node: &Arc<Node>) -> Option<Member> {
        let (began, began_at) = (Instant::now(), chrono::Utc::now());
        let info = Arc::new(super::describe::node_info(node, true));
        let compiled = self.compiler.compile(node, Some(&info));
        let compiling = Timing {
            name: "compile".to_string(),
            started_at: Some(began_at),
            completed_at: Some(chrono::Utc::now()),
        };
        let found = compiled.as_ref().ok().and_then(|compiled| shape(&compiled.sql));
        let seconds = (began.elapsed().as_secs_f64(), 0.0);
        let prepared = Prepared { compiled, answer: None, compiling, seconds };
        self.lock().insert(node.unique_id.clone(), prepared);
        let found = found.filter(|shape| self.eligible.gains(&shape.finds))?;
        Some(Member { node: node.clone(), relation: found.relation, finds: found.finds })
    }

    /// Makes one scan for its members and keeps the answers of those that pass. If the engine refuses it, each
    /// half has a scan of its own, until those that it is about run alone, where its words are told of them.
    fn scan(&self, members: &[Member]) {
        if members.len() < 2 || self.run.sessions.is_stopped() {
            return;
        }
        let began = Instant::now();
        let Ok((response, counts)) = scan::count(self.run, members) else {
            let (first, second) = members.split_at(members.len() / 2);
            self.scan(first);
            return self.scan(second);
        };
        let part = began.elapsed().as_secs_f64() / members.len() as f64;
        let mut known = self.lock();
        for (member, count) in members.iter().zip(counts) {
            if let Some(prepared) = known.get_mut(&member.node.unique_id) {
                prepared.seconds.1 = part;
                prepared.answer = answer::passing(&member.node, &member.finds, count)
                    .map(|table| Answer { response: response.clone(), table });
            }
        }
    }
}
