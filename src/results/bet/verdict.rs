//! The verdict of a bet in words: on the mean difference, and on the chance to gain more. The two often disagree.

use serde::Serialize;

use super::claims::{BetClaims, after, digits, side};
use crate::stats::{Interval, Level};

/// The input of a verdict: one horizon of a bet.
#[derive(Clone, Copy, Debug)]
pub(super) struct VerdictInput<'a> {
    /// Names of the two strategies.
    pub names: [&'a str; 2],
    /// Rounds after the event.
    pub horizon: u32,
    /// Number of worlds.
    pub worlds: u64,
    /// Mean of second - first.
    pub mean: Interval,
    /// Shares of focal agents who gained more as the first, and as the second strategy.
    pub chances: [Interval; 2],
    /// Share of focal agents who gained the same.
    pub tie: f64,
    /// The share who gained more as the second strategy less that as the first.
    pub lead: Interval,
    /// Mean of second - first without the outer fifths.
    pub trimmed: Interval,
    /// The size of the mean less [`VerdictInput::FAR`] of the size of the usual twin's net benefit (of the first twin's if
    /// neither has the usual strategy).
    pub beyond_far: Interval,
    /// Number of worlds with which the mean, if it is what it seems, is clear with a chance of 80%.
    pub needed: Option<f64>,
    /// The level of confidence of intervals.
    pub level: Level,
}

impl VerdictInput<'_> {
    /// Share of the usual twin's net benefit from which on a lead counts as large.
    pub(super) const FAR: f64 = 0.1;

    fn claims(&self) -> BetClaims {
        let Self { mean, chances, tie, lead, trimmed, .. } = *self;
        BetClaims { mean, chances, tie, lead, trimmed }
    }
}

/// The winner of a bet, and a sentence about it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Verdict {
    /// Name of the strategy that wins on average; `None` if the interval includes zero.
    pub winner: Option<String>,
    /// Whether it wins by at least a tenth of the usual twin's net benefit: the interval of the lead less this tenth is
    /// above zero.
    pub by_far: bool,
    /// Name of the strategy with which more focal agents gain more; `None` if the interval of the difference includes
    /// zero.
    pub more_often: Option<String>,
    /// The verdict in words.
    pub text: String,
}

impl Verdict {
    /// The verdict on one horizon.
    pub(super) fn of(input: &VerdictInput<'_>) -> Self {
        let (names, claims) = (input.names, input.claims());
        let by_far = claims.leader().is_some() && side(&input.beyond_far) == Some(1);
        let text = if claims.all_tie() {
            format!("no difference at all: every twin gained as much as {} as as {}", names[0], names[1])
        } else {
            match claims.leader() {
                Some(leader) => clear_text(input, &claims, leader, by_far),
                None => open_text(input, &claims),
            }
        };
        let name = |i: usize| names[i].to_owned();
        Self { winner: claims.leader().map(name), by_far, more_often: claims.more_often().map(name), text }
    }
}

fn clear_text(input: &VerdictInput<'_>, claims: &BetClaims, leader: usize, by_far: bool) -> String {
    let [winner, loser] = [input.names[leader], input.names[1 - leader]];
    let from_winner = |of: Interval| if leader == 1 { of } else { of.turned() };
    let far = if by_far { " by far" } else { "" };
    let word = if claims.disagree() { "but" } else { "and" };
    format!(
        "{winner} wins{far} on average ({}, over {loser} {}), {word} {}{}",
        with_interval(&from_winner(input.mean), input.level),
        after(input.horizon),
        claims.majority(input.names),
        if claims.disagree() {
            tails(input, &from_winner(claims.trimmed), claims, winner)
        } else {
            String::new()
        },
    )
}

/// Why mean and majority disagree.
fn tails(input: &VerdictInput<'_>, trimmed: &Interval, claims: &BetClaims, winner: &str) -> String {
    if trimmed.ends().is_none() {
        return "; mean and majority disagree".to_owned();
    }
    let middle = with_interval(trimmed, input.level);
    if claims.rare() {
        format!("; rare large gains of {winner} make the mean: without the outer fifths it is {middle}")
    } else {
        format!("; mean and majority disagree, and without the outer fifths the mean is still {middle}")
    }
}

/// A number with its interval, which gives the number of decimals.
fn with_interval(of: &Interval, level: Level) -> String {
    let Some((low, high)) = of.ends() else { return format!("{:+.2}", of.mean) };
    let digits = digits((high - low) / 2.0);
    format!("{:+.digits$}, {level} interval {low:+.digits$} to {high:+.digits$}", of.mean)
}

fn open_text(input: &VerdictInput<'_>, claims: &BetClaims) -> String {
    let [first, second] = input.names;
    let when = after(input.horizon);
    if input.mean.ends().is_none() {
        let why = if input.worlds == 1 { "one world shows no spread" } else { "the worlds show no spread" };
        return format!(
            "undecided: {why} ({second} - {first} is {:+.2} {when}; {})",
            input.mean.mean,
            claims.majority(input.names)
        );
    }
    let more = match input.needed {
        Some(needed) => {
            let needed = needed.max(input.worlds as f64 + 1.0);
            format!(
                "; if the mean is what it seems, about {needed:.0} worlds would show it with a chance of 80%"
            )
        }
        None => String::new(),
    };
    format!(
        "undecided on average {when} ({second} - {first} is {}), and {}{more}",
        with_interval(&input.mean, input.level),
        claims.majority(input.names),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(mean: f64, half: f64) -> Interval {
        Interval::around(mean, Some(half))
    }

    fn input() -> VerdictInput<'static> {
        VerdictInput {
            names: ["warrior", "servant"],
            horizon: 52,
            worlds: 25,
            mean: interval(0.8, 0.38),
            chances: [interval(0.58, 0.04), interval(0.41, 0.04)],
            tie: 0.01,
            lead: interval(-0.17, 0.08),
            trimmed: interval(-0.1, 0.05),
            beyond_far: interval(-1.8, 0.4),
            needed: Some(13.0),
            level: Level::USUAL,
        }
    }

    fn text(input: VerdictInput<'_>) -> String {
        Verdict::of(&input).text
    }

    #[test]
    fn a_mean_and_a_chance_that_disagree_are_both_reported() {
        assert_eq!(
            text(input()),
            "servant wins on average (+0.80, 95% interval +0.42 to +1.18, over warrior after 52 rounds), but warrior \
             gains more often: in 58% of cases, servant in 41%; rare large gains of servant make the mean: without the \
             outer fifths it is -0.100, 95% interval -0.150 to -0.050"
        );
        let verdict = Verdict::of(&input());
        assert_eq!(
            (verdict.winner.as_deref(), verdict.more_often.as_deref()),
            (Some("servant"), Some("warrior"))
        );
        assert!(!verdict.by_far);
        let steady = VerdictInput { trimmed: interval(0.37, 0.1), ..input() };
        assert!(
            text(steady).ends_with(
                "; mean and majority disagree, and without the outer fifths the mean is still +0.370, 95% interval \
                 +0.270 to +0.470"
            ),
            "{}",
            text(steady)
        );
    }

    #[test]
    fn by_far_needs_the_interval_of_the_lead_beyond_a_tenth() {
        let lost = VerdictInput {
            mean: interval(-0.9, 0.1),
            chances: [interval(0.93, 0.03), interval(0.06, 0.03)],
            lead: interval(-0.87, 0.05),
            horizon: 0,
            beyond_far: interval(0.73, 0.1),
            ..input()
        };
        assert_eq!(
            text(lost),
            "warrior wins by far on average (+0.900, 95% interval +0.800 to +1.000, over servant in the round of the \
             event), and warrior gains more often: in 93% of cases, servant in 6%"
        );
        let near = VerdictInput { beyond_far: interval(0.05, 0.1), ..lost };
        assert!(!Verdict::of(&near).by_far && !text(near).contains("by far"));
    }

    #[test]
    fn a_chance_that_is_not_clear_claims_no_majority() {
        let even = VerdictInput { lead: interval(-0.05, 0.08), ..input() };
        assert!(
            text(even).ends_with(
                "and which gains more often is not clear: warrior in 58% of cases, servant in 41%"
            ),
            "{}",
            text(even)
        );
        assert_eq!(Verdict::of(&even).more_often, None);
        let ties =
            VerdictInput { tie: 0.92, chances: [interval(0.05, 0.02), interval(0.026, 0.015)], ..even };
        assert!(
            text(ties).ends_with("warrior in 5% of cases, servant in 3%, equal in 92%"),
            "{}",
            text(ties)
        );
    }

    #[test]
    fn a_verdict_can_be_undecided() {
        let open = VerdictInput { mean: interval(0.2, 0.4), needed: Some(203.0), ..input() };
        assert_eq!(
            text(open),
            "undecided on average after 52 rounds (servant - warrior is +0.20, 95% interval -0.20 to +0.60), and warrior \
             gains more often: in 58% of cases, servant in 41%; if the mean is what it seems, about 203 worlds would \
             show it with a chance of 80%"
        );
        assert_eq!(Verdict::of(&open).winner, None);
        let more = text(VerdictInput { needed: Some(24.0), ..open });
        assert!(more.contains("about 26 worlds"), "25 do not show it: {more}");
        let alone = VerdictInput {
            mean: Interval::around(0.8, None),
            lead: Interval::around(0.1, None),
            worlds: 1,
            ..input()
        };
        assert!(text(alone).starts_with("undecided: one world shows no spread (servant - warrior is +0.80"));
        assert!(
            text(VerdictInput { worlds: 5, ..alone }).starts_with("undecided: the worlds show no spread")
        );
    }

    #[test]
    fn equal_twins_are_said_to_be_equal() {
        let equal = VerdictInput {
            mean: interval(0.0, 0.0),
            chances: [interval(0.0, 0.1); 2],
            tie: 1.0,
            lead: interval(0.0, 0.3),
            ..input()
        };
        assert!(text(equal).starts_with("no difference at all"));
        assert_eq!(Verdict::of(&equal).more_often, None);
    }
}
