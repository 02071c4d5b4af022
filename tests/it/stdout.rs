//! Standard output that is full, or that nobody reads any more.

use std::fs;
use std::process::Stdio;

use crate::support::{call, ended, program, root};

const SMALL: &str = "rounds = 12\nburn_in = 4\nreplicates = 2\n[population]\nagents = 60\n";

#[cfg(target_os = "linux")]
#[test]
fn what_a_full_device_does_not_take_is_a_failure() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("small.toml"), SMALL).unwrap();
    let documents = [
        &["--help"][..],
        &["run", "--help"],
        &["help", "sweep"],
        &["--version"],
        &["schema"],
        &["completions", "bash"],
        &["man"],
        &["check", "small.toml"],
    ];
    for arguments in documents {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let (code, _, text) = ended(program(dir.path()).args(arguments).stdout(full).output().unwrap());
        assert_eq!(code, 1, "{arguments:?}: {text}");
        assert!(text.contains("cannot write to stdout"), "{arguments:?}: {text}");
    }
}

#[test]
fn a_reader_that_has_had_enough_is_no_failure() {
    let mut child = program(root())
        .args(["completions", "zsh"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert!(output.stderr.is_empty());
}

#[test]
fn a_reader_that_has_had_enough_hides_no_failure() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("small.toml"), SMALL).unwrap();
    fs::write(dir.path().join("bad.toml"), "rounds = 0\n").unwrap();
    assert_eq!(call(dir.path(), &["run", "small.toml", "--no-charts", "--out", "a"]).0, 0);
    // With another seed in its manifest it differs from what that gives.
    let manifest = dir.path().join("a/manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace("\"seed\": 1,", "\"seed\": 2,").replace("seed = 1", "seed = 2"))
        .unwrap();
    for (code, arguments) in [(2, &["check", "bad.toml", "--json"][..]), (1, &["verify", "a"])] {
        assert_eq!(call(dir.path(), arguments).0, code, "{arguments:?}");
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let (found, _, said) = ended(program(dir.path()).args(arguments).stdout(writer).output().unwrap());
        assert_eq!(found, code, "{arguments:?}: {said}");
        assert!(!said.contains("stdout"), "{said}");
    }
}
