//! Experiments: what is run, how often, with which seeds, and the plain records that come of it.

mod design;
mod record;
mod replicates;

pub use design::*;
pub use record::*;
pub use replicates::*;
