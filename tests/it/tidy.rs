//! The rules of the house, checked on the source text itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files below a folder, by path from the root, with their text.
fn rust_files(folder: &str) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let name = path.strip_prefix(root()).unwrap().to_str().unwrap().to_string();
                files.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
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

/// First parts of the paths that follow `prefix` in the code, also in grouped imports.
fn named_after(code: &str, prefix: &str) -> BTreeSet<String> {
    let word = |s: &str| s.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut names = BTreeSet::new();
    for (i, _) in code.match_indices(prefix) {
        let rest = &code[i + prefix.len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut start = true;
            for (k, c) in group.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => start = true,
                    c if start && !c.is_whitespace() => {
                        names.insert(word(&group[k..]));
                        start = false;
                    }
                    _ => {}
                }
            }
        } else {
            names.insert(word(rest));
        }
    }
    names
}

/// Who may import whom. A room that is missing here is not allowed to exist.
const MAY_IMPORT: [(&str, &[&str]); 12] = [
    ("main", &[]),
    ("lib", &[]),
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
];

#[test]
fn rooms_import_only_whom_they_may() {
    for (path, text) in rust_files("src") {
        let own = room(&path);
        if own == "cli" {
            continue;
        }
        let (_, allowed) = MAY_IMPORT
            .iter()
            .find(|(name, _)| *name == own)
            .unwrap_or_else(|| panic!("{path}: no such room in the plan of the house"));
        for other in named_after(&code(&text), "crate::") {
            assert!(other == own || allowed.contains(&other.as_str()), "{path} imports crate::{other}");
        }
    }
}

/// Which crates, and parts of std, are named only in which rooms.
const ONLY_IN: [(&str, &[&str]); 15] = [
    ("rayon::", &["parallel"]),
    ("rand_chacha::", &["draws"]),
    ("rand::", &["draws"]),
    ("clap::", &["cli"]),
    ("clap_complete::", &["cli"]),
    ("clap_mangen::", &["cli"]),
    ("indicatif::", &["cli"]),
    ("ctrlc::", &["cli"]),
    ("toml::", &["scenario"]),
    ("annotate_snippets::", &["scenario"]),
    ("csv::", &["results"]),
    ("plotters::", &["chart"]),
    ("resvg::", &["chart"]),
    ("ttf_parser::", &["chart"]),
    ("std::time", &["cli"]),
];

#[test]
fn each_crate_stays_in_its_room() {
    for (path, text) in rust_files("src") {
        for (name, rooms) in ONLY_IN {
            let code = code(&text);
            let named = code
                .match_indices(name)
                .any(|(i, _)| !code[..i].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'));
            assert!(!named || rooms.contains(&room(&path)), "{path} names {name}");
        }
    }
}

#[test]
fn model_and_experiment_do_no_io_and_return_no_result() {
    for (path, text) in rust_files("src") {
        if !["model", "experiment", "draws", "scenario", "stats"].contains(&room(&path)) {
            continue;
        }
        let code = code(&text);
        for banned in ["std::fs", "std::io", "std::net", "std::env", "HashMap", "HashSet", "println!"] {
            assert!(!code.contains(banned), "{path} names {banned}");
        }
        if room(&path) == "model" {
            assert!(!code.contains("Result<"), "{path}: a checked scenario cannot fail");
        }
    }
}

/// The phases of a round: they know the world and the ledger, never each other.
const PHASES: [&str; 8] = ["needs", "mixer", "calls", "gossip", "survey", "regions", "survival", "evolution"];

#[test]
fn phases_of_a_round_do_not_know_each_other() {
    for (path, text) in rust_files("src/model") {
        let own = path.trim_start_matches("src/model/").trim_end_matches(".rs").to_string();
        let named = named_after(&code(&text), "super::");
        for phase in PHASES.iter().filter(|p| named.contains(**p)) {
            assert!(own == "round", "{path} imports the phase {phase}; only round.rs composes them");
        }
    }
}

#[test]
fn imports_inside_a_room_make_no_circle() {
    for room in ["model", "experiment", "scenario", "stats", "results", "chart", "cli"] {
        let mut arrows: BTreeMap<String, BTreeSet<String>> = rust_files(&format!("src/{room}"))
            .into_iter()
            .filter(|(path, _)| !path.ends_with("/mod.rs"))
            .map(|(path, text)| {
                let own = Path::new(&path).file_stem().unwrap().to_str().unwrap().to_string();
                (own, named_after(&code(&text), "super::"))
            })
            .collect();
        let files: BTreeSet<String> = arrows.keys().cloned().collect();
        for named in arrows.values_mut() {
            named.retain(|name| files.contains(name));
        }
        // Take away files that import nothing that is left; what remains has a circle.
        while let Some(free) = arrows.iter().find(|(_, named)| named.is_empty()).map(|(own, _)| own.clone()) {
            arrows.remove(&free);
            for named in arrows.values_mut() {
                named.remove(&free);
            }
        }
        assert!(arrows.is_empty(), "src/{room}: a circle of imports among {:?}", arrows.keys());
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
    for folder in ["src", "tests", "benches"] {
        for (path, text) in rust_files(folder) {
            assert!(text.starts_with("//! "), "{path} opens without a word on what it is");
        }
    }
}

#[test]
fn nothing_unfinished_is_left() {
    for folder in ["src", "tests", "benches"] {
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
        "docs",
        "CHANGELOG.md",
        "LICENSE",
        "CITATION.cff",
        "target",
    ];
    for entry in fs::read_dir(root()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(name.starts_with('.') || allowed.contains(&name.as_str()), "{name} at the top level");
    }
}
