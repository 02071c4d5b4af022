//! Files that a scenario names, beside its own file.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::free_memory::available;
use super::memory::in_words;
use super::terminal::visible;
use crate::results::reading_fix;
use crate::scenario::{BYTES_MAX, Files, Unread};

/// Bytes of memory that a byte of a list of people or ties takes at most while it is read: rows of one short name each.
const BYTES_OF_BYTE: u64 = 40;

/// The files in the folder of a scenario.
#[derive(Debug)]
pub(super) struct Beside {
    folder: PathBuf,
}

impl Beside {
    /// The files beside this one.
    pub(super) fn new(scenario: &Path) -> Self {
        Self { folder: scenario.parent().unwrap_or(Path::new("")).to_owned() }
    }
}

impl Files for Beside {
    fn read(&self, name: &str) -> Result<Vec<u8>, Unread> {
        let path = self.folder.join(name);
        let shown = visible(&path.display().to_string());
        let unread = |problem: String, fix: &str| Unread {
            problem,
            fix: format!("{fix}; it was looked for as {shown}"),
        };
        let failed = |error: std::io::Error| match error.kind() {
            ErrorKind::NotFound => unread(
                "there is no such file".to_owned(),
                "correct the name; it is relative to the folder of the scenario",
            ),
            _ => unread(error.to_string(), reading_fix(&error)),
        };
        // Before it is opened: opening a pipe would wait for ever, and a device can be endless.
        let found = fs::metadata(&path).map_err(failed)?;
        if found.is_dir() {
            return Err(unread("it is a folder".to_owned(), "name a file in it"));
        }
        if !found.is_file() {
            return Err(unread(
                "it is a device or a pipe, not a file".to_owned(),
                "save what it gives as a file",
            ));
        }
        let too_large = || {
            unread(
                format!("it is larger than {} MiB", BYTES_MAX >> 20),
                "keep the rows and columns that are needed",
            )
        };
        if found.len() > BYTES_MAX {
            return Err(too_large());
        }
        let needed = found.len() * BYTES_OF_BYTE;
        if let Some(free) = available().filter(|free| needed > *free) {
            let (needed, free) = (in_words(needed), in_words(free));
            return Err(unread(
                format!("it can take about {needed} of memory, and {free} are free"),
                "keep the rows and columns that are needed, or free some memory",
            ));
        }
        let mut bytes = Vec::new();
        File::open(&path)
            .and_then(|file| file.take(BYTES_MAX + 1).read_to_end(&mut bytes))
            .map_err(failed)?;
        // Some files say that they are smaller than they are.
        if bytes.len() as u64 > BYTES_MAX { Err(too_large()) } else { Ok(bytes) }
    }
}
