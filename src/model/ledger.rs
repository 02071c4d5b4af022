//! The ledger: what was done and what flowed between strategies in a round.
//!
//! Each posting has two sides: the accounts of the agents, and the round's flows between
//! strategies; they are compared in debug builds every round.

use super::account::{N_POSTS, Post};
use super::agent::Agent;
use super::record::{Channel, FlowRecord, N_CHANNELS};
use super::rules::Rules;

/// What is counted per strategy in a round besides flows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub(super) enum Count {
    /// Needs that arose.
    NeedsOpened,
    /// Needs that lapsed.
    NeedsLapsed,
    /// Needs lost with failed agents.
    NeedsLost,
    /// Pushes made.
    Pushes,
    /// Referrals paid for.
    Referrals,
    /// Acts judged as a refusal.
    Refusals,
    /// Calls received.
    InboundCalls,
    /// Guests.
    Guests,
    /// Guests in another town.
    Travellers,
    /// Distinct partners, summed over guests.
    Contacts,
    /// Conversations that ended, once per party.
    Conversations,
    /// Their lengths in slots, once per party.
    ConversationSlots,
}

const N_COUNTS: usize = 12;

/// Everything counted in a round, or in a part of one: exact, so parts add up in any order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tally {
    n_strategies: usize,
    counts: Vec<u64>,
    flows: Vec<u64>,
}

impl Tally {
    /// Nothing counted yet.
    pub(super) fn new(n_strategies: usize) -> Self {
        Self {
            n_strategies,
            counts: vec![0; n_strategies * N_COUNTS],
            flows: vec![0; n_strategies * n_strategies * N_CHANNELS],
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

    /// Lengths in slots of all conversations that ended, each once: both parties were counted.
    pub(super) fn pair_slots(&self) -> u64 {
        let both = (0..self.n_strategies).map(|s| self.counted(s, Count::ConversationSlots)).sum::<u64>();
        both / 2
    }

    #[inline]
    fn flow_index(&self, from: usize, to: usize, channel: Channel) -> usize {
        (from * self.n_strategies + to) * N_CHANNELS + channel as usize
    }

    /// One payment from one strategy to another.
    #[inline]
    pub(super) fn flow(&mut self, from: u16, to: u16, channel: Channel) {
        let i = self.flow_index(from.into(), to.into(), channel);
        self.flows[i] += 1;
    }

    /// So many encouragements from one strategy to another.
    #[inline]
    pub(super) fn encourage(&mut self, from: u32, to: u32, n: u64) {
        let i = self.flow_index(from as usize, to as usize, Channel::Encouragement);
        self.flows[i] += n;
    }

    /// Payments from one strategy to another.
    pub(super) fn flowed(&self, from: usize, to: usize, channel: Channel) -> u64 {
        self.flows[self.flow_index(from, to, channel)]
    }

    /// Payments that reached a strategy on a channel.
    pub(super) fn received(&self, to: usize, channel: Channel) -> u64 {
        (0..self.n_strategies).map(|from| self.flowed(from, to, channel)).sum()
    }

    /// Payments that left a strategy on a channel.
    pub(super) fn given(&self, from: usize, channel: Channel) -> u64 {
        (0..self.n_strategies).map(|to| self.flowed(from, to, channel)).sum()
    }

    /// Adds another part.
    pub(super) fn add(&mut self, part: &Self) {
        debug_assert_eq!(self.n_strategies, part.n_strategies);
        for (sum, n) in self.counts.iter_mut().zip(&part.counts) {
            *sum += n;
        }
        for (sum, n) in self.flows.iter_mut().zip(&part.flows) {
            *sum += n;
        }
    }

    /// Payments of the round by post for one strategy, as the flows and counts have them.
    pub(super) fn posts(&self, strategy: usize, overheads: u64) -> [u64; N_POSTS] {
        let received = |c| self.received(strategy, c);
        let given = |c| self.given(strategy, c);
        [
            received(Channel::Push),
            received(Channel::Gift),
            received(Channel::Call),
            received(Channel::Pull),
            received(Channel::Encouragement),
            received(Channel::Finder),
            given(Channel::Push) + given(Channel::Gift) + given(Channel::Call),
            self.counted(strategy, Count::Referrals),
            given(Channel::Encouragement),
            given(Channel::Finder),
            self.counted(strategy, Count::Guests),
            self.counted(strategy, Count::Travellers),
            overheads,
        ]
    }
}

/// Posts an evening at a mixer.
pub(super) fn attend(guest: &Agent, travelled: bool) {
    guest.post(Post::Attend, 1);
    guest.post(Post::Travel, travelled.into());
}

/// Solves the need of `helped` at a mixer: both accounts and the flow.
pub(super) fn solve(helper: &Agent, helped: &Agent, channel: Channel, tally: &mut Tally) {
    debug_assert!(helped.need().is_some(), "only an open need can be solved");
    debug_assert!(matches!(channel, Channel::Push | Channel::Gift));
    helped.close_need();
    helped.post(if matches!(channel, Channel::Push) { Post::Push } else { Post::Gift }, 1);
    helper.post(Post::Assist, 1);
    tally.flow(helper.strategy, helped.strategy, channel);
}

/// Posts the encouragements that a guest gave and received; their flows are counted one by one.
pub(super) fn encourage(guest: &Agent, given: u32, received: u32) {
    guest.post(Post::Encourage, given);
    guest.post(Post::Encouragement, received);
}

/// Posts the cost of a referral.
pub(super) fn refer(referrer: &Agent, tally: &mut Tally) {
    referrer.post(Post::Refer, 1);
    tally.count(referrer.strategy, Count::Referrals, 1);
}

/// Value that flowed between strategies, summed over rounds.
#[derive(Clone, Debug)]
pub(super) struct Flows {
    total: Tally,
}

impl Flows {
    /// No flow yet.
    pub(super) fn new(rules: &Rules) -> Self {
        Self { total: Tally::new(rules.n_strategies()) }
    }

    /// Adds a round.
    pub(super) fn add(&mut self, round: &Tally) {
        self.total.add(round);
    }

    /// All pairs of strategies and channels, in order, with their totals.
    pub(super) fn records(&self, rules: &Rules) -> Vec<FlowRecord> {
        let n = self.total.n_strategies;
        let mut records = Vec::with_capacity(n * n * N_CHANNELS);
        for from in 0..n {
            for to in 0..n {
                for channel in Channel::ALL {
                    // Payments stay far below 2^53.
                    #[allow(clippy::cast_precision_loss)]
                    let payments = self.total.flowed(from, to, channel) as f64;
                    records.push(FlowRecord {
                        from: u16::try_from(from).expect("strategies are numbered in 16 bits"),
                        to: u16::try_from(to).expect("strategies are numbered in 16 bits"),
                        channel,
                        value: payments * rules.prices.per_channel[channel as usize],
                    });
                }
            }
        }
        records
    }
}
