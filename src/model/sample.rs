//! A sample of people with their ties: a neighbourhood of the network.

use std::collections::BTreeSet;

use super::payment::PaymentKind;
use super::population::World;
use super::record::{PersonRecord, SampleRecord, TieRecord};
use super::ties::AgentId;

/// Number of ties of each person that the sample follows.
const FOLLOWED: usize = 4;

/// At most `people_max` people around the first active agent: some whom it knows, then some whom they know, and so on.
/// Where no tie leads further, the next active agent who is not in the sample begins another neighbourhood.
pub(super) fn neighbourhood(world: &World<'_>, people_max: usize) -> SampleRecord {
    let ids = find(world, people_max);
    let found: BTreeSet<AgentId> = ids.iter().copied().collect();
    let ties = ids.iter().flat_map(|&agent| {
        let within = world.ties_of(agent).into_iter().filter(|(contact, _)| found.contains(contact));
        within.map(move |(contact, trust)| TieRecord { agent, contact, trust })
    });
    SampleRecord { ties: ties.collect(), people: ids.iter().map(|&agent| person(world, agent)).collect() }
}

/// The people of the sample, in the order in which they are found.
fn find(world: &World<'_>, people_max: usize) -> Vec<AgentId> {
    let mut people = Vec::new();
    let mut found = BTreeSet::new();
    let mut n_followed = 0;
    let active = (0..world.n_agents()).zip(&world.agents).filter(|(_, agent)| agent.is_active());
    for (first, _) in active {
        if people.len() < people_max && found.insert(first) {
            people.push(first);
        }
        while let Some(&person) = people.get(n_followed) {
            n_followed += 1;
            for contact in some_contacts(world, person) {
                if people.len() < people_max && found.insert(contact) {
                    people.push(contact);
                }
            }
        }
        if people.len() >= people_max {
            break;
        }
    }
    people
}

/// Some contacts of a person, at equal distances in the order of their numbers. So neither trust nor strategy decides who
/// is followed: along the strongest ties alone one finds hardly anybody but the strategy that is trusted most.
fn some_contacts(world: &World<'_>, person: AgentId) -> impl Iterator<Item = AgentId> {
    let ties = world.ties_of(person);
    let n = ties.len();
    let followed = FOLLOWED.min(n);
    (0..followed).map(move |k| ties[(2 * k + 1) * n / (2 * followed)].0)
}

fn person(world: &World<'_>, agent: AgentId) -> PersonRecord {
    let (town, payments) = (world.towns.of(agent), world.payments(agent));
    PersonRecord {
        agent,
        strategy: world.agents[agent as usize].strategy,
        region: world.towns.region(town),
        town,
        taken_calls: payments.of(PaymentKind::Pull),
        net_total: world.net(agent),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Rules, Simulation};
    use super::*;
    use crate::parallel::Parallelism;
    use crate::scenario::{self, Override, Source};

    fn sample(sets: &[&str], people_max: usize) -> SampleRecord {
        let sets: Vec<Override> = sets.iter().map(|set| Override::set(set)).collect();
        let scenario = scenario::parse(&Source { name: "test", bytes: b"" }, &sets).unwrap();
        let rules = Rules::new(&scenario);
        let mut world = Simulation::new(&rules, 5, Parallelism::SERIAL);
        (0..scenario.rounds).for_each(|_| world.advance(Parallelism::SERIAL));
        assert!(world.neighbourhood(0).people.is_empty());
        let sample = world.neighbourhood(people_max);
        let taken: u64 = sample.people.iter().map(|person| person.taken_calls).sum();
        assert!(taken > 0, "somebody is called");
        for tie in &sample.ties {
            let there = world.ties_of(tie.agent);
            assert!(there.contains(&(tie.contact, tie.trust)), "{tie:?}");
        }
        sample
    }

    const SMALL: [&str; 3] = ["population.agents=300", "rounds=30", "burn_in=4"];

    #[test]
    fn a_sample_is_connected_by_ties_and_holds_nobody_twice() {
        let sample = sample(&SMALL, 40);
        let ids: Vec<u32> = sample.people.iter().map(|person| person.agent).collect();
        assert_eq!((ids.len(), ids[0]), (40, 0));
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 40);
        for (place, person) in ids.iter().enumerate().skip(1) {
            let known_before =
                sample.ties.iter().any(|tie| tie.contact == *person && ids[..place].contains(&tie.agent));
            assert!(known_before, "{person} was found through a tie");
        }
    }

    #[test]
    fn towns_without_ties_to_each_other_are_sampled_one_after_the_other() {
        let sets =
            [&SMALL[..], &["population.town_size=30", "population.start_ties=4", "mixer.travel=0"]].concat();
        let people = sample(&sets, 45).people;
        let towns: Vec<u32> = people.iter().map(|person| person.town).collect();
        assert_eq!(people.len(), 45);
        assert!(towns.is_sorted() && towns[0] == 0 && towns[44] >= 1, "{towns:?}");
        assert_eq!(sample(&SMALL, 1000).people.len(), 300, "there are no more");
    }
}
