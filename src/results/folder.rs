//! A result folder while it is written. An existing result in it does not change until the new one is complete.

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use super::commit;
use super::own::{LOCK, MANIFEST, OWN_FILES, has_result, has_unfinished_sweep};
use super::sink::{FileNote, Sink, sha256};
use super::table::TableWriter;
use super::there::{create_folder, is_there, named, target};
use super::{Fault, ResultsError, Table};

/// A folder locked by this process for a new result. If it is dropped before [`Folder::commit`], the folder is left as
/// it was.
pub(super) struct Folder {
    dir: PathBuf,
    /// Whether this process made the folder, and so removes it if the result is not completed.
    made: bool,
    /// The open lock file, which holds the lock.
    #[allow(dead_code, reason = "closing the file releases the lock")]
    lock: File,
    /// Names of the new result's files, which still have temporary names.
    pending: BTreeSet<String>,
}

impl Folder {
    /// Locks a folder for a new result, and makes it if it does not exist.
    ///
    /// # Errors
    /// If a result or an unfinished sweep exists and `force` is not set, if another process has locked the folder, or
    /// if the folder cannot be written to.
    pub(super) fn claim(dir: &Path, force: bool) -> Result<Self, ResultsError> {
        let folder = Self::lock(dir)?;
        if !force && has_result(dir)? {
            return Err(refused(dir, Fault::Exists));
        }
        if !force && has_unfinished_sweep(dir)? {
            return Err(refused(dir, Fault::Unfinished));
        }
        Ok(folder)
    }

    /// Locks a folder, whatever it contains, and recovers from a killed process.
    pub(super) fn lock(dir: &Path) -> Result<Self, ResultsError> {
        let there = target(dir)?;
        if there.as_ref().is_some_and(|there| !there.is_dir()) {
            return Err(refused(dir, Fault::NotAFolder));
        }
        let lock = lock(dir)?;
        let folder = Self { dir: dir.to_owned(), made: there.is_none(), lock, pending: BTreeSet::new() };
        commit::check_obstacles(dir)?;
        commit::recover(dir)?;
        Ok(folder)
    }

    /// Starts a table.
    pub(super) fn table(&mut self, table: Table) -> Result<TableWriter, ResultsError> {
        let name = table.file();
        self.table_in(table, &name)
    }

    /// Starts a table in a file of this name.
    pub(super) fn table_in(&mut self, table: Table, name: &str) -> Result<TableWriter, ResultsError> {
        let (path, sink) = self.stream(name)?;
        TableWriter::new(table, name, path, sink)
    }

    /// Opens a file of the new result for writing, and tells where it is until the result is complete.
    pub(super) fn stream(&mut self, name: &str) -> Result<(PathBuf, Sink), ResultsError> {
        let (path, file) = self.start(name)?;
        Ok((path, Sink::File(file)))
    }

    /// Writes a complete file.
    pub(super) fn write(&mut self, name: &str, text: &str) -> Result<FileNote, ResultsError> {
        let (path, mut file) = self.start(name)?;
        file.write_all(text.as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(|e| ResultsError::io(&path, "write", e))?;
        let sha256 = sha256(text.as_bytes());
        Ok(FileNote { path: name.to_owned(), sha256, bytes: text.len() as u64, rows: None })
    }

    /// Gives every file its final name. They replace the files of an older result; its other files are removed.
    ///
    /// # Errors
    /// If the disk fails. Then the older result is still there.
    pub(super) fn commit(&mut self) -> Result<(), ResultsError> {
        assert!(self.pending.contains(MANIFEST), "a result without a manifest is not complete");
        commit::commit(&self.dir, &mut self.pending)?;
        self.made = false;
        Ok(())
    }

    /// Removes a file of the new result.
    pub(super) fn discard(&mut self, name: &str) {
        // A file that cannot be removed is a draft, which the next command removes.
        let _ = fs::remove_file(commit::draft(&self.dir, name));
        self.pending.remove(name);
    }

    /// Opens a file of the new result under its temporary name.
    fn start(&mut self, name: &str) -> Result<(PathBuf, File), ResultsError> {
        assert!(OWN_FILES.contains(&name), "{name} is not known as a file of a result");
        let path = commit::draft(&self.dir, name);
        // Always a new file, so that a link with this name cannot redirect the write.
        let file = File::create_new(&path).map_err(|e| ResultsError::io(&path, "create", e))?;
        self.pending.insert(name.to_owned());
        Ok((path, file))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Errors cannot be reported here. The next command removes remaining files.
        for name in &self.pending {
            let _ = fs::remove_file(commit::draft(&self.dir, name));
        }
        // Removed while the lock is held. Processes that have opened the file detect that it is gone.
        let _ = fs::remove_file(self.dir.join(LOCK));
        if self.made {
            let _ = fs::remove_dir(&self.dir);
        }
    }
}

/// Completes or restores a result that a killed process left displaced.
///
/// # Errors
/// If another process is writing to the folder, or the disk fails.
pub(crate) fn settle(dir: &Path) -> Result<(), ResultsError> {
    if commit::is_displaced(dir)? { Folder::lock(dir).map(drop) } else { Ok(()) }
}

fn refused(dir: &Path, fault: Fault) -> ResultsError {
    ResultsError { path: dir.to_owned(), tried: "write a result to", fault }
}

/// Makes the folder and its lock file if they do not exist, and locks the file. The operating system releases the lock
/// if the process is killed.
fn lock(dir: &Path) -> Result<File, ResultsError> {
    /// A try fails only if another process releases its lock at the same moment.
    const TRIES: u32 = 1000;
    let path = dir.join(LOCK);
    for _ in 0..TRIES {
        match create_folder(dir) {
            // The folder existed, but has been removed since.
            Err(e) if e.kind() == ErrorKind::AlreadyExists && !is_there(dir)? => continue,
            made => made.map_err(|e| ResultsError::io(dir, "create the folder", e))?,
        }
        if named(&path)?.is_some_and(|found| !found.is_file()) {
            let fault = Fault::InTheWay("it is a link or a folder".to_owned());
            return Err(ResultsError { path, tried: "lock", fault });
        }
        let file = match open_lock(&path) {
            Err(e) if e.kind() == ErrorKind::NotFound => continue,
            opened => opened.map_err(|e| ResultsError::io(&path, "open", e))?,
        };
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Err(refused(dir, Fault::Busy(holder(&file)))),
            // Some network disks have no locks. Then users must not run two commands in one folder.
            Err(TryLockError::Error(_)) => return Ok(file),
            Ok(()) if is_at(&file, &path)? => {
                say_who(&file);
                return Ok(file);
            }
            // Its owner removed the file after this process opened it.
            Ok(()) => {}
        }
    }
    Err(refused(dir, Fault::Busy(None)))
}

/// Writes into the lock file which process holds the lock, for the message to others. It is no harm if that fails.
fn say_who(mut file: &File) {
    let _ = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
}

/// The process that holds the lock, if its file says so.
fn holder(file: &File) -> Option<u32> {
    /// A number with its line end.
    const BYTES_MAX: u64 = 11;
    let mut text = String::new();
    file.take(BYTES_MAX).read_to_string(&mut text).ok()?;
    text.trim_end().parse().ok()
}

/// Makes the lock file, or opens an existing one, which can be left from a killed process.
fn open_lock(path: &Path) -> io::Result<File> {
    match File::create_new(path) {
        Err(e) if e.kind() == ErrorKind::AlreadyExists => {}
        made => return made,
    }
    File::options().read(true).write(true).open(path)
}

/// Whether a file still has this name.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> Result<bool, ResultsError> {
    use std::os::unix::fs::MetadataExt;
    let place = |found: &fs::Metadata| (found.dev(), found.ino());
    let held = file.metadata().map_err(|e| ResultsError::io(path, "read", e))?;
    Ok(named(path)?.is_some_and(|named| place(&held) == place(&named)))
}

/// Other systems have no file numbers to compare, so this checks only that a file with this name exists.
#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> Result<bool, ResultsError> {
    is_there(path)
}

#[cfg(test)]
mod tests {
    use super::super::own::CHARTS;
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
        let copies = parent.path().join("parquet");
        fs::create_dir(&copies).unwrap();
        for name in ["rounds.parquet", "events.parquet", "mine.parquet"] {
            fs::write(copies.join(name), "").unwrap();
        }
        whole(parent.path(), &[MANIFEST, "rounds.csv"]);
        assert_eq!(names(parent.path()), [CHARTS, MANIFEST, "notes.txt", "parquet", "rounds.csv"]);
        assert_eq!(names(&charts), ["mine.svg"]);
        assert_eq!(names(&copies), ["mine.parquet"]);
    }

    #[test]
    fn two_runs_do_not_share_a_folder() {
        let parent = tempfile::tempdir().unwrap();
        let _first = Folder::claim(parent.path(), false).unwrap();
        let error = Folder::claim(parent.path(), false).err().unwrap();
        assert!(matches!(error.fault, Fault::Busy(Some(process)) if process == std::process::id()));
        assert!(error.to_string().contains(&format!("(process {});", std::process::id())), "{error}");
        // The refused process has not removed the lock file.
        assert!(parent.path().join(LOCK).exists());
    }

    #[test]
    fn an_unfinished_sweep_is_overwritten_only_by_force() {
        let parent = tempfile::tempdir().unwrap();
        let parts = parent.path().join("parts");
        fs::create_dir(&parts).unwrap();
        let text = "{\"random_numbers\": \"\", \"scenario\": \"\", \"resolved\": \"\"}";
        fs::write(parts.join("plan.json"), text).unwrap();
        assert!(matches!(Folder::claim(parent.path(), false).err().unwrap().fault, Fault::Unfinished));
        drop(Folder::claim(parent.path(), true).unwrap());
        assert_eq!(names(&parts), ["plan.json"], "a failure removes nothing");
    }

    #[test]
    fn files_of_a_killed_process_are_removed_unless_the_folder_is_locked() {
        let parent = tempfile::tempdir().unwrap();
        whole(parent.path(), &[MANIFEST]);
        for name in [LOCK, ".rounds.csv.partial"] {
            fs::write(parent.path().join(name), "").unwrap();
        }
        let mut busy = Folder::lock(parent.path()).unwrap();
        assert_eq!(names(parent.path()), [LOCK, MANIFEST]);
        busy.write("rounds.csv", "").unwrap();
        assert!(matches!(Folder::lock(parent.path()).err().unwrap().fault, Fault::Busy(_)));
        assert_eq!(names(parent.path()), [LOCK, ".rounds.csv.partial", MANIFEST]);
    }

    #[test]
    fn a_removed_lock_file_does_not_count_as_a_lock() {
        let parent = tempfile::tempdir().unwrap();
        let dir = parent.path().join("result");
        let holders = std::sync::atomic::AtomicU32::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..200 {
                        let folder = match Folder::lock(&dir) {
                            Err(ResultsError { fault: Fault::Busy(_), .. }) => continue,
                            locked => locked.unwrap(),
                        };
                        let others = holders.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                        assert_eq!(others, 0, "two hold the folder");
                        std::thread::yield_now();
                        holders.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
                        drop(folder);
                    }
                });
            }
        });
        assert!(!dir.join(LOCK).exists());
    }

    #[cfg(unix)]
    #[test]
    fn links_in_the_folder_do_not_redirect_writes() {
        use std::os::unix::fs::symlink;
        let parent = tempfile::tempdir().unwrap();
        let (dir, victim) = (parent.path().join("result"), parent.path().join("victim"));
        let nowhere = parent.path().join("nowhere");
        fs::write(&victim, "precious").unwrap();
        for target in [&victim, &nowhere] {
            fs::create_dir(&dir).unwrap();
            // As the lock: refused, because it can be a file of the user.
            symlink(target, dir.join(LOCK)).unwrap();
            let error = Folder::lock(&dir).err().unwrap().to_string();
            assert!(error.contains("it is a link or a folder; move it away, or choose"), "{error}");
            fs::remove_file(dir.join(LOCK)).unwrap();
            // As a file of a result, even where it leads nowhere.
            symlink(target, dir.join("summary.csv")).unwrap();
            assert!(matches!(Folder::claim(&dir, false).err().unwrap().fault, Fault::Exists));
            // As a draft, and overwritten by force.
            symlink(target, dir.join(".rounds.csv.partial")).unwrap();
            whole(&dir, &[MANIFEST, "rounds.csv", "summary.csv"]);
            assert!(fs::symlink_metadata(dir.join("summary.csv")).unwrap().is_file());
            assert_eq!(fs::read_to_string(&victim).unwrap(), "precious");
            assert!(!nowhere.exists());
            fs::remove_dir_all(&dir).unwrap();
        }
    }

    #[test]
    fn a_folder_in_the_way_is_named_before_any_work_is_done() {
        let parent = tempfile::tempdir().unwrap();
        whole(parent.path(), &[MANIFEST]);
        fs::create_dir(parent.path().join("agents.csv")).unwrap();
        let error = Folder::claim(parent.path(), true).err().unwrap().to_string();
        assert!(error.contains("agents.csv: a folder has its name; move it away"), "{error}");
        assert_eq!(names(parent.path()), ["agents.csv", MANIFEST]);
    }

    #[test]
    fn a_file_is_not_taken_for_a_folder() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("file");
        fs::write(&path, "").unwrap();
        assert!(matches!(Folder::claim(&path, true).err().unwrap().fault, Fault::NotAFolder));
    }
}
