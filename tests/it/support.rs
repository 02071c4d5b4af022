//! What several test modules need.

use std::ffi::OsStr;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::{Command, Output};

use mingle::records::{M, ReplicateRecord};
use mingle::{Progress, Scenario, ThreadPool, run_replicates};

/// A test for each of some names, which calls `check` of the same module with it; and all these names.
macro_rules! check_each {
    ($($name:literal $test:ident)*) => {
        const NAMES: &[&str] = &[$($name),*];
        $(#[test]
        fn $test() {
            check($name);
        })*
    };
}
pub(crate) use check_each;

/// The folder of the project.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files that git tracks, by their paths from the root; none in a source archive, where there is no git or no
/// repository, or where the archive lies within somebody else's.
pub(crate) fn tracked() -> Option<Vec<String>> {
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        // Within a hook these name another repository, or another index.
        for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
            command.env_remove(variable);
        }
        let output = command.arg("-C").arg(root()).args(arguments).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let top = git(&["rev-parse", "--show-toplevel"])?;
    if fs::canonicalize(top.trim_end()).ok()? != fs::canonicalize(root()).ok()? {
        return None;
    }
    let files: Vec<String> = git(&["ls-files", "-z"])?
        .split('\0')
        .filter(|path| !path.is_empty() && root().join(path).exists())
        .map(str::to_owned)
        .collect();
    (!files.is_empty()).then_some(files)
}

/// The files of the project below a folder: those that git tracks, and in a source archive all that are there.
pub(crate) fn sources_below(folder: &str) -> Vec<String> {
    let below = format!("{folder}/");
    if let Some(files) = tracked() {
        return files.into_iter().filter(|path| path.starts_with(&below)).collect();
    }
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root().join(&folder)).unwrap() {
            let entry = entry.unwrap();
            let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

/// The program, to be called in a folder.
pub(crate) fn program(dir: &Path) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("mingle"));
    command.current_dir(dir).env_remove("NO_COLOR");
    command
}

/// The same after a command of the shell, such as a limit.
#[cfg(unix)]
pub(crate) fn program_after(dir: &Path, first: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{first} && exec \"$0\" \"$@\"")]).arg(program(dir).get_program());
    command.current_dir(dir).env_remove("NO_COLOR");
    command
}

/// What a command comes to: exit code, stdout, stderr. A program that a signal ended has no exit code.
pub(crate) fn ended(output: Output) -> (i32, String, String) {
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    (output.status.code().unwrap_or_else(|| panic!("{}: {err}", output.status)), out, err)
}

/// What a call of the program in a folder comes to: exit code, stdout, stderr.
pub(crate) fn call<S: AsRef<OsStr>>(dir: &Path, arguments: &[S]) -> (i32, String, String) {
    ended(program(dir).args(arguments).output().unwrap())
}

/// What a call says that succeeds: stderr, then stdout.
pub(crate) fn done<S: AsRef<OsStr>>(dir: &Path, arguments: &[S]) -> String {
    let (code, out, err) = call(dir, arguments);
    let words: Vec<_> = arguments.iter().map(|word| word.as_ref().to_string_lossy()).collect();
    assert_eq!(code, 0, "{words:?}: {err}");
    err + &out
}

/// What a call says on stderr that fails with this code.
pub(crate) fn refused<S: AsRef<OsStr>>(dir: &Path, arguments: &[S], expected: i32) -> String {
    let (code, _, err) = call(dir, arguments);
    assert_eq!(code, expected, "{err}");
    err
}

/// The scenario of a TOML text with overrides.
pub(crate) fn scenario(text: &str, sets: &[&str]) -> Scenario {
    Scenario::parse(text, sets).unwrap_or_else(|faults| panic!("{faults}"))
}

/// All replicates of a scenario.
pub(crate) fn run(scenario: &Scenario, n_threads: usize) -> Vec<ReplicateRecord> {
    let pool = ThreadPool::new(n_threads).unwrap();
    let mut records = Vec::new();
    let n = run_replicates(scenario, &pool, true, &Progress::default(), |record| {
        records.push(record);
        ControlFlow::Continue(())
    });
    assert_eq!(n, scenario.replicates);
    records
}

/// Each replicate's mean of a metric for a strategy over the rounds from `from`, weighted by members.
pub(crate) fn means(records: &[ReplicateRecord], strategy: u16, metric: M, from: u32) -> Vec<f64> {
    records
        .iter()
        .map(|record| {
            let (mut sum, mut weight) = (0.0, 0.0);
            for row in record.rounds.iter().filter(|r| r.strategy == strategy && r.round >= from) {
                let value = row.values[metric as usize];
                if !value.is_nan() {
                    sum += value * f64::from(row.agents);
                    weight += f64::from(row.agents);
                }
            }
            sum / weight
        })
        .collect()
}

/// Mean and standard error.
pub(crate) fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}

/// Asserts that a mean of independent values lies within 4 standard errors (and `slack`, for what
/// the formula leaves out) of what theory says.
pub(crate) fn assert_near(values: &[f64], expected: f64, slack: f64, what: &str) {
    let (mean, error) = mean_and_error(values);
    assert!(
        (mean - expected).abs() <= 4.0 * error + slack,
        "{what}: expected {expected:.5}, measured {mean:.5} +- {error:.5} (slack {slack})"
    );
}
