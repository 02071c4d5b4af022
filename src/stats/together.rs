//! Statements about the means of many points that hold with all points taken together.
//!
//! A usual interval at each of many points excludes zero somewhere even if no mean differs from zero. So the interval of a
//! point has the confidence `1 - limit`, with one limit for all points. It excludes zero if the p-value of the point is
//! below the limit.

use std::collections::BTreeMap;

use super::{Cluster, Clustered, Interval, Level, student_cdf, student_quantile};

/// Number of random rotations. One more, times the chance of an error, is a whole number at usual levels, so these are
/// exact.
const ROTATIONS: usize = 1999;

/// Only so many replicates of a point are rotated. They suffice to know how points depend on each other.
const ROTATED_MAX: usize = 256;

/// The points so far, and the rule by which the limit follows from them.
pub(crate) struct Together {
    level: Level,
    rule: Rule,
    /// Number of looks at each point, for points with a sequential decision.
    looks: Option<u32>,
    points: u64,
}

/// How the limit follows from the points.
enum Rule {
    Rotations(Rotations),
    /// The p-values that are at most the chance of an error.
    FalseDiscovery(Vec<f64>),
}

/// The interval of a point with all points taken together.
#[derive(Debug)]
pub(crate) struct TogetherLimit {
    limit: f64,
    level: Level,
    looks: Option<u32>,
    /// Quantiles of the t distribution by degrees of freedom.
    quantiles: BTreeMap<u64, f64>,
}

impl Together {
    /// Minimum number of replicates of a point with an interval, unless the point has a sequential decision.
    pub(crate) const REPLICATES_MIN: u64 = 5;

    /// For points that share their replicates' random numbers: the chance that any interval excludes the mean of its
    /// point is 5% at a level of 95%, whatever the dependence between points.
    ///
    /// The limit is a quantile of the smallest p-value of all points if no mean differs from zero (max-t: Westfall &
    /// Young 1993, *Resampling-Based Multiple Testing*). Its distribution comes from random rotations of the
    /// replicates, the same rotation at each point. This test is exact for normal values and any dependence between
    /// points (Langsrud 2005, Statistics and Computing 15, 53-60), also with few replicates. `words` are uniform words
    /// of 64 bits.
    pub(crate) fn by_rotations(level: Level, words: impl FnMut() -> u64 + 'static) -> Self {
        let rotations = Rotations {
            words: Box::new(words),
            normals: Vec::new(),
            norms: (Vec::new(), Vec::new()),
            greatest: BTreeMap::new(),
        };
        Self { level, rule: Rule::Rotations(rotations), looks: None, points: 0 }
    }

    /// For independent points: of the intervals that exclude zero, on average at most 5% are on the wrong side at a level
    /// of 95%, and if no mean differs from zero, the chance of any is 5%.
    ///
    /// Benjamini & Hochberg (1995), Journal of the Royal Statistical Society B 57, 289-300. The intervals are those of
    /// Benjamini & Yekutieli (2005), Journal of the American Statistical Association 100, 71-81.
    pub(crate) fn by_false_discovery(level: Level) -> Self {
        Self { level, rule: Rule::FalseDiscovery(Vec::new()), looks: None, points: 0 }
    }

    /// As [`Together::by_false_discovery`], for points that stop at one of `looks` looks when
    /// [`decided`](super::decided) is true. The p-value of a point is `looks` times that of its last look, so intervals
    /// are repeated confidence intervals (Jennison & Turnbull 1989, Journal of the Royal Statistical Society B 51,
    /// 305-361). A point can have fewer than [`Together::REPLICATES_MIN`] replicates.
    pub(crate) fn by_decisions(level: Level, looks: u32) -> Self {
        Self { looks: Some(looks.max(1)), ..Self::by_false_discovery(level) }
    }

    /// Adds a point: a cluster per replicate, in order.
    pub(crate) fn add(&mut self, clusters: &[Cluster]) {
        let estimate = Clustered::mean(clusters, self.level);
        let Some(p) = p_value(&estimate, self.looks) else { return };
        self.points += 1;
        match &mut self.rule {
            Rule::Rotations(rotations) => rotations.add(clusters),
            Rule::FalseDiscovery(small) if p <= self.level.alpha() => small.push(p),
            Rule::FalseDiscovery(_) => {}
        }
    }

    /// The limit from all points.
    pub(crate) fn limit(self) -> TogetherLimit {
        let alpha = self.level.alpha();
        let each = alpha / self.points.max(1) as f64;
        let limit = match self.rule {
            Rule::Rotations(rotations) => rotations.limit(alpha),
            Rule::FalseDiscovery(mut small) => {
                each * discoveries(&mut small, self.points, alpha).max(1) as f64
            }
        };
        TogetherLimit {
            limit: limit.clamp(each, alpha),
            level: self.level,
            looks: self.looks,
            quantiles: BTreeMap::new(),
        }
    }
}

impl TogetherLimit {
    /// The interval of a point; none if it has too few replicates.
    pub(crate) fn interval(&mut self, clusters: &[Cluster]) -> Interval {
        let estimate = Clustered::mean(clusters, self.level);
        let mean = estimate.interval.mean;
        let Some((error, _)) = estimate.error.zip(p_value(&estimate, self.looks)) else {
            return Interval::around(mean, None);
        };
        let (limit, df) = (self.limit / f64::from(self.looks.unwrap_or(1)), estimate.clusters - 1);
        let find = || -student_quantile(limit / 2.0, df as f64);
        let half_width =
            if error > 0.0 { *self.quantiles.entry(df).or_insert_with(find) * error } else { 0.0 };
        Interval::around(mean, Some(half_width))
    }
}

/// How many of `n` hypotheses are rejected at a false discovery rate of `alpha`, given those of their p-values that are
/// at most `alpha`, which are sorted (Benjamini & Hochberg 1995). If all hypotheses hold, any is rejected with a
/// probability of at most `alpha`.
pub(crate) fn discoveries(small: &mut [f64], n: u64, alpha: f64) -> u64 {
    let each = alpha / n.max(1) as f64;
    small.sort_unstable_by(f64::total_cmp);
    (1_u64..).zip(&*small).filter(|(rank, p)| **p <= *rank as f64 * each).last().map_or(0, |(rank, _)| rank)
}

/// The p-value of a mean of zero; `None` with too few clusters. A sequential decision has none without any spread.
fn p_value(estimate: &Clustered, looks: Option<u32>) -> Option<f64> {
    let error = estimate.error?;
    let mean = estimate.interval.mean.abs();
    let p = |t: f64| 2.0 * student_cdf(-t, (estimate.clusters - 1) as f64);
    match looks {
        None if estimate.clusters < Together::REPLICATES_MIN => None,
        None if error == 0.0 => Some(if mean == 0.0 { 1.0 } else { 0.0 }),
        None => Some(p(mean / error)),
        Some(_) if error == 0.0 => None,
        Some(looks) => Some((f64::from(looks) * p(mean / error)).min(1.0)),
    }
}

/// The distribution of the smallest p-value under random rotations.
///
/// The t of a point follows from the angle between its replicates, as a vector, and the vector of ones. A rotation
/// replaces the vector of ones by a random direction: normal numbers.
struct Rotations {
    words: Box<dyn FnMut() -> u64>,
    /// By replicate, then by rotation.
    normals: Vec<Vec<f64>>,
    /// The replicates of the last point that count, and the squared lengths of the directions over them.
    norms: (Vec<bool>, Vec<f64>),
    /// By number of replicates: the greatest squared cosine of any point, by rotation.
    greatest: BTreeMap<u32, Vec<f64>>,
}

impl Rotations {
    fn add(&mut self, clusters: &[Cluster]) {
        let clusters = &clusters[..clusters.len().min(ROTATED_MAX)];
        while self.normals.len() < clusters.len() {
            let normals = (0..ROTATIONS).map(|_| normal(&mut self.words)).collect();
            self.normals.push(normals);
        }
        let counts: Vec<bool> = clusters.iter().map(|cluster| cluster.weight > 0.0).collect();
        let counting = || clusters.iter().zip(&self.normals).filter(|(cluster, _)| cluster.weight > 0.0);
        let length: f64 = clusters.iter().map(|cluster| cluster.sum * cluster.sum).sum();
        let n = u32::try_from(counting().count()).expect("few are rotated");
        if n < 2 || length == 0.0 {
            return;
        }
        if self.norms.0 != counts {
            let mut norms = vec![0.0; ROTATIONS];
            for (_, normals) in counting() {
                norms.iter_mut().zip(normals).for_each(|(norm, normal)| *norm += normal * normal);
            }
            self.norms = (counts, norms);
        }
        let mut products = vec![0.0; ROTATIONS];
        for (cluster, normals) in counting() {
            products.iter_mut().zip(normals).for_each(|(product, normal)| *product += cluster.sum * normal);
        }
        let greatest = self.greatest.entry(n).or_insert_with(|| vec![0.0; ROTATIONS]);
        for ((greatest, product), norm) in greatest.iter_mut().zip(products).zip(&self.norms.1) {
            *greatest = greatest.max(product * product / (length * norm));
        }
    }

    /// The p-value below which this share of the smallest p-values lie.
    fn limit(&self, alpha: f64) -> f64 {
        // At least 2 at the highest level; a product that is whole apart from rounding counts as whole.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let rank = libm::floor((ROTATIONS + 1) as f64 * alpha + 1e-6) as usize;
        let mut smallest = vec![1.0_f64; ROTATIONS];
        for (n, greatest) in &self.greatest {
            let df = f64::from(n - 1);
            // A smallest p-value up to the rank belongs to a square up to the same rank.
            let mut ranked: Vec<usize> = (0..ROTATIONS).collect();
            ranked.select_nth_unstable_by(rank - 1, |a, b| greatest[*b].total_cmp(&greatest[*a]));
            for &rotation in &ranked[..rank] {
                let square = greatest[rotation];
                let t = libm::sqrt(df * square / (1.0 - square).max(f64::MIN_POSITIVE));
                smallest[rotation] = smallest[rotation].min(2.0 * student_cdf(-t, df));
            }
        }
        smallest.sort_unstable_by(f64::total_cmp);
        smallest[rank - 1]
    }
}

/// A standard normal number (Box & Muller 1958).
fn normal(words: &mut dyn FnMut() -> u64) -> f64 {
    let mut uniform = || ((words() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
    let (radius, angle) = (uniform(), uniform());
    libm::sqrt(-2.0 * libm::log(radius)) * libm::cos(2.0 * std::f64::consts::PI * angle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::{Purpose, RandomKey};

    fn words(seed: u64) -> impl FnMut() -> u64 {
        let mut stream = RandomKey::new(seed).stream(0, Purpose::Rotations, 0);
        move || stream.wide()
    }

    fn by_rotations() -> Together {
        Together::by_rotations(Level::USUAL, words(1))
    }

    #[test]
    fn normal_numbers_have_a_mean_of_0_and_a_spread_of_1() {
        let mut words = words(3);
        let found: crate::stats::Moments = (0..20_000).map(|_| normal(&mut words)).collect();
        // Four standard errors.
        assert!(found.mean().abs() < 0.029 && (found.sd().unwrap() - 1.0).abs() < 0.02, "{found:?}");
    }

    fn by_false_discovery() -> Together {
        Together::by_false_discovery(Level::USUAL)
    }

    fn clusters(values: &[f64]) -> Vec<Cluster> {
        values.iter().map(|value| Cluster::of([*value])).collect()
    }

    fn limit(mut together: Together, points: &[Vec<Cluster>]) -> TogetherLimit {
        points.iter().for_each(|point| together.add(point));
        together.limit()
    }

    /// Points of ten normal values each.
    fn noise(points: usize) -> Vec<Vec<Cluster>> {
        let mut words = words(3);
        (0..points).map(|_| (0..10).map(|_| Cluster::of([normal(&mut words)])).collect()).collect()
    }

    #[test]
    fn one_point_has_its_usual_interval() {
        let point = clusters(&[1.2, 0.7, 1.9, 1.1, 0.4, 1.3]);
        let usual = Clustered::mean(&point, Level::USUAL).interval;
        for together in [by_rotations(), by_false_discovery()] {
            let found = limit(together, std::slice::from_ref(&point)).interval(&point);
            assert!((found.low.unwrap() - usual.low.unwrap()).abs() < 1e-12);
        }
    }

    #[test]
    fn points_that_repeat_each_other_have_nearly_the_limit_of_one_and_others_that_of_many() {
        let same = vec![noise(1).remove(0); 36];
        let found = limit(by_rotations(), &same).limit;
        assert!((0.04..=0.05).contains(&found), "{found}");
        let many = limit(by_rotations(), &noise(36)).limit;
        // 1 - 0.95^(1 / 36) for independent points.
        assert!((0.001..0.0025).contains(&many), "{many}");
    }

    #[test]
    fn the_limit_of_false_discoveries_is_that_of_its_definition() {
        // Of five points, the fourth smallest p-value is the last that is at most its rank times 0.01.
        let mut together = by_false_discovery();
        together.points = 5;
        together.rule = Rule::FalseDiscovery(vec![0.049, 0.012, 0.035, 0.001]);
        let limit = together.limit().limit;
        assert!((limit - 0.02).abs() < 1e-15, "{limit}");
    }

    #[test]
    fn too_few_replicates_have_no_interval_unless_they_decide() {
        let few = clusters(&[1.0, 1.1, 0.9, 1.05]);
        let points = [few.clone()];
        assert_eq!(limit(by_false_discovery(), &points).interval(&few).low, None);
        assert_eq!(limit(by_rotations(), &points).interval(&few).low, None);
        let low = limit(Together::by_decisions(Level::USUAL, 3), &points).interval(&few).low;
        assert!(
            low.is_some_and(
                |low| low > 0.0 && low < Clustered::mean(&few, Level::USUAL).interval.low.unwrap()
            )
        );
        let equal = clusters(&[1.0; 6]);
        let points = [equal.clone()];
        assert_eq!(limit(Together::by_decisions(Level::USUAL, 3), &points).interval(&equal).low, None);
        assert_eq!(limit(by_false_discovery(), &points).interval(&equal).low, Some(1.0));
    }

    #[test]
    fn equal_replicates_are_clear_unless_they_are_zero() {
        let of = |values: &[f64], looks| p_value(&Clustered::mean(&clusters(values), Level::USUAL), looks);
        assert_eq!([of(&[0.0; 6], None), of(&[1.0; 6], None)], [Some(1.0), Some(0.0)]);
        assert_eq!([of(&[0.0; 6], Some(3)), of(&[1.0; 6], Some(3))], [None; 2]);
    }

    #[test]
    fn missing_replicates_and_points_of_zero_do_not_matter() {
        let mut gaps = noise(2);
        gaps[0][3] = Cluster::default();
        gaps.push(vec![Cluster { sum: 0.0, weight: 1.0 }; 10]);
        gaps.push(vec![Cluster::default(); 10]);
        let mut found = limit(by_rotations(), &gaps);
        assert!((0.05 / 3.0..0.05).contains(&found.limit), "{}", found.limit);
        assert_eq!(found.interval(&gaps[2]).ends(), Some((0.0, 0.0)));
        assert_eq!(found.interval(&gaps[3]).ends(), None);
    }
}
