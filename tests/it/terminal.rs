//! What reaches a terminal: no control character of others, from wherever; names that are not UTF-8.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::support::program;

/// Turns a terminal red, names its window, goes back in the line; C1 has the same commands in one character.
const EVIL: &str = "\u{1b}[35m\u{1b}]0;t\u{7}\u{8}\u{7f}\u{9b}35m\u{9d}0;t\u{9c}";

const SMALL: &str = "rounds = 6\nburn_in = 2\nreplicates = 2\n[population]\nagents = 20\n";

/// The same as `support::call` for output that need not be text.
fn call<S: AsRef<OsStr>>(dir: &Path, arguments: impl IntoIterator<Item = S>) -> Output {
    program(dir).args(arguments).output().unwrap()
}

/// Asserts that bytes hold no control characters, those that change the direction of text included, but those of lines and, where `color`, of colours.
pub(crate) fn assert_clean(what: &str, bytes: &[u8], color: bool) {
    let text = std::str::from_utf8(bytes).unwrap();
    let mut rest = text;
    let turns = |c: char| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    while let Some(at) = rest.find(|c: char| (c.is_control() && c != '\n') || turns(c)) {
        let code = rest[at..].strip_prefix("\u{1b}[").filter(|_| color);
        let (code, after) = code.and_then(|code| code.split_once('m')).unwrap_or_else(|| {
            panic!("{what}: {text:?}");
        });
        // Our colours; the foreign text asks for 35.
        assert!(
            ["0", "1", "4", "31", "33", "91", "92", "94", "96", "1;31"].contains(&code),
            "{what}: {text:?}"
        );
        rest = after;
    }
}

/// Asserts that a call with foreign control characters somewhere prints none, with and without colours.
fn assert_tame<S: AsRef<OsStr>>(dir: &Path, what: &str, arguments: &[S]) {
    for color in [false, true] {
        let mut command = program(dir);
        command.args(arguments).args(["--color", if color { "always" } else { "never" }]);
        command.env("SLURM_ARRAY_TASK_ID", EVIL);
        let output = command.output().unwrap();
        assert!(!output.stderr.is_empty(), "{what} is about what is told");
        assert_clean(what, &output.stderr, color);
        assert_clean(what, &output.stdout, false);
    }
}

#[test]
fn no_control_characters_of_others_reach_the_terminal() {
    let dir = tempfile::tempdir().unwrap();
    let save = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
    let name = format!("f{EVIL}.toml");
    save("small.toml", SMALL);
    save(
        &name,
        &format!(
            "rounds = 0\n\"k{}\" = 1\n",
            EVIL.replace('\u{1b}', "\\u001b").replace(['\u{7}', '\u{8}', '\u{7f}'], "")
        ),
    );
    save("broken.toml", &format!("title = \"{EVIL}\"\n# {EVIL}\n{EVIL}"));
    save(
        "list.toml",
        &format!(
            "{SMALL}[sweep]\ndesign = \"list\"\nfile = \"points.csv\"\n[[factor]]\nname = \"x\"\nkeys = \"needs.rate\"\n"
        ),
    );
    save("points.csv", &format!("x\n0.1\n{EVIL}\n"));
    save("sweep.toml", &format!("{SMALL}[[factor]]\nname = \"x\"\nkeys = \"needs.rate\"\nlevels = 2\n"));
    let set = format!("title{EVIL}={EVIL}");
    let none = format!("none{EVIL}.toml");
    let calls: &[(&str, &[&str])] = &[
        ("file names and keys", &["check", &name]),
        ("source lines", &["run", "broken.toml"]),
        ("overrides", &["run", "small.toml", "--set", &set]),
        ("a file that is not there", &["run", &none]),
        ("a folder that is none", &["chart", &none]),
        ("a folder to merge", &["merge", &none]),
        ("cells of a list", &["sweep", "list.toml"]),
        ("the environment", &["sweep", "sweep.toml", "--tasks", "2"]),
        ("an argument", &["run", "small.toml", &set]),
        ("a command", &[&set]),
        ("a value", &["run", "small.toml", "--seed", &set]),
    ];
    for (what, arguments) in calls {
        assert_tame(dir.path(), what, arguments);
    }
}

#[test]
fn no_control_characters_of_a_result_reach_the_terminal() {
    let dir = tempfile::tempdir().unwrap();
    let evil = format!("out{EVIL}");
    fs::write(dir.path().join("small.toml"), SMALL).unwrap();
    let run = |out: &str| call(dir.path(), ["run", "small.toml", "--no-charts", "--out", out]);
    let output = run(&evil);
    assert!(output.status.success());
    assert_clean("notes", &output.stderr, false);
    assert_eq!(output.stdout, format!("{evil}\n").as_bytes(), "a program that reads it finds the folder");
    assert_clean("a result that is there", &run(&evil).stderr, false);
    fs::write(dir.path().join(&evil).join("flows.csv"), format!("replicate,{EVIL}\n{EVIL},0\n")).unwrap();
    let output = call(dir.path(), ["chart", &evil]);
    assert!(!output.status.success() && !output.stderr.is_empty());
    assert_clean("a table", &output.stderr, false);
    let output =
        call(dir.path(), ["run", "small.toml", "--json", "-q", "--no-charts", "--force", "--out", &evil]);
    assert_clean("JSON", &output.stdout, false);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["result"], evil);
}

#[test]
fn a_title_with_c1_controls_is_shown_not_sent() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("small.toml"), format!("title = \"\u{202e}a\"\n{SMALL}")).unwrap();
    let output = call(dir.path(), ["check", "small.toml"]);
    assert!(String::from_utf8(output.stdout).unwrap().contains("\\u{202e}a"));
}

#[cfg(target_os = "linux")]
#[test]
fn json_of_a_folder_that_is_not_utf_8_is_json_with_a_warning() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("small.toml"), SMALL).unwrap();
    let out = OsStr::from_bytes(b"\xfe");
    let words = |text: &'static [&'static str]| text.iter().map(OsStr::new).chain([out]);
    let runs: [&[&str]; 2] = [&["run", "small.toml", "--json", "-q", "--out"], &["chart", "--json", "-q"]];
    for run in runs {
        let output = call(dir.path(), words(run));
        assert!(output.status.success(), "{output:?}");
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(document["charts"][0].as_str().unwrap().starts_with("\u{fffd}/charts/"));
        assert!(String::from_utf8(output.stderr).unwrap().contains("is not a name in UTF-8"));
    }
    let output = call(dir.path(), words(&["chart", "-q"]));
    assert_eq!(output.stdout, b"\xfe/charts\n", "a program that reads it finds the folder");
}
