//! The ledger: acts and flows between strategies in a round.
//!
//! A payment is recorded twice: in the accounts of the agents, and in the round's flows between strategies. Debug
//! builds compare the two every round.

use super::account::{Payments, Prices};
use super::agent::Agent;
pub(super) use super::payment::Count;
use super::payment::{Channel, KINDS, N_CHANNELS, PaymentKind, Tallied};
use super::record::FlowRecord;

const N_COUNTS: usize = Count::TiesKept as usize + 1;

/// Everything counted in a round or in a part of one. Counts are integers, so parts can be added in any order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tally {
    n_strategies: usize,
    counts: Vec<u64>,
    flows: Vec<u64>,
    /// Units of flows beyond one per payment; empty as long as there are none.
    surplus: Vec<u64>,
}

impl Tally {
    /// Nothing counted yet.
    pub(super) fn new(n_strategies: usize) -> Self {
        Self {
            n_strategies,
            counts: vec![0; n_strategies * N_COUNTS],
            flows: vec![0; n_strategies * n_strategies * N_CHANNELS],
            surplus: Vec::new(),
        }
    }

    /// Counts `n` for a strategy.
    #[inline]
    pub(super) fn count(&mut self, strategy: u16, what: Count, n: u64) {
        self.counts[usize::from(strategy) * N_COUNTS + what as usize] += n;
    }

    /// Counts several things for a strategy.
    #[inline]
    pub(super) fn count_all<const N: usize>(&mut self, strategy: u32, counted: [(Count, u32); N]) {
        let own = &mut self.counts[strategy as usize * N_COUNTS..][..N_COUNTS];
        for (what, n) in counted {
            own[what as usize] += u64::from(n);
        }
    }

    /// What was counted for a strategy.
    pub(super) fn counted(&self, strategy: usize, what: Count) -> u64 {
        self.counts[strategy * N_COUNTS + what as usize]
    }

    /// Total length, in slots, of all conversations that ended; each conversation counts once.
    pub(super) fn pair_slots(&self) -> u64 {
        // Both parties were counted.
        let both = (0..self.n_strategies).map(|s| self.counted(s, Count::ConversationSlots)).sum::<u64>();
        both / 2
    }

    #[inline]
    fn flow_index(&self, from: usize, to: usize, channel: Channel) -> usize {
        (from * self.n_strategies + to) * N_CHANNELS + channel as usize
    }

    /// Counts one payment of so many units from one strategy to another.
    #[inline]
    pub(super) fn flow(&mut self, from: u16, to: u16, channel: Channel, units: u32) {
        let i = self.flow_index(from.into(), to.into(), channel);
        self.flows[i] += 1;
        if units > 1 {
            self.surplus.resize(self.flows.len(), 0);
            self.surplus[i] += u64::from(units - 1);
        }
    }

    /// Counts `n` encouragements from one strategy to another.
    #[inline]
    pub(super) fn encourage(&mut self, from: u32, to: u32, n: u64) {
        let i = self.flow_index(from as usize, to as usize, Channel::Encouragement);
        self.flows[i] += n;
    }

    /// Number of payments from one strategy to another on a channel, or of their units beyond one (`flows` or
    /// `surplus`).
    fn flowed(&self, of: &[u64], from: usize, to: usize, channel: Channel) -> u64 {
        of.get(self.flow_index(from, to, channel)).copied().unwrap_or(0)
    }

    /// The same for payments to a strategy on a channel.
    fn received(&self, of: &[u64], to: usize, channel: Channel) -> u64 {
        (0..self.n_strategies).map(|from| self.flowed(of, from, to, channel)).sum()
    }

    /// The same for payments from a strategy on a channel.
    fn given(&self, of: &[u64], from: usize, channel: Channel) -> u64 {
        (0..self.n_strategies).map(|to| self.flowed(of, from, to, channel)).sum()
    }

    /// Adds the counts of another part.
    pub(super) fn add(&mut self, part: &Self) {
        debug_assert_eq!(self.n_strategies, part.n_strategies);
        for (sum, n) in self.counts.iter_mut().zip(&part.counts) {
            *sum += n;
        }
        for (sum, n) in self.flows.iter_mut().zip(&part.flows) {
            *sum += n;
        }
        if !part.surplus.is_empty() {
            self.surplus.resize(self.flows.len(), 0);
            self.surplus.iter_mut().zip(&part.surplus).for_each(|(sum, n)| *sum += n);
        }
    }

    /// The flows between all pairs of strategies on all channels, in order.
    pub(super) fn flow_records(&self, prices: &Prices) -> Vec<FlowRecord> {
        let strategies = || (0u16..).take(self.n_strategies);
        let pairs = strategies().flat_map(|from| strategies().map(move |to| (from, to)));
        let all = pairs.flat_map(|(from, to)| Channel::ALL.map(|channel| (from, to, channel)));
        all.map(|(from, to, channel)| {
            let units: u64 = [&self.flows, &self.surplus]
                .map(|of| self.flowed(of, from.into(), to.into(), channel))
                .iter()
                .sum();
            FlowRecord { from, to, channel, value: prices.amount(channel.received(), units) }
        })
        .collect()
    }

    /// Payments of the round for one strategy.
    pub(super) fn payments(&self, strategy: usize) -> Payments {
        let mut payments = Payments::default();
        for spec in &KINDS {
            let of = |flows: &[u64]| match spec.tallied {
                Tallied::Received(channel) => self.received(flows, strategy, channel),
                Tallied::Given(channels) => channels.iter().map(|c| self.given(flows, strategy, *c)).sum(),
                Tallied::Count(what) => self.counted(strategy, what),
            };
            payments.0[spec.counter] = of(&self.flows);
            if let Some(counter) = spec.surplus.filter(|_| !self.surplus.is_empty()) {
                payments.0[counter] = of(&self.surplus);
            }
        }
        payments
    }
}

/// Posts the cost of attending a mixer.
pub(super) fn attend(guest: &Agent, travelled: bool) {
    guest.post(PaymentKind::Attend, 1);
    guest.post(PaymentKind::Travel, travelled.into());
}

/// Posts to both accounts that a need of `helped`, of this size, was solved at a mixer, and counts the flow.
pub(super) fn solve(helper: &Agent, helped: &Agent, channel: Channel, size: u32, tally: &mut Tally) {
    debug_assert!(matches!(channel, Channel::Push | Channel::Gift));
    helped.post(channel.received(), 1);
    helper.post(PaymentKind::Assist, 1);
    tally.flow(helper.strategy, helped.strategy, channel, size);
}

/// Posts the encouragements that a guest gave and received. Their flows are counted when they happen.
pub(super) fn encourage(guest: &Agent, given: u32, received: u32) {
    guest.post(PaymentKind::Encourage, given);
    guest.post(PaymentKind::Encouragement, received);
}

/// Posts the cost of a referral.
pub(super) fn refer(referrer: &Agent, tally: &mut Tally) {
    referrer.post(PaymentKind::Refer, 1);
    tally.count(referrer.strategy, Count::Referrals, 1);
}
