//! Tables of runs made by hand.

use super::super::tests::folder;
use super::*;

#[test]
fn a_malformed_number_is_named_by_file_line_column_and_value() {
    let dir =
        folder("rounds.csv", "replicate,round,strategy,agents,net\n0,0,servant,10,0.5\n0,1,servant,10,o.5\n");
    let error = read_rounds(dir.path(), ["net"], |_| {}).unwrap_err();
    assert_eq!(error.file, dir.path().join("rounds.csv"));
    assert_eq!((error.line, error.column.as_deref()), (Some(3), Some("net")));
    let text = error.to_string();
    assert!(text.ends_with(
        "rounds.csv, line 3, column net: expected a number, not \"o.5\"; run the scenario again with --force"
    ));
}

#[test]
fn a_missing_column_is_named() {
    let dir = folder("flows.csv", "replicate,from,to,value\n");
    let error = read_flows(dir.path(), |_| {}).unwrap_err();
    assert_eq!((error.line, error.column.as_deref()), (Some(1), Some("channel")));
}

#[test]
fn a_short_row_is_an_error_with_its_line() {
    let dir = folder("flows.csv", "replicate,from,to,channel,value\n0,a,b,push,1\n0,a,b\n");
    assert_eq!(read_flows(dir.path(), |_| {}).unwrap_err().line, Some(3));
}

#[test]
fn the_rows_of_a_replicate_come_together() {
    let dir = folder("rounds.csv", "replicate,round,strategy,agents,net\n1,0,a,1,0\n0,0,a,1,0\n");
    assert_eq!(read_rounds(dir.path(), ["net"], |_| {}).unwrap_err().line, Some(3));
}

#[test]
fn what_is_missing_reads_as_nan() {
    let dir = folder("rounds.csv", "replicate,round,strategy,agents,net,guests\n0,0,servant,10,0.5,\n");
    let mut seen = Vec::new();
    read_rounds(dir.path(), ["guests", "net", "ties"], |row| seen.extend(row.values)).unwrap();
    assert_eq!(seen[1], 0.5);
    assert!(seen[0].is_nan() && seen[2].is_nan());
}

#[test]
fn a_contrast_has_an_adjusted_p_value_where_its_table_has_one() {
    let rows = |text: &str| {
        let dir = folder("contrasts.csv", text);
        let mut rows = Vec::new();
        read_contrasts(dir.path(), |_, _, metric| metric == "net", |row| rows.push(row)).unwrap();
        rows
    };
    let columns = "first,second,metric,difference,ci_low,ci_high,replicates";
    let text =
        format!("{columns},p_adjusted\na,b,net,1,0.5,1.5,9,0.25\na,b,ties,1,,,9,0.5\na,c,net,0,,,9,\n");
    let found: Vec<_> = rows(&text).iter().map(|row| (row.second.clone(), row.p_adjusted)).collect();
    assert_eq!(found, [("b".to_owned(), Some(0.25)), ("c".to_owned(), None)]);
    assert_eq!(rows(&format!("{columns}\na,b,net,1,0.5,1.5,9\n"))[0].p_adjusted, None);
}

#[test]
fn a_life_cannot_end_before_it_begins() {
    let dir =
        folder("survival.csv", "replicate,agent,strategy,born,ended,failed\n0,0,a,5,9,1\n0,1,a,5,4,0\n");
    let error = read_survival(dir.path()).unwrap_err();
    assert_eq!((error.line, error.column.as_deref()), (Some(3), Some("ended")));
}
