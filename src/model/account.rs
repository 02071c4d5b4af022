//! Accounts: what an agent has received and borne, counted in payments.
//!
//! Every amount in the model is a whole number of equal payments (a need's value, a cost, a fee),
//! so accounts count payments and prices turn counts into benefit. Counts add up exactly
//! in any order.

use super::record::N_CHANNELS;
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

/// All payments of a life so far, by [`Post`].
pub(super) type Counts = [u32; N_POSTS];

/// Fees counted since birth, in 12 bytes. They pass on the phone only, so that mixers need not touch them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Fees {
    /// Calls taken for a fee.
    pub pull: u32,
    /// Finder's fees received.
    pub finder: u32,
    /// Finder's fees paid.
    pub finder_paid: u32,
}

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

    /// Capital: the endowment and net benefit in money, that is without encouragement. What is left
    /// of rounding where it should be nothing counts as nothing, so a capital of exactly 0 is not
    /// below zero.
    pub(super) fn capital(&self, counts: &Counts) -> f64 {
        /// Rounding of a dozen sums stays far below this share of what was added up.
        const NOTHING: f64 = 1e-12;
        let kind_words = [Post::Encouragement as usize, Post::Encourage as usize];
        let fees = -f64::from(counts[Post::Call as usize]) * self.fee;
        let (mut capital, mut gross) = (self.endowment + fees, self.endowment - fees);
        for (post, (&n, price)) in counts.iter().zip(&self.per_post).enumerate() {
            if !kind_words.contains(&post) {
                capital += f64::from(n) * price;
                gross += (f64::from(n) * price).abs();
            }
        }
        if capital.abs() <= gross * NOTHING { 0.0 } else { capital }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capital_of_exactly_nothing_is_not_below_zero() {
        let mut scenario = Scenario::default();
        let text = b"[survival]\nendowment = 0.3\noverhead = 0.1";
        let source = crate::scenario::Source { name: "test", bytes: text };
        scenario.survival = crate::scenario::parse(&source, &[]).unwrap().survival;
        let prices = Prices::new(&scenario);
        let capital_after = |rounds| {
            let mut counts = [0; N_POSTS];
            counts[Post::Encouragement as usize] = 7;
            counts[Post::Overhead as usize] = rounds;
            prices.capital(&counts)
        };
        assert!(capital_after(3) == 0.0, "kind words are no money, and 0.3 is three times 0.1");
        assert!(capital_after(4) < -0.09);
    }
}
