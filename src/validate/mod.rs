//! Validation: special cases of the model whose answer is known in closed form, run through ordinary scenarios.
//!
//! A case has a scenario file of `scenarios/theory`, overrides, and quantities with their expected values, which are
//! computed from the formulas of the literature ([`theory`]). A quantity is measured once for each replicate, and
//! agrees if its mean is within an allowance and a number of standard errors of the expected value. That number is such
//! that a correct program fails in at most [`FALSE_ALARM`] of all validations.
//!
//! Beside theory stands [evidence]: published patterns, and whether two shipped scenarios show them.

mod case;
mod encounters;
mod evidence;
mod evolution;
mod luck;
mod reputation;
mod theory;

pub(crate) use case::{Case, FALSE_ALARM, Limits};
pub(crate) use evidence::{Pattern, measure, patterns, rounds as rounds_of_evidence};

/// All cases.
pub(crate) fn cases() -> Vec<Case> {
    let groups = [reputation::cases(), encounters::cases(), evolution::cases(), luck::cases()];
    let all = (1..).zip(groups.into_iter().flatten());
    all.map(|(number, case)| Case { number, ..case }).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::case::Quantity;
    use super::*;
    use crate::experiment::Progress;
    use crate::parallel::ThreadPool;

    #[test]
    fn cases_have_names_of_their_own_valid_scenarios_and_all_theory_files_are_used() {
        let all = cases();
        let names: BTreeSet<&str> = all.iter().map(|case| case.name.as_str()).collect();
        assert_eq!(names.len(), all.len());
        assert!(all.len() >= 25, "{} cases", all.len());
        for case in &all {
            assert!(case.replicates() > 1, "{}", case.name);
            let quantities: BTreeSet<&str> = case.quantities.iter().map(|q| q.name.as_str()).collect();
            assert_eq!(quantities.len(), case.quantities.len(), "{}", case.name);
            assert!(case.quantities.iter().all(|q| q.expected.is_finite() && q.allowance < 0.03));
        }
        let used: BTreeSet<&str> = all.iter().map(|case| case.file.0).collect();
        let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/theory");
        let there: BTreeSet<String> = std::fs::read_dir(dir)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        assert_eq!(used.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>(), there);
    }

    #[test]
    fn a_quantity_agrees_within_its_limit_and_disagrees_beyond_it() {
        let case = cases().swap_remove(0);
        let limits = Limits::new(50);
        let limit = limits.of(100);
        assert!((limit - 3.863).abs() < 0.001, "{limit}");
        // A hundred values of 0 and 1 by turns: mean 0.5, standard error 0.0503.
        let values: Vec<f64> = (0..100).map(|k| f64::from(k % 2)).collect();
        let agrees = |expected: f64, allowance: f64| {
            let quantity = Quantity::of_run("", expected, |_, _| Vec::new()).within(allowance);
            case.judge(&quantity, &values, 0, &limits).agrees
        };
        assert!(agrees(0.5, 0.0) && agrees(0.5 + 0.19, 0.0) && agrees(0.5 - 0.19, 0.0));
        assert!(!agrees(0.5 + 0.2, 0.0) && !agrees(0.5 - 0.2, 0.0) && agrees(0.5 + 0.2, 0.02));
        // Without spread only the expected value itself agrees.
        let exact = |expected| {
            let quantity = Quantity::of_run("", expected, |_, _| Vec::new());
            case.judge(&quantity, &[0.0; 5], 0, &limits).agrees
        };
        assert!(exact(0.0) && !exact(1e-12));
    }

    #[test]
    fn a_case_disagrees_with_a_model_of_other_parameters() {
        let mut case =
            cases().into_iter().find(|case| case.name == "gifts-of-48-guests").expect("there is such a case");
        let (pool, progress) = (ThreadPool::new(1).unwrap(), Progress::default());
        let limits = Limits::of_all(&cases());
        let agrees = |case: &Case| {
            let rows = case.run(0, &limits, &pool, &progress).expect("nobody stops it");
            rows.iter().all(|row| row.agrees)
        };
        assert!(agrees(&case));
        case.sets.push("mixer.slots=11".to_owned());
        assert!(!agrees(&case));
    }
}
