//! Compares the tables of a result with those of the same replicates (worlds, points) run again.

use std::fmt;
use std::path::Path;

use serde::Serialize;

use super::super::columns::OF_ALL_POINTS;
use super::super::there::exists;
use super::error::{RUN_AGAIN, ReadError};
use super::source::Source;

/// The replicates of a run, worlds of a bet or points of a sweep that were run again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sample {
    /// Their numbers in the result, ascending.
    pub numbers: Vec<u32>,
    /// All numbers in the result are below this one.
    pub end: u32,
    /// Whether these are all of the result, so that summaries can be compared too.
    pub all: bool,
    /// Whether the tables of the second run count them from 0.
    pub renumbered: bool,
}

impl Sample {
    /// The number in the result of a number in the second run.
    fn number_there(&self, now: u32) -> u32 {
        let place = usize::try_from(now).ok().filter(|_| self.renumbered);
        place.and_then(|place| self.numbers.get(place).copied()).unwrap_or(now)
    }

    /// Whether the rows with this number are compared. Rows beyond the end belong to nothing, so they are too.
    fn has(&self, number: u32) -> bool {
        number >= self.end || self.numbers.binary_search(&number).is_ok()
    }
}

/// A difference between a result and what its manifest gives now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Difference {
    /// The file.
    pub file: String,
    /// Line in the file, from 1; `None` for a row that is missing there.
    pub line: Option<u32>,
    /// The column; `None` for a whole row.
    pub column: Option<String>,
    /// What the file has; `None` for nothing.
    pub there: Option<String>,
    /// What the second run gives; `None` for nothing.
    pub now: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |value: &Option<String>| match value.as_deref() {
            None => "nothing".to_owned(),
            Some("") => "an empty cell".to_owned(),
            Some(text) => text.to_owned(),
        };
        write!(f, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {} there, {} now", shown(&self.there), shown(&self.now))
    }
}

/// A table that was compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Compared {
    /// The file.
    pub file: String,
    /// Number of rows that were compared.
    pub rows: u64,
    /// Number of differences in it.
    pub differences: u64,
}

/// What the comparison of all tables found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Comparison {
    /// The tables that were compared.
    pub tables: Vec<Compared>,
    /// Tables that were not compared, because they are computed from all replicates (worlds, points).
    pub not_compared: Vec<String>,
    /// Number of differences.
    pub n_differences: u64,
    /// The first differences of each file.
    pub differences: Vec<Difference>,
}

impl Comparison {
    /// Counts a difference, and keeps it if it is one of the first of its file.
    pub(crate) fn add(&mut self, difference: Difference) {
        /// Number of differences of a file that are kept.
        const KEPT_MAX: usize = 5;
        self.n_differences += 1;
        if self.differences.iter().filter(|kept| kept.file == difference.file).count() < KEPT_MAX {
            self.differences.push(difference);
        }
    }
}

/// Compares the tables among `files` in the folder `there` with those in the folder `now`. A table whose first column
/// numbers replicates, worlds or points is compared row by row for those in the sample; any other table only if all
/// were run again. Columns and tables that only the second run has are not compared. What is found is added to
/// `found`.
///
/// # Errors
/// If a table cannot be read.
pub(crate) fn compare<'a>(
    there: &Path,
    now: &Path,
    files: impl Iterator<Item = &'a str>,
    sample: &Sample,
    found: &mut Comparison,
) -> Result<(), ReadError> {
    for file in files.filter(|file| file.ends_with(".csv")) {
        if !exists(&now.join(file))? {
            if sample.all {
                found.add(whole(file, None, Some("a table"), None));
            } else {
                found.not_compared.push(file.to_owned());
            }
            continue;
        }
        let pair = Pair { file, there: Source::open(there, file)?, now: Source::open(now, file)? };
        if !sample.all && !pair.is_numbered() {
            found.not_compared.push(file.to_owned());
            continue;
        }
        let before = found.n_differences;
        let rows = pair.compare(sample, found)?;
        let differences = found.n_differences - before;
        found.tables.push(Compared { file: file.to_owned(), rows, differences });
    }
    Ok(())
}

/// A point of a sweep that is in its tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Visited {
    /// Its number.
    pub point: u32,
    /// Number of its replicates (worlds).
    pub replicates: u32,
}

/// The points in the table `file` of a sweep that has points below `n_points`, in ascending order. The column
/// `replicates` has their numbers of replicates.
///
/// # Errors
/// If the table cannot be read, or has no point or others than those of the sweep.
pub(crate) fn read_visited(
    dir: &Path,
    file: &str,
    replicates: &str,
    n_points: u64,
) -> Result<Vec<Visited>, ReadError> {
    let mut table = Source::open(dir, file)?;
    let [point, replicates] = table.columns(["point", replicates])?;
    let mut visited: Vec<Visited> = Vec::new();
    while table.next()? {
        let row = Visited { point: table.count(point)?, replicates: table.count(replicates)? };
        match visited.last_mut() {
            // Some metrics are not reported by all replicates.
            Some(last) if last.point == row.point => last.replicates = last.replicates.max(row.replicates),
            Some(last) if last.point > row.point => {
                return Err(table.fault(point, "expected points in ascending order"));
            }
            _ if u64::from(row.point) >= n_points => {
                return Err(table.fault(point, &format!("expected a point of the sweep, below {n_points}")));
            }
            _ => visited.push(row),
        }
    }
    if visited.is_empty() {
        return Err(ReadError::about(&dir.join(file), "it has no rows", RUN_AGAIN));
    }
    Ok(visited)
}

fn whole(file: &str, line: Option<u32>, there: Option<&str>, now: Option<&str>) -> Difference {
    let [there, now] = [there, now].map(|text| text.map(str::to_owned));
    Difference { file: file.to_owned(), line, column: None, there, now }
}

/// The same table of both runs.
struct Pair<'a> {
    file: &'a str,
    there: Source<'a>,
    now: Source<'a>,
}

impl Pair<'_> {
    /// Whether the first column numbers replicates, worlds or points, in ascending order.
    fn is_numbered(&self) -> bool {
        self.there
            .header()
            .first()
            .is_some_and(|name| ["replicate", "world", "point"].contains(&name.as_str()))
    }

    /// Compares all rows of the sample. Returns how many rows of the result were compared.
    fn compare(mut self, sample: &Sample, found: &mut Comparison) -> Result<u64, ReadError> {
        let columns = self.columns(sample, found);
        let numbered = self.is_numbered();
        let mut rows = 0;
        let (mut there, mut now) = (self.next_there(sample)?, self.next_now(sample)?);
        loop {
            match (there, now) {
                (None, None) => return Ok(rows),
                // Of rows with different numbers, the lower one is missing in the other table.
                (Some(a), b) if b.is_none_or(|b| a < b) => {
                    found.add(whole(self.file, self.there.line(), Some("a row"), None));
                    there = self.next_there(sample)?;
                }
                (a, Some(b)) if a.is_none_or(|a| b < a) => {
                    let first = self.there.header().first().map_or("", String::as_str);
                    let row = if numbered { format!("a row of {first} {b}") } else { "a row".to_owned() };
                    found.add(whole(self.file, None, None, Some(&row)));
                    now = self.next_now(sample)?;
                }
                _ => {
                    rows += 1;
                    self.compare_row(&columns, found);
                    there = self.next_there(sample)?;
                    now = self.next_now(sample)?;
                }
            }
        }
    }

    /// The columns of both tables, by position, without the number of the row. Columns that depend on all points of a
    /// sweep are compared only if all are run again.
    fn columns(&self, sample: &Sample, found: &mut Comparison) -> Vec<[usize; 2]> {
        let mut both = Vec::new();
        let header = self.there.header().iter().enumerate().skip(self.is_numbered().into());
        for (place, name) in header.filter(|(_, name)| sample.all || !OF_ALL_POINTS.contains(&name.as_str()))
        {
            match self.now.column(name) {
                Some(other) => both.push([place, other]),
                None => found.add(Difference {
                    column: Some(name.clone()),
                    ..whole(self.file, Some(1), Some("a column"), None)
                }),
            }
        }
        both
    }

    fn compare_row(&self, columns: &[[usize; 2]], found: &mut Comparison) {
        for &[a, b] in columns {
            let (there, now) = (self.there.text(a), self.now.text(b));
            if there != now {
                found.add(Difference {
                    column: Some(self.there.header()[a].clone()),
                    ..whole(self.file, self.there.line(), Some(there), Some(now))
                });
            }
        }
    }

    /// Moves to the result's next row in the sample, and returns its number; 0 in a table without numbers.
    fn next_there(&mut self, sample: &Sample) -> Result<Option<u32>, ReadError> {
        let numbered = self.is_numbered();
        while self.there.next()? {
            let number = if numbered { self.there.count(0)? } else { 0 };
            if !numbered || sample.has(number) {
                return Ok(Some(number));
            }
        }
        Ok(None)
    }

    /// The same for the second run.
    fn next_now(&mut self, sample: &Sample) -> Result<Option<u32>, ReadError> {
        if !self.now.next()? {
            return Ok(None);
        }
        Ok(Some(if self.is_numbered() { sample.number_there(self.now.count(0)?) } else { 0 }))
    }
}

#[cfg(test)]
mod tests;
