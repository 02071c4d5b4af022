//! Burn-in that the program finds, and sweeps that have not reached a steady state.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::sweep::{call, done, files, manifest, refused, rows};

/// A small world whose burn-in is found by pilot replicates.
const AUTO: &str = "title = \"Small\"\nrounds = 120\nburn_in = \"auto\"\nreplicates = 4\n[population]\nagents = 60\n\
    start_ties = 0\n[mixer]\nsize = 12\n[bet]\nworlds = 3\nfocals = 4\nhorizons = [0, 6]\n[sweep]\n\
    [[factor]]\nname = \"legibility\"\nkeys = \"reputation.legibility\"\nlevels = 3\n\
    [[factor]]\nname = \"rhythm\"\nkeys = \"mixer.every\"\nvalues = [2, 4]\n";

fn with_scenario() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("auto.toml"), AUTO).unwrap();
    dir
}

/// What the manifest says of burn-in: the number, and the pilot replicates.
fn found(dir: &Path) -> (u64, Value) {
    let manifest = manifest(dir);
    let burn_in = manifest["burn_in"].as_u64().unwrap();
    assert_eq!(manifest["overrides"].as_array().unwrap().last().unwrap(), &format!("burn_in={burn_in}"));
    (burn_in, manifest["burn_in_pilot"].clone())
}

/// The tables of a result.
fn tables(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let named = files(dir).into_iter().map(|(path, bytes)| (path.display().to_string(), bytes));
    named.filter(|(name, _)| name.ends_with(".csv")).collect()
}

#[test]
fn a_run_finds_its_burn_in_and_records_how() {
    let dir = with_scenario();
    let at = dir.path();
    let run = |out: &'static str, more: &[&'static str]| {
        [&["run", "auto.toml", "--no-charts", "--out", out], more].concat()
    };
    let output = call(at, &run("one", &["--threads", "1", "--json"]));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    done(at, &run("many", &["--threads", "5"]));
    assert!(files(&at.join("one")) == files(&at.join("many")));

    let (burn_in, pilot) = found(&at.join("one"));
    assert!(burn_in <= 60, "{burn_in}");
    assert_eq!(pilot["burn_in"], burn_in);
    assert_eq!((&pilot["replicates"], &pilot["rounds"]), (&5.into(), &120.into()));
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(summary["burn_in_pilot"], pilot);
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains(&format!("by 5 pilot replicates: the first {burn_in} of 120 rounds")), "{text}");

    let seeds = |value: &Value| value.as_array().unwrap().clone();
    let reported = seeds(&manifest(&at.join("one"))["replicate_seeds"]);
    assert!(seeds(&pilot["seeds"]).iter().all(|seed| !reported.contains(seed)));

    let given = format!("burn_in={burn_in}");
    done(at, &["run", "auto.toml", "--no-charts", "--out", "given", "--set", &given]);
    assert!(tables(&at.join("one")) == tables(&at.join("given")), "the same as with the number");
    assert!(manifest(&at.join("given"))["burn_in_pilot"].is_null());
    done(at, &["verify", "one", "--all"]);
}

#[test]
fn all_points_of_a_sweep_have_the_burn_in_of_its_scenario() {
    let dir = with_scenario();
    let at = dir.path();
    let sweep = |out: &'static str, more: &[&'static str]| {
        [&["sweep", "auto.toml", "--no-charts", "--out", out], more].concat()
    };
    done(at, &sweep("whole", &[]));
    for task in ["1", "0"] {
        done(at, &sweep("parts", &["--tasks", "2", "--task", task]));
    }
    done(at, &["merge", "parts", "--no-charts"]);
    assert!(files(&at.join("whole")) == files(&at.join("parts")));
    done(at, &["run", "auto.toml", "--no-charts", "--out", "run"]);
    assert_eq!(found(&at.join("whole")), found(&at.join("run")));
    // Its mixers are every two rounds, with which a run of its own can find another burn-in.
    done(at, &sweep("point", &["--point", "2"]));
    assert_eq!(manifest(&at.join("point"))["burn_in"], manifest(&at.join("run"))["burn_in"]);
    done(at, &["verify", "whole"]);
}

#[test]
fn a_bet_begins_after_the_burn_in_that_is_found() {
    let dir = with_scenario();
    let at = dir.path();
    done(at, &["bet", "auto.toml", "--no-charts", "--out", "auto"]);
    let (burn_in, _) = found(&at.join("auto"));
    let given = format!("burn_in={burn_in}");
    done(at, &["bet", "auto.toml", "--no-charts", "--out", "given", "--set", &given]);
    assert!(tables(&at.join("auto")) == tables(&at.join("given")));
    done(at, &["verify", "auto", "--all"]);
}

#[test]
fn check_counts_pilot_replicates_and_runs_none() {
    let dir = with_scenario();
    let output = call(dir.path(), &["check", "auto.toml"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("120 rounds with the burn-in that 5 pilot replicates propose"), "{text}");
    let output = call(dir.path(), &["check", "auto.toml", "--json"]);
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&found["burn_in"], &found["pilot_replicates"]), (&Value::Null, &5.into()));
    let output = call(dir.path(), &["check", "auto.toml", "--json", "--set", "burn_in=9"]);
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&found["burn_in"], &found["pilot_replicates"]), (&9.into(), &0.into()));
    // Memory of the bet and of a sweep of bets is weighed before the burn-in is known.
    assert!(found["memory_bet_bytes"].as_u64().is_some_and(|bytes| bytes > 0), "{found}");
    let output = call(dir.path(), &["check", "auto.toml", "--json", "--set", "sweep.experiment=bet"]);
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(found["memory_sweep_bytes"].as_u64().is_some_and(|bytes| bytes > 0), "{found}");
    let text = refused(dir.path(), &["check", "auto.toml", "--set", "rounds=60"], 2);
    assert!(text.contains("burn_in = \"auto\" needs at least 80 rounds, but rounds is 60"), "{text}");
}

#[test]
fn a_run_that_never_settles_is_refused_with_a_fix() {
    let dir = with_scenario();
    // First contacts who were not met fall below the bar for calls in round 89, all at once.
    let sets = ["population.start_ties=10", "population.agents=400", "calls.rate=0.5"];
    let run = ["run", "auto.toml", "--out", "a"].into_iter();
    let arguments: Vec<&str> = run.chain(sets.iter().flat_map(|set| ["--set", set])).collect();
    let text = refused(dir.path(), &arguments, 2);
    assert!(text.contains("auto.toml: burn_in = \"auto\" finds no steady state within 120 rounds"), "{text}");
    assert!(text.contains("set rounds to more, such as 240, or burn_in to a number"), "{text}");
    assert!(!dir.path().join("a").exists());
}

/// Overrides by which a world changes all the time: agents come to know each other, and forget nobody.
const NEVER_STEADY: [&str; 6] =
    ["--set", "reputation.fade=1", "--set", "population.agents=300", "--set", "population.ties_max=300"];

#[test]
fn a_sweep_says_at_how_many_points_there_is_no_steady_state() {
    let dir = with_scenario();
    let at = dir.path();
    let short = ["--set", "burn_in=0", "--set", "rounds=60", "--set", "replicates=8"];
    let arguments = ["sweep", "auto.toml", "--no-charts", "--out", "a"];
    let output = call(at, &[&arguments[..], &short, &NEVER_STEADY].concat());
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{text}");
    let drifting = manifest(&at.join("a"))["sweep"]["points_drifting"].as_u64().unwrap();
    assert!(drifting > 3, "{drifting}");
    assert!(text.contains(&format!("no steady state at {drifting} of 6 points: net benefit")), "{text}");

    // Each point has the rows that a run of it has.
    let table = rows(&at.join("a/sweep_stationarity.csv"), |_| true);
    done(at, &[&arguments[..4], &["b", "--point", "4"], &short, &NEVER_STEADY].concat());
    let run = rows(&at.join("b/stationarity.csv"), |row| row[0] == "net");
    let here: Vec<_> = table.iter().filter(|row| row[0] == "4").collect();
    // Three pairs, and the strategies without abstainers: they know nobody, so they have nothing.
    assert_eq!((run.len(), here.len()), (5, 5));
    for (run, here) in run.iter().zip(here) {
        // Without the metric and the proposal; without the point, its factors and the adjusted p-value.
        assert_eq!([&run[1..3], &run[4..]].concat(), here[3..10], "{run:?}");
    }
}
