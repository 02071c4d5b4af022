//! Experiments whose results are written to a folder while they go on, or to memory.

use std::fmt;
use std::ops::ControlFlow;
use std::path::Path;

use crate::experiment::{
    BetPlan, PointFault, Progress, ReplicateRecord, SweepPlan, Unit, WorldRecord, level_of, networks,
    observe_replicate, replicates_max, run_bet, run_numbered, run_units, story,
};
use crate::model::{ActRecord, Rules};
use crate::parallel::ThreadPool;
use crate::results::{
    BetOptions, BetSummary, BetWriter, MemoryFiles, MemoryResult, Part, ResultsError, RunOptions, RunWriter,
    StoryOf, Summary, SweepInput, SweepOptions, SweepSummary, SweepWriter,
};
use crate::scenario::Scenario;
use crate::stats::Precision;

/// Runs a scenario and writes its result to the folder `dir`. Unless `until` is fixed, batches of replicates are added until
/// they are enough by the rule of the scenario, up to `replicates_max`. A run that is stopped keeps the replicates that
/// are complete; without any there is no result, and `None` is returned.
///
/// # Errors
/// If there is a result already and `options.force` is not set, or the folder cannot be written to.
///
/// ```
/// use mingle::{Progress, RunOptions, Scenario, ThreadPool};
///
/// let scenario = Scenario::parse("rounds = 8\nreplicates = 2\n[population]\nagents = 60", &[])?;
/// let pool = ThreadPool::new(1)?;
/// let dir = std::env::temp_dir().join(format!("mingle-run-{}", std::process::id()));
///
/// let result = mingle::run_to(&dir, &scenario, RunOptions::default(), &pool, &Progress::default())?;
/// assert_eq!(result.expect("nobody stopped it").replicates_done, 2);
/// assert!(dir.join("summary.csv").exists());
///
/// let drawn = mingle::draw(&dir, &pool)?;
/// assert!(drawn.files.contains(&dir.join("charts/net_over_time.svg")));
/// # std::fs::remove_dir_all(&dir)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn run_to(
    dir: &Path,
    scenario: &Scenario,
    options: RunOptions,
    pool: &ThreadPool,
    progress: &Progress,
) -> Result<Option<Summary>, ResultsError> {
    let (most, keep_agents) = (replicates_max(scenario), options.agents);
    let logged = options.events.map_or(0, |log| u64::from(log.replicates[1] - log.replicates[0]) + 1);
    progress.expect(u64::from(most) + logged + u64::from(!options.network.is_empty()));
    let mut writer = RunWriter::create(dir, scenario, options)?;
    loop {
        let start = writer.replicates_done();
        let end = start.saturating_add(scenario.replicates).min(most);
        let batch: Vec<u32> = (start..end).collect();
        let mut written = Ok(());
        run_numbered(scenario, &batch, pool, keep_agents, progress, |record| {
            written = writer.replicate(&record);
            progress.complete(1);
            if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        written?;
        if writer.replicates_done() < end || writer.ends() {
            break;
        }
    }
    if writer.replicates_done() == 0 {
        return Ok(None);
    }
    let numbers: Vec<u32> = (0..writer.replicates_done()).collect();
    log_events(&mut writer, scenario, &numbers, pool, progress)?;
    write_networks(&mut writer, scenario, pool, progress)?;
    writer.finish().map(Some)
}

/// Writes the networks of replicate 0, if they are wanted. It is run once more for them. If that is stopped they are left
/// out.
pub(crate) fn write_networks(
    writer: &mut RunWriter,
    scenario: &Scenario,
    pool: &ThreadPool,
    progress: &Progress,
) -> Result<(), ResultsError> {
    if writer.network_rounds().is_empty() {
        return Ok(());
    }
    let (rules, rounds) = (Rules::new(scenario), writer.network_rounds().to_vec());
    let found = pool.install(|par| networks(&rules, 0, &rounds, par, progress));
    progress.complete(1);
    writer.networks(found.as_deref())
}

/// Writes the log of events of a run, if one is wanted, for those of its replicates that have these numbers. They are run
/// once more for it, so that a run without a log does nothing for it, and one round of acts is in memory at a time. A log
/// that is stopped is left out.
pub(crate) fn log_events(
    writer: &mut RunWriter,
    scenario: &Scenario,
    numbers: &[u32],
    pool: &ThreadPool,
    progress: &Progress,
) -> Result<(), ResultsError> {
    let Some(log) = writer.log() else { return Ok(()) };
    let rules = Rules::new(scenario);
    let wanted = (0..).zip(numbers).filter(|(_, number)| log.has(**number));
    for (place, &number) in wanted {
        let rounds = writer.observed_from(log)..=log.rounds[1];
        let mut written = Ok(());
        let write = |acts: &[ActRecord]| {
            written = writer.acts(place, acts);
            if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        let whole = pool.install(|par| observe_replicate(&rules, number, rounds, par, progress, write));
        written?;
        if !whole {
            writer.drop_log();
            return Ok(());
        }
        progress.complete(1);
    }
    Ok(())
}

/// The result of a run in memory, from the records of its first replicates: the files that [`run_to`] writes, with the
/// same bytes.
///
/// # Panics
/// If the records are not those of the replicates 0, 1, 2 ..., or there are none.
///
/// ```
/// use mingle::{Scenario, ThreadPool};
///
/// let scenario = Scenario::parse("rounds = 8\nreplicates = 2\n[population]\nagents = 60", &[])?;
/// let records = mingle::run(&scenario, &ThreadPool::new(1)?);
/// let (summary, result) = mingle::run_in_memory(&scenario, &records);
/// assert_eq!(summary.replicates_done, 2);
/// assert!(result.get("summary.csv").is_some());
/// let charts = mingle::draw_in_memory(&result, &["net_over_time"])?;
/// assert!(charts[0].svg.starts_with("<svg"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn run_in_memory(scenario: &Scenario, records: &[ReplicateRecord]) -> (Summary, MemoryResult) {
    assert!(!records.is_empty(), "a result has a replicate");
    let files = MemoryFiles::default();
    let options = RunOptions { charts: true, ..RunOptions::default() };
    let mut writer = RunWriter::in_memory(&files, scenario, options).expect(MEMORY);
    records.iter().for_each(|record| writer.replicate(record).expect(MEMORY));
    (writer.finish().expect(MEMORY), files.take())
}

const MEMORY: &str = "writing to memory does not fail";

/// The result of a bet in memory, from the records of its first worlds: the files that [`bet_to`] writes, with the same
/// bytes.
///
/// # Panics
/// If the records are not those of the worlds 0, 1, 2 ..., or there are none.
///
/// ```
/// use mingle::{BetPlan, Scenario, ThreadPool};
///
/// let sets = ["population.agents=60", "burn_in=4", "bet.worlds=2", "bet.focals=3", "bet.horizons=[0, 4]"];
/// let scenario = Scenario::parse_bet("", &sets)?;
/// let worlds = mingle::bet(&scenario, &ThreadPool::new(1)?);
/// let (summary, result) = mingle::bet_in_memory(&BetPlan::new(&scenario, false), &worlds);
/// println!("{}", summary.verdict.text);
/// assert!(result.get("bet_summary.csv").is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn bet_in_memory(plan: &BetPlan, worlds: &[WorldRecord]) -> (BetSummary, MemoryResult) {
    let files = MemoryFiles::default();
    let options = BetOptions { charts: true, worlds: plan.bet().worlds, ..BetOptions::default() };
    let mut writer = BetWriter::in_memory(&files, plan, options).expect(MEMORY);
    worlds.iter().for_each(|world| writer.world(world).expect(MEMORY));
    let all = writer.worlds_done() >= options.worlds;
    (writer.finish(all).expect(MEMORY), files.take())
}

/// Runs a bet and writes its result to the folder `dir`. With `options.precision`, worlds are added until the mean
/// difference at the last horizon is known that precisely, up to `options.worlds`. A bet that is stopped keeps the
/// worlds that are complete; without any there is no result, and `None` is returned.
///
/// # Errors
/// As [`run_to`].
///
/// ```
/// use mingle::{BetOptions, BetPlan, Progress, Scenario, ThreadPool};
///
/// let sets = ["population.agents=60", "burn_in=4", "bet.worlds=2", "bet.focals=3", "bet.horizons=[0, 4]"];
/// let plan = BetPlan::new(&Scenario::parse_bet("", &sets)?, false);
/// let options = BetOptions { worlds: 2, ..BetOptions::default() };
/// let dir = std::env::temp_dir().join(format!("mingle-bet-{}", std::process::id()));
///
/// let result = mingle::bet_to(&dir, &plan, options, &ThreadPool::new(1)?, &Progress::default())?;
/// println!("{}", result.expect("nobody stopped it").verdict.text);
/// # std::fs::remove_dir_all(&dir)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn bet_to(
    dir: &Path,
    plan: &BetPlan,
    options: BetOptions,
    pool: &ThreadPool,
    progress: &Progress,
) -> Result<Option<BetSummary>, ResultsError> {
    let mut writer = BetWriter::create(dir, plan, options)?;
    let stories = match options.story {
        None => 0,
        Some(StoryOf::Both) => 2,
        Some(_) => 1,
    };
    progress.expect(u64::from(options.worlds) + stories);
    let level = level_of(&plan.rules().scenario);
    let fewest = Precision::WORLDS_MIN;
    let rule = options.precision.map(|half_width| Precision { half_width, level, fewest });
    let (mut written, mut precise) = (Ok(()), false);
    run_bet(plan, 0..options.worlds, pool, progress, |record| {
        written = writer.world(&record);
        progress.complete(1);
        precise = rule.is_some_and(|rule| rule.reached(&writer.outcomes().last()));
        if written.is_ok() && !precise { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    written?;
    if writer.worlds_done() == 0 {
        return Ok(None);
    }
    let all = writer.worlds_done() == options.worlds || !progress.is_stopped();
    tell_stories(&mut writer, plan, pool, progress);
    writer.finish(precise || (rule.is_none() && all)).map(Some)
}

/// Tells the stories of a bet, if they are wanted. The two worlds of their focal agents are run once more for it, so that a
/// bet without stories does nothing for them. Stories that are stopped are left out.
pub(crate) fn tell_stories(
    writer: &mut BetWriter<'_>,
    plan: &BetPlan,
    pool: &ThreadPool,
    progress: &Progress,
) {
    let tell = |(_, of)| {
        let told = pool.install(|par| story(plan, of, par, progress));
        progress.complete(1);
        told
    };
    let told: Option<Vec<_>> = writer.wanted_stories().into_iter().map(tell).collect();
    told.into_iter().for_each(|told| writer.stories(told));
}

/// Runs a sweep and writes its result to the folder `dir`. Units that are complete are kept even if the process is
/// killed, and `options.resume` continues with them. `None` if the result is complete already, or the sweep was
/// stopped before anything was complete.
///
/// # Errors
/// As [`run_to`], and if the values of a point are not valid together.
///
/// ```
/// use mingle::{Progress, SweepInput, SweepOptions, SweepPlan, ThreadPool};
///
/// let text = "rounds = 8\nreplicates = 2\n[population]\nagents = 60\n\
///             [[factor]]\nname = \"fee\"\nkeys = \"calls.fee\"\nvalues = [0, 0.3]";
/// let plan = SweepPlan::new(mingle::parse_sweep(text, &[])?, Vec::new());
/// let input = SweepInput { plan: &plan, list: None };
/// let dir = std::env::temp_dir().join(format!("mingle-sweep-{}", std::process::id()));
///
/// let (pool, progress) = (ThreadPool::new(1)?, Progress::default());
/// let result = mingle::sweep_to(&dir, input, SweepOptions::default(), &pool, &progress)?;
/// assert_eq!(result.expect("nobody stopped it").points, 2);
/// # std::fs::remove_dir_all(&dir)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn sweep_to(
    dir: &Path,
    input: SweepInput<'_>,
    options: SweepOptions,
    pool: &ThreadPool,
    progress: &Progress,
) -> Result<Option<SweepSummary>, SweepError> {
    let Some(mut writer) = SweepWriter::open(dir, input, options, Part::WHOLE)? else { return Ok(None) };
    let done = run_sweep(input.plan, &mut writer, pool, progress).inspect_err(|_| writer.give_up());
    let whole = done?;
    if !whole && writer.is_empty()? {
        return Ok(None);
    }
    Ok(Some(writer.finish(whole)?))
}

/// Runs all units that are left, stage after stage; a later stage can add points. Returns whether the sweep is
/// complete.
pub(crate) fn run_sweep(
    plan: &SweepPlan,
    writer: &mut SweepWriter<'_>,
    pool: &ThreadPool,
    progress: &Progress,
) -> Result<bool, SweepError> {
    progress.expect(writer.replicates_left()?);
    loop {
        let units = writer.next_units()?;
        if units.is_empty() {
            return Ok(true);
        }
        // Points that refining adds were not expected at first.
        progress.expect_ahead(units.iter().map(|unit| u64::from(unit.n_replicates())).sum());
        store_units(plan, writer, &units, pool, progress)?;
        if progress.is_stopped() {
            return Ok(false);
        }
    }
}

/// Runs these units of a sweep, and stores their results.
pub(crate) fn store_units(
    plan: &SweepPlan,
    writer: &SweepWriter<'_>,
    units: &[Unit],
    pool: &ThreadPool,
    progress: &Progress,
) -> Result<(), SweepError> {
    let mut stored = Ok(());
    let unit = |i: usize| units[i].clone();
    run_units(plan, units.len(), unit, pool, progress, |unit, record| {
        stored = match record {
            Ok(record) => writer.put(&unit, &record).map_err(SweepError::from),
            Err(fault) => Err(SweepError::Point(fault)),
        };
        progress.complete(unit.n_replicates());
        if stored.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    stored
}

/// Why a sweep has no result.
#[derive(Debug)]
#[non_exhaustive]
pub enum SweepError {
    /// The folder cannot be written to, or holds something else.
    Results(ResultsError),
    /// The values of a point are not valid together.
    Point(PointFault),
}

impl From<ResultsError> for SweepError {
    fn from(error: ResultsError) -> Self {
        Self::Results(error)
    }
}

impl fmt::Display for SweepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Results(error) => error.fmt(f),
            Self::Point(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for SweepError {}

#[cfg(test)]
mod interrupted;

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::experiment::run;
    use crate::results::EventLog;

    #[test]
    fn a_log_that_is_stopped_is_left_out_and_the_replicates_are_kept() {
        let scenario = Scenario::parse("rounds = 9\nreplicates = 2\n[population]\nagents = 50", &[]).unwrap();
        let pool = ThreadPool::new(1).unwrap();
        let dir = tempfile::tempdir().unwrap();
        let log = EventLog { replicates: [0, 1], rounds: [2, 8], gzip: false };
        let options = RunOptions { events: Some(log), ..RunOptions::default() };
        let mut writer = RunWriter::create(dir.path(), &scenario, options).unwrap();
        run(&scenario, &pool).iter().for_each(|record| writer.replicate(record).unwrap());
        let progress = Progress::default();
        progress.stop();
        log_events(&mut writer, &scenario, &[0, 1], &pool, &progress).unwrap();
        let summary = writer.finish().unwrap();
        assert_eq!(summary.replicates_done, 2);
        let manifest = fs::read_to_string(dir.path().join("manifest.json")).unwrap();
        assert!(!manifest.contains("events"), "{manifest}");
        let names: Vec<_> =
            fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(!names.iter().any(|name| name.to_string_lossy().contains("events")), "{names:?}");
    }
}
