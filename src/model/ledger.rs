//! The ledger: what every agent has received and borne, and what flowed between strategies.
//!
//! Every amount in the model is a whole number of equal payments (a need's value, a cost, a fee),
//! so accounts count payments and prices turn counts into benefit. Counts add up exactly
//! in any order. Each posting has two sides: the accounts of the agents, and the round's
//! flows between strategies; they are compared in debug builds every round.

use super::population::Agent;
use super::record::{Channel, N_CHANNELS};
use super::rules::Rules;
use crate::scenario::Scenario;

/// What an account counts. The first six are channels of benefit, in the channels' order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub(super) enum Post {
    /// Own needs solved after a push.
    Push,
    /// Own needs solved unasked.
    Gift,
    /// Own needs solved on the phone.
    Call,
    /// Calls taken for a fee.
    Pull,
    /// Times encouraged.
    Encouragement,
    /// Finder's fees received.
    Finder,
    /// Needs of others solved.
    Assist,
    /// Referrals paid for.
    Refer,
    /// Encouragements given.
    Encourage,
    /// Finder's fees paid (fees are one per solved call).
    FinderPaid,
    /// Mixers attended.
    Attend,
    /// Mixers attended in another town.
    Travel,
    /// Rounds of overhead.
    Overhead,
}

/// Number of posts.
pub(super) const N_POSTS: usize = 13;

/// Payments counted since birth, by [`Post`].
pub(super) type Account = [u32; N_POSTS];

/// Benefit (positive) or cost (negative) of one payment, by [`Post`].
#[derive(Clone, Debug)]
pub(super) struct Prices {
    per_post: [f64; N_POSTS],
    /// Benefit per payment on each channel.
    pub per_channel: [f64; N_CHANNELS],
    /// Fee of a solved call.
    pub fee: f64,
    endowment: f64,
}

impl Prices {
    /// The prices of a scenario.
    pub(super) fn new(s: &Scenario) -> Self {
        let (value, fee) = (s.needs.value, s.calls.fee * s.needs.value);
        let finder_fee = s.calls.finder_fee * s.needs.value;
        let per_channel = [value, value, value, fee, s.help.encourage_value, finder_fee];
        let [push, gift, call, pull, encouragement, finder] = per_channel;
        let survival = s.survival.as_ref();
        let per_post = [
            push,
            gift,
            call,
            pull,
            encouragement,
            finder,
            -s.help.assist_cost,
            -s.help.refer_cost,
            -s.help.encourage_cost,
            -finder_fee,
            -s.mixer.cost,
            -s.mixer.travel_cost,
            -survival.map_or(0.0, |v| v.overhead),
        ];
        Self { per_post, per_channel, fee, endowment: survival.map_or(0.0, |v| v.endowment) }
    }

    /// Benefit less costs of the payments counted.
    pub(super) fn net<C: Copy + Into<f64>>(&self, counts: &[C; N_POSTS]) -> f64 {
        let paid: f64 = counts.iter().zip(&self.per_post).map(|(&n, price)| n.into() * price).sum();
        paid - counts[Post::Call as usize].into() * self.fee
    }

    /// Capital: the endowment and net benefit in money, that is without encouragement.
    pub(super) fn capital(&self, account: &Account) -> f64 {
        let kind_words = [Post::Encouragement, Post::Encourage]
            .iter()
            .map(|&p| f64::from(account[p as usize]) * self.per_post[p as usize])
            .sum::<f64>();
        self.endowment + self.net(account) - kind_words
    }

    /// The thirteen amounts of the tables: benefits and costs, all as positive numbers.
    pub(super) fn amounts<C: Copy + Into<f64>>(&self, counts: &[C; N_POSTS]) -> [f64; N_POSTS] {
        let mut amounts = [0.0; N_POSTS];
        for (post, amount) in amounts.iter_mut().enumerate() {
            // Adding 0 turns the -0 of an unpaid cost into 0.
            *amount = (counts[post].into() * self.per_post[post]).abs() + 0.0;
        }
        amounts[Post::FinderPaid as usize] += counts[Post::Call as usize].into() * self.fee;
        amounts
    }
}

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

    /// What was counted for a strategy.
    pub(super) fn counted(&self, strategy: usize, what: Count) -> u64 {
        self.counts[strategy * N_COUNTS + what as usize]
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

/// Solves the need of `helped` at a mixer: both accounts and the flow.
pub(super) fn solve(helper: &mut Agent, helped: &mut Agent, channel: Channel, tally: &mut Tally) {
    debug_assert!(helped.need().is_some(), "only an open need can be solved");
    debug_assert!(matches!(channel, Channel::Push | Channel::Gift));
    helped.close_need();
    helped.account[channel as usize] += 1;
    helper.account[Post::Assist as usize] += 1;
    tally.flow(helper.strategy, helped.strategy, channel);
}

/// Posts an encouragement.
pub(super) fn encourage(giver: &mut Agent, receiver: &mut Agent, tally: &mut Tally) {
    giver.account[Post::Encourage as usize] += 1;
    receiver.account[Post::Encouragement as usize] += 1;
    tally.flow(giver.strategy, receiver.strategy, Channel::Encouragement);
}

/// Posts the cost of a referral.
pub(super) fn refer(referrer: &mut Agent, tally: &mut Tally) {
    referrer.account[Post::Refer as usize] += 1;
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
    pub(super) fn records(&self, rules: &Rules) -> Vec<super::record::FlowRecord> {
        let n = self.total.n_strategies;
        let mut records = Vec::with_capacity(n * n * N_CHANNELS);
        for from in 0..n {
            for to in 0..n {
                for channel in Channel::ALL {
                    // Payments stay far below 2^53.
                    #[allow(clippy::cast_precision_loss)]
                    let payments = self.total.flowed(from, to, channel) as f64;
                    records.push(super::record::FlowRecord {
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
