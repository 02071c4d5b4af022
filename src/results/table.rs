//! Writing of one table.

use std::io;
use std::path::PathBuf;

use serde::ser::{Serialize, Serializer};

use super::sink::{Encoder, Hashing, Sink};
use super::{FileNote, ResultsError, Table};
use crate::amount::Amount;
use crate::stats::Interval;

/// One cell of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Cell<'a> {
    /// A name.
    Text(&'a str),
    /// A whole number.
    Count(u64),
    /// A number, written as the shortest text that reads back as the same number; empty for NaN.
    Real(f64),
    /// A number of single precision, written as the shortest text that reads back as the same number.
    Single(f32),
    /// An amount, written as an exact decimal.
    Amount(Amount),
    /// 1 or 0.
    Flag(bool),
}

impl Cell<'_> {
    /// A mean and the ends of its interval.
    pub(super) fn interval(of: &Interval) -> [Self; 3] {
        of.to_cells().map(Self::Real)
    }

    /// A number that can be missing.
    pub(super) fn optional(value: Option<f64>) -> Self {
        Self::Real(value.unwrap_or(f64::NAN))
    }
}

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        /// Whole numbers up to here are written without a fraction; larger ones are rarely exact counts.
        const WHOLE_MAX: f64 = 1e15;
        match *self {
            Cell::Text(text) => serializer.serialize_str(text),
            Cell::Count(n) => serializer.serialize_u64(n),
            Cell::Amount(amount) => serializer.collect_str(&amount),
            Cell::Flag(yes) => serializer.serialize_u8(yes.into()),
            Cell::Single(v) => serializer.serialize_str(zmij::Buffer::new().format(v)),
            Cell::Real(v) if v.is_nan() => serializer.serialize_none(),
            Cell::Real(v) => {
                // Equal to the value only for whole numbers.
                #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
                let (whole, back) = (v as i64, v as i64 as f64);
                if v == back && v.abs() < WHOLE_MAX {
                    serializer.serialize_i64(whole)
                } else {
                    // Twice as fast as the csv crate's own conversion.
                    serializer.serialize_str(zmij::Buffer::new().format(v))
                }
            }
        }
    }
}

/// Writes the rows of one table to a file, counting and hashing them.
pub(super) struct TableWriter {
    table: Table,
    file: String,
    path: PathBuf,
    csv: csv::Writer<Encoder>,
    rows: u64,
}

impl TableWriter {
    /// Starts the table `file`, which is at `path` until the result is complete, with its header. A name that ends with
    /// [`GZIP`] makes a compressed file.
    pub(super) fn new(table: Table, file: &str, path: PathBuf, sink: Sink) -> Result<Self, ResultsError> {
        /// Size of the write buffer in bytes.
        const BUFFER: usize = 1 << 16;
        let encoder = Encoder::new(file, Hashing::new(sink));
        let csv = csv::WriterBuilder::new().has_headers(false).buffer_capacity(BUFFER).from_writer(encoder);
        let mut writer = Self { table, file: file.to_owned(), path, csv, rows: 0 };
        let header: Vec<_> = writer.table.columns.iter().map(|c| c.name.as_ref()).collect();
        writer.csv.write_record(header).map_err(|e| failed(&writer.path, e))?;
        Ok(writer)
    }

    /// Adds a row.
    ///
    /// # Panics
    /// If it has not one cell per column.
    pub(super) fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), ResultsError> {
        assert_eq!(cells.len(), self.table.columns.len(), "a row of {} is incomplete", self.table.name);
        self.rows += 1;
        self.csv.serialize(cells).map_err(|e| failed(&self.path, e))
    }

    /// Syncs the table to the disk, and returns it with the note about its file.
    pub(super) fn finish(self) -> Result<(Table, FileNote), ResultsError> {
        let Self { table, file, path, csv, rows } = self;
        let encoder = csv.into_inner().map_err(|e| ResultsError::io(&path, "write", clone_of(e.error())))?;
        let hashing = encoder.finish().map_err(|e| ResultsError::io(&path, "write", e))?;
        let note = hashing.finish(file).map_err(|e| ResultsError::io(&path, "write", e))?;
        Ok((table, FileNote { rows: Some(rows), ..note }))
    }
}

/// A copy of an I/O error, because the csv writer keeps its own.
fn clone_of(error: &io::Error) -> io::Error {
    error.raw_os_error().map_or_else(|| error.kind().into(), io::Error::from_raw_os_error)
}

fn failed(path: &std::path::Path, error: csv::Error) -> ResultsError {
    let error = match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        // Cells are scalars and rows have the same length, so only the disk can fail.
        other => io::Error::other(format!("{other:?}")),
    };
    ResultsError::io(path, "write", error)
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;
    use crate::results::sink::sha256;

    fn written(cells: &[Cell<'_>]) -> String {
        let mut csv = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
        csv.serialize(cells).unwrap();
        String::from_utf8(csv.into_inner().unwrap()).unwrap()
    }

    #[test]
    fn numbers_are_short_and_read_back_the_same() {
        let row = written(&[
            Cell::Real(0.1 + 0.2),
            Cell::Real(12.0),
            Cell::Real(-0.0),
            Cell::Real(1e-7),
            Cell::Real(999_999_999_999_999.0),
            Cell::Real(-1e15),
            Cell::Real(f64::NAN),
            Cell::Amount(Amount::of(0.35) - Amount::of(1.0)),
            Cell::Count(u64::MAX),
            Cell::Flag(true),
        ]);
        assert_eq!(
            row,
            "0.30000000000000004,12,0,1e-7,999999999999999,-1000000000000000.0,,-0.65,18446744073709551615,1\n"
        );
    }

    #[test]
    fn awkward_names_are_quoted() {
        assert_eq!(written(&[Cell::Text("a,\"b\"\n"), Cell::Count(1)]), "\"a,\"\"b\"\"\n\",1\n");
    }

    #[test]
    fn the_hash_is_that_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.csv");
        let table = super::super::columns::flows();
        let mut writer =
            TableWriter::new(table, "t.csv", path.clone(), Sink::File(File::create(&path).unwrap())).unwrap();
        let text = Cell::Text("x");
        writer.row(&[Cell::Count(0), text, text, text, Cell::Amount(Amount::of(1.5))]).unwrap();
        let (_, note) = writer.finish().unwrap();
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(bytes, b"replicate,from,to,channel,value\n0,x,x,x,1.5\n");
        assert_eq!(note.sha256, sha256(&bytes));
        assert_eq!((note.bytes, note.rows), (bytes.len() as u64, Some(1)));
        assert_eq!(sha256(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
}
