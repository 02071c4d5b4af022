//! What the machinery of a sweep costs: points with replicates against the same runs in a plain loop.
//!
//! `cargo bench --bench sweeps`

// criterion's macros make public functions without a word.
#![allow(missing_docs)]

use std::hint::black_box;
use std::ops::ControlFlow;

use criterion::{Criterion, criterion_group, criterion_main};
use mingle::{Progress, Scenario, SweepInput, SweepOptions, SweepPlan, ThreadPool, run_replicates};

/// Small worlds of half a year, two replicates each.
const TEXT: &str = "rounds = 26\nburn_in = 8\nreplicates = 2\n[population]\nagents = 100\n\
    [sweep]\ndesign = \"random\"\npoints = 10000\n\
    [[factor]]\nname = \"legibility\"\nkeys = \"reputation.legibility\"\n\
    [[factor]]\nname = \"fee\"\nkeys = \"calls.fee\"\nmax = 0.6\n";

fn plan() -> SweepPlan {
    SweepPlan::new(mingle::parse_sweep(TEXT, &[]).expect("a valid sweep"), Vec::new())
}

/// Every replicate of every point, and nothing else.
fn plain(scenarios: &[Scenario], pool: &ThreadPool) {
    for scenario in scenarios {
        run_replicates(scenario, pool, false, &Progress::default(), |record| {
            black_box(record);
            ControlFlow::Continue(())
        });
    }
}

/// A whole sweep, from an empty folder to its tables.
fn sweep(plan: &SweepPlan, pool: &ThreadPool) {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("out");
    let (input, options) = (SweepInput { plan, list: None }, SweepOptions::default());
    let summary = mingle::sweep_to(&out, input, options, pool, &Progress::default());
    black_box(summary.expect("a writable folder"));
}

fn sweeps(c: &mut Criterion) {
    let pool = ThreadPool::new(1).expect("a thread");
    let plan = plan();
    let scenario = |number| plan.scenario_at(&plan.point(number)).expect("points that go together");
    let scenarios: Vec<Scenario> = (0..plan.n_points()).map(scenario).collect();
    let mut group = c.benchmark_group("sweeps");
    group.sample_size(10);
    group.bench_function("plain", |b| b.iter(|| plain(&scenarios, &pool)));
    group.bench_function("sweep", |b| b.iter(|| sweep(&plan, &pool)));
    group.bench_function("points", |b| {
        b.iter(|| (0..plan.n_points()).for_each(|n| drop(black_box(scenario(n)))))
    });
    group.finish();
}

criterion_group!(benches, sweeps);
criterion_main!(benches);
