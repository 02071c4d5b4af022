//! The verdict of a bet in words: on the mean difference, and on the chance to gain more. The two often disagree.

use serde::Serialize;

use crate::stats::Interval;

/// The input of a verdict: one horizon of a bet.
#[derive(Clone, Copy, Debug)]
pub struct VerdictInput<'a> {
    /// Names of the two strategies.
    pub names: [&'a str; 2],
    /// Rounds after the event.
    pub horizon: u32,
    /// Mean of second - first; no interval with one world.
    pub mean: Interval,
    /// Mean net benefit of the twin with the usual strategy; of the first twin if neither has it.
    pub mean_usual: f64,
    /// Shares of focal agents who gained more as the first, and as the second strategy.
    pub wins: [f64; 2],
    /// Number of worlds.
    pub worlds: u64,
}

/// The winner of a bet, and a sentence about it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    /// Name of the strategy that wins on average; `None` if the interval includes zero.
    pub winner: Option<String>,
    /// Whether it wins by at least a tenth of the usual twin's net benefit.
    pub by_far: bool,
    /// Name of the strategy with which more focal agents gain more; `None` if the numbers are equal.
    pub more_often: Option<String>,
    /// The verdict in words.
    pub text: String,
}

/// Share of the usual twin's net benefit from which on a lead counts as large.
const FAR: f64 = 0.1;

impl Verdict {
    /// The verdict on one horizon.
    pub fn of(input: &VerdictInput<'_>) -> Self {
        let VerdictInput { names, mean, wins, .. } = *input;
        let clear = mean.excludes_zero();
        let leader = usize::from(mean.mean > 0.0);
        let far = clear && mean.mean.abs() >= FAR * input.mean_usual.abs();
        let more_often = match wins[1].total_cmp(&wins[0]) {
            std::cmp::Ordering::Greater => Some(1),
            std::cmp::Ordering::Less => Some(0),
            std::cmp::Ordering::Equal => None,
        };
        let text = if wins == [0.0, 0.0] {
            format!("no difference at all: every twin gained as much as {} as as {}", names[0], names[1])
        } else if clear {
            clear_text(input, leader, far, more_often)
        } else {
            open_text(input, more_often)
        };
        let name = |i: usize| names[i].to_owned();
        Self { winner: clear.then(|| name(leader)), by_far: far, more_often: more_often.map(name), text }
    }
}

fn clear_text(input: &VerdictInput<'_>, leader: usize, far: bool, more_often: Option<usize>) -> String {
    let [winner, loser] = [input.names[leader], input.names[1 - leader]];
    let mean = if leader == 1 { input.mean } else { input.mean.turned() };
    let (low, high) = mean.ends().expect("only an interval makes a verdict clear");
    let digits = digits((high - low) / 2.0);
    let far = if far { " by far" } else { "" };
    let wins = tenths(input.wins[leader]);
    let loses = tenths(input.wins[1 - leader]);
    let chance = match more_often {
        Some(often) if often == leader => format!("and in {wins} cases"),
        Some(_) => format!("but loses in {loses} cases: rare large gains"),
        None => "though it wins as often as it loses".to_owned(),
    };
    format!(
        "{winner} wins{far} on average (+{:.digits$} over {loser} {}, 95% interval {low:.digits$} to {high:.digits$}) {chance}",
        mean.mean,
        after(input.horizon),
    )
}

fn open_text(input: &VerdictInput<'_>, more_often: Option<usize>) -> String {
    let [first, second] = input.names;
    let often = match more_often {
        Some(i) => format!("{} gains more in {} cases", input.names[i], tenths(input.wins[i])),
        None => "either gains more as often".to_owned(),
    };
    let Some((low, high)) = input.mean.ends() else {
        return format!(
            "undecided: one world shows no spread ({second} - {first} is {:+.2} {}; {often})",
            input.mean.mean,
            after(input.horizon)
        );
    };
    let half = (high - low) / 2.0;
    let digits = digits(half);
    let ratio = half / input.mean.mean.abs();
    let needed = libm::ceil(input.worlds as f64 * ratio * ratio);
    let more = if needed.is_finite() && needed <= 1e6 {
        format!("; if the mean is what it seems, about {needed:.0} worlds would tell")
    } else {
        String::new()
    };
    format!(
        "undecided on average ({second} - {first} is {:+.digits$} {}, 95% interval {low:.digits$} to {high:.digits$}), \
         and {often}{more}",
        input.mean.mean,
        after(input.horizon),
    )
}

fn after(horizon: u32) -> String {
    match horizon {
        0 => "in the round of the event".to_owned(),
        1 => "after 1 round".to_owned(),
        n => format!("after {n} rounds"),
    }
}

/// A share as "6 of 10", finer near the ends and near one half.
fn tenths(share: f64) -> String {
    let plain = (0.05..=0.95).contains(&share) && libm::round(share * 10.0) != 5.0;
    let (of, n) = if plain || share == 0.5 { (10.0, 10) } else { (100.0, 100) };
    let times = libm::round(share * of);
    match (times, share) {
        (0.0, s) if s > 0.0 => "fewer than 1 of 100".to_owned(),
        (t, s) if t == of && s < 1.0 => format!("nearly all {n}"),
        (t, _) => format!("{t:.0} of {n}"),
    }
}

/// Number of decimals that show a half-width of this size.
fn digits(half: f64) -> usize {
    if half >= 0.15 {
        2
    } else if half >= 0.015 {
        3
    } else {
        4
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INPUT: VerdictInput<'static> = VerdictInput {
        names: ["warrior", "servant"],
        horizon: 52,
        mean: Interval { mean: 0.8, low: Some(0.42), high: Some(1.18) },
        mean_usual: 26.0,
        wins: [0.58, 0.41],
        worlds: 25,
    };

    fn text(input: VerdictInput<'_>) -> String {
        Verdict::of(&input).text
    }

    #[test]
    fn a_mean_and_a_chance_that_disagree_are_both_reported() {
        assert_eq!(
            text(INPUT),
            "servant wins on average (+0.80 over warrior after 52 rounds, 95% interval 0.42 to 1.18) \
             but loses in 6 of 10 cases: rare large gains"
        );
        let verdict = Verdict::of(&INPUT);
        assert_eq!(
            (verdict.winner.as_deref(), verdict.more_often.as_deref()),
            (Some("servant"), Some("warrior"))
        );
        assert!(!verdict.by_far);
    }

    #[test]
    fn the_first_can_win_and_by_far() {
        let lost = VerdictInput {
            mean: Interval { mean: -0.9, low: Some(-1.0), high: Some(-0.8) },
            mean_usual: 1.7,
            wins: [0.93, 0.06],
            horizon: 0,
            ..INPUT
        };
        assert_eq!(
            text(lost),
            "warrior wins by far on average (+0.900 over servant in the round of the event, 95% interval \
             0.800 to 1.000) and in 9 of 10 cases"
        );
        assert!(Verdict::of(&lost).by_far);
        assert!(!Verdict::of(&VerdictInput { mean_usual: 9.1, ..lost }).by_far, "a tenth is the bound");
    }

    #[test]
    fn a_verdict_can_be_undecided() {
        let open = VerdictInput { mean: Interval { mean: 0.2, low: Some(-0.2), high: Some(0.6) }, ..INPUT };
        assert_eq!(
            text(open),
            "undecided on average (servant - warrior is +0.20 after 52 rounds, 95% interval -0.20 to 0.60), \
             and warrior gains more in 6 of 10 cases; if the mean is what it seems, about 100 worlds would tell"
        );
        assert_eq!(Verdict::of(&open).winner, None);
        let alone = VerdictInput { mean: Interval::around(0.8, None), wins: [0.5, 0.5], ..INPUT };
        assert_eq!(
            text(alone),
            "undecided: one world shows no spread (servant - warrior is +0.80 after 52 rounds; either gains more as often)"
        );
    }

    #[test]
    fn equal_twins_are_said_to_be_equal() {
        let equal = VerdictInput { mean: Interval::around(0.0, Some(0.0)), wins: [0.0, 0.0], ..INPUT };
        assert!(text(equal).starts_with("no difference at all"));
        assert_eq!(Verdict::of(&equal).more_often, None);
    }

    #[test]
    fn shares_near_the_ends_are_not_rounded_away() {
        assert_eq!(
            [0.0, 0.001, 0.04, 0.5, 0.999, 1.0].map(tenths),
            ["0 of 100", "fewer than 1 of 100", "4 of 100", "5 of 10", "nearly all 100", "100 of 100"]
        );
    }
}
