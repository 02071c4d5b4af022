//! The log of events: it adds up to the other tables, to the last digit.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;

use crate::support::{call, done};

/// A scenario in which everything happens that is logged.
const SCENARIO: &str = "rounds = 30\nburn_in = 7\nreplicates = 3\n[population]\nagents = 90\ntown_size = 45\n\
    [needs]\npatience = 3\n[mixer]\nevery = 2\nsize = 12\ntravel = 0.2\ntravel_cost = 0.3\n\
    [calls]\nrate = 0.6\ndepth = 4\n";

/// Runs a scenario in a folder of its own, and returns what it says.
fn run(dir: &Path, text: &str, more: &[&str]) -> String {
    fs::write(dir.join("s.toml"), text).unwrap();
    done(dir, &[&["run", "s.toml", "--no-charts", "--force", "--out", "out"], more].concat())
}

type Row = BTreeMap<String, String>;

fn rows_of(text: impl Read) -> Vec<Row> {
    csv::Reader::from_reader(text).deserialize().map(Result::unwrap).collect()
}

fn table(dir: &Path, file: &str) -> Vec<Row> {
    rows_of(fs::File::open(dir.join("out").join(file)).unwrap())
}

/// An amount in billionths.
fn billionths(text: &str) -> i64 {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    sign * format!("{whole}{part:0<9}").parse::<i64>().unwrap()
}

/// By replicate, round, strategy and column.
type Sums = BTreeMap<(String, String, String, &'static str), i64>;

/// Counts of acts and sums of amounts, each by replicate, round, strategy and column of `rounds.csv`.
fn sums(events: &[Row]) -> Sums {
    let mut sums = BTreeMap::new();
    for row in events {
        let [actor, other] = ["actor_strategy", "other_strategy"].map(|column| row[column].clone());
        let mut add = |strategy: &String, column, value| {
            let place = (row["replicate"].clone(), row["round"].clone(), strategy.clone(), column);
            *sums.entry(place).or_insert(0) += value;
        };
        match row["act"].as_str() {
            "need" => add(&actor, "needs_opened", 1),
            "lapse" => add(&actor, "needs_lapsed", 1),
            "attend" => add(&actor, "guests", 1),
            "push" => add(&actor, "acts_push", 1),
            "assist" => add(&actor, "acts_assist", 1),
            "refuse" => add(&actor, "acts_refuse", 1),
            "refer" => add(&actor, "acts_refer", 1),
            "encourage" => add(&actor, "acts_encourage", 1),
            "call" => add(&other, "inbound_calls", 1),
            "enter" => add(&actor, "enter", 1),
            "fail" => add(&actor, "leave", 1),
            "adopt" => {
                add(&actor, "leave", 1);
                add(&other, "come", 1);
            }
            _ => {}
        }
        for column in ["push", "gift", "call", "pull", "encouragement", "finder"] {
            if row["channel"] == column {
                add(&other, column, billionths(&row["amount"]));
                if ["pull", "finder"].contains(&column) {
                    add(&actor, "fees_paid", billionths(&row["amount"]));
                }
            }
        }
    }
    sums
}

const COUNTED: [&str; 8] = [
    "needs_opened",
    "needs_lapsed",
    "acts_push",
    "acts_assist",
    "acts_refuse",
    "acts_refer",
    "acts_encourage",
    "inbound_calls",
];
const PAID: [&str; 7] = ["push", "gift", "call", "pull", "encouragement", "finder", "fees_paid"];

/// Compares the members of each round with those of the round before and who came, left and changed sides.
fn assert_members_follow(rounds: &[Row], sums: &Sums) {
    let members: BTreeMap<_, i64> = rounds
        .iter()
        .map(|row| {
            let number = |column: &str| row[column].parse::<i64>().unwrap();
            ((row["replicate"].clone(), number("round"), row["strategy"].clone()), number("agents"))
        })
        .collect();
    for ((replicate, round, strategy), now) in &members {
        let Some(before) = members.get(&(replicate.clone(), round - 1, strategy.clone())) else { continue };
        let sum = |round: i64, column| {
            let place = (replicate.clone(), round.to_string(), strategy.clone(), column);
            sums.get(&place).copied().unwrap_or(0)
        };
        let change = sum(round - 1, "come") - sum(round - 1, "leave") + sum(*round, "enter");
        assert_eq!(before + change, *now, "{strategy} in round {round} of replicate {replicate}");
    }
}

/// Compares a log of all replicates and rounds with `rounds.csv` and `flows.csv`.
fn assert_adds_up(dir: &Path, burn_in: u32) {
    let (events, rounds) = (table(dir, "events.csv"), table(dir, "rounds.csv"));
    let sums = sums(&events);
    let mut total = 0;
    for row in &rounds {
        let sum = |column| {
            let place = (row["replicate"].clone(), row["round"].clone(), row["strategy"].clone(), column);
            sums.get(&place).copied().unwrap_or(0)
        };
        let members: f64 = row["agents"].parse().unwrap();
        let means = COUNTED.map(|column| (column, sum(column) as f64 / members)).into_iter();
        let means = means.chain(PAID.map(|column| (column, sum(column) as f64 / (members * 1e9))));
        for (column, mean) in means.filter(|_| members > 0.0) {
            let there: f64 = row[column].parse().unwrap();
            assert_eq!(there.to_bits(), (mean + 0.0).to_bits(), "{column} in {row:?}");
        }
        let guests = if row["guests"].is_empty() { 0 } else { row["guests"].parse().unwrap() };
        assert_eq!(guests, sum("guests"), "{row:?}");
        total += sum("acts_assist");
    }
    assert_members_follow(&rounds, &sums);
    assert!(total > 100, "{total} needs were solved");
    let mut flows: BTreeMap<[String; 4], i64> = BTreeMap::new();
    let after = events.iter().filter(|row| row["round"].parse::<u32>().unwrap() >= burn_in);
    for row in after.filter(|row| !row["channel"].is_empty()) {
        let place =
            ["replicate", "actor_strategy", "other_strategy", "channel"].map(|column| row[column].clone());
        *flows.entry(place).or_insert(0) += billionths(&row["amount"]);
    }
    for row in table(dir, "flows.csv") {
        let place = ["replicate", "from", "to", "channel"].map(|column| row[column].clone());
        assert_eq!(flows.remove(&place).unwrap_or(0), billionths(&row["value"]), "{place:?}");
    }
    assert!(flows.is_empty(), "{flows:?}");
}

#[test]
fn the_log_adds_up_to_rounds_and_flows_to_the_last_digit() {
    let dir = tempfile::tempdir().unwrap();
    let mechanisms: [&[&str]; 7] = [
        &[],
        &["reputation.kind=public", "mixer.familiarity=2"],
        &["reputation.observe=0.3", "needs.visible=true", "help.encourage_value=0.137"],
        &["survival.overhead=1.2", "survival.endowment=6", "evolution.rate=0.3", "evolution.mutation=0.1"],
        &["population.ties_max=5", "calls.capacity=0", "reputation.norm=stern-judging"],
        &["needs.sizes=[1, 3, 10]", "needs.size_shares=[0.7, 0.2, 0.1]", "needs.value=0.137"],
        &["needs.at_once=4", "needs.rate=0.6", "needs.sizes=[1, 3]", "needs.size_shares=[0.7, 0.3]"],
    ];
    for sets in mechanisms {
        let sets: Vec<&str> = sets.iter().flat_map(|set| ["--set", set]).collect();
        run(dir.path(), SCENARIO, &[&["--events", "--events-replicates", "0..2"], &sets[..]].concat());
        assert_adds_up(dir.path(), 7);
    }
}

#[test]
fn a_log_changes_no_other_table_and_is_verified_with_them() {
    let dir = tempfile::tempdir().unwrap();
    run(dir.path(), SCENARIO, &[]);
    let tables = ["rounds.csv", "flows.csv", "summary.csv", "distribution.csv"];
    let read = || tables.map(|file| fs::read(dir.path().join("out").join(file)).unwrap());
    let without = read();
    run(dir.path(), SCENARIO, &["--events", "--events-replicates", "1..2", "--threads", "1"]);
    assert!(read() == without);
    let log = fs::read(dir.path().join("out/events.csv")).unwrap();
    run(dir.path(), SCENARIO, &["--events", "--events-replicates", "1..2", "--threads", "2"]);
    assert!(log == fs::read(dir.path().join("out/events.csv")).unwrap(), "the same on two threads");
    let verified = |more: &[&str]| done(dir.path(), &[&["verify", "out"], more].concat());
    let n = table(dir.path(), "events.csv").len();
    assert!(verified(&["--all"]).contains(&format!("events.csv: all {n} rows agree")));
    assert!(verified(&["--replicates", "1"]).contains("events.csv: all 0 rows agree"));
}

#[test]
fn a_log_has_the_rounds_that_are_asked_for_and_unpacks_to_the_same_bytes() {
    let dir = tempfile::tempdir().unwrap();
    run(dir.path(), SCENARIO, &["--events", "--events-rounds", "4..6"]);
    let plain = fs::read(dir.path().join("out/events.csv")).unwrap();
    let rounds: std::collections::BTreeSet<String> =
        rows_of(&plain[..]).into_iter().map(|row| row["round"].clone()).collect();
    assert_eq!(rounds.into_iter().collect::<Vec<_>>(), ["4", "5", "6"]);
    run(dir.path(), SCENARIO, &["--events=events.csv.gz", "--events-rounds", "4..6"]);
    assert!(!dir.path().join("out/events.csv").exists(), "the older log is gone");
    let packed = fs::read(dir.path().join("out/events.csv.gz")).unwrap();
    assert!(packed.len() < plain.len() / 5, "{} of {}", packed.len(), plain.len());
    let mut text = Vec::new();
    flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut text).unwrap();
    assert!(text == plain);
    let package = fs::read_to_string(dir.path().join("out/datapackage.json")).unwrap();
    assert!(package.contains("\"path\": \"events.csv.gz\"") && package.contains("\"compression\": \"gz\""));
    done(dir.path(), &["verify", "out", "--all"]);
}

#[test]
fn judgements_move_opinions_by_learning_toward_a_verdict() {
    let dir = tempfile::tempdir().unwrap();
    for kind in ["private", "public"] {
        let text = format!("{SCENARIO}[reputation]\nkind = \"{kind}\"\nlearning = 0.25\n");
        run(dir.path(), &text, &["--events"]);
        // Help and refusal, pushing, encouraging, and the motives of the presets; each can be misjudged.
        let verdicts = [1.0, 0.3, 0.2, 0.8];
        let mut n = 0;
        for row in table(dir.path(), "events.csv").iter().filter(|row| row["act"] == "judge") {
            let [before, after] = ["opinion_before", "opinion_after"].map(|c| row[c].parse::<f64>().unwrap());
            let verdict = (after - before * 0.75) / 0.25;
            assert!(verdicts.iter().any(|v| (v - verdict.abs()).abs() < 1e-5), "{verdict}: {row:?}");
            n += 1;
        }
        assert!(n > 1000, "{n} judgements");
    }
}

#[test]
fn ranges_beyond_the_scenario_are_refused_with_the_range_there_is() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("s.toml"), SCENARIO).unwrap();
    let cases = [
        (
            ["--events-rounds", "4..30"],
            "`--events-rounds 4..30`: the scenario has 30 rounds, numbered 0 to 29",
        ),
        (
            ["--events-replicates", "3"],
            "`--events-replicates 3`: the scenario has 3 replicates, numbered 0 to 2",
        ),
        (["--events-rounds", "6..4"], "expected a number, or two as in 4..12 with the smaller first"),
    ];
    for (options, message) in cases {
        let (code, _, text) = call(dir.path(), &[&["run", "s.toml", "--events"], &options[..]].concat());
        assert!(code == 2 && text.contains(message), "{text}");
        assert!(!dir.path().join("output").exists(), "nothing is written");
    }
}
