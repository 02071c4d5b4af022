//! The parts of an unfinished sweep: who did what, of which scenario.

use std::collections::hash_map::RandomState;
use std::fs;
use std::hash::{BuildHasher, Hasher};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::super::folder::Folder;
use super::super::{Fault, ResultsError};
use super::SweepInput;
use super::points::Points;
use crate::draws::SCHEME;

/// Which part of a sweep a task does: the points whose numbers leave this remainder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Number of the part, from 0.
    pub task: u32,
    /// Number of parts.
    pub tasks: u32,
}

impl Part {
    /// The sweep as a whole.
    pub const WHOLE: Self = Self { task: 0, tasks: 1 };

    /// Those of so many points that belong to the part.
    pub(super) fn points(self, n: u64) -> Points {
        if self.tasks == 1 {
            return Points::All(n);
        }
        Points::Every { first: self.task.into(), step: self.tasks.into(), end: n }
    }
}

/// All that tells one sweep from another, and from which it can be gone on with.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Recipe {
    version: String,
    random_numbers: String,
    /// Name of the scenario file, without its folder.
    pub scenario_file: String,
    /// Its text.
    pub scenario: String,
    /// Overrides `key=value`, in the order in which they apply.
    pub overrides: Vec<String>,
    /// Every value in force.
    resolved: String,
    /// The points of a list, as their file has them.
    pub list: Option<String>,
    /// Number of parts.
    pub tasks: u32,
}

/// Folder of the parts within a result folder.
pub(super) const PARTS: &str = "parts";
const RECIPE: &str = "plan.json";

impl Recipe {
    /// The recipe of a sweep in so many parts.
    pub(super) fn of(input: SweepInput<'_>, tasks: u32) -> Self {
        let provenance = input.provenance;
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            random_numbers: SCHEME.to_owned(),
            scenario_file: provenance.scenario_name.clone(),
            scenario: provenance.scenario_text.clone(),
            overrides: provenance.overrides.clone(),
            resolved: input.plan.scenario().to_toml(),
            list: input.list.map(str::to_owned),
            tasks,
        }
    }

    /// What this one has otherwise than an older one, in words; nothing if results of both go together.
    pub(super) fn differences(&self, older: &Self) -> Vec<String> {
        let mut told = Vec::new();
        let mut tell = |what: &str, new: &str, old: &str| {
            if new != old {
                told.push(format!("{what} is {new}, there it is {old}"));
            }
        };
        tell("the version of mingle", &self.version, &older.version);
        tell("the scheme of random numbers", &self.random_numbers, &older.random_numbers);
        tell("the number of tasks", &self.tasks.to_string(), &older.tasks.to_string());
        let (new, old) = (lines(&self.resolved), lines(&older.resolved));
        let found = |lines: &[(String, String)], key: &str| {
            lines.iter().find(|(k, _)| k == key).map_or("not given".to_owned(), |(_, v)| v.clone())
        };
        for (key, value) in &new {
            tell(key, value, &found(&old, key));
        }
        for (key, value) in old.iter().filter(|(key, _)| !new.iter().any(|(k, _)| k == key)) {
            tell(key, "not given", value);
        }
        if self.list != older.list {
            told.push("the list of points is another".to_owned());
        }
        told
    }
}

/// The values of a resolved scenario, by their paths.
fn lines(resolved: &str) -> Vec<(String, String)> {
    let mut section = String::new();
    let mut all = Vec::new();
    for line in resolved.lines() {
        if let Some(header) = line.strip_prefix('[') {
            section = format!("{}.", header.trim_matches(['[', ']']));
        } else if let Some((key, value)) = line.split_once(" = ") {
            if key == "name" {
                section += &format!("{}.", value.trim_matches('"'));
            }
            all.push((format!("{section}{key}"), value.to_owned()));
        }
    }
    all
}

/// Reads the recipe of the sweep whose parts are in the result folder `dir`.
///
/// # Errors
/// If there are no parts, or their recipe cannot be read.
pub fn read_recipe(dir: &Path) -> Result<Recipe, ResultsError> {
    let path = dir.join(PARTS).join(RECIPE);
    let text = fs::read_to_string(&path).map_err(|e| match e.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => {
            ResultsError { path: dir.to_owned(), tried: "merge the parts in", fault: Fault::NoParts }
        }
        _ => ResultsError::io(&path, "read", e),
    })?;
    serde_json::from_str(&text).map_err(|e| ResultsError::io(&path, "read", e.into()))
}

/// Sees to it that the parts in `dir` are of this recipe; the first who comes writes it down.
pub(super) fn agree(dir: &Path, recipe: &Recipe) -> Result<(), ResultsError> {
    let parts = dir.join(PARTS);
    fs::create_dir_all(&parts).map_err(|e| ResultsError::io(&parts, "create the folder", e))?;
    let path = parts.join(RECIPE);
    if !path.exists() {
        let draft = parts.join(format!("{RECIPE}.{}.partial", unique()));
        let text = serde_json::to_string_pretty(recipe).expect("a recipe is text");
        fs::write(&draft, text + "\n").map_err(|e| ResultsError::io(&draft, "write", e))?;
        // Of several at once the last one stays; all see what it has below.
        fs::rename(&draft, &path).map_err(|e| ResultsError::io(&path, "write", e))?;
    }
    let differences = recipe.differences(&read_recipe(dir)?);
    if differences.is_empty() {
        return Ok(());
    }
    Err(ResultsError {
        path: dir.to_owned(),
        tried: "go on with the sweep in",
        fault: Fault::Differs(differences),
    })
}

/// The file of a part that is whole.
pub(super) fn whole(dir: &Path, part: Part) -> PathBuf {
    dir.join(PARTS).join(format!("part-{}-of-{}.whole", part.task, part.tasks))
}

/// A file for an attempt at a part, that no other attempt has.
pub(super) fn attempt(dir: &Path, part: Part) -> PathBuf {
    dir.join(PARTS).join(format!("{}{}.partial", stem(part), unique()))
}

fn stem(part: Part) -> String {
    format!("part-{}-of-{}.", part.task, part.tasks)
}

/// The files of earlier attempts at a part, in the order of their names.
pub(super) fn attempts(dir: &Path, part: Part) -> Result<Vec<PathBuf>, ResultsError> {
    let parts = dir.join(PARTS);
    let entries = fs::read_dir(&parts).map_err(|e| ResultsError::io(&parts, "read", e))?;
    let is_attempt = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.starts_with(&stem(part)) && name.ends_with(".partial")
    };
    let mut found: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_attempt).collect();
    found.sort();
    Ok(found)
}

/// Removes what a process that was killed after its last table left beside a whole result.
pub(super) fn tidy(dir: &Path) -> Result<(), ResultsError> {
    Folder::tidy(dir)?;
    remove(dir)
}

/// Removes all parts.
pub(super) fn remove(dir: &Path) -> Result<(), ResultsError> {
    let parts = dir.join(PARTS);
    match fs::remove_dir_all(&parts) {
        Err(e) if e.kind() != ErrorKind::NotFound => Err(ResultsError::io(&parts, "remove", e)),
        _ => Ok(()),
    }
}

/// A name that no two attempts share, on whatever machines they run. It enters no result.
fn unique() -> String {
    let word = || RandomState::new().build_hasher().finish();
    format!("{}-{:016x}", std::process::id(), word())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipe(resolved: &str) -> Recipe {
        Recipe {
            version: "1".into(),
            random_numbers: "r".into(),
            scenario_file: "s.toml".into(),
            scenario: String::new(),
            overrides: vec![],
            resolved: resolved.into(),
            list: None,
            tasks: 1,
        }
    }

    #[test]
    fn what_differs_is_named_by_its_path() {
        let old = recipe("rounds = 9\n\n[[strategy]]\nname = \"a\"\nask = 0.5\n\n[bet]\ngap = 1\n");
        let new = recipe("rounds = 8\n\n[[strategy]]\nname = \"a\"\nask = 0.7\n");
        assert_eq!(
            new.differences(&old),
            [
                "rounds is 8, there it is 9",
                "strategy.a.ask is 0.7, there it is 0.5",
                "bet.gap is not given, there it is 1",
            ]
        );
        assert_eq!(old.differences(&old), [""; 0]);
        let two = Recipe { tasks: 2, ..old.clone() };
        assert_eq!(two.differences(&old), ["the number of tasks is 2, there it is 1"]);
    }

    #[test]
    fn the_first_recipe_stays_and_others_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        agree(dir.path(), &recipe("rounds = 9\n")).unwrap();
        agree(dir.path(), &recipe("rounds = 9\n")).unwrap();
        let error = agree(dir.path(), &recipe("rounds = 8\n")).unwrap_err();
        assert!(matches!(error.fault, Fault::Differs(_)));
        assert!(error.to_string().contains("rounds is 8, there it is 9"), "{error}");
        assert!(matches!(read_recipe(&dir.path().join("x")).unwrap_err().fault, Fault::NoParts));
    }
}
