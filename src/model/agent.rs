//! What an agent holds besides its ties, its fees, its standing and what never changes: 32 bytes.

use super::account::Payments;
use super::payment::{OFTEN, ONCE, PHONE, PaymentKind, TENURE};
use super::shared::{Shared16, Shared32};

/// What an agent holds besides its ties, its fees, its standing and what never changes: all that a mixer
/// asks of it and changes. Guests come from all over the memory, so none lies across two lines of the cache.
#[derive(Clone, Debug, PartialEq)]
#[repr(align(32))]
pub(super) struct Agent {
    /// Payments since birth, fees and overhead aside, by `PaymentKind::counter`. A run has at most 65,535 rounds,
    /// so 16 bits hold what comes once in each.
    often: [Shared32; ONCE - OFTEN],
    once_a_round: [Shared16; PHONE - ONCE],
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

/// Fees counted since birth, in 12 bytes. They pass on the phone only, so that mixers need not touch them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Fees([u32; TENURE - PHONE]);

impl Fees {
    /// Counts `n` payments.
    ///
    /// # Panics
    /// If they do not pass on the phone.
    pub(super) fn post(&mut self, post: PaymentKind, n: u32) {
        self.0[post.counter() - PHONE] += n;
    }
}

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
    pub(super) fn post(&self, post: PaymentKind, n: u32) {
        match post.counter() {
            i @ OFTEN..ONCE => self.often[i - OFTEN].set(self.often[i - OFTEN].get() + n),
            i => {
                let (counter, n) = (&self.once_a_round[i - ONCE], u16::try_from(n).expect("once a round"));
                counter.set(counter.get() + n);
            }
        }
    }

    /// All payments since birth, with those that are counted elsewhere.
    #[inline]
    pub(super) fn payments(&self, fees: Fees, tenure: Tenure) -> Payments {
        let [a, b, c, d] = self.often.each_ref().map(|n| n.get().into());
        let [e, f, g, h, i] = self.once_a_round.each_ref().map(|n| n.get().into());
        let [j, k, l] = fees.0.map(u64::from);
        Payments([a, b, c, d, e, f, g, h, i, j, k, l, tenure.overhead.into()])
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_takes_32_bytes_and_its_fees_12() {
        assert_eq!((size_of::<Agent>(), size_of::<Fees>()), (32, 12));
    }

    #[test]
    fn every_payment_is_counted_where_it_is_read() {
        let (agent, mut fees, mut tenure) = (Agent::new(0), Fees::default(), Tenure::default());
        for (post, n) in
            PaymentKind::ALL.into_iter().zip(1..).filter(|(post, _)| *post != PaymentKind::FeePaid)
        {
            match post.counter() {
                PHONE..TENURE => fees.post(post, n),
                TENURE => (0..n).for_each(|_| tenure.charge()),
                _ => agent.post(post, n),
            }
        }
        let payments = agent.payments(fees, tenure);
        for (post, n) in
            PaymentKind::ALL.into_iter().zip(1..).filter(|(post, _)| *post != PaymentKind::FeePaid)
        {
            assert_eq!(payments.of(post), n, "{post:?}");
        }
        assert_eq!(payments.of(PaymentKind::FeePaid), payments.of(PaymentKind::Call), "one fee per call");
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
