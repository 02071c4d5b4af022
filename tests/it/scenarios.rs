//! The scenarios that are shipped: each is valid, says what it shows, and still shows it.

use std::fs;
use std::path::Path;

use mingle::experiment::ReplicateRecord;
use mingle::model::{M, METRICS, RoundRecord, Rules, Simulation};
use mingle::parallel::Team;
use mingle::scenario::{Override, Scenario, Source, parse};
use mingle::stats::{Contrast, Interval};

use crate::support::{means, run, scenario};

/// A shipped file: its stem, and its text.
struct Shipped {
    stem: String,
    text: String,
}

impl Shipped {
    /// The scenario with overrides.
    fn parse(&self, sets: &[String]) -> Scenario {
        let overrides: Vec<Override> = sets.iter().map(|set| Override::set(set)).collect();
        parse(&Source { name: &self.stem, bytes: self.text.as_bytes() }, &overrides)
            .unwrap_or_else(|faults| panic!("{}", faults.render(false)))
    }

    /// The scenario shrunk until it runs in no time, with as many towns as before.
    fn small(&self, agents: u32, rounds: u32, burn_in: u32, replicates: u32) -> Scenario {
        let full = self.parse(&[]).population;
        let town_size = (u64::from(full.town_size) * u64::from(agents)).div_ceil(u64::from(full.agents));
        self.parse(&[
            format!("population.agents={agents}"),
            format!("population.town_size={town_size}"),
            format!("rounds={rounds}"),
            format!("burn_in={burn_in}"),
            format!("replicates={replicates}"),
        ])
    }
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios"))
}

fn read(name: &str) -> Shipped {
    let text = fs::read_to_string(folder().join(name)).unwrap();
    Shipped { stem: name.strip_suffix(".toml").unwrap().to_owned(), text }
}

/// Every file of the folder, by name; those in `bench` make no claim.
fn shipped() -> Vec<Shipped> {
    let names = fs::read_dir(folder()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name != "bench").collect();
    names.sort();
    assert!(names.iter().any(|name| name == "chamber-mixer.toml"), "{names:?}");
    names.iter().map(|name| read(name)).collect()
}

/// The mean of every metric over all replicates and the rounds after burn-in, a line each.
fn summary(scenario: &Scenario, records: &[ReplicateRecord]) -> String {
    let mut lines = Vec::new();
    for (strategy, traits) in (0u16..).zip(&scenario.strategies) {
        let rows: Vec<&RoundRecord> = records
            .iter()
            .flat_map(|record| &record.rounds)
            .filter(|row| row.strategy == strategy && row.round >= scenario.burn_in)
            .collect();
        lines.push(format!("[{}]", traits.name));
        lines.push(format!("agents = {}", rows.iter().map(|row| u64::from(row.agents)).sum::<u64>()));
        for (i, metric) in METRICS.iter().enumerate() {
            let (mut sum, mut weight) = (0.0, 0.0);
            for row in rows.iter().filter(|row| !row.values[i].is_nan()) {
                sum += row.values[i] * f64::from(row.agents);
                weight += f64::from(row.agents);
            }
            if weight > 0.0 {
                // The shortest text that reads back as the same number: every bit counts.
                lines.push(format!("{} = {:?}", metric.name, sum / weight));
            }
        }
    }
    lines.join("\n")
}

/// The servants' lead over warriors in net benefit, replicate by replicate.
fn lead_of_servants(scenario: &Scenario) -> Interval {
    let records = run(scenario, 2);
    let net = |name| {
        let strategy = scenario.strategies.iter().position(|s| s.name == name).unwrap();
        means(&records, u16::try_from(strategy).unwrap(), M::Net, scenario.burn_in)
    };
    Contrast::paired(&net("warrior"), &net("servant")).difference
}

#[test]
fn every_shipped_file_is_valid_as_it_is() {
    for file in shipped() {
        let scenario = file.parse(&[]);
        assert!(!scenario.title.is_empty() && scenario.replicates >= 2, "{}", file.stem);
    }
}

#[test]
fn in_the_plain_setting_all_are_busy_in_every_slot() {
    let plain = read("bench/plain.toml").parse(&[
        "population.agents=320".to_owned(),
        "rounds=2".to_owned(),
        "burn_in=0".to_owned(),
    ]);
    let rules = Rules::new(&plain);
    let mut simulation = Simulation::new(&rules, 1, Team::ALONE);
    for _ in 0..2 {
        let records = simulation.step(Team::ALONE);
        assert_eq!(simulation.pair_slots(), 320 / 2 * 8);
        for row in &records {
            let [ties, calls] = [M::Ties, M::InboundCalls].map(|m| row.values[m as usize]);
            assert!(ties == 0.0 && calls == 0.0, "{row:?}");
        }
    }
}

#[test]
fn the_first_shipped_file_spells_out_the_defaults() {
    assert_eq!(read("chamber-mixer.toml").parse(&[]), Scenario::default());
}

/// A default that follows another key must not be pinned there, or changing that key does nothing.
#[test]
fn overrides_of_the_first_shipped_file_act_as_on_an_empty_one() {
    for set in ["reputation.kind=public", "reputation.legibility=0", "reputation.push_penalty=0", "rounds=20"]
    {
        let sets = [set.to_owned()];
        assert_eq!(read("chamber-mixer.toml").parse(&sets), scenario("", &[set]), "{set}");
    }
}

#[test]
fn every_shipped_file_opens_by_saying_what_it_shows() {
    for file in shipped() {
        let opening: Vec<&str> = file.text.lines().take_while(|line| line.starts_with('#')).collect();
        assert!(opening.len() >= 5, "{}", file.stem);
        assert!(opening.iter().any(|line| line.contains("As shipped")), "{}: what comes out?", file.stem);
        assert!(opening.join("\n").contains("interval"), "{}: how sure is that?", file.stem);
        for line in file.text.lines() {
            assert!(line.chars().count() <= 100, "{}: {line}", file.stem);
        }
    }
}

/// Results are the same to the bit everywhere, so what is stored is exact. Whoever changes the
/// model, or the order of its draws, changes these numbers, and is to do so on purpose:
/// `INSTA_UPDATE=always cargo test --test it scenarios`.
#[test]
fn every_shipped_scenario_gives_the_stored_numbers() {
    let files = shipped();
    for file in &files {
        let scenario = file.small(240, 80, 10, 2);
        insta::with_settings!({
            snapshot_path => "snapshots/scenarios",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!(file.stem.as_str(), summary(&scenario, &run(&scenario, 2)));
        });
    }
    let stored = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/snapshots/scenarios")).unwrap();
    for entry in stored {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if let Some(stem) = name.strip_suffix(".snap") {
            assert!(files.iter().any(|file| file.stem == stem), "{name}: stored for no shipped scenario");
        }
    }
}

#[test]
fn warriors_win_in_their_paradise() {
    let lead = lead_of_servants(&read("warriors-paradise.toml").small(400, 60, 20, 6));
    assert!(lead.high.unwrap() < -0.1, "{lead:?}");
}

#[test]
fn servants_win_in_their_paradise() {
    let lead = lead_of_servants(&read("servants-paradise.toml").small(400, 60, 20, 6));
    assert!(lead.low.unwrap() > 0.1, "{lead:?}");
}
