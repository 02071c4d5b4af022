//! The parts of an unfinished sweep, and the specification of the sweep to which they belong.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::super::inputs::InputNote;
use super::super::own::{self, MERGED, PARTS, SPECIFICATION};
use super::super::sink::sha256;
use super::super::there::{create_folder, is_there};
use super::super::verify::read_manifest;
use super::super::{Fault, ResultsError};
use super::SweepInput;
use super::points::Points;
use crate::draws::SCHEME;
use crate::scenario::{Differing, Pilot, Provenance, differing, following_keys};

/// The part of a sweep that a task does: the points whose numbers modulo `tasks` equal `task`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// Number of the part, from 0.
    pub task: u32,
    /// Number of parts.
    pub tasks: u32,
}

impl Part {
    /// The sweep as a whole.
    pub(crate) const WHOLE: Self = Self { task: 0, tasks: 1 };

    /// The points of the part, of `n` points in all.
    pub(super) fn points(self, n: u64) -> Points {
        if self.tasks == 1 {
            return Points::All(n);
        }
        Points::Every { first: self.task.into(), step: self.tasks.into(), end: n }
    }
}

/// Everything that identifies a sweep, and with which it can be continued.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct SweepSpecification {
    version: String,
    random_numbers: String,
    /// Name of the scenario file without its folder.
    pub scenario_file: String,
    /// Text of the scenario file.
    pub scenario: String,
    /// Overrides `key=value`, in the order in which they apply.
    pub overrides: Vec<String>,
    /// The pilot replicates that found burn-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pilot: Option<Pilot>,
    /// Every value in force.
    resolved: String,
    /// Keys that are left out and follow another key. If a factor varies that key, they vary too.
    following: Vec<String>,
    /// The text of the list of points.
    pub list: Option<String>,
    /// The files that the scenario names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    inputs: Vec<InputNote>,
    /// Number of parts.
    pub tasks: u32,
}

impl SweepSpecification {
    /// The specification of a sweep in `tasks` parts.
    pub(super) fn of(input: SweepInput<'_>, tasks: u32) -> Self {
        let provenance = input.plan.scenario().provenance();
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            random_numbers: SCHEME.to_owned(),
            scenario_file: provenance.file_name().to_owned(),
            scenario: provenance.text.clone(),
            overrides: provenance.overrides.clone(),
            pilot: provenance.pilot.clone(),
            resolved: input.plan.scenario().to_toml(),
            following: following_keys(provenance),
            list: input.list.map(str::to_owned),
            inputs: InputNote::all(provenance),
            tasks,
        }
    }

    /// The identity of the sweep: a hash of everything on which its numbers depend, the order of strategies and
    /// factors included.
    pub(crate) fn provenance(&self) -> Provenance {
        Provenance {
            name: self.scenario_file.clone(),
            text: self.scenario.clone(),
            overrides: self.overrides.clone(),
            pilot: self.pilot.clone(),
            files: self.inputs.iter().map(InputNote::file).collect(),
        }
    }

    /// What tells the sweep from any other, in short: a hash of all that its numbers depend on, the order of
    /// strategies and factors included.
    pub(super) fn key(&self) -> String {
        let Self { version, random_numbers, resolved, following, list, inputs, .. } = self;
        let hashes: Vec<_> = inputs.iter().map(|input| (&input.key, &input.sha256)).collect();
        let all = serde_json::to_string(&(version, random_numbers, resolved, following, list, hashes));
        sha256(all.expect("a specification is text").as_bytes())
    }

    /// The differences from an older specification in words; empty if results of both can be combined.
    pub(super) fn differences(&self, older: &Self) -> Vec<String> {
        let mut differences = Vec::new();
        let mut compare = |what: &str, new: &str, old: &str| {
            if new != old {
                differences.push(format!("{what} is {new}, there it is {old}"));
            }
        };
        compare("the version of mingle", &self.version, &older.version);
        compare("the scheme of random numbers", &self.random_numbers, &older.random_numbers);
        compare("the number of tasks", &self.tasks.to_string(), &older.tasks.to_string());
        for Differing { key, values: [new, old] } in differing(&self.resolved, &older.resolved) {
            let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "not given".to_owned());
            compare(&key, &shown(&new), &shown(&old));
        }
        for key in self.following.iter().filter(|key| !older.following.contains(key)) {
            differences.push(format!("{key} follows another key, there it is given"));
        }
        for key in older.following.iter().filter(|key| !self.following.contains(key)) {
            differences.push(format!("{key} is given, there it follows another key"));
        }
        if self.list != older.list {
            differences.push("the list of points is another".to_owned());
        }
        for input in self.inputs.iter().filter(|input| !older.inputs.contains(input)) {
            differences.push(format!("{} has another text", input.file.escape_debug()));
        }
        if differences.is_empty() && self.resolved != older.resolved {
            differences.push("strategies, regions or factors are in another order".to_owned());
        }
        differences
    }
}

/// Reads the specification of the sweep whose parts are in the result folder `dir`.
///
/// # Errors
/// If there are no parts, or their specification cannot be read.
pub(crate) fn read_specification(dir: &Path) -> Result<SweepSpecification, ResultsError> {
    let path = dir.join(PARTS).join(SPECIFICATION);
    if !is_there(&path)? {
        return Err(ResultsError {
            path: dir.to_owned(),
            tried: "merge the parts in",
            fault: Fault::NoParts,
        });
    }
    read_manifest(&path).map_err(|error| match error.fault {
        // A file of the user can have this name.
        Fault::Damaged(problem) => {
            let fault = Fault::InTheWay(format!("it is no whole specification of a sweep: {problem}"));
            ResultsError { fault, ..error }
        }
        _ => error,
    })
}

/// Checks that the parts in `dir` have this specification. The first process writes it.
pub(super) fn agree(dir: &Path, specification: &SweepSpecification) -> Result<(), ResultsError> {
    let parts = dir.join(PARTS);
    create_folder(&parts).map_err(|e| ResultsError::io(&parts, "create the folder", e))?;
    let path = parts.join(SPECIFICATION);
    if !is_there(&path)? {
        let draft = parts.join(format!("{SPECIFICATION}.{}.partial", own::unique()));
        let text = serde_json::to_string_pretty(specification).expect("a specification is text") + "\n";
        let published = write_new(&draft, &text).and_then(|()| publish(&draft, &path, &text));
        let _ = fs::remove_file(&draft);
        if published.is_err() {
            // No sweep has started here if the folder is empty.
            let _ = fs::remove_dir(&parts);
        }
        published?;
    }
    let differences = specification.differences(&read_specification(dir)?);
    if differences.is_empty() {
        return Ok(());
    }
    Err(ResultsError {
        path: dir.to_owned(),
        tried: "go on with the sweep in",
        fault: Fault::Differs(differences),
    })
}

/// Gives a draft its final name unless a file with this name exists. Of several processes the first succeeds, and all
/// see a complete file.
fn publish(draft: &Path, path: &Path, text: &str) -> Result<(), ResultsError> {
    if fs::hard_link(draft, path).is_ok() {
        return Ok(());
    }
    // The file exists, or the disk has no links.
    match write_new(path, text) {
        Err(ResultsError { fault: Fault::Io(e), .. }) if e.kind() == ErrorKind::AlreadyExists => Ok(()),
        written => written,
    }
}

/// Writes a new file, and removes it if it cannot be written completely.
fn write_new(path: &Path, text: &str) -> Result<(), ResultsError> {
    let mut file = File::create_new(path).map_err(|e| ResultsError::io(path, "create", e))?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(|e| {
        let _ = fs::remove_file(path);
        ResultsError::io(path, "write", e)
    })
}

/// The file of a complete part.
pub(super) fn whole(dir: &Path, part: Part) -> PathBuf {
    dir.join(PARTS).join(format!("{}whole", stem(part)))
}

/// A file for an attempt at a part, with a unique name.
pub(super) fn attempt(dir: &Path, part: Part) -> PathBuf {
    dir.join(PARTS).join(format!("{}{}.partial", stem(part), own::unique()))
}

fn stem(part: Part) -> String {
    format!("part-{}-of-{}.", part.task, part.tasks)
}

/// The files of earlier attempts at a part, sorted by name.
pub(super) fn attempts(dir: &Path, part: Part) -> Result<Vec<PathBuf>, ResultsError> {
    drafts(dir, &stem(part))
}

/// A file in which a merge collects all parts.
pub(super) fn merged(dir: &Path) -> PathBuf {
    dir.join(PARTS).join(format!("{MERGED}.{}.partial", own::unique()))
}

/// Removes the files of killed merges.
pub(super) fn remove_merged(dir: &Path) -> Result<(), ResultsError> {
    drafts(dir, &format!("{MERGED}."))?.iter().try_for_each(|draft| own::remove(draft))
}

/// The drafts whose names start with `stem`, sorted by name.
fn drafts(dir: &Path, stem: &str) -> Result<Vec<PathBuf>, ResultsError> {
    let parts = dir.join(PARTS);
    let entries = fs::read_dir(&parts).map_err(|e| ResultsError::io(&parts, "read", e))?;
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|e| ResultsError::io(&parts, "read", e))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && name.starts_with(stem) && name.ends_with(".partial") {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// Removes all parts.
pub(super) fn remove(dir: &Path) -> Result<(), ResultsError> {
    own::remove_parts(dir)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn specification(resolved: &str) -> SweepSpecification {
        SweepSpecification {
            version: "1".into(),
            random_numbers: "r".into(),
            scenario_file: "s.toml".into(),
            scenario: String::new(),
            overrides: vec![],
            pilot: None,
            resolved: resolved.into(),
            following: vec![],
            list: None,
            inputs: vec![],
            tasks: 1,
        }
    }

    #[test]
    fn what_differs_is_named_by_its_path() {
        let old = specification("rounds = 9\n\n[[strategy]]\nname = \"a\"\nask = 0.5\n\n[bet]\ngap = 1\n");
        let new = specification("rounds = 8\n\n[[strategy]]\nname = \"a\"\nask = 0.7\n");
        assert_eq!(
            new.differences(&old),
            [
                "rounds is 8, there it is 9",
                "strategy.a.ask is 0.7, there it is 0.5",
                "bet.gap is not given, there it is 1",
            ]
        );
        assert_eq!(old.differences(&old), [""; 0]);
        let two = SweepSpecification { tasks: 2, ..old.clone() };
        assert_eq!(two.differences(&old), ["the number of tasks is 2, there it is 1"]);
    }

    #[test]
    fn another_order_is_another_sweep() {
        let [a, b] = ["a", "b"].map(|name| format!("\n[[strategy]]\nname = \"{name}\"\n"));
        let (old, new) =
            (specification(&[&a[..], &b[..]].concat()), specification(&[&b[..], &a[..]].concat()));
        assert_eq!(new.differences(&old), ["strategies, regions or factors are in another order"]);
        assert_ne!(new.key(), old.key());
    }

    #[test]
    fn a_key_that_follows_another_is_not_the_same_as_one_that_is_given() {
        let old = specification("burn_in = 52\n");
        let new = SweepSpecification { following: vec!["burn_in".into()], ..old.clone() };
        assert_eq!(new.differences(&old), ["burn_in follows another key, there it is given"]);
        assert_eq!(old.differences(&new), ["burn_in is given, there it follows another key"]);
        assert_ne!(new.key(), old.key());
    }

    #[test]
    fn of_two_specifications_at_once_one_stays_and_the_other_is_refused() {
        for _ in 0..50 {
            let dir = tempfile::tempdir().unwrap();
            let go = std::sync::Barrier::new(2);
            let agreed = std::thread::scope(|scope| {
                let tried = ["rounds = 8\n", "rounds = 9\n"].map(|text| {
                    let (dir, go) = (dir.path(), &go);
                    scope.spawn(move || {
                        go.wait();
                        agree(dir, &specification(text)).is_ok()
                    })
                });
                tried.map(|tried| u32::from(tried.join().unwrap())).iter().sum::<u32>()
            });
            assert_eq!(agreed, 1);
            assert_eq!(fs::read_dir(dir.path().join(PARTS)).unwrap().count(), 1, "no draft is left");
        }
    }

    #[test]
    fn where_no_draft_can_be_linked_a_specification_is_written_unless_one_is_there() {
        let dir = tempfile::tempdir().unwrap();
        let [gone, path] = ["gone", "plan.json"].map(|name| dir.path().join(name));
        publish(&gone, &path, "first").unwrap();
        publish(&gone, &path, "second").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "first");
        assert!(publish(&gone, &dir.path().join("nowhere/plan.json"), "third").is_err());
    }

    #[test]
    fn a_file_that_is_no_specification_is_named_and_not_changed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(PARTS).join(SPECIFICATION);
        fs::create_dir(dir.path().join(PARTS)).unwrap();
        fs::write(&path, "mine").unwrap();
        let error = agree(dir.path(), &specification("rounds = 9\n")).unwrap_err().to_string();
        assert!(error.contains("plan.json: it is no whole specification of a sweep"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    }

    #[test]
    fn the_first_specification_stays_and_others_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        agree(dir.path(), &specification("rounds = 9\n")).unwrap();
        agree(dir.path(), &specification("rounds = 9\n")).unwrap();
        let error = agree(dir.path(), &specification("rounds = 8\n")).unwrap_err();
        assert!(matches!(error.fault, Fault::Differs(_)));
        assert!(error.to_string().contains("rounds is 8, there it is 9"), "{error}");
        assert!(matches!(read_specification(&dir.path().join("x")).unwrap_err().fault, Fault::NoParts));
    }

    #[test]
    fn drafts_of_a_part_and_of_merges_are_told_apart() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join(PARTS)).unwrap();
        let part = |task| Part { task, tasks: 12 };
        let [first, other] = [1, 11].map(|task| attempt(dir.path(), part(task)));
        let merges = [merged(dir.path()), merged(dir.path())];
        for path in [&first, &other, &merges[0], &merges[1], &whole(dir.path(), part(1))] {
            fs::write(path, "").unwrap();
        }
        assert_eq!(attempts(dir.path(), part(1)).unwrap(), std::slice::from_ref(&first));
        remove_merged(dir.path()).unwrap();
        assert!(merges.iter().all(|path| !path.exists()));
        assert!([&first, &other, &whole(dir.path(), part(1))].iter().all(|path| path.exists()));
    }
}
