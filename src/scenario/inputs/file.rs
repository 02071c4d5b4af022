//! Files that a scenario names, as texts. This room reads no file itself: [`Files`] gives their content.

use std::sync::Arc;

/// Most bytes of a file. More are not read.
pub(crate) const BYTES_MAX: u64 = 64 << 20;

/// Gives the content of the files that a scenario names.
pub(crate) trait Files {
    /// The bytes of the file of this name, as it stands in the scenario; at most [`BYTES_MAX`].
    fn read(&self, name: &str) -> Result<Vec<u8>, Unread>;
}

/// Why a file cannot be read, and what to do about it.
#[derive(Clone, Debug)]
pub(crate) struct Unread {
    /// The reason, to follow "cannot read people.csv: ".
    pub problem: String,
    /// Advice.
    pub fix: String,
}

/// No files, for scenarios that are read from a text alone.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _name: &str) -> Result<Vec<u8>, Unread> {
        Err(Unread {
            problem: "files cannot be read here (in a browser, or from the text of a scenario alone)"
                .to_owned(),
            fix: "run the scenario with the program, as in: mingle run FILE".to_owned(),
        })
    }
}

/// Files in memory, by name.
impl Files for &[(&str, &[u8])] {
    fn read(&self, name: &str) -> Result<Vec<u8>, Unread> {
        let found = self.iter().find(|(other, _)| *other == name);
        found.map(|(_, bytes)| bytes.to_vec()).ok_or_else(|| Unread {
            problem: "it is not among the files that were given".to_owned(),
            fix: "give a file of this name".to_owned(),
        })
    }
}

/// A file that was read, which results record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InputFile {
    /// Path of the key that names it.
    pub key: String,
    /// Its name, as it stands in the scenario.
    pub name: String,
    /// Its text, with a byte order mark if it has one.
    pub text: Arc<str>,
    /// What it holds, in words.
    pub about: String,
}

/// The files that a result recorded.
impl Files for Vec<InputFile> {
    fn read(&self, name: &str) -> Result<Vec<u8>, Unread> {
        let found = self.iter().find(|file| file.name == name);
        found.map(|file| file.text.as_bytes().to_vec()).ok_or_else(|| Unread {
            problem: "it is not among the files that the scenario was read with".to_owned(),
            fix: "read the scenario from its file, with this file beside it".to_owned(),
        })
    }
}
