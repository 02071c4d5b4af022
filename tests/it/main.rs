//! Integration tests: one binary, one module per subject.

// A test that cannot go on says so by panicking, its own functions too.
#![allow(clippy::unwrap_used)]

mod cli;
mod determinism;
mod errors;
mod invariants;
mod luck;
mod results;
mod support;
