//! The page that can be explored: what the command writes, and whether the page is up to date.

use std::fs;

use sha2::{Digest, Sha256};

use crate::support::{call, done, refused, root, sources_below, tracked};

/// The page as it stands ready in the documentation.
fn page() -> String {
    fs::read_to_string(root().join("docs/explore.html")).unwrap()
}

/// The text between two others.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    text.split_once(start).unwrap().1.split_once(end).unwrap().0
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What the page is made from, as in web/sources.mjs.
fn sources() -> Vec<String> {
    let mut files: Vec<String> =
        ["src", "web", "scenarios"].iter().flat_map(|folder| sources_below(folder)).collect();
    files.extend(["Cargo.toml", "Cargo.lock"].map(str::to_owned));
    files.retain(|path| {
        path != "src/main.rs" && !["src/cli/", "web/test/"].iter().any(|folder| path.starts_with(folder))
    });
    files.sort();
    files
}

#[test]
fn the_page_is_built_from_these_sources() {
    // In an archive nobody can tell which files are sources.
    if tracked().is_none() {
        return;
    }
    let all: String = sources()
        .iter()
        .map(|path| format!("{}  {path}\n", sha256(&fs::read(root().join(path)).unwrap())))
        .collect();
    let page = page();
    let built_from = between(&page, "<meta name=\"mingle-sources\" content=\"", "\"");
    assert_eq!(
        built_from,
        sha256(all.as_bytes()),
        "docs/explore.html is older than its sources: run web/build.sh"
    );
}

#[test]
fn the_page_is_small_and_asks_for_nothing_from_elsewhere() {
    let page = page();
    assert!(page.len() < 3_000_000, "{} bytes", page.len());
    let policy = between(&page, "http-equiv=\"Content-Security-Policy\" content=\"", "\"");
    assert!(policy.starts_with("default-src 'none'; script-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
    let markup = page.split("<script").next().unwrap();
    for reference in ["src=", "@import", "url("] {
        assert!(!markup.contains(reference), "{reference}");
    }
}

#[test]
fn the_engine_uses_the_versions_of_the_program() {
    let packages = |path: &str| -> Vec<String> {
        let lock = fs::read_to_string(root().join(path)).unwrap();
        let packages = lock.split("[[package]]").skip(1).map(str::trim);
        packages.map(|one| one.lines().take(2).collect::<Vec<_>>().join(" ")).collect()
    };
    let program = packages("Cargo.lock");
    for package in packages("web/engine/Cargo.lock") {
        let own = package.contains("\"mingle-engine\"");
        assert!(own || program.contains(&package), "Cargo.lock has another version of {package}");
    }
}

#[test]
fn the_command_writes_the_page_with_a_scenario_and_overwrites_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (code, out, _) = call(dir.path(), &["explore"]);
    assert_eq!((code, out.as_str()), (0, "output/explore.html\n"));
    assert!(fs::read_to_string(dir.path().join("output/explore.html")).unwrap() == page(), "another page");

    let text = "title = \"</script> & <b>\"\nrounds = 60\n";
    fs::write(dir.path().join("shop.toml"), text).unwrap();
    let explore = ["explore", "shop.toml", "--set", "calls.fee=0", "--out", "page.html"];
    assert_eq!(call(dir.path(), &explore).1, "page.html\n");
    let written = fs::read_to_string(dir.path().join("page.html")).unwrap();
    let given = between(&written, "id=\"given\">", "</script>");
    let given: serde_json::Value = serde_json::from_str(given).unwrap();
    assert_eq!(given, serde_json::json!({ "file": "shop.toml", "text": text, "sets": ["calls.fee=0"] }));

    // A killed command has left its draft.
    fs::write(dir.path().join(".explore.html.1-0.part"), "half").unwrap();
    fs::write(dir.path().join("page.html"), "mine").unwrap();
    let (code, out, err) = call(dir.path(), &explore);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.contains("page.html: a file is there already") && err.contains("--force"), "{err}");
    assert_eq!(fs::read_to_string(dir.path().join("page.html")).unwrap(), "mine");
    done(dir.path(), &[&explore[..], &["--force"]].concat());
    assert!(fs::read_to_string(dir.path().join("page.html")).unwrap() == written, "another page");
    let left: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "no draft is left: {left:?}");
}

#[test]
fn what_cannot_be_explored_is_told_as_elsewhere() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("faulty.toml"), "rounds = 0\n").unwrap();
    let err = refused(dir.path(), &["explore", "faulty.toml"], 2);
    assert!(err.contains("faulty.toml:1:10"), "{err}");
    let err = refused(dir.path(), &["explore", "no.toml"], 2);
    assert!(err.contains("there is no such file"), "{err}");
    let err = refused(dir.path(), &["explore", "--out", "."], 1);
    assert!(err.contains("it is a folder; name a file with --out"), "{err}");
    assert!(!dir.path().join("output").exists());
}
