//! A small program with switches does what it did, and each mutant does what its words say.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const PROGRAM: &str = r#"
mod switches;
mod rules;

fn main() {
    let mut list = vec![5, 8];
    rules::grow(&mut list, 3);
    println!("{list:?} {} {} {} {:?}", rules::share(6.0, 4.0), rules::kind(0), rules::kind(9), rules::first(&list));
}
"#;

const RULES: &str = r#"
pub const TWO: u32 = 1 + 1;

pub const fn doubled(x: u32) -> u32 {
    x * 2
}

pub fn grow(list: &mut Vec<u32>, by: u32) {
    list[0] += by;
}

pub fn share(a: f64, b: f64) -> f64 {
    (a - b) / 2.0
}

pub fn kind(n: u32) -> &'static str {
    match n {
        0 => "none",
        1..=3 if n < TWO => "few",
        _ => if n > 5 && !(n == 7) { "many" } else { "some" },
    }
}

pub fn first(list: &[u32]) -> Option<u32> {
    if let Some(x) = list.first() && *x > 1 { Some(doubled(*x)) } else { None }
}

#[cfg(test)]
mod tests {
    #[test]
    fn sums() {
        assert_eq!(super::TWO, 1 + 1);
    }
}
"#;

struct Built {
    program: PathBuf,
    /// The words of each mutant, by number.
    mutants: BTreeMap<u32, String>,
}

fn built(name: &str, without: &str) -> Built {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let rules = folder.join("rules");
    fs::create_dir_all(&rules).unwrap();
    fs::write(rules.join("mod.rs"), RULES).unwrap();
    fs::write(folder.join("main.rs"), PROGRAM).unwrap();
    fs::write(folder.join("without"), without).unwrap();
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("switches.rs"), folder.join("switches.rs")).unwrap();
    let rewriter = Command::new(env!("CARGO_BIN_EXE_mingle-mutants"))
        .args([&folder, &folder.join("without"), Path::new("rules")])
        .output()
        .unwrap();
    assert!(rewriter.status.success(), "{rewriter:?}");
    let listed = String::from_utf8(rewriter.stdout).unwrap();
    let mutants = listed.lines().map(|line| {
        let fields: Vec<&str> = line.split('\t').collect();
        (fields[0].parse().unwrap(), format!("{}: {}", fields[3], fields[4]))
    });
    let program = folder.join("program");
    let compiler = Command::new("rustc")
        .args(["--edition=2024", "--cap-lints=allow", "-o"])
        .args([&program, &folder.join("main.rs")])
        .output()
        .unwrap();
    assert!(compiler.status.success(), "{}", String::from_utf8_lossy(&compiler.stderr));
    Built { program, mutants: mutants.collect() }
}

impl Built {
    fn prints(&self, mutant: &str) -> String {
        let done = Command::new(&self.program).env("MINGLE_MUTANT", mutant).output().unwrap();
        assert!(done.status.success(), "{mutant}: {done:?}");
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    }

    fn with(&self, words: &str) -> String {
        let found = self.mutants.iter().find(|(_, mutant)| *mutant == words);
        let (number, _) = found.unwrap_or_else(|| panic!("no mutant {words:?} in {:#?}", self.mutants));
        self.prints(&number.to_string())
    }
}

#[test]
fn each_mutant_does_what_its_words_say() {
    let built = built("each", "");
    assert_eq!(built.prints("none"), "[8, 8] 1 none many Some(16)");
    for (words, printed) in [
        ("grow: return ()", "[5, 8] 1 none many Some(10)"),
        ("grow: += becomes *= in list[0] += by", "[15, 8] 1 none many Some(30)"),
        ("share: return -1.0", "[8, 8] -1 none many Some(16)"),
        ("share: - becomes + in a - b", "[8, 8] 5 none many Some(16)"),
        ("share: / becomes * in (a - b) / 2.0", "[8, 8] 4 none many Some(16)"),
        ("kind: return \"xyzzy\"", "[8, 8] 1 xyzzy xyzzy Some(16)"),
        ("kind: no arm 0", "[8, 8] 1 some many Some(16)"),
        ("kind: && becomes || in n > 5 && !(n == 7)", "[8, 8] 1 none many Some(16)"),
        ("kind: > becomes < in n > 5", "[8, 8] 1 none some Some(16)"),
        ("kind: no ! in !(n == 7)", "[8, 8] 1 none some Some(16)"),
        ("kind: == becomes != in n == 7", "[8, 8] 1 none some Some(16)"),
        ("first: return None", "[8, 8] 1 none many None"),
        ("first: > becomes < in *x > 1", "[8, 8] 1 none many None"),
    ] {
        assert_eq!(built.with(words), printed, "{words}");
    }
}

#[test]
fn constants_and_tests_have_no_mutants() {
    let built = built("constants", "");
    let words: Vec<&String> = built.mutants.values().collect();
    assert!(
        words.iter().all(|words| !words.starts_with("doubled") && !words.contains("1 + 1")),
        "{words:#?}"
    );
}

#[test]
fn what_is_left_out_does_not_change_numbers() {
    let all = built("all", "");
    let (&first, words) = all.mutants.first_key_value().unwrap();
    let fewer = built("fewer", &first.to_string());
    assert_eq!(fewer.mutants.len() + 1, all.mutants.len());
    assert!(fewer.mutants.iter().all(|(number, words)| all.mutants[number] == *words));
    assert!(!fewer.mutants.contains_key(&first), "{words}");
}

#[test]
fn a_trace_names_each_mutant_that_is_reached_once() {
    let built = built("trace", "");
    let trace = built.program.with_extension("trace");
    let _ = fs::remove_file(&trace);
    built.prints(&format!("trace:{}", trace.display()));
    let mut reached: Vec<u32> =
        fs::read_to_string(&trace).unwrap().lines().map(|n| n.parse().unwrap()).collect();
    let n = reached.len();
    reached.sort_unstable();
    reached.dedup();
    assert_eq!(reached.len(), n);
    let missed: Vec<_> = built
        .mutants
        .iter()
        .filter(|(number, _)| !reached.contains(number))
        .map(|(_, words)| words)
        .collect();
    // No value is 1 to 3, so the guard is not reached.
    assert!(missed.iter().all(|words| words.contains("1..=3") || words.contains("n < TWO")), "{missed:#?}");
}
