//! What happens in one round only: who came, who talked to whom, and who called whom.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::node::{Cause, Node, Reason, StepKind};
use crate::model::{ActKind, ActRecord, AgentId, EventId};

/// The steps of one round so far.
#[derive(Debug, Default)]
pub(super) struct RoundSteps {
    /// The steps of acts, by world and position of the act.
    pub(super) of_acts: [BTreeMap<usize, Rc<Node>>; 2],
    /// Whose arrival differs.
    pub(super) arrivals: BTreeMap<AgentId, Rc<Node>>,
    /// Events with other guests, each with the first arrival that differs.
    pub(super) guests: BTreeMap<EventId, Rc<Node>>,
    /// The latest conversation of an agent that differs, in slots before the present one.
    pub(super) talks: BTreeMap<AgentId, Rc<Node>>,
    /// Who was referred to an expert at a mixer, in one world only.
    pub(super) referred: BTreeMap<AgentId, Rc<Node>>,
    /// The acts of the present stage that only one world has.
    pub(super) stage: Vec<(usize, ActRecord, Rc<Node>)>,
}

impl RoundSteps {
    /// Makes the step of an act.
    pub(super) fn add(
        &mut self,
        order: &mut u64,
        (side, place): (usize, usize),
        act: &ActRecord,
        (cause, reason): Cause,
        instead: Option<AgentId>,
    ) -> Rc<Node> {
        *order += 1;
        let node = Rc::new(Node {
            order: *order,
            round: act.round,
            side: Some(side),
            kind: StepKind::Act(act.kind),
            actor: act.actor,
            other: act.other,
            third: act.third,
            instead,
            reason: if cause.is_some() { reason } else { Reason::None },
            cause,
        });
        self.of_acts[side].insert(place, Rc::clone(&node));
        self.stage.push((side, *act, Rc::clone(&node)));
        node
    }

    /// Ends a stage: its steps can be causes of those in later stages. Returns them.
    pub(super) fn end_stage(&mut self) -> Vec<(usize, ActRecord, Rc<Node>)> {
        let stage = std::mem::take(&mut self.stage);
        for (_, act, node) in &stage {
            match (act.kind, act.event, act.other) {
                (ActKind::Attend, Some(event), _) => {
                    self.arrivals.insert(act.actor, Rc::clone(node));
                    self.guests.entry(event).or_insert_with(|| Rc::clone(node));
                }
                (ActKind::Talk, _, Some(other)) => {
                    self.talks.insert(act.actor, Rc::clone(node));
                    self.talks.insert(other, Rc::clone(node));
                }
                (ActKind::Refer, Some(_), Some(helped)) => {
                    self.referred.insert(helped, Rc::clone(node));
                }
                _ => {}
            }
        }
        stage
    }
}
