//! Elementary effects from Morris' trajectories.

use super::super::{Interval, Level};
use super::estimate::{ROWS_MIN, Replicates, Variance, Withheld, interval, mean, product, within};

/// What the elementary effects of all factors come to.
///
/// Source: Morris (1991), Technometrics 33, 161-174; `mu_star` from Campolongo, Cariboni & Saltelli
/// (2007), Environmental Modelling & Software 22, 1509-1518.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ElementaryEffects {
    /// By factor: mean effect of moving it over its range.
    pub mu: Vec<Interval>,
    /// By factor: mean absolute effect, whichever way. Empty where it cannot be estimated.
    pub mu_star: Vec<Interval>,
    /// By factor: standard deviation of the effects, how far it interacts or bends; none for fewer than two
    /// trajectories. Empty like `mu_star`.
    pub sigma: Vec<Option<f64>>,
    /// Share of luck in the variance of a point's mean; none where it cannot be known.
    pub luck: Option<f64>,
    /// Why something is missing, if so.
    pub withheld: Option<Withheld>,
}

/// The outcomes of Morris' design, trajectory by trajectory.
///
/// The mean over replicates of a factor without effect still has a size, by luck. So the sign of an effect is
/// taken from other replicates than its size. That is too small by a little where luck is about as large as the
/// effect, as the plain size is too large there. The interval of `mu_star` reaches from the lower end of the
/// first to the upper end of the second, and so holds what is between them.
#[derive(Clone, Debug)]
pub(crate) struct Trajectories {
    level: Level,
    replicates: Replicates,
    factors: Vec<Effects>,
    /// The variance of single points, summed over points: with luck, without it, and squared outcomes.
    plain: f64,
    products: f64,
    squared: f64,
    n_points: usize,
}

/// The effects of a factor, by trajectory.
#[derive(Clone, Debug)]
struct Effects {
    /// Mean over replicates.
    means: Vec<f64>,
    /// Size, with the sign from other replicates.
    sizes: Vec<f64>,
    /// Squared, as a product of different replicates; summed.
    squares: f64,
    /// By replicate, summed over trajectories: the effect, and the effect in the direction of all replicates.
    sums: Vec<f64>,
    directed: Vec<f64>,
}

impl Trajectories {
    /// No trajectories yet.
    pub(crate) fn new(n_factors: usize, replicates: Replicates, level: Level) -> Self {
        let n = replicates.means.len();
        let none = Effects {
            means: Vec::new(),
            sizes: Vec::new(),
            squares: 0.0,
            sums: vec![0.0; n],
            directed: vec![0.0; n],
        };
        let factors = vec![none; n_factors];
        Self { level, replicates, factors, plain: 0.0, products: 0.0, squared: 0.0, n_points: 0 }
    }

    /// Adds a trajectory: its points, each with its replicates, and for each of its moves the factor and how far
    /// it went. Replicates beyond those that every point has are left out.
    ///
    /// # Panics
    /// If there is not one more point than moves, or a point has not so many replicates.
    pub(crate) fn push(&mut self, points: &[Vec<f64>], moves: &[(usize, f64)]) {
        assert_eq!(points.len(), moves.len() + 1, "a move leads from point to point");
        let n = self.replicates.means.len();
        for point in points {
            assert!(point.len() >= n, "replicates of a point");
            let centred: Vec<f64> =
                point.iter().zip(&self.replicates.means).map(|(v, mean)| v - mean).collect();
            self.plain += mean(&centred) * mean(&centred);
            self.products += product(&centred, &centred);
            self.squared += point[0] * point[0];
            self.n_points += 1;
        }
        for (pair, &(factor, by)) in points.windows(2).zip(moves) {
            let effects: Vec<f64> = pair[1].iter().zip(&pair[0]).take(n).map(|(b, a)| (b - a) / by).collect();
            self.factors[factor].add(&effects);
        }
    }

    /// What the effects of all factors come to.
    pub(crate) fn effects(&self) -> ElementaryEffects {
        let points = self.n_points as f64;
        let variance = Variance {
            plain: self.plain / points,
            factors: self.products / points,
            squared: self.squared / points,
        };
        let nothing = variance.nothing(self.replicates.means.len());
        // Effects are no ratios: they are defined where luck is all there is, and where nothing varies.
        let withheld =
            nothing.filter(|why| *why == Withheld::OneReplicate).or_else(|| self.no_interval(&variance));
        let shared = self.replicates.shared;
        let mut found = ElementaryEffects {
            mu: self.factors.iter().map(|f| f.mu(shared, withheld, self.level)).collect(),
            mu_star: Vec::new(),
            sigma: Vec::new(),
            luck: None,
            withheld,
        };
        if withheld.is_some_and(Withheld::is_all) {
            return found;
        }
        found.luck = (nothing != Some(Withheld::Constant)).then(|| variance.luck());
        let sizes = self.factors.iter().map(|f| f.mu_star(shared, withheld.is_none(), self.level));
        found.mu_star = sizes.collect();
        found.sigma = self.factors.iter().map(Effects::sigma).collect();
        found
    }

    /// Why effects have no interval, if so.
    fn no_interval(&self, variance: &Variance) -> Option<Withheld> {
        if self.factors.iter().any(|f| f.means.len() < ROWS_MIN) {
            return Some(Withheld::FewRows);
        }
        let shared = self.replicates.shared;
        shared.then(|| variance.shared_luck(self.replicates.means.len())).flatten()
    }
}

impl Effects {
    fn add(&mut self, effects: &[f64]) {
        let n = effects.len() as f64;
        let sum: f64 = effects.iter().sum();
        let size: f64 = effects.iter().map(|e| e * sign(sum - e)).sum();
        self.means.push(sum / n);
        self.sizes.push(size / n);
        self.squares += product(effects, effects);
        for (e, (total, directed)) in effects.iter().zip(self.sums.iter_mut().zip(&mut self.directed)) {
            *total += e;
            *directed += e * sign(sum);
        }
    }

    fn n(&self) -> f64 {
        self.means.len() as f64
    }

    /// Without an interval where shared luck cannot be known from a single replicate, or is too much.
    fn mu(&self, shared: bool, withheld: Option<Withheld>, level: Level) -> Interval {
        let mu = mean(&self.means);
        let known = match withheld {
            None => true,
            Some(Withheld::OneReplicate) => !shared && self.means.len() >= ROWS_MIN,
            Some(_) => false,
        };
        if !known {
            return Interval::around(mu, None);
        }
        let seeds: Vec<f64> = self.sums.iter().map(|sum| sum / self.n()).collect();
        interval(mu, &self.means, shared.then_some(&seeds[..]), 0.0, level)
    }

    fn mu_star(&self, shared: bool, with_interval: bool, level: Level) -> Interval {
        let size = mean(&self.sizes);
        if !with_interval {
            return Interval::around(size, None);
        }
        let plain: Vec<f64> = self.means.iter().map(|e| e.abs()).collect();
        let seeds: Vec<f64> = self.directed.iter().map(|sum| sum / self.n()).collect();
        let seeds = shared.then_some(&seeds[..]);
        let below = interval(size, &self.sizes, seeds, 0.0, level);
        let above = interval(mean(&plain), &plain, seeds, 0.0, level);
        within(Interval { mean: size, low: below.low, high: above.high }, 0.0, f64::INFINITY)
    }

    /// Covariance of the effects between different replicates, which luck leaves alone.
    fn sigma(&self) -> Option<f64> {
        if self.means.len() < 2 {
            return None;
        }
        let means: Vec<f64> = self.sums.iter().map(|sum| sum / self.n()).collect();
        let variance = (self.squares - self.n() * product(&means, &means)) / (self.n() - 1.0);
        Some(libm::sqrt(variance.max(0.0)))
    }
}

/// -1, 0 or 1.
fn sign(value: f64) -> f64 {
    if value == 0.0 { 0.0 } else { value.signum() }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{columns, near};
    use super::*;

    /// The effects of one factor: `values` by trajectory and replicate, as moves over its whole range.
    fn of(values: &[Vec<f64>], shared: bool) -> ElementaryEffects {
        let n = values[0].len();
        let points = 2.0 * values.len() as f64;
        let means = (0..n).map(|r| values.iter().map(|v| v[r]).sum::<f64>() / points).collect();
        let mut all = Trajectories::new(1, Replicates { means, shared }, Level::USUAL);
        values.iter().for_each(|v| all.push(&[vec![0.0; n], v.clone()], &[(0, 1.0)]));
        all.effects()
    }

    #[test]
    fn elementary_effects_agree_with_salib() {
        let effects = columns(include_str!("../../../tests/reference/sensitivity/effects.csv"));
        let expected = columns(include_str!("../../../tests/reference/sensitivity/morris.csv"));
        for (factor, effects) in effects.iter().enumerate() {
            let twice: Vec<Vec<f64>> = effects.iter().map(|e| vec![*e; 2]).collect();
            let found = of(&twice, false);
            near(found.mu[0].mean, expected[0][factor]);
            near(found.mu_star[0].mean, expected[1][factor]);
            near(found.sigma[0].unwrap(), expected[2][factor]);
        }
    }

    #[test]
    fn sizes_of_pure_luck_cancel_and_sizes_of_effects_do_not() {
        let luck = [vec![1.0, -1.0], vec![-1.0, 1.0], vec![1.0, 1.0], vec![-1.0, -1.0]];
        let found = of(&luck, false);
        assert_eq!((found.mu_star[0].mean, found.sigma[0]), (0.0, Some(0.0)));
        let (low, high) = found.mu_star[0].ends().unwrap();
        assert!(low == 0.0 && high > 0.5, "the plain sizes are 0, 0, 1 and 1: {found:?}");
        let clear = [vec![-3.0, -2.9], vec![3.1, 3.0], vec![-3.0, -3.1], vec![2.9, 3.0]];
        near(of(&clear, false).mu_star[0].mean, 3.0);
    }

    #[test]
    fn one_replicate_has_a_mean_effect_and_no_size() {
        let values = [vec![-2.0], vec![1.0], vec![2.0], vec![0.5], vec![1.0]];
        for shared in [false, true] {
            let found = of(&values, shared);
            assert_eq!((found.withheld, found.mu_star.len()), (Some(Withheld::OneReplicate), 0));
            assert_eq!((found.mu[0].mean, found.mu[0].low.is_some()), (0.5, !shared));
        }
    }

    #[test]
    fn shared_luck_widens_intervals_by_its_own_error() {
        let luck = [-0.35, -0.25, -0.15, -0.05, 0.05, 0.15, 0.25, 0.35];
        let values: Vec<Vec<f64>> =
            [4.0, 5.0, 5.5, 6.0, 7.5, 6.5].iter().map(|effect| luck.map(|l| effect + l).to_vec()).collect();
        let [alone, shared] = [false, true].map(|shared| of(&values, shared));
        assert_eq!((alone.withheld, shared.withheld), (None, None));
        // t(0.975, 7) = 2.364624 times the standard error of eight seeds, the root of 0.42 / 56.
        let error = 2.364_624 * 2.364_624 * 0.42 / 56.0;
        for (alone, shared) in [(alone.mu[0], shared.mu[0]), (alone.mu_star[0], shared.mu_star[0])] {
            let squares = |found: Interval| {
                let (low, high) = found.ends().unwrap();
                [(found.mean - low) * (found.mean - low), (high - found.mean) * (high - found.mean)]
            };
            for (alone, shared) in squares(alone).into_iter().zip(squares(shared)) {
                assert!((shared - alone - error).abs() < 1e-6, "{shared} {alone} {error}");
            }
        }
    }

    #[test]
    fn few_trajectories_have_no_interval_and_constant_outcomes_no_effect() {
        let few = of(&[vec![-2.0, -2.0]], false);
        assert_eq!((few.withheld, few.sigma[0]), (Some(Withheld::FewRows), None));
        assert_eq!(few.mu_star[0], Interval::around(2.0, None));
        let none = of(&vec![vec![0.0; 5]; 5], true);
        let zero = Interval { mean: 0.0, low: Some(0.0), high: Some(0.0) };
        assert_eq!((none.mu_star[0], none.luck, none.withheld), (zero, None, None));
    }

    #[test]
    fn much_luck_that_all_points_share_leaves_no_interval() {
        let of_seeds = |seeds: &[f64], shared| {
            let values = (0..6_u8).map(|t| seeds.iter().map(|seed| f64::from(t) + seed).collect());
            of(&values.collect::<Vec<_>>(), shared).withheld
        };
        let many = [9.0, -9.0, 3.0, -3.0, 6.0, -6.0];
        assert_eq!(of_seeds(&many, true), Some(Withheld::SharedLuck));
        assert_eq!(of_seeds(&many[..2], true), Some(Withheld::FewSeeds));
        assert_eq!(of_seeds(&many.map(|seed| seed / 100.0), true), None);
        assert_eq!(of_seeds(&many, false), None);
    }
}
