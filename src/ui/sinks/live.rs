//! The live view: on a terminal, one line for each running node with its time and a bar of the whole.
//!
//! What is finished scrolls up: models, seeds and snapshots a line each, tests only where they found
//! something; passing tests show in the bar alone. At the end the view is cleared and dbt's summary is
//! written below, so that what stays on the screen reads like a report; stamps are left to logs.

use super::line::LineStyle;
use crate::event::{Event, NodeInfo, Reporter};
use crate::manifest::{NodeStatus, ResourceType, RunResult, UniqueId};
use crate::project::Environment;
use crate::ui::message::{Level, Message};
use crate::ui::options::{Format, UiOptions};
use crate::ui::style::{Tone, resolve_visible};
use crate::ui::translate::{Counts, Wording, messages};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Is a live view wanted? On a terminal, for coloured text at its usual level.
pub fn fits(options: &UiOptions) -> bool {
    let usual = options.level == Some(Level::Info) && !options.quiet;
    options.terminal && options.colours && usual && options.format == Format::Text
}

/// The reporter of the live view.
pub struct Live {
    state: Mutex<State>,
    style: LineStyle,
    wording: Wording,
    secrets: Arc<Environment>,
}

struct State {
    bars: MultiProgress,
    whole: Option<ProgressBar>,
    running: HashMap<UniqueId, ProgressBar>,
    counts: Counts,
    total: usize,
}

impl Live {
    /// A live view on standard output.
    pub fn new(options: &UiOptions) -> Live {
        let bars = MultiProgress::with_draw_target(ProgressDrawTarget::stdout_with_hz(12));
        let counts = Counts::default();
        let state = State { bars, whole: None, running: HashMap::new(), counts, total: 0 };
        let style = LineStyle {
            format: options.format,
            colours: options.colours,
            terminal: true,
            invocation_id: options.invocation_id.clone(),
            extra: options.extra.clone(),
        };
        let wording = options.wording(options.quiet);
        Live { state: Mutex::new(state), style, wording, secrets: options.secrets.clone() }
    }

    /// Writes above the bars what the console would write.
    fn pass_on(&self, state: &State, event: &Event) {
        let said = messages(event, &self.wording);
        let said: Vec<Message> = said.into_iter().filter(|m| m.passes(Level::Info)).collect();
        if said.is_empty() {
            return;
        }
        let text: String = said.iter().map(|m| self.style.unstamped(m)).collect();
        state.write(&self.secrets.scrub(text));
    }

    fn shown(&self, text: &str) -> String {
        resolve_visible(&self.secrets.scrub(text.to_string()), true)
    }
}

impl Reporter for Live {
    fn report(&self, event: Event) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match &event {
            Event::NodeStarted { node, total, description, .. } => {
                state.open(*total);
                state.start(node, self.shown(description));
            }
            Event::NodeFinished { node, total, description, result, skipped_for, .. } => {
                state.open(*total);
                state.finish(node, result.status);
                let because = skipped_for.as_ref().map(UniqueId::as_str);
                if let Some(line) = finished_line(node, description, result, because) {
                    state.write(&(self.shown(&line) + "\n"));
                }
            }
            Event::RunFinished { .. }
            | Event::Summary { .. }
            | Event::Failed { .. }
            | Event::OperationFailed { .. } => {
                state.clear();
                self.pass_on(&state, &event);
            }
            Event::Completed { .. } => state.clear(),
            _ => self.pass_on(&state, &event),
        }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl State {
    /// Begins the bar of the whole with the first node.
    fn open(&mut self, total: usize) {
        if self.whole.is_some() {
            return;
        }
        self.total = total;
        let bar = self.bars.add(ProgressBar::new(total as u64));
        bar.set_style(style("  {bar:32.green/black.bright} {pos}/{len}  {msg}  {elapsed:.dim}"));
        bar.enable_steady_tick(Duration::from_millis(120));
        self.whole = Some(bar);
    }

    fn start(&mut self, node: &NodeInfo, description: String) {
        let Some(whole) = &self.whole else { return };
        let bar = self.bars.insert_before(whole, ProgressBar::new_spinner());
        bar.set_style(style("  {spinner:.green} {wide_msg} {elapsed:>5.dim}"));
        bar.set_message(description);
        bar.enable_steady_tick(Duration::from_millis(120));
        self.running.insert(node.unique_id.clone(), bar);
    }

    fn finish(&mut self, node: &NodeInfo, status: NodeStatus) {
        if let Some(bar) = self.running.remove(&node.unique_id) {
            bar.finish_and_clear();
            self.bars.remove(&bar);
        }
        self.counts.add(status);
        if let Some(whole) = &self.whole {
            whole.set_position(self.counts.total() as u64);
            whole.set_message(resolve_visible(&tally(&self.counts), true));
        }
    }

    fn clear(&mut self) {
        for (_, bar) in self.running.drain() {
            bar.finish_and_clear();
        }
        if let Some(bar) = self.whole.take() {
            bar.finish_and_clear();
        }
        let _ = self.bars.clear();
    }

    /// Writes lines above the bars.
    fn write(&self, text: &str) {
        self.bars.suspend(|| crate::ui::print(text));
    }
}

fn style(template: &str) -> ProgressStyle {
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    style.progress_chars("━╸─").tick_chars("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ ")
}

/// `12 ok, 1 failed, 2 warned, 3 skipped`, without zeros.
fn tally(counts: &Counts) -> String {
    let parts = [
        (counts.pass + counts.noop, "ok", Tone::Green),
        (counts.error, "failed", Tone::Red),
        (counts.warn, "warned", Tone::Yellow),
        (counts.skip, "skipped", Tone::Yellow),
    ];
    let told = parts.into_iter().filter(|(n, ..)| *n > 0);
    told.map(|(n, word, tone)| tone.paint(format!("{n} {word}"))).collect::<Vec<_>>().join(", ")
}

/// The line that a finished node leaves; none for a test that passed.
fn finished_line(
    node: &NodeInfo,
    description: &str,
    result: &RunResult,
    skipped_for: Option<&str>,
) -> Option<String> {
    let test = matches!(node.resource_type, ResourceType::Test | ResourceType::UnitTest);
    let (sign, tone, said) = match result.status {
        NodeStatus::Pass | NodeStatus::Success | NodeStatus::NoOp if test => return None,
        NodeStatus::Success | NodeStatus::Pass => ("✓", Tone::Green, said(result)),
        NodeStatus::NoOp => ("·", Tone::Dim, "nothing to do".into()),
        NodeStatus::Warn => ("!", Tone::Yellow, format!("WARN {}", result.failures.unwrap_or(0))),
        NodeStatus::Fail => ("✗", Tone::Red, format!("FAIL {}", result.failures.unwrap_or(0))),
        NodeStatus::PartialSuccess => ("!", Tone::Yellow, said(result)),
        NodeStatus::Skipped => {
            let cause = skipped_for.and_then(|id| id.rsplit('.').next());
            let told = cause.map(|name| format!("SKIP after {name}")).unwrap_or_else(|| "SKIP".into());
            ("-", Tone::Yellow, told)
        }
        NodeStatus::Error | NodeStatus::RuntimeErr => ("✗", Tone::Red, "ERROR".into()),
    };
    let what = description.strip_prefix("sql ").unwrap_or(description);
    let padding = " ".repeat(58usize.saturating_sub(what.chars().count()).max(1));
    let time = match result.status {
        NodeStatus::Skipped => String::new(),
        _ => Tone::Dim.paint(format!("{:>8.2}s", result.execution_time)),
    };
    let loud = !matches!(result.status, NodeStatus::Success | NodeStatus::Pass | NodeStatus::NoOp);
    let said = if loud { tone.paint(&said) } else { Tone::Dim.paint(&said) };
    let width = crate::ui::style::plain(&said).chars().count();
    let gap = " ".repeat(16usize.saturating_sub(width));
    Some(format!("  {} {what}{padding}{said}{gap}{time}", tone.paint(sign)))
}

/// The engine's words, without the plain OK that says nothing.
fn said(result: &RunResult) -> String {
    result.message.as_deref().filter(|m| *m != "OK").unwrap_or_default().to_string()
}
