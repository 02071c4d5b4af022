//! What an agent holds besides its ties, its standing and what never changes.

use super::account::{Account, N_POSTS};

/// What an agent holds besides its ties, its standing and what never changes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Agent {
    /// Payments since birth.
    pub account: Account,
    need_opened: u32,
    /// First round lived.
    pub born: u32,
    need_domain: u16,
    /// Position of the strategy in the scenario.
    pub strategy: u16,
    /// False while the place of a failed agent is empty.
    pub active: bool,
}

/// Stands for "no need"; domains are numbered below it.
const NO_NEED: u16 = u16::MAX;

impl Agent {
    /// A newborn.
    pub(super) fn new(strategy: u16, born: u32) -> Self {
        Self { account: [0; N_POSTS], need_opened: 0, born, need_domain: NO_NEED, strategy, active: true }
    }

    /// Domain of the open need.
    #[inline]
    pub(super) fn need(&self) -> Option<u16> {
        (self.need_domain != NO_NEED).then_some(self.need_domain)
    }

    /// Round in which the open need arose.
    pub(super) fn need_opened(&self) -> u32 {
        self.need_opened
    }

    /// Opens a need.
    pub(super) fn open_need(&mut self, domain: u16, round: u32) {
        debug_assert!(self.need_domain == NO_NEED, "one need at a time");
        (self.need_domain, self.need_opened) = (domain, round);
    }

    /// Closes the need, solved or not.
    #[inline]
    pub(super) fn close_need(&mut self) {
        self.need_domain = NO_NEED;
    }
}
