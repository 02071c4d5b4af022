//! A scenario that is accepted runs (bets, sweeps) without a panic and within the memory that was estimated for it, and
//! its charts and its report are made.

#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use mingle::{
    BetOptions, BetPlan, Progress, RunOptions, Scenario, SweepInput, SweepOptions, SweepPlan, ThreadPool,
};
use mingle_fuzz::{Counting, Folder, lines, parts, peak_of, pool, small};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Most points of a sweep, and most replicates at all of them.
const POINTS_MAX: u64 = 6;
const UNITS_MAX: u64 = 12;

/// What a sweep of few small points and the charts of a small result take at most.
const SWEEP_BYTES: u64 = 60 << 20;
const CHARTS_BYTES: u64 = 100 << 20;

fuzz_target!(|data: &[u8]| {
    let Some([text, sets]) = parts(data) else { return };
    let sets = lines(sets);
    let Ok(asked) = Scenario::parse(text, &sets) else { return };
    let Some(smaller) = small(&asked) else { return };
    let sets: Vec<&str> = sets.into_iter().chain(smaller.iter().map(String::as_str)).collect();
    let pool = pool();
    if asked.sweep.is_some() || !asked.factors.is_empty() {
        let Ok(scenario) = mingle::parse_sweep(text, &sets) else { return };
        sweep(scenario, &pool);
    } else if asked.bet.is_some() {
        let Ok(scenario) = Scenario::parse_bet(text, &sets) else { return };
        bet(&scenario, &pool);
    } else {
        let Ok(scenario) = Scenario::parse(text, &sets) else { return };
        run(scenario, &pool);
    }
});

fn run(scenario: Scenario, pool: &ThreadPool) {
    if scenario.auto_burn_in {
        return;
    }
    let folder = Folder::new("run");
    let options = RunOptions { agents: true, network: vec![scenario.rounds - 1], ..RunOptions::default() };
    let dir = folder.path().join("result");
    let (done, peak) = peak_of(|| mingle::run_to(&dir, &scenario, options, pool, &Progress::default()));
    assert!(done.expect("the disk is whole").expect("nobody stopped it").replicates_done > 0);
    drawn(&dir, pool, peak, mingle::run_memory(&scenario, 1, true));
}

fn bet(scenario: &Scenario, pool: &ThreadPool) {
    let folder = Folder::new("bet");
    let plan = BetPlan::new(scenario, true);
    let options = BetOptions { worlds: plan.bet().worlds, ..BetOptions::default() };
    let dir = folder.path().join("result");
    let (done, peak) = peak_of(|| mingle::bet_to(&dir, &plan, options, pool, &Progress::default()));
    assert!(done.expect("the disk is whole").expect("nobody stopped it").worlds_done > 0);
    drawn(&dir, pool, peak, mingle::bet_memory(&plan, 1));
}

fn sweep(scenario: Scenario, pool: &ThreadPool) {
    let plan = SweepPlan::new(scenario, Vec::new());
    let rules = plan.rules();
    let replicates = if plan.bets() { 1 } else { u64::from(plan.scenario().replicates) };
    if rules.refine || !rules.file.is_empty() || plan.n_points() > POINTS_MAX {
        return;
    }
    let all_small = (0..plan.n_points()).all(|number| {
        let scenario = plan.scenario_at(&plan.point(number));
        scenario.is_ok_and(|scenario| small(&scenario).is_some_and(|sets| sets.is_empty()))
    });
    if !all_small || plan.n_points() * replicates > UNITS_MAX {
        return;
    }
    let folder = Folder::new("sweep");
    let dir = folder.path().join("result");
    let input = SweepInput { plan: &plan, list: None };
    let (done, peak) =
        peak_of(|| mingle::sweep_to(&dir, input, SweepOptions::default(), pool, &Progress::default()));
    assert!(done.expect("the disk is whole").expect("nobody stopped it").points > 0);
    drawn(&dir, pool, peak, SWEEP_BYTES);
}

/// Makes the charts and the report. `peak` is the memory that the run took, `estimated` what was estimated for it.
fn drawn(dir: &Path, pool: &ThreadPool, peak: u64, estimated: u64) {
    assert!(peak <= estimated, "{peak} bytes where {estimated} were estimated");
    let (made, of_charts) = peak_of(|| mingle::draw(dir, pool).and_then(|_| mingle::report(dir, pool)));
    made.expect("a result that was just written is read");
    assert!(of_charts < CHARTS_BYTES, "{of_charts} bytes for charts");
}
