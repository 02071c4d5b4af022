//! The page about dependencies against `Cargo.toml`, `Cargo.lock` and the crates themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use crate::support::root;

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

/// The rows of a table of the page, without its header, as cells.
fn rows(words: &str) -> Vec<Vec<String>> {
    let page = read("docs/dependencies.md");
    let (_, after) = page.split_once(&format!("<!-- {words} -->\n")).unwrap();
    let (table, _) = after.split_once(&format!("<!-- end of {words} -->")).unwrap();
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    let rows: Vec<Vec<String>> = table.lines().skip(2).map(cells).collect();
    assert!(!rows.is_empty(), "{words}");
    rows
}

/// The names in code style in a cell, but not those in brackets, which are features.
fn names(cell: &str) -> BTreeSet<String> {
    let outside = cell.split('(').next().unwrap();
    outside.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The dependencies that `Cargo.toml` has in a section, on any platform.
fn of_manifest(section: &str) -> BTreeSet<String> {
    let manifest: toml::Table = read("Cargo.toml").parse().unwrap();
    let platforms = manifest["target"].as_table().unwrap().values();
    let sections =
        std::iter::once(&manifest[section]).chain(platforms.filter_map(|table| table.get(section)));
    sections.flat_map(|section| section.as_table().unwrap().keys().cloned()).collect()
}

#[test]
fn the_page_names_exactly_the_dependencies_of_the_manifest() {
    let manifest: toml::Table = read("Cargo.toml").parse().unwrap();
    let other = "build-dependencies";
    assert!(!manifest.contains_key(other), "the page and this test know no {other}");
    let program = of_manifest("dependencies");
    let tests = of_manifest("dev-dependencies");
    let beyond: BTreeSet<String> = tests.difference(&program).cloned().collect();
    for (words, expected) in [
        ("reasons of the program", &program),
        ("figures of the program", &program),
        ("reasons of the tests", &tests),
        ("figures of the tests", &beyond),
    ] {
        let cells: Vec<String> = rows(words).into_iter().map(|row| row[0].clone()).collect();
        let named: BTreeSet<String> = cells.iter().flat_map(|cell| names(cell)).collect();
        let more: Vec<_> = named.difference(expected).collect();
        let fewer: Vec<_> = expected.difference(&named).collect();
        assert!(more.is_empty(), "{words}: not in Cargo.toml: {more:?}");
        assert!(fewer.is_empty(), "{words}: missing {fewer:?}");
    }
    for words in ["reasons of the program", "reasons of the tests"] {
        for row in rows(words) {
            assert!(row[1..].iter().all(|cell| !cell.is_empty()), "{row:?} has no reason");
        }
    }
}

/// The versions that `Cargo.lock` has for mingle's own dependencies.
fn locked() -> BTreeMap<String, String> {
    let lock: toml::Table = read("Cargo.lock").parse().unwrap();
    let packages = lock["package"].as_array().unwrap();
    let text = |package: &toml::Value, key: &str| package[key].as_str().unwrap().to_owned();
    let own = packages.iter().find(|package| text(package, "name") == env!("CARGO_PKG_NAME")).unwrap();
    let needs = own["dependencies"].as_array().unwrap().iter().map(|need| need.as_str().unwrap());
    // A need has its version beside it only where the file has several of its name.
    needs
        .map(|need| match need.split_once(' ') {
            Some((name, version)) => (name.to_owned(), version.to_owned()),
            None => {
                let package = packages.iter().find(|package| text(package, "name") == need).unwrap();
                (need.to_owned(), text(package, "version"))
            }
        })
        .collect()
}

/// The licences of mingle's own dependencies, as the crates state them. Without the network there are those that this
/// build has.
fn licences() -> BTreeMap<String, String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| env!("CARGO").to_owned());
    let output = Command::new(cargo)
        .current_dir(root())
        .args(["tree", "--locked", "--offline", "--depth=1", "--prefix=none", "--format={p}|{l}"])
        .args(["--edges=normal,dev"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let crates = text.lines().skip(1).filter_map(|line| line.split_once('|'));
    crates
        .map(|(package, licence)| {
            (package.split(' ').next().unwrap().to_owned(), licence.replace(" (*)", "").replace('/', " OR "))
        })
        .collect()
}

#[test]
fn versions_and_licences_on_the_page_are_those_of_the_crates() {
    let (versions, licences) = (locked(), licences());
    let mut compared = 0;
    let program = rows("figures of the program");
    for row in program.iter().chain(&rows("figures of the tests")) {
        let name = row[0].trim_matches('`');
        assert_eq!(row[1], versions[name], "{name}: run python3 .ci/dependencies.py write");
        if let Some(licence) = licences.get(name) {
            assert_eq!(row[2], *licence, "{name}: run python3 .ci/dependencies.py write");
            compared += 1;
        }
        assert!(row[3].parse::<f64>().is_ok_and(|size| size > 0.0), "{name} has no size");
    }
    // What the default build does not have may go without a build time.
    for row in program.iter().filter(|row| licences.contains_key(row[0].trim_matches('`'))) {
        assert!(row[6].parse::<f64>().is_ok_and(|time| time >= 0.0), "{} has no build time", row[0]);
    }
    assert_eq!(compared, licences.len(), "a crate of this build is not on the page");
}
