//! Experiments: replicates, bets and sweeps, their seeds, and their results as plain records.

mod amounts;
mod bet;
mod design;
mod outcome;
mod record;
mod replicates;
mod sweep;

pub use amounts::*;
pub use bet::{
    BetPlan, CrossoverRecord, Gain, HorizonRecord, PartsRecord, TwinRecord, WorldRecord, bet, plain_twin,
    run_bet, run_numbered_worlds, run_world,
};
pub use design::*;
pub use outcome::*;
pub use record::*;
pub use replicates::*;
pub use sweep::*;
