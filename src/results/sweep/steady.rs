//! Whether the points of a sweep have reached a steady state: `sweep_stationarity.csv`, and how many have not.

use super::super::table::Cell;
use crate::experiment::{of_subject, steady_subjects};
use crate::stats::{Contrast, Interval, Moments, discoveries, holm};

/// A point counts if its smallest adjusted p-value is at most this.
const LEVEL: f64 = 0.05;

/// The points that were tested. Memory grows only with points that seem to drift, by 8 bytes each.
#[derive(Debug, Default)]
pub(super) struct Steady {
    /// Number of points with a test.
    tested: u64,
    /// The smallest adjusted p-values of points, of those that are at most [`LEVEL`].
    small: Vec<f64>,
}

/// The drift of a strategy's net benefit, or of a pair's difference, at a point.
pub(super) struct DriftRow<'n> {
    first: &'n str,
    second: &'n str,
    drift: Interval,
    p_value: Option<f64>,
    replicates: u64,
    p_adjusted: Option<f64>,
}

impl Steady {
    /// Adds a point with the drifts of its replicates, each by strategy, and returns its rows.
    pub(super) fn add<'n>(&mut self, names: &[&'n str], drifts: &[&[f64]]) -> Vec<DriftRow<'n>> {
        let row = |(first, second): (Option<usize>, usize)| {
            let moments: Moments = drifts.iter().map(|drifts| of_subject(drifts, (first, second))).collect();
            // As in `stationarity.csv`: not if a strategy lacks members in some replicate, or if nothing changes.
            let constant = drifts.iter().all(|drifts| of_subject(drifts, (first, second)) == 0.0);
            if moments.n() < drifts.len() as u64 || constant {
                return None;
            }
            let Contrast { difference, p_value } = Contrast::of(&moments);
            let first = first.map_or("", |first| names[first]);
            let replicates = moments.n();
            Some(DriftRow {
                first,
                second: names[second],
                drift: difference,
                p_value,
                replicates,
                p_adjusted: None,
            })
        };
        let mut rows: Vec<DriftRow<'n>> = steady_subjects(names.len()).filter_map(row).collect();
        let p_values: Vec<f64> = rows.iter().filter_map(|row| row.p_value).collect();
        let adjusted = holm(&p_values);
        self.tested += u64::from(!adjusted.is_empty());
        self.small.extend(adjusted.iter().copied().reduce(f64::min).filter(|p| *p <= LEVEL));
        let tested = rows.iter_mut().filter(|row| row.p_value.is_some());
        tested.zip(adjusted).for_each(|(row, adjusted)| row.p_adjusted = Some(adjusted));
        rows
    }

    /// Number of points without a steady state: on average at most 5% of them are counted wrongly, and if all points
    /// are steady any is counted in at most 5% of sweeps.
    pub(super) fn drifting(&mut self) -> u64 {
        discoveries(&mut self.small, self.tested)
    }

    /// What is to be known of them, in one sentence.
    pub(super) fn reported(&self, drifting: u64) -> Option<String> {
        let n = self.tested;
        (drifting > 0).then(|| {
            format!(
                "no steady state at {drifting} of {n} points: net benefit still drifts after burn-in (on average at \
                 most 5% of them are called so wrongly); raise burn_in and rounds, or say that the result is about \
                 these rounds"
            )
        })
    }
}

impl<'n> DriftRow<'n> {
    /// The cells, in the order of the columns.
    pub(super) fn cells(&self) -> [Cell<'n>; 8] {
        let [drift, low, high] = Cell::interval(&self.drift);
        let [p_value, p_adjusted] = [self.p_value, self.p_adjusted].map(Cell::optional);
        let replicates = Cell::Count(self.replicates);
        [Cell::Text(self.first), Cell::Text(self.second), drift, low, high, p_value, replicates, p_adjusted]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::{Purpose, RandomKey};

    /// The points of a sweep of two strategies with eight replicates, `drifting` of which drift by 3 or more.
    fn points(n: u64, drifting: u64, seed: u64) -> Steady {
        let mut steady = Steady::default();
        let mut draws = RandomKey::new(seed).stream(0, Purpose::Needs, 0);
        let mut noise = || (0..4).map(|_| f64::from(draws.word()) / 4_294_967_296.0 - 0.5).sum::<f64>();
        for point in 0..n {
            let drift = if point < drifting { 3.0 } else { 0.0 };
            let drifts: Vec<[f64; 2]> = (0..8).map(|_| [noise(), drift + noise()]).collect();
            let drifts: Vec<&[f64]> = drifts.iter().map(|drifts| &drifts[..]).collect();
            let rows = steady.add(&["warrior", "servant"], &drifts);
            let names: Vec<_> = rows.iter().map(|row| (row.first, row.second)).collect();
            assert_eq!(names, [("", "warrior"), ("", "servant"), ("warrior", "servant")]);
        }
        steady
    }

    #[test]
    fn points_that_drift_are_counted_and_said() {
        let mut steady = points(40, 12, 1);
        let drifting = steady.drifting();
        assert!((12..=14).contains(&drifting), "{drifting}");
        let text = steady.reported(drifting).unwrap();
        assert!(text.starts_with(&format!("no steady state at {drifting} of 40 points")), "{text}");
    }

    #[test]
    fn a_steady_sweep_is_warned_about_at_most_as_often_as_promised() {
        let warned = (0..400).filter(|&seed| points(20, 0, seed).drifting() > 0).count();
        // 5% of 400, and three standard errors.
        assert!(warned <= 33, "{warned} of 400");
    }

    #[test]
    fn one_replicate_has_no_test() {
        let mut steady = Steady::default();
        let rows = steady.add(&["a"], &[&[2.0]]);
        assert_eq!((rows[0].p_value, rows[0].replicates, steady.tested), (None, 1, 0));
        assert_eq!((steady.drifting(), steady.reported(0)), (0, None));
    }
}
