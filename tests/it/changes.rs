//! Settings that change at a round: the rounds before, prices before and after, words, and refusals.

use std::fs;
use std::path::Path;

use mingle::records::{ActKind, ActRecord, Channel, M, RoundRecord};
use mingle::{Amount, Parallelism, Rules, Scenario, Simulation, ThreadPool};
use serde_json::Value;

use crate::support::scenario;
use crate::sweep::{call, refused};

const SERIAL: Parallelism<'static> = Parallelism::SERIAL;

/// A small world in which money matters: for capital, and for whom one imitates.
const WORLD: &str = "rounds = 30\nburn_in = 4\nreplicates = 3\n[population]\nagents = 120\n[mixer]\nevery = 2\nsize = 20\n\
    [survival]\nendowment = 4\noverhead = 0.4\nreplace_after = 1\n[evolution]\nrate = 0.1\n\
    [[region]]\nname = \"north\"\nshare = 0.5\n[[region]]\nname = \"south\"\nshare = 0.5\n";

/// Prices of all kinds, twice, and a rule.
const CHANGES: [&str; 9] = [
    "change.12.calls.fee=0.1",
    "change.12.needs.value=7",
    "change.12.help.assist_cost=0.5",
    "change.12.mixer.cost=2",
    "change.12.survival.overhead=0.1",
    "change.12.population.tie_cost=0.02",
    "change.20.needs.value=12",
    "change.20.help.encourage_value=0.4",
    "change.20.reputation.legibility=0.9",
];

fn steps(scenario: &Scenario, rounds: u32) -> (Vec<Vec<RoundRecord>>, Vec<Vec<ActRecord>>) {
    let rules = Rules::new(scenario);
    let mut world = Simulation::new(&rules, 5, SERIAL);
    let step = |_| {
        let mut acts = Vec::new();
        (world.step_observed(SERIAL, &mut acts), acts)
    };
    (0..rounds).map(step).unzip()
}

#[test]
fn rounds_before_a_change_are_those_without_it_and_later_ones_are_not() {
    let (plain, changed) = (scenario(WORLD, &[]), scenario(WORLD, &CHANGES));
    let [(plain, _), (changed, _)] = [&plain, &changed].map(|scenario| steps(scenario, 30));
    assert_eq!(format!("{:?}", &plain[..12]), format!("{:?}", &changed[..12]));
    assert_ne!(format!("{:?}", plain[12]), format!("{:?}", changed[12]));
}

#[test]
fn each_payment_has_the_price_of_its_round_in_all_that_is_reported() {
    let scenario = scenario(WORLD, &CHANGES);
    let rules = Rules::new(&scenario);
    let mut world = Simulation::new(&rules, 5, SERIAL);
    // What the scenario says: value of a need, fee, value of an encouragement.
    let prices = |round: u32| match round {
        0..12 => ["10", "3", "0.1"],
        12..20 => ["7", "0.7", "0.1"],
        _ => ["12", "1.2", "0.4"],
    };
    let (mut flowed, mut net) = (Amount::ZERO, 0.0);
    for round in 0..scenario.rounds {
        let mut acts = Vec::new();
        let records = world.step_observed(SERIAL, &mut acts);
        for act in &acts {
            let [value, fee, word] = prices(round);
            let expected = match act.channel {
                Some(Channel::Push | Channel::Gift | Channel::Call) => value,
                Some(Channel::Pull) => fee,
                Some(Channel::Encouragement) => word,
                _ => continue,
            };
            assert_eq!(act.amount.to_string(), expected, "round {round}: {act:?}");
        }
        if round >= scenario.burn_in {
            flowed += acts.iter().map(|act| act.amount).sum();
            let of = |record: &RoundRecord| record.values[M::Net as usize] * f64::from(record.agents);
            net += records.iter().filter(|record| record.agents > 0).map(of).sum::<f64>();
        }
        // Net benefit since birth grows by that of the round, unless members come and go.
        let total: f64 = world.agents().iter().filter(|agent| agent.active).map(|a| a.net_total.per(1)).sum();
        let amounts: f64 = world.agents().iter().filter(|a| a.active).map(|a| signed(&a.amounts)).sum();
        assert!((total - amounts).abs() < 1e-6, "the columns of agents add up in round {round}");
    }
    let flows: Amount = world.flows().iter().map(|flow| flow.value).sum();
    assert_eq!(flowed, flows, "the log adds up to the flows");
    let regions: f64 = world.regions().iter().map(|row| row.net * row.agent_rounds as f64).sum();
    assert!((regions - net).abs() < 1e-6, "{regions} by region, {net} by round");
}

/// Benefits less costs.
fn signed(amounts: &[Amount]) -> f64 {
    let (benefits, costs) = amounts.split_at(6);
    benefits.iter().map(|a| a.per(1)).sum::<f64>() - costs.iter().map(|a| a.per(1)).sum::<f64>()
}

#[test]
fn net_benefit_since_birth_grows_by_that_of_each_round() {
    // Nobody leaves and nobody changes.
    let text = "rounds = 30\nburn_in = 4\n[population]\nagents = 90\n[mixer]\nevery = 2\nsize = 20\n";
    let changes: Vec<&str> = CHANGES.into_iter().filter(|set| !set.contains("survival")).collect();
    let (records, _) = steps(&scenario(text, &changes), 30);
    let mut sums = [0.0; 3];
    for (round, records) in records.iter().enumerate() {
        for (sum, record) in sums.iter_mut().zip(records) {
            *sum += record.values[M::Net as usize];
            let total = record.values[M::NetTotal as usize];
            assert!((total - *sum).abs() < 1e-9, "round {round}: {total} since birth, {sum} in sum");
        }
    }
}

#[test]
fn a_changed_world_is_the_same_on_any_number_of_threads() {
    let people_differ = ["strategy.warrior.ask.sd=0.05", "change.20.strategy.warrior.ask=0.6"];
    let scenario = scenario(WORLD, &[&CHANGES[..], &people_differ].concat());
    let rules = Rules::new(&scenario);
    let (mut alone, pool) = (Simulation::new(&rules, 5, SERIAL), ThreadPool::new(2).unwrap());
    let mut together = alone.clone();
    for _ in 0..scenario.rounds {
        let records = format!("{:?}", alone.step(SERIAL));
        assert_eq!(records, format!("{:?}", pool.install(|par| together.step(par))));
    }
    assert!(alone.same_state_as(&together));
    assert_eq!(alone.agents(), together.agents());
}

#[test]
fn a_change_to_the_same_values_changes_nothing() {
    let same = ["change.9.calls.fee=0.3", "change.9.reputation.fade=0.98", "change.15.needs.value=10"];
    // What was remembered of help is remembered still.
    let grateful = ["help.pay_forward=0.5", "help.reciprocity=0.5", "help.pay_forward_rounds=8"];
    for more in [&[][..], &grateful] {
        let [(plain, _), (changed, _)] =
            [&[][..], &same].map(|sets| steps(&scenario(WORLD, &[sets, more].concat()), 30));
        assert_eq!(format!("{plain:?}"), format!("{changed:?}"));
    }
}

#[test]
fn who_was_helped_is_remembered_from_the_round_on_in_which_paying_forward_begins() {
    let sets = ["change.12.help.pay_forward=1", "mixer.every=4", "help.pay_forward_rounds=4"];
    let (plain, changed) = (scenario(WORLD, &sets[1..]), scenario(WORLD, &sets));
    let [(_, plain), (_, changed)] = [&plain, &changed].map(|scenario| steps(scenario, 17));
    // The mixer of round 12 is the first at which help is remembered, that of round 16 the first after it.
    assert!(plain[8..12].iter().flatten().any(|act| act.kind == ActKind::Assist), "there was help before");
    assert_eq!(plain[..16], changed[..16]);
    assert_ne!(plain[16], changed[16]);
}

#[test]
fn people_who_differ_keep_their_places_when_a_mean_changes() {
    // Everybody asks in half of its turns, then in nearly all; and the same for those who differ.
    let pushes = |sets: &[&str]| {
        let common = ["change.12.strategy.warrior.ask=0.95", "strategy.warrior.ask=0.3"];
        let (_, acts) = steps(&scenario(WORLD, &[&common[..], sets].concat()), 20);
        let of = |acts: &[Vec<ActRecord>]| {
            acts.iter().flatten().filter(|act| act.kind == ActKind::Push && act.strategy == 0).count()
        };
        [of(&acts[4..12]), of(&acts[12..20])]
    };
    for sets in [&[][..], &["strategy.warrior.ask.sd=0.05"]] {
        let [before, after] = pushes(sets);
        assert!(after > before + before / 3, "{sets:?}: {before} pushes before, {after} after");
    }
}

/// What a command that succeeds says.
fn done(dir: &Path, arguments: &[&str]) -> String {
    let output = call(dir, arguments);
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    assert!(output.status.success(), "{arguments:?}: {err}");
    out + &err
}

/// The rows of a table.
fn table(dir: &Path, name: &str) -> Vec<Vec<String>> {
    let mut rows = csv::Reader::from_path(dir.join(name)).unwrap();
    rows.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

const SMALL: [&str; 8] =
    ["--set", "rounds=40", "--set", "burn_in=8", "--set", "replicates=4", "--set", "population.agents=60"];

#[test]
fn the_short_form_gives_the_result_of_the_long_form_and_the_manifest_carries_it() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let short = ["run", "small.toml", "--out", "short", "--at", "20", "--set", "calls.fee=0.1"];
    let told = done(dir, &[&short[..2], &SMALL, &short[2..]].concat());
    assert!(
        told.contains("at round 20 (calls.fee=0.1): net benefit per round after it less before"),
        "{told}"
    );
    assert!(told.contains("settings change at round 20: means and differences are of"), "{told}");
    let text = fs::read_to_string(dir.join("small.toml")).unwrap();
    let long = format!("{text}\n[[change]]\nround = 20\nkey = \"calls.fee\"\nvalue = 0.1\n");
    fs::write(dir.join("long.toml"), long).unwrap();
    done(dir, &[&["run", "long.toml", "--out", "long", "--no-charts"][..], &SMALL].concat());
    done(dir, &[&["run", "small.toml", "--out", "plain", "--no-charts"][..], &SMALL].concat());
    for name in ["rounds.csv", "flows.csv", "summary.csv", "changes.csv"] {
        let [a, b] = ["short", "long"].map(|out| fs::read(dir.join(out).join(name)).unwrap());
        assert!(a == b, "{name}");
    }
    assert!(!dir.join("plain/changes.csv").exists());
    let before = |out: &str| -> Vec<Vec<String>> {
        let rows = table(&dir.join(out), "rounds.csv").into_iter();
        rows.filter(|row| row[1].parse::<u32>().unwrap() < 20).collect()
    };
    assert_eq!(before("short"), before("plain"));
    let manifest: Value =
        serde_json::from_slice(&fs::read(dir.join("short/manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["scheduled"][0]["key"], "calls.fee");
    let sets = manifest["overrides"].as_array().unwrap();
    assert_eq!(sets.last().unwrap(), "change.20.calls.fee=0.1");
    let verified = call(dir, &["verify", "short"]);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    let report = fs::read_to_string(dir.join("short/report.html")).unwrap();
    assert!(report.contains("change.20.calls.fee=0.1"), "how to repeat");
    let chart = fs::read_to_string(dir.join("short/charts/net_over_time.svg")).unwrap();
    assert!(chart.contains("fee = 0.1"), "the chart marks the change");
}

#[test]
fn the_table_has_the_differences_of_the_rounds() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let more = ["--no-charts", "--out", "a", "--at", "20", "--set", "mixer.cost=3"];
    done(dir, &[&["run", "small.toml"][..], &SMALL, &more].concat());
    let every = 4;
    let (before, after) = (8..20, 20..40);
    assert_eq!((before.len() % every, after.len() % every), (0, 0), "whole cycles of mixers");
    let rounds = table(&dir.join("a"), "rounds.csv");
    let mean = |strategy: &str, rounds_of: &std::ops::Range<u32>| {
        let kept = rounds
            .iter()
            .filter(|row| row[2] == strategy && rounds_of.contains(&row[1].parse::<u32>().unwrap()));
        let nets: Vec<f64> = kept.map(|row| row[4].parse().unwrap()).collect();
        nets.iter().sum::<f64>() / nets.len() as f64
    };
    let rows = table(&dir.join("a"), "changes.csv");
    let found = |first: &str, second: &str| -> f64 {
        let row = rows.iter().find(|row| row[2] == first && row[3] == second && row[4] == "net").unwrap();
        assert_eq!((row[0].as_str(), row[1].as_str()), ("20", "mixer.cost=3"));
        row[7].parse().unwrap()
    };
    let change = |strategy: &str| mean(strategy, &after) - mean(strategy, &before);
    let [warrior, servant] = ["warrior", "servant"].map(change);
    assert!((found("", "warrior") - warrior).abs() < 1e-9);
    assert!((found("warrior", "servant") - (servant - warrior)).abs() < 1e-9);
}

#[test]
fn two_runs_part_at_the_change_and_are_compared_with_pairs() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    done(dir, &[&["run", "small.toml", "--out", "a", "--no-charts"][..], &SMALL].concat());
    let at = ["--no-charts", "--out", "b", "--at", "20", "--set", "calls.rate=0.9"];
    done(dir, &[&["run", "small.toml"][..], &SMALL, &at].concat());
    let told = done(dir, &["diff", "a", "b"]);
    assert!(told.contains("change.20.calls.rate"), "{told}");
    assert!(told.contains("round 20"), "{told}");
}

#[test]
fn bets_and_sweeps_and_an_at_without_a_set_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let at = ["--at", "9", "--set", "calls.fee=0.1"];
    for (kind, expected) in
        [("bet", "a bet cannot have settings that change"), ("sweep", "a sweep cannot have")]
    {
        let told = refused(dir, &[&[kind, "small.toml"][..], &at].concat(), 2);
        assert!(told.contains(expected), "{told}");
    }
    fs::write(dir.join("plain.toml"), "rounds = 12\n").unwrap();
    let told = done(dir, &["check", "plain.toml", "--at", "9", "--set", "calls.fee=0.1"]);
    assert!(told.contains("change: calls.fee = 0.1 from round 9 on"), "{told}");
    let told = refused(dir, &["run", "small.toml", "--at", "9"], 2);
    assert!(told.contains("--at 9 changes nothing"), "{told}");
    let told = refused(dir, &["run", "small.toml", "--at", "9", "--set", "population.agents=9"], 2);
    assert!(told.contains("cannot change at a round") && told.contains("tie_cost"), "{told}");
}
