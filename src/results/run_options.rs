//! Options of a run.

use serde_json::json;

use super::events::EventLog;

/// Options for writing a run's result.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunOptions {
    /// Whether an older result in the folder is replaced.
    pub force: bool,
    /// Whether the final state of every agent is written.
    pub agents: bool,
    /// Whether charts will be drawn; it is only recorded here.
    pub charts: bool,
    /// Which acts are written to the log of events, if any.
    pub events: Option<EventLog>,
    /// Rounds of replicate 0 at whose ends the network of ties is written, in ascending order; empty for none.
    pub network: Vec<u32>,
}

impl RunOptions {
    /// The options in the manifest.
    pub(super) fn recorded(&self) -> serde_json::Value {
        let mut recorded = json!({ "agents": self.agents, "charts": self.charts });
        if let Some(log) = self.events {
            recorded["events"] = json!(log);
        }
        if !self.network.is_empty() {
            recorded["network"] = json!(self.network);
        }
        recorded
    }
}
