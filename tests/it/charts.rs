//! Charts from outside: at the same time, of odd manifests, over odd ranges.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;

use crate::support::{done, program, refused};
use crate::sweep::files;

const SMALL: &str = "rounds = 6\nburn_in = 2\nreplicates = 2\n[population]\nagents = 20\n";

#[test]
fn three_charts_at_once_are_drawn_by_all() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("small.toml"), SMALL).unwrap();
    done(dir.path(), &["run", "small.toml", "-q", "--no-charts", "--out", "out"]);
    for _ in 0..3 {
        let draw = || {
            let mut command = program(dir.path());
            command.args(["chart", "out", "-q", "--threads", "1", "--json"]);
            command.stdout(Stdio::null()).spawn().unwrap()
        };
        for mut child in [draw(), draw(), draw()] {
            assert!(child.wait().unwrap().success());
        }
    }
    let drafts = fs::read_dir(dir.path().join("out/charts")).unwrap();
    assert!(drafts.flatten().all(|entry| !entry.file_name().to_string_lossy().starts_with('.')));
}

#[test]
fn comparisons_at_once_in_one_folder_do_not_mix() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("small.toml"), SMALL).unwrap();
    for seed in ["1", "2", "3"] {
        done(dir.path(), &["run", "small.toml", "-q", "--no-charts", "--seed", seed, "--out", seed]);
    }
    let pairs = [["1", "2"], ["1", "3"], ["2", "3"]];
    let alone: Vec<_> = pairs
        .iter()
        .map(|[a, b]| {
            let out = format!("{a}-{b}");
            done(dir.path(), &["chart", a, b, "-q", "--out", &out]);
            files(&dir.path().join(out))
        })
        .collect();
    assert!(alone[0].len() > 3 && alone[0] != alone[1]);
    for _ in 0..3 {
        let draw = |pair: &[&str; 2]| {
            let mut command = program(dir.path());
            command.arg("chart").args(pair).args(["-q", "--threads", "1", "--out", "all"]);
            command.stdout(Stdio::null()).spawn().unwrap()
        };
        for mut child in pairs.each_ref().map(draw) {
            assert!(child.wait().unwrap().success());
        }
        assert!(alone.contains(&files(&dir.path().join("all"))), "charts of two comparisons");
    }
}

#[test]
fn a_title_with_control_characters_in_a_manifest_is_drawn() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("small.toml"), SMALL).unwrap();
    for out in ["a", "b"] {
        done(dir.path(), &["run", "small.toml", "-q", "--no-charts", "--out", out]);
    }
    let manifest = dir.path().join("b/manifest.json");
    let mut document: Value = serde_json::from_slice(&fs::read(&manifest).unwrap()).unwrap();
    document["title"] = format!("\u{1b}[35m\u{9b}\u{0}\u{fffe}{}", "w".repeat(100_000)).into();
    fs::write(&manifest, document.to_string()).unwrap();
    done(dir.path(), &["chart", "a", "b", "--out", "c"]);
}

#[test]
fn a_log_scale_may_begin_at_the_smallest_number() {
    let dir = tempfile::tempdir().unwrap();
    let factor = "[[factor]]\nname = \"x\"\nkeys = \"needs.rate\"\nmin = 5e-324\nmax = 1\nscale = \"log\"\nlevels = 4\n";
    fs::write(dir.path().join("tiny.toml"), format!("{SMALL}{factor}")).unwrap();
    done(dir.path(), &["sweep", "tiny.toml", "--out", "out"]);
    assert!(fs::read_to_string(dir.path().join("out/charts/sweep_difference.svg")).unwrap().contains("1e-"));
}

/// A scenario with a bet and a sweep over two factors.
const BETS_AND_SWEEPS: &str = "rounds = 12\nburn_in = 6\nreplicates = 5\n[population]\nagents = 60\n[mixer]\nsize = 12\n[calls]\nfinder_fee = 0\n\
    [bet]\nworlds = 4\nfocals = 5\nhorizons = [0, 3]\n\
    [[factor]]\nname = \"fee\"\nkeys = \"calls.fee\"\nlevels = 3\n\
    [[factor]]\nname = \"legibility\"\nkeys = \"reputation.legibility\"\nlevels = 3\n";

/// Results of a command in the folders `NAMES`, each with another value of `needs.value`.
fn made(dir: &Path, command: &str, more: &[&str], names: [&str; 2]) {
    for (name, value) in names.iter().zip(["8", "12"]) {
        let set = format!("needs.value={value}");
        done(
            dir,
            &[&[command, "small.toml", "-q", "--no-charts", "--out", name, "--set", &set], more].concat(),
        );
    }
}

#[test]
fn bets_are_compared_with_bets_and_sweeps_with_sweeps() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("small.toml"), BETS_AND_SWEEPS).unwrap();
    let one_factor = "rounds = 8\nreplicates = 5\n[population]\nagents = 60\n[calls]\nfinder_fee = 0\n\
                      [[factor]]\nname = \"fee\"\nkeys = \"calls.fee\"\nlevels = 3\n";
    fs::write(dir.path().join("line.toml"), one_factor).unwrap();
    made(dir.path(), "bet", &[], ["bet-a", "bet-b"]);
    made(dir.path(), "sweep", &[], ["map-a", "map-b"]);
    let sobol = ["--set", "sweep.design=sobol", "--set", "sweep.points=4"];
    made(dir.path(), "sweep", &sobol, ["sobol-a", "sobol-b"]);
    fs::copy(dir.path().join("line.toml"), dir.path().join("small.toml")).unwrap();
    made(dir.path(), "sweep", &[], ["line-a", "line-b"]);
    let expected = [
        ("bet", &["compare_bet_chances", "compare_bet_channels", "compare_bet_difference"][..]),
        ("map", &["compare_sweep_maps"]),
        ("line", &["compare_sweep_curves"]),
        ("sobol", &["compare_sweep_sensitivity"]),
    ];
    for (kind, charts) in expected {
        let [a, b, out] = ["a", "b", "c"].map(|end| format!("{kind}-{end}"));
        done(dir.path(), &["chart", &a, &b, "--out", &out, "-q"]);
        let names = fs::read_dir(dir.path().join(&out)).unwrap();
        let mut names: Vec<String> =
            names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.retain(|name| name.ends_with(".svg"));
        names.sort();
        assert_eq!(names, charts.iter().map(|chart| format!("{chart}.svg")).collect::<Vec<_>>());
        done(dir.path(), &["report", &a, &b, "--out", &out, "-q"]);
        let page = fs::read_to_string(dir.path().join(&out).join("report.html")).unwrap();
        assert!(charts.iter().all(|chart| page.contains(&format!("id=\"chart-{chart}\""))), "{kind}");
        assert!(page.contains("<code>needs.value</code></th><td>8.0</td><td>12.0</td>"), "{kind}");
    }
    for (dirs, said) in [
        (["bet-a", "map-a"], "bet-a is of a bet and map-a is of a sweep; name results of one kind"),
        (["map-a", "line-a"], "have neither the same one or two factors nor indices of the same design"),
    ] {
        for command in ["chart", "report"] {
            let stderr = refused(dir.path(), &[&[command][..], &dirs].concat(), 2);
            assert!(stderr.contains(said), "{stderr}");
        }
    }
}

/// The rows of a table of `report.html`: the texts of their cells.
fn rows_of(page: &str, chart: &str) -> Vec<Vec<String>> {
    let figure = page.split(&format!("id=\"chart-{chart}\"")).nth(1).unwrap_or_else(|| panic!("{chart}"));
    let rows = figure.split("</figure>").next().unwrap().split("<tr data-at=").skip(1);
    let cells = |row: &str| {
        row.split("<td>").skip(1).map(|cell| cell.split('<').next().unwrap().to_owned()).collect()
    };
    rows.map(cells).collect()
}

#[test]
fn the_map_of_a_difference_has_the_difference_of_the_tables() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("small.toml"), BETS_AND_SWEEPS).unwrap();
    made(dir.path(), "sweep", &[], ["a", "b"]);
    done(dir.path(), &["report", "a", "b", "-q", "--out", "c"]);
    let contrasts = |name: &str| -> Vec<f64> {
        let text = fs::read_to_string(dir.path().join(name).join("sweep_contrasts.csv")).unwrap();
        let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
        let place = |column: &str| header.iter().position(|found| *found == column).unwrap();
        let rows = text.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
        let wanted = [("first", "warrior"), ("second", "servant"), ("metric", "net")];
        let rows = rows.filter(|row| wanted.iter().all(|(column, value)| row[place(column)] == *value));
        rows.map(|row| row[place("difference")].parse().unwrap()).collect()
    };
    let (before, after) = (contrasts("a"), contrasts("b"));
    let page = fs::read_to_string(dir.path().join("c/report.html")).unwrap();
    let rows = rows_of(&page, "compare_sweep_maps");
    assert_eq!((before.len(), rows.len()), (9, 27), "two maps and their difference");
    for (row, (a, b)) in rows[18..].iter().zip(before.iter().zip(&after)) {
        let shown: f64 = row[2].replace('\u{2212}', "-").parse().unwrap();
        assert!((shown - (b - a)).abs() <= 0.006 * (b - a).abs().max(0.1), "{row:?}: {a} to {b}");
    }
}

/// The cells of a table, its header first.
fn cells(table: &Path) -> Vec<Vec<String>> {
    let text = fs::read_to_string(table).unwrap();
    text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

#[test]
fn the_network_and_the_curve_of_help_agree_with_the_tables() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("small.toml"), SMALL.replace("agents = 20", "agents = 200")).unwrap();
    let sets = ["--set", "needs.rate=0.5", "--set", "rounds=30"];
    let run = [&["run", "small.toml", "-q", "--agents", "--out", "out"][..], &sets].concat();
    done(dir.path(), &run);
    let page = fs::read_to_string(dir.path().join("out/report.html")).unwrap();
    let table = |name: &str| cells(&dir.path().join("out").join(name));
    // The flow from servants to warriors, in shares of all flows.
    let flows = table("flows.csv");
    let value = |row: &Vec<String>| row[4].parse::<f64>().unwrap();
    let all: f64 = flows[1..].iter().map(value).sum();
    let one: f64 =
        flows[1..].iter().filter(|row| row[1] == "servant" && row[2] == "warrior").map(value).sum();
    let rows = rows_of(&page, "network");
    let number = |text: &String| text.parse::<f64>().unwrap();
    let shown: f64 = rows.iter().map(|row| number(&row[2])).sum();
    let found = rows.iter().find(|row| row[0] == "servant" && row[1] == "warrior").unwrap();
    assert!((number(&found[2]) / shown - one / all).abs() < 0.01, "{found:?} of {shown}, {one} of {all}");
    // The share of help that the half of agents who give least give.
    let agents = table("agents.csv");
    let place = |column: &str| agents[0].iter().position(|found| found == column).unwrap();
    let half = |replicate: &str| {
        let rows = agents[1..].iter().filter(|row| row[0] == replicate);
        let mut given: Vec<f64> = rows.map(|row| row[place("assist_cost")].parse().unwrap()).collect();
        given.sort_by(f64::total_cmp);
        given[..given.len() / 2].iter().sum::<f64>() / given.iter().sum::<f64>()
    };
    let expected = 100.0 * (half("0") + half("1")) / 2.0;
    let rows = rows_of(&page, "concentration");
    let row = rows.iter().find(|row| row[0] == "50").unwrap();
    let shown: f64 = row[1].split('%').next().unwrap().parse().unwrap();
    assert!((shown - expected).abs() < 0.06, "{shown} for {expected}");
}

#[test]
fn the_spread_over_time_and_the_people_agree_with_the_tables() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("small.toml"), SMALL.replace("agents = 20", "agents = 300")).unwrap();
    let sets = ["--set", "rounds=30", "--set", "reputation.legibility=0.6"];
    let run = [&["run", "small.toml", "-q", "--agents", "--out", "out"][..], &sets].concat();
    done(dir.path(), &run);
    let page = fs::read_to_string(dir.path().join("out/report.html")).unwrap();
    let table = |name: &str| cells(&dir.path().join("out").join(name));
    let number = |text: &str| text.replace('\u{2212}', "-").parse::<f64>().unwrap();

    // At the end the quantiles are those of distribution.csv; the chart has their means.
    let (spread, distribution) = (table("spread.csv"), table("distribution.csv"));
    let last: Vec<_> = spread.iter().filter(|row| row[1] == "29").collect();
    assert_eq!(last.len(), 2 * 3 * 5);
    for row in &last {
        let same = |other: &&Vec<String>| other[0] == row[0] && other[1] == row[2] && other[2] == row[3];
        assert_eq!(distribution.iter().find(same).unwrap()[3], row[4], "{row:?}");
    }
    let shown = rows_of(&page, "spread");
    let rounds = |name: &str| spread.iter().filter(|row| row[2] == name && row[3] == "0.5").count() / 2;
    assert_eq!(shown.len(), ["warrior", "servant", "abstainer"].map(rounds).iter().sum::<usize>());
    let warriors = &shown[..rounds("warrior")];
    for row in warriors {
        let medians = spread.iter().filter(|r| r[1] == row[0] && r[2] == "warrior" && r[3] == "0.5");
        let mean = medians.map(|r| number(&r[4])).sum::<f64>() / 2.0;
        assert!((number(&row[3]) - mean).abs() <= 0.006 * mean.abs().max(1.0), "{row:?} for {mean}");
    }

    // The people of the sample are those of agents.csv, and so are the people of the chart.
    let (people, ties, agents) = (table("people_sample.csv"), table("ties_sample.csv"), table("agents.csv"));
    let place = |column: &str| agents[0].iter().position(|found| found == column).unwrap();
    let fee = 0.3 * 10.0;
    assert_eq!(people.len(), 1 + 150);
    for person in &people[1..] {
        let agent = agents.iter().find(|row| row[0] == "0" && row[1] == person[1]).unwrap();
        assert_eq!((&agent[2], &agent[place("net_total")]), (&person[2], &person[6]));
        assert!((number(&agent[place("pull")]) - fee * number(&person[5])).abs() < 1e-9, "{person:?}");
    }
    let shown = rows_of(&page, "people");
    assert_eq!(shown.len(), 150);
    for (row, person) in shown.iter().zip(&people[1..]) {
        assert_eq!((&row[0], &row[1], &row[2]), (&person[1], &person[2], &person[5]));
        for other in row[4].split(", ").filter(|other| !other.is_empty()) {
            let tied =
                |a: &str, b: &str| ties.iter().any(|tie| tie[1] == a && tie[2] == b && number(&tie[3]) > 0.0);
            assert!(tied(&row[0], other) || tied(other, &row[0]), "{row:?}");
        }
    }
    let most = people[1..].iter().map(|person| number(&person[5])).fold(0.0, f64::max);
    assert!(most > 0.0, "somebody is called");
}
