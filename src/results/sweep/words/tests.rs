//! What the words say of points made by hand.

use super::*;
use crate::scenario::{Override, Source};
use crate::stats::Interval;
use Side::{Above, Below, Unsure};

/// A verdict: its interval is clear of zero, or its mean is a little above zero.
fn verdict(side: Side) -> Verdict {
    let (mean, half) = match side {
        Below => (-2.0, 1.0),
        Unsure => (0.1, 1.0),
        Above => (2.0, 1.0),
    };
    Verdict { interval: Interval::around(mean, Some(half)), side, decided: false }
}

fn words(names: &[&str], design: SweepDesign, points: &[(&[&str], Side)]) -> Words {
    let ends = |(f, name): (usize, &&str)| {
        let values: Option<Vec<f64>> = points.iter().map(|p| p.0[f].parse().ok()).collect();
        let range =
            values.map(|v| [v.iter().copied().fold(9.0, f64::min), v.iter().copied().fold(0.0, f64::max)]);
        let range = range.filter(|[low, high]| low < high);
        Ends { name: (*name).to_owned(), levels: 2, range, log: false, thirds: [[0; 3]; 2] }
    };
    let factors = names.iter().enumerate().map(ends).collect();
    let sides = ["warrior", "servant"].map(str::to_owned);
    let (seen, promise) = (Vec::new(), "so it is".to_owned());
    Words {
        factors,
        sides,
        design,
        promise,
        decides: false,
        seen,
        counts: [0; 3],
        means: [0; 2],
        judged: 0,
        alone: 0,
    }
}

/// The words about a sweep with these points.
fn reported(names: &[&str], design: SweepDesign, points: &[(&[&str], Side)]) -> Vec<String> {
    let mut words = words(names, design, points);
    for (number, (values, side)) in (0..).zip(points) {
        let values = values.iter().map(|v| (*v).to_owned()).collect();
        words.add(&SweepPoint { number, values, sets: Vec::new() }, &verdict(*side));
    }
    words.lines()
}

#[test]
fn without_any_clear_side_only_the_means_are_told() {
    let points: [(&[&str], Side); 2] = [(&["0"], Unsure), (&["1"], Unsure)];
    assert_eq!(
        reported(&["fee"], SweepDesign::Grid, &points),
        [
            "at none of 2 points is servant or warrior clearly ahead, all points taken together",
            "by the means alone servant does better at 2 points, warrior at 0",
            "fee: by the means alone servant does better at 100% of the points in its lowest third and 100% in \
             its highest"
        ]
    );
    let mut few = words(&["fee"], SweepDesign::Grid, &points);
    let point = SweepPoint { number: 0, values: vec!["0".to_owned()], sets: Vec::new() };
    few.add(&point, &Verdict { interval: Interval::around(-1.0, None), side: Unsure, decided: false });
    assert_eq!(
        few.lines(),
        [
            "at none of 1 points is said who is ahead: that takes 5 replicates of a point",
            "by the means alone servant does better at 0 points, warrior at 1"
        ]
    );
}

#[test]
fn points_that_are_decided_alone_are_counted() {
    let points: [(&[&str], Side); 4] =
        [(&["0"], Unsure), (&["1"], Above), (&["2"], Unsure), (&["3"], Unsure)];
    let mut words = words(&["fee"], SweepDesign::Grid, &points);
    for (number, (values, side)) in (0..).zip(&points) {
        let values = values.iter().map(|v| (*v).to_owned()).collect();
        let point = SweepPoint { number, values, sets: Vec::new() };
        words.add(&point, &Verdict { decided: number < 3, ..verdict(*side) });
    }
    assert_eq!(
        words.lines()[2],
        "2 more are decided by their own replicates alone, which so many of 4 points would be by chance"
    );
}

#[test]
fn stretches_of_one_factor_are_told_in_order() {
    let points: [(&[&str], Side); 4] =
        [(&["10"], Above), (&["0.5"], Below), (&["2.123456"], Unsure), (&["0"], Below)];
    assert_eq!(
        reported(&["fee"], SweepDesign::Grid, &points),
        [
            "of 4 points servant is clearly ahead at 1, warrior at 2, and nobody at 1; all points taken together, \
             so it is",
            "by the means alone servant does better at 2 points, warrior at 2",
            "fee: warrior 0 to 0.5, unclear 2.123, servant 10"
        ]
    );
}

#[test]
fn two_factors_make_a_line_for_each_value_of_the_second() {
    let points: [(&[&str], Side); 4] =
        [(&["0", "a"], Below), (&["0", "b"], Above), (&["1", "a"], Above), (&["1", "b"], Above)];
    let words = reported(&["fee", "kind"], SweepDesign::Grid, &points);
    assert_eq!(words[2..], ["kind a: fee: warrior 0, servant 1", "kind b: fee: servant 0 to 1"]);
    let scattered = reported(&["fee", "kind"], SweepDesign::Random, &points);
    assert_eq!(scattered.len(), 3, "points that lie anywhere make no lines: {scattered:?}");
}

#[test]
fn one_at_a_time_is_told_factor_by_factor() {
    let points: [(&[&str], Side); 4] =
        [(&["0", "5"], Below), (&["1", "5"], Above), (&["0.5", "4"], Unsure), (&["0.5", "6"], Above)];
    let words = reported(&["fee", "size"], SweepDesign::OneAtATime, &points);
    assert_eq!(words[2..], ["fee: warrior 0, servant 1", "size: unclear 4, servant 6"]);
}

#[test]
fn of_many_factors_one_at_a_time_those_that_change_nothing_are_counted() {
    let names: Vec<String> = (0..30).map(|f| format!("f{f}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let points: Vec<Vec<String>> = (0..60)
        .map(|point| (0..30).map(|f| if point / 2 == f { point % 2 * 2 } else { 1 }.to_string()).collect())
        .collect();
    let points: Vec<Vec<&str>> = points.iter().map(|p| p.iter().map(String::as_str).collect()).collect();
    let side = |point: usize| match point {
        6 => Below,
        20 | 21 => Unsure,
        _ => Above,
    };
    let points: Vec<(&[&str], Side)> = points.iter().enumerate().map(|(i, p)| (&p[..], side(i))).collect();
    let words = reported(&names, SweepDesign::OneAtATime, &points);
    assert_eq!(
        words[2..],
        [
            "f3: warrior 0, servant 2",
            "unclear at all values of 1 other factors",
            "servant at all values of 28 other factors"
        ]
    );
}

#[test]
fn of_many_factors_that_all_matter_the_ends_are_told() {
    let names: Vec<String> = (0..30).map(|f| format!("f{f}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let points: Vec<Vec<&str>> = (0..60)
        .map(|p| (0..30).map(|f| if p / 2 == f { ["0", "2"][p % 2] } else { "1" }).collect())
        .collect();
    let side = |p: usize| if p.is_multiple_of(2) { Below } else { Above };
    let points: Vec<(&[&str], Side)> =
        points.iter().enumerate().map(|(p, values)| (&values[..], side(p))).collect();
    let words = reported(&names, SweepDesign::OneAtATime, &points);
    assert_eq!(words.len(), 2 + 30);
    assert!(words[2..].iter().all(|line| line.contains("of the points in its lowest third")), "{words:?}");
    // As many factors as have a line each.
    let few: Vec<(&[&str], Side)> =
        points[..46].iter().map(|(values, side)| (&values[..23], *side)).collect();
    let words = reported(&names[..23], SweepDesign::OneAtATime, &few);
    assert_eq!((words.len(), words[24].as_str()), (2 + 23, "f22: warrior 0, servant 2"));
}

#[test]
fn names_are_listed_and_make_no_stretches() {
    let points: [(&[&str], Side); 3] = [(&["shunning"], Above), (&["scoring"], Below), (&["judge"], Above)];
    let words = reported(&["norm"], SweepDesign::Grid, &points);
    assert_eq!(words[2], "norm: warrior at scoring; servant at shunning, judge");
}

#[test]
fn many_factors_are_told_by_their_ends() {
    let points: [(&[&str], Side); 3] =
        [(&["0", "0", "5"], Below), (&["1", "0", "5"], Above), (&["1", "1", "5"], Above)];
    let words = reported(&["a", "b", "c"], SweepDesign::Grid, &points);
    assert_eq!(words.len(), 4, "the third does not vary: {words:?}");
    assert_eq!(
        words[2],
        "a: by the means alone servant does better at 0% of the points in its lowest third and 100% in its \
         highest; it is clearly ahead at 0% and 100%"
    );
}

#[test]
fn a_line_with_very_many_stretches_is_not_told() {
    let texts: Vec<String> = (0..40).map(|i| i.to_string()).collect();
    let values: Vec<[&str; 1]> = texts.iter().map(|text| [text.as_str()]).collect();
    let side = |i: usize| if i.is_multiple_of(2) { Below } else { Above };
    let points: Vec<(&[&str], Side)> = values.iter().enumerate().map(|(i, v)| (&v[..], side(i))).collect();
    let words = reported(&["fee"], SweepDesign::Grid, &points);
    assert!(
        words[2]
            .starts_with("fee: by the means alone servant does better at 50% of the points in its lowest"),
        "{words:?}"
    );
}

/// A plan of a sweep with these settings; its factors are a fee, a depth and a norm.
fn plan(sets: &[&str]) -> SweepPlan {
    let text = "[sweep]\ndesign = \"random\"\n\
                [[factor]]\nname = \"fee\"\nkeys = \"calls.fee\"\nmin = 0.1\nmax = 0.5\n\
                [[factor]]\nname = \"agents\"\nkeys = \"population.agents\"\nmin = 100\nmax = 1600\nscale = \"log\"\n\
                [[factor]]\nname = \"norm\"\nkeys = \"reputation.norm\"\nvalues = [\"shunning\", \"image-scoring\"]\n";
    let sets: Vec<Override> = sets.iter().map(|set| Override::set(set)).collect();
    let scenario = super::super::parse_sweep(&Source { name: "test", bytes: text.as_bytes() }, &sets);
    SweepPlan::new(scenario.unwrap_or_else(|faults| panic!("{faults}")), Vec::new())
}

#[test]
fn the_thirds_of_a_factor_are_those_of_its_range_on_its_scale() {
    let mut words = Words::new(&plan(&[]));
    // On its scale the lowest third of the number of agents ends at 252, the highest begins at 635.
    for (number, (fee, agents, side)) in (0..).zip([
        ("0.2", "200", Above),
        ("0.2", "300", Below),
        ("0.3", "600", Below),
        ("0.4", "700", Above),
    ]) {
        let values = [fee, agents, "shunning"].map(str::to_owned).to_vec();
        words.add(&SweepPoint { number, values, sets: Vec::new() }, &verdict(side));
    }
    let told = |name: &str, low: &str, high: &str| {
        format!(
            "{name}: by the means alone servant does better at {low} of the points in its lowest third and {high} in \
             its highest; it is clearly ahead at {low} and {high}"
        )
    };
    let words =
        words.lines().iter().map(|line| line.replace(plan(&[]).sides()[1], "servant")).collect::<Vec<_>>();
    assert_eq!(words[2..], [told("fee", "50%", "100%"), told("agents", "100%", "100%")]);
}

#[test]
fn why_nobody_is_said_to_be_ahead_follows_from_the_rule() {
    let said = |sets: &[&str]| Words::new(&plan(sets)).lines()[0].clone();
    let takes = "at none of 0 points is said who is ahead: that takes 5 replicates of a point";
    assert_eq!([said(&["sweep.until=fixed"]), said(&["sweep.until=precise"])], [takes; 2]);
    let first = "at none of 0 points is said who is ahead: no point has the replicates of a first look";
    assert_eq!(said(&["sweep.until=decided"]), first);
}

#[test]
fn a_point_without_a_difference_is_nobodys_by_the_means() {
    let points: [(&[&str], Side); 2] = [(&["0"], Unsure), (&["1"], Unsure)];
    let mut words = words(&["fee"], SweepDesign::Random, &points);
    for (number, ((values, _), mean)) in (0..).zip(points.iter().zip([0.0, -0.5])) {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        let interval = Interval::around(mean, Some(1.0));
        let point = SweepPoint { number, values, sets: Vec::new() };
        words.add(&point, &Verdict { interval, side: Unsure, decided: false });
    }
    let lines = words.lines();
    assert_eq!(lines[1], "by the means alone servant does better at 0 points, warrior at 1");
    let thirds = " does better at 0% of the points in its lowest third and 0% in its highest";
    assert!(lines[2].starts_with("fee: ") && lines[2].ends_with(thirds), "{}", lines[2]);
}
