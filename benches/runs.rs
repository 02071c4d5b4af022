//! What whole runs cost: many small worlds side by side, and large ones on all threads.

// criterion's macros make public functions without a word.
#![allow(missing_docs)]

use std::ops::ControlFlow;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use mingle::{Progress, Scenario, ThreadPool, run_replicates};

fn runs(criterion: &mut Criterion) {
    let cases: [(&str, &[&str]); 4] = [
        ("2,000 agents x 156 rounds x 4 replicates", &["replicates=4"]),
        (
            "200 agents x 52 rounds x 100 replicates",
            &["population.agents=200", "rounds=52", "burn_in=4", "replicates=100"],
        ),
        (
            "100,000 agents x 16 rounds, one town",
            &["population.agents=100000", "rounds=16", "burn_in=4", "replicates=1"],
        ),
        (
            "200,000 agents x 16 rounds, towns of 20,000",
            &[
                "population.agents=200000",
                "population.town_size=20000",
                "rounds=16",
                "burn_in=4",
                "replicates=1",
            ],
        ),
    ];
    for (name, sets) in cases {
        let scenario = Scenario::parse("", sets).expect("the settings are legal");
        let mut group = criterion.benchmark_group(name);
        let agent_rounds = u64::from(scenario.population.agents)
            * u64::from(scenario.rounds)
            * u64::from(scenario.replicates);
        group.throughput(Throughput::Elements(agent_rounds)).sample_size(10);
        for n_threads in [1, 2] {
            let pool = ThreadPool::new(n_threads).expect("threads start");
            group.bench_with_input(BenchmarkId::new("threads", n_threads), &pool, |b, pool| {
                b.iter(|| {
                    run_replicates(
                        &scenario,
                        pool,
                        false,
                        &Progress::default(),
                        |_| ControlFlow::Continue(()),
                    )
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, runs);
criterion_main!(benches);
