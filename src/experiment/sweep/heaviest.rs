//! The heaviest point of a sweep, for example the one that takes the most memory.

use super::plan::SweepPlan;
use crate::parallel::ThreadPool;
use crate::scenario::{Scenario, Setting, SweepDesign};

/// Maximum number of points that are weighed one by one.
const WEIGHED: u64 = 100_000;

/// The greatest weight of a point's scenario. `weigh` must be monotonic in each factor.
///
/// First it weighs all factors together at their heaviest values. The sweep need not have this point. So if the weight
/// is above `most`, the points of the sweep are weighed one by one, unless there are too many.
pub(crate) fn heaviest(
    plan: &SweepPlan,
    pool: &ThreadPool,
    most: u64,
    weigh: impl Fn(&Scenario) -> u64 + Sync,
) -> u64 {
    let base: Vec<Setting> = (0..plan.scenario().factors.len()).map(|_| as_given()).collect();
    let weight_of = |settings: Vec<Setting>| {
        let scenario = plan.scenario_at(&plan.point_at(0, settings)).ok()?;
        Some(weigh(&scenario))
    };
    // By factor: its heaviest value, and the weight of the scenario with this value.
    let alone = |factor: usize| {
        let weighed = plan.extremes(factor).into_iter().filter_map(|setting| {
            let mut settings = base.clone();
            settings[factor] = setting.clone();
            Some((weight_of(settings)?, setting))
        });
        weighed.max_by_key(|(weight, _)| *weight)
    };
    let each: Vec<Option<(u64, Setting)>> = (0..base.len()).map(alone).collect();
    if plan.rules().design == SweepDesign::OneAtATime {
        return each.into_iter().flatten().map(|(weight, _)| weight).max().unwrap_or(0);
    }
    let together = each.into_iter().map(|found| found.map_or_else(as_given, |(_, setting)| setting));
    let together = weight_of(together.collect());
    match together {
        Some(weight) if weight <= most || plan.n_points() > WEIGHED => weight,
        _ => {
            let step = plan.n_points().div_ceil(WEIGHED).max(1);
            let points = (0..plan.n_points()).step_by(usize::try_from(step).unwrap_or(usize::MAX)).collect();
            let weight =
                |number| plan.scenario_at(&plan.point(number)).map_or(0, |scenario| weigh(&scenario));
            pool.install(|par| par.map(points, weight)).into_iter().max().unwrap_or(0)
        }
    }
}

/// A factor at the scenario's own value.
fn as_given() -> Setting {
    Setting { value: String::new(), sets: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::ListedPoint;
    use crate::scenario::{Source, parse_sweep};

    /// The most agents times ties of a point.
    fn most(text: &str, listed: &[[&str; 2]], enough: u64) -> u64 {
        let scenario = parse_sweep(&Source { name: "test", bytes: text.as_bytes() }, &[], &["net"], &[]);
        let scenario = scenario.unwrap_or_else(|faults| panic!("{faults}"));
        let listed = listed
            .iter()
            .map(|point| ListedPoint { values: point.map(str::to_owned).to_vec(), ..ListedPoint::default() });
        let listed = listed.collect();
        let plan = SweepPlan::new(scenario, listed);
        let weigh = |s: &Scenario| u64::from(s.population.agents) * u64::from(s.population.ties_max);
        heaviest(&plan, &ThreadPool::new(2).unwrap(), enough, weigh)
    }

    fn factors(agents: &str, ties: &str) -> String {
        format!("[[factor]]\nname = \"a\"\n{agents}\n[[factor]]\nname = \"t\"\n{ties}\n")
    }

    #[test]
    fn the_heaviest_point_of_a_grid_has_the_most_of_everything() {
        let agents = "keys = \"population. agents\"\nmin = 50\nmax = 5000000";
        let ties = "keys = [\"population.ties_max\"]\nvalues = [\"0x10\", 10]";
        assert_eq!(most(&factors(agents, ties), &[], 0), 5_000_000 * 16);
        let alone = format!("[sweep]\ndesign = \"one-at-a-time\"\n{}", factors(agents, ties));
        assert_eq!(most(&alone, &[], 0), 5_000_000 * 50);
    }

    #[test]
    fn the_weight_of_a_list_is_that_of_its_heaviest_row() {
        let list = "[sweep]\ndesign = \"list\"\nfile = \"points.csv\"\n";
        let text =
            format!("{list}{}", factors("keys = \"population.agents\"", "keys = \"population.ties_max\""));
        let rows = [["50", "60000"], ["1_000_000", "1"], ["100", "20"]];
        assert_eq!(most(&text, &rows, 0), 50 * 60_000);
        assert_eq!(most(&text, &rows, u64::MAX), 1_000_000 * 60_000, "at most; it is enough to know that");
    }
}
