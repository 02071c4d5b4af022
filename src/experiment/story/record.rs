//! The story of one focal agent: plain rows.

use std::collections::BTreeMap;

use super::node::{Reason, StepKind};
use crate::amount::Amount;
use crate::model::AgentId;

/// The steps that lead from the evening to the money of one focal agent, in both worlds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Story {
    /// Number of the world.
    pub(crate) world: u32,
    /// The focal agent.
    pub(crate) focal: AgentId,
    /// The steps, causes before what follows from them.
    pub(crate) steps: Vec<StoryStep>,
    /// The agents in whose place there are newcomers, with the round from which on, in each world.
    pub(crate) newcomers: [BTreeMap<AgentId, u32>; 2],
}

impl Story {
    /// Whether an agent of a step is a newcomer.
    pub(crate) fn is_newcomer(&self, agent: AgentId, step: &StoryStep) -> bool {
        let worlds = step.side.map_or(0..2, |side| side..side + 1);
        self.newcomers[worlds].iter().any(|from| from.get(&agent).is_some_and(|round| *round <= step.round))
    }
}

/// A step: an act that one world has alone, and that pays the focal agent or leads to one that does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct StoryStep {
    /// Position of the step that it follows from.
    pub(crate) cause: Option<usize>,
    /// Why it follows from it.
    pub(crate) reason: Reason,
    /// Round.
    pub(crate) round: u32,
    /// Whether it is in the first or in the second world; `None` for both.
    pub(crate) side: Option<usize>,
    /// What happened.
    pub(crate) kind: StepKind,
    /// Who acted.
    pub(crate) actor: AgentId,
    /// To whom, or with whom.
    pub(crate) other: Option<AgentId>,
    /// The third agent that is concerned.
    pub(crate) third: Option<AgentId>,
    /// Of a call, the expert whom the caller calls in the other world.
    pub(crate) instead: Option<AgentId>,
    /// What the focal agent gets by it; negative for a cost, `None` if it pays nothing.
    pub(crate) amount: Option<Amount>,
}

impl StoryStep {
    /// What it adds to the difference second - first.
    pub(crate) fn difference(&self) -> Option<Amount> {
        self.amount.map(|amount| if self.side == Some(0) { -amount } else { amount })
    }
}
