//! A scenario that is read once, and from which others are made by giving keys other values.

use std::sync::Arc;

use super::assignment::Assignment;
use super::diagnostics::{Diagnostics, Fault, Origin, Place, PointText};
use super::document::{Document, Given, Table, Written};
use super::experiments::BetRules;
use super::inputs::{self, Inputs, Placed};
use super::overrides::{self, Target, locate};
use super::read::read;
use super::resolve::Resolution;
use super::settings::Scenario;
use super::source::Provenance;
use super::table::{Key, Section};
use super::{cross, cross_bet, cross_needs, cross_spread, syntax};

/// A scenario with its file's values read, so that a point of a sweep costs no parsing.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    provenance: Provenance,
    document: Document<'static>,
    inputs: Arc<Inputs>,
    placed: Placed,
}

impl Template {
    /// The template of a file with overrides, for bets or for runs. `None` if a value is faulty, which
    /// [`super::parse`] reports.
    #[must_use]
    pub(crate) fn new(provenance: &Provenance, bets: bool) -> Option<Self> {
        let given = provenance.given();
        let text = syntax::decode(provenance.text.as_bytes()).ok()?;
        let mut faults = Vec::new();
        let root = syntax::parse(text, &mut faults)?;
        let mut document = Document::from_toml(root.get_ref(), &mut faults);
        overrides::apply(&mut document, &given, &mut faults);
        if bets {
            document.ask_for(&BetRules::SPEC);
        }
        let inputs = Inputs::read(&document, &provenance.files, &mut faults);
        inputs::fill(&inputs, &mut document);
        let document = read_all(&document).filter(|_| faults.is_empty())?;
        let placed = inputs::place(&inputs, &Resolution::of(&document, &mut faults), &mut faults);
        let (provenance, inputs) = (provenance.clone(), Arc::new(inputs));
        faults.is_empty().then_some(Self { provenance, document, inputs, placed })
    }

    /// The scenario with these values besides, of which `shown` tells where they come from.
    ///
    /// # Errors
    /// All faults of these values, alone and together with others.
    ///
    /// # Panics
    /// If a key is none of the scenario's.
    pub(crate) fn with(
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
        inputs::check(&self.inputs, &self.placed, &resolution, &mut faults);
        cross::check(&resolution, &mut faults);
        cross_bet::check(&resolution, &mut faults);
        cross_needs::check(&resolution, &mut faults);
        cross_spread::check(&resolution, &mut faults);
        match resolution.settings() {
            Some(settings) if faults.is_empty() => {
                // A sweep has no changes.
                let (later, community) = (Arc::default(), Arc::clone(&self.placed.community));
                Ok(Scenario::of(settings, later, community, self.provenance_of(assignments)))
            }
            _ => {
                let overrides =
                    self.provenance.given().iter().map(|given| given.shown().to_owned()).collect();
                let Provenance { name, text, .. } = &self.provenance;
                let diagnostics =
                    Diagnostics::new(name, text, overrides, faults).with_inputs(self.inputs.texts());
                Err(at_point(diagnostics, assignments, shown()))
            }
        }
    }

    /// With the assignments as overrides, with which people can repeat the point.
    fn provenance_of(&self, assignments: &[Assignment]) -> Provenance {
        let mut provenance = self.provenance.clone();
        provenance.overrides.extend(assignments.iter().map(ToString::to_string));
        provenance
    }
}

/// A document with every value read; none if one is faulty.
fn read_all(document: &Document<'_>) -> Option<Document<'static>> {
    let table = |table: &Table<'_>| {
        let read = |(key, given): (&Key, &Option<Given<'_>>)| {
            let Some(given) = given else { return Some(None) };
            let value = read(key, given, key.name).ok()?;
            Some(Some(Given { place: given.place.clone(), value: Written::Read(value) }))
        };
        let given = table.spec.keys.iter().zip(&table.given).map(read).collect::<Option<_>>()?;
        let (spec, implied_name) = (table.spec, table.implied_name);
        Some(Table { spec, header: table.header.clone(), implied_name, given })
    };
    let tables = |tables: &Vec<Table<'_>>| tables.iter().map(table).collect::<Option<Vec<_>>>();
    Some(Document { sections: document.sections.iter().map(tables).collect::<Option<_>>()? })
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
