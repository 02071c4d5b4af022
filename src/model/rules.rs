//! A scenario made ready for the phases: tables and single precision where the state has it.

use super::account::Prices;
use crate::scenario::{ReputationKind, Scenario};

/// All that a round needs to know and that no round changes.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The scenario as checked.
    pub scenario: Scenario,
    /// What each account counts for.
    pub(super) prices: Prices,
    /// What is left of trust after 0, 1, 2 ... rounds.
    pub(super) fade: Vec<f32>,
    /// Opinion of a stranger.
    pub(super) prior: f32,
    /// Opinion taken of a stranger who refers.
    pub(super) vouch: f32,
    /// How far a verdict moves an opinion.
    pub(super) learning: f32,
    /// Opinion that a contact must exceed to be called, asked or named.
    pub(super) call_bar: f32,
    /// Least opinion for help, by strategy.
    pub(super) min_opinion: Vec<f32>,
    /// Whether standing is public.
    pub(super) public: bool,
    /// Running shares of the strategies, the last one 1.
    pub(super) share_sums: Vec<f64>,
}

/// Single precision is what the state holds; the model documentation says so.
#[allow(clippy::cast_possible_truncation)]
pub(super) fn single(x: f64) -> f32 {
    x as f32
}

impl Rules {
    /// Prepares a checked scenario.
    pub fn new(scenario: &Scenario) -> Self {
        let r = &scenario.reputation;
        let mut kept = 1.0;
        let fade = (0..scenario.rounds)
            .map(|_| {
                let now = single(kept);
                kept *= r.fade;
                now
            })
            .collect();
        let mut sum = 0.0;
        let mut share_sums: Vec<f64> = scenario
            .strategies
            .iter()
            .map(|s| {
                sum += s.share;
                sum
            })
            .collect();
        if let Some(last) = share_sums.last_mut() {
            *last = 1.0;
        }
        Self {
            prices: Prices::new(scenario),
            fade,
            prior: single(r.prior),
            vouch: single(r.vouch),
            learning: single(r.learning),
            call_bar: single(scenario.calls.min_opinion),
            min_opinion: scenario.strategies.iter().map(|s| single(s.min_opinion)).collect(),
            public: r.kind == ReputationKind::Public,
            share_sums,
            scenario: scenario.clone(),
        }
    }

    /// Number of strategies.
    pub(super) fn n_strategies(&self) -> usize {
        self.scenario.strategies.len()
    }
}
