//! Result folders, written from records made by hand.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{Fault, RunOptions, RunWriter, Summary, read_outline, read_regions};
use crate::amount::Amount;
use crate::experiment::{ReplicateRecord, SpreadRecord};
use crate::model::{
    AgentRecord, Channel, FlowRecord, LifeRecord, M, N_AMOUNTS, N_METRICS, PersonRecord, RegionRecord,
    RoundRecord, SampleRecord, TieRecord,
};
use crate::scenario::{self, Override, Scenario, Source};

const SCENARIO: &str = "title = \"A test\"\nrounds = 4\nburn_in = 1\n[survival]\n";

fn scenario() -> Scenario {
    let source = Source { name: "folder/test.toml", bytes: SCENARIO.as_bytes() };
    scenario::parse(&source, &[Override::set("replicates=3")]).unwrap()
}

/// Six people who have names, in a world in which newcomers take the places of those who fail.
pub(super) fn of_people_with_names() -> Scenario {
    let text = "[population]\nagents_file = \"people.csv\"\n[survival]\n";
    let people = "name\nAda\nBo\nCy\nDi\nEve\nFlo\n";
    Scenario::parse_with_files(text, &[], &[("people.csv", people.as_bytes())]).unwrap()
}

/// A replicate whose numbers differ by replicate, round and strategy.
fn record(replicate: u32) -> ReplicateRecord {
    let scenario = scenario();
    let rounds = (0..scenario.rounds).flat_map(|round| {
        (0..3u16).map(move |strategy| {
            let mut values = [f64::from(strategy) + f64::from(replicate * round) / 10.0; N_METRICS];
            values[M::StandingGood as usize] = f64::NAN;
            if round > 0 {
                values[M::Guests as usize] = f64::NAN;
            }
            RoundRecord { round, strategy, agents: 10 + u32::from(strategy), values }
        })
    });
    let agent = |active: bool, need| AgentRecord {
        agent: u32::from(active),
        strategy: 1,
        region: 0,
        town: 0,
        expertise: 3,
        active,
        born: 0,
        need,
        ties: 5,
        standing: None,
        capital: Some(Amount::of(1.5)),
        net_total: Amount::of(-0.25),
        amounts: [Amount::of(0.1); N_AMOUNTS],
    };
    ReplicateRecord {
        replicate,
        seed: 1000 + u64::from(replicate),
        rounds: rounds.collect(),
        flows: vec![FlowRecord { from: 0, to: 2, channel: Channel::Call, value: Amount::of(2.5) }],
        regions: vec![
            RegionRecord { region: 0, strategy: 1, agent_rounds: 12, net: 0.5 },
            RegionRecord { region: 1, strategy: 2, agent_rounds: 0, net: f64::NAN },
        ],
        quantiles: vec![(0..=100).map(f64::from).collect(); 3],
        spread: vec![SpreadRecord { round: 3, strategy: 1, quantiles: [-1.0, 0.0, 0.25, 2.0, 3.5] }],
        sample: if replicate == 0 { sample() } else { SampleRecord::default() },
        agents: vec![agent(false, None), agent(true, Some((4, 2)))],
        lives: vec![LifeRecord { agent: 7, strategy: 0, born: 0, ended: 3, failed: true }],
    }
}

fn sample() -> SampleRecord {
    let person = |agent, strategy| PersonRecord {
        agent,
        strategy,
        region: 0,
        town: 2,
        taken_calls: 9,
        net_total: Amount::of(-1.25),
    };
    SampleRecord {
        people: vec![person(4, 1), person(1, 2)],
        ties: vec![TieRecord { agent: 4, contact: 1, trust: 0.75 }],
    }
}

fn write(dir: &Path, options: RunOptions, replicates: u32) -> Summary {
    let mut writer = RunWriter::create(dir, &scenario(), options).unwrap();
    for replicate in 0..replicates {
        writer.replicate(&record(replicate)).unwrap();
    }
    writer.finish().unwrap()
}

fn lines(dir: &Path, name: &str) -> Vec<String> {
    fs::read_to_string(dir.join(name)).unwrap().lines().map(String::from).collect()
}

fn json(dir: &Path, name: &str) -> Value {
    serde_json::from_slice(&fs::read(dir.join(name)).unwrap()).unwrap()
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_result_has_its_files_and_no_leftovers() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), RunOptions::default(), 3);
    let without_agents = [
        "contrasts.csv",
        "datapackage.json",
        "distribution.csv",
        "flows.csv",
        "manifest.json",
        "people_sample.csv",
        "rounds.csv",
        "spread.csv",
        "stationarity.csv",
        "summary.csv",
        "survival.csv",
        "ties_sample.csv",
    ];
    assert_eq!(names(dir.path()), without_agents);
    write(dir.path(), RunOptions { force: true, agents: true, ..RunOptions::default() }, 3);
    assert!(dir.path().join("agents.csv").exists());
    write(dir.path(), RunOptions { force: true, ..RunOptions::default() }, 3);
    assert_eq!(names(dir.path()), without_agents, "the old result's agents are gone");
}

#[test]
fn tables_have_the_columns_and_rows_of_the_contract() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), RunOptions { agents: true, ..RunOptions::default() }, 3);
    let rounds = lines(dir.path(), "rounds.csv");
    assert!(rounds[0].starts_with("replicate,round,strategy,agents,net,push,gift,call,pull,encouragement,"));
    assert!(rounds[0].ends_with(",opinion,standing_good,guests,contacts,conversation_slots"));
    assert_eq!(rounds.len(), 1 + 3 * 4 * 3);
    assert!(rounds[1].starts_with("0,0,warrior,10,0,0,"), "{}", rounds[1]);
    assert!(rounds[1].ends_with(",0,,0,0,0"), "{}", rounds[1]);
    assert!(rounds.last().unwrap().starts_with("2,3,abstainer,12,2.6,"));
    assert_eq!(
        lines(dir.path(), "flows.csv")[..2],
        ["replicate,from,to,channel,value", "0,warrior,abstainer,call,2.5"]
    );
    let distribution = lines(dir.path(), "distribution.csv");
    assert_eq!(distribution.len(), 1 + 3 * 3 * 101);
    assert_eq!(distribution[2], "0,warrior,0.01,1");
    assert_eq!(distribution[101], "0,warrior,1,100");
    let spread = lines(dir.path(), "spread.csv");
    assert_eq!(spread.len(), 1 + 3 * 5);
    assert_eq!(spread[..2], ["replicate,round,strategy,quantile,net_total", "0,3,servant,0.05,-1"]);
    assert_eq!(
        lines(dir.path(), "people_sample.csv"),
        [
            "replicate,agent,strategy,region,town,taken_calls,net_total",
            "0,4,servant,home,2,9,-1.25",
            "0,1,abstainer,home,2,9,-1.25"
        ]
    );
    assert_eq!(lines(dir.path(), "ties_sample.csv"), ["replicate,agent,contact,trust", "0,4,1,0.75"]);
    let survival = lines(dir.path(), "survival.csv");
    assert_eq!(survival[..2], ["replicate,agent,strategy,born,ended,failed", "0,7,warrior,0,3,1"]);
    let agents = lines(dir.path(), "agents.csv");
    assert!(agents[1].starts_with("0,0,servant,home,0,3,0,0,,,5,,1.5,-0.25,0.1,"), "{}", agents[1]);
    assert!(agents[2].starts_with("0,1,servant,home,0,3,1,0,4,2,5,"), "{}", agents[2]);
}

#[test]
fn regions_have_a_table_where_there_are_several() {
    let dir = tempfile::tempdir().unwrap();
    let text = format!(
        "{SCENARIO}[[region]]\nname = \"east\"\nshare = 0.5\n[[region]]\nname = \"west\"\nshare = 0.5\n"
    );
    let two = scenario::parse(&Source { name: "test.toml", bytes: text.as_bytes() }, &[]).unwrap();
    let mut writer = RunWriter::create(dir.path(), &two, RunOptions::default()).unwrap();
    (0..3).for_each(|replicate| writer.replicate(&record(replicate)).unwrap());
    writer.finish().unwrap();
    let header = "replicate,region,strategy,agent_rounds,net";
    assert_eq!(
        lines(dir.path(), "regions.csv")[..3],
        [header, "0,east,servant,12,0.5", "0,west,abstainer,0,"]
    );
    let package = json(dir.path(), "datapackage.json");
    let table = package["resources"].as_array().unwrap().iter().find(|r| r["name"] == "regions").unwrap();
    assert_eq!(table["schema"]["fields"][1]["constraints"]["enum"], serde_json::json!(["east", "west"]));
    let manifest = json(dir.path(), "manifest.json");
    let files = manifest["files"].as_array().unwrap();
    assert_eq!(files.iter().find(|f| f["path"] == "regions.csv").unwrap()["rows"], 6);
    let mut nets = Vec::new();
    read_regions(dir.path(), |row| nets.push(row.net)).unwrap();
    assert!(nets.len() == 6 && nets[0] == 0.5 && nets[1].is_nan());
    // One region has no such table, and does not keep an older result's.
    write(dir.path(), RunOptions { force: true, ..RunOptions::default() }, 3);
    assert!(!dir.path().join("regions.csv").exists());
}

#[test]
fn the_summary_leaves_out_burn_in_and_what_is_not_reported() {
    let dir = tempfile::tempdir().unwrap();
    let summary = write(dir.path(), RunOptions::default(), 3);
    let rows = lines(dir.path(), "summary.csv");
    assert_eq!(rows[0], "strategy,metric,mean,ci_low,ci_high,sd,replicates");
    // Rounds 1 to 3 of replicate r have means r/10 x 2: 0, 0.2, 0.4.
    let net = summary.summary.iter().find(|r| r.strategy == "warrior" && r.metric == "net").unwrap();
    assert!((net.mean.mean - 0.2).abs() < 1e-12 && (net.sd.unwrap() - 0.2).abs() < 1e-12);
    assert!(rows.iter().any(|r| r.starts_with("servant,agents,11,11,11,0,3")));
    assert!(rows.iter().any(|r| r.starts_with("servant,solved,0.5,")));
    assert!(!rows.iter().any(|r| r.contains("standing_good") || r.contains("guests")));
    let contrasts = lines(dir.path(), "contrasts.csv");
    assert_eq!(
        contrasts[0],
        "first,second,metric,difference,ci_low,ci_high,p_value,replicates,p_adjusted,detectable,replicates_needed"
    );
    let pairs: Vec<_> = summary.contrasts.iter().filter(|r| r.metric == "net").collect();
    let names: Vec<_> = pairs.iter().map(|r| (r.first.as_str(), r.second.as_str())).collect();
    assert_eq!(names, [("warrior", "servant"), ("warrior", "abstainer"), ("servant", "abstainer")]);
    assert!((pairs[1].difference.mean - 2.0).abs() < 1e-12);
}

#[test]
fn one_replicate_has_no_interval() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), RunOptions::default(), 1);
    assert!(lines(dir.path(), "summary.csv").contains(&"warrior,net,0,,,,1".to_owned()));
    assert!(lines(dir.path(), "contrasts.csv").contains(&"warrior,servant,net,1,,,,1,,,".to_owned()));
}

#[test]
fn the_manifest_tells_how_to_run_it_again() {
    let dir = tempfile::tempdir().unwrap();
    let summary = write(dir.path(), RunOptions::default(), 2);
    assert!(summary.interrupted);
    let manifest = json(dir.path(), "manifest.json");
    assert_eq!(manifest["command"], "run");
    assert_eq!(manifest["scenario"], SCENARIO);
    assert_eq!(manifest["scenario_file"], "test.toml");
    assert_eq!(manifest["overrides"][0], "replicates=3");
    assert_eq!((&manifest["replicates"], &manifest["replicates_done"]), (&3.into(), &2.into()));
    assert_eq!(manifest["interrupted"], true);
    assert_eq!(manifest["replicate_seeds"], serde_json::json!([1000, 1001]));
    assert_eq!(manifest["strategies"], serde_json::json!(["warrior", "servant", "abstainer"]));
    let outline = read_outline(dir.path()).unwrap();
    assert_eq!((outline.title.as_deref(), outline.burn_in), (Some("A test"), Some(1)));
    assert!(!outline.evolution);
    let resolved = manifest["resolved"].as_str().unwrap();
    let again = scenario::parse(&Source { name: "again", bytes: resolved.as_bytes() }, &[]).unwrap();
    assert_eq!(again, scenario());
    let files = manifest["files"].as_array().unwrap();
    assert_eq!(files.len(), names(dir.path()).len() - 1, "every file but the manifest itself");
    let rounds = files.iter().find(|f| f["path"] == "rounds.csv").unwrap();
    assert_eq!(rounds["rows"], 2 * 4 * 3);
}

#[test]
fn the_same_run_gives_the_same_bytes_wherever_it_is_written() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for dir in [&one, &two] {
        write(dir.path(), RunOptions { agents: true, ..RunOptions::default() }, 3);
    }
    for name in names(one.path()) {
        assert_eq!(
            fs::read(one.path().join(&name)).unwrap(),
            fs::read(two.path().join(&name)).unwrap(),
            "{name}"
        );
    }
}

#[test]
fn the_data_package_describes_every_column_of_every_table() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), RunOptions { agents: true, ..RunOptions::default() }, 1);
    let package = json(dir.path(), "datapackage.json");
    let resources = package["resources"].as_array().unwrap();
    assert_eq!(resources.len(), names(dir.path()).iter().filter(|n| n.ends_with(".csv")).count());
    for resource in resources {
        let header = lines(dir.path(), resource["path"].as_str().unwrap())[0].clone();
        let fields = resource["schema"]["fields"].as_array().unwrap();
        let names: Vec<_> = fields.iter().map(|f| f["name"].as_str().unwrap()).collect();
        assert_eq!(names.join(","), header);
        assert!(fields.iter().all(|f| !f["description"].as_str().unwrap().is_empty()));
    }
}

#[test]
fn an_unfinished_run_leaves_the_old_result_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), RunOptions::default(), 3);
    let before = fs::read(dir.path().join("rounds.csv")).unwrap();
    let error = RunWriter::create(dir.path(), &scenario(), RunOptions::default()).err().unwrap();
    assert!(matches!(error.fault, Fault::Exists));
    let options = RunOptions { force: true, ..RunOptions::default() };
    let mut writer = RunWriter::create(dir.path(), &scenario(), options).unwrap();
    writer.replicate(&record(0)).unwrap();
    drop(writer);
    assert_eq!(fs::read(dir.path().join("rounds.csv")).unwrap(), before);
    assert!(names(dir.path()).iter().all(|name| !name.starts_with('.')));
}

#[cfg(unix)]
#[test]
fn a_new_result_waits_until_nobody_holds_the_folder() {
    let dir = tempfile::tempdir().unwrap();
    let (first, second) = (super::held::hold(dir.path()), super::held::hold(dir.path()));
    let placed = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut folder = super::folder::Folder::claim(dir.path(), false).unwrap();
            folder.write(super::own::MANIFEST, "new").unwrap();
            folder.commit().unwrap();
            placed.store(true, std::sync::atomic::Ordering::SeqCst);
        });
        for held in [first, second] {
            // The new result is written, and does not get its names.
            while !dir.path().join(format!(".{}.partial", super::own::MANIFEST)).exists() {
                std::thread::yield_now();
            }
            (0..1000).for_each(|_| std::thread::yield_now());
            assert!(
                !placed.load(std::sync::atomic::Ordering::SeqCst)
                    && !dir.path().join(super::own::MANIFEST).exists()
            );
            drop(held);
        }
    });
    assert_eq!(std::fs::read_to_string(dir.path().join(super::own::MANIFEST)).unwrap(), "new");
}
