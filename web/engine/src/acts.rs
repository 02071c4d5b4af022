//! Acts as short JSON rows.

use mingle::records::{ActKind, ActRecord};
use serde_json::{Value, json};

/// An act as a row: round, slot, kind, actor, other, third, channel, amount.
pub(crate) fn row(act: &ActRecord) -> Value {
    let channel = act.channel.map(mingle::records::Channel::name);
    let amount = act.amount.per(1);
    json!([act.round, act.slot, act.kind.name(), act.actor, act.other, act.third, channel, amount])
}

/// Whether the page draws acts of this kind.
pub(crate) fn is_shown(act: &ActRecord) -> bool {
    use ActKind::{Adopt, Enter, Fail, Gossip, Judge};
    !matches!(act.kind, Judge | Gossip | Enter | Fail | Adopt)
}

/// Whether an agent takes part in an act, as actor, other or third.
pub(crate) fn concerns(act: &ActRecord, agent: u32) -> bool {
    [Some(act.actor), act.other, act.third].contains(&Some(agent))
}
