//! The outcome of a replicate: one number per strategy and metric.

use super::ReplicateRecord;
use crate::model::{M, METRICS, Metric, N_METRICS};

/// The number of active members, an additional metric of the summary.
const AGENTS: Metric = Metric { name: "agents", unit: "agents", meaning: "Active members." };

/// The share of needs that were solved, an additional metric of the summary.
const SOLVED: Metric =
    Metric { name: "solved", unit: "share", meaning: "Needs solved, of those solved or lapsed." };

/// Number of metrics of a summary: `agents`, then [`METRICS`], then `solved`.
pub(crate) const N_OUTCOMES: usize = N_METRICS + 2;

/// The metric at a position of an outcome.
pub(crate) fn outcome_metric(place: usize) -> &'static Metric {
    match place {
        0 => &AGENTS,
        n if n <= N_METRICS => &METRICS[n - 1],
        _ => &SOLVED,
    }
}

/// The names of a summary's metrics, in order.
pub(crate) fn outcome_names() -> Vec<&'static str> {
    (0..N_OUTCOMES).map(|place| outcome_metric(place).name).collect()
}

/// The outcome of one strategy in one replicate: means by metric; NaN if there is nothing to report.
pub(crate) type Outcome = [f64; N_OUTCOMES];

/// Each strategy's means over the rounds after burn-in.
///
/// Metrics per member are weighted by the number of members in a round. `agents` and `guests` are counts, so all
/// rounds have the same weight. `solved` is weighted by the number of needs. Rounds without a value are left out.
pub(crate) fn outcomes(record: &ReplicateRecord, burn_in: u32, n_strategies: usize) -> Vec<Outcome> {
    outcomes_in(record, burn_in..u32::MAX, n_strategies)
}

/// Each strategy's means over these rounds, likewise.
pub(crate) fn outcomes_in(
    record: &ReplicateRecord,
    rounds: std::ops::Range<u32>,
    n_strategies: usize,
) -> Vec<Outcome> {
    let mut sums = vec![[0.0; N_OUTCOMES]; n_strategies];
    let mut weights = vec![[0.0; N_OUTCOMES]; n_strategies];
    for row in record.rounds.iter().filter(|row| rounds.contains(&row.round)) {
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
