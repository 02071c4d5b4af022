//! Reports: one page about a result, made from its files alone.
//!
//! The page is a single HTML document that needs nothing else: no network, no other file. It repeats the sentences that
//! the command printed, which the manifest has, and holds the charts as SVG with their numbers in tables.

mod figures;
mod page;
mod sections;
mod style;
mod together;

use std::path::{Path, PathBuf};

use crate::chart::{self, ChartError, Figure};
use crate::parallel::ThreadPool;
use crate::results::{
    About, REPORT, ReadError, create_folder, hold, is_report, is_there, remove_drafts, verify, write_derived,
};

/// Writes `report.html` about the result in `dir` into this folder. It has charts if the result was made with charts.
/// It is the same, byte for byte, as the one that the command wrote.
///
/// # Errors
/// If a file of the result is not as its manifest says, a table cannot be read, or the page cannot be written.
///
/// ```
/// use mingle::{Progress, RunOptions, Scenario, ThreadPool};
///
/// let scenario = Scenario::parse("rounds = 8\nreplicates = 2\n[population]\nagents = 60", &[])?;
/// let pool = ThreadPool::new(1)?;
/// let dir = std::env::temp_dir().join(format!("mingle-report-{}", std::process::id()));
/// let options = RunOptions { charts: true, ..RunOptions::default() };
/// mingle::run_to(&dir, &scenario, options, &pool, &Progress::default())?;
///
/// let page = std::fs::read_to_string(mingle::report(&dir, &pool)?)?;
/// assert!(page.starts_with("<!DOCTYPE html>") && page.contains("<svg"));
/// # std::fs::remove_dir_all(&dir)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn report(dir: &Path, pool: &ThreadPool) -> Result<PathBuf, ChartError> {
    let _held = hold(dir);
    verified(dir)?;
    again(dir, pool)
}

/// Writes `report.html` about the result in `dir`, with charts if it was made with charts. Without charts only the
/// manifest is read.
///
/// # Errors
/// As [`report`].
pub(crate) fn again(dir: &Path, pool: &ThreadPool) -> Result<PathBuf, ChartError> {
    let figures = if About::read(dir)?.options.charts { chart::figures(dir, pool)? } else { Vec::new() };
    write(dir, &figures)
}

/// Writes `report.html` about the result in `dir`, whose charts were drawn already.
///
/// # Errors
/// If the manifest cannot be read, or the page cannot be written.
pub(crate) fn write(dir: &Path, figures: &[Figure]) -> Result<PathBuf, ChartError> {
    let about = About::read(dir)?;
    // As the result was made, also if its charts were drawn later.
    let figures = if about.options.charts { figures } else { &[] };
    save(dir, &page::of_result(&about, figures))
}

/// Writes one page about several results of one kind into the folder `out`.
///
/// # Errors
/// As [`crate::compare`], or if the page cannot be written.
pub fn report_together(dirs: &[PathBuf], out: &Path, pool: &ThreadPool) -> Result<PathBuf, ChartError> {
    let _held: Vec<_> = dirs.iter().map(|dir| hold(dir)).collect();
    let figures = chart::compared(dirs, pool)?;
    let results = dirs.iter().map(|dir| About::read(dir)).collect::<Result<Vec<_>, _>>()?;
    let page = page::of_results(&together::named(&results, dirs), &figures);
    create_folder(out).map_err(|e| ChartError::write(out, &e))?;
    save(out, &page)
}

/// Sees to it that every file of a result is as its manifest says.
fn verified(dir: &Path) -> Result<(), ReadError> {
    Ok(verify(dir)?)
}

/// Writes a page, unless another file has its name.
fn save(dir: &Path, page: &str) -> Result<PathBuf, ChartError> {
    let file = dir.join(REPORT);
    if is_of_the_user(&file)? {
        return Err(ChartError::in_the_way(&file, "a file that is no report of mingle has its name"));
    }
    let (name, format) = REPORT.split_once('.').expect("it has an extension");
    remove_drafts(dir, &[name]);
    write_derived(dir, name, format, page.as_bytes()).map_err(|e| ChartError::write(&file, &e))
}

/// Whether a file that is no report has the name of one, even a link that leads nowhere.
fn is_of_the_user(file: &Path) -> Result<bool, ReadError> {
    Ok(is_there(file)? && !is_report(file)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_report_is_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let page = page::of_result(&About::default(), &[]);
        let file = save(dir.path(), &page).unwrap();
        save(dir.path(), &page).unwrap();
        std::fs::write(&file, "<!DOCTYPE html><title>mine</title>").unwrap();
        let error = save(dir.path(), &page).unwrap_err().to_string();
        assert!(error.contains("report.html: cannot be written: a file that is no report"), "{error}");
        assert!(std::fs::read_to_string(&file).unwrap().contains("mine"));
    }
}
