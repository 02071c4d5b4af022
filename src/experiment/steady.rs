//! Means over batches of rounds, and the drift of net benefit after burn-in.

use super::ReplicateRecord;
use crate::model::{M, N_METRICS, RoundRecord};
use crate::scenario::Scenario;
use crate::stats::{Moments, drift};

/// The rounds of a strategy from round `from` on, in batches. Rounds at the end that do not fill a batch are left out.
fn batches(
    record: &ReplicateRecord,
    n_strategies: usize,
    strategy: usize,
    from: u32,
    batch: u32,
) -> impl Iterator<Item = impl Iterator<Item = &RoundRecord> + Clone> {
    let first = from as usize * n_strategies + strategy;
    let rows = record.rounds.get(first..).unwrap_or_default();
    let rounds = rows.len().div_ceil(n_strategies);
    rows.chunks(n_strategies * batch as usize)
        .take(rounds / batch as usize)
        .map(move |rounds| rounds.iter().step_by(n_strategies))
}

fn mean_of<'r>(rounds: impl Iterator<Item = &'r RoundRecord>, metric: usize) -> f64 {
    rounds.map(|round| round.values[metric]).collect::<Moments>().mean()
}

/// The means of a strategy's metrics over batches of rounds from round `from` on; NaN where a batch reports nothing.
pub fn batch_means(
    record: &ReplicateRecord,
    n_strategies: usize,
    strategy: usize,
    from: u32,
    batch: u32,
) -> Vec<[f64; N_METRICS]> {
    let means = |rounds: _| mean_of_all(rounds);
    batches(record, n_strategies, strategy, from, batch).map(means).collect()
}

fn mean_of_all<'r>(rounds: impl Iterator<Item = &'r RoundRecord> + Clone) -> [f64; N_METRICS] {
    std::array::from_fn(|metric| mean_of(rounds.clone(), metric))
}

/// Net benefit over batches of rounds from round `from` on, by strategy; NaN where a strategy has no members.
pub fn net_by_batch(record: &ReplicateRecord, scenario: &Scenario, from: u32) -> Vec<Vec<f64>> {
    let (n, batch) = (scenario.strategies.len(), scenario.batch_rounds());
    let net = |strategy| {
        let batches = batches(record, n, strategy, from, batch);
        batches.map(|rounds| mean_of(rounds, M::Net as usize)).collect()
    };
    (0..n).map(net).collect()
}

/// The drift of net benefit from the first batch after burn-in to the last, by strategy; NaN where there are too few
/// batches, or no members in one.
pub fn net_drifts(record: &ReplicateRecord, scenario: &Scenario, burn_in: u32) -> Vec<f64> {
    let nets = net_by_batch(record, scenario, burn_in);
    nets.iter().map(|batches| drift(batches).unwrap_or(f64::NAN)).collect()
}

/// What is tested for drift: each strategy, then each pair of strategies (first, second), by first, then second.
pub fn steady_subjects(n_strategies: usize) -> impl Iterator<Item = (Option<usize>, usize)> {
    let alone = (0..n_strategies).map(|strategy| (None, strategy));
    let pairs = (0..n_strategies).flat_map(move |i| (i + 1..n_strategies).map(move |j| (Some(i), j)));
    alone.chain(pairs)
}

/// The value of a subject: a strategy's own, or second - first of a pair.
pub fn of_subject(values: &[f64], (first, second): (Option<usize>, usize)) -> f64 {
    first.map_or(values[second], |first| values[second] - values[first])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_leave_out_burn_in_and_what_does_not_fill_one() {
        let rounds = (0..23_u32).flat_map(|round| [(round, 0_u16), (round, 1)]);
        let rounds = rounds.map(|(round, strategy)| {
            let net = f64::from(round) * f64::from(1 + strategy);
            let mut values = [f64::NAN; N_METRICS];
            values[M::Net as usize] = net;
            RoundRecord { round, strategy, agents: 1, values }
        });
        let record = ReplicateRecord { rounds: rounds.collect(), ..ReplicateRecord::default() };
        let scenario = Scenario::parse(
            "rounds = 23\nburn_in = 2\n[[strategy]]\nname = \"warrior\"\nshare = 0.5\n\
             [[strategy]]\nname = \"servant\"\nshare = 0.5\n[mixer]\nevery = 1\n",
            &[],
        );
        let scenario = scenario.unwrap();
        // Rounds 2 to 6, 7 to 11, 12 to 16 and 17 to 21.
        assert_eq!(net_by_batch(&record, &scenario, 2), [[4.0, 9.0, 14.0, 19.0], [8.0, 18.0, 28.0, 38.0]]);
        assert_eq!(net_drifts(&record, &scenario, 2), [15.0, 30.0]);
        assert_eq!(batch_means(&record, 2, 1, 2, 5)[0][M::Net as usize], 8.0);
        assert!(net_by_batch(&record, &scenario, 22).iter().all(Vec::is_empty));
        assert!(net_drifts(&record, &scenario, 12).iter().all(|drift| drift.is_nan()));
    }

    #[test]
    fn subjects_are_strategies_and_then_pairs() {
        let subjects: Vec<_> = steady_subjects(3).collect();
        assert_eq!(subjects[..3], [(None, 0), (None, 1), (None, 2)]);
        assert_eq!(subjects[3..], [(Some(0), 1), (Some(0), 2), (Some(1), 2)]);
        assert_eq!((of_subject(&[1.0, 5.0], (Some(0), 1)), of_subject(&[1.0, 5.0], (None, 1))), (4.0, 5.0));
    }
}
