//! Crossover trials: everybody gets both treatments, in one order or the other.

use super::power::test_and_power;
use super::{Cluster, Clustered, Level};

/// One life with both treatments.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct CrossoverLife {
    /// The cluster of the life; lives of a cluster follow one another.
    pub cluster: u32,
    /// Whether the second treatment came first.
    pub second_came_first: bool,
    /// Outcome after the second treatment less that after the first, within this life, in parts of a unit.
    pub difference: f64,
    /// The same difference between two copies of this life; NaN if it is not known.
    pub truth: f64,
}

/// The results of a crossover trial, and their error against the truth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Crossover {
    /// Mean of the two orders' means of second - first.
    pub estimate: Clustered,
    /// Mean of second - first of lives with the first treatment first.
    pub first_came_first: f64,
    /// Mean of second - first of lives with the second treatment first.
    pub second_came_first: f64,
    /// The true difference of the same lives.
    pub truth: Clustered,
    /// Estimate less truth, paired by life.
    pub bias: Clustered,
    /// Standard deviation of second - first within an order, with `n - 2` in the denominator;
    /// `None` for fewer than three lives.
    pub sd: Option<f64>,
    /// Number of lives.
    pub lives: u64,
}

/// The estimate of an AB/BA trial: `(mean of order 1 + mean of order 2) / 2`.
///
/// An effect of the period has opposite signs in the two orders, so it cancels. An effect of the first treatment on the
/// second period (carry-over) does not, and is the bias (Senn 2002, Cross-over Trials in Clinical Research, chapter 3;
/// Jones & Kenward 2014, Design and Analysis of Cross-Over Trials, chapter 2). The interval is clustered as in
/// [`Clustered`]. `None` if an order has no lives.
///
/// Outcomes are in parts of a unit, `parts` of them per unit, so that sums of integers are exact.
pub(crate) fn crossover(lives: &[CrossoverLife], parts: f64, level: Level) -> Option<Crossover> {
    let of = |order: bool| lives.iter().filter(move |l| l.second_came_first == order);
    let mean = |order: bool| {
        let all = Cluster::of(of(order).map(|l| l.difference));
        (all.weight > 0.0).then_some((all.sum / (all.weight * parts), all.weight))
    };
    let (first, second) = (mean(false)?, mean(true)?);
    let truth = Cluster::of(lives.iter().map(|l| l.truth));
    let truth_mean = truth.sum / (truth.weight * parts);
    let own = |life: &CrossoverLife| {
        let (mean, n) = if life.second_came_first { second } else { first };
        (life.difference / parts - mean) / n / 2.0
    };
    let true_part = |life: &CrossoverLife| (life.truth / parts - truth_mean) / truth.weight;
    let by_cluster = |part: &dyn Fn(&CrossoverLife) -> f64| -> Vec<f64> {
        lives.chunk_by(|a, b| a.cluster == b.cluster).map(|same| same.iter().map(part).sum()).collect()
    };
    let estimate = (first.0 + second.0) / 2.0;
    let within = |life: &CrossoverLife| {
        let off = life.difference / parts - if life.second_came_first { second.0 } else { first.0 };
        off * off
    };
    let freedom = lives.len() as f64 - 2.0;
    Some(Crossover {
        estimate: Clustered::from_skewed_influences(estimate, &by_cluster(&own), level),
        first_came_first: first.0,
        second_came_first: second.0,
        truth: Clustered::from_skewed_influences(truth_mean, &by_cluster(&true_part), level),
        bias: Clustered::from_skewed_influences(
            estimate - truth_mean,
            &by_cluster(&|life| own(life) - true_part(life)),
            level,
        ),
        sd: (freedom > 0.0).then(|| libm::sqrt(lives.iter().map(within).sum::<f64>() / freedom)),
        lives: lives.len() as u64,
    })
}

/// Number of people that a crossover trial needs, both orders together, for a power of 80% in a two-sided test:
/// `((z + 0.84) sd / effect)^2`, rounded up, where `z` is 1.96 at a level of 95%.
///
/// `sd` is that of second - first within an order (Senn 2002, chapter 9). `None` if the effect is 0.
pub(crate) fn people_for_crossover(sd: f64, effect: f64, level: Level) -> Option<f64> {
    let ratio = test_and_power(level) * sd / effect;
    (effect != 0.0 && ratio.is_finite()).then(|| libm::ceil(ratio * ratio))
}

/// Number of people that a trial with two groups needs, both together, for the same effect and power: twice
/// `(z + 0.84)^2 (sd_1^2 + sd_2^2) / effect^2`, rounded up to equal groups, with the standard deviations within the
/// groups (Fleiss 1986, Design and Analysis of Clinical Experiments).
pub(crate) fn people_for_two_groups([first, second]: [f64; 2], effect: f64, level: Level) -> Option<f64> {
    let (variances, both) = (first * first + second * second, test_and_power(level));
    let each = both * both * variances / (effect * effect);
    (effect != 0.0 && each.is_finite()).then(|| 2.0 * libm::ceil(each))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORLDS: [&[f64]; 5] =
        [&[0.4, -0.2, 1.9], &[-0.3, -0.1], &[2.2, 0.0, -0.5, 0.7], &[-0.6], &[0.1, 0.3, -0.4]];
    const SECOND_FIRST: [u8; 13] = [0, 1, 0, 1, 0, 1, 1, 0, 0, 1, 0, 1, 0];

    fn lives(truth: f64) -> Vec<CrossoverLife> {
        let of = (0..).zip(WORLDS).flat_map(|(cluster, w)| w.iter().map(move |d| (cluster, *d)));
        of.zip(SECOND_FIRST)
            .map(|((cluster, difference), order)| CrossoverLife {
                cluster,
                second_came_first: order == 1,
                difference,
                truth,
            })
            .collect()
    }

    #[test]
    fn outcomes_in_parts_of_a_unit_give_the_same_in_units() {
        let units = lives(0.25);
        let parts: Vec<CrossoverLife> = units
            .iter()
            .map(|life| CrossoverLife { difference: 1e9 * life.difference, truth: 1e9 * life.truth, ..*life })
            .collect();
        let [a, b] = [(&units, 1.0), (&parts, 1e9)]
            .map(|(lives, parts)| crossover(lives, parts, Level::USUAL).unwrap());
        assert_close(a.first_came_first, b.first_came_first);
        assert_close(a.second_came_first, b.second_came_first);
        assert_close(a.sd.unwrap(), b.sd.unwrap());
        for (a, b) in [(a.estimate, b.estimate), (a.truth, b.truth), (a.bias, b.bias)] {
            assert_close(a.interval.mean, b.interval.mean);
            assert_close(a.error.unwrap(), b.error.unwrap());
        }
    }

    fn assert_close(ours: f64, theirs: f64) {
        assert!((ours - theirs).abs() < 1e-12, "{ours} for {theirs}");
    }

    #[test]
    fn the_estimate_agrees_with_a_regression_on_the_order() {
        // statsmodels 0.15.0: OLS on a constant and the order as +1 or -1, clustered by world; its
        // standard error times sqrt((13 - 2) / (13 - 1)), which statsmodels puts in for the order's
        // own coefficient. The residuals' standard deviation is that of OLS.
        let found = crossover(&lives(0.1), 1.0, Level::USUAL).unwrap();
        assert_close(found.estimate.interval.mean, 0.2666666666666668);
        assert_close(found.estimate.error.unwrap(), 0.20708906587343923);
        assert_close(found.sd.unwrap(), 0.9122067814488183);
        assert_close(found.bias.interval.mean, 0.2666666666666668 - 0.1);
        assert_close(found.bias.error.unwrap(), 0.20708906587343923);
        assert_close(found.truth.interval.mean, 0.1);
        assert_eq!((found.truth.interval.low, found.lives), (None, 13), "no spread, so no interval");
        assert_close((found.first_came_first + found.second_came_first) / 2.0, found.estimate.interval.mean);
    }

    #[test]
    fn period_effects_cancel_and_carry_over_does_not() {
        let shifted = |period: f64, carry: f64| {
            let mut lives = lives(0.0);
            for life in &mut lives {
                // The period effect raises outcomes of the later treatment. The carry-over of the second treatment
                // raises outcomes of the first after it.
                life.difference += if life.second_came_first { -period - carry } else { period };
            }
            crossover(&lives, 1.0, Level::USUAL).unwrap().estimate.interval.mean
        };
        assert_close(shifted(5.0, 0.0), shifted(0.0, 0.0));
        assert_close(shifted(5.0, 1.0), shifted(0.0, 0.0) - 0.5);
    }

    #[test]
    fn both_orders_are_needed_and_an_unknown_truth_gives_no_bias() {
        let one_order: Vec<_> = lives(0.0).into_iter().filter(|l| l.second_came_first).collect();
        assert_eq!(crossover(&one_order, 1.0, Level::USUAL), None);
        let unknown = crossover(&lives(f64::NAN), 1.0, Level::USUAL).unwrap();
        assert!(unknown.bias.interval.mean.is_nan() && unknown.truth.interval.mean.is_nan());
        assert_close(unknown.estimate.interval.mean, 0.2666666666666668);
    }

    #[test]
    fn the_numbers_of_people_agree_with_statsmodels() {
        // statsmodels 0.15.0, NormalIndPower().solve_power(effect_size=0.25, alpha=0.05, power=0.8)
        // is 251.16 for each of two groups; a crossover with sd = 1 and effect 0.25 takes half of one.
        assert_eq!(people_for_two_groups([1.0, 1.0], 0.25, Level::USUAL), Some(504.0));
        assert_eq!(people_for_crossover(1.0, 0.25, Level::USUAL), Some(126.0));
        assert_eq!(people_for_crossover(1.0, -0.25, Level::USUAL), Some(126.0));
        assert_eq!(people_for_crossover(1.0, 0.0, Level::USUAL), None);
        assert_eq!(people_for_two_groups([1.0, 1.0], f64::NAN, Level::USUAL), None);
    }
}
