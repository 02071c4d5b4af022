//! The steps of a story, each with the earlier step that it follows from.

use std::rc::Rc;

use crate::model::{ActKind, AgentId};

/// What happened in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StepKind {
    /// The focal agent attends a mixer, and acts there by the one or by the other strategy.
    Evening,
    /// An act that the two worlds do not share.
    Act(ActKind),
    /// A cost of the focal agent that no act shows, by its name in tables.
    Cost(&'static str),
}

impl StepKind {
    /// Name in tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Evening => "evening",
            Self::Act(kind) => kind.name(),
            Self::Cost(name) => name,
        }
    }
}

/// Declares the reasons, each with its name in tables.
macro_rules! reasons {
    ($($(#[$doc:meta])* $reason:ident = $name:literal),+ $(,)?) => {
        /// Why a step follows from its cause: the first of the conditions of an act that differs between the worlds.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Reason { $($(#[$doc])* $reason),+ }

        impl Reason {
            /// All reasons.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$reason),+];

            /// Name in tables.
            pub(crate) fn name(self) -> &'static str {
                match self { $(Self::$reason => $name),+ }
            }
        }
    };
}

reasons! {
    /// It is an evening at which the focal agent acts by another strategy.
    Evening = "evening",
    /// No earlier step explains it.
    None = "none",
    /// The focal agent acts by another strategy at this mixer.
    Behaviour = "behaviour",
    /// Other guests came.
    Guests = "guests",
    /// Earlier conversations of the evening ended or began differently.
    Conversation = "conversation",
    /// The two talk in this world only.
    Talk = "talk",
    /// It follows from an act in the same conversation.
    Turn = "turn",
    /// A need is open in one of the worlds only.
    Need = "need",
    /// An opinion, or whether there is a tie, differs.
    Opinion = "opinion",
    /// Somebody named another agent.
    Referral = "referral",
    /// The call was made in this world only.
    Call = "call",
    /// Others call the same expert, whose capacity is limited.
    Capacity = "capacity",
    /// It is a judgement on this act.
    Judged = "judged",
    /// The list of contacts differs.
    Contacts = "contacts",
    /// Somebody was helped in one of the worlds only, and pays it forward.
    Gratitude = "gratitude",
    /// One of the two helped the other in one of the worlds only, and is owed a favour.
    Favour = "favour",
    /// A strategy was taken up, or an agent failed or came, in one of the worlds only.
    Life = "life",
    /// A payment changed an agent's account.
    Account = "account",
}

/// A step of a story.
#[derive(Debug)]
pub(super) struct Node {
    /// Position in the order in which steps were found: causes come first.
    pub(super) order: u64,
    /// Round.
    pub(super) round: u32,
    /// Whether the step is in the first or in the second world; `None` for both.
    pub(super) side: Option<usize>,
    /// What happened.
    pub(super) kind: StepKind,
    /// Who acted.
    pub(super) actor: AgentId,
    /// To whom, or with whom.
    pub(super) other: Option<AgentId>,
    /// The third agent that is concerned.
    pub(super) third: Option<AgentId>,
    /// Of a call, the expert whom the caller calls in the other world.
    pub(super) instead: Option<AgentId>,
    /// The step that this one follows from.
    pub(super) cause: Option<Rc<Node>>,
    /// Why it follows from it.
    pub(super) reason: Reason,
}

impl Drop for Node {
    /// Drops a long chain of causes one by one, not one within the other.
    fn drop(&mut self) {
        let mut next = self.cause.take();
        while let Some(mut node) = next.and_then(Rc::into_inner) {
            next = node.cause.take();
        }
    }
}

/// A step that explains another, and how.
pub(super) type Cause = (Option<Rc<Node>>, Reason);

/// No earlier step explains it.
pub(super) const UNKNOWN: Cause = (None, Reason::None);

/// The latest of some steps.
pub(super) fn latest<'n>(nodes: impl IntoIterator<Item = Option<&'n Rc<Node>>>) -> Option<Rc<Node>> {
    nodes.into_iter().flatten().max_by_key(|node| node.order).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_of_any_length_is_dropped() {
        let mut last = None;
        for order in 0..1_000_000 {
            let (kind, reason) = (StepKind::Evening, Reason::None);
            let node = Node {
                order,
                round: 0,
                side: None,
                kind,
                actor: 0,
                other: None,
                third: None,
                instead: None,
                cause: last,
                reason,
            };
            last = Some(Rc::new(node));
        }
        drop(last);
    }
}
