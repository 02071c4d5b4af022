//! Replaces an older result by a new one, so that at every moment one of the two is complete or can be restored.
//!
//! 1. Every file of the new result exists under the name of a draft, the manifest too.
//! 2. The older result is set aside: its files are renamed, the manifest first.
//! 3. The draft of the manifest is renamed to [`PLACING`]. From here on the new result counts.
//! 4. The new files get their final names, the manifest last.
//! 5. The files of the older result are removed.
//!
//! A step that fails is undone. If the process is killed, [`recover`] derives the step from the names: before step 3
//! it restores the older result, after it it completes the new one. A manifest never stands beside tables of another
//! result.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::held::hold_alone;
use super::own::{
    LOCK, MANIFEST, OWN_FILES, PARTS, REPORT, any_is_there, is_report, remove, remove_made, remove_parts,
};
use super::there::{is_there, named};
use super::{Fault, ResultsError};

/// Name of the manifest while the files of its result get their final names.
const PLACING: &str = ".manifest.json.placing";

/// The name of a file while it is written.
pub(super) fn draft(dir: &Path, name: &str) -> PathBuf {
    dir.join(format!(".{name}.partial"))
}

/// The name of an older result's file while the new one takes its place.
fn aside(dir: &Path, name: &str) -> PathBuf {
    dir.join(format!(".{name}.old"))
}

/// Whether the files of a new result are getting their final names.
pub(super) fn is_placing(dir: &Path) -> Result<bool, ResultsError> {
    is_there(&dir.join(PLACING))
}

/// Whether a killed process left a result whose files do not all have their names, which the next command that writes
/// to the folder completes or restores.
pub(crate) fn is_displaced(dir: &Path) -> Result<bool, ResultsError> {
    Ok(!is_there(&dir.join(MANIFEST))? && is_moving(dir)?)
}

/// Whether files have the names that they have while a new result takes the place of an older one.
fn is_moving(dir: &Path) -> Result<bool, ResultsError> {
    Ok(is_placing(dir)? || is_aside(dir)?)
}

/// Whether any file of an older result is set aside.
fn is_aside(dir: &Path) -> Result<bool, ResultsError> {
    any_is_there(OWN_FILES.iter().map(|name| aside(dir, name)))
}

/// The files of results without the manifest.
fn tables() -> impl Iterator<Item = &'static str> {
    OWN_FILES.iter().copied().filter(|name| *name != MANIFEST)
}

/// Refuses a folder in which a subfolder has a name that a result needs.
pub(super) fn check_obstacles(dir: &Path) -> Result<(), ResultsError> {
    let folders = OWN_FILES.iter().flat_map(|name| [dir.join(name), draft(dir, name), aside(dir, name)]);
    for path in folders.chain([dir.join(LOCK), dir.join(PLACING)]) {
        if named(&path)?.is_some_and(|found| found.is_dir()) {
            let fault = Fault::InTheWay("a folder has its name".to_owned());
            return Err(ResultsError { path, tried: "write", fault });
        }
    }
    Ok(())
}

/// Gives the drafts of these files their final names, in place of an older result.
///
/// # Errors
/// If the disk fails. Then the older result and the drafts are restored. If that fails too, `names` is emptied, because
/// the next command needs the drafts to recover.
pub(super) fn commit(dir: &Path, names: &mut BTreeSet<String>) -> Result<(), ResultsError> {
    check_obstacles(dir)?;
    let _held = hold_alone(dir);
    let placed = set_aside(dir)
        .and_then(|()| rename(&draft(dir, MANIFEST), &dir.join(PLACING)))
        .and_then(|()| place(dir));
    if let Err(error) = placed {
        if undo(dir, names).is_err() {
            names.clear();
        }
        return Err(error);
    }
    names.clear();
    remove_old(dir)
}

/// Completes or undoes the commit of a killed process, and removes its drafts.
pub(super) fn recover(dir: &Path) -> Result<(), ResultsError> {
    let _held = is_moving(dir)?.then(|| hold_alone(dir));
    if is_placing(dir)? {
        place(dir)?;
        remove_old(dir)?;
    } else if !is_there(&dir.join(MANIFEST))? {
        restore(dir)?;
    } else if is_aside(dir)? {
        remove_old(dir)?;
    }
    OWN_FILES.iter().try_for_each(|name| remove(&draft(dir, name)))
}

/// Step 2.
fn set_aside(dir: &Path) -> Result<(), ResultsError> {
    for name in [MANIFEST].into_iter().chain(tables()) {
        let path = dir.join(name);
        // A page of the user with the name of a report stays.
        if is_there(&path)? && (name != REPORT || is_report(&path)?) {
            rename(&path, &aside(dir, name))?;
        }
    }
    Ok(())
}

/// Step 4, also if a part of it was done before.
fn place(dir: &Path) -> Result<(), ResultsError> {
    for name in tables() {
        let draft = draft(dir, name);
        if is_there(&draft)? {
            rename(&draft, &dir.join(name))?;
        }
    }
    rename(&dir.join(PLACING), &dir.join(MANIFEST))?;
    sync(dir);
    Ok(())
}

/// Step 5. It also removes the charts of the older result, and the parts of an unfinished sweep unless the new result
/// is of a sweep.
fn remove_old(dir: &Path) -> Result<(), ResultsError> {
    remove_made(dir)?;
    if is_there(&dir.join(PARTS))? && !is_of_sweep(dir)? {
        remove_parts(dir)?;
    }
    OWN_FILES.iter().try_for_each(|name| remove(&aside(dir, name)))
}

/// Whether the result is of a sweep, as far as its manifest says.
fn is_of_sweep(dir: &Path) -> Result<bool, ResultsError> {
    #[derive(Deserialize)]
    struct Of {
        command: String,
    }
    let path = dir.join(MANIFEST);
    let manifest = fs::read(&path).map_err(|e| ResultsError::io(&path, "read", e))?;
    Ok(serde_json::from_slice(&manifest).map_or(true, |of: Of| of.command == "sweep"))
}

/// Undoes steps 4 to 2.
fn undo(dir: &Path, names: &BTreeSet<String>) -> Result<(), ResultsError> {
    let placing = dir.join(PLACING);
    if is_there(&placing)? {
        for name in names.iter().filter(|name| *name != MANIFEST) {
            let draft = draft(dir, name);
            if !is_there(&draft)? {
                rename(&dir.join(name), &draft)?;
            }
        }
        rename(&placing, &draft(dir, MANIFEST))?;
    }
    restore(dir)
}

/// Undoes step 2.
fn restore(dir: &Path) -> Result<(), ResultsError> {
    for name in tables().chain([MANIFEST]) {
        let aside = aside(dir, name);
        if is_there(&aside)? {
            rename(&aside, &dir.join(name))?;
        }
    }
    Ok(())
}

fn rename(from: &Path, to: &Path) -> Result<(), ResultsError> {
    fs::rename(from, to).map_err(|e| ResultsError::io(to, "write", e))
}

/// Writes the names to the disk by syncing the folder, where folders can be opened (not on Windows).
fn sync(dir: &Path) {
    if let Ok(folder) = File::open(dir) {
        let _ = folder.sync_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The content of the files of a folder, by name.
    fn content(dir: &Path) -> Vec<(String, String)> {
        let mut files: Vec<_> = fs::read_dir(dir)
            .unwrap()
            .map(|entry| {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                (name, fs::read_to_string(path).unwrap())
            })
            .collect();
        files.sort();
        files
    }

    fn result(text: &str, names: &[&str]) -> Vec<(String, String)> {
        let mut files: Vec<_> = names.iter().map(|name| ((*name).to_owned(), text.to_owned())).collect();
        files.sort();
        files
    }

    const OLD: &[&str] = &[MANIFEST, "datapackage.json", "agents.csv", "rounds.csv"];
    const NEW: &[&str] = &[MANIFEST, "datapackage.json", "bet.csv", "rounds.csv"];

    /// A folder with an old result, and the drafts of a new one.
    fn begun(old: &[&str]) -> (tempfile::TempDir, BTreeSet<String>) {
        let dir = tempfile::tempdir().unwrap();
        for name in old {
            fs::write(dir.path().join(name), "old").unwrap();
        }
        for name in NEW {
            fs::write(draft(dir.path(), name), "new").unwrap();
        }
        (dir, NEW.iter().map(|&name| name.to_owned()).collect())
    }

    /// The renames of a commit, in order.
    fn renames(dir: &Path, old: &[&str]) -> Vec<[PathBuf; 2]> {
        let set_aside = [MANIFEST].into_iter().chain(tables()).filter(|name| old.contains(name));
        let set_aside = set_aside.map(|name| [dir.join(name), aside(dir, name)]);
        let place = tables().filter(|name| NEW.contains(name)).map(|name| [draft(dir, name), dir.join(name)]);
        let placing = dir.join(PLACING);
        let mut all: Vec<_> = set_aside.collect();
        all.push([draft(dir, MANIFEST), placing.clone()]);
        all.extend(place);
        all.push([placing, dir.join(MANIFEST)]);
        all
    }

    #[test]
    fn a_new_result_takes_the_place_of_an_old_one() {
        let (dir, mut names) = begun(OLD);
        commit(dir.path(), &mut names).unwrap();
        assert_eq!(content(dir.path()), result("new", NEW));
    }

    #[test]
    fn after_a_kill_at_any_step_the_old_or_the_new_result_is_whole() {
        for old in [OLD, &[], &["agents.csv"]] {
            let n = renames(Path::new(""), old).len();
            let n_old = old.len();
            for killed in 0..=n {
                let (dir, _) = begun(old);
                for [from, to] in &renames(dir.path(), old)[..killed] {
                    fs::rename(from, to).unwrap();
                }
                recover(dir.path()).unwrap();
                let expected = if killed <= n_old { result("old", old) } else { result("new", NEW) };
                assert_eq!(content(dir.path()), expected, "killed after {killed} of {n} renames");
            }
        }
    }

    #[test]
    fn after_a_kill_while_a_failure_is_undone_or_the_old_is_removed_one_result_is_whole() {
        // The undoing stopped after some of the old files.
        let (dir, names) = begun(OLD);
        set_aside(dir.path()).unwrap();
        rename(&draft(dir.path(), MANIFEST), &dir.path().join(PLACING)).unwrap();
        rename(&draft(dir.path(), "bet.csv"), &dir.path().join("bet.csv")).unwrap();
        undo(dir.path(), &names).unwrap();
        rename(&dir.path().join(MANIFEST), &aside(dir.path(), MANIFEST)).unwrap();
        recover(dir.path()).unwrap();
        assert_eq!(content(dir.path()), result("old", OLD));
        // Some of the old files are gone.
        let (dir, _) = begun(OLD);
        for [from, to] in renames(dir.path(), OLD) {
            fs::rename(from, to).unwrap();
        }
        fs::remove_file(aside(dir.path(), MANIFEST)).unwrap();
        recover(dir.path()).unwrap();
        assert_eq!(content(dir.path()), result("new", NEW));
    }

    #[test]
    fn what_fails_at_any_step_is_undone() {
        for step in 0..renames(Path::new(""), OLD).len() {
            let (dir, names) = begun(OLD);
            for [from, to] in &renames(dir.path(), OLD)[..step] {
                fs::rename(from, to).unwrap();
            }
            undo(dir.path(), &names).unwrap();
            for name in NEW {
                fs::remove_file(draft(dir.path(), name)).unwrap();
            }
            assert_eq!(content(dir.path()), result("old", OLD), "failed at rename {step}");
        }
    }

    #[test]
    fn a_folder_in_the_way_is_found_before_anything_is_moved() {
        let (dir, mut names) = begun(&[MANIFEST, "rounds.csv"]);
        fs::create_dir(dir.path().join("agents.csv")).unwrap();
        let error = commit(dir.path(), &mut names).unwrap_err();
        assert!(error.to_string().contains("agents.csv: a folder has its name"), "{error}");
        assert_eq!(fs::read_to_string(dir.path().join(MANIFEST)).unwrap(), "old");
    }

    #[test]
    fn a_result_of_a_run_removes_the_parts_of_a_sweep_and_one_of_a_sweep_does_not() {
        for (command, stays) in [("run", false), ("sweep", true)] {
            let (dir, mut names) = begun(&[]);
            fs::write(draft(dir.path(), MANIFEST), format!("{{\"command\": \"{command}\"}}")).unwrap();
            let parts = dir.path().join(super::super::own::PARTS);
            fs::create_dir(&parts).unwrap();
            fs::write(parts.join("part-0-of-1.1-1.partial"), "").unwrap();
            commit(dir.path(), &mut names).unwrap();
            assert_eq!(parts.exists(), stays, "{command}");
        }
    }
}
