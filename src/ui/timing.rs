//! Where the time of a run went, drawn: the critical path, the threads, a chart of the slowest nodes.

use super::message::{Level, Message};
use super::style::{Tone, plural};
use crate::event::{RunTiming, Span};
use serde_json::{Value as Json, json};

/// Columns of a name.
const NAME: usize = 34;
/// How much of a long critical path is shown.
const PATH: usize = 12;

/// The report as one message, with the figures as its fields.
pub fn report(timing: &RunTiming, width: usize) -> Message {
    let chart = width.clamp(60, 160).saturating_sub(NAME + 16);
    let blocks = [head(timing), path(timing), threads(timing), slowest(timing, chart)];
    let text = blocks.concat().join("\n");
    Message::note("Note", Level::Info, &text).with("timing", figures(timing))
}

fn head(timing: &RunTiming) -> Vec<String> {
    let (nodes, threads) = (plural(timing.nodes, "node"), plural(timing.threads.len(), "thread"));
    let text = format!("Where the time went: {:.2}s for {nodes} on {threads}", timing.elapsed);
    vec![String::new(), Tone::Bold.paint(text)]
}

/// The nodes that the end waited for. Of a long path, the slowest ones.
fn path(timing: &RunTiming) -> Vec<String> {
    let worked: f64 = timing.critical.iter().map(|span| span.seconds).sum();
    let waited = (timing.elapsed - worked).max(0.0);
    let nodes = plural(timing.critical.len(), "node");
    let mut lines = vec![
        String::new(),
        format!("Critical path: {nodes} that took {worked:.2}s, and {waited:.2}s of waiting between them"),
    ];
    let mut sorted: Vec<f64> = timing.critical.iter().map(|span| span.seconds).collect();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let least = sorted.get(PATH - 1).copied().unwrap_or(0.0);
    let shown = timing.critical.iter().filter(|span| span.seconds >= least).take(PATH);
    let drawn = shown.map(|span| format!("  {:>8}  {:>7}  {}", at(span), took(span), span.name));
    lines.extend(drawn);
    if timing.critical.len() > PATH {
        let rest = timing.critical.len() - PATH;
        lines.push(Tone::Dim.paint(format!("  and {} that took less", plural(rest, "node"))));
    }
    lines
}

fn at(span: &Span) -> String {
    format!("at {:.2}", span.began)
}

fn took(span: &Span) -> String {
    format!("{:.2}s", span.seconds)
}

/// How busy each thread was.
fn threads(timing: &RunTiming) -> Vec<String> {
    let each = |(name, worked): &(String, f64)| {
        let share = if timing.elapsed > 0.0 { (worked / timing.elapsed).min(1.0) } else { 0.0 };
        let filled = (share * 20.0).round() as usize;
        let bar = format!("{}{}", "█".repeat(filled), "·".repeat(20 - filled.min(20)));
        format!("  {:<NAME$} {:>4.0}%  {bar}", cut(name), share * 100.0)
    };
    let lines = [String::new(), "Busy share of each thread".to_string()];
    lines.into_iter().chain(timing.threads.iter().map(each)).collect()
}

/// A bar for each of the slowest nodes, from its beginning to its end.
fn slowest(timing: &RunTiming, width: usize) -> Vec<String> {
    let each = |span: &Span| {
        format!("  {:<NAME$} {:>7}  {}", cut(&span.name), took(span), bar(span, timing.elapsed, width))
    };
    let lines = [String::new(), "Slowest nodes".to_string()];
    lines.into_iter().chain(timing.slowest.iter().map(each)).collect()
}

fn bar(span: &Span, elapsed: f64, width: usize) -> String {
    let scale = if elapsed > 0.0 { width as f64 / elapsed } else { 0.0 };
    let from = ((span.began * scale).round() as usize).min(width.saturating_sub(1));
    let length = ((span.seconds * scale).round() as usize).clamp(1, (width - from).max(1));
    let after = width.saturating_sub(from + length);
    format!("{}{}{}", "·".repeat(from), "█".repeat(length), "·".repeat(after))
}

/// A name within its column; the end says most.
fn cut(name: &str) -> String {
    let length = name.chars().count();
    match length > NAME {
        true => format!("…{}", name.chars().skip(length + 1 - NAME).collect::<String>()),
        false => name.to_string(),
    }
}

fn figures(timing: &RunTiming) -> Json {
    let spans = |all: &[Span]| -> Vec<Json> {
        let span = |it: &Span| json!({"node": it.name, "began": it.began, "seconds": it.seconds});
        all.iter().map(span).collect()
    };
    let thread = |(name, busy): &(String, f64)| json!({"thread": name, "busy_seconds": busy});
    json!({
        "elapsed": timing.elapsed,
        "nodes": timing.nodes,
        "critical_path": spans(&timing.critical),
        "threads": timing.threads.iter().map(thread).collect::<Vec<_>>(),
        "slowest": spans(&timing.slowest),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::resolve;

    fn span(name: &str, began: f64, seconds: f64) -> Span {
        Span { name: name.to_string(), began, seconds }
    }

    #[test]
    fn a_run_is_drawn() {
        let spans =
            vec![span("model a", 0.0, 1.0), span("model with_a_name_that_is_much_too_long", 1.0, 3.0)];
        let timing = RunTiming {
            elapsed: 4.0,
            nodes: 3,
            critical: spans.clone(),
            threads: vec![("Thread-1 (worker)".into(), 4.0), ("Thread-2 (worker)".into(), 1.0)],
            slowest: spans.into_iter().rev().collect(),
        };
        let message = report(&timing, 80);
        let expect = "
Where the time went: 4.00s for 3 nodes on 2 threads

Critical path: 2 nodes that took 4.00s, and 0.00s of waiting between them
   at 0.00    1.00s  model a
   at 1.00    3.00s  model with_a_name_that_is_much_too_long

Busy share of each thread
  Thread-1 (worker)                   100%  ████████████████████
  Thread-2 (worker)                    25%  █████···············

Slowest nodes
  …with_a_name_that_is_much_too_long   3.00s  ········██████████████████████
  model a                              1.00s  ████████······················";
        assert_eq!(resolve(&message.text, false), expect);
        assert_eq!(message.data["timing"]["critical_path"][1]["seconds"], 3.0);
    }

    #[test]
    fn nothing_is_divided_by_zero() {
        let still = span("a", 0.0, 0.0);
        let timing = RunTiming {
            nodes: 1,
            slowest: vec![still.clone()],
            critical: vec![still],
            ..RunTiming::default()
        };
        assert!(report(&timing, 0).text.contains("0 nodes") || report(&timing, 0).text.contains("1 node"));
        let long: Vec<Span> = (0..40).map(|n| span("a", 0.0, n as f64)).collect();
        let text = report(&RunTiming { critical: long, ..RunTiming::default() }, 80).text;
        assert!(text.contains("and 28 nodes that took less"));
    }
}
