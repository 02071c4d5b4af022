//! What strategies gain in two runs, and the difference.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::read::{ReadError, read_outline, read_rounds};
use crate::model::M;
use crate::stats::{Contrast, Interval, Level, Moments, student_quantile};

/// The change of a strategy's net benefit from one run to another.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct GainChange {
    /// Its name.
    pub strategy: String,
    /// Mean net benefit per member and round after burn-in, in each.
    pub means: [f64; 2],
    /// The second less the first.
    pub difference: Interval,
    /// Whether replicates were paired, because they have the same seeds.
    pub paired: bool,
}

/// The changes of net benefit from one run to another, for the strategies that both have. `seeds` are those of the
/// replicates.
///
/// # Errors
/// If a table cannot be read.
pub(crate) fn gain_changes(
    dirs: [&Path; 2],
    seeds: [&[u64]; 2],
    level: Level,
) -> Result<Vec<GainChange>, ReadError> {
    let [a, b] = dirs.map(means_of);
    let (a, b) = (a?, b?);
    let paired = seeds[0] == seeds[1];
    let both = a.into_iter().filter_map(|(name, own)| b.get(&name).map(|other| (name, own, other.clone())));
    let change = |(strategy, first, second): (String, Vec<f64>, Vec<f64>)| {
        let means = [mean(&first), mean(&second)];
        let difference = if paired && first.len() == second.len() {
            Contrast::paired(&first, &second, level).difference
        } else {
            welch(&first, &second, level)
        };
        GainChange { strategy, means, difference, paired }
    };
    Ok(both.map(change).collect())
}

/// Net benefit of each strategy in each replicate.
fn means_of(dir: &Path) -> Result<BTreeMap<String, Vec<f64>>, ReadError> {
    let burn_in = read_outline(dir)?.burn_in.unwrap_or(0);
    let mut sums: BTreeMap<(String, u32), [f64; 2]> = BTreeMap::new();
    read_rounds(dir, |row| {
        if row.round >= burn_in && row.agents > 0.0 {
            let sum = sums.entry((row.strategy.to_owned(), row.replicate)).or_default();
            sum[0] += row.values[M::Net as usize] * row.agents;
            sum[1] += row.agents;
        }
    })?;
    let mut means: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for ((strategy, _), [sum, weight]) in sums {
        means.entry(strategy).or_default().push(sum / weight);
    }
    Ok(means)
}

fn moments(values: &[f64]) -> Moments {
    let mut moments = Moments::default();
    values.iter().for_each(|value| moments.push(*value));
    moments
}

fn mean(values: &[f64]) -> f64 {
    moments(values).mean()
}

/// The difference of the means of two independent samples (Welch 1947).
fn welch(first: &[f64], second: &[f64], level: Level) -> Interval {
    let [a, b] = [first, second].map(moments);
    let difference = b.mean() - a.mean();
    let error = |moments: &Moments| moments.sd().map(|sd| sd * sd / moments.n() as f64);
    let half = error(&a).zip(error(&b)).filter(|(a, b)| a + b > 0.0).map(|(va, vb)| {
        let df = (va + vb) * (va + vb) / (va * va / (a.n() - 1) as f64 + vb * vb / (b.n() - 1) as f64);
        student_quantile(level.upper(), df) * libm::sqrt(va + vb)
    });
    Interval::around(difference, half)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn independent_samples_have_welchs_interval() {
        // R: t.test(c(4, 6, 5), c(1, 2, 1, 4)), with the sign turned.
        let interval = welch(&[4.0, 6.0, 5.0], &[1.0, 2.0, 1.0, 4.0], Level::USUAL);
        let (low, high) = interval.ends().unwrap();
        assert!((interval.mean + 3.0).abs() < 1e-12);
        assert!((low + 5.346_609_4).abs() < 1e-6 && (high + 0.653_390_6).abs() < 1e-6, "{low} {high}");
    }
}
