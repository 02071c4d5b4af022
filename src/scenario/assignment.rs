//! Values that a point of a sweep gives to keys: typed, and as overrides that set the same.

use std::fmt;

use super::diagnostics::Place;
use super::document::{Given, Written};
use super::keys::{SECTIONS, section_position};
use super::overrides::as_level;
use super::path::{self, Path};
use super::read::read;
use super::table::{Key, Value};

/// A key of a scenario with the value that a point gives it.
///
/// Displays as the override `key=value` that sets the same value.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    /// A path that has been checked.
    path: String,
    /// None if the key does not take the text.
    value: Option<Value>,
    /// The value as an override gives it.
    text: String,
}

impl Assignment {
    /// A value that the key takes.
    pub(super) fn of(path: &str, value: Value) -> Self {
        Self { path: path.to_owned(), text: value.to_toml(), value: Some(value) }
    }

    /// A value as text.
    pub(super) fn read(path: &str, text: &str) -> Self {
        let value = read(key_of(path), &as_level(text, Place::file(0..0)), path).ok();
        Self { path: path.to_owned(), value, text: text.to_owned() }
    }

    /// A whole number for a key that takes it.
    ///
    /// # Panics
    /// If there is no such key.
    #[must_use]
    pub(crate) fn whole(path: &str, number: u64) -> Self {
        let _ = key_of(path);
        Self::of(path, Value::Whole(number))
    }

    /// A name for a key that takes it.
    ///
    /// # Panics
    /// If there is no such key.
    #[must_use]
    pub(crate) fn name(path: &str, name: &'static str) -> Self {
        let _ = key_of(path);
        Self { text: name.to_owned(), ..Self::of(path, Value::Text(name.into())) }
    }

    /// The same, with the value as tables show it, if an override that gives it so sets the same value.
    pub(super) fn canonical(self) -> Self {
        let Some(value) = &self.value else { return self };
        let shown = Self::read(&self.path, &value.to_text());
        if shown.value == self.value { shown } else { Self::of(&self.path, value.clone()) }
    }

    /// The path of the key.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether the key takes the value.
    #[must_use]
    pub(crate) fn is_read(&self) -> bool {
        self.value.is_some()
    }

    /// The value as tables show it.
    pub(super) fn shown(&self) -> String {
        self.value.as_ref().map_or_else(|| self.text.clone(), Value::to_text)
    }

    /// The number that it sets; none if that is none or faulty.
    pub(super) fn real(&self) -> Option<f64> {
        if let Some(Value::Real(number)) = self.value { Some(number) } else { None }
    }

    /// What the document is given.
    pub(super) fn given(&self, place: Place) -> Given<'_> {
        match &self.value {
            Some(value) => Given { place, value: Written::Read(value.clone()) },
            None => as_level(&self.text, place),
        }
    }

    /// The assignment for people, with the place of its value in the text.
    pub(super) fn line(&self) -> (String, std::ops::Range<usize>) {
        let text = self.shown();
        let path = match Path::parse(&self.path) {
            Path { section: Some(section), name: Some(name), key } => {
                format!("{section}.{}.{key}", name.meant())
            }
            _ => self.path.clone(),
        };
        let line = format!("{path} = {text}");
        let value = line.len() - text.len()..line.len();
        (line, value)
    }
}

impl fmt::Display for Assignment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}={}", path::for_override(&self.path), self.text)
    }
}

/// The row of the table for a path that has been checked.
pub(super) fn key_of(path: &str) -> &'static Key {
    let Path { section, key, .. } = Path::parse(path);
    let section = section.map_or(0, |name| section_position(name).expect("a checked path names a section"));
    let spec = &SECTIONS[section];
    &spec.keys[spec.position(key).expect("a checked path names a key")]
}
