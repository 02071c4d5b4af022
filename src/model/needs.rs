//! Phase 1: needs lapse and arise.

use super::ledger::{Count, Tally};
use super::population::{PART, World};
use crate::draws::{Purpose, below, chance};
use crate::parallel::Team;

/// A need open for `patience` rounds lapses unsolved; then, without an open need, one opens with
/// chance `rate`, in a domain drawn evenly from those other than the agent's own expertise
/// (with one domain: that one).
pub(super) fn renew_needs(world: &mut World<'_>, round: u32, team: Team<'_>) -> Tally {
    let (rules, luck) = (world.rules, world.luck);
    let (needs, domains) = (&rules.scenario.needs, rules.scenario.population.domains);
    let parts = world.agents.chunks_mut(PART).zip(world.expertise.chunks(PART));
    let parts: Vec<_> = (0u32..).step_by(PART).zip(parts).collect();
    let tallies = team.map(parts, |(first, (agents, expertise))| {
        let mut words = luck.agents(round, Purpose::Needs, first, 2);
        let mut tally = Tally::new(rules.n_strategies());
        for (agent, &own) in agents.iter_mut().zip(expertise) {
            let (opens, domain) = (words.word(), words.word());
            if !agent.is_active() {
                continue;
            }
            if agent.need().is_some() {
                if round - agent.need_opened() < needs.patience {
                    continue;
                }
                agent.close_need();
                tally.count(agent.strategy, Count::NeedsLapsed, 1);
            }
            if chance(opens, needs.rate) {
                agent.open_need(other_domain(domain, own, domains), round);
                tally.count(agent.strategy, Count::NeedsOpened, 1);
            }
        }
        tally
    });
    let mut total = Tally::new(rules.n_strategies());
    tallies.iter().for_each(|t| total.add(t));
    total
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
