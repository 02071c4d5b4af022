//! What each phase of a round costs: worlds in which nothing but that phase happens, besides the
//! renewal of needs and the records of the round, which "quiet" shows alone.
//!
//! Times are per round of 20,000 agents in one town on one thread, in the steady state.

// criterion's macros make public functions without a word.
#![allow(missing_docs)]

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use mingle::{Parallelism, Rules, Scenario, Simulation};

const AGENTS: u32 = 20_000;

/// Switches each phase off.
const OFF: [(&str, &[&str]); 3] = [
    ("mixer", &["strategy.warrior.attend=0", "strategy.servant.attend=0"]),
    ("calls", &["calls.rate=0"]),
    ("gossip", &["strategy.warrior.gossip=0", "strategy.servant.gossip=0", "strategy.abstainer.gossip=0"]),
];

fn scenario(sets: &[&str]) -> Scenario {
    let agents = format!("population.agents={AGENTS}");
    let sets: Vec<&str> =
        sets.iter().copied().chain([agents.as_str(), "rounds=60000", "mixer.every=1"]).collect();
    Scenario::parse("", &sets).expect("the settings are legal")
}

/// Warms a world up with every phase on, so that rows of ties are full, and times its rounds.
fn phase(criterion: &mut Criterion, name: &str, sets: &[&str]) {
    let mut group = criterion.benchmark_group("phase");
    group.throughput(Throughput::Elements(AGENTS.into())).sample_size(20);
    let rules = Rules::new(&scenario(sets));
    let mut simulation = Simulation::new(&rules, 1, Parallelism::SERIAL);
    for _ in 0..40 {
        simulation.step(Parallelism::SERIAL);
    }
    group.bench_function(name, |b| {
        b.iter_batched(|| (), |()| simulation.step(Parallelism::SERIAL), BatchSize::PerIteration)
    });
    group.finish();
}

fn phases(criterion: &mut Criterion) {
    let off = |kept: &str| -> Vec<&str> {
        OFF.iter().filter(|(name, _)| *name != kept).flat_map(|(_, sets)| sets.iter().copied()).collect()
    };
    phase(criterion, "quiet", &off("none"));
    for (name, _) in OFF {
        phase(criterion, name, &off(name));
    }
    phase(criterion, "all", &[]);
    phase(criterion, "all, public standing", &["reputation.kind=public"]);
}

criterion_group!(benches, phases);
criterion_main!(benches);
