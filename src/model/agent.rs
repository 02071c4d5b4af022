//! What an agent holds besides its ties, its fees, its standing and what never changes: 32 bytes.

use super::account::{Counts, Fees, Post};
use super::shared::{Shared16, Shared32};

/// What an agent holds besides its ties, its fees, its standing and what never changes: all that a mixer
/// asks of it and changes. Guests come from all over the memory, so none lies across two lines of the cache.
#[derive(Clone, Debug, PartialEq)]
#[repr(align(32))]
pub(super) struct Agent {
    /// Payments since birth, fees and overhead aside: those that may be many in a round, and those that are
    /// one at most. A need opens once in a round, so it is solved once, and a run has at most 65,535 rounds:
    /// 16 bits hold these.
    often: [Shared32; 4],
    once_a_round: [Shared16; 5],
    /// Round in which the latest need arose; [`GONE`] while the place of a failed agent is empty.
    need_opened: u16,
    need_domain: Shared16,
    /// Position of the strategy in the scenario.
    pub strategy: u16,
}

/// Stands for "no need"; domains are numbered below it.
const NO_NEED: u16 = u16::MAX;

/// Stands for "nobody here"; rounds are numbered below it.
const GONE: u16 = u16::MAX;

/// Since when somebody has had its place, and what that has cost. Kept only where agents may fail.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Tenure {
    born: u16,
    overhead: u16,
}

impl Tenure {
    /// That of somebody whose first round is `born`.
    pub(super) fn from(born: u32) -> Self {
        Self { born: narrow(born), overhead: 0 }
    }

    /// First round lived.
    pub(super) fn born(self) -> u32 {
        self.born.into()
    }

    /// Rounds of overhead.
    pub(super) fn overhead(self) -> u32 {
        self.overhead.into()
    }

    /// Counts one more round of overhead.
    pub(super) fn charge(&mut self) {
        self.overhead += 1;
    }
}

/// A round in the 16 bits that the longest run needs.
fn narrow(round: u32) -> u16 {
    u16::try_from(round).expect("a scenario has at most 65,535 rounds")
}

impl Agent {
    /// A newborn.
    pub(super) fn new(strategy: u16) -> Self {
        Self {
            often: Default::default(),
            once_a_round: Default::default(),
            need_opened: 0,
            need_domain: Shared16::new(NO_NEED),
            strategy,
        }
    }

    /// Counts `n` payments.
    ///
    /// # Panics
    /// If they are kept elsewhere: see [`Fees`] and [`Tenure`].
    #[inline]
    pub(super) fn post(&self, post: Post, n: u32) {
        match Place::of(post) {
            Place::Often(i) => self.often[i].set(self.often[i].get() + n),
            Place::OnceARound(i) => {
                let n = u16::try_from(n).expect("once a round");
                self.once_a_round[i].set(self.once_a_round[i].get() + n);
            }
            Place::Elsewhere => unreachable!("fees and overhead are counted elsewhere"),
        }
    }

    /// All payments since birth, with those that are counted elsewhere.
    #[inline]
    pub(super) fn counts(&self, fees: Fees, overhead: u32) -> Counts {
        let [encouragement, assist, refer, encourage] = self.often.each_ref().map(Shared32::get);
        let [push, gift, call, attend, travel] = self.once_a_round.each_ref().map(|n| u32::from(n.get()));
        let Fees { pull, finder, finder_paid } = fees;
        [
            push,
            gift,
            call,
            pull,
            encouragement,
            finder,
            assist,
            refer,
            encourage,
            finder_paid,
            attend,
            travel,
            overhead,
        ]
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

    /// Closes the need, solved or not.
    #[inline]
    pub(super) fn close_need(&self) {
        self.need_domain.set(NO_NEED);
    }
}

/// Where payments are counted.
enum Place {
    Often(usize),
    OnceARound(usize),
    Elsewhere,
}

impl Place {
    #[inline]
    fn of(post: Post) -> Self {
        match post {
            Post::Encouragement => Self::Often(0),
            Post::Assist => Self::Often(1),
            Post::Refer => Self::Often(2),
            Post::Encourage => Self::Often(3),
            Post::Push => Self::OnceARound(0),
            Post::Gift => Self::OnceARound(1),
            Post::Call => Self::OnceARound(2),
            Post::Attend => Self::OnceARound(3),
            Post::Travel => Self::OnceARound(4),
            Post::Pull | Post::Finder | Post::FinderPaid | Post::Overhead => Self::Elsewhere,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_takes_32_bytes_and_its_fees_12() {
        assert_eq!((size_of::<Agent>(), size_of::<Fees>()), (32, 12));
    }

    #[test]
    fn every_payment_is_counted_where_it_is_read() {
        let kept = [
            Post::Push,
            Post::Gift,
            Post::Call,
            Post::Encouragement,
            Post::Assist,
            Post::Refer,
            Post::Encourage,
            Post::Attend,
            Post::Travel,
        ];
        let agent = Agent::new(0);
        for (n, post) in (1..).zip(kept) {
            agent.post(post, n);
        }
        let counts = agent.counts(Fees { pull: 20, finder: 21, finder_paid: 22 }, 23);
        for (n, post) in (1..).zip(kept) {
            assert_eq!(counts[post as usize], n, "{post:?}");
        }
        let elsewhere = [Post::Pull, Post::Finder, Post::FinderPaid, Post::Overhead];
        assert_eq!(elsewhere.map(|post| counts[post as usize]), [20, 21, 22, 23]);
    }

    #[test]
    fn a_place_is_empty_from_leaving_to_the_newcomer() {
        let mut agent = Agent::new(3);
        agent.open_need(65_534, 65_534);
        assert_eq!((agent.is_active(), agent.need(), agent.need_opened()), (true, Some(65_534), 65_534));
        agent.leave();
        assert_eq!((agent.is_active(), agent.need()), (false, None));
    }
}
