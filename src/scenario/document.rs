//! The file as sections and keys of the table, each with its place. Everything else in the file is a fault.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostics::{Fault, Place};
use super::experiments::ScheduledChange;
use super::keys::{SECTIONS, section_position};
use super::table::{HOME, PRESETS, Section, SectionSpec, Shape, Value};
use super::unknown;

/// A key that was given, with its value.
#[derive(Clone, Debug)]
pub(super) struct Given<'a> {
    pub(super) place: Place,
    pub(super) value: Written<'a>,
}

/// A value as it was given.
#[derive(Clone, Debug)]
pub(super) enum Written<'a> {
    /// In the file.
    File(DeValue<'a>),
    /// In an override, also as typed, so that text may go without quotes.
    Override(DeValue<'a>, &'a str),
    /// A level of a factor as it stands in the file or in a list of points; text may go without quotes, too.
    Level(DeValue<'a>, &'a str),
    /// An end of a factor's range, which is rounded where the key takes whole numbers.
    End(f64),
    /// Read before, and in its range.
    Read(Value),
}

impl<'a> Written<'a> {
    /// The text, if it is text in quotes.
    fn quoted(&self) -> Option<&str> {
        match self {
            Self::File(value) | Self::Override(value, _) | Self::Level(value, _) => value.as_str(),
            Self::Read(Value::Text(text)) => Some(text),
            Self::End(_) | Self::Read(_) => None,
        }
    }

    /// The table that the value is, if it is one.
    fn table(&self) -> Option<&DeTable<'a>> {
        match self {
            Self::File(value) | Self::Override(value, _) => value.as_table(),
            Self::Level(..) | Self::End(_) | Self::Read(_) => None,
        }
    }

    /// The text; an override may leave out the quotes even where the rest reads as a number.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Override(_, typed) | Self::Level(_, typed) => self.quoted().or(Some(typed)),
            _ => self.quoted(),
        }
    }
}

impl<'a> Given<'a> {
    /// The place of a part of the value. An override is marked as a whole.
    fn place_of(&self, span: Range<usize>) -> Place {
        if matches!(self.value, Written::File(_)) { Place::file(span) } else { self.place.clone() }
    }

    /// A part of the value, which is a table.
    fn part(&self, part: &Spanned<DeValue<'a>>) -> Self {
        let value = part.get_ref().clone();
        let value = match self.value {
            Written::Override(_, typed) => Written::Override(value, typed.get(part.span()).unwrap_or(typed)),
            _ => Written::File(value),
        };
        Self { place: self.place_of(part.span()), value }
    }
}

/// One section of the file, or one item of a list of sections.
#[derive(Clone, Debug)]
pub(super) struct Table<'a> {
    pub(super) spec: &'static SectionSpec,
    /// Its header; `None` if the file does not list it.
    pub(super) header: Option<Place>,
    /// Name of a strategy or region that the file does not list.
    pub(super) implied_name: Option<&'static str>,
    /// One place per key of the section.
    pub(super) given: Vec<Option<Given<'a>>>,
}

impl<'a> Table<'a> {
    fn new(spec: &'static SectionSpec, header: Option<Place>) -> Self {
        Self { spec, header, implied_name: None, given: vec![None; spec.keys.len()] }
    }

    fn implied(spec: &'static SectionSpec, name: &'static str) -> Self {
        Self { implied_name: Some(name), ..Self::new(spec, None) }
    }

    /// Gives a key its value. A number that differs between people is given in parts: `{ mean = ..., sd = ... }`.
    pub(super) fn give(&mut self, position: usize, given: Given<'a>, faults: &mut Vec<Fault>) {
        let (Some(sd), Some(parts)) = (self.spec.sd_of(position), given.value.table()) else {
            self.given[position] = Some(given);
            return;
        };
        let path = self.path(self.spec.keys[position].name);
        if parts.is_empty() {
            faults.push(unknown::no_part(&path, &given.place));
        }
        for (name, part) in parts {
            let position = match name.get_ref().as_ref() {
                "mean" => position,
                "sd" => sd,
                other => {
                    faults.push(unknown::part(&path, &given.place_of(name.span()), other));
                    continue;
                }
            };
            self.given[position] = Some(given.part(part));
        }
    }

    /// The value given for a key.
    pub(super) fn get(&self, key: &str) -> Option<&Given<'a>> {
        self.spec.position(key).and_then(|position| self.given[position].as_ref())
    }

    /// The name of a strategy or region, if it has one that is text.
    pub(super) fn name(&self) -> Option<&str> {
        self.implied_name.or_else(|| self.get("name").and_then(|given| given.value.quoted()))
    }

    /// The path of a key of this table, as in messages and overrides.
    pub(super) fn path(&self, key: &str) -> String {
        match (self.spec.shape, self.name()) {
            (Shape::Top, _) => key.to_owned(),
            (Shape::List, Some(name)) if !name.is_empty() => {
                format!("{}.{}.{key}", self.spec.name, super::wording::shorten(name))
            }
            _ => format!("{}.{key}", self.spec.name),
        }
    }
}

/// The tables of one section: one or none, or any number for a list.
#[derive(Clone, Debug)]
pub(super) struct Document<'a> {
    /// In the order of [`SECTIONS`].
    pub(super) sections: Vec<Vec<Table<'a>>>,
}

impl<'a> Document<'a> {
    /// Assigns the content of the file to the table of keys.
    pub(super) fn from_toml(root: &DeTable<'a>, faults: &mut Vec<Fault>) -> Self {
        let mut document = Self { sections: SECTIONS.iter().map(|_| Vec::new()).collect() };
        let mut top = Table::new(&SECTIONS[0], None);
        for (key, value) in root {
            if let Some(position) = SECTIONS[0].position(key.get_ref()) {
                top.given[position] = Some(given(value));
            } else if let Some(position) = section_position(key.get_ref()) {
                document.add_section(position, key.span(), value, faults);
            } else {
                let place = Place::file(key.span());
                faults.push(unknown::at_top(&place, key.get_ref(), value.get_ref(), faults.len()));
            }
        }
        document.sections[0].push(top);
        for (tables, spec) in document.sections.iter_mut().zip(&SECTIONS) {
            if !tables.is_empty() {
                continue;
            }
            match (spec.shape, spec.name) {
                (Shape::Always, _) => tables.push(Table::new(spec, None)),
                (Shape::List, "strategy") => tables.extend(PRESETS.map(|name| Table::implied(spec, name))),
                (Shape::List, "region") => tables.push(Table::implied(spec, HOME)),
                (Shape::List, _) => {}
                (Shape::Top | Shape::Optional, _) => {}
            }
        }
        document
    }

    /// The tables of a section of this name.
    pub(super) fn tables(&self, section: &str) -> &[Table<'a>] {
        section_position(section).map_or(&[], |position| &self.sections[position])
    }

    /// Adds an optional section with all defaults, if the file leaves it out.
    pub(super) fn ask_for(&mut self, spec: &'static SectionSpec) {
        let position = section_position(spec.name).expect("a section of the table");
        if self.sections[position].is_empty() {
            self.sections[position].push(Table::new(&SECTIONS[position], None));
        }
    }

    /// The table for a section that an override names; it is added if the file leaves it out.
    pub(super) fn table_mut(&mut self, position: usize, header: &Place) -> &mut Table<'a> {
        let tables = &mut self.sections[position];
        if tables.is_empty() {
            tables.push(Table::new(&SECTIONS[position], Some(header.clone())));
        }
        &mut tables[0]
    }

    /// Adds a change with these values.
    pub(super) fn add_change<const N: usize>(&mut self, header: &Place, values: [(&str, Given<'a>); N]) {
        let section = section_position(ScheduledChange::SPEC.name).expect("a section of the table");
        let mut table = Table::new(&SECTIONS[section], Some(header.clone()));
        for (key, given) in values {
            let position = table.spec.position(key).expect("a key of the section");
            table.given[position] = Some(given);
        }
        self.sections[section].push(table);
    }

    fn add_section(
        &mut self,
        position: usize,
        key: Range<usize>,
        value: &Spanned<DeValue<'a>>,
        faults: &mut Vec<Fault>,
    ) {
        let spec = &SECTIONS[position];
        let place = Place::file(key);
        match (spec.shape, value.get_ref()) {
            (Shape::List, DeValue::Array(items)) if items.iter().all(|item| item.get_ref().is_table()) => {
                for item in items.iter() {
                    if let DeValue::Table(keys) = item.get_ref() {
                        let table = section_table(spec, Place::file(item.span()), keys, faults);
                        self.sections[position].push(table);
                    }
                }
            }
            (Shape::Always | Shape::Optional, DeValue::Table(keys)) => {
                self.sections[position].push(section_table(spec, place, keys, faults));
            }
            (Shape::List, found) => faults.push(unknown::list_expected(spec, &place, found)),
            (_, found) => faults.push(unknown::table_expected(spec, &place, found)),
        }
    }
}

fn section_table<'a>(
    spec: &'static SectionSpec,
    header: Place,
    keys: &DeTable<'a>,
    faults: &mut Vec<Fault>,
) -> Table<'a> {
    let mut table = Table::new(spec, Some(header));
    for (key, value) in keys {
        match spec.position(key.get_ref()) {
            Some(position) => table.give(position, given(value), faults),
            None => {
                let place = Place::file(key.span());
                faults.push(unknown::in_section(spec, &place, key.get_ref(), faults.len()));
            }
        }
    }
    table
}

fn given<'a>(value: &Spanned<DeValue<'a>>) -> Given<'a> {
    Given { place: Place::file(value.span()), value: Written::File(value.get_ref().clone()) }
}
