//! Calls and the searches that lead to them.

use std::ops::Range;

use crate::model::population::PART;
use crate::model::ties::AgentId;

/// Maximum number of links of a referral chain.
const DEPTH_MAX: usize = 8;

/// The links of a referral chain, from the caller's side on.
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

/// A call that a search or a referral led to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Call {
    pub(super) caller: AgentId,
    pub(super) expert: AgentId,
    pub(super) chain: Chain,
    /// Trust in the expert with which the caller's new tie starts, if there is none yet.
    pub(super) trust: f32,
    /// Random rank among callers of whom the expert has the same opinion; the smallest is taken first.
    pub(super) rank: u32,
}

/// The outcome of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CallOutcome {
    Taken,
    /// The expert's opinion of the caller is too low, or the fee.
    Refused,
    /// The expert has no capacity left.
    Busy,
}

/// The results of searches.
#[derive(Debug, Default)]
pub(super) struct Searches {
    /// In the order of the callers; each calls once.
    pub(super) calls: Vec<Call>,
    /// Links that named or passed on, and so pay for a referral, each with the caller; in the order of the callers.
    pub(super) payers: Vec<(AgentId, AgentId)>,
}

/// A caller's verdict on an agent.
pub(super) type Judgement = (AgentId, f32);

/// The indices of `n` items, split into one range per task.
pub(super) fn in_parts(n: usize) -> Vec<Range<usize>> {
    (0..n).step_by(PART).map(|lo| lo..n.min(lo + PART)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_in_one_part_and_no_part_is_larger_than_a_task() {
        for n in [0, 1, PART, PART + 1, 3 * PART - 1] {
            let parts = in_parts(n);
            assert!(parts.iter().all(|part| (1..=PART).contains(&part.len())), "{parts:?}");
            assert!(parts.into_iter().flatten().eq(0..n));
        }
    }
}
