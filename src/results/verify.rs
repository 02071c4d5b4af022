//! Verification of a result against its manifest: every file exists, with the listed size and SHA-256; and what the
//! manifest says about how the result was made.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Component, Path};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::bet::StoryOf;
use super::events::EventLog;
use super::inputs::InputNote;
use super::own::MANIFEST;
use super::sink::hex;
use super::there::target;
use super::{Fault, ResultsError};
use crate::draws::SCHEME;

/// No manifest is larger; a link to an endless device would be.
const MANIFEST_BYTES_MAX: u64 = 1 << 30;

const NO_FILES: &str = "it lists no files";

/// The part of a manifest that lists the files.
#[derive(Deserialize)]
struct Listed {
    files: Vec<ListedFile>,
}

/// How a result was made, as its manifest says.
#[derive(Debug, Deserialize)]
pub(crate) struct Recorded {
    /// Version of the program.
    pub version: String,
    /// Source from which the program was built.
    pub revision: String,
    /// Scheme of random numbers.
    pub random_numbers: String,
    /// The command: `run`, `bet` or `sweep`.
    pub command: String,
    /// Options of the command line.
    pub options: RecordedOptions,
    /// Name of the scenario file.
    pub scenario_file: String,
    /// Text of the scenario.
    pub scenario: String,
    /// Values that replace those of the text, as `key=value`.
    pub overrides: Vec<String>,
    /// The scenario with every value.
    pub resolved: String,
    /// The files that the scenario names.
    #[serde(default)]
    pub inputs: Vec<InputNote>,
    /// Whether the command was interrupted.
    pub interrupted: bool,
    /// Seeds of the replicates in the result.
    pub replicate_seeds: Vec<u64>,
    /// The section about a sweep.
    #[serde(default)]
    pub sweep: RecordedSweep,
    files: Vec<ListedFile>,
}

/// Options of the command line in a manifest, of any command.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RecordedOptions {
    /// Whether a run wrote the final state of every agent.
    pub agents: bool,
    /// Which acts a run wrote to its log of events.
    pub events: Option<EventLog>,
    /// Rounds whose networks a run wrote.
    pub network: Vec<u32>,
    /// Whether a bet split the difference over traits.
    pub decompose: bool,
    /// Of which focal agents a bet told the story.
    pub story: Option<StoryOf>,
}

/// The section of a manifest about a sweep.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RecordedSweep {
    /// The text of the list of points.
    pub list: Option<String>,
}

impl Recorded {
    /// Reads the manifest of the result in `dir`.
    ///
    /// # Errors
    /// If it cannot be read, or a field is missing.
    pub(crate) fn read(dir: &Path) -> Result<Self, ResultsError> {
        let path = dir.join(MANIFEST);
        let recorded: Self = read_manifest(&path)?;
        if let Some(input) = recorded.inputs.iter().find(|input| !input.is_whole()) {
            let file = input.file.escape_debug();
            let problem =
                format!("the text of \"{file}\" in it has another size or SHA-256 than it says of that file");
            return Err(damaged(&path, &problem));
        }
        match recorded.command.as_str() {
            "run" | "bet" if recorded.replicate_seeds.is_empty() => {
                Err(damaged(&path, "it lists no replicate_seeds"))
            }
            "run" | "bet" | "sweep" => Ok(recorded),
            other => {
                let problem =
                    format!("it names the command \"{}\", not run, bet or sweep", other.escape_debug());
                Err(damaged(&path, &problem))
            }
        }
    }

    /// Names of the listed files.
    pub(crate) fn files(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.path.as_str())
    }

    /// Whether its random numbers are those of this program.
    pub(crate) fn has_same_random_numbers(&self) -> bool {
        self.random_numbers == SCHEME
    }

    /// The faults of the files in `dir`: each that is missing, cut or changed.
    pub(crate) fn faults(&self, dir: &Path) -> Vec<ResultsError> {
        if self.files.is_empty() {
            return vec![damaged(&dir.join(MANIFEST), NO_FILES)];
        }
        self.files.iter().filter_map(|file| verify_file(dir, file).err()).collect()
    }
}

/// A file as a manifest lists it.
#[derive(Debug, Deserialize)]
struct ListedFile {
    path: String,
    sha256: String,
    bytes: u64,
}

/// Checks every file of the result in `dir` against its manifest.
///
/// # Errors
/// If the manifest cannot be read, or a file that it lists is missing, cut or changed.
pub(crate) fn verify(dir: &Path) -> Result<(), ResultsError> {
    let path = dir.join(MANIFEST);
    let listed: Listed = read_manifest(&path)?;
    if listed.files.is_empty() {
        return Err(damaged(&path, NO_FILES));
    }
    listed.files.iter().try_for_each(|file| verify_file(dir, file))
}

/// Reads some fields of a manifest.
///
/// # Errors
/// If it cannot be read, or is not as expected.
pub(super) fn read_manifest<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, ResultsError> {
    read_json(regular(path)?, path)
}

/// Reads some fields of an open JSON file.
pub(super) fn read_json<T: serde::de::DeserializeOwned>(
    file: impl Read,
    path: &Path,
) -> Result<T, ResultsError> {
    let read = |error| ResultsError::io(path, "read", error);
    let mut text = Vec::new();
    file.take(MANIFEST_BYTES_MAX).read_to_end(&mut text).map_err(read)?;
    serde_json::from_slice(&text).map_err(|error| damaged(path, &format!("it is not as expected: {error}")))
}

fn verify_file(dir: &Path, listed: &ListedFile) -> Result<(), ResultsError> {
    let name = Path::new(&listed.path);
    let mut parts = name.components();
    // A changed manifest must not make this program read files elsewhere.
    if !matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None)) {
        let problem = format!("it lists \"{}\", which is not the name of a file", listed.path.escape_debug());
        return Err(damaged(&dir.join(MANIFEST), &problem));
    }
    let path = dir.join(name);
    let file = regular(&path)?;
    let bytes = file.metadata().map_err(|error| ResultsError::io(&path, "read", error))?.len();
    if bytes != listed.bytes {
        let problem = format!("it has {bytes} bytes, the manifest says {}", listed.bytes);
        return Err(damaged(&path, &problem));
    }
    let mut hash = Sha256::new();
    // At most the listed size, in case the file grows meanwhile.
    io::copy(&mut file.take(listed.bytes), &mut hash)
        .map_err(|error| ResultsError::io(&path, "read", error))?;
    if hex(&hash.finalize()) != listed.sha256 {
        return Err(damaged(&path, "its content has changed: its SHA-256 is not that in the manifest"));
    }
    Ok(())
}

/// Opens a regular file; an error if it is missing or something else.
pub(super) fn regular(path: &Path) -> Result<File, ResultsError> {
    match target(path)? {
        // Opening a pipe would wait for ever.
        Some(found) if !found.is_file() => return Err(damaged(path, "it is not a file")),
        None => return Err(damaged(path, "it is missing")),
        Some(_) => {}
    }
    File::open(path).map_err(|error| ResultsError::io(path, "read", error))
}

fn damaged(path: &Path, problem: &str) -> ResultsError {
    ResultsError { path: path.to_owned(), tried: "read", fault: Fault::Damaged(problem.to_owned()) }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::folder::Folder;
    use super::super::manifest::to_text;
    use super::*;

    /// A folder with a complete result of one table.
    fn result() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let mut folder = Folder::claim(dir.path(), false).unwrap();
        let note = folder.write("rounds.csv", "replicate,net\n0,1\n0,2\n").unwrap();
        folder.write(MANIFEST, &to_text(&serde_json::json!({ "files": [note] }))).unwrap();
        folder.commit().unwrap();
        dir
    }

    fn problem(dir: &Path) -> String {
        verify(dir).unwrap_err().to_string()
    }

    #[test]
    fn a_complete_result_passes() {
        verify(result().path()).unwrap();
    }

    #[test]
    fn a_table_that_is_missing_cut_or_changed_is_named() {
        let dir = result();
        let table = dir.path().join("rounds.csv");
        fs::write(&table, "replicate,net\n0,1\n").unwrap();
        let text = problem(dir.path());
        assert!(text.contains("rounds.csv: it has 18 bytes, the manifest says 22"), "{text}");
        assert!(text.contains("--force"), "{text}");
        fs::write(&table, "replicate,net\n0,1\n0,3\n").unwrap();
        assert!(problem(dir.path()).contains("rounds.csv: its content has changed"));
        fs::remove_file(&table).unwrap();
        assert!(problem(dir.path()).contains("rounds.csv: it is missing"));
        fs::create_dir(&table).unwrap();
        assert!(problem(dir.path()).contains("rounds.csv: it is not a file"));
    }

    #[cfg(unix)]
    #[test]
    fn what_cannot_be_looked_at_is_not_called_missing() {
        let dir = tempfile::tempdir().unwrap();
        // A link to itself.
        std::os::unix::fs::symlink("rounds.csv", dir.path().join("rounds.csv")).unwrap();
        let error = regular(&dir.path().join("rounds.csv")).unwrap_err();
        assert!(matches!(error.fault, Fault::Io(_)), "{error}");
    }

    #[test]
    fn a_damaged_manifest_is_refused() {
        let dir = result();
        let manifest = dir.path().join(MANIFEST);
        for (text, expected) in [
            ("{\"files\": [", "it is not as expected"),
            ("{}", "it is not as expected"),
            ("{\"files\": []}", "it lists no files"),
            ("{\"files\": [{\"path\": \"../x\", \"sha256\": \"\", \"bytes\": 0}]}", "not the name of a file"),
            ("{\"files\": [{\"path\": \"/x\", \"sha256\": \"\", \"bytes\": 0}]}", "not the name of a file"),
        ] {
            fs::write(&manifest, text).unwrap();
            assert!(problem(dir.path()).contains(expected), "{text}: {}", problem(dir.path()));
        }
        fs::remove_file(&manifest).unwrap();
        assert!(problem(dir.path()).contains("manifest.json: it is missing"));
    }
}
