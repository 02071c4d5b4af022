//! The result of a run, written replicate by replicate.

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::json;

use super::change_rows;
use super::changes::Changes;
use super::columns;
use super::datapackage;
use super::events::{EventLog, EventWriter};
use super::folder::Folder;
use super::manifest::{self, Manifest};
use super::memory::MemoryFiles;
use super::named::PeopleNames;
use super::names::Names;
use super::network::{self, NetworkFiles};
use super::own::MANIFEST;
use super::run_options::RunOptions;
use super::run_tables::RunTables;
use super::stationarity::Stationarity;
use super::summary::Outcomes;
use super::table::{Cell, TableWriter};
use super::target::Target;
use super::{ChangeRow, ContrastRow, FileNote, ResultsError, StationarityRow, SummaryRow, Table};
use crate::experiment::{Network, ReplicateRecord, level_of, looks, replicates_max};
use crate::model::ActRecord;
use crate::scenario::{Pilot, Scenario, Until};
use crate::stats::{Level, Precision};

/// The summary of a run.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Summary {
    /// The result folder.
    #[serde(skip)]
    pub dir: PathBuf,
    /// Number of replicates asked for; of a run that adds replicates, their number if it has ended, else the maximum.
    pub replicates: u32,
    /// Number of replicates in the result, which are the first ones.
    pub replicates_done: u32,
    /// Whether the run ended before all replicates were done.
    pub interrupted: bool,
    /// The pilot replicates that found burn-in, under `burn_in = "auto"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub burn_in_pilot: Option<Pilot>,
    /// The lines of `summary.csv`.
    pub summary: Vec<SummaryRow>,
    /// The lines of `contrasts.csv`.
    pub contrasts: Vec<ContrastRow>,
    /// The lines of `stationarity.csv`.
    pub stationarity: Vec<StationarityRow>,
    /// The lines of `changes.csv`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<ChangeRow>,
    /// What each change does to net benefit, in words.
    #[serde(skip)]
    pub(super) change_words: Vec<String>,
    /// Whether all differences in net benefit are as precise, or as clear, as asked for; `None` for a fixed number of
    /// replicates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reached: Option<bool>,
    /// The rule for the number of replicates.
    #[serde(skip)]
    pub until: Until,
    /// The level of confidence of intervals.
    #[serde(skip)]
    pub level: Level,
    /// The scenario.
    #[serde(skip)]
    pub(super) scenario: Scenario,
    /// What limits the conclusions that can be drawn, in words.
    pub warnings: Vec<String>,
    /// Every file of the result except the manifest.
    pub files: Vec<FileNote>,
}

/// Writes a run's tables, replicate by replicate. If it is dropped before [`RunWriter::finish`], the folder is left as
/// it was.
pub(crate) struct RunWriter {
    dir: PathBuf,
    scenario: Scenario,
    options: RunOptions,
    strategies: Vec<String>,
    region_names: Vec<String>,
    people: PeopleNames,
    seeds: Vec<u64>,
    /// Whether intervals were narrow enough at the look before.
    was_narrow: bool,
    /// Whether the last look found what was asked for; `None` before the first.
    reached: Option<bool>,
    outcomes: Outcomes,
    stationarity: Stationarity,
    changes: Changes,
    tables: RunTables,
    events: Option<EventWriter>,
    network: Option<NetworkFiles>,
    /// The last field, so that tables close their files before the folder removes them.
    target: Target,
}

impl RunWriter {
    /// Starts the result of a run of `scenario` in the folder `dir`.
    ///
    /// # Errors
    /// If a result exists and `options.force` is not set, or if the folder cannot be written to.
    pub(crate) fn create(dir: &Path, scenario: &Scenario, options: RunOptions) -> Result<Self, ResultsError> {
        let folder = Folder::claim(dir, options.force)?;
        Self::start(dir, scenario, options, Target::Folder(folder))
    }

    /// Starts the result of a run of `scenario` in memory.
    ///
    /// # Errors
    /// Never; writing to memory does not fail.
    pub(crate) fn in_memory(
        files: &MemoryFiles,
        scenario: &Scenario,
        options: RunOptions,
    ) -> Result<Self, ResultsError> {
        Self::start(Path::new(""), scenario, options, Target::Memory(files.clone()))
    }

    fn start(
        dir: &Path,
        scenario: &Scenario,
        options: RunOptions,
        mut target: Target,
    ) -> Result<Self, ResultsError> {
        let strategies: Vec<String> = scenario.strategies.iter().map(|s| s.name.clone()).collect();
        let people = PeopleNames::of(scenario);
        let events = options.events.map(|log| EventWriter::new(log, &people, &mut target)).transpose()?;
        let region_names: Vec<String> = scenario.regions.iter().map(|r| r.name.clone()).collect();
        Ok(Self {
            dir: dir.to_owned(),
            outcomes: Outcomes::new(
                scenario.burn_in,
                strategies.clone(),
                level_of(scenario),
                if scenario.until == Until::Decided { looks(scenario) } else { 1 },
            ),
            stationarity: Stationarity::new(scenario),
            changes: Changes::new(scenario),
            tables: RunTables::start(&mut target, scenario, options.agents, &people)?,
            events,
            network: None,
            target,
            strategies,
            region_names,
            people,
            seeds: Vec::new(),
            was_narrow: false,
            reached: None,
            scenario: scenario.clone(),
            options,
        })
    }

    /// Number of replicates written so far.
    pub(crate) fn replicates_done(&self) -> u32 {
        u32::try_from(self.seeds.len()).expect("replicates are numbered in 32 bits")
    }

    /// Adds the rows of the next replicate.
    ///
    /// # Errors
    /// If the disk fails.
    ///
    /// # Panics
    /// If replicates are not added in order, from 0.
    pub(crate) fn replicate(&mut self, record: &ReplicateRecord) -> Result<(), ResultsError> {
        assert_eq!(record.replicate, self.replicates_done(), "replicates are written in order");
        self.seeds.push(record.seed);
        self.outcomes.push(record);
        self.stationarity.push(record);
        self.changes.push(record);
        let (strategies, regions) = (&self.strategies, &self.region_names);
        self.tables.write(record, Names { strategies, regions, people: self.people.all() })
    }

    /// Rounds of the networks that are wanted.
    pub(crate) fn network_rounds(&self) -> &[u32] {
        &self.options.network
    }

    /// Writes the networks of a replicate. Without them, because the command was stopped, the manifest says nothing of
    /// them.
    ///
    /// # Errors
    /// If the disk fails.
    pub(crate) fn networks(&mut self, networks: Option<&[Network]>) -> Result<(), ResultsError> {
        let Some(networks) = networks else {
            self.options.network.clear();
            return Ok(());
        };
        let (strategies, regions) = (&self.strategies, &self.region_names);
        let names = Names { strategies, regions, people: self.people.all() };
        self.network = Some(network::write(0, networks, names, &self.people, &mut self.target)?);
        Ok(())
    }

    /// The log of events that is wanted.
    pub(crate) fn log(&self) -> Option<EventLog> {
        self.options.events
    }

    /// The first round that must be observed for the log of events: all newcomers must be known, who have no names.
    pub(crate) fn observed_from(&self, log: EventLog) -> u32 {
        let nameless = !self.people.all().is_empty() && self.scenario.survival.is_some();
        if nameless { 0 } else { log.rounds[0] }
    }

    /// Drops the log of events, because it is not complete. The manifest says nothing of it.
    pub(crate) fn drop_log(&mut self) {
        if let (Some(log), Some(writer)) = (self.options.events.take(), self.events.take()) {
            // First, because it writes the last rows when it is dropped.
            drop(writer);
            self.target.discard(log.file());
        }
    }

    /// Adds acts of a replicate to the log of events, if there is one.
    ///
    /// # Errors
    /// If the disk fails.
    pub(crate) fn acts(&mut self, replicate: u32, acts: &[ActRecord]) -> Result<(), ResultsError> {
        let Some(events) = &mut self.events else { return Ok(()) };
        events.acts(replicate, acts, &self.strategies)
    }

    /// Judges the replicates so far, and returns whether the run ends with them: because they are as many as possible, or
    /// enough by the rule of the scenario. It must be called once after each batch: intervals are narrow enough only at
    /// the second look in a row.
    pub(crate) fn ends(&mut self) -> bool {
        let scenario = &self.scenario;
        let found = match scenario.until {
            Until::Fixed => return true,
            Until::Decided => self.outcomes.are_decided(),
            Until::Precise => {
                let (half_width, fewest) = (scenario.precision, Precision::REPLICATES_MIN);
                let rule = Precision { half_width, level: level_of(scenario), fewest };
                let narrow = self.outcomes.are_narrow(rule);
                std::mem::replace(&mut self.was_narrow, narrow) && narrow
            }
        };
        self.reached = Some(found);
        found || self.replicates_done() >= replicates_max(scenario)
    }

    /// Number of replicates asked for: as many as there are, once a run that adds replicates has found what was asked
    /// for.
    fn replicates_asked(&self) -> u32 {
        if self.reached == Some(true) { self.replicates_done() } else { replicates_max(&self.scenario) }
    }

    /// The section of the manifest about a run that adds replicates.
    fn stopping(&self) -> Option<(&'static str, serde_json::Value)> {
        let about = || {
            json!({
                "until": self.scenario.until.name(),
                "looks": looks(&self.scenario),
                "reached": self.reached.unwrap_or(false),
            })
        };
        (self.scenario.until != Until::Fixed).then(|| ("stopping", about()))
    }

    /// Completes the result with all replicates so far, and gives the files their final names.
    ///
    /// # Errors
    /// If the disk fails. Then an older result is still there.
    pub(crate) fn finish(mut self) -> Result<Summary, ResultsError> {
        let (replicates_done, replicates) = (self.replicates_done(), self.replicates_asked());
        let (about, level) = (self.stopping(), level_of(&self.scenario));
        let summary = self.outcomes.summary();
        let contrasts = self.outcomes.contrasts();
        let rows = summary.iter().map(|row| row.cells().to_vec());
        let summary_table = write_rows(self.target.table(columns::summary())?, rows)?;
        let rows = contrasts.iter().map(|row| row.cells().to_vec());
        let contrasts_table = write_rows(self.target.table(columns::contrasts())?, rows)?;
        let stationarity = self.stationarity.rows();
        let changes = self.changes.rows();
        let warnings = self.changes.warning().into_iter().chain(self.stationarity.warning(&stationarity));
        let warnings = warnings.collect();
        let rows = stationarity.iter().map(|row| row.cells().to_vec());
        let stationarity_table = write_rows(self.target.table(columns::stationarity())?, rows)?;
        let changes_table = (!self.scenario.scheduled.is_empty())
            .then(|| {
                let rows = changes.iter().map(|row| row.cells().to_vec());
                write_rows(self.target.table(change_rows::table())?, rows)
            })
            .transpose()?;
        let mut tables = self.tables.finish()?;
        // Means and differences stand after the rounds that they are made of.
        let means = [summary_table, contrasts_table, stationarity_table].into_iter().chain(changes_table);
        tables.splice(1..1, means);
        let network = self.network.unwrap_or_default();
        for table in self.events.map(EventWriter::finish).into_iter().chain(network.tables) {
            tables.push(table.finish()?);
        }
        let package =
            datapackage::describe(&self.scenario.title, &self.strategies, &self.region_names, &tables, level);
        let package = self.target.write("datapackage.json", &package)?;
        let notes = tables.into_iter().map(|(_, note)| note).chain(network.others);
        let files: Vec<FileNote> = notes.chain([package]).collect();
        let summary = Summary {
            dir: self.dir,
            replicates,
            replicates_done,
            interrupted: replicates_done < replicates,
            reached: (self.scenario.until != Until::Fixed).then(|| self.reached == Some(true)),
            until: self.scenario.until,
            level,
            scenario: self.scenario.clone(),
            burn_in_pilot: self.scenario.provenance().pilot.clone(),
            summary,
            contrasts,
            stationarity,
            change_words: self.changes.sentences(&changes),
            changes,
            warnings,
            files,
        };
        let manifest = Manifest {
            command: "run",
            scenario: &self.scenario,
            replicate_seeds: &self.seeds,
            replicates,
            options: self.options.recorded(),
            about,
            words: &summary.words(),
            files: &summary.files,
        };
        self.target.write(MANIFEST, &manifest::to_text(&manifest.to_json()))?;
        self.target.commit()?;
        Ok(summary)
    }
}

pub(super) fn write_rows<'a>(
    mut table: TableWriter,
    rows: impl Iterator<Item = Vec<Cell<'a>>>,
) -> Result<(Table, FileNote), ResultsError> {
    for row in rows {
        table.row(&row)?;
    }
    table.finish()
}

#[cfg(test)]
mod tests;
