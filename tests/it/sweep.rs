//! Sweeps from the command line: what is on the disk, whatever happens on the way.

mod points;
mod prices;
mod together;
mod traits;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::support::program;

/// A sweep of 12 points that is done in no time.
pub(super) const SMALL: &str = "title = \"Small\"\nrounds = 12\nburn_in = 4\nreplicates = 6\n[population]\nagents = 60\n\
    [mixer]\nsize = 12\n[sweep]\n[[factor]]\nname = \"legibility\"\nkeys = \"reputation.legibility\"\nlevels = 4\n\
    [[factor]]\nname = \"fee\"\nkeys = \"calls.fee\"\nmax = 0.6\nlevels = 3\n";

pub(super) fn command(dir: &Path, arguments: &[&str]) -> Command {
    let scenario = dir.join("small.toml");
    // Written once: another attempt may be reading it.
    if !scenario.exists() {
        fs::write(scenario, SMALL).unwrap();
    }
    let mut command = program(dir);
    command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    for engine in ["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX", "AWS_BATCH_JOB_ARRAY_INDEX", "PARALLEL_SEQ"]
    {
        command.env_remove(engine);
    }
    command
}

pub(super) fn call(dir: &Path, arguments: &[&str]) -> Output {
    command(dir, arguments).output().unwrap()
}

/// What stderr says of a call that fails with this code.
pub(super) fn refused(dir: &Path, arguments: &[&str], code: i32) -> String {
    let output = call(dir, arguments);
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{text}");
    text
}

pub(super) fn done(dir: &Path, arguments: &[&str]) {
    let output = call(dir, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// `mingle sweep small.toml` into a folder, without charts.
pub(super) fn sweep<'a>(out: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["sweep", "small.toml", "--no-charts", "--out", out], more].concat()
}

/// All files below a folder, with their bytes.
pub(super) fn files(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![dir.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(path.strip_prefix(dir).unwrap().to_path_buf(), fs::read(&path).unwrap());
            }
        }
    }
    assert!(!files.is_empty());
    files
}

/// The rows of a table, without the header, whose line fits.
pub(super) fn rows(file: &Path, fits: impl Fn(&[&str]) -> bool) -> Vec<Vec<String>> {
    let text = fs::read_to_string(file).unwrap();
    let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    let fits = |row: &Vec<String>| fits(&row.iter().map(String::as_str).collect::<Vec<_>>());
    text.lines().skip(1).map(cells).filter(fits).collect()
}

pub(super) fn manifest(dir: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(dir.join("manifest.json")).unwrap()).unwrap()
}

#[test]
fn a_sweep_leaves_its_tables_and_says_where_each_side_wins() {
    let dir = tempfile::tempdir().unwrap();
    let clear = ["--set", "replicates=30", "--set", "population.agents=200", "--set", "rounds=20"];
    let output = call(dir.path(), &[&["sweep", "small.toml", "--out", "a"][..], &clear].concat());
    assert!(output.status.success());
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.starts_with("of 12 points servant is clearly ahead at "), "{told}");
    assert!(told.contains("\nfee 0.3: legibility: "), "{told}");
    let a = dir.path().join("a");
    assert_eq!(rows(&a.join("sweep.csv"), |_| true).len(), 12 * 3 * 4);
    assert_eq!(rows(&a.join("sweep_contrasts.csv"), |_| true).len(), 12 * 3 * 4);
    assert!(a.join("charts/sweep_map.svg").exists());
    assert!(!a.join("parts").exists(), "what is whole needs no parts");
    assert_eq!(manifest(&a)["sweep"]["points"], 12);
    assert!(refused(dir.path(), &["sweep", "small.toml", "--out", "a"], 1).contains("--force"));
    done(dir.path(), &["chart", "a"]);
}

#[test]
fn check_tells_what_a_sweep_would_be() {
    let dir = tempfile::tempdir().unwrap();
    let output = call(dir.path(), &["check", "small.toml"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("  as a sweep: 12 points of 6 replicates, "), "{text}");
    let text = refused(dir.path(), &["check", "small.toml", "--set", "factor.fee.max=1"], 2);
    assert!(text.contains("point 2 (legibility 0, fee 1)"), "{text}");
}

#[test]
fn refining_finds_the_boundary_of_the_whole_grid() {
    let dir = tempfile::tempdir().unwrap();
    let clear = ["--set", "replicates=30", "--set", "population.agents=200", "--set", "rounds=20"];
    done(
        dir.path(),
        &[
            &sweep("fine", &["--set", "factor.legibility.levels=7", "--set", "factor.fee.levels=5"])[..],
            &clear,
        ]
        .concat(),
    );
    let refine = ["--set", "sweep.refine=true", "--set", "sweep.depth=1"];
    let output = call(dir.path(), &[&sweep("refined", &refine)[..], &clear].concat());
    let told = String::from_utf8(output.stderr).unwrap();
    let net = |name: &str| {
        let mut net = rows(&dir.path().join(name).join("sweep_contrasts.csv"), |row| {
            row[3..6] == ["warrior", "servant", "net"]
        });
        // The last columns take all points together, and these are not the same.
        net.iter_mut().for_each(|row| row.truncate(row.len() - 3));
        net
    };
    let (fine, refined) = (net("fine"), net("refined"));
    assert_eq!(fine.len(), 35);
    // The side of a point of the whole grid of 7 by 5: 0 if it is not clear.
    let side = |[x, y]: [usize; 2]| {
        let row = &fine[5 * x + y];
        assert_eq!(row[0], (5 * x + y).to_string());
        let [low, high]: [f64; 2] = [7, 8].map(|column| row[column].parse().unwrap());
        i8::from(low > 0.0) - i8::from(high < 0.0)
    };
    // Visited are every second point, and those between the corners of a square that are not all clearly on one side.
    let mut wanted = BTreeSet::new();
    for (x, y) in (0..7).step_by(2).flat_map(|x| (0..5).step_by(2).map(move |y| (x, y))) {
        wanted.insert(5 * x + y);
        if x == 6 || y == 4 {
            continue;
        }
        let sides = [[x, y], [x, y + 2], [x + 2, y], [x + 2, y + 2]].map(side);
        if sides.iter().any(|side| *side == 0 || *side != sides[0]) {
            wanted.extend((x..=x + 2).flat_map(|x| (y..=y + 2).map(move |y| 5 * x + y)));
        }
    }
    assert!(
        (13..35).contains(&wanted.len()),
        "there is a boundary, and not all points lie on it: {wanted:?}"
    );
    let share = (100 * wanted.len() + 17) / 35;
    let words = format!("{} points visited, {share}% of the 35 of a grid as fine", wanted.len());
    assert!(told.contains(&words), "{told}");
    // Every point that was visited has the numbers, and the number, of the whole grid.
    let wanted: Vec<_> = wanted.into_iter().map(|point| fine[point].clone()).collect();
    assert_eq!(refined, wanted);
}

/// A list of points in place of the design of `small.toml`.
const LIST: [&str; 4] = ["--set", "sweep.design=list", "--set", "sweep.file=points.csv"];

#[test]
fn a_sweep_that_no_machine_can_hold_is_refused_before_it_begins() {
    let dir = tempfile::tempdir().unwrap();
    // In the file of a list, by another key than the agents, and by a path with a space.
    fs::write(dir.path().join("points.csv"), "fee,legibility\n60,0\n4_000_000_000,1\n").unwrap();
    let agents = ["--set", "factor.fee.keys=population.agents"];
    let by_list = [&LIST[..], &agents].concat();
    let range =
        |key: &'static str, max: &'static str| ["--set", key, "--set", "factor.fee.min=50", "--set", max];
    let by_ties = [
        &range("factor.fee.keys=population.ties_max", "factor.fee.max=65535")[..],
        &["--set", "population.agents=4000000000"],
    ]
    .concat();
    let by_space = range("factor.fee.keys=population. agents", "factor.fee.max=1000000000").to_vec();
    for more in [by_list, by_ties, by_space] {
        let text = refused(dir.path(), &sweep("a", &more), 1);
        assert!(text.contains("this run needs about") && text.contains("are free"), "{more:?}: {text}");
        assert!(!dir.path().join("a").exists());
    }
}

#[test]
fn a_sweep_with_more_points_than_can_be_counted_is_refused_by_every_command() {
    let dir = tempfile::tempdir().unwrap();
    let many = ["--set", "factor.fee.levels=65536", "--set", "factor.legibility.levels=65536"];
    for command in [sweep("a", &[]), sweep("a", &["--point", "0"]), vec!["check", "small.toml"]] {
        let text = refused(dir.path(), &[&command[..], &many].concat(), 2);
        assert!(
            text.contains("at most 4,294,967,295 points, but this one would have 4,294,967,296"),
            "{text}"
        );
    }
}

#[test]
fn a_factor_is_not_named_like_any_other_column_of_its_tables() {
    let dir = tempfile::tempdir().unwrap();
    done(dir.path(), &sweep("run", &[]));
    let bet = ["--set", "sweep.experiment=bet", "--set", "bet.worlds=2", "--set", "bet.focals=2"];
    done(dir.path(), &[&sweep("bet", &[])[..], &bet].concat());
    let mut columns = Vec::new();
    for table in ["run/sweep.csv", "run/sweep_contrasts.csv", "bet/sweep_bet.csv"] {
        let text = fs::read_to_string(dir.path().join(table)).unwrap();
        columns.extend(text.lines().next().unwrap().split(',').map(str::to_owned));
    }
    columns.retain(|name| !["fee", "legibility"].contains(&name.as_str()));
    assert!(columns.iter().any(|name| name == "median") && columns.len() > 20, "{columns:?}");
    for name in columns {
        let text = SMALL.replace("name = \"fee\"", &format!("name = \"{name}\""));
        fs::write(dir.path().join("named.toml"), text).unwrap();
        let text = refused(dir.path(), &["check", "named.toml"], 2);
        assert!(text.contains(&format!("a factor cannot be named \"{name}\"")), "{text}");
    }
}

#[test]
fn strategies_and_factors_may_have_any_name() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["a=b", "a.ask=1", "\\\"quoted\\\"", "it's", "back\\\\slash=", "#{}"] {
        let text = format!(
            "rounds = 8\nburn_in = 2\nreplicates = 2\n[population]\nagents = 40\n[[strategy]]\nname = \"{name}\"\n\
             share = 0.5\n[[strategy]]\nname = \"servant\"\nshare = 0.5\n[[factor]]\nname = \"{name}\"\n\
             keys = \"strategy.servant.share\"\nmin = 0.25\nmax = 0.75\nlevels = 2\n"
        );
        fs::write(dir.path().join("named.toml"), text).unwrap();
        let run = |out: &str, more: &[&str]| {
            done(
                dir.path(),
                &[&["sweep", "named.toml", "--no-charts", "--force", "--out", out], more].concat(),
            );
        };
        run("all", &[]);
        // The other strategy has what is left: its override names it.
        run("one", &["--point", "1"]);
        let resolved = manifest(&dir.path().join("one"))["resolved"].as_str().unwrap().to_owned();
        assert_eq!(resolved.matches("share = 0.25\n").count(), 1, "{name}: {resolved}");
        assert_eq!(resolved.matches("share = 0.75\n").count(), 1, "{name}: {resolved}");
    }
}

#[test]
fn the_manifest_of_a_sweep_has_the_seeds_that_were_played_and_no_more() {
    let dir = tempfile::tempdir().unwrap();
    let until = ["sweep.until=precise", "sweep.precision=5", "sweep.replicates_max=600"];
    let until: Vec<&str> = until.iter().flat_map(|set| ["--set", set]).collect();
    done(dir.path(), &sweep("a", &until));
    let most = rows(&dir.path().join("a/sweep.csv"), |_| true)
        .iter()
        .map(|row| row.last().unwrap().parse::<usize>().unwrap())
        .max()
        .unwrap();
    let manifest = manifest(&dir.path().join("a"));
    assert_eq!(manifest["replicate_seeds"].as_array().unwrap().len(), most);
    assert!(most < 600, "or this shows nothing");
}

/// The indices of every factor as stored: its name, then numbers.
fn stored(text: &str) -> Vec<(String, Vec<f64>)> {
    let line = |line: &str| {
        let mut cells = line.split(',');
        let name = cells.next().unwrap().to_owned();
        (name, cells.map(|cell| cell.parse().unwrap()).collect())
    };
    text.lines().map(line).collect()
}

#[test]
fn the_indices_of_a_scenario_agree_with_salib() {
    // Made by tests/reference/sensitivity/sweep.py.
    let sobol = stored(include_str!("../reference/sensitivity/mingle_sobol.csv"));
    let morris = stored(include_str!("../reference/sensitivity/mingle_morris.csv"));
    let text = include_str!("../reference/sensitivity/mingle.toml");
    let dir = tempfile::tempdir().unwrap();
    for (design, points, wanted, columns) in
        [("sobol", "32", sobol, &[2, 5][..]), ("morris", "12", morris, &[2, 3, 6])]
    {
        fs::write(dir.path().join("mingle.toml"), text).unwrap();
        let sets = [format!("sweep.design={design}"), format!("sweep.points={points}")];
        let mut arguments = vec!["sweep", "mingle.toml", "--no-charts", "--out", design];
        sets.iter().for_each(|set| arguments.extend(["--set", set]));
        done(dir.path(), &arguments);
        let found = rows(&dir.path().join(design).join(format!("sweep_{design}.csv")), |row| row[0] == "net");
        assert_eq!((found.len(), wanted.len()), (3, 3));
        for (row, (factor, numbers)) in found.iter().zip(wanted) {
            assert_eq!(row[1], factor);
            for (&column, wanted) in columns.iter().zip(numbers) {
                let ours: f64 = row[column].parse().unwrap();
                assert!((ours - wanted).abs() < 1e-9, "{design} {factor}: {ours} for {wanted}");
            }
        }
    }
}

#[test]
fn every_design_has_its_charts_and_the_same_ones_when_drawn_again() {
    let dir = tempfile::tempdir().unwrap();
    let third =
        "[[factor]]\nname = \"norm\"\nkeys = \"reputation.kind\"\nvalues = [\"private\", \"public\"]\n";
    for (design, charts) in [
        ("grid", &["sweep_map"][..]),
        ("one-at-a-time", &["sweep_tornado"]),
        ("latin-hypercube", &["sweep_scatter"]),
        ("morris", &["sweep_morris"]),
        ("sobol", &["sweep_sobol"]),
    ] {
        fs::write(dir.path().join("three.toml"), format!("{SMALL}{third}")).unwrap();
        let set = format!("sweep.design={design}");
        let few = ["--set", "sweep.points=6", "--set", "replicates=2"];
        done(dir.path(), &[&["sweep", "three.toml", "--out", design, "--set", &set][..], &few].concat());
        let folder = dir.path().join(design).join("charts");
        let drawn = files(&folder);
        for chart in charts {
            let svg = fs::read_to_string(folder.join(format!("{chart}.svg"))).unwrap();
            assert!(!svg.contains("NaN") && !svg.contains("inf\""), "{chart}");
        }
        let svgs = drawn.keys().filter(|path| path.extension().is_some_and(|e| e == "svg"));
        assert_eq!(svgs.count(), charts.len(), "{design}: {:?}", drawn.keys());
        done(dir.path(), &["chart", design]);
        assert!(files(&folder) == drawn, "{design}");
    }
    done(
        dir.path(),
        &[
            "sweep",
            "small.toml",
            "--out",
            "one",
            "--set",
            "factor.fee.keys=needs.rate",
            "--set",
            "factor.fee.levels=1",
        ],
    );
}

#[test]
fn names_along_an_axis_and_more_than_three_factors_have_charts_too() {
    let dir = tempfile::tempdir().unwrap();
    let names =
        "[[factor]]\nname = \"kind\"\nkeys = \"reputation.kind\"\nvalues = [\"private\", \"public\"]\n";
    let size = "[[factor]]\nname = \"size\"\nkeys = \"mixer.size\"\nmin = 6\nmax = 30\nlevels = 2\n";
    let (start, fee) = SMALL.split_at(SMALL.rfind("[[factor]]").unwrap());
    let start = &start[..start.find("[[factor]]").unwrap()];
    for (name, text, chart) in [
        ("named", format!("{start}{names}{fee}"), "sweep_map"),
        ("four", format!("{SMALL}{names}{size}"), "sweep_scatter"),
    ] {
        fs::write(dir.path().join("charts.toml"), text).unwrap();
        done(dir.path(), &["sweep", "charts.toml", "--out", name, "--set", "replicates=2"]);
        let svg = fs::read_to_string(dir.path().join(format!("{name}/charts/{chart}.svg"))).unwrap();
        assert!(!svg.contains("NaN") && !svg.contains("inf\"") && svg.contains("private"), "{name}");
    }
}

#[test]
fn one_replicate_leaves_cells_empty_and_says_why() {
    let dir = tempfile::tempdir().unwrap();
    let text = include_str!("../reference/sensitivity/mingle.toml");
    fs::write(dir.path().join("mingle.toml"), text).unwrap();
    for (design, empty) in [("sobol", 2..8), ("morris", 3..7)] {
        let set = format!("sweep.design={design}");
        for luck in ["sweep.common_luck=true", "sweep.common_luck=false"] {
            let sets = ["--set", &set, "--set", luck, "--set", "replicates=1", "--set", "sweep.points=8"];
            let out = format!("{design}-{luck}");
            let arguments = [&["sweep", "mingle.toml", "--no-charts", "--out", &out][..], &sets].concat();
            let output = call(dir.path(), &arguments);
            let told = String::from_utf8(output.stderr).unwrap();
            assert!(output.status.success() && told.contains("one replicate does not tell"), "{told}");
            let found = rows(&dir.path().join(&out).join(format!("sweep_{design}.csv")), |_| true);
            assert!(!found.is_empty());
            for row in found {
                assert!(row[empty.clone()].iter().all(String::is_empty), "{row:?}");
                assert!(row.last().unwrap().contains("one replicate"), "{row:?}");
            }
        }
    }
}
