//! Faults for unknown keys, unknown sections, and sections of the wrong shape.

use toml::de::DeValue;

use super::diagnostics::{Fault, Place};
use super::keys::{SECTIONS, section_position};
use super::table::{SectionSpec, Shape};
use super::wording::{list, nearest, shorten};

/// Number of faults after which advice is left out, because it takes a search among all names.
const ADVISED: usize = 1_000;

/// An unknown key or section before the first header, or an unknown header; `before` is the number of faults before
/// it.
pub(super) fn at_top(place: &Place, name: &str, value: &DeValue<'_>, before: usize) -> Fault {
    if before >= ADVISED {
        return brief(place, name);
    }
    let shown = shorten(name);
    let is_section = value.is_table()
        || value.as_array().is_some_and(|items| items.first().is_some_and(|item| item.get_ref().is_table()));
    if is_section {
        let label = nearest_section(name)
            .map_or_else(|| "no such section".to_owned(), |spec| format!("did you mean {}?", spec.header()));
        return Fault::new(format!("unknown section [{shown}]"), section_help()).at(place, label);
    }
    let fault =
        |label: String, help: String| Fault::new(format!("unknown key `{shown}`"), help).at(place, label);
    if let Some(homes) = homes_of(name, &SECTIONS[0]) {
        return fault(format!("belongs in {homes}"), format!("move the line below the header {homes}"));
    }
    let top = &SECTIONS[0];
    match nearest(name, top.keys.iter().map(|key| key.name)) {
        Some(near) => fault(format!("did you mean `{near}`?"), keys_help(top)),
        None => match nearest_section(name) {
            Some(spec) => fault(
                format!("did you mean {}?", spec.header()),
                format!(
                    "{} is a section: write its header on a line of its own, its keys below",
                    spec.header()
                ),
            ),
            None => fault("no such key".to_owned(), keys_help(top)),
        },
    }
}

/// The same without advice.
fn brief(place: &Place, name: &str) -> Fault {
    Fault::new(format!("unknown key `{}`", shorten(name)), "mend the faults above first")
        .at(place, "no such key")
}

/// An unknown key of a section; `before` is the number of faults before it.
pub(super) fn in_section(spec: &'static SectionSpec, place: &Place, name: &str, before: usize) -> Fault {
    if before >= ADVISED {
        return brief(place, name);
    }
    let (label, help) = advice(spec, name);
    Fault::new(format!("unknown key `{}` in {}", shorten(name), spec.header()), help).at(place, label)
}

/// How a number that differs between people is written.
const SPREAD_HELP: &str = "write a number, or mean and standard deviation of the numbers of all people, as in { mean = 0.5, sd = 0.1 }";

/// An unknown part of a number that differs between people.
pub(super) fn part(path: &str, place: &Place, name: &str) -> Fault {
    let label = nearest(name, ["mean", "sd"])
        .map_or_else(|| "no such key".to_owned(), |near| format!("did you mean `{near}`?"));
    Fault::new(format!("unknown key `{}` in {path}", shorten(name)), SPREAD_HELP).at(place, label)
}

/// A number that differs between people, of which no part is given.
pub(super) fn no_part(path: &str, place: &Place) -> Fault {
    Fault::new(format!("{path} has neither `mean` nor `sd`"), SPREAD_HELP).at(place, "empty")
}

/// A label and a help line for a key that `spec` does not have.
pub(super) fn advice(spec: &'static SectionSpec, name: &str) -> (String, String) {
    if SECTIONS[0].position(name).is_some() {
        let help = "a key belongs to the last header above it: move the line up, before the first header";
        return ("belongs at the top of the file".to_owned(), help.to_owned());
    }
    if let Some(homes) = homes_of(name, spec) {
        return (format!("belongs in {homes}"), format!("move it there; {}", keys_help(spec)));
    }
    let label = nearest(name, spec.keys.iter().map(|key| key.name))
        .map_or_else(|| "no such key".to_owned(), |near| format!("did you mean `{near}`?"));
    (label, keys_help(spec))
}

/// The same for an override, where a key is found by its path instead of its place.
pub(super) fn advice_for_override(spec: &'static SectionSpec, name: &str) -> (String, String) {
    let own = nearest(name, spec.keys.iter().map(|key| key.name));
    let all = || SECTIONS.iter().flat_map(|spec| spec.keys.iter().map(|key| key.name));
    let elsewhere = if all().any(|key| key == name) { Some(name) } else { nearest(name, all()) };
    let label = match (own, elsewhere) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, Some(near)) => format!("did you mean {}?", paths_of(near)),
        (None, None) => "no such key".to_owned(),
    };
    let help = match spec.shape {
        Shape::Top => format!("{}; keys of a section are written SECTION.KEY", keys_help(spec)),
        _ => keys_help(spec),
    };
    (label, help)
}

/// A section given as something other than `[name]`.
pub(super) fn table_expected(spec: &SectionSpec, place: &Place, found: &DeValue<'_>) -> Fault {
    let name = spec.name;
    let message = format!("[{name}] must be a section, but is {}", describe(found));
    if found.is_array() {
        let label = "given as a list";
        return Fault::new(message, format!("write the header in single brackets, [{name}], and only once"))
            .at(place, label);
    }
    let label = "given as a key";
    Fault::new(message, format!("write [{name}] on a line of its own, and the keys of the section below it"))
        .at(place, label)
}

/// A list of sections given as something other than `[[name]]`.
pub(super) fn list_expected(spec: &SectionSpec, place: &Place, found: &DeValue<'_>) -> Fault {
    let section = spec.name;
    let found_text = if found.is_array() { "a list of something else" } else { describe(found) };
    let message = format!("[[{section}]] must be a list of sections, but is {found_text}");
    // `[strategy.warrior]` resembles the path in an override.
    let named = found.as_table().and_then(|keys| keys.iter().find(|(_, value)| value.get_ref().is_table()));
    let name = named.map_or("...".into(), |(name, _)| shorten(name.get_ref()));
    let help =
        format!("begin every {section} with a line [[{section}]] and write name = \"{name}\" below it");
    Fault::new(message, help).at(place, "double brackets needed")
}

/// The kind of a value, in plain words.
pub(super) fn describe(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a section",
    }
}

/// Names all keys of a section.
pub(super) fn keys_help(spec: &SectionSpec) -> String {
    let keys = spec.keys.iter().filter(|key| key.spread_of().is_none());
    let names = list(keys.map(|key| key.name.to_owned()), "and");
    match spec.shape {
        Shape::Top => format!("the keys before the first section are {names}"),
        _ => format!("the keys of {} are {names}", spec.header()),
    }
}

/// Names all sections.
pub(super) fn section_help() -> String {
    let headers = SECTIONS.iter().filter(|spec| spec.shape != Shape::Top).map(SectionSpec::header);
    format!("the sections are {}", list(headers, "and"))
}

/// The section whose name is nearest to `name`.
pub(super) fn nearest_section(name: &str) -> Option<&'static SectionSpec> {
    let names = SECTIONS.iter().filter(|spec| spec.shape != Shape::Top).map(|spec| spec.name);
    nearest(name, names).and_then(section_position).map(|position| &SECTIONS[position])
}

/// All paths with a key of this name, as in overrides.
fn paths_of(name: &str) -> String {
    let specs = SECTIONS.iter().filter(|spec| spec.position(name).is_some());
    let paths = specs.map(|spec| match spec.shape {
        Shape::Top => format!("`{name}`"),
        Shape::List => format!("`{}.NAME.{name}`", spec.name),
        Shape::Always | Shape::Optional => format!("`{}.{name}`", spec.name),
    });
    list(paths, "or")
}

/// The other sections that have a key of exactly this name.
fn homes_of(name: &str, not: &SectionSpec) -> Option<String> {
    let homes = SECTIONS.iter().filter(|spec| spec.name != not.name && spec.position(name).is_some());
    let homes = list(homes.map(SectionSpec::header), "or");
    (!homes.is_empty()).then_some(homes)
}
