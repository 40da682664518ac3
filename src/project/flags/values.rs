//! The words that flags take.

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// `text` on the console, `debug` in the file.
    #[default]
    Default,
    /// Time and message.
    Text,
    /// Date, time, level, thread and message.
    Debug,
    /// One JSON object a line.
    Json,
}

/// The least weight of an event that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// Everything.
    Debug,
    /// What a user wants to see.
    Info,
    /// Warnings and errors.
    Warn,
    /// Errors.
    Error,
    /// Nothing.
    None,
}

/// Which tests come along with the nodes that are selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum IndirectSelection {
    /// A test of any selected node.
    #[default]
    Eager,
    /// A test all of whose nodes are selected.
    Cautious,
    /// A test whose nodes are selected or are ancestors of selected ones.
    Buildable,
    /// No test that was not asked for.
    Empty,
}

macro_rules! words {
    ($kind:ty: $($variant:ident = $word:literal),+) => {
        impl $kind {
            /// The words that are accepted.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The value that a word names, in any case; `None` for other words.
            pub fn parse(word: &str) -> Option<Self> {
                match word.to_ascii_lowercase().as_str() {
                    $($word => Some(Self::$variant),)+
                    _ => None,
                }
            }

            /// The word.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    };
}
words!(LogFormat: Default = "default", Text = "text", Debug = "debug", Json = "json");
words!(LogLevel: Debug = "debug", Info = "info", Warn = "warn", Error = "error", None = "none");
words!(IndirectSelection: Eager = "eager", Cautious = "cautious", Buildable = "buildable", Empty = "empty");

/// Which warnings are errors, which stay warnings, which are not shown: event classes, or `all`,
/// `Deprecations`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WarnErrorOptions {
    /// Become errors (`error`, once `include`).
    pub error: Vec<String>,
    /// Stay warnings (`warn`, once `exclude`).
    pub warn: Vec<String>,
    /// Are not shown.
    pub silence: Vec<String>,
    /// Was `include` written, was `exclude`?
    pub older: (bool, bool),
}
