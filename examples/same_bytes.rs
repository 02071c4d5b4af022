//! Prints the SHA-256 of every table and picture of small results that the library makes in memory, so that they can be
//! compared between platforms, and with those of the program (`.ci/same`).
//!
//! ```console
//! cargo run --release --example same_bytes
//! ```

#![allow(clippy::print_stdout, reason = "an example shows what it finds")]

use std::fmt::Write;

use mingle::{BetPlan, MemoryResult, Scenario, ThreadPool};
use sha2::{Digest, Sha256};

/// Names of the results, their scenarios, and further values, as in `.ci/platform`.
const RUNS: [(&str, &str, &[&str]); 4] = [
    ("private", include_str!("../scenarios/chamber-mixer.toml"), &[]),
    ("public", include_str!("../scenarios/glass-house.toml"), &[]),
    ("regions", include_str!("../scenarios/three-continents.toml"), &[]),
    ("survival", include_str!("../scenarios/startup-survival.toml"), &[]),
];
const SMALL: [&str; 2] = ["population.agents=200", "replicates=2"];
const SMALL_BET: [&str; 3] = ["population.agents=200", "bet.worlds=2", "bet.focals=3"];
/// Charts of runs and bets. Those that a result does not have are left out.
const CHARTS: [&str; 9] = [
    "net_over_time",
    "final_benefit",
    "benefit_by_channel",
    "calls",
    "mixers",
    "opinion",
    "people",
    "bet_difference",
    "bet_distribution",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let pool = ThreadPool::new(0)?;
    for (name, text, more) in RUNS {
        let scenario = Scenario::parse(text, &[&SMALL[..], more].concat())?;
        let (_, result) = mingle::run_in_memory(&scenario, &mingle::run(&scenario, &pool));
        print(name, &result)?;
    }
    let scenario = Scenario::parse_bet(include_str!("../scenarios/the-bet.toml"), &SMALL_BET)?;
    let (_, result) = mingle::bet_in_memory(&BetPlan::new(&scenario, false), &mingle::bet(&scenario, &pool));
    print("bet", &result)
}

/// A line for each file, but for the manifest, which names the scenario file and the source of the program.
fn print(name: &str, result: &MemoryResult) -> Result<(), Box<dyn std::error::Error>> {
    for chart in mingle::draw_in_memory(result, &CHARTS)? {
        println!("{}  {name}/charts/{}.svg", digest(chart.svg.as_bytes()), chart.name);
    }
    // The program's result of this name has logs too, which its data package describes.
    let of_program_alone = |file: &str| name == "regions" && file == "datapackage.json";
    for file in result.names().filter(|file| *file != "manifest.json" && !of_program_alone(file)) {
        println!("{}  {name}/{file}", digest(result.get(file).unwrap_or_default()));
    }
    Ok(())
}

fn digest(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in Sha256::digest(bytes) {
        write!(text, "{byte:02x}").expect("text takes all that is written");
    }
    text
}
