//! Experiments: what is run, how often, with which seeds, and the plain records that come of it.

mod bet;
mod design;
mod record;
mod replicates;

pub use bet::*;
pub use design::*;
pub use record::*;
pub use replicates::*;
