//! `mingle` answers one question: when does serving others at networking events pay more
//! than working the room for oneself?
//!
//! # Code map
//!
//! Data goes one way: scenario text becomes a checked [`scenario::Scenario`], replicates of it are
//! simulated, their records become tables, and charts are drawn from the tables.
//!
//! | module         | what it does                                                        |
//! |----------------|---------------------------------------------------------------------|
//! | [`scenario`]   | text in; a checked scenario, or all its faults at once, out         |
//! | [`amount`]     | amounts of benefit as exact decimal numbers                         |
//! | [`draws`]      | random numbers by key                                               |
//! | [`parallel`]   | maps over threads, with results in order; the only user of rayon    |
//! | [`model`]      | the world, and the phases of a round ([`model::Simulation::step`])  |
//! | [`stats`]      | means, intervals, paired contrasts, survival curves, sensitivity    |
//! | [`experiment`] | replicates, the bet, sweeps: what is run, with which seeds          |
//! | [`results`]    | tables, manifest and folder of a result, written and read           |
//! | [`chart`]      | pictures of a result, from its files alone                          |
//! | `cli`          | arguments and terminal, one file per subcommand (feature `cli`)     |
//!
//! # Invariants
//!
//! - The same scenario and seed give the same bytes, for any number of threads: draws are found by
//!   what they decide, and floats are added in a fixed order.
//! - What is validated once cannot fail later: only [`scenario::parse`] makes a scenario from text, and the
//!   model returns no `Result`.
//! - The model knows no file, no clock, no terminal; only `cli` prints and looks at the clock.
//! - Every payment has two sides, and the books balance in every round.
//! - A result folder with a manifest is whole. Results know neither time nor machine.
//!
//! `docs/model.md` describes the model, `docs/architecture.md` the plan of the code and how to
//! add to it, `docs/scenario.md` the format of scenarios.

pub mod amount;
pub mod chart;
#[cfg(feature = "cli")]
pub mod cli;
pub mod draws;
pub mod experiment;
pub mod model;
pub mod parallel;
pub mod results;
pub mod scenario;
pub mod stats;
pub mod study;

pub use amount::Amount;
pub use chart::{ChartError, Drawn, compare, draw};
pub use experiment::{BetPlan, PointFault, Progress, SweepPlan, SweepPoint, bet, run};
pub use model::{Intervention, Rules, Simulation};
pub use parallel::{Parallelism, ThreadPool};
pub use results::{
    BetOptions, BetSummary, ResultsError, RunOptions, Summary, SweepInput, SweepOptions, SweepSummary,
};
pub use scenario::{Diagnostics, Fault, Scenario};
pub use study::{SweepError, bet_to, run_to, sweep_to};

/// Reads and checks the text of a scenario file for a sweep; `sets` as in [`Scenario::parse`]. A text without a
/// section `[sweep]` gets one with all defaults; it has to have a factor.
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

/// The values of a [`Scenario`], by section of its file.
pub mod settings {
    pub use crate::scenario::{
        Among, BetDesign, BetRules, CallRules, EvolutionRules, Factor, HelpRules, MixerRules, NeedRules,
        Norm, PopulationRules, Region, ReputationKind, ReputationRules, Scale, Settings, Strategy,
        SurvivalRules, SweepDesign, SweepRules, SweptExperiment, Until,
    };
}

/// What simulations, runs and bets report: plain rows.
pub mod records {
    pub use crate::experiment::{
        CrossoverRecord, Gain, HorizonRecord, PartsRecord, ReplicateRecord, TwinRecord, WorldRecord,
    };
    pub use crate::model::{
        AMOUNTS, AgentId, AgentRecord, Channel, FlowRecord, Life, LifeRecord, M, METRICS, Metric, N_AMOUNTS,
        N_METRICS, Payments, Phase, RegionRecord, RoundRecord,
    };
}
