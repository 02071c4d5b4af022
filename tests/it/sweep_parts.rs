//! Sweeps that end early, go on, or are done in parts: the same bytes in the end.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use super::sweep::{call, command, done, files, manifest, refused, rows, sweep};

#[test]
fn the_bytes_do_not_depend_on_threads_or_on_parts() {
    let dir = tempfile::tempdir().unwrap();
    for more in [
        &[][..],
        &["--set", "sweep.until=decided", "--set", "sweep.replicates_max=20"],
        &[
            "--set",
            "sweep.experiment=bet",
            "--set",
            "bet.worlds=3",
            "--set",
            "bet.focals=4",
            "--set",
            "bet.horizons=[0, 3]",
        ],
        &["--set", "sweep.common_luck=false", "--set", "sweep.design=sobol", "--set", "sweep.points=4"],
    ] {
        let folder = tempfile::tempdir_in(dir.path()).unwrap();
        let at = folder.path();
        done(at, &[&sweep("one", &["--threads", "1"])[..], more].concat());
        done(at, &[&sweep("many", &["--threads", "8"])[..], more].concat());
        for task in ["2", "0", "1", "1"] {
            done(at, &[&sweep("parts", &["--tasks", "3", "--task", task])[..], more].concat());
        }
        // Two attempts at one part at the same time.
        let twice = [&sweep("parts", &["--tasks", "3", "--task", "2"])[..], more].concat();
        fs::remove_file(at.join("parts/parts/part-2-of-3.whole")).unwrap();
        let both = [0; 2].map(|_| command(at, &twice).spawn().unwrap());
        for attempt in both {
            let output = attempt.wait_with_output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        done(at, &["merge", "parts", "--no-charts"]);
        // A task that comes too late leaves the result as it is.
        done(at, &twice);
        let one = files(&at.join("one"));
        assert!(one == files(&at.join("many")), "threads: {more:?}");
        assert!(one == files(&at.join("parts")), "parts: {more:?}");
    }
}

/// The files that two results do not share.
fn unlike(a: &BTreeMap<PathBuf, Vec<u8>>, b: &BTreeMap<PathBuf, Vec<u8>>) -> Vec<String> {
    let names: BTreeSet<_> = a.keys().chain(b.keys()).filter(|name| a.get(*name) != b.get(*name)).collect();
    names.into_iter().map(|name| name.display().to_string()).collect()
}

/// A sweep with its charts, killed again and again at moments spread over the time that it takes. If it is
/// ready sooner than that, the moments move forward, so that any machine does as many kills.
fn kill_and_go_on(dir: &Path, arguments: &[&str], kills: u32) {
    let start = Instant::now();
    done(dir, &[&["sweep", "small.toml", "--out", "whole", "--force"], arguments].concat());
    let mut time = start.elapsed();
    let whole = files(&dir.join("whole"));
    let mut moments = 1_u64;
    let mut killed = 0;
    for attempt in 0.. {
        let out = format!("killed-{attempt}");
        let again = [&["sweep", "small.toml", "--out", &out, "--resume"], arguments].concat();
        for _ in 0..3 {
            moments = moments.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let mut child = command(dir, &again).spawn().unwrap();
            std::thread::sleep(time.mul_f64((moments >> 40) as f64 / (1 << 24) as f64));
            if child.try_wait().unwrap().is_none() {
                killed += 1;
            } else {
                time = time.mul_f64(0.8);
            }
            let _ = child.kill();
            child.wait().unwrap();
        }
        done(dir, &again);
        assert_eq!(unlike(&files(&dir.join(&out)), &whole), [""; 0], "{out}: {arguments:?}");
        fs::remove_dir_all(dir.join(&out)).unwrap();
        if killed >= kills {
            return;
        }
    }
}

#[test]
fn a_sweep_killed_at_any_moment_goes_on_to_the_same_bytes() {
    let dir = tempfile::tempdir().unwrap();
    let grid = ["--set", "factor.fee.levels=10", "--set", "replicates=10"];
    kill_and_go_on(dir.path(), &grid, 20);
    let refined = ["--set", "sweep.refine=true", "--set", "sweep.depth=2", "--set", "replicates=12"];
    kill_and_go_on(dir.path(), &refined, 20);
    let decided = ["--set", "sweep.until=decided", "--set", "sweep.replicates_max=30"];
    kill_and_go_on(dir.path(), &decided, 12);
}

#[test]
fn what_a_killed_sweep_left_out_at_its_very_end_is_made_up_for() {
    let dir = tempfile::tempdir().unwrap();
    let arguments = ["sweep", "small.toml", "--out", "a", "--resume"];
    done(dir.path(), &arguments);
    let out = dir.path().join("a");
    let whole = files(&out);
    // Killed before its charts were drawn, its parts removed and its hold of the folder given up.
    fs::remove_dir_all(out.join("charts")).unwrap();
    fs::create_dir(out.join("parts")).unwrap();
    fs::write(out.join("parts/part-0-of-1.1-1.partial"), "").unwrap();
    fs::write(out.join(".mingle-writing"), "").unwrap();
    done(dir.path(), &arguments);
    assert!(files(&out) == whole);
    assert!(!out.join("parts").exists());
}

#[test]
fn merging_again_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    for task in ["0", "1"] {
        done(dir.path(), &sweep("a", &["--tasks", "2", "--task", task]));
    }
    done(dir.path(), &["merge", "a"]);
    let whole = files(&dir.path().join("a"));
    fs::remove_dir_all(dir.path().join("a/charts")).unwrap();
    done(dir.path(), &["merge", "a"]);
    assert!(files(&dir.path().join("a")) == whole);
}

#[cfg(unix)]
#[test]
fn after_an_interruption_there_are_tables_and_the_sweep_goes_on_to_the_same_bytes() {
    let dir = tempfile::tempdir().unwrap();
    let long = ["--set", "factor.fee.levels=100", "--set", "replicates=40"];
    done(dir.path(), &[&sweep("whole", &[])[..], &long].concat());
    let child = command(dir.path(), &[&sweep("a", &[])[..], &long].concat()).spawn().unwrap();
    let a = dir.path().join("a");
    let begun = || {
        let entries = fs::read_dir(a.join("parts")).into_iter().flatten().flatten();
        entries.filter_map(|entry| entry.metadata().ok()).any(|found| found.len() > 100_000)
    };
    while !begun() && !a.join("manifest.json").exists() {
        std::thread::sleep(Duration::from_millis(1));
    }
    let pid = child.id().to_string();
    let sent = Command::new("kill").args(["-INT", &pid]).status().unwrap();
    let output = child.wait_with_output().unwrap();
    // A machine that is ready by then has shown nothing, which is no fault.
    if sent.success() && !output.status.success() {
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(130), "{told}");
        assert!(told.contains("are done and kept; go on with --resume"), "{told}");
        assert_eq!(manifest(&a)["interrupted"], true);
        assert!(rows(&a.join("sweep.csv"), |_| true).len() > 12);
    }
    done(dir.path(), &[&sweep("a", &["--resume"])[..], &long].concat());
    assert!(files(&a) == files(&dir.path().join("whole")));
}

#[test]
fn a_sweep_that_refines_is_not_parted() {
    let dir = tempfile::tempdir().unwrap();
    let refine = ["--set", "sweep.refine=true", "--tasks", "4"];
    for more in [&["--task", "0"], &["--emit", "slurm"]] {
        let text = refused(dir.path(), &[&sweep("a", &refine)[..], more].concat(), 2);
        assert!(text.contains("cannot be done in parts; leave out --tasks, or refine"), "{text}");
    }
}

#[test]
fn an_unfinished_sweep_is_not_thrown_away_and_another_scenario_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let parts = dir.path().join("a/parts");
    fs::create_dir_all(&parts).unwrap();
    done(dir.path(), &sweep("b", &["--tasks", "2", "--task", "0"]));
    fs::copy(dir.path().join("b/parts/plan.json"), parts.join("plan.json")).unwrap();
    let text = refused(dir.path(), &sweep("a", &[]), 1);
    assert!(text.contains("an unfinished sweep is there") && text.contains("--resume"), "{text}");
    let text = refused(dir.path(), &sweep("a", &["--resume", "--set", "needs.rate=0.2"]), 1);
    assert!(text.contains("needs.rate is 0.2, there it is 0.1"), "{text}");
    assert!(text.contains("the number of tasks is 1, there it is 2"), "{text}");
    done(dir.path(), &sweep("a", &["--force"]));
    done(dir.path(), &sweep("a", &["--resume"]));
}

#[test]
fn missing_parts_are_named_and_tasks_found_by_their_engine() {
    let dir = tempfile::tempdir().unwrap();
    let tasks = |n: &'static str| sweep("a", &["--tasks", n]);
    assert!(refused(dir.path(), &tasks("4"), 2).contains("--task I"));
    let with = |name: &str, value: &str| {
        command(dir.path(), &tasks("4")).env(name, value).output().unwrap().status.code()
    };
    assert_eq!(with("SLURM_ARRAY_TASK_ID", "1"), Some(0));
    assert_eq!(with("PARALLEL_SEQ", "1"), Some(0));
    assert_eq!(with("JOB_COMPLETION_INDEX", "4"), Some(2));
    let text = refused(dir.path(), &["merge", "a"], 1);
    assert!(text.contains("2 of 4 are missing: 2, 3"), "{text}");
    assert!(refused(dir.path(), &["merge", "b"], 2).contains("there is no such folder"));
    let other = [&sweep("a", &["--tasks", "4", "--task", "2"])[..], &["--set", "needs.rate=0.2"]].concat();
    assert!(refused(dir.path(), &other, 2).contains("needs.rate is 0.2, there it is 0.1"));
    let both = command(dir.path(), &tasks("4"))
        .envs([("SLURM_ARRAY_TASK_ID", "1"), ("PARALLEL_SEQ", "1")])
        .output()
        .unwrap();
    assert_eq!(both.status.code(), Some(2));
    assert!(String::from_utf8(both.stderr).unwrap().contains("are both set"));
}

#[test]
fn job_files_name_every_task() {
    let dir = tempfile::tempdir().unwrap();
    let emitted = |kind: &str| {
        let output = call(dir.path(), &sweep("my out", &["--tasks", "16", "--emit", kind]));
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    let slurm = emitted("slurm");
    assert!(
        slurm.contains("#SBATCH --array=0-15\n")
            && slurm.contains("--out 'my out' --tasks 16 --engine slurm")
    );
    assert!(emitted("kubernetes").contains("completions: 16\n"));
    assert!(emitted("parallel").contains("seq 16 | parallel"));
    assert!(!dir.path().join("my out").exists());
}
