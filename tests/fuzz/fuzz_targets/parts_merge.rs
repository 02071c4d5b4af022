//! Parts of a sweep in which a file has any content are merged to the same bytes as without damage, or refused and kept.

#![no_main]

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use mingle_fuzz::{Counting, Folder, edited};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const SCENARIO: &str = "rounds = 3\nburn_in = 0\nreplicates = 2\n[population]\nagents = 20\nties_max = 4\n\
    [[factor]]\nname = \"fee\"\nkeys = \"calls.fee\"\nvalues = [0, 0.1, 0.3]\n";
/// The variable with the arguments of the program for a process of its own: it listens for Ctrl-C, once per process.
const ARGUMENTS: &str = "MINGLE_FUZZ_ARGUMENTS";

/// The files of a result.
type Files = Vec<(PathBuf, Vec<u8>)>;

/// The parts, and the files of the result that is merged from them.
struct Base {
    parts: Files,
    result: Files,
}

fn program(arguments: &[&str]) -> bool {
    let arguments = ["mingle", "--quiet"].into_iter().chain(arguments.iter().copied());
    let code = mingle::program(arguments.map(Into::into));
    format!("{code:?}") == format!("{:?}", std::process::ExitCode::SUCCESS)
}

fn merge(folder: &Folder) -> bool {
    program(&["merge", &folder.path().to_string_lossy(), "--no-charts"])
}

fn base() -> Base {
    let (beside, folder) = (Folder::new("scenario"), Folder::new("parts"));
    let scenario = beside.path().join("small.toml");
    std::fs::write(&scenario, SCENARIO).expect("the disk is whole");
    for task in ["0", "1"] {
        let [scenario, out] = [&*scenario, folder.path()].map(|path| path.display().to_string());
        let arguments = ["sweep", &scenario, "--tasks", "2", "--task", task, "--threads", "1", "--out", &out];
        let itself = std::env::current_exe().expect("it runs");
        let done = Command::new(itself).env(ARGUMENTS, arguments.join("\n")).status().expect("it runs");
        assert!(done.success(), "a part was not done");
    }
    let parts = folder.files();
    assert!(merge(&folder), "whole parts are merged");
    Base { parts, result: folder.files() }
}

fuzz_target!(
    init: {
        if let Ok(arguments) = std::env::var(ARGUMENTS) {
            let done = program(&arguments.split('\n').collect::<Vec<_>>());
            std::process::exit(i32::from(!done));
        }
    },
    |data: &[u8]| {
        static BASE: OnceLock<Base> = OnceLock::new();
        static FOLDER: OnceLock<Folder> = OnceLock::new();
        let base = BASE.get_or_init(base);
        let Some(files) = edited(&base.parts, data) else { return };
        let folder = FOLDER.get_or_init(|| Folder::new("merge"));
        folder.fill(&files);
        let merged = merge(folder);
        let after = folder.files();
        if merged {
            for (name, bytes) in base.result.iter().filter(|(name, _)| name.extension().is_some_and(|end| end == "csv")) {
                let found = after.iter().find(|(other, _)| other == name);
                assert!(found.is_some_and(|(_, found)| found == bytes), "{} differs", name.display());
            }
        } else {
            for file in &files {
                assert!(after.contains(file), "{} is no longer as it was", file.0.display());
            }
        }
    }
);
