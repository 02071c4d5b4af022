//! Results: tidy tables, a manifest with which a result can be repeated, and a description of every column.
//!
//! A result is a folder. Tables are written under temporary names during the run. At the end they are renamed
//! together, the manifest last. So a folder with a manifest is a complete result. Results contain no time, host,
//! number of threads or path, so the same scenario gives the same bytes.

mod bet;
mod charts;
mod columns;
mod commit;
mod datapackage;
mod derived;
mod error;
mod folder;
mod manifest;
mod own;
mod read;
mod run;
mod run_words;
mod stationarity;
mod summary;
mod sweep;
mod table;
mod verify;
mod words;

pub use crate::model::{BENEFITS, COSTS};
pub(crate) use crate::scenario::PRESETS;
pub(crate) use bet::{BetClaims, after_rounds, side_of_zero};
pub use bet::{
    BetMean, BetOptions, BetOutcomes, BetRow, BetSummary, BetWriter, BreakEvenNote, CrossoverNote, Quantity,
    Verdict, VerdictInput,
};
pub use charts::{BetChart, RunChart, SweepChart};
pub use columns::{Column, Kind, Table};
pub(crate) use derived::{remove_derived, remove_drafts, write_derived};
pub use error::{Fault, ResultsError};
pub use folder::FileNote;
pub use manifest::REVISION;
pub(crate) use own::REPORT;
pub use own::has_unfinished_sweep;
pub use read::*;
pub use run::{RunOptions, RunWriter, Summary};
pub use stationarity::StationarityRow;
pub(crate) use summary::CLEAR;
pub use summary::{ContrastRow, SummaryRow};
pub use sweep::{
    Part, SweepInput, SweepOptions, SweepSpecification, SweepSummary, SweepWriter, brief, is_merged,
    parse_sweep, ranking, read_specification,
};
pub(crate) use verify::verify;
pub use verify::{Recorded, RecordedOptions, RecordedSweep};
pub use words::Words;
pub(crate) use words::{is_control, quoted, visible};
