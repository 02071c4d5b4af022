//! Tables that agree, and tables that do not.

use super::*;

fn compared(there: &str, now: &str, sample: &Sample) -> Comparison {
    let [a, b] = [there, now].map(|text| {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("rounds.csv"), text).unwrap();
        dir
    });
    let mut found = Comparison::default();
    let files = ["rounds.csv", "datapackage.json"].into_iter();
    compare(a.path(), b.path(), files, sample, &mut found).unwrap();
    found
}

fn texts(found: &Comparison) -> Vec<String> {
    found.differences.iter().map(Difference::to_string).collect()
}

/// The replicates 1 and 3 of 4.
fn sample() -> Sample {
    Sample { numbers: vec![1, 3], end: 4, all: false, renumbered: true }
}

const THERE: &str = "replicate,net\n0,9\n1,5\n1,6\n2,9\n3,7\n3,8\n";

#[test]
fn rows_of_sampled_replicates_are_compared_and_others_are_not() {
    let found = compared(THERE, "replicate,net\n0,5\n0,6\n1,7\n1,8\n", &sample());
    assert_eq!((found.n_differences, found.tables[0].rows), (0, 4));
    let found = compared(THERE, "replicate,net\n0,5\n0,\n1,7\n1,8.5\n", &sample());
    assert_eq!(
        texts(&found),
        [
            "rounds.csv, line 4, column net: 6 there, an empty cell now",
            "rounds.csv, line 7, column net: 8 there, 8.5 now"
        ]
    );
}

#[test]
fn a_row_that_only_one_table_has_does_not_shift_the_others() {
    let found = compared(THERE, "replicate,net\n0,5\n1,7\n1,8\n1,9\n", &sample());
    assert_eq!(
        texts(&found),
        [
            "rounds.csv, line 4: a row there, nothing now",
            "rounds.csv: nothing there, a row of replicate 3 now"
        ]
    );
    let found = compared(THERE, "replicate,net\n0,5\n0,6\n0,4\n1,7\n1,8\n", &sample());
    assert_eq!(texts(&found), ["rounds.csv: nothing there, a row of replicate 1 now"]);
    let beyond = format!("{THERE}4,1\n");
    let found = compared(&beyond, "replicate,net\n0,5\n0,6\n1,7\n1,8\n", &sample());
    assert_eq!(texts(&found), ["rounds.csv, line 8: a row there, nothing now"]);
}

#[test]
fn columns_are_compared_by_name() {
    let found = compared("replicate,net,gone\n1,5,x\n", "replicate,new,net\n0,,5\n", &sample());
    assert_eq!(texts(&found), ["rounds.csv, line 1, column gone: a column there, nothing now"]);
    let (there, now) = ("point,net,side\n1,5,servant\n", "point,net,side\n1,5,\n");
    let some = Sample { renumbered: false, ..sample() };
    assert_eq!(
        compared(there, now, &some).n_differences,
        0,
        "a side depends on points that were not run again"
    );
    assert_eq!(compared(there, now, &Sample { all: true, ..some }).n_differences, 1);
}

#[test]
fn a_summary_is_compared_only_if_all_are_run_again() {
    let (there, now) = ("strategy,mean\na,1\nb,2\n", "strategy,mean\na,1\nb,3\n");
    let found = compared(there, now, &sample());
    assert_eq!((found.tables.len(), &found.not_compared[..]), (0, &["rounds.csv".to_owned()][..]));
    let found = compared(there, now, &Sample { all: true, ..sample() });
    assert_eq!(texts(&found), ["rounds.csv, line 3, column mean: 2 there, 3 now"]);
}

#[test]
fn only_the_first_differences_are_kept_and_all_are_counted() {
    let rows: String = (0..50).map(|i| format!("1,{i}\n")).collect();
    let others: String = (0..50).map(|i| format!("0,{}\n", i + 1)).collect();
    let found = compared(&format!("replicate,net\n{rows}"), &format!("replicate,net\n{others}"), &sample());
    assert_eq!((found.n_differences, found.differences.len()), (50, 5));
}

#[test]
fn a_table_that_is_not_made_again_differs_only_if_all_are_run_again() {
    let (there, now) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::fs::write(there.path().join("rounds.csv"), THERE).unwrap();
    let compared = |sample: &Sample| {
        let mut found = Comparison::default();
        compare(there.path(), now.path(), ["rounds.csv"].into_iter(), sample, &mut found).unwrap();
        assert!(found.tables.is_empty());
        (texts(&found), found.not_compared)
    };
    assert_eq!(compared(&sample()), (vec![], vec!["rounds.csv".to_owned()]));
    let all = compared(&Sample { all: true, ..sample() });
    assert_eq!(all, (vec!["rounds.csv: a table there, nothing now".to_owned()], vec![]));
}

#[test]
fn differences_are_counted_for_each_table() {
    let (there, now) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let files = ["rounds.csv", "flows.csv"];
    for (file, net) in files.into_iter().zip(["9", "8"]) {
        std::fs::write(there.path().join(file), "replicate,net,ties\n1,5,1\n3,7,1\n").unwrap();
        std::fs::write(now.path().join(file), format!("replicate,net,ties\n0,{net},1\n1,7,{net}\n")).unwrap();
    }
    let mut found = Comparison::default();
    compare(there.path(), now.path(), files.into_iter(), &sample(), &mut found).unwrap();
    let counted: Vec<_> = found.tables.iter().map(|t| (t.file.as_str(), t.rows, t.differences)).collect();
    assert_eq!((found.n_differences, counted), (4, vec![("rounds.csv", 2, 2), ("flows.csv", 2, 2)]));
}

#[test]
fn the_points_that_a_sweep_visited_are_those_of_its_table() {
    let visited = |rows: &str| {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("sweep.csv"), format!("point,metric,replicates\n{rows}")).unwrap();
        let found = read_visited(dir.path(), "sweep.csv", "replicates", 10);
        found.map(|points| points.iter().map(|p| (p.point, p.replicates)).collect::<Vec<_>>())
    };
    // A metric can be reported by some replicates only.
    assert_eq!(
        visited("0,net,3\n0,solved,5\n0,guests,4\n4,net,2\n9,net,7\n"),
        Ok(vec![(0, 5), (4, 2), (9, 7)])
    );
    let fault = |rows: &str| {
        let error = visited(rows).unwrap_err();
        (error.line, error.problem)
    };
    assert_eq!(fault("4,net,1\n3,net,1\n"), (Some(3), "expected points in ascending order".to_owned()));
    assert_eq!(fault("0,net,1\n10,net,1\n"), (Some(3), "expected a point of the sweep, below 10".to_owned()));
    assert_eq!(fault(""), (None, "it has no rows".to_owned()));
}
