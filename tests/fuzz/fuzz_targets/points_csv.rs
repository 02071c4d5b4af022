//! Any text is read as a list of points, or refused with its line; each point is a scenario, or has faults with places.

#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use mingle::SweepPlan;
use mingle_fuzz::{Counting, parts};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const SCENARIO: &str = "[sweep]\ndesign = \"list\"\nfile = \"points.csv\"\n\
    [[factor]]\nname = \"fee\"\nkeys = \"calls.fee\"\n[[factor]]\nname = \"size\"\nkeys = [\"mixer.size\"]\n";
/// So many points are looked at.
const LOOKED_AT: u64 = 20;

fuzz_target!(|data: &[u8]| {
    let Some([text]) = parts(data) else { return };
    let n_lines = text.split('\n').count();
    let points = match mingle::read_points(Path::new("points.csv"), text, &["fee", "size"]) {
        Ok(points) => points,
        Err(error) => {
            assert!(error.line.is_none_or(|line| line as usize <= n_lines), "{error}");
            assert!(error.to_string().starts_with("points.csv"), "{error}");
            return;
        }
    };
    for point in &points {
        assert!((1..=n_lines).contains(&point.line), "line {} of {n_lines}", point.line);
        assert!(point.values.len() == 2 && point.places.len() == 2);
    }
    let scenario = mingle::parse_sweep(SCENARIO, &[]).expect("it is valid");
    let plan = SweepPlan::new(scenario, points);
    for number in 0..plan.n_points().min(LOOKED_AT) {
        let point = plan.point(number);
        if let Err(fault) = plan.scenario_at(&point) {
            let faults = &fault.diagnostics;
            assert!(!faults.faults().is_empty() && !faults.render(true).is_empty());
            for fault in faults.faults() {
                let place = faults.place(fault).unwrap_or_else(|| panic!("no place: {}", fault.message()));
                assert!(place.0 == "points.csv" && place.1 <= n_lines, "{place:?}: {}", fault.message());
            }
        }
    }
});
