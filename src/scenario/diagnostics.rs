//! The faults of a scenario, with their places and advice, and their rendering as text.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin as Path, Renderer, Snippet};

use super::wording;

/// Maximum number of faults that are written out; the rest are counted.
const SHOWN_FAULTS: usize = 50;
/// Maximum number of places that one fault marks.
const SHOWN_MARKS: usize = 6;
/// Width of a terminal in columns; longer lines are cut around the marked place.
const WIDTH: usize = 120;
/// Bytes behind the last mark of a line that are looked at: more than a terminal has, less than takes long.
const SHOWN_BYTES: usize = 4_000;
/// Maximum number of bytes that one mark underlines.
const MARK_BYTES: usize = 60;

/// The text that contains a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    /// The scenario file.
    File,
    /// The override of this position.
    Override(usize),
    /// The file of this position among those that the scenario names.
    Input(usize),
    /// The row of a list of points.
    Row,
    /// What a point of a sweep sets, line by line.
    Point,
    /// The value of this position among those that a point sets, until it is known where that comes from.
    Assignment(usize),
}

/// A range of bytes of the file or of an override.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) origin: Origin,
    pub(super) span: Range<usize>,
}

impl Place {
    pub(super) fn file(span: Range<usize>) -> Self {
        Self { origin: Origin::File, span }
    }
}

/// A place with a label.
#[derive(Clone, Debug, Default)]
pub(crate) struct PointText {
    /// The row of the list of points that has them, if there is one.
    pub row: Option<Row>,
    /// One by one: which factor (or what else) sets it, and where it stands in the row, if it does.
    pub values: Vec<(String, Option<Range<usize>>)>,
}

/// What a point sets, line by line, and the row of the list.
#[derive(Clone, Debug)]
struct PointLines {
    lines: String,
    row: Option<Row>,
}

/// A row of a list of points.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Name of the list's file.
    pub file: String,
    /// Its first line, from 1.
    pub line: usize,
    /// As it stands in the file.
    pub text: String,
}

/// A place with what is to be said about it.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub(super) place: Place,
    pub(super) label: String,
}

/// One fault of a scenario.
#[derive(Clone, Debug)]
pub struct Fault {
    message: String,
    marks: Vec<Mark>,
    help: String,
    note: Option<Box<str>>,
    /// Line and column in the file, from 1.
    position: Option<(usize, usize)>,
    /// Number of faults that it stands for.
    count: usize,
}

impl Fault {
    pub(super) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        let (message, help) = (message.into(), help.into());
        Self { message, marks: Vec::new(), help, note: None, position: None, count: 1 }
    }

    /// Marks `place`; the first place is the main one.
    pub(super) fn at(mut self, place: &Place, label: impl Into<String>) -> Self {
        self.marks.push(Mark { place: place.clone(), label: label.into() });
        self
    }

    /// One fault that stands for several, which are not told one by one.
    pub(super) fn standing_for(mut self, count: usize) -> Self {
        self.count = count;
        self
    }

    /// Adds a note.
    pub(super) fn about(mut self, text: &str) -> Self {
        if let Some(mark) = self.marks.first_mut() {
            mark.label = beside(&mark.label, text);
        }
        self
    }

    /// The main place.
    pub(super) fn place(&self) -> Option<&Place> {
        self.marks.first().map(|mark| &mark.place)
    }

    /// Adds what the reader may want to know besides.
    pub(super) fn note(mut self, note: String) -> Self {
        self.note = Some(note.into());
        self
    }

    /// The message, in one sentence.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Advice for the user.
    #[must_use]
    pub fn help(&self) -> &str {
        &self.help
    }

    /// File first, then overrides, each from front to back.
    fn order(&self) -> (Option<Origin>, usize) {
        let first = self.marks.first().map(|mark| &mark.place);
        (first.map(|place| place.origin), first.map_or(0, |place| place.span.start))
    }
}

/// All the faults of a scenario, in the order of the file, at least one.
///
/// Displays as plain text; see [`Diagnostics::render`] for colour.
///
/// ```
/// let faults = mingle::Scenario::parse("rounds = 26\nrepliactes = 3", &[]).unwrap_err();
/// assert_eq!(faults.position(&faults.faults()[0]), Some((2, 1)));
/// assert!(faults.to_string().contains("did you mean `replicates`?"));
/// ```
#[derive(Clone, Debug)]
pub struct Diagnostics {
    name: String,
    text: String,
    overrides: Vec<String>,
    /// Names and texts of the files that the scenario names.
    inputs: Box<[(String, Arc<str>)]>,
    /// What is set, where this is a point of a sweep.
    point: Option<Box<PointLines>>,
    faults: Vec<Fault>,
}

impl Diagnostics {
    /// `overrides` are the texts of the overrides as on the command line.
    pub(super) fn new(name: &str, text: &str, overrides: Vec<String>, mut faults: Vec<Fault>) -> Self {
        debug_assert!(!faults.is_empty(), "diagnostics without a fault");
        faults.sort_by_key(Fault::order);
        locate(text, &mut faults);
        let (name, text) = (name.to_owned(), text.to_owned());
        Self { name, text, overrides, inputs: Box::default(), point: None, faults }
    }

    /// With the files that the scenario names.
    pub(super) fn with_inputs(mut self, inputs: Vec<(String, Arc<str>)>) -> Self {
        self.inputs = inputs.into();
        self
    }

    /// The faults of a sweep's point, which sets values at these places of its lines and of the list's row.
    pub(super) fn of_point(mut self, lines: String, row: Option<Row>, values: &[(Place, String)]) -> Self {
        for mark in self.faults.iter_mut().flat_map(|fault| &mut fault.marks) {
            let Origin::Assignment(position) = mark.place.origin else { continue };
            let (place, about) = &values[position];
            mark.place = place.clone();
            mark.label = beside(&mark.label, about);
        }
        self.faults.sort_by_key(Fault::order);
        self.point = Some(Box::new(PointLines { lines, row }));
        self
    }

    /// All faults: those of the file first, in the order of the text.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// Line and column (in characters) of a fault in the file, both from 1; `None` if it is in an override.
    #[must_use]
    pub fn position(&self, fault: &Fault) -> Option<(usize, usize)> {
        fault.position
    }

    /// File, line and column (in characters) of a fault, both from 1, whichever file of the scenario it is in; `None` if it
    /// is in an override.
    #[must_use]
    pub fn place(&self, fault: &Fault) -> Option<(&str, usize, usize)> {
        if let Some((line, column)) = fault.position {
            return Some((&self.name, line, column));
        }
        let place = &fault.marks.first()?.place;
        let (file, line, text) = match place.origin {
            Origin::Input(file) => self.inputs.get(file).map(|(name, text)| (name, 1, &**text))?,
            Origin::Row => self.row().map(|row| (&row.file, row.line, row.text.as_str()))?,
            _ => return None,
        };
        let before = text.get(..place.span.start)?;
        let column =
            before.rsplit('\n').next().unwrap_or_default().trim_start_matches('\u{feff}').chars().count() + 1;
        Some((file, line + before.matches('\n').count(), column))
    }

    /// The faults for reading in a terminal, with ANSI colours if `color`; ends with a line break.
    ///
    /// Very long lines are cut around the fault, and only the first fifty faults are written out.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        let renderer = if color { Renderer::styled().hyperlink(false) } else { Renderer::plain() };
        let renderer = renderer.term_width(WIDTH);
        let mut text = String::new();
        for fault in self.faults.iter().take(SHOWN_FAULTS) {
            text.push_str(&renderer.render(&[self.report(fault)]));
            text.push_str("\n\n");
        }
        let count_of = |faults: &[Fault]| faults.iter().map(|fault| fault.count).sum::<usize>();
        let count = count_of(&self.faults);
        let omitted = count_of(self.faults.get(SHOWN_FAULTS..).unwrap_or_default());
        if omitted > 0 {
            text.push_str(&format!("and {} more\n\n", wording::grouped(omitted as u64)));
        }
        text.push_str(&format!("{}: {} found\n", self.name, wording::counted(count, "fault")));
        text
    }

    fn row(&self) -> Option<&Row> {
        self.point.as_ref()?.row.as_ref()
    }

    fn report<'a>(&'a self, fault: &'a Fault) -> Group<'a> {
        let mut group = Group::with_title(Level::ERROR.primary_title(&fault.message));
        let mut shown: Vec<&Mark> = fault.marks.iter().take(SHOWN_MARKS).collect();
        let main = shown.first().map(|mark| mark.place.clone());
        shown.sort_by_key(|mark| (mark.place.origin, mark.place.span.start));
        if shown.is_empty() {
            group = group.element(Path::path(&self.name));
        }
        let mut rest = shown.as_slice();
        while let Some(first) = rest.first() {
            let origin = first.place.origin;
            let count = rest.iter().take_while(|mark| mark.place.origin == origin).count();
            let (here, later) = rest.split_at(count);
            group = group.elements(self.snippet(origin, here, main.as_ref(), count == shown.len()));
            rest = later;
        }
        group = group.element(Level::HELP.message(&fault.help));
        match &fault.note {
            Some(note) => group.element(Level::NOTE.message(&**note)),
            None => group,
        }
    }

    /// The lines that `marks` (sorted, all of one origin) are on, with the marks.
    fn snippet(
        &self,
        origin: Origin,
        marks: &[&Mark],
        main: Option<&Place>,
        alone: bool,
    ) -> Option<Snippet<'static, Annotation<'static>>> {
        let text = match origin {
            Origin::File => self.text.as_str(),
            Origin::Override(position) => self.overrides.get(position).map_or("", String::as_str),
            Origin::Input(file) => self.inputs.get(file).map_or("", |(_, text)| text),
            Origin::Row => self.row().map_or("", |row| row.text.as_str()),
            Origin::Point | Origin::Assignment(_) => self.point.as_ref().map_or("", |point| &point.lines),
        };
        let (first, last) = (marks.first()?, marks.last()?);
        let start = line_of(text, first.place.span.start).start;
        // A byte order mark is not shown.
        let start = start + if text[start..].starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        // What stands far behind the last mark is not shown.
        let shown = text.ceil_char_boundary(last.place.span.start.saturating_add(SHOWN_BYTES));
        let end = line_of(text, last.place.span.start).end.min(shown).max(start);
        let mut snippet = Snippet::source(text[start..end].to_owned());
        for mark in marks {
            let line = line_of(text, mark.place.span.start);
            let from = text.floor_char_boundary(mark.place.span.start).max(line.start).max(start);
            // A value over many lines is marked on its first line.
            let shown = mark.place.span.end.min(from + MARK_BYTES);
            let to = text.ceil_char_boundary(shown).clamp(from, line.end.max(from));
            let kind =
                if main == Some(&mark.place) { AnnotationKind::Primary } else { AnnotationKind::Context };
            let label = (!mark.label.is_empty()).then(|| mark.label.clone());
            snippet = snippet.annotation(kind.span(from - start..to - start).label(label));
        }
        let lines_before = text[..start].matches('\n').count();
        Some(match (origin, self.row()) {
            (Origin::File, _) => snippet.path(self.name.clone()).line_start(lines_before + 1),
            (Origin::Input(file), _) => {
                let name = self.inputs.get(file).map_or_else(String::new, |(name, _)| name.clone());
                snippet.path(name).line_start(lines_before + 1)
            }
            (Origin::Row, Some(row)) => snippet.path(row.file.clone()).line_start(row.line + lines_before),
            // Beside a file the reader has to be told what this line is.
            (Origin::Override(_), _) => {
                snippet.path((!alone).then_some("command line")).line_numbering(false)
            }
            _ => snippet.path((!alone).then_some("the point")).line_numbering(false),
        })
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.render(false))
    }
}

impl std::error::Error for Diagnostics {}

/// A label, and what is to be said beside it.
fn beside(label: &str, text: &str) -> String {
    match (label, text) {
        (label, "") => label.to_owned(),
        ("", text) => text.to_owned(),
        (label, text) => format!("{label} ({text})"),
    }
}

/// Finds line and column of every fault of the file, in one pass over its text; the faults are sorted.
fn locate(text: &str, faults: &mut [Fault]) {
    let (mut at, mut line, mut column) = (0, 1, 1);
    for fault in faults {
        let Some(place) = fault.marks.first().map(|mark| &mark.place) else { continue };
        if place.origin != Origin::File {
            continue;
        }
        let start = text.floor_char_boundary(place.span.start).max(at);
        let passed = &text[at..start];
        let last = passed.rfind('\n');
        line += passed.matches('\n').count();
        column = passed[last.map_or(0, |place| place + 1)..].chars().count()
            + if last.is_some() { 1 } else { column };
        at = start;
        fault.position = Some((line, column));
    }
}

/// The line that the byte `at` is on, without its line break.
pub(super) fn line_of(text: &str, at: usize) -> Range<usize> {
    let at = text.floor_char_boundary(at);
    let start = text[..at].rfind('\n').map_or(0, |found| found + 1);
    let end = text[at..].find('\n').map_or(text.len(), |found| at + found);
    let end = if text[start..end].ends_with('\r') { end - 1 } else { end };
    start..end.max(start)
}
