//! Results: tidy tables, a manifest to run them again, and a description of every column.
//!
//! A result is a folder. Its tables are written while the run goes on, under temporary names,
//! and take their real names together at the end, the manifest last: a folder with a manifest is
//! a whole result. No time, host, thread count or path enters it, so the same scenario gives the same bytes.

mod bet;
mod columns;
mod commit;
mod datapackage;
mod error;
mod folder;
mod manifest;
mod own;
mod read;
mod run;
mod summary;
mod sweep;
mod table;
mod verify;

pub use crate::model::{BENEFITS, COSTS};
pub use bet::{
    BetMean, BetOptions, BetOutcomes, BetRow, BetSummary, BetWriter, BreakEvenNote, CrossoverNote, Quantity,
    Verdict, VerdictInput,
};
pub use columns::{Column, Kind, Table};
pub use error::{Fault, ResultsError};
pub use folder::FileNote;
pub use manifest::REVISION;
pub use read::*;
pub use run::{RunOptions, RunWriter, Summary};
pub use summary::{ContrastRow, SummaryRow};
pub use sweep::{
    Part, SweepInput, SweepOptions, SweepSpecification, SweepSummary, SweepWriter, brief, is_merged,
    read_specification, sweep_columns,
};
pub(crate) use verify::verify;
