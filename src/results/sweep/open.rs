//! How a sweep is begun, gone on with, or merged: what is in its folder decides.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::super::commit::is_placing;
use super::super::folder::Folder;
use super::super::own::{self, MANIFEST};
use super::super::verify::{read_manifest, verify};
use super::super::{Fault, ResultsError};
use super::kept::Kept;
use super::parts::{self, Part, SweepSpecification};
use super::store::{Shape, Store};
use super::{SweepInput, SweepOptions, SweepWriter};
use crate::draws::SCHEME;
use crate::scenario::{Provenance, following_keys};

/// What result a folder has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    /// None, or one of something else.
    Other,
    /// The tables of this sweep as far as it went.
    Interrupted,
    /// All of this sweep.
    Whole,
}

/// What result of this very sweep the folder has. A whole one is as its manifest says.
fn found(dir: &Path, input: SweepInput<'_>) -> Result<Found, ResultsError> {
    let path = dir.join(MANIFEST);
    if !own::is_there(&path) {
        return Ok(Found::Other);
    }
    let found: Value = read_manifest(&path)?;
    let same = found["command"] == "sweep"
        && found["resolved"] == input.plan.scenario().to_toml()
        && found["version"] == env!("CARGO_PKG_VERSION")
        && found["random_numbers"] == SCHEME
        && found["sweep"]["list"].as_str() == input.list
        && following_in(&found) == following_keys(input.plan.scenario().provenance());
    match (same, found["interrupted"] == false) {
        (false, _) => Ok(Found::Other),
        (true, false) => Ok(Found::Interrupted),
        (true, true) => verify(dir).map(|()| Found::Whole),
    }
}

/// The keys that follow another one in the scenario that a manifest has.
fn following_in(manifest: &Value) -> Vec<String> {
    let overrides = manifest["overrides"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let overrides: Vec<String> = overrides.map(str::to_owned).collect();
    let text = manifest["scenario"].as_str().unwrap_or_default().to_owned();
    following_keys(&Provenance { text, overrides, ..Provenance::default() })
}

/// Whether the folder has the whole result of some sweep; if so, what a killed process left there is removed.
///
/// # Errors
/// If a file of it is not as its manifest says, or the disk refuses.
pub fn is_merged(dir: &Path) -> Result<bool, ResultsError> {
    let path = dir.join(MANIFEST);
    if !dir.is_dir() {
        return Ok(false);
    }
    let _held = Folder::lock(dir)?;
    if !own::is_there(&path) {
        return Ok(false);
    }
    let found: Value = read_manifest(&path)?;
    let merged = found["command"] == "sweep" && found["interrupted"] == false;
    if merged {
        verify(dir)?;
        parts::remove(dir)?;
    }
    Ok(merged)
}

impl<'a> SweepWriter<'a> {
    /// Starts the part of a sweep in the folder `dir`, or goes on with it. Nothing is returned if the
    /// part, or the whole result, is there already.
    ///
    /// # Errors
    /// If another result is there and `options.force` is not set, an unfinished one without
    /// `options.resume`, one of another scenario, a whole one that was damaged, or the folder cannot be written
    /// to.
    pub fn open(
        dir: &Path,
        input: SweepInput<'a>,
        options: SweepOptions,
        part: Part,
    ) -> Result<Option<Self>, ResultsError> {
        if part.tasks == 1 {
            Self::open_alone(dir, input, options)
        } else {
            Self::open_task(dir, input, part)
        }
    }

    /// Opens a sweep that has its folder to itself.
    fn open_alone(
        dir: &Path,
        input: SweepInput<'a>,
        options: SweepOptions,
    ) -> Result<Option<Self>, ResultsError> {
        let SweepOptions { force, resume, .. } = options;
        let folder = Folder::lock(dir)?;
        let found = match found(dir, input) {
            // What is damaged is about to be replaced.
            Err(ResultsError { fault: Fault::Damaged(_), .. }) if force => Found::Other,
            found => found?,
        };
        if resume && found == Found::Whole {
            parts::remove(dir)?;
            return Ok(None);
        }
        let unfinished = own::has_unfinished_sweep(dir);
        if unfinished && !resume && !force {
            return Err(refused(dir, Fault::Unfinished));
        }
        // Tables of an interrupted sweep are replaced when it goes on; any other result is somebody's.
        let replaced = force || (unfinished && found == Found::Interrupted);
        if !replaced && own::has_result(dir) {
            return Err(refused(dir, Fault::Exists));
        }
        if force && !resume {
            parts::remove(dir)?;
        }
        let specification = SweepSpecification::of(input, 1);
        parts::agree(dir, &specification)?;
        let (store, earlier) = adopted(dir, input, Part::WHOLE, &specification.key())?;
        // Those of killed processes: nobody else is at it.
        earlier.iter().try_for_each(|path| own::remove(path))?;
        Ok(Some(Self::new(dir, input, options, Part::WHOLE, store, Some(folder))))
    }

    /// Opens the part of a task that shares the folder with others.
    fn open_task(dir: &Path, input: SweepInput<'a>, part: Part) -> Result<Option<Self>, ResultsError> {
        if found(dir, input)? == Found::Whole {
            return Ok(None);
        }
        // A merge may just be giving the files of the result their names.
        if own::has_result(dir) && !is_placing(dir) {
            return Err(refused(dir, Fault::Exists));
        }
        let specification = SweepSpecification::of(input, part.tasks);
        let key = specification.key();
        parts::agree(dir, &specification)?;
        let whole = parts::whole(dir, part);
        if own::is_there(&whole) {
            if is_complete(dir, input, part, &key)? {
                return Ok(None);
            }
            // Damaged: what is left of it is taken over like that of any attempt that was not completed.
            match fs::rename(&whole, parts::attempt(dir, part)) {
                Err(e) if e.kind() != ErrorKind::NotFound => {
                    return Err(ResultsError::io(&whole, "rename", e));
                }
                _ => {}
            }
        }
        let (store, _) = adopted(dir, input, part, &key)?;
        Ok(Some(Self::new(dir, input, SweepOptions::default(), part, store, None)))
    }

    /// Takes all parts of a sweep in the folder `dir` together. Nothing is returned if the result is there
    /// already.
    ///
    /// # Errors
    /// If a part is missing or damaged, another result is there and `options.force` is not set, or the folder
    /// cannot be read or written to. Nothing is removed then.
    pub fn merge(
        dir: &Path,
        input: SweepInput<'a>,
        options: SweepOptions,
        tasks: u32,
    ) -> Result<Option<Self>, ResultsError> {
        let refused = |fault| ResultsError { path: dir.to_owned(), tried: "merge the parts in", fault };
        let folder = Folder::lock(dir)?;
        match found(dir, input) {
            Ok(Found::Whole) => {
                parts::remove(dir)?;
                return Ok(None);
            }
            Err(ResultsError { fault: Fault::Damaged(_), .. }) if options.force => {}
            found => drop(found?),
        }
        if tasks == 1 {
            return Err(refused(Fault::Unfinished));
        }
        let specification = SweepSpecification::of(input, tasks);
        let key = specification.key();
        parts::agree(dir, &specification)?;
        let all = || (0..tasks).map(|task| Part { task, tasks });
        let missing = all().filter(|part| !own::is_there(&parts::whole(dir, *part))).map(|part| part.task);
        let missing: Vec<u32> = missing.collect();
        if !missing.is_empty() {
            return Err(refused(Fault::MissingParts(missing, tasks)));
        }
        if own::has_result(dir) && !options.force {
            return Err(refused(Fault::Exists));
        }
        let mut damaged = Vec::new();
        for part in all() {
            if !is_complete(dir, input, part, &key)? {
                damaged.push(part.task);
            }
        }
        if !damaged.is_empty() {
            return Err(refused(Fault::DamagedParts(damaged, tasks)));
        }
        let (store, scratch) = gathered(dir, input, tasks, &key)?;
        let writer = Self::new(dir, input, options, Part::WHOLE, store, Some(folder));
        Ok(Some(Self { scratch: Some(scratch), ..writer }))
    }
}

fn refused(dir: &Path, fault: Fault) -> ResultsError {
    ResultsError { path: dir.to_owned(), tried: "write a result to", fault }
}

/// The slots of a part; `key` is the identity of the sweep.
fn shape(input: SweepInput<'_>, part: Part, key: &str) -> Shape {
    let plan = input.plan;
    Shape {
        key: key.to_owned(),
        batch: plan.batch(),
        replicates: plan.replicates_max(),
        width: Kept::width(plan),
        points: part.points(plan.n_points()).len(),
        step: part.tasks.into(),
    }
}

/// A file for a new attempt at a part, with all that earlier attempts have, and these.
fn adopted(
    dir: &Path,
    input: SweepInput<'_>,
    part: Part,
    key: &str,
) -> Result<(Store, Vec<PathBuf>), ResultsError> {
    let shape = shape(input, part, key);
    let earlier = parts::attempts(dir, part)?;
    let store = Store::create(&parts::attempt(dir, part), shape.clone())?;
    for path in &earlier {
        // It may have been completed, and renamed, in the meantime.
        if let Some(other) = Store::read(path, shape.clone())? {
            store.adopt(&other, part.points(input.plan.n_points()).ascending())?;
        }
    }
    Ok((store, earlier))
}

/// Whether a part that was completed is still so: by the slots that are whole, nothing is left to do.
fn is_complete(dir: &Path, input: SweepInput<'_>, part: Part, key: &str) -> Result<bool, ResultsError> {
    let Some(store) = Store::read(&parts::whole(dir, part), shape(input, part, key))? else {
        return Ok(false);
    };
    let mut writer = SweepWriter::new(dir, input, SweepOptions::default(), part, store, None);
    Ok(writer.next_units()?.is_empty())
}

/// A file that is removed when it is no longer used.
pub(super) struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        // What stays behind is removed by the next merge.
        let _ = fs::remove_file(&self.0);
    }
}

/// All parts in one file, so that no more than two are open at any time.
fn gathered(
    dir: &Path,
    input: SweepInput<'_>,
    tasks: u32,
    key: &str,
) -> Result<(Store, Scratch), ResultsError> {
    parts::remove_merged(dir)?;
    let path = parts::merged(dir);
    let store = Store::create(&path, shape(input, Part::WHOLE, key))?;
    let scratch = Scratch(path);
    for part in (0..tasks).map(|task| Part { task, tasks }) {
        if let Some(other) = Store::read(&parts::whole(dir, part), shape(input, part, key))? {
            store.adopt(&other, part.points(input.plan.n_points()).ascending())?;
        }
    }
    Ok((store, scratch))
}
