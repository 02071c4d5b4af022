//! Where a new result is written: to a folder, or to memory.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use super::folder::Folder;
use super::memory::MemoryFiles;
use super::sink::{Hashing, Sink, sha256};
use super::table::TableWriter;
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

    /// Writes a file piece by piece.
    pub(super) fn stream(
        &mut self,
        name: &str,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<FileNote, ResultsError> {
        let (path, sink) = match self {
            Self::Folder(folder) => folder.stream(name)?,
            Self::Memory(files) => (PathBuf::from(name), Sink::Memory(name.to_owned(), files.clone())),
        };
        let written = || {
            let mut file = BufWriter::with_capacity(1 << 16, Hashing::new(sink));
            write(&mut file)?;
            file.into_inner()?.finish(name.to_owned())
        };
        written().map_err(|e| ResultsError::io(&path, "write", e))
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
