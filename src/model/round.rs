//! A simulation, and the function that shows a whole round.

use super::account::{Life, Payments, Prices};
use super::act::{ActKind, ActRecord};
use super::attendance::AttendanceRule;
use super::audit::Audit;
use super::calls::make_calls;
use super::evolution::{NetHistory, imitate};
use super::gossip::spread_gossip;
use super::intervention::Intervention;
use super::ledger::{Count, Tally};
use super::mixer::run_mixers;
use super::needs::{observe_needs, open_needs, renew_needs};
use super::phase::Phase;
use super::population::{PART, World};
use super::record::{AgentRecord, FlowRecord, LifeRecord, RegionRecord, RoundRecord, SampleRecord};
use super::regions::RegionAccounts;
use super::rules::Rules;
use super::sample::neighbourhood;
use super::survey::{agent_records, count_lost_needs, nets_by_strategy, survey};
use super::survival::{Exits, find_failed};
use super::ties::AgentId;
use crate::parallel::Parallelism;

/// A running simulation: the state of the world, and the history that lasts longer than a round. A clone
/// continues independently, with the same random numbers.
///
/// ```
/// use mingle::records::M;
/// use mingle::{Parallelism, Rules, Scenario, Simulation};
///
/// let scenario = Scenario::parse("[population]\nagents = 60", &[])?;
/// let rules = Rules::new(&scenario);
/// let mut simulation = Simulation::new(&rules, scenario.seed, Parallelism::SERIAL);
/// for record in simulation.step(Parallelism::SERIAL) {
///     let name = &scenario.strategies[usize::from(record.strategy)].name;
///     println!("{name}: {} members, net benefit {}", record.agents, record.values[M::Net as usize]);
/// }
/// assert_eq!(simulation.rounds_done(), 1);
/// assert_eq!(simulation.agents().len(), 60);
/// # Ok::<(), mingle::Diagnostics>(())
/// ```
#[derive(Clone, Debug)]
pub struct Simulation<'a> {
    world: World<'a>,
    /// Rules that begin later.
    later: &'a [(u32, Rules)],
    round: u32,
    exits: Exits,
    history: Option<NetHistory>,
    /// Flows of the rounds after burn-in.
    flows: Tally,
    /// The flows before prices changed, which are not among `flows` any more; empty if none have.
    settled_flows: Vec<FlowRecord>,
    /// Kept if there is more than one region.
    regions: Option<RegionAccounts>,
    audit: Audit,
    /// Pair slots of the last round.
    pair_slots: u64,
    /// Payments of all agents in all rounds.
    payments: Payments,
    /// Partners, at the last mixer, of the agent with an intervention.
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
            later: &rules.later,
            flows: Tally::new(rules.n_strategies()),
            settled_flows: Vec::new(),
            regions: (rules.scenario.regions.len() > 1).then(|| RegionAccounts::new(&world)),
            audit: Audit::default(),
            pair_slots: 0,
            payments: Payments::default(),
            partners: Vec::new(),
            round: 0,
            world,
        }
    }

    /// Simulates one round (a week) and returns its records, one per strategy. All chances are independent
    /// draws, each keyed by what it decides. Only active agents take part.
    ///
    /// 0. *Newcomers* take the places that have been empty long enough (survival).
    /// 1. *Needs* lapse and arise.
    /// 2. *Mixers*, in rounds that are multiples of `every`: guests talk, push, serve and refer.
    /// 3. *Calls*: agents with open needs call experts whom they know or who are named along referral chains.
    /// 4. *Gossip* about third persons (private reputation).
    /// 5. *Close*: overhead; the round is recorded; then failures (survival) and imitation
    ///    (evolution).
    pub fn step(&mut self, par: Parallelism<'_>) -> Vec<RoundRecord> {
        self.step_watched(par, &mut |_| ())
    }

    /// Simulates one round like [`step`](Self::step), and calls `watch` after each phase, in order, also after phases
    /// that had nothing to do.
    pub fn step_watched(&mut self, par: Parallelism<'_>, watch: &mut dyn FnMut(Phase)) -> Vec<RoundRecord> {
        self.change_rules(par);
        let rules = self.world.rules;
        let mut records = self.run_round(par, watch, &[&rules.prices], None);
        records.pop().expect("records at the prices of the scenario")
    }

    /// Simulates one round like [`step`](Self::step) and returns its records at each of these prices. Where agents react
    /// to prices (`Scenario::is_price` says to which), they react to those of the scenario.
    pub(crate) fn step_priced(&mut self, par: Parallelism<'_>, prices: &[&Prices]) -> Vec<Vec<RoundRecord>> {
        debug_assert!(self.later.is_empty(), "points of a sweep have no changes");
        self.run_round(par, &mut |_| (), prices, None)
    }

    /// Simulates one round like [`step`](Self::step), and adds its acts to `acts`, phase by phase; those of mixers event by
    /// event and slot by slot. The state afterwards is the same.
    ///
    /// ```
    /// use mingle::records::ActKind;
    /// use mingle::{Parallelism, Rules, Scenario, Simulation};
    ///
    /// let scenario = Scenario::parse("[population]\nagents = 60", &[])?;
    /// let rules = Rules::new(&scenario);
    /// let mut simulation = Simulation::new(&rules, scenario.seed, Parallelism::SERIAL);
    /// let mut acts = Vec::new();
    /// simulation.step_observed(Parallelism::SERIAL, &mut acts);
    /// for act in acts.iter().filter(|act| act.kind == ActKind::Assist) {
    ///     println!("{} solves the need of {:?}: {}", act.actor, act.other, act.amount);
    /// }
    /// let talks = acts.iter().filter(|act| act.kind == ActKind::Talk).count();
    /// assert_eq!(talks as u64, simulation.pair_slots());
    /// # Ok::<(), mingle::Diagnostics>(())
    /// ```
    pub fn step_observed(&mut self, par: Parallelism<'_>, acts: &mut Vec<ActRecord>) -> Vec<RoundRecord> {
        self.change_rules(par);
        let prices = &self.world.rules.prices;
        let mut records = self.run_round(par, &mut |_| (), &[prices], Some(acts));
        records.pop().expect("records at the prices of the scenario")
    }

    /// Simulates one round without making its records, which take a fifth of the time of a round. The state
    /// afterwards is the same.
    pub fn advance(&mut self, par: Parallelism<'_>) {
        self.change_rules(par);
        self.run_round(par, &mut |_| (), &[], None);
    }

    /// Goes on by the rules that begin with this round, if there are any. What has been paid keeps its price.
    fn change_rules(&mut self, par: Parallelism<'_>) {
        let Some(((begin, rules), later)) = self.later.split_first() else { return };
        if *begin > self.round {
            return;
        }
        let before = &self.world.rules.prices;
        if before.differ_from(&rules.prices) {
            self.settled_flows = self.flows();
            self.flows = Tally::new(rules.n_strategies());
            self.regions.iter_mut().for_each(|accounts| accounts.settle(before));
        }
        self.world.adopt(rules, par);
        self.later = later;
    }

    fn run_round(
        &mut self,
        par: Parallelism<'_>,
        watch: &mut dyn FnMut(Phase),
        prices: &[&Prices],
        mut acts: Option<&mut Vec<ActRecord>>,
    ) -> Vec<Vec<RoundRecord>> {
        let (world, round) = (&mut self.world, self.round);
        let s = &world.rules.scenario;
        debug_assert!(round < s.rounds, "the scenario has {} rounds", s.rounds);
        if round > 0 {
            world.fade(par);
        }
        let first_act = acts.as_ref().map_or(0, |acts| acts.len());
        for newcomer in self.exits.replace(world, round) {
            self.history.iter_mut().for_each(|m| m.reset(newcomer));
            acts.iter_mut().for_each(|acts| acts.push(ActRecord::new(round, ActKind::Enter, newcomer)));
        }
        let mut regions = self.regions.as_mut().filter(|_| round >= s.burn_in);
        regions.iter_mut().for_each(|accounts| accounts.begin_round(world, par));

        let before = acts.is_some().then(|| open_needs(world));
        let mut tally = renew_needs(world, round, par);
        if let (Some(acts), Some(before)) = (&mut acts, before) {
            acts.extend(observe_needs(world, round, &before));
        }
        watch(Phase::Needs);
        let mut referrals = Vec::new();
        if round.is_multiple_of(s.mixer.every) {
            let mixers = run_mixers(world, round, acts.is_some(), par);
            tally.add(&mixers.tally);
            referrals = mixers.referrals;
            self.partners = mixers.partners;
            acts.iter_mut().for_each(|acts| acts.extend(&mixers.acts));
        }
        watch(Phase::Mixers);
        tally.add(&make_calls(world, round, &referrals, acts.as_deref_mut(), par));
        watch(Phase::Calls);
        spread_gossip(world, round, acts.as_deref_mut(), par);
        watch(Phase::Gossip);

        let mut failed = Vec::new();
        if world.rules.charges_ties {
            charge_ties(world, &mut tally);
        }
        if s.survival.is_some() {
            charge_overhead(world, &mut tally, par);
            failed = find_failed(world, par);
        }
        count_lost_needs(world, &mut tally, &failed);
        let records = survey(world, round, &tally, prices, par);
        (0..s.strategies.len()).for_each(|s| self.payments.add(&tally.payments(s)));
        if round >= s.burn_in {
            self.flows.add(&tally);
        }
        regions.iter_mut().for_each(|accounts| accounts.end_round(world, par));
        self.audit.check(world, &tally, &failed, &self.payments);
        if let Some(acts) = &mut acts {
            acts.extend(failed.iter().map(|&id| ActRecord::new(round, ActKind::Fail, id)));
            // Before agents change places or strategies.
            let of = |id: AgentId| world.agents[id as usize].strategy;
            acts[first_act..].iter_mut().for_each(|act| act.add_strategies(of));
        }
        if let Some(rules) = &s.survival {
            self.exits.remove_failed(world, round, &failed, rules.replace_after, par);
        }
        if let (Some(rules), Some(history)) = (&s.evolution, &mut self.history) {
            let changes = imitate(world, history, rules, round, par);
            acts.iter_mut().for_each(|acts| acts.extend(changes.iter().map(|change| change.act(round))));
        }
        self.pair_slots = tally.pair_slots();
        self.round += 1;
        watch(Phase::Close);
        records
    }

    /// Number of rounds simulated so far.
    pub fn rounds_done(&self) -> u32 {
        self.round
    }

    /// Number of slots for which pairs talked in the last round, summed over pairs. Each pair counts once.
    pub fn pair_slots(&self) -> u64 {
        self.pair_slots
    }

    /// Number of ties of all agents.
    pub fn n_ties(&self) -> u64 {
        (0..self.world.n_agents()).map(|agent| self.world.ties.of(agent).len() as u64).sum()
    }

    /// Value that flowed between strategies, in the rounds after burn-in so far.
    pub fn flows(&self) -> Vec<FlowRecord> {
        let mut flows = self.flows.flow_records(&self.world.rules.prices);
        flows.iter_mut().zip(&self.settled_flows).for_each(|(flow, settled)| flow.value += settled.value);
        flows
    }

    /// Net benefit of each strategy in each region, in the rounds after burn-in so far. Empty if there is
    /// one region.
    pub fn regions(&self) -> Vec<RegionRecord> {
        let prices = &self.world.rules.prices;
        self.regions.as_ref().map_or_else(Vec::new, |accounts| accounts.records(prices))
    }

    /// Net benefit since birth of every active agent, by strategy.
    pub fn nets_by_strategy(&self) -> Vec<Vec<f64>> {
        nets_by_strategy(&self.world)
    }

    /// The current state of every agent.
    pub fn agents(&self) -> Vec<AgentRecord> {
        agent_records(&self.world)
    }

    /// Every life so far: those that ended in failure, in order, then those that continue, by agent.
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

    /// Ties of one agent: contact and current trust, sorted by contact.
    pub fn ties_of(&self, agent: AgentId) -> Vec<(AgentId, f32)> {
        self.world.ties_of(agent)
    }

    /// At most `people_max` people around the first active agent, found along some ties of each, with all ties between
    /// them.
    ///
    /// ```
    /// use mingle::{Parallelism, Rules, Scenario, Simulation};
    ///
    /// let scenario = Scenario::parse("[population]\nagents = 60", &[])?;
    /// let rules = Rules::new(&scenario);
    /// let mut simulation = Simulation::new(&rules, scenario.seed, Parallelism::SERIAL);
    /// simulation.step(Parallelism::SERIAL);
    /// let sample = simulation.neighbourhood(20);
    /// assert_eq!(sample.people.len(), 20);
    /// # Ok::<(), mingle::Diagnostics>(())
    /// ```
    pub fn neighbourhood(&self, people_max: usize) -> SampleRecord {
        neighbourhood(&self.world, people_max)
    }

    /// Sets the intervention on one agent, or removes it.
    ///
    /// # Panics
    /// If there is no such agent or behaviour.
    pub fn set_intervention(&mut self, intervention: Option<Intervention>) {
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

    /// Whether another simulation of the same replicate has reached the same round in the same state. Then both
    /// continue in the same way, unless their interventions differ.
    pub fn same_state_as(&self, other: &Self) -> bool {
        self.round == other.round
            && self.payments == other.payments
            && self.exits == other.exits
            && self.history == other.history
            && self.world.same_state_as(&other.world)
    }

    /// Partners, at the last mixer, of the agent with an intervention, by seat. Empty if it did not attend.
    pub fn partners(&self) -> &[AgentId] {
        &self.partners
    }

    /// The payments of all agents in all rounds so far, failed agents included.
    pub fn payments(&self) -> Payments {
        self.payments
    }

    /// The current life at an agent's place, or the last one if the place is empty.
    pub fn life(&self, agent: AgentId) -> Life {
        let payments = self.world.payments(agent);
        let born = self.world.tenure(agent).born();
        let agent = &self.world.agents[agent as usize];
        Life { born, strategy: agent.is_active().then_some(agent.strategy), payments }
    }

    /// Whether an agent attends the mixer of the next round by its own strategy.
    pub fn would_attend(&self, agent: AgentId) -> bool {
        AttendanceRule::of(&self.world, self.round).would_attend(agent, &self.world.agents[agent as usize])
    }

    /// Changes the strategy of an agent from the next round on.
    ///
    /// # Panics
    /// If there is no such agent or strategy.
    pub fn set_strategy(&mut self, agent: AgentId, strategy: u16) {
        assert!(usize::from(strategy) < self.world.rules.n_strategies(), "no strategy {strategy}");
        self.world.set_strategy(agent, strategy);
    }
}

/// Charges every agent for its ties in one round.
fn charge_ties(world: &mut World<'_>, tally: &mut Tally) {
    for ((id, agent), tenure) in (0..).zip(&world.agents).zip(&mut world.tenures) {
        let n = u32::try_from(world.ties.of(id).len()).expect("ties are counted in 16 bits");
        tenure.add_ties(n);
        tally.count(agent.strategy, Count::TiesKept, n.into());
    }
}

/// Charges one round of overhead to every active agent.
fn charge_overhead(world: &mut World<'_>, tally: &mut Tally, par: Parallelism<'_>) {
    let parts = world.agents.chunks(PART).zip(world.tenures.chunks_mut(PART));
    par.map(parts.collect(), |(agents, tenures)| {
        let active = agents.iter().zip(tenures).filter(|(agent, _)| agent.is_active());
        active.for_each(|(_, tenure)| tenure.add_overhead());
    });
    let active = world.agents.iter().filter(|agent| agent.is_active());
    active.for_each(|agent| tally.count(agent.strategy, Count::Overheads, 1));
}
