//! Runs parts of a result again, from its manifest, into a folder of their own.

use std::ops::ControlFlow;
use std::path::Path;

use super::memory::MemoryEstimate;
use super::progress::{self, Work};
use super::terminal::visible;
use super::{Failure, load, sweep};
use crate::experiment::{
    BetPlan, Progress, SweepPlan, UNIT_REPLICATES, Unit, run_numbered, run_numbered_worlds,
};
use crate::parallel::ThreadPool;
use crate::results::{
    BetOptions, BetWriter, Fault, Part, ReadError, Recorded, RecordedOptions, ResultsError, RunOptions,
    RunWriter, Sample, SweepInput, SweepOptions, SweepWriter, Visited, limit_fix, read_visited,
};
use crate::scenario::Scenario;
use crate::study::{SweepError, log_events, run_sweep, store_units, tell_stories, write_networks};

/// The experiment of a result, read from its manifest.
pub(super) enum Again<'a> {
    /// A run.
    Run(&'a Recorded, Box<Scenario>),
    /// A bet.
    Bet(&'a Recorded, Box<BetPlan>),
    /// A sweep with the points in its tables.
    Sweep(&'a Recorded, Box<SweepPlan>, Vec<Visited>),
}

impl<'a> Again<'a> {
    /// The experiment of the result in `dir`.
    pub(super) fn new(dir: &Path, recorded: &'a Recorded) -> Result<Self, Failure> {
        let scenario = scenario(dir, recorded)?;
        match recorded.command.as_str() {
            "sweep" => {
                let plan = sweep::plan(&scenario, recorded.sweep.list.as_deref())?;
                let (table, count) =
                    if plan.bets() { ("sweep_bet.csv", "worlds") } else { ("sweep.csv", "replicates") };
                let visited = read_visited(dir, table, count, plan.n_points()).map_err(unread)?;
                Ok(Self::Sweep(recorded, Box::new(plan), visited))
            }
            "bet" => Ok(Self::Bet(recorded, Box::new(BetPlan::new(&scenario, recorded.options.decompose)))),
            _ => Ok(Self::Run(recorded, Box::new(scenario))),
        }
    }

    /// The scenario.
    pub(super) fn scenario(&self) -> &Scenario {
        match self {
            Self::Run(_, scenario) => scenario,
            Self::Bet(_, plan) => &plan.rules().scenario,
            Self::Sweep(_, plan, _) => plan.scenario(),
        }
    }

    /// Name of what can be run again by itself.
    pub(super) fn units(&self) -> &'static str {
        match self {
            Self::Run(..) => "replicate",
            Self::Bet(..) => "world",
            Self::Sweep(..) => "point",
        }
    }

    /// Name of what the seeds in the manifest are of.
    pub(super) fn seeds_of(&self) -> &'static str {
        match self {
            Self::Bet(..) => "world",
            Self::Run(..) | Self::Sweep(..) => "replicate",
        }
    }

    /// Evenly spread units of the result; all without a number.
    pub(super) fn sample(&self, wanted: Option<u32>) -> Sample {
        let numbers: Vec<u32> = match self {
            Self::Run(recorded, _) | Self::Bet(recorded, _) => {
                (0..).take(recorded.replicate_seeds.len()).collect()
            }
            Self::Sweep(_, _, visited) => visited.iter().map(|visited| visited.point).collect(),
        };
        let n = numbers.len();
        let end = numbers.last().map_or(0, |last| last.saturating_add(1));
        let chosen = evenly(&numbers, wanted.map_or(n, |wanted| wanted as usize));
        let all = chosen.len() == n;
        Sample { numbers: chosen, end, all, renumbered: !matches!(self, Self::Sweep(..)) }
    }

    /// Refuses what does not fit in memory.
    pub(super) fn check_memory(&self, sample: &Sample, pool: &ThreadPool) -> Result<(), Failure> {
        let estimate = match self {
            Self::Run(recorded, scenario) => {
                let few = scenario.with_replicates(count(&sample.numbers));
                MemoryEstimate::of(&few, pool.n_threads(), recorded.options.agents)
            }
            Self::Bet(recorded, plan) => {
                let story = recorded.options.story.is_some();
                MemoryEstimate::of_bet(plan, pool.n_threads()).with_story(story, plan)
            }
            Self::Sweep(_, plan, _) => MemoryEstimate::of_sweep(plan, pool),
        };
        estimate.check()
    }

    /// The work, for the display of progress.
    pub(super) fn work<'p>(&self, progress: &'p Progress) -> Work<'p> {
        match self {
            Self::Run(_, scenario) => Work { progress, rounds: scenario.rounds, of: progress::RUN },
            Self::Bet(_, plan) => Work { progress, rounds: plan.bet().focals, of: progress::BET },
            Self::Sweep(_, plan, _) => sweep::work(plan, plan.scenario(), progress),
        }
    }

    /// Runs the sample and writes its tables to `dir`, as the command itself does.
    pub(super) fn run(
        &self,
        dir: &Path,
        sample: &Sample,
        pool: &ThreadPool,
        progress: &Progress,
    ) -> Result<(), Failure> {
        match self {
            Self::Run(recorded, scenario) => {
                let RecordedOptions { agents, events, network, .. } = recorded.options.clone();
                // Networks are those of replicate 0.
                let network = if sample.numbers.first() == Some(&0) { network } else { Vec::new() };
                let options = RunOptions { agents, events, network, ..RunOptions::default() };
                run(dir, scenario, options, &sample.numbers, pool, progress).map_err(unwritten)
            }
            Self::Bet(recorded, plan) => {
                // Which focal agents have a story depends on all worlds.
                let story = recorded.options.story.filter(|_| sample.all);
                let options = BetOptions { worlds: count(&sample.numbers), story, ..BetOptions::default() };
                bet(dir, plan, options, &sample.numbers, pool, progress).map_err(unwritten)
            }
            Self::Sweep(recorded, plan, visited) => {
                let input = SweepInput { plan, list: recorded.sweep.list.as_deref() };
                let done = if recorded.interrupted {
                    let has = |visited: &&Visited| sample.numbers.binary_search(&visited.point).is_ok();
                    let chosen: Vec<Visited> = visited.iter().filter(has).copied().collect();
                    interrupted_sweep(dir, input, &chosen, pool, progress)
                } else {
                    whole_sweep(dir, input, sample, pool, progress)
                };
                done.map_err(|error| match error {
                    SweepError::Results(error) => unwritten(error),
                    SweepError::Point(fault) => sweep::fault_of(plan, fault),
                })
            }
        }
    }
}

/// The scenario in a manifest.
pub(super) fn scenario(dir: &Path, recorded: &Recorded) -> Result<Scenario, Failure> {
    let manifest = dir.join("manifest.json");
    let name = visible(&format!("{} in {}", recorded.scenario_file, manifest.display()));
    load::recorded(&name, recorded).map_err(|faults| {
        let text = format!(
            "{}: this version cannot read the scenario in it; use mingle {} (source {}), which wrote it",
            manifest.display(),
            recorded.version,
            recorded.revision
        );
        Failure::Point(text, Box::new(faults))
    })
}

/// So many of the numbers, evenly spread, with the first and the last.
fn evenly(numbers: &[u32], wanted: usize) -> Vec<u32> {
    let n = numbers.len();
    match wanted {
        _ if wanted >= n => numbers.to_vec(),
        0 | 1 => numbers[..1].to_vec(),
        _ => (0..wanted).map(|i| numbers[i * (n - 1) / (wanted - 1)]).collect(),
    }
}

fn count(numbers: &[u32]) -> u32 {
    u32::try_from(numbers.len()).expect("replicates are numbered in 32 bits")
}

fn run(
    dir: &Path,
    scenario: &Scenario,
    options: RunOptions,
    numbers: &[u32],
    pool: &ThreadPool,
    progress: &Progress,
) -> Result<(), ResultsError> {
    let keep_agents = options.agents;
    let mut writer = RunWriter::create(dir, scenario, options)?;
    progress.expect(numbers.len() as u64);
    let mut written = Ok(());
    run_numbered(scenario, numbers, pool, keep_agents, progress, |mut record| {
        record.replicate = writer.replicates_done();
        written = writer.replicate(&record);
        progress.complete(1);
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    written?;
    log_events(&mut writer, scenario, numbers, pool, progress)?;
    write_networks(&mut writer, scenario, pool, progress)?;
    if !progress.is_stopped() {
        writer.finish()?;
    }
    Ok(())
}

fn bet(
    dir: &Path,
    plan: &BetPlan,
    options: BetOptions,
    numbers: &[u32],
    pool: &ThreadPool,
    progress: &Progress,
) -> Result<(), ResultsError> {
    let mut writer = BetWriter::create(dir, plan, options)?;
    progress.expect(numbers.len() as u64);
    let mut written = Ok(());
    run_numbered_worlds(plan, numbers, pool, progress, |mut record| {
        record.world = writer.worlds_done();
        written = writer.world(&record);
        progress.complete(1);
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    written?;
    tell_stories(&mut writer, plan, pool, progress);
    if !progress.is_stopped() {
        writer.finish(true)?;
    }
    Ok(())
}

/// Runs the points of the sample with as many replicates as the scenario asks for; if these are all points, the whole
/// sweep.
fn whole_sweep(
    dir: &Path,
    input: SweepInput<'_>,
    sample: &Sample,
    pool: &ThreadPool,
    progress: &Progress,
) -> Result<(), SweepError> {
    let writer = open(dir, input)?;
    let mut writer = if sample.all {
        writer
    } else {
        writer.only(sample.numbers.iter().map(|&number| number.into()).collect())
    };
    if run_sweep(input.plan, &mut writer, pool, progress)? {
        writer.finish(sample.all)?;
    }
    Ok(())
}

/// Runs these points with as many replicates as they have in the tables.
fn interrupted_sweep(
    dir: &Path,
    input: SweepInput<'_>,
    visited: &[Visited],
    pool: &ThreadPool,
    progress: &Progress,
) -> Result<(), SweepError> {
    let mut units = Vec::new();
    for &Visited { point, replicates } in visited {
        let end = replicates.min(input.plan.replicates_max());
        let starts = (0..end).step_by(UNIT_REPLICATES as usize);
        let unit = |start: u32| start..start.saturating_add(UNIT_REPLICATES).min(end);
        units.extend(starts.map(|start| Unit { point: point.into(), replicates: unit(start) }));
    }
    let writer = open(dir, input)?.only(visited.iter().map(|visited| visited.point.into()).collect());
    progress.expect(units.iter().map(|unit| u64::from(unit.n_replicates())).sum());
    store_units(input.plan, &writer, &units, pool, progress)?;
    if !progress.is_stopped() {
        writer.finish(false)?;
    }
    Ok(())
}

fn open<'a>(dir: &Path, input: SweepInput<'a>) -> Result<SweepWriter<'a>, ResultsError> {
    let writer = SweepWriter::open(dir, input, SweepOptions::default(), Part::WHOLE)?;
    Ok(writer.expect("a new folder has no result"))
}

pub(super) fn unread(error: ReadError) -> Failure {
    Failure::Failed(error.to_string())
}

/// The failure of writing temporary files.
fn unwritten(error: ResultsError) -> Failure {
    match &error.fault {
        Fault::Io(fault) => temporary(&error.path, fault),
        _ => error.into(),
    }
}

/// The failure of writing a temporary file.
pub(super) fn temporary(path: &Path, fault: &std::io::Error) -> Failure {
    let space = "name a folder with more space in the environment variable TMPDIR (TEMP on Windows)";
    let fix = limit_fix(fault).unwrap_or(space);
    Failure::Failed(format!("cannot write the temporary file {}: {fault}; {fix}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_spread_evenly_and_has_no_number_twice() {
        let numbers: Vec<u32> = (0..20).collect();
        assert_eq!(evenly(&numbers, 3), [0, 9, 19]);
        assert_eq!(evenly(&numbers, 1), [0]);
        assert_eq!(evenly(&numbers, 2), [0, 19]);
        for wanted in 1..=25 {
            let mut chosen = evenly(&numbers, wanted);
            let n = chosen.len();
            chosen.dedup();
            assert_eq!((chosen.len(), n), (wanted.min(20), wanted.min(20)));
        }
    }
}
