//! Stopping when an interval is narrow enough.

use super::Clustered;

/// A rule that adds clusters until the 95% interval of a mean is narrow enough.
///
/// After every [`Precision::BATCH`] clusters, and not before [`Precision::FEWEST`], the interval of
/// all clusters so far is looked at: if its half-width is at most the wanted one (and above 0: no
/// spread at all is no knowledge of the spread), no more are added.
///
/// The interval at the stop is as good as one of a number of clusters fixed beforehand in the limit
/// of a small half-width: Chow & Robbins (1965), Annals of Mathematical Statistics 36, 457-462, for
/// independent clusters; Glynn & Whitt (1992), Annals of Applied Probability 2, 180-198, for
/// simulations in general. Stein (1945) reached the exact chance for normal values in two stages,
/// at the price of more clusters. Before the limit the rule stops a little too early, where the
/// spread happens to look small, and so covers a little less often than 95%: see the tests for how
/// much. A mean that hangs on rare large values is worst.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Precision {
    /// The half-width that is wanted, in units of the mean; above 0.
    pub half_width: f64,
}

impl Precision {
    /// No stop before so many clusters.
    pub const FEWEST: u64 = 10;
    /// Clusters added between two looks.
    pub const BATCH: u64 = 10;

    /// Whether to stop, given what is known from all clusters so far; only ever at a look.
    pub fn reached(&self, estimate: &Clustered) -> bool {
        let n = estimate.clusters;
        n >= Self::FEWEST
            && n.is_multiple_of(Self::BATCH)
            && estimate.half_width().is_some_and(|half| half > 0.0 && half <= self.half_width)
    }

    /// About how many clusters it takes in all, by what is known so far: the half-width falls with
    /// the square root of their number. `None` where nothing is known of the spread.
    pub fn clusters(&self, estimate: &Clustered) -> Option<f64> {
        let half = estimate.half_width().filter(|half| *half > 0.0)?;
        let ratio = half / self.half_width;
        Some(libm::ceil(estimate.clusters as f64 * ratio * ratio).max(Self::FEWEST as f64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Cluster;
    use crate::stats::words::Words;

    fn estimate(clusters: u64, half: f64) -> Clustered {
        Clustered { mean: 1.0, low: Some(1.0 - half), high: Some(1.0 + half), error: None, clusters }
    }

    #[test]
    fn it_stops_only_at_a_look_with_enough_clusters_and_some_spread() {
        let rule = Precision { half_width: 0.5 };
        assert!(rule.reached(&estimate(10, 0.5)) && rule.reached(&estimate(40, 0.1)));
        assert!(!rule.reached(&estimate(5, 0.1)) && !rule.reached(&estimate(15, 0.1)));
        assert!(!rule.reached(&estimate(10, 0.6)) && !rule.reached(&estimate(10, 0.0)));
        assert!(!rule.reached(&Clustered { low: None, high: None, ..estimate(10, 0.1) }));
    }

    #[test]
    fn half_the_width_takes_four_times_the_clusters() {
        assert_eq!(Precision { half_width: 0.5 }.clusters(&estimate(30, 1.0)), Some(120.0));
        assert_eq!(Precision { half_width: 0.5 }.clusters(&estimate(30, 0.01)), Some(10.0));
        assert_eq!(Precision { half_width: 0.5 }.clusters(&estimate(30, 0.0)), None);
    }

    /// A standard normal number (Box & Muller 1958).
    fn normal(words: &mut Words) -> f64 {
        let mut uniform = || ((words.next() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
        let (radius, angle) = (uniform(), uniform());
        libm::sqrt(-2.0 * libm::log(radius)) * libm::cos(2.0 * std::f64::consts::PI * angle)
    }

    /// The share of runs under the rule whose interval covers the mean 0, and the mean number of clusters.
    fn coverage(half_width: f64, runs: u32, value: impl Fn(&mut Words, f64) -> f64) -> (f64, f64) {
        let rule = Precision { half_width };
        let (mut covered, mut total) = (0.0, 0.0);
        for run in 0..runs {
            let mut words = Words::new(0xC0FFEE + u64::from(run));
            let mut clusters = Vec::new();
            let last = loop {
                let shared = normal(&mut words);
                clusters.push(Cluster::of((0..4).map(|_| value(&mut words, shared))));
                if clusters.len() % 10 == 0 {
                    let estimate = Clustered::mean(&clusters);
                    if rule.reached(&estimate) || clusters.len() == 1000 {
                        break estimate;
                    }
                }
            };
            covered += f64::from(u8::from(!last.excludes_zero()));
            total += last.clusters as f64;
        }
        (covered / f64::from(runs), total / f64::from(runs))
    }

    /// Asserts that the coverage is at most 4 standard errors below `least`.
    fn assert_covers((share, clusters): (f64, f64), runs: u32, least: f64) {
        println!("PROBE {share} {clusters}");
        let error = libm::sqrt(least * (1.0 - least) / f64::from(runs));
        assert!(share >= least - 4.0 * error, "{share} of {runs} runs cover, {clusters} clusters each");
        assert!(share <= 0.95 + 4.0 * error, "{share} of {runs} runs cover, {clusters} clusters each");
    }

    #[test]
    fn normal_values_are_covered_nearly_as_often_as_said() {
        let value = |words: &mut Words, shared: f64| 0.5 * shared + normal(words);
        assert_covers(coverage(0.25, 3000, value), 3000, 0.93);
        assert_covers(coverage(0.12, 1000, value), 1000, 0.94);
    }

    #[test]
    fn rare_large_gains_are_covered_less_often_and_it_is_known_how_often() {
        // Nine of ten lose 0.3, one gains 2.7 on average, exponentially spread.
        let value = |words: &mut Words, shared: f64| {
            let uniform = ((words.next() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
            let gain = if uniform < 0.1 { -2.7 * libm::log(uniform * 10.0) } else { -0.3 };
            gain + 0.1 * shared
        };
        assert_covers(coverage(0.3, 3000, value), 3000, 0.88);
        assert_covers(coverage(0.1, 1000, value), 1000, 0.88);
    }
}
