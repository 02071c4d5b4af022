//! The kinds of payment: one table. Order, prices, columns, channels and counters follow from it.
//!
//! All payments of a kind are equal (a need's value, a cost, a fee). So accounts and flows count payments, and
//! prices turn counts into amounts. Where needs have sizes, a payment that depends on a need's value is several such
//! units; the units beyond one per payment are counted too.

use crate::amount::Amount;
use crate::scenario::Scenario;

/// What a round counts per strategy, besides flows.
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
    /// Guests at mixers.
    Guests,
    /// Guests at mixers of another town.
    Travellers,
    /// Distinct partners, summed over guests.
    Contacts,
    /// Conversations that ended, once per party.
    Conversations,
    /// Their lengths in slots, once per party.
    ConversationSlots,
    /// Members in business, under survival.
    Overheads,
    /// Ties of members, if keeping them can cost something.
    TiesKept,
}

/// A kind of payment.
#[derive(Clone, Copy, Debug)]
pub(super) struct PaymentSpec {
    /// Position of the amount to which it adds.
    pub amount: usize,
    /// The price of one payment, as a positive amount.
    pub price: fn(&Scenario) -> Amount,
    /// Whether it changes an agent's capital. Encouragement does not.
    pub is_money: bool,
    /// Position of the counter in an agent's account. Kinds that always occur together share a counter.
    pub counter: usize,
    /// Position of the counter of units beyond one per payment, of kinds that depend on a need's value.
    pub surplus: Option<usize>,
    /// Where the tally of a round counts it.
    pub tallied: Tallied,
}

/// First counters of six groups: payments that can occur many times in a round, payments of which there is at
/// most one for each round of a life (at most one need arises in a round, so no more are solved than there are rounds), fees in calls, rounds of overhead, rounds
/// of ties, and units of value beyond one per payment.
pub(super) const OFTEN: usize = 0;
pub(super) const ONCE: usize = OFTEN + 4;
pub(super) const FEES: usize = ONCE + 5;
pub(super) const TENURE: usize = FEES + 3;
pub(super) const UPKEEP: usize = TENURE + 1;
pub(super) const SURPLUS: usize = UPKEEP + 1;

/// Number of counters.
pub(super) const N_COUNTERS: usize = SURPLUS + 6;

/// Where the tally of a round counts the payments of a strategy.
#[derive(Clone, Copy, Debug)]
pub(super) enum Tallied {
    /// Flows to the strategy on a channel.
    Received(Channel),
    /// Flows from the strategy on some channels.
    Given(&'static [Channel]),
    /// A count of its own.
    Count(Count),
}

/// The table. Each row is an amount, a column of `rounds.csv` and `agents.csv`: its name, its meaning and the kinds
/// of payment that add to it. Each kind has a price, whether it is money, its counter and its place in the tally. If
/// its price is a part of a need's value, the counter is followed by that of further units.
/// Benefits come first. A benefit has one kind of payment and a channel, with the channel's meaning. All other
/// amounts are costs. The order of the table is the order everywhere.
///
/// `payments! { callback arguments }` calls the macro `callback` with the arguments, then the table.
macro_rules! payments {
    ($callback:ident $($arguments:tt)*) => { $callback! { $($arguments)*
        Push "push" "Benefit from needs that the agent pushed at a mixer and that its partner solved."
            on "A pushed need solved at a mixer: value to the helped."
            { Push: value, true, ONCE => SURPLUS, Received(Channel::Push); }
        Gift "gift" "Benefit from needs that a partner at a mixer solved unasked."
            on "A need solved unasked at a mixer: value to the helped."
            { Gift: value, true, ONCE + 1 => SURPLUS + 1, Received(Channel::Gift); }
        Call "call" "Benefit from needs that an expert solved on the phone."
            on "A need solved on the phone: value to the caller."
            { Call: value, true, ONCE + 2 => SURPLUS + 2, Received(Channel::Call); }
        Pull "pull" "Fees earned as the expert who was called."
            on "The fee for a solved call: from the caller to the expert."
            { Pull: fee, true, FEES => SURPLUS + 3, Received(Channel::Pull); }
        Encouragement "encouragement" "Benefit from being encouraged."
            on "Encouragement."
            { Encouragement: |s| Amount::of(s.help.encourage_value), false, OFTEN,
                Received(Channel::Encouragement); }
        Finder "finder" "Finder's fees earned as a link of a referral chain."
            on "Finder's fee: from the caller to a link of the referral chain."
            { Finder: finder_fee, true, FEES + 1 => SURPLUS + 4, Received(Channel::Finder); }
        AssistCost "assist_cost" "Cost of solving others' needs."
            { Assist: |s| Amount::of(s.help.assist_cost), true, OFTEN + 1,
                Given(&[Channel::Push, Channel::Gift, Channel::Call]); }
        ReferCost "refer_cost" "Cost of pointing others to an expert."
            { Refer: |s| Amount::of(s.help.refer_cost), true, OFTEN + 2, Count(Count::Referrals); }
        EncourageCost "encourage_cost" "Cost of encouraging others."
            { Encourage: |s| Amount::of(s.help.encourage_cost), false, OFTEN + 3,
                Given(&[Channel::Encouragement]); }
        FeesPaid "fees_paid" "Fees and finder's fees paid as a caller."
            // A caller pays one fee for each call taken.
            { FeePaid: fee, true, ONCE + 2 => SURPLUS + 2, Given(&[Channel::Pull]);
              FinderPaid: finder_fee, true, FEES + 2 => SURPLUS + 5, Given(&[Channel::Finder]); }
        AttendCost "attend_cost" "Cost of attending mixers."
            { Attend: |s| Amount::of(s.mixer.cost), true, ONCE + 3, Count(Count::Guests); }
        TravelCost "travel_cost" "Cost of travelling to another town's mixer."
            { Travel: |s| Amount::of(s.mixer.travel_cost), true, ONCE + 4, Count(Count::Travellers); }
        Overhead "overhead" "Cost of staying in business and of keeping ties."
            { Overhead: |s| s.survival.as_ref().map_or(Amount::ZERO, |v| Amount::of(v.overhead)), true,
                TENURE, Count(Count::Overheads);
              KeepTie: |s| Amount::of(s.population.tie_cost), true, UPKEEP, Count(Count::TiesKept); }
    } };
}
pub(super) use payments;

fn value(s: &Scenario) -> Amount {
    Amount::of(s.needs.value)
}

fn fee(s: &Scenario) -> Amount {
    value(s).times(s.calls.fee)
}

fn finder_fee(s: &Scenario) -> Amount {
    value(s).times(s.calls.finder_fee)
}

/// Makes the types and constants that follow from the table of payments.
macro_rules! kinds {
    ($($column:ident $name:literal $meaning:literal $(on $channel:literal)? { $(
        $kind:ident: $price:expr, $is_money:literal, $counter:expr $(=> $surplus:expr)?,
            $tallied:ident ($($of:tt)*);
    )+ })*) => {
        /// The kinds of payment, in the order of the table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(usize)]
        pub(super) enum PaymentKind { $($($kind,)+)* }

        impl PaymentKind {
            /// All kinds, in order.
            pub(super) const ALL: [PaymentKind; N_PAYMENT_KINDS] = [$($(PaymentKind::$kind,)+)*];
        }

        /// The specifications of the kinds of payment, by [`PaymentKind`].
        pub(super) const KINDS: [PaymentSpec; N_PAYMENT_KINDS] = [$($(PaymentSpec {
            amount: Column::$column as usize,
            price: $price,
            is_money: $is_money,
            counter: $counter,
            surplus: [$(Some($surplus),)? None][0],
            tallied: Tallied::$tallied($($of)*),
        },)+)*];

        /// Number of kinds of payment.
        pub(super) const N_PAYMENT_KINDS: usize = [$($(PaymentKind::$kind,)+)*].len();

        enum Column { $($column,)* }

        /// Number of amounts of an agent: benefits and costs.
        pub const N_AMOUNTS: usize = [$($name,)*].len();

        /// A way in which value passes from one agent to another.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(usize)]
        pub enum Channel { $($(#[doc = $channel] $column,)?)* }

        impl Channel {
            /// All channels, in the order of the benefits.
            pub const ALL: [Channel; N_CHANNELS] = [$($(($channel, Channel::$column).1,)?)*];

            /// Name in tables, the same as the benefit's.
            pub fn name(self) -> &'static str {
                [$($name,)*][self as usize]
            }

            /// The kind of payment that the receiver's account counts.
            pub(super) fn received(self) -> PaymentKind {
                PaymentKind::ALL[self as usize]
            }
        }

        /// Number of channels, and of benefits.
        pub(crate) const N_CHANNELS: usize = [$($($channel,)?)*].len();
    };
}
payments! { kinds }

impl PaymentSpec {
    /// Whether it adds to a benefit, not to a cost.
    pub(super) const fn is_benefit(&self) -> bool {
        self.amount < N_CHANNELS
    }
}

impl PaymentKind {
    /// Position of an agent's counter.
    #[inline]
    pub(super) const fn counter(self) -> usize {
        KINDS[self as usize].counter
    }
}
