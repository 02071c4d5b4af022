//! Keeps a result in its place while files are made from it.
//!
//! A result is read, and its charts, report and copies are written, while its folder is held. A new result takes its
//! place only when nobody holds the folder, so none of them is of two results. The folder itself is locked and no file
//! in it, so a folder that cannot be written to can be held, and nothing is left behind. Systems and disks that cannot
//! lock folders (Windows, some network disks) have only the checks of the manifest.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::own::MANIFEST;
use super::there::exists;
use super::{Fault, ResultsError};

/// A folder whose result stays in its place until this is dropped.
#[derive(Debug)]
pub(crate) struct Held {
    /// The open folder, which holds the lock.
    #[allow(dead_code, reason = "closing the folder releases the lock")]
    folder: Option<File>,
}

/// Holds a folder together with others who do.
pub(crate) fn hold(dir: &Path) -> Held {
    let folder = File::open(dir).ok().filter(|folder| folder.lock_shared().is_ok());
    Held { folder }
}

/// Waits until nobody holds the folder, and holds it alone. Others hold it only while they draw.
pub(crate) fn hold_alone(dir: &Path) -> Held {
    let folder = File::open(dir).ok().filter(|folder| folder.lock().is_ok());
    Held { folder }
}

/// The manifest of a result at one time, by which a reader that takes long knows whether it is still the same result.
#[derive(Debug)]
pub(crate) struct Unchanged {
    path: PathBuf,
    manifest: Option<Vec<u8>>,
}

impl Unchanged {
    /// The manifest of the result in `dir` now.
    ///
    /// # Errors
    /// If there is one that cannot be read.
    pub(crate) fn since_now(dir: &Path) -> Result<Self, ResultsError> {
        let path = dir.join(MANIFEST);
        let manifest = read(&path)?;
        Ok(Self { path, manifest })
    }

    /// An error if another result has taken its place since.
    ///
    /// # Errors
    /// If the manifest is another one, or gone, or cannot be read.
    pub(crate) fn check(&self) -> Result<(), ResultsError> {
        if read(&self.path)? == self.manifest {
            return Ok(());
        }
        Err(ResultsError { path: self.path.clone(), tried: "read", fault: Fault::Replaced })
    }
}

/// The bytes of a file, if there is one.
fn read(path: &Path) -> Result<Option<Vec<u8>>, ResultsError> {
    if !exists(path)? {
        return Ok(None);
    }
    match std::fs::read(path) {
        // It was removed meanwhile.
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        read => read.map(Some).map_err(|error| ResultsError::io(path, "read", error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_result_that_was_replaced_is_told_from_one_that_was_not() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(MANIFEST), "old").unwrap();
        let unchanged = Unchanged::since_now(dir.path()).unwrap();
        unchanged.check().unwrap();
        fs::write(dir.path().join(MANIFEST), "new").unwrap();
        let error = unchanged.check().unwrap_err().to_string();
        assert!(error.contains("another result has taken its place meanwhile; try again"), "{error}");
        fs::remove_file(dir.path().join(MANIFEST)).unwrap();
        assert!(unchanged.check().is_err());
    }
}
