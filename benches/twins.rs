//! Twins per second: the cheap way against two whole runs, on the default scenario's settings.
//!
//! `cargo bench --bench twins`

// criterion's macros make public functions without a word.
#![allow(missing_docs)]

use std::hint::black_box;
use std::ops::ControlFlow;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mingle::experiment::{BetPlan, Progress, plain_twin, run_bet};
use mingle::parallel::ThreadPool;
use mingle::scenario::{Override, Source, parse_bet};

/// Focal agents of the one world that is played.
const FOCALS: u32 = 20;

fn plan(decompose: bool, focals: u32, more: &[&str]) -> BetPlan {
    let text = include_bytes!("../scenarios/chamber-mixer.toml");
    let mut sets = vec![Override::set(&format!("bet.focals={focals}")), Override::set("burn_in=52")];
    sets.extend(more.iter().map(|set| Override::set(set)));
    let scenario = parse_bet(&Source { name: "chamber-mixer", bytes: text }, &sets);
    BetPlan::new(&scenario.expect("the shipped scenario is valid"), decompose)
}

fn one_world(plan: &BetPlan, pool: &ThreadPool) -> u32 {
    run_bet(plan, 0..1, pool, &Progress::default(), |record| {
        black_box(record);
        ControlFlow::Continue(())
    })
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
    group.bench_function("plain", |b| b.iter(|| plain_twin(&twins, 0, 7)));
    group.bench_function("plain, ten towns", |b| b.iter(|| plain_twin(&towns, 0, 7)));
    let split = plan(true, 1, &[]);
    group.bench_function("decomposed", |b| b.iter(|| one_world(&split, &pool)));
    group.finish();
}

criterion_group!(benches, twins);
criterion_main!(benches);
