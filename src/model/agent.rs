//! What an agent holds besides its ties, its standing and what never changes: 48 bytes.

use super::account::Account;
use super::shared::Shared16;

/// What an agent holds besides its ties, its standing and what never changes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Agent {
    /// Payments since birth.
    pub account: Account,
    /// Round in which the latest need arose; [`GONE`] while the place of a failed agent is empty.
    need_opened: u16,
    born: u16,
    need_domain: Shared16,
    /// Position of the strategy in the scenario.
    pub strategy: u16,
}

/// Stands for "no need"; domains are numbered below it.
const NO_NEED: u16 = u16::MAX;

/// Stands for "nobody here"; rounds are numbered below it.
const GONE: u16 = u16::MAX;

/// A round in the 16 bits that the longest run needs.
fn narrow(round: u32) -> u16 {
    u16::try_from(round).expect("a scenario has at most 65,535 rounds")
}

impl Agent {
    /// A newborn; `born` is its first round.
    pub(super) fn new(strategy: u16, born: u32) -> Self {
        let account = Account::default();
        Self { account, need_opened: 0, born: narrow(born), need_domain: Shared16::new(NO_NEED), strategy }
    }

    /// Whether there is somebody: false while the place of a failed agent is empty.
    #[inline]
    pub(super) fn is_active(&self) -> bool {
        self.need_opened != GONE
    }

    /// Leaves, with its need, for a newcomer to take the place later.
    pub(super) fn leave(&mut self) {
        self.close_need();
        self.need_opened = GONE;
    }

    /// First round lived.
    pub(super) fn born(&self) -> u32 {
        self.born.into()
    }

    /// Domain of the open need.
    #[inline]
    pub(super) fn need(&self) -> Option<u16> {
        let domain = self.need_domain.get();
        (domain != NO_NEED).then_some(domain)
    }

    /// Round in which the open need arose.
    pub(super) fn need_opened(&self) -> u32 {
        self.need_opened.into()
    }

    /// Opens a need.
    pub(super) fn open_need(&mut self, domain: u16, round: u32) {
        debug_assert!(self.need().is_none() && self.is_active(), "one need at a time, of somebody");
        self.need_domain.set(domain);
        self.need_opened = narrow(round);
    }

    /// Whether another agent in its place would do the same, whatever their accounts hold.
    pub(super) fn acts_as(&self, other: &Self) -> bool {
        let same_need = self.need_domain == other.need_domain
            && (self.need().is_none() || self.need_opened == other.need_opened);
        let same_life = (self.strategy, self.born) == (other.strategy, other.born);
        same_need && same_life && self.is_active() == other.is_active()
    }

    /// Closes the need, solved or not.
    #[inline]
    pub(super) fn close_need(&self) {
        self.need_domain.set(NO_NEED);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_takes_48_bytes() {
        assert_eq!(std::mem::size_of::<Agent>(), 48);
    }

    #[test]
    fn a_place_is_empty_from_leaving_to_the_newcomer() {
        let mut agent = Agent::new(3, 65_534);
        agent.open_need(65_534, 65_534);
        assert_eq!((agent.is_active(), agent.need(), agent.need_opened()), (true, Some(65_534), 65_534));
        agent.leave();
        assert_eq!((agent.is_active(), agent.need(), agent.born()), (false, None, 65_534));
    }
}
