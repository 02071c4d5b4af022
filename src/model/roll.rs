//! Who comes to this round's mixers, and which event each guest is dealt to.

use super::population::{Towns, World};
use super::ties::AgentId;
use crate::draws::{Purpose, below, chance};
use crate::parallel::Team;

/// Words that decide whether one agent attends, and where it stands in the order of the guests.
const WORDS: u32 = 2;

/// An event: every so many-th guest of its town.
#[derive(Clone, Copy, Debug)]
pub(super) struct EventPlan {
    /// Where it is held.
    pub town: u32,
    /// Its number in the town, from 0.
    number: u32,
    /// Events in the town.
    n_events: u32,
    /// Position of the town's first guest in the roll, and number of its guests.
    first: usize,
    n_guests: u32,
}

impl EventPlan {
    /// What its luck is keyed by.
    pub(super) fn unit(&self) -> u64 {
        u64::from(self.town) << 32 | u64::from(self.number)
    }

    /// Number of guests.
    pub(super) fn n_guests(&self) -> usize {
        (self.n_guests - self.number).div_ceil(self.n_events) as usize
    }
}

/// All guests of a round's mixers: town by town, in random order within a town.
#[derive(Debug)]
pub(super) struct Roll {
    /// A random key above the guest's number.
    guests: Vec<u64>,
    /// The events, town by town.
    pub events: Vec<EventPlan>,
}

impl Roll {
    /// Calls the roll: at home or, with chance `travel`, in another town drawn evenly. A town's n
    /// guests are dealt to ceil(n / size) events one after another, so sizes differ by one at most.
    ///
    /// A guest who comes only because it is summoned stands behind all others: its place is then as
    /// random as theirs are, and only the event that it joins is another than without it.
    pub(super) fn call(world: &World<'_>, round: u32, team: Team<'_>) -> Self {
        let parts = team.map(world.parts(), |part| arrivals(world, round, part));
        let extra = summoned(world, round);
        let (mut guests, starts) = gather(&world.towns, &parts, extra);
        drop(parts);
        let mut towns = Vec::with_capacity(starts.len() - 1);
        let mut rest = guests.as_mut_slice();
        for (town, bounds) in (0u32..).zip(starts.windows(2)) {
            let (all, others) = std::mem::take(&mut rest).split_at_mut(bounds[1] - bounds[0]);
            let behind = extra.is_some_and(|(at, _)| at == town);
            let drawn = all.len() - usize::from(behind);
            towns.push(&mut all[..drawn]);
            rest = others;
        }
        team.sort_each(towns);
        let events = plan_events(&starts, world.rules.scenario.mixer.size);
        Self { guests, events }
    }

    /// The guests of an event, in the order of their seats.
    pub(super) fn guests(&self, event: &EventPlan) -> impl ExactSizeIterator<Item = AgentId> + '_ {
        let first = event.first + event.number as usize;
        let town = &self.guests[first..event.first + event.n_guests as usize];
        // The low half of a key is the agent.
        #[allow(clippy::cast_possible_truncation)]
        town.iter().step_by(event.n_events as usize).map(|&key| key as AgentId)
    }
}

/// Guests of one part of the population, in the order of their numbers.
#[derive(Debug, Default)]
struct Arrivals {
    at_home: Vec<u64>,
    /// With the town.
    away: Vec<(u32, u64)>,
}

/// Those in `part` who attend by their own strategy.
fn arrivals(world: &World<'_>, round: u32, part: std::ops::Range<AgentId>) -> Arrivals {
    let mut words = world.luck.agents(round, Purpose::Attendance, part.start, WORDS);
    let strategies = &world.rules.scenario.strategies;
    let mut found = Arrivals::default();
    let abroad = may_travel(world);
    for id in part {
        let [attends, place] = [words.word(), words.word()];
        let agent = &world.agents[id as usize];
        if !(agent.is_active() && chance(attends, strategies[usize::from(agent.strategy)].attend)) {
            continue;
        }
        let key = u64::from(place) << 32 | u64::from(id);
        match if abroad { destination(world, round, id) } else { None } {
            Some(town) => found.away.push((town, key)),
            None => found.at_home.push(key),
        }
    }
    found
}

/// Whether anybody may go to another town.
fn may_travel(world: &World<'_>) -> bool {
    world.towns.len() > 1 && world.rules.scenario.mixer.travel > 0.0
}

/// The other town that a guest goes to, if it travels.
fn destination(world: &World<'_>, round: u32, id: AgentId) -> Option<u32> {
    let mut words = world.luck.agents(round, Purpose::Travel, id, 2);
    let [travels, where_to] = [words.word(), words.word()];
    if !(may_travel(world) && chance(travels, world.rules.scenario.mixer.travel)) {
        return None;
    }
    let pick = below(where_to, world.towns.len() - 1);
    Some(if pick >= world.towns.of(id) { pick + 1 } else { pick })
}

/// Whether an agent attends the mixer of a round by its own strategy.
pub(super) fn would_attend(world: &World<'_>, round: u32, id: AgentId) -> bool {
    let agent = &world.agents[id as usize];
    let word = world.luck.agents(round, Purpose::Attendance, id, WORDS).word();
    agent.is_active() && chance(word, world.rules.scenario.strategies[usize::from(agent.strategy)].attend)
}

/// The agent who comes only because it is summoned, and in which town it does.
fn summoned(world: &World<'_>, round: u32) -> Option<(u32, AgentId)> {
    let id = world.role.filter(|role| role.summoned == round)?.agent;
    let comes = world.agents[id as usize].is_active() && !would_attend(world, round, id);
    comes.then(|| (destination(world, round, id).unwrap_or_else(|| world.towns.of(id)), id))
}

/// All guests town by town, those of a town in no order but with the summoned one last, and where each
/// town begins (and the last one ends).
fn gather(towns: &Towns, parts: &[Arrivals], extra: Option<(u32, AgentId)>) -> (Vec<u64>, Vec<usize>) {
    let mut away: Vec<(u32, u64)> = parts.iter().flat_map(|part| part.away.iter().copied()).collect();
    away.sort_unstable();
    let mut away = away.into_iter().peekable();
    let at_home: usize = parts.iter().map(|part| part.at_home.len()).sum();
    let mut guests = Vec::with_capacity(at_home + away.len() + 1);
    let mut starts = vec![0];
    let mut at_home = parts.iter().map(|part| part.at_home.as_slice()).peekable();
    for town in 0..towns.len() {
        let end = u64::from(towns.people(town).end);
        // Parts follow one another by number, as towns do; a part may reach over several towns.
        while let Some(part) = at_home.peek_mut() {
            let n = part.partition_point(|key| key & u64::from(u32::MAX) < end);
            guests.extend_from_slice(&part[..n]);
            *part = &part[n..];
            if !part.is_empty() {
                break;
            }
            at_home.next();
        }
        guests.extend(std::iter::from_fn(|| away.next_if(|(at, _)| *at == town)).map(|(_, key)| key));
        guests.extend(extra.filter(|(at, _)| *at == town).map(|(_, id)| u64::from(id)));
        starts.push(guests.len());
    }
    (guests, starts)
}

/// As few events in each town as their size allows.
fn plan_events(starts: &[usize], size: u32) -> Vec<EventPlan> {
    let mut events = Vec::new();
    for (town, bounds) in (0u32..).zip(starts.windows(2)) {
        let n_guests = u32::try_from(bounds[1] - bounds[0]).expect("guests are agents");
        let n_events = n_guests.div_ceil(size);
        let plan = |number| EventPlan { town, number, n_events, first: bounds[0], n_guests };
        events.extend((0..n_events).map(plan));
    }
    events
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::population::Role;
    use crate::model::rules::Rules;
    use crate::scenario::{Override, Source, parse};

    fn rules(sets: &[&str]) -> Rules {
        let overrides: Vec<Override> = sets.iter().map(|s| Override::set(s)).collect();
        let scenario = parse(&Source { name: "test", bytes: b"" }, &overrides);
        Rules::new(&scenario.unwrap_or_else(|e| panic!("{}", e.render(false))))
    }

    fn events(world: &World<'_>) -> Vec<(u32, Vec<AgentId>)> {
        let roll = Roll::call(world, 0, Team::ALONE);
        roll.events.iter().map(|event| (event.town, roll.guests(event).collect())).collect()
    }

    #[test]
    fn everyone_sits_once_and_sizes_differ_by_one_at_most() {
        let towns = ["population.agents=5000", "population.town_size=300", "mixer.travel=0.2"];
        let rules = rules(&[&towns[..], &["strategy.warrior.attend=1"]].concat());
        let world = World::new(&rules, 5, Team::ALONE);
        let events = events(&world);
        let mut all: Vec<AgentId> = events.iter().flat_map(|(_, guests)| guests.clone()).collect();
        all.sort_unstable();
        assert!(all.windows(2).all(|pair| pair[0] < pair[1]), "nobody sits twice");
        assert!(all.iter().filter(|&&a| world.agents[a as usize].strategy == 0).count() == 2000);
        for town in events.chunk_by(|p, q| p.0 == q.0) {
            let sizes: Vec<usize> = town.iter().map(|(_, guests)| guests.len()).collect();
            let (least, most) = (sizes.iter().min().unwrap(), sizes.iter().max().unwrap());
            assert!(most - least <= 1 && *most <= 40, "{sizes:?}");
            assert!(town.len() == sizes.iter().sum::<usize>().div_ceil(40));
        }
        let travellers = events.iter().flat_map(|(town, guests)| guests.iter().map(move |g| (town, g)));
        let abroad = travellers.filter(|&(&town, &g)| world.towns.of(g) != town).count();
        assert!((400..800).contains(&abroad), "{abroad} of about 2,800 guests travel with chance 0.2");
    }

    #[test]
    fn a_summoned_guest_joins_one_event_and_leaves_the_others_as_they_were() {
        let rules = rules(&["population.agents=1010"]);
        let mut world = World::new(&rules, 5, Team::ALONE);
        let before = events(&world);
        let absent = (0..1010).find(|&a| !would_attend(&world, 0, a)).unwrap();
        world.role = Some(Role { agent: absent, summoned: 0, manner: 0, until: 0 });
        let after = events(&world);
        assert_eq!(before.len(), after.len());
        let changed: Vec<_> = before.iter().zip(&after).filter(|(b, a)| b != a).collect();
        let [(before, after)] = changed[..] else { panic!("{} events changed", changed.len()) };
        assert_eq!([&before.1[..], &[absent]].concat(), after.1);
    }
}
