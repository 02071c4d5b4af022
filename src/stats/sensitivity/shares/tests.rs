//! Tests of shares of the variance.

use super::super::testing::{columns, near};
use super::*;

/// The shares of a design with one outcome per point, by columns A, B and A with each factor from B, each
/// outcome standing for two equal replicates.
fn twice(columns: &[Vec<f64>]) -> VarianceShares {
    let rows: Vec<Vec<Vec<f64>>> =
        (0..columns[0].len()).map(|r| columns.iter().map(|c| vec![c[r]; 2]).collect()).collect();
    shares_of(&rows, false)
}

fn shares_of(rows: &[Vec<Vec<f64>>], shared: bool) -> VarianceShares {
    let nowhere = vec![0.0; rows[0].len() - 2];
    // As other programs have them: nothing is corrected where factors do not vary.
    shares_at(rows, &vec![[&nowhere; 2]; rows.len()], shared)
}

/// The shares of rows whose points A and B have these coordinates.
fn shares_at(rows: &[Vec<Vec<f64>>], coordinates: &[[&Vec<f64>; 2]], shared: bool) -> VarianceShares {
    let points: Vec<&Vec<f64>> = rows.iter().flatten().collect();
    let n = points.iter().map(|p| p.len()).min().unwrap();
    let means = (0..n).map(|r| points.iter().map(|p| p[r]).sum::<f64>() / points.len() as f64).collect();
    let mut all = SaltelliRows::new(rows[0].len() - 2, Replicates { means, shared }, Level::USUAL);
    rows.iter().zip(coordinates).for_each(|(row, [a, b])| all.push(row, [a, b]));
    all.shares()
}

#[test]
fn shares_agree_with_salib_on_the_ishigami_and_the_g_function() {
    let expected = include_str!("../../../../tests/reference/sensitivity/shares.csv");
    let expected: Vec<Vec<&str>> = expected.lines().skip(1).map(|line| line.split(',').collect()).collect();
    for (name, text) in [
        ("ishigami", include_str!("../../../../tests/reference/sensitivity/ishigami.csv")),
        ("g", include_str!("../../../../tests/reference/sensitivity/g.csv")),
    ] {
        let found = twice(&columns(text));
        assert_eq!(found.withheld, None, "{name}");
        for (factor, row) in expected.iter().filter(|row| row[0] == name).enumerate() {
            let [first, total, true_first, true_total] = [2, 3, 4, 5].map(|c| row[c].parse::<f64>().unwrap());
            near(found.first[factor].mean, first);
            near(found.total[factor].mean, total);
            for (estimate, truth) in [(found.first[factor], true_first), (found.total[factor], true_total)] {
                let (low, high) = estimate.ends().unwrap();
                assert!(low <= truth && truth <= high, "{name} {factor}: {estimate:?}, {truth}");
                assert!((estimate.mean - truth).abs() < 0.05, "{name} {factor}: {estimate:?}, {truth}");
            }
        }
    }
}

#[test]
fn noisy_shares_agree_with_salib_on_each_replicate_and_on_their_mean() {
    // Columns A, B and the mixed ones of the first replicate, then of the second.
    let y = columns(include_str!("../../../../tests/reference/sensitivity/noisy.csv"));
    let expected = columns(include_str!("../../../../tests/reference/sensitivity/noisy_shares.csv"));
    let k = y.len() / 2 - 2;
    let rows: Vec<Vec<Vec<f64>>> =
        (0..y[0].len()).map(|r| (0..k + 2).map(|p| vec![y[p][r], y[p + k + 2][r]]).collect()).collect();
    let found = shares_of(&rows, false);
    for (ours, theirs) in [(&found.first, &expected[0]), (&found.total, &expected[1])] {
        assert_eq!((ours.len(), theirs.len()), (k, k));
        ours.iter().zip(theirs).for_each(|(ours, theirs)| near(ours.mean, *theirs));
    }
}

#[test]
fn where_outcomes_follow_a_polynomial_shares_are_nearly_exact() {
    // 2 x + 3 x y + 2 y²: by hand, variances 49 / 48 alone for x, 217 / 180 - 1 / 16 for y, and 1 / 16 together.
    let of = |p: &[f64]| 2.0 * p[0] + 3.0 * p[0] * p[1] + 2.0 * p[1] * p[1];
    let [x, y, together] = [49.0 / 48.0, (2.0 + 1.5) * (2.0 + 1.5) / 12.0 + 4.0 / 180.0, 1.0 / 16.0];
    let coordinate = |i: u32, by: f64| (f64::from(i) * by + 0.1) % 1.0;
    let place = |i: u32, first: f64, second: f64| vec![coordinate(i, first), coordinate(i, second)];
    let of_a: Vec<_> = (0..64).map(|i| place(i, 0.618_034, 0.414_214)).collect();
    let of_b: Vec<_> = (0..64).map(|i| place(i, 0.732_051, 0.236_068)).collect();
    let row = |a: &Vec<f64>, b: &Vec<f64>| -> Vec<Vec<f64>> {
        let points = [a.clone(), b.clone(), vec![b[0], a[1]], vec![a[0], b[1]]];
        points.iter().map(|point| vec![of(point); 2]).collect()
    };
    let rows: Vec<_> = of_a.iter().zip(&of_b).map(|(a, b)| row(a, b)).collect();
    let coordinates: Vec<_> = of_a.iter().zip(&of_b).map(|(a, b)| [a, b]).collect();
    let (corrected, plain) = (shares_at(&rows, &coordinates, false), shares_of(&rows, false));
    let v = x + y + together;
    let truths = [x / v, y / v, (x + together) / v, (y + together) / v];
    let off = |found: &VarianceShares| -> Vec<f64> {
        let shares = found.first.iter().chain(&found.total);
        shares.zip(truths).map(|(share, truth)| (share.mean - truth).abs()).collect()
    };
    assert!(off(&corrected).iter().all(|off| *off < 0.004), "{:?} {corrected:?}", off(&corrected));
    assert!(off(&plain).iter().all(|off| *off > 0.01), "{:?} {plain:?}", off(&plain));
}

/// The first 200 rows of the Ishigami function with eight replicates, by a function of the row and the outcome.
fn with_luck(of: impl Fn(f64, f64) -> f64) -> Vec<Vec<Vec<f64>>> {
    let y = columns(include_str!("../../../../tests/reference/sensitivity/ishigami.csv"));
    let replicates = |value: f64| (0..8).map(|r| of(f64::from(r) - 3.5, value)).collect();
    (0..200).map(|row| y.iter().map(|column| replicates(column[row])).collect()).collect()
}

fn near_intervals(a: &VarianceShares, b: &VarianceShares) {
    assert_eq!((a.withheld, b.withheld), (None, None));
    for (a, b) in a.first.iter().chain(&a.total).zip(b.first.iter().chain(&b.total)) {
        let ends = |found: &Interval| [found.mean, found.low.unwrap(), found.high.unwrap()];
        for (a, b) in ends(a).into_iter().zip(ends(b)) {
            assert!((a - b).abs() < 1e-9, "{a} {b}");
        }
    }
}

#[test]
fn shared_luck_that_scales_all_outcomes_alike_leaves_shares_as_they_are() {
    let rows = with_luck(|luck, value| (1.0 + 0.001 * luck) * value);
    near_intervals(&shares_of(&rows, true), &shares_of(&rows, false));
}

#[test]
fn shares_do_not_depend_on_the_unit_of_outcomes() {
    let in_units = |unit: f64| {
        let rows = with_luck(|luck, value| unit * (value + 0.1 * libm::sin(value + luck)));
        shares_of(&rows, true)
    };
    near_intervals(&in_units(1.0), &in_units(1000.0));
}

#[test]
fn outcomes_that_differ_by_rounding_alone_have_no_shares() {
    let rows = with_luck(|_, value| 1e6 * (1.0 + 1e-16 * libm::sin(value)));
    assert_eq!(shares_of(&rows, false).withheld, Some(Withheld::Constant));
}

#[test]
fn intervals_are_as_wide_as_leaving_out_one_row_at_a_time_says() {
    let y = columns(include_str!("../../../../tests/reference/sensitivity/ishigami.csv"));
    let y: Vec<Vec<f64>> = y.iter().map(|column| column[..200].to_vec()).collect();
    let n = y[0].len();
    let without = |left_out: usize| {
        let kept = |column: &Vec<f64>| (0..n).filter(|r| *r != left_out).map(|r| column[r]).collect();
        twice(&y.iter().map(kept).collect::<Vec<Vec<f64>>>())
    };
    let all = twice(&y);
    let jackknife: Vec<VarianceShares> = (0..n).map(without).collect();
    let mut checked = 0;
    let mut check = |of: fn(&VarianceShares) -> &Vec<Interval>| {
        for (factor, share) in of(&all).iter().enumerate() {
            let means: Vec<f64> = jackknife.iter().map(|found| of(found)[factor].mean).collect();
            let middle = mean(&means);
            let squares: f64 = means.iter().map(|m| (m - middle) * (m - middle)).sum();
            let error = libm::sqrt(squares * (n - 1) as f64 / n as f64);
            let (low, high) = share.ends().unwrap();
            if low > 0.0 && high < 1.0 {
                // Student's quantile for 199 degrees of freedom. Both sides together: skewness moves an interval.
                let ratio = (high - low) / (2.0 * 1.972 * error);
                assert!((0.9..1.1).contains(&ratio), "{factor}: {ratio}");
                checked += 1;
            }
        }
    };
    check(|found| &found.first);
    check(|found| &found.total);
    assert!(checked >= 4, "{all:?}");
}

#[test]
fn a_constant_outcome_has_no_shares() {
    let found = twice(&[vec![0.1; 8], vec![0.1; 8], vec![0.1; 8]]);
    assert_eq!((found.withheld, found.first.len(), found.luck), (Some(Withheld::Constant), 0, None));
}

#[test]
fn one_replicate_tells_no_shares() {
    let rows: Vec<Vec<Vec<f64>>> =
        (0..8_u8).map(|r| (0..3_u8).map(|p| vec![f64::from((3 * r + p) % 5)]).collect()).collect();
    for shared in [false, true] {
        let found = shares_of(&rows, shared);
        assert_eq!((found.withheld, found.first.len()), (Some(Withheld::OneReplicate), 0));
    }
}

#[test]
fn few_rows_have_shares_without_an_interval() {
    let found = twice(&[vec![1.0, 2.0, 4.0], vec![2.0, 1.0, 3.0], vec![2.0, 1.5, 3.0]]);
    assert_eq!(found.withheld, Some(Withheld::FewRows));
    assert!(found.total[0].mean > 0.0 && found.total[0].low.is_none());
}

#[test]
fn replicates_that_some_points_lack_are_left_out() {
    let row = |v: f64, more: &[f64]| {
        vec![[&[v, v + 0.1][..], more].concat(), vec![3.0 - v, 2.9 - v], vec![v * 0.5, v * 0.6]]
    };
    let values = [0.0, 1.0, 2.0, 4.0, 3.0];
    let some: Vec<_> = values.iter().map(|v| row(*v, &[1e9])).collect();
    let none: Vec<_> = values.iter().map(|v| row(*v, &[])).collect();
    assert_eq!(shares_of(&some, false), shares_of(&none, false));
}
