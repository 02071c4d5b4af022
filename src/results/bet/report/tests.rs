//! What the words say of bets made by hand.

use std::path::PathBuf;

use super::super::differences::Differences;
use super::super::{Quantity, Verdict};
use super::*;
use crate::amount::Amount;

fn interval(mean: f64, half: f64) -> Interval {
    Interval::around(mean, Some(half))
}

fn mean(horizon: u32, what: &'static str, mean: Interval) -> BetMean {
    BetMean { horizon, what, mean }
}

/// A bet at the horizons 0 and 40 in ten worlds of two, with this difference at its end.
fn summary(last: f64) -> BetSummary {
    let mut differences = Differences::new(vec![0, 40], Level::USUAL);
    for world in 0..10 {
        let nets = |difference: f64, focal: u32| {
            [1.0, 1.0 + difference + f64::from((3 * world + focal) % 5) / 100.0].map(Amount::of)
        };
        let twin = |focal| vec![nets(0.5, focal), nets(last, focal)];
        differences.push(&[twin(0), twin(1)]);
    }
    let verdict = Verdict { winner: None, by_far: false, more_often: None, text: "the verdict".to_owned() };
    BetSummary {
        dir: PathBuf::new(),
        strategies: ["any", "warrior", "servant"].map(str::to_owned),
        worlds_done: 10,
        invited: 0,
        interrupted: false,
        burn_in_pilot: None,
        precise: None,
        horizons: differences.rows(),
        others: Vec::new(),
        parts: Vec::new(),
        break_even: None,
        crossover: None,
        story: Vec::new(),
        verdict,
        level: Level::USUAL,
        caution: None,
        files: Vec::new(),
    }
}

#[test]
fn the_terminal_shows_each_horizon_the_verdict_and_what_limits_it() {
    let bet = BetSummary {
        invited: 3,
        precise: Some(false),
        caution: Some("few".to_owned()),
        story: vec!["a story".to_owned()],
        ..summary(2.0)
    };
    let lines = bet.lines();
    assert_eq!(lines[0], "rounds after  servant - warrior, 20 people in 10 worlds");
    assert!(
        lines[1].starts_with("           0  +0.52  (95% interval +0.51 to +0.53), servant gains more in "),
        "{lines:?}"
    );
    assert!(lines[2].starts_with(
        "          40  +2.02  (95% interval +2.01 to +2.03), servant gains more in 100%, warrior in 0%"
    ));
    assert_eq!(
        lines[3..],
        [
            "the verdict",
            "3 of them came for the bet only: too few attend the event anyway",
            "the worlds show no spread in what others get",
            "a story",
            "the precision asked for was not reached",
            "few",
        ]
    );
    let plain = BetSummary { precise: Some(true), worlds_done: 1, ..summary(2.0) };
    let Words { more, warnings, .. } = plain.words();
    assert_eq!(more, ["one world shows no spread in what others get"]);
    assert!(warnings.is_empty(), "{warnings:?}");
}

#[test]
fn others_and_traits_are_told_at_the_last_horizon() {
    let others = vec![
        mean(0, "partners", interval(9.0, 1.0)),
        mean(0, "rest", interval(9.0, 1.0)),
        mean(40, "focal", interval(8.0, 1.0)),
        mean(40, "partners", interval(2.0, 1.0)),
        mean(40, "rest", interval(-0.5, 1.0)),
        mean(40, "everyone", interval(7.0, 1.0)),
    ];
    let parts = vec![
        mean(0, "ask", interval(9.0, 1.0)),
        mean(40, "ask", interval(1.5, 0.25)),
        mean(40, "serve", Interval::around(-0.5, None)),
        mean(40, "all", interval(1.0, 0.25)),
    ];
    let Words { more, .. } = BetSummary { others, parts, ..summary(2.0) }.words();
    assert_eq!(
        more,
        [
            "what others get, summed, after 40 rounds: partners +2.00 (95% interval +1.00 to +3.00); everybody else -0.50 \
             (95% interval -1.50 to +0.50, not clear of zero)",
            "by trait after 40 rounds: ask +1.50 (+1.25 to +1.75), serve -0.50",
        ]
    );
}

#[test]
fn who_is_ahead_from_when_on_is_said_only_of_a_mean_that_is_clear_at_the_end() {
    let said = |last: f64, second_ahead: bool, ends: [Option<f64>; 2]| {
        let [ci_low, ci_high] = ends;
        let note = BreakEvenNote { horizon: 12.4, second_ahead, ci_low, ci_high };
        BetSummary { break_even: Some(note), ..summary(last) }.words().more[0].clone()
    };
    let ends = [Some(9.6), Some(20.2)];
    let unclear = "from when on one of them is ahead is not clear";
    assert_eq!(
        said(2.0, true, ends),
        "servant is ahead on average from about 12 rounds on (95% interval 10 to 20)"
    );
    assert_eq!(
        said(-2.0, false, [None, Some(20.2)]),
        "warrior is ahead on average from about 12 rounds on (95% interval from before the first horizon to 20)"
    );
    assert_eq!(said(2.0, false, ends), unclear, "the mean is clear on the other side");
    assert_eq!(said(-0.02, true, ends), unclear, "the mean is not clear");
    assert_eq!(said(2.0, true, [Some(9.6), None]), unclear);
}

#[test]
fn a_crossover_is_told_with_its_bias_and_the_people_that_it_takes_to_see_a_clear_truth() {
    let said = |truth: Interval, bias: Interval, people: f64| {
        let quantity = |(name, mean)| Quantity { name, mean };
        let alone = |mean| Interval::around(mean, None);
        let quantities =
            [("estimate", alone(1.5)), ("truth", truth), ("bias", bias), ("people_crossover", alone(people))];
        let quantities = quantities.map(quantity).to_vec();
        trial(&CrossoverNote { window: 26, lives: 20, quantities }, Level::USUAL)
    };
    let start = "trying both on oneself, 26 rounds each: +1.50 where the truth is +1.00, so a bias of ";
    let clear = interval(1.0, 0.5);
    let (bias, people) = (
        "+0.50 (95% interval +0.25 to +0.75)",
        "; it would take about 41 people to see the truth with a chance of 80%",
    );
    assert_eq!(said(clear, interval(0.5, 0.25), 41.2), format!("{start}{bias}{people}"));
    assert_eq!(said(interval(1.0, 1.5), interval(0.5, 0.25), 41.2), format!("{start}{bias}"));
    assert_eq!(said(clear, Interval::around(0.5, None), f64::NAN), format!("{start}+0.50"));
}
