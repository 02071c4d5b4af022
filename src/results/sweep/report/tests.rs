//! Cells and words of sweeps.

use super::super::parse_sweep;
use super::*;
use crate::scenario::{Override, Source};

fn plan(sets: &[&str]) -> SweepPlan {
    let text = "[sweep]\nrefine = true\n[[factor]]\nname = \"fee\"\nkeys = \"calls.fee\"\nmin = 0\nmax = 0.4\nlevels = 3\n\
                [[factor]]\nname = \"norm\"\nkeys = \"reputation.norm\"\nvalues = [\"shunning\", \"image-scoring\"]\n";
    let sets: Vec<Override> = sets.iter().map(|set| Override::set(set)).collect();
    let scenario = parse_sweep(&Source { name: "test", bytes: text.as_bytes() }, &sets);
    SweepPlan::new(scenario.unwrap_or_else(|faults| panic!("{faults}")), Vec::new())
}

#[test]
fn values_of_a_point_are_numbers_as_all_others_of_a_table_and_names_are_as_they_are() {
    let values = ["0.00000010", "0.00000010"].map(str::to_owned).to_vec();
    let point = SweepPoint { number: 4, values, sets: Vec::new() };
    let cells = leading(&plan(&["sweep.refine=false"]).scenario().factors, &point);
    assert_eq!(cells, [Cell::Count(4), Cell::Real(1e-7), Cell::Text("0.00000010")]);
}

#[test]
fn a_sweep_that_refines_says_how_many_points_it_has_saved() {
    let text =
        "[sweep]\nrefine = true\ndepth = 2\n[[factor]]\nname = \"fee\"\nkeys = \"calls.fee\"\nlevels = 3\n";
    let scenario = parse_sweep(&Source { name: "test", bytes: text.as_bytes() }, &[]).unwrap();
    let plan = SweepPlan::new(scenario, Vec::new());
    let told = |points| refined(&plan, points).unwrap();
    assert_eq!(told(9), "9 points visited, 100% of the 9 of a grid as fine");
    assert_eq!(told(3), "3 points visited, 33% of the 9 of a grid as fine");
    assert_eq!(refined(&self::plan(&["sweep.refine=false"]), 6), None);
}
