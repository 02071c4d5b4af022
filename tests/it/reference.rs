//! The same numbers as a second implementation gives that was written from the model's description.
//!
//! The numbers in `tests/reference/cases` are written by that implementation alone, see the page
//! `tests/reference/README.md`. If one differs, the program no longer does what `docs/model.md`
//! says, or the page has changed and the second implementation has to follow it.

use std::fs;
use std::path::Path;

use mingle::records::{METRICS, ReplicateRecord};

use crate::support::{check_each, root, run, scenario, sources_below};

/// What a cell says: a number, or nothing.
fn number(cell: &str) -> f64 {
    if cell.is_empty() { f64::NAN } else { cell.parse().unwrap() }
}

/// Compares every value of the records with the rows that the reference wrote.
fn compare(case: &str, strategies: &[String], records: &[ReplicateRecord], expected: &Path) {
    let mut rows = csv::Reader::from_path(expected).unwrap_or_else(|e| panic!("{case}: {e}"));
    let columns: Vec<String> = rows.headers().unwrap().iter().map(str::to_string).collect();
    assert_eq!(columns[..4], ["replicate", "round", "strategy", "agents"], "{case}");
    assert!(columns[4..].iter().eq(METRICS.iter().map(|m| m.name)), "{case}: other columns");
    let mut rows = rows.records();
    for record in records {
        for round in &record.rounds {
            let row = rows.next().unwrap_or_else(|| panic!("{case}: the reference ends")).unwrap();
            let (week, strategy) = (round.round, &strategies[usize::from(round.strategy)]);
            let place = [record.replicate.to_string(), week.to_string(), strategy.clone()];
            assert!(row.iter().take(3).eq(&place), "{case}: {place:?} against {row:?}");
            let values = std::iter::once(f64::from(round.agents)).chain(round.values);
            for ((column, value), cell) in columns[3..].iter().zip(values).zip(row.iter().skip(3)) {
                let expected = number(cell);
                // Cells have 12 digits: far more than it takes to tell counts apart.
                let same = (value - expected).abs() <= 1e-9 * expected.abs().max(1.0);
                assert!(
                    same || value.is_nan() && expected.is_nan(),
                    "{case}, round {week}, {strategy}: {column} is {value}, by the reference {expected}"
                );
            }
        }
    }
    assert!(rows.next().is_none(), "{case}: the reference goes on");
}

/// The program does what the description says in one case.
fn check(name: &str) {
    let path = root().join("tests/reference/cases").join(name).with_extension("toml");
    let scenario = scenario(&fs::read_to_string(&path).unwrap(), &[]);
    let strategies: Vec<String> = scenario.strategies.iter().map(|s| s.name.clone()).collect();
    compare(name, &strategies, &run(&scenario, 2), &path.with_extension("csv"));
}

check_each! {
    "at-once" at_once
    "at-once-public" at_once_public
    "changes" changes
    "deep-chains" deep_chains
    "evolution" evolution
    "familiarity" familiarity
    "familiarity-public" familiarity_public
    "full-lists" full_lists
    "no-chains" no_chains
    "observe" observe
    "observe-shunning" observe_shunning
    "one-domain" one_domain
    "pay-forward" pay_forward
    "pay-forward-public" pay_forward_public
    "people-differ" people_differ
    "people-differ-public" people_differ_public
    "politeness" politeness
    "prices" prices
    "private" private
    "public-image" public_image
    "public-shunning" public_shunning
    "public-standing" public_standing
    "public-stern" public_stern
    "reciprocity" reciprocity
    "reciprocity-public" reciprocity_public
    "regions" regions
    "replicates" replicates
    "sizes" sizes
    "sizes-public" sizes_public
    "strangers" strangers
    "strangers-linger" strangers_linger
    "survival" survival
    "survival-evolution" survival_evolution
    "together" together
    "together-public" together_public
    "unpaid" unpaid
    "whom" whom
    "whom-public" whom_public
}

#[test]
fn every_case_of_the_reference_has_a_test() {
    let below = sources_below("tests/reference/cases");
    let names = below.iter().filter_map(|path| path.rsplit('/').next()?.strip_suffix(".toml"));
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    assert_eq!(names, NAMES, "check_each! in tests/it/reference.rs has others");
}
