//! Whether a run has reached a steady state after burn-in: `stationarity.csv`, and what to do if it has not.

use serde::Serialize;

use super::summary::{named, pairs};
use super::table::Cell;
use crate::experiment::{ReplicateRecord, batch_means, level_of};
use crate::model::{M, METRICS, N_METRICS};
use crate::scenario::Scenario;
use crate::stats::{Contrast, Interval, Level, Moments, drift, holm, proposed_cut};

/// One line of `stationarity.csv`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StationarityRow {
    /// Name of the metric.
    pub metric: &'static str,
    /// Name of the strategy that is subtracted; `None` for a strategy alone.
    pub first: Option<String>,
    /// Name of the strategy.
    pub second: String,
    /// First rounds that are best left out; `None` where there are too few rounds to judge.
    pub proposed_burn_in: Option<u32>,
    /// Change over the rounds after burn-in, by a straight line; no interval with one replicate.
    #[serde(flatten, serialize_with = "as_drift")]
    pub drift: Interval,
    /// Two-sided p-value of the t test of no drift, likewise.
    pub p_value: Option<f64>,
    /// Number of replicates.
    pub replicates: u64,
}

/// Means of batches of rounds, and drifts. Memory does not grow with replicates.
#[derive(Debug)]
pub(super) struct Stationarity {
    names: Vec<String>,
    level: Level,
    burn_in: u32,
    /// Whether settings change after burn-in.
    changes: bool,
    rounds: u32,
    /// Rounds of a batch: whole cycles of mixers.
    batch: u32,
    replicates: u64,
    /// Sums over replicates of the mean of each batch, by strategy, then by batch.
    sums: Vec<Vec<[f64; N_METRICS]>>,
    /// The drift of each metric, by strategy.
    drifts: Vec<[Moments; N_METRICS]>,
    /// The drift of the difference in net benefit, for pairs i < j, by i, then j.
    net_drifts: Vec<Moments>,
}

impl Stationarity {
    /// Empty means for a scenario's strategies.
    pub(super) fn new(scenario: &Scenario) -> Self {
        let batch = scenario.batch_rounds();
        let names: Vec<String> = scenario.strategies.iter().map(|s| s.name.clone()).collect();
        let n = names.len();
        let n_batches = (scenario.rounds / batch) as usize;
        Self {
            names,
            level: level_of(scenario),
            burn_in: scenario.burn_in,
            changes: scenario.scheduled.iter().any(|change| change.round > scenario.burn_in),
            rounds: scenario.rounds,
            batch,
            replicates: 0,
            sums: vec![vec![[0.0; N_METRICS]; n_batches]; n],
            drifts: vec![[Moments::default(); N_METRICS]; n],
            net_drifts: vec![Moments::default(); n * n.saturating_sub(1) / 2],
        }
    }

    /// Adds one replicate.
    pub(super) fn push(&mut self, record: &ReplicateRecord) {
        self.replicates += 1;
        for (strategy, sums) in self.sums.iter_mut().enumerate() {
            let batches = batch_means(record, self.names.len(), strategy, 0, self.batch);
            for (sum, mean) in sums.iter_mut().zip(&batches) {
                sum.iter_mut().zip(mean).for_each(|(sum, mean)| *sum += mean);
            }
        }
        let drifts: Vec<[f64; N_METRICS]> = (0..self.names.len())
            .map(|strategy| {
                let rest = batch_means(record, self.names.len(), strategy, self.burn_in, self.batch);
                std::array::from_fn(|metric| {
                    let values: Vec<f64> = rest.iter().map(|batch| batch[metric]).collect();
                    drift(&values).unwrap_or(f64::NAN)
                })
            })
            .collect();
        for (moments, drifts) in self.drifts.iter_mut().zip(&drifts) {
            moments.iter_mut().zip(drifts).for_each(|(moments, &drift)| moments.push(drift));
        }
        let net = M::Net as usize;
        for (moments, (i, j)) in self.net_drifts.iter_mut().zip(pairs(drifts.len())) {
            moments.push(drifts[j][net] - drifts[i][net]);
        }
    }

    /// The lines of `stationarity.csv`: every metric of every strategy, then the pairs' net benefit. A metric that
    /// some batch does not report, or that never changes, is left out.
    pub(super) fn rows(&self) -> Vec<StationarityRow> {
        let alone = (0..self.names.len()).flat_map(|strategy| {
            (0..N_METRICS).filter_map(move |metric| {
                let means = self.means(strategy, metric);
                self.row(metric, [None, Some(strategy)], &means, &self.drifts[strategy][metric])
            })
        });
        let net = M::Net as usize;
        let paired = pairs(self.names.len()).zip(&self.net_drifts).filter_map(|((i, j), moments)| {
            let sides = [i, j].map(|strategy| self.means(strategy, net));
            let difference: Vec<f64> = sides[1].iter().zip(&sides[0]).map(|(b, a)| b - a).collect();
            self.row(net, [Some(i), Some(j)], &difference, moments)
        });
        alone.chain(paired).collect()
    }

    fn means(&self, strategy: usize, metric: usize) -> Vec<f64> {
        self.sums[strategy].iter().map(|sums| sums[metric] / self.replicates as f64).collect()
    }

    fn row(
        &self,
        metric: usize,
        [first, second]: [Option<usize>; 2],
        means: &[f64],
        drifts: &Moments,
    ) -> Option<StationarityRow> {
        let Contrast { difference, p_value } = Contrast::of(drifts, self.level);
        let constant = means.windows(2).all(|pair| pair[0] == pair[1]);
        if drifts.n() < self.replicates || constant {
            return None;
        }
        let cut = proposed_cut(means).and_then(|cut| u32::try_from(cut).ok());
        Some(StationarityRow {
            metric: METRICS[metric].name,
            first: first.map(|strategy| self.names[strategy].clone()),
            second: second.map(|strategy| self.names[strategy].clone())?,
            proposed_burn_in: cut.map(|cut| cut * self.batch),
            drift: difference,
            p_value,
            replicates: drifts.n(),
        })
    }

    /// What is wrong with burn-in, in one sentence; `None` where net benefit does not clearly drift after it.
    ///
    /// All strategies and pairs are tested together, so that a run in a steady state is warned about with at most the
    /// chance of an error.
    pub(super) fn warning(&self, rows: &[StationarityRow]) -> Option<String> {
        let net: Vec<&StationarityRow> =
            rows.iter().filter(|row| row.metric == "net" && row.p_value.is_some()).collect();
        let p_values: Vec<f64> = net.iter().filter_map(|row| row.p_value).collect();
        let clear = net.into_iter().zip(holm(&p_values)).filter(|(_, p)| *p < self.level.alpha());
        let clear: Vec<&StationarityRow> = clear.map(|(row, _)| row).collect();
        let worst = clear.iter().rev().max_by(|a, b| a.drift.mean.abs().total_cmp(&b.drift.mean.abs()))?;
        let (low, high) = worst.drift.ends()?;
        let who = match &worst.first {
            Some(first) => format!("{} - {first}", worst.second),
            None => worst.second.clone(),
        };
        let proposed = clear.iter().filter_map(|row| row.proposed_burn_in).max();
        let advice = match proposed {
            _ if self.changes => "settings change within these rounds, see changes.csv".to_owned(),
            Some(cut) if cut > self.burn_in && cut <= self.rounds / 2 => {
                format!("set burn_in to at least {cut}, or say that the result is about these rounds")
            }
            _ => "run more rounds, or say that the result is about these rounds".to_owned(),
        };
        Some(format!(
            "no steady state: net benefit of {who} changes by {:+.2} from round {} to the last \
             ({} interval {low:+.2} to {high:+.2}); {advice}",
            worst.drift.mean, self.burn_in, self.level
        ))
    }
}

impl StationarityRow {
    /// The cells, in the order of the columns.
    pub(super) fn cells(&self) -> [Cell<'_>; 9] {
        let [drift, low, high] = Cell::interval(&self.drift);
        [
            Cell::Text(self.metric),
            Cell::Text(self.first.as_deref().unwrap_or_default()),
            Cell::Text(&self.second),
            Cell::optional(self.proposed_burn_in.map(f64::from)),
            drift,
            low,
            high,
            Cell::optional(self.p_value),
            Cell::Count(self.replicates),
        ]
    }
}

/// Serialises a mean under the name of its column, `drift`.
fn as_drift<S: serde::Serializer>(interval: &Interval, serializer: S) -> Result<S::Ok, S::Error> {
    named("drift", interval, serializer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::{Purpose, RandomKey, Stream};
    use crate::model::RoundRecord;

    /// A number with a mean of zero: the sum of four uniform ones, so nearly normal, with a variance of 1/3.
    fn noise(draws: &mut Stream) -> f64 {
        (0..4).map(|_| f64::from(draws.word()) / 4_294_967_296.0 - 0.5).sum()
    }

    /// A run of 120 rounds with two strategies whose net benefit is given, by round and noise.
    fn run(replicate: u32, net: [fn(f64, f64) -> f64; 2], draws: &mut Stream) -> ReplicateRecord {
        let rounds = (0..120_u32).flat_map(|round| [(round, 0_u16), (round, 1)]);
        let rounds = rounds.map(|(round, strategy)| {
            let mut values = [f64::NAN; N_METRICS];
            values[M::Net as usize] = net[usize::from(strategy)](round.into(), noise(draws));
            RoundRecord { round, strategy, agents: 10, values }
        });
        ReplicateRecord { replicate, rounds: rounds.collect(), ..ReplicateRecord::default() }
    }

    fn judged(net: [fn(f64, f64) -> f64; 2], seed: u64) -> (Vec<StationarityRow>, Option<String>) {
        judged_with(net, seed, &[])
    }

    /// The same with these settings.
    fn judged_with(
        net: [fn(f64, f64) -> f64; 2],
        seed: u64,
        sets: &[&str],
    ) -> (Vec<StationarityRow>, Option<String>) {
        let text = "rounds = 120\nburn_in = 40\n[[strategy]]\nname = \"warrior\"\nshare = 0.5\n\
                    [[strategy]]\nname = \"servant\"\nshare = 0.5\n";
        let mut stationarity = Stationarity::new(&Scenario::parse(text, sets).unwrap());
        let mut draws = RandomKey::new(seed).stream(0, Purpose::Needs, 0);
        (0..10).for_each(|replicate| stationarity.push(&run(replicate, net, &mut draws)));
        let rows = stationarity.rows();
        let warning = stationarity.warning(&rows);
        (rows, warning)
    }

    #[test]
    fn a_run_that_settles_before_burn_in_ends_is_not_warned_about() {
        let (rows, warning) = judged([|_, e| 1.0 + e, |t, e| e + if t < 24.0 { 9.0 } else { 2.0 }], 1);
        assert_eq!(warning, None);
        let names: Vec<_> = rows.iter().map(|row| (row.first.as_deref(), row.second.as_str())).collect();
        assert_eq!(names, [(None, "warrior"), (None, "servant"), (Some("warrior"), "servant")]);
        assert!(rows[1].proposed_burn_in.unwrap() >= 24 && rows[1].proposed_burn_in.unwrap() <= 40);
    }

    #[test]
    fn a_start_that_outlasts_burn_in_is_named_with_its_end() {
        let (_, warning) = judged([|_, _| 1.0, |t, e| if t < 48.0 { 9.0 + e } else { 2.0 }], 1);
        let warning = warning.unwrap();
        assert!(warning.contains("net benefit of servant changes by -"), "{warning}");
        assert!(warning.contains("set burn_in to at least 48,"), "{warning}");
    }

    #[test]
    fn a_burn_in_that_is_proposed_already_is_not_advised() {
        let end =
            |t: f64, e: f64| 0.05 * e + if t < 40.0 { 9.0 } else { 2.0 + f64::from(u8::from(t >= 112.0)) };
        let (rows, warning) = judged([|_, _| 1.0, end], 1);
        assert_eq!(rows[0].proposed_burn_in, Some(40));
        let advice = "; run more rounds, or say that the result is about these rounds";
        assert!(warning.as_ref().unwrap().ends_with(advice), "{warning:?}");
    }

    #[test]
    fn a_run_that_never_settles_asks_for_more_rounds() {
        let (rows, warning) = judged([|_, e| 1.0 + e, |t, e| t / 20.0 + e], 1);
        let warning = warning.unwrap();
        assert!(warning.contains("run more rounds"), "{warning}");
        // A line of 1 in 20 rounds, over 80 rounds less one batch of 8.
        assert!((rows[1].drift.mean - 72.0 / 20.0).abs() < 0.3, "{:?}", rows[1].drift);
    }

    #[test]
    fn a_drift_where_settings_change_after_burn_in_refers_to_the_table_of_changes() {
        let advice = |set: &str| {
            let warning = judged_with([|_, e| 1.0 + e, |t, e| t / 20.0 + e], 1, &[set]).1.unwrap();
            warning.ends_with("settings change within these rounds, see changes.csv")
        };
        assert!(advice("change.80.calls.fee=0.1") && advice("change.41.calls.fee=0.1"));
        assert!(!advice("change.40.calls.fee=0.1") && !advice("change.8.calls.fee=0.1"));
    }

    #[test]
    fn only_net_benefit_is_warned_about() {
        let text = "rounds = 120\nburn_in = 40\n[[strategy]]\nname = \"warrior\"\nshare = 1\n";
        let mut stationarity = Stationarity::new(&Scenario::parse(text, &[]).unwrap());
        let mut draws = RandomKey::new(1).stream(0, Purpose::Needs, 0);
        for replicate in 0..10 {
            let mut record = run(replicate, [|_, e| 1.0 + e, |_, _| 0.0], &mut draws);
            record.rounds.retain(|round| round.strategy == 0);
            for round in &mut record.rounds {
                round.values[M::Ties as usize] = f64::from(round.round * (1 + replicate % 2));
            }
            stationarity.push(&record);
        }
        let rows = stationarity.rows();
        let of = |metric: &str| rows.iter().find(|row| row.metric == metric).unwrap().p_value.unwrap();
        assert!(of("ties") < 1e-4 && of("net") > 0.05, "{rows:?}");
        assert_eq!(stationarity.warning(&rows), None);
    }

    #[test]
    fn a_steady_run_is_warned_about_at_most_as_often_as_promised() {
        let warned =
            (0..400).filter(|&seed| judged([|_, e| 1.0 + e, |_, e| 1.0 + e], seed).1.is_some()).count();
        // 5% of 400, and three standard errors.
        assert!(warned <= 33, "{warned} of 400");
    }
}
