//! The lines of a microbatch model's batches.

use super::super::errors;
use super::super::message::{Level, Message};
use super::super::style::Tone;
use super::{dotted, node_info};
use crate::error::Error;
use crate::event::{Event, NodeInfo};
use crate::manifest::{NodeStatus, RunResult};

/// The messages of `BatchStarted` and `BatchFinished`.
pub fn lines(event: &Event, width: usize) -> Vec<Message> {
    match event {
        Event::BatchStarted { node, index, total, description } => {
            let line = dotted(format!("START {description}"), "RUN".into(), Some((*index, *total)));
            let start = Message::new("LogStartBatch", Level::Info, format!("Batch {}", line.draw(width)))
                .with("description", description.as_str())
                .with("batch_index", *index)
                .with("total_batches", *total)
                .with("node_info", node_info::of(node, None));
            vec![start]
        }
        Event::BatchFinished { node, index, total, description, result, error } => {
            let fault = error.iter().map(|error| fault(node, error));
            fault.chain([ended(node, (*index, *total), description, result, width)]).collect()
        }
        _ => Vec::new(),
    }
}

fn fault(node: &NodeInfo, error: &Error) -> Message {
    let head = Tone::Red.paint(format!("Unhandled error while executing {}", node.unique_id));
    let told = error.full_text();
    Message::new("GenericExceptionOnRun", Level::Error, format!("{head}\n{told}"))
        .drawn(format!("{head}\n{}", errors::draw(error)))
        .with("unique_id", node.unique_id.as_str())
        .with("exc", told)
        .with("node_info", node_info::of(node, None))
}

fn ended(
    node: &NodeInfo,
    place: (usize, usize),
    description: &str,
    result: &RunResult,
    width: usize,
) -> Message {
    let said = result.message.clone().unwrap_or_default();
    let (info, painted, level, status) = match result.status {
        NodeStatus::Skipped => ("SKIP", Tone::Yellow.paint("SKIPPED"), Level::Info, "skipped".to_string()),
        status if status.is_failure() => {
            ("ERROR creating", Tone::Red.paint("ERROR"), Level::Error, status.as_str().to_string())
        }
        _ => ("OK created", Tone::Green.paint(&said), Level::Info, said.clone()),
    };
    let mut line = dotted(format!("{info} {description}"), painted, Some(place));
    line.seconds = Some(result.execution_time);
    Message::new("LogBatchResult", level, format!("Batch {}", line.draw(width)))
        .with("description", description)
        .with("status", status)
        .with("batch_index", place.0)
        .with("total_batches", place.1)
        .with("execution_time", result.execution_time)
        .with("node_info", node_info::of(node, Some(result)))
}
