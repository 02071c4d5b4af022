//! Results: tidy tables, a manifest with which a result can be repeated, and a description of every column.
//!
//! A result is a folder, or its files in memory. Tables of a folder are written under temporary names during the run. At the end they are renamed
//! together, the manifest last. So a folder with a manifest is a complete result. Results contain no time, host,
//! number of threads or path, so the same scenario gives the same bytes.

mod bet;
mod charts;
mod columns;
mod commit;
mod datapackage;
mod error;
mod files;
mod folder;
mod manifest;
mod memory;
mod own;
mod read;
mod run;
mod stationarity;
mod summary;
mod sweep;
mod table;
mod target;
mod verify;

pub use crate::model::{BENEFITS, COSTS};
pub(crate) use bet::{BetClaims, after_rounds, side_of_zero};
pub use bet::{
    BetMean, BetOptions, BetOutcomes, BetRow, BetSummary, BetWriter, BreakEvenNote, CrossoverNote, Quantity,
    Verdict, VerdictInput,
};
pub(crate) use charts::CHART_FORMATS;
pub use charts::{BetChart, RunChart, SweepChart};
pub use columns::{Column, Kind, Table};
pub use error::{Fault, ResultsError};
pub use files::Files;
pub use folder::FileNote;
pub use manifest::REVISION;
pub(crate) use memory::MemoryFiles;
pub use memory::MemoryResult;
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
