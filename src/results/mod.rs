//! Results: tidy tables, a manifest with which a result can be repeated, and a description of every column.
//!
//! A result is a folder, or its files in memory. Tables of a folder are written under temporary names during the run. At the end they are renamed
//! together, the manifest last. So a folder with a manifest is a complete result. Results contain no time, host,
//! number of threads or path, so the same scenario gives the same bytes.

mod bet;
mod change_rows;
mod changes;
mod charts;
mod columns;
mod commit;
mod datapackage;
mod derived;
mod error;
mod events;
#[cfg(feature = "cli")]
mod evidence;
mod files;
mod folder;
mod gains;
mod graphml;
mod held;
mod inputs;
mod manifest;
mod memory;
mod named;
mod names;
mod network;
mod own;
#[cfg(feature = "parquet")]
mod parquet;
mod read;
mod run;
mod run_options;
mod run_tables;
mod run_words;
mod sample;
mod sink;
mod stationarity;
mod summary;
mod sweep;
mod table;
mod target;
#[cfg(test)]
mod tests;
#[cfg(feature = "cli")]
mod validation;
mod verify;
mod words;

pub(crate) use crate::experiment::SPREAD_QUANTILES;
pub(crate) use crate::model::{BENEFITS, COSTS};
pub(crate) use crate::scenario::PRESETS;
pub(crate) use bet::BetWriter;
pub(crate) use bet::{
    BetClaims, CHOSEN, Chain, LUCKIEST, StoryRow, TYPICAL, after_rounds, side_of_zero, signed, story_chains,
};
pub use bet::{
    BetMean, BetOptions, BetRow, BetSummary, BreakEvenNote, CrossoverNote, Quantity, StoryOf, Verdict,
};
pub use change_rows::ChangeRow;
pub(crate) use charts::{BetChart, EvidenceChart, RunChart, SweepChart, ValidationChart};
pub(crate) use columns::Table;
pub(crate) use commit::is_displaced;
pub(crate) use derived::{remove_derived, remove_drafts, write_and_place, write_derived};
pub(crate) use error::limit_to_raise;
pub use error::{Fault, ResultsError};
pub use events::EventLog;
#[cfg(feature = "cli")]
pub(crate) use evidence::EvidenceRow;
pub(crate) use files::Files;
pub(crate) use folder::settle;
pub(crate) use gains::{GainChange, gain_changes};
pub(crate) use held::{Unchanged, hold, hold_alone};
pub(crate) use inputs::InputNote;
pub(crate) use manifest::REVISION;
pub(crate) use memory::MemoryFiles;
pub use memory::MemoryResult;
pub(crate) use own::{REPORT, REPORT_MARK, has_unfinished_sweep, is_report};
#[cfg(feature = "parquet")]
pub(crate) use parquet::write_parquet;
pub use read::*;
pub(crate) use run::RunWriter;
pub use run::Summary;
pub use run_options::RunOptions;
pub use sink::FileNote;
pub use stationarity::StationarityRow;
pub(crate) use summary::is_clear;
pub use summary::{ContrastRow, SummaryRow};
pub(crate) use sweep::{
    LUCK_PART, Part, SweepSpecification, SweepWriter, WHOLE_CONTRAST, brief, is_merged, parse_sweep,
    parse_sweep_with, ranking, read_specification,
};
pub use sweep::{SweepInput, SweepOptions, SweepSummary};
#[cfg(feature = "cli")]
pub(crate) use validation::{ValidationNote, ValidationRow, ValidationWriter};
pub(crate) use verify::{Recorded, RecordedOptions, verify};
pub use words::Words;
pub(crate) use words::{in_document, is_control, quoted, visible};
