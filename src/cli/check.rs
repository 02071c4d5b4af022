//! `mingle check FILE`

// The trial is timed; its time is never written to a result.
#![allow(clippy::disallowed_methods)]

use std::ops::ControlFlow;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::load::{self, ScenarioArgs};
use super::made::Wanted;
use super::memory::{self, MemoryEstimate};
use super::{Failure, Terminal, copies, progress, sweep};
use crate::experiment::{PILOT_REPLICATES, Progress, SweepPlan, replicates_max, run_replicates};
use crate::parallel::ThreadPool;
use crate::results::EventLog;
use crate::scenario::{
    Diagnostics, ReputationKind, Scenario, ScheduledChange, SweepDesign, SweepRules, Until,
};

/// Arguments of `mingle check`.
#[derive(Debug, clap::Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// Number of threads of the run [default: as many as there are cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=4096))]
    threads: Option<u16>,
    /// Count the memory for the final state of every agent, as for run --agents
    #[arg(long)]
    agents: bool,
}

/// Reports every fault of a scenario, or the size and cost of a run.
pub(super) fn check(args: &CheckArgs, terminal: &Terminal) -> Result<(), Failure> {
    let pool = ThreadPool::new(args.threads.unwrap_or(0).into()).map_err(Failure::Failed)?;
    let loaded = load::load(&args.scenario).and_then(|scenario| {
        let splits = |sweep: &SweepRules| sweep.design == SweepDesign::FactorialTraits;
        let sweep = !scenario.factors.is_empty() || scenario.sweep.as_ref().is_some_and(splits);
        let sweep = sweep.then(|| sweep::load(&args.scenario, &pool)).transpose()?;
        Ok((scenario, sweep))
    });
    let (scenario, sweep) = match loaded {
        Err(failure) if terminal.json => {
            terminal.json(&json!({ "faults": faults(&failure).ok_or(failure)? }));
            return Err(Failure::Reported);
        }
        loaded => loaded?,
    };
    // The run may be meant for another machine, with more cores than this one.
    let n_threads = args.threads.map_or(pool.n_threads(), usize::from);
    let memory = MemoryEstimate::of(&scenario, n_threads, args.agents).with_made(
        Wanted::charts(true),
        &scenario,
        n_threads,
    );
    let estimates = Estimates::of(&scenario, sweep.as_ref(), memory, &pool, n_threads);
    let seconds = if memory.fits() { estimate_seconds(&scenario, n_threads) } else { None };
    if terminal.json {
        terminal.json(&json!({
            "faults": [],
            "title": scenario.title,
            "agents": scenario.population.agents,
            "rounds": scenario.rounds,
            "burn_in": (!scenario.auto_burn_in).then_some(scenario.burn_in),
            "pilot_replicates": pilot_replicates(&scenario),
            "replicates": scenario.replicates,
            "replicates_max": replicates_max(&scenario),
            "level": scenario.level,
            "inputs": inputs(&scenario),
            "threads": n_threads,
            "memory_bytes": memory.needed,
            "memory_available_bytes": memory.available,
            "memory_events_bytes": estimates.events.needed,
            "memory_network_bytes": estimates.network.needed,
            "memory_parquet_bytes": estimates.parquet.map(|run| run.needed),
            "memory_bet_bytes": estimates.bet.map(|[bet, _]| bet.needed),
            "memory_story_bytes": estimates.bet.map(|[_, story]| story.needed),
            "memory_sweep_bytes": estimates.sweep.map(|sweep| sweep.needed),
            "seconds": seconds,
            "sweep_points": sweep.as_ref().map(SweepPlan::n_points),
        }));
        return Ok(());
    }
    terminal.text(&format!(
        "no faults\n{}{}{}{}{}{}",
        describe(&scenario),
        describe_inputs(&scenario),
        describe_memory(memory, n_threads),
        estimates.in_words(),
        seconds.map_or_else(String::new, |s| describe_time(&scenario, s, n_threads)),
        sweep.map_or_else(String::new, |plan| describe_sweep(&plan, seconds))
    ));
    Ok(())
}

/// The time of a run; `seconds` is that of its first batch.
fn describe_time(scenario: &Scenario, seconds: f64, n_threads: usize) -> String {
    let most = seconds * f64::from(replicates_max(scenario)) / f64::from(scenario.replicates);
    let most = match scenario.until {
        Until::Fixed => String::new(),
        Until::Precise | Until::Decided => format!(" to {}", progress::in_words(most)),
    };
    let (least, threads) = (progress::in_words(seconds), threads(n_threads));
    format!("  time: roughly {least}{most} on {threads}, by a short trial\n")
}

/// The number of replicates of a run.
fn describe_replicates(scenario: &Scenario) -> String {
    let (first, most) = (scenario.replicates, replicates_max(scenario));
    let until = match scenario.until {
        Until::Fixed => return format!("{first} replicates"),
        Until::Precise => {
            format!("the intervals of all differences in net benefit are within {}", scenario.precision)
        }
        Until::Decided => "all differences in net benefit are clear".to_owned(),
    };
    format!("{first} to {most} replicates until {until}")
}

/// The size of a sweep over the scenario's factors; `seconds` is the time of the scenario's replicates at one point.
fn describe_sweep(plan: &SweepPlan, seconds: Option<f64>) -> String {
    let up_to = if plan.lattice().is_some() || plan.looks() > 1 { "up to " } else { "" };
    let (points, replicates) = (plan.n_points(), plan.replicates_max());
    let what = if plan.bets() { "worlds" } else { "replicates" };
    // Worlds of a bet are not replicates, so their time is not known.
    let time = seconds.filter(|_| !plan.bets()).map(|seconds| {
        let one = seconds / f64::from(plan.scenario().replicates);
        format!(", {up_to}{}", progress::in_words(one * f64::from(replicates) * points as f64))
    });
    format!(
        "  as a sweep: {up_to}{points} points of {up_to}{replicates} {what}{}\n",
        time.unwrap_or_default()
    )
}

/// The faults as JSON, if the failure is one of the scenario or the arguments. Faults at a point of a sweep name the
/// point.
fn faults(failure: &Failure) -> Option<Vec<Value>> {
    let all = |diagnostics: &Diagnostics| -> Vec<Value> {
        let one = |fault| {
            let (file, line, column) = match diagnostics.place(fault) {
                Some((file, line, column)) => (Some(file), Some(line), Some(column)),
                None => (None, None, None),
            };
            let (message, help) = (fault.message(), fault.help());
            json!({ "message": message, "help": help, "file": file, "line": line, "column": column })
        };
        diagnostics.faults().iter().map(one).collect()
    };
    match failure {
        Failure::Scenario(diagnostics) => Some(all(diagnostics)),
        Failure::Point(point, diagnostics) => {
            let mut faults = all(diagnostics);
            faults.iter_mut().for_each(|fault| fault["point"] = point.as_str().into());
            Some(faults)
        }
        Failure::Usage(text) => {
            Some(vec![json!({ "message": text, "help": null, "file": null, "line": null, "column": null })])
        }
        _ => None,
    }
}

/// The files that the scenario names, for programs.
fn inputs(scenario: &Scenario) -> Vec<Value> {
    let files = scenario.provenance().files.iter();
    files.map(|file| json!({ "key": file.key, "file": file.name, "about": file.about })).collect()
}

/// The files that the scenario names, and what was read from them.
fn describe_inputs(scenario: &Scenario) -> String {
    let files = scenario.provenance().files.iter();
    let mut text: String = files.map(|file| format!("  {}: {}\n", file.name, file.about)).collect();
    let ties = scenario.community().ties.as_ref();
    if let Some(ties) = ties.filter(|ties| ties.len() > 0 && !ties.have_trust()) {
        let (n, trust) = (ties.len(), scenario.population.start_trust);
        text +=
            &format!("  the {n} ties begin with a trust of {trust} (start_trust); start_ties is not used\n");
    } else if ties.is_some() {
        text += "  start_ties and start_trust are not used\n";
    }
    text
}

/// A summary of the scenario in a few lines.
fn describe(scenario: &Scenario) -> String {
    let percent = |share: f64| format!("{:.0}%", share * 100.0);
    let strategies: Vec<_> =
        scenario.strategies.iter().map(|s| format!("{} {}", s.name, percent(s.share))).collect();
    let regions: Vec<_> =
        scenario.regions.iter().map(|r| format!("{} {}", r.name, percent(r.share))).collect();
    let mut rules = vec![match scenario.reputation.kind {
        ReputationKind::Private => "private reputation",
        ReputationKind::Public => "public reputation",
    }];
    let burn_in = match pilot_replicates(scenario) {
        0 => format!("a burn-in of {}", scenario.burn_in),
        n => format!("the burn-in that {n} pilot replicates propose"),
    };
    rules.extend(scenario.survival.is_some().then_some("survival"));
    rules.extend(scenario.evolution.is_some().then_some("evolution"));
    let changes = scenario.scheduled.iter().map(|ScheduledChange { round, key, value, .. }| {
        format!("  change: {key} = {value} from round {round} on\n")
    });
    format!(
        "{}\n  {} agents, {} rounds with {burn_in}, {}, seed {}\n  \
         strategies: {}\n  regions: {}\n  {}\n{}",
        scenario.title,
        scenario.population.agents,
        scenario.rounds,
        describe_replicates(scenario),
        scenario.seed,
        strategies.join(", "),
        regions.join(", "),
        rules.join(", "),
        changes.collect::<String>(),
    )
}

fn describe_memory(memory: MemoryEstimate, n_threads: usize) -> String {
    let verdict = match memory.available {
        None => String::new(),
        Some(available) if memory.fits() => format!(" ({} are free)", memory::in_words(available)),
        Some(available) => format!(": more than the {} that are free", memory::in_words(available)),
    };
    format!(
        "  memory: about {} on {}, charts included{verdict}\n",
        memory::in_words(memory.needed),
        threads(n_threads)
    )
}

/// The memory of what else can be done with a scenario, charts included.
struct Estimates {
    /// A run with a log of events.
    events: MemoryEstimate,
    /// A run with the network of a round.
    network: MemoryEstimate,
    /// A run with copies of its tables, if this build can write them.
    parquet: Option<MemoryEstimate>,
    /// The bet and the bet with its stories, if the scenario has a bet.
    bet: Option<[MemoryEstimate; 2]>,
    /// The sweep, if the scenario has factors.
    sweep: Option<MemoryEstimate>,
}

impl Estimates {
    /// `run` is the estimate for the run itself.
    fn of(
        scenario: &Scenario,
        sweep: Option<&SweepPlan>,
        run: MemoryEstimate,
        pool: &ThreadPool,
        n_threads: usize,
    ) -> Self {
        let log = EventLog { replicates: [0, 0], rounds: [0, scenario.rounds - 1], gzip: false };
        // The charts are in the estimate for the run.
        let parquet = Wanted { charts: false, parquet: true };
        let charts = |estimate: MemoryEstimate| estimate.with_made(Wanted::charts(true), scenario, n_threads);
        let bets = |_| {
            let plan = memory::bet_of(scenario);
            let bet = MemoryEstimate::of_bet(&plan, n_threads);
            [charts(bet), charts(bet.with_story(true, &plan))]
        };
        Self {
            events: run.with_log(Some(log), scenario),
            network: run.with_networks(1, scenario),
            parquet: copies::check().is_ok().then(|| run.with_made(parquet, scenario, n_threads)),
            bet: scenario.bet.as_ref().map(bets),
            sweep: sweep.map(|plan| charts(MemoryEstimate::of_sweep(plan, pool))),
        }
    }

    fn in_words(&self) -> String {
        let words = |estimate: MemoryEstimate| memory::in_words(estimate.needed);
        let parquet = self.parquet.map(|run| format!(", with --format parquet {}", words(run)));
        let bet = self
            .bet
            .map(|[bet, story]| format!("; of the bet {}, with --story {}", words(bet), words(story)));
        let sweep = self.sweep.map(|sweep| format!("; of the sweep {}", words(sweep)));
        format!(
            "  memory with --events {}, with the --network of a round {}{}{}{}\n",
            words(self.events),
            words(self.network),
            parquet.unwrap_or_default(),
            bet.unwrap_or_default(),
            sweep.unwrap_or_default()
        )
    }
}

fn threads(n: usize) -> String {
    if n == 1 { "1 thread".to_owned() } else { format!("{n} threads") }
}

/// Number of replicates that are run to find burn-in.
fn pilot_replicates(scenario: &Scenario) -> u32 {
    if scenario.auto_burn_in { PILOT_REPLICATES } else { 0 }
}

/// The estimated time of a run, from a short trial of the same world on one thread. A large world is tried with fewer
/// agents.
fn estimate_seconds(scenario: &Scenario, n_threads: usize) -> Option<f64> {
    /// A larger world is tried in part: time grows in proportion.
    const TRIAL_AGENTS: u32 = 100_000;
    const TRIAL_TIME: Duration = Duration::from_millis(700);
    let agents = scenario.population.agents.min(TRIAL_AGENTS);
    // People of files are as many as there are.
    let given = !scenario.provenance().files.is_empty();
    let agents = if given { scenario.population.agents } else { agents };
    let agents_change = format!("population.agents={agents}");
    let trial = scenario.with(&[&agents_change, "replicates=1", "burn_in=0"]).ok()?;
    let pool = ThreadPool::new(1).ok()?;
    let progress = Progress::default();
    let start = Instant::now();
    let mut whole = false;
    thread::scope(|scope| {
        let run = || run_replicates(&trial, &pool, false, &progress, |_| ControlFlow::Continue(()));
        let Ok(work) = thread::Builder::new().spawn_scoped(scope, run) else { return };
        // At least one round, however long it takes.
        while !work.is_finished() {
            if start.elapsed() > TRIAL_TIME && progress.rounds_done() > 0 {
                progress.stop();
            }
            thread::sleep(Duration::from_millis(2));
        }
        whole = work.join().is_ok();
    });
    let rounds = progress.rounds_done();
    if !whole || rounds == 0 {
        return None;
    }
    let per_round = start.elapsed().as_secs_f64() / rounds as f64;
    let scale = f64::from(scenario.population.agents) / f64::from(agents);
    let replicates = f64::from(scenario.replicates + pilot_replicates(scenario));
    Some(per_round * scale * f64::from(scenario.rounds) * replicates / n_threads as f64)
}
