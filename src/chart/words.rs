//! Titles in words. They claim no more than the result shows.

use std::collections::BTreeMap;

use super::evidence::{Difference, Evidence};
use crate::results::is_clear;
use crate::stats::{Contrast, Interval, Level, holm};

/// Names longer than this are cut in titles.
const NAME_MAX: usize = 28;

/// The ranking of the strategies in one metric.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Verdict {
    /// No strategy has a value.
    Nothing,
    /// One strategy alone has values.
    Alone(usize),
    /// One strategy is clearly above all others.
    Leads {
        /// The strategy with the greatest mean.
        leader: usize,
        /// The strategy with the next greatest mean.
        next: usize,
        /// Difference between the two.
        by: Interval,
        /// Number of strategies that have values.
        among: usize,
    },
    /// The strategy with the greatest mean, and those from which it does not differ clearly.
    Tied {
        /// In descending order of their means.
        strategies: Vec<usize>,
        /// Whether their means are equal to the last digit.
        equal: bool,
        /// Number of strategies that have values.
        among: usize,
    },
}

/// Ranks the strategies by their mean after burn-in. A difference is clear by its adjusted p-value. A
/// single replicate has no test, and its ranking counts as clear.
pub(super) fn verdict(evidence: &Evidence, metric: &str) -> Verdict {
    let means: Vec<(usize, f64)> =
        (0..evidence.n_strategies()).filter_map(|s| evidence.mean(metric, s).map(|i| (s, i.mean))).collect();
    let differ = |first: usize, second: usize| evidence.contrast(metric, first, second);
    rank(means, evidence.n_replicates(), differ)
}

/// The verdict from means and from paired differences `second - first`.
pub(super) fn rank(
    mut means: Vec<(usize, f64)>,
    n_replicates: u32,
    differ: impl Fn(usize, usize) -> Option<Difference>,
) -> Verdict {
    means.sort_by(|a, b| b.1.total_cmp(&a.1));
    let among = means.len();
    let [(leader, top), rest @ ..] = means.as_slice() else { return Verdict::Nothing };
    let Some((next, second)) = rest.first() else { return Verdict::Alone(*leader) };
    let clear = |s: usize| match n_replicates {
        1 => true,
        _ => differ(s, *leader).is_some_and(|d| d.clear && d.interval.mean > 0.0),
    };
    let mut strategies = vec![*leader];
    strategies.extend(rest.iter().filter(|(s, mean)| mean == top || !clear(*s)).map(|(s, _)| *s));
    if strategies.len() == 1 {
        let plain = Interval { mean: top - second, low: None, high: None };
        let by = differ(*next, *leader).map_or(plain, |difference| difference.interval);
        return Verdict::Leads { leader: *leader, next: *next, by, among };
    }
    let equal = rest.iter().all(|(s, mean)| mean == top || !strategies.contains(s));
    Verdict::Tied { strategies, equal, among }
}

/// Differences that are tested together: some is called clear although there are none with at most the chance of an error.
pub(super) fn tested(contrasts: &[Contrast], level: Level) -> Vec<Difference> {
    let p_values: Vec<f64> = contrasts.iter().filter_map(|contrast| contrast.p_value).collect();
    let mut adjusted = holm(&p_values).into_iter();
    let tested = contrasts.iter().map(|Contrast { difference: interval, p_value }| {
        let p = p_value.and_then(|_| adjusted.next());
        Difference { interval: *interval, clear: is_clear(p, interval, level) }
    });
    tested.collect()
}

/// Paired differences between some strategies, tested together.
pub(super) struct Differences(BTreeMap<(usize, usize), Difference>);

impl Differences {
    /// The differences between these strategies; `paired` gives `second - first`, where there is one.
    pub(super) fn of(
        strategies: impl Iterator<Item = usize> + Clone,
        level: Level,
        paired: impl Fn(usize, usize) -> Option<Contrast>,
    ) -> Self {
        let pairs =
            strategies.clone().flat_map(|a| strategies.clone().filter(move |b| a < *b).map(move |b| (a, b)));
        let (pairs, contrasts): (Vec<_>, Vec<_>) =
            pairs.filter_map(|(a, b)| Some(((a, b), paired(a, b)?))).unzip();
        Self(pairs.into_iter().zip(tested(&contrasts, level)).collect())
    }

    /// `second - first`.
    pub(super) fn get(&self, first: usize, second: usize) -> Option<Difference> {
        let found = self.0.get(&(first.min(second), first.max(second)))?;
        let interval = if first < second { found.interval } else { found.interval.turned() };
        Some(Difference { interval, ..*found })
    }
}

/// The strategy's name, cut where it is very long.
pub(super) fn name(evidence: &Evidence, strategy: usize) -> String {
    short(&evidence.strategies[strategy])
}

/// Any name, likewise.
pub(super) fn short(name: &str) -> String {
    let name = cut(name, NAME_MAX);
    // Non-breaking spaces keep a short name on one line.
    if name.chars().count() <= 16 { name.replace(' ', "\u{a0}") } else { name }
}

/// The first characters of a text, with an ellipsis if there are more than `n_max`.
pub(super) fn cut(text: &str, n_max: usize) -> String {
    if text.chars().count() <= n_max {
        return text.to_owned();
    }
    let kept: String = text.chars().take(n_max - 1).collect();
    format!("{}…", kept.trim_end())
}

/// The strategies' names as an enumeration.
pub(super) fn list(evidence: &Evidence, strategies: &[usize]) -> String {
    enumerate(strategies.iter().map(|s| name(evidence, *s)).collect())
}

/// "a", "a and b", "a, b and c"; of more than four the rest are counted.
pub(super) fn enumerate(mut names: Vec<String>) -> String {
    if names.len() > 4 {
        let rest = names.len() - 3;
        names.truncate(3);
        names.push(format!("{rest} others"));
    }
    match names.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

/// The title if no strategy leads. `matter` is what was compared, `plural` what the best do ("gain most").
pub(super) fn undecided(
    evidence: &Evidence,
    strategies: &[usize],
    equal: bool,
    among: usize,
    matter: &str,
    plural: &str,
) -> String {
    let names = list(evidence, strategies);
    let how = if equal { "No difference" } else { "No clear difference" };
    if strategies.len() == among {
        format!("{how} in {matter} between {names}")
    } else {
        let how = if equal { "no difference" } else { "no clear difference" };
        format!("{names} {plural}, with {how} between them")
    }
}

/// "in a single replicate" if there is only one, as a warning about its ranking.
pub(super) fn caution(evidence: &Evidence) -> &'static str {
    if evidence.n_replicates() == 1 { ", in a single replicate" } else { "" }
}

/// An explanation of the spread in the chart. `shape` is "ribbon" or "bar", or empty if none is drawn.
pub(super) fn spread(evidence: &Evidence, shape: &str) -> String {
    match evidence.n_replicates() {
        1 => "one replicate, so no interval".to_owned(),
        _ if shape.is_empty() => "intervals are in the tables".to_owned(),
        n => format!("{shape} = {} t-interval over {n} replicates", evidence.level),
    }
}

/// The rounds that a mean after burn-in covers.
pub(super) fn counted(evidence: &Evidence) -> String {
    match (evidence.burn_in, evidence.tracks.n_rounds) {
        (0, 1) => "in the only round".to_owned(),
        (0, n) => format!("over all {n} rounds"),
        (burn_in, n) => format!("over rounds {burn_in} to {}", n.saturating_sub(1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn difference(mean: f64, half: f64) -> Difference {
        let interval = Interval { mean, low: Some(mean - half), high: Some(mean + half) };
        Difference { interval, clear: interval.excludes_zero() }
    }

    #[test]
    fn the_leader_follows_the_data_in_both_directions() {
        for (means, leader) in [(vec![(0, 1.0), (1, 2.0)], 1), (vec![(0, 2.0), (1, 1.0)], 0)] {
            let verdict = rank(means, 20, |_, _| Some(difference(1.0, 0.5)));
            assert!(matches!(verdict, Verdict::Leads { leader: l, among: 2, .. } if l == leader));
        }
    }

    #[test]
    fn an_interval_over_zero_decides_nothing() {
        let verdict = rank(vec![(0, 1.0), (1, 2.0)], 20, |_, _| Some(difference(1.0, 1.5)));
        assert_eq!(verdict, Verdict::Tied { strategies: vec![1, 0], equal: false, among: 2 });
        let unknown = rank(vec![(0, 1.0), (1, 2.0)], 20, |_, _| None);
        assert_eq!(unknown, verdict);
    }

    #[test]
    fn only_those_not_clearly_behind_share_the_lead() {
        let differ = |first: usize, _| Some(difference(1.0, if first == 2 { 0.1 } else { 3.0 }));
        let verdict = rank(vec![(0, 1.9), (1, 2.0), (2, 0.5)], 20, differ);
        assert_eq!(verdict, Verdict::Tied { strategies: vec![1, 0], equal: false, among: 3 });
    }

    #[test]
    fn equal_means_are_no_lead_even_in_a_single_replicate() {
        let verdict = rank(vec![(0, 0.0), (1, 0.0)], 1, |_, _| None);
        assert_eq!(verdict, Verdict::Tied { strategies: vec![0, 1], equal: true, among: 2 });
        assert!(matches!(rank(vec![(0, 0.0), (1, 1.0)], 1, |_, _| None), Verdict::Leads { leader: 1, .. }));
    }

    #[test]
    fn one_or_no_strategy_is_no_contest() {
        assert_eq!(rank(vec![(3, 1.0)], 5, |_, _| None), Verdict::Alone(3));
        assert_eq!(rank(vec![], 5, |_, _| None), Verdict::Nothing);
    }

    #[test]
    fn long_names_are_cut_between_characters() {
        assert_eq!(cut("häßlich", 5), "häßl…");
        assert_eq!(cut("kurz", 5), "kurz");
    }
}
