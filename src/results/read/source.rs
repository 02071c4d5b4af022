//! A CSV table that is being read.

use std::io::Read;
use std::path::PathBuf;

use super::super::files::Files;
use super::error::{RUN_AGAIN, ReadError, line};
use crate::stats::Interval;

/// An open table and its current row.
pub(super) struct Source<'a> {
    file: PathBuf,
    header: Vec<String>,
    reader: csv::Reader<Box<dyn Read + 'a>>,
    row: csv::StringRecord,
}

impl<'a> Source<'a> {
    pub(super) fn open(files: impl Into<Files<'a>>, name: &str) -> Result<Self, ReadError> {
        let files = files.into();
        let file = files.path(name);
        let mut reader = csv::Reader::from_reader(files.open(name)?);
        let header =
            reader.headers().map_err(|e| ReadError::unread(&file, &e))?.iter().map(str::to_owned).collect();
        Ok(Self { file, header, reader, row: csv::StringRecord::new() })
    }

    /// Names of the columns.
    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    /// Line of the current row in the file, from 1.
    pub(super) fn line(&self) -> Option<u32> {
        self.row.position().and_then(line)
    }

    /// The position of a column, if the table has it.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|h| h == name)
    }

    /// The positions of columns that the table must have.
    pub(super) fn columns<const N: usize>(&self, names: [&str; N]) -> Result<[usize; N], ReadError> {
        let mut found = [0; N];
        for (place, name) in found.iter_mut().zip(names) {
            *place = self.column(name).ok_or_else(|| ReadError {
                line: Some(1),
                column: Some(name.to_owned()),
                ..ReadError::about(&self.file, "the column is missing", RUN_AGAIN)
            })?;
        }
        Ok(found)
    }

    /// Moves to the next row; false after the last.
    pub(super) fn next(&mut self) -> Result<bool, ReadError> {
        self.reader.read_record(&mut self.row).map_err(|e| ReadError::unread(&self.file, &e))
    }

    pub(super) fn collect<T>(
        &mut self,
        row: impl Fn(&Self) -> Result<T, ReadError>,
    ) -> Result<Vec<T>, ReadError> {
        let mut rows = Vec::new();
        while self.next()? {
            rows.push(row(self)?);
        }
        Ok(rows)
    }

    pub(super) fn text(&self, column: usize) -> &str {
        &self.row[column]
    }

    /// The number; NaN if the field is empty.
    pub(super) fn number(&self, column: usize) -> Result<f64, ReadError> {
        match self.text(column) {
            "" => Ok(f64::NAN),
            text => match text.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(number),
                _ => Err(self.fault(column, "expected a number")),
            },
        }
    }

    /// A mean and the ends of its interval, in three columns.
    pub(super) fn interval(&self, columns: [usize; 3]) -> Result<Interval, ReadError> {
        let [mean, low, high] = columns;
        Ok(Interval::from_cells([self.number(mean)?, self.number(low)?, self.number(high)?]))
    }

    pub(super) fn count(&self, column: usize) -> Result<u32, ReadError> {
        self.text(column).parse().map_err(|_| self.fault(column, "expected a whole number"))
    }

    /// An error about one field of the current row.
    pub(super) fn fault(&self, column: usize, problem: &str) -> ReadError {
        ReadError {
            line: self.line(),
            column: Some(self.header[column].clone()),
            value: Some(self.text(column).to_owned()),
            ..ReadError::about(&self.file, problem, RUN_AGAIN)
        }
    }
}
