//! The phases of a round.

/// The phases of a round, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Phase {
    /// Newcomers take empty places; needs lapse and arise.
    Needs,
    /// Guests talk.
    Mixers,
    /// Agents with open needs call experts.
    Calls,
    /// Agents talk about third agents.
    Gossip,
    /// Overhead, the records of the round, failures and imitation.
    Close,
}

impl Phase {
    /// All phases with their names, in order.
    pub const ALL: [(Phase, &'static str); 5] = [
        (Phase::Needs, "needs"),
        (Phase::Mixers, "mixers"),
        (Phase::Calls, "calls"),
        (Phase::Gossip, "gossip"),
        (Phase::Close, "close"),
    ];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}
