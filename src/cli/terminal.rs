//! Output: data to stdout, everything else to stderr. Control characters that are not the program's own are escaped.

use std::ffi::{OsStr, OsString};
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde::Serialize;

use super::Failure;
use super::made::Made;
use crate::results::is_control;
pub(super) use crate::results::visible;
use crate::scenario::Diagnostics;

/// The user's choice about colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum ColorWish {
    /// In a terminal, unless `NO_COLOR` is set.
    Auto,
    /// In any case.
    Always,
    /// Not at all.
    Never,
}

/// The user's choice about the display of progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum ProgressWish {
    /// A bar, if stderr is a terminal.
    Bar,
    /// A line every half second.
    Lines,
}

/// Marks around bold text, replaced when the text is written. If text from outside contains them, it only becomes
/// bold.
const BOLD: char = '\u{2}';
const PLAIN: char = '\u{3}';

/// The report of a result in JSON.
#[derive(Serialize)]
struct Report<'a, S> {
    result: String,
    charts: Vec<String>,
    report: Option<String>,
    #[serde(flatten)]
    summary: &'a S,
}

/// Output to the user.
#[derive(Debug)]
pub(super) struct Terminal {
    /// Nothing on stderr but errors.
    pub(super) quiet: bool,
    /// Data on stdout as JSON.
    pub(super) json: bool,
    /// The display of progress.
    pub(super) progress: ProgressWish,
    /// Colours on stderr.
    color: bool,
    /// Why stdout did not take the data, if it did not.
    lost: OnceLock<Failure>,
}

impl Terminal {
    pub(super) fn new(quiet: bool, json: bool, wish: ColorWish, progress: ProgressWish) -> Self {
        let set = |name| std::env::var_os(name).is_some_and(|v| !v.is_empty());
        let color = match wish {
            ColorWish::Always => true,
            ColorWish::Never => false,
            ColorWish::Auto => {
                let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
                io::stderr().is_terminal() && !set("NO_COLOR") && !dumb
            }
        };
        Self { quiet, json, progress, color, lost: OnceLock::new() }
    }

    /// Writes data for other programs to stdout, unchanged unless stdout is a terminal. A failure is kept for
    /// [`Terminal::lost`], so that it hides no other failure of the command.
    pub(super) fn data(&self, bytes: impl AsRef<[u8]>) {
        let bytes = bytes.as_ref();
        let mut out = io::stdout().lock();
        let written = if out.is_terminal() {
            out.write_all(visible(&String::from_utf8_lossy(bytes)).as_bytes())
        } else {
            out.write_all(bytes)
        };
        if let Err(error) = written.and_then(|()| out.flush()) {
            // The first failure is reported.
            let _ = self.lost.set(lost(&error));
        }
    }

    /// Why stdout did not take the data, if it did not.
    pub(super) fn lost(&self) -> Option<&Failure> {
        self.lost.get()
    }

    /// Writes text for people to stdout.
    pub(super) fn text(&self, text: &str) {
        self.data(visible(text));
    }

    /// Writes a JSON document to stdout.
    pub(super) fn json(&self, document: &impl Serialize) {
        // JSON escapes most control characters. The others occur within strings only.
        let mut text = String::new();
        let document = serde_json::to_string_pretty(document).expect("documents have text for keys");
        for c in document.chars() {
            if is_control(c) && c != '\n' {
                text += &format!("\\u{:04x}", u32::from(c));
            } else {
                text.push(c);
            }
        }
        text.push('\n');
        self.data(text);
    }

    /// Writes the folder of a result to stdout; as JSON with its charts, its report and its summary. The summary is serialised
    /// only for JSON, because it is large if there are many strategies.
    pub(super) fn result(&self, dir: &Path, made: &Made, summary: &impl Serialize) {
        if !self.json {
            self.folder(dir);
            return;
        }
        let charts = made.charts.iter().chain(&made.report).map(PathBuf::as_path);
        let mut paths = self.in_json(std::iter::once(dir).chain(charts));
        let mut charts = paths.split_off(1);
        let report = charts.split_off(made.charts.len()).pop();
        self.json(&Report { result: paths.remove(0), charts, report, summary });
    }

    /// Writes the name of a folder to stdout.
    pub(super) fn folder(&self, dir: &Path) {
        self.data([dir.as_os_str().as_encoded_bytes(), b"\n"].concat());
    }

    /// Paths as text for JSON, with a warning if a path is not valid UTF-8.
    pub(super) fn in_json<'a>(&self, paths: impl IntoIterator<Item = &'a Path>) -> Vec<String> {
        let paths: Vec<&Path> = paths.into_iter().collect();
        if let Some(path) = paths.iter().find(|path| path.to_str().is_none()) {
            let shown = path.display();
            self.warning(&format!(
                "{shown} is not a name in UTF-8, as JSON needs it: what is not is \u{fffd} there"
            ));
        }
        paths.iter().map(|path| path.to_string_lossy().into_owned()).collect()
    }

    /// Writes a note, unless the user asked for quiet.
    pub(super) fn note(&self, text: &str) {
        if !self.quiet {
            self.say(text);
        }
    }

    /// Writes a warning.
    pub(super) fn warning(&self, text: &str) {
        self.say(&format!("{}: {text}", self.bold("warning")));
    }

    /// Writes an error.
    pub(super) fn error(&self, text: &str) {
        if self.color {
            self.write(&format!("\x1b[1;31merror\x1b[0m: {}", styled(text, true)));
        } else {
            self.say(&format!("error: {text}"));
        }
    }

    /// Writes the faults of a scenario.
    pub(super) fn faults(&self, diagnostics: &Diagnostics) {
        self.write(&diagnosed(&diagnostics.render(self.color)));
    }

    /// Writes a message, also if the user asked for quiet.
    pub(super) fn say(&self, text: &str) {
        self.write(&styled(text, self.color));
    }

    /// Writes text whose control characters are the program's own.
    fn write(&self, text: &str) {
        // A failure to write to stderr cannot be reported.
        let _ = writeln!(io::stderr(), "{}", text.trim_end_matches('\n'));
    }

    /// The text in bold, if colours are on.
    pub(super) fn bold(&self, text: &str) -> String {
        format!("{BOLD}{text}{PLAIN}")
    }
}

/// The failure for an error when writing to stdout. A broken pipe means that the reader has closed it.
pub(super) fn lost(error: &io::Error) -> Failure {
    match error.kind() {
        ErrorKind::BrokenPipe => Failure::BrokenPipe,
        _ => Failure::Failed(format!("cannot write to stdout: {error}")),
    }
}

/// Like [`visible`], with the marks of bold text replaced by terminal codes or removed.
fn styled(text: &str, color: bool) -> String {
    let codes = if color { ["\x1b[1m", "\x1b[0m"] } else { ["", ""] };
    let pieces = text.split_inclusive([BOLD, PLAIN]).map(|piece| {
        let plain = visible(piece.trim_end_matches([BOLD, PLAIN]));
        match piece.chars().last() {
            Some(BOLD) => plain + codes[0],
            Some(PLAIN) => plain + codes[1],
            _ => plain,
        }
    });
    pieces.collect()
}

/// Like [`visible`] for diagnostics: their colour codes stay, and all other escapes are written out.
fn diagnosed(text: &str) -> String {
    let mut shown = String::new();
    for (i, piece) in text.split('\x1b').enumerate() {
        let colour = piece.strip_prefix('[').and_then(|rest| rest.split_once('m'));
        let colour = colour.filter(|(code, _)| code.bytes().all(|b| b.is_ascii_digit() || b == b';'));
        match colour {
            Some((code, rest)) if i > 0 => shown += &format!("\x1b[{code}m{}", visible(rest)),
            _ if i > 0 => shown += &visible(&format!("\x1b{piece}")),
            _ => shown += &visible(piece),
        }
    }
    shown
}

/// The arguments with control characters written out, for messages.
pub(super) fn visible_arguments(arguments: &[OsString]) -> Vec<OsString> {
    arguments.iter().map(|argument| OsStr::new(&visible(&argument.to_string_lossy())).to_owned()).collect()
}

/// The value of `--color` for messages about the arguments, before the arguments are parsed.
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A summary that must not be serialised.
    struct Unread;

    impl Serialize for Unread {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            panic!("nobody asked for JSON")
        }
    }

    #[test]
    fn a_summary_is_serialised_only_for_json() {
        let terminal = |json| Terminal::new(true, json, ColorWish::Never, ProgressWish::Bar);
        terminal(false).result(Path::new("folder"), &Made::default(), &Unread);
        let serialised = std::panic::catch_unwind(|| {
            terminal(true).result(Path::new("folder"), &Made::default(), &Unread)
        });
        assert!(serialised.is_err());
    }

    #[test]
    fn control_characters_are_written_out() {
        assert_eq!(
            visible("a\x1b[31m\u{9b}b\r\x07\x7f\u{202e}"),
            r"a\u{1b}[31m\u{9b}b\u{d}\u{7}\u{7f}\u{202e}"
        );
        assert_eq!(visible("ä\tb\n—"), "ä\tb\n—");
    }

    #[test]
    fn only_the_programs_own_styles_become_codes() {
        let terminal = Terminal::new(false, false, ColorWish::Always, ProgressWish::Bar);
        let text = format!("{} c\x1b[31md", terminal.bold("a\x1b[1mb"));
        assert_eq!(styled(&text, true), "\x1b[1ma\\u{1b}[1mb\x1b[0m c\\u{1b}[31md");
        assert_eq!(styled(&text, false), "a\\u{1b}[1mb c\\u{1b}[31md");
    }

    #[test]
    fn diagnostics_keep_their_colours_only() {
        assert_eq!(diagnosed("a\x1b[1;91mb\x1b[0m\n"), "a\x1b[1;91mb\x1b[0m\n");
        assert_eq!(diagnosed("\x1b]0;m\x07\x1b[2Jm\x1b"), "\\u{1b}]0;m\\u{7}\\u{1b}[2Jm\\u{1b}");
    }
}
