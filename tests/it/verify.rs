//! `mingle verify`: what agrees, what differs and where, and that nothing is written.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use mingle::{Progress, RunOptions, SweepInput, SweepOptions, SweepPlan, ThreadPool};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::scenario;
use crate::sweep::{SMALL, call, command, done, files, refused};

/// A run, a bet and sweeps, each with every table that its kind can have.
const KINDS: [(&str, &[&str]); 6] = [
    ("run", &["--agents", "--set", "survival.endowment=2"]),
    (
        "bet",
        &["--decompose", "--set", "bet.worlds=5", "--set", "bet.focals=4", "--set", "bet.design=crossover"],
    ),
    ("sweep", &["--set", "sweep.design=sobol", "--set", "sweep.points=2"]),
    ("sweep", &["--set", "sweep.refine=true", "--set", "sweep.depth=2"]),
    (
        "sweep",
        &["--set", "sweep.until=decided", "--set", "replicates=12", "--set", "sweep.common_luck=false"],
    ),
    ("sweep", &["--set", "sweep.experiment=bet", "--set", "bet.worlds=3", "--set", "bet.focals=3"]),
];

/// Writes a result to `a`.
fn result(dir: &Path, kind: &str, more: &[&str]) {
    let horizons = ["--set", "bet.horizons=[0, 4]"];
    let arguments = [&[kind, "small.toml", "--no-charts", "--force", "--out", "a"][..], more, &horizons];
    done(dir, &arguments.concat());
}

/// What `mingle verify a` comes to: exit code, stdout, stderr.
fn verify(dir: &Path, more: &[&str]) -> (i32, String, String) {
    let output = call(dir, &[&["verify", "a"], more].concat());
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Changes the manifest of the result in `a`.
fn change_manifest(dir: &Path, change: impl Fn(&mut Value)) {
    let path = dir.join("a/manifest.json");
    let mut manifest: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut manifest);
    fs::write(path, manifest.to_string()).unwrap();
}

/// Changes a file of the result in `a`, and its size and checksum in the manifest too.
fn forge(dir: &Path, file: &str, change: impl Fn(&str) -> String) {
    let path = dir.join("a").join(file);
    let text = change(&fs::read_to_string(&path).unwrap());
    fs::write(path, &text).unwrap();
    let sha256: String = Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect();
    change_manifest(dir, |manifest| {
        let files = manifest["files"].as_array_mut().unwrap();
        let note = files.iter_mut().find(|note| note["path"] == file).unwrap();
        note["sha256"] = json!(sha256);
        note["bytes"] = json!(text.len());
    });
}

/// A table with another last cell in this line, counted from 1.
fn other_last_cell(text: &str, line: usize) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let (rest, last) = lines[line - 1].rsplit_once(',').unwrap();
    lines[line - 1] = format!("{rest},{last}7");
    lines.join("\n") + "\n"
}

#[test]
fn a_whole_result_of_each_kind_agrees_and_nothing_is_written() {
    for (kind, more) in KINDS {
        let dir = tempfile::tempdir().unwrap();
        result(dir.path(), kind, more);
        let before = files(dir.path());
        for sample in [&["--replicates", "2"][..], &["--all"]] {
            let (code, out, err) = verify(dir.path(), sample);
            assert_eq!((code, err.as_str()), (0, ""), "{kind} {more:?}: {out}");
            assert!(out.ends_with("the result agrees with its manifest\n"), "{out}");
            assert!(sample[0] != "--all" || !out.contains("not compared"), "{out}");
        }
        assert!(before == files(dir.path()), "{kind} {more:?}: something was written");
    }
}

#[test]
fn one_changed_digit_of_any_table_is_found_and_named() {
    for (kind, more) in &KINDS[..3] {
        let dir = tempfile::tempdir().unwrap();
        result(dir.path(), kind, more);
        let tables: Vec<String> = fs::read_dir(dir.path().join("a"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".csv"))
            .collect();
        let originals = files(&dir.path().join("a"));
        // A run of so few rounds has no rows in stationarity.csv.
        let has_rows =
            |table: &&String| originals[Path::new(table)].iter().filter(|b| **b == b'\n').count() > 1;
        for table in tables.iter().filter(has_rows) {
            forge(dir.path(), table, |text| other_last_cell(text, 2));
            let (code, out, err) = verify(dir.path(), &["--all"]);
            let cell = |text: &str| text.lines().nth(1).unwrap().rsplit(',').next().unwrap().to_owned();
            let was = cell(&String::from_utf8_lossy(&originals[Path::new(table)]));
            let text = format!("differs: {table}, line 2, column ");
            assert!(code == 1 && out.contains(&text), "{table}: {out}");
            let now = if was.is_empty() { "an empty cell" } else { &was };
            assert!(out.contains(&format!(": {was}7 there, {now} now")), "{table}: {out}");
            assert!(err.contains("a differs from what its manifest gives in 1 place;"), "{err}");
            for (name, bytes) in &originals {
                fs::write(dir.path().join("a").join(name), bytes).unwrap();
            }
        }
    }
}

#[test]
fn what_lies_outside_the_sample_is_found_if_all_are_run_again() {
    let dir = tempfile::tempdir().unwrap();
    result(dir.path(), "run", &[]);
    let text = fs::read_to_string(dir.path().join("a/rounds.csv")).unwrap();
    let line = 1 + text.lines().position(|line| line.starts_with("1,")).unwrap();
    forge(dir.path(), "rounds.csv", |text| other_last_cell(text, line));
    let (code, out, _) = verify(dir.path(), &[]);
    assert!(code == 0 && out.contains("run again: replicates 0, 2 and 5\n"), "{out}");
    let (code, out, _) = verify(dir.path(), &["--all"]);
    assert!(code == 1 && out.contains(&format!("rounds.csv, line {line}, column ")), "{out}");
}

#[test]
fn rows_that_were_removed_or_added_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let last =
        |text: &str| text.trim_end().rsplit_once('\n').map(|(rest, last)| [rest, last].map(str::to_owned));
    result(dir.path(), "run", &[]);
    forge(dir.path(), "flows.csv", |text| last(text).unwrap()[0].clone() + "\n");
    let (code, out, _) = verify(dir.path(), &[]);
    assert!(
        code == 1 && out.contains("differs: flows.csv: nothing there, a row of replicate 5 now\n"),
        "{out}"
    );
    result(dir.path(), "run", &[]);
    // Of a replicate that the result does not have.
    forge(dir.path(), "flows.csv", |text| {
        format!("{text}{}\n", last(text).unwrap()[1].replacen('5', "6", 1))
    });
    let (code, out, _) = verify(dir.path(), &[]);
    assert!(code == 1 && out.contains(": a row there, nothing now\n"), "{out}");
}

#[test]
fn files_that_differ_from_their_checksums_are_all_named_and_nothing_is_run() {
    let dir = tempfile::tempdir().unwrap();
    result(dir.path(), "run", &[]);
    for table in ["rounds.csv", "flows.csv"] {
        let path = dir.path().join("a").join(table);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, other_last_cell(&text, 2)).unwrap();
    }
    let (code, out, err) = verify(dir.path(), &[]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.contains("rounds.csv: it has") && err.contains("flows.csv: it has"), "{err}");
}

#[test]
fn another_seed_in_the_manifest_is_found() {
    let dir = tempfile::tempdir().unwrap();
    result(dir.path(), "run", &[]);
    change_manifest(dir.path(), |manifest| manifest["replicate_seeds"][1] = json!(77));
    let (code, out, _) = verify(dir.path(), &[]);
    assert_eq!(code, 1);
    assert!(out.contains("differs: manifest.json: seed 77 of replicate 1 there, seed "), "{out}");
    result(dir.path(), "run", &[]);
    change_manifest(dir.path(), |manifest| manifest["overrides"] = json!(["seed=5"]));
    let (code, out, _) = verify(dir.path(), &[]);
    assert_eq!(code, 1);
    assert!(out.contains("manifest.json: seed 1 of replicate 0 there, seed 5 of replicate 0 now"), "{out}");
    assert!(out.contains("rounds.csv, line 2, column ") && out.contains(" more differences"), "{out}");
    result(dir.path(), "run", &[]);
    change_manifest(dir.path(), |manifest| {
        let resolved = manifest["resolved"].as_str().unwrap().replace("agents = 60", "agents = 61");
        manifest["resolved"] = json!(resolved);
    });
    let (code, out, _) = verify(dir.path(), &[]);
    assert_eq!(code, 1);
    assert!(
        out.contains("manifest.json: \"agents = 61\" in resolved there, \"agents = 60\" in resolved now"),
        "{out}"
    );
}

#[test]
fn another_version_that_agrees_is_a_success_and_is_named_first() {
    let dir = tempfile::tempdir().unwrap();
    result(dir.path(), "run", &[]);
    let manifest: Value =
        serde_json::from_slice(&fs::read(dir.path().join("a/manifest.json")).unwrap()).unwrap();
    change_manifest(dir.path(), |manifest| {
        manifest["version"] = json!("0.0.9");
        manifest["revision"] = json!("abc");
    });
    let (code, out, err) = verify(dir.path(), &[]);
    assert_eq!(code, 0, "{out}");
    assert!(err.starts_with("made by mingle 0.0.9 (source abc); this is mingle "), "{err}");
    assert!(
        out.ends_with("the result of mingle 0.0.9 agrees with its manifest in this version too\n"),
        "{out}"
    );
    forge(dir.path(), "rounds.csv", |text| other_last_cell(text, 2));
    let (code, _, err) = verify(dir.path(), &[]);
    assert!(code == 1 && err.contains("mingle 0.0.9 (source abc) made it, so verify with that"), "{err}");
    // Other random numbers would change every row.
    change_manifest(dir.path(), |manifest| manifest["random_numbers"] = json!("dice"));
    let (code, out, err) = verify(dir.path(), &[]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(
        err.contains("in place of dice") && err.contains("verify with mingle 0.0.9 (source abc)"),
        "{err}"
    );
    // A key that this version does not have.
    change_manifest(dir.path(), |changed| {
        changed["random_numbers"] = manifest["random_numbers"].clone();
        changed["scenario"] = json!("weather = 3");
    });
    let (code, _, err) = verify(dir.path(), &[]);
    assert_eq!(code, 2);
    assert!(
        err.contains("weather") && err.contains("use mingle 0.0.9 (source abc), which wrote it"),
        "{err}"
    );
}

#[test]
fn json_has_every_difference_by_place() {
    let dir = tempfile::tempdir().unwrap();
    result(dir.path(), "run", &[]);
    let (code, out, _) = verify(dir.path(), &["--json"]);
    let document: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &document["agrees"]), (0, &json!(true)));
    assert_eq!(document["run_again"], json!({ "units": "replicates", "numbers": [0, 2, 5], "all": false }));
    forge(dir.path(), "distribution.csv", |text| other_last_cell(text, 3));
    let (code, out, _) = verify(dir.path(), &["--json"]);
    let document: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &document["agrees"]), (1, &json!(false)));
    let difference = &document["comparison"]["differences"][0];
    assert_eq!(
        [&difference["file"], &difference["line"], &difference["column"]],
        [&json!("distribution.csv"), &json!(3), &json!("net_total")]
    );
    let [there, now] = ["there", "now"].map(|key| difference[key].as_str().unwrap());
    assert_eq!(there, format!("{now}7"));
}

/// Does something that lasts long, and stops it once so many replicates are complete.
fn stopped_after<T>(replicates: u64, long: impl FnOnce(&Progress) -> T) -> T {
    let progress = Progress::default();
    thread::scope(|scope| {
        scope.spawn(|| {
            while progress.replicates_done() < replicates && !progress.is_stopped() {
                thread::sleep(Duration::from_millis(1));
            }
            progress.stop();
        });
        let done = long(&progress);
        progress.stop();
        done
    })
}

#[test]
fn an_interrupted_result_is_compared_as_far_as_it_goes() {
    let dir = tempfile::tempdir().unwrap();
    let (a, pool) = (dir.path().join("a"), ThreadPool::new(2).unwrap());
    let long = scenario(SMALL, &["replicates=1000000"]);
    let run = stopped_after(2, |progress| mingle::run_to(&a, &long, RunOptions::default(), &pool, progress));
    let run = run.unwrap().expect("two replicates are complete");
    assert!(run.interrupted && run.replicates_done >= 2);
    let (code, out, _) = verify(dir.path(), &["--all"]);
    assert_eq!(code, 0, "{out}");
    let again = format!("run again: all {} replicates\n", run.replicates_done);
    assert!(out.contains("interrupted") && out.contains(&again), "{out}");
    assert!(out.contains("summary.csv: all"), "{out}");

    let dir = tempfile::tempdir().unwrap();
    let a = dir.path().join("a");
    let plan = SweepPlan::new(mingle::parse_sweep(SMALL, &["factor.fee.levels=1000"]).unwrap(), Vec::new());
    let input = SweepInput { plan: &plan, list: None };
    // Of six replicates at each point five are done first, so that points have fewer than they should.
    let sweep =
        stopped_after(35, |progress| mingle::sweep_to(&a, input, SweepOptions::default(), &pool, progress));
    let sweep = sweep.unwrap().expect("some points are complete");
    assert!(sweep.interrupted && sweep.replicates < 6 * sweep.points);
    let before = files(&a);
    for more in [&[][..], &["--all"]] {
        let (code, out, err) = verify(dir.path(), more);
        assert_eq!(code, 0, "{out}{err}");
        assert!(out.contains("interrupted"), "{out}");
    }
    assert!(before == files(&a), "something was written");
}

#[test]
fn a_folder_without_a_whole_result_is_refused_with_a_fix() {
    let dir = tempfile::tempdir().unwrap();
    let text = refused(dir.path(), &["verify", "nothing"], 2);
    assert!(text.contains("nothing: there is no such folder; check the name"), "{text}");
    fs::create_dir(dir.path().join("a")).unwrap();
    let text = refused(dir.path(), &["verify", "a"], 2);
    assert!(text.contains("it holds no result (no manifest.json)"), "{text}");
    done(dir.path(), &["sweep", "small.toml", "--out", "a", "--task", "0", "--tasks", "2"]);
    let text = refused(dir.path(), &["verify", "a"], 2);
    assert!(text.contains("it holds an unfinished sweep; go on with"), "{text}");
    assert!(
        command(dir.path(), &["verify", "a", "--all", "--replicates", "2"]).output().unwrap().status.code()
            == Some(2)
    );
}

#[test]
fn damaged_manifests_and_tables_are_named() {
    let dir = tempfile::tempdir().unwrap();
    result(dir.path(), "run", &[]);
    let manifest = fs::read(dir.path().join("a/manifest.json")).unwrap();
    for (key, value, expected) in [
        ("replicate_seeds", json!([]), "it lists no replicate_seeds"),
        ("command", json!("dance"), "it names the command \"dance\", not run, bet or sweep"),
        ("scenario", json!(null), "it is not as expected: invalid type: null"),
    ] {
        change_manifest(dir.path(), |manifest| manifest[key] = value.clone());
        let text = refused(dir.path(), &["verify", "a"], 1);
        assert!(text.contains("a/manifest.json: ") && text.contains(expected), "{text}");
        fs::write(dir.path().join("a/manifest.json"), &manifest).unwrap();
    }
    forge(dir.path(), "rounds.csv", |text| text.replacen("\n0,", "\nx,", 1));
    let text = refused(dir.path(), &["verify", "a"], 1);
    assert!(
        text.contains("rounds.csv, line 2, column replicate: expected a whole number, not \"x\""),
        "{text}"
    );
    result(dir.path(), "sweep", &[]);
    forge(dir.path(), "sweep.csv", |text| text.replace("\n11,", "\n99,"));
    let text = refused(dir.path(), &["verify", "a"], 1);
    assert!(text.contains("column point: expected a point of the sweep, below 12, not \"99\""), "{text}");
}
