//! Where words go: data to stdout, all else to stderr.

use std::ffi::OsString;
use std::io::{self, ErrorKind, IsTerminal, Write};

use super::Failure;

/// What the user wants of colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum ColorWish {
    /// In a terminal, unless `NO_COLOR` is set.
    Auto,
    /// In any case.
    Always,
    /// Not at all.
    Never,
}

/// How to speak to the user.
#[derive(Debug)]
pub(super) struct Terminal {
    /// Nothing on stderr but errors.
    pub(super) quiet: bool,
    /// Data on stdout as JSON.
    pub(super) json: bool,
    /// Colours on stderr.
    pub(super) color: bool,
}

impl Terminal {
    pub(super) fn new(quiet: bool, json: bool, wish: ColorWish) -> Self {
        let set = |name| std::env::var_os(name).is_some_and(|v| !v.is_empty());
        let color = match wish {
            ColorWish::Always => true,
            ColorWish::Never => false,
            ColorWish::Auto => {
                let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
                io::stderr().is_terminal() && !set("NO_COLOR") && !dumb
            }
        };
        Self { quiet, json, color }
    }

    /// Puts data on stdout.
    pub(super) fn data(&self, bytes: impl AsRef<[u8]>) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        out.write_all(bytes.as_ref()).and_then(|()| out.flush()).map_err(|error| lost(&error))
    }

    /// Puts a JSON document on stdout.
    pub(super) fn json(&self, document: &serde_json::Value) -> Result<(), Failure> {
        self.data(format!("{document:#}\n"))
    }

    /// Tells the user something, unless they asked for quiet.
    pub(super) fn note(&self, text: &str) {
        if !self.quiet {
            self.error(text);
        }
    }

    /// Tells the user something that they must know.
    pub(super) fn error(&self, text: &str) {
        // Without a stderr there is nobody to tell.
        let _ = writeln!(io::stderr(), "{}", text.trim_end_matches('\n'));
    }

    /// The text in bold, where there is colour.
    pub(super) fn bold(&self, text: &str) -> String {
        if self.color { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// What it means that stdout did not take the data: a reader that has gone away has seen enough of it.
pub(super) fn lost(error: &io::Error) -> Failure {
    match error.kind() {
        ErrorKind::BrokenPipe => Failure::BrokenPipe,
        _ => Failure::Failed(format!("cannot write to stdout: {error}")),
    }
}

/// What `--color` means for the messages about the arguments themselves, before these are understood.
pub(super) fn clap_color(arguments: &[OsString]) -> clap::ColorChoice {
    let mut words = arguments.iter().filter_map(|a| a.to_str());
    while let Some(word) = words.next() {
        let wish = if word == "--color" { words.next() } else { word.strip_prefix("--color=") };
        match wish {
            Some("always") => return clap::ColorChoice::Always,
            Some("never") => return clap::ColorChoice::Never,
            _ => {}
        }
    }
    clap::ColorChoice::Auto
}
