//! Copies of a result's tables as Apache Parquet, with the types that `datapackage.json` gives.
//!
//! The copies are made from the tables after these are complete. The other commands read the tables alone.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::read::MultiGzDecoder;
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;
use serde::Deserialize;

use super::ResultsError;
use super::derived::{remove_drafts, write_derived_by};
use super::files::Files;
use super::own::{PARQUET, PARQUET_FORMAT};
use super::sink::GZIP;
use super::there::create_folder;

/// The most rows of a group, and about the most cells. A group is in memory while it is made.
const ROWS: usize = 1 << 16;
const CELLS: usize = 1 << 20;

/// The part of `datapackage.json` that is needed here.
#[derive(Deserialize)]
struct Package {
    resources: Vec<Resource>,
}

/// A table.
#[derive(Deserialize)]
struct Resource {
    name: String,
    path: String,
    schema: Schema,
}

#[derive(Deserialize)]
struct Schema {
    fields: Vec<Field>,
}

/// A column.
#[derive(Deserialize)]
struct Field {
    name: String,
    #[serde(rename = "type")]
    kind: FieldType,
    #[serde(default)]
    constraints: Constraints,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum FieldType {
    String,
    Integer,
    Number,
    Boolean,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Constraints {
    required: bool,
}

/// Copies every table of the result in `dir` to a Parquet file in its folder `parquet`, and returns the files.
///
/// # Errors
/// If a table cannot be read, or a file cannot be written.
pub(crate) fn write_parquet(dir: &Path) -> Result<Vec<PathBuf>, ResultsError> {
    let package: Package = Files::from(dir).json("datapackage.json")?;
    let out = dir.join(PARQUET);
    create_folder(&out).map_err(|e| ResultsError::io(&out, "create the folder", e))?;
    let names: Vec<&str> = package.resources.iter().map(|table| table.name.as_str()).collect();
    remove_drafts(&out, &names);
    package.resources.iter().map(|table| table.copy(dir, &out)).collect()
}

impl Resource {
    /// Writes a copy of the table to `out`.
    fn copy(&self, dir: &Path, out: &Path) -> Result<PathBuf, ResultsError> {
        let from = dir.join(&self.path);
        let written = write_derived_by(out, &self.name, PARQUET_FORMAT, |file| self.fill(&from, file));
        written
            .map_err(|e| ResultsError::io(&out.join(format!("{}.{PARQUET_FORMAT}", self.name)), "write", e))
    }

    /// Writes the rows of the table `from`, group by group.
    fn fill(&self, from: &Path, to: &File) -> io::Result<()> {
        let file = File::open(from)?;
        let text: Box<dyn Read> =
            if self.path.ends_with(GZIP) { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
        let mut rows = csv::Reader::from_reader(text);
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let mut writer =
            SerializedFileWriter::new(to, Arc::new(self.schema().map_err(failed)?), Arc::new(properties))
                .map_err(failed)?;
        let mut columns: Vec<Column> = self.schema.fields.iter().map(Column::new).collect();
        let n_max = (CELLS / columns.len().max(1)).clamp(1, ROWS);
        let mut row = csv::StringRecord::new();
        let mut n = 0;
        loop {
            let more = rows.read_record(&mut row)?;
            if more {
                for (column, cell) in columns.iter_mut().zip(&row) {
                    column.push(cell).map_err(|problem| misfit(from, &row, &problem))?;
                }
                n += 1;
            }
            if n == n_max || (!more && n > 0) {
                write_group(&mut writer, &mut columns).map_err(failed)?;
                n = 0;
            }
            if !more {
                return writer.close().map(drop).map_err(failed);
            }
        }
    }

    fn schema(&self) -> Result<Type, ParquetError> {
        let fields = self.schema.fields.iter().map(|field| field.schema().map(Arc::new));
        Type::group_type_builder(&self.name).with_fields(fields.collect::<Result<_, _>>()?).build()
    }
}

impl Field {
    fn schema(&self) -> Result<Type, ParquetError> {
        let (physical, logical) = match self.kind {
            FieldType::String => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            FieldType::Integer => (Physical::INT64, None),
            FieldType::Number => (Physical::DOUBLE, None),
            FieldType::Boolean => (Physical::BOOLEAN, None),
        };
        let repetition = if self.constraints.required { Repetition::REQUIRED } else { Repetition::OPTIONAL };
        Type::primitive_type_builder(&self.name, physical)
            .with_repetition(repetition)
            .with_logical_type(logical)
            .build()
    }
}

fn write_group(writer: &mut SerializedFileWriter<&File>, columns: &mut [Column]) -> Result<(), ParquetError> {
    let mut group = writer.next_row_group()?;
    for column in columns {
        let to = group.next_column()?.expect("the schema has a column for each field");
        column.write(to)?;
        column.clear();
    }
    group.close().map(drop)
}

/// The cells of a column in one group.
struct Column {
    name: String,
    required: bool,
    /// 1 for every cell that is not empty, 0 for others.
    present: Vec<i16>,
    cells: Cells,
}

/// The cells that are not empty.
enum Cells {
    Text(Vec<ByteArray>),
    Integer(Vec<i64>),
    Number(Vec<f64>),
    Flag(Vec<bool>),
}

impl Column {
    fn new(field: &Field) -> Self {
        let cells = match field.kind {
            FieldType::String => Cells::Text(Vec::new()),
            FieldType::Integer => Cells::Integer(Vec::new()),
            FieldType::Number => Cells::Number(Vec::new()),
            FieldType::Boolean => Cells::Flag(Vec::new()),
        };
        Self { name: field.name.clone(), required: field.constraints.required, present: Vec::new(), cells }
    }

    /// Adds a cell; returns what is wrong with it if it is not of the column's type.
    fn push(&mut self, cell: &str) -> Result<(), String> {
        let fits = if cell.is_empty() {
            !self.required
        } else {
            match &mut self.cells {
                Cells::Text(cells) => added(cells, Some(cell.as_bytes().to_vec().into())),
                Cells::Integer(cells) => added(cells, cell.parse().ok()),
                Cells::Number(cells) => added(cells, cell.parse().ok()),
                Cells::Flag(cells) => {
                    added(cells, ["0", "1"].iter().position(|flag| *flag == cell).map(|n| n == 1))
                }
            }
        };
        self.present.push(i16::from(!cell.is_empty()));
        if fits { Ok(()) } else { Err(format!("column {}: \"{cell}\" is not of its type", self.name)) }
    }

    fn write(&self, mut to: SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        let present = (!self.required).then_some(&self.present[..]);
        match &self.cells {
            Cells::Text(cells) => to.typed::<ByteArrayType>().write_batch(cells, present, None)?,
            Cells::Integer(cells) => to.typed::<Int64Type>().write_batch(cells, present, None)?,
            Cells::Number(cells) => to.typed::<DoubleType>().write_batch(cells, present, None)?,
            Cells::Flag(cells) => to.typed::<BoolType>().write_batch(cells, present, None)?,
        };
        to.close()
    }

    fn clear(&mut self) {
        self.present.clear();
        match &mut self.cells {
            Cells::Text(cells) => cells.clear(),
            Cells::Integer(cells) => cells.clear(),
            Cells::Number(cells) => cells.clear(),
            Cells::Flag(cells) => cells.clear(),
        }
    }
}

/// Adds a cell, if it was read.
fn added<T>(cells: &mut Vec<T>, cell: Option<T>) -> bool {
    let fits = cell.is_some();
    cells.extend(cell);
    fits
}

/// A cell that is not of its column's type.
fn misfit(table: &Path, row: &csv::StringRecord, problem: &str) -> io::Error {
    let line = row.position().map_or(0, csv::Position::line);
    io::Error::other(format!("{}, line {line}, {problem}", table.display()))
}

fn failed(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(cause) => match cause.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(cause) => io::Error::other(cause),
        },
        error => io::Error::other(error),
    }
}

#[cfg(test)]
mod tests {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field as Read;

    use super::*;

    const PACKAGE: &str = r#"{"resources": [{"name": "t", "path": "t.csv", "schema": {"fields": [
        {"name": "round", "type": "integer", "constraints": {"required": true}},
        {"name": "strategy", "type": "string"},
        {"name": "net", "type": "number"},
        {"name": "active", "type": "boolean"}]}}]}"#;

    fn folder(table: &str) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("datapackage.json"), PACKAGE).unwrap();
        fs::write(dir.path().join("t.csv"), table).unwrap();
        dir
    }

    #[test]
    fn cells_are_copied_by_type_and_empty_ones_are_null() {
        let dir = folder("round,strategy,net,active\n0,\"a,b\",-0.65,1\n1,,,0\n");
        let files = write_parquet(dir.path()).unwrap();
        let reader = SerializedFileReader::new(File::open(&files[0]).unwrap()).unwrap();
        let rows: Vec<Vec<Read>> = reader
            .get_row_iter(None)
            .unwrap()
            .map(|row| row.unwrap().get_column_iter().map(|(_, cell)| cell.clone()).collect())
            .collect();
        assert_eq!(
            rows,
            [
                vec![Read::Long(0), Read::Str("a,b".into()), Read::Double(-0.65), Read::Bool(true)],
                vec![Read::Long(1), Read::Null, Read::Null, Read::Bool(false)],
            ]
        );
    }

    #[test]
    fn a_table_of_several_groups_has_all_its_rows() {
        let lines: String = (0..ROWS + 3).map(|n| format!("{n},s,0.5,1\n")).collect();
        let dir = folder(&format!("round,strategy,net,active\n{lines}"));
        let files = write_parquet(dir.path()).unwrap();
        let reader = SerializedFileReader::new(File::open(&files[0]).unwrap()).unwrap();
        assert_eq!(reader.num_row_groups(), 2);
        let last = reader.get_row_iter(None).unwrap().last().unwrap().unwrap();
        assert_eq!(last.get_column_iter().next().unwrap().1, &Read::Long(ROWS as i64 + 2));
    }

    #[test]
    fn a_cell_of_another_type_is_named_and_leaves_no_file() {
        let dir = folder("round,strategy,net,active\n0,a,x,1\n");
        let error = write_parquet(dir.path()).unwrap_err().to_string();
        assert!(error.contains("t.csv, line 2, column net: \"x\" is not of its type"), "{error}");
        assert_eq!(fs::read_dir(dir.path().join(PARQUET)).unwrap().count(), 0);
    }
}
