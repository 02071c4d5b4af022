//! Reads what a manifest says about its result: how it was made, and what it shows.

use std::path::Path;

use serde::Deserialize;

use super::super::bet::StoryOf;
use super::super::events::EventLog;
use super::super::inputs::InputNote;
use super::super::verify::read_manifest;
use super::super::words::{Words, quoted};
use super::bet::BetNames;
use super::error::ReadError;
use super::sweep::SweepNames;

/// A manifest, for reports. Older results can lack any of it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct About {
    /// Version of the program.
    pub version: String,
    /// Source from which the program was built.
    pub revision: String,
    /// Scheme of random numbers.
    pub random_numbers: String,
    /// The command: `run`, `bet` or `sweep`.
    pub command: String,
    /// Options of the command line.
    pub options: AboutOptions,
    /// Name of the scenario file.
    pub scenario_file: String,
    /// SHA-256 of its text.
    pub scenario_sha256: String,
    /// Its text.
    pub scenario: String,
    /// The files that it names.
    pub inputs: Vec<InputNote>,
    /// Values that replace those of the text, as `key=value`.
    pub overrides: Vec<String>,
    /// The values that differ from their defaults.
    pub changes: Vec<ChangeNote>,
    /// Title of the scenario.
    pub title: String,
    /// Rounds of a run.
    pub rounds: u32,
    /// First round that counts in summaries.
    pub burn_in: u32,
    /// Names of the strategies in the order of the scenario.
    pub strategies: Vec<String>,
    /// Seed of the scenario.
    pub seed: u64,
    /// Number of replicates asked for (for a bet, worlds; for a sweep, at each point).
    pub replicates: u32,
    /// Number of replicates in the result.
    pub replicates_done: u64,
    /// Whether the command was interrupted.
    pub interrupted: bool,
    /// What the result shows.
    pub words: Words,
    /// The bet, if it was one.
    pub bet: BetNames,
    /// The sweep, if it was one.
    pub sweep: SweepNames,
    /// Cases of a validation that were chosen; all if empty.
    pub only: Vec<String>,
    /// The series of seeds of a validation.
    pub series: u64,
    /// The tables.
    pub files: Vec<TableNote>,
}

/// Options of the command line.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AboutOptions {
    /// Whether charts were wanted.
    pub charts: bool,
    /// Whether a run wrote the final state of every agent.
    pub agents: bool,
    /// The log of events of a run.
    pub events: Option<EventLog>,
    /// Rounds whose networks a run wrote.
    pub network: Vec<u32>,
    /// Whether a bet split the difference over traits.
    pub decompose: bool,
    /// Of which focal agents a bet told the story.
    pub story: Option<StoryOf>,
    /// Whether a validation was by published patterns.
    pub evidence: bool,
    /// The half-width that a bet had to reach.
    pub precision: Option<f64>,
}

/// A value that differs from its default.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ChangeNote {
    /// Path of the key.
    pub key: String,
    /// The value.
    pub value: String,
    /// The default; `None` if the key has to be given.
    pub default: Option<String>,
}

/// A file of the result.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TableNote {
    /// Its name.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// Rows without the header, for a table.
    pub rows: Option<u64>,
}

impl About {
    /// Reads the manifest of the result in `dir`.
    ///
    /// # Errors
    /// If it is missing, or is no JSON object of the expected types.
    pub(crate) fn read(dir: &Path) -> Result<Self, ReadError> {
        Ok(read_manifest(&dir.join("manifest.json"))?)
    }

    /// The command that makes the result again, as a shell takes it.
    pub(crate) fn command_line(&self) -> String {
        let mut words = vec!["mingle".to_owned(), self.command.clone()];
        if self.command == "validate" {
            words.extend(self.options.evidence.then(|| "--evidence".to_owned()));
            words.extend(self.only.iter().flat_map(|name| ["--only".to_owned(), quoted(name)]));
            words.extend((self.series > 0).then(|| format!("--series {}", self.series)));
        } else {
            words.push(quoted(&self.scenario_file));
        }
        words.extend(self.overrides.iter().flat_map(|set| ["--set".to_owned(), quoted(set)]));
        let AboutOptions { charts, agents, events, network, decompose, story, precision, evidence: _ } =
            &self.options;
        words.extend(events.map(|log| log.options()));
        let rounds: Vec<String> = network.iter().map(u32::to_string).collect();
        words.extend((!rounds.is_empty()).then(|| format!("--network {}", rounds.join(","))));
        words.extend(story.map(|of| format!("--story {of}")));
        words.extend(precision.map(|precision| format!("--precision {precision}")));
        for (wanted, option) in [(agents, "--agents"), (decompose, "--decompose"), (&!charts, "--no-charts")]
        {
            words.extend(wanted.then(|| option.to_owned()));
        }
        words.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_has_every_value_quoted_for_a_shell() {
        let about = About {
            command: "bet".to_owned(),
            scenario_file: "it's.toml".to_owned(),
            overrides: vec!["seed=7".to_owned(), "bet.horizons=[0, 4]".to_owned()],
            options: AboutOptions {
                decompose: true,
                precision: Some(0.25),
                story: Some(StoryOf::Agent { world: 2, focal: 54 }),
                ..AboutOptions::default()
            },
            ..About::default()
        };
        assert_eq!(
            about.command_line(),
            "mingle bet 'it'\\''s.toml' --set seed=7 --set 'bet.horizons=[0, 4]' --story 2:54 --precision 0.25 --decompose --no-charts"
        );
    }

    #[test]
    fn the_command_line_of_a_validation_names_its_cases() {
        let about = About {
            command: "validate".to_owned(),
            only: vec!["gifts".to_owned()],
            series: 2,
            options: AboutOptions { charts: true, ..AboutOptions::default() },
            ..About::default()
        };
        assert_eq!(about.command_line(), "mingle validate --only gifts --series 2");
        let evidence = About { options: AboutOptions { evidence: true, ..about.options.clone() }, ..about };
        assert_eq!(evidence.command_line(), "mingle validate --evidence --only gifts --series 2");
    }

    #[test]
    fn a_manifest_may_leave_everything_out() {
        let dir = super::super::tests::folder("manifest.json", "{\"version\": \"0.0.1\"}");
        let about = About::read(dir.path()).unwrap();
        assert_eq!((about.version.as_str(), about.words.answer.as_str()), ("0.0.1", ""));
    }
}
