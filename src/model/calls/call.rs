//! Calls, and how it came to them.

use std::ops::Range;

use crate::model::population::PART;
use crate::model::ties::AgentId;

/// Most people on a referral chain.
const DEPTH_MAX: usize = 8;

/// People on a referral chain, from the caller's side on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Chain {
    pub(super) links: [AgentId; DEPTH_MAX],
    pub(super) len: usize,
}

impl Chain {
    pub(super) fn push(&mut self, link: AgentId) {
        self.links[self.len] = link;
        self.len += 1;
    }

    pub(super) fn links(&self) -> &[AgentId] {
        &self.links[..self.len]
    }
}

/// A search that led to a call.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Call {
    pub(super) caller: AgentId,
    pub(super) expert: AgentId,
    pub(super) chain: Chain,
    /// Trust in the expert that the caller starts from if it has no tie to it.
    pub(super) trust: f32,
    /// Its rank among callers of whom the expert thinks the same, the smaller first.
    pub(super) rank: u32,
}

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CallOutcome {
    Taken,
    /// Turned down for the expert's opinion of the caller.
    Refused,
    /// Turned down for want of capacity.
    Busy,
}

/// What searches leave behind.
#[derive(Debug, Default)]
pub(super) struct Searches {
    /// In the order of the callers, who call once each.
    pub(super) calls: Vec<Call>,
    /// Who named or passed on, and so pays for a referral, with the caller; by caller.
    pub(super) payers: Vec<(AgentId, AgentId)>,
}

/// A verdict that a caller reaches on somebody.
pub(super) type Judgement = (AgentId, f32);

/// The positions of `n` things in parts, one per task.
pub(super) fn in_parts(n: usize) -> Vec<Range<usize>> {
    (0..n).step_by(PART).map(|lo| lo..n.min(lo + PART)).collect()
}
