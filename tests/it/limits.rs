//! Limits of the shell: memory, open files, sizes of files. The program ends with an error, never by a signal.

use std::fs;
use std::path::Path;

use crate::support::{call, done, ended, program_after};

const SMALL: &str = "rounds = 6\nburn_in = 1\nreplicates = 3\n[population]\nagents = 60\n\
    [bet]\nworlds = 2\nfocals = 2\nhorizons = [0, 2]\n\
    [[factor]]\nname = \"fee\"\nkeys = \"calls.fee\"\nvalues = [0, 0.3]\n";

/// Runs the program in a folder under a limit of the shell, such as `-n 8`.
fn limited(dir: &Path, limit: &str, arguments: &[&str]) -> (i32, String, String) {
    let mut command = program_after(dir, &format!("ulimit {limit}"));
    ended(command.args(arguments).env("RUST_BACKTRACE", "0").output().unwrap())
}

fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("small.toml"), SMALL).unwrap();
    dir
}

/// Runs, bets and sweeps under a limit; an error says `fix`, leaves no result, and nothing in the way of the next try.
/// Returns whether all were refused.
fn refused(limit: &str, fix: &str) -> bool {
    let mut all = true;
    for command in ["run", "bet", "sweep"] {
        let dir = folder();
        let arguments = [command, "small.toml", "--out", "o", "--threads", "2"];
        let (code, _, text) = limited(dir.path(), limit, &arguments);
        if code == 0 {
            all = false;
            continue;
        }
        assert_eq!(code, 1, "{command} {limit}: {text}");
        assert!(text.contains("error: ") && text.contains(fix), "{command} {limit}: {text}");
        let resume: &[&str] = if text.contains("charts") { &["--force"] } else { &[] };
        let resume = if command == "sweep" { &["--resume"] } else { resume };
        let (code, _, text) = call(dir.path(), &[&arguments[..], resume, &["--no-charts"]].concat());
        assert_eq!(code, 0, "{command} after {limit}: {text}");
    }
    all
}

#[test]
fn a_write_beyond_the_limit_on_the_size_of_files_is_an_error() {
    // In blocks of 512 bytes.
    assert!(refused("-f 0", "ulimit -f"));
    assert!(refused("-f 2", "ulimit -f"));
    refused("-f 24", "ulimit -f");
}

#[test]
fn too_few_open_files_are_an_error() {
    assert!(refused("-n 4", "ulimit -n"));
    for limit in [5, 7, 9, 11] {
        refused(&format!("-n {limit}"), "ulimit -n");
    }
}

#[test]
fn too_few_open_files_are_an_error_for_those_who_read_a_result() {
    let dir = folder();
    for (command, out) in [("run", "run"), ("sweep", "sweep"), ("bet", "bet")] {
        done(dir.path(), &[command, "small.toml", "--out", out, "--no-charts"]);
    }
    let reads: [&[&str]; 6] = [
        &["chart", "run"],
        &["report", "sweep"],
        &["verify", "bet"],
        &["verify", "sweep"],
        &["diff", "run", "small.toml"],
        &["explore", "small.toml", "--out", "page.html", "--force"],
    ];
    let mut refused = 0;
    for arguments in reads {
        for limit in [4, 5, 6, 8] {
            let (code, _, text) = limited(dir.path(), &format!("-n {limit}"), arguments);
            let is_told = code == 1 && text.contains("raise the limit on open files (ulimit -n)");
            assert!(code == 0 || is_told, "{arguments:?} with {limit}: {code}: {text}");
            refused += u32::from(code != 0);
        }
    }
    assert!(refused >= 3, "{refused}");
}

#[test]
fn too_little_address_space_is_an_error() {
    // With less the loader of the system cannot start the program.
    for kilobytes in [60_000, 80_000, 100_000, 150_000, 200_000, 240_000, 280_000, 320_000, 400_000] {
        refused(&format!("-v {kilobytes}"), "");
    }
    assert!(!refused("-v 2000000", ""), "two gigabytes are enough");
    let dir = folder();
    let (code, _, text) = limited(dir.path(), "-v 100000", &["run", "small.toml", "--out", "o"]);
    assert!(code == 1 && text.contains("memory") && text.contains("ulimit -v"), "{code}: {text}");
}

/// Checks a scenario with files under a limit to the address space of a gigabyte.
fn checked(scenario: &str, files: &[(&str, &str)], command: &str) -> (i32, String) {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("s.toml"), scenario).unwrap();
    files.iter().for_each(|(name, text)| fs::write(dir.path().join(name), text).unwrap());
    let (code, _, text) = limited(dir.path(), "-v 1000000", &[command, "s.toml", "--threads", "1"]);
    (code, text)
}

#[test]
fn a_large_number_in_a_file_of_ties_takes_no_memory() {
    let scenario = "[population]\nagents = 4294967294\nnetwork_file = \"ties.csv\"\n";
    let (code, text) = checked(scenario, &[("ties.csv", "from,to\n4294967293,0\n")], "check");
    assert_eq!(code, 0, "{text}");
    let (code, text) = checked(scenario, &[("ties.csv", "from,to\n4294967293,0\n")], "run");
    assert!(code == 1 && text.contains("of memory and"), "{code}: {text}");
}

#[test]
fn a_long_name_of_a_column_takes_no_more_memory_than_its_file() {
    let people = format!("name,{}\nAda,1\n", "x".repeat(16 << 20));
    let (code, text) = checked("[population]\nagents_file = \"p.csv\"\n", &[("p.csv", &people)], "check");
    assert_eq!(code, 0, "{text}");
}

#[test]
fn points_that_do_not_fit_are_refused_before_they_are_made() {
    let factors: String = ["needs.rate", "calls.rate", "calls.fee", "reputation.fade", "reputation.learning"]
        .iter()
        .map(|key| format!("[[factor]]\nname = \"{key}\"\nkeys = \"{key}\"\n"))
        .collect();
    let hypercube = format!("[sweep]\ndesign = \"latin-hypercube\"\npoints = 10000000\n{factors}")
        .replace("points = 10000000", "points = 10000000\nuntil = \"fixed\"");
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("s.toml"), hypercube).unwrap();
    let (code, _, text) =
        limited(dir.path(), "-v 250000", &["sweep", "s.toml", "--threads", "1", "--out", "o"]);
    assert!(code == 1 && text.contains("take fewer points"), "{code}: {text}");
    let list = "[sweep]\ndesign = \"list\"\nfile = \"points.csv\"\n[[factor]]\nname = \"fee\"\nkeys = \"calls.fee\"\n";
    let points = format!("fee\n{}", "1\n".repeat(6_000_000));
    let (code, text) = checked(list, &[("points.csv", &points)], "sweep");
    assert!(code == 1 && text.contains("take fewer points"), "{code}: {text}");
}

#[test]
fn people_that_do_not_fit_are_refused_before_they_are_read() {
    let people: String = std::iter::once("name\n".to_owned())
        .chain((0..3_000_000).map(|number| format!("p{number}\n")))
        .collect();
    let (code, text) = checked("[population]\nagents_file = \"p.csv\"\n", &[("p.csv", &people)], "check");
    assert!(code == 2 && text.contains("of memory, and"), "{code}: {text}");
}

#[test]
fn a_check_announces_the_memory_of_all_that_can_be_done() {
    let dir = folder();
    let (_, found, _) = call(dir.path(), &["check", "small.toml", "--json", "--threads", "2"]);
    let found: serde_json::Value = serde_json::from_str(&found).unwrap();
    let of = |name: &str| found[name].as_u64().unwrap_or_else(|| panic!("{name} in {found}"));
    let run = of("memory_bytes");
    for more in ["memory_events_bytes", "memory_network_bytes", "memory_story_bytes"] {
        assert!(of(more) > run, "{more}");
    }
    let copies = found["memory_parquet_bytes"].as_u64();
    assert_eq!(copies.map(|bytes| bytes > run), cfg!(feature = "parquet").then_some(true));
    assert!(of("memory_bet_bytes") > 0 && of("memory_sweep_bytes") > 0);
    let (_, text, _) = call(dir.path(), &["check", "small.toml", "--threads", "2"]);
    for words in ["charts included", "with --events", "of the bet", "of the sweep"] {
        assert!(text.contains(words), "{words}: {text}");
    }
}
