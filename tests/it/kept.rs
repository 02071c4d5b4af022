//! Nothing that was computed is lost, mixed or falsified, whatever is done to a result folder.

use std::fs;
use std::path::Path;

use super::support::{ended, program_after};
use super::sweep::{SMALL, call, done, files, manifest, refused, rows, sweep};

/// The small sweep in so many parts, all of them whole.
fn parts(dir: &Path, out: &str, tasks: u32) {
    let n = tasks.to_string();
    for task in 0..tasks {
        done(dir, &sweep(out, &["--tasks", &n, "--task", &task.to_string()]));
    }
}

#[test]
fn a_damaged_part_is_named_nothing_is_merged_or_removed_and_its_task_repairs_it() {
    type Damage = fn(&mut Vec<u8>);
    let damages: [(&str, Damage); 5] = [
        ("cut to half", |bytes| bytes.truncate(bytes.len() / 2)),
        ("emptied", Vec::clear),
        ("a byte changed", |bytes| bytes[600] ^= 0xff),
        ("a block lost", |bytes| bytes[64..512].fill(0)),
        ("a part of other numbers", |bytes| bytes.rotate_left(8)),
    ];
    let dir = tempfile::tempdir().unwrap();
    done(dir.path(), &sweep("whole", &[]));
    let whole = files(&dir.path().join("whole"));
    parts(dir.path(), "a", 3);
    let part = dir.path().join("a/parts/part-1-of-3.whole");
    let sound = fs::read(&part).unwrap();
    for (name, damage) in damages {
        let mut bytes = sound.clone();
        damage(&mut bytes);
        fs::write(&part, bytes).unwrap();
        let before = files(&dir.path().join("a"));
        let text = refused(dir.path(), &["merge", "a", "--no-charts"], 1);
        assert!(text.contains("1 of 3 are damaged or incomplete: 1;"), "{name}: {text}");
        assert!(files(&dir.path().join("a")) == before, "{name}: something was changed");
    }
    done(dir.path(), &sweep("a", &["--tasks", "3", "--task", "1"]));
    assert!(fs::read(&part).unwrap() == sound);
    done(dir.path(), &["merge", "a", "--no-charts"]);
    assert!(files(&dir.path().join("a")) == whole);
}

#[test]
fn a_part_of_another_sweep_is_not_merged() {
    let dir = tempfile::tempdir().unwrap();
    parts(dir.path(), "a", 2);
    done(dir.path(), &sweep("b", &["--set", "needs.value=20", "--tasks", "2", "--task", "0"]));
    fs::copy(dir.path().join("b/parts/part-0-of-2.whole"), dir.path().join("a/parts/part-0-of-2.whole"))
        .unwrap();
    let text = refused(dir.path(), &["merge", "a"], 1);
    assert!(text.contains("1 of 2 are damaged or incomplete: 0;"), "{text}");
}

/// The text with the blocks that begin with these headers in the opposite order.
fn reordered(text: &str, header: &str) -> String {
    let blocks: Vec<&str> = text.split_inclusive('\n').collect();
    let starts: Vec<usize> = (0..blocks.len()).filter(|i| blocks[*i].trim() == header).collect();
    let [first, second] = starts[..] else { panic!("two of {header}") };
    let end = (second + 1..blocks.len()).find(|i| blocks[*i].starts_with('[')).unwrap_or(blocks.len());
    let parts = [&blocks[..first], &blocks[second..end], &blocks[first..second], &blocks[end..]];
    parts.concat().concat()
}

#[test]
fn the_same_values_in_another_order_or_by_another_rule_are_another_sweep() {
    let dir = tempfile::tempdir().unwrap();
    let strategies =
        "[[strategy]]\nname = \"warrior\"\nshare = 0.5\n[[strategy]]\nname = \"servant\"\nshare = 0.5\n";
    let text = SMALL.replace("[sweep]\n", &format!("{strategies}[sweep]\n"));
    let implicit = text.replace("burn_in = 4\n", "");
    for (name, one, other, told) in [
        ("strategies", text.clone(), reordered(&text, "[[strategy]]"), "in another order"),
        ("factors", text.clone(), reordered(&text, "[[factor]]"), "in another order"),
        ("rules", text, implicit, "burn_in follows another key, there it is given"),
    ] {
        fs::write(dir.path().join("one.toml"), one).unwrap();
        fs::write(dir.path().join("other.toml"), other).unwrap();
        let of = |file: &'static str, more: &[&'static str]| {
            [&["sweep", file, "--no-charts", "--out", name][..], more].concat()
        };
        done(dir.path(), &of("one.toml", &["--tasks", "2", "--task", "0"]));
        let text = refused(dir.path(), &of("other.toml", &["--tasks", "2", "--task", "1"]), 2);
        assert!(text.contains(told), "{name}: {text}");
        // Nor is the whole result of one that of the other.
        done(dir.path(), &of("one.toml", &["--tasks", "2", "--task", "1"]));
        done(dir.path(), &["merge", name, "--no-charts"]);
        done(dir.path(), &of("one.toml", &["--resume"]));
        let text = refused(dir.path(), &of("other.toml", &["--resume"]), 1);
        assert!(text.contains("a result is there already"), "{name}: {text}");
    }
}

#[test]
fn an_unfinished_sweep_and_a_result_of_something_else_do_not_mix() {
    let dir = tempfile::tempdir().unwrap();
    // A killed sweep: its parts are there, its tables not.
    let killed = |out: &str| {
        done(dir.path(), &sweep("other", &["--tasks", "2", "--task", "0"]));
        let parts = dir.path().join(out).join("parts");
        fs::create_dir_all(&parts).unwrap();
        let plan = fs::read_to_string(dir.path().join("other/parts/plan.json")).unwrap();
        fs::write(parts.join("plan.json"), plan.replace("\"tasks\": 2", "\"tasks\": 1")).unwrap();
        fs::write(parts.join("part-0-of-1.1-1.partial"), "").unwrap();
    };
    for command in ["run", "bet"] {
        killed(command);
        let of = |more: &[&'static str]| {
            [&[command, "small.toml", "--no-charts", "--out", command], more].concat()
        };
        let text = refused(dir.path(), &of(&[]), 1);
        assert!(text.contains("an unfinished sweep is there"), "{text}");
        done(dir.path(), &of(&["--force"]));
        let whole = files(&dir.path().join(command));
        assert!(!dir.path().join(command).join("parts").exists(), "the sweep was overwritten");
        // Parts that come back, by a copy for instance, do not make the result part of the sweep.
        killed(command);
        let text = refused(dir.path(), &sweep(command, &["--resume"]), 1);
        assert!(text.contains("a result is there already"), "{text}");
        let text = refused(dir.path(), &sweep(command, &["--tasks", "2", "--task", "0"]), 2);
        assert!(text.contains("a result is there already"), "{text}");
        fs::remove_dir_all(dir.path().join(command).join("parts")).unwrap();
        assert!(files(&dir.path().join(command)) == whole);
    }
    killed("sweep");
    let text = refused(dir.path(), &["merge", "sweep"], 1);
    assert!(text.contains("an unfinished sweep is there; go on with it by --resume"), "{text}");
    done(dir.path(), &sweep("sweep", &["--resume"]));
}

#[test]
fn a_folder_of_parts_that_is_the_users_own_stays() {
    let dir = tempfile::tempdir().unwrap();
    let thesis = dir.path().join("a/parts/thesis.txt");
    let write = || {
        fs::create_dir_all(thesis.parent().unwrap()).unwrap();
        fs::write(&thesis, "precious").unwrap();
    };
    write();
    done(dir.path(), &sweep("a", &[]));
    for more in [&["--force"][..], &["--resume"], &["--resume", "--force"]] {
        done(dir.path(), &sweep("a", more));
        assert!(thesis.exists(), "{more:?}");
    }
    done(dir.path(), &["merge", "a", "--no-charts"]);
    assert_eq!(fs::read_to_string(&thesis).unwrap(), "precious");
    let left: Vec<_> = fs::read_dir(thesis.parent().unwrap()).unwrap().collect();
    assert_eq!(left.len(), 1, "the program's own files are gone");
}

#[test]
fn a_whole_result_of_a_sweep_that_was_damaged_is_not_passed_over() {
    let dir = tempfile::tempdir().unwrap();
    done(dir.path(), &sweep("a", &[]));
    let table = dir.path().join("a/sweep.csv");
    let text = fs::read_to_string(&table).unwrap();
    let cut: String = text.split_inclusive('\n').take(5).collect();
    fs::write(&table, cut).unwrap();
    for arguments in [sweep("a", &["--resume"]), vec!["merge", "a"]] {
        let told = refused(dir.path(), &arguments, 1);
        assert!(told.contains("sweep.csv: it has ") && told.contains("--force"), "{told}");
    }
    fs::remove_file(&table).unwrap();
    for arguments in [sweep("a", &["--resume"]), vec!["merge", "a"]] {
        assert!(refused(dir.path(), &arguments, 1).contains("sweep.csv: it is missing"));
    }
    done(dir.path(), &sweep("a", &["--resume", "--force"]));
    assert_eq!(fs::read_to_string(&table).unwrap(), text);
}

#[test]
fn what_reads_a_result_says_if_a_killed_command_left_it_displaced_and_what_writes_sets_it_right() {
    let dir = tempfile::tempdir().unwrap();
    done(dir.path(), &["run", "small.toml", "--no-charts", "--out", "a"]);
    let a = dir.path().join("a");
    let whole = files(&a);
    for reading in [&["verify", "a"][..], &["diff", "a", "a"]] {
        // Killed while it set the older result aside.
        fs::rename(a.join("manifest.json"), a.join(".manifest.json.old")).unwrap();
        let text = refused(dir.path(), reading, 2);
        assert!(
            text.contains("or was killed then; wait for it, or set it right with: mingle report a"),
            "{text}"
        );
        done(dir.path(), &["report", "a"]);
        done(dir.path(), reading);
        assert!(files(&a) == whole);
    }
}

#[test]
fn a_difference_is_not_taken_from_a_table_that_was_changed() {
    let dir = tempfile::tempdir().unwrap();
    done(dir.path(), &["run", "small.toml", "--no-charts", "--out", "a"]);
    let table = dir.path().join("a/rounds.csv");
    let text = fs::read_to_string(&table).unwrap();
    fs::write(&table, &text[..text.len() / 2]).unwrap();
    let told = refused(dir.path(), &["diff", "a", "a"], 1);
    assert!(told.contains("rounds.csv: it has "), "{told}");
}

#[test]
fn a_merge_that_was_killed_at_its_end_is_completed_by_the_next() {
    let dir = tempfile::tempdir().unwrap();
    parts(dir.path(), "a", 2);
    let a = dir.path().join("a");
    let before = files(&a);
    done(dir.path(), &["merge", "a", "--no-charts"]);
    let whole = files(&a);
    let restore_parts = || {
        for (name, bytes) in &before {
            fs::create_dir_all(a.join(name).parent().unwrap()).unwrap();
            fs::write(a.join(name), bytes).unwrap();
        }
    };
    // Before it removed the parts, and while it gave the files their names.
    let moves: [&[[&str; 2]]; 2] =
        [&[], &[["manifest.json", ".manifest.json.placing"], ["sweep.csv", ".sweep.csv.partial"]]];
    for moved in moves {
        restore_parts();
        for [from, to] in moved {
            fs::rename(a.join(from), a.join(to)).unwrap();
        }
        done(dir.path(), &["merge", "a", "--no-charts"]);
        assert!(files(&a) == whole, "{moved:?}");
    }
    // The same, found by a sweep that goes on.
    restore_parts();
    done(dir.path(), &sweep("a", &["--resume"]));
    assert!(files(&a) == whole);
}

#[test]
fn a_forced_run_that_fails_leaves_the_older_result_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let run = |more: &[&'static str]| [&["run", "small.toml", "--no-charts", "--out", "a"], more].concat();
    done(dir.path(), &run(&[]));
    fs::create_dir(dir.path().join("a/agents.csv")).unwrap();
    let before = files(&dir.path().join("a"));
    let text = refused(dir.path(), &run(&["--force", "--seed", "9"]), 1);
    assert!(text.contains("agents.csv: a folder has its name; move it away"), "{text}");
    assert!(files(&dir.path().join("a")) == before);
    fs::remove_dir(dir.path().join("a/agents.csv")).unwrap();
    done(dir.path(), &run(&["--force", "--seed", "9"]));
    assert_eq!(manifest(&dir.path().join("a"))["seed"], 9);
}

#[cfg(unix)]
#[test]
fn more_parts_than_open_files_are_merged() {
    let dir = tempfile::tempdir().unwrap();
    parts(dir.path(), "a", 48);
    let mut limited = program_after(dir.path(), "ulimit -n 32");
    let (code, _, err) = ended(limited.args(["merge", "a", "--no-charts"]).output().unwrap());
    assert_eq!(code, 0, "{err}");
    done(dir.path(), &sweep("b", &[]));
    assert!(files(&dir.path().join("a")) == files(&dir.path().join("b")));
}

#[test]
fn what_may_be_played_at_most_takes_no_room_until_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let most = ["--set", "sweep.until=precise", "--set", "sweep.precision=1000", "--replicates", "2"];
    let sets = [&most[..], &["--set", "sweep.replicates_max=1000000"]].concat();
    done(dir.path(), &sweep("a", &sets));
    let a = dir.path().join("a");
    let played = rows(&a.join("sweep.csv"), |row| row[0] == "0" && row[3..].contains(&"net"));
    let played: u64 = played[0].last().unwrap().parse().unwrap();
    assert_eq!(manifest(&a)["replicate_seeds"].as_array().unwrap().len() as u64, played);
    // Parts are as long as what they hold.
    let task = [&sweep("b", &["--tasks", "4", "--task", "3"])[..], &sets].concat();
    done(dir.path(), &task);
    let part = fs::metadata(dir.path().join("b/parts/part-3-of-4.whole")).unwrap();
    assert!(part.len() < 10_000, "{} bytes", part.len());
}

#[test]
fn a_scenario_whose_name_is_dots_does_not_lead_out_of_the_folder_of_results() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("...toml"), SMALL).unwrap();
    let output = call(dir.path(), &["run", "...toml", "--no-charts"]);
    assert!(output.status.success());
    assert!(dir.path().join("output/...toml/manifest.json").exists());
    assert!(!dir.path().join("manifest.json").exists());
}
