//! The plan of a sweep: from a scenario with factors to the scenario at each point.

use std::collections::BTreeSet;

use crate::experiment::replicates::nth_seed;
use crate::experiment::{BetPlan, Design, Layout, Outcome, level_of, outcome_names};
use crate::scenario::{
    self, Assignment, BetDesign, Factor, PointText, Row, Scenario, Setting, SweepDesign, SweepRules,
    SweptExperiment, Template, Until,
};
use crate::stats::{Cluster, Clustered, Level, Precision, decided};

use super::lattice::Lattice;
use super::point::{ListedPoint, PointFault, SweepPoint};

/// A prepared sweep.
#[derive(Clone, Debug)]
pub struct SweepPlan {
    template: Template,
    scenario: Scenario,
    rules: SweepRules,
    points: Points,
    contrast: [usize; 2],
    /// Places of the kept metrics among the outcomes.
    metrics: Vec<usize>,
    metric: usize,
    agents_max: u32,
}

/// The points.
#[derive(Clone, Debug)]
enum Points {
    Design(Design),
    Lattice(Lattice),
    List(Vec<ListedPoint>),
}

/// The metrics that are kept if a scenario names none.
const USUAL_METRICS: [&str; 4] = ["net", "inbound_calls", "opinion", "solved"];

impl SweepPlan {
    /// The plan of a scenario that was read for a sweep. `listed` are the points of a list, with a value for every
    /// factor.
    ///
    /// # Panics
    /// If the scenario has no section `[sweep]`, or a listed point lacks a value.
    pub fn new(scenario: Scenario, listed: Vec<ListedPoint>) -> Self {
        let rules = scenario.sweep.clone().expect("a scenario that was read for a sweep has one");
        let factors = &scenario.factors;
        let whole = |point: &ListedPoint| point.values.len() == factors.len();
        assert!(listed.iter().all(whole), "a point has a value per factor");
        let levels: Vec<u32> = factors.iter().map(Factor::n_levels).collect();
        let layout = match rules.design {
            SweepDesign::Grid => Layout::Grid(levels.clone()),
            SweepDesign::OneAtATime => Layout::OneAtATime(levels.clone()),
            SweepDesign::Random | SweepDesign::List => Layout::Random(rules.points),
            SweepDesign::LatinHypercube => Layout::LatinHypercube(rules.points),
            SweepDesign::SobolSequence => Layout::SobolSequence(rules.points),
            SweepDesign::Morris => Layout::Morris(rules.points),
            SweepDesign::Sobol => Layout::Saltelli(rules.points),
            SweepDesign::FactorialTraits => Layout::Grid(levels.clone()),
        };
        let points = match rules.design {
            SweepDesign::List => Points::List(listed),
            SweepDesign::Grid if rules.refine => Points::Lattice(Lattice::new(&levels, rules.depth)),
            _ => Points::Design(Design::new(layout, factors.len(), scenario.seed)),
        };
        let position = |name: &str, otherwise: usize| {
            let found = scenario.strategies.iter().position(|s| s.name == name);
            found.unwrap_or(otherwise.min(scenario.strategies.len() - 1))
        };
        let contrast = match &scenario.bet {
            Some(bet) if rules.experiment == SweptExperiment::Bet => [&bet.first, &bet.second],
            _ => [&rules.first, &rules.second],
        };
        let contrast = [position(contrast[0], 0), position(contrast[1], 1)];
        let all = outcome_names();
        let place = |name: &str| all.iter().position(|m| *m == name).expect("a checked name is a metric");
        let mut metrics: Vec<usize> = match &rules.metrics[..] {
            [] => USUAL_METRICS.iter().map(|name| place(name)).collect(),
            names => names.iter().map(|name| place(name)).collect(),
        };
        metrics.push(place(&rules.metric));
        metrics.sort_unstable();
        metrics.dedup();
        let metric = place(&rules.metric);
        let bets = rules.experiment == SweptExperiment::Bet;
        let template = Template::new(scenario.provenance(), bets);
        let template = template.expect("a scenario that was read has no faults");
        let mut plan = Self { template, rules, points, contrast, metrics, metric, scenario, agents_max: 0 };
        plan.agents_max = plan.most_agents();
        plan
    }

    /// The scenario of the file.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The section of the scenario.
    pub fn rules(&self) -> &SweepRules {
        &self.rules
    }

    /// Whether each point is a bet.
    pub fn bets(&self) -> bool {
        self.rules.experiment == SweptExperiment::Bet
    }

    /// For a sweep that splits a contrast over traits: which factors have the trait of the second strategy at a point,
    /// as bits.
    pub(crate) fn trait_set(&self, number: u64) -> usize {
        let design = self.design().expect("a factorial design");
        let has = |(_, at): &(usize, Option<f64>)| at.is_some_and(|at| at > 0.5);
        design.point(number).into_iter().enumerate().filter(has).map(|(f, _)| 1 << f).sum()
    }

    /// The level of confidence of intervals.
    pub fn level(&self) -> Level {
        level_of(&self.scenario)
    }

    /// Names of the strategy that the contrast subtracts and of the one it subtracts from.
    pub fn sides(&self) -> [&str; 2] {
        self.contrast.map(|s| self.scenario.strategies[s].name.as_str())
    }

    /// Positions of the two among the strategies.
    pub(crate) fn contrast(&self) -> [usize; 2] {
        self.contrast
    }

    /// Places of the kept metrics among the outcomes, ascending.
    pub(crate) fn metrics(&self) -> &[usize] {
        &self.metrics
    }

    /// Place of the contrast's metric among the kept ones.
    pub(crate) fn metric(&self) -> usize {
        self.metrics.iter().position(|&m| m == self.metric).expect("the metric is kept")
    }

    /// The adaptive grid of a sweep that refines.
    pub(crate) fn lattice(&self) -> Option<&Lattice> {
        if let Points::Lattice(lattice) = &self.points { Some(lattice) } else { None }
    }

    /// The design, unless the points are listed or refined.
    pub(crate) fn design(&self) -> Option<&Design> {
        if let Points::Design(design) = &self.points { Some(design) } else { None }
    }

    /// Number of points of the design. A sweep that refines visits only some of them.
    pub fn n_points(&self) -> u64 {
        match &self.points {
            Points::Design(design) => design.len(),
            Points::Lattice(lattice) => lattice.len(),
            Points::List(points) => points.len() as u64,
        }
    }

    /// Number of replicates (worlds of a bet) with which every point begins, and by which more are added.
    pub(crate) fn batch(&self) -> u32 {
        match &self.scenario.bet {
            Some(bet) if self.bets() => bet.worlds,
            _ => self.scenario.replicates,
        }
    }

    /// Maximum number of replicates (worlds) of a point.
    pub(crate) fn replicates_max(&self) -> u32 {
        match self.rules.until {
            Until::Fixed => self.batch(),
            Until::Precise | Until::Decided => self.rules.replicates_max.max(self.batch()),
        }
    }

    /// Maximum number of looks at a point, each of which decides whether it has enough replicates.
    pub(crate) fn looks(&self) -> u32 {
        self.replicates_max().div_ceil(self.batch())
    }

    /// Whether a point has enough replicates: `contrast` has a cluster of each so far, in order, and
    /// a batch has just been completed.
    pub(crate) fn enough(&self, contrast: &[Cluster]) -> bool {
        if contrast.len() >= self.replicates_max() as usize {
            return true;
        }
        match self.rules.until {
            Until::Fixed => true,
            Until::Decided => decided(&Clustered::mean(contrast, self.level()), self.looks(), self.level()),
            Until::Precise => {
                let fewest = if self.bets() { Precision::WORLDS_MIN } else { Precision::REPLICATES_MIN };
                let rule = Precision { half_width: self.rules.precision, level: self.level(), fewest };
                let before = contrast.len() - self.batch() as usize;
                rule.narrow(contrast) && rule.narrow(&contrast[..before])
            }
        }
    }

    /// A point by its number.
    ///
    /// # Panics
    /// If there is no such point.
    pub fn point(&self, number: u64) -> SweepPoint {
        let settings: Vec<Setting> = match &self.points {
            Points::Design(design) => self.settings(&design.point(number)),
            Points::Lattice(lattice) => self.settings(&lattice.point(number)),
            Points::List(points) => {
                let place = usize::try_from(number).expect("listed points are held in memory");
                let factors = self.scenario.factors.iter().zip(&points[place].values);
                factors.map(|(factor, value)| factor.listed(value)).collect()
            }
        };
        self.point_at(number, settings)
    }

    /// The point of this number with its factors set so.
    pub(super) fn point_at(&self, number: u64, settings: Vec<Setting>) -> SweepPoint {
        let mut sets: Vec<Assignment> = settings.iter().flat_map(|s| s.sets.clone()).collect();
        sets.extend(self.scenario.shares_of_others(&sets));
        if !self.rules.common_luck {
            // Below 2^53, so that no two points share a seed: there are less than 2^32 points.
            let first = number * u64::from(self.replicates_max());
            sets.push(Assignment::whole("seed", nth_seed(self.scenario.seed, first)));
        }
        let crossover = |bet: &scenario::BetRules| bet.design == BetDesign::Crossover;
        if self.bets() && self.scenario.bet.as_ref().is_some_and(crossover) {
            sets.push(Assignment::name("bet.design", BetDesign::Twins.name()));
        }
        SweepPoint { number, values: settings.into_iter().map(|s| s.value).collect(), sets }
    }

    fn settings(&self, coordinates: &[Option<f64>]) -> Vec<Setting> {
        let at = |(factor, coordinate): (&Factor, &Option<f64>)| match coordinate {
            Some(coordinate) => factor.at(*coordinate),
            None => {
                let value = self.scenario.value_of(&factor.keys[0]).unwrap_or_default();
                Setting { value, sets: Vec::new() }
            }
        };
        self.scenario.factors.iter().zip(coordinates).map(at).collect()
    }

    /// The scenario of a point.
    ///
    /// # Errors
    /// If the values of the point are not valid together.
    pub fn scenario_at(&self, point: &SweepPoint) -> Result<Scenario, PointFault> {
        let scenario = self.template.with(&point.sets, || self.origins(point));
        scenario.map_err(|faults| PointFault { point: point.number, diagnostics: Box::new(faults) })
    }

    /// Where the values of a point come from.
    fn origins(&self, point: &SweepPoint) -> PointText {
        let listed = match &self.points {
            Points::List(points) => usize::try_from(point.number).ok().and_then(|place| points.get(place)),
            Points::Design(_) | Points::Lattice(_) => None,
        };
        let row = |listed: &ListedPoint| Row {
            file: self.rules.file.clone(),
            line: listed.line,
            text: listed.text.clone(),
        };
        let origin = |set: &Assignment| {
            let sets = |factor: &Factor| factor.keys.iter().any(|key| key == set.path());
            let Some(factor) = self.scenario.factors.iter().position(sets) else {
                return (format!("point {}", point.number), None);
            };
            let name = &self.scenario.factors[factor].name;
            let cell = listed.and_then(|listed| listed.places.get(factor).cloned());
            (format!("factor {name}, point {}", point.number), cell)
        };
        PointText { row: listed.map(row), values: point.sets.iter().map(origin).collect() }
    }

    /// The first point of a list with a value that a key does not take.
    pub(super) fn first_unread(&self) -> Option<u64> {
        let Points::List(points) = &self.points else { return None };
        let read =
            |(factor, value): (&Factor, &String)| factor.listed(value).sets.iter().all(Assignment::is_read);
        let all_read = |point: &ListedPoint| self.scenario.factors.iter().zip(&point.values).all(read);
        points.iter().position(|point| !all_read(point)).map(|place| place as u64)
    }

    /// The bet of a point.
    ///
    /// # Errors
    /// If the values of the point are not valid together.
    pub fn bet_at(&self, point: &SweepPoint) -> Result<BetPlan, PointFault> {
        Ok(BetPlan::new(&self.scenario_at(point)?, false))
    }

    /// The kept metrics of one strategy's outcome.
    pub(crate) fn kept<'a>(&'a self, outcome: &'a Outcome) -> impl Iterator<Item = f64> + 'a {
        self.metrics.iter().map(|&m| outcome[m])
    }

    /// The lowest and the highest value of a factor over all points; none if some value is a name.
    pub(crate) fn range(&self, factor: usize) -> Option<[f64; 2]> {
        let Factor { min, max, values, .. } = &self.scenario.factors[factor];
        let ends = |texts: &mut dyn Iterator<Item = String>| {
            let mut range = [f64::INFINITY, f64::NEG_INFINITY];
            for text in texts {
                let value: f64 = text.parse().ok()?;
                range = [range[0].min(value), range[1].max(value)];
            }
            Some(range)
        };
        let row = &self.scenario.factors[factor];
        match &self.points {
            Points::List(points) => {
                ends(&mut points.iter().map(|point| row.listed(&point.values[factor]).value))
            }
            _ if values.is_empty() => Some([*min, *max]),
            _ => ends(&mut values.iter().map(|value| row.given(value).value)),
        }
    }

    /// The extreme values of a factor over the points: the ends of its range, or all its names.
    pub(super) fn extremes(&self, factor: usize) -> Vec<Setting> {
        let row = &self.scenario.factors[factor];
        if let (Points::Design(_) | Points::Lattice(_), true) = (&self.points, row.values.is_empty()) {
            return vec![row.at(0.0), row.at(1.0)];
        }
        if let Some(ends) = self.range(factor) {
            return ends.iter().map(|number| row.given(&number.to_string())).collect();
        }
        let names: BTreeSet<&String> = match &self.points {
            Points::List(points) => points.iter().map(|point| &point.values[factor]).collect(),
            Points::Design(_) | Points::Lattice(_) => row.values.iter().collect(),
        };
        names.into_iter().map(|name| row.given(name)).collect()
    }

    /// Approximate memory for the points during the sweep, in bytes.
    pub(crate) fn held_bytes(&self) -> u64 {
        /// A text with its allocation on the heap.
        const TEXT_BYTES: u64 = 48;
        /// A point of a lattice: its number among those visited, its side, and its part of a cell.
        const VISITED_BYTES: u64 = 100;
        /// A p-value, which is held if it is small.
        const P_VALUE_BYTES: u64 = 8;
        let factors = self.scenario.factors.len() as u64;
        let tested_alone = self.rules.until == Until::Decided || !self.rules.common_luck;
        let p_values = |points: u64| if tested_alone { points * P_VALUE_BYTES } else { 0 };
        let held = match (&self.points, self.rules.design) {
            // Each value, and its range in the text of the row.
            (Points::List(points), _) => points.len() as u64 * (factors * 2 + 1) * TEXT_BYTES,
            (Points::Lattice(lattice), _) => lattice.n_coarse() * VISITED_BYTES,
            (Points::Design(_), SweepDesign::LatinHypercube) => Self::slices_bytes(&self.scenario),
            (Points::Design(design), SweepDesign::Morris | SweepDesign::Sobol) => {
                // The mean of every metric at each point, and for one metric at a time up to seven numbers per point
                // for its indices and their intervals.
                8 * design.len() * (self.metrics.len() as u64 + 7)
            }
            (Points::Design(design), SweepDesign::FactorialTraits) => {
                // The outcomes of one metric at all points.
                8 * design.len() * u64::from(self.replicates_max())
            }
            (Points::Design(_), _) => 0,
        };
        let points = self.lattice().map_or_else(|| self.n_points(), Lattice::n_coarse);
        held + p_values(points)
    }

    /// Maximum number of agents at a point.
    pub(crate) fn agents_max(&self) -> u32 {
        self.agents_max
    }

    /// Maximum number of agents that the factors set at a point, or else that of the scenario.
    fn most_agents(&self) -> u32 {
        let factors = 0..self.scenario.factors.len();
        let of_agents = factors.filter(|&f| self.scenario.factors[f].sets_key("population.agents"));
        // Invalid numbers of agents are reported when their point is checked. Valid ones fit.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let most = of_agents.filter_map(|f| self.range(f)).map(|[_, most]| most as u32);
        most.fold(self.scenario.population.agents, u32::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Override, Source, parse_sweep};

    #[test]
    fn points_that_are_tested_one_by_one_hold_their_p_values() {
        let held = |set: &str| {
            let text = "[sweep]\n[[factor]]\nname = \"fee\"\nkeys = \"calls.fee\"\nlevels = 50\nmax = 0.5\n";
            let source = Source { name: "test", bytes: text.as_bytes() };
            let scenario = parse_sweep(&source, &[Override::set(set)], &["net"], &[]).unwrap();
            SweepPlan::new(scenario, Vec::new()).held_bytes()
        };
        assert_eq!(held("sweep.common_luck=true"), 0);
        assert_eq!(held("sweep.common_luck=false"), 50 * 8);
        assert_eq!(held("sweep.until=decided"), 50 * 8);
    }
}
