//! Needs of differing value: how their sizes are distributed, and the units of value that they add to accounts.
//!
//! A need of size n is worth n units, each the value of a need of size 1. Accounts count the payments that depend on a
//! need's value as if all were of one unit. The units beyond one are counted here, if needs have sizes.

use super::payment::{Channel, N_COUNTERS, SURPLUS};
use super::shared::{Shared16, Shared32};
use super::shares::{by_share, cumulative};
use super::ties::AgentId;
use crate::scenario::NeedRules;

/// Bytes that are kept of each agent if needs have sizes.
pub(crate) const SURPLUS_BYTES: u64 = size_of::<Surplus>() as u64;

/// The distribution of sizes among the needs that arise.
#[derive(Clone, Debug)]
pub(super) struct SizeShares {
    sizes: Vec<u16>,
    sums: Vec<f64>,
}

impl SizeShares {
    /// The distribution of a scenario.
    pub(super) fn new(needs: &NeedRules) -> Self {
        let narrow = |&size| u16::try_from(size).expect("a size is at most 1,000");
        Self {
            sizes: needs.sizes.iter().map(narrow).collect(),
            sums: cumulative(needs.size_shares.iter().copied()),
        }
    }

    /// The size that a random word picks.
    pub(super) fn at(&self, word: u32) -> u16 {
        self.sizes[by_share(&self.sums, word)]
    }
}

/// The size of an agent's open need, if it can have only one, and units of value beyond one per payment since birth.
///
/// At most one need arises in a round, a size is at most 1,000 and a chain has at most 8 links. So 32 bits are enough
/// for what an agent gains by its own needs and pays for them. Nothing limits what it earns by those of others.
#[derive(Clone, Debug, Default, PartialEq)]
struct Surplus {
    /// 0 without an open need.
    size: Shared16,
    push: Shared32,
    gift: Shared32,
    call: Shared32,
    finder_paid: Shared32,
    pull: u64,
    finder: u64,
}

/// The surplus of every agent; empty if needs have no sizes.
///
/// While events run, each is changed by one task, that of the agent's event.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Surpluses(Vec<Surplus>);

impl Surpluses {
    /// That of `n` agents without needs.
    pub(super) fn new(n: usize) -> Self {
        Self(vec![Surplus::default(); n])
    }

    /// Whether needs have sizes.
    pub(super) fn is_kept(&self) -> bool {
        !self.0.is_empty()
    }

    /// The size of the only open need of an agent.
    #[inline]
    pub(super) fn size(&self, agent: AgentId) -> u32 {
        self.0.get(agent as usize).map_or(1, |own| own.size.get().into())
    }

    /// Records the size of the only need of an agent; 0 if it has none.
    #[inline]
    pub(super) fn set_size(&self, agent: AgentId, size: u16) {
        self.0.get(agent as usize).into_iter().for_each(|own| own.size.set(size));
    }

    /// Posts that a need of an agent, of this size, is solved at a mixer.
    #[inline]
    pub(super) fn post_solved(&self, agent: AgentId, channel: Channel, size: u32) {
        if let Some(own) = self.0.get(agent as usize) {
            add(if channel == Channel::Push { &own.push } else { &own.gift }, size - 1);
        }
    }

    /// Posts that a need of a caller, of this size, is solved by an expert to whom these links led.
    pub(super) fn post_call(&mut self, caller: AgentId, expert: AgentId, links: &[AgentId], size: u32) {
        if !self.is_kept() {
            return;
        }
        let more = size - 1;
        let n_links = u32::try_from(links.len()).expect("chains are short");
        let own = &self.0[caller as usize];
        add(&own.call, more);
        add(&own.finder_paid, more * n_links);
        self.0[expert as usize].pull += u64::from(more);
        links.iter().for_each(|&link| self.0[link as usize].finder += u64::from(more));
    }

    /// The units of an agent, by the counters from [`SURPLUS`] on.
    #[inline]
    pub(super) fn units(&self, agent: AgentId) -> [u64; N_COUNTERS - SURPLUS] {
        self.0.get(agent as usize).map_or([0; N_COUNTERS - SURPLUS], |own| {
            let [push, gift, call, finder_paid] =
                [&own.push, &own.gift, &own.call, &own.finder_paid].map(|n| n.get().into());
            [push, gift, call, own.pull, own.finder, finder_paid]
        })
    }

    /// Forgets those of an agent: a newcomer takes the place.
    pub(super) fn forget(&mut self, agent: AgentId) {
        self.0.get_mut(agent as usize).into_iter().for_each(|own| *own = Surplus::default());
    }
}

/// Adds to a shared number.
fn add(to: &Shared32, n: u32) {
    to.set(to.get() + n);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    #[test]
    fn sizes_are_picked_with_their_shares() {
        let sets = ["needs.sizes=[1, 3, 10]", "needs.size_shares=[0.5, 0.25, 0.25]"];
        let shares = SizeShares::new(&Scenario::parse("", &sets).unwrap().needs);
        let words = [0, (1 << 31) - 1, 1 << 31, (3 << 30) - 1, 3 << 30, u32::MAX];
        assert_eq!(words.map(|word| shares.at(word)), [1, 1, 3, 3, 10, 10]);
    }

    #[test]
    fn what_a_payment_is_worth_beyond_one_unit_is_counted_on_both_sides() {
        let mut all = Surpluses::new(4);
        all.post_solved(0, Channel::Gift, 10);
        all.post_call(0, 1, &[2, 3], 4);
        assert_eq!(all.units(0), [0, 9, 3, 0, 0, 6]);
        assert_eq!([1, 2, 3].map(|agent| all.units(agent)[3..5].to_vec()), [[3, 0], [0, 3], [0, 3]]);
        all.forget(0);
        assert_eq!(all.units(0), [0; 6]);
    }

    #[test]
    fn without_sizes_every_need_has_one_unit_and_nothing_is_kept() {
        let none = Surpluses::default();
        none.post_solved(7, Channel::Push, 1);
        none.set_size(7, 1);
        assert_eq!((none.is_kept(), none.size(7), none.units(7)), (false, 1, [0; 6]));
    }
}
