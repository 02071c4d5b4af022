//! Integration tests: one binary, one module per subject.

// A test that cannot go on says so by panicking, and tolerances need not be the same bytes everywhere.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::cast_possible_truncation)]

mod analytic;
mod bet;
mod bet_words;
mod charts;
mod cli;
mod coverage;
mod coverage_bet;
mod determinism;
mod errors;
mod figures;
mod golden;
mod imports;
mod invariants;
mod kept;
mod luck;
mod marks;
mod reference;
mod report;
mod results;
mod scenarios;
mod support;
mod sweep;
mod sweep_parts;
#[cfg(unix)]
mod terminal;
mod tidy;
mod twin;
mod verify;
