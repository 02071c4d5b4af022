//! What strategies gain in two runs, and the difference.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::read::{ReadError, read_outline, read_rounds};
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
    let (a, b) = (means_of(dirs[0], seeds[0].len())?, means_of(dirs[1], seeds[1].len())?);
    let paired = seeds[0] == seeds[1];
    let both = a.into_iter().filter_map(|(name, own)| b.get(&name).map(|other| (name, own, other.clone())));
    let change = |(strategy, first, second): (String, Vec<f64>, Vec<f64>)| {
        let means = [mean(&first), mean(&second)];
        let difference = if paired {
            Contrast::paired(&first, &second, level).difference
        } else {
            welch(&first, &second, level)
        };
        GainChange { strategy, means, difference, paired }
    };
    Ok(both.map(change).collect())
}

/// Net benefit of each strategy in each replicate; NaN in one without members.
fn means_of(dir: &Path, replicates: usize) -> Result<BTreeMap<String, Vec<f64>>, ReadError> {
    let burn_in = read_outline(dir)?.burn_in.unwrap_or(0);
    let mut sums: BTreeMap<(String, u32), [f64; 2]> = BTreeMap::new();
    read_rounds(dir, ["net"], |row| {
        if row.round >= burn_in && row.agents > 0.0 {
            let sum = sums.entry((row.strategy.to_owned(), row.replicate)).or_default();
            sum[0] += row.values[0] * row.agents;
            sum[1] += row.agents;
        }
    })?;
    let mut means: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for ((strategy, replicate), [sum, weight]) in sums {
        let all = means.entry(strategy).or_insert_with(|| vec![f64::NAN; replicates]);
        all.get_mut(replicate as usize).into_iter().for_each(|mean| *mean = sum / weight);
    }
    Ok(means)
}

fn moments(values: &[f64]) -> Moments {
    let mut moments = Moments::default();
    values.iter().filter(|value| !value.is_nan()).for_each(|value| moments.push(*value));
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
    fn replicates_are_paired_by_their_numbers_where_a_strategy_died_out_in_some() {
        let dir = tempfile::tempdir().unwrap();
        // Net benefit of `a` by replicate; it has no members in replicate 1 of one run, in 2 of the other.
        let write = |name: &str, nets: [(f64, u32); 4]| {
            let folder = dir.path().join(name);
            std::fs::create_dir(&folder).unwrap();
            let rows = (0..).zip(nets).map(|(k, (net, agents))| format!("{k},0,a,{agents},{net}\n"));
            let text = "replicate,round,strategy,agents,net\n".to_owned() + &rows.collect::<String>();
            std::fs::write(folder.join("rounds.csv"), text).unwrap();
            folder
        };
        let one = write("one", [(1.0, 5), (0.0, 0), (3.0, 5), (4.0, 5)]);
        let two = write("two", [(2.0, 5), (9.0, 5), (0.0, 0), (5.5, 5)]);
        let found = gain_changes([&one, &two], [&[1, 2, 3, 4]; 2], Level::USUAL).unwrap();
        assert_eq!(found[0].means, [8.0 / 3.0, 5.5]);
        assert_eq!(found[0].difference.mean, 1.25, "of replicates 0 and 3");
    }

    #[test]
    fn means_are_over_the_rounds_after_burn_in_that_have_members_and_weigh_by_them() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("manifest.json"), "{\"burn_in\": 1}").unwrap();
        // The last member is gone after round 2; a round without members has no net benefit.
        let rows = "0,0,a,5,99\n0,1,a,3,1\n0,2,a,1,5\n0,3,a,0,\n";
        let text = format!("replicate,round,strategy,agents,net\n{rows}");
        std::fs::write(dir.path().join("rounds.csv"), text).unwrap();
        let found = gain_changes([dir.path(), dir.path()], [&[1], &[2]], Level::USUAL).unwrap();
        assert_eq!((found.len(), found[0].means, found[0].paired), (1, [2.0, 2.0], false));
    }

    #[test]
    fn a_sample_without_spread_adds_none_and_two_have_no_interval() {
        let constant = welch(&[2.0, 2.0, 2.0], &[4.0, 6.0, 5.0], Level::USUAL);
        let alone = moments(&[2.0, 4.0, 3.0]).interval(Level::USUAL);
        let [(low, high), (lowest, highest)] = [constant, alone].map(|interval| interval.ends().unwrap());
        assert!(constant.mean == 3.0 && (low - lowest).abs() < 1e-9 && (high - highest).abs() < 1e-9);
        assert_eq!(welch(&[2.0, 2.0], &[4.0, 4.0], Level::USUAL), Interval::around(2.0, None));
        assert_eq!(welch(&[2.0], &[4.0, 6.0], Level::USUAL), Interval::around(3.0, None));
    }

    #[test]
    fn independent_samples_have_welchs_interval() {
        // R: t.test(c(4, 6, 5), c(1, 2, 1, 4)), with the sign turned.
        let interval = welch(&[4.0, 6.0, 5.0], &[1.0, 2.0, 1.0, 4.0], Level::USUAL);
        let (low, high) = interval.ends().unwrap();
        assert!((interval.mean + 3.0).abs() < 1e-12);
        assert!((low + 5.346_609_4).abs() < 1e-6 && (high + 0.653_390_6).abs() < 1e-6, "{low} {high}");
    }
}
