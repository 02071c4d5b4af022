//! A result folder while it is written: nothing in it changes until all of it is whole.

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::table::{TableWriter, sha256};
use super::{Fault, ResultsError, Table};

/// A file of a result, as the manifest lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileNote {
    /// Name within the result folder.
    pub path: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Rows without the header, for a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
}

/// The manifest's name; a folder that has it is a whole result.
pub(super) const MANIFEST: &str = "manifest.json";

/// Every file that some command writes to a result folder: what overwriting may remove.
const OWN_FILES: &[&str] = &[
    MANIFEST,
    "datapackage.json",
    "rounds.csv",
    "summary.csv",
    "contrasts.csv",
    "flows.csv",
    "regions.csv",
    "distribution.csv",
    "agents.csv",
    "survival.csv",
    "bet.csv",
    "bet_summary.csv",
    "bet_channels.csv",
    "bet_others.csv",
    "bet_parts.csv",
    "bet_crossover.csv",
    "bet_crossover_summary.csv",
    "sweep.csv",
    "sweep_contrasts.csv",
    "sweep_bet.csv",
    "sweep_morris.csv",
    "sweep_sobol.csv",
    "sweep_noise.csv",
];

/// Where the charts of a result are, and the names of those that may be there, without their format.
/// Drawn from the tables, they outlive no tables.
const CHARTS: &str = "charts";
const OWN_CHARTS: &[&str] = &[
    "net_over_time",
    "benefit_by_channel",
    "calls",
    "opinion",
    "mixers",
    "final_benefit",
    "flows",
    "regions",
    "survival",
    "shares",
    "bet_difference",
    "bet_distribution",
    "bet_channels",
    "bet_parts",
    "bet_crossover",
    "sweep_difference",
    "sweep_net",
    "sweep_map",
    "sweep_tornado",
    "sweep_morris",
    "sweep_sobol",
    "sweep_scatter",
];

/// Held locked while a run writes to the folder.
const LOCK: &str = ".mingle-writing";

/// A folder that this process alone writes a result to. Dropped before [`Folder::commit`], it leaves everything as it was.
pub(super) struct Folder {
    dir: PathBuf,
    /// Whether the folder is ours to remove if nothing comes of it.
    made: bool,
    /// Released by the operating system if the process is killed.
    lock: Option<File>,
    /// Names of the files of the new result, each still under its temporary name.
    pending: BTreeSet<String>,
}

impl Folder {
    /// Takes hold of a folder for a new result, making it if need be.
    pub(super) fn claim(dir: &Path, force: bool) -> Result<Self, ResultsError> {
        let fault = |fault| ResultsError { path: dir.to_owned(), tried: "write a result to", fault };
        let made = match fs::metadata(dir) {
            Ok(found) if !found.is_dir() => return Err(fault(Fault::NotAFolder)),
            Ok(_) => false,
            Err(_) => true,
        };
        if !force && OWN_FILES.iter().any(|name| dir.join(name).exists()) {
            return Err(fault(Fault::Exists));
        }
        fs::create_dir_all(dir).map_err(|e| ResultsError::io(dir, "create the folder", e))?;
        let mut folder = Self { dir: dir.to_owned(), made, lock: None, pending: BTreeSet::new() };
        let path = dir.join(LOCK);
        let lock = File::create(&path).map_err(|e| ResultsError::io(&path, "create", e))?;
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) => return Err(fault(Fault::Busy)),
            // Some network disks know no locks; two runs into one folder are then the user's care.
            Ok(()) | Err(TryLockError::Error(_)) => folder.lock = Some(lock),
        }
        // What a killed run left behind.
        for name in OWN_FILES {
            remove(&folder.partial(name))?;
        }
        Ok(folder)
    }

    /// Removes what a process that was killed after its last file left beside a whole result.
    pub(super) fn tidy(dir: &Path) -> Result<(), ResultsError> {
        match Self::claim(dir, true) {
            Ok(folder) => drop(folder),
            // Whoever is at it clears up after itself.
            Err(ResultsError { fault: Fault::Busy, .. }) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Starts a table.
    pub(super) fn table(&mut self, table: Table) -> Result<TableWriter, ResultsError> {
        let (path, file) = self.start(&table.file())?;
        TableWriter::new(table, path, file)
    }

    /// Adds a whole file.
    pub(super) fn write(&mut self, name: &str, text: &str) -> Result<FileNote, ResultsError> {
        let (path, mut file) = self.start(name)?;
        file.write_all(text.as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(|e| ResultsError::io(&path, "write", e))?;
        let sha256 = sha256(text.as_bytes());
        Ok(FileNote { path: name.to_owned(), sha256, bytes: text.len() as u64, rows: None })
    }

    /// Gives every file its real name, in place of an older result's, and removes what only the older one had.
    ///
    /// The old manifest goes first and the new one comes last, so at no time does a manifest
    /// stand beside tables that are not its own.
    pub(super) fn commit(mut self) -> Result<(), ResultsError> {
        assert!(self.pending.contains(MANIFEST), "a result without a manifest is not whole");
        remove(&self.dir.join(MANIFEST))?;
        for name in OWN_FILES.iter().filter(|&&name| !self.pending.contains(name)) {
            remove(&self.dir.join(name))?;
        }
        self.remove_charts()?;
        let (last, first): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.pending).into_iter().partition(|name| name == MANIFEST);
        for name in first.iter().chain(&last) {
            let path = self.dir.join(name);
            fs::rename(self.partial(name), &path).map_err(|e| ResultsError::io(&path, "write", e))?;
        }
        self.made = false;
        // Names reach the disk with their folder; where folders cannot be opened (Windows) they do without.
        if let Ok(folder) = File::open(&self.dir) {
            let _ = folder.sync_all();
        }
        Ok(())
    }

    /// Removes the charts of an older result, and their folder if nothing else is in it.
    fn remove_charts(&self) -> Result<(), ResultsError> {
        let charts = self.dir.join(CHARTS);
        for (name, format) in OWN_CHARTS.iter().flat_map(|name| [(name, "svg"), (name, "png")]) {
            remove(&charts.join(format!("{name}.{format}")))?;
        }
        // Refused where the user keeps something there, or where there is no such folder.
        let _ = fs::remove_dir(&charts);
        Ok(())
    }

    /// Opens a file of the new result under its temporary name.
    fn start(&mut self, name: &str) -> Result<(PathBuf, File), ResultsError> {
        assert!(OWN_FILES.contains(&name), "{name} is not known as a file of a result");
        let path = self.partial(name);
        let file = File::create(&path).map_err(|e| ResultsError::io(&path, "create", e))?;
        self.pending.insert(name.to_owned());
        Ok((path, file))
    }

    /// The temporary name of a file.
    fn partial(&self, name: &str) -> PathBuf {
        self.dir.join(format!(".{name}.partial"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Nothing can be reported from here; what stays behind is removed by the next run.
        for name in &self.pending {
            let _ = fs::remove_file(self.partial(name));
        }
        // Removed while it is held, so that it is not another's by then.
        if self.lock.is_some() {
            let _ = fs::remove_file(self.dir.join(LOCK));
        }
        if self.made {
            let _ = fs::remove_dir(&self.dir);
        }
    }
}

/// Removes a file that need not be there.
fn remove(path: &Path) -> Result<(), ResultsError> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != ErrorKind::NotFound => Err(ResultsError::io(path, "remove", e)),
        Ok(()) | Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn whole(dir: &Path, files: &[&str]) {
        let mut folder = Folder::claim(dir, true).unwrap();
        for name in files {
            folder.write(name, name).unwrap();
        }
        folder.commit().unwrap();
    }

    #[test]
    fn an_abandoned_result_leaves_no_trace() {
        let parent = tempfile::tempdir().unwrap();
        let dir = parent.path().join("result");
        let mut folder = Folder::claim(&dir, false).unwrap();
        folder.write("rounds.csv", "half").unwrap();
        assert!(dir.exists());
        drop(folder);
        assert!(!dir.exists());
    }

    #[test]
    fn a_result_is_overwritten_only_by_force() {
        let parent = tempfile::tempdir().unwrap();
        whole(parent.path(), &[MANIFEST]);
        let error = Folder::claim(parent.path(), false).err().unwrap();
        assert!(matches!(error.fault, Fault::Exists));
    }

    #[test]
    fn an_old_result_outlives_a_new_one_that_fails() {
        let parent = tempfile::tempdir().unwrap();
        whole(parent.path(), &[MANIFEST, "agents.csv"]);
        let mut folder = Folder::claim(parent.path(), true).unwrap();
        folder.write(MANIFEST, "new").unwrap();
        drop(folder);
        assert_eq!(names(parent.path()), ["agents.csv", MANIFEST]);
        assert_eq!(fs::read_to_string(parent.path().join(MANIFEST)).unwrap(), MANIFEST);
    }

    #[test]
    fn overwriting_removes_what_only_the_old_result_had_and_nothing_else() {
        let parent = tempfile::tempdir().unwrap();
        fs::write(parent.path().join("notes.txt"), "mine").unwrap();
        whole(parent.path(), &[MANIFEST, "agents.csv", "rounds.csv"]);
        let charts = parent.path().join(CHARTS);
        fs::create_dir(&charts).unwrap();
        for name in ["flows.svg", "flows.png", "mine.svg"] {
            fs::write(charts.join(name), "").unwrap();
        }
        whole(parent.path(), &[MANIFEST, "rounds.csv"]);
        assert_eq!(names(parent.path()), [CHARTS, MANIFEST, "notes.txt", "rounds.csv"]);
        assert_eq!(names(&charts), ["mine.svg"]);
    }

    #[test]
    fn two_runs_do_not_share_a_folder() {
        let parent = tempfile::tempdir().unwrap();
        let _first = Folder::claim(parent.path(), false).unwrap();
        let error = Folder::claim(parent.path(), false).err().unwrap();
        assert!(matches!(error.fault, Fault::Busy));
        // The refused one has not taken the lock away.
        assert!(parent.path().join(LOCK).exists());
    }

    #[test]
    fn what_a_killed_process_left_beside_a_whole_result_goes_unless_somebody_is_at_it() {
        let parent = tempfile::tempdir().unwrap();
        whole(parent.path(), &[MANIFEST]);
        for name in [LOCK, ".rounds.csv.partial"] {
            fs::write(parent.path().join(name), "").unwrap();
        }
        let busy = Folder::claim(parent.path(), true).unwrap();
        Folder::tidy(parent.path()).unwrap();
        assert!(parent.path().join(LOCK).exists());
        drop(busy);
        fs::write(parent.path().join(LOCK), "").unwrap();
        Folder::tidy(parent.path()).unwrap();
        assert_eq!(names(parent.path()), [MANIFEST]);
    }

    #[test]
    fn a_file_is_not_taken_for_a_folder() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("file");
        fs::write(&path, "").unwrap();
        assert!(matches!(Folder::claim(&path, true).err().unwrap().fault, Fault::NotAFolder));
    }
}
