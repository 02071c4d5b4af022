//! `mingle run FILE`

use std::path::Path;

use super::events::{self, EventArgs};
use super::load::{self, ResultArgs, ScenarioArgs, UntilArgs};
use super::made::Wanted;
use super::memory::MemoryEstimate;
use super::progress::{self, Work};
use super::{Failure, Terminal, burn_in, chart, outcome};
use crate::parallel::ThreadPool;
use crate::results::RunOptions;
use crate::scenario::{Scenario, Until};
use crate::study::run_to;

/// Arguments of `mingle run`.
#[derive(Debug, clap::Args)]
pub(super) struct RunArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    #[command(flatten)]
    result: ResultArgs,
    #[command(flatten)]
    until: UntilArgs,
    /// Write the final state of every agent too
    #[arg(long)]
    agents: bool,
    #[command(flatten)]
    events: EventArgs,
    /// Write who knows whom at the ends of these rounds of replicate 0, as CSV, GraphML and GEXF
    #[arg(long, value_name = "ROUND,...", value_delimiter = ',')]
    network: Vec<u32>,
}

/// Runs a scenario and writes its result.
pub(super) fn run(args: &RunArgs, terminal: &Terminal) -> Result<(), Failure> {
    let scenario = load::load_run(&args.scenario, &args.until)?;
    let wanted = args.result.wanted()?;
    let pool = args.result.pool()?;
    let scenario = burn_in::settled(scenario, &args.scenario.file, &pool, terminal)?;
    let dir = args.result.dir(&args.scenario.file, "");
    let options = RunOptions {
        force: args.result.force,
        agents: args.agents,
        charts: wanted.charts,
        events: args.events.log(&scenario)?,
        network: events::rounds(&args.network, &scenario)?,
    };
    write(&scenario, &dir, &options, wanted, &pool, terminal)
}

/// Runs what was loaded and writes its result to `dir`.
pub(super) fn write(
    scenario: &Scenario,
    dir: &Path,
    options: &RunOptions,
    wanted: Wanted,
    pool: &ThreadPool,
    terminal: &Terminal,
) -> Result<(), Failure> {
    MemoryEstimate::of(scenario, pool.n_threads(), options.agents)
        .with_log(options.events, scenario)
        .with_networks(options.network.len() as u64, scenario)
        .with_made(wanted, scenario, pool.n_threads())
        .check()?;
    let progress = progress::interruptible(terminal)?;
    let work = Work { progress: &progress, rounds: scenario.rounds, of: progress::RUN };
    let run = || run_to(dir, scenario, options.clone(), pool, &progress);
    let Some(summary) = progress::watched(terminal, &work, run)? else {
        let text = "no replicate was complete yet, so nothing was kept";
        return Err(Failure::Interrupted(text.to_owned()));
    };
    let (made, drawn) = chart::of_result(dir, wanted, pool, terminal);
    outcome::report(terminal, &summary, &made);
    drawn?;
    if summary.interrupted {
        let (done, asked) = (summary.replicates_done, summary.replicates);
        let up_to = if scenario.until == Until::Fixed { "" } else { "up to " };
        return Err(Failure::Interrupted(format!(
            "{done} of {up_to}{asked} replicates were whole and are kept"
        )));
    }
    match options.events {
        Some(log) if summary.files.iter().all(|file| file.path != log.file()) => {
            let text = format!("all replicates are kept; {} was not complete and is left out", log.file());
            Err(Failure::Interrupted(text))
        }
        _ => Ok(()),
    }
}
