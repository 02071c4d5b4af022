//! The records that the model reports: flat rows per round and strategy, agent, life, region and flow.

pub(crate) use super::payment::N_CHANNELS;
use super::payment::payments;
pub use super::payment::{Channel, N_AMOUNTS};
use crate::amount::Amount;

/// A quantity that is recorded per round and strategy, with its name in tables and charts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metric {
    /// Column name.
    pub name: &'static str,
    /// Unit, as written in the table schema.
    pub unit: &'static str,
    /// What it is, in one sentence.
    pub meaning: &'static str,
}

/// Declares every metric once: makes the table [`METRICS`] and the index [`M`] of each metric in a record's values.
/// The amounts are placed between the two groups of metrics that are given.
macro_rules! metrics {
    ($before:tt $after:tt $($id:ident $name:literal $meaning:literal $(on $channel:literal)? { $($kinds:tt)* })*) => {
        metrics! { @all $before { $($id $name "benefit" $meaning)* } $after }
    };
    (@all $({ $($id:ident $name:literal $unit:literal $meaning:literal)* })*) => {
        /// All metrics, in the order of the columns of the rounds table.
        pub const METRICS: &[Metric] = &[$($(Metric { name: $name, unit: $unit, meaning: $meaning },)*)*];
        /// Positions in [`METRICS`] and in [`RoundRecord::values`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(usize)]
        pub enum M { $($(#[doc = $meaning] $id,)*)* }
    };
}

payments! { metrics {
    Net "net" "benefit" "All benefit received less all costs borne in the round."
} {
    NetTotal "net_total" "benefit" "Members' net benefit since birth, up to and with this round."
    InboundCalls "inbound_calls" "calls" "Calls received as an expert, taken or not."
    TakenCalls "taken_calls" "calls" "Calls taken as an expert."
    Ties "ties" "ties" "Ties held."
    NeedsOpened "needs_opened" "needs" "Needs that arose."
    NeedsSolved "needs_solved" "needs" "Own needs solved."
    NeedsLapsed "needs_lapsed" "needs" "Own needs that lapsed unsolved."
    NeedsOpen "needs_open" "needs" "Needs open at the end of the round."
    NeedsLost "needs_lost" "needs" "Needs lost because their owner failed."
    ActsPush "acts_push" "acts" "Pushes made."
    ActsAssist "acts_assist" "acts" "Needs of others solved, on the phone too."
    ActsRefer "acts_refer" "acts" "Referrals paid for: at mixers, and as a link of a chain."
    ActsEncourage "acts_encourage" "acts" "Encouragements given."
    ActsRefuse "acts_refuse" "acts" "Acts judged as a refusal, failed assists included."
    Opinion "opinion" "opinion" "Mean opinion held about the strategy's members; private: over the ties to them, public: their standing."
    StandingGood "standing_good" "share" "Share of members with a standing of at least 0 (public reputation)."
    Guests "guests" "agents" "Number of members who attended this round's mixers."
    Contacts "contacts" "partners" "Distinct partners per guest at this round's mixer."
    ConversationSlots "conversation_slots" "slots" "Mean length of the conversations that ended at this round's mixer, counted for both parties."
} }

/// The amounts among [`METRICS`]: benefits, then costs.
pub const AMOUNTS: &[Metric] = METRICS.split_at(M::Net as usize + 1).1.split_at(N_AMOUNTS).0;

/// The benefits among [`AMOUNTS`], one for each channel.
pub(crate) const BENEFITS: &[Metric] = AMOUNTS.split_at(N_CHANNELS).0;

/// The costs among [`AMOUNTS`].
pub(crate) const COSTS: &[Metric] = AMOUNTS.split_at(N_CHANNELS).1;

/// Number of metrics.
pub const N_METRICS: usize = METRICS.len();

/// One strategy in one round. Values are means per active member unless the metric says otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct RoundRecord {
    /// Round, from 0.
    pub round: u32,
    /// Position of the strategy in the scenario.
    pub strategy: u16,
    /// Active members, before the round's failures and changes of strategy.
    pub agents: u32,
    /// By [`M`]; NaN where there is nothing to report.
    pub values: [f64; N_METRICS],
}

/// Value that passed between two strategies on one channel in the rounds after burn-in.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowRecord {
    /// Strategy of those who helped or paid.
    pub from: u16,
    /// Strategy of those who received.
    pub to: u16,
    /// How the value passed.
    pub channel: Channel,
    /// Total value.
    pub value: Amount,
}

/// One strategy in one home region over the rounds after burn-in.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionRecord {
    /// Position of the region in the scenario.
    pub region: u16,
    /// Position of the strategy in the scenario.
    pub strategy: u16,
    /// Active members, summed over the rounds; counted before failures and changes of strategy.
    pub agent_rounds: u64,
    /// Net benefit per active member and round; NaN if there was none.
    pub net: f64,
}

/// One place in the population at the end of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct AgentRecord {
    /// Agent, from 0.
    pub agent: u32,
    /// Position of the strategy in the scenario.
    pub strategy: u16,
    /// Position of the region in the scenario.
    pub region: u16,
    /// Town, from 0 across all regions.
    pub town: u32,
    /// Domain of expertise, from 0.
    pub expertise: u16,
    /// False while the place of a failed agent is empty.
    pub active: bool,
    /// Round in which the agent began, 0 for the first generation.
    pub born: u32,
    /// Domain of the open need and the round it opened.
    pub need: Option<(u16, u32)>,
    /// Ties held.
    pub ties: u32,
    /// Standing, under public reputation.
    pub standing: Option<f64>,
    /// Capital, under survival.
    pub capital: Option<Amount>,
    /// Net benefit since birth.
    pub net_total: Amount,
    /// Totals since birth, by [`AMOUNTS`], all as positive numbers.
    pub amounts: [Amount; N_AMOUNTS],
}

/// Some people with all ties between them, at the end of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SampleRecord {
    /// The people, in the order in which they were found.
    pub people: Vec<PersonRecord>,
    /// Their ties to each other, by person in that order, then by contact.
    pub ties: Vec<TieRecord>,
}

/// A person of a sample.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonRecord {
    /// Agent, from 0.
    pub agent: u32,
    /// Position of the strategy in the scenario.
    pub strategy: u16,
    /// Position of the home region in the scenario.
    pub region: u16,
    /// Home town, from 0 across all regions.
    pub town: u32,
    /// Calls taken as an expert since birth.
    pub taken_calls: u64,
    /// Net benefit since birth.
    pub net_total: Amount,
}

/// A tie between two people of a sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TieRecord {
    /// The person who holds the tie.
    pub agent: u32,
    /// The person whom it leads to.
    pub contact: u32,
    /// Current trust, -1 to 1.
    pub trust: f32,
}

/// One life, from birth to failure or to the end of the run.
#[derive(Clone, Debug, PartialEq)]
pub struct LifeRecord {
    /// Agent (place), from 0.
    pub agent: u32,
    /// Strategy at the end of the life.
    pub strategy: u16,
    /// First round lived.
    pub born: u32,
    /// First round not lived.
    pub ended: u32,
    /// True for a failure, false where the run ended first.
    pub failed: bool,
}
