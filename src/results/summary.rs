//! What a run comes to: means and contrasts, accumulated replicate by replicate.

use serde::Serialize;

use super::columns::{AGENTS, SOLVED};
use crate::experiment::ReplicateRecord;
use crate::model::{M, METRICS, Metric, N_METRICS};
use crate::stats::{Contrast, Moments};

/// One line of `summary.csv`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SummaryRow {
    /// Name of the strategy.
    pub strategy: String,
    /// Name of the metric.
    pub metric: &'static str,
    /// Mean over replicates of the mean over the rounds after burn-in.
    pub mean: f64,
    /// Lower end of its 95% interval; `None` with one replicate.
    pub ci_low: Option<f64>,
    /// Upper end, likewise.
    pub ci_high: Option<f64>,
    /// Standard deviation between replicates, likewise.
    pub sd: Option<f64>,
    /// Replicates that report the metric.
    pub replicates: u64,
}

/// One line of `contrasts.csv`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ContrastRow {
    /// Name of the strategy that is subtracted.
    pub first: String,
    /// Name of the strategy that it is subtracted from.
    pub second: String,
    /// Name of the metric.
    pub metric: &'static str,
    /// Mean of second - first, paired by replicate.
    pub difference: f64,
    /// Lower end of its 95% interval; `None` with one replicate.
    pub ci_low: Option<f64>,
    /// Upper end, likewise.
    pub ci_high: Option<f64>,
    /// Two-sided p-value of the paired t test, likewise.
    pub p_value: Option<f64>,
    /// Pairs.
    pub replicates: u64,
}

/// Number of metrics of a summary: those of the rounds, the members and the share solved.
const N_OUTCOMES: usize = N_METRICS + 2;

/// The metric in each place of an outcome.
fn outcome_metric(place: usize) -> &'static Metric {
    match place {
        0 => &AGENTS,
        n if n <= N_METRICS => &METRICS[n - 1],
        _ => &SOLVED,
    }
}

/// The names of a summary's metrics, in its order.
pub(super) fn outcome_names() -> Vec<&'static str> {
    (0..N_OUTCOMES).map(|place| outcome_metric(place).name).collect()
}

/// What one strategy came to in one replicate; NaN where nothing was reported.
type Outcome = [f64; N_OUTCOMES];

/// Moments of every outcome and of every pair's difference. Memory does not grow with replicates.
#[derive(Debug)]
pub(super) struct Outcomes {
    burn_in: u32,
    names: Vec<String>,
    single: Vec<[Moments; N_OUTCOMES]>,
    /// The pairs i < j, by i, then j.
    paired: Vec<[Moments; N_OUTCOMES]>,
}

impl Outcomes {
    /// Nothing yet, of the strategies with these names.
    pub(super) fn new(burn_in: u32, names: Vec<String>) -> Self {
        let n = names.len();
        let empty = [Moments::default(); N_OUTCOMES];
        Self { burn_in, names, single: vec![empty; n], paired: vec![empty; n * n.saturating_sub(1) / 2] }
    }

    /// Takes in one replicate.
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

    /// The lines of `summary.csv`, without metrics that were never reported.
    pub(super) fn summary(&self) -> Vec<SummaryRow> {
        let mut rows = Vec::new();
        for (name, moments) in self.names.iter().zip(&self.single) {
            for (place, moments) in moments.iter().enumerate().filter(|(_, m)| m.n() > 0) {
                let interval = moments.interval();
                rows.push(SummaryRow {
                    strategy: name.clone(),
                    metric: outcome_metric(place).name,
                    mean: interval.mean,
                    ci_low: interval.low,
                    ci_high: interval.high,
                    sd: interval.sd,
                    replicates: interval.n,
                });
            }
        }
        rows
    }

    /// The lines of `contrasts.csv`, likewise.
    pub(super) fn contrasts(&self) -> Vec<ContrastRow> {
        let mut rows = Vec::new();
        for ((i, j), moments) in pairs(self.names.len()).zip(&self.paired) {
            for (place, moments) in moments.iter().enumerate().filter(|(_, m)| m.n() > 0) {
                let Contrast { difference, p_value } = Contrast::of(moments);
                rows.push(ContrastRow {
                    first: self.names[i].clone(),
                    second: self.names[j].clone(),
                    metric: outcome_metric(place).name,
                    difference: difference.mean,
                    ci_low: difference.low,
                    ci_high: difference.high,
                    p_value,
                    replicates: difference.n,
                });
            }
        }
        rows
    }
}

/// The pairs i < j below n, by i, then j.
fn pairs(n: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..n).flat_map(move |i| (i + 1..n).map(move |j| (i, j)))
}

/// Each strategy's means over the rounds after burn-in.
///
/// Amounts are per member, so rounds weigh by their members; `agents` and `guests` are counts, whose
/// rounds weigh alike. `solved` goes by numbers of needs. A round that reports nothing is left out.
fn outcomes(record: &ReplicateRecord, burn_in: u32, n_strategies: usize) -> Vec<Outcome> {
    let mut sums = vec![[0.0; N_OUTCOMES]; n_strategies];
    let mut weights = vec![[0.0; N_OUTCOMES]; n_strategies];
    for row in record.rounds.iter().filter(|row| row.round >= burn_in) {
        let (sum, weight) = (&mut sums[usize::from(row.strategy)], &mut weights[usize::from(row.strategy)]);
        let members = f64::from(row.agents);
        let mut add = |place: usize, value: f64, w: f64| {
            if w > 0.0 && !value.is_nan() {
                sum[place] += w * value;
                weight[place] += w;
            }
        };
        add(0, members, 1.0);
        for (metric, &value) in row.values.iter().enumerate() {
            let w = if metric == M::Guests as usize { 1.0 } else { members };
            add(1 + metric, value, w);
        }
        let [solved, lapsed] = [M::NeedsSolved, M::NeedsLapsed].map(|m| members * row.values[m as usize]);
        add(1 + N_METRICS, 1.0, solved);
        add(1 + N_METRICS, 0.0, lapsed);
    }
    let mean = |(sum, weight): (&f64, &f64)| if *weight > 0.0 { sum / weight } else { f64::NAN };
    sums.iter()
        .zip(&weights)
        .map(|(sum, weight)| {
            let mut outcome = [f64::NAN; N_OUTCOMES];
            outcome.iter_mut().zip(sum.iter().zip(weight).map(mean)).for_each(|(o, v)| *o = v);
            outcome
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RoundRecord;

    /// A round in which nothing is reported but the given metrics.
    fn round(round: u32, strategy: u16, agents: u32, values: &[(M, f64)]) -> RoundRecord {
        let mut all = [f64::NAN; N_METRICS];
        values.iter().for_each(|&(m, v)| all[m as usize] = v);
        RoundRecord { round, strategy, agents, values: all }
    }

    fn record(rounds: Vec<RoundRecord>) -> ReplicateRecord {
        ReplicateRecord {
            replicate: 0,
            seed: 1,
            rounds,
            flows: vec![],
            regions: vec![],
            quantiles: vec![],
            agents: vec![],
            lives: vec![],
        }
    }

    fn find<'a>(rows: &'a [SummaryRow], strategy: &str, metric: &str) -> Option<&'a SummaryRow> {
        rows.iter().find(|r| r.strategy == strategy && r.metric == metric)
    }

    #[test]
    fn rounds_weigh_by_members_and_counts_alike() {
        let mut outcomes = Outcomes::new(1, vec!["a".into()]);
        outcomes.push(&record(vec![
            round(0, 0, 9, &[(M::Net, 100.0)]),
            round(1, 0, 1, &[(M::Net, 1.0), (M::Guests, 1.0)]),
            round(2, 0, 3, &[(M::Net, 5.0)]),
            round(3, 0, 0, &[(M::Guests, 0.0)]),
        ]));
        let rows = outcomes.summary();
        assert_eq!(find(&rows, "a", "net").unwrap().mean, 4.0);
        assert_eq!(find(&rows, "a", "guests").unwrap().mean, 0.5);
        assert_eq!(find(&rows, "a", "agents").unwrap().mean, 4.0 / 3.0);
        assert_eq!(find(&rows, "a", "net").unwrap().ci_low, None);
        assert!(find(&rows, "a", "contacts").is_none(), "what was never reported is left out");
    }

    #[test]
    fn the_share_solved_goes_by_needs() {
        let mut outcomes = Outcomes::new(0, vec!["a".into()]);
        outcomes.push(&record(vec![
            round(0, 0, 2, &[(M::NeedsSolved, 0.5), (M::NeedsLapsed, 0.0)]),
            round(1, 0, 6, &[(M::NeedsSolved, 0.0), (M::NeedsLapsed, 0.5)]),
        ]));
        assert_eq!(find(&outcomes.summary(), "a", "solved").unwrap().mean, 0.25);
    }

    #[test]
    fn contrasts_pair_replicates_and_skip_those_that_lack_a_side() {
        let mut outcomes = Outcomes::new(0, vec!["a".into(), "b".into(), "c".into()]);
        for (a, b) in [(1.0, 2.0), (10.0, 12.0), (f64::NAN, 5.0)] {
            let rounds = vec![round(0, 0, 1, &[(M::Net, a)]), round(0, 1, 1, &[(M::Net, b)])];
            outcomes.push(&record(rounds));
        }
        let rows = outcomes.contrasts();
        let net: Vec<_> = rows.iter().filter(|r| r.metric == "net").collect();
        assert_eq!(net.len(), 1);
        assert_eq!((net[0].first.as_str(), net[0].second.as_str()), ("a", "b"));
        assert_eq!((net[0].difference, net[0].replicates), (1.5, 2));
        assert!(net[0].p_value.is_some());
    }
}
