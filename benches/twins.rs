//! Twins per second: the cheap way against two whole runs, on the default scenario's settings.
//!
//! `cargo bench --bench twins`

// criterion's macros make public functions without a word.
#![allow(missing_docs)]

use std::hint::black_box;
use std::ops::ControlFlow;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mingle::{BetPlan, Intervention, Parallelism, Progress, Scenario, Simulation, ThreadPool, run_bet};

/// Focal agents of the one world that is played.
const FOCALS: u32 = 20;

fn plan(decompose: bool, focals: u32, more: &[&str]) -> BetPlan {
    let focals = format!("bet.focals={focals}");
    let sets: Vec<&str> = more.iter().copied().chain([focals.as_str(), "burn_in=52"]).collect();
    let scenario = Scenario::parse_bet(include_str!("../scenarios/chamber-mixer.toml"), &sets);
    BetPlan::new(&scenario.expect("the shipped scenario is valid"), decompose)
}

fn one_world(plan: &BetPlan, pool: &ThreadPool) -> u32 {
    run_bet(plan, 0..1, pool, &Progress::default(), |record| {
        black_box(record);
        ControlFlow::Continue(())
    })
}

/// The two worlds of a twin by two whole runs, in which an agent acts as the first and as the second strategy.
fn two_whole_runs(plan: &BetPlan) {
    let (invited, par) = (plan.event_round(), Parallelism::SERIAL);
    for behaviour in [0, 1] {
        let mut world = Simulation::new(plan.rules(), 1, par);
        world.set_intervention(Some(Intervention { agent: 7, invited, behaviour, until: invited }));
        for _ in 0..plan.rules().scenario.rounds {
            black_box(world.step(par));
        }
    }
}

fn twins(c: &mut Criterion) {
    let pool = ThreadPool::new(1).expect("a thread");
    let mut group = c.benchmark_group("twins");
    group.sample_size(10);
    let twins = plan(false, FOCALS, &[]);
    group.throughput(Throughput::Elements(FOCALS.into()));
    group.bench_function("cheap", |b| b.iter(|| one_world(&twins, &pool)));
    let towns = plan(false, FOCALS, &["population.agents=20000", "population.town_size=2000"]);
    group.bench_function("cheap, ten towns", |b| b.iter(|| one_world(&towns, &pool)));
    group.throughput(Throughput::Elements(1));
    group.bench_function("plain", |b| b.iter(|| two_whole_runs(&twins)));
    group.bench_function("plain, ten towns", |b| b.iter(|| two_whole_runs(&towns)));
    let split = plan(true, 1, &[]);
    group.bench_function("decomposed", |b| b.iter(|| one_world(&split, &pool)));
    group.finish();
}

criterion_group!(benches, twins);
criterion_main!(benches);
