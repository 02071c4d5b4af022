//! Files that a scenario names, as results record them: with their whole text, so that a result can be repeated from its
//! folder.

use serde::{Deserialize, Serialize};

use super::sink::sha256;
use crate::scenario::{InputFile, Provenance};

/// A file that a scenario names.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub(crate) struct InputNote {
    /// Path of the key that names it.
    pub key: String,
    /// Its name, as it stands in the scenario.
    pub file: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// What it holds, in words.
    pub about: String,
    /// Its text.
    pub text: String,
}

impl InputNote {
    /// The files of a scenario.
    pub(crate) fn all(provenance: &Provenance) -> Vec<Self> {
        let note = |file: &InputFile| Self {
            key: file.key.clone(),
            file: file.name.clone(),
            bytes: file.text.len() as u64,
            sha256: sha256(file.text.as_bytes()),
            about: file.about.clone(),
            text: file.text.to_string(),
        };
        provenance.files.iter().map(note).collect()
    }

    /// The file, to read the scenario again.
    pub(crate) fn file(&self) -> InputFile {
        InputFile {
            key: self.key.clone(),
            name: self.file.clone(),
            text: self.text.as_str().into(),
            about: self.about.clone(),
        }
    }

    /// Whether the text is the one of which the size and the SHA-256 were taken.
    pub(super) fn is_whole(&self) -> bool {
        self.bytes == self.text.len() as u64 && self.sha256 == sha256(self.text.as_bytes())
    }
}
