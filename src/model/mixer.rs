//! Phase 2: the mixers. Guests sit at events, and their ties are taken out of the book meanwhile.

mod strangers;

use super::agent::Agent;
use super::conversation::{Guest, Setting};
use super::crowd::Crowd;
use super::event::Event;
use super::judging::Actor;
use super::ledger::{Tally, attend};
use super::population::World;
use super::roll::{Doors, EventPlan, Roll};
use super::rules::Rules;
use super::tie_table::TieTable;
use super::ties::{AgentId, Referral, TiesMut};
use crate::parallel::Team;

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
    /// Whom the agent with a role talked to, if it was there.
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
pub(super) fn hold_mixers(world: &mut World<'_>, round: u32, team: Team<'_>) -> MixerOutcome {
    if Crowd::suits(world.rules) {
        return strangers::hold_among_strangers(world, round, team);
    }
    let roll = Roll::call(world, round, team);
    let rules = world.rules;
    // What happens at one event can be seen from another within the round where standings are public
    // and contacts can be compared; then all events go slot by slot.
    let in_step = rules.public && rules.scenario.population.ties_max > 0;
    let tasks: Vec<&[EventPlan]> = roll.events.chunks(EVENTS_PER_TASK).collect();
    let mut outcome = MixerOutcome::new(rules);
    for batch in tasks.chunks(if in_step { tasks.len().max(1) } else { TASKS_PER_BATCH }) {
        let hall = Hall::new(world, round, &roll);
        let held = if in_step { hall.hold_in_step(batch, team) } else { hall.hold(batch, team) };
        let (desks, parts): (Vec<Desk>, Vec<MixerOutcome>) = held.into_iter().unzip();
        parts.into_iter().for_each(|part| outcome.add(part));
        let copies: Vec<_> = desks.iter().map(|desk| (desk.ids.as_slice(), &desk.ties)).collect();
        world.ties.take_over(&copies, team);
    }
    outcome.referrals.sort_unstable_by_key(|(helped, _)| *helped);
    outcome
}

/// The guests of some events, and their ties, taken out of the book while these last.
struct Desk {
    ids: Vec<AgentId>,
    ties: TieTable,
}

/// What all events of a round share.
#[derive(Clone, Copy)]
struct Hall<'w> {
    world: &'w World<'w>,
    roll: &'w Roll,
    round: u32,
    setting: Setting<'w>,
}

impl<'w> Hall<'w> {
    fn new(world: &'w World<'_>, round: u32, roll: &'w Roll) -> Self {
        let setting = Setting {
            rules: world.rules,
            opinions: world.opinions(),
            expertise: &world.expertise,
            role: world.role,
            round,
        };
        Self { world, roll, round, setting }
    }

    /// Holds events one after the other from opening to close, so that their guests stay in the cache.
    fn hold(&self, batch: &[&[EventPlan]], team: Team<'_>) -> Vec<(Desk, MixerOutcome)> {
        let slots = self.setting.rules.scenario.mixer.slots;
        team.map(batch.to_vec(), |plans| {
            let mut desk = self.take(plans);
            let mut outcome = MixerOutcome::new(self.setting.rules);
            for mut event in self.open(plans, &mut desk) {
                for slot in 0..slots {
                    event.hold_slot(slot, &mut outcome.tally);
                    event.settle();
                }
                event.publish(&self.world.standings);
                close(event, &mut outcome);
            }
            (desk, outcome)
        })
    }

    /// Holds all events slot by slot, and makes each slot's verdicts everybody's standing before the next.
    fn hold_in_step(&self, tasks: &[&[EventPlan]], team: Team<'_>) -> Vec<(Desk, MixerOutcome)> {
        let rules = self.setting.rules;
        let mut desks = team.map(tasks.to_vec(), |plans| self.take(plans));
        let groups = tasks.iter().copied().zip(&mut desks).collect();
        let mut groups = team.map(groups, |(plans, desk)| {
            (self.open(plans, desk).collect::<Vec<_>>(), MixerOutcome::new(rules))
        });
        for slot in 0..rules.scenario.mixer.slots {
            team.map(groups.iter_mut().collect(), |(events, outcome)| {
                events.iter_mut().for_each(|event| event.hold_slot(slot, &mut outcome.tally));
            });
            team.map(groups.iter_mut().collect(), |(events, _)| {
                for event in events {
                    event.settle();
                    event.publish(&self.world.standings);
                }
            });
        }
        let outcomes = team.map(groups, |(events, mut outcome)| {
            events.into_iter().for_each(|event| close(event, &mut outcome));
            outcome
        });
        desks.into_iter().zip(outcomes).collect()
    }

    /// What decides how guests come, with the role that is played here.
    fn doors(&self) -> Doors<'w> {
        Doors { role: self.setting.role, ..Doors::of(self.world, self.round) }
    }

    /// Takes the ties of the guests of some events out of the book.
    fn take(&self, plans: &[EventPlan]) -> Desk {
        let ids = self.ids(plans);
        let ties = self.world.ties.copy_of(&ids);
        Desk { ids, ties }
    }

    /// The guests of some events, event by event.
    fn ids(&self, plans: &[EventPlan]) -> Vec<AgentId> {
        let mut ids = Vec::with_capacity(plans.iter().map(EventPlan::n_guests).sum());
        plans.iter().for_each(|plan| ids.extend(self.roll.guests(plan)));
        ids
    }

    /// The events with their guests seated.
    fn open<'a>(&self, plans: &'a [EventPlan], desk: &'a mut Desk) -> impl Iterator<Item = Event<'a>>
    where
        'w: 'a,
    {
        let hall = *self;
        let mut guests = desk.ids.iter().zip(desk.ties.rows_mut());
        plans.iter().map(move |plan| {
            let guests = guests.by_ref().take(plan.n_guests());
            let agent = |id: AgentId| &hall.world.agents[id as usize];
            let guests = guests.map(|(&id, ties)| hall.welcome(id, agent(id), ties, plan)).collect();
            Event::new(hall.setting, guests, hall.world.luck, plan.unit())
        })
    }

    /// A guest as it arrives at an event.
    fn welcome<'a>(&self, id: AgentId, agent: &'a Agent, ties: TiesMut<'a>, plan: &EventPlan) -> Guest<'a> {
        let rules = self.setting.rules;
        let Arrival { region, abroad, travelled, manner } =
            Arrival::new(&self.doors(), id, agent.strategy, plan);
        attend(agent, travelled);
        let standing = if rules.public { self.world.standings.get(id) } else { rules.prior };
        let polish_here =
            if abroad { rules.scenario.regions[usize::from(region)].polish_abroad } else { 1.0 };
        Guest {
            id,
            expertise: self.setting.expertise[id as usize],
            manner,
            region,
            actor: Actor::new(&rules.manners[usize::from(manner)], polish_here),
            travelled,
            pushed: false,
            referral: None,
            standing,
            standing_next: standing,
            agent,
            ties,
        }
    }
}

/// How somebody comes to an event.
#[derive(Clone, Copy, Debug)]
struct Arrival {
    /// Where it lives.
    region: u16,
    /// Whether the event is in another region, and in another town.
    abroad: bool,
    travelled: bool,
    manner: u16,
}

impl Arrival {
    /// How somebody with a strategy comes to an event.
    fn new(doors: &Doors<'_>, id: AgentId, strategy: u16, plan: &EventPlan) -> Self {
        let home = if doors.all_stay() { plan.town } else { doors.towns.of(id) };
        let region = doors.towns.region(home);
        let role = doors.role.filter(|role| role.agent == id);
        Self {
            region,
            abroad: region != doors.towns.region(plan.town),
            travelled: home != plan.town,
            manner: role.and_then(|role| role.manner_in(doors.round)).unwrap_or(strategy),
        }
    }
}

/// Ends an event, and keeps what it leaves.
fn close(mut event: Event<'_>, outcome: &mut MixerOutcome) {
    event.close(&mut outcome.tally, &mut outcome.referrals);
    outcome.partners.extend(event.partners_of_role());
}
