//! What the program writes in a result folder, by name. Nothing else there is ever changed or removed.

use std::collections::hash_map::RandomState;
use std::fs::{self, File};
use std::hash::{BuildHasher, Hasher};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::ResultsError;
use super::charts::{self, CHART_FORMATS};
use super::there::{is_there, named};

/// Name of the manifest; a folder with a manifest is a complete result.
pub(super) const MANIFEST: &str = "manifest.json";

/// The log of events of a run.
pub(super) const EVENTS: &str = "events.csv";
/// The same, compressed.
pub(super) const EVENTS_GZIP: &str = "events.csv.gz";

/// The networks of a run.
pub(super) const NODES: &str = "nodes.csv";
pub(super) const TIES: &str = "ties.csv";
pub(super) const GRAPHML: &str = "network.graphml";
pub(super) const GEXF: &str = "network.gexf";

/// Every file that a command writes to a result folder. Overwriting can remove these files only.
pub(super) const OWN_FILES: &[&str] = &[
    MANIFEST,
    "datapackage.json",
    "rounds.csv",
    "summary.csv",
    "contrasts.csv",
    "stationarity.csv",
    "changes.csv",
    "flows.csv",
    "regions.csv",
    "distribution.csv",
    "spread.csv",
    "people_sample.csv",
    "ties_sample.csv",
    "agents.csv",
    EVENTS,
    EVENTS_GZIP,
    NODES,
    TIES,
    GRAPHML,
    GEXF,
    "survival.csv",
    "bet.csv",
    "bet_summary.csv",
    "bet_channels.csv",
    "bet_others.csv",
    "bet_parts.csv",
    "bet_crossover.csv",
    "bet_crossover_summary.csv",
    "story.csv",
    "sweep.csv",
    "sweep_contrasts.csv",
    "sweep_stationarity.csv",
    "sweep_bet.csv",
    "sweep_morris.csv",
    "sweep_sobol.csv",
    "sweep_noise.csv",
    "sweep_traits.csv",
    "validation.csv",
    "evidence.csv",
    REPORT,
];

/// The page about the result. Like charts it is made from the other files, and the manifest does not list it.
pub(crate) const REPORT: &str = "report.html";

/// The beginning of what says in a page that this program made it.
pub(crate) const REPORT_MARK: &str = "<meta name=\"generator\" content=\"mingle ";

/// Folder of the charts of a result. They are drawn from the tables and removed with them.
pub(super) const CHARTS: &str = "charts";

/// Folder of the copies of tables as Parquet. They are made from the tables and removed with them.
pub(super) const PARQUET: &str = "parquet";
/// End of their names, without the dot.
pub(super) const PARQUET_FORMAT: &str = "parquet";

/// File that is locked while a command writes to the folder.
pub(super) const LOCK: &str = ".mingle-writing";

/// Folder of the parts of an unfinished sweep within a result folder.
pub(super) const PARTS: &str = "parts";
/// File in it with the specification of the sweep.
pub(super) const SPECIFICATION: &str = "plan.json";

/// Name of the file in which a merge collects all parts.
pub(super) const MERGED: &str = "merged";

/// Whether a page with the name of a report is one of this program. Another one belongs to the user.
///
/// # Errors
/// If it cannot be read.
pub(crate) fn is_report(file: &Path) -> Result<bool, ResultsError> {
    /// The mark of a report is among its first bytes.
    const BEGINNING: u64 = 1024;
    if !named(file)?.is_some_and(|found| found.is_file()) {
        return Ok(false);
    }
    let mut text = Vec::new();
    let read = File::open(file).and_then(|file| file.take(BEGINNING).read_to_end(&mut text));
    read.map_err(|e| ResultsError::io(file, "read", e))?;
    Ok(String::from_utf8_lossy(&text).contains(REPORT_MARK))
}

/// Whether the folder has any file of a result.
pub(super) fn has_result(dir: &Path) -> Result<bool, ResultsError> {
    any_is_there(OWN_FILES.iter().map(|name| dir.join(name)))
}

/// Whether any of these is there.
pub(super) fn any_is_there(mut paths: impl Iterator<Item = PathBuf>) -> Result<bool, ResultsError> {
    paths.try_fold(false, |any, path| Ok(any || is_there(&path)?))
}

/// Whether an unfinished sweep is in the folder.
pub(crate) fn has_unfinished_sweep(dir: &Path) -> Result<bool, ResultsError> {
    is_specification(&dir.join(PARTS).join(SPECIFICATION))
}

/// Whether the content of a file is the specification of a sweep.
fn is_specification(path: &Path) -> Result<bool, ResultsError> {
    if !named(path)?.is_some_and(|found| found.is_file()) {
        return Ok(false);
    }
    let text = fs::read(path).map_err(|e| ResultsError::io(path, "read", e))?;
    let found: Value = serde_json::from_slice(&text).unwrap_or_default();
    Ok(["random_numbers", "scenario", "resolved"].iter().all(|key| found[key].is_string()))
}

/// Removes a file, if it exists. A link is removed itself, not its target.
pub(super) fn remove(path: &Path) -> Result<(), ResultsError> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != ErrorKind::NotFound => Err(ResultsError::io(path, "remove", e)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Removes the charts of an older result and the copies of its tables, and their folders if nothing else is in them.
pub(super) fn remove_made(dir: &Path) -> Result<(), ResultsError> {
    let charts = charts::names().flat_map(|name| CHART_FORMATS.map(|format| format!("{name}.{format}")));
    remove_from(&dir.join(CHARTS), charts)?;
    let tables = OWN_FILES.iter().filter_map(|file| file.split_once(".csv"));
    remove_from(&dir.join(PARQUET), tables.map(|(name, _)| format!("{name}.{PARQUET_FORMAT}")))
}

/// Removes files from a folder, and the folder if nothing else is in it.
fn remove_from(folder: &Path, files: impl Iterator<Item = String>) -> Result<(), ResultsError> {
    // The target of a link belongs to the user.
    if !named(folder)?.is_some_and(|found| found.is_dir()) {
        return Ok(());
    }
    for file in files.map(|file| folder.join(file)).filter(|file| !file.is_dir()) {
        remove(&file)?;
    }
    // This fails if the user keeps something there.
    let _ = fs::remove_dir(folder);
    Ok(())
}

/// Removes the parts of a sweep, and their folder if nothing else is in it.
pub(super) fn remove_parts(dir: &Path) -> Result<(), ResultsError> {
    let parts = dir.join(PARTS);
    let entries = match fs::read_dir(&parts) {
        Ok(entries) => entries,
        Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(()),
        Err(e) => return Err(ResultsError::io(&parts, "read", e)),
    };
    for entry in entries {
        let entry = entry.map_err(|e| ResultsError::io(&parts, "read", e))?;
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if !is_folder && entry.file_name().to_str().is_some_and(is_part) {
            remove(&entry.path())?;
        }
    }
    // Last, because the others cannot be identified without it.
    let specification = parts.join(SPECIFICATION);
    if is_specification(&specification)? {
        remove(&specification)?;
    }
    let _ = fs::remove_dir(&parts);
    Ok(())
}

/// Whether a file in the folder of parts has a name that only this program gives: `part-1-of-4.whole`, or one of
/// a draft.
fn is_part(name: &str) -> bool {
    let draft = name.strip_suffix(".partial").and_then(|rest| rest.rsplit_once('.'));
    match (name.strip_suffix(".whole"), draft) {
        (Some(stem), _) => is_part_stem(stem),
        (None, Some((stem, word))) => {
            is_unique(word) && (stem == SPECIFICATION || stem == MERGED || is_part_stem(stem))
        }
        (None, None) => false,
    }
}

/// Whether this is `part-1-of-4`.
fn is_part_stem(stem: &str) -> bool {
    let numbers = stem.strip_prefix("part-").and_then(|rest| rest.split_once("-of-"));
    numbers.is_some_and(|(task, tasks)| task.parse::<u32>().is_ok() && tasks.parse::<u32>().is_ok())
}

/// Whether a word is of the kind that [`unique`] gives.
fn is_unique(word: &str) -> bool {
    let hexadecimal = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_hexdigit());
    word.split_once('-').is_some_and(|(process, random)| hexadecimal(process) && hexadecimal(random))
}

/// A word that is unique to a draft, across all machines. It is not part of any result.
pub(super) fn unique() -> String {
    let word = || RandomState::new().build_hasher().finish();
    format!("{}-{:016x}", std::process::id(), word())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: &str = "{\"random_numbers\": \"\", \"scenario\": \"\", \"resolved\": \"\"}";

    #[test]
    fn only_what_has_a_name_of_ours_is_removed_from_the_folder_of_parts() {
        let dir = tempfile::tempdir().unwrap();
        let parts = dir.path().join(PARTS);
        let own = [
            SPECIFICATION.to_owned(),
            "part-0-of-2.whole".into(),
            "part-1-of-2.7-a.partial".into(),
            format!("{MERGED}.{}.partial", unique()),
            format!("{SPECIFICATION}.{}.partial", unique()),
        ];
        let others = [
            "thesis.txt",
            "part-0-of-2.csv",
            "part-x-of-2.whole",
            "part-0-of-2.notes.partial",
            "part-0-of-2.my-notes.partial",
            "part-0-of-2.-a.partial",
            "a.partial",
        ];
        fs::create_dir(&parts).unwrap();
        for name in own.iter().map(String::as_str).chain(others) {
            fs::write(parts.join(name), if name == SPECIFICATION { PLAN } else { "" }).unwrap();
        }
        fs::create_dir(parts.join("part-3-of-4.whole")).unwrap();
        assert!(has_unfinished_sweep(dir.path()).unwrap());
        remove_parts(dir.path()).unwrap();
        let mut left: Vec<String> =
            fs::read_dir(&parts).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        left.sort();
        let mut expected = [&others[..], &["part-3-of-4.whole"]].concat();
        expected.sort_unstable();
        assert_eq!(left, expected);
    }

    #[test]
    fn a_file_that_is_only_called_like_a_specification_stays() {
        let dir = tempfile::tempdir().unwrap();
        let parts = dir.path().join(PARTS);
        fs::create_dir(&parts).unwrap();
        fs::write(parts.join(SPECIFICATION), "{\"scenario\": \"mine\"}").unwrap();
        assert!(!has_unfinished_sweep(dir.path()).unwrap());
        remove_parts(dir.path()).unwrap();
        assert!(parts.join(SPECIFICATION).exists());
        fs::write(parts.join(SPECIFICATION), PLAN).unwrap();
        remove_parts(dir.path()).unwrap();
        assert!(!parts.exists());
    }

    #[test]
    fn what_cannot_be_removed_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        remove(&dir.path().join("gone")).unwrap();
        assert!(remove(dir.path()).is_err(), "it is a folder");
        fs::write(dir.path().join(PARTS), "mine").unwrap();
        remove_parts(dir.path()).unwrap();
        assert_eq!(fs::read_to_string(dir.path().join(PARTS)).unwrap(), "mine");
    }

    #[cfg(unix)]
    #[test]
    fn parts_that_cannot_be_looked_at_are_an_error() {
        let dir = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(dir.path().join(PARTS), dir.path().join(PARTS)).unwrap();
        let error = remove_parts(dir.path()).unwrap_err();
        assert!(error.path.ends_with(PARTS) && error.tried == "read", "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn charts_behind_a_link_stay() {
        let dir = tempfile::tempdir().unwrap();
        let (elsewhere, here) = (dir.path().join("elsewhere"), dir.path().join("here"));
        for folder in [&elsewhere, &here] {
            fs::create_dir(folder).unwrap();
        }
        fs::write(elsewhere.join("flows.svg"), "mine").unwrap();
        std::os::unix::fs::symlink(&elsewhere, here.join(CHARTS)).unwrap();
        remove_made(&here).unwrap();
        assert!(elsewhere.join("flows.svg").exists() && is_there(&here.join(CHARTS)).unwrap());
    }
}
