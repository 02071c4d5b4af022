//! Survival curves of lives, some of which are censored.

use super::Level;
use super::normal::normal_quantile;

/// The share that survives, after one duration at which lives ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SurvivalStep {
    /// Duration, in rounds.
    pub time: u32,
    /// Number of lives that lasted at least this long.
    pub at_risk: u64,
    /// Number of lives that failed at this duration.
    pub failed: u64,
    /// Number of lives that were censored at this duration.
    pub censored: u64,
    /// Share that survives beyond this duration.
    pub share: f64,
    /// Lower end of its interval; `None` if nobody survives, because the variance is not defined then.
    pub low: Option<f64>,
    /// Upper end, likewise.
    pub high: Option<f64>,
}

/// A Kaplan-Meier curve: steps by duration; the share before the first is 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Survival {
    /// One step per distinct duration, failures or not, in ascending order.
    pub steps: Vec<SurvivalStep>,
}

/// The Kaplan-Meier estimate from `(duration, failed)` of each life; the others were censored.
///
/// `S(t) = prod (1 - d_i / n_i)` over durations up to t, with `d` failures of `n` at risk (Kaplan &
/// Meier 1958). Intervals are Greenwood's (1926) on the scale of `ln(-ln S)`, so that they stay
/// within 0 and 1 (Kalbfleisch & Prentice 1980): `S^exp(± z s)`, where
/// `s = sqrt(sum d / (n (n - d))) / |ln S|`. Lives that fail count as before lives censored at the same duration.
pub(crate) fn kaplan_meier(lives: &[(u32, bool)], level: Level) -> Survival {
    let z = normal_quantile(level.upper());
    let mut lives = lives.to_vec();
    lives.sort_unstable();
    let mut at_risk = lives.len() as u64;
    let (mut share, mut greenwood) = (1.0, 0.0);
    let mut steps = Vec::new();
    for same in lives.chunk_by(|a, b| a.0 == b.0) {
        let failed = same.iter().filter(|life| life.1).count() as u64;
        let (n, d) = (at_risk as f64, failed as f64);
        if failed > 0 {
            share *= (n - d) / n;
            greenwood += d / (n * (n - d));
        }
        let ends = interval(share, greenwood, z);
        steps.push(SurvivalStep {
            time: same[0].0,
            at_risk,
            failed,
            censored: same.len() as u64 - failed,
            share,
            low: ends.map(|e| e.0),
            high: ends.map(|e| e.1),
        });
        at_risk -= same.len() as u64;
    }
    debug_assert_eq!(at_risk, 0, "every life ends once");
    Survival { steps }
}

/// The interval of a share with Greenwood's sum; `z` is the normal quantile of its ends.
fn interval(share: f64, greenwood: f64, z: f64) -> Option<(f64, f64)> {
    if share >= 1.0 {
        return Some((1.0, 1.0));
    }
    if share <= 0.0 {
        return None;
    }
    let half_width = z * libm::sqrt(greenwood) / libm::log(share).abs();
    Some((libm::pow(share, libm::exp(half_width)), libm::pow(share, libm::exp(-half_width))))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The 6-MP arm of Freireich et al. (1963): weeks of remission, and whether it ended.
    const REMISSIONS: [(u32, bool); 21] = [
        (6, true),
        (6, true),
        (6, true),
        (6, false),
        (7, true),
        (9, false),
        (10, true),
        (10, false),
        (11, false),
        (13, true),
        (16, true),
        (17, false),
        (19, false),
        (20, false),
        (22, true),
        (23, true),
        (25, false),
        (32, false),
        (32, false),
        (34, false),
        (35, false),
    ];

    #[test]
    fn the_curve_agrees_with_lifelines() {
        // lifelines 0.30.3, KaplanMeierFitter: survival_function_ and confidence_interval_
        let expected = [
            (6, 0.857142857142857, 0.6197179552659838, 0.9515517476469969),
            (7, 0.8067226890756299, 0.5631465646222333, 0.9228090192028802),
            (10, 0.7529411764705878, 0.5031995107999564, 0.8893618351692651),
            (13, 0.6901960784313722, 0.4316102224861839, 0.8490659633494505),
            (16, 0.6274509803921566, 0.36751085598750194, 0.8049121894718411),
            (22, 0.5378151260504199, 0.26777893676713493, 0.7467907176353943),
            (23, 0.44817927170868327, 0.18805200595923233, 0.6801426284952412),
            (35, 0.44817927170868327, 0.18805200595923233, 0.6801426284952412),
        ];
        let curve = kaplan_meier(&REMISSIONS, Level::USUAL);
        for (time, share, low, high) in expected {
            let step = curve.steps.iter().find(|s| s.time == time).unwrap();
            assert!((step.share - share).abs() < 1e-12, "share at {time}");
            assert!((step.low.unwrap() - low).abs() < 1e-12, "lower end at {time}");
            assert!((step.high.unwrap() - high).abs() < 1e-12, "upper end at {time}");
        }
        let median = curve.steps.iter().find(|step| step.share <= 0.5).map(|step| step.time);
        assert_eq!(median, Some(23));
        assert_eq!(curve.steps[0].at_risk, 21);
        assert_eq!((curve.steps[0].failed, curve.steps[0].censored), (3, 1));
    }

    #[test]
    fn without_failures_everyone_survives() {
        let curve = kaplan_meier(&[(5, false), (9, false)], Level::USUAL);
        assert!(curve.steps.iter().all(|s| s.share == 1.0 && s.low == Some(1.0) && s.high == Some(1.0)));
        assert!(kaplan_meier(&[], Level::USUAL).steps.is_empty());
    }

    #[test]
    fn where_nobody_survives_there_is_no_interval() {
        let curve = kaplan_meier(&[(2, true), (4, true)], Level::USUAL);
        assert_eq!(curve.steps[0].share, 0.5);
        assert_eq!((curve.steps[1].share, curve.steps[1].low), (0.0, None));
    }
}
