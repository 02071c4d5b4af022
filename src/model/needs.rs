//! Phase 1: needs lapse and arise.

use super::act::{ActKind, ActRecord};
use super::agent::{Agent, narrow};
use super::ledger::{Count, Tally};
use super::need_state::NeedState;
use super::open_needs::Need;
use super::population::{PART, World};
use super::rules::Rules;
use super::ties::AgentId;
use crate::draws::{Purpose, below, happens, threshold};
use crate::parallel::Parallelism;

/// Random words per agent.
const WORDS: u32 = 2;

/// Runs the phase. A need that has been open for `patience` rounds lapses unsolved. Then each agent with fewer than
/// `at_once` open needs gets one with chance `rate`, in a domain drawn evenly from those other than its expertise (if
/// there is only one domain, in that one). Where needs have sizes, its size is drawn by their shares.
pub(super) fn renew_needs(world: &mut World<'_>, round: u32, par: Parallelism<'_>) -> Tally {
    let (rules, random_key) = (world.rules, world.random_key);
    let parts = world.agents.chunks(PART).zip(world.expertise.chunks(PART));
    let parts: Vec<_> = (0u32..).step_by(PART).zip(parts).collect();
    let (people, needs) = (&world.people, &world.needs);
    let usual = threshold(rules.scenario.needs.rate);
    let tallies = par.map(parts, |(first, (agents, expertise))| {
        let people = people.behaviours_from(first);
        let mut words = random_key.agents(round, Purpose::Needs, first, WORDS);
        let mut sizes = needs.have_sizes().then(|| random_key.agents(round, Purpose::NeedSizes, first, 1));
        let mut tally = Tally::new(rules.n_strategies());
        for (i, (agent, &own)) in agents.iter().zip(expertise).enumerate() {
            let rate = people.get(i).map_or(usual, |person| person.needs);
            let words = [words.word(), words.word()];
            let size = sizes.as_mut().map_or(1, |words| rules.sizes.at(words.word()));
            let id = first + AgentId::try_from(i).expect("a part is small");
            renew((rules, needs), (id, agent, own), round, (rate, words, size), &mut tally);
        }
        tally
    });
    let mut total = Tally::new(rules.n_strategies());
    tallies.iter().for_each(|t| total.add(t));
    total
}

/// How many open needs each agent has.
pub(super) fn open_needs(world: &World<'_>) -> Vec<u32> {
    (0..world.n_agents()).map(|id| world.n_needs(id)).collect()
}

/// The needs that lapsed and arose in the phase, given how many were open before it.
pub(super) fn observe_needs(world: &World<'_>, round: u32, before: &[u32]) -> Vec<ActRecord> {
    let mut acts = Vec::new();
    for ((id, agent), &before) in (0..).zip(&world.agents).zip(before) {
        let arisen = world.needs.arisen((id, agent), round);
        let lapsed = before + u32::from(arisen.is_some()) - world.n_needs(id);
        acts.extend((0..lapsed).map(|_| ActRecord::new(round, ActKind::Lapse, id)));
        if arisen.is_some() {
            acts.push(ActRecord { domain: arisen, ..ActRecord::new(round, ActKind::Need, id) });
        }
    }
    acts
}

/// Renews the needs of one agent, whose expertise is `own`: given the threshold of its chance to get one, random
/// words for whether and in which domain it does, and the size that it would have.
#[inline]
fn renew(
    (rules, needs): (&Rules, &NeedState),
    (id, agent, own): (AgentId, &Agent, u16),
    round: u32,
    (rate, [opens, domain], size): (i32, [u32; 2], u16),
    tally: &mut Tally,
) {
    if !agent.is_active() {
        return;
    }
    let lapsed = needs.lapse((id, agent), round, rules.scenario.needs.patience);
    if lapsed > 0 {
        tally.count(agent.strategy, Count::NeedsLapsed, lapsed);
    }
    if !needs.is_full((id, agent)) && happens(opens, rate) {
        let domain = other_domain(domain, own, rules.scenario.population.domains);
        needs.open((id, agent), Need { domain, opened: narrow(round), size });
        tally.count(agent.strategy, Count::NeedsOpened, 1);
    }
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
