//! The outcomes of a bet, accumulated world by world.

use serde::Serialize;

use super::claims::BetClaims;
use super::differences::{BetRow, Differences, difference};
use super::verdict::VerdictInput;
use crate::amount::Amount;
use crate::experiment::{
    BILLIONTHS, BetPlan, Gain, TwinRecord, WorldRecord, amount_cluster, in_billionths, level_of,
};
use crate::model::{AMOUNTS, BENEFITS, N_AMOUNTS};
use crate::stats::{
    BreakEven, Cluster, Clustered, Crossover, CrossoverLife, Interval, Level, Moments, break_even, crossover,
    people_for_crossover, people_for_two_groups,
};

/// A mean difference with its interval, clustered by world, at one horizon.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BetMean {
    /// Rounds after the event.
    pub horizon: u32,
    /// A channel, a trait, or a group of agents.
    pub what: &'static str,
    /// Mean of second - first; no interval with one world.
    #[serde(flatten)]
    pub mean: Interval,
}

impl BetMean {
    fn new(horizon: u32, what: &'static str, clusters: &[Cluster], level: Level) -> Self {
        Self { horizon, what, mean: Clustered::skewed_mean(clusters, level).interval }
    }
}

/// The last crossing of zero by the mean difference.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BreakEvenNote {
    /// Rounds after the event.
    pub horizon: f64,
    /// Whether the second strategy is ahead from there on.
    pub second_ahead: bool,
    /// Lower end of the interval; `None` if it is before the first horizon.
    pub ci_low: Option<f64>,
    /// Upper end; `None` if the mean is not clear of zero at the last horizon.
    pub ci_high: Option<f64>,
}

/// One line of `bet_crossover_summary.csv`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Quantity {
    /// Name of the quantity.
    pub name: &'static str,
    /// Its value; NaN if it is not known. Some quantities have no interval, and with one world none has.
    #[serde(flatten)]
    pub mean: Interval,
}

impl Quantity {
    fn alone(name: &'static str, mean: Option<f64>) -> Self {
        Self { name, mean: Interval::around(mean.unwrap_or(f64::NAN), None) }
    }

    fn of(name: &'static str, estimate: Clustered) -> Self {
        Self { name, mean: estimate.interval }
    }
}

/// The results of a crossover, compared with the true difference.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CrossoverNote {
    /// Number of rounds that count from each event on.
    pub window: u32,
    /// Number of lives.
    pub lives: u64,
    /// The lines of `bet_crossover_summary.csv`.
    pub quantities: Vec<Quantity>,
}

/// Every difference so far. It takes some tens of bytes of memory per twin and horizon.
#[derive(Clone, Debug)]
pub(crate) struct BetOutcomes {
    /// Net benefit of every twin.
    nets: Differences,
    traits: Vec<&'static str>,
    window: Option<u32>,
    /// By horizon, then by amount: a cluster per world.
    amounts: Vec<Vec<Vec<Cluster>>>,
    /// By horizon: partners and rest.
    others: Vec<[Vec<Cluster>; 2]>,
    /// By horizon, then by trait.
    parts: Vec<Vec<Vec<Cluster>>>,
    lives: Vec<CrossoverLife>,
}

/// An amount of a gain, with a negative sign for costs.
fn signed(gain: &Gain, amount: usize) -> Amount {
    if amount < BENEFITS.len() { gain.amounts[amount] } else { -gain.amounts[amount] }
}

impl BetOutcomes {
    /// Empty outcomes.
    pub(crate) fn new(plan: &BetPlan) -> Self {
        let n = plan.horizons().len();
        let traits = if plan.decomposes() { plan.differing_traits() } else { Vec::new() };
        Self {
            nets: Differences::new(plan.horizons().to_vec(), level_of(&plan.rules().scenario)),
            window: plan.window(),
            amounts: vec![vec![Vec::new(); N_AMOUNTS]; n],
            others: vec![[Vec::new(), Vec::new()]; n],
            parts: vec![vec![Vec::new(); traits.len()]; n],
            traits,
            lives: Vec::new(),
        }
    }

    /// Adds one world.
    pub(crate) fn push(&mut self, record: &WorldRecord) {
        let nets = |t: &TwinRecord| t.horizons.iter().map(|at| [at.first.net, at.second.net]).collect();
        self.nets.push(&record.twins.iter().map(nets).collect::<Vec<_>>());
        for h in 0..self.nets.horizons.len() {
            let at = || record.twins.iter().map(|twin| &twin.horizons[h]);
            for (amount, clusters) in self.amounts[h].iter_mut().enumerate() {
                let difference = at().map(|t| signed(&t.second, amount) - signed(&t.first, amount));
                clusters.push(amount_cluster(difference));
            }
            self.others[h][0].push(amount_cluster(at().map(|t| t.partners)));
            self.others[h][1].push(amount_cluster(at().map(|t| t.rest)));
            for (t, clusters) in self.parts[h].iter_mut().enumerate() {
                let Cluster { sum, weight } = amount_cluster(record.parts.iter().map(|p| p.parts[h][t]));
                let divisor = record.parts.first().map_or(1, |p| p.divisor);
                clusters.push(Cluster { sum, weight: weight * divisor as f64 });
            }
        }
        self.push_lives(record);
    }

    fn push_lives(&mut self, record: &WorldRecord) {
        let Some(last) = self.window.map(|window| window - 1) else { return };
        let h = self
            .nets
            .horizons
            .iter()
            .position(|&horizon| horizon == last)
            .expect("the window's end is a horizon");
        for (life, twin) in record.crossovers.iter().zip(&record.twins) {
            let at = &twin.horizons[h];
            self.lives.push(CrossoverLife {
                cluster: record.world,
                second_came_first: life.second_came_first,
                difference: in_billionths(life.second - life.first),
                truth: in_billionths(at.second.net - at.first.net),
            });
        }
    }

    /// The level of confidence of intervals.
    pub(super) fn level(&self) -> Level {
        self.nets.level
    }

    /// A cluster per world of the difference at a horizon.
    fn differences(&self, h: usize) -> Vec<Cluster> {
        self.nets.clusters(h, difference)
    }

    /// The median difference at the last horizon.
    pub(super) fn median(&self) -> f64 {
        self.nets.median()
    }

    /// The differences at the last horizon, a cluster per world.
    pub(crate) fn last(&self) -> Vec<Cluster> {
        self.nets.last()
    }

    /// The lines of `bet_summary.csv`.
    pub(super) fn rows(&self) -> Vec<BetRow> {
        self.nets.rows()
    }

    /// The lines of `bet_channels.csv`.
    pub(super) fn channels(&self) -> Vec<BetMean> {
        let rows = self.nets.horizons.iter().zip(&self.amounts);
        rows.flat_map(|(&horizon, amounts)| {
            let named = AMOUNTS.iter().zip(amounts);
            named.map(move |(amount, clusters)| BetMean::new(horizon, amount.name, clusters, self.level()))
        })
        .collect()
    }

    /// The lines of `bet_others.csv`.
    pub(super) fn others(&self) -> Vec<BetMean> {
        let mut rows = Vec::new();
        for (h, &horizon) in self.nets.horizons.iter().enumerate() {
            let focal = self.differences(h);
            let [partners, rest] = &self.others[h];
            let add = |a: &Cluster, b: &Cluster| Cluster { sum: a.sum + b.sum, weight: a.weight };
            let both: Vec<Cluster> = partners.iter().zip(rest).map(|(p, r)| add(p, r)).collect();
            let everyone: Vec<Cluster> = focal.iter().zip(&both).map(|(f, o)| add(f, o)).collect();
            for (whom, clusters) in
                [("focal", &focal), ("partners", partners), ("rest", rest), ("everyone", &everyone)]
            {
                rows.push(BetMean::new(horizon, whom, clusters, self.level()));
            }
        }
        rows
    }

    /// The lines of `bet_parts.csv`.
    pub(super) fn parts(&self) -> Vec<BetMean> {
        let mut rows = Vec::new();
        for (h, &horizon) in self.nets.horizons.iter().enumerate().filter(|_| !self.traits.is_empty()) {
            for (name, clusters) in self.traits.iter().zip(&self.parts[h]) {
                rows.push(BetMean::new(horizon, name, clusters, self.level()));
            }
            rows.push(BetMean::new(horizon, "all", &self.differences(h), self.level()));
        }
        rows
    }

    /// The last crossing of zero by the mean difference, if there is one.
    pub(super) fn break_even(&self) -> Option<BreakEvenNote> {
        let times: Vec<f64> = self.nets.horizons.iter().map(|&h| h.into()).collect();
        let by_horizon: Vec<Vec<Cluster>> = (0..times.len()).map(|h| self.differences(h)).collect();
        let worlds: Vec<Vec<Cluster>> = (0..self.nets.sizes.len())
            .map(|w| by_horizon.iter().map(|clusters| clusters[w]).collect())
            .collect();
        let BreakEven { at, upward, low, high } = break_even(&times, &worlds, self.level())?;
        Some(BreakEvenNote { horizon: at, second_ahead: upward, ci_low: low, ci_high: high })
    }

    /// The input of the verdict at the last horizon, whose line of `bet_summary.csv` is `row`; `usual` is the side whose
    /// net benefit leads are compared with.
    pub(super) fn verdict_input<'a>(
        &self,
        names: [&'a str; 2],
        usual: usize,
        row: &BetRow,
    ) -> VerdictInput<'a> {
        let BetClaims { mean, chances, tie, lead, trimmed } = row.claims();
        let h = self.nets.horizons.len() - 1;
        VerdictInput {
            names,
            horizon: row.horizon,
            worlds: self.nets.sizes.len() as u64,
            mean,
            chances,
            tie,
            lead,
            trimmed,
            beyond_far: self.nets.beyond(h, VerdictInput::FAR, usual),
            needed: row.power.needed,
            level: self.level(),
        }
    }

    /// The results of the crossover, if there was one and both orders have lives.
    pub(super) fn crossover(&self) -> Option<CrossoverNote> {
        let Crossover { estimate, truth, bias, first_came_first, second_came_first, sd, lives } =
            crossover(&self.lives, BILLIONTHS, self.level())?;
        let people = sd.and_then(|sd| people_for_crossover(sd, truth.interval.mean, self.level()));
        let h = self.nets.horizons.iter().position(|&h| Some(h + 1) == self.window)?;
        let spread = |s: usize| self.nets.nets[h].iter().map(|twin| twin[s].per(1)).collect::<Moments>().sd();
        let groups = spread(0).zip(spread(1));
        let groups =
            groups.and_then(|(a, b)| people_for_two_groups([a, b], truth.interval.mean, self.level()));
        Some(CrossoverNote {
            window: self.window?,
            lives,
            quantities: vec![
                Quantity::of("estimate", estimate),
                Quantity::of("truth", truth),
                Quantity::of("bias", bias),
                Quantity::alone("first_came_first", Some(first_came_first)),
                Quantity::alone("second_came_first", Some(second_came_first)),
                Quantity::alone("people_crossover", people),
                Quantity::alone("people_two_groups", groups),
            ],
        })
    }
}

#[cfg(test)]
mod tests;
