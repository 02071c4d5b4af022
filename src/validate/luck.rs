//! Null cases: where nothing differs, statistics have to say so as often as they promise.

use super::case::{Case, Quantity, theory_file};
use crate::experiment::{ReplicateRecord, WorldRecord};
use crate::model::M;
use crate::scenario::Scenario;
use crate::stats::{Contrast, Level};

pub(super) fn cases() -> Vec<Case> {
    vec![p_values(), equal_bet()]
}

/// Replicates of each test of a difference.
const REPLICATES: usize = 6;

/// The p-values of the difference in a metric, of one group of replicates after the other.
fn p_values_of(scenario: &Scenario, records: &[ReplicateRecord], metric: M) -> Vec<f64> {
    let means = |strategy| super::case::means(scenario, records, strategy, metric);
    let (first, second) = (means(0), means(1));
    let groups = first.chunks_exact(REPLICATES).zip(second.chunks_exact(REPLICATES));
    groups.filter_map(|(first, second)| Contrast::paired(first, second, Level::USUAL).p_value).collect()
}

fn p_values() -> Case {
    let mut quantities = Vec::new();
    for (name, metric) in [("net", M::Net), ("calls", M::InboundCalls)] {
        quantities.push(Quantity::of_run(format!("mean p of {name}"), 0.5, move |s, records| {
            p_values_of(s, records, metric)
        }));
        for level in [0.05, 0.25] {
            quantities.push(Quantity::of_run(
                format!("p below {level} of {name}"),
                level,
                move |s, records| {
                    let below = |p: f64| f64::from(u8::from(p < level));
                    p_values_of(s, records, metric).into_iter().map(below).collect()
                },
            ));
        }
    }
    Case {
        number: 0,
        name: "null-p-values".to_owned(),
        claim: format!("p-values of equal strategies, from {REPLICATES} replicates each, are uniform"),
        source: "uniform distribution of p-values under the null hypothesis",
        file: theory_file!("equal-strategies.toml"),
        sets: Vec::new(),
        quantities,
    }
}

fn equal_bet() -> Case {
    let largest = |world: &WorldRecord| {
        let differences = world.twins.iter().flat_map(|twin| &twin.horizons).flat_map(|horizon| {
            let net = horizon.second.net - horizon.first.net;
            [net, horizon.partners, horizon.rest].map(|amount| amount.per(1).abs())
        });
        differences.fold(0.0, f64::max)
    };
    let largest = Quantity {
        name: "largest difference".to_owned(),
        expected: 0.0,
        allowance: 0.0,
        measure: super::case::Measure::Bet(Box::new(move |worlds| worlds.iter().map(largest).collect())),
    };
    Case {
        number: 0,
        name: "null-bet".to_owned(),
        claim: "a bet between equal strategies changes nothing for anyone".to_owned(),
        source: "the two worlds share every draw",
        file: theory_file!("equal-strategies.toml"),
        sets: Vec::new(),
        quantities: vec![largest],
    }
}
