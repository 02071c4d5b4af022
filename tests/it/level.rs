//! The level of intervals, from outside: every interval and every word follows it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::support::{done, refused};

const SCENARIO: &str = "title = \"Small\"\nrounds = 30\nburn_in = 10\nreplicates = 6\n[population]\nagents = 80\n\
    [mixer]\nsize = 12\n[survival]\n[[region]]\nname = \"north\"\nshare = 0.5\n[[region]]\nname = \"south\"\nshare = 0.5\n\
    [bet]\nworlds = 12\nfocals = 5\nhorizons = [0, 4, 12]\ndesign = \"crossover\"\ngap = 4\n\
    [sweep]\n[[factor]]\nname = \"fee\"\nkeys = \"calls.fee\"\nmax = 0.6\nlevels = 3\n\
    [[factor]]\nname = \"talk\"\nkeys = \"needs.rate\"\nmin = 0.05\nmax = 0.4\nlevels = 2\n";

/// A folder with the scenario.
fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("small.toml"), SCENARIO).unwrap();
    dir
}

/// All commands, and a sensitivity analysis of each design.
const COMMANDS: [&[&str]; 5] = [
    &["run", "small.toml"],
    &["bet", "small.toml", "--decompose"],
    &["sweep", "small.toml"],
    &["sweep", "small.toml", "--set", "sweep.design=morris", "--set", "sweep.points=6"],
    &["sweep", "small.toml", "--set", "sweep.experiment=bet", "--set", "bet.design=twins"],
];

/// Widths of all intervals in the tables of a folder, by file, row and the column of the lower end.
fn widths(dir: &Path) -> BTreeMap<(String, usize, String), f64> {
    let mut widths = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let Some(table) = name.strip_suffix(".csv") else { continue };
        let text = fs::read_to_string(dir.join(&name)).unwrap();
        let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
        for (line, row) in text.lines().skip(1).enumerate() {
            let row: Vec<&str> = row.split(',').collect();
            for (place, low) in header.iter().enumerate().filter(|(_, name)| name.ends_with("_low")) {
                let high = header.iter().position(|name| *name == low.replace("_low", "_high")).unwrap();
                if let (Ok(a), Ok(b)) = (row[place].parse::<f64>(), row[high].parse::<f64>()) {
                    widths.insert((table.to_owned(), line, (*low).to_owned()), b - a);
                }
            }
        }
    }
    widths
}

/// Every text of a result but the tables of numbers: documents and charts.
fn texts(dir: &Path) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for folder in [dir.to_owned(), dir.join("charts")] {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "svg" || ending == "json") {
                texts.push((path.display().to_string(), fs::read_to_string(path).unwrap()));
            }
        }
    }
    texts
}

#[test]
fn at_another_level_every_interval_is_narrower_and_every_word_says_so() {
    let dir = folder();
    for (k, command) in COMMANDS.iter().enumerate() {
        let (usual, other) = (format!("usual{k}"), format!("other{k}"));
        done(dir.path(), &[command, &["--out", &usual][..]].concat());
        let told = done(dir.path(), &[command, &["--out", &other, "--level", "0.9"][..]].concat());
        let [wide, narrow] = [&usual, &other].map(|name| widths(&dir.path().join(name)));
        assert!(wide.len() > 20, "{command:?}");
        for (place, width) in &narrow {
            let usual = wide.get(place).copied().unwrap_or(f64::INFINITY);
            // Quantiles end at values, of which there are few.
            let discrete = place.2.starts_with('q') || place.2.starts_with("median");
            let narrower = *width < usual || usual == 0.0 || (discrete && *width == usual);
            assert!(narrower, "{command:?}, {place:?}: {width} of {usual}");
        }
        assert!(!told.contains("95%") && !told.contains("at most 5%"), "{told}");
        if command.contains(&"sweep.experiment=bet") {
            assert!(told.contains("at 6 of 6 points 90% intervals may hold less often than said"), "{told}");
        }
        let mut said = told.contains("90% interval");
        for (file, text) in texts(&dir.path().join(&other)) {
            // A quantile is no interval, and the manifest has the scenario's own words.
            let text = text.replace("95% have at most this", "");
            assert!(!text.contains("95%"), "{file}: {text}");
            said |= text.contains("90% ");
        }
        assert!(said, "{command:?}");
        let manifest = fs::read_to_string(dir.path().join(&other).join("manifest.json")).unwrap();
        assert!(manifest.contains("\"level\": 0.9,") && manifest.contains("level = 0.9\\n"), "{manifest}");
    }
}

#[test]
fn charts_are_drawn_again_at_the_level_of_their_result_and_levels_are_not_mixed() {
    let dir = folder();
    done(dir.path(), &["run", "small.toml", "--out", "a", "--level", "0.9"]);
    done(dir.path(), &["run", "small.toml", "--out", "b", "--no-charts"]);
    let chart = dir.path().join("a/charts/net_over_time.svg");
    let before = fs::read(&chart).unwrap();
    fs::remove_file(&chart).unwrap();
    done(dir.path(), &["chart", "a"]);
    assert_eq!(fs::read(&chart).unwrap(), before);
    let told = refused(dir.path(), &["chart", "a", "b"], 1);
    assert!(told.contains("a has 90% intervals and b has 95% intervals, which cannot be compared"), "{told}");
    done(dir.path(), &["run", "small.toml", "--out", "c", "--no-charts", "--level", "0.9"]);
    done(dir.path(), &["chart", "a", "c", "--out", "both"]);
    let both = fs::read_to_string(dir.path().join("both/compare_net.svg")).unwrap();
    assert!(both.contains("90% t-intervals over 6 replicates each"), "{both}");
}

#[test]
fn a_level_out_of_range_is_named_with_its_range() {
    let dir = folder();
    for command in ["run", "bet", "sweep"] {
        let told = refused(dir.path(), &[command, "small.toml", "--level", "95"], 2);
        assert!(told.contains("level must be a number from 0.5 to 0.999, but is 95"), "{told}");
    }
}
