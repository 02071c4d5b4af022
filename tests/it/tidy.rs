//! The rules of the house, checked on the source text itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::imports::Sources;
use crate::support::{root, sources_below, tracked};

/// All Rust files below a folder, by path from the root, with their text.
fn rust_files(folder: &str) -> BTreeMap<String, String> {
    let names = sources_below(folder).into_iter().filter(|name| name.ends_with(".rs"));
    let files: BTreeMap<String, String> =
        names.map(|name| (name.clone(), fs::read_to_string(root().join(&name)).unwrap())).collect();
    assert!(!files.is_empty());
    files
}

/// The code of a file: without comments, and without its unit tests.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    text.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The room of a file: the folder or the file directly below src.
fn room(path: &str) -> &str {
    path.strip_prefix("src/").unwrap().split('/').next().unwrap().trim_end_matches(".rs")
}

/// Who may import whom. A room that is missing here is not allowed to exist.
const MAY_IMPORT: [(&str, &[&str]); 15] = [
    ("main", &[]),
    // The public face names its items where they are.
    (
        "lib",
        &[
            "amount",
            "chart",
            "cli",
            "experiment",
            "model",
            "parallel",
            "report",
            "results",
            "scenario",
            "stats",
            "study",
        ],
    ),
    ("build", &[]),
    ("amount", &[]),
    ("draws", &[]),
    ("parallel", &[]),
    ("stats", &[]),
    ("scenario", &[]),
    ("model", &["scenario", "amount", "draws", "parallel"]),
    ("experiment", &["model", "scenario", "stats", "parallel", "amount", "draws"]),
    ("results", &["experiment", "scenario", "model", "stats", "amount", "draws"]),
    ("chart", &["results", "stats", "parallel"]),
    ("validate", &["experiment", "model", "parallel", "results", "scenario", "stats"]),
    ("report", &["results", "chart", "parallel"]),
    ("study", &["results", "experiment", "scenario", "model", "stats", "parallel"]),
];

#[test]
fn rooms_import_only_whom_they_may() {
    for (path, named) in Sources::parse(&rust_files("src")).rooms() {
        let own = room(&path);
        if own == "cli" {
            continue;
        }
        let (_, allowed) = MAY_IMPORT
            .iter()
            .find(|(name, _)| *name == own)
            .unwrap_or_else(|| panic!("{path}: no such room in the plan of the house"));
        for other in named {
            assert!(other == own || allowed.contains(&other.as_str()), "{path} imports crate::{other}");
        }
    }
}

/// Which crates, and parts of std, are named only in which rooms.
const ONLY_IN: [(&str, &[&str]); 19] = [
    ("rayon", &["parallel"]),
    ("rand_chacha", &["draws"]),
    ("rand", &["draws"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("indicatif", &["cli"]),
    ("ctrlc", &["cli"]),
    ("toml", &["scenario"]),
    ("annotate_snippets", &["scenario"]),
    ("csv", &["results", "scenario"]),
    ("flate2", &["results"]),
    ("quick_xml", &["results", "scenario", "chart"]),
    ("parquet", &["results"]),
    ("plotters", &["chart"]),
    ("tiny_skia", &["chart"]),
    ("maud", &["report"]),
    ("ttf_parser", &["chart"]),
    ("std::time", &["cli"]),
];

/// The path as it is written; `core` and `alloc` have parts of `std`.
fn written(path: &[String]) -> String {
    let path = path.join("::");
    path.strip_prefix("core::").map_or(path.clone(), |rest| format!("std::{rest}"))
}

#[test]
fn each_crate_stays_in_its_room() {
    for (file, paths) in Sources::parse(&rust_files("src")).paths() {
        for path in paths.iter().map(|path| written(path)) {
            for (name, rooms) in ONLY_IN {
                let named = path.strip_prefix(name).is_some_and(|rest| rest.starts_with("::"));
                assert!(!named || rooms.contains(&room(file)), "{file} names {path}");
            }
        }
    }
}

#[test]
fn model_and_experiment_do_no_io_and_return_no_result() {
    let texts = rust_files("src");
    let sources = Sources::parse(&texts);
    for (file, paths) in sources.paths() {
        if !["model", "experiment", "draws", "scenario", "stats"].contains(&room(file)) {
            continue;
        }
        for path in paths.iter().map(|path| written(path)) {
            for banned in ["std::fs", "std::io", "std::net", "std::env", "std::process"] {
                let named =
                    path.strip_prefix(banned).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"));
                assert!(!named, "{file} names {path}");
            }
            let last = path.rsplit("::").next().unwrap();
            assert!(!["HashMap", "HashSet"].contains(&last), "{file} names {path}");
            assert!(room(file) != "model" || last != "Result", "{file}: a checked scenario cannot fail");
        }
    }
    for (file, _) in sources.paths() {
        let quiet = ["model", "experiment", "draws", "scenario", "stats"].contains(&room(file));
        let prints =
            ["println!", "print!", "eprint!", "dbg!"].iter().any(|print| code(&texts[file]).contains(print));
        assert!(!quiet || !prints, "{file} prints");
    }
}

/// The modules that other programs see. All others are private.
const PUBLIC: [&str; 3] = ["settings", "records", "summaries"];

#[test]
fn only_the_modules_of_the_public_interface_are_public() {
    let text = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let public = text.lines().filter_map(|line| line.trim_start().strip_prefix("pub mod "));
    let names: Vec<&str> = public.map(|rest| rest.trim_end_matches([' ', '{', ';'])).collect();
    assert_eq!(names, PUBLIC);
    let hidden = text.lines().filter(|line| line.contains("doc(hidden)")).count();
    assert_eq!(hidden, 1, "only the function for src/main.rs is hidden");
    for (file, text) in rust_files("src").iter().filter(|(file, _)| *file != "src/lib.rs") {
        assert!(!code(text).contains("pub mod "), "{file}: a module of a room is private");
    }
}

/// The phases of a round: they know the world and the ledger, never each other.
const PHASES: [&str; 8] = ["needs", "mixer", "calls", "gossip", "survey", "regions", "survival", "evolution"];

/// The phase that a file belongs to, if it is one of a phase or below it.
fn phase(path: &str) -> Option<&'static str> {
    let inner = path.strip_prefix("src/model/")?.trim_end_matches(".rs");
    let first = inner.strip_prefix("phases/").unwrap_or(inner).split('/').next()?;
    PHASES.into_iter().find(|phase| *phase == first)
}

/// Imports between phases that are still to be taken apart. Each has to be there, so that the list only shrinks.
const BETWEEN_PHASES: [(&str, &str); 0] = [];

#[test]
fn phases_of_a_round_do_not_know_each_other() {
    let mut found = Vec::new();
    for (path, named) in Sources::parse(&rust_files("src")).arrows() {
        let Some(own) = phase(&path) else { continue };
        for other in named {
            if phase(&other).is_some_and(|other| other != own) {
                found.push((path.clone(), other));
            }
        }
    }
    let found: Vec<_> = found.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
    assert_eq!(found, BETWEEN_PHASES, "only round.rs composes phases");
}

/// Imports within a room that close a circle and are still to be taken apart. Each has to be there and to close one,
/// so that the list only shrinks.
const CIRCLES: [(&str, &str); 5] = [
    ("src/chart/bet/means.rs", "src/chart/bet/mod.rs"),
    ("src/chart/sweep/sensitivity.rs", "src/chart/sweep/mod.rs"),
    ("src/results/sweep/open.rs", "src/results/sweep/mod.rs"),
    ("src/results/sweep/parts.rs", "src/results/sweep/mod.rs"),
    ("src/results/sweep/report.rs", "src/results/sweep/mod.rs"),
];

/// The files that lie on a circle, with the arrows between them.
fn circles(arrows: &BTreeMap<String, BTreeSet<String>>) -> Vec<(String, String)> {
    let reached = |from: &str| {
        let (mut seen, mut next) = (BTreeSet::new(), vec![from.to_owned()]);
        while let Some(file) = next.pop() {
            for other in arrows.get(&file).into_iter().flatten() {
                if seen.insert(other.clone()) {
                    next.push(other.clone());
                }
            }
        }
        seen
    };
    let reach: BTreeMap<&String, BTreeSet<String>> =
        arrows.keys().map(|file| (file, reached(file))).collect();
    let closes = |from: &String, to: &String| reach.get(to).is_some_and(|reach| reach.contains(from));
    let all = arrows.iter().flat_map(|(from, named)| named.iter().map(move |to| (from, to)));
    all.filter(|(from, to)| closes(from, to)).map(|(from, to)| (from.clone(), to.clone())).collect()
}

#[test]
fn imports_inside_a_room_make_no_circle() {
    let mut arrows = Sources::parse(&rust_files("src")).arrows();
    for (from, named) in &mut arrows {
        named.retain(|to| room(to) == room(from));
    }
    let mut without = arrows.clone();
    for (from, to) in CIRCLES {
        let there = without.get_mut(from).is_some_and(|named| named.remove(to));
        assert!(there, "{from} no longer imports {to}: take the pair off the list");
    }
    let left = circles(&without);
    assert!(left.is_empty(), "circles of imports: {left:#?}");
    for (from, to) in CIRCLES {
        let mut with = without.clone();
        with.entry(from.to_owned()).or_default().insert(to.to_owned());
        assert!(!circles(&with).is_empty(), "{from} and {to} close no circle: take the pair off the list");
    }
}

#[test]
fn files_stay_small() {
    for (path, text) in rust_files("src") {
        let (lines, most) = (text.lines().count(), if path == "src/main.rs" { 40 } else { 400 });
        assert!(lines <= most, "{path} has {lines} lines, more than {most}");
    }
}

#[test]
fn every_file_says_what_it_is() {
    for folder in ["src", "tests", "benches", "examples"] {
        for (path, text) in rust_files(folder) {
            assert!(text.starts_with("//! "), "{path} opens without a word on what it is");
        }
    }
}

#[test]
fn nothing_unfinished_is_left() {
    for folder in ["src", "tests", "benches", "examples"] {
        for (path, text) in rust_files(folder) {
            for word in [
                concat!("todo", "!"),
                concat!("unimpl", "emented!"),
                concat!("FIX", "ME"),
                concat!("XX", "X"),
            ] {
                assert!(!text.contains(word), "{path} holds {word}");
            }
        }
    }
}

#[test]
fn the_top_level_holds_nothing_else() {
    let allowed = [
        "Cargo.toml",
        "Cargo.lock",
        "src",
        "scenarios",
        "output",
        "tests",
        "README.md",
        "benches",
        "examples",
        "docs",
        "web",
        "python",
        "CHANGELOG.md",
        "LICENSE",
        "CITATION.cff",
    ];
    // In an archive nobody can tell what belongs to it and what its user has put there.
    for path in tracked().unwrap_or_default() {
        let name = path.split('/').next().unwrap_or_default();
        assert!(name.starts_with('.') || allowed.contains(&name), "{name} at the top level");
    }
}
