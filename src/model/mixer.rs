//! Phase 2: who attends, which event each guest is dealt to, and the slots of the events.

use super::account::Post;
use super::agent::Agent;
use super::conversation::{Guest, Setting};
use super::event::Event;
use super::judging::Actor;
use super::ledger::Tally;
use super::opinion::Regard;
use super::population::{Towns, World, split};
use super::rules::Rules;
use super::ties::{AgentId, Referral, TieBook, TiesMut};
use crate::draws::{Luck, Purpose, below, chance};
use crate::parallel::Team;

/// Events per task. Part of no result: only of how work is shared.
const EVENTS_PER_TASK: usize = 16;

/// Words that decide on one agent's attendance.
const WORDS: u32 = 4;

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
}

/// A guest's place: towns in order, and in each town the guests in random order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    town: u32,
    key: u32,
    id: AgentId,
}

/// An event: which guests, by position in the list of places.
#[derive(Clone, Debug)]
struct EventPlan {
    town: u32,
    unit: u64,
    places: std::ops::Range<usize>,
}

/// Holds this round's mixers in all towns.
pub(super) fn hold_mixers(world: &mut World<'_>, round: u32, team: Team<'_>) -> MixerOutcome {
    let mut places: Vec<Place> =
        team.map(world.parts(), |part| attend(world, round, part)).into_iter().flatten().collect();
    team.sort_distinct(&mut places);
    let plans = plan_events(&places, world.rules.scenario.mixer.size);
    let parts = hold_events(world, round, &places, &plans, team);
    let mut outcome = MixerOutcome::new(world.rules);
    for part in parts {
        outcome.tally.add(&part.tally);
        outcome.referrals.extend(part.referrals);
        outcome.partners.extend(part.partners);
    }
    outcome.referrals.sort_unstable_by_key(|(helped, _)| *helped);
    outcome
}

/// The places of those in `part` who attend: at home, or with chance `travel` in another town
/// drawn evenly.
fn attend(world: &World<'_>, round: u32, part: std::ops::Range<AgentId>) -> Vec<Place> {
    let s = &world.rules.scenario;
    let mut words = world.luck.agents(round, Purpose::Attendance, part.start, WORDS);
    let n_towns = world.towns.len();
    let mut places = Vec::new();
    for id in part {
        let [attends, travels, where_to, key] = [words.word(), words.word(), words.word(), words.word()];
        let agent = &world.agents[id as usize];
        let summoned = world.role.is_some_and(|role| role.agent == id && role.summoned == round);
        let comes = summoned || chance(attends, s.strategies[usize::from(agent.strategy)].attend);
        if !(agent.is_active() && comes) {
            continue;
        }
        let home = world.towns.of(id);
        let town = if n_towns > 1 && chance(travels, s.mixer.travel) {
            let pick = below(where_to, n_towns - 1);
            if pick >= home { pick + 1 } else { pick }
        } else {
            home
        };
        places.push(Place { town, key, id });
    }
    places
}

/// Whether an agent attends the mixer of a round by its own strategy.
pub(super) fn would_attend(world: &World<'_>, round: u32, id: AgentId) -> bool {
    let agent = &world.agents[id as usize];
    let word = world.luck.agents(round, Purpose::Attendance, id, WORDS).word();
    agent.is_active() && chance(word, world.rules.scenario.strategies[usize::from(agent.strategy)].attend)
}

/// Splits each town's guests into as few events as their size allows, sizes differing by one at most.
fn plan_events(places: &[Place], size: u32) -> Vec<EventPlan> {
    let mut plans = Vec::new();
    let mut first = 0;
    for guests in places.chunk_by(|p, q| p.town == q.town) {
        let n = u32::try_from(guests.len()).expect("guests are agents");
        let n_events = n.div_ceil(size);
        for k in 0..n_events {
            let [lo, hi] = [k, k + 1].map(|k| first + split(n, n_events, k) as usize);
            let town = guests[0].town;
            plans.push(EventPlan { town, unit: u64::from(town) << 32 | u64::from(k), places: lo..hi });
        }
        first += guests.len();
    }
    plans
}

/// Runs all events: event by event, or slot by slot where what happens at one event can be seen
/// from another within the round (public standings, and contacts to compare).
fn hold_events(
    world: &mut World<'_>,
    round: u32,
    places: &[Place],
    plans: &[EventPlan],
    team: Team<'_>,
) -> Vec<MixerOutcome> {
    let (rules, luck) = (world.rules, world.luck);
    let slots = rules.scenario.mixer.slots;
    let in_step = rules.public && rules.scenario.population.ties_max > 0;
    let fading = world.fading(round);
    let role = world.role;
    let World { agents, ties, expertise, standings, towns, .. } = world;
    let standings = &*standings;
    let setting = Setting { rules, regard: Regard::new(rules, fading, standings), expertise, role };
    let mut seats = seat_guests(agents, ties, places);
    let tasks = share_out(plans, &mut seats);
    let open = |(plan, seats)| open_event(setting, towns, places, luck, plan, seats);
    if !in_step {
        // One event after the other from its opening to its close: its guests stay in the cache, and
        // no more events are in memory than there are threads.
        return team.map(tasks, |task| {
            let mut outcome = MixerOutcome::new(rules);
            for mut event in task.into_iter().map(open) {
                for slot in 0..slots {
                    event.hold_slot(slot, &mut outcome.tally);
                    event.publish(standings);
                }
                event.close(&mut outcome.tally, &mut outcome.referrals);
                outcome.partners.extend(event.partners_of_role());
            }
            outcome
        });
    }
    let mut groups =
        team.map(tasks, |task| (task.into_iter().map(open).collect::<Vec<_>>(), MixerOutcome::new(rules)));
    for slot in 0..slots {
        team.map(groups.iter_mut().collect(), |(events, outcome)| {
            events.iter_mut().for_each(|e| e.hold_slot(slot, &mut outcome.tally));
        });
        team.map(groups.iter_mut().collect(), |(events, _)| {
            events.iter_mut().for_each(|e| e.publish(standings));
        });
    }
    team.map(groups, |(events, mut outcome)| {
        for mut event in events {
            event.close(&mut outcome.tally, &mut outcome.referrals);
            outcome.partners.extend(event.partners_of_role());
        }
        outcome
    })
}

/// The state of a guest, to be changed at its event.
type Seat<'a> = (&'a mut Agent, TiesMut<'a>);

/// Takes the state of every guest out of the population, in the order of the places.
fn seat_guests<'a>(
    agents: &'a mut [Agent],
    ties: &'a mut TieBook,
    places: &[Place],
) -> Vec<Option<Seat<'a>>> {
    /// Stands for "stays at home".
    const NOWHERE: u32 = u32::MAX;
    let mut seat_of = vec![NOWHERE; agents.len()];
    (0..).zip(places).for_each(|(seat, place)| seat_of[place.id as usize] = seat);
    let mut seats: Vec<Option<Seat<'_>>> = places.iter().map(|_| None).collect();
    for ((agent, ties), &seat) in agents.iter_mut().zip(ties.rows_mut()).zip(&seat_of) {
        if seat != NOWHERE {
            seats[seat as usize] = Some((agent, ties));
        }
    }
    seats
}

/// An event and the seats of its guests.
type Table<'p, 's, 'a> = (&'p EventPlan, &'s mut [Option<Seat<'a>>]);

/// The events in tasks, each event with its seats: they follow one another as the events do.
fn share_out<'s, 'p, 'a>(
    plans: &'p [EventPlan],
    mut seats: &'s mut [Option<Seat<'a>>],
) -> Vec<Vec<Table<'p, 's, 'a>>> {
    let mut take = |plan: &'p EventPlan| {
        let (own, others) = std::mem::take(&mut seats).split_at_mut(plan.places.len());
        seats = others;
        (plan, own)
    };
    plans.chunks(EVENTS_PER_TASK).map(|task| task.iter().map(&mut take).collect()).collect()
}

/// An event with its guests seated.
fn open_event<'a>(
    setting: Setting<'a>,
    towns: &Towns,
    places: &[Place],
    luck: Luck,
    plan: &EventPlan,
    seats: &mut [Option<Seat<'a>>],
) -> Event<'a> {
    let here = (plan.town, towns.region(plan.town));
    let guests = places[plan.places.clone()].iter().zip(seats).map(|(place, seat)| {
        let (agent, ties) = seat.take().expect("an agent attends once");
        let home = towns.of(place.id);
        welcome(setting, place.id, agent, ties, (home, towns.region(home)), here)
    });
    Event::new(setting, guests.collect(), luck, plan.unit)
}

/// A guest as it arrives; `home` and `here` are towns with their regions.
fn welcome<'a>(
    setting: Setting<'_>,
    id: AgentId,
    agent: &'a mut Agent,
    ties: TiesMut<'a>,
    home: (u32, u16),
    here: (u32, u16),
) -> Guest<'a> {
    let s = &setting.rules.scenario;
    let polish_here = if home.1 == here.1 { 1.0 } else { s.regions[usize::from(home.1)].polish_abroad };
    agent.account.count(Post::Attend);
    agent.account.add(Post::Travel, (home.0 != here.0).into());
    let standing =
        if setting.rules.public { setting.regard.opinion(ties.view(), id) } else { setting.rules.prior };
    let role = setting.role.filter(|role| role.agent == id);
    let manner = role.and_then(|role| role.manner_in(setting.regard.fading.now)).unwrap_or(agent.strategy);
    Guest {
        id,
        expertise: setting.expertise[id as usize],
        manner,
        region: home.1,
        actor: Actor::new(&setting.rules.manners[usize::from(manner)], polish_here),
        travelled: home.0 != here.0,
        pushed: false,
        referral: None,
        standing,
        standing_next: standing,
        agent,
        ties,
    }
}
