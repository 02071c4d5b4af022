//! `mingle` answers one question: when does serving others at networking events pay more
//! than working the room for oneself?
//!
//! The library does what the program does: it parses scenarios, simulates them round by round, runs them and their
//! bets and sweeps, and draws charts, in memory or to result folders.
//!
//! ```
//! use mingle::records::M;
//! use mingle::{Scenario, ThreadPool};
//!
//! let scenario = Scenario::parse("rounds = 26\nreplicates = 2\n[population]\nagents = 100", &[])?;
//! for replicate in mingle::run(&scenario, &ThreadPool::new(0)?) {
//!     let last = replicate.rounds.last().expect("a run has rounds");
//!     println!("abstainers have {} ties", last.values[M::Ties as usize]);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | to ...                          | use                                                        |
//! |---------------------------------|------------------------------------------------------------|
//! | read a scenario                 | [`Scenario::parse`], [`Scenario::parse_with_files`], [`Scenario::parse_bet`], [`parse_sweep`] |
//! | simulate round by round         | [`Rules`], [`Simulation`], [`Intervention`]                |
//! | find the burn-in of a scenario with `burn_in = "auto"` | [`settle_burn_in`]          |
//! | run it, in memory or to a folder | [`run`], [`run_replicates`], [`run_replicate`], [`run_to`] |
//! | see who did what | [`observe_replicate`], [`Simulation::step_observed`] |
//! | play the bet                    | [`bet`], [`run_bet`], [`bet_to`]                           |
//! | sweep                           | [`SweepPlan`], [`read_points`], [`sweep_to`]               |
//! | draw charts                     | [`draw`], [`compare`]                                      |
//! | do without a disk               | [`run_in_memory`], [`bet_in_memory`], [`draw_in_memory`], [`compare_in_memory`] |
//! | know the memory that it takes | [`run_memory`], [`bet_memory`]                          |
//! | write a page about results      | [`report()`], [`report_together`]                          |
//!
//! What these functions return is in [`records`], [`summaries`] and [`settings`]. This page and these three modules
//! are all that the library shows.
//!
//! # Invariants
//!
//! - The same scenario and seed give the same bytes, for any number of threads: draws are found by
//!   what they decide, and floats are added in a fixed order.
//! - What is validated once cannot fail later: only checked text makes a [`Scenario`], and the model
//!   returns no `Result`.
//! - The model knows no file, no clock, no terminal; only `cli` prints and looks at the clock.
//! - Every payment has two sides, and the books balance in every round.
//! - A result folder with a manifest is whole. Results know neither time nor machine.
//!
//! `docs/model.md` describes the model, `docs/architecture.md` the plan of the code and how to
//! add to it, `docs/scenario.md` the format of scenarios.

// The command line uses more than the public interface. With it, everything that nobody uses is reported.
#![cfg_attr(not(feature = "cli"), allow(dead_code, unused_imports))]

mod amount;
mod chart;
#[cfg(feature = "cli")]
mod cli;
mod draws;
mod experiment;
mod model;
mod parallel;
mod report;
mod results;
mod scenario;
mod stats;
mod study;
#[cfg(feature = "cli")]
mod validate;

pub use amount::Amount;
pub use chart::{
    ChartError, Drawn, DrawnChart, compare, compare_in_memory, draw, draw_in_memory, strategy_colours,
};
/// The program, for `src/main.rs`.
#[cfg(feature = "cli")]
#[doc(hidden)]
pub use cli::main as program;
pub use experiment::{
    BetPlan, ListedPoint, NoSteadyState, PointFault, Progress, SweepPlan, SweepPoint, bet, bet_memory,
    observe_replicate, replicate_seed, run, run_bet, run_memory, run_replicate, run_replicates, run_world,
    settle_burn_in,
};
pub use model::{Intervention, Rules, Simulation};
pub use parallel::{Parallelism, ThreadPool};
pub use report::{report, report_together};
pub use results::{
    BetOptions, BetSummary, EventLog, Fault as ResultsFault, MemoryResult, ReadError, ResultsError,
    RunOptions, StoryOf, Summary, SweepInput, SweepOptions, SweepSummary, read_points,
};
pub use scenario::{Diagnostics, Fault, Scenario, json_schema};
pub use study::{SweepError, bet_in_memory, bet_to, run_in_memory, run_to, sweep_to};

/// Reads and checks the text of a scenario file for a sweep; `sets` as in [`Scenario::parse`]. A text without a
/// section `[sweep]` gets one with all defaults; it has to have a factor, unless its design is `factorial-traits`.
///
/// # Errors
///
/// As [`Scenario::parse`].
///
/// ```
/// use mingle::{Scenario, SweepPlan, ThreadPool};
///
/// let text = "rounds = 8\nreplicates = 2\n[population]\nagents = 60\n\
///             [[factor]]\nname = \"fee\"\nkeys = \"calls.fee\"\nvalues = [0, 0.3]";
/// let plan = SweepPlan::new(mingle::parse_sweep(text, &[])?, Vec::new());
/// for number in 0..plan.n_points() {
///     let point = plan.point(number);
///     let scenario = plan.scenario_at(&point)?;
///     let replicates = mingle::run(&scenario, &ThreadPool::new(1)?);
///     println!("fee {}: {} replicates", point.values[0], replicates.len());
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn parse_sweep(text: &str, sets: &[&str]) -> Result<Scenario, Diagnostics> {
    let overrides: Vec<scenario::Override> = sets.iter().map(|set| scenario::Override::set(set)).collect();
    results::parse_sweep(&scenario::Source { name: "scenario", bytes: text.as_bytes() }, &overrides)
}

/// The values of a [`Scenario`], by section of its file, and the list of all keys.
pub mod settings {
    pub use crate::scenario::{
        Among, Assignment, BetDesign, BetRules, CallRules, Change, EvolutionRules, Factor, HelpRules,
        KeyInfo, MixerRules, NeedRules, Norm, Pilot, PopulationRules, Region, ReputationKind,
        ReputationRules, Scale, ScheduledChange, Settings, Strategy, SurvivalRules, SweepDesign, SweepRules,
        SweptExperiment, Until, keys,
    };
}

/// What simulations, runs and bets report: plain rows.
pub mod records {
    pub use crate::experiment::{
        CrossoverRecord, Gain, HorizonRecord, PartsRecord, ReplicateRecord, SPREAD_QUANTILES, SpreadRecord,
        TwinRecord, WorldRecord,
    };
    pub use crate::model::{
        AMOUNTS, ActKind, ActRecord, AgentId, AgentRecord, Channel, EventId, FlowRecord, Life, LifeRecord, M,
        METRICS, Metric, N_AMOUNTS, N_METRICS, Payments, PersonRecord, Phase, Prices, RegionRecord,
        RoundRecord, SampleRecord, TieRecord,
    };
}

/// What the summaries of results consist of: rows of their tables, and the files written.
pub mod summaries {
    pub use crate::results::{
        BetMean, BetRow, BreakEvenNote, ChangeRow, ContrastRow, CrossoverNote, FileNote, Quantity,
        StationarityRow, SummaryRow, Verdict, Words,
    };
    pub use crate::stats::{Interval, Level, Power};
}
