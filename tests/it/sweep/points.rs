//! Points of sweeps: lists, what a point sets, and points repeated alone.

use mingle::{Scenario, SweepPlan, read_points};

use super::*;

#[test]
fn a_point_repeated_alone_has_the_numbers_of_the_sweep() {
    let dir = tempfile::tempdir().unwrap();
    for (name, more) in [
        ("fixed", &[][..]),
        ("own-luck", &["--set", "sweep.common_luck=false"]),
        ("decided", &["--set", "sweep.until=decided", "--set", "sweep.replicates_max=30"]),
        ("shares", &["--set", "factor.fee.keys=strategy.servant.share", "--set", "factor.fee.max=0.9"]),
    ] {
        done(dir.path(), &[&sweep(name, &[])[..], more].concat());
        let out = format!("{name}-7");
        done(dir.path(), &[&sweep(&out, &["--point", "7"])[..], more].concat());
        let wanted = rows(&dir.path().join(name).join("sweep_contrasts.csv"), |row| row[0] == "7");
        assert_eq!(wanted.len(), 12);
        let alone = dir.path().join(&out);
        for row in wanted {
            let same = rows(&alone.join("contrasts.csv"), |r| r[..3] == row[3..6]);
            assert_eq!(same, [row[3..row.len() - 3].to_vec()], "{name}");
        }
        assert!(alone.join("rounds.csv").exists());
    }
    // One replicate of it is the one that the run of the point has.
    done(dir.path(), &sweep("alone", &["--point", "7", "--replicate", "3"]));
    let third = rows(&dir.path().join("fixed-7/rounds.csv"), |row| row[0] == "3");
    let alone = rows(&dir.path().join("alone/rounds.csv"), |_| true);
    assert_eq!(alone.len(), third.len());
    assert!(alone.iter().zip(&third).all(|(a, b)| a[1..] == b[1..]));
    assert!(refused(dir.path(), &sweep("x", &["--point", "12"]), 2).contains("at most 11"));
}

#[test]
fn a_bet_repeated_alone_has_the_numbers_of_the_sweep() {
    let dir = tempfile::tempdir().unwrap();
    let bet = ["--set", "sweep.experiment=bet", "--set", "bet.worlds=3", "--set", "bet.focals=4"];
    done(dir.path(), &[&sweep("all", &[])[..], &bet].concat());
    done(dir.path(), &[&sweep("one", &["--point", "4"])[..], &bet].concat());
    let wanted = rows(&dir.path().join("all/sweep_bet.csv"), |row| row[0] == "4");
    let alone = rows(&dir.path().join("one/bet_summary.csv"), |_| true);
    assert_eq!((wanted.len(), alone.len()), (5, 5));
    for (wanted, alone) in wanted.iter().zip(alone) {
        assert_eq!(wanted[3..wanted.len() - 4], alone);
    }
}

#[test]
fn a_list_of_points_is_read_from_its_file() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("points.csv"), "note,fee,legibility\nx,0.1,0.5\ny,0.2,1\n").unwrap();
    let list = ["--set", "sweep.design=list", "--set", "sweep.file=points.csv"];
    done(dir.path(), &[&sweep("a", &[])[..], &list].concat());
    let found = rows(&dir.path().join("a/sweep.csv"), |row| row[3..5] == ["warrior", "net"]);
    assert_eq!(found.iter().map(|row| row[..3].join(" ")).collect::<Vec<_>>(), ["0 0.5 0.1", "1 1 0.2"]);
    fs::write(dir.path().join("points.csv"), "fee,legibility\n0.1,0.5\n0.2,7\n").unwrap();
    let text = refused(dir.path(), &[&sweep("b", &[])[..], &list].concat(), 2);
    assert!(text.contains("reputation.legibility must be a number from 0 to 1, but is 7"), "{text}");
    assert!(text.contains("point 1 (legibility 7, fee 0.2), row 2 below the header of points.csv"), "{text}");
    fs::write(dir.path().join("points.csv"), "fee\n0.1\n").unwrap();
    let text = refused(dir.path(), &[&sweep("b", &[])[..], &list].concat(), 2);
    assert!(text.contains("points.csv, line 1, column legibility: the column is missing"), "{text}");
}

#[test]
fn points_that_do_not_go_together_are_told_before_anything_runs() {
    let dir = tempfile::tempdir().unwrap();
    let text = refused(dir.path(), &sweep("a", &["--set", "factor.fee.max=1"]), 2);
    assert!(text.contains("calls.fee + calls.depth x calls.finder_fee must be at most 1"), "{text}");
    assert!(text.contains("point 2 (legibility 0, fee 1)"), "{text}");
    assert!(!dir.path().join("a").exists());
}

#[test]
fn a_list_shows_its_values_as_numbers_and_asks_for_no_range() {
    let dir = tempfile::tempdir().unwrap();
    let text = "rounds = 12\nburn_in = 4\nreplicates = 2\n[population]\nagents = 60\n[sweep]\ndesign = \"list\"\n\
        file = \"points.csv\"\n[[factor]]\nname = \"every\"\nkeys = \"mixer.every\"\n[[factor]]\n\
        name = \"kind\"\nkeys = \"reputation.kind\"\n[[factor]]\nname = \"rate\"\nkeys = \"needs.rate\"\nmin = 9\n";
    fs::write(dir.path().join("list.toml"), text).unwrap();
    let points = "every,kind,rate\n0x10,'private',0.1_0\n1_0,\"\"\"public\"\"\",+1E-1\n2,public,1\n";
    fs::write(dir.path().join("points.csv"), points).unwrap();
    done(dir.path(), &["sweep", "list.toml", "--no-charts", "--out", "a"]);
    let found = rows(&dir.path().join("a/sweep.csv"), |row| row[4..6] == ["warrior", "net"]);
    let shown: Vec<String> = found.iter().map(|row| row[1..4].join(" ")).collect();
    assert_eq!(shown, ["16 private 0.1", "10 public 0.1", "2 public 1"]);
    fs::write(dir.path().join("points.csv"), "every,kind,rate,every\n1,private,0.1,2\n").unwrap();
    let text = refused(dir.path(), &["sweep", "list.toml", "--out", "b"], 2);
    assert!(text.contains("points.csv, line 1, column every: the column is there twice"), "{text}");
}

#[test]
fn a_point_has_the_values_that_its_overrides_set() {
    let strategies = "[[strategy]]\nname = \"'a'\"\nshare = 0.5\n[[strategy]]\nname = \"b=c\"\nshare = 0.3\n\
                      [[strategy]]\nname = \"7\"\nshare = 0.2\n[bet]\nusual = \"7\"\nfirst = \"'a'\"\nsecond = \"7\"\n";
    let factors = "[[factor]]\nname = \"x\"\nkeys = [\"needs.value\", \"mixer.every\"]\nmin = 1\nmax = 4\nlevels = 4\n\
                   [[factor]]\nname = \"y\"\nkeys = \"strategy.'b=c'.share\"\nmin = 0.1\nmax = 0.7\nlevels = 7\n\
                   [[factor]]\nname = \"z\"\nkeys = \"survival.overhead\"\nvalues = [\"0x1\", 2.50]\n";
    let designs = ["grid", "one-at-a-time", "random", "latin-hypercube", "sobol-sequence", "morris", "sobol"];
    let list = "x,y,z\n1,0.1,3\n4.0,0.2_5,1e0\n0x2,0.3,0\n";
    for design in designs.into_iter().chain(["list"]) {
        for experiment in ["run", "bet"] {
            let text = format!(
                "{strategies}{factors}[sweep]\nfirst = \"'a'\"\nsecond = \"7\"\npoints = 4\ncommon_luck = false\n\
                 design = \"{design}\"\nexperiment = \"{experiment}\"\nfile = \"points.csv\"\n"
            );
            same_by_overrides(&text, &["needs.rate=0.25"], (design == "list").then_some(list));
        }
    }
    // A name in quotes keeps them.
    let bet = format!(
        "{strategies}[sweep]\nexperiment = \"bet\"\ndesign = \"list\"\nfile = \"points.csv\"\n\
         [[factor]]\nname = \"lead\"\nkeys = \"bet.first\"\n"
    );
    let plan = same_by_overrides(&bet, &[], Some("lead\nb=c\n\"\"\"'a'\"\"\"\n'b=c'\n"));
    let first = |number| plan.scenario_at(&plan.point(number)).unwrap().bet.as_ref().unwrap().first.clone();
    assert_eq!([0, 1, 2].map(first), ["b=c", "'a'", "b=c"]);
    assert_eq!(plan.point(1).sets[0].to_string(), "bet.first=\"'a'\"");
}

/// Asserts that each point is what the file gives with its overrides, and returns the plan.
fn same_by_overrides(text: &str, given: &[&str], list: Option<&str>) -> SweepPlan {
    let scenario = mingle::parse_sweep(text, given).unwrap_or_else(|faults| panic!("{faults}"));
    let names: Vec<&str> = scenario.factors.iter().map(|factor| factor.name.as_str()).collect();
    let list = list.map(|list| read_points(Path::new("points.csv"), list, &names).unwrap());
    let plan = SweepPlan::new(scenario, list.unwrap_or_default());
    let read = if plan.bets() { Scenario::parse_bet } else { Scenario::parse };
    for number in 0..plan.n_points() {
        let point = plan.point(number);
        let sets: Vec<String> = point.sets.iter().map(ToString::to_string).collect();
        let sets: Vec<&str> = given.iter().copied().chain(sets.iter().map(String::as_str)).collect();
        let again = read(text, &sets).unwrap_or_else(|faults| panic!("{faults}"));
        let scenario = plan.scenario_at(&point).unwrap_or_else(|fault| panic!("{}", fault.diagnostics));
        assert_eq!(again, scenario, "point {number} of {text}: {sets:?}");
    }
    plan
}
