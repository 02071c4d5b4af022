//! Starts, continues or merges a sweep, depending on what its folder contains.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::super::commit::is_placing;
use super::super::folder::Folder;
use super::super::inputs::InputNote;
use super::super::own::{self, MANIFEST};
use super::super::there::{is_folder, is_there};
use super::super::verify::{read_manifest, verify};
use super::super::{Fault, ResultsError};
use super::kept::Kept;
use super::parts::{self, Part, SweepSpecification};
use super::store::{Shape, Store};
use super::{SweepInput, SweepOptions, SweepWriter};
use crate::draws::SCHEME;
use crate::scenario::{Provenance, following_keys};

/// The result that a folder contains.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    /// None, or another result.
    Other,
    /// The tables of this sweep, which was interrupted.
    Interrupted,
    /// All of this sweep.
    Whole,
}

/// The result of this sweep in the folder. A complete one is verified against its manifest.
fn found(dir: &Path, input: SweepInput<'_>) -> Result<Found, ResultsError> {
    let path = dir.join(MANIFEST);
    if !is_there(&path)? {
        return Ok(Found::Other);
    }
    let found: Value = read_manifest(&path)?;
    let same = found["command"] == "sweep"
        && found["resolved"] == input.plan.scenario().to_toml()
        && found["version"] == env!("CARGO_PKG_VERSION")
        && found["random_numbers"] == SCHEME
        && found["sweep"]["list"].as_str() == input.list
        && inputs_in(&found) == hashes_of(input)
        && following_in(&found) == following_keys(input.plan.scenario().provenance());
    match (same, found["interrupted"] == false) {
        (false, _) => Ok(Found::Other),
        (true, false) => Ok(Found::Interrupted),
        (true, true) => verify(dir).map(|()| Found::Whole),
    }
}

/// The hashes of the files that the scenario of a manifest names.
fn inputs_in(manifest: &Value) -> Vec<String> {
    let inputs = manifest["inputs"].as_array().into_iter().flatten();
    inputs.map(|input| input["sha256"].as_str().unwrap_or_default().to_owned()).collect()
}

/// The hashes of the files that the scenario of a sweep names.
fn hashes_of(input: SweepInput<'_>) -> Vec<String> {
    let notes = InputNote::all(input.plan.scenario().provenance());
    notes.into_iter().map(|note| note.sha256).collect()
}

/// The keys that follow another key in the scenario of a manifest.
fn following_in(manifest: &Value) -> Vec<String> {
    let overrides = manifest["overrides"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let overrides: Vec<String> = overrides.map(str::to_owned).collect();
    let text = manifest["scenario"].as_str().unwrap_or_default().to_owned();
    following_keys(&Provenance { text, overrides, ..Provenance::default() })
}

/// Whether the folder has the complete result of a sweep. If so, files of killed processes are removed.
///
/// # Errors
/// If a file of it differs from its manifest, or if the disk fails.
pub(crate) fn is_merged(dir: &Path) -> Result<bool, ResultsError> {
    let path = dir.join(MANIFEST);
    if !is_folder(dir)? {
        return Ok(false);
    }
    let _held = Folder::lock(dir)?;
    if !is_there(&path)? {
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
    /// Starts or continues a part of a sweep in the folder `dir`. `None` if the part, or the complete result, exists
    /// already.
    ///
    /// # Errors
    /// If the folder has another result and `options.force` is not set, an unfinished sweep and `options.resume` is not
    /// set, a sweep of another scenario, or a damaged result; or if it cannot be written to.
    pub(crate) fn open(
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

    /// Opens a sweep that is not split into parts.
    fn open_alone(
        dir: &Path,
        input: SweepInput<'a>,
        options: SweepOptions,
    ) -> Result<Option<Self>, ResultsError> {
        let SweepOptions { force, resume, .. } = options;
        let folder = Folder::lock(dir)?;
        let found = match found(dir, input) {
            // With `force` a damaged result is replaced.
            Err(ResultsError { fault: Fault::Damaged(_), .. }) if force => Found::Other,
            found => found?,
        };
        if resume && found == Found::Whole {
            parts::remove(dir)?;
            return Ok(None);
        }
        let unfinished = own::has_unfinished_sweep(dir)?;
        if unfinished && !resume && !force {
            return Err(refused(dir, Fault::Unfinished));
        }
        // Only the tables of an interrupted sweep are replaced without `force`.
        let replaced = force || (unfinished && found == Found::Interrupted);
        if !replaced && own::has_result(dir)? {
            return Err(refused(dir, Fault::Exists));
        }
        if force && !resume {
            parts::remove(dir)?;
        }
        let specification = SweepSpecification::of(input, 1);
        parts::agree(dir, &specification)?;
        let (store, earlier) = adopted(dir, input, Part::WHOLE, &specification.key())?;
        // Attempts of killed processes; no other process works here, because the folder is locked.
        earlier.iter().try_for_each(|path| own::remove(path))?;
        Ok(Some(Self::new(dir, input, options, Part::WHOLE, store, Some(folder))))
    }

    /// Opens the part of a task that shares the folder with others.
    fn open_task(dir: &Path, input: SweepInput<'a>, part: Part) -> Result<Option<Self>, ResultsError> {
        if found(dir, input)? == Found::Whole {
            return Ok(None);
        }
        // A merge can be giving the files of the result their final names.
        if own::has_result(dir)? && !is_placing(dir)? {
            return Err(refused(dir, Fault::Exists));
        }
        let specification = SweepSpecification::of(input, part.tasks);
        let key = specification.key();
        parts::agree(dir, &specification)?;
        let whole = parts::whole(dir, part);
        if is_there(&whole)? {
            if is_complete(dir, input, part, &key)? {
                return Ok(None);
            }
            // A damaged part: its valid slots are copied, as from any incomplete attempt.
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

    /// Merges all parts of a sweep in the folder `dir`. `None` if the result exists already.
    ///
    /// # Errors
    /// If a part is missing or damaged, if another result exists and `options.force` is not set, or if the folder cannot
    /// be read or written to. Then nothing is removed.
    pub(crate) fn merge(
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
        let mut missing = Vec::new();
        for part in all() {
            if !is_there(&parts::whole(dir, part))? {
                missing.push(part.task);
            }
        }
        if !missing.is_empty() {
            return Err(refused(Fault::MissingParts(missing, tasks)));
        }
        if own::has_result(dir)? && !options.force {
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

/// The shape of a part's file; `key` is the identity of the sweep.
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

/// A file for a new attempt at a part, with the slots of all earlier attempts and of these files.
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
        // It can have been completed and renamed in the meantime.
        if let Some(other) = Store::read(path, shape.clone())? {
            store.adopt(&other, part.points(input.plan.n_points()).ascending())?;
        }
    }
    Ok((store, earlier))
}

/// Whether a completed part is undamaged: by its valid slots, nothing is left to do.
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
        // If this fails, the next merge removes the file.
        let _ = fs::remove_file(&self.0);
    }
}

/// Copies all parts into one file, so that at most two files are open at a time.
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
