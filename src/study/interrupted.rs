//! Sweeps that end after any unit and in any write go on to the same bytes. Stories that are stopped are left out.

use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use crate::experiment::{BetPlan, Progress, SweepPlan, bet, run_units};
use crate::parallel::ThreadPool;
use crate::results::{BetOptions, BetWriter, Part, StoryOf, SweepInput, SweepOptions, SweepWriter};

/// A sweep of 12 points that is done in no time.
const SMALL: &str = "rounds = 12\nburn_in = 4\nreplicates = 6\n[population]\nagents = 60\n\
    [mixer]\nsize = 12\n[sweep]\n[[factor]]\nname = \"legibility\"\nkeys = \"reputation.legibility\"\nlevels = 4\n\
    [[factor]]\nname = \"fee\"\nkeys = \"calls.fee\"\nmax = 0.6\nlevels = 3\n";

/// All files of a folder and of the folder `parts` in it, by their names, with their bytes.
fn files(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for folder in [dir.to_owned(), dir.join("parts")] {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_file() {
                files.insert(path.strip_prefix(dir).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    assert!(files.len() > 3, "{files:?}");
    files
}

fn small_plan() -> SweepPlan {
    SweepPlan::new(crate::parse_sweep(SMALL, &[]).unwrap(), Vec::new())
}

/// Plays at most so many units of what is left; how many they were, if that was all of it.
fn play(plan: &SweepPlan, out: &Path, most: usize) -> Option<usize> {
    let input = SweepInput { plan, list: None };
    let options = SweepOptions { resume: true, ..SweepOptions::default() };
    let mut writer = SweepWriter::open(out, input, options, Part::WHOLE).unwrap().unwrap();
    let pool = ThreadPool::new(1).unwrap();
    let mut played = 0;
    loop {
        let units = writer.next_units().unwrap();
        if units.is_empty() {
            break;
        }
        let n = units.len().min(most - played);
        run_units(
            plan,
            n,
            |i| units[i].clone(),
            &pool,
            &Progress::default(),
            |unit, record| {
                writer.put(&unit, &record.unwrap()).unwrap();
                ControlFlow::Continue(())
            },
        );
        played += n;
        if played == most {
            return None;
        }
    }
    writer.finish(true).unwrap();
    Some(played)
}

#[test]
fn a_sweep_that_ends_after_any_unit_and_in_any_write_goes_on_to_the_same_bytes() {
    let plan = small_plan();
    let whole = tempfile::tempdir().unwrap();
    let units = play(&plan, &whole.path().join("a"), usize::MAX).unwrap();
    assert_eq!(units, 24, "12 points of 6 replicates, in units of 5 and 1");
    let whole = files(&whole.path().join("a"));
    for stop in 0..=units {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("a");
        assert_eq!(play(&plan, &out, stop), None);
        // The last write was cut off somewhere.
        let entries = fs::read_dir(out.join("parts")).unwrap().map(|entry| entry.unwrap().path());
        for file in entries.filter(|path| path.extension().is_some_and(|e| e == "partial")) {
            let length = fs::metadata(&file).unwrap().len();
            fs::File::options()
                .write(true)
                .open(&file)
                .unwrap()
                .set_len(length.saturating_sub(13 * stop as u64))
                .unwrap();
        }
        play(&plan, &out, usize::MAX).unwrap();
        assert!(files(&out) == whole, "stopped after {stop} of {units} units");
    }
}

#[test]
fn a_story_that_is_stopped_is_left_out_and_the_worlds_are_kept() {
    let sets = ["population.agents=60", "burn_in=4", "bet.worlds=2", "bet.focals=3", "bet.horizons=[0, 4]"];
    let plan = BetPlan::new(&crate::Scenario::parse_bet("", &sets).unwrap(), false);
    let (pool, dir) = (ThreadPool::new(1).unwrap(), tempfile::tempdir().unwrap());
    let options = BetOptions { worlds: 2, story: Some(StoryOf::Both), ..BetOptions::default() };
    let mut writer = BetWriter::create(dir.path(), &plan, options).unwrap();
    bet(&plan.rules().scenario, &pool).iter().for_each(|world| writer.world(world).unwrap());
    let progress = Progress::default();
    progress.stop();
    super::tell_stories(&mut writer, &plan, &pool, &progress);
    let summary = writer.finish(true).unwrap();
    assert_eq!((summary.worlds_done, summary.story.len()), (2, 0));
    for (name, bytes) in files(dir.path()) {
        assert!(!String::from_utf8_lossy(&bytes).contains("story"), "{}", name.display());
    }
}
