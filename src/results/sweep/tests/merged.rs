//! Sweeps in parts.

use super::*;

#[test]
fn a_sweep_is_merged_if_it_is_whole() {
    let (parent, plan) = (tempfile::tempdir().unwrap(), plan(&[]));
    let dir = parent.path().join("out");
    assert!(!is_merged(&dir).unwrap() && !dir.exists());
    let mut writer = open(&dir, &plan, SweepOptions::default()).unwrap();
    let units = writer.next_units().unwrap();
    put(&writer, &units[0], |_| 1.0);
    writer.finish(false).unwrap();
    assert!(!is_merged(&dir).unwrap(), "it was interrupted");
    let mut writer = open(&dir, &plan, RESUMED).unwrap();
    fill(&mut writer, |_| 1.0);
    writer.finish(true).unwrap();
    assert!(is_merged(&dir).unwrap());
    fs::write(dir.join("sweep.csv"), "changed").unwrap();
    assert!(is_merged(&dir).is_err());
    fs::write(dir.join("manifest.json"), "{\"command\": \"run\", \"interrupted\": false}").unwrap();
    assert!(!is_merged(&dir).unwrap(), "it is no sweep");
    fs::remove_file(dir.join("manifest.json")).unwrap();
    assert!(!is_merged(&dir).unwrap());
}

/// Runs a task of two.
fn run_task(dir: &Path, plan: &SweepPlan, task: u32) -> Option<u64> {
    let input = SweepInput { plan, list: None };
    let part = Part { task, tasks: 2 };
    let mut writer = SweepWriter::open(dir, input, SweepOptions::default(), part).unwrap()?;
    let left = writer.replicates_left().unwrap();
    fill(&mut writer, |point| point as f64);
    writer.finish_part().unwrap();
    Some(left)
}

fn merge(dir: &Path, plan: &SweepPlan, force: bool) -> Result<Option<SweepSummary>, Fault> {
    let options = SweepOptions { force, ..SweepOptions::default() };
    let writer = SweepWriter::merge(dir, SweepInput { plan, list: None }, options, 2);
    let writer = writer.map_err(|error| error.fault)?;
    Ok(writer.map(|writer| writer.finish(true).unwrap()))
}

#[test]
fn parts_are_merged_only_if_all_are_there_and_whole() {
    let (parent, plan) = (tempfile::tempdir().unwrap(), plan(&[]));
    let (dir, kept) = (parent.path().join("out"), parent.path().join("kept"));
    let part = |task: u32| dir.join(PARTS).join(format!("part-{task}-of-2.whole"));
    let input = SweepInput { plan: &plan, list: None };
    let writer = SweepWriter::open(&dir, input, SweepOptions::default(), Part { task: 1, tasks: 2 });
    let writer = writer.unwrap().unwrap();
    fs::remove_file(writer.store.path()).unwrap();
    assert!(writer.finish_part().is_err(), "its file is gone, and no other attempt has made the part");
    assert_eq!(run_task(&dir, &plan, 1), Some(7), "of the point 1");
    assert!(matches!(merge(&dir, &plan, false), Err(Fault::MissingParts(missing, 2)) if missing == [0]));
    assert_eq!((run_task(&dir, &plan, 0), run_task(&dir, &plan, 0)), (Some(14), None));
    let mut bytes = fs::read(part(1)).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(part(1), bytes).unwrap();
    assert!(matches!(merge(&dir, &plan, false), Err(Fault::DamagedParts(damaged, 2)) if damaged == [1]));
    assert_eq!(run_task(&dir, &plan, 1), Some(1), "what is undamaged is copied");

    fs::write(dir.join("rounds.csv"), "of a run").unwrap();
    assert!(matches!(merge(&dir, &plan, false), Err(Fault::Exists)));
    fs::remove_file(dir.join("rounds.csv")).unwrap();

    fs::create_dir(&kept).unwrap();
    let copy = |from: &Path, to: &Path| {
        fs::read_dir(from).unwrap().map(|entry| entry.unwrap()).for_each(|entry| {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        });
    };
    copy(&dir.join(PARTS), &kept);
    assert_eq!(fs::read_dir(&kept).unwrap().count(), 3, "the specification and two parts");
    let input = SweepInput { plan: &plan, list: None };
    drop(SweepWriter::merge(&dir, input, SweepOptions::default(), 2).unwrap().unwrap());
    assert_eq!(fs::read_dir(dir.join(PARTS)).unwrap().count(), 3, "a merge that fails leaves no file");
    let summary = merge(&dir, &plan, false).unwrap().unwrap();
    assert_eq!((summary.points, summary.replicates, summary.interrupted), (3, 21, false));
    assert!(!dir.join(PARTS).exists());

    // As if the merge had been killed before it removed the parts.
    let restore = || {
        fs::create_dir(dir.join(PARTS)).unwrap();
        copy(&kept, &dir.join(PARTS));
    };
    restore();
    assert!(merge(&dir, &plan, false).unwrap().is_none() && !dir.join(PARTS).exists());
    restore();
    let whole = fs::read(dir.join("sweep.csv")).unwrap();
    fs::write(dir.join("sweep.csv"), "changed").unwrap();
    assert!(matches!(merge(&dir, &plan, false), Err(Fault::Damaged(_))));
    assert!(merge(&dir, &plan, true).unwrap().is_some());
    assert_eq!(fs::read(dir.join("sweep.csv")).unwrap(), whole);
}
