//! Which strategy is ahead at a point, with all points of the sweep taken together.

use super::super::columns::{Column, Kind, OF_ALL_POINTS, optional};
use super::super::table::Cell;
use crate::draws::{Purpose, RandomKey};
use crate::experiment::{Side, SweepPlan};
use crate::scenario::Until;
use crate::stats::{Cluster, Clustered, Interval, Together, TogetherLimit, decided};

/// What is said of a point, and which of its rows says it.
pub(super) struct Verdict {
    /// The interval of the sweep's contrast that holds with all points taken together.
    pub(super) interval: Interval,
    pub(super) side: Side,
    /// Whether the point is decided by itself.
    pub(super) decided: bool,
}

/// The rule of a sweep, to which all points are added first.
pub(super) fn rule(plan: &SweepPlan) -> Together {
    let level = plan.level();
    match plan.rules().until {
        Until::Decided => Together::by_decisions(level, plan.looks()),
        Until::Fixed | Until::Precise if plan.rules().common_luck => {
            let mut stream = RandomKey::new(plan.scenario().seed).stream(0, Purpose::Rotations, 0);
            Together::by_rotations(level, move || stream.wide())
        }
        Until::Fixed | Until::Precise => Together::by_false_discovery(level),
    }
}

/// The replicates of a point that count: for a sequential decision those of its last look.
pub(super) fn counting<'c>(plan: &SweepPlan, clusters: &'c [Cluster]) -> &'c [Cluster] {
    let n = clusters.len();
    let batch = plan.batch() as usize;
    let between = plan.rules().until == Until::Decided && n < plan.replicates_max() as usize;
    &clusters[..if between { n - n % batch } else { n }]
}

/// The verdict on a point, from all of its replicates.
pub(super) fn verdict(plan: &SweepPlan, limit: &mut TogetherLimit, clusters: &[Cluster]) -> Verdict {
    let (clusters, level) = (counting(plan, clusters), plan.level());
    let interval = limit.interval(clusters);
    let decided = plan.rules().until == Until::Decided
        && decided(&Clustered::mean(clusters, level), plan.looks(), level);
    Verdict { interval, side: interval_side(&interval), decided }
}

/// The side of zero on which an interval lies.
pub(super) fn interval_side(interval: &Interval) -> Side {
    match interval.ends() {
        Some((low, _)) if low > 0.0 => Side::Above,
        Some((_, high)) if high < 0.0 => Side::Below,
        _ => Side::Unsure,
    }
}

/// What a side at a point promises.
pub(super) fn promise(plan: &SweepPlan) -> String {
    let error = plan.level().error();
    match plan.rules().until {
        Until::Fixed | Until::Precise if plan.rules().common_luck => {
            format!("the chance that any of these sides is wrong is at most {error}")
        }
        _ => format!("on average at most {error} of these sides are wrong"),
    }
}

/// The columns of a verdict.
pub(super) fn columns() -> [Column; 3] {
    const UNIT: &str = "of the metric";
    let [low, high, side] = OF_ALL_POINTS;
    [
        optional(low, Kind::Real, UNIT, "Lower end of the interval with all points taken together."),
        optional(high, Kind::Real, UNIT, "Upper end, likewise; both only for the sweep's contrast."),
        optional(
            side,
            Kind::Strategy,
            "",
            "The strategy that is ahead by this interval; empty if neither is.",
        ),
    ]
}

impl Verdict {
    /// The cells of a row: of the sweep's contrast, of the same with the strategies `turned`, or of another contrast.
    pub(super) fn cells<'p>(&self, plan: &'p SweepPlan, turned: Option<bool>) -> [Cell<'p>; 3] {
        let Some(turned) = turned else {
            return [Cell::Real(f64::NAN), Cell::Real(f64::NAN), Cell::Text("")];
        };
        let interval = if turned { self.interval.turned() } else { self.interval };
        let [_, low, high] = Cell::interval(&interval);
        let [first, second] = plan.sides();
        let side = match self.side {
            Side::Below => first,
            Side::Unsure => "",
            Side::Above => second,
        };
        [low, high, Cell::Text(side)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Override, Source, parse_sweep};

    fn plan(sets: &[&str]) -> SweepPlan {
        let text = "replicates = 4\n[sweep]\nreplicates_max = 10\n[[factor]]\nname = \"fee\"\nkeys = \"calls.fee\"\n\
                    min = 0\nmax = 0.5\n";
        let source = Source { name: "test", bytes: text.as_bytes() };
        let sets: Vec<Override> = sets.iter().map(|set| Override::set(set)).collect();
        let scenario = parse_sweep(&source, &sets, &["net"], &[]).unwrap_or_else(|faults| panic!("{faults}"));
        SweepPlan::new(scenario, Vec::new())
    }

    #[test]
    fn between_two_looks_the_replicates_of_the_earlier_one_count() {
        let counted = |until: &str, n: usize| {
            let plan = plan(&[&format!("sweep.until={until}"), "sweep.precision=1"]);
            counting(&plan, &vec![Cluster { sum: 1.0, weight: 1.0 }; n]).len()
        };
        // Looks are after 4, 8 and 10 replicates.
        assert_eq!([3, 4, 7, 8, 9, 10].map(|n| counted("decided", n)), [0, 4, 4, 8, 8, 10]);
        assert_eq!([3, 7, 10].map(|n| counted("precise", n)), [3, 7, 10]);
    }

    #[test]
    fn an_interval_lies_on_a_side_of_zero_unless_it_reaches_zero() {
        let of = |low: f64, high: f64| interval_side(&Interval::from_cells([(low + high) / 2.0, low, high]));
        assert_eq!((of(0.5, 1.0), of(-1.0, -0.5)), (Side::Above, Side::Below));
        assert_eq!([of(-1.0, 1.0), of(0.0, 1.0), of(-1.0, 0.0)], [Side::Unsure; 3]);
        assert_eq!(interval_side(&Interval::around(1.0, None)), Side::Unsure);
    }

    #[test]
    fn the_promise_is_about_any_point_where_all_share_their_luck_and_else_about_their_mean() {
        let promised = |sets: &[&str]| promise(&plan(sets));
        let any = "the chance that any of these sides is wrong is at most 5%";
        let mean = "on average at most 5% of these sides are wrong";
        assert_eq!(promised(&["sweep.common_luck=true"]), any);
        assert_eq!(promised(&["sweep.common_luck=false"]), mean);
        assert_eq!(promised(&["sweep.until=precise", "sweep.precision=1", "sweep.common_luck=true"]), any);
        assert_eq!(promised(&["sweep.until=decided"]), mean);
    }

    #[test]
    fn a_point_is_decided_only_where_points_are_to_be_decided() {
        let decided = |sets: &[&str], mean: f64| {
            let plan = plan(sets);
            let clusters = [-0.1, 0.0, 0.1, 0.0].map(|more| Cluster { sum: mean + more, weight: 1.0 });
            let mut rule = rule(&plan);
            rule.add(&clusters);
            verdict(&plan, &mut rule.limit(), &clusters).decided
        };
        assert!(decided(&["sweep.until=decided"], 9.0) && decided(&["sweep.until=decided"], -9.0));
        assert!(!decided(&["sweep.until=decided"], 0.01) && !decided(&["sweep.until=fixed"], 9.0));
    }

    #[test]
    fn common_luck_asks_for_wider_intervals_than_luck_of_its_own_where_half_of_the_points_are_clear() {
        let wider = |set: &str| {
            let plan = plan(&[set]);
            // Spread over an interval without a pattern.
            let luck = |n: u32| f64::from(n.wrapping_mul(2_654_435_761)) / f64::from(u32::MAX) - 0.5;
            let value = |point: u32, replicate: u32| f64::from(point % 2 * 9) + luck(8 * point + replicate);
            let cluster = |point| move |replicate| Cluster { sum: value(point, replicate), weight: 1.0 };
            let points: Vec<Vec<Cluster>> =
                (0..20).map(|point| (0..8).map(cluster(point)).collect()).collect();
            let mut rule = rule(&plan);
            points.iter().for_each(|clusters| rule.add(clusters));
            let verdict = verdict(&plan, &mut rule.limit(), &points[0]);
            let alone = Clustered::mean(&points[0], plan.level()).interval;
            verdict.interval.half_width().unwrap() / alone.half_width().unwrap()
        };
        // With 10 of 20 points clear each interval has a level of 97.5%. Rotations make those of the ten others hold
        // together, at about 99.5% each.
        let own = wider("sweep.common_luck=false");
        assert!((1.15..1.25).contains(&own), "{own}");
        let common = wider("sweep.common_luck=true");
        assert!((1.4..1.8).contains(&common), "{common}");
    }
}
