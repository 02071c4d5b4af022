//! Files count as inputs: results record them, and can be repeated without them.

use std::fs;
use std::path::Path;

use mingle::Scenario;
use serde_json::Value;

use super::{PEOPLE, SCENARIO, TIES, done, failed, folder, rows, scenario, usual};

fn manifest(out: &Path) -> Value {
    serde_json::from_slice(&fs::read(out.join("manifest.json")).unwrap()).unwrap()
}

#[test]
fn a_result_records_its_files_and_is_repeated_without_them() {
    let dir = usual();
    let sets = ["--set", "bet.worlds=2", "--set", "bet.focals=2", "--set", "bet.horizons=[0, 5]"];
    done(dir.path(), &["run", "s.toml", "--no-charts", "--out", "run", "--events", "--network", "5"]);
    done(dir.path(), &[&["bet", "s.toml", "--no-charts", "--out", "bet"], &sets[..]].concat());
    let found = manifest(&dir.path().join("run"));
    let input = &found["inputs"][0];
    assert_eq!(
        (input["key"].as_str(), input["file"].as_str()),
        (Some("population.agents_file"), Some("people.csv"))
    );
    assert_eq!((input["bytes"].as_u64(), input["text"].as_str()), (Some(PEOPLE.len() as u64), Some(PEOPLE)));
    assert_eq!(input["sha256"].as_str().unwrap().len(), 64);
    assert_eq!(found["inputs"][1]["text"], TIES);
    let report = fs::read_to_string(dir.path().join("run/report.html")).unwrap();
    assert!(report.contains("people.csv, SHA-256 ") && report.contains(input["sha256"].as_str().unwrap()));
    for file in ["people.csv", "ties.csv", "s.toml"] {
        fs::remove_file(dir.path().join(file)).unwrap();
    }
    for out in ["run", "bet"] {
        let said = done(dir.path(), &["verify", out, "--all"]);
        assert!(said.contains("the result agrees with its manifest"), "{said}");
    }
    let said = done(dir.path(), &["diff", "run", "run"]);
    assert!(said.contains("the same"), "{said}");
    // A changed text is found, whether its hash is changed with it or not.
    let path = dir.path().join("run/manifest.json");
    let whole = fs::read_to_string(&path).unwrap();
    fs::write(&path, whole.replace("Ada,Bo,0.5", "Ada,Bo,0.6")).unwrap();
    let said = failed(dir.path(), &["verify", "run"]);
    assert!(
        said.contains("the text of \"ties.csv\" in it has another size or SHA-256 than it says"),
        "{said}"
    );
}

#[test]
fn a_run_without_files_says_nothing_of_them() {
    let dir = folder("rounds = 4\nburn_in = 1\nreplicates = 1\n[population]\nagents = 30\n", &[]);
    done(dir.path(), &["run", "s.toml", "--no-charts", "--out", "run", "--agents"]);
    assert!(manifest(&dir.path().join("run")).get("inputs").is_none());
    let header = fs::read_to_string(dir.path().join("run/agents.csv")).unwrap();
    assert!(!header.lines().next().unwrap().contains("name"), "{header}");
}

const FACTOR: &str = "[[factor]]\nname = \"fee\"\nkeys = \"calls.fee\"\nvalues = [0.0, 0.3]\n\
    [[factor]]\nname = \"learning\"\nkeys = \"reputation.learning\"\nvalues = [0.1, 0.5]\n";

#[test]
fn a_sweep_over_other_keys_has_the_people_at_every_point() {
    let dir = folder(&format!("{SCENARIO}{FACTOR}"), &[("people.csv", PEOPLE), ("ties.csv", TIES)]);
    done(dir.path(), &["sweep", "s.toml", "--no-charts", "--out", "sweep"]);
    assert_eq!(manifest(&dir.path().join("sweep"))["inputs"][0]["text"], PEOPLE);
    done(dir.path(), &["sweep", "s.toml", "--no-charts", "--out", "point", "--point", "2"]);
    done(
        dir.path(),
        &[
            "run",
            "s.toml",
            "--no-charts",
            "--out",
            "run",
            "--set",
            "calls.fee=0.3",
            "--set",
            "reputation.learning=0.1",
        ],
    );
    let table = |out: &str| fs::read(dir.path().join(out).join("rounds.csv")).unwrap();
    assert!(table("point") == table("run"));
    let said = done(dir.path(), &["verify", "sweep", "--all"]);
    assert!(said.contains("the result agrees"), "{said}");
    // In parts, on machines that need not have the files when they merge.
    for task in ["0", "1"] {
        done(
            dir.path(),
            &["sweep", "s.toml", "--no-charts", "--out", "parts", "--tasks", "2", "--task", task],
        );
    }
    fs::remove_file(dir.path().join("people.csv")).unwrap();
    done(dir.path(), &["merge", "parts"]);
    let table = |out: &str| fs::read(dir.path().join(out).join("sweep.csv")).unwrap();
    assert!(table("parts") == table("sweep"));
}

#[test]
fn a_sweep_is_not_continued_with_another_file() {
    let dir = folder(&format!("{SCENARIO}{FACTOR}"), &[("people.csv", PEOPLE), ("ties.csv", TIES)]);
    done(dir.path(), &["sweep", "s.toml", "--no-charts", "--out", "parts", "--tasks", "2", "--task", "0"]);
    fs::write(dir.path().join("ties.csv"), TIES.replace("0.5", "0.75")).unwrap();
    let said = failed(
        dir.path(),
        &["sweep", "s.toml", "--no-charts", "--out", "parts", "--tasks", "2", "--task", "1"],
    );
    assert!(said.contains("ties.csv has another text"), "{said}");
    // A complete sweep is that of its files, too.
    done(dir.path(), &["sweep", "s.toml", "--no-charts", "--out", "whole"]);
    fs::write(dir.path().join("ties.csv"), TIES).unwrap();
    let said = failed(dir.path(), &["sweep", "s.toml", "--no-charts", "--out", "whole", "--resume"]);
    assert!(said.contains("whole"), "{said}");
}

#[test]
fn two_scenarios_with_other_files_of_the_same_name_differ() {
    let dir = usual();
    fs::create_dir(dir.path().join("b")).unwrap();
    fs::copy(dir.path().join("s.toml"), dir.path().join("b/s.toml")).unwrap();
    fs::copy(dir.path().join("people.csv"), dir.path().join("b/people.csv")).unwrap();
    fs::write(dir.path().join("b/ties.csv"), TIES.replace("Di,Flo", "Di,Bo")).unwrap();
    let said = done(dir.path(), &["diff", "s.toml", "b/s.toml"]);
    assert!(said.contains("the text of ties.csv"), "{said}");
    assert!(!said.contains("people.csv"), "{said}");
}

#[test]
fn the_values_in_force_read_back_with_the_same_files() {
    let scenario = scenario(&["calls.fee=0.2"], PEOPLE, TIES);
    let text = scenario.to_toml();
    assert!(text.contains("agents = 6\n") && text.contains("network_file = \"ties.csv\"\n"), "{text}");
    let files = [("people.csv", PEOPLE.as_bytes()), ("ties.csv", TIES.as_bytes())];
    let again = Scenario::parse_with_files(&text, &[], &files).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(again, scenario);
    let other = TIES.replace("0.5", "0.75");
    let files = [("people.csv", PEOPLE.as_bytes()), ("ties.csv", other.as_bytes())];
    assert_ne!(Scenario::parse_with_files(&text, &[], &files).unwrap(), scenario);
    assert!(!rows_of(&scenario).is_empty());
}

/// Reads the scenario again with other values.
fn rows_of(scenario: &Scenario) -> Vec<u32> {
    let other = scenario.with(&["calls.fee=0"]).unwrap_or_else(|faults| panic!("{faults}"));
    super::first_ties(&other).iter().map(|tie| tie.0).collect()
}

#[test]
fn tables_with_names_are_described() {
    let dir = usual();
    done(dir.path(), &["run", "s.toml", "--no-charts", "--out", "run", "--agents"]);
    let package: Value =
        serde_json::from_slice(&fs::read(dir.path().join("run/datapackage.json")).unwrap()).unwrap();
    let tables = package["resources"].as_array().unwrap();
    let agents = tables.iter().find(|table| table["name"] == "agents").unwrap();
    let last = agents["schema"]["fields"].as_array().unwrap().last().unwrap();
    assert_eq!((last["name"].as_str(), last["type"].as_str()), (Some("name"), Some("string")));
    assert!(rows(&dir.path().join("run/agents.csv")).iter().all(|row| !row["name"].is_empty()));
}
