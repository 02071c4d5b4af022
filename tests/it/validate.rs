//! `mingle validate`: special cases whose answer is known.

use std::fs;

use serde_json::Value;

use crate::support::{call, done, refused, root};

#[test]
fn cases_are_listed_with_their_sources_and_an_unknown_one_is_refused() {
    let text = done(root(), &["validate", "--list"]);
    assert!(text.lines().count() >= 25, "{text}");
    assert!(text.lines().all(|line| line.contains('[') && line.ends_with(']')), "{text}");
    let text = refused(root(), &["validate", "--only", "donatoin"], 2);
    assert!(text.contains("--only donatoin: there is no such case; mingle validate --list"), "{text}");
}

#[test]
fn a_validation_is_a_result_with_a_table_and_a_chart() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("result");
    let run = |more: &[&str]| {
        let only = ["validate", "--only", "gifts", "--only", "busy-lines-1", "--json", "--out", "result"];
        call(dir.path(), &[&only[..], more].concat())
    };
    let (code, summary, err) = run(&["--threads", "1"]);
    assert_eq!(code, 0, "{err}");
    let summary: Value = serde_json::from_str(&summary).unwrap();
    assert_eq!((&summary["quantities"], &summary["disagree"]), (&4.into(), &0.into()));
    let table = fs::read_to_string(out.join("validation.csv")).unwrap();
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let [case, expected, measured, error, agrees] =
        ["case", "expected", "measured", "standard_error", "agrees"].map(column_of(&table));
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    let cases: Vec<&str> = rows.iter().map(|row| &row[case]).collect();
    assert_eq!(cases, ["gifts-of-48-guests", "gifts-of-60-guests", "busy-lines-1", "busy-lines-1"]);
    for row in &rows {
        let number = |column: usize| row[column].parse::<f64>().unwrap();
        assert!((number(expected) - number(measured)).abs() <= 5.0 * number(error), "{row:?}");
        assert_eq!(&row[agrees], "1");
    }
    assert!(out.join("charts/validation.svg").exists());
    let report = fs::read_to_string(out.join("report.html")).unwrap();
    for said in [
        "All 4 quantities of 3 cases agree with theory",
        "mingle validate --only gifts --only busy-lines-1</code>",
        "id=\"chart-validation\"",
    ] {
        assert!(report.contains(said), "{said}");
    }
    let manifest: Value =
        serde_json::from_str(&fs::read_to_string(out.join("manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["command"], "validate");

    let (code, _, err) = run(&[]);
    assert!(code == 1 && err.contains("--force"), "{err}");
    assert_eq!(run(&["--force", "--threads", "2"]).0, 0);
    assert_eq!(fs::read_to_string(out.join("validation.csv")).unwrap(), table, "threads change nothing");
    assert_eq!(run(&["--force", "--series", "1"]).0, 0);
    assert_ne!(fs::read_to_string(out.join("validation.csv")).unwrap(), table, "another series, other luck");
}

#[test]
fn patterns_are_listed_with_their_sources_and_an_unknown_one_is_refused() {
    let text = done(root(), &["validate", "--evidence", "--list"]);
    assert!(text.lines().count() >= 12, "{text}");
    for study in
        ["Ingram & Morris 2007", "Mastroianni", "Hasan & Koning 2020", "Cai & Szeidl 2018", "Burt 2002"]
    {
        assert!(text.contains(study), "{study}");
    }
    let text = refused(root(), &["validate", "--evidence", "--only", "gosip"], 2);
    assert!(text.contains("there is no such pattern; mingle validate --evidence --list names all"), "{text}");
}

#[test]
#[cfg_attr(debug_assertions, ignore = "whole runs take minutes without optimisation")]
fn evidence_is_a_result_in_which_failed_patterns_stand_with_a_reason() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("result");
    let run = |more: &[&str]| {
        let only = ["validate", "--evidence", "--only", "mixer", "--only", "endings", "--out", "result"];
        call(dir.path(), &[&only[..], more].concat())
    };
    let (code, _, err) = run(&["--threads", "1"]);
    assert_eq!(code, 0, "{err}");
    let table = fs::read_to_string(out.join("evidence.csv")).unwrap();
    let columns = ["pattern", "scenario", "measured", "ci_low", "ci_high", "range_low", "range_high"];
    let [pattern, scenario, measured, low, high, from, to] = columns.map(column_of(&table));
    let [fitted, verdict, why] = ["fitted", "verdict", "why"].map(column_of(&table));
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2 * (4 + 2), "two scenarios");
    for row in &rows {
        let number = |column: usize| row[column].parse::<f64>().unwrap();
        assert!(number(low) <= number(measured) && number(measured) <= number(high), "{row:?}");
        // The verdict follows from the numbers beside it.
        let inside = number(low) >= number(from) && number(high) <= number(to);
        assert_eq!(&row[verdict] == "reproduced", inside, "{row:?}");
        assert_eq!(row[why].is_empty(), inside, "{row:?}");
        assert!(&row[fitted] == "0" || &row[scenario] == "executive-mixer", "{row:?}");
    }
    // The scenario that was fitted to this study shows it; the model has talks that end as soon as either wants.
    let of = |name: &str, place: &str| -> Vec<&str> {
        let found = rows.iter().filter(|row| &row[pattern] == name && &row[scenario] == place);
        found.map(|row| &row[verdict]).collect()
    };
    assert_eq!(of("mixer", "executive-mixer"), ["reproduced"; 4]);
    assert_eq!(of("endings", "chamber-mixer"), ["not"; 2]);
    assert!(out.join("charts/evidence.svg").exists());
    let report = fs::read_to_string(out.join("report.html")).unwrap();
    for said in [
        "Which published patterns does the model show?",
        "mingle validate --evidence --only mixer --only endings</code>",
        "id=\"chart-evidence\"",
        "not with the default: conversations end as soon as either wants",
    ] {
        assert!(report.contains(said), "{said}");
    }
    assert_eq!(run(&[]).0, 1, "an older result stays");
    assert_eq!(run(&["--force", "--threads", "2"]).0, 0);
    assert_eq!(fs::read_to_string(out.join("evidence.csv")).unwrap(), table, "threads change nothing");
}

/// Finds the position of a column in the header of a table.
fn column_of(table: &str) -> impl Fn(&str) -> usize + '_ {
    |name| table.lines().next().unwrap().split(',').position(|column| column == name).unwrap()
}
