//! Overrides: single values that replace those of the file before anything is checked.

use std::ops::Range;

use toml::de::{DeString, DeValue};

use super::diagnostics::{Fault, Origin, Place};
use super::document::{Document, Given, Written};
use super::keys::{SECTIONS, section_position};
use super::path::{self, Path};
use super::source::Provenance;
use super::table::{SectionSpec, Shape};
use super::unknown;
use super::wording::{list, nearest, shorten};

/// A value from the command line that takes the place of the file's.
///
/// The key is `rounds`, `needs.rate`, `strategy.NAME.TRAIT` or `region.NAME.KEY`, or one of these behind `change.ROUND.`,
/// which adds a change; with `.sd` at its end the standard
/// deviation among people, where there is one. A name with `=` in it is written
/// in quotes, as in `strategy."a=b".ask`. The value is read as TOML, or else as plain text. If there are several
/// overrides for one key, the last one counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Override {
    /// As typed, with its option, for messages.
    shown: String,
    key: Range<usize>,
    /// None if there was no `=`.
    value: Option<Range<usize>>,
    /// Key and value, if they are not as shown.
    meant: Option<[String; 2]>,
}

impl Override {
    /// The argument of a `--set`, such as `needs.rate=0.2`. [`super::parse`] reports its faults.
    #[must_use]
    pub(crate) fn set(argument: &str) -> Self {
        let start = "--set ".len();
        let shown = format!("--set {argument}");
        let (key, value) = match path::key_end(argument) {
            Some(end) => (start..start + end, Some(start + end + 1..shown.len())),
            None => (start..shown.len(), None),
        };
        Self { shown, key, value, meant: None }
    }

    /// A separate option for a top-level key: `Override::option("--seed", "seed", "7")` is shown as `--seed 7`.
    #[must_use]
    pub(crate) fn option(option: &str, key: &str, value: &str) -> Self {
        Self::implied(option, value, [key, value])
    }

    /// An option that sets a top-level key to a value of its own: `--precision 0.1` can set `until` to `precise`.
    #[must_use]
    pub(crate) fn implied(option: &str, argument: &str, [key, value]: [&str; 2]) -> Self {
        let shown = format!("{option} {argument}");
        let end = option.len();
        let meant = Some([key.to_owned(), value.to_owned()]);
        Self {
            key: option.len() - option.trim_start_matches('-').len()..end,
            value: Some(end + 1..shown.len()),
            shown,
            meant,
        }
    }

    /// As `key=value`.
    pub(super) fn assignment(&self) -> String {
        match self.value() {
            Some(value) => format!("{}={value}", self.key_as_shown()),
            None => self.key_as_shown().to_owned(),
        }
    }

    /// The option and its argument, as typed.
    pub(crate) fn arguments(&self) -> [&str; 2] {
        self.shown.split_once(' ').unwrap_or((&self.shown, "")).into()
    }

    /// As the command line shows it.
    pub(super) fn shown(&self) -> &str {
        &self.shown
    }

    fn key_as_shown(&self) -> &str {
        self.meant.as_ref().map_or(&self.shown[self.key.clone()], |[key, _]| key)
    }

    fn key(&self) -> &str {
        self.key_as_shown().trim()
    }

    fn value(&self) -> Option<&str> {
        let shown = &self.shown[self.value.clone()?];
        Some(self.meant.as_ref().map_or(shown, |[_, value]| value))
    }
}

impl Provenance {
    /// The overrides, ready to be applied.
    pub(crate) fn given(&self) -> Vec<Override> {
        self.overrides.iter().map(|set| Override::set(set)).collect()
    }
}

/// Applies the overrides to the document, in order.
pub(super) fn apply<'a>(document: &mut Document<'a>, overrides: &'a [Override], faults: &mut Vec<Fault>) {
    for (position, given) in overrides.iter().enumerate() {
        if let Err(fault) = apply_one(document, given, Origin::Override(position), faults) {
            faults.push(fault);
        }
    }
}

fn apply_one<'a>(
    document: &mut Document<'a>,
    given: &'a Override,
    origin: Origin,
    faults: &mut Vec<Fault>,
) -> Result<(), Fault> {
    let key_place = Place { origin, span: given.key.clone() };
    let Some((value_span, typed)) = given.value.clone().zip(given.value()) else {
        let message = format!("`{}` gives no value", shorten(given.shown()));
        return Err(Fault::new(message, "write --set KEY=VALUE, such as --set needs.rate=0.2")
            .at(&key_place, "no `=` here"));
    };
    let path = given.key();
    let typed = typed.trim();
    let place = Place { origin, span: value_span };
    if let Some((round, key)) = path::scheduled(path) {
        let text = |typed| Written::Override(DeValue::String(DeString::Borrowed(typed)), typed);
        let at = |value| Given { place: key_place.clone(), value };
        let change = [
            ("round", at(Written::Override(value(round), round))),
            ("key", at(text(key))),
            ("value", Given { place, value: Written::Override(value(typed), typed) }),
        ];
        document.add_change(&key_place, change);
        return Ok(());
    }
    let entry = Given { place, value: Written::Override(value(typed), typed) };
    let Target { section, item, key } = locate(document, path, given.shown(), &key_place)?;
    let table = match item {
        Some(item) => &mut document.sections[section][item],
        None => document.table_mut(section, &key_place),
    };
    table.give(key, entry, faults);
    Ok(())
}

/// The target of a path: positions of the section, of the item of a list, and of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) section: usize,
    pub(super) item: Option<usize>,
    pub(super) key: usize,
}

/// The target of a path such as `needs.rate` in this document. Messages quote the path as `shown`.
pub(super) fn locate(
    document: &Document<'_>,
    path: &str,
    shown: &str,
    place: &Place,
) -> Result<Target, Fault> {
    let (section, item, key) = find(document, path, shown, place)?;
    let spec = &SECTIONS[section];
    let Some(position) = spec.position(key) else {
        return Err(unknown_key(spec, key, shown, place));
    };
    if spec.shape == Shape::List && key == "name" {
        let message = format!("`{}` cannot be overridden", shorten(path));
        return Err(Fault::new(message, "a name tells which entry is meant; change it in the file")
            .at(place, "a name"));
    }
    Ok(Target { section, item, key: position })
}

/// A level of a factor as it was typed.
pub(super) fn as_level(typed: &str, place: Place) -> Given<'_> {
    Given { place, value: Written::Level(value(typed), typed) }
}

/// A value as typed: read as TOML, else as plain text.
fn value(typed: &str) -> DeValue<'_> {
    let bare = |_| DeValue::String(DeString::Borrowed(typed));
    DeValue::parse(typed).map_or_else(bare, toml::Spanned::into_inner)
}

/// Section, item of a list, and key that a path names.
fn find<'p>(
    document: &Document<'_>,
    path: &'p str,
    shown: &str,
    place: &Place,
) -> Result<(usize, Option<usize>, &'p str), Fault> {
    let Path { section, name, key } = Path::parse(path);
    let Some(section) = section else {
        return match SECTIONS[0].position(key) {
            Some(_) => Ok((0, None, key)),
            None => Err(unknown_key(&SECTIONS[0], key, shown, place)),
        };
    };
    let Some(position) = section_position(section) else {
        let label = unknown::nearest_section(section)
            .map_or_else(|| "no such section".to_owned(), |spec| format!("did you mean `{}`?", spec.name));
        let message = format!("unknown section `{}` in `{}`", shorten(section), shorten(shown));
        return Err(Fault::new(message, unknown::section_help()).at(place, label));
    };
    let spec = &SECTIONS[position];
    if spec.shape != Shape::List {
        // Such a section has no entries, so what looks like a name is part of an unknown key.
        let rest = || path.split_once('.').map_or(key, |(_, rest)| rest.trim());
        let key = if name.is_some() { rest() } else { key };
        return Ok((position, None, key));
    }
    let Some(name) = name else {
        let message = format!("`{}` does not say which {} is meant", shorten(shown), spec.name);
        let help = format!(
            "write --set {0}.NAME.KEY=VALUE, with the name of the {0} in the middle, in quotes if it has an `=`",
            spec.name
        );
        return Err(Fault::new(message, help).at(place, "a name is missing"));
    };
    let tables = document.tables(spec.name);
    match name.position(tables.iter().map(|table| table.name())) {
        Some(item) => Ok((position, Some(item), key)),
        None => {
            let names: Vec<&str> = tables.iter().filter_map(|table| table.name()).collect();
            Err(unknown_name(spec, name.plain, &names, shown, place))
        }
    }
}

fn unknown_key(spec: &'static SectionSpec, key: &str, shown: &str, place: &Place) -> Fault {
    let message = format!("unknown key `{}` in `{}`", shorten(key), shorten(shown));
    if spec.shape == Shape::Top
        && let Some(position) = section_position(key)
    {
        let help = format!("write --set {key}.KEY=VALUE; {}", unknown::keys_help(&SECTIONS[position]));
        return Fault::new(message, help).at(place, "a section, not a key");
    }
    let (label, help) = unknown::advice_for_override(spec, key);
    Fault::new(message, help).at(place, label)
}

fn unknown_name(spec: &SectionSpec, name: &str, names: &[&str], shown: &str, place: &Place) -> Fault {
    /// More names than these are not listed.
    const LISTED: usize = 12;
    let message = format!("there is no {} `{}` for `{}`", spec.name, shorten(name), shorten(shown));
    let label = nearest(name, names.iter().copied()).map_or_else(
        || format!("no such {}", spec.name),
        |near| format!("did you mean `{}`?", shorten(near)),
    );
    let listed = list(names.iter().take(LISTED).map(|name| format!("`{}`", shorten(name))), "and");
    let more = if names.len() > LISTED { " (the first of many)" } else { "" };
    let help =
        format!("names in this scenario: {listed}{more}; an override changes an entry, it does not add one");
    Fault::new(message, help).at(place, label)
}
