//! The values that overrides change are themselves overrides that give the same scenario.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mingle::Scenario;
use mingle_fuzz::{Counting, accepted, lines, parts, refused};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fuzz_target!(|data: &[u8]| {
    let Some([sets]) = parts(data) else { return };
    let sets = lines(sets);
    let scenario = match Scenario::parse("", &sets) {
        Ok(scenario) => scenario,
        Err(faults) => return refused(&faults, &[("scenario", "")]),
    };
    accepted(&scenario, &[]);
    let changes: Vec<String> =
        scenario.changes().iter().map(|change| format!("{}={}", change.key, change.value)).collect();
    let changes: Vec<&str> = changes.iter().map(String::as_str).collect();
    let again = Scenario::parse("", &changes);
    let again = again.unwrap_or_else(|faults| panic!("{sets:?} gives {changes:?}, which is refused: {faults}"));
    assert_eq!(again.changes(), scenario.changes(), "{sets:?} gives {changes:?}, which gives others");
    // The overrides one after the other give what they give together.
    let one_by_one = sets.iter().try_fold(Scenario::default(), |scenario, set| scenario.with(&[set]));
    if let Ok(last) = one_by_one {
        assert!(last == scenario, "{sets:?} one by one give another scenario");
    }
});
