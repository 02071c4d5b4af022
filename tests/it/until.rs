//! Runs that add replicates until they are enough, from outside.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use mingle::{Progress, RunOptions, Scenario, ThreadPool};
use serde_json::Value;

use crate::support::{done, refused};

const SCENARIO: &str = "title = \"Small\"\nrounds = 20\nburn_in = 4\nreplicates = 5\nreplicates_max = 40\n\
    [population]\nagents = 80\n[mixer]\nsize = 12\n\
    [sweep]\n[[factor]]\nname = \"fee\"\nkeys = \"calls.fee\"\nmax = 0.6\nlevels = 2\n";

/// Two strategies that are the same but for their names.
const EQUAL: &str = "rounds = 20\nburn_in = 4\nreplicates = 5\nreplicates_max = 40\n[population]\nagents = 80\n\
    [mixer]\nsize = 12\n[[strategy]]\nname = \"a\"\nshare = 0.5\n[[strategy]]\nname = \"b\"\nshare = 0.5\n";

/// A folder with both scenarios.
fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("small.toml"), SCENARIO).unwrap();
    fs::write(dir.path().join("equal.toml"), EQUAL).unwrap();
    dir
}

/// `mingle run small.toml` into a folder, without charts.
fn run(dir: &Path, out: &str, more: &[&str]) -> String {
    done(dir, &[&["run", "small.toml", "--no-charts", "--out", out], more].concat())
}

fn manifest(dir: &Path) -> Value {
    serde_json::from_slice(&fs::read(dir.join("manifest.json")).unwrap()).unwrap()
}

/// The rows about net benefit in `contrasts.csv`, by the names of the columns.
fn contrasts(dir: &Path) -> Vec<BTreeMap<String, String>> {
    let text = fs::read_to_string(dir.join("contrasts.csv")).unwrap();
    let names: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    let row =
        |line: &str| names.iter().map(|n| (*n).to_owned()).zip(line.split(',').map(str::to_owned)).collect();
    let rows = text.lines().skip(1).map(row);
    rows.filter(|row: &BTreeMap<String, String>| row["metric"] == "net").collect()
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap_or(f64::NAN)
}

fn half_widths(dir: &Path) -> Vec<f64> {
    contrasts(dir).iter().map(|row| (number(row, "ci_high") - number(row, "ci_low")) / 2.0).collect()
}

/// All files below a folder, with their bytes.
fn files(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let paths = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    paths.map(|path| (path.file_name().unwrap().into(), fs::read(path).unwrap())).collect()
}

#[test]
fn a_precise_run_ends_at_the_second_look_at_which_every_interval_is_narrow() {
    let dir = folder();
    // Of 20 replicates, so that the rule ends in between.
    run(dir.path(), "fixed", &["--replicates", "20"]);
    let widest = half_widths(&dir.path().join("fixed")).into_iter().fold(0.0, f64::max);
    let precision = (0.99 * widest).to_string();
    run(dir.path(), "a", &["--precision", &precision, "--max-replicates", "200"]);
    let found = manifest(&dir.path().join("a"));
    let n = found["replicates_done"].as_u64().unwrap();
    assert!(n > 20 && n.is_multiple_of(5) && n < 200, "{n}");
    assert_eq!((&found["replicates"], &found["interrupted"]), (&n.into(), &false.into()));
    assert_eq!(
        (&found["stopping"]["until"], &found["stopping"]["reached"]),
        (&"precise".into(), &true.into())
    );
    assert_eq!(found["replicate_seeds"].as_array().unwrap().len() as u64, n);
    let narrow = |replicates: u64| {
        let out = format!("with{replicates}");
        run(dir.path(), &out, &["--replicates", &replicates.to_string()]);
        half_widths(&dir.path().join(&out)).iter().all(|half| *half <= 0.99 * widest)
    };
    assert!(narrow(n) && narrow(n - 5), "the last two looks found it narrow");
    assert!(!narrow(n - 10), "the look before did not, or it would have ended earlier");
    // The tables are those of as many replicates.
    let [a, fixed] = ["a".to_owned(), format!("with{n}")].map(|name| files(&dir.path().join(name)));
    for (name, bytes) in a.iter().filter(|(name, _)| name.extension().is_some_and(|e| e == "csv")) {
        assert!(fixed[name] == *bytes, "{}", name.display());
    }
}

#[test]
fn a_run_until_decided_has_a_p_value_for_all_its_looks_and_ends_when_all_are_clear() {
    let dir = folder();
    let told = run(dir.path(), "a", &["--until", "decided"]);
    let found = manifest(&dir.path().join("a"));
    let n = found["replicates_done"].as_u64().unwrap();
    let rows = contrasts(&dir.path().join("a"));
    let mut p_values: Vec<f64> = rows.iter().map(|row| number(row, "p_value")).collect();
    p_values.sort_by(f64::total_cmp);
    let least = rows.iter().map(|row| number(row, "p_adjusted")).fold(1.0, f64::min);
    // Eight looks of five replicates each, and three pairs.
    assert_eq!(found["stopping"]["looks"], 8);
    assert!((least - (24.0 * p_values[0]).min(1.0)).abs() < 1e-12, "{least} {p_values:?}");
    let clear = rows.iter().all(|row| number(row, "p_adjusted") < 0.05);
    assert_eq!(found["stopping"]["reached"], clear);
    assert_eq!(clear, n < 40 || !told.contains("not every difference in net benefit is clear"), "{told}");
    assert!(clear || n == 40);
    let equal = ["run", "equal.toml", "--no-charts", "--out", "b", "--until", "decided", "--level", "0.999"];
    let told = done(dir.path(), &equal);
    assert!(told.contains("not every difference in net benefit is clear with 40 replicates"), "{told}");
    assert!(told.contains("no clear difference between"), "{told}");
}

#[test]
fn threads_do_not_matter_and_verification_finds_the_same() {
    let dir = folder();
    for (name, more) in [("precise", ["--precision", "0.1"]), ("decided", ["--until", "decided"])] {
        let [one, three] = ["1", "3"].map(|threads| {
            let out = format!("{name}{threads}");
            run(dir.path(), &out, &[&more[..], &["--threads", threads]].concat());
            files(&dir.path().join(out))
        });
        assert!(one == three, "{name}");
        let out = format!("{name}1");
        assert!(done(dir.path(), &["verify", &out, "--all"]).contains("agrees with its manifest"));
        assert!(done(dir.path(), &["verify", &out]).contains("agrees with its manifest"));
    }
}

#[test]
fn an_interrupted_run_keeps_its_whole_replicates() {
    let dir = folder();
    let sets = ["until=decided", "level=0.999", "replicates_max=1000000"];
    let scenario = Scenario::parse(EQUAL, &sets).unwrap();
    let progress = Progress::default();
    let out = dir.path().join("a");
    let summary = std::thread::scope(|scope| {
        scope.spawn(|| {
            while progress.replicates_done() < 7 {
                std::thread::yield_now();
            }
            progress.stop();
        });
        mingle::run_to(&out, &scenario, RunOptions::default(), &ThreadPool::new(2).unwrap(), &progress)
            .unwrap()
    });
    let summary = summary.unwrap();
    assert!(summary.interrupted && summary.replicates_done >= 7, "{}", summary.replicates_done);
    let kept = manifest(&out);
    assert_eq!((&kept["replicates"], &kept["interrupted"]), (&1_000_000.into(), &true.into()));
    assert_eq!(kept["replicate_seeds"].as_array().unwrap().len() as u32, summary.replicates_done);
}

#[test]
fn a_precision_alone_asks_for_a_precise_run_and_points_of_a_sweep_are_fixed() {
    let dir = folder();
    run(dir.path(), "a", &["--set", "precision=1000"]);
    let found = manifest(&dir.path().join("a"));
    assert!(found["resolved"].as_str().unwrap().contains("until = \"precise\""));
    assert_eq!(found["replicates_done"], 15, "ten replicates are the fewest, at two looks in a row");
    done(
        dir.path(),
        &["sweep", "small.toml", "--point", "1", "--set", "until=decided", "--out", "p", "--no-charts"],
    );
    assert_eq!(manifest(&dir.path().join("p"))["replicates_done"], 5);
    let told = done(dir.path(), &["check", "small.toml", "--set", "until=decided"]);
    assert!(
        told.contains("5 to 40 replicates until all differences in net benefit are clear, seed 1"),
        "{told}"
    );
}

#[test]
fn impossible_rules_are_named() {
    let dir = folder();
    for (sets, expected) in [
        (
            &["--until", "decided", "--max-replicates", "3"][..],
            "replicates_max must be at least replicates, but is 3 of 5",
        ),
        (&["--until", "clear"][..], "until must be \"fixed\", \"precise\" or \"decided\", but is `clear`"),
        (&["--until", "decided", "--precision", "1"][..], "cannot be used with"),
        (&["--set", "factor.fee.keys=level"][..], "a factor cannot set `level`"),
        (&["--set", "factor.fee.keys=replicates_max"][..], "a factor cannot set `replicates_max`"),
    ] {
        let told = refused(dir.path(), &[&["run", "small.toml"], sets].concat(), 2);
        assert!(told.contains(expected), "{sets:?}: {told}");
    }
}
