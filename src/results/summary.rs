//! The summary of a run: means and contrasts, accumulated replicate by replicate.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::table::Cell;
use crate::experiment::{N_OUTCOMES, ReplicateRecord, outcome_metric, outcomes};
use crate::model::M;
use crate::stats::{Contrast, Interval, Level, Moments, Power, Precision, holm_by_group};

/// One line of `summary.csv`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SummaryRow {
    /// Name of the strategy.
    pub strategy: String,
    /// Name of the metric.
    pub metric: &'static str,
    /// Mean over replicates of the mean over the rounds after burn-in; no interval with one replicate.
    #[serde(flatten)]
    pub mean: Interval,
    /// Standard deviation between replicates, likewise.
    pub sd: Option<f64>,
    /// Number of replicates that report the metric.
    pub replicates: u64,
}

/// One line of `contrasts.csv`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ContrastRow {
    /// Name of the strategy that is subtracted.
    pub first: String,
    /// Name of the strategy that it is subtracted from.
    pub second: String,
    /// Name of the metric.
    pub metric: &'static str,
    /// Mean of second - first, paired by replicate; no interval with one replicate.
    #[serde(flatten, serialize_with = "as_difference")]
    pub difference: Interval,
    /// Two-sided p-value of the paired t test, likewise.
    pub p_value: Option<f64>,
    /// Number of pairs.
    pub replicates: u64,
    /// The p-value adjusted for all pairs of strategies in the metric (Holm), and for the looks of a run until decided.
    pub p_adjusted: Option<f64>,
    /// The smallest difference that as many replicates show with a chance of 80%, and how many replicates show one as
    /// large as this, tested by itself.
    #[serde(flatten, serialize_with = "as_power")]
    pub power: Power,
}

/// Place of net benefit among the outcomes.
const NET: usize = 1 + M::Net as usize;

/// Moments of every outcome and of every pair's difference. Memory does not grow with replicates.
#[derive(Debug)]
pub(super) struct Outcomes {
    burn_in: u32,
    level: Level,
    /// Number of looks of a run until decided; else 1.
    looks: u32,
    names: Vec<String>,
    single: Vec<[Moments; N_OUTCOMES]>,
    /// The pairs i < j, by i, then j.
    paired: Vec<[Moments; N_OUTCOMES]>,
}

impl Outcomes {
    /// Empty moments for the strategies with these names.
    pub(super) fn new(burn_in: u32, names: Vec<String>, level: Level, looks: u32) -> Self {
        let n = names.len();
        let empty = [Moments::default(); N_OUTCOMES];
        let (single, paired) = (vec![empty; n], vec![empty; n * n.saturating_sub(1) / 2]);
        Self { burn_in, level, looks, names, single, paired }
    }

    /// Adds one replicate.
    pub(super) fn push(&mut self, record: &ReplicateRecord) {
        let outcomes = outcomes(record, self.burn_in, self.names.len());
        for (moments, outcome) in self.single.iter_mut().zip(&outcomes) {
            moments.iter_mut().zip(outcome).for_each(|(m, &v)| m.push(v));
        }
        for (moments, (i, j)) in self.paired.iter_mut().zip(pairs(outcomes.len())) {
            let differences = outcomes[j].iter().zip(&outcomes[i]).map(|(second, first)| second - first);
            moments.iter_mut().zip(differences).for_each(|(m, v)| m.push(v));
        }
    }

    /// Whether the intervals of all differences in net benefit are narrow enough. Pairs that report none are left out.
    pub(super) fn are_narrow(&self, rule: Precision) -> bool {
        let net = self.paired.iter().map(|moments| &moments[NET]).filter(|net| net.n() > 0);
        net.clone().all(|net| rule.is_narrow(net.n(), &net.interval(self.level)))
    }

    /// Whether all differences in net benefit are clear, likewise. Without spread none is.
    pub(super) fn are_decided(&self) -> bool {
        let rows = self.contrasts();
        let mut net = rows.iter().filter(|row| row.metric == outcome_metric(NET).name);
        net.all(|row| row.p_adjusted.is_some() && row.is_clear(self.level))
    }

    /// The lines of `summary.csv`, without metrics that were never reported.
    pub(super) fn summary(&self) -> Vec<SummaryRow> {
        let rows = self.names.iter().zip(&self.single).flat_map(|(name, moments)| {
            moments
                .iter()
                .enumerate()
                .filter_map(move |(place, m)| SummaryRow::of(name, place, m, self.level))
        });
        rows.collect()
    }

    /// The lines of `contrasts.csv`, likewise.
    pub(super) fn contrasts(&self) -> Vec<ContrastRow> {
        let pairs = pairs(self.names.len()).zip(&self.paired);
        let rows = pairs.flat_map(|((i, j), moments)| {
            let sides = [self.names[i].as_str(), self.names[j].as_str()];
            moments
                .iter()
                .enumerate()
                .filter_map(move |(place, m)| ContrastRow::of(sides, place, m, self.level))
        });
        let mut rows: Vec<ContrastRow> = rows.collect();
        adjust(&mut rows, self.looks);
        rows
    }
}

impl SummaryRow {
    /// The row of a strategy and the outcome at `place`, unless it was never reported.
    pub(super) fn of(strategy: &str, place: usize, moments: &Moments, level: Level) -> Option<Self> {
        (moments.n() > 0).then(|| Self {
            strategy: strategy.to_owned(),
            metric: outcome_metric(place).name,
            mean: moments.interval(level),
            sd: moments.sd(),
            replicates: moments.n(),
        })
    }

    /// In the order of the columns.
    pub(super) fn cells(&self) -> [Cell<'_>; 7] {
        let (strategy, metric) = (Cell::Text(&self.strategy), Cell::Text(self.metric));
        let [mean, low, high] = Cell::interval(&self.mean);
        [strategy, metric, mean, low, high, Cell::optional(self.sd), Cell::Count(self.replicates)]
    }
}

impl ContrastRow {
    /// The row of a pair and the outcome at `place`, from the moments of second - first, likewise.
    pub(super) fn of(
        [first, second]: [&str; 2],
        place: usize,
        moments: &Moments,
        level: Level,
    ) -> Option<Self> {
        let Contrast { difference, p_value } = Contrast::of(moments, level);
        (moments.n() > 0).then(|| Self {
            first: first.to_owned(),
            second: second.to_owned(),
            metric: outcome_metric(place).name,
            difference,
            p_value,
            replicates: moments.n(),
            p_adjusted: None,
            power: Power::of_moments(moments, level),
        })
    }

    /// Whether the two strategies clearly differ.
    pub fn is_clear(&self, level: Level) -> bool {
        is_clear(self.p_adjusted, &self.difference, level)
    }

    /// In the order of the columns.
    pub(super) fn cells(&self) -> [Cell<'_>; 11] {
        let [first, second, metric] = [&self.first, &self.second, self.metric].map(Cell::Text);
        let [mean, low, high] = Cell::interval(&self.difference);
        let [p_value, p_adjusted] = [self.p_value, self.p_adjusted].map(Cell::optional);
        let [detectable, needed] = [self.power.detectable, self.power.needed].map(Cell::optional);
        let n = Cell::Count(self.replicates);
        [first, second, metric, mean, low, high, p_value, n, p_adjusted, detectable, needed]
    }
}

/// Whether a difference is clear, with all pairs of strategies taken into account: if no strategies differ in a metric, some
/// pair is called clear with at most the chance of an error. Where there is no test, the interval decides.
pub(crate) fn is_clear(p_adjusted: Option<f64>, difference: &Interval, level: Level) -> bool {
    p_adjusted.map_or_else(|| difference.excludes_zero(), |p| p < level.alpha())
}

/// Serialises the power of a contrast under the names of its columns.
fn as_power<S: Serializer>(power: &Power, serializer: S) -> Result<S::Ok, S::Error> {
    named_power("replicates_needed", power, serializer)
}

/// Serialises a power with the number of values that it takes under this name.
pub(super) fn named_power<S: Serializer>(
    name: &'static str,
    power: &Power,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(2))?;
    map.serialize_entry("detectable", &power.detectable)?;
    map.serialize_entry(name, &power.needed)?;
    map.end()
}

/// Serialises a mean under the name of its column, `difference`.
fn as_difference<S: Serializer>(interval: &Interval, serializer: S) -> Result<S::Ok, S::Error> {
    named("difference", interval, serializer)
}

/// Serialises an interval with its mean under this name.
pub(super) fn named<S: Serializer>(
    name: &'static str,
    interval: &Interval,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(3))?;
    map.serialize_entry(name, &interval.mean)?;
    map.serialize_entry("ci_low", &interval.low)?;
    map.serialize_entry("ci_high", &interval.high)?;
    map.end()
}

/// Sets the adjusted p-values: within each metric, over all pairs of strategies, and for so many looks (Bonferroni).
pub(super) fn adjust(rows: &mut [ContrastRow], looks: u32) {
    let adjusted = holm_by_group(rows.iter().map(|row| (row.metric, row.p_value)));
    for (row, p) in rows.iter_mut().zip(adjusted) {
        row.p_adjusted = p.map(|p| (f64::from(looks) * p).min(1.0));
    }
}

/// The pairs i < j below n, by i, then j.
pub(super) fn pairs(n: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..n).flat_map(move |i| (i + 1..n).map(move |j| (i, j)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{N_METRICS, RoundRecord};

    /// A round that reports the given metrics only.
    fn round(round: u32, strategy: u16, agents: u32, values: &[(M, f64)]) -> RoundRecord {
        let mut all = [f64::NAN; N_METRICS];
        values.iter().for_each(|&(m, v)| all[m as usize] = v);
        RoundRecord { round, strategy, agents, values: all }
    }

    fn record(rounds: Vec<RoundRecord>) -> ReplicateRecord {
        ReplicateRecord { seed: 1, rounds, ..ReplicateRecord::default() }
    }

    fn find<'a>(rows: &'a [SummaryRow], strategy: &str, metric: &str) -> Option<&'a SummaryRow> {
        rows.iter().find(|r| r.strategy == strategy && r.metric == metric)
    }

    #[test]
    fn rounds_weigh_by_members_and_counts_alike() {
        let mut outcomes = Outcomes::new(1, vec!["a".into()], Level::USUAL, 1);
        outcomes.push(&record(vec![
            round(0, 0, 9, &[(M::Net, 100.0)]),
            round(1, 0, 1, &[(M::Net, 1.0), (M::Guests, 1.0)]),
            round(2, 0, 3, &[(M::Net, 5.0)]),
            round(3, 0, 0, &[(M::Guests, 0.0)]),
        ]));
        let rows = outcomes.summary();
        assert_eq!(find(&rows, "a", "net").unwrap().mean.mean, 4.0);
        assert_eq!(find(&rows, "a", "guests").unwrap().mean.mean, 0.5);
        assert_eq!(find(&rows, "a", "agents").unwrap().mean.mean, 4.0 / 3.0);
        assert_eq!(find(&rows, "a", "net").unwrap().mean.low, None);
        assert!(find(&rows, "a", "contacts").is_none(), "what was never reported is left out");
    }

    #[test]
    fn the_share_solved_goes_by_needs() {
        let mut outcomes = Outcomes::new(0, vec!["a".into()], Level::USUAL, 1);
        outcomes.push(&record(vec![
            round(0, 0, 2, &[(M::NeedsSolved, 0.5), (M::NeedsLapsed, 0.0)]),
            round(1, 0, 6, &[(M::NeedsSolved, 0.0), (M::NeedsLapsed, 0.5)]),
        ]));
        assert_eq!(find(&outcomes.summary(), "a", "solved").unwrap().mean.mean, 0.25);
    }

    #[test]
    fn contrasts_pair_replicates_and_skip_those_that_lack_a_side() {
        let mut outcomes = Outcomes::new(0, vec!["a".into(), "b".into(), "c".into()], Level::USUAL, 1);
        for (a, b) in [(1.0, 2.0), (10.0, 12.0), (f64::NAN, 5.0)] {
            let rounds = vec![round(0, 0, 1, &[(M::Net, a)]), round(0, 1, 1, &[(M::Net, b)])];
            outcomes.push(&record(rounds));
        }
        let rows = outcomes.contrasts();
        let net: Vec<_> = rows.iter().filter(|r| r.metric == "net").collect();
        assert_eq!(net.len(), 1);
        assert_eq!((net[0].first.as_str(), net[0].second.as_str()), ("a", "b"));
        assert_eq!((net[0].difference.mean, net[0].replicates), (1.5, 2));
        assert!(net[0].p_value.is_some());
    }

    #[test]
    fn p_values_are_adjusted_for_all_pairs_of_a_metric() {
        let names = || vec!["a".into(), "b".into(), "c".into()];
        let mut outcomes = Outcomes::new(0, names(), Level::USUAL, 1);
        for (b, c) in [(2.0, 5.0), (1.9, 4.0), (1.0, 4.5), (1.4, 5.5)] {
            let values = [1.0, b, c];
            let rounds = (0_u16..).zip(values).map(|(s, v)| round(0, s, 1, &[(M::Net, v), (M::Ties, 3.0)]));
            outcomes.push(&record(rounds.collect()));
        }
        let rows = outcomes.contrasts();
        let p = |metric: &str| -> Vec<_> {
            rows.iter().filter(|r| r.metric == metric).map(|r| (r.p_value, r.p_adjusted)).collect()
        };
        let net: Vec<(f64, f64)> = p("net").into_iter().map(|(p, a)| (p.unwrap(), a.unwrap())).collect();
        let least = net.iter().copied().fold((1.0, 1.0), |a, b| if b.0 < a.0 { b } else { a });
        assert_eq!(least.1, 3.0 * least.0, "the least of three is multiplied by three");
        assert!(net.iter().all(|(p, adjusted)| adjusted >= p));
        assert_eq!(p("ties"), [(None, None); 3], "what never varies has no test");
    }
}
