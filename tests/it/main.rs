//! Integration tests: one binary, one module per subject.

mod cli;
mod determinism;
mod errors;
mod invariants;
mod luck;
mod results;
mod support;
