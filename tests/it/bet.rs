//! Bets from the command line: what is told, and what is on the disk afterwards.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use mingle::Amount;
use serde_json::Value;

use crate::support;

/// A bet that is played in no time.
const SMALL: &str = "title = \"Small\"\nrounds = 12\nburn_in = 6\n[population]\nagents = 90\n\
                     [mixer]\nsize = 12\n[bet]\nworlds = 4\nfocals = 5\nhorizons = [0, 3, 9]\n";

/// What a call in `dir` comes to: exit code, stdout, stderr.
fn call(dir: &Path, arguments: &[&str]) -> (i32, String, String) {
    fs::write(dir.join("small.toml"), SMALL).unwrap();
    support::call(dir, arguments)
}

/// The files of a folder and of its charts, with their bytes.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for folder in [dir.to_path_buf(), dir.join("charts")] {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                files.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    files
}

/// A table: by column, the cells.
fn columns(dir: &Path, file: &str) -> BTreeMap<String, Vec<String>> {
    let text = fs::read_to_string(dir.join(file)).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let header = lines.next().unwrap();
    let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in lines {
        assert_eq!(row.len(), header.len());
        for (name, cell) in header.iter().zip(row) {
            columns.entry(name.clone()).or_default().push(cell);
        }
    }
    columns
}

fn numbers(cells: &[String]) -> Vec<f64> {
    cells.iter().map(|cell| cell.parse().unwrap()).collect()
}

#[test]
fn a_bet_leaves_its_tables_charts_and_a_verdict() {
    let dir = tempfile::tempdir().unwrap();
    let crossover = ["--set", "bet.design=crossover", "--set", "bet.gap=8", "--decompose"];
    let (code, out, err) = call(dir.path(), &[&["bet", "small.toml"][..], &crossover].concat());
    assert_eq!(code, 0, "{err}");
    assert_eq!(out, "output/small-bet\n");
    assert!(err.contains("20 people in 4 worlds") && err.contains("what others get"), "{err}");
    assert!(err.contains("by trait after 9 rounds: ask") && err.contains("trying both on oneself"), "{err}");
    let result = dir.path().join("output/small-bet");
    let names: Vec<String> = files(&result).into_keys().collect();
    let tables = [
        "bet",
        "bet_channels",
        "bet_crossover",
        "bet_crossover_summary",
        "bet_others",
        "bet_parts",
        "bet_summary",
    ];
    for table in tables {
        assert!(names.contains(&format!("{table}.csv")), "{table}: {names:?}");
    }
    for chart in ["bet_difference", "bet_distribution", "bet_channels", "bet_parts", "bet_crossover"] {
        assert!(names.contains(&format!("{chart}.svg")), "{chart}: {names:?}");
    }
    let manifest: Value = serde_json::from_slice(&fs::read(result.join("manifest.json")).unwrap()).unwrap();
    assert_eq!((&manifest["command"], &manifest["bet"]["event_round"]), (&"bet".into(), &8.into()));
    assert_eq!(manifest["replicate_seeds"].as_array().unwrap().len(), 4);
    let lives = columns(&result, "bet_crossover.csv");
    let [first, second, difference] =
        ["first", "second", "difference"].map(|name| numbers(&lives[name]).into_iter().map(Amount::of));
    assert_eq!(difference.len(), 20);
    assert!(
        first.zip(second).zip(difference).all(|((first, second), difference)| second - first == difference)
    );
}

#[test]
fn tables_agree_with_one_another() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(call(dir.path(), &["bet", "small.toml", "--decompose", "--no-charts"]).0, 0);
    let result = dir.path().join("output/small-bet");
    let (bet, summary) = (columns(&result, "bet.csv"), columns(&result, "bet_summary.csv"));
    let differences = numbers(&bet["difference"]);
    assert_eq!(differences.len(), 4 * 5 * 3);
    let pairs = numbers(&bet["first"]).into_iter().zip(numbers(&bet["second"]));
    let exact = Amount::of;
    assert!(pairs.zip(&differences).all(|((a, b), d)| exact(b) - exact(a) == exact(*d)));
    let means = numbers(&summary["mean"]);
    for (h, horizon) in ["0", "3", "9"].iter().enumerate() {
        let here: Vec<f64> =
            bet["horizon"].iter().zip(&differences).filter(|(x, _)| x == horizon).map(|(_, d)| *d).collect();
        let mean = here.iter().sum::<f64>() / here.len() as f64;
        assert!((mean - means[h]).abs() < 1e-12);
        let wins = here.iter().filter(|d| **d > 0.0).count() as f64 / here.len() as f64;
        assert!((wins - numbers(&summary["p_second"])[h]).abs() < 1e-12);
        for (file, what) in [("bet_channels.csv", "channel"), ("bet_parts.csv", "trait")] {
            let table = columns(&result, file);
            let rows = table["horizon"].iter().zip(&table[what]).zip(numbers(&table["mean"]));
            let sum: f64 = rows.filter(|((x, what), _)| x == horizon && *what != "all").map(|(_, m)| m).sum();
            assert!((sum - mean).abs() < 1e-9, "{file}: {sum} for {mean}");
        }
        let others = columns(&result, "bet_others.csv");
        let rows = others["horizon"].iter().zip(&others["whom"]).zip(numbers(&others["mean"]));
        let of: BTreeMap<&String, f64> =
            rows.filter(|((x, _), _)| x == horizon).map(|((_, whom), m)| (whom, m)).collect();
        let [focal, partners, rest, everyone] =
            ["focal", "partners", "rest", "everyone"].map(|w| of[&w.to_owned()]);
        assert!((focal - mean).abs() < 1e-12 && (focal + partners + rest - everyone).abs() < 1e-9);
    }
}

#[test]
fn amounts_are_written_as_decimals_and_ties_are_ties() {
    let dir = tempfile::tempdir().unwrap();
    let sets = ["bet.horizons=[0]", "bet.worlds=8", "bet.focals=30", "population.agents=300"];
    let sets = sets.iter().flat_map(|set| ["--set", set]);
    let arguments: Vec<&str> = ["bet", "small.toml", "--no-charts"].into_iter().chain(sets).collect();
    let (code, _, err) = call(dir.path(), &arguments);
    assert_eq!(code, 0, "{err}");
    let result = dir.path().join("output/small-bet");
    let (bet, summary) = (columns(&result, "bet.csv"), columns(&result, "bet_summary.csv"));
    for cell in ["first", "second", "difference"].iter().flat_map(|column| &bet[*column]) {
        // Prices have at most two places here.
        assert!(cell.split_once('.').is_none_or(|(_, places)| places.len() <= 2), "{cell}");
    }
    let shares = |column: &str| numbers(&summary[column])[0];
    let share = |of: fn(f64) -> bool| {
        let differences = numbers(&bet["difference"]);
        differences.iter().filter(|d| of(**d)).count() as f64 / differences.len() as f64
    };
    let found = [shares("p_first"), shares("p_tie"), shares("p_second")];
    let counted = [share(|d| d < 0.0), share(|d| d == 0.0), share(|d| d > 0.0)];
    assert!(found.iter().zip(counted).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?} for {counted:?}");
    let alike = bet["first"].iter().zip(&bet["second"]).filter(|(a, b)| a == b).count();
    assert!(alike > 1 && found[1] == alike as f64 / 240.0, "{alike} ties, p_tie {}", found[1]);
}

#[test]
fn the_same_bytes_for_any_number_of_threads_and_when_drawn_again() {
    let dir = tempfile::tempdir().unwrap();
    for threads in ["1", "2", "8"] {
        let arguments = ["bet", "small.toml", "--decompose", "--threads", threads, "--out", threads];
        assert_eq!(call(dir.path(), &arguments).0, 0);
    }
    let one = files(&dir.path().join("1"));
    assert!(one == files(&dir.path().join("2")) && one == files(&dir.path().join("8")));
    assert_eq!(call(dir.path(), &["chart", "1"]).0, 0);
    assert!(one == files(&dir.path().join("1")));
}

#[test]
fn precision_adds_worlds_up_to_the_cap_and_says_if_it_is_not_reached() {
    let dir = tempfile::tempdir().unwrap();
    let bet = |precision: &str, cap: &str, out: &str| {
        let arguments = [
            "bet",
            "small.toml",
            "--no-charts",
            "--json",
            "--precision",
            precision,
            "--max-worlds",
            cap,
            "--out",
            out,
        ];
        let (code, text, err) = call(dir.path(), &arguments);
        assert_eq!(code, 0, "{err}");
        (serde_json::from_str::<Value>(&text).unwrap(), err)
    };
    let (wide, _) = bet("50", "100", "wide");
    assert_eq!((&wide["worlds_done"], &wide["precise"]), (&30.into(), &true.into()), "two looks in a row");
    let (narrow, err) = bet("0.0001", "40", "narrow");
    assert_eq!((&narrow["worlds_done"], &narrow["precise"]), (&40.into(), &false.into()));
    assert!(err.contains("the precision asked for was not reached"), "{err}");
    // The first worlds are the same ones.
    let rows = |out: &str| fs::read_to_string(dir.path().join(out).join("bet.csv")).unwrap();
    assert!(rows("narrow").starts_with(&rows("wide")));
}

#[test]
fn a_bet_overwrites_nothing_and_faults_are_told() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(call(dir.path(), &["bet", "small.toml", "--no-charts"]).0, 0);
    let (code, _, err) = call(dir.path(), &["bet", "small.toml", "--no-charts"]);
    assert!(code == 1 && err.contains("--force"), "{err}");
    assert_eq!(call(dir.path(), &["bet", "small.toml", "--no-charts", "--force"]).0, 0);
    let (code, _, err) = call(dir.path(), &["bet", "small.toml", "--set", "bet.second=sevant"]);
    assert_eq!(code, 2);
    assert!(err.contains("bet.second must be the name of a strategy") && err.contains("servant"), "{err}");
    let (code, _, err) = call(dir.path(), &["bet", "small.toml", "--precision", "0"]);
    assert!(code == 2 && err.contains("a number above 0"), "{err}");
}

#[test]
fn one_world_says_that_it_shows_no_spread() {
    let dir = tempfile::tempdir().unwrap();
    let (code, _, err) = call(dir.path(), &["bet", "small.toml", "--set", "bet.worlds=1"]);
    assert!(code == 0 && err.contains("one world shows no spread"), "{err}");
    let summary = columns(&dir.path().join("output/small-bet"), "bet_summary.csv");
    assert!(summary["ci_low"].iter().all(String::is_empty));
}
