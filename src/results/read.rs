//! Reads the tables of a result folder, row by row. Errors name file, line and column.

mod about;
mod bet;
mod compare;
mod error;
mod evidence;
mod points;
mod run;
mod sample;
mod source;
mod story;
mod sweep;
mod validation;

pub(crate) use about::*;
pub(crate) use bet::*;
pub(crate) use compare::{Comparison, Difference, Sample, Visited, compare, read_visited};
pub use error::ReadError;
pub(crate) use evidence::{PatternRow, read_patterns};
pub use points::read_points;
pub(crate) use run::*;
pub(crate) use sample::*;
use serde::Deserialize;
pub(crate) use story::read_stories;
pub(crate) use sweep::*;
pub(crate) use validation::{DeviationRow, read_validation};

use super::files::Files;
use super::own::MANIFEST;
use crate::stats::Level;

pub(crate) use crate::model::Metric;

/// The part of a manifest that charts need. Older results can lack any of it.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct Outline {
    /// Title of the scenario.
    pub title: Option<String>,
    /// First round that counts in summaries.
    pub burn_in: Option<u32>,
    /// Names of the strategies in the order of the scenario.
    pub strategies: Vec<String>,
    /// Whether agents changed their strategies.
    pub evolution: bool,
    /// The level of confidence of intervals.
    pub level: Level,
    /// Settings that change at a round.
    pub scheduled: Vec<Scheduled>,
}

/// A setting that changes at a round.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct Scheduled {
    /// First round of the new value.
    pub round: u32,
    /// The path of the key.
    pub key: String,
    /// The new value as text.
    pub value: String,
}

/// Reads `manifest.json`.
///
/// # Errors
/// If the folder holds no result, or its manifest is no JSON object of the expected types.
pub(crate) fn read_outline<'a>(files: impl Into<Files<'a>>) -> Result<Outline, ReadError> {
    let files = files.into();
    if files.has(MANIFEST)? {
        return Ok(files.json(MANIFEST)?);
    }
    // The tables alone are enough.
    if files.has("rounds.csv")? {
        return Ok(Outline::default());
    }
    Err(ReadError::about(
        &files.path(""),
        "is not a result folder: it has no manifest.json and no rounds.csv",
        "name a folder that `mingle run` has written",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with one file.
    pub(super) fn folder(name: &str, text: &str) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(name), text).unwrap();
        dir
    }

    #[test]
    fn a_folder_without_results_is_said_to_be_none() {
        let dir = tempfile::tempdir().unwrap();
        let error = read_outline(dir.path()).unwrap_err();
        assert_eq!(error.file, dir.path());
        assert!(error.to_string().contains("is not a result folder"));
    }

    #[test]
    fn an_outline_may_leave_everything_out() {
        let dir = folder("manifest.json", "{\"version\": \"0.1.0\"}");
        assert_eq!(read_outline(dir.path()).unwrap(), Outline::default());
    }

    #[test]
    fn a_number_is_finite_or_missing() {
        let dir = folder("t.csv", "a\n1.5\n\"\"\ninf\nNaN\none\n");
        let mut table = source::Source::open(dir.path(), "t.csv").unwrap();
        let [a] = table.columns(["a"]).unwrap();
        let mut next = || {
            assert!(table.next().unwrap());
            table.number(a).map_err(|error| error.to_string())
        };
        assert_eq!(next(), Ok(1.5));
        assert!(next().unwrap().is_nan());
        (0..3).for_each(|_| assert!(next().unwrap_err().contains("expected a number")));
    }
}
