//! `mingle bet FILE`

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use super::load::{self, ResultArgs, ScenarioArgs};
use super::memory::MemoryEstimate;
use super::progress::{self, Work};
use super::{Failure, Terminal, bet_outcome, chart};
use crate::experiment::{BetPlan, Progress, run_bet};
use crate::parallel::ThreadPool;
use crate::results::{BetOptions, BetWriter, Provenance};
use crate::stats::Precision;

/// Arguments of `mingle bet`.
#[derive(Debug, clap::Args)]
pub(super) struct BetArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    #[command(flatten)]
    result: ResultArgs,
    /// Split the difference over the traits in which the two strategies differ
    #[arg(long)]
    decompose: bool,
    /// Add worlds until the half-width of the 95% interval at the last horizon is at most X
    #[arg(long, value_name = "X", value_parser = positive)]
    precision: Option<f64>,
    /// With --precision: add no more worlds than this in all
    #[arg(long, value_name = "N", default_value_t = 1000, requires = "precision",
          value_parser = clap::value_parser!(u32).range(10..=1_000_000))]
    max_worlds: u32,
}

/// A number above zero.
fn positive(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|x| *x > 0.0 && x.is_finite());
    number.ok_or_else(|| "it must be a number above 0, in units of benefit, such as 0.2".to_owned())
}

/// Runs a scenario's bet and writes its result.
pub(super) fn bet(args: &BetArgs, terminal: &Terminal) -> Result<(), Failure> {
    let loaded = load::load_bet(&args.scenario)?;
    let pool = args.result.pool()?;
    let plan = BetPlan::new(&loaded.scenario, args.decompose);
    let dir = args.result.dir(&args.scenario.file, "-bet");
    let worlds = if args.precision.is_some() { args.max_worlds } else { plan.bet().worlds };
    let options = BetOptions {
        force: args.result.force,
        charts: !args.result.no_charts,
        precision: args.precision,
        worlds,
    };
    write(&plan, &loaded.provenance, &dir, options, &pool, terminal)
}

/// Runs a bet and writes its result to `dir`.
pub(super) fn write(
    plan: &BetPlan,
    provenance: &Provenance,
    dir: &Path,
    options: BetOptions,
    pool: &ThreadPool,
    terminal: &Terminal,
) -> Result<(), Failure> {
    MemoryEstimate::of_bet(plan, pool.n_threads()).check()?;
    let mut writer = BetWriter::create(dir, plan, provenance, options)?;
    let enough = run_worlds(plan, &mut writer, options, pool, terminal)?;
    if writer.worlds_done() == 0 {
        let text = "no world was whole yet, so nothing was kept";
        return Err(Failure::Interrupted(text.to_owned()));
    }
    let summary = writer.finish(enough)?;

    let (charts, drawn) = chart::of_result(dir, options.charts, pool, terminal);
    bet_outcome::report(terminal, &summary, &charts)?;
    drawn?;
    if summary.interrupted {
        let up_to = if options.precision.is_some() { "up to " } else { "" };
        let asked = format!("{up_to}{}", options.worlds);
        let text = format!("{} of {asked} worlds were whole and are kept", summary.worlds_done);
        return Err(Failure::Interrupted(text));
    }
    Ok(())
}

/// Runs all worlds, or as many as the precision needs. Returns whether the precision is reached, or without a
/// precision whether all worlds are complete.
fn run_worlds(
    plan: &BetPlan,
    writer: &mut BetWriter<'_>,
    options: BetOptions,
    pool: &ThreadPool,
    terminal: &Terminal,
) -> Result<bool, Failure> {
    let progress = progress::interruptible(terminal)?;
    let worlds_done = AtomicU32::new(0);
    let work = Work {
        progress: &progress,
        rounds: plan.bet().focals,
        replicates: &AtomicU32::new(options.worlds),
        replicates_done: &worlds_done,
        of: progress::BET,
    };
    let rule = options.precision.map(|half_width| Precision { half_width });
    let mut written = Ok(());
    let mut precise = false;
    progress::watched(terminal, &work, || {
        run_bet(plan, 0..options.worlds, pool, &progress, |record| {
            written = writer.world(&record);
            worlds_done.fetch_add(1, Ordering::Relaxed);
            precise = rule.is_some_and(|rule| rule.reached(&writer.outcomes().last()));
            if written.is_ok() && !precise { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })
    });
    written?;
    let stopped = |progress: &Progress| progress.stop.load(Ordering::Relaxed);
    Ok(precise || (rule.is_none() && (writer.worlds_done() == options.worlds || !stopped(&progress))))
}
