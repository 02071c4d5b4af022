//! Results of bets whose worlds are made by hand.

use serde_json::Value;

use super::*;
use crate::amount::Amount;
use crate::experiment::{Gain, HorizonRecord, PartsRecord, Reason, StepKind, StoryStep, TwinRecord};
use crate::model::{ActKind, N_AMOUNTS};
use crate::results::MemoryResult;
use crate::scenario::Scenario;

fn plan(sets: &[&str]) -> BetPlan {
    let common = ["rounds=60", "burn_in=6", "bet.worlds=10", "bet.horizons=[0, 40]"];
    let scenario = Scenario::parse("[bet]\n", &[&common[..], sets].concat());
    BetPlan::new(&scenario.unwrap_or_else(|faults| panic!("{faults}")), false)
}

/// A world of three focal agents, with these net benefits at both horizons and a little luck.
fn world(world: u32, nets: [[f64; 2]; 2]) -> WorldRecord {
    let gain = |net: f64| Gain { amounts: [Amount::ZERO; N_AMOUNTS], net: Amount::of(net) };
    let twin = |focal: u32| {
        let luck = f64::from((3 * world + focal) % 5) / 100.0;
        let at = |(horizon, [first, second]): (u32, [f64; 2])| HorizonRecord {
            horizon,
            first: gain(first),
            second: gain(second + luck),
            partners: Amount::ZERO,
            rest: Amount::ZERO,
        };
        TwinRecord { focal: 100 * world + focal, horizons: [0, 40].into_iter().zip(nets).map(at).collect() }
    };
    WorldRecord {
        world,
        seed: 70 + u64::from(world),
        invited: world % 2,
        newcomers: Vec::new(),
        twins: (0..3).map(twin).collect(),
        crossovers: Vec::new(),
        parts: Vec::new(),
    }
}

/// The result of a bet of ten worlds of which so many were played.
fn played(plan: &BetPlan, worlds: u32, nets: [[f64; 2]; 2], enough: bool) -> (BetSummary, MemoryResult) {
    let files = MemoryFiles::default();
    let options = BetOptions { worlds: 10, ..BetOptions::default() };
    let mut writer = BetWriter::in_memory(&files, plan, options).unwrap();
    (0..worlds).for_each(|number| writer.world(&world(number, nets)).unwrap());
    (writer.finish(enough).unwrap(), files.take())
}

fn manifest(files: &MemoryResult) -> Value {
    serde_json::from_slice(files.get("manifest.json").unwrap()).unwrap()
}

#[test]
fn a_bet_counts_its_worlds_and_the_people_who_were_invited() {
    let (plan, nets) = (plan(&[]), [[1.0, 2.0], [3.0, 5.0]]);
    for (worlds, enough, interrupted, asked) in
        [(10, true, false, 10), (6, false, true, 10), (6, true, false, 6), (10, false, false, 10)]
    {
        let (summary, files) = played(&plan, worlds, nets, enough);
        assert_eq!((summary.worlds_done, summary.interrupted), (worlds, interrupted));
        assert_eq!(summary.invited, u64::from(worlds / 2), "one of every second world");
        let manifest = manifest(&files);
        assert_eq!((&manifest["replicates"], &manifest["replicates_done"]), (&asked.into(), &worlds.into()));
        assert_eq!(
            (&manifest["bet"]["worlds"], &manifest["bet"]["invited"]),
            (&worlds.into(), &(worlds / 2).into())
        );
        let seeds: Vec<u32> = (70..70 + worlds).collect();
        assert_eq!(manifest["replicate_seeds"], json!(seeds));
    }
    let text = played(&plan, 2, nets, true).1.get("bet.csv").unwrap().to_vec();
    let rows: Vec<&str> = std::str::from_utf8(&text).unwrap().lines().collect();
    assert_eq!(
        (rows.len(), &rows[..3], rows[12]),
        (
            13,
            &["world,focal,horizon,first,second,difference", "0,0,0,1,2,1", "0,0,40,3,5,2"][..],
            "1,102,40,3,5,2"
        )
    );
}

#[test]
fn a_split_over_traits_has_a_table_of_parts_that_sum_to_the_whole() {
    let sets = ["rounds=60", "burn_in=6", "bet.horizons=[0, 40]"];
    let scenario = Scenario::parse("[bet]\n", &sets).unwrap();
    let tables = |decompose: bool| {
        let (plan, files) = (BetPlan::new(&scenario, decompose), MemoryFiles::default());
        let traits = plan.differing_traits();
        assert!(traits.len() > 1);
        let mut writer = BetWriter::in_memory(&files, &plan, BetOptions::default()).unwrap();
        for number in 0..4 {
            let mut record = world(number, [[1.0, 2.0], [3.0, 5.0]]);
            // Half of the difference is of the first trait, the rest of the second.
            let of = |at: &HorizonRecord| {
                let difference = at.second.net - at.first.net;
                (0..traits.len()).map(|t| if t < 2 { difference } else { Amount::ZERO }).collect()
            };
            let parts = |twin: &TwinRecord| PartsRecord {
                focal: twin.focal,
                parts: twin.horizons.iter().map(of).collect(),
                divisor: 2,
            };
            record.parts = record.twins.iter().filter(|_| decompose).map(parts).collect();
            writer.world(&record).unwrap();
        }
        let summary = writer.finish(true).unwrap();
        assert_eq!(summary.parts.len(), if decompose { 2 * (traits.len() + 1) } else { 0 });
        for rows in summary.parts.chunks(traits.len() + 1) {
            let means: Vec<f64> = rows.iter().map(|row| row.mean.mean).collect();
            let (all, parts) = means.split_last().unwrap();
            assert!(
                (parts[0] - all / 2.0).abs() < 1e-9 && (parts.iter().sum::<f64>() - all).abs() < 1e-9,
                "{rows:?}"
            );
            assert_eq!((rows[0].what, rows[traits.len()].what), (traits[0], "all"));
        }
        files.take().get("bet_parts.csv").map(|text| text.iter().filter(|byte| **byte == b'\n').count())
    };
    assert_eq!(tables(false), None);
    assert!(tables(true).is_some_and(|lines| lines > 5));
}

#[test]
fn stories_are_of_those_who_are_wanted_and_stand_in_a_table_and_in_words() {
    let plan = plan(&["bet.usual=any", "bet.first=warrior", "bet.second=servant"]);
    let step = |cause: Option<usize>, after: u32, amount: Option<f64>| StoryStep {
        cause,
        reason: if cause.is_some() { Reason::Talk } else { Reason::Evening },
        round: plan.event_round() + after,
        side: cause.map(|_| 1),
        kind: if cause.is_some() { StepKind::Act(ActKind::Assist) } else { StepKind::Evening },
        actor: if cause.is_some() { 8 } else { 1 },
        other: cause.map(|_| 1),
        third: None,
        instead: None,
        amount: amount.map(Amount::of),
    };
    let told = |story: Option<StoryOf>, tell: bool| {
        let files = MemoryFiles::default();
        let options = BetOptions { story, ..BetOptions::default() };
        let mut writer = BetWriter::in_memory(&files, &plan, options).unwrap();
        (0..4).for_each(|number| writer.world(&world(number, [[1.0, 2.0], [3.0, 5.0]])).unwrap());
        let wanted = writer.wanted_stories();
        let story = |(_, (world, focal)): &(&str, (u32, u32))| Story {
            world: *world,
            focal: *focal,
            steps: vec![step(None, 0, None), step(Some(0), 4, Some(2.5))],
            newcomers: Default::default(),
        };
        if tell {
            writer.stories(wanted.iter().map(story).collect());
        }
        let summary = writer.finish(true).unwrap();
        let files = files.take();
        let table = files.get("story.csv").map(|text| String::from_utf8(text.to_vec()).unwrap());
        let recorded = manifest(&files)["options"]["story"].clone();
        (wanted, summary.story, table, recorded)
    };
    // The luck of the focal agent 1 of world 1 is the first of the largest.
    let (wanted, words, table, recorded) = told(Some(StoryOf::Luckiest), true);
    assert_eq!(wanted, [("luckiest", (1, 101))]);
    assert_eq!(recorded, "luckiest");
    assert!(words[0].starts_with("the story of the luckiest focal agent, 101 of world 1"), "{words:?}");
    assert!(words[0].ends_with("servant - warrior is +2.04 after 40 rounds"), "{words:?}");
    assert_eq!(words[1..], ["  +2.5 as servant: after 4 rounds: 8 solves the need of 1 (+2.5)"]);
    let lines: Vec<String> = table.unwrap().lines().map(str::to_owned).collect();
    let round = plan.event_round();
    assert_eq!(lines[1], format!("luckiest,1,101,0,,evening,{round},0,both,evening,1,,,,,"));
    assert_eq!(lines[2], format!("luckiest,1,101,1,0,talk,{},4,second,assist,8,1,,,2.5,2.5", round + 4));
    let (wanted, words, table, recorded) = told(Some(StoryOf::Both), false);
    assert_eq!((wanted.len(), words.len(), table, recorded), (2, 0, None, Value::Null), "they were stopped");
    let (wanted, _, table, _) = told(None, true);
    assert_eq!((wanted.len(), table), (0, None));
}

#[test]
fn a_lead_is_compared_with_the_net_benefit_of_the_twin_who_acts_as_usual() {
    // A lead of 9.5 is more than a tenth of 90, and less than one of 99.5.
    let by_far = |usual: &str| {
        let plan = plan(&[&format!("bet.usual={usual}"), "bet.first=warrior", "bet.second=servant"]);
        let (summary, _) = played(&plan, 10, [[90.0, 99.5]; 2], true);
        assert_eq!(summary.verdict.winner.as_deref(), Some("servant"));
        assert_eq!(summary.strategies, [usual, "warrior", "servant"]);
        summary.verdict.by_far
    };
    assert_eq!(["warrior", "any", "servant"].map(by_far), [true, true, false]);
}

#[test]
fn a_bet_that_turns_has_a_round_from_which_on_it_is_ahead_and_intervals_of_its_level() {
    let half_width = |level: &str| {
        let set = format!("level={level}");
        let (summary, files) = played(&plan(&[&set]), 10, [[1.0, 0.0], [1.0, 2.0]], true);
        let note = summary.break_even.expect("it turns");
        assert!((note.horizon - 20.0).abs() < 1.0 && note.second_ahead, "{note:?}");
        assert_eq!(manifest(&files)["bet"]["break_even"]["second_ahead"], true);
        assert!(summary.level.to_string().starts_with(&level[2..]), "{}", summary.level);
        summary.horizons[1].mean.half_width().unwrap()
    };
    assert!(half_width("0.99") > half_width("0.95") && half_width("0.95") > half_width("0.80"));
    let (same, _) = played(&plan(&[]), 10, [[1.0, 2.0], [1.0, 2.5]], true);
    assert_eq!(same.break_even, None);
}
