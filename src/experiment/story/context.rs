//! What the rules for causes look at.

use std::rc::Rc;

use super::node::{Cause, Node, Reason, UNKNOWN};
use super::pairing::Acts;
use super::round::RoundSteps;
use super::state::State;
use crate::model::{ActRecord, AgentId};

/// The worlds at a stage of a round.
pub(super) struct Context<'c> {
    /// The acts of the round.
    pub(super) acts: Acts<'c>,
    /// In what the worlds differ, at the start of the stage.
    pub(super) state: &'c State,
    /// The steps of the round so far.
    pub(super) steps: &'c mut RoundSteps,
    /// Number of steps so far.
    pub(super) order: &'c mut u64,
    /// The focal agent.
    pub(super) focal: AgentId,
    /// The step of the mixer at which the focal agent acts by another strategy; `None` at other mixers.
    pub(super) evening: Option<&'c Rc<Node>>,
    /// Whether guests choose whom to talk to.
    pub(super) guests_choose: bool,
    /// Whether people pay help forward.
    pub(super) pays_forward: bool,
}

impl Context<'_> {
    /// Makes the step of an act that only one world has.
    pub(super) fn add(&mut self, side: usize, place: usize, cause: Cause) -> Rc<Node> {
        let act = *self.acts.get(side, place);
        self.steps.add(self.order, (side, place), &act, cause, None)
    }

    /// Makes the step of a call, with the expert whom the caller calls in the other world.
    pub(super) fn add_call(
        &mut self,
        side: usize,
        place: usize,
        cause: Cause,
        instead: Option<AgentId>,
    ) -> Rc<Node> {
        let act = *self.acts.get(side, place);
        self.steps.add(self.order, (side, place), &act, cause, instead)
    }

    /// An act of one world.
    pub(super) fn act(&self, side: usize, place: usize) -> ActRecord {
        *self.acts.get(side, place)
    }

    /// Why one of some agents behaves differently: it changed its strategy or is another, or it pays help forward.
    pub(super) fn behaviour(&self, agents: &[AgentId]) -> Option<Cause> {
        let life = agents.iter().find_map(|&agent| self.state.life(agent));
        let helped = || {
            let mut agents = agents.iter().filter(|_| self.pays_forward);
            agents.find_map(|&agent| self.state.helped(agent))
        };
        life.map(|node| (Some(node), Reason::Life)).or_else(|| helped().map(|n| (Some(n), Reason::Gratitude)))
    }
}

/// The first condition that differs.
pub(super) fn first<const N: usize>(conditions: [Option<Cause>; N]) -> Cause {
    conditions.into_iter().flatten().next().unwrap_or(UNKNOWN)
}

/// A step as a cause.
pub(super) fn by(reason: Reason) -> impl Fn(Rc<Node>) -> Cause {
    move |node| (Some(node), reason)
}
