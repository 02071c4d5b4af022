//! `manifest.json`: everything that is needed to reproduce a result exactly.

use serde_json::{Value, json};

use super::inputs::InputNote;
use super::sink::sha256;
use super::{FileNote, Words};
use crate::draws::SCHEME;
use crate::scenario::{Change, Scenario};

/// The source from which this program was built: a git revision, with `-dirty` if files had been changed.
pub(crate) const REVISION: &str = env!("MINGLE_REVISION");

/// The provenance of a scenario, as recorded in the manifest.
#[derive(Debug)]
pub(super) struct Manifest<'a> {
    pub command: &'a str,
    pub scenario: &'a Scenario,
    pub replicate_seeds: &'a [u64],
    /// Number of replicates asked for (for a bet, worlds).
    pub replicates: u32,
    /// Options of the command line, besides those of the scenario.
    pub options: Value,
    /// The section about a bet or a sweep, with its name; `None` for a run.
    pub about: Option<(&'static str, Value)>,
    /// What the result shows.
    pub words: &'a Words,
    pub files: &'a [FileNote],
}

impl Manifest<'_> {
    /// The document.
    pub(super) fn to_json(&self) -> Value {
        let done = self.replicate_seeds.len();
        let provenance = self.scenario.provenance();
        let strategies: Vec<_> = self.scenario.strategies.iter().map(|s| s.name.as_str()).collect();
        let changes =
            self.scenario.changes().into_iter().map(
                |Change { key, value, default }| json!({ "key": key, "value": value, "default": default }),
            );
        let mut document = json!({
            "program": env!("CARGO_PKG_NAME"),
            "version": env!("CARGO_PKG_VERSION"),
            "revision": REVISION,
            "random_numbers": SCHEME,
            "command": self.command,
            "options": self.options,
            "scenario_file": provenance.file_name(),
            "scenario_sha256": sha256(provenance.text.as_bytes()),
            "scenario": provenance.text,
            "overrides": provenance.overrides,
            // Every default and override in place; what follows says the same to readers without TOML.
            "resolved": self.scenario.to_toml(),
            "changes": changes.collect::<Vec<_>>(),
            "title": self.scenario.title,
            "rounds": self.scenario.rounds,
            "burn_in": self.scenario.burn_in,
            "strategies": strategies,
            "survival": self.scenario.survival.is_some(),
            "evolution": self.scenario.evolution.is_some(),
            "seed": self.scenario.seed,
            "level": self.scenario.level,
            "replicates": self.replicates,
            "replicates_done": done,
            "interrupted": done < self.replicates as usize,
            "replicate_seeds": self.replicate_seeds,
            "words": self.words,
            "files": self.files,
        });
        if !provenance.files.is_empty() {
            document["inputs"] = json!(InputNote::all(provenance));
        }
        if !self.scenario.scheduled.is_empty() {
            let scheduled = self
                .scenario
                .scheduled
                .iter()
                .map(|change| json!({ "round": change.round, "key": change.key, "value": change.value }));
            document["scheduled"] = scheduled.collect();
        }
        if let Some(pilot) = &provenance.pilot {
            document["burn_in_pilot"] = json!(pilot);
        }
        if let Some((name, about)) = &self.about {
            document[*name] = about.clone();
        }
        document
    }
}

/// A document as the text of its file.
pub(super) fn to_text(document: &Value) -> String {
    format!("{document:#}\n")
}
