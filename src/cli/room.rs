//! Whether the machine can hold a run.

use sysinfo::System;

use super::Failure;
use crate::scenario::Scenario;

/// Memory that a run would take and that there is, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    /// What the run needs.
    pub(super) needed: u64,
    /// What the machine can give; `None` where it does not say.
    pub(super) available: Option<u64>,
}

impl Room {
    /// The room for a run on `n_threads`.
    pub(super) fn of(scenario: &Scenario, n_threads: usize) -> Self {
        Self { needed: footprint(scenario, n_threads), available: available() }
    }

    /// Whether the run fits.
    pub(super) fn fits(&self) -> bool {
        self.available.is_none_or(|available| self.needed <= available)
    }

    /// Refuses a run that the machine cannot hold.
    pub(super) fn check(&self) -> Result<(), Failure> {
        match self.available {
            Some(available) if !self.fits() => Err(Failure::Failed(format!(
                "this run needs about {} of memory and {} are free; lower population.agents, \
                 population.ties_max or --threads",
                in_words(self.needed),
                in_words(available)
            ))),
            _ => Ok(()),
        }
    }
}

/// The memory that a run takes.
fn footprint(scenario: &Scenario, n_threads: usize) -> u64 {
    /// Bytes of an agent's own state, and of one tie.
    const AGENT_BYTES: u64 = 400;
    const TIE_BYTES: u64 = 16;
    let rules = &scenario.population;
    let world = u64::from(rules.agents) * (AGENT_BYTES + TIE_BYTES * u64::from(rules.ties_max));
    world.saturating_mul((n_threads as u64).min(scenario.replicates.into()))
}

/// The memory that is free, for this process: containers may have less than the machine.
fn available() -> Option<u64> {
    let mut system = System::new();
    system.refresh_memory();
    let machine = system.available_memory();
    let container = system.cgroup_limits().map_or(u64::MAX, |limits| limits.free_memory);
    Some(machine.min(container)).filter(|&bytes| bytes > 0)
}

/// A number of bytes for people.
pub(super) fn in_words(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["KB", "MB", "GB", "TB", "PB"];
    let mut value = bytes as f64 / 1e3;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1e3;
        unit += 1;
    }
    if value < 9.95 { format!("{value:.1} {}", UNITS[unit]) } else { format!("{value:.0} {}", UNITS[unit]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_read_well() {
        assert_eq!(in_words(1_234), "1.2 KB");
        assert_eq!(in_words(45_000_000), "45 MB");
        assert_eq!(in_words(999_900_000), "1.0 GB");
    }

    #[test]
    fn a_run_that_does_not_fit_is_refused_with_the_figures() {
        let room = Room { needed: 64_000_000_000, available: Some(8_000_000_000) };
        let Err(Failure::Failed(text)) = room.check() else { panic!("it fits") };
        assert!(text.contains("64 GB") && text.contains("8.0 GB"), "{text}");
        assert!(Room { needed: u64::MAX, available: None }.check().is_ok());
    }
}
