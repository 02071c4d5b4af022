//! `mingle bet FILE`

use std::path::Path;

use super::load::{self, ResultArgs, ScenarioArgs};
use super::made::Wanted;
use super::memory::MemoryEstimate;
use super::progress::{self, Work};
use super::{Failure, Terminal, bet_outcome, burn_in, chart};
use crate::experiment::{BetPlan, Progress, focals_of};
use crate::parallel::ThreadPool;
use crate::results::{BetOptions, StoryOf};
use crate::study::bet_to;

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
    /// Add worlds until the half-width of the interval at the last horizon is at most X
    #[arg(long, value_name = "X", value_parser = positive)]
    precision: Option<f64>,
    /// With --precision: add no more worlds than this in all
    #[arg(long, value_name = "N", default_value_t = 1000, requires = "precision",
          value_parser = clap::value_parser!(u32).range(10..=1_000_000))]
    max_worlds: u32,
    /// Tell how the evening becomes money for one focal agent: typical, luckiest, both, or AGENT or WORLD:AGENT as in
    /// bet.csv [default with --story: both]
    #[arg(long, value_name = "WHO", num_args = 0..=1, default_missing_value = "both")]
    story: Option<StoryOf>,
}

/// A number above zero.
fn positive(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|x| *x > 0.0 && x.is_finite());
    number.ok_or_else(|| "it must be a number above 0, in units of benefit, such as 0.2".to_owned())
}

/// Runs a scenario's bet and writes its result.
pub(super) fn bet(args: &BetArgs, terminal: &Terminal) -> Result<(), Failure> {
    let scenario = load::load_bet(&args.scenario)?;
    let wanted = args.result.wanted()?;
    let pool = args.result.pool()?;
    let scenario = burn_in::settled(scenario, &args.scenario.file, &pool, terminal)?;
    let plan = BetPlan::new(&scenario, args.decompose);
    let dir = args.result.dir(&args.scenario.file, "-bet");
    let worlds = if args.precision.is_some() { args.max_worlds } else { plan.bet().worlds };
    let options = BetOptions {
        force: args.result.force,
        charts: wanted.charts,
        precision: args.precision,
        worlds,
        story: args.story,
    };
    if let Some(StoryOf::Agent { world, focal }) = args.story {
        MemoryEstimate::of_bet(&plan, pool.n_threads()).check()?;
        check_focal(&plan, worlds, (world, focal), &pool, terminal)?;
    }
    write(&plan, &dir, options, wanted, &pool, terminal)
}

/// Refuses a story of somebody who is no focal agent, before the bet is run.
fn check_focal(
    plan: &BetPlan,
    worlds: u32,
    (world, focal): (u32, u32),
    pool: &ThreadPool,
    terminal: &Terminal,
) -> Result<(), Failure> {
    /// Longer lists are cut.
    const LISTED_MAX: usize = 20;
    if world >= worlds {
        let last = worlds - 1;
        return Err(Failure::Usage(format!(
            "`--story {world}:{focal}`: the bet has {worlds} worlds, numbered 0 to {last}; name one of them"
        )));
    }
    // Ctrl-C ends the process here, because there is no result yet that could be lost.
    let progress = Progress::default();
    progress.expect(1);
    let work = Work { progress: &progress, rounds: plan.event_round(), of: progress::RUN };
    let find = || pool.install(|par| focals_of(plan, world, par, &progress));
    let mut focals = progress::watched(terminal, &work, find).expect("nobody stops it");
    if focals.contains(&focal) {
        return Ok(());
    }
    focals.sort_unstable();
    let more = if focals.len() > LISTED_MAX {
        format!(" and {} more", focals.len() - LISTED_MAX)
    } else {
        String::new()
    };
    let some: Vec<String> = focals.iter().take(LISTED_MAX).map(u32::to_string).collect();
    Err(Failure::Usage(format!(
        "`--story {world}:{focal}`: agent {focal} is no focal agent of world {world}; take one of {}{more}, or leave the \
         number out",
        some.join(", ")
    )))
}

/// Runs a bet and writes its result to `dir`.
pub(super) fn write(
    plan: &BetPlan,
    dir: &Path,
    options: BetOptions,
    wanted: Wanted,
    pool: &ThreadPool,
    terminal: &Terminal,
) -> Result<(), Failure> {
    MemoryEstimate::of_bet(plan, pool.n_threads())
        .with_story(options.story.is_some(), plan)
        .with_made(wanted, &plan.rules().scenario, pool.n_threads())
        .check()?;
    let progress = progress::interruptible(terminal)?;
    let work = Work { progress: &progress, rounds: plan.bet().focals, of: progress::BET };
    let bet = || bet_to(dir, plan, options, pool, &progress);
    let Some(summary) = progress::watched(terminal, &work, bet)? else {
        let text = "no world was complete yet, so nothing was kept";
        return Err(Failure::Interrupted(text.to_owned()));
    };
    let (made, drawn) = chart::of_result(dir, wanted, pool, terminal);
    bet_outcome::report(terminal, &summary, &made);
    drawn?;
    if summary.interrupted {
        let up_to = if options.precision.is_some() { "up to " } else { "" };
        let asked = format!("{up_to}{}", options.worlds);
        let text = format!("{} of {asked} worlds were whole and are kept", summary.worlds_done);
        return Err(Failure::Interrupted(text));
    }
    match options.story {
        Some(of) if summary.story.is_empty() => Err(without_story(of, summary.worlds_done)),
        _ => Ok(()),
    }
}

/// Why a bet that is whole has no story.
fn without_story(of: StoryOf, worlds: u32) -> Failure {
    match of {
        StoryOf::Agent { world, .. } if world >= worlds => Failure::Failed(format!(
            "`--story {of}`: the precision was reached after {worlds} worlds, which are kept, before world {world}; name one \
             of 0 to {}",
            worlds - 1
        )),
        _ => {
            Failure::Interrupted("all worlds are kept; the story was not complete and is left out".to_owned())
        }
    }
}
