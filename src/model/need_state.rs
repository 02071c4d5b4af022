//! What is kept of needs besides the one that the state of an agent has: further open needs, and sizes.
//!
//! If agents can have several needs at once, they are all in [`OpenNeeds`], and the state of an agent has the first. The
//! size of the first need is in [`Surpluses`].

use super::agent::Agent;
use super::open_needs::{Need, OpenNeeds};
use super::payment::{Channel, N_COUNTERS, SURPLUS};
use super::sizes::Surpluses;
use super::ties::AgentId;
use crate::scenario::NeedRules;

/// An agent, by its number and its state.
type Person<'a> = (AgentId, &'a Agent);

/// Further open needs and sizes of needs; empty if agents have one need at a time, all worth the same.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct NeedState {
    open: OpenNeeds,
    surpluses: Surpluses,
}

impl NeedState {
    /// That of `n` agents without needs.
    pub(super) fn new(n: usize, rules: &NeedRules) -> Self {
        Self {
            open: OpenNeeds::new(n, rules.at_once as usize),
            surpluses: Surpluses::new(if rules.have_sizes() { n } else { 0 }),
        }
    }

    /// Whether agents can have several needs at once.
    #[inline]
    pub(super) fn are_several(&self) -> bool {
        self.open.is_kept()
    }

    /// Whether needs have sizes.
    #[inline]
    pub(super) fn have_sizes(&self) -> bool {
        self.surpluses.is_kept()
    }

    /// Number of open needs of an agent.
    #[inline]
    pub(super) fn number(&self, (id, agent): Person<'_>) -> u32 {
        if self.are_several() { self.open.number(id) } else { agent.need().is_some().into() }
    }

    /// Whether an agent has as many needs as it can have.
    #[inline]
    pub(super) fn is_full(&self, (id, agent): Person<'_>) -> bool {
        if self.are_several() { self.open.is_full(id) } else { agent.need().is_some() }
    }

    /// Domain of the need of an agent that arose in a round, if one did.
    pub(super) fn arisen(&self, (id, agent): Person<'_>, round: u32) -> Option<u16> {
        if self.are_several() {
            let latest = self.open.of(id).last().filter(|need| u32::from(need.opened) == round);
            return latest.map(|need| need.domain);
        }
        agent.need().filter(|_| agent.need_opened() == round)
    }

    /// Whether an agent has an open need in a domain.
    #[inline]
    pub(super) fn has(&self, (id, agent): Person<'_>, domain: u16) -> bool {
        if self.are_several() {
            self.open.first_in(id, domain).is_some()
        } else {
            agent.need() == Some(domain)
        }
    }

    /// Domain of the need of an agent that matters to somebody with this expertise: of one that it can solve, if there
    /// is one, else of the first.
    #[inline]
    pub(super) fn toward(&self, (id, agent): Person<'_>, expertise: u16) -> Option<u16> {
        if self.are_several() && self.open.first_in(id, expertise).is_some() {
            return Some(expertise);
        }
        agent.need()
    }

    /// Size of the first need of an agent in a domain.
    #[inline]
    pub(super) fn size(&self, id: AgentId, domain: u16) -> u32 {
        if self.are_several() {
            return self.open.first_in(id, domain).map_or(1, |need| need.size.into());
        }
        self.surpluses.size(id)
    }

    /// Opens a need.
    pub(super) fn open(&self, (id, agent): Person<'_>, need: Need) {
        debug_assert!(
            agent.is_active() && !self.is_full((id, agent)),
            "an agent with all its needs gets no other"
        );
        if self.are_several() {
            self.open.open(id, need);
            agent.take_up(self.open.first(id));
        } else {
            agent.take_up(Some(need));
            self.surpluses.set_size(id, need.size);
        }
    }

    /// Closes the needs of an agent that have been open for `patience` rounds. Returns how many.
    #[inline]
    pub(super) fn lapse(&self, (id, agent): Person<'_>, round: u32, patience: u32) -> u64 {
        let lapses = |opened: u32| round - opened >= patience;
        if self.are_several() {
            let closed = self.open.keep(id, |need| !lapses(need.opened.into()));
            agent.take_up(self.open.first(id));
            return closed;
        }
        if agent.need().is_none() || !lapses(agent.need_opened()) {
            return 0;
        }
        agent.close_need();
        self.surpluses.set_size(id, 0);
        1
    }

    /// Closes the first need of an agent in a domain, which is solved at a mixer. Returns its size.
    #[inline]
    pub(super) fn solve(&self, (id, agent): Person<'_>, domain: u16, channel: Channel) -> u32 {
        let size = self.size(id, domain);
        self.surpluses.post_solved(id, channel, size);
        self.close((id, agent), domain);
        size
    }

    /// Closes the first need of a caller in a domain, which an expert has solved to whom these links led.
    pub(super) fn solve_by_call(
        &mut self,
        (caller, agent): Person<'_>,
        domain: u16,
        expert: AgentId,
        links: &[AgentId],
    ) {
        let size = self.size(caller, domain);
        self.surpluses.post_call(caller, expert, links, size);
        self.close((caller, agent), domain);
    }

    #[inline]
    fn close(&self, (id, agent): Person<'_>, domain: u16) {
        if self.are_several() {
            self.open.close(id, domain);
            agent.take_up(self.open.first(id));
        } else {
            agent.close_need();
            self.surpluses.set_size(id, 0);
        }
    }

    /// Forgets the needs of an agent that fails.
    pub(super) fn lose(&self, id: AgentId) {
        if self.are_several() {
            self.open.keep(id, |_| false);
        }
        self.surpluses.set_size(id, 0);
    }

    /// Forgets what an agent gained by sizes: a newcomer takes the place.
    pub(super) fn forget(&mut self, id: AgentId) {
        self.surpluses.forget(id);
    }

    /// Units of value beyond one per payment of an agent, by the counters from [`SURPLUS`] on.
    #[inline]
    pub(super) fn units(&self, id: AgentId) -> [u64; N_COUNTERS - SURPLUS] {
        self.surpluses.units(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    fn state(sets: &[&str]) -> NeedState {
        NeedState::new(1, &Scenario::parse("", sets).unwrap().needs)
    }

    fn need(domain: u16, opened: u16, size: u16) -> Need {
        Need { domain, opened, size }
    }

    const SIZES: [&str; 2] = ["needs.sizes=[1, 5]", "needs.size_shares=[0.5, 0.5]"];

    #[test]
    fn an_agent_turns_to_its_largest_need_and_shows_an_expert_what_that_one_can_solve() {
        let state = state(&["needs.at_once=3", SIZES[0], SIZES[1]]);
        let agent = Agent::new(0);
        let person = (0, &agent);
        [need(4, 1, 1), need(6, 2, 5)].into_iter().for_each(|need| state.open(person, need));
        assert_eq!((agent.need(), agent.need_opened(), state.number(person)), (Some(6), 2, 2));
        assert_eq!([4, 6, 9].map(|expertise| state.toward(person, expertise)), [4, 6, 6].map(Some));
        assert_eq!(state.solve(person, 6, Channel::Push), 5);
        assert_eq!((agent.need(), agent.need_opened(), state.number(person)), (Some(4), 1, 1));
        assert_eq!(state.units(0)[0], 4);
        assert_eq!((state.lapse(person, 6, 6), state.lapse(person, 7, 6)), (0, 1));
        assert_eq!((agent.need(), state.number(person), state.toward(person, 4)), (None, 0, None));
    }

    #[test]
    fn one_need_at_a_time_is_in_the_state_of_the_agent_alone() {
        let state = state(&SIZES);
        let agent = Agent::new(0);
        let person = (0, &agent);
        state.open(person, need(4, 1, 5));
        assert!(!state.are_several() && state.is_full(person) && state.has(person, 4));
        assert_eq!(
            (state.arisen(person, 1), state.arisen(person, 2), state.toward(person, 9)),
            (Some(4), None, Some(4))
        );
        assert_eq!((state.size(0, 4), state.lapse(person, 7, 6), state.number(person)), (5, 1, 0));
    }
}
