//! What is bet on: from a scenario to interventions, rounds and focal agents.

use crate::draws::{Purpose, RandomKey};
use crate::experiment::LARGE;
use crate::model::{AgentId, Intervention, Rules, Simulation};
use crate::scenario::{ANY_STRATEGY, BetDesign, BetRules, Scenario, Strategy};

/// A trait that acts at a mixer: its name, and how one strategy lends it to another.
struct Trait {
    name: &'static str,
    get: fn(&Strategy) -> f64,
    set: fn(&mut Strategy, f64),
}

macro_rules! traits {
    ($($name:ident),+) => {
        &[$(Trait { name: stringify!($name), get: |s| s.$name, set: |s, value| s.$name = value }),+]
    };
}

/// The traits that act at a mixer. Attending is certain in a bet, and gossip goes by the usual strategy.
const TRAITS: &[Trait] = traits!(ask, serve, comply, refer, linger, min_opinion, polish);

/// Most differing traits whose shares are computed from all their combinations.
pub(super) const EXACT_MAX: usize = 6;

/// A bet made ready: what no world changes.
#[derive(Clone, Debug)]
pub struct BetPlan {
    rules: Rules,
    bet: BetRules,
    event_round: u32,
    /// Rounds after the event at which benefit is summed up, rising.
    horizons: Vec<u32>,
    /// Position of the strategy that the focal agents live by; none for any.
    usual: Option<u16>,
    first: u16,
    second: u16,
    /// Positions in [`TRAITS`].
    differing: Vec<usize>,
    decomposes: bool,
}

impl BetPlan {
    /// The plan of a scenario's bet; `decompose` asks for what each differing trait adds.
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
        let differs = |t: &usize| (TRAITS[*t].get)(one) != (TRAITS[*t].get)(other);
        let differing: Vec<usize> = (0..TRAITS.len()).filter(differs).collect();
        let mixed = if decompose { combinations(one, other, &differing) } else { Vec::new() };
        let mut horizons = bet.horizons.clone();
        if bet.design == BetDesign::Crossover {
            // The truth beside the estimate is of the same rounds.
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

    /// The section of the scenario.
    pub fn bet(&self) -> &BetRules {
        &self.bet
    }

    /// The round of the event.
    pub fn event_round(&self) -> u32 {
        self.event_round
    }

    /// Rounds after the event at which benefit is summed up, rising: those asked for, and under a
    /// crossover the last round of its window.
    pub fn horizons(&self) -> &[u32] {
        &self.horizons
    }

    /// Rounds that count after each event of a crossover; none in a bet of twins alone.
    pub fn window(&self) -> Option<u32> {
        let crossover = self.bet.design == BetDesign::Crossover;
        crossover.then(|| self.rules.scenario.crossover_window(&self.bet))
    }

    /// Whether the difference is split over traits.
    pub fn decomposes(&self) -> bool {
        self.decomposes
    }

    /// Names of the traits in which the two differ, of those that act at a mixer.
    pub fn differing_traits(&self) -> Vec<&'static str> {
        self.differing.iter().map(|&t| TRAITS[t].name).collect()
    }

    /// Most whole copies for one focal agent that a thread holds at once while it compares them for the
    /// decomposition.
    pub fn worlds_compared(&self) -> u64 {
        let exact = self.differing.len() <= EXACT_MAX;
        let small = self.rules.scenario.population.agents < LARGE;
        match (exact, small) {
            (true, true) => 1 << self.differing.len(),
            _ => 3,
        }
    }

    /// Last round of a world, in rounds after the event.
    pub(super) fn last_horizon(&self) -> u32 {
        *self.horizons.last().expect("a bet has a horizon")
    }

    /// The strategies acted as in the first and in the second world.
    pub(super) fn sides(&self) -> [u16; 2] {
        [self.first, self.second]
    }

    /// The behaviour with the traits of `second` where the bits say so, in the order of the differing
    /// traits, and those of `first` elsewhere.
    pub(super) fn mixed_behaviour(&self, bits: usize) -> u16 {
        let all = (1 << self.differing.len()) - 1;
        match bits {
            0 => self.first,
            bits if bits == all => self.second,
            // Those between are numbered after the strategies, without the two ends.
            bits => u16::try_from(self.rules.scenario.strategies.len() + bits - 1).expect("traits are few"),
        }
    }

    /// An agent's intervention at the event, and for the campaign after it.
    pub(super) fn intervention(&self, agent: AgentId, behaviour: u16) -> Intervention {
        let invited = self.event_round;
        Intervention { agent, invited, behaviour, until: invited.saturating_add(self.bet.campaign) }
    }

    /// Whether an intervention changes nothing: the agent comes anyway and acts that way.
    pub(super) fn is_idle(&self, intervention: Intervention, before: &Simulation<'_>) -> bool {
        // During a campaign the own strategy may change by imitation, the intervention does not.
        let stays = self.bet.campaign == 0 || self.rules.scenario.evolution.is_none();
        stays
            && before.life(intervention.agent).strategy == Some(intervention.behaviour)
            && before.would_attend(intervention.agent)
    }

    /// The focal agents of a world at its event, in the order drawn: fewer than asked for where so
    /// few live by the usual strategy. Those who attend the event anyway come first; only where they are too
    /// few, others are invited.
    pub(super) fn draw_focals(&self, before: &Simulation<'_>, seed: u64) -> Vec<AgentId> {
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

/// The behaviours between two: every combination of their differing traits but the two themselves.
fn combinations(first: &Strategy, second: &Strategy, differing: &[usize]) -> Vec<Strategy> {
    let all = (1_usize << differing.len()) - 1;
    (1..all.max(1))
        .map(|bits| {
            let mut mixed = first.clone();
            for (_, &t) in differing.iter().enumerate().filter(|(bit, _)| bits >> bit & 1 == 1) {
                (TRAITS[t].set)(&mut mixed, (TRAITS[t].get)(second));
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
    fn a_mixed_manner_takes_the_traits_that_its_bits_name() {
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
    fn those_who_attend_anyway_are_drawn_before_any_other() {
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
    fn focal_agents_live_by_the_usual_strategy_and_differ() {
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
