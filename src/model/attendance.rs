//! Attendance: which agents attend this round's mixers, and the event of each guest.

mod buckets;
mod rule;

use std::ops::Range;

use super::agent::Agent;
use super::population::{PART, World};
use super::ties::AgentId;
use crate::parallel::Parallelism;
use buckets::{Arrivals, Buckets};
pub(super) use rule::AttendanceRule;

/// An event. With n events in a town, event k has the guests k, k + n, k + 2n ... of the town's list.
#[derive(Clone, Copy, Debug)]
pub(super) struct EventPlan {
    /// Town of the event.
    pub town: u32,
    /// Number of the event in the town, from 0.
    number: u32,
    /// Number of events in the town.
    n_events: u32,
    /// Position of the town's first guest in the attendance.
    first: usize,
    /// Number of guests of all events in the town.
    n_guests: u32,
}

impl EventPlan {
    /// The unit of the event's random numbers.
    pub(super) fn unit(&self) -> u64 {
        u64::from(self.town) << 32 | u64::from(self.number)
    }

    /// Number of guests of the event.
    pub(super) fn n_guests(&self) -> usize {
        (self.n_guests - self.number).div_ceil(self.n_events) as usize
    }
}

/// All guests of a round's mixers: town by town, in random order within a town.
#[derive(Debug)]
pub(super) struct Attendance {
    /// A random key in the upper half, the agent in the lower half.
    guests: Vec<u64>,
    /// The events, town by town.
    pub events: Vec<EventPlan>,
}

impl Attendance {
    /// Draws the attendance. A guest attends in its home town or, with chance `travel`, in another town drawn
    /// evenly. The n guests of a town go to ceil(n / size) events in turn, so sizes differ by one at most.
    ///
    /// A guest who attends only because it is invited is placed last in its town. So it changes one event only, and
    /// its event is as random as those of the others.
    pub(super) fn draw(world: &World<'_>, round: u32, par: Parallelism<'_>) -> Self {
        let rule = AttendanceRule::of(world, round);
        let buckets = Buckets::of(&world.towns);
        let n = world.n_agents();
        let part = part_size(n);
        let parts = (0..n).step_by(part as usize).map(|first| first..n.min(first.saturating_add(part)));
        let arrived = par.map(parts.collect(), |ids| arrivals(&rule, &buckets, ids, &world.agents));
        let (guests, starts) = buckets.collect(arrived, par);
        Self { guests, events: plan_events(&starts, world.rules.scenario.mixer.size) }
    }

    /// The guests of an event, in the order of their seats.
    pub(super) fn guests(&self, event: &EventPlan) -> impl ExactSizeIterator<Item = AgentId> + '_ {
        let first = event.first + event.number as usize;
        let town = &self.guests[first..event.first + event.n_guests as usize];
        // The lower half of a key is the agent.
        #[allow(clippy::cast_possible_truncation)]
        town.iter().step_by(event.n_events as usize).map(|&key| key as AgentId)
    }
}

/// Number of agents per task: large enough to fill buckets, small enough to keep all threads busy. No result
/// depends on it.
fn part_size(n_agents: AgentId) -> AgentId {
    let least = AgentId::try_from(PART).expect("a part is small");
    (n_agents / 64).clamp(least, 16 * least)
}

/// The guests among `ids`.
fn arrivals(
    rule: &AttendanceRule<'_>,
    buckets: &Buckets<'_>,
    ids: Range<AgentId>,
    agents: &[Agent],
) -> Arrivals {
    let mut words = rule.words(ids.start);
    let (first_bucket, mut at_home) = buckets.empty(ids.clone());
    let (mut away, mut invited) = (Vec::new(), None);
    let mut home = rule.towns.of(ids.start);
    let mut home_end = rule.towns.residents(home).end;
    for id in ids {
        let [attends, place] = [words.word(), words.word()];
        if id == home_end {
            home += 1;
            home_end = rule.towns.residents(home).end;
        }
        let agent = &agents[id as usize];
        if rule.attends(id, agent, attends) {
            let key = u64::from(place) << 32 | u64::from(id);
            match rule.travel_destination(id) {
                Some(town) => away.push((town, key)),
                None => at_home[buckets.number(home, key) - first_bucket].push(key),
            }
        } else if rule.is_invited(id, agent) {
            invited = Some((rule.travel_destination(id).unwrap_or(home), id.into()));
        }
    }
    Arrivals { first_bucket, at_home, away, invited }
}

/// The smallest number of events in each town that the maximum size allows.
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
    use crate::model::intervention::Intervention;
    use crate::model::rules::Rules;
    use crate::scenario::Scenario;

    fn rules(sets: &[&str]) -> Rules {
        Rules::new(&Scenario::parse("", sets).unwrap_or_else(|faults| panic!("{faults}")))
    }

    fn events(world: &World<'_>) -> Vec<(u32, Vec<AgentId>)> {
        let attendance = Attendance::draw(world, 0, Parallelism::SERIAL);
        attendance.events.iter().map(|event| (event.town, attendance.guests(event).collect())).collect()
    }

    #[test]
    fn everyone_sits_once_and_sizes_differ_by_one_at_most() {
        let towns = ["population.agents=5000", "population.town_size=300", "mixer.travel=0.2"];
        let rules = rules(&[&towns[..], &["strategy.warrior.attend=1"]].concat());
        let world = World::new(&rules, 5, Parallelism::SERIAL);
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
    fn an_invited_guest_changes_one_event_only() {
        let rules = rules(&["population.agents=1010"]);
        let mut world = World::new(&rules, 5, Parallelism::SERIAL);
        let before = events(&world);
        let absent = (0..1010)
            .find(|&a| !AttendanceRule::of(&world, 0).would_attend(a, &world.agents[a as usize]))
            .unwrap();
        world.intervention = Some(Intervention { agent: absent, invited: 0, behaviour: 0, until: 0 });
        let after = events(&world);
        assert_eq!(before.len(), after.len());
        let changed: Vec<_> = before.iter().zip(&after).filter(|(b, a)| b != a).collect();
        let [(before, after)] = changed[..] else { panic!("{} events changed", changed.len()) };
        assert_eq!([&before.1[..], &[absent]].concat(), after.1);
    }
}
