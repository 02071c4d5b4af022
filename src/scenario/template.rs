//! A scenario that is read once, and from which others are made by giving keys other values.

use super::assignment::Assignment;
use super::diagnostics::{Diagnostics, Fault, Origin, Place, PointText};
use super::document::Document;
use super::experiments::BetRules;
use super::overrides::{self, Override, Target, locate};
use super::resolve::Resolution;
use super::settings::Scenario;
use super::source::Source;
use super::table::Section;
use super::{cross, cross_bet, syntax};

/// A scenario with its file's values read, so that a point of a sweep costs no parsing.
#[derive(Clone, Debug)]
pub struct Template {
    name: String,
    text: String,
    /// As the command line shows them.
    overrides: Vec<String>,
    document: Document<'static>,
}

impl Template {
    /// The template of a file with these overrides, for bets or for runs. `None` if a value is faulty, which
    /// [`super::parse`] tells.
    #[must_use]
    pub fn new(source: &Source<'_>, given: &[Override], bets: bool) -> Option<Self> {
        let text = syntax::decode(source.bytes).ok()?;
        let mut faults = Vec::new();
        let root = syntax::parse(text, &mut faults)?;
        let mut document = Document::from_toml(root.get_ref(), &mut faults);
        overrides::apply(&mut document, given, &mut faults);
        if bets {
            document.ask_for(&BetRules::SPEC);
        }
        let document = document.read().filter(|_| faults.is_empty())?;
        let overrides = given.iter().map(|given| given.shown().to_owned()).collect();
        Some(Self { name: source.name.to_owned(), text: text.to_owned(), overrides, document })
    }

    /// The scenario with these values besides, of which `shown` tells where they come from.
    ///
    /// # Errors
    /// All faults of these values, alone and together with others.
    ///
    /// # Panics
    /// If a key is none of the scenario's.
    pub fn with(
        &self,
        assignments: &[Assignment],
        shown: impl FnOnce() -> PointText,
    ) -> Result<Scenario, Diagnostics> {
        let mut document: Document<'_> = self.document.clone();
        for (position, assignment) in assignments.iter().enumerate() {
            let place = Place { origin: Origin::Assignment(position), span: 0..0 };
            let path = assignment.path();
            let Target { section, item, key } =
                locate(&document, path, path, &place).expect("the keys of factors were checked");
            let table = match item {
                Some(item) => &mut document.sections[section][item],
                None => document.table_mut(section, &place),
            };
            table.given[key] = Some(assignment.given(place));
        }
        let mut faults: Vec<Fault> = Vec::new();
        let resolution = Resolution::of(&document, &mut faults);
        cross::check(&resolution, &mut faults);
        cross_bet::check(&resolution, &mut faults);
        match resolution.scenario() {
            Some(scenario) if faults.is_empty() => Ok(scenario),
            _ => {
                let diagnostics = Diagnostics::new(&self.name, &self.text, self.overrides.clone(), faults);
                Err(at_point(diagnostics, assignments, shown()))
            }
        }
    }
}

/// The faults with the places where the values of the point come from.
fn at_point(faults: Diagnostics, assignments: &[Assignment], shown: PointText) -> Diagnostics {
    let mut lines = String::new();
    let origins = shown.values.into_iter().map(Some).chain(std::iter::repeat(None));
    let places = assignments.iter().zip(origins).map(|(assignment, origin)| {
        let (who, cell) = origin.unwrap_or_else(|| ("sweep".to_owned(), None));
        if let Some(span) = cell {
            return (Place { origin: Origin::Row, span }, who);
        }
        let (line, value) = assignment.line();
        lines += &format!("{who}: ");
        let span = lines.len() + value.start..lines.len() + value.end;
        lines += &format!("{line}\n");
        (Place { origin: Origin::Point, span }, String::new())
    });
    let places: Vec<_> = places.collect();
    faults.of_point(lines, shown.row, &places)
}
