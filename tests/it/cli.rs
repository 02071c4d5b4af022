//! The command line: exit codes, what goes to stdout and stderr, and what is on the disk afterwards.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;

use crate::support::{call, ended, program, refused};

/// A scenario that runs in no time.
const SMALL: &str =
    "title = \"Small\"\nrounds = 12\nburn_in = 4\nreplicates = 3\n[population]\nagents = 60\n";

/// A folder with `small.toml`.
fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("small.toml"), SMALL).unwrap();
    dir
}

#[test]
#[cfg(not(feature = "parquet"))]
fn parquet_is_refused_before_any_work_where_it_is_not_built_in() {
    let dir = folder();
    fs::write(dir.path().join("s.toml"), "rounds = 8\nburn_in = 2\n").unwrap();
    let bet = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/the-bet.toml");
    let sweep = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/what-matters.toml");
    for (command, file) in [("run", "s.toml"), ("bet", bet), ("sweep", sweep)] {
        let (code, _, err) = call(dir.path(), &[command, file, "--format", "parquet"]);
        assert!(code == 2 && err.contains("--features parquet, or leave out --format"), "{code}: {err}");
        assert!(!dir.path().join("output").exists());
    }
}

#[test]
fn without_a_command_the_help_says_what_there_is() {
    let dir = folder();
    let (code, out, err) = call::<&str>(dir.path(), &[]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("run") && err.contains("check"), "{err}");
    let (code, out, _) = call(dir.path(), &["--help"]);
    assert_eq!(code, 0);
    assert!(out.contains("Exit codes"), "{out}");
}

#[test]
fn documents_for_other_programs_go_to_stdout() {
    let dir = folder();
    let (code, out, _) = call(dir.path(), &["schema"]);
    assert_eq!(code, 0);
    assert!(serde_json::from_str::<Value>(&out).unwrap()["properties"]["rounds"].is_object());
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let (code, out, _) = call(dir.path(), &["completions", shell]);
        assert!(code == 0 && out.contains("mingle"), "{shell}");
    }
    let (code, out, _) = call(dir.path(), &["man"]);
    assert!(code == 0 && out.contains(".TH"), "{out}");
    assert!(call(dir.path(), &["man", "run"]).1.contains("no\\-charts"));
    assert_eq!(call(dir.path(), &["man", "dance"]).0, 2);
}

#[test]
fn threads_beyond_all_reason_are_not_started() {
    let dir = folder();
    let run = ["run", "small.toml", "--no-charts", "--force"];
    assert_eq!(call(dir.path(), &run).0, 0);
    let wanted = fs::read(dir.path().join("output/small/rounds.csv")).unwrap();
    for (variable, threads) in [("50000", None), ("2", None), ("x", None), ("1", Some("4096"))] {
        let more = threads.map(|n| ["--threads", n]);
        let mut command = program(dir.path());
        command.env("RAYON_NUM_THREADS", variable).args(run).args(more.iter().flatten());
        assert!(command.output().unwrap().status.success(), "{variable}");
        assert_eq!(fs::read(dir.path().join("output/small/rounds.csv")).unwrap(), wanted, "{variable}");
    }
    assert_eq!(call(dir.path(), &["run", "small.toml", "--threads", "4097"]).0, 2);
}

#[test]
fn a_benchmark_of_more_rounds_than_there_can_be_is_refused() {
    let dir = folder();
    let (code, _, err) = call(dir.path(), &["bench", "small.toml", "--warmup", "65535", "--rounds", "9"]);
    assert!(code == 2 && err.contains("must sum to at most 65,535"), "{err}");
}

#[test]
fn a_job_file_has_no_line_that_its_user_did_not_see() {
    let dir = folder();
    let factor = "[[factor]]\nname = \"fee\"\nkeys = \"calls.fee\"\nmax = 0.4\nlevels = 3\n";
    fs::write(dir.path().join("job.toml"), format!("{SMALL}{factor}")).unwrap();
    for kind in ["slurm", "kubernetes", "parallel"] {
        for odd in [&["--out", "a\ntouch pwned #"][..], &["--set", "title=a\u{9b}b"]] {
            let emit = ["sweep", "job.toml", "--emit", kind, "--tasks", "2"];
            let (code, out, err) = call(dir.path(), &[&emit[..], odd].concat());
            assert_eq!((code, out.as_str()), (2, ""), "{kind} {odd:?}");
            assert!(!odd[0].contains("out") || err.contains("a job file cannot hold a line break"), "{err}");
        }
    }
}

#[test]
fn a_scenario_that_cannot_be_read_is_told_with_a_fix() {
    let dir = folder();
    let (code, _, err) = call(dir.path(), &["run", "smal.toml"]);
    assert_eq!(code, 2);
    assert!(err.contains("cannot read scenario smal.toml: there is no such file; check the name"), "{err}");
    let (code, _, err) = call(dir.path(), &["run", "small"]);
    assert!(code == 2 && err.contains("did you mean small.toml?"), "{err}");
    let (code, _, err) = call(dir.path(), &["check", "."]);
    assert!(code == 2 && err.contains("it is a folder; name a scenario file in it"), "{err}");
}

#[test]
fn faults_of_a_scenario_are_told_by_run_and_check_alike() {
    let dir = folder();
    fs::write(dir.path().join("bad.toml"), "[needs]\nrate = 2.0\nvalu = 3\n").unwrap();
    let (code, out, err) = call(dir.path(), &["run", "bad.toml"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("bad.toml") && err.contains("valu"), "{err}");
    assert!(!dir.path().join("output").exists(), "nothing is written for a faulty scenario");
    assert_eq!(call(dir.path(), &["check", "bad.toml"]), (2, String::new(), err));
    let (code, out, _) = call(dir.path(), &["check", "bad.toml", "--json"]);
    let faults = serde_json::from_str::<Value>(&out).unwrap();
    assert_eq!((code, faults["faults"].as_array().unwrap().len()), (2, 2));
    assert_eq!(faults["faults"][0]["line"], 2);
    let (code, _, err) = call(dir.path(), &["check", "small.toml", "--set", "needs.rte=0.2"]);
    assert!(code == 2 && err.contains("needs.rte"), "{err}");
    assert_eq!(call(dir.path(), &["run", "small.toml", "--seed", "x"]).0, 2);
    assert_eq!(call(dir.path(), &["run", "small.toml", "--threads", "0"]).0, 2);
}

#[test]
fn faults_of_a_sweep_are_told_as_json_too() {
    let dir = folder();
    let save = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
    let factor = "[[factor]]\nname = \"x\"\nkeys = \"needs.rate\"\n";
    save("same.toml", &format!("[sweep]\nfirst = \"warrior\"\nsecond = \"warrior\"\n{factor}levels = 2\n"));
    save("point.toml", &format!("[sweep]\ndesign = \"list\"\nfile = \"points.csv\"\n{factor}"));
    save("none.toml", &format!("[sweep]\ndesign = \"list\"\nfile = \"nowhere.csv\"\n{factor}"));
    fs::write(dir.path().join("points.csv"), "x\n0.1\n7\n").unwrap();
    for (name, told) in
        [("same", "warrior"), ("point", "needs.rate"), ("none", "nowhere.csv"), ("nofile", "nofile")]
    {
        let (code, out, _) = call(dir.path(), &["check", &format!("{name}.toml"), "--json"]);
        assert_eq!(code, 2);
        let document: Value = serde_json::from_str(&out).unwrap();
        let faults = document["faults"].as_array().unwrap();
        assert!(faults[0]["message"].as_str().unwrap().contains(told), "{document:#}");
        assert_eq!(faults[0]["point"].is_string(), name == "point");
    }
}

#[test]
fn colours_are_used_where_asked_for_and_only_there() {
    let dir = folder();
    fs::write(dir.path().join("bad.toml"), "rounds = 0\n").unwrap();
    assert!(call(dir.path(), &["check", "bad.toml", "--color", "always"]).2.contains("\x1b["));
    assert!(!call(dir.path(), &["check", "bad.toml"]).2.contains("\x1b["));
    let mut plain = program(dir.path());
    let output = plain.args(["check", "bad.toml", "--color=auto"]).env("NO_COLOR", "1").output().unwrap();
    assert!(!output.stderr.contains(&0x1b));
}

#[test]
fn a_folder_without_a_result_is_a_wrong_argument() {
    let dir = folder();
    for command in ["chart", "report", "verify", "merge"] {
        let text = |folder| refused(dir.path(), &[command, folder], 2);
        assert!(text("nowhere").contains("nowhere: there is no such folder; check the name"), "{command}");
        assert!(text("small.toml").contains("small.toml: it is not a folder"), "{command}");
        let none = if command == "merge" { "there are none; name the folder" } else { "it holds no result" };
        assert!(text(".").contains(none), "{command}");
    }
}

#[cfg(unix)]
#[test]
fn a_manifest_that_cannot_be_read_is_not_said_to_be_missing() {
    let dir = folder();
    // A link to itself, which nobody can read, with whatever permissions.
    std::os::unix::fs::symlink("manifest.json", dir.path().join("manifest.json")).unwrap();
    for command in ["chart", "report", "verify"] {
        let text = refused(dir.path(), &[command, "."], 1);
        assert!(text.contains("links") && text.contains("check the file and its disk"), "{command}: {text}");
    }
}

#[test]
fn check_tells_what_a_run_needs() {
    let dir = folder();
    let (code, out, _) = call(dir.path(), &["check", "small.toml"]);
    assert_eq!(code, 0);
    assert!(out.starts_with("no faults\nSmall\n  60 agents, 12 rounds"), "{out}");
    assert!(out.contains("memory: about") && out.contains("time: roughly"), "{out}");
    let (code, out, _) = call(dir.path(), &["check", "small.toml", "--json", "--set", "rounds=20"]);
    let facts: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &facts["rounds"], &facts["faults"]), (0, &20.into(), &Value::Array(vec![])));
}

#[test]
fn bench_tells_what_a_round_costs_and_writes_nothing() {
    let dir = folder();
    let (code, out, err) =
        call(dir.path(), &["bench", "small.toml", "--rounds", "8", "--warmup", "4", "--threads", "2"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("8 after 4 to warm up"), "{out}");
    let labels =
        ["agents", "threads", "rounds", "pairs and slots", "ns per pair and slot", "ns per agent outside"];
    let phases = ["needs", "mixers", "calls", "gossip", "close"];
    for label in labels.iter().chain(&["ns per agent ", "bytes per agent, estimated"]).chain(&phases) {
        assert!(out.lines().any(|line| line.starts_with(&format!("  {label}"))), "{label}: {out}");
    }
    assert!(!dir.path().join("output").exists());
    let arguments = ["bench", "small.toml", "--json", "--warmup", "0", "--set", "population.agents=100"];
    let (code, out, _) = call(dir.path(), &arguments);
    let cost: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &cost["agents"], &cost["rounds"]), (0, &100.into(), &16.into()));
    assert!(cost["ns_per_pair_slot"]["median"].is_number() && cost["phases"]["mixers"]["share"].is_number());
    let (code, out, err) = call(dir.path(), &["bench", "smal.toml"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("cannot read scenario smal.toml: there is no such file"), "{err}");
    assert_eq!(call(dir.path(), &["bench", "small.toml", "--rounds", "0"]).0, 2);
}

#[test]
fn a_run_says_where_its_result_is() {
    let dir = folder();
    let (code, out, err) = call(dir.path(), &["run", "small.toml", "--no-charts"]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(out, "output/small\n");
    assert!(err.contains("net benefit per agent and round") && err.contains("servant"), "{err}");
    assert!(err.contains("3 replicates"), "{err}");
    for name in
        ["rounds.csv", "summary.csv", "contrasts.csv", "flows.csv", "distribution.csv", "manifest.json"]
    {
        assert!(dir.path().join("output/small").join(name).exists(), "{name}");
    }
    let quiet = ["run", "small.toml", "--no-charts", "--quiet", "--out", "elsewhere", "--agents"];
    assert_eq!(call(dir.path(), &quiet), (0, "elsewhere\n".into(), String::new()));
    assert!(dir.path().join("elsewhere/agents.csv").exists());
}

#[test]
fn a_result_is_overwritten_only_when_forced() {
    let dir = folder();
    let run = ["run", "small.toml", "--no-charts", "-q"];
    assert_eq!(call(dir.path(), &run).0, 0);
    let (code, out, err) = call(dir.path(), &run);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.contains("a result is there already") && err.contains("--force"), "{err}");
    assert_eq!(call(dir.path(), &[&run[..], &["--force"]].concat()).0, 0);
}

#[test]
fn the_machine_readable_summary_takes_the_place_of_the_path() {
    let dir = folder();
    let arguments = ["run", "small.toml", "--no-charts", "--json", "--seed", "7", "--replicates", "2"];
    let (code, out, _) = call(dir.path(), &arguments);
    let summary: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(code, 0);
    assert_eq!(summary["result"], "output/small");
    assert_eq!((&summary["replicates_done"], &summary["interrupted"]), (&2.into(), &false.into()));
    assert!(summary["summary"].as_array().unwrap().iter().any(|r| r["metric"] == "solved"));
    let manifest: Value =
        serde_json::from_slice(&fs::read(dir.path().join("output/small/manifest.json")).unwrap()).unwrap();
    assert_eq!((&manifest["seed"], &manifest["replicate_seeds"][0]), (&7.into(), &7.into()));
    assert_eq!(manifest["overrides"], serde_json::json!(["seed=7", "replicates=2"]));
}

#[test]
fn every_number_of_threads_gives_the_same_bytes() {
    let dir = folder();
    let run = |threads: &str| {
        let arguments = ["run", "small.toml", "-q", "--agents", "--threads", threads, "--out", threads];
        assert_eq!(call(dir.path(), &arguments).0, 0);
        dir.path().join(threads)
    };
    let (one, many) = (run("1"), run("5"));
    let (files, others) = (files(&one), files(&many));
    assert!(files.contains(&"charts/net_over_time.svg".into()), "{files:?}");
    assert_eq!(files, others);
    for name in files {
        assert_eq!(fs::read(one.join(&name)).unwrap(), fs::read(many.join(&name)).unwrap(), "{name}");
    }
}

/// The files in a result folder and its charts.
fn files(dir: &Path) -> Vec<String> {
    let list = |folder: &Path| -> Vec<String> {
        let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
        let paths = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
        paths.map(|path| path.strip_prefix(dir).unwrap().to_str().unwrap().to_owned()).collect()
    };
    let mut files = [list(dir), list(&dir.join("charts"))].concat();
    files.sort();
    files
}

#[test]
fn charts_of_an_older_result_do_not_outlive_it() {
    let dir = folder();
    // With all that can be switched on, every chart has something to show.
    let run = ["run", "small.toml", "-q", "--set", "survival.endowment=1", "--set", "evolution.rate=0.1"];
    assert_eq!(call(dir.path(), &run).0, 0);
    let result = dir.path().join("output/small");
    let svgs = |name: &String| name.starts_with("charts/") && name.ends_with(".svg");
    assert_eq!(files(&result).iter().filter(|name| svgs(name)).count(), 11);
    let again = ["run", "small.toml", "-q", "--no-charts", "--force"];
    assert_eq!(call(dir.path(), &again).0, 0);
    assert!(!result.join("charts").exists(), "{:?}", files(&result));
    let (code, out, _) = call(dir.path(), &["chart", "output/small"]);
    assert_eq!((code, out.as_str()), (0, "output/small/charts\n"));
    assert!(files(&result).contains(&"charts/net_over_time.svg".into()));
}

#[test]
fn several_results_are_compared_in_a_folder_of_their_own() {
    let dir = folder();
    for seed in ["1", "2"] {
        let run = ["run", "small.toml", "-q", "--no-charts", "--seed", seed, "--out", seed];
        assert_eq!(call(dir.path(), &run).0, 0);
    }
    let (code, out, err) = call(dir.path(), &["chart", "1", "2"]);
    assert_eq!((code, out.as_str()), (0, "output/comparison\n"), "{err}");
    assert!(files(&dir.path().join("output/comparison")).contains(&"compare_net.svg".into()));
    assert_eq!(call(dir.path(), &["chart", "1", "--out", "x"]).0, 2);
}

#[test]
fn a_run_that_the_machine_cannot_hold_is_refused() {
    let dir = folder();
    let arguments =
        ["run", "small.toml", "--set", "population.agents=1000000000", "--set", "population.ties_max=60000"];
    let (code, _, err) = call(dir.path(), &arguments);
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("this run needs about") && err.contains("are free"), "{err}");
    assert!(!dir.path().join("output").exists());
}

/// Ctrl-C, by the signal that it sends.
#[cfg(unix)]
#[test]
fn an_interrupted_run_keeps_whole_replicates() {
    let dir = folder();
    let mut child = program(dir.path())
        .args(["run", "small.toml", "--no-charts", "--replicates", "1000000"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Rows reach the disk some replicates after they are made.
    let partial = dir.path().join("output/small/.rounds.csv.partial");
    while fs::metadata(&partial).map_or(0, |found| found.len()) < 1 << 16 {
        assert!(child.try_wait().unwrap().is_none(), "a million replicates are not so soon done");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let interrupt =
        std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(interrupt.success());
    let (code, out, err) = ended(child.wait_with_output().unwrap());
    assert_eq!((code, out.as_str()), (130, "output/small\n"), "{err}");
    assert!(err.contains("of 1000000 replicates were whole and are kept"), "{err}");
    let read = |name: &str| fs::read_to_string(dir.path().join("output/small").join(name)).unwrap();
    let manifest: Value = serde_json::from_str(&read("manifest.json")).unwrap();
    assert_eq!(manifest["interrupted"], true);
    let done = manifest["replicates_done"].as_u64().unwrap();
    assert_eq!(read("rounds.csv").lines().count() as u64, 1 + done * 12 * 3);
}
