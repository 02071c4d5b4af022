//! Storage of the numbers of all replicates of a sweep, on the disk until the sweep is complete.
//!
//! A slot has a checksum and the bytes of one replicate of one point. Its position follows from the point and the
//! replicate. So replicates can be stored in any order and more than once, incomplete writes are detected by the
//! checksum, and memory does not grow with the sweep. The checksum includes the identity of the sweep, so a slot of
//! another sweep is not valid.
//!
//! Slots are ordered by batch: the first batch of all points, then the second. So the file is not longer than needed,
//! and a look at a point reads only its new batch.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::super::there::target;
use super::super::{Fault, ResultsError};

/// The layout of the slots in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    /// Identity of the sweep.
    pub(super) key: String,
    /// Number of replicates of a batch.
    pub(super) batch: u32,
    /// Maximum number of replicates of a point.
    pub(super) replicates: u32,
    /// Bytes of a replicate.
    pub(super) width: usize,
    /// Number of points in the file.
    pub(super) points: u64,
    /// Difference between the numbers of consecutive points in the file.
    pub(super) step: u64,
}

/// A file of slots.
#[derive(Debug)]
pub(super) struct Store {
    path: PathBuf,
    file: File,
    shape: Shape,
}

/// Bytes of a checksum.
const CHECK: usize = 8;

impl Shape {
    fn slot_bytes(&self) -> usize {
        CHECK + self.width
    }

    /// The position of a slot; `None` if it exceeds the size of any file.
    fn place(&self, point: u64, replicate: u32) -> Option<u64> {
        let row =
            u128::from(replicate / self.batch) * u128::from(self.points) + u128::from(point / self.step);
        let slot = row * u128::from(self.batch) + u128::from(replicate % self.batch);
        let place = slot.checked_mul(self.slot_bytes() as u128)?;
        u64::try_from(place).ok().filter(|place| i64::try_from(*place).is_ok())
    }

    /// Splits a range of replicates into pieces that are contiguous in the file and not large.
    fn pieces(&self, replicates: Range<u32>) -> impl Iterator<Item = Range<u32>> {
        /// Number of bytes that are read at once, unless a slot is larger.
        const AT_ONCE: usize = 1 << 16;
        let most = u32::try_from(AT_ONCE / self.slot_bytes()).unwrap_or(u32::MAX).max(1);
        let (batch, mut from, end) = (self.batch, replicates.start, replicates.end);
        std::iter::from_fn(move || {
            let to = (from - from % batch).saturating_add(batch).min(from.saturating_add(most)).min(end);
            let piece = from..to;
            from = to;
            (!piece.is_empty()).then_some(piece)
        })
    }
}

impl Store {
    /// Makes the file.
    pub(super) fn create(path: &Path, shape: Shape) -> Result<Self, ResultsError> {
        let file = File::options().read(true).write(true).create_new(true).open(path);
        let file = file.map_err(|e| ResultsError::io(path, "create", e))?;
        Ok(Self { path: path.to_owned(), file, shape })
    }

    /// Opens a file for reading; `None` if it does not exist.
    pub(super) fn read(path: &Path, shape: Shape) -> Result<Option<Self>, ResultsError> {
        // Opening a pipe would wait for ever.
        if target(path)?.is_some_and(|found| !found.is_file()) {
            let fault = Fault::InTheWay("it is not a file".to_owned());
            return Err(ResultsError { path: path.to_owned(), tried: "read", fault });
        }
        match File::open(path) {
            Ok(file) => Ok(Some(Self { path: path.to_owned(), file, shape })),
            Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
            Err(e) => Err(ResultsError::io(path, "open", e)),
        }
    }

    /// The path of the file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Stores the numbers of a replicate.
    pub(super) fn put(&self, point: u64, replicate: u32, body: &[u8]) -> Result<(), ResultsError> {
        assert_eq!(body.len(), self.shape.width, "a replicate of another sweep");
        let mut slot = self.checksum(point, replicate, body).to_vec();
        slot.extend(body);
        let write = |place| {
            let mut file = &self.file;
            file.seek(SeekFrom::Start(place)).and_then(|_| file.write_all(&slot))
        };
        let place = self.shape.place(point, replicate).ok_or_else(|| ErrorKind::FileTooLarge.into());
        place.and_then(write).map_err(|e: io::Error| ResultsError::io(&self.path, "write", e))
    }

    /// The numbers of these replicates of a point, up to the first that is missing.
    pub(super) fn run(&self, point: u64, replicates: Range<u32>) -> Result<Vec<Vec<u8>>, ResultsError> {
        let mut all = Vec::new();
        for piece in self.shape.pieces(replicates) {
            for body in self.piece(point, piece)? {
                let Some(body) = body else { return Ok(all) };
                all.push(body);
            }
        }
        Ok(all)
    }

    /// Whether the file has no slots.
    pub(super) fn is_empty(&self) -> Result<bool, ResultsError> {
        let found = self.file.metadata().map_err(|e| ResultsError::io(&self.path, "read", e))?;
        Ok(found.len() == 0)
    }

    /// Copies the slots of some points from another file. Batches are filled in order, so a point without slots in one
    /// batch has none in later ones.
    pub(super) fn adopt(&self, other: &Self, points: impl Iterator<Item = u64>) -> Result<(), ResultsError> {
        let Shape { batch, replicates, .. } = self.shape;
        for point in points {
            for start in (0..replicates).step_by(batch as usize) {
                let mut any = false;
                for piece in self.shape.pieces(start..start.saturating_add(batch).min(replicates)) {
                    for (replicate, body) in piece.clone().zip(other.piece(point, piece)?) {
                        let Some(body) = body else { continue };
                        self.put(point, replicate, &body)?;
                        any = true;
                    }
                }
                if !any {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Syncs the file to the disk and gives it its final name.
    pub(super) fn finish(self, path: &Path) -> Result<(), ResultsError> {
        self.file.sync_all().map_err(|e| ResultsError::io(&self.path, "write", e))?;
        fs::rename(&self.path, path).map_err(|e| ResultsError::io(path, "write", e))
    }

    /// The numbers of some replicates that are contiguous in the file; `None` for those without a valid slot.
    fn piece(&self, point: u64, replicates: Range<u32>) -> Result<Vec<Option<Vec<u8>>>, ResultsError> {
        let bytes = self.shape.slot_bytes();
        let wanted = replicates.len() * bytes;
        let mut slots = Vec::with_capacity(wanted);
        if let Some(place) = self.shape.place(point, replicates.start) {
            let mut file = &self.file;
            let read = file.seek(SeekFrom::Start(place));
            read.and_then(|_| file.take(wanted as u64).read_to_end(&mut slots))
                .map_err(|e| ResultsError::io(&self.path, "read", e))?;
        }
        slots.resize(wanted, 0);
        let slots = replicates.zip(slots.chunks_exact(bytes));
        Ok(slots.map(|(replicate, slot)| self.body(point, replicate, slot)).collect())
    }

    /// The content of a slot, if its checksum is valid for this sweep, point and replicate.
    fn body(&self, point: u64, replicate: u32, slot: &[u8]) -> Option<Vec<u8>> {
        let (check, body) = slot.split_at(CHECK);
        if check == [0; CHECK] || check != self.checksum(point, replicate, body) {
            return None;
        }
        Some(body.to_vec())
    }

    /// The first bytes of a hash of the slot, its sweep, point and replicate. Never zero, because unwritten slots
    /// read as zero.
    fn checksum(&self, point: u64, replicate: u32, body: &[u8]) -> [u8; CHECK] {
        let mut hash = Sha256::new();
        hash.update(self.shape.key.as_bytes());
        hash.update(point.to_le_bytes());
        hash.update(replicate.to_le_bytes());
        hash.update(body);
        let mut check: [u8; CHECK] = hash.finalize()[..CHECK].try_into().expect("a hash is longer");
        check[0] |= 1;
        check
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape() -> Shape {
        Shape { key: "a sweep".into(), batch: 3, replicates: 7, width: 3, points: 10, step: 1 }
    }

    fn store() -> (tempfile::TempDir, Store) {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::create(&dir.path().join("store"), shape()).unwrap();
        (dir, store)
    }

    fn read(dir: &tempfile::TempDir, shape: Shape) -> Store {
        Store::read(&dir.path().join("store"), shape).unwrap().unwrap()
    }

    #[test]
    fn slots_are_stored_in_any_order_and_more_than_once() {
        let (_dir, store) = store();
        assert!(store.is_empty().unwrap());
        store.put(7, 1, b"one").unwrap();
        assert!(!store.is_empty().unwrap());
        assert!(store.run(7, 0..7).unwrap().is_empty());
        assert!(store.run(9, 0..1).unwrap().is_empty());
        store.put(7, 0, b"nil").unwrap();
        store.put(7, 1, b"one").unwrap();
        assert_eq!(store.run(7, 0..7).unwrap(), [b"nil", b"one"]);
    }

    #[test]
    fn reading_crosses_batches_and_each_slot_has_its_own_position() {
        let (_dir, store) = store();
        let body = |point: u8, replicate: u8| [point, replicate, 1];
        for point in 0..10 {
            for replicate in 0..7 {
                store.put(point.into(), replicate.into(), &body(point, replicate)).unwrap();
            }
        }
        for point in 0..10 {
            let found = store.run(point.into(), 2..7).unwrap();
            assert_eq!(found, [2, 3, 4, 5, 6].map(|replicate| body(point, replicate)));
        }
    }

    #[test]
    fn little_is_read_at_once_unless_a_slot_is_large() {
        let pieces = |width, batch| {
            let shape = Shape { width, batch, replicates: 10_000, ..shape() };
            shape.pieces(3..10_000).map(|piece| piece.len()).collect::<Vec<_>>()
        };
        let small = pieces(56, 5000);
        assert_eq!(small.iter().sum::<usize>(), 9997);
        assert!(small.iter().all(|n| n * 64 <= 1 << 16) && small.contains(&1024), "{small:?}");
        assert!(pieces(1 << 16, 5000).iter().all(|n| *n == 1));
        assert_eq!(pieces(56, 4)[..3], [1, 4, 4], "a piece lies in one batch");
    }

    #[test]
    fn the_file_is_not_longer_than_its_slots_need() {
        let dir = tempfile::tempdir().unwrap();
        let many = Shape { batch: 2, replicates: 1_000_000, step: 5, ..shape() };
        let store = Store::create(&dir.path().join("store"), many).unwrap();
        for replicate in 0..2 {
            store.put(45, replicate, b"two").unwrap();
        }
        let bytes = fs::metadata(dir.path().join("store")).unwrap().len();
        assert_eq!(bytes, 10 * 2 * (8 + 3), "the tenth of ten points is the last of the first batch");
    }

    #[test]
    fn a_place_beyond_any_file_is_refused_and_reads_as_empty() {
        let dir = tempfile::tempdir().unwrap();
        let vast = Shape { batch: 1, replicates: 1_000_000, width: 1 << 20, points: 1 << 35, ..shape() };
        let store = Store::create(&dir.path().join("store"), vast).unwrap();
        let error = store.put(1, 999_999, &vec![0; 1 << 20]).unwrap_err();
        assert!(error.to_string().contains("file too large"), "{error}");
        assert!(store.run(1, 999_999..1_000_000).unwrap().is_empty());
    }

    #[test]
    fn an_incomplete_or_misplaced_slot_is_not_valid() {
        let (dir, store) = store();
        store.put(1, 0, b"nil").unwrap();
        store.put(1, 1, b"one").unwrap();
        let path = dir.path().join("store");
        let mut bytes = fs::read(&path).unwrap();
        bytes.truncate(bytes.len() - 2);
        fs::write(&path, &bytes).unwrap();
        assert_eq!(read(&dir, shape()).run(1, 0..2).unwrap(), [b"nil"]);
        let other = Shape { key: "another sweep".into(), ..shape() };
        assert!(read(&dir, other).run(1, 0..2).unwrap().is_empty());
        // The slot of one point, moved to another's place.
        let point_bytes = 3 * shape().slot_bytes();
        let moved = [&bytes[point_bytes..], &bytes[..point_bytes]].concat();
        fs::write(&path, moved).unwrap();
        assert!(read(&dir, shape()).run(0, 0..1).unwrap().is_empty());
    }

    #[test]
    fn slots_of_another_attempt_are_copied() {
        let (dir, store) = store();
        for (point, replicate) in [(4, 2), (4, 3), (5, 6)] {
            store.put(point, replicate, b"two").unwrap();
        }
        // Copied from a part with every second point.
        let part = Shape { points: 5, step: 2, ..shape() };
        let mine = Store::create(&dir.path().join("mine"), part).unwrap();
        mine.adopt(&store, [0, 2, 4, 6, 8].into_iter()).unwrap();
        assert_eq!(mine.run(4, 2..7).unwrap(), [b"two", b"two"]);
        assert!(Store::read(&dir.path().join("gone"), shape()).unwrap().is_none());
        let beyond = Store::read(&dir.path().join("mine").join("more"), shape());
        assert!(beyond.is_err() || cfg!(not(unix)), "it cannot be known whether it is there");
        let error = Store::read(dir.path(), shape()).unwrap_err().to_string();
        assert!(error.contains("it is not a file; move it away"), "{error}");
    }
}
