//! Acts: what single agents do in a round, as flat rows. They are recorded only if somebody asks for them.

use super::account::Prices;
use super::phase::Phase;
use super::record::Channel;
use super::ties::AgentId;
use crate::amount::Amount;

/// The event at which an act happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventId {
    /// Town of the event, from 0 across all regions.
    pub town: u32,
    /// Number of the event in the town in this round, from 0.
    pub number: u32,
}

/// Declares the kinds of acts, each with its name in tables.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal),+ $(,)?) => {
        /// A kind of act. Each row has an actor; the meaning of the others depends on the kind.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum ActKind { $($(#[$doc])* $kind),+ }

        impl ActKind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$kind),+];

            /// Name in tables.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$kind => $name),+ }
            }
        }
    };
}

kinds! {
    /// The need of the actor lapses unsolved.
    Lapse = "lapse",
    /// A need of the actor arises, in `domain`.
    Need = "need",
    /// The actor attends an event.
    Attend = "attend",
    /// The actor and `other` talk for a slot. The actor moves first.
    Talk = "talk",
    /// The actor pushes its own need to `other`.
    Push = "push",
    /// The actor solves the need of `other`, on the `channel`.
    Assist = "assist",
    /// The actor does not help `other`, or fails: an act judged as a refusal. In the phase of calls the actor is the
    /// expert.
    Refuse = "refuse",
    /// The actor refers `other` to `third`. In the phase of calls the actor is a link of a chain that started with
    /// `other`; `third` is the next link, or the expert, or nobody if the chain ends there without an expert.
    Refer = "refer",
    /// The actor encourages `other`.
    Encourage = "encourage",
    /// The actor calls the expert `other`. `third` is the agent who named the expert, if there was one.
    Call = "call",
    /// The actor, an expert, has no capacity left for the caller `other`.
    Busy = "busy",
    /// The actor pays the expert `other` for a call.
    Fee = "fee",
    /// The actor pays `other`, a link of the chain that led to a call.
    Finder = "finder",
    /// A verdict of the actor changes its opinion of `other`; under public reputation, the standing of `other`.
    Judge = "judge",
    /// The actor tells `other` what it thinks of `third`, and changes the opinion that `other` has of `third`.
    Gossip = "gossip",
    /// The actor, a newcomer, takes an empty place.
    Enter = "enter",
    /// The actor fails.
    Fail = "fail",
    /// The actor takes `other_strategy` in place of its own.
    Adopt = "adopt",
}

/// One act in one round.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ActRecord {
    /// Round, from 0.
    pub round: u32,
    /// The event, for acts at mixers.
    pub event: Option<EventId>,
    /// Slot of the event, from 0.
    pub slot: Option<u32>,
    /// What was done.
    pub kind: ActKind,
    /// Who did it.
    pub actor: AgentId,
    /// Strategy of the actor in the round, in the order of the scenario.
    pub strategy: u16,
    /// To whom, or with whom.
    pub other: Option<AgentId>,
    /// Strategy of `other` in the round; of a change of strategy, the new one.
    pub other_strategy: Option<u16>,
    /// The third agent that is concerned, see [`ActKind`].
    pub third: Option<AgentId>,
    /// Domain of a need that arose.
    pub domain: Option<u16>,
    /// The channel on which value passed from the actor to `other`.
    pub channel: Option<Channel>,
    /// The value that `other` received; costs of acts are not in it.
    pub amount: Amount,
    /// In the phase of calls, the agent whose search the act belongs to. It searches once in a round.
    pub caller: Option<AgentId>,
    /// The opinion that changes, before and after, -1 to 1.
    pub opinion: Option<[f32; 2]>,
}

impl ActRecord {
    /// An act of one agent outside events.
    pub(crate) fn new(round: u32, kind: ActKind, actor: AgentId) -> Self {
        Self {
            round,
            event: None,
            slot: None,
            kind,
            actor,
            strategy: 0,
            other: None,
            other_strategy: None,
            third: None,
            domain: None,
            channel: None,
            amount: Amount::ZERO,
            caller: None,
            opinion: None,
        }
    }

    /// The phase of the round.
    #[must_use]
    pub fn phase(&self) -> Phase {
        match self.kind {
            ActKind::Enter | ActKind::Lapse | ActKind::Need => Phase::Needs,
            ActKind::Gossip => Phase::Gossip,
            ActKind::Fail | ActKind::Adopt => Phase::Close,
            _ if self.event.is_some() => Phase::Mixers,
            _ => Phase::Calls,
        }
    }

    /// Adds the strategies of the agents, given those in the round.
    pub(super) fn add_strategies(&mut self, of: impl Fn(AgentId) -> u16) {
        (self.strategy, self.other_strategy) = (of(self.actor), self.other.map(of));
    }

    /// The same act toward another agent.
    pub(super) fn toward(self, other: AgentId) -> Self {
        Self { other: Some(other), ..self }
    }

    /// The same act, in the search of a caller.
    pub(super) fn of_search(self, caller: AgentId) -> Self {
        Self { caller: Some(caller), ..self }
    }

    /// The same act, by which an opinion changes.
    pub(super) fn moving(self, opinion: [f32; 2]) -> Self {
        Self { opinion: Some(opinion), ..self }
    }

    /// The same act, by which so many units of value pass on a channel.
    pub(super) fn paying(self, prices: &Prices, channel: Channel, units: u32) -> Self {
        let amount = prices.amount(channel.received(), units.into());
        Self { channel: Some(channel), amount, ..self }
    }
}
