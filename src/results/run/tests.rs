//! Runs that add replicates, made by hand.

use serde_json::Value;

use super::*;
use crate::model::{M, N_METRICS, RoundRecord};

fn scenario(sets: &[&str]) -> Scenario {
    let text = "rounds = 2\nburn_in = 0\nreplicates = 5\nreplicates_max = 12\n\
                [[strategy]]\nname = \"a\"\nshare = 0.5\n[[strategy]]\nname = \"b\"\nshare = 0.4\n\
                [[strategy]]\nname = \"gone\"\nshare = 0.1\n";
    Scenario::parse(text, sets).unwrap_or_else(|faults| panic!("{faults}"))
}

/// A replicate in which the first two strategies differ by so much in net benefit and in ties, and a little luck. The third
/// has no members.
fn record(replicate: u32, net: f64, ties: f64) -> ReplicateRecord {
    let luck = f64::from(replicate * 3 % 5) / 10.0 - 0.2;
    let of = |strategy: u16| {
        let mut values = [0.0; N_METRICS];
        values[M::Net as usize] = f64::from(strategy) * (net + luck);
        values[M::Ties as usize] = f64::from(strategy) * (ties + luck);
        let agents = if strategy == 2 { 0 } else { 10 };
        let values = if strategy == 2 { [f64::NAN; N_METRICS] } else { values };
        [0, 1].map(|round| RoundRecord { round, strategy, agents, values })
    };
    ReplicateRecord {
        replicate,
        seed: u64::from(replicate),
        rounds: [of(0), of(1), of(2)].concat(),
        quantiles: vec![vec![0.0; 101]; 3],
        ..ReplicateRecord::default()
    }
}

/// What a run comes to: replicates, what it says of its goal, and the section of the manifest about it.
fn ended(sets: &[&str], net: f64, ties: f64) -> (u32, Option<bool>, Value) {
    let (files, scenario) = (MemoryFiles::default(), scenario(sets));
    let mut writer = RunWriter::in_memory(&files, &scenario, RunOptions::default()).unwrap();
    loop {
        let done = writer.replicates_done();
        let more = (done..replicates_max(&scenario)).take(5);
        more.for_each(|replicate| writer.replicate(&record(replicate, net, ties)).unwrap());
        if writer.ends() {
            break;
        }
    }
    let summary = writer.finish().unwrap();
    let manifest: Value = serde_json::from_slice(files.take().get("manifest.json").unwrap()).unwrap();
    assert_eq!(manifest["replicates"], summary.replicates_done, "as many as it asked for");
    assert!(!summary.interrupted);
    (summary.replicates_done, summary.reached, manifest["stopping"].clone())
}

#[test]
fn a_run_until_decided_ends_when_the_differences_in_net_benefit_are_clear() {
    let stopping = |reached: bool| json!({ "until": "decided", "looks": 3, "reached": reached });
    let decides = ["until=decided"];
    assert_eq!(ended(&decides, 2.0, 0.0), (5, Some(true), stopping(true)), "ties are not asked for");
    assert_eq!(ended(&decides, -2.0, 0.0), (5, Some(true), stopping(true)));
    assert_eq!(ended(&decides, 0.0, 2.0), (12, Some(false), stopping(false)));
    assert_eq!(ended(&["until=fixed"], 0.0, 0.0), (5, None, Value::Null));
}

#[test]
fn a_precise_run_ends_at_the_second_look_in_a_row_with_ten_replicates_or_more() {
    let stopping =
        |looks: u32, reached: bool| json!({ "until": "precise", "looks": looks, "reached": reached });
    let ended_at = |precision: &str, most: &str| {
        let sets = [format!("precision={precision}"), format!("replicates_max={most}")];
        let sets = [&["until=precise"][..], &sets.each_ref().map(String::as_str)].concat();
        ended(&sets, 0.0, 0.0)
    };
    assert_eq!(ended_at("1", "30"), (15, Some(true), stopping(6, true)), "looks at 5, 10 and 15");
    assert_eq!(ended_at("1", "12"), (12, Some(true), stopping(3, true)), "the last look is at 12");
    assert_eq!(ended_at("1", "10"), (10, Some(false), stopping(2, false)));
    assert_eq!(ended_at("0.001", "30"), (30, Some(false), stopping(6, false)));
}

#[test]
fn a_run_that_was_not_asked_has_not_reached_its_goal() {
    let (files, scenario) = (MemoryFiles::default(), scenario(&["until=decided"]));
    let mut writer = RunWriter::in_memory(&files, &scenario, RunOptions::default()).unwrap();
    (0..3).for_each(|replicate| writer.replicate(&record(replicate, 2.0, 2.0)).unwrap());
    let summary = writer.finish().unwrap();
    assert_eq!((summary.replicates_done, summary.replicates, summary.interrupted), (3, 12, true));
    let manifest: Value = serde_json::from_slice(files.take().get("manifest.json").unwrap()).unwrap();
    assert_eq!((&manifest["stopping"]["reached"], &manifest["interrupted"]), (&false.into(), &true.into()));
}

#[test]
fn a_run_has_the_tables_of_what_its_world_has() {
    let tables = |sets: &[&str]| {
        let (files, scenario) = (MemoryFiles::default(), scenario(sets));
        let mut writer = RunWriter::in_memory(&files, &scenario, RunOptions::default()).unwrap();
        writer.replicate(&record(0, 1.0, 1.0)).unwrap();
        writer.finish().unwrap();
        let files = files.take();
        let manifest: Value = serde_json::from_slice(files.get("manifest.json").unwrap()).unwrap();
        assert_eq!(manifest.get("scheduled").is_some(), files.get("changes.csv").is_some());
        ["people_sample.csv", "ties_sample.csv", "survival.csv", "changes.csv", "regions.csv"]
            .map(|name| files.get(name).is_some())
    };
    assert_eq!(tables(&[]), [true, true, false, false, false]);
    assert_eq!(tables(&["population.ties_max=0", "population.start_ties=0"]), [false; 5]);
    assert_eq!(tables(&["survival.overhead=0.1"]), [true, true, true, false, false]);
    assert_eq!(tables(&["change.1.calls.fee=0.1"]), [true, true, false, true, false]);
}

#[test]
fn a_log_that_is_not_complete_is_left_out_and_the_replicates_are_kept() {
    let log = EventLog { replicates: [0, 0], rounds: [1, 1], gzip: false };
    let left = |interrupted: bool| {
        let (files, scenario) = (MemoryFiles::default(), scenario(&[]));
        let options = RunOptions { events: Some(log), ..RunOptions::default() };
        let mut writer = RunWriter::in_memory(&files, &scenario, options).unwrap();
        assert_eq!((writer.log(), writer.observed_from(log)), (Some(log), 1));
        (0..5).for_each(|replicate| writer.replicate(&record(replicate, 1.0, 1.0)).unwrap());
        if interrupted {
            writer.drop_log();
        }
        let summary = writer.finish().unwrap();
        let (files, names) = (files.take(), summary.files.iter().map(|note| note.path.clone()));
        let manifest: Value = serde_json::from_slice(files.get("manifest.json").unwrap()).unwrap();
        assert_eq!(summary.replicates_done, 5);
        let listed = names.collect::<Vec<_>>().contains(&"events.csv".to_owned());
        [listed, files.get("events.csv").is_some(), manifest["options"].get("events").is_some()]
    };
    assert_eq!([left(false), left(true)], [[true; 3], [false; 3]]);
}
