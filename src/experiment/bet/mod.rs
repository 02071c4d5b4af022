//! Bets: the same life twice, with one event lived differently.

mod record;

pub use record::*;
