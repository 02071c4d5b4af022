//! The files of a result: in a folder, or in memory.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::memory::MemoryResult;
use super::there::exists;
use super::verify::{self, regular};
use super::{Fault, ResultsError};

/// Where the files of a result are read from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Files<'a> {
    /// A result folder.
    Folder(&'a Path),
    /// A result in memory.
    Memory(&'a MemoryResult),
}

impl<'a> From<&'a Path> for Files<'a> {
    fn from(dir: &'a Path) -> Self {
        Self::Folder(dir)
    }
}

impl<'a> From<&'a MemoryResult> for Files<'a> {
    fn from(result: &'a MemoryResult) -> Self {
        Self::Memory(result)
    }
}

impl<'a> Files<'a> {
    /// Whether there is a file of this name.
    pub(crate) fn has(self, name: &str) -> Result<bool, ResultsError> {
        match self {
            Self::Folder(dir) => exists(&dir.join(name)),
            Self::Memory(result) => Ok(result.get(name).is_some()),
        }
    }

    /// The file as messages call it.
    pub(super) fn path(self, name: &str) -> PathBuf {
        match self {
            Self::Folder(dir) => dir.join(name),
            Self::Memory(_) => PathBuf::from(name),
        }
    }

    /// Opens a file.
    pub(super) fn open(self, name: &str) -> Result<Box<dyn Read + 'a>, ResultsError> {
        match self {
            Self::Folder(dir) => Ok(Box::new(regular(&dir.join(name))?)),
            Self::Memory(result) => Ok(Box::new(result.get(name).ok_or_else(|| missing(name))?)),
        }
    }

    /// Reads some fields of a JSON file.
    pub(super) fn json<T: serde::de::DeserializeOwned>(self, name: &str) -> Result<T, ResultsError> {
        verify::read_json(self.open(name)?, &self.path(name))
    }
}

fn missing(name: &str) -> ResultsError {
    let fault = Fault::Damaged("it is missing".to_owned());
    ResultsError { path: PathBuf::from(name), tried: "read", fault }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_missing_in_memory_is_named() {
        let result = MemoryResult::default();
        let files = Files::from(&result);
        assert!(!files.has("rounds.csv").unwrap());
        let error = files.open("rounds.csv").err().expect("there is no such file").to_string();
        assert!(error.contains("rounds.csv: it is missing"), "{error}");
    }
}
