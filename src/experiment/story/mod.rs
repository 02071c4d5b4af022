//! The story of a bet: how an evening becomes money for one focal agent, found by comparing all acts of its two worlds.
//!
//! The worlds share all random numbers, draw by draw. So an act that one of them has alone goes back to the evening. Each
//! such act gets one cause, an earlier one: the first of its conditions that differs between the worlds, by the rules of
//! `at_mixers`, `in_calls` and `elsewhere`. The story keeps the acts that pay the focal agent, and their causes up to the
//! evening. One round of acts is in memory at a time, and of the steps those that can still be a cause.

mod account;
mod at_mixers;
mod context;
mod elsewhere;
mod in_calls;
pub(super) mod node;
mod pairing;
mod record;
mod round;
mod state;

use std::collections::BTreeMap;
use std::rc::Rc;

pub(crate) use node::Reason;
pub(crate) use record::{Story, StoryStep};

use super::bet::BetPlan;
use super::{Progress, replicate_seed};
use crate::amount::Amount;
use crate::model::{ActKind, ActRecord, AgentId, N_AMOUNTS, Phase, Simulation};
use crate::parallel::Parallelism;
use account::{Costs, Entry, entries};
use context::Context;
use node::{Node, StepKind, UNKNOWN};
use pairing::{Acts, Stage, at};
use round::RoundSteps;
use state::State;

/// Memory of the steps and differences per agent and tie, in bytes, where everything differs.
pub(crate) const BYTES_PER_TIE: u64 = 160;

/// The focal agents of the world with this number, in the order drawn. `None` if it was stopped.
pub(crate) fn focals_of(
    plan: &BetPlan,
    world: u32,
    par: Parallelism<'_>,
    progress: &Progress,
) -> Option<Vec<AgentId>> {
    let seed = replicate_seed(plan.rules().scenario.seed, world);
    let before = before_event(plan, seed, par, progress)?;
    progress.complete(1);
    Some(plan.draw_focals(&before, seed))
}

/// A world at the start of the event's round.
fn before_event<'p>(
    plan: &'p BetPlan,
    seed: u64,
    par: Parallelism<'_>,
    progress: &Progress,
) -> Option<Simulation<'p>> {
    let mut world = Simulation::new(plan.rules(), seed, par);
    for _ in 0..plan.event_round() {
        if progress.is_stopped() {
            return None;
        }
        world.advance(par);
    }
    Some(world)
}

/// The story of a focal agent, up to the last horizon. `None` if it was stopped.
pub(crate) fn story(
    plan: &BetPlan,
    (world, focal): (u32, AgentId),
    par: Parallelism<'_>,
    progress: &Progress,
) -> Option<Story> {
    let seed = replicate_seed(plan.rules().scenario.seed, world);
    let before = before_event(plan, seed, par, progress)?;
    let mut twins = [before.clone(), before];
    for (twin, intervention) in twins.iter_mut().zip(plan.interventions(focal)) {
        twin.set_intervention(Some(intervention));
    }
    let mut teller = Teller::new(plan, focal, &twins[0]);
    let mut newcomers = twins.each_ref().map(|twin| newcomers_of(plan, twin));
    for _ in 0..=plan.last_horizon() {
        if progress.is_stopped() {
            return None;
        }
        let acts = twins.each_mut().map(|twin| {
            let mut acts = Vec::new();
            twin.step_observed(par, &mut acts);
            acts
        });
        teller.round(&twins, [&acts[0], &acts[1]]);
        for (newcomers, acts) in newcomers.iter_mut().zip(&acts) {
            for act in acts.iter().filter(|act| act.kind == ActKind::Enter) {
                newcomers.entry(act.actor).or_insert(act.round);
            }
        }
    }
    Some(Story { world, focal, steps: teller.into_steps(), newcomers })
}

/// The agents in whose place there are newcomers, with the rounds in which they came.
fn newcomers_of(plan: &BetPlan, world: &Simulation<'_>) -> BTreeMap<AgentId, u32> {
    let born = |agent| (agent, world.life(agent).born);
    (0..plan.rules().scenario.population.agents).map(born).filter(|(_, born)| *born > 0).collect()
}

/// Compares two worlds round by round.
struct Teller<'p> {
    plan: &'p BetPlan,
    focal: AgentId,
    /// The round in which the life of the focal agent began.
    born: u32,
    /// The account of the focal agent in both worlds so far.
    amounts: [[Amount; N_AMOUNTS]; 2],
    costs: Costs,
    state: State,
    order: u64,
    /// The steps that pay the focal agent, with what they pay.
    paid: BTreeMap<u64, (Rc<Node>, Amount)>,
}

impl<'p> Teller<'p> {
    fn new(plan: &'p BetPlan, focal: AgentId, before: &Simulation<'_>) -> Self {
        let (s, life) = (&plan.rules().scenario, before.life(focal));
        Self {
            plan,
            focal,
            born: life.born,
            amounts: [plan.rules().prices.amounts(&life.payments); 2],
            costs: Costs::of(s),
            state: State::new(s),
            order: 0,
            paid: BTreeMap::new(),
        }
    }

    /// Compares a round, after it.
    fn round(&mut self, twins: &[Simulation<'_>; 2], acts: [&[ActRecord]; 2]) {
        let acts = Acts(acts);
        let round = twins[0].rounds_done() - 1;
        let steps = self.compare(round, acts);
        self.state.forget_equal_ties(twins.each_ref());
        let entries = [0, 1].map(|side| self.entries(side, &twins[side], acts.0[side]));
        self.pay(round, entries, acts, &steps);
    }

    /// Finds the acts of a round that one world has alone, each with its cause.
    fn compare(&mut self, round: u32, acts: Acts<'_>) -> RoundSteps {
        let mut steps = RoundSteps::default();
        let evening = self.evening(round);
        for stage in acts.stages() {
            self.stage(&stage, acts, evening.as_ref(), &mut steps);
        }
        steps
    }

    /// The step of the mixer of a round at which the focal agent acts by the one or by the other strategy.
    fn evening(&mut self, round: u32) -> Option<Rc<Node>> {
        let (event, campaign) = (self.plan.event_round(), self.plan.bet().campaign);
        let every = self.plan.rules().scenario.mixer.every;
        let acts_otherwise = round <= event.saturating_add(campaign) && round.is_multiple_of(every);
        acts_otherwise.then(|| self.step(round, None, StepKind::Evening, (None, Reason::Evening)))
    }

    /// Makes a step of the focal agent that no act shows.
    fn step(&mut self, round: u32, side: Option<usize>, kind: StepKind, cause: node::Cause) -> Rc<Node> {
        self.order += 1;
        let (order, actor) = (self.order, self.focal);
        let (cause, reason) = cause;
        let (other, third, instead) = (None, None, None);
        Rc::new(Node { order, round, side, kind, actor, other, third, instead, cause, reason })
    }

    /// Compares a stage of a round.
    fn stage(&mut self, stage: &Stage, acts: Acts<'_>, evening: Option<&Rc<Node>>, steps: &mut RoundSteps) {
        let s = &self.plan.rules().scenario;
        let mut context = Context {
            acts,
            state: &self.state,
            steps: &mut *steps,
            order: &mut self.order,
            focal: self.focal,
            evening,
            guests_choose: self.plan.rules().weighs_candidates,
            pays_forward: s.help.pay_forward > 0.0,
        };
        match stage.at {
            (phase, 0) if phase == at(Phase::Mixers) => at_mixers::arrivals(&mut context, stage),
            (phase, _) if phase == at(Phase::Mixers) => at_mixers::slot(&mut context, stage),
            (phase, _) if phase == at(Phase::Calls) => in_calls::calls(&mut context, stage),
            _ => elsewhere::elsewhere(&mut context, stage),
        }
        for (side, act, node) in steps.end_stage() {
            self.state.apply(side, &act, &node);
        }
        for &[first, second] in &stage.both {
            self.agree(acts.get(0, first), acts.get(1, second), evening);
        }
    }

    /// Applies an act that both worlds have. If opinions begin to differ by it, this is a step too: the focal agent was seen
    /// to act by another strategy, or what was told or judged differs.
    fn agree(&mut self, first: &ActRecord, second: &ActRecord, evening: Option<&Rc<Node>>) {
        let Some((of, about)) = self.state.apply_to_both([first, second]) else { return };
        let judges_focal = first.kind == ActKind::Judge && about == self.focal;
        let opinion = first.third.and_then(|third| self.state.opinion(first.actor, third));
        let (cause, reason) = context::first([
            evening.filter(|_| judges_focal).cloned().map(context::by(Reason::Behaviour)),
            opinion.or_else(|| self.state.opinion(first.actor, about)).map(context::by(Reason::Opinion)),
            self.state.life(about).map(context::by(Reason::Life)),
        ]);
        let mut node = self.step(first.round, None, StepKind::Act(first.kind), (cause, reason));
        if let Some(node) = Rc::get_mut(&mut node) {
            (node.actor, node.other, node.third) = (first.actor, first.other, first.third);
        }
        self.state.moved(of, about, &node);
    }

    /// What the focal agent got and paid in this round of a world. A newcomer in its place does not count.
    fn entries(&mut self, side: usize, world: &Simulation<'_>, acts: &[ActRecord]) -> Vec<Entry> {
        let life = world.life(self.focal);
        if life.born != self.born {
            return Vec::new();
        }
        let now = self.plan.rules().prices.amounts(&life.payments);
        let grown = std::array::from_fn(|k| now[k] - self.amounts[side][k]);
        self.amounts[side] = now;
        entries(acts, self.focal, &self.costs, &grown)
    }

    /// Adds what the focal agent got and paid in one world and not in the other.
    fn pay(&mut self, round: u32, entries: [Vec<Entry>; 2], acts: Acts<'_>, steps: &RoundSteps) {
        for (side, entry) in only_in_one(entries, steps) {
            let node = entry.act.and_then(|place| steps.of_acts[side].get(&place).cloned());
            let node = node.unwrap_or_else(|| self.unshown(round, side, &entry, acts, steps));
            let paid = self.paid.entry(node.order).or_insert((node, Amount::ZERO));
            paid.1 += entry.amount;
        }
    }

    /// The step of an entry that no act shows, or only one that both worlds have.
    fn unshown(
        &mut self,
        round: u32,
        side: usize,
        entry: &Entry,
        acts: Acts<'_>,
        steps: &RoundSteps,
    ) -> Rc<Node> {
        let life = self.state.life(self.focal).map(|node| (Some(node), Reason::Life));
        let came = || steps.arrivals.get(&self.focal).map(|node| (Some(Rc::clone(node)), Reason::Guests));
        let contacts = || self.state.contacts(self.focal).map(|node| (Some(node), Reason::Contacts));
        let cause = match entry.name {
            "travel_cost" => came().or(life),
            "overhead" => life.or_else(contacts),
            _ => life,
        };
        let kind =
            entry.act.map_or(StepKind::Cost(entry.name), |place| StepKind::Act(acts.get(side, place).kind));
        let mut node = self.step(round, Some(side), kind, cause.unwrap_or(UNKNOWN));
        if let (Some(place), Some(node)) = (entry.act, Rc::get_mut(&mut node)) {
            let act = acts.get(side, place);
            (node.actor, node.other, node.third) = (act.actor, act.other, act.third);
        }
        node
    }

    /// The steps that pay the focal agent, with all their causes.
    fn into_steps(self) -> Vec<StoryStep> {
        let mut nodes: BTreeMap<u64, Rc<Node>> = BTreeMap::new();
        for (node, amount) in self.paid.values().filter(|(_, amount)| *amount != Amount::ZERO) {
            debug_assert!(*amount != Amount::ZERO);
            let mut next = Some(node);
            while let Some(node) = next.filter(|node| !nodes.contains_key(&node.order)) {
                nodes.insert(node.order, Rc::clone(node));
                next = node.cause.as_ref();
            }
        }
        let places: BTreeMap<u64, usize> = nodes.keys().copied().zip(0..).collect();
        let step = |node: &Rc<Node>| StoryStep {
            cause: node.cause.as_ref().map(|cause| places[&cause.order]),
            reason: node.reason,
            round: node.round,
            side: node.side,
            kind: node.kind,
            actor: node.actor,
            other: node.other,
            third: node.third,
            instead: node.instead,
            amount: self.paid.get(&node.order).map(|(_, amount)| *amount).filter(|a| *a != Amount::ZERO),
        };
        nodes.values().map(step).collect()
    }
}

/// What equal entries of a round have in common: name, other party, amount.
type SameEntry = (&'static str, Option<AgentId>, Amount);

/// The entries that one world has alone. Those with the same name, party and amount are the same, whenever in the round they
/// occur; of these, entries of acts that both worlds have are the same first.
fn only_in_one(entries: [Vec<Entry>; 2], steps: &RoundSteps) -> Vec<(usize, Entry)> {
    let mut groups: BTreeMap<SameEntry, [Vec<Entry>; 2]> = BTreeMap::new();
    for (side, entries) in entries.into_iter().enumerate() {
        for entry in entries {
            groups.entry((entry.name, entry.other, entry.amount)).or_default()[side].push(entry);
        }
    }
    let mut left = Vec::new();
    for mut group in groups.into_values() {
        for (side, entries) in group.iter_mut().enumerate() {
            let is_shared =
                |entry: &Entry| entry.act.is_none_or(|place| !steps.of_acts[side].contains_key(&place));
            // Stable: the first are those that the other world has too.
            entries.sort_by_key(|entry| !is_shared(entry));
        }
        let shared = group[0].len().min(group[1].len());
        for (side, entries) in group.into_iter().enumerate() {
            left.extend(entries.into_iter().skip(shared).map(|entry| (side, entry)));
        }
    }
    left
}

#[cfg(test)]
mod newcomers;
#[cfg(test)]
mod random;
#[cfg(test)]
mod tests;
