//! The fuzz targets in tests/fuzz: what they know of the program is up to date.

use std::collections::BTreeSet;
use std::fs;

use crate::support::root;

#[test]
fn the_dictionary_of_the_fuzz_targets_has_every_key() {
    let text = fs::read_to_string(root().join("tests/fuzz/keys.dict")).unwrap();
    let words: BTreeSet<&str> = text.lines().map(|line| line.trim_matches('"')).collect();
    for key in mingle::settings::keys() {
        for part in key.path.split('.').filter(|part| *part != "NAME") {
            assert!(words.contains(part), "add \"{part}\" to tests/fuzz/keys.dict");
        }
    }
}

#[test]
fn every_fuzz_target_has_seeds_and_a_place_in_the_documentation() {
    let docs = fs::read_to_string(root().join("docs/validation.md")).unwrap();
    let manifest = fs::read_to_string(root().join("tests/fuzz/Cargo.toml")).unwrap();
    let targets: Vec<&str> =
        manifest.lines().filter_map(|line| line.strip_prefix("path = \"fuzz_targets/")).collect();
    assert!(targets.len() > 5, "{targets:?}");
    for target in targets.iter().map(|path| path.trim_end_matches(".rs\"")) {
        assert!(docs.contains(&format!("| `{target}`")), "{target} is not in docs/validation.md");
        let corpus = root().join("tests/fuzz/corpus").join(target);
        assert!(fs::read_dir(corpus).is_ok_and(|mut files| files.next().is_some()), "{target} has no seeds");
    }
}
