//! The sinks: what a stream and a log file hold after some events.

#![allow(clippy::unwrap_used)]

use super::console::Console;
use super::*;
use crate::error::Error;
use crate::event::Event;
use crate::project::Environment;
use std::io::Write;
use std::sync::{Arc, Mutex};

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What a console writes of events, with stamps as `HH:MM:SS`.
fn written(options: &UiOptions, events: Vec<Event>) -> String {
    let out = Shared::default();
    let console = Console::new(out.clone(), options, options.threshold().unwrap());
    events.into_iter().for_each(|event| console.report(event));
    let text = String::from_utf8(out.0.lock().unwrap().clone()).unwrap();
    let stamp = fancy_regex::Regex::new(r"\d\d:\d\d:\d\d(\.\d{6})?").unwrap();
    stamp.replace_all(&text, "HH:MM:SS").into_owned()
}

fn events() -> Vec<Event> {
    vec![
        Event::Log { message: "clear\x1b[2J hush".into(), info: true, node: None },
        Event::Print { message: "printed".into() },
        Event::Debug { name: "Note", message: "for the file".into() },
        Event::Failed { error: Error::runtime("no way") },
    ]
}

#[test]
fn text_with_stamps() {
    let options = UiOptions {
        colours: false,
        secrets: Arc::new(Environment::new([("DBT_ENV_SECRET_X".to_string(), "hush".to_string())])),
        ..UiOptions::default()
    };
    let fault = "HH:MM:SS  Encountered an error:\nRuntime Error\n  no way\n";
    let expect = format!("HH:MM:SS  clear\\x1b[2J *****\nprinted\n{fault}");
    assert_eq!(written(&options, events()), expect);
    let quiet = UiOptions { quiet: true, ..options.clone() };
    assert_eq!(written(&quiet, events()), format!("printed\n{fault}"));
    let coloured = UiOptions { colours: true, ..options };
    assert!(written(&coloured, events()).starts_with("\x1b[0mHH:MM:SS  clear\\x1b[2J"));
}

#[test]
fn json_lines() {
    let options = UiOptions { format: Format::Json, invocation_id: "id".into(), ..UiOptions::default() };
    let text = written(&options, events());
    let first: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    let info = &first["info"];
    assert_eq!(
        (&info["name"], &info["code"], &info["level"]),
        (&"JinjaLogInfo".into(), &"I062".into(), &"info".into())
    );
    assert_eq!(first["data"]["msg"], "clear\x1b[2J hush");
    assert_eq!(info["invocation_id"], "id");
    assert_eq!(text.lines().count(), 3);
}

#[test]
fn debug_lines_with_level_and_thread() {
    let options = UiOptions {
        format: Format::Debug,
        level: Some(Level::Debug),
        colours: false,
        ..UiOptions::default()
    };
    let text = written(&options, vec![Event::Debug { name: "Note", message: "x".into() }]);
    assert!(text.starts_with("HH:MM:SS [debug] ["), "{text}");
    assert!(text.ends_with("]: x\n"), "{text}");
    let head = written(&options, vec![Event::Started { command: "run".into(), args: Default::default() }]);
    let rule = "=".repeat(30);
    assert!(head.starts_with(&format!("\n\n{rule} HH:MM:SS |  {rule}\nHH:MM:SS [info ] [")), "{head}");
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    struct Closed;
    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let console = Console::new(Closed, &UiOptions::default(), Level::Info);
    events().into_iter().for_each(|event| console.report(event));
}
