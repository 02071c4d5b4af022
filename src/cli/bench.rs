//! `mingle bench FILE`

// Time is what this command measures; it is never written to a result.
#![allow(clippy::disallowed_methods)]

use std::path::PathBuf;
use std::time::Instant;

use super::cost::{Cost, Measured, RoundCost};
use super::load::{self, ScenarioArgs};
use super::memory::{self, MemoryEstimate};
use super::progress::{self, Work};
use super::sets::Sets;
use super::{Failure, Terminal};
use crate::experiment::{Progress, replicate_seed};
use crate::model::{Rules, Simulation};
use crate::parallel::{Parallelism, ThreadPool};

/// Maximum number of rounds of a warm-up whose length is not given.
const WARMUP_MAX: u16 = 200;

/// Arguments of `mingle bench`.
#[derive(Debug, clap::Args)]
pub(super) struct BenchArgs {
    /// Scenario file (TOML); its rounds, burn_in and replicates do not matter
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Change one value of the scenario, as in --set population.agents=100000; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Seed of the random numbers, in place of the scenario's
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Number of rounds to measure
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..))]
    rounds: u16,
    /// Number of rounds before them, which are not measured [default: until the number of ties no longer grows from
    /// mixer to mixer, at most 200]
    #[arg(long, value_name = "N")]
    warmup: Option<u16>,
    /// Number of threads [default: as many as there are cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=4096))]
    threads: Option<u16>,
}

/// Runs one replicate in memory, and reports the cost of its rounds.
pub(super) fn bench(args: &BenchArgs, terminal: &Terminal) -> Result<(), Failure> {
    let (file, set) = (args.file.clone(), Sets::from_start(args.set.clone()));
    let scenario = load::load(&ScenarioArgs { file, set, seed: args.seed, replicates: None, level: None })?;
    let rounds = all_rounds(args.warmup.unwrap_or(WARMUP_MAX), args.rounds)?;
    let scenario = scenario.with_rounds(rounds).with_replicates(1);
    let pool = ThreadPool::new(args.threads.unwrap_or(0).into()).map_err(Failure::Failed)?;
    let memory = MemoryEstimate::of(&scenario, pool.n_threads(), false);
    memory.check()?;

    let progress = progress::interruptible(terminal)?;
    progress.expect(1);
    let work = Work { progress: &progress, rounds: scenario.rounds, of: progress::RUN };
    let before = memory::peak();
    let rules = Rules::new(&scenario);
    let measured = progress::watched(terminal, &work, || {
        pool.install(|par| measure(&rules, args.warmup, args.rounds, par, &progress))
    })
    .ok_or_else(|| Failure::Interrupted("not all rounds were done, so nothing is reported".to_owned()))?;
    let grown = before.zip(memory::peak()).map(|(before, after)| after.saturating_sub(before));
    let cost = Cost {
        title: scenario.title.clone(),
        agents: scenario.population.agents,
        threads: pool.n_threads(),
        measured,
        ties_max: rules.scenario.population.ties_max,
        bytes_grown: grown,
        bytes_estimated: memory.needed,
    };
    if terminal.json {
        terminal.json(&cost.json());
    } else {
        terminal.text(&cost.table());
    }
    Ok(())
}

/// The number of rounds, warm-up included; an error if a scenario cannot have so many.
fn all_rounds(warmup: u16, rounds: u16) -> Result<u32, Failure> {
    let all = u32::from(warmup) + u32::from(rounds);
    if all <= u32::from(u16::MAX) {
        return Ok(all);
    }
    Err(Failure::Usage(format!(
        "--warmup and --rounds must sum to at most 65,535, but {warmup} + {rounds} is {all}; lower one of them"
    )))
}

/// Measures `rounds` rounds after the warm-up. `None` if it was stopped.
fn measure(
    rules: &Rules,
    warmup: Option<u16>,
    rounds: u16,
    par: Parallelism<'_>,
    progress: &Progress,
) -> Option<Measured> {
    let mut simulation = Simulation::new(rules, replicate_seed(rules.scenario.seed, 0), par);
    let step = |simulation: &mut Simulation<'_>| {
        if progress.is_stopped() {
            return None;
        }
        let mut cost = RoundCost::default();
        let mut last = Instant::now();
        // A run writes these records; making them is part of the cost.
        drop(simulation.step_watched(par, &mut |phase| {
            let now = Instant::now();
            cost.phases[phase as usize] += now - last;
            last = now;
        }));
        cost.pair_slots = simulation.pair_slots();
        progress.round();
        Some(cost)
    };
    let mut filling = Filling::new(rules, &simulation);
    while simulation.rounds_done() < u32::from(warmup.unwrap_or(WARMUP_MAX))
        && (warmup.is_some() || filling.goes_on)
    {
        step(&mut simulation)?;
        filling.update(&simulation);
    }
    let warmup = simulation.rounds_done();
    let rounds = (0..rounds).map(|_| step(&mut simulation)).collect::<Option<_>>()?;
    Some(Measured { warmup, rounds, ties: simulation.n_ties(), filling: filling.goes_on })
}

/// Whether the number of ties still grows. Rounds cost less while it does.
struct Filling {
    every: u32,
    ties: u64,
    goes_on: bool,
}

impl Filling {
    fn new(rules: &Rules, simulation: &Simulation<'_>) -> Self {
        let goes_on = rules.scenario.population.ties_max > 0;
        Self { every: rules.scenario.mixer.every, ties: simulation.n_ties(), goes_on }
    }

    /// Compares the number of ties with that one mixer earlier. It grows if the rise is more than a thousandth.
    fn update(&mut self, simulation: &Simulation<'_>) {
        if self.goes_on && simulation.rounds_done().is_multiple_of(self.every) {
            let ties = simulation.n_ties();
            self.goes_on = ties > self.ties + self.ties / 1000;
            self.ties = ties;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::model::Phase;
    use crate::scenario::Scenario;

    fn scenario(rounds: u32, sets: &[&str]) -> Scenario {
        let sets = [&["population.agents=100"], sets].concat();
        Scenario::parse("", &sets).unwrap().with_rounds(rounds)
    }

    #[test]
    fn only_rounds_after_the_warm_up_are_measured_and_only_mixers_have_pairs() {
        let rules = Rules::new(&scenario(9, &[]));
        let measured = measure(&rules, Some(4), 5, Parallelism::SERIAL, &Progress::default()).unwrap();
        assert_eq!((measured.warmup, measured.rounds.len()), (4, 5));
        assert!(measured.filling, "four rounds do not fill lists of 150");
        for (i, round) in measured.rounds.iter().enumerate() {
            // There is a mixer every fourth round, with at most 50 pairs of 100 guests.
            assert_eq!(round.pair_slots > 0, i.is_multiple_of(4), "{i}");
            assert!(round.pair_slots <= 50 * 12, "a pair counts once, not once per party");
            assert!(round.phases[Phase::Close as usize] > Duration::ZERO);
        }
    }

    #[test]
    fn a_warm_up_ends_when_ties_are_no_longer_more() {
        let measured = |sets: &[&str]| {
            let rules = Rules::new(&scenario(WARMUP_MAX.into(), sets));
            measure(&rules, None, 1, Parallelism::SERIAL, &Progress::default()).unwrap()
        };
        let few = measured(&["population.ties_max=12"]);
        assert!(!few.filling && (8..100).contains(&few.warmup), "{}", few.warmup);
        assert!(few.ties > 11 * 80, "the lists of those who attend are full: {}", few.ties);
        let plain = measured(&["population.ties_max=0", "population.start_ties=0"]);
        assert_eq!((plain.warmup, plain.ties), (0, 0));
    }

    #[test]
    fn no_more_rounds_are_measured_than_a_world_can_have() {
        assert_eq!(all_rounds(65_534, 1).unwrap(), 65_535);
        let Err(Failure::Usage(text)) = all_rounds(65_535, 9) else { panic!("too many rounds") };
        assert!(text.contains("65535 + 9 is 65544"), "{text}");
    }

    #[test]
    fn a_stopped_measurement_reports_nothing() {
        let progress = Progress::default();
        progress.stop();
        assert!(
            measure(&Rules::new(&scenario(3, &[])), Some(0), 3, Parallelism::SERIAL, &progress).is_none()
        );
    }
}
