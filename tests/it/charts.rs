//! Charts from outside: at the same time, of odd manifests, over odd ranges.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const SMALL: &str = "rounds = 6\nburn_in = 2\nreplicates = 2\n[population]\nagents = 20\n";

fn command(dir: &Path) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("mingle"));
    command.current_dir(dir);
    command
}

fn call<S: AsRef<OsStr>>(dir: &Path, arguments: impl IntoIterator<Item = S>) -> Output {
    command(dir).args(arguments).output().unwrap()
}

#[test]
fn three_charts_at_once_are_drawn_by_all() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("small.toml"), SMALL).unwrap();
    assert!(call(dir.path(), ["run", "small.toml", "-q", "--no-charts", "--out", "out"]).status.success());
    for _ in 0..3 {
        let draw = || {
            command(dir.path())
                .args(["chart", "out", "-q", "--threads", "1", "--json"])
                .stdout(std::process::Stdio::null())
                .spawn()
                .unwrap()
        };
        for mut child in [draw(), draw(), draw()] {
            assert!(child.wait().unwrap().success());
        }
    }
    let drafts = fs::read_dir(dir.path().join("out/charts")).unwrap();
    assert!(drafts.flatten().all(|entry| !entry.file_name().to_string_lossy().starts_with('.')));
}

#[test]
fn a_title_with_control_characters_in_a_manifest_is_drawn() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("small.toml"), SMALL).unwrap();
    for out in ["a", "b"] {
        assert!(call(dir.path(), ["run", "small.toml", "-q", "--no-charts", "--out", out]).status.success());
    }
    let manifest = dir.path().join("b/manifest.json");
    let mut document: Value = serde_json::from_slice(&fs::read(&manifest).unwrap()).unwrap();
    document["title"] = format!("\u{1b}[35m\u{9b}\u{0}\u{fffe}{}", "w".repeat(100_000)).into();
    fs::write(&manifest, document.to_string()).unwrap();
    let output = call(dir.path(), ["chart", "a", "b", "--out", "c"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_log_scale_may_begin_at_the_smallest_number() {
    let dir = tempfile::tempdir().unwrap();
    let factor = "[[factor]]\nname = \"x\"\nkeys = \"needs.rate\"\nmin = 5e-324\nmax = 1\nscale = \"log\"\nlevels = 4\n";
    fs::write(dir.path().join("tiny.toml"), format!("{SMALL}{factor}")).unwrap();
    let output = call(dir.path(), ["sweep", "tiny.toml", "--out", "out"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(fs::read_to_string(dir.path().join("out/charts/sweep_difference.svg")).unwrap().contains("1e-"));
}
