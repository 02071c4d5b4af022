//! Integration tests: one binary, one module per subject.

// A test may panic, and its tolerances do not need the same bytes everywhere.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::cast_possible_truncation)]

mod analytic;
mod cli;
mod determinism;
mod errors;
mod invariants;
mod luck;
mod results;
mod support;
