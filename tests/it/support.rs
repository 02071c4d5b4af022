//! What several test modules need.

use std::ops::ControlFlow;

use mingle::experiment::{Progress, ReplicateRecord, run_replicates};
use mingle::model::M;
use mingle::parallel::Crew;
use mingle::scenario::{Override, Scenario, Source, parse};

/// The scenario of a TOML text with overrides.
pub(crate) fn scenario(text: &str, sets: &[&str]) -> Scenario {
    let overrides: Vec<Override> = sets.iter().map(|set| Override::set(set)).collect();
    parse(&Source { name: "test.toml", bytes: text.as_bytes() }, &overrides)
        .unwrap_or_else(|faults| panic!("{}", faults.render(false)))
}

/// All replicates of a scenario.
pub(crate) fn run(scenario: &Scenario, n_threads: usize) -> Vec<ReplicateRecord> {
    let crew = Crew::new(n_threads).unwrap();
    let mut records = Vec::new();
    let n = run_replicates(scenario, &crew, true, &Progress::default(), |record| {
        records.push(record);
        ControlFlow::Continue(())
    });
    assert_eq!(n, scenario.replicates);
    records
}

/// Each replicate's mean of a metric for a strategy over the rounds from `from`, weighted by members.
pub(crate) fn means(records: &[ReplicateRecord], strategy: u16, metric: M, from: u32) -> Vec<f64> {
    records
        .iter()
        .map(|record| {
            let (mut sum, mut weight) = (0.0, 0.0);
            for row in record.rounds.iter().filter(|r| r.strategy == strategy && r.round >= from) {
                let value = row.values[metric as usize];
                if !value.is_nan() {
                    sum += value * f64::from(row.agents);
                    weight += f64::from(row.agents);
                }
            }
            sum / weight
        })
        .collect()
}

/// Mean and standard error.
pub(crate) fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}

/// Asserts that a mean of independent values lies within 4 standard errors (and `slack`, for what
/// the formula leaves out) of what theory says.
pub(crate) fn assert_near(values: &[f64], expected: f64, slack: f64, what: &str) {
    let (mean, error) = mean_and_error(values);
    assert!(
        (mean - expected).abs() <= 4.0 * error + slack,
        "{what}: expected {expected:.5}, measured {mean:.5} +- {error:.5} (slack {slack})"
    );
}
