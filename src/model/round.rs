//! A simulation, and the one function that shows a whole round.

use super::account::{Life, Payments};
use super::attendance::Admission;
use super::audit::Audit;
use super::calls::make_calls;
use super::evolution::{NetHistory, imitate};
use super::gossip::spread_gossip;
use super::ledger::{Count, Tally};
use super::mixer::hold_mixers;
use super::needs::renew_needs;
use super::population::{Intervention, PART, World};
use super::record::{AgentRecord, FlowRecord, LifeRecord, RegionRecord, RoundRecord};
use super::regions::RegionAccounts;
use super::rules::Rules;
use super::survey::{agent_records, count_lost_needs, nets_by_strategy, survey};
use super::survival::{Exits, bankrupt};
use super::ties::AgentId;
use crate::parallel::Parallelism;

/// What a round is made of, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Phase {
    /// Newcomers take empty places; needs lapse and arise.
    Needs,
    /// Guests talk.
    Mixers,
    /// The phone rings.
    Calls,
    /// Talk about third persons.
    Gossip,
    /// Overhead, the records of the round, failures and imitation.
    Close,
}

impl Phase {
    /// All phases with their names, in their order.
    pub const ALL: [(Phase, &'static str); 5] = [
        (Phase::Needs, "needs"),
        (Phase::Mixers, "mixers"),
        (Phase::Calls, "calls"),
        (Phase::Gossip, "gossip"),
        (Phase::Close, "close"),
    ];
}

/// A world under way: its state, and the history that lasts longer than a round. A clone goes on
/// on its own, with the same luck.
#[derive(Clone, Debug)]
pub struct Simulation<'a> {
    world: World<'a>,
    round: u32,
    exits: Exits,
    history: Option<NetHistory>,
    /// Of the rounds after burn-in.
    flows: Tally,
    /// Where there is more than one region.
    regions: Option<RegionAccounts>,
    audit: Audit,
    /// In the last round.
    pair_slots: u64,
    /// Payments of all rounds.
    posted: Payments,
    /// Whom the agent with an intervention talked to at the last mixer.
    partners: Vec<AgentId>,
}

impl<'a> Simulation<'a> {
    /// The simulation of one replicate, before its first round.
    pub fn new(rules: &'a Rules, seed: u64, par: Parallelism<'_>) -> Self {
        let world = World::new(rules, seed, par);
        let evolution = rules.scenario.evolution.as_ref();
        Self {
            history: evolution.map(|e| NetHistory::new(world.agents.len(), e.window)),
            exits: Exits::default(),
            flows: Tally::new(rules.n_strategies()),
            regions: (rules.scenario.regions.len() > 1).then(|| RegionAccounts::new(&world)),
            audit: Audit::default(),
            pair_slots: 0,
            posted: Payments::default(),
            partners: Vec::new(),
            round: 0,
            world,
        }
    }

    /// One round (a week); returns its records, one per strategy. All chances are independent
    /// draws, each keyed by what it decides; only active agents take part.
    ///
    /// 0. *Newcomers* take the places that have stood empty long enough (survival).
    /// 1. *Needs* lapse and arise.
    /// 2. *Mixers*, in rounds that are multiples of `every`: guests talk, push, serve and refer.
    /// 3. *The phone rings*: needs go to remembered experts or along referral chains.
    /// 4. *Gossip* about third persons (private reputation).
    /// 5. *Close*: overhead; the round is recorded; then failures (survival) and imitation
    ///    (evolution).
    pub fn step(&mut self, par: Parallelism<'_>) -> Vec<RoundRecord> {
        self.step_watched(par, &mut |_| ())
    }

    /// One round, as [`step`](Self::step) has it; `watch` is told of each phase once it is done,
    /// in their order, also of those that had nothing to do. The model itself knows no time.
    pub fn step_watched(&mut self, par: Parallelism<'_>, watch: &mut dyn FnMut(Phase)) -> Vec<RoundRecord> {
        self.play(par, watch, true)
    }

    /// One round without its records, which cost a fifth of it. The world is the same after it.
    pub fn advance(&mut self, par: Parallelism<'_>) {
        self.play(par, &mut |_| (), false);
    }

    fn play(
        &mut self,
        par: Parallelism<'_>,
        watch: &mut dyn FnMut(Phase),
        recorded: bool,
    ) -> Vec<RoundRecord> {
        let (world, round) = (&mut self.world, self.round);
        let s = &world.rules.scenario;
        debug_assert!(round < s.rounds, "rounds are numbered below those of the scenario");
        if round > 0 {
            world.fade(par);
        }
        for newcomer in self.exits.replace(world, round) {
            self.history.iter_mut().for_each(|m| m.forget(newcomer));
        }
        let mut regions = self.regions.as_mut().filter(|_| round >= s.burn_in);
        regions.iter_mut().for_each(|books| books.open(world, par));

        let mut tally = renew_needs(world, round, par);
        watch(Phase::Needs);
        let mut referrals = Vec::new();
        if round.is_multiple_of(s.mixer.every) {
            let mixers = hold_mixers(world, round, par);
            tally.add(&mixers.tally);
            referrals = mixers.referrals;
            self.partners = mixers.partners;
        }
        watch(Phase::Mixers);
        tally.add(&make_calls(world, round, &referrals, par));
        watch(Phase::Calls);
        spread_gossip(world, round, par);
        watch(Phase::Gossip);

        let mut failed = Vec::new();
        if s.survival.is_some() {
            charge_overhead(world, &mut tally, par);
            failed = bankrupt(world, par);
        }
        count_lost_needs(world, &mut tally, &failed);
        let records = if recorded { survey(world, round, &tally, par) } else { Vec::new() };
        (0..s.strategies.len()).for_each(|s| self.posted.add(&tally.payments(s)));
        if round >= s.burn_in {
            self.flows.add(&tally);
        }
        regions.iter_mut().for_each(|books| books.close(world, par));
        self.audit.check(world, &tally, &failed, &self.posted);
        if let Some(rules) = &s.survival {
            self.exits.remove_failed(world, round, &failed, rules.replace_after, par);
        }
        if let (Some(rules), Some(history)) = (&s.evolution, &mut self.history) {
            imitate(world, history, rules, round, par);
        }
        self.pair_slots = tally.pair_slots();
        self.round += 1;
        watch(Phase::Close);
        records
    }

    /// Rounds done.
    pub fn rounds_done(&self) -> u32 {
        self.round
    }

    /// Slots for which pairs talked in the last round, summed over pairs; each pair counts once.
    pub fn pair_slots(&self) -> u64 {
        self.pair_slots
    }

    /// Ties that agents hold, summed over agents.
    pub fn n_ties(&self) -> u64 {
        (0..self.world.n_agents()).map(|agent| self.world.ties.of(agent).len() as u64).sum()
    }

    /// Value that flowed between strategies in the rounds after burn-in so far.
    pub fn flows(&self) -> Vec<FlowRecord> {
        self.flows.flow_records(&self.world.rules.prices)
    }

    /// What each strategy gained in each region in the rounds after burn-in so far; nothing where
    /// there is one region.
    pub fn regions(&self) -> Vec<RegionRecord> {
        let prices = &self.world.rules.prices;
        self.regions.as_ref().map_or_else(Vec::new, |books| books.records(prices))
    }

    /// Net benefit since birth of every active agent, by strategy.
    pub fn nets_by_strategy(&self) -> Vec<Vec<f64>> {
        nets_by_strategy(&self.world)
    }

    /// The state of every agent now.
    pub fn agents(&self) -> Vec<AgentRecord> {
        agent_records(&self.world)
    }

    /// Every life so far: those that failed, in order, then those that go on, by agent.
    pub fn lives(&self) -> Vec<LifeRecord> {
        let mut lives = self.exits.lives.clone();
        let living = (0..self.world.n_agents()).zip(&self.world.agents).filter(|(_, a)| a.is_active());
        lives.extend(living.map(|(agent, a)| LifeRecord {
            agent,
            strategy: a.strategy,
            born: self.world.tenure(agent).born(),
            ended: self.round,
            failed: false,
        }));
        lives
    }

    /// Ties of one agent as read now: contact and trust, by contact.
    pub fn ties_of(&self, agent: AgentId) -> Vec<(AgentId, f32)> {
        let (ties, decay) = (self.world.ties.of(agent), self.world.decay());
        let mut ties: Vec<_> = ties
            .contacts
            .iter()
            .zip(ties.trust)
            .map(|(&contact, &trust)| (contact, decay.read(trust)))
            .collect();
        ties.sort_unstable_by_key(|(contact, _)| *contact);
        ties
    }

    /// Gives one agent an intervention at mixers, or nobody.
    ///
    /// # Panics
    /// If there is no such agent or behaviour.
    pub fn intervene(&mut self, intervention: Option<Intervention>) {
        if let Some(intervention) = intervention {
            assert!(intervention.agent < self.world.n_agents(), "no agent {}", intervention.agent);
            assert!(
                usize::from(intervention.behaviour) < self.world.rules.behaviours.len(),
                "no behaviour {}",
                intervention.behaviour
            );
        }
        self.world.intervention = intervention;
    }

    /// Whether another simulation of the same replicate stands at the same point in the same state,
    /// so that the two go on alike unless they are given different interventions.
    pub fn is_as(&self, other: &Self) -> bool {
        self.round == other.round
            && self.posted == other.posted
            && self.exits == other.exits
            && self.history == other.history
            && self.world.is_as(&other.world)
    }

    /// Whom the agent with an intervention talked to at the last mixer, by seat; nobody if it was not there.
    pub fn partners(&self) -> &[AgentId] {
        &self.partners
    }

    /// The payments of everybody in all rounds so far, those of failed agents included.
    pub fn posted(&self) -> Payments {
        self.posted
    }

    /// The payments of the life that an agent's place is taken by, or was taken by last.
    pub fn life(&self, agent: AgentId) -> Life {
        let payments = self.world.payments(agent);
        let born = self.world.tenure(agent).born();
        let agent = &self.world.agents[agent as usize];
        Life { born, strategy: agent.is_active().then_some(agent.strategy), payments }
    }

    /// Whether an agent would attend the mixer of the coming round by its own strategy.
    pub fn would_attend(&self, agent: AgentId) -> bool {
        Admission::of(&self.world, self.round).would_attend(agent, &self.world.agents[agent as usize])
    }

    /// Makes an agent live by another strategy from now on.
    ///
    /// # Panics
    /// If there is no such agent or strategy.
    pub fn set_strategy(&mut self, agent: AgentId, strategy: u16) {
        assert!(usize::from(strategy) < self.world.rules.n_strategies(), "no strategy {strategy}");
        self.world.agents[agent as usize].strategy = strategy;
    }
}

/// A round of overhead for everyone in business.
fn charge_overhead(world: &mut World<'_>, tally: &mut Tally, par: Parallelism<'_>) {
    let parts = world.agents.chunks(PART).zip(world.tenures.chunks_mut(PART));
    par.map(parts.collect(), |(agents, tenures)| {
        let active = agents.iter().zip(tenures).filter(|(agent, _)| agent.is_active());
        active.for_each(|(_, tenure)| tenure.charge());
    });
    let active = world.agents.iter().filter(|agent| agent.is_active());
    active.for_each(|agent| tally.count(agent.strategy, Count::Overheads, 1));
}
