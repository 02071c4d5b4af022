//! Where a new result is written: to a folder, or to memory.

use std::path::PathBuf;

use super::folder::Folder;
use super::memory::MemoryFiles;
use super::table::{Sink, TableWriter, sha256};
use super::{FileNote, ResultsError, Table};

/// The place of a new result.
pub(super) enum Target {
    /// A locked folder.
    Folder(Folder),
    /// Memory.
    Memory(MemoryFiles),
}

impl Target {
    /// Starts a table.
    pub(super) fn table(&mut self, table: Table) -> Result<TableWriter, ResultsError> {
        let file = table.file();
        self.table_in(table, &file)
    }

    /// Starts a table in a file of this name.
    pub(super) fn table_in(&mut self, table: Table, file: &str) -> Result<TableWriter, ResultsError> {
        match self {
            Self::Folder(folder) => folder.table_in(table, file),
            Self::Memory(files) => {
                let sink = Sink::Memory(file.to_owned(), files.clone());
                TableWriter::new(table, file, PathBuf::from(file), sink)
            }
        }
    }

    /// Writes a complete file.
    pub(super) fn write(&mut self, name: &str, text: &str) -> Result<FileNote, ResultsError> {
        match self {
            Self::Folder(folder) => folder.write(name, text),
            Self::Memory(files) => {
                files.append(name, text.as_bytes());
                let sha256 = sha256(text.as_bytes());
                Ok(FileNote { path: name.to_owned(), sha256, bytes: text.len() as u64, rows: None })
            }
        }
    }

    /// Removes a file that was started.
    pub(super) fn discard(&mut self, name: &str) {
        match self {
            Self::Folder(folder) => folder.discard(name),
            Self::Memory(files) => files.discard(name),
        }
    }

    /// Completes the result, see [`Folder::commit`].
    pub(super) fn commit(&mut self) -> Result<(), ResultsError> {
        match self {
            Self::Folder(folder) => folder.commit(),
            Self::Memory(_) => Ok(()),
        }
    }
}
