//! Phase 2: the mixers. Guests sit at events, and their ties are taken out of the table meanwhile.

use std::ops::Range;

use super::agent::Agent;
use super::attendance::{Admission, Attendance, EventPlan};
use super::behaviour::Actor;
use super::event::{Context, Event};
use super::ledger::Tally;
use super::population::World;
use super::rules::Rules;
use super::seats::Guest;
use super::tie_table::{TieRows, TieTable};
use super::ties::{AgentId, Referral};
use crate::parallel::Parallelism;

/// Events per task, and tasks per batch. Part of no result: only of how work is shared, and of how many
/// guests are out of the population at once.
const EVENTS_PER_TASK: usize = 16;
const TASKS_PER_BATCH: usize = 128;

/// Most events whose guests are out of the population at once, unless all go slot by slot.
pub const EVENTS_AT_ONCE: u64 = (EVENTS_PER_TASK * TASKS_PER_BATCH) as u64;

/// What a mixer leaves for the rest of the round.
#[derive(Debug)]
pub(super) struct MixerOutcome {
    /// Everything counted.
    pub tally: Tally,
    /// Referrals to be followed up on the phone, in the order of the helped agents.
    pub referrals: Vec<(AgentId, Referral)>,
    /// Whom the agent with an intervention talked to, if it was there.
    pub partners: Vec<AgentId>,
}

impl MixerOutcome {
    /// Nothing yet.
    fn new(rules: &Rules) -> Self {
        Self { tally: Tally::new(rules.n_strategies()), referrals: Vec::new(), partners: Vec::new() }
    }

    fn add(&mut self, part: Self) {
        self.tally.add(&part.tally);
        self.referrals.extend(part.referrals);
        self.partners.extend(part.partners);
    }
}

/// Holds this round's mixers in all towns.
pub(super) fn hold_mixers(world: &mut World<'_>, round: u32, par: Parallelism<'_>) -> MixerOutcome {
    let attendance = Attendance::call(world, round, par);
    let rules = world.rules;
    // What happens at one event can be seen from another within the round where standings are public
    // and contacts can be compared; then all events go slot by slot.
    let in_step = rules.public && rules.scenario.population.ties_max > 0;
    let tasks: Vec<&[EventPlan]> = attendance.events.chunks(EVENTS_PER_TASK).collect();
    let mut outcome = MixerOutcome::new(rules);
    for batch in tasks.chunks(if in_step { tasks.len().max(1) } else { TASKS_PER_BATCH }) {
        let mixers = Mixers::new(world, round, &attendance);
        let held = if in_step { mixers.hold_in_step(batch, par) } else { mixers.hold(batch, par) };
        let (copies, parts): (Vec<Copies>, Vec<MixerOutcome>) = held.into_iter().unzip();
        parts.into_iter().for_each(|part| outcome.add(part));
        let copies: Vec<_> = copies.iter().map(|copies| (copies.ids.as_slice(), &copies.ties)).collect();
        world.ties.take_over(&copies, par);
    }
    outcome.referrals.sort_unstable_by_key(|(helped, _)| *helped);
    outcome
}

/// The ties of the guests of some events, taken out of the table while these last.
struct Copies {
    ids: Vec<AgentId>,
    ties: TieTable,
}

/// The guests of some events, event by event.
struct Desk<'w> {
    plans: &'w [EventPlan],
    guests: Vec<Guest<'w>>,
    copies: Copies,
}

impl Desk<'_> {
    /// Where the guests of each event are.
    fn places(&self) -> impl Iterator<Item = Range<usize>> + use<'_> {
        self.plans.iter().scan(0, |end, plan| {
            let first = *end;
            *end += plan.n_guests();
            Some(first..*end)
        })
    }
}

/// What all events of a round share.
#[derive(Clone, Copy)]
struct Mixers<'w> {
    world: &'w World<'w>,
    attendance: &'w Attendance,
    context: Context<'w>,
}

impl<'w> Mixers<'w> {
    fn new(world: &'w World<'_>, round: u32, attendance: &'w Attendance) -> Self {
        let context = Context {
            rules: world.rules,
            opinions: world.opinions(),
            expertise: &world.expertise,
            random_key: world.random_key,
            round,
        };
        Self { world, attendance, context }
    }

    /// Holds events one after the other from opening to close, so that their guests stay in the cache.
    fn hold(&self, batch: &[&'w [EventPlan]], par: Parallelism<'_>) -> Vec<(Copies, MixerOutcome)> {
        par.map(batch.to_vec(), |plans| {
            let mut desk = self.take(plans);
            let mut outcome = MixerOutcome::new(self.context.rules);
            let mut event: Option<Event<'_>> = None;
            let places: Vec<Range<usize>> = desk.places().collect();
            for (plan, place) in plans.iter().zip(places) {
                let guests = &desk.guests[place.clone()];
                // The same memory serves one event after the other.
                match &mut event {
                    Some(event) => event.reopen(guests, plan.unit()),
                    None => event = Some(Event::new(self.context, guests, plan.unit())),
                }
                let event = event.as_mut().expect("it was opened");
                let mut ties = desk.copies.ties.rows(place);
                for slot in 0..self.context.rules.scenario.mixer.slots {
                    event.hold_slot(slot, &mut ties, &mut outcome.tally);
                }
                self.publish(event);
                self.close(event, &mut ties, &mut outcome);
            }
            (desk.copies, outcome)
        })
    }

    /// Holds all events slot by slot, and makes each slot's verdicts everybody's standing before the next.
    fn hold_in_step(&self, tasks: &[&'w [EventPlan]], par: Parallelism<'_>) -> Vec<(Copies, MixerOutcome)> {
        let mut groups = par.map(tasks.to_vec(), |plans| {
            let desk = self.take(plans);
            let open = |(plan, place): (&EventPlan, _)| {
                let event = Event::new(self.context, &desk.guests[Range::clone(&place)], plan.unit());
                (event, place)
            };
            let events: Vec<_> = plans.iter().zip(desk.places()).map(open).collect();
            (events, desk, MixerOutcome::new(self.context.rules))
        });
        for slot in 0..self.context.rules.scenario.mixer.slots {
            par.map(groups.iter_mut().collect(), |(events, desk, outcome)| {
                for (event, place) in events {
                    event.hold_slot(slot, &mut desk.copies.ties.rows(place.clone()), &mut outcome.tally);
                }
            });
            par.map(groups.iter().collect(), |(events, ..)| {
                events.iter().for_each(|(event, _)| self.publish(event));
            });
        }
        par.map(groups, |(events, mut desk, mut outcome)| {
            for (mut event, place) in events {
                self.close(&mut event, &mut desk.copies.ties.rows(place), &mut outcome);
            }
            (desk.copies, outcome)
        })
    }

    /// Lets everybody know the standings of an event's guests (public reputation).
    fn publish(&self, event: &Event<'_>) {
        if self.context.rules.public {
            event.standings().for_each(|(id, standing)| self.world.standings.set(id, standing));
        }
    }

    /// Ends an event, and keeps what it leaves.
    fn close(&self, event: &mut Event<'_>, ties: &mut TieRows<'_>, outcome: &mut MixerOutcome) {
        event.close(ties, &mut outcome.tally, &mut outcome.referrals);
        outcome.partners.extend(
            self.world
                .intervention
                .into_iter()
                .flat_map(|intervention| event.partners_of(intervention.agent)),
        );
    }

    /// Takes the guests of some events out of the population. Each quantity is looked up for all of them at once:
    /// so many reads from all over the memory go on side by side.
    fn take(&self, plans: &'w [EventPlan]) -> Desk<'w> {
        let (world, rules) = (self.world, self.context.rules);
        let admission = Admission::of(world, self.context.round);
        let mut ids = Vec::with_capacity(plans.iter().map(EventPlan::n_guests).sum());
        plans.iter().for_each(|plan| ids.extend(self.attendance.guests(plan)));
        let agents: Vec<&Agent> = ids.iter().map(|&id| &world.agents[id as usize]).collect();
        let strategies: Vec<u16> = agents.iter().map(|agent| agent.strategy).collect();
        let expertise: Vec<u16> = ids.iter().map(|&id| world.expertise[id as usize]).collect();
        let standing = |&id| if rules.public { world.standings.get(id) } else { rules.prior };
        let standings: Vec<f32> = ids.iter().map(standing).collect();
        let mut guests = Vec::with_capacity(ids.len());
        let events = plans.iter().flat_map(|plan| std::iter::repeat_n(plan.town, plan.n_guests()));
        for (i, town) in events.enumerate() {
            let (id, strategy) = (ids[i], strategies[i]);
            let home = if admission.all_stay() { town } else { world.towns.of(id) };
            let region = world.towns.region(home);
            let intervention = world.intervention.filter(|intervention| intervention.agent == id);
            let behaviour = intervention
                .and_then(|intervention| intervention.behaviour_in(admission.round))
                .unwrap_or(strategy);
            guests.push(Guest {
                id,
                agent: agents[i],
                strategy,
                expertise: expertise[i],
                actor: Actor { behaviour, region, abroad: region != world.towns.region(town) },
                travelled: home != town,
                standing: standings[i],
            });
        }
        Desk { plans, guests, copies: Copies { ties: world.ties.copy_of(&ids), ids } }
    }
}
