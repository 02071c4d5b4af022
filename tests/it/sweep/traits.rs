//! Sweeps that split a contrast over the traits in which two strategies differ.

use super::*;

/// A small split: two traits, in a world that knows only two strategies.
const TWO: &str = "title = \"Two\"\nrounds = 30\nburn_in = 10\nreplicates = 6\n[population]\nagents = 90\n\
    [[strategy]]\nname = \"plain\"\nshare = 0.5\nask = 0.9\nserve = 0.1\n\
    [[strategy]]\nname = \"kind, \\\"too\\\"\"\nshare = 0.5\n[sweep]\ndesign = \"factorial-traits\"\n\
    metrics = [\"net\", \"opinion\", \"standing_good\"]\n";

fn number(text: &str) -> f64 {
    text.parse().unwrap_or_else(|_| panic!("{text} is no number"))
}

/// Net benefit of the second strategy less that of the first, replicate by replicate, of a run with these traits.
fn contrast(dir: &Path, out: &str, sets: &[&str]) -> Vec<f64> {
    let run = ["run", "two.toml", "--no-charts", "--out", out].into_iter();
    done(dir, &run.chain(sets.iter().flat_map(|set| ["--set", set])).collect::<Vec<_>>());
    let mut csv = csv::Reader::from_path(dir.join(out).join("rounds.csv")).unwrap();
    let header = csv.headers().unwrap().clone();
    let [replicate, round, net] =
        ["replicate", "round", "net"].map(|name| header.iter().position(|column| column == name).unwrap());
    let mut sums = [[0.0; 2]; 6];
    for row in csv.records().map(Result::unwrap) {
        let second = usize::from(&row[2] != "plain");
        if number(&row[round]) >= 10.0 {
            sums[row[replicate].parse::<usize>().unwrap()][second] += number(&row[net]) / 20.0;
        }
    }
    sums.iter().map(|[first, second]| second - first).collect()
}

#[test]
fn parts_are_the_shapley_values_of_ordinary_runs_and_add_up_to_the_contrast() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("two.toml"), TWO).unwrap();
    let output = call(dir.path(), &["sweep", "two.toml", "--out", "a"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{told}");
    let a = dir.path().join("a");
    let parts = rows(&a.join("sweep_traits.csv"), |row| row[0] == "net");
    let names: Vec<&str> = parts.iter().map(|row| row[1].as_str()).collect();
    assert_eq!(names, ["ask", "serve", "luck", "all"]);
    let means: Vec<f64> = parts.iter().map(|row| number(&row[2])).collect();
    assert!((means[0] + means[1] + means[2] - means[3]).abs() < 1e-12, "{means:?}");
    // Private reputation has no standing, so nothing is reported of it.
    let metrics: BTreeSet<String> =
        rows(&a.join("sweep_traits.csv"), |_| true).into_iter().map(|mut row| row.remove(0)).collect();
    assert!(metrics.iter().eq(["net", "opinion"]), "{metrics:?}");

    // By hand, from four runs: neither trait of the second strategy, either, and both.
    let own = "strategy.\"kind, \\\"too\\\"\".";
    let (ask, serve) = (format!("{own}ask=0.9"), format!("{own}serve=0.1"));
    let [none, with_ask, with_serve, both] = [
        contrast(dir.path(), "none", &[&ask, &serve]),
        contrast(dir.path(), "ask", &[&serve]),
        contrast(dir.path(), "serve", &[&ask]),
        contrast(dir.path(), "both", &[]),
    ];
    let by_hand = |r: usize| {
        let ask = (with_ask[r] - none[r] + both[r] - with_serve[r]) / 2.0;
        let serve = (with_serve[r] - none[r] + both[r] - with_ask[r]) / 2.0;
        [ask, serve, none[r], both[r]]
    };
    for (k, mean) in means.iter().enumerate() {
        let expected = (0..6).map(|r| by_hand(r)[k]).sum::<f64>() / 6.0;
        assert!((mean - expected).abs() < 1e-9, "{}: {mean}, by hand {expected}", names[k]);
        // The interval is over replicates.
        let spread = (0..6).map(|r| (by_hand(r)[k] - expected).powi(2)).sum::<f64>() / 5.0;
        let half = 2.570_581_835_6 * (spread / 6.0).sqrt();
        assert!((number(&parts[k][4]) - mean - half).abs() < 1e-6, "{:?}: {half}", parts[k]);
    }

    // The whole is that of the run, and the words, the chart and the report say it.
    let run = fs::read_to_string(dir.path().join("both/contrasts.csv")).unwrap();
    assert!(run.contains(&format!(",net,{},", parts[3][2])), "{run}");
    let line = told.lines().next().unwrap();
    assert!(line.starts_with("net of kind, \"too\" less that of plain is "), "{told}");
    assert!(line.contains("by trait (95% intervals, 6 replicates): ") && line.contains(", luck "), "{line}");
    let chart = fs::read_to_string(a.join("charts/sweep_traits.svg")).unwrap();
    assert!(chart.contains("Shapley"), "the parts are drawn");
    let report = fs::read_to_string(a.join("report.html")).unwrap();
    assert!(report.contains("Which traits make") && report.contains("id=\"chart-sweep_traits\""));
    // A point is a run with some traits of the first strategy.
    done(dir.path(), &["sweep", "two.toml", "--point", "1", "--no-charts", "--out", "one"]);
    let point = fs::read_to_string(dir.path().join("one/contrasts.csv")).unwrap();
    assert_eq!(point, fs::read_to_string(dir.path().join("serve/contrasts.csv")).unwrap());
}

#[test]
fn a_split_is_made_in_parts_and_verified_like_any_sweep() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("two.toml"), TWO).unwrap();
    let sweep = ["sweep", "two.toml", "--no-charts", "--out"];
    done(dir.path(), &[&sweep[..], &["whole"]].concat());
    for task in ["0", "1"] {
        done(dir.path(), &[&sweep[..], &["parts", "--tasks", "2", "--task", task]].concat());
    }
    done(dir.path(), &["merge", "parts"]);
    let table = |out: &str| fs::read_to_string(dir.path().join(out).join("sweep_traits.csv")).unwrap();
    assert_eq!(table("whole"), table("parts"));
    done(dir.path(), &["verify", "whole", "--all"]);
    let output = call(dir.path(), &["check", "two.toml"]);
    assert!(String::from_utf8(output.stdout).unwrap().contains("as a sweep: 4 points of 6 replicates"));
}

#[test]
fn a_run_names_the_command_that_splits_its_answer() {
    let dir = tempfile::tempdir().unwrap();
    let sets =
        ["--set", "population.agents=60", "--set", "rounds=12", "--set", "replicates=2", "--no-charts"];
    // Any two of these differ in more than one trait.
    let text = "[[strategy]]\nname = \"warrior\"\n[[strategy]]\nname = \"servant\"\n\
                [[strategy]]\nname = \"abstainer\"\nask = 0.5\n";
    fs::write(dir.path().join("my file.toml"), text).unwrap();
    let output = call(dir.path(), &[&["run", "my file.toml"][..], &sets].concat());
    let told = String::from_utf8(output.stderr).unwrap();
    let line = told.lines().find(|line| line.contains("mingle sweep")).unwrap_or_else(|| panic!("{told}"));
    let (said, given) = line.split_once("; this tells how much each does: mingle sweep ").unwrap();
    assert!(said.contains(" differ in ") && said.contains(" traits (") && said.contains("ask"), "{line}");
    // The command is as a shell takes it, with what was given and the two strategies of the answer.
    assert!(given.starts_with("'my file.toml' --set population.agents=60 --set rounds=12"), "{line}");
    let words = given.strip_prefix("'my file.toml'").unwrap().split_whitespace();
    let arguments: Vec<&str> = ["sweep", "my file.toml"].into_iter().chain(words).collect();
    done(dir.path(), &[&arguments[..], &["--no-charts", "--out", "split"]].concat());
    let traits = rows(&dir.path().join("split/sweep_traits.csv"), |row| row[0] == "net");
    let (count, _) = said.split_once(" traits").unwrap();
    let count = number(count.rsplit(' ').next().unwrap());
    assert_eq!(traits.len() as f64, count + 2.0, "with luck and the whole");
    // A scenario with a sweep has other questions.
    let output = call(dir.path(), &["run", "small.toml", "--no-charts", "--out", "other"]);
    assert!(!String::from_utf8(output.stderr).unwrap().contains("mingle sweep"));
}
