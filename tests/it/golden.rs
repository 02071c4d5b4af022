//! Golden results: what this version gives for the shipped scenarios, byte by byte.
//!
//! `golden/VERSION/` has a file for each scenario: the settings of small results, the checksum of each of their tables,
//! and the means of the run. Results are the same to the bit on every machine, so these are exact. The folders of
//! earlier versions stay as they are.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use mingle::summaries::FileNote;
use mingle::{
    BetOptions, BetPlan, Progress, RunOptions, Scenario, SweepInput, SweepOptions, SweepPlan, ThreadPool,
    bet_to, run_to, sweep_to,
};
use serde_json::Value;

use crate::scenarios::{SMALL_BET, Shipped, shipped, small_sweep};
use crate::support::{check_each, root, sources_below};

const HOW: &str = "This version gives other results than tests/it/golden has for it. If the change is wanted: where a \
                   table of replicates, worlds or points changed, the model's output did, so add an entry under \
                   *Model output* to CHANGELOG.md, which says which scenarios are affected and by how much. Then write \
                   the results anew with: MINGLE_BLESS=1 cargo test --release --test it golden";

/// The golden results of this version.
fn folder() -> PathBuf {
    root().join("tests/it/golden").join(env!("CARGO_PKG_VERSION"))
}

/// One result: its settings, and the checksums of its tables.
fn section(text: &mut String, command: &str, sets: &[String], files: &[FileNote]) {
    writeln!(text, "\n{command} {}", sets.join(" ")).unwrap();
    for note in files.iter().filter(|note| note.path.ends_with(".csv")) {
        writeln!(text, "{} {} {}", note.sha256, note.rows.unwrap(), note.path).unwrap();
    }
}

/// The name of the scheme of random numbers in the manifest of a result.
fn random_numbers(dir: &Path) -> String {
    let manifest: Value = serde_json::from_slice(&fs::read(dir.join("manifest.json")).unwrap()).unwrap();
    manifest["random_numbers"].as_str().unwrap().to_owned()
}

/// The golden text of a scenario.
fn golden(file: &Shipped, pool: &ThreadPool) -> String {
    let progress = Progress::default();
    let dir = tempfile::tempdir().unwrap();
    let sets = file.small_sets(240, 80, 10, 2);
    let scenario = file.parse(&sets);
    let options = RunOptions { agents: true, ..RunOptions::default() };
    let run = run_to(&dir.path().join("run"), &scenario, options, pool, &progress).unwrap().unwrap();
    let mut text = format!(
        "{}: mingle {}, random numbers {}\nsha256, rows and name of each table\n",
        file.stem,
        env!("CARGO_PKG_VERSION"),
        random_numbers(&run.dir)
    );
    section(&mut text, "run --agents", &sets, &run.files);

    if file.has("[bet]") {
        let sets = SMALL_BET.map(str::to_owned);
        let scenario = Scenario::parse_bet(&file.text, &SMALL_BET).unwrap_or_else(|f| panic!("{f}"));
        let plan = BetPlan::new(&scenario, true);
        let options = BetOptions { worlds: plan.bet().worlds, ..BetOptions::default() };
        let bet = bet_to(&dir.path().join("bet"), &plan, options, pool, &progress).unwrap().unwrap();
        section(&mut text, "bet --decompose", &sets, &bet.files);
    }
    if file.has("[[factor]]") {
        let sets = small_sweep(file);
        let overrides: Vec<&str> = sets.iter().map(String::as_str).collect();
        let scenario = mingle::parse_sweep(&file.text, &overrides).unwrap_or_else(|f| panic!("{f}"));
        let plan = SweepPlan::new(scenario, Vec::new());
        let input = SweepInput { plan: &plan, list: None };
        let sweep = sweep_to(&dir.path().join("sweep"), input, SweepOptions::default(), pool, &progress);
        section(&mut text, "sweep", &sets, &sweep.unwrap().unwrap().files);
    }

    text += "\nmeans of the run after burn-in\n";
    for row in &run.summary {
        writeln!(text, "{} {} {}", row.strategy, row.metric, row.mean.mean).unwrap();
    }
    text
}

/// The name of the golden file of a scenario.
fn path(stem: &str) -> PathBuf {
    folder().join(format!("{stem}.txt"))
}

/// The result of a scenario is the golden one, or becomes it with MINGLE_BLESS.
fn check(stem: &str) {
    let file = shipped().into_iter().find(|file| file.stem == stem);
    let file = file.unwrap_or_else(|| panic!("scenarios/{stem}.toml is not shipped: remove its golden test"));
    let now = golden(&file, &ThreadPool::new(2).unwrap());
    if std::env::var_os("MINGLE_BLESS").is_some() {
        fs::create_dir_all(folder()).unwrap();
        fs::write(path(stem), &now).unwrap();
    }
    let there = fs::read_to_string(path(stem)).unwrap_or_default();
    let lines = now.lines().filter(|line| there.lines().all(|other| other != *line));
    assert!(there == now, "{HOW}\nnow among others:\n  {}", lines.take(4).collect::<Vec<_>>().join("\n  "));
}

check_each! {
    "abstainers" abstainers
    "ask-or-serve" ask_or_serve
    "bet-phase" bet_phase
    "big-city" big_city
    "chamber-mixer" chamber_mixer
    "each-setting" each_setting
    "executive-mixer" executive_mixer
    "glass-house" glass_house
    "karate-club" karate_club
    "mixers-per-month" mixers_per_month
    "polished-warriors" polished_warriors
    "servants-paradise" servants_paradise
    "startup-survival" startup_survival
    "the-bet-glass-house" the_bet_glass_house
    "the-bet-no-fee" the_bet_no_fee
    "the-bet-year" the_bet_year
    "the-bet" the_bet
    "three-continents" three_continents
    "warriors-paradise" warriors_paradise
    "what-matters" what_matters
    "where-is-the-line" where_is_the_line
    "will-it-spread" will_it_spread
}

#[test]
fn every_shipped_scenario_has_golden_results_and_no_other() {
    let shipped: Vec<String> = shipped().into_iter().map(|file| file.stem).collect();
    for stem in &shipped {
        assert!(NAMES.contains(&stem.as_str()), "add {stem} to check_each! in tests/it/golden.rs");
    }
    let folder = format!("tests/it/golden/{}", env!("CARGO_PKG_VERSION"));
    for name in sources_below(&folder) {
        let stem = Path::new(&name).file_stem().unwrap().to_str().unwrap();
        assert!(shipped.iter().any(|shipped| shipped == stem), "{name}: it belongs to no shipped scenario");
    }
}
