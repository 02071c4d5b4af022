//! What the words say of runs made by hand.

use super::super::memory::MemoryFiles;
use super::super::{RunOptions, RunWriter};
use super::*;
use crate::experiment::ReplicateRecord;
use crate::model::{M, N_METRICS, RoundRecord};
use crate::scenario::Scenario;
use crate::stats::{Interval, Power};

fn contrast(difference: f64, interval: Option<(f64, f64)>) -> ContrastRow {
    ContrastRow {
        first: "warrior".into(),
        second: "servant".into(),
        metric: "net",
        difference: Interval { mean: difference, low: interval.map(|i| i.0), high: interval.map(|i| i.1) },
        p_value: None,
        p_adjusted: None,
        replicates: 20,
        power: Power::default(),
    }
}

#[test]
fn a_difference_names_the_strategy_that_gained_more_first() {
    assert_eq!(
        in_words(&contrast(0.11, Some((0.08, 0.14))), 2, Level::USUAL),
        "servant gained 0.11 more per round than warrior (95% interval 0.08 to 0.14, 20 replicates)"
    );
    assert_eq!(
        in_words(&contrast(-0.11, Some((-0.14, -0.08))), 2, Level::USUAL),
        "warrior gained 0.11 more per round than servant (95% interval 0.08 to 0.14, 20 replicates)"
    );
}

#[test]
fn a_difference_not_clear_of_zero_is_called_unclear() {
    let text = in_words(&contrast(-0.01, Some((-0.05, 0.03))), 2, Level::USUAL);
    assert!(text.starts_with("no clear difference between warrior and servant (0.01 more"), "{text}");
    assert!(text.contains("-0.03 to 0.05"), "{text}");
    assert!(in_words(&contrast(0.5, None), 2, Level::USUAL).contains("one replicate"));
}

#[test]
fn decimals_follow_the_half_width() {
    assert_eq!([3.0, 0.15, 0.015, 0.0, f64::INFINITY].map(decimals), [2, 2, 3, 8, 2]);
}

/// A run of two equal rounds: net benefit by strategy, in each of the replicates.
fn summary(text: &str, nets: &[&[f64]]) -> Summary {
    let replicates = nets[0].len();
    let text = format!("rounds = 2\nburn_in = 0\nreplicates = {replicates}\n{text}");
    let scenario = Scenario::parse(&text, &[]).unwrap_or_else(|faults| panic!("{faults}"));
    let record = |replicate: usize| {
        let rounds = (0u16..).zip(nets).map(|(strategy, nets)| {
            let mut values = [0.0; N_METRICS];
            values[M::Net as usize] = nets[replicate];
            [0, 1].map(|round| RoundRecord { round, strategy, agents: 10, values })
        });
        ReplicateRecord {
            replicate: u32::try_from(replicate).unwrap(),
            rounds: rounds.flatten().collect(),
            quantiles: vec![vec![0.0; 101]; nets.len()],
            ..ReplicateRecord::default()
        }
    };
    let files = MemoryFiles::default();
    let mut writer = RunWriter::in_memory(&files, &scenario, RunOptions::default()).unwrap();
    (0..replicates).for_each(|replicate| writer.replicate(&record(replicate)).unwrap());
    writer.finish().unwrap()
}

/// Strategies with these names and traits.
fn strategies(of: &[(&str, &str)]) -> String {
    let share = 1.0 / of.len() as f64;
    of.iter()
        .map(|(name, traits)| format!("[[strategy]]\nname = \"{name}\"\nshare = {share}\n{traits}\n"))
        .collect()
}

const LOW: &[f64] = &[1.0, 1.1, 0.9];
const MIDDLE: &[f64] = &[3.0, 3.1, 2.9];
const HIGH: &[f64] = &[10.0, 10.1, 9.9];

#[test]
fn the_means_of_all_strategies_stand_under_one_another() {
    let text = strategies(&[("a", ""), ("somebody new", ""), ("größer", "")]);
    let lines = summary(&text, &[LOW, HIGH, MIDDLE]).lines();
    assert!(lines[0].starts_with("strategy      net benefit per agent and round"), "{lines:?}");
    let starts = ["a              1.00  (95% interval ", "somebody new  10.00  (", "größer         3.00  ("];
    assert!(starts.iter().zip(&lines[1..4]).all(|(start, line)| line.starts_with(start)), "{lines:?}");
}

#[test]
fn numbers_have_as_many_decimals_as_the_narrowest_interval_shows() {
    let text = strategies(&[("a", ""), ("b", "")]);
    // Without any spread there is no interval to go by.
    let lines = summary(&text, &[&[1.0, 1.001, 0.999], &[2.0, 2.0, 2.0]]).lines();
    assert!(lines[1].contains("  1.0000  (95% interval 0.9975 to 1.0025)"), "{lines:?}");
    assert!(lines[2].contains("  2.0000"), "{lines:?}");
}

#[test]
fn the_answer_compares_the_two_strategies_that_gained_most() {
    let text = strategies(&[("a", ""), ("b", ""), ("c", "")]);
    for (nets, more, less, other) in [
        ([LOW, HIGH, MIDDLE], "b", "c", "a"),
        ([HIGH, LOW, MIDDLE], "a", "c", "b"),
        ([MIDDLE, HIGH, LOW], "b", "a", "c"),
    ] {
        let words = summary(&text, &nets).words();
        let said = |from: &str, than: &str| {
            format!(
                "{from} gained {} more per round than {than} (",
                if than == other && from == more { "9.00" } else { "7.00" }
            )
        };
        assert!(words.answer.starts_with(&said(more, less)), "{}", words.answer);
        // The other two differences, each in one sentence.
        assert_eq!(words.more.len(), 2, "{:?}", words.more);
        assert!(
            words.more.iter().any(|sentence| sentence.starts_with(&said(more, other))),
            "{:?}",
            words.more
        );
    }
}

#[test]
fn of_many_strategies_only_the_differences_from_the_best_are_told() {
    let text = strategies(&["a", "b", "c", "d", "e"].map(|name| (name, "")));
    let words = summary(&text, &[LOW, MIDDLE, HIGH, LOW, MIDDLE]).words();
    assert_eq!(1 + words.more.len(), 4, "{:?}", words.more);
    assert!(words.answer.starts_with("c gained 7.00 more per round than e ("), "{}", words.answer);
    assert!(words.more.iter().all(|sentence| sentence.starts_with("c gained ")), "{:?}", words.more);
}

#[test]
fn of_one_strategy_its_net_benefit_is_told() {
    let words = summary(&strategies(&[("a", "")]), &[HIGH]).words();
    assert!(
        words
            .answer
            .starts_with("a gained 10.00 per agent and round (95% interval 9.75 to 10.25, 3 replicates)")
    );
    assert!(words.more.is_empty(), "{:?}", words.more);
}

#[test]
fn the_two_strategies_of_the_answer_can_be_split_if_they_differ_in_several_traits() {
    let split = |traits: [&str; 3], more: &str| {
        let [a, b, c] = traits;
        let text = more.to_owned() + &strategies(&[("a", a), ("b", b), ("c", c)]);
        let lines = summary(&text, &[LOW, HIGH, MIDDLE]).lines();
        lines.into_iter().find(|line| line.contains("mingle sweep"))
    };
    let differ = ["ask = 0.1", "ask = 0.2\nserve = 0.3", "ask = 0.4\nserve = 0.5"];
    let line = split(differ, "").unwrap();
    assert!(line.starts_with(
        "b and c differ in 2 traits (ask, serve); this tells how much each does: mingle sweep "
    ));
    assert!(
        line.ends_with(" --set sweep.design=factorial-traits --set sweep.first=b --set sweep.second=c"),
        "{line}"
    );
    // The first two are those of a split by default.
    let line = split([differ[1], differ[2], differ[2]], "").map(|line| line.contains("sweep.first"));
    assert_eq!(line, None, "b and c are the same");
    assert_eq!(
        split([differ[1], "ask = 0.2\nserve = 0.4", "ask = 0.2\nserve = 0.3"], ""),
        None,
        "they differ in one trait"
    );
    assert_eq!(split(differ, "[[change]]\nround = 1\nkey = \"calls.fee\"\nvalue = 0.1\n"), None);
    assert_eq!(
        split(differ, "[sweep]\ndesign = \"factorial-traits\"\nfirst = \"a\"\nsecond = \"b\"\n"),
        None
    );
}

#[test]
fn a_run_that_ends_without_what_was_asked_for_says_so() {
    let pair = strategies(&[("a", ""), ("b", "")]);
    let decides = "until = \"decided\"\nreplicates_max = 9\n".to_owned() + &pair;
    assert_eq!(summary(&decides, &[LOW, HIGH]).reached, Some(false), "it was not asked yet");
    let mut run = summary(&pair, &[LOW, HIGH]);
    assert_eq!(run.reached, None, "the number of replicates is fixed");
    let mut warned = |until, reached, interrupted| {
        (run.until, run.reached, run.interrupted) = (until, reached, interrupted);
        let warnings = run.words().warnings;
        warnings.into_iter().find(|warning| warning.ends_with("with 3 replicates"))
    };
    let precise = warned(Until::Precise, Some(false), false).unwrap();
    assert!(precise.starts_with("the precision asked for was not reached"), "{precise}");
    let decided = warned(Until::Decided, Some(false), false).unwrap();
    assert!(decided.starts_with("not every difference in net benefit is clear"), "{decided}");
    assert_eq!(warned(Until::Precise, Some(true), false), None);
    assert_eq!(warned(Until::Fixed, None, false), None);
    assert_eq!(warned(Until::Decided, Some(false), true), None, "an interrupted run has not ended");
}

#[test]
fn a_run_until_decided_adjusts_its_p_values_for_all_its_looks() {
    let pair = strategies(&[("a", ""), ("b", "")]);
    let p_adjusted = |more: &str| {
        let run = summary(&(more.to_owned() + &pair), &[&[1.0, 2.0, 3.0], &[3.0, 3.5, 5.0]]);
        let row = run.contrasts.into_iter().find(|row| row.metric == "net").unwrap();
        (row.p_value.unwrap(), row.p_adjusted.unwrap())
    };
    let (p, fixed) = p_adjusted("");
    assert_eq!(fixed, p, "there is one pair");
    let precise = p_adjusted("until = \"precise\"\nprecision = 0.1\nreplicates_max = 10\n");
    assert_eq!(precise, (p, p));
    // Looks after 3, 6, 9 and 10 replicates.
    assert_eq!(p_adjusted("until = \"decided\"\nreplicates_max = 10\n"), (p, 4.0 * p));
}

#[test]
fn of_a_difference_that_is_not_clear_it_is_told_how_many_replicates_would_show_it() {
    let needed = |nets: [&[f64]; 2]| {
        let words = summary(&strategies(&[("a", ""), ("b", "")]), &nets).words();
        words.more.into_iter().find(|sentence| sentence.starts_with("replicates that would show"))
    };
    let line = needed([&[1.0, 2.0, 3.0], &[1.5, 2.5, 2.6]]).unwrap();
    let line = line
        .strip_prefix("replicates that would show a difference as large with a chance of 80%: about ")
        .unwrap();
    let (n, pair) = line.split_once(' ').unwrap();
    assert!(n.parse::<u32>().unwrap() > 3 && pair == "for b and a", "{line}");
    assert_eq!(needed([&[1.0, 2.0, 3.0], &[1.5, 1.5, 3.0]]), None, "there is no difference to show");
    assert_eq!(needed([LOW, HIGH]), None, "it is clear");
    assert_eq!(needed([&[0.0; 4], &[1.0, 2.0, 2.0, 4.0]]), None, "it is clear, with a p-value of 0.04");
    let three = strategies(&[("a", ""), ("b", ""), ("c", "")]);
    // The p-value of a and b is 0.02, and 0.07 with all three pairs taken into account.
    let alone = summary(&three, &[&[0.0; 4], &[1.0, 2.0, 2.0, 3.4], &[5.0, -5.0, 6.0, -4.0]]).words();
    let needed = alone.more.iter().find(|sentence| sentence.starts_with("replicates that would show"));
    let needed = needed.unwrap();
    assert!(needed.contains(" for c and a") && !needed.contains(" for b and a"), "{needed}");
    let words = summary(&three, &[&[1.0, 2.0, 3.0], &[1.5, 2.5, 2.6], HIGH]).words();
    let start =
        "replicates that would show these differences with a chance of 80%, each tested by itself: about ";
    assert!(words.more.iter().any(|sentence| sentence.starts_with(start)), "{:?}", words.more);
}
