//! `mingle` answers one question: when does serving others at networking events pay more
//! than working the room for oneself?

pub mod chart;
pub mod cli;
pub mod draws;
pub mod experiment;
pub mod model;
pub mod parallel;
pub mod results;
pub mod scenario;
pub mod stats;
