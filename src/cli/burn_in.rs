//! The burn-in of scenarios that leave it to pilot replicates.

use std::path::Path;

use super::memory::MemoryEstimate;
use super::progress::{self, Work};
use super::terminal::visible;
use super::{Failure, Terminal};
use crate::experiment::{PILOT_REPLICATES, Progress, settle_burn_in};
use crate::parallel::ThreadPool;
use crate::scenario::Scenario;

/// The scenario of a file with the burn-in that pilot replicates find, if it asks for that.
pub(super) fn settled(
    scenario: Scenario,
    file: &Path,
    pool: &ThreadPool,
    terminal: &Terminal,
) -> Result<Scenario, Failure> {
    if !scenario.auto_burn_in {
        return Ok(scenario);
    }
    MemoryEstimate::of_pilot(&scenario, pool.n_threads()).check()?;
    // Ctrl-C ends the process here, because there is no result yet that could be lost.
    let progress = Progress::default();
    let work = Work { progress: &progress, rounds: scenario.rounds, of: progress::PILOT };
    let settled = progress::watched(terminal, &work, || settle_burn_in(&scenario, pool, &progress));
    let settled = settled
        .map_err(|error| Failure::Usage(format!("{}: {error}", visible(&file.display().to_string()))))?
        .expect("nobody stops it");
    terminal.note(&format!(
        "burn-in by {PILOT_REPLICATES} pilot replicates: the first {} of {} rounds",
        settled.burn_in, settled.rounds
    ));
    Ok(settled)
}
