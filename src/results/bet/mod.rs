//! The result of a bet, written world by world.

mod chains;
mod claims;
mod differences;
mod outcomes;
mod report;
mod story;
mod tables;
#[cfg(test)]
mod tests;
mod verdict;
#[cfg(test)]
mod words;

pub(crate) use chains::{Chain, chains as story_chains, signed};
pub(crate) use claims::{BetClaims, after as after_rounds, side as side_of_zero};
pub(super) use claims::{are_few, caution_of_points};
pub use differences::BetRow;
pub(super) use differences::{Differences, Nets};
pub(crate) use outcomes::BetOutcomes;
pub use outcomes::{BetMean, BreakEvenNote, CrossoverNote, Quantity};
pub use story::StoryOf;
pub(super) use story::{AGENTS as STORY_AGENTS, SIDES};
pub(crate) use story::{CHOSEN, LUCKIEST, StoryRow, TYPICAL};
pub(super) use tables::{row_cells as bet_row_cells, summary as bet_summary_table};
pub use verdict::Verdict;

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::{Value, json};

use self::story::{Candidate, Told};
use super::datapackage;
use super::folder::Folder;
use super::manifest::{self, Manifest};
use super::memory::MemoryFiles;
use super::named::{NamedTable, PeopleNames};
use super::own::MANIFEST;
use super::table::{Cell, TableWriter};
use super::target::Target;
use super::{FileNote, ResultsError, Table};
use crate::experiment::{BetPlan, Story, WorldRecord};
use crate::model::AgentId;
use crate::scenario::Pilot;
use crate::stats::Level;

/// Options for writing a bet's result.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BetOptions {
    /// Whether an older result in the folder is replaced.
    pub force: bool,
    /// Whether charts will be drawn; it is only recorded here.
    pub charts: bool,
    /// The half-width until which worlds are added, if one was asked for.
    pub precision: Option<f64>,
    /// Number of worlds asked for: the scenario's, or the maximum with a precision.
    pub worlds: u32,
    /// Of which focal agents the story is told, if it is.
    pub story: Option<StoryOf>,
}

/// The summary of a bet.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct BetSummary {
    /// The result folder.
    #[serde(skip)]
    pub dir: PathBuf,
    /// Names of the usual, the first and the second strategy.
    pub strategies: [String; 3],
    /// Number of worlds in the result, which are the first ones.
    pub worlds_done: u32,
    /// Number of focal agents who were invited to the event, because too few attend it anyway.
    pub invited: u64,
    /// Whether the bet was interrupted.
    pub interrupted: bool,
    /// The pilot replicates that found burn-in, under `burn_in = "auto"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub burn_in_pilot: Option<Pilot>,
    /// Whether the interval is as narrow as asked for; `None` without a precision.
    pub precise: Option<bool>,
    /// The lines of `bet_summary.csv`.
    pub horizons: Vec<BetRow>,
    /// The lines of `bet_others.csv`.
    pub others: Vec<BetMean>,
    /// The lines of `bet_parts.csv`; empty without a decomposition.
    pub parts: Vec<BetMean>,
    /// The last crossing of zero by the mean, if there is one.
    pub break_even: Option<BreakEvenNote>,
    /// The results of a crossover, if there was one.
    pub crossover: Option<CrossoverNote>,
    /// The stories of focal agents in words; empty if none was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub story: Vec<String>,
    /// The verdict at the last horizon.
    pub verdict: Verdict,
    /// The level of confidence of intervals.
    #[serde(skip)]
    pub level: Level,
    /// A warning where intervals may hold less often than said, because worlds or focal agents are few.
    pub caution: Option<String>,
    /// Every file of the result except the manifest.
    pub files: Vec<FileNote>,
}

/// Writes a bet's tables, world by world. If it is dropped before [`BetWriter::finish`], the folder is left as it was.
pub(crate) struct BetWriter<'a> {
    dir: PathBuf,
    plan: &'a BetPlan,
    options: BetOptions,
    seeds: Vec<u64>,
    invited: u64,
    outcomes: BetOutcomes,
    /// All focal agents so far, if stories are told.
    twins: Vec<Candidate>,
    stories: Vec<Told>,
    bet: NamedTable,
    crossover: Option<NamedTable>,
    /// Names of the people.
    names: PeopleNames,
    /// The last field, so that tables close their files before the folder removes them.
    target: Target,
}

impl<'a> BetWriter<'a> {
    /// Starts the result of a bet in the folder `dir`.
    ///
    /// # Errors
    /// If a result exists and `options.force` is not set, or if the folder cannot be written to.
    pub(crate) fn create(dir: &Path, plan: &'a BetPlan, options: BetOptions) -> Result<Self, ResultsError> {
        Self::start(dir, plan, options, Target::Folder(Folder::claim(dir, options.force)?))
    }

    /// Starts the result of a bet in memory.
    ///
    /// # Errors
    /// Never; writing to memory does not fail.
    pub(crate) fn in_memory(
        files: &MemoryFiles,
        plan: &'a BetPlan,
        options: BetOptions,
    ) -> Result<Self, ResultsError> {
        Self::start(Path::new(""), plan, options, Target::Memory(files.clone()))
    }

    fn start(
        dir: &Path,
        plan: &'a BetPlan,
        options: BetOptions,
        mut target: Target,
    ) -> Result<Self, ResultsError> {
        let names = PeopleNames::of(&plan.rules().scenario);
        let start = |target: &mut Target, table| NamedTable::start(target, table, None, &["focal"], &names);
        Ok(Self {
            dir: dir.to_owned(),
            bet: start(&mut target, tables::bet())?,
            crossover: plan.window().map(|_| start(&mut target, tables::crossover())).transpose()?,
            target,
            outcomes: BetOutcomes::new(plan),
            seeds: Vec::new(),
            invited: 0,
            twins: Vec::new(),
            stories: Vec::new(),
            plan,
            options,
            names,
        })
    }

    /// Number of worlds written so far.
    pub(crate) fn worlds_done(&self) -> u32 {
        u32::try_from(self.seeds.len()).expect("worlds are numbered in 32 bits")
    }

    /// All differences so far.
    pub(crate) fn outcomes(&self) -> &BetOutcomes {
        &self.outcomes
    }

    /// Adds the rows of the next world.
    ///
    /// # Errors
    /// If the disk fails.
    ///
    /// # Panics
    /// If worlds are not added in order, from 0.
    pub(crate) fn world(&mut self, record: &WorldRecord) -> Result<(), ResultsError> {
        assert_eq!(record.world, self.worlds_done(), "worlds are written in order");
        self.seeds.push(record.seed);
        self.invited += u64::from(record.invited);
        self.outcomes.push(record);
        if self.options.story.is_some() {
            self.twins.extend(record.twins.iter().filter_map(|twin| Candidate::of(record.world, twin)));
        }
        let is_newcomer = |agent| record.newcomers.contains(&agent);
        for twin in &record.twins {
            for at in &twin.horizons {
                let row = [
                    Cell::Count(record.world.into()),
                    Cell::Count(twin.focal.into()),
                    Cell::Count(at.horizon.into()),
                    Cell::Amount(at.first.net),
                    Cell::Amount(at.second.net),
                    Cell::Amount(at.second.net - at.first.net),
                ];
                self.bet.row(&row, is_newcomer)?;
            }
        }
        let Some(table) = &mut self.crossover else { return Ok(()) };
        for life in &record.crossovers {
            let row = [
                Cell::Count(record.world.into()),
                Cell::Count(life.focal.into()),
                Cell::Flag(life.second_came_first),
                Cell::Amount(life.first),
                Cell::Amount(life.second),
                Cell::Amount(life.second - life.first),
            ];
            table.row(&row, is_newcomer)?;
        }
        Ok(())
    }

    /// The focal agents whose stories are wanted: their names, and for each its world and agent.
    pub(crate) fn wanted_stories(&self) -> Vec<(&'static str, (u32, AgentId))> {
        self.chosen().into_iter().map(|(name, twin)| (name, (twin.world, twin.focal))).collect()
    }

    fn chosen(&self) -> Vec<(&'static str, Candidate)> {
        let Some(of) = self.options.story else { return Vec::new() };
        let median = self.outcomes.median();
        story::choose(of, &self.twins, median)
    }

    /// Adds the stories that are wanted, in their order. Without them the result has none.
    pub(crate) fn stories(&mut self, stories: Vec<Story>) {
        let told = self.chosen().into_iter().zip(stories);
        let told = told.map(|((name, twin), story)| Told { name, difference: twin.difference, story });
        self.stories = told.collect();
    }

    /// Completes the result with all worlds so far, and gives the files their final names. `enough` means that the bet
    /// was not interrupted, although it can have fewer worlds than asked for.
    ///
    /// # Errors
    /// If the disk fails. Then an older result is still there.
    ///
    /// # Panics
    /// If no world was written.
    pub(crate) fn finish(mut self, enough: bool) -> Result<BetSummary, ResultsError> {
        let worlds_done = self.worlds_done();
        assert!(worlds_done > 0, "a bet has a world");
        let mut summary = self.summarise(enough);
        let (stories, options) = (self.story_rows(), self.recorded_options());
        let mut tables = vec![self.bet.into_table().finish()?];
        tables.push(write_summary(self.target.table(tables::summary())?, &summary.horizons)?);
        tables.push(write_means(self.target.table(tables::channels())?, &self.outcomes.channels())?);
        tables.push(write_means(self.target.table(tables::others())?, &summary.others)?);
        if !summary.parts.is_empty() {
            tables.push(write_means(self.target.table(tables::parts())?, &summary.parts)?);
        }
        if let Some(table) = self.crossover.take() {
            tables.push(table.into_table().finish()?);
        }
        if let Some(note) = &summary.crossover {
            tables.push(write_crossover(self.target.table(tables::crossover_summary())?, note)?);
        }
        if !self.stories.is_empty() {
            let table =
                NamedTable::start(&mut self.target, story::table(), None, &story::AGENTS, &self.names)?;
            tables.push(write_stories(table, &stories)?);
        }
        let scenario = &self.plan.rules().scenario;
        let strategies: Vec<String> = scenario.strategies.iter().map(|s| s.name.clone()).collect();
        let package = datapackage::describe(&scenario.title, &strategies, &[], &tables, summary.level);
        let package = self.target.write("datapackage.json", &package)?;
        summary.files = tables.into_iter().map(|(_, note)| note).chain([package]).collect();
        let manifest = Manifest {
            command: "bet",
            scenario,
            replicate_seeds: &self.seeds,
            replicates: if enough { worlds_done } else { self.options.worlds },
            options,
            about: Some(("bet", about(self.plan, &summary))),
            words: &summary.words(),
            files: &summary.files,
        };
        self.target.write(MANIFEST, &manifest::to_text(&manifest.to_json()))?;
        self.target.commit()?;
        Ok(summary)
    }

    /// The options of the command line, for the manifest.
    fn recorded_options(&self) -> Value {
        let mut options = json!({
            "charts": self.options.charts,
            "decompose": self.plan.decomposes(),
            "precision": self.options.precision,
        });
        if let Some(of) = self.options.story.filter(|_| !self.stories.is_empty()) {
            options["story"] = json!(of);
        }
        options
    }

    /// The rows of `story.csv`.
    fn story_rows(&self) -> Vec<StoryRow> {
        let rows = |told: &Told| told.rows(self.plan.event_round(), &self.names);
        self.stories.iter().flat_map(rows).collect()
    }

    /// The stories in words.
    fn stories_in_words(&self) -> Vec<String> {
        let (bet, after) = (self.plan.bet(), self.plan.horizons().last().copied().unwrap_or(0));
        let told = |told: &Told| {
            let who = (told.name, told.story.world, told.story.focal);
            let rows = told.rows(self.plan.event_round(), &self.names);
            chains::lines(who, &rows, told.difference, [&bet.first, &bet.second], after)
        };
        self.stories.iter().flat_map(told).collect()
    }

    fn summarise(&self, enough: bool) -> BetSummary {
        let (bet, outcomes) = (self.plan.bet(), &self.outcomes);
        let worlds_done = self.worlds_done();
        let horizons = outcomes.rows();
        let last = horizons.last().expect("a bet has a horizon");
        let usual = usize::from(bet.usual == bet.second);
        let verdict = Verdict::of(&outcomes.verdict_input([&bet.first, &bet.second], usual, last));
        BetSummary {
            dir: self.dir.clone(),
            strategies: [bet.usual.clone(), bet.first.clone(), bet.second.clone()],
            worlds_done,
            invited: self.invited,
            interrupted: !enough && worlds_done < self.options.worlds,
            burn_in_pilot: self.plan.rules().scenario.provenance().pilot.clone(),
            precise: self.options.precision.map(|_| enough),
            others: outcomes.others(),
            parts: outcomes.parts(),
            break_even: outcomes.break_even(),
            caution: claims::caution(worlds_done.into(), last.twins, outcomes.level()),
            level: outcomes.level(),
            crossover: outcomes.crossover(),
            story: self.stories_in_words(),
            horizons,
            verdict,
            files: Vec::new(),
        }
    }
}

/// The section of the manifest about a bet.
fn about(plan: &BetPlan, summary: &BetSummary) -> Value {
    json!({
        "usual": summary.strategies[0],
        "first": summary.strategies[1],
        "second": summary.strategies[2],
        "event_round": plan.event_round(),
        "campaign": plan.bet().campaign,
        "invited": summary.invited,
        "horizons": plan.horizons(),
        "window": plan.window(),
        "break_even": summary.break_even,
        "verdict": summary.verdict,
        "worlds": summary.worlds_done,
        "caution": summary.caution,
    })
}

fn write_summary(mut table: TableWriter, rows: &[BetRow]) -> Result<(Table, FileNote), ResultsError> {
    for row in rows {
        table.row(&tables::row_cells(row))?;
    }
    table.finish()
}

fn write_stories(mut table: NamedTable, rows: &[StoryRow]) -> Result<(Table, FileNote), ResultsError> {
    for row in rows {
        table.row(&story::cells(row), |agent| row.name(agent).is_none())?;
    }
    table.into_table().finish()
}

fn write_means(mut table: TableWriter, rows: &[BetMean]) -> Result<(Table, FileNote), ResultsError> {
    for row in rows {
        let [mean, low, high] = Cell::interval(&row.mean);
        table.row(&[Cell::Count(row.horizon.into()), Cell::Text(row.what), mean, low, high])?;
    }
    table.finish()
}

fn write_crossover(mut table: TableWriter, note: &CrossoverNote) -> Result<(Table, FileNote), ResultsError> {
    for row in &note.quantities {
        let [mean, low, high] = Cell::interval(&row.mean);
        table.row(&[Cell::Text(row.name), mean, low, high])?;
    }
    table.finish()
}
