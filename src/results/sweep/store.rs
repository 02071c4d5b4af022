//! What every replicate of a sweep came to, on the disk until the sweep is whole.
//!
//! A slot holds the bytes of one replicate of one point, behind a checksum, and its place follows
//! from its point and replicate. So replicates may come in any order and more than once, a write that was
//! cut off is told by its checksum, and memory does not grow with the sweep.

use std::fs::{self, File};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::super::ResultsError;

/// Which slots there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    /// Replicates of a point, at most.
    pub(super) replicates: u32,
    /// Bytes of a replicate.
    pub(super) width: usize,
}

/// A file of slots.
#[derive(Debug)]
pub(super) struct Store {
    path: PathBuf,
    file: File,
    shape: Shape,
    /// The slots of the point read last, as they stand in the file.
    point: Option<(u64, Vec<u8>)>,
}

/// Bytes of a checksum.
const CHECK: usize = 8;

impl Shape {
    fn slot_bytes(self) -> usize {
        CHECK + self.width
    }

    fn point_bytes(self) -> usize {
        self.slot_bytes() * self.replicates as usize
    }
}

impl Store {
    /// Opens the file, making it if need be.
    pub(super) fn open(path: &Path, shape: Shape) -> Result<Self, ResultsError> {
        let mut options = File::options();
        let file = options.read(true).write(true).create(true).truncate(false).open(path);
        let file = file.map_err(|e| ResultsError::io(path, "open", e))?;
        Ok(Self { path: path.to_owned(), file, shape, point: None })
    }

    /// Keeps what a replicate came to.
    pub(super) fn put(&mut self, point: u64, replicate: u32, body: &[u8]) -> Result<(), ResultsError> {
        assert_eq!(body.len(), self.shape.width, "a replicate of another sweep");
        let mut slot = checksum(point, replicate, body).to_vec();
        slot.extend(body);
        self.point = None;
        let place =
            point * self.shape.point_bytes() as u64 + u64::from(replicate) * self.shape.slot_bytes() as u64;
        let written = self.file.seek(SeekFrom::Start(place)).and_then(|_| self.file.write_all(&slot));
        written.map_err(|e| ResultsError::io(&self.path, "write", e))
    }

    /// What a replicate came to, if it is there whole.
    pub(super) fn get(&mut self, point: u64, replicate: u32) -> Result<Option<Vec<u8>>, ResultsError> {
        let bytes = self.shape.slot_bytes();
        let slots = self.read(point)?;
        let Some(slot) = slots.get(replicate as usize * bytes..(replicate as usize + 1) * bytes) else {
            return Ok(None);
        };
        let (check, body) = slot.split_at(CHECK);
        if check == [0; CHECK] || check != checksum(point, replicate, body) {
            return Ok(None);
        }
        Ok(Some(body.to_vec()))
    }

    /// Whether nothing was ever put.
    pub(super) fn is_empty(&self) -> Result<bool, ResultsError> {
        let found = self.file.metadata().map_err(|e| ResultsError::io(&self.path, "read", e))?;
        Ok(found.len() == 0)
    }

    /// Copies what another file has of the points.
    pub(super) fn adopt(
        &mut self,
        other: &Path,
        points: impl Iterator<Item = u64>,
    ) -> Result<(), ResultsError> {
        // It may have been renamed in the meantime.
        let file = match File::open(other) {
            Ok(file) => file,
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(()),
            Err(e) => return Err(ResultsError::io(other, "open", e)),
        };
        let mut other = Self { path: other.to_owned(), file, shape: self.shape, point: None };
        for point in points {
            for replicate in 0..self.shape.replicates {
                if let Some(body) = other.get(point, replicate)? {
                    self.put(point, replicate, &body)?;
                }
            }
        }
        Ok(())
    }

    /// Puts everything on the disk and gives the file its final name.
    pub(super) fn finish(self, path: &Path) -> Result<(), ResultsError> {
        self.file.sync_all().map_err(|e| ResultsError::io(&self.path, "write", e))?;
        fs::rename(&self.path, path).map_err(|e| ResultsError::io(path, "write", e))
    }

    /// All slots of a point, as far as the file goes.
    fn read(&mut self, point: u64) -> Result<&[u8], ResultsError> {
        if self.point.as_ref().is_none_or(|(held, _)| *held != point) {
            let bytes = self.shape.point_bytes();
            let mut slots = Vec::with_capacity(bytes);
            let place = SeekFrom::Start(point * bytes as u64);
            let read =
                self.file.seek(place).and_then(|_| (&self.file).take(bytes as u64).read_to_end(&mut slots));
            read.map_err(|e| ResultsError::io(&self.path, "read", e))?;
            self.point = Some((point, slots));
        }
        Ok(self.point.as_ref().map_or(&[], |(_, slots)| slots))
    }
}

/// The first bytes of a hash of the slot and its place; never zero, which an unwritten slot reads as.
fn checksum(point: u64, replicate: u32, body: &[u8]) -> [u8; CHECK] {
    let mut hash = Sha256::new();
    hash.update(point.to_le_bytes());
    hash.update(replicate.to_le_bytes());
    hash.update(body);
    let mut check: [u8; CHECK] = hash.finalize()[..CHECK].try_into().expect("a hash is longer");
    check[0] |= 1;
    check
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: Shape = Shape { replicates: 3, width: 3 };

    fn store() -> (tempfile::TempDir, Store) {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("store"), SHAPE).unwrap();
        (dir, store)
    }

    #[test]
    fn slots_come_in_any_order_and_more_than_once() {
        let (_dir, mut store) = store();
        store.put(7, 1, b"one").unwrap();
        assert_eq!(store.get(7, 0).unwrap(), None);
        assert_eq!(store.get(9, 0).unwrap(), None);
        store.put(7, 0, b"nil").unwrap();
        store.put(7, 1, b"one").unwrap();
        let found = [0, 1, 2].map(|replicate| store.get(7, replicate).unwrap());
        assert_eq!(found, [Some(b"nil".to_vec()), Some(b"one".to_vec()), None]);
    }

    #[test]
    fn a_write_that_was_cut_off_or_belongs_elsewhere_is_not_taken() {
        let (dir, mut store) = store();
        store.put(1, 0, b"nil").unwrap();
        store.put(1, 1, b"one").unwrap();
        let path = dir.path().join("store");
        let mut bytes = fs::read(&path).unwrap();
        bytes.truncate(bytes.len() - 2);
        fs::write(&path, &bytes).unwrap();
        let mut cut = Store::open(&path, SHAPE).unwrap();
        assert_eq!((cut.get(1, 0).unwrap(), cut.get(1, 1).unwrap()), (Some(b"nil".to_vec()), None));
        // The slot of one point, moved to another's place.
        let moved = [&bytes[SHAPE.point_bytes()..], &bytes[..SHAPE.point_bytes()]].concat();
        fs::write(&path, moved).unwrap();
        assert_eq!(Store::open(&path, SHAPE).unwrap().get(0, 0).unwrap(), None);
    }

    #[test]
    fn what_another_attempt_did_is_taken_over() {
        let (dir, mut store) = store();
        store.put(4, 2, b"two").unwrap();
        let mut mine = Store::open(&dir.path().join("mine"), SHAPE).unwrap();
        mine.adopt(&dir.path().join("store"), 0..6).unwrap();
        mine.adopt(&dir.path().join("gone"), 0..6).unwrap();
        assert_eq!(mine.get(4, 2).unwrap(), Some(b"two".to_vec()));
    }
}
