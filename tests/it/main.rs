//! Integration tests: one binary, one module per subject.

// A test that cannot go on says so by panicking, and tolerances need not be the same bytes everywhere.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::cast_possible_truncation)]

mod acts;
mod analytic;
mod bet;
mod burn_in;
mod changes;
mod charts;
mod cli;
mod dependencies;
mod determinism;
mod diff;
mod errors;
mod events;
mod explore;
mod figures;
mod fuzz;
mod golden;
mod imports;
mod inputs;
mod invariants;
mod kept;
mod level;
#[cfg(target_os = "linux")]
mod limits;
mod luck;
mod marks;
#[cfg(unix)]
mod names;
mod networks;
mod people;
mod reference;
mod report;
mod same;
mod scenarios;
mod stdout;
mod story;
mod support;
mod sweep;
mod sweep_parts;
#[cfg(unix)]
mod terminal;
mod tidy;
mod twin;
mod until;
mod validate;
mod verify;
