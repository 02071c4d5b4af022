//! The result of a validation: `validation.csv` with a manifest.

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::json;

use super::columns::{self, Table};
use super::datapackage;
use super::evidence::{self, EvidenceRow};
use super::folder::Folder;
use super::manifest::{self, REVISION};
use super::own::MANIFEST;
use super::run::write_rows;
use super::sink::FileNote;
use super::table::Cell;
use super::{ResultsError, Words};
use crate::draws::SCHEME;
use crate::stats::Level;

/// One line of `validation.csv`: a quantity whose value is known in closed form.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct ValidationRow {
    /// Name of the case.
    pub(crate) case: String,
    /// Name of the quantity.
    pub(crate) quantity: String,
    /// Source of the formula.
    pub(crate) source: String,
    /// Path of the scenario file.
    pub(crate) scenario: String,
    /// Values that replace those of the file, as `key=value`, separated by spaces.
    pub(crate) settings: String,
    /// Value by the formula.
    pub(crate) expected: f64,
    /// Mean of the measured values.
    pub(crate) measured: f64,
    /// Standard error of that mean; 0 if all values are equal.
    pub(crate) standard_error: f64,
    /// How far the expected value of the finite model can be from the formula.
    pub(crate) allowance: f64,
    /// (measured - expected) / standard error; not finite without a standard error.
    pub(crate) z: f64,
    /// Number of standard errors within which the two agree, beyond the allowance.
    pub(crate) limit: f64,
    /// Number of independent measured values.
    pub(crate) values: u64,
    /// Whether they agree.
    pub(crate) agrees: bool,
}

impl ValidationRow {
    fn cells(&self) -> [Cell<'_>; 13] {
        [
            Cell::Text(&self.case),
            Cell::Text(&self.quantity),
            Cell::Text(&self.source),
            Cell::Text(&self.scenario),
            Cell::Text(&self.settings),
            Cell::Real(self.expected),
            Cell::Real(self.measured),
            Cell::Real(self.standard_error),
            Cell::Real(self.allowance),
            Cell::Real(if self.z.is_finite() { self.z } else { f64::NAN }),
            Cell::Real(self.limit),
            Cell::Count(self.values),
            Cell::Flag(self.agrees),
        ]
    }
}

/// How a validation was made, and what it shows.
pub(crate) struct ValidationNote<'a> {
    /// The cases that were chosen, as typed; all if empty.
    pub(crate) only: &'a [String],
    /// The series of seeds.
    pub(crate) series: u64,
    /// Whether a chart is wanted.
    pub(crate) charts: bool,
    /// Whether some cases were not run.
    pub(crate) interrupted: bool,
    /// The conclusion, in one sentence.
    pub(crate) answer: &'a str,
    /// What else there is to say.
    pub(crate) more: &'a [String],
}

const TITLE: &str = "Validation of the model";

/// A folder for the result of a validation. If it is dropped before [`ValidationWriter::finish`], the folder is left as
/// it was.
pub(crate) struct ValidationWriter {
    dir: PathBuf,
    folder: Folder,
}

impl ValidationWriter {
    /// Locks the folder.
    ///
    /// # Errors
    /// If a result exists and `force` is not set, or if the folder cannot be written to.
    pub(crate) fn create(dir: &Path, force: bool) -> Result<Self, ResultsError> {
        Ok(Self { dir: dir.to_owned(), folder: Folder::claim(dir, force)? })
    }

    /// Writes the rows of the cases that were run.
    ///
    /// # Errors
    /// If the disk fails. Then an older result is still there.
    pub(crate) fn finish(
        self,
        rows: &[ValidationRow],
        made: &ValidationNote<'_>,
    ) -> Result<PathBuf, ResultsError> {
        let rows = rows.iter().map(|row| row.cells().to_vec());
        self.write(TITLE, columns::validation(), rows, made, false)
    }

    /// Writes the rows of the published patterns.
    ///
    /// # Errors
    /// If the disk fails. Then an older result is still there.
    pub(crate) fn finish_evidence(
        self,
        rows: &[EvidenceRow],
        made: &ValidationNote<'_>,
    ) -> Result<PathBuf, ResultsError> {
        self.write(evidence::TITLE, evidence::table(), rows.iter().map(EvidenceRow::cells), made, true)
    }

    fn write<'r>(
        mut self,
        title: &str,
        table: Table,
        rows: impl Iterator<Item = Vec<Cell<'r>>>,
        made: &ValidationNote<'_>,
        evidence: bool,
    ) -> Result<PathBuf, ResultsError> {
        let tables = [write_rows(self.folder.table(table)?, rows)?];
        let package = datapackage::describe(title, &[], &[], &tables, Level::USUAL);
        let package = self.folder.write("datapackage.json", &package)?;
        let files: Vec<FileNote> = tables.into_iter().map(|(_, note)| note).chain([package]).collect();
        let manifest = json!({
            "program": env!("CARGO_PKG_NAME"),
            "version": env!("CARGO_PKG_VERSION"),
            "revision": REVISION,
            "random_numbers": SCHEME,
            "command": "validate",
            "title": title,
            "options": { "charts": made.charts, "evidence": evidence },
            "only": made.only,
            "series": made.series,
            "interrupted": made.interrupted,
            "words": Words { answer: made.answer.to_owned(), more: made.more.to_vec(), ..Words::default() },
            "files": files,
        });
        self.folder.write(MANIFEST, &manifest::to_text(&manifest))?;
        self.folder.commit()?;
        Ok(self.dir)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_validation_is_a_result_in_the_folder_that_was_named() {
        let parent = tempfile::tempdir().unwrap();
        let note = ValidationNote {
            only: &["gifts".to_owned()],
            series: 2,
            charts: false,
            interrupted: true,
            answer: "the answer",
            more: &["more".to_owned()],
        };
        let made = |name: &str, evidence: bool| {
            let dir = parent.path().join(name);
            let writer = ValidationWriter::create(&dir, false).unwrap();
            let made = if evidence { writer.finish_evidence(&[], &note) } else { writer.finish(&[], &note) };
            assert_eq!(made.unwrap(), dir);
            let text = std::fs::read_to_string(dir.join(MANIFEST)).unwrap();
            let manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!((&manifest["only"], &manifest["series"]), (&json!(["gifts"]), &json!(2)));
            assert_eq!(
                (&manifest["interrupted"], &manifest["words"]["answer"]),
                (&json!(true), &json!("the answer"))
            );
            assert_eq!(manifest["options"]["evidence"], evidence);
            manifest["files"][0]["path"].clone()
        };
        assert_eq!([made("one", false), made("two", true)], ["validation.csv", "evidence.csv"]);
    }
}
