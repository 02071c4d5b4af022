//! The state of an agent that mixers read and change: 32 bytes. Ties, fees, tenure and standing are kept elsewhere.

use super::open_needs::Need;
use super::payment::{FEES, OFTEN, ONCE, PaymentKind, SURPLUS, TENURE};
use super::shared::{Shared16, Shared32};

/// The state of an agent that mixers read and change. Guests of an event are scattered over the memory, so the
/// alignment keeps each agent within one cache line.
#[derive(Clone, Debug, PartialEq)]
#[repr(align(32))]
pub(super) struct Agent {
    /// Payments since birth, except fees and overhead, by `PaymentKind::counter`. A run has at most 65,535 rounds,
    /// so 16 bits are enough for payments of which there is at most one for each round.
    often: [Shared32; ONCE - OFTEN],
    once_a_round: [Shared16; FEES - ONCE],
    /// Round in which the first need arose, or the latest one if none is open; [`FAILED`] while the place of a failed
    /// agent is empty.
    need_opened: Shared16,
    /// Domain of the first need. Further ones are kept elsewhere.
    need_domain: Shared16,
    /// Position of the strategy in the scenario.
    pub strategy: u16,
}

/// Marks "no need"; domains have smaller numbers.
const NO_NEED: u16 = u16::MAX;

/// Marks an empty place; rounds have smaller numbers.
const FAILED: u16 = u16::MAX;

/// Numbers of fees since birth, in 12 bytes. Fees are paid only in calls, so mixers do not load them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Fees([u32; TENURE - FEES]);

impl Fees {
    /// Counts `n` payments.
    ///
    /// # Panics
    /// If they are not fees.
    pub(super) fn post(&mut self, kind: PaymentKind, n: u32) {
        self.0[kind.counter() - FEES] += n;
    }
}

/// An agent's first round, and its rounds of overhead and of ties since. Kept only under survival, or if ties cost
/// something.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Tenure {
    born: u16,
    overhead: u16,
    /// Ties at the close of each round, summed: at most 65,535 in each of as many rounds.
    ties: u32,
}

impl Tenure {
    /// The tenure of an agent whose first round is `born`.
    pub(super) fn from(born: u32) -> Self {
        Self { born: narrow(born), overhead: 0, ties: 0 }
    }

    /// First round lived.
    pub(super) fn born(self) -> u32 {
        self.born.into()
    }

    /// Counts one more round of this many ties.
    pub(super) fn add_ties(&mut self, n: u32) {
        self.ties += n;
    }

    /// Counts one more round of overhead.
    pub(super) fn add_overhead(&mut self) {
        self.overhead += 1;
    }
}

/// A round as a 16-bit number.
pub(super) fn narrow(round: u32) -> u16 {
    u16::try_from(round).expect("a scenario has at most 65,535 rounds")
}

impl Agent {
    /// A new agent, without need and payments.
    pub(super) fn new(strategy: u16) -> Self {
        Self {
            often: Default::default(),
            once_a_round: Default::default(),
            need_opened: Shared16::new(0),
            need_domain: Shared16::new(NO_NEED),
            strategy,
        }
    }

    /// Counts `n` payments.
    ///
    /// # Panics
    /// If the kind is counted in [`Fees`] or [`Tenure`].
    #[inline]
    pub(super) fn post(&self, kind: PaymentKind, n: u32) {
        match kind.counter() {
            i @ OFTEN..ONCE => self.often[i - OFTEN].set(self.often[i - OFTEN].get() + n),
            i => {
                let (counter, n) = (&self.once_a_round[i - ONCE], u16::try_from(n).expect("once a round"));
                counter.set(counter.get() + n);
            }
        }
    }

    /// Its counts of payments since birth, given those that are kept elsewhere.
    #[inline]
    pub(super) fn payments(&self, fees: Fees, tenure: Tenure) -> [u64; SURPLUS] {
        let [a, b, c, d] = self.often.each_ref().map(|n| n.get().into());
        let [e, f, g, h, i] = self.once_a_round.each_ref().map(|n| n.get().into());
        let [j, k, l] = fees.0.map(u64::from);
        [a, b, c, d, e, f, g, h, i, j, k, l, tenure.overhead.into(), tenure.ties.into()]
    }

    /// Whether the agent is in business: false while the place of a failed agent is empty.
    #[inline]
    pub(super) fn is_active(&self) -> bool {
        self.need_opened.get() != FAILED
    }

    /// Empties the place of a failed agent. Its need is lost.
    pub(super) fn leave(&mut self) {
        self.close_need();
        self.need_opened.set(FAILED);
    }

    /// Domain of the open need, the first if there are several.
    #[inline]
    pub(super) fn need(&self) -> Option<u16> {
        let domain = self.need_domain.get();
        (domain != NO_NEED).then_some(domain)
    }

    /// Round in which the open need arose.
    pub(super) fn need_opened(&self) -> u32 {
        self.need_opened.get().into()
    }

    /// Takes up this need as its first, or none.
    #[inline]
    pub(super) fn take_up(&self, first: Option<Need>) {
        match first {
            None => self.close_need(),
            Some(need) => {
                self.need_domain.set(need.domain);
                self.need_opened.set(need.opened);
            }
        }
    }

    /// Closes the need, solved or not.
    #[inline]
    pub(super) fn close_need(&self) {
        self.need_domain.set(NO_NEED);
    }
}

#[cfg(test)]
mod tests {
    use super::super::account::Payments;
    use super::super::payment::UPKEEP;
    use super::*;

    #[test]
    fn an_agent_takes_32_bytes_and_its_fees_12() {
        assert_eq!((size_of::<Agent>(), size_of::<Fees>()), (32, 12));
    }

    #[test]
    fn every_kind_of_payment_is_read_as_it_was_counted() {
        let (agent, mut fees, mut tenure) = (Agent::new(0), Fees::default(), Tenure::default());
        for (kind, n) in
            PaymentKind::ALL.into_iter().zip(1..).filter(|(kind, _)| *kind != PaymentKind::FeePaid)
        {
            match kind.counter() {
                FEES..TENURE => fees.post(kind, n),
                TENURE => (0..n).for_each(|_| tenure.add_overhead()),
                UPKEEP => tenure.add_ties(n),
                _ => agent.post(kind, n),
            }
        }
        let mut payments = Payments::default();
        payments.add_counts(0, agent.payments(fees, tenure));
        for (kind, n) in
            PaymentKind::ALL.into_iter().zip(1..).filter(|(kind, _)| *kind != PaymentKind::FeePaid)
        {
            assert_eq!(payments.of(kind), n, "{kind:?}");
        }
        assert_eq!(payments.of(PaymentKind::FeePaid), payments.of(PaymentKind::Call), "one fee per call");
    }

    #[test]
    fn a_place_is_empty_from_leaving_to_the_newcomer() {
        let mut agent = Agent::new(3);
        agent.take_up(Some(Need { domain: 65_534, opened: 65_534, size: 1 }));
        assert_eq!((agent.is_active(), agent.need(), agent.need_opened()), (true, Some(65_534), 65_534));
        agent.leave();
        assert_eq!((agent.is_active(), agent.need()), (false, None));
    }
}
