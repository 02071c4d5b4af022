//! The same bytes whatever the machine is set to, from the program and from the library.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use mingle::{BetPlan, MemoryResult, Scenario, ThreadPool};

use super::support::{done, program, program_after};
use super::sweep::files;

/// Everything that writes numbers: people who differ, survival, imitation, a bet, a sweep.
const SCENARIO: &str = "title = \"i\u{130}\u{131}\u{df}\"\nrounds = 14\nburn_in = 4\nreplicates = 3\n\
    [population]\nagents = 60\nstart_trust = { mean = 0.1, sd = 0.1 }\n[mixer]\nsize = 12\ntravel = 0.2\n\
    [survival]\nendowment = 2\noverhead = 0.6\n[evolution]\nrate = 0.2\n\
    [bet]\nworlds = 3\nfocals = 3\nhorizons = [0, 3]\n\
    [[factor]]\nname = \"fee\"\nkeys = \"calls.fee\"\nmin = 0.1\nmax = 0.3\nlevels = 3\n";
const RUN: [&str; 5] = ["run", "s.toml", "--agents", "--events=events.csv.gz", "--network=3,7"];
const BET: [&str; 3] = ["bet", "s.toml", "--story"];
const SWEEP: [&str; 2] = ["sweep", "s.toml"];
const COMMANDS: [&[&str]; 3] = [&RUN, &BET, &SWEEP];

type Files = BTreeMap<PathBuf, Vec<u8>>;

/// The results of the commands, in a folder of this name.
fn results(folder: &Path, command: impl Fn(&Path) -> Command, more: &[&str]) -> Files {
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("s.toml"), SCENARIO).unwrap();
    for words in COMMANDS {
        let output = command(folder).args(words).args(more).args(["--out", words[0]]).output().unwrap();
        assert!(output.status.success(), "{words:?} {more:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let found = files(folder);
    fs::remove_dir_all(folder).unwrap();
    found
}

/// The names of the files that two results do not share.
fn unlike(a: &Files, b: &Files) -> Vec<PathBuf> {
    let names = a.keys().chain(b.keys()).filter(|name| a.get(*name) != b.get(*name));
    names.cloned().collect()
}

#[test]
fn no_number_of_threads_changes_a_byte() {
    let dir = tempfile::tempdir().unwrap();
    let of = |threads: u32| {
        let threads = threads.to_string();
        results(&dir.path().join("a"), program, &["--no-charts", "--threads", &threads])
    };
    let one = of(1);
    for threads in 2..=16 {
        assert_eq!(unlike(&of(threads), &one), [""; 0].map(PathBuf::from), "{threads} threads");
    }
}

#[cfg(unix)]
#[test]
fn no_setting_of_the_machine_changes_a_byte() {
    let dir = tempfile::tempdir().unwrap();
    let plain = results(&dir.path().join("a"), program, &[]);
    let with = |variables: &'static [(&str, &str)]| {
        move |folder: &Path| {
            let mut command = program(folder);
            command.envs(variables.iter().copied());
            command
        }
    };
    let turkish = with(&[("LC_ALL", "tr_TR.UTF-8"), ("LANG", "tr_TR.UTF-8"), ("LANGUAGE", "tr")]);
    let far_east =
        with(&[("TZ", "Pacific/Kiritimati"), ("COLUMNS", "20"), ("TERM", "dumb"), ("NO_COLOR", "1")]);
    let nothing = |folder: &Path| {
        let mut command = program(folder);
        command.env_clear();
        command
    };
    let masked = |folder: &Path| program_after(folder, "umask 077");
    let at = dir.path().join("a");
    for (name, found) in [
        ("locale", results(&at, turkish, &[])),
        ("time zone", results(&at, far_east, &[])),
        ("no variables", results(&at, nothing, &[])),
        ("mask", results(&at, masked, &[])),
    ] {
        assert_eq!(unlike(&found, &plain), [""; 0].map(PathBuf::from), "{name}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn no_folder_changes_a_byte() {
    use std::os::unix::ffi::OsStrExt;
    let dir = tempfile::tempdir().unwrap();
    let plain = results(&dir.path().join("a"), program, &["--no-charts"]);
    let odd = std::ffi::OsStr::from_bytes(b" a b\xff\n'\"$(x)/-c=");
    let found = results(&dir.path().join(odd), program, &["--no-charts"]);
    assert_eq!(unlike(&found, &plain), [""; 0].map(PathBuf::from));
    // From another folder, by a long way.
    fs::write(dir.path().join("s.toml"), SCENARIO).unwrap();
    fs::create_dir(dir.path().join("b")).unwrap();
    for words in COMMANDS {
        let file = dir.path().join("b/../s.toml");
        let mut command = program(Path::new("/"));
        command.arg(words[0]).arg(file).args(&words[2..]).args(["--no-charts", "--out"]);
        assert!(command.arg(dir.path().join("b").join(words[0])).output().unwrap().status.success());
    }
    let mut found = files(&dir.path().join("b"));
    found.insert("s.toml".into(), SCENARIO.as_bytes().to_vec());
    assert_eq!(unlike(&found, &plain), [""; 0].map(PathBuf::from));
}

/// The files of a result in memory that do not have the bytes of the program's. The manifest names the scenario file, which
/// the library does not have.
fn unlike_in_memory(result: &MemoryResult, folder: &Files, name: &str) -> Vec<String> {
    assert!(result.names().count() > 5, "it has its tables");
    let others = result.names().filter(|file| *file != "manifest.json");
    others
        .filter(|file| folder.get(&Path::new(name).join(file)).map(Vec::as_slice) != result.get(file))
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_library_gives_the_bytes_of_the_program() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("s.toml"), SCENARIO).unwrap();
    for command in ["run", "bet"] {
        done(dir.path(), &[command, "s.toml", "--out", command]);
    }
    let folder = files(dir.path());
    let pool = ThreadPool::new(3).unwrap();
    let scenario = Scenario::parse(SCENARIO, &[]).unwrap();
    let (_, result) = mingle::run_in_memory(&scenario, &mingle::run(&scenario, &pool));
    assert_eq!(unlike_in_memory(&result, &folder, "run"), [""; 0]);
    let drawn = mingle::draw_in_memory(&result, &["net_over_time", "final_benefit", "opinion"]).unwrap();
    assert_eq!(drawn.len(), 3);
    for chart in drawn {
        let file = format!("run/charts/{}.svg", chart.name);
        assert!(folder[Path::new(&file)] == chart.svg.as_bytes(), "{file}");
    }
    let scenario = Scenario::parse_bet(SCENARIO, &[]).unwrap();
    let worlds = mingle::bet(&scenario, &pool);
    let (_, result) = mingle::bet_in_memory(&BetPlan::new(&scenario, false), &worlds);
    assert_eq!(unlike_in_memory(&result, &folder, "bet"), [""; 0]);
}
