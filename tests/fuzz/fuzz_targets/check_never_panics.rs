//! Any text with any overrides is read as a scenario of a run, a bet and a sweep, or refused with places and advice.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mingle::{Scenario, SweepPlan};
use mingle_fuzz::{Counting, accepted, lines, parts, points, refused};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Points of a sweep up to which it takes no time to make all of them.
const POINTS_MAX: u64 = 10_000;

fuzz_target!(|data: &[u8]| {
    let Some([text, sets]) = parts(data) else { return };
    let sets = lines(sets);
    let texts = [("scenario", text)];
    match Scenario::parse(text, &sets) {
        Ok(scenario) => accepted(&scenario, &[]),
        Err(faults) => refused(&faults, &texts),
    }
    match Scenario::parse_bet(text, &sets) {
        Ok(scenario) => accepted(&scenario, &[]),
        Err(faults) => refused(&faults, &texts),
    }
    match mingle::parse_sweep(text, &sets) {
        Ok(scenario) => {
            accepted(&scenario, &[]);
            if scenario.sweep.as_ref().is_some_and(|sweep| u64::from(sweep.points) <= POINTS_MAX) {
                points(&SweepPlan::new(scenario, Vec::new()));
            }
        }
        Err(faults) => refused(&faults, &texts),
    }
});
