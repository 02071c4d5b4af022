//! The plan of a bet: interventions, rounds and focal agents, from a scenario.

use crate::draws::{Purpose, RandomKey};
use crate::experiment::LARGE;
use crate::model::{AgentId, Intervention, Rules, Simulation};
use crate::scenario::{ANY_STRATEGY, BetDesign, BetRules, Scenario, Strategy, Trait, differing_traits};

/// Maximum number of differing traits for which all combinations are run.
pub(super) const EXACT_MAX: usize = 6;

/// A prepared bet: everything that no world changes.
#[derive(Clone, Debug)]
pub struct BetPlan {
    rules: Rules,
    bet: BetRules,
    event_round: u32,
    /// Horizons in rounds after the event, ascending.
    horizons: Vec<u32>,
    /// Position of the focal agents' own strategy; `None` for any.
    usual: Option<u16>,
    first: u16,
    second: u16,
    /// The traits in which the two differ, among those that matter at a mixer.
    differing: Vec<&'static Trait>,
    decomposes: bool,
}

impl BetPlan {
    /// The plan of a scenario's bet. With `decompose` the difference is split over the differing traits.
    ///
    /// # Panics
    /// If the scenario has no section `[bet]`.
    pub fn new(scenario: &Scenario, decompose: bool) -> Self {
        let bet = scenario.bet.clone().expect("a scenario that was read for a bet has one");
        let scenario = scenario.with_rounds_of(&bet);
        let position = |name: &str| {
            let position = scenario.strategies.iter().position(|s| s.name == name);
            let position = position.expect("the names of a checked bet are strategies");
            u16::try_from(position).expect("strategies are few")
        };
        let (first, second) = (position(&bet.first), position(&bet.second));
        let usual = (bet.usual != ANY_STRATEGY).then(|| position(&bet.usual));
        let [one, other] = [first, second].map(|s| &scenario.strategies[usize::from(s)]);
        // Attending is certain in a bet, and the agent gossips by its own strategy.
        let differing: Vec<&Trait> = differing_traits(one, other).filter(|t| t.at_mixers).collect();
        let mixed = if decompose { combinations(one, other, &differing) } else { Vec::new() };
        let mut horizons = bet.horizons.clone();
        if bet.design == BetDesign::Crossover {
            // The twins' difference over the same rounds is compared with the crossover.
            horizons.push(scenario.crossover_window(&bet) - 1);
            horizons.sort_unstable();
            horizons.dedup();
        }
        Self {
            event_round: scenario.bet_round(),
            rules: Rules::with_behaviours(&scenario, &mixed),
            horizons,
            usual,
            first,
            second,
            differing,
            decomposes: decompose,
            bet,
        }
    }

    /// The rules of the bet's worlds.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The section `[bet]` of the scenario.
    pub fn bet(&self) -> &BetRules {
        &self.bet
    }

    /// The round of the event.
    pub fn event_round(&self) -> u32 {
        self.event_round
    }

    /// Horizons in rounds after the event, ascending: those of the scenario, and in a crossover the last round of its
    /// window.
    pub fn horizons(&self) -> &[u32] {
        &self.horizons
    }

    /// Number of rounds that count from each event of a crossover on; `None` without a crossover.
    pub fn window(&self) -> Option<u32> {
        let crossover = self.bet.design == BetDesign::Crossover;
        crossover.then(|| self.rules.scenario.crossover_window(&self.bet))
    }

    /// Whether the difference is split over traits.
    pub fn decomposes(&self) -> bool {
        self.decomposes
    }

    /// Names of the traits in which the two strategies differ, among those that matter at a mixer.
    pub fn differing_traits(&self) -> Vec<&'static str> {
        self.differing.iter().map(|t| t.name).collect()
    }

    /// Maximum number of copies of a world that a thread holds at once in the decomposition for one focal agent.
    pub(crate) fn worlds_compared(&self) -> u64 {
        let exact = self.differing.len() <= EXACT_MAX;
        let small = self.rules.scenario.population.agents < LARGE;
        match (exact, small) {
            (true, true) => 1 << self.differing.len(),
            _ => 3,
        }
    }

    /// The last horizon, in rounds after the event.
    pub(in crate::experiment) fn last_horizon(&self) -> u32 {
        *self.horizons.last().expect("a bet has a horizon")
    }

    /// The behaviours in the first and in the second world.
    pub(super) fn sides(&self) -> [u16; 2] {
        [self.first, self.second]
    }

    /// The behaviour with the traits of `second` for bits that are 1, in the order of the differing traits, and the
    /// traits of `first` otherwise.
    pub(super) fn mixed_behaviour(&self, bits: usize) -> u16 {
        let all = (1 << self.differing.len()) - 1;
        match bits {
            0 => self.first,
            bits if bits == all => self.second,
            // Mixed behaviours are numbered after the strategies, without the two pure ones.
            bits => u16::try_from(self.rules.scenario.strategies.len() + bits - 1).expect("traits are few"),
        }
    }

    /// The interventions on a focal agent in the first and in the second world.
    pub fn interventions(&self, agent: AgentId) -> [Intervention; 2] {
        self.sides().map(|behaviour| self.intervention(agent, behaviour))
    }

    /// The intervention on an agent: at the event, and in the campaign after it.
    pub(super) fn intervention(&self, agent: AgentId, behaviour: u16) -> Intervention {
        let invited = self.event_round;
        Intervention { agent, invited, behaviour, until: invited.saturating_add(self.bet.campaign) }
    }

    /// Whether an intervention changes nothing, because the agent attends the event anyway and has this behaviour.
    pub(super) fn is_idle(&self, intervention: Intervention, before: &Simulation<'_>) -> bool {
        // During a campaign the agent's own strategy can change by imitation.
        let stays = self.bet.campaign == 0 || self.rules.scenario.evolution.is_none();
        stays
            && before.life(intervention.agent).strategy == Some(intervention.behaviour)
            && before.would_attend(intervention.agent)
    }

    /// The focal agents of a world at its event, in the order drawn. Agents who attend the event anyway are taken
    /// first. If they are too few, others are invited. There are fewer than `focals` if fewer agents have the usual
    /// strategy.
    pub fn draw_focals(&self, before: &Simulation<'_>, seed: u64) -> Vec<AgentId> {
        let mut words = RandomKey::new(seed).agents(self.event_round, Purpose::Focals, 0, 1);
        let drawn = (0..self.rules.scenario.population.agents).map(|agent| (words.word(), agent));
        let fits = |agent: AgentId| match (before.life(agent).strategy, self.usual) {
            (Some(own), Some(usual)) => own == usual,
            (own, None) => own.is_some(),
            (None, _) => false,
        };
        let drawn = drawn.filter(|&(_, agent)| fits(agent));
        let mut drawn: Vec<_> =
            drawn.map(|(word, agent)| (!before.would_attend(agent), word, agent)).collect();
        drawn.sort_unstable();
        drawn.into_iter().take(self.bet.focals as usize).map(|(.., agent)| agent).collect()
    }
}

/// The mixed behaviours of two strategies: every combination of their differing traits, except the two strategies.
fn combinations(first: &Strategy, second: &Strategy, differing: &[&Trait]) -> Vec<Strategy> {
    let all = (1_usize << differing.len()) - 1;
    (1..all.max(1))
        .map(|bits| {
            let mut mixed = first.clone();
            for (_, t) in differing.iter().enumerate().filter(|(bit, _)| bits >> bit & 1 == 1) {
                (t.set)(&mut mixed, (t.get)(second));
            }
            mixed
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parallel::Parallelism;
    use crate::scenario::{Override, Source, parse_bet};

    fn plan(sets: &[&str], decompose: bool) -> BetPlan {
        let overrides: Vec<Override> = sets.iter().map(|s| Override::set(s)).collect();
        let scenario = parse_bet(&Source { name: "test", bytes: b"" }, &overrides);
        BetPlan::new(&scenario.unwrap_or_else(|e| panic!("{}", e.render(false))), decompose)
    }

    #[test]
    fn the_event_is_the_first_mixer_after_burn_in_and_worlds_run_to_the_last_horizon() {
        let plan = plan(&["rounds=60", "burn_in=50", "bet.horizons=[0, 100]"], false);
        assert_eq!((plan.event_round(), plan.rules().scenario.rounds), (52, 153));
    }

    #[test]
    fn a_mixed_behaviour_has_the_traits_of_its_bits() {
        let plan = plan(&["strategy.servant.linger=0.2"], true);
        let names = ["ask", "serve", "comply", "refer", "min_opinion"];
        assert_eq!(plan.differing_traits(), names);
        assert_eq!((plan.mixed_behaviour(0), plan.mixed_behaviour(31)), (0, 1));
        let [warrior, servant] = [0, 1].map(|s| plan.rules().scenario.strategies[s].clone());
        let mixed = combinations(&warrior, &servant, &plan.differing);
        assert_eq!(mixed.len(), 30);
        let ask_and_refer = &mixed[usize::from(plan.mixed_behaviour(0b01001)) - 3];
        assert_eq!((ask_and_refer.ask, ask_and_refer.refer), (servant.ask, servant.refer));
        assert_eq!((ask_and_refer.serve, ask_and_refer.comply), (warrior.serve, warrior.comply));
    }

    #[test]
    fn agents_who_attend_anyway_are_drawn_before_all_others() {
        let plan = plan(&["population.agents=100", "bet.usual=servant", "bet.focals=40"], false);
        let world = Simulation::new(plan.rules(), 5, Parallelism::SERIAL);
        let servants = (0..100).filter(|&a| world.life(a).strategy == Some(1));
        let attending = servants.filter(|&a| world.would_attend(a)).count();
        assert!((10..30).contains(&attending), "{attending} of 40 with chance 0.5");
        let focals = plan.draw_focals(&world, 5);
        assert!(focals[..attending].iter().all(|&f| world.would_attend(f)));
        assert!(focals[attending..].iter().all(|&f| !world.would_attend(f)));
    }

    #[test]
    fn focal_agents_have_the_usual_strategy_and_are_distinct() {
        let plan = plan(&["population.agents=100", "bet.usual=servant", "bet.focals=40"], false);
        let world = Simulation::new(plan.rules(), 5, Parallelism::SERIAL);
        let mut focals = plan.draw_focals(&world, 5);
        assert!(focals.iter().all(|&f| world.life(f).strategy == Some(1)));
        assert!(!focals.is_sorted(), "in random order");
        focals.sort_unstable();
        focals.dedup();
        assert_eq!(focals.len(), 40);
    }
}
