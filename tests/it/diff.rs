//! What differs between two runs or scenarios.

use std::fs;
use std::path::Path;

use crate::support::{call, refused};

const SCENARIO: &str =
    "title = \"A\"\nrounds = 40\nburn_in = 10\nreplicates = 4\n[population]\nagents = 90\n";

/// What a command that succeeds prints on stdout.
fn mingle(dir: &Path, arguments: &[&str]) -> String {
    let (code, out, err) = call(dir, arguments);
    assert_eq!(code, 0, "{err}");
    out
}

/// A folder with results of the scenario under these names and changes.
fn results(runs: &[(&str, &[&str])]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("s.toml"), SCENARIO).unwrap();
    for (name, sets) in runs {
        let sets: Vec<&str> = sets.iter().flat_map(|set| ["--set", set]).collect();
        mingle(dir.path(), &[&["run", "s.toml", "--no-charts", "--out", name], &sets[..]].concat());
    }
    dir
}

#[test]
fn a_fee_parts_two_worlds_at_the_first_fee_and_is_compared_by_replicate() {
    let dir = results(&[("a", &[]), ("b", &["calls.fee=0.1"])]);
    let text = mingle(dir.path(), &["diff", "a", "b"]);
    assert!(
        text.starts_with("settings that differ:\n  calls.fee: 0.3 -> 0.1\nworlds: those of replicate 0"),
        "{text}"
    );
    assert!(
        text.contains("A: fee: ") && text.contains("pull 3 (calls)") && text.contains("pull 1 (calls)"),
        "{text}"
    );
    let json: serde_json::Value =
        serde_json::from_str(&mingle(dir.path(), &["diff", "a", "b", "--json"])).unwrap();
    assert_eq!(json["settings"][0]["key"], "calls.fee");
    let gains = json["gains"].as_array().unwrap();
    assert_eq!(gains.len(), 3);
    for gain in gains {
        assert_eq!(gain["paired"], true);
        let [a, b] = [0, 1].map(|side| gain["means"][side].as_f64().unwrap());
        let difference = gain["difference"]["mean"].as_f64().unwrap();
        assert!((b - a - difference).abs() < 1e-12 && difference != 0.0, "{gain}");
        // The means are those of the summary.
        let summary = fs::read_to_string(dir.path().join("b/summary.csv")).unwrap();
        let line = summary
            .lines()
            .find(|line| line.starts_with(&format!("{},net,", gain["strategy"].as_str().unwrap())));
        let mean: f64 = line.unwrap().split(',').nth(2).unwrap().parse().unwrap();
        assert!((mean - b).abs() < 1e-9, "{gain} {mean}");
    }
}

#[test]
fn why_worlds_part_is_told_by_each_setting_alone() {
    let fee = "calls.fee=0.1";
    let dir = results(&[("a", &[]), ("b", &[fee, "needs.patience=30", "strategy.warrior.ask=0"])]);
    let text = mingle(dir.path(), &["diff", "a", "b"]);
    let why = text.split_once("why, by each of these settings of B alone:\n").expect("it says why").1;
    let line = |key: &str| why.lines().find(|line| line.contains(key)).unwrap().to_owned();
    // In the first round there are mixers, then calls; no need is old.
    assert_eq!(
        [line("calls.fee"), line("needs.patience"), line("warrior.ask")],
        [
            "  A with calls.fee = 0.1: parts from A in the same round, but at another act",
            "  A with needs.patience = 30: does not part from A up to this round",
            "  A with strategy.warrior.ask = 0.0: parts from A at the same act, in the same way",
        ],
        "{text}"
    );
    let json: serde_json::Value =
        serde_json::from_str(&mingle(dir.path(), &["diff", "a", "b", "--json"])).unwrap();
    let why = json["first_difference"]["why"].as_array().unwrap();
    let effects: Vec<&str> = why.iter().map(|why| why["effect"].as_str().unwrap()).collect();
    assert_eq!(effects, ["nothing", "otherwise", "same"], "{why:?}");
    // Shares need others with them.
    let shares = ["strategy.warrior.share=0.3", "strategy.servant.share=0.5"];
    let sets: Vec<&str> = shares.iter().flat_map(|set| ["--set", set]).collect();
    let run = [&["run", "s.toml", "--no-charts", "--out", "c"], &sets[..]].concat();
    mingle(dir.path(), &run);
    let text = mingle(dir.path(), &["diff", "a", "c"]);
    assert!(
        text.contains(
            "A with strategy.warrior.share = 0.3: cannot be tried: this setting needs others with it"
        ),
        "{text}"
    );
}

#[test]
fn the_same_scenario_differs_in_nothing() {
    let dir = results(&[("a", &[])]);
    let text = mingle(dir.path(), &["diff", "a", "s.toml"]);
    assert_eq!(
        text,
        "settings: all the same\nworlds: replicate 0 has the same acts in all rounds that both have\n\
         net benefit: run both to compare it, and name the two folders\n"
    );
}

#[test]
fn other_seeds_and_other_sizes_share_nothing_and_strategies_of_one_side_have_no_other_value() {
    let dir = results(&[("a", &[]), ("b", &["seed=2"]), ("c", &["population.agents=80"])]);
    let text = mingle(dir.path(), &["diff", "a", "b"]);
    assert!(text.contains("worlds: their seeds differ, so they share nothing from the start"), "{text}");
    assert!(text.contains("not paired, because their seeds or replicates differ"), "{text}");
    let text = mingle(dir.path(), &["diff", "a", "c"]);
    assert!(
        text.contains("their numbers of agents differ") && text.contains("paired by replicate"),
        "{text}"
    );
    let more = format!("{SCENARIO}[[strategy]]\nname = \"warrior\"\nshare = 1.0\n");
    fs::write(dir.path().join("one.toml"), more).unwrap();
    let text = mingle(dir.path(), &["diff", "s.toml", "one.toml"]);
    assert!(text.contains("  strategy.servant.ask: 0.1 -> none\n"), "{text}");
    assert!(text.contains("  strategy.warrior.share: 0.4 -> 1.0\n"), "{text}");
}

#[test]
fn a_burn_in_that_is_not_settled_and_a_world_that_does_not_fit_are_no_faults_of_the_program() {
    let dir = tempfile::tempdir().unwrap();
    let text = SCENARIO.replace("rounds = 40\nburn_in = 10", "rounds = 80\nburn_in = \"auto\"");
    fs::write(dir.path().join("auto.toml"), text).unwrap();
    fs::write(dir.path().join("s.toml"), SCENARIO).unwrap();
    let text = mingle(dir.path(), &["diff", "auto.toml", "s.toml"]);
    assert!(
        text.contains("  burn_in: \"auto\" -> 10\n") && text.contains("the same acts in all rounds"),
        "{text}"
    );
    fs::write(dir.path().join("huge.toml"), "[population]\nagents = 4_000_000_000\n").unwrap();
    let text = refused(dir.path(), &["diff", "huge.toml", "huge.toml"], 1);
    assert!(text.contains("of memory and") && text.contains("lower population.agents"), "{text}");
}
