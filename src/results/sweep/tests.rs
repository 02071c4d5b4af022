//! Sweeps whose replicates are made by hand.

mod merged;

use std::collections::BTreeMap;
use std::fs;

use super::*;
use crate::amount::Amount;
use crate::experiment::{Gain, HorizonRecord, N_OUTCOMES, RunOutcome, TwinRecord, WorldRecord};
use crate::model::N_AMOUNTS;
use crate::results::Fault;
use crate::results::own::PARTS;
use crate::scenario::{Override, Source};

/// A sweep of three values of the fee with seven replicates of each.
fn plan(sets: &[&str]) -> SweepPlan {
    let text = "replicates = 7\n[sweep]\n[[factor]]\nname = \"fee\"\nkeys = \"calls.fee\"\nmin = 0\nmax = 0.4\nlevels = 3\n";
    let sets: Vec<Override> = sets.iter().map(|set| Override::set(set)).collect();
    let scenario = parse_sweep(&Source { name: "test.toml", bytes: text.as_bytes() }, &sets);
    SweepPlan::new(scenario.unwrap_or_else(|faults| panic!("{faults}")), Vec::new())
}

fn open<'a>(dir: &Path, plan: &'a SweepPlan, options: SweepOptions) -> Result<SweepWriter<'a>, ResultsError> {
    let input = SweepInput { plan, list: None };
    SweepWriter::open(dir, input, options, Part::WHOLE).map(|writer| writer.expect("it is not complete"))
}

const RESUMED: SweepOptions = SweepOptions { force: false, resume: true, charts: false };

/// Stores replicates in which the contrast is the one of its point, and a little luck.
fn put(writer: &SweepWriter<'_>, unit: &Unit, contrast: impl Fn(u64) -> f64) {
    let plan = writer.plan;
    let run = |replicate: u32| {
        let luck = f64::from((3 * replicate + u32::try_from(unit.point).unwrap()) % 5) / 100.0;
        let of =
            |strategy| if strategy == plan.contrast()[1] { 2.0 + contrast(unit.point) + luck } else { 2.0 };
        let n = plan.scenario().strategies.len();
        RunOutcome { outcomes: (0..n).map(|s| [of(s); N_OUTCOMES]).collect(), drifts: vec![0.0; n] }
    };
    writer.put(unit, &UnitRecord::Runs(unit.replicates.clone().map(run).collect())).unwrap();
}

/// Stores all that is left, and returns how often each replicate of each point was asked for.
fn fill(writer: &mut SweepWriter<'_>, contrast: impl Fn(u64) -> f64) -> BTreeMap<(u64, u32), u32> {
    let mut asked = BTreeMap::new();
    loop {
        let units = writer.next_units().unwrap();
        if units.is_empty() {
            return asked;
        }
        for unit in units {
            unit.replicates.clone().for_each(|r| *asked.entry((unit.point, r)).or_default() += 1);
            put(writer, &unit, &contrast);
        }
    }
}

/// Numbers of replicates by point.
fn replicates(asked: &BTreeMap<(u64, u32), u32>) -> BTreeMap<u64, u32> {
    assert!(asked.values().all(|times| *times == 1), "{asked:?}");
    let mut replicates = BTreeMap::new();
    asked.keys().for_each(|(point, _)| *replicates.entry(*point).or_default() += 1);
    replicates
}

fn rows(dir: &Path, file: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(dir.join(file)).unwrap();
    text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

#[test]
fn every_replicate_is_asked_for_once_also_where_a_sweep_goes_on() {
    let (parent, plan) = (tempfile::tempdir().unwrap(), plan(&[]));
    let dir = parent.path().join("out");
    let mut writer = open(&dir, &plan, SweepOptions::default()).unwrap();
    assert_eq!((writer.is_empty().unwrap(), writer.replicates_left().unwrap()), (true, 21));
    let units = writer.next_units().unwrap();
    assert_eq!(
        (units.len(), units[0].replicates.clone()),
        (3, 0..5),
        "some replicates of each point come first"
    );
    put(&writer, &units[0], |_| 1.0);
    let begun = units[0].n_replicates();
    assert_eq!(
        (writer.is_empty().unwrap(), writer.replicates_left().unwrap()),
        (false, 21 - u64::from(begun))
    );
    writer.give_up();
    let summary = writer.finish(false).unwrap();
    assert_eq!((summary.points, summary.replicates, summary.interrupted), (1, begun.into(), true));

    let refused = open(&dir, &plan, SweepOptions::default()).err().unwrap();
    assert!(matches!(refused.fault, Fault::Unfinished));
    let mut writer = open(&dir, &plan, RESUMED).unwrap();
    assert_eq!(writer.replicates_left().unwrap(), 21 - u64::from(begun));
    let asked = fill(&mut writer, |_| 1.0);
    let stored = units[0].replicates.clone().map(|replicate| ((units[0].point, replicate), 1));
    let all = asked.into_iter().chain(stored).collect();
    assert_eq!(replicates(&all), BTreeMap::from([(0, 7), (1, 7), (2, 7)]));
    assert_eq!(writer.replicates_left().unwrap(), 0);
    let summary = writer.finish(true).unwrap();
    assert_eq!((summary.points, summary.replicates, summary.interrupted), (3, 21, false));
    assert_eq!((summary.points_drifting, summary.full_grid), (Some(0), None));
    assert!(!dir.join(PARTS).exists());
    let input = SweepInput { plan: &plan, list: None };
    assert!(SweepWriter::open(&dir, input, RESUMED, Part::WHOLE).unwrap().is_none(), "nothing is left to do");
}

#[test]
fn a_sweep_that_cannot_begin_leaves_nothing() {
    let (parent, plan) = (tempfile::tempdir().unwrap(), plan(&[]));
    let dir = parent.path().join("out");
    let writer = open(&dir, &plan, SweepOptions::default()).unwrap();
    assert!(dir.join(PARTS).exists());
    writer.give_up();
    drop(writer);
    assert!(!dir.exists());
    // A task shares the folder of parts with others, and removes its own file alone.
    let part = Part { task: 1, tasks: 2 };
    let input = SweepInput { plan: &plan, list: None };
    let task = SweepWriter::open(&dir, input, SweepOptions::default(), part).unwrap().unwrap();
    let parts = || fs::read_dir(dir.join(PARTS)).unwrap().count();
    assert_eq!(parts(), 2);
    task.give_up();
    assert_eq!(parts(), 1);
    assert!(dir.join(PARTS).join("plan.json").exists());
}

#[test]
fn a_sweep_goes_on_over_its_own_tables_and_over_no_other_result() {
    let (parent, plan) = (tempfile::tempdir().unwrap(), plan(&[]));
    let dir = parent.path().join("out");
    let mut writer = open(&dir, &plan, SweepOptions::default()).unwrap();
    let units = writer.next_units().unwrap();
    put(&writer, &units[0], |_| 1.0);
    let fault = |options: SweepOptions| open(&dir, &plan, options).err().map(|error| error.fault);
    drop(writer);
    fs::write(dir.join("rounds.csv"), "of a run").unwrap();
    assert!(matches!(fault(RESUMED), Some(Fault::Exists)), "the unfinished sweep has no tables");
    fs::remove_file(dir.join("rounds.csv")).unwrap();
    let both = SweepOptions { force: true, ..RESUMED };
    let kept = 21 - u64::from(units[0].n_replicates());
    assert_eq!(open(&dir, &plan, both).unwrap().replicates_left().unwrap(), kept, "it goes on all the same");
    open(&dir, &plan, RESUMED).unwrap().finish(false).unwrap();
    assert!(fault(RESUMED).is_none(), "they are its own");
    fs::remove_dir_all(dir.join(PARTS)).unwrap();
    assert!(matches!(fault(RESUMED), Some(Fault::Exists)), "there is nothing to go on with");
    let forced = SweepOptions { force: true, ..SweepOptions::default() };
    assert_eq!(open(&dir, &plan, forced).unwrap().replicates_left().unwrap(), 21, "it begins anew");
}

#[test]
fn points_that_are_decided_get_no_more_replicates() {
    let plan = plan(&["sweep.until=decided", "sweep.replicates_max=20"]);
    let parent = tempfile::tempdir().unwrap();
    let mut writer = open(parent.path(), &plan, SweepOptions::default()).unwrap();
    let asked = fill(&mut writer, |point| if point == 1 { -0.02 } else { 1.0 });
    assert_eq!(replicates(&asked), BTreeMap::from([(0, 7), (1, 20), (2, 7)]));
    let summary = writer.finish(true).unwrap();
    assert_eq!((summary.points, summary.replicates), (3, 34));
    let second = plan.sides()[1];
    let of_contrast = |row: &Vec<String>| [&row[2], &row[3]] == plan.sides() && row[4] == "net";
    let (sides, others): (Vec<_>, Vec<_>) =
        rows(parent.path(), "sweep_contrasts.csv").into_iter().partition(of_contrast);
    assert!(!others.is_empty() && others.iter().all(|row| row.ends_with(&[const { String::new() }; 3])));
    let sides: Vec<(String, String)> =
        sides.into_iter().map(|row| (row[0].clone(), row.last().unwrap().clone())).collect();
    let expected = [("0", second), ("1", ""), ("2", second)];
    assert_eq!(sides, expected.map(|(point, side)| (point.to_owned(), side.to_owned())));
}

#[test]
fn the_interval_with_all_points_taken_together_is_of_the_difference_of_its_row() {
    let ends = |sets: &[&str]| {
        let plan = plan(sets);
        let parent = tempfile::tempdir().unwrap();
        let mut writer = open(parent.path(), &plan, SweepOptions::default()).unwrap();
        fill(&mut writer, |point| point as f64 - 1.0);
        writer.finish(true).unwrap();
        let header = fs::read_to_string(parent.path().join("sweep_contrasts.csv")).unwrap();
        let header: Vec<&str> = header.lines().next().unwrap().split(',').collect();
        let place = |name: &str| header.iter().position(|column| *column == name).unwrap();
        let names = ["difference", "ci_low", "ci_high", "all_low", "all_high"].map(place);
        let sides = plan.sides().map(str::to_owned);
        let told =
            rows(parent.path(), "sweep_contrasts.csv").into_iter().filter(|row| !row[names[3]].is_empty());
        let told: Vec<[f64; 5]> = told
            .map(|row| {
                assert!(sides.contains(&row[place("first")]) && sides.contains(&row[place("second")]));
                names.map(|column| row[column].parse().unwrap())
            })
            .collect();
        assert_eq!(told.len(), 3);
        for [difference, low, high, all_low, all_high] in &told {
            assert!(all_low <= low && low < difference && difference < high && high <= all_high, "{told:?}");
        }
        (sides, told)
    };
    let (sides, told) = ends(&["sweep.first=warrior", "sweep.second=servant"]);
    let (turned, other) = ends(&["sweep.first=servant", "sweep.second=warrior"]);
    assert_eq!([&sides[0], &sides[1]], [&turned[1], &turned[0]]);
    // The table has each pair in the order of the scenario, and here the other strategy gains.
    assert!(told[2][0] > 0.9 && other[2][0] < -0.9, "{told:?} {other:?}");
}

#[test]
fn the_effects_of_factors_are_in_a_table_in_another_and_in_words() {
    let plan = plan(&["sweep.design=morris", "sweep.points=10"]);
    let parent = tempfile::tempdir().unwrap();
    let mut writer = open(parent.path(), &plan, SweepOptions::default()).unwrap();
    fill(&mut writer, |point| 30.0 * plan.design().unwrap().point(point)[0].unwrap());
    let summary = writer.finish(true).unwrap();
    let effects = rows(parent.path(), "sweep_morris.csv");
    let net = effects.iter().find(|row| row[0] == "net").unwrap();
    let number = |cell: &String| cell.parse::<f64>().unwrap();
    assert_eq!(
        (net[1].as_str(), &net[9..]),
        ("fee", &["1", &net[10], ""].map(str::to_owned)[..]),
        "it is a price"
    );
    assert!((number(&net[2]) - 30.0).abs() < 0.1 && (number(&net[3]) - 30.0).abs() < 0.1, "{net:?}");
    assert!(number(&net[10]) < 1e-3, "the share of luck: {net:?}");
    let noise = rows(parent.path(), "sweep_noise.csv").into_iter().filter(|row| row[0] == "net");
    let noise: Vec<(String, f64)> = noise.map(|row| (row[1].clone(), number(&row[3]))).collect();
    let sources: Vec<&str> = noise.iter().map(|(source, _)| source.as_str()).collect();
    assert_eq!(sources, ["factors", "shared luck", "luck"]);
    assert!(
        noise[0].1 > 0.99 && (noise.iter().map(|row| row.1).sum::<f64>() - 1.0).abs() < 1e-9,
        "{noise:?}"
    );
    assert!(summary.words.contains(&"net: fee matters most".to_owned()), "{:?}", summary.words);
}

#[test]
fn a_whole_sweep_of_people_from_a_file_is_that_of_the_same_file() {
    let scenario = |people: &str| {
        let text = "replicates = 2\n[population]\nagents_file = \"people.csv\"\n[[factor]]\nname = \"fee\"\n\
                    keys = \"calls.fee\"\nvalues = [0, 0.1]\n";
        let files: &[(&str, &[u8])] = &[("people.csv", people.as_bytes())];
        parse_sweep_with(&Source { name: "test.toml", bytes: text.as_bytes() }, &files, &[]).unwrap()
    };
    let names = "name\nAda\nBo\nCy\nDi\nEve\nFlo\n";
    let plan = SweepPlan::new(scenario(names), Vec::new());
    let parent = tempfile::tempdir().unwrap();
    let mut writer = open(parent.path(), &plan, SweepOptions::default()).unwrap();
    fill(&mut writer, |_| 1.0);
    writer.finish(true).unwrap();
    let again = |plan: &SweepPlan| {
        let input = SweepInput { plan, list: None };
        SweepWriter::open(parent.path(), input, RESUMED, Part::WHOLE).map(|writer| writer.is_none())
    };
    assert!(again(&plan).unwrap(), "there is nothing left to do");
    let other = SweepPlan::new(scenario(&names.replace("Flo", "Gus")), Vec::new());
    assert!(matches!(again(&other).unwrap_err().fault, Fault::Exists));
}

#[test]
fn a_grid_is_refined_where_the_sign_changes_and_nowhere_else() {
    let plan = plan(&["sweep.refine=true", "sweep.depth=2"]);
    let parent = tempfile::tempdir().unwrap();
    let mut writer = open(parent.path(), &plan, SweepOptions::default()).unwrap();
    // The first grid has the points 0, 4 and 8 of nine; the sign changes at 5.5.
    let asked = fill(&mut writer, |point| point as f64 - 5.5);
    assert_eq!(replicates(&asked), [0, 4, 5, 6, 8].map(|point| (point, 7)).into());
    let summary = writer.finish(true).unwrap();
    assert_eq!((summary.points, summary.full_grid), (5, Some(9)));
    assert!(summary.words.contains(&"5 points visited, 56% of the 9 of a grid as fine".to_owned()));
    let manifest: serde_json::Value =
        serde_json::from_slice(&fs::read(parent.path().join("manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["words"]["answer"], summary.words[0]);
    assert_eq!(manifest["words"]["more"], serde_json::json!(summary.words[1..]));
    assert_eq!((&manifest["sweep"]["points"], &manifest["replicates_done"]), (&5.into(), &35.into()));
    assert_eq!(manifest["sweep"]["points_drifting"], 0);
    let fees: Vec<[String; 2]> =
        rows(parent.path(), "sweep.csv").into_iter().map(|row| [row[0].clone(), row[1].clone()]).collect();
    let at = |point: &str, fee: &str| [point, fee].map(str::to_owned);
    let fees: std::collections::BTreeSet<_> = fees.into_iter().collect();
    assert_eq!(fees, [at("0", "0"), at("4", "0.2"), at("5", "0.25"), at("6", "0.3"), at("8", "0.4")].into());
}

#[test]
fn the_sides_of_a_sweep_that_is_limited_to_some_points_are_theirs() {
    let plan = plan(&["sweep.refine=true", "sweep.depth=2"]);
    let parent = tempfile::tempdir().unwrap();
    let mut writer = open(parent.path(), &plan, SweepOptions::default()).unwrap().only(vec![3, 6]);
    let asked = fill(&mut writer, |point| point as f64 - 5.5);
    assert_eq!(replicates(&asked), BTreeMap::from([(3, 7), (6, 7)]), "it is not refined further");
}

#[test]
fn a_sweep_over_bets_compares_twins_at_the_last_horizon_and_says_where_they_are_few() {
    let plan = plan(&["sweep.experiment=bet", "bet.worlds=6", "bet.focals=3", "bet.horizons=[0, 40]"]);
    let parent = tempfile::tempdir().unwrap();
    let mut writer = open(parent.path(), &plan, SweepOptions::default()).unwrap();
    // The first gains more at the point 0, the second at 2, and at 1 neither. A world lacks a focal agent.
    let gain = |net: f64| Gain { amounts: [Amount::ZERO; N_AMOUNTS], net: Amount::of(net) };
    let twin = |point: u64, world: u32, focal: u32| {
        let luck = f64::from((3 * world + focal) % 5) / 100.0;
        let at = |horizon: u32| HorizonRecord {
            horizon,
            first: gain(5.0 - luck),
            second: gain(4.0 + point as f64 + if horizon == 0 { 9.0 } else { -0.02 }),
            partners: Amount::ZERO,
            rest: Amount::ZERO,
        };
        TwinRecord { focal, horizons: vec![at(0), at(40)] }
    };
    let world = |point: u64, world: u32| WorldRecord {
        world,
        seed: 1,
        invited: 0,
        newcomers: Vec::new(),
        twins: (0..3 - u32::from(world == 4)).map(|focal| twin(point, world, focal)).collect(),
        crossovers: Vec::new(),
        parts: Vec::new(),
    };
    loop {
        let units = writer.next_units().unwrap();
        for unit in &units {
            let worlds = unit.replicates.clone().map(|number| world(unit.point, number)).collect();
            writer.put(unit, &UnitRecord::Worlds(worlds)).unwrap();
        }
        if units.is_empty() {
            break;
        }
    }
    let summary = writer.finish(true).unwrap();
    assert_eq!((summary.points, summary.replicates, summary.points_drifting), (3, 18, None));
    let manifest = fs::read_to_string(parent.path().join("manifest.json")).unwrap();
    assert!(!manifest.contains("points_drifting"));
    let few = "at 3 of 3 points 95% intervals may hold less often than said: they have fewer than 10 worlds or 500 focal agents";
    assert!(summary.words.contains(&few.to_owned()), "{:?}", summary.words);
    let table = rows(parent.path(), "sweep_bet.csv");
    // Of each row the point, the horizon, the number of twins, and the columns that take all points together.
    let cells = |row: &Vec<String>| {
        let [.., worlds, low, high, side] = &row[..] else { panic!("{row:?}") };
        let empty = [low, high].map(String::is_empty);
        assert!(worlds == "6" && empty[0] == empty[1], "{row:?}");
        [row[0].as_str(), &row[2], &row[3], side, if empty[0] { "none" } else { "both" }].map(str::to_owned)
    };
    let [first, second] = plan.sides();
    let expected = [
        ["0", "0", "17", "", "none"],
        ["0", "40", "17", first, "both"],
        ["1", "0", "17", "", "none"],
        ["1", "40", "17", "", "both"],
        ["2", "0", "17", "", "none"],
        ["2", "40", "17", second, "both"],
    ];
    assert_eq!(table.iter().map(cells).collect::<Vec<_>>(), expected.map(|row| row.map(str::to_owned)));
}
