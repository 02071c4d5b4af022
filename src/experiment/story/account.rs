//! What a round changes in the account of the focal agent, act by act.

use crate::amount::Amount;
use crate::model::{AMOUNTS, ActKind, ActRecord, AgentId, BENEFITS, N_AMOUNTS};
use crate::scenario::Scenario;

/// An entry in the account of the focal agent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Entry {
    /// Position of the act among those of the round; `None` if no act shows it.
    pub(super) act: Option<usize>,
    /// Name of the benefit or cost in tables.
    pub(super) name: &'static str,
    /// The other party.
    pub(super) other: Option<AgentId>,
    /// What the agent gets; negative for a cost.
    pub(super) amount: Amount,
}

/// The prices of acts that do not pass to another agent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Costs {
    assist: Amount,
    refer: Amount,
    encourage: Amount,
    attend: Amount,
}

impl Costs {
    /// The prices of a scenario.
    pub(super) fn of(s: &Scenario) -> Self {
        Self {
            assist: Amount::of(s.help.assist_cost),
            refer: Amount::of(s.help.refer_cost),
            encourage: Amount::of(s.help.encourage_cost),
            attend: Amount::of(s.mixer.cost),
        }
    }

    /// What an act costs its actor, with the name of the cost.
    fn of_act(&self, act: &ActRecord) -> Option<(&'static str, Amount)> {
        match act.kind {
            ActKind::Assist => Some(("assist_cost", self.assist)),
            ActKind::Refer => Some(("refer_cost", self.refer)),
            ActKind::Encourage => Some(("encourage_cost", self.encourage)),
            ActKind::Attend => Some(("attend_cost", self.attend)),
            ActKind::Fee | ActKind::Finder => Some(("fees_paid", act.amount)),
            _ => None,
        }
    }
}

/// The entries of a round for the agent `focal`, given the acts of the round and by how much each of the agent's amounts
/// grew. They sum to what the account grew by.
pub(super) fn entries(
    acts: &[ActRecord],
    focal: AgentId,
    costs: &Costs,
    grown: &[Amount; N_AMOUNTS],
) -> Vec<Entry> {
    let mut entries = Vec::new();
    for (place, act) in acts.iter().enumerate() {
        let received = act.channel.filter(|_| act.other == Some(focal));
        if let Some(channel) = received {
            let (name, amount) = (channel.name(), act.amount);
            entries.push(Entry { act: Some(place), name, other: Some(act.actor), amount });
        }
        if let Some((name, cost)) = costs.of_act(act).filter(|_| act.actor == focal) {
            entries.push(Entry { act: Some(place), name, other: act.other, amount: -cost });
        }
    }
    entries.extend(unseen(&entries, grown));
    entries.retain(|entry| entry.amount != Amount::ZERO);
    entries
}

/// The entries that no act shows: of travel, overhead and ties.
fn unseen(entries: &[Entry], grown: &[Amount; N_AMOUNTS]) -> Vec<Entry> {
    let rest = AMOUNTS.iter().zip(grown).enumerate().map(|(place, (metric, grown))| {
        let total = if place < BENEFITS.len() { *grown } else { -*grown };
        let seen: Amount = entries.iter().filter(|e| e.name == metric.name).map(|e| e.amount).sum();
        Entry { act: None, name: metric.name, other: None, amount: total - seen }
    });
    rest.collect()
}
