//! The source text of a scenario.

use serde::{Deserialize, Serialize};

use super::inputs::InputFile;

/// A scenario as it was found: its bytes, and the name that messages call it by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'a> {
    /// Name in messages, usually the path as the user gave it.
    pub name: &'a str,
    /// The content, TOML in UTF-8. Empty content is valid and means all defaults.
    pub bytes: &'a [u8],
}

/// All that is needed to read a scenario again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Provenance {
    /// The file as messages call it, usually its path.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Values that replace those of the text, as `key=value`, in the order in which they apply.
    pub overrides: Vec<String>,
    /// The pilot replicates that found the burn-in, which is then the last of the overrides.
    pub pilot: Option<Pilot>,
    /// The files that it names.
    pub files: Vec<InputFile>,
}

/// The pilot replicates by which a burn-in was found. They are not among the replicates of the result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pilot {
    /// How burn-in follows from them, in one sentence.
    pub rule: String,
    /// Number of pilot replicates.
    pub replicates: u32,
    /// Their seeds.
    pub seeds: Vec<u64>,
    /// Number of rounds of each.
    pub rounds: u32,
    /// The burn-in that was found.
    pub burn_in: u32,
}

impl Provenance {
    /// The name of the file without its folder.
    pub(crate) fn file_name(&self) -> &str {
        self.name.rsplit(std::path::is_separator).next().unwrap_or_default()
    }

    /// The text as it is read.
    pub(crate) fn source(&self) -> Source<'_> {
        Source { name: &self.name, bytes: self.text.as_bytes() }
    }
}
