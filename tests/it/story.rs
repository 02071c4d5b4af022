//! The story of a bet from outside: its sums, its files, and what is asked for wrongly.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use mingle::Amount;
use serde_json::Value;

use crate::support;

const SMALL: &str = "title = \"Small\"\nrounds = 12\nburn_in = 6\n[population]\nagents = 90\n\
                     [mixer]\nsize = 12\n[bet]\nworlds = 4\nfocals = 5\nhorizons = [0, 3, 21]\n";

/// What a call in `dir` comes to: exit code, stdout, stderr.
fn call(dir: &Path, arguments: &[&str]) -> (i32, String, String) {
    fs::write(dir.join("small.toml"), SMALL).unwrap();
    support::call(dir, arguments)
}

/// Plays the bet into `out`; what it says on stderr.
fn play(dir: &Path, out: &str, more: &[&str]) -> String {
    let (code, _, err) = call(dir, &[&["bet", "small.toml", "--out", out][..], more].concat());
    assert_eq!(code, 0, "{err}");
    err
}

/// The rows of a table, each by column.
fn rows(dir: &Path, file: &str) -> Vec<BTreeMap<String, String>> {
    let text = fs::read_to_string(dir.join(file)).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let header = lines.next().unwrap();
    lines.map(|cells| header.iter().cloned().zip(cells).collect()).collect()
}

/// An amount as it is written; nothing for an empty cell.
fn amount(cell: &str) -> Amount {
    if cell.is_empty() { Amount::ZERO } else { Amount::of(cell.parse().unwrap()) }
}

/// All files of a result and its charts.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let folders = [dir.to_path_buf(), dir.join("charts")];
    let entries = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten();
    let paths = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    paths
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap()))
        .collect()
}

/// The focal agent of a story.
fn who(rows: &[BTreeMap<String, String>], story: &str) -> (String, String) {
    let row = rows.iter().find(|row| row["story"] == story).unwrap_or_else(|| panic!("no {story} story"));
    (row["world"].clone(), row["focal"].clone())
}

#[test]
fn the_stories_of_a_result_sum_to_its_differences_and_are_of_those_who_are_meant() {
    let dir = tempfile::tempdir().unwrap();
    let err = play(dir.path(), "a", &["--story", "--no-charts"]);
    let (story, bet) = (rows(&dir.path().join("a"), "story.csv"), rows(&dir.path().join("a"), "bet.csv"));
    for name in ["typical", "luckiest"] {
        let (world, focal) = who(&story, name);
        for at in bet.iter().filter(|row| row["world"] == world && row["focal"] == focal) {
            let horizon: u32 = at["horizon"].parse().unwrap();
            let until = story
                .iter()
                .filter(|row| row["story"] == name && row["after"].parse::<u32>().unwrap() <= horizon);
            let sum: Amount = until.map(|row| amount(&row["difference"])).sum();
            assert_eq!(sum, amount(&at["difference"]), "{name} after {horizon}");
        }
        assert!(err.contains(&format!("{name} focal agent, {focal} of world {world}")), "{err}");
    }
    let last: Vec<_> = bet.iter().filter(|row| row["horizon"] == "21").collect();
    let of = |(world, focal): (String, String)| {
        amount(&last.iter().find(|row| row["world"] == world && row["focal"] == focal).unwrap()["difference"])
    };
    let mut all: Vec<Amount> = last.iter().map(|row| amount(&row["difference"])).collect();
    all.sort_unstable();
    assert_eq!(of(who(&story, "luckiest")), *all.last().unwrap());
    // Of 20 the typical one is next to the middle.
    let median = (all[9] + all[10]).per(2);
    let distance = |difference: &Amount| (difference.per(1) - median).abs();
    let least = all.iter().map(distance).fold(f64::INFINITY, f64::min);
    assert_eq!(distance(&of(who(&story, "typical"))), least);
}

#[test]
fn a_story_has_charts_and_a_section_and_all_can_be_made_again_and_verified() {
    let dir = tempfile::tempdir().unwrap();
    for threads in ["1", "8"] {
        play(dir.path(), threads, &["--story", "both", "--threads", threads]);
    }
    let result = dir.path().join("1");
    let one = files(&result);
    assert!(one == files(&dir.path().join("8")), "the same bytes for any number of threads");
    for name in ["story.csv", "bet_story.svg", "bet_story_luckiest.svg"] {
        assert!(one.contains_key(name), "{name}");
    }
    let page = String::from_utf8(one["report.html"].clone()).unwrap();
    assert!(page.contains("The story of a bet") && page.contains("focal agent, "));
    assert!(page.contains("mingle bet small.toml --story both"), "the command to repeat it");
    let package: Value = serde_json::from_slice(&one["datapackage.json"]).unwrap();
    let resources = package["resources"].as_array().unwrap();
    assert!(resources.iter().any(|resource| resource["path"] == "story.csv"));
    fs::remove_dir_all(result.join("charts")).unwrap();
    assert_eq!(call(dir.path(), &["chart", "1"]).0, 0);
    assert_eq!(call(dir.path(), &["report", "1"]).0, 0);
    assert!(one == files(&result), "made again from the tables");
    let (code, out, err) = call(dir.path(), &["verify", "1", "--all"]);
    assert!(code == 0 && (out + &err).contains("story.csv"), "{err}");
    let (code, out, err) = call(dir.path(), &["verify", "1", "--replicates", "2"]);
    assert!(
        code == 0 && (out + &err).contains("not compared"),
        "some worlds do not decide who is typical: {err}"
    );
}

#[test]
fn without_a_story_files_are_as_ever_and_an_older_story_goes() {
    let dir = tempfile::tempdir().unwrap();
    play(dir.path(), "with", &["--story", "typical", "--no-charts"]);
    play(dir.path(), "without", &["--no-charts"]);
    let (with, without) = (files(&dir.path().join("with")), files(&dir.path().join("without")));
    assert!(without.iter().all(|(name, bytes)| {
        ["manifest.json", "datapackage.json", "report.html"].contains(&name.as_str()) || with[name] == *bytes
    }));
    for (name, bytes) in &without {
        assert!(!String::from_utf8_lossy(bytes).contains("story"), "{name}");
    }
    play(dir.path(), "with", &["--no-charts", "--force"]);
    assert!(files(&dir.path().join("with")) == without);
}

#[test]
fn a_story_can_be_of_any_focal_agent_and_of_no_other() {
    let dir = tempfile::tempdir().unwrap();
    play(dir.path(), "plain", &["--no-charts"]);
    let bet = rows(&dir.path().join("plain"), "bet.csv");
    let third = bet.iter().find(|row| row["world"] == "2").unwrap();
    let of = format!("2:{}", third["focal"]);
    let (code, out, err) =
        call(dir.path(), &["bet", "small.toml", "--story", &of, "--json", "--no-charts", "--out", "one"]);
    assert_eq!(code, 0, "{err}");
    let json: Value = serde_json::from_str(&out).unwrap();
    let heading = json["story"][0].as_str().unwrap();
    assert!(heading.starts_with(&format!("the story of agent {} of world 2", third["focal"])), "{heading}");
    let story = rows(&dir.path().join("one"), "story.csv");
    assert!(story.iter().all(|row| row["story"] == "chosen" && row["focal"] == third["focal"]));

    let nobody = (0..90).map(|agent| agent.to_string());
    let nobody =
        nobody.into_iter().find(|a| !bet.iter().any(|row| row["world"] == "0" && row["focal"] == *a));
    let refused = |who: &str| {
        let (code, _, err) = call(dir.path(), &["bet", "small.toml", "--out", "none", "--story", who]);
        assert_eq!(code, 2, "{err}");
        assert!(!dir.path().join("none").exists(), "{who}: refused before anything is run");
        err
    };
    let nobody = nobody.unwrap();
    let err = refused(&nobody);
    let first = &bet.iter().find(|row| row["world"] == "0").unwrap()["focal"];
    assert!(
        err.contains(&format!("`--story 0:{nobody}`: agent {nobody} is no focal agent of world 0")),
        "{err}"
    );
    assert!(err.contains("take one of") && err.contains(first.as_str()), "{err}");
    let err = refused("4:1");
    assert!(err.contains("the bet has 4 worlds, numbered 0 to 3; name one of them"), "{err}");
    let err = refused("somebody");
    assert!(err.contains("expected typical, luckiest, both, or a focal agent"), "{err}");
}

#[test]
fn a_bet_that_is_precise_before_the_world_of_a_story_is_kept_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    // Everybody is a focal agent.
    let sets = ["bet.usual=any", "population.agents=24", "bet.focals=24", "bet.horizons=[0, 1]"];
    let sets: Vec<&str> = sets.iter().flat_map(|set| ["--set", set]).collect();
    let all = [&["--precision", "50", "--max-worlds", "60", "--no-charts"][..], &sets].concat();
    play(dir.path(), "plain", &all);
    let done =
        rows(&dir.path().join("plain"), "bet.csv").last().unwrap()["world"].parse::<u32>().unwrap() + 1;
    assert!(done < 60, "it is precise before");
    let (code, _, err) =
        call(dir.path(), &[&["bet", "small.toml", "--story", "59:7", "--out", "b"], &all[..]].concat());
    assert_eq!(code, 1);
    assert!(err.contains(&format!("after {done} worlds, which are kept, before world 59")), "{err}");
    let result = dir.path().join("b");
    assert!(result.join("manifest.json").exists() && !result.join("story.csv").exists());
}

#[test]
fn equal_strategies_have_nothing_to_tell() {
    let dir = tempfile::tempdir().unwrap();
    let equal = ["--set", "bet.first=servant", "--set", "bet.second=servant", "--story", "typical"];
    let err = play(dir.path(), "a", &equal);
    assert!(err.contains("nothing that pays it differs between the two worlds"), "{err}");
    assert_eq!(rows(&dir.path().join("a"), "story.csv").len(), 0);
    assert!(!dir.path().join("a/charts/bet_story.svg").exists());
    assert_eq!(call(dir.path(), &["verify", "a", "--all"]).0, 0);
}
