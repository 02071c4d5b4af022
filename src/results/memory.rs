//! The files of a result in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The files of a result in memory, for programs that have no disk. They have the same bytes as in a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryResult {
    files: BTreeMap<String, Vec<u8>>,
}

impl MemoryResult {
    /// The bytes of a file, if the result has it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.files.get(name).map(Vec::as_slice)
    }

    /// Names of all files, in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }
}

/// Files that are being written to memory. Clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct MemoryFiles(Arc<Mutex<BTreeMap<String, Vec<u8>>>>);

impl MemoryFiles {
    /// Appends bytes to a file.
    pub(super) fn append(&self, name: &str, bytes: &[u8]) {
        self.lock().entry(name.to_owned()).or_default().extend_from_slice(bytes);
    }

    /// Removes a file.
    pub(super) fn discard(&self, name: &str) {
        self.lock().remove(name);
    }

    /// The files as they are now. Later ones are not added to them.
    pub(crate) fn take(&self) -> MemoryResult {
        MemoryResult { files: std::mem::take(&mut *self.lock()) }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Vec<u8>>> {
        // Bytes are appended as a whole, so they stay valid if a holder panics.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taken_files_are_not_changed_by_later_writes() {
        let files = MemoryFiles::default();
        files.append("a", b"one ");
        files.append("a", b"two");
        let taken = files.take();
        files.append("a", b"three");
        assert_eq!(taken.get("a"), Some(&b"one two"[..]));
        assert_eq!(taken.names().collect::<Vec<_>>(), ["a"]);
        files.append("b", b"four");
        files.discard("a");
        assert_eq!(files.take().names().collect::<Vec<_>>(), ["b"]);
    }
}
