//! Phase 2: mixers. While events run, their guests' ties are copies of rows of the tie table.

use std::ops::Range;

use super::act::ActRecord;
use super::agent::Agent;
use super::attendance::{Attendance, AttendanceRule, EventPlan};
use super::behaviour::{Actor, Behaviour};
use super::event::{Context, Event};
use super::favours::Help;
use super::ledger::Tally;
use super::population::World;
use super::rules::Rules;
use super::seats::Guest;
use super::tie_table::{TieRows, TieTable};
use super::ties::{AgentId, Referral};
use crate::parallel::Parallelism;

/// Events per task. It affects speed only, like [`TASKS_PER_BATCH`].
const EVENTS_PER_TASK: usize = 16;

/// Tasks per batch. The ties of a batch are copied at once, so this limits memory.
const TASKS_PER_BATCH: usize = 128;

/// Maximum number of events whose guests' ties are copied at once, unless all events run slot by slot.
pub(crate) const EVENTS_AT_ONCE: u64 = (EVENTS_PER_TASK * TASKS_PER_BATCH) as u64;

/// The results of a round's mixers.
#[derive(Debug)]
pub(super) struct MixerOutcome {
    /// Counts and flows.
    pub tally: Tally,
    /// Referrals for the calls of this round, in the order of the helped agents.
    pub referrals: Vec<(AgentId, Referral)>,
    /// Partners of the agent with an intervention.
    pub partners: Vec<AgentId>,
    /// Acts, event by event; empty if nobody asks for them.
    pub acts: Vec<ActRecord>,
    /// Help that solved a need, in the order of each event; empty if nobody returns favours.
    help: Vec<Help>,
}

impl MixerOutcome {
    /// No results yet.
    fn new(rules: &Rules) -> Self {
        Self {
            tally: Tally::new(rules.n_strategies()),
            referrals: Vec::new(),
            partners: Vec::new(),
            acts: Vec::new(),
            help: Vec::new(),
        }
    }

    fn add(&mut self, part: Self) {
        self.tally.add(&part.tally);
        self.referrals.extend(part.referrals);
        self.partners.extend(part.partners);
        self.acts.extend(part.acts);
        self.help.extend(part.help);
    }
}

/// Runs this round's mixers in all towns. Acts are recorded if they are `observed`.
pub(super) fn run_mixers(
    world: &mut World<'_>,
    round: u32,
    observed: bool,
    par: Parallelism<'_>,
) -> MixerOutcome {
    let attendance = Attendance::draw(world, round, par);
    let (rules, assigned) = (world.rules, world.assigned(round));
    // Public standings of absent contacts are compared for referrals. So an event depends on the standings that
    // other events of the round publish, and all events run slot by slot.
    let slot_by_slot = rules.public && rules.scenario.population.ties_max > 0;
    let tasks: Vec<&[EventPlan]> = attendance.events.chunks(EVENTS_PER_TASK).collect();
    let mut outcome = MixerOutcome::new(rules);
    for batch in tasks.chunks(if slot_by_slot { tasks.len().max(1) } else { TASKS_PER_BATCH }) {
        let mixers = Mixers::new(world, round, observed, &attendance, assigned.as_ref());
        let results = if slot_by_slot {
            mixers.run_slot_by_slot(batch, par)
        } else {
            mixers.run_one_by_one(batch, par)
        };
        let (copies, parts): (Vec<TieCopies>, Vec<MixerOutcome>) = results.into_iter().unzip();
        parts.into_iter().for_each(|part| outcome.add(part));
        let copies: Vec<_> = copies.iter().map(|copies| (copies.ids.as_slice(), &copies.ties)).collect();
        world.ties.write_back(&copies, par);
    }
    world.favours.settle(&outcome.help, round);
    outcome.referrals.sort_unstable_by_key(|(helped, _)| *helped);
    outcome
}

/// Copies of the ties of some guests.
struct TieCopies {
    ids: Vec<AgentId>,
    ties: TieTable,
}

/// A group of events with all their guests, event by event.
struct EventGroup<'w> {
    plans: &'w [EventPlan],
    guests: Vec<Guest<'w>>,
    copies: TieCopies,
}

impl EventGroup<'_> {
    /// The range of each event's guests in `guests`.
    fn guest_ranges(&self) -> impl Iterator<Item = Range<usize>> + use<'_> {
        self.plans.iter().scan(0, |end, plan| {
            let first = *end;
            *end += plan.n_guests();
            Some(first..*end)
        })
    }
}

/// The data that all events of a round read.
#[derive(Clone, Copy)]
struct Mixers<'w> {
    world: &'w World<'w>,
    attendance: &'w Attendance,
    /// The agent with an intervention, and how it behaves.
    assigned: Option<&'w (AgentId, [Behaviour; 2])>,
    context: Context<'w>,
}

impl<'w> Mixers<'w> {
    fn new(
        world: &'w World<'_>,
        round: u32,
        observed: bool,
        attendance: &'w Attendance,
        assigned: Option<&'w (AgentId, [Behaviour; 2])>,
    ) -> Self {
        let context = Context {
            rules: world.rules,
            opinions: world.opinions(),
            expertise: &world.expertise,
            towns: &world.towns,
            last_helped: &world.last_helped,
            favours: &world.favours,
            needs: &world.needs,
            random_key: world.random_key,
            round,
            observed,
        };
        Self { world, attendance, assigned, context }
    }

    /// Runs each event from start to end before the next, so that its guests stay in the cache.
    fn run_one_by_one(
        &self,
        batch: &[&'w [EventPlan]],
        par: Parallelism<'_>,
    ) -> Vec<(TieCopies, MixerOutcome)> {
        par.map(batch.to_vec(), |plans| {
            let mut group = self.gather(plans);
            let mut outcome = MixerOutcome::new(self.context.rules);
            let mut event: Option<Event<'_>> = None;
            let ranges: Vec<Range<usize>> = group.guest_ranges().collect();
            for (plan, range) in plans.iter().zip(ranges) {
                let guests = &group.guests[range.clone()];
                match &mut event {
                    Some(event) => event.reopen(guests, plan.unit()),
                    None => event = Some(Event::new(self.context, guests, plan.unit())),
                }
                let event = event.as_mut().expect("the event was just made");
                let mut ties = group.copies.ties.rows(range);
                for slot in 0..self.context.rules.scenario.mixer.slots {
                    event.run_slot(slot, &mut ties, &mut outcome.tally);
                }
                self.publish(event);
                self.close(event, &mut ties, &mut outcome);
            }
            (group.copies, outcome)
        })
    }

    /// Runs all events slot by slot, and publishes the standings after each slot.
    fn run_slot_by_slot(
        &self,
        tasks: &[&'w [EventPlan]],
        par: Parallelism<'_>,
    ) -> Vec<(TieCopies, MixerOutcome)> {
        let mut groups = par.map(tasks.to_vec(), |plans| {
            let group = self.gather(plans);
            let open = |(plan, range): (&EventPlan, _)| {
                let event = Event::new(self.context, &group.guests[Range::clone(&range)], plan.unit());
                (event, range)
            };
            let events: Vec<_> = plans.iter().zip(group.guest_ranges()).map(open).collect();
            (events, group, MixerOutcome::new(self.context.rules))
        });
        for slot in 0..self.context.rules.scenario.mixer.slots {
            par.map(groups.iter_mut().collect(), |(events, group, outcome)| {
                for (event, range) in events {
                    event.run_slot(slot, &mut group.copies.ties.rows(range.clone()), &mut outcome.tally);
                }
            });
            par.map(groups.iter().collect(), |(events, ..)| {
                events.iter().for_each(|(event, _)| self.publish(event));
            });
        }
        par.map(groups, |(events, mut group, mut outcome)| {
            for (mut event, range) in events {
                self.close(&mut event, &mut group.copies.ties.rows(range), &mut outcome);
            }
            (group.copies, outcome)
        })
    }

    /// Publishes the standings of an event's guests (public reputation).
    fn publish(&self, event: &Event<'_>) {
        if self.context.rules.public {
            event.standings().for_each(|(id, standing)| self.world.standings.set(id, standing));
        }
    }

    /// Ends an event, and adds its results to `outcome`.
    fn close(&self, event: &mut Event<'_>, ties: &mut TieRows<'_>, outcome: &mut MixerOutcome) {
        event.close(ties, &mut outcome.tally, &mut outcome.referrals);
        outcome.acts.extend(event.take_acts());
        outcome.help.append(&mut event.help);
        outcome.partners.extend(
            self.world
                .intervention
                .into_iter()
                .flat_map(|intervention| event.partners_of(intervention.agent)),
        );
    }

    /// Gathers the guests of some events. There is one loop per quantity, so that reads of scattered memory overlap.
    fn gather(&self, plans: &'w [EventPlan]) -> EventGroup<'w> {
        let (world, rules) = (self.world, self.context.rules);
        let rule = AttendanceRule::of(world, self.context.round);
        let mut ids = Vec::with_capacity(plans.iter().map(EventPlan::n_guests).sum());
        plans.iter().for_each(|plan| ids.extend(self.attendance.guests(plan)));
        let agents: Vec<&Agent> = ids.iter().map(|&id| &world.agents[id as usize]).collect();
        let strategies: Vec<u16> = agents.iter().map(|agent| agent.strategy).collect();
        let behaviours: Vec<&Behaviour> = if rules.people_differ || rules.helpful.is_some() {
            ids.iter().map(|&id| world.behaviour_at_mixer(id, rule.round)).collect()
        } else {
            strategies.iter().map(|&strategy| &rules.behaviours[usize::from(strategy)]).collect()
        };
        let helpful: Vec<&Behaviour> = if world.favours.are_kept() {
            ids.iter().map(|&id| world.helpful(id)).collect()
        } else {
            Vec::new()
        };
        let expertise: Vec<u16> = ids.iter().map(|&id| world.expertise[id as usize]).collect();
        let standing = |&id| if rules.public { world.standings.get(id) } else { rules.prior };
        let standings: Vec<f32> = ids.iter().map(standing).collect();
        let mut guests = Vec::with_capacity(ids.len());
        let events = plans.iter().flat_map(|plan| std::iter::repeat_n(plan.town, plan.n_guests()));
        for (i, town) in events.enumerate() {
            let (id, strategy) = (ids[i], strategies[i]);
            let home = if rule.all_stay() { town } else { world.towns.of(id) };
            let region = world.towns.region(home);
            guests.push(Guest {
                id,
                agent: agents[i],
                strategy,
                expertise: expertise[i],
                actor: Actor { behaviour: behaviours[i], region, abroad: region != world.towns.region(town) },
                helpful: helpful.get(i).copied(),
                travelled: home != town,
                standing: standings[i],
            });
        }
        if let Some((agent, [usual, helpful])) = self.assigned {
            for guest in guests.iter_mut().filter(|guest| guest.id == *agent) {
                guest.actor.behaviour = usual;
                guest.helpful = guest.helpful.map(|_| helpful);
            }
        }
        EventGroup { plans, guests, copies: TieCopies { ties: world.ties.copy_of(&ids), ids } }
    }
}
