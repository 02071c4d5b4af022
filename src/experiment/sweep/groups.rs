//! Units of points that differ only in prices that nobody reacts to: one simulation serves them all.

use std::collections::BTreeMap;

use super::plan::SweepPlan;
use super::unit::Unit;
use crate::model::RoundRecord;
use crate::scenario::{Scenario, SweepDesign};

/// Maximum size of the records that one simulation makes for its points.
const RECORDS_MAX: usize = 16 << 20;

impl SweepPlan {
    /// Whether some points can share a simulation.
    fn has_prices(&self) -> bool {
        !self.bets() && self.scenario().factors.iter().any(|factor| self.scenario().is_price(factor))
    }

    /// Memory for the records of simulations that points share, per thread, in bytes.
    pub fn shared_bytes(&self) -> u64 {
        if self.has_prices() { RECORDS_MAX as u64 } else { 0 }
    }

    /// Memory for the points of a design that are made at the start, before the first is run: the slices of a Latin
    /// hypercube.
    pub(crate) fn slices_bytes(scenario: &Scenario) -> u64 {
        let rules = scenario.sweep.as_ref().filter(|sweep| sweep.design == SweepDesign::LatinHypercube);
        rules.map_or(0, |rules| 4 * u64::from(rules.points) * scenario.factors.len() as u64)
    }

    /// Units in groups, each of one range of replicates of points that behave alike, ordered by their first units;
    /// `None` if no points can.
    pub(super) fn groups(&self, n: usize, unit: impl Fn(usize) -> Unit) -> Option<Vec<Vec<Unit>>> {
        if !self.has_prices() {
            return None;
        }
        let scenario = self.scenario();
        let rows = scenario.rounds as usize * scenario.strategies.len();
        let most = (RECORDS_MAX / (rows * size_of::<RoundRecord>())).max(1);
        let mut groups: Vec<Vec<Unit>> = Vec::new();
        let mut places: BTreeMap<_, usize> = BTreeMap::new();
        for i in 0..n {
            let unit = unit(i);
            let key = (unit.replicates.start, unit.replicates.end, self.behaviour(unit.point));
            match places.get(&key).map(|&place| &mut groups[place]) {
                Some(group) if group.len() < most => group.push(unit),
                _ => {
                    places.insert(key, groups.len());
                    groups.push(vec![unit]);
                }
            }
        }
        Some(groups)
    }

    /// Everything that a point sets except prices that nobody reacts to.
    fn behaviour(&self, point: u64) -> Vec<String> {
        let (scenario, point) = (self.scenario(), self.point(point));
        point.sets.iter().filter(|set| !scenario.sets_price(set)).map(ToString::to_string).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Source, parse_sweep};

    fn plan(text: &str) -> SweepPlan {
        let scenario = parse_sweep(&Source { name: "test", bytes: text.as_bytes() }, &[], &["net"], &[]);
        SweepPlan::new(scenario.unwrap_or_else(|faults| panic!("{faults}")), Vec::new())
    }

    const WORLD: &str = "rounds = 26\nburn_in = 5\nreplicates = 3\n[population]\nagents = 90\ntown_size = 45\n\
        [mixer]\ntravel = 0.3\ntravel_cost = 0.7\n";
    const FACTORS: &str = "[[factor]]\nname = \"legibility\"\nkeys = \"reputation.legibility\"\nlevels = 2\n\
        [[factor]]\nname = \"fee\"\nkeys = \"calls.fee\"\nmax = 0.73\nlevels = 3\n\
        [[factor]]\nname = \"costs\"\nkeys = [\"help.assist_cost\", \"help.refer_cost\", \"mixer.cost\", \
        \"mixer.travel_cost\", \"help.encourage_cost\"]\nmin = 0.013\nmax = 3.1\nlevels = 2\n\
        [[factor]]\nname = \"values\"\nkeys = [\"needs.value\", \"help.encourage_value\"]\nmin = 0.7\nmax = 11.1\n\
        levels = 2\n";

    fn units(plan: &SweepPlan) -> Vec<Unit> {
        (0..plan.n_points()).map(|point| Unit { point, replicates: 0..2 }).collect()
    }

    #[test]
    fn points_share_nothing_where_agents_react_to_prices_or_have_other_seeds() {
        for section in ["[survival]\n", "[evolution]\n"] {
            assert!(plan(&format!("{WORLD}{section}{FACTORS}")).groups(0, |_| unreachable!()).is_none());
        }
        let separate = plan(&format!("{WORLD}[sweep]\ncommon_luck = false\n{FACTORS}"));
        let units = units(&separate);
        assert_eq!(separate.groups(24, |i| units[i].clone()).unwrap().len(), 24);
        let bets = plan(&format!("{WORLD}[sweep]\nexperiment = \"bet\"\n{FACTORS}"));
        assert!(bets.groups(0, |_| unreachable!()).is_none());
    }

    #[test]
    fn a_group_is_not_larger_than_its_records_may_be() {
        let many =
            "rounds = 10_000\n[[factor]]\nname = \"fee\"\nkeys = \"calls.fee\"\nmax = 0.6\nlevels = 20\n";
        let plan = plan(many);
        let units = units(&plan);
        let groups = plan.groups(20, |i| units[i].clone()).unwrap();
        let most = 20.min(RECORDS_MAX / (30_000 * size_of::<RoundRecord>())).max(1);
        assert_eq!(groups.len(), 20_usize.div_ceil(most));
        assert!(groups.iter().all(|group| group.len() <= most));
    }
}
