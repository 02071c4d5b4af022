//! Experiments: what is run, how often, with which seeds, and the plain records that come of it.

mod bet;
mod record;
mod replicates;

pub use bet::*;
pub use record::*;
pub use replicates::*;
