//! Sweeps the fee into a result folder, draws its charts, and prints the words of the result.
//!
//! ```console
//! cargo run --release --example sweep_and_chart
//! ```

#![allow(clippy::print_stdout, reason = "an example shows what it finds")]

use std::path::Path;

use mingle::{Progress, SweepInput, SweepOptions, SweepPlan, ThreadPool};

/// Four fees, in a world that is small enough for a quick look.
const SCENARIO: &str = r#"
title = "The fee of a call"
replicates = 5

[population]
agents = 300

[[factor]]
name = "fee"
keys = "calls.fee"
min = 0
max = 0.6
levels = 4
"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let plan = SweepPlan::new(mingle::parse_sweep(SCENARIO, &[])?, Vec::new());
    let (pool, dir) = (ThreadPool::new(0)?, Path::new("output/example-sweep"));
    let options = SweepOptions { force: true, ..SweepOptions::default() };
    let input = SweepInput { plan: &plan, list: None };
    let result = mingle::sweep_to(dir, input, options, &pool, &Progress::default())?;
    for line in result.into_iter().flat_map(|summary| summary.words) {
        println!("{line}");
    }
    for file in mingle::draw(dir, &pool)?.files {
        println!("{}", file.display());
    }
    Ok(())
}
