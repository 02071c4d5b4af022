//! A scenario prepared for the phases: tables, thresholds, and single precision where the state has it.

use super::account::Prices;
use super::behaviour::{Behaviour, Observations};
use super::gratitude::helpful;
use super::judge::{ByNorm, by_norm};
use super::precision::single;
use super::reactions::Reactions;
use super::shares::cumulative;
use super::sizes::SizeShares;
use super::weights::weighs_candidates;
use crate::draws::threshold;
use crate::scenario::{ReputationKind, Scenario, Strategy};

/// A scenario prepared for the model: everything that a round reads and no round changes.
///
/// ```
/// let rules = mingle::Rules::new(&mingle::Scenario::default());
/// assert_eq!(rules.scenario.population.agents, 2000);
/// ```
#[derive(Clone, Debug)]
pub struct Rules {
    /// The checked scenario.
    pub scenario: Scenario,
    /// The prices of payments.
    pub prices: Prices,
    /// Reactions to prices.
    pub(super) reactions: Reactions,
    /// Opinion of a stranger.
    pub(super) prior: f32,
    /// Opinion of a stranger who makes a referral.
    pub(super) vouch: f32,
    /// Share by which an opinion moves toward a verdict.
    pub(super) learning: f32,
    /// Opinion that a contact must exceed to be called, asked or named.
    pub(super) call_threshold: f32,
    /// Behaviours: one per strategy, then those that no strategy has, then the same of agents that help whatever they
    /// think of the other ([`helpful`]), if there are any. Of people who differ, these are the means.
    pub(super) behaviours: Vec<Behaviour>,
    /// The traits of each behaviour.
    pub(super) traits: Vec<Strategy>,
    /// Whether people with the same behaviour differ in it.
    pub(super) people_differ: bool,
    /// Chance, as a threshold, to give help that nobody asked for.
    pub(super) gives: i32,
    /// Observation probabilities.
    pub(super) observations: Observations,
    /// Base verdicts, by region.
    pub(super) by_norm: Vec<ByNorm>,
    /// Whether reputation is public.
    pub(super) public: bool,
    /// Whether any behaviour has a positive chance to stay in a conversation.
    pub(super) lingers: bool,
    /// From the position of a behaviour to that of an agent that helps whatever it thinks of the other.
    pub(super) helpful: Option<u16>,
    /// Whether guests weigh candidates when they choose whom to talk to.
    pub(crate) weighs_candidates: bool,
    /// Whether rounds of ties are counted, because keeping a tie can cost something.
    pub(super) charges_ties: bool,
    /// Chance, as a threshold, that a guest stays in a conversation that only it wants to end.
    pub(super) politeness: i32,
    /// Cumulative shares of the strategies; the last one is 1.
    pub(super) share_sums: Vec<f64>,
    /// The rules from the round of each change on, rounds ascending.
    pub(super) later: Vec<(u32, Self)>,
    /// The sizes of needs.
    pub(super) sizes: SizeShares,
}

impl Rules {
    /// Prepares a checked scenario.
    ///
    /// # Panics
    /// If the scenario still says `burn_in = "auto"`; `settle_burn_in` finds the number.
    pub fn new(scenario: &Scenario) -> Self {
        Self::with_behaviours(scenario, &[])
    }

    /// Prepares a checked scenario with further behaviours, which no strategy has and which an intervention can give
    /// to an agent. They are numbered from the number of strategies on.
    ///
    /// # Panics
    /// As [`Rules::new`], and if there are more than 65,536 strategies and behaviours.
    pub(crate) fn with_behaviours(scenario: &Scenario, more: &[Strategy]) -> Self {
        assert!(!scenario.auto_burn_in, "burn-in was not settled; see settle_burn_in");
        let mut traits: Vec<Strategy> = scenario.strategies.iter().chain(more).cloned().collect();
        let own = traits.len();
        traits.extend(traits.clone().iter().filter_map(|traits| helpful(&scenario.help, traits)));
        assert!(traits.len() <= 1 << 16, "behaviours are numbered in 16 bits");
        let helpful = (traits.len() > own).then(|| u16::try_from(own).expect("numbered in 16 bits"));
        let r = &scenario.reputation;
        let prices = Prices::new(scenario);
        let reactions = Reactions::new(scenario, &prices);
        let usual = (scenario.help.execution_error, scenario.needs.rate);
        let mut behaviours: Vec<Behaviour> = (0..=u16::MAX)
            .zip(&traits)
            .map(|(number, traits)| Behaviour::new(number, traits, usual, &reactions))
            .collect();
        for k in own..traits.len() {
            // Whoever reads the motive reads that of the strategy.
            behaviours[k].motive = behaviours[k - own].motive;
        }
        let polish_differs = traits.iter().any(|traits| traits.polish_sd > 0.0);
        let later = scenario.periods();
        let later = later.map(|(round, scenario)| (round, Self::with_behaviours(&scenario, more))).collect();
        Self {
            later,
            prices,
            gives: threshold(reactions.assist),
            reactions,
            prior: single(r.prior),
            vouch: single(r.vouch),
            learning: single(r.learning),
            call_threshold: single(scenario.calls.min_opinion),
            public: r.kind == ReputationKind::Public,
            helpful,
            weighs_candidates: weighs_candidates(&scenario.mixer),
            charges_ties: scenario.charges_ties(),
            politeness: threshold(scenario.mixer.politeness),
            lingers: traits.iter().any(|traits| traits.linger > 0.0),
            by_norm: scenario.regions.iter().map(|region| by_norm(r, region.push_penalty)).collect(),
            observations: Observations::new(scenario, &behaviours, polish_differs),
            people_differ: scenario.people_differ(),
            behaviours,
            traits,
            share_sums: cumulative(scenario.strategies.iter().map(|s| s.share)),
            sizes: SizeShares::new(&scenario.needs),
            scenario: scenario.clone(),
        }
    }

    /// Number of strategies.
    pub(super) fn n_strategies(&self) -> usize {
        self.scenario.strategies.len()
    }
}
