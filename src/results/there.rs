//! Whether files and folders are there. One that cannot be looked at is an error: it is never taken as missing, for then
//! a result could be left out, or another one put in its place.

use std::fs::{self, Metadata};
use std::io::{self, ErrorKind};
use std::path::Path;

use super::ResultsError;

/// Whether anything has this name, even a broken link.
///
/// # Errors
/// If the system cannot tell.
pub(crate) fn is_there(path: &Path) -> Result<bool, ResultsError> {
    Ok(named(path)?.is_some())
}

/// What has this name, which can be a link.
///
/// # Errors
/// If the system cannot tell.
pub(super) fn named(path: &Path) -> Result<Option<Metadata>, ResultsError> {
    looked(path, fs::symlink_metadata(path))
}

/// What has this name, or is at the end of a link of this name.
///
/// # Errors
/// If the system cannot tell.
pub(super) fn target(path: &Path) -> Result<Option<Metadata>, ResultsError> {
    looked(path, fs::metadata(path))
}

/// Whether there is a file or a folder, by this name or at the end of a link of this name.
///
/// # Errors
/// If the system cannot tell.
pub(crate) fn exists(path: &Path) -> Result<bool, ResultsError> {
    Ok(target(path)?.is_some())
}

/// Whether there is a folder, by this name or at the end of a link of this name.
///
/// # Errors
/// If the system cannot tell.
pub(crate) fn is_folder(path: &Path) -> Result<bool, ResultsError> {
    Ok(target(path)?.is_some_and(|found| found.is_dir()))
}

/// Makes a folder, and those in which it is, if it is not there.
///
/// # Errors
/// If it cannot be made, or the system cannot tell whether it is there.
pub(crate) fn create_folder(path: &Path) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => Ok(()),
        Err(error) if !is_absence(&error) => Err(error),
        _ => fs::create_dir_all(path),
    }
}

fn looked(path: &Path, looked: io::Result<Metadata>) -> Result<Option<Metadata>, ResultsError> {
    match looked {
        Ok(found) => Ok(Some(found)),
        Err(error) if is_absence(&error) => Ok(None),
        Err(error) => Err(ResultsError::io(path, "read", error)),
    }
}

/// Whether an error says that nothing has the name.
fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidFilename)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_told_from_what_cannot_be_looked_at() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(exists(&file).unwrap() && is_there(&file).unwrap() && !is_folder(&file).unwrap());
        assert!(is_folder(dir.path()).unwrap());
        for absent in [dir.path().join("none"), file.join("below"), dir.path().join("x".repeat(300))] {
            assert!(!exists(&absent).unwrap() && !is_there(&absent).unwrap());
        }
        let error = looked(&file, Err(ErrorKind::PermissionDenied.into())).unwrap_err().to_string();
        assert!(error.contains("cannot read") && error.contains("permission to read it"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_itself_has_a_name_and_cannot_be_followed() {
        let dir = tempfile::tempdir().unwrap();
        let link = dir.path().join("link");
        std::os::unix::fs::symlink("link", &link).unwrap();
        assert!(is_there(&link).unwrap());
        assert!(exists(&link).is_err() && is_folder(&link).is_err() && create_folder(&link).is_err());
    }

    #[test]
    fn a_folder_is_made_with_those_above_it_and_again_without_harm() {
        let dir = tempfile::tempdir().unwrap();
        let deep = dir.path().join("a/b");
        create_folder(&deep).unwrap();
        create_folder(&deep).unwrap();
        assert!(is_folder(&deep).unwrap());
        fs::write(dir.path().join("file"), "").unwrap();
        assert!(create_folder(&dir.path().join("file")).is_err());
    }
}
