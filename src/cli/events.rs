//! Arguments for the log of events and the networks of a run.

use std::collections::BTreeSet;

use super::Failure;
use crate::experiment::replicates_max;
use crate::results::EventLog;
use crate::scenario::Scenario;

/// Arguments for the log of events.
#[derive(Debug, clap::Args)]
pub(super) struct EventArgs {
    /// Write what every agent does, act by act, to events.csv, or compressed with --events=events.csv.gz
    #[arg(
        long,
        value_name = "FILE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "events.csv",
        value_parser = ["events.csv", "events.csv.gz"]
    )]
    events: Option<String>,
    /// Rounds whose acts are written: A..B with both, or one; from 0 [default: all]
    #[arg(long, value_name = "A..B", value_parser = range, requires = "events")]
    events_rounds: Option<[u32; 2]>,
    /// Replicates whose acts are written, likewise [default: 0]
    #[arg(long, value_name = "A..B", value_parser = range, requires = "events")]
    events_replicates: Option<[u32; 2]>,
}

impl EventArgs {
    /// The log that is asked for.
    pub(super) fn log(&self, scenario: &Scenario) -> Result<Option<EventLog>, Failure> {
        let Some(file) = &self.events else { return Ok(None) };
        let rounds = self.events_rounds.unwrap_or([0, scenario.rounds - 1]);
        let replicates = self.events_replicates.unwrap_or([0, 0]);
        within("--events-rounds", rounds, "rounds", scenario.rounds)?;
        within("--events-replicates", replicates, "replicates", replicates_max(scenario))?;
        Ok(Some(EventLog { replicates, rounds, gzip: file.ends_with(".gz") }))
    }
}

/// The rounds of networks: each once, in ascending order.
pub(super) fn rounds(asked: &[u32], scenario: &Scenario) -> Result<Vec<u32>, Failure> {
    let rounds: Vec<u32> = BTreeSet::from_iter(asked).into_iter().copied().collect();
    if let Some(&last) = rounds.last() {
        within("--network", [last, last], "rounds", scenario.rounds)?;
    }
    Ok(rounds)
}

/// Refuses a range that ends beyond what the scenario has.
fn within(option: &str, [first, last]: [u32; 2], of: &str, count: u32) -> Result<(), Failure> {
    if last < count {
        return Ok(());
    }
    let most = count - 1;
    let asked = if first == last { last.to_string() } else { format!("{first}..{last}") };
    Err(Failure::Usage(format!(
        "`{option} {asked}`: the scenario has {count} {of}, numbered 0 to {most}; end with {most} at most"
    )))
}

/// Reads `A..B` or `A`.
fn range(text: &str) -> Result<[u32; 2], String> {
    let fault = || "expected a number, or two as in 4..12 with the smaller first".to_owned();
    let number = |text: &str| text.parse::<u32>().map_err(|_| fault());
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    let (first, last) = (number(first)?, number(last)?);
    if first > last { Err(fault()) } else { Ok([first, last]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_two_numbers_in_order_or_one() {
        assert_eq!(range("4..12"), Ok([4, 12]));
        assert_eq!(range("7"), Ok([7, 7]));
        for bad in ["12..4", "..3", "3..", "a", "", "-1", "1..2..3", "4294967296"] {
            assert!(range(bad).is_err(), "{bad}");
        }
    }
}
