//! Files that a scenario names: people and their network.
//!
//! 1. [`Inputs::read`]: texts to lists, each with its own faults;
//! 2. [`Inputs::fill`]: what the lists say about keys that the scenario leaves out, such as shares of strategies;
//! 3. [`Inputs::place`]: names to numbers of strategies, regions and agents;
//! 4. [`limits::check`]: the lists against the other values of the scenario, at each point of a sweep too.

mod cells;
mod community;
mod edge_list;
mod edges;
mod file;
mod fill;
mod gexf;
mod graphml;
mod labels;
mod limits;
mod nodes;
mod people;
mod placing;
mod report;
mod sources;
mod xml;

pub(crate) use cells::cells;
pub(crate) use community::Community;
pub(crate) use file::{BYTES_MAX, Files, InputFile, NoFiles, Unread};
pub(super) use fill::fill;
pub(super) use limits::{check, factors_leave_them};
pub(super) use placing::{Placed, place};
pub(super) use sources::Inputs;
