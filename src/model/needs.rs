//! Phase 1: needs lapse and arise.

use super::act::{ActKind, ActRecord};
use super::agent::Agent;
use super::ledger::{Count, Tally};
use super::population::{PART, World};
use super::rules::Rules;
use crate::draws::{Purpose, below, happens, threshold};
use crate::parallel::Parallelism;

/// Random words per agent.
const WORDS: u32 = 2;

/// Runs the phase. A need that has been open for `patience` rounds lapses unsolved. Then each agent without an open
/// need gets one with chance `rate`, in a domain drawn evenly from those other than its expertise (if there is only
/// one domain, in that one). Where needs have sizes, its size is drawn by their shares.
pub(super) fn renew_needs(world: &mut World<'_>, round: u32, par: Parallelism<'_>) -> Tally {
    let (rules, random_key) = (world.rules, world.random_key);
    let parts = world.agents.chunks_mut(PART).zip(world.expertise.chunks(PART));
    let parts: Vec<_> = (0u32..).step_by(PART).zip(parts).collect();
    let (people, usual) = (&world.people, threshold(rules.scenario.needs.rate));
    let surpluses = &world.surpluses;
    let tallies = par.map(parts, |(first, (agents, expertise))| {
        let people = people.behaviours_from(first);
        let mut words = random_key.agents(round, Purpose::Needs, first, WORDS);
        let mut sizes = surpluses.is_kept().then(|| random_key.agents(round, Purpose::NeedSizes, first, 1));
        let mut tally = Tally::new(rules.n_strategies());
        for (i, (id, (agent, &own))) in (first..).zip(agents.iter_mut().zip(expertise)).enumerate() {
            let rate = people.get(i).map_or(usual, |person| person.needs);
            let change = renew((rules, rate), round, agent, own, [words.word(), words.word()], &mut tally);
            if let Some(sizes) = &mut sizes {
                let size = rules.sizes.at(sizes.word());
                match change {
                    NeedChange::None => {}
                    NeedChange::Lapses => surpluses.set_size(id, 0),
                    NeedChange::Arises => surpluses.set_size(id, size),
                }
            }
        }
        tally
    });
    let mut total = Tally::new(rules.n_strategies());
    tallies.iter().for_each(|t| total.add(t));
    total
}

/// Which agents have an open need.
pub(super) fn open_needs(world: &World<'_>) -> Vec<bool> {
    world.agents.iter().map(|agent| agent.need().is_some()).collect()
}

/// The needs that lapsed and arose in the phase, given which were open before it.
pub(super) fn observe_needs(world: &World<'_>, round: u32, before: &[bool]) -> Vec<ActRecord> {
    let mut acts = Vec::new();
    for ((id, agent), &was_open) in (0..).zip(&world.agents).zip(before) {
        let arisen = agent.need().filter(|_| agent.need_opened() == round);
        if was_open && (agent.need().is_none() || arisen.is_some()) {
            acts.push(ActRecord::new(round, ActKind::Lapse, id));
        }
        if arisen.is_some() {
            acts.push(ActRecord { domain: arisen, ..ActRecord::new(round, ActKind::Need, id) });
        }
    }
    acts
}

/// How the need of an agent changes.
#[derive(Clone, Copy, Debug)]
enum NeedChange {
    None,
    Lapses,
    /// One arises, also if another lapses.
    Arises,
}

/// Renews the need of one agent, whose expertise is `own`. `rate` is the threshold of its chance to get one.
#[inline]
fn renew(
    (rules, rate): (&Rules, i32),
    round: u32,
    agent: &mut Agent,
    own: u16,
    words: [u32; 2],
    tally: &mut Tally,
) -> NeedChange {
    let needs = &rules.scenario.needs;
    let mut change = NeedChange::None;
    if !agent.is_active() {
        return change;
    }
    if agent.need().is_some() {
        if round - agent.need_opened() < needs.patience {
            return change;
        }
        agent.close_need();
        tally.count(agent.strategy, Count::NeedsLapsed, 1);
        change = NeedChange::Lapses;
    }
    let [opens, domain] = words;
    if happens(opens, rate) {
        agent.open_need(other_domain(domain, own, rules.scenario.population.domains), round);
        tally.count(agent.strategy, Count::NeedsOpened, 1);
        change = NeedChange::Arises;
    }
    change
}

/// A domain other than `own`, drawn evenly; `own` if it is the only one.
fn other_domain(word: u32, own: u16, domains: u32) -> u16 {
    let pick = below(word, domains - 1);
    let domain = if domains == 1 || pick < u32::from(own) { pick } else { pick + 1 };
    u16::try_from(domain).expect("domains are numbered in 16 bits")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_need_is_never_in_the_own_domain_unless_there_is_no_other() {
        for word in [0, 1 << 30, 1 << 31, u32::MAX] {
            for own in 0..5 {
                let domain = other_domain(word, own, 5);
                assert!(domain != own && domain < 5);
            }
            assert_eq!(other_domain(word, 0, 1), 0);
        }
        assert_eq!((other_domain(0, 0, 2), other_domain(u32::MAX, 1, 2)), (1, 0));
    }
}
