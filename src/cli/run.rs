//! `mingle run FILE`

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use super::load::{self, ScenarioArgs};
use super::progress::{self, Work};
use super::room::Room;
use super::{Failure, Terminal, outcome};
use crate::chart;
use crate::experiment::run_replicates;
use crate::parallel::Crew;
use crate::results::{RunOptions, RunWriter};

/// Arguments of `mingle run`.
#[derive(Debug, clap::Args)]
pub(super) struct RunArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// Folder for the result [default: output/NAME for the scenario NAME.toml]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Number of threads [default: as many as there are cores]; changes no result
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=4096))]
    threads: Option<u16>,
    /// Write the final state of every agent too
    #[arg(long)]
    agents: bool,
    /// Draw no charts
    #[arg(long)]
    no_charts: bool,
    /// Overwrite an older result
    #[arg(long)]
    force: bool,
}

/// Runs a scenario and writes its result.
pub(super) fn run(args: &RunArgs, terminal: &Terminal) -> Result<(), Failure> {
    let loaded = load::load(&args.scenario)?;
    let scenario = &loaded.scenario;
    let crew = Crew::new(args.threads.unwrap_or(0).into()).map_err(Failure::Failed)?;
    Room::of(scenario, crew.n_threads(), args.agents).check()?;
    let dir = args.out.clone().unwrap_or_else(|| load::default_out(&args.scenario.file, ""));
    let options = RunOptions { force: args.force, agents: args.agents, charts: !args.no_charts };
    let mut writer = RunWriter::create(&dir, scenario, &loaded.provenance, options)?;

    let progress = progress::interruptible(terminal)?;
    let replicates_done = AtomicU32::new(0);
    let work = Work {
        progress: &progress,
        rounds: scenario.rounds,
        replicates: scenario.replicates,
        replicates_done: &replicates_done,
        of: progress::RUN,
    };
    let mut written = Ok(());
    progress::watched(terminal, &work, || {
        run_replicates(scenario, &crew, args.agents, &progress, |record| {
            written = writer.replicate(&record);
            replicates_done.fetch_add(1, Ordering::Relaxed);
            if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })
    });
    written?;
    if writer.replicates_done() == 0 {
        let text = "no replicate was whole yet, so nothing was kept";
        return Err(Failure::Interrupted(text.to_owned()));
    }
    let summary = writer.finish()?;

    let charts = if args.no_charts { Ok(Vec::new()) } else { chart::draw(&dir, &crew) };
    // The tables are whole even where a chart is not: say first what there is.
    outcome::tell(terminal, &summary, charts.as_deref().unwrap_or_default())?;
    if let Err(error) = charts {
        let again = format!("the tables are whole; to draw again use: mingle chart {}", dir.display());
        return Err(Failure::Failed(format!("{error}; {again}")));
    }
    if summary.interrupted {
        let (done, asked) = (summary.replicates_done, summary.replicates);
        return Err(Failure::Interrupted(format!("{done} of {asked} replicates were whole and are kept")));
    }
    Ok(())
}
