//! `manifest.json`: all that is needed to run a result again to the same bytes.

use serde_json::{Value, json};

use super::FileNote;
use super::table::sha256;
use crate::draws::SCHEME;
use crate::scenario::Scenario;

/// The source that this program was built from: a git revision, with `-dirty` if files had been changed.
pub const REVISION: &str = env!("MINGLE_REVISION");

/// All that the manifest records, beside the program itself.
#[derive(Debug)]
pub(super) struct Manifest<'a> {
    pub command: &'a str,
    pub scenario: &'a Scenario,
    pub replicate_seeds: &'a [u64],
    /// Replicates asked for: runs, or worlds of a bet.
    pub replicates: u32,
    /// What the command line asked for, beside the scenario.
    pub options: Value,
    /// What a bet or a sweep was about, under that name; nothing for a run.
    pub about: Option<(&'static str, Value)>,
    pub files: &'a [FileNote],
}

impl Manifest<'_> {
    /// The document.
    pub(super) fn to_json(&self) -> Value {
        let done = self.replicate_seeds.len();
        let provenance = self.scenario.provenance();
        let strategies: Vec<_> = self.scenario.strategies.iter().map(|s| s.name.as_str()).collect();
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
            "title": self.scenario.title,
            "rounds": self.scenario.rounds,
            "burn_in": self.scenario.burn_in,
            "strategies": strategies,
            "survival": self.scenario.survival.is_some(),
            "evolution": self.scenario.evolution.is_some(),
            "seed": self.scenario.seed,
            "replicates": self.replicates,
            "replicates_done": done,
            "interrupted": done < self.replicates as usize,
            "replicate_seeds": self.replicate_seeds,
            "files": self.files,
        });
        if let Some((name, about)) = &self.about {
            document[*name] = about.clone();
        }
        document
    }
}

/// A document as it stands in its file.
pub(super) fn to_text(document: &Value) -> String {
    format!("{document:#}\n")
}
