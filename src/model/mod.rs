//! The model: a world, and the phases of a round.
//!
//! Invariants: no IO and no clock. Threads only through [`crate::parallel`], random numbers only through
//! [`crate::draws`]. No `Result`, because a checked scenario cannot fail. Phases use the world and the ledger,
//! never each other; only `round` composes them.

mod account;
mod act;
mod agent;
mod attendance;
mod audit;
mod behaviour;
mod calls;
mod change;
mod column;
mod conduct;
mod decide;
mod event;
mod evolution;
mod favours;
mod gossip;
mod gratitude;
mod intervention;
mod judge;
mod ledger;
mod matching;
mod messages;
mod mixer;
mod need_state;
mod needs;
mod open_needs;
mod opinion;
mod partners;
mod payment;
mod people;
mod phase;
mod population;
mod precision;
mod reactions;
mod record;
mod regions;
mod round;
mod rules;
mod sample;
mod seats;
mod settled;
mod shared;
mod shares;
mod sizes;
mod slot_draws;
mod survey;
mod survival;
mod tie_table;
mod ties;
mod towns;
mod weights;

pub use account::{Life, Payments, Prices};
pub use act::{ActKind, ActRecord, EventId};
pub(crate) use favours::FAVOUR_BYTES;
pub use intervention::Intervention;
pub(crate) use mixer::EVENTS_AT_ONCE;
pub(crate) use open_needs::NEED_BYTES;
pub(crate) use people::PERSON_BYTES;
pub use phase::Phase;
pub use record::*;
pub use round::Simulation;
pub use rules::Rules;
pub(crate) use settled::CORRECTION_BYTES;
pub(crate) use sizes::SURPLUS_BYTES;
pub use ties::AgentId;
