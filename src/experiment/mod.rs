//! Experiments: replicates, bets and sweeps, their seeds, and their results as plain records.

mod amounts;
mod bet;
mod burn_in;
#[cfg(test)]
mod coverage;
mod design;
mod divergence;
mod memory;
mod observe;
mod outcome;
mod record;
mod replicates;
mod steady;
mod story;
mod sweep;
mod until;
mod world_memory;

pub(crate) use amounts::*;
pub(crate) use bet::run_numbered_worlds;
pub use bet::{
    BetPlan, CrossoverRecord, Gain, HorizonRecord, PartsRecord, TwinRecord, WorldRecord, bet, run_bet,
    run_world,
};
pub(crate) use burn_in::PILOT_REPLICATES;
pub use burn_in::{NoSteadyState, settle_burn_in};
pub(crate) use design::*;
pub(crate) use divergence::{Alone, Divergence, alone, divergence};
pub(crate) use memory::footprint;
pub use memory::{bet_memory, run_memory};
pub use observe::observe_replicate;
pub(crate) use observe::{Network, networks};
pub(crate) use outcome::*;
pub use record::*;
pub use replicates::*;
pub(crate) use steady::*;
#[cfg(test)]
pub(crate) use story::node::StepKind;
pub(crate) use story::{BYTES_PER_TIE, Reason, Story, StoryStep, focals_of, story};
pub use sweep::*;
pub(crate) use until::{level_of, looks, replicates_max};
pub(crate) use world_memory::{acts_bytes, world_bytes};
