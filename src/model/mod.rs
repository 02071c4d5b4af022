//! The model: a world, and the phases of a round.

mod record;

pub use record::*;
