//! What the numbers of a bet at one horizon support, and the clauses that say it. Each goes by an interval of its own.

use crate::stats::{Interval, Level};

/// Share of ties from which on they are mentioned.
const TIES: f64 = 0.03;
/// Fewer worlds, or focal agents in all, are too few for intervals that are known to hold (docs/validation.md).
const WORLDS_MIN: u64 = 10;
const TWINS_MIN: u64 = 500;

/// A warning if worlds or focal agents are so few that intervals may hold less often than in 93% of bets.
pub(super) fn caution(worlds: u64, twins: u64, level: Level) -> Option<String> {
    are_few(worlds, twins).then(|| {
        format!(
            "with fewer than {WORLDS_MIN} worlds or {TWINS_MIN} focal agents {level} intervals may hold less often than said"
        )
    })
}

/// The same warning for the points of a sweep, some of which have few.
pub(in crate::results) fn caution_of_points(few: u64, points: u64, level: Level) -> Option<String> {
    (few > 0).then(|| {
        format!(
            "at {few} of {points} points {level} intervals may hold less often than said: they have fewer than \
             {WORLDS_MIN} worlds or {TWINS_MIN} focal agents"
        )
    })
}

/// Whether there are intervals, but of few worlds or focal agents.
pub(in crate::results) fn are_few(worlds: u64, twins: u64) -> bool {
    worlds > 1 && (worlds < WORLDS_MIN || twins < TWINS_MIN)
}

/// Whether worlds and focal agents are enough for the interval of a ratio of variances.
pub(super) fn shows_spread(worlds: u64, twins: u64) -> bool {
    worlds >= WORLDS_MIN && twins >= TWINS_MIN
}

/// The side of zero on which an interval lies: 0 below, 1 above; `None` if it includes zero, or without an interval.
pub(crate) fn side(of: &Interval) -> Option<usize> {
    of.excludes_zero().then(|| usize::from(of.low.is_some_and(|low| low > 0.0)))
}

/// A share in percent, with as many digits as its interval supports.
pub(crate) fn percent(share: &Interval) -> String {
    let digits = match share.half_width() {
        Some(half) if half < 0.0005 => 2,
        Some(half) if half < 0.005 => 1,
        _ => 0,
    };
    let value = share.mean * 100.0;
    let least = libm::pow(10.0, -f64::from(digits));
    let digits = digits as usize;
    let shown = |number: f64| format!("{number:.digits$}%");
    match shown(value) {
        none if value > 0.0 && none == shown(0.0) => format!("under {}", shown(least)),
        all if value < 100.0 && all == shown(100.0) => format!("over {}", shown(100.0 - least)),
        some => some,
    }
}

/// A horizon in words.
pub(crate) fn after(horizon: u32) -> String {
    match horizon {
        0 => "in the round of the event".to_owned(),
        1 => "after 1 round".to_owned(),
        n => format!("after {n} rounds"),
    }
}

/// Number of decimals that show a half-width of this size.
pub(super) fn digits(half: f64) -> usize {
    if half >= 0.15 {
        2
    } else if half >= 0.015 {
        3
    } else {
        4
    }
}

/// The numbers of a horizon that claims are made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct BetClaims {
    /// Mean of second - first.
    pub(crate) mean: Interval,
    /// Shares of focal agents who gained more as the first, and as the second strategy.
    pub(crate) chances: [Interval; 2],
    /// Share of those who gained the same.
    pub(crate) tie: f64,
    /// The share who gained more as the second less that as the first.
    pub(crate) lead: Interval,
    /// Mean of second - first without the outer fifths.
    pub(crate) trimmed: Interval,
}

impl BetClaims {
    /// The strategy that gains more on average.
    pub(crate) fn leader(&self) -> Option<usize> {
        side(&self.mean)
    }

    /// The strategy with which more focal agents gain more.
    pub(crate) fn more_often(&self) -> Option<usize> {
        side(&self.lead)
    }

    /// Whether every focal agent gained the same with both.
    pub(crate) fn all_tie(&self) -> bool {
        self.chances.iter().all(|chance| chance.mean == 0.0)
    }

    /// Whether mean and majority go different ways.
    pub(crate) fn disagree(&self) -> bool {
        self.leader().zip(self.more_often()).is_some_and(|(leader, often)| leader != often)
    }

    /// Whether a clear mean rests on large differences of few: without the outer fifths it is not clear, or goes the
    /// other way.
    pub(crate) fn rare(&self) -> bool {
        self.leader().is_some() && self.trimmed.ends().is_some() && side(&self.trimmed) != self.leader()
    }

    /// Who gains more often, and the shares.
    pub(crate) fn majority(&self, names: [&str; 2]) -> String {
        let shares = self.chances.each_ref().map(percent);
        let tie = Interval::around(self.tie, self.lead.half_width());
        let ties = if self.tie >= TIES { format!(", equal in {}", percent(&tie)) } else { String::new() };
        match self.more_often() {
            Some(often) => {
                let other = 1 - often;
                let [most, least] = [&shares[often], &shares[other]];
                format!(
                    "{} gains more often: in {most} of cases, {} in {least}{ties}",
                    names[often], names[other]
                )
            }
            None => format!(
                "which gains more often is not clear: {} in {} of cases, {} in {}{ties}",
                names[0], shares[0], names[1], shares[1]
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_have_the_digits_that_their_intervals_support() {
        let with = |half: f64| move |share: f64| percent(&Interval::around(share, Some(half)));
        assert_eq!(
            [0.0, 0.004, 0.0515, 0.5, 0.996, 1.0].map(with(0.02)),
            ["0%", "under 1%", "5%", "50%", "over 99%", "100%"]
        );
        assert_eq!([0.006, 0.994].map(with(0.02)), ["1%", "99%"]);
        assert_eq!([0.005, 0.995].map(with(0.02)), ["under 1%", "over 99%"], "neither none nor all");
        assert_eq!([0.0512, 0.0003].map(with(0.003)), ["5.1%", "under 0.1%"]);
        assert_eq!(with(0.0003)(0.05153), "5.15%");
        assert_eq!(percent(&Interval::around(0.0515, None)), "5%");
    }

    #[test]
    fn few_worlds_or_focal_agents_are_warned_of() {
        assert!(caution(9, 900, Level::USUAL).is_some() && caution(100, 499, Level::USUAL).is_some());
        assert_eq!((caution(10, 500, Level::USUAL), caution(1, 20, Level::USUAL)), (None, None));
        let of_points = |few| caution_of_points(few, 9, Level::USUAL);
        assert!(of_points(0).is_none() && of_points(2).unwrap().starts_with("at 2 of 9 points"));
    }

    /// Claims with this mean, lead and trimmed mean, each with its half-width.
    fn claims(mean: [f64; 2], lead: [f64; 2], trimmed: Interval) -> BetClaims {
        let around = |[mean, half]: [f64; 2]| Interval::around(mean, Some(half));
        let [first, second] = [0.5 - lead[0] / 2.0, 0.5 + lead[0] / 2.0];
        let chances = [first, second].map(|chance| Interval::around(chance, Some(0.02)));
        BetClaims { mean: around(mean), chances, tie: 0.0, lead: around(lead), trimmed }
    }

    #[test]
    fn a_clear_mean_is_rare_where_it_is_not_that_of_most() {
        let rare = |mean: [f64; 2], trimmed: [f64; 2]| {
            claims(mean, [0.0, 0.1], Interval::around(trimmed[0], Some(trimmed[1]))).rare()
        };
        assert!(
            rare([2.0, 1.0], [0.1, 0.2]) && rare([2.0, 1.0], [-0.3, 0.2]) && rare([-2.0, 1.0], [0.3, 0.2])
        );
        assert!(!rare([2.0, 1.0], [0.3, 0.2]) && !rare([-2.0, 1.0], [-0.3, 0.2]));
        assert!(!rare([0.5, 1.0], [0.3, 0.2]), "the mean is not clear");
        assert!(!claims([2.0, 1.0], [0.0, 0.1], Interval::around(0.1, None)).rare(), "there is no interval");
    }

    #[test]
    fn mean_and_majority_disagree_only_where_both_are_clear() {
        let disagree =
            |mean: [f64; 2], lead: [f64; 2]| claims(mean, lead, Interval::around(0.0, None)).disagree();
        assert!(disagree([2.0, 1.0], [-0.2, 0.1]) && disagree([-2.0, 1.0], [0.2, 0.1]));
        assert!(!disagree([2.0, 1.0], [0.2, 0.1]) && !disagree([-2.0, 1.0], [-0.2, 0.1]));
        assert!(!disagree([0.5, 1.0], [-0.2, 0.1]) && !disagree([2.0, 1.0], [-0.05, 0.1]));
    }

    #[test]
    fn who_gains_more_often_is_told_with_both_shares() {
        let told =
            |lead: f64| claims([0.0, 1.0], [lead, 0.1], Interval::around(0.0, None)).majority(["a", "b"]);
        assert_eq!(told(0.2), "b gains more often: in 60% of cases, a in 40%");
        assert_eq!(told(-0.2), "a gains more often: in 60% of cases, b in 40%");
        assert_eq!(told(0.06), "which gains more often is not clear: a in 47% of cases, b in 53%");
        let ties = BetClaims { tie: 0.25, ..claims([0.0, 1.0], [0.2, 0.1], Interval::around(0.0, None)) };
        assert!(ties.majority(["a", "b"]).ends_with(", equal in 25%"));
    }
}
