//! Words that say where each side is ahead.

use super::numbers::{brief, sort};
use super::thirds::Ends;
use super::together::{self, Verdict};
use crate::experiment::{Side, SweepPlan, SweepPoint};
use crate::scenario::{Scale, SweepDesign, Until};
use crate::stats::Together;

/// Maximum number of lines that are written one by one.
const LINES_MAX: usize = 24;
/// Maximum number of stretches in a line.
const STRETCHES_MAX: usize = 12;
/// Maximum number of points that are kept. Of more points only the counts are kept.
const SEEN_MAX: usize = 100 * LINES_MAX;

/// A point, as the words need it.
#[derive(Clone, Debug, PartialEq)]
struct Seen {
    number: u64,
    /// The value of each factor.
    values: Vec<String>,
    /// The side that is clearly ahead, with all points taken together.
    side: Side,
}

/// Collects points, and makes the words about them. Memory does not grow with their number.
#[derive(Debug)]
pub(super) struct Words {
    factors: Vec<Ends>,
    sides: [String; 2],
    design: SweepDesign,
    /// What a side at a point promises.
    promise: String,
    /// Whether sides are decided point by point, so that few replicates can be enough.
    decides: bool,
    /// The points, while they are few.
    seen: Vec<Seen>,
    /// Numbers of points: first clearly ahead, unclear, second clearly ahead.
    counts: [u64; 3],
    /// Numbers of points with a mean in favour of the first and of the second.
    means: [u64; 2],
    /// Number of points with an interval, which a side needs.
    judged: u64,
    /// Points that are decided by themselves, but have no side.
    alone: u64,
}

impl Words {
    pub(super) fn new(plan: &SweepPlan) -> Self {
        let factors = plan.scenario().factors.iter().enumerate().map(|(f, factor)| Ends {
            name: factor.name.clone(),
            levels: factor.n_levels(),
            range: plan.range(f).filter(|[low, high]| low < high),
            log: factor.values.is_empty() && factor.scale == Scale::Log,
            thirds: [[0; 3]; 2],
        });
        Self {
            factors: factors.collect(),
            sides: plan.sides().map(str::to_owned),
            design: plan.rules().design,
            promise: together::promise(plan),
            decides: plan.rules().until == Until::Decided,
            seen: Vec::new(),
            counts: [0; 3],
            means: [0; 2],
            judged: 0,
            alone: 0,
        }
    }

    /// Adds a point; they come in the order of their numbers.
    pub(super) fn add(&mut self, point: &SweepPoint, verdict: &Verdict) {
        let (side, mean) = (verdict.side, verdict.interval.mean);
        self.counts[side as usize] += 1;
        self.means[0] += u64::from(mean < 0.0);
        self.means[1] += u64::from(mean > 0.0);
        self.judged += u64::from(verdict.interval.ends().is_some());
        self.alone += u64::from(verdict.decided && side == Side::Unsure);
        for (ends, value) in self.factors.iter_mut().zip(&point.values) {
            ends.add(value, [mean > 0.0, side == Side::Above]);
        }
        // One more than the maximum shows that there are too many.
        if self.seen.len() <= SEEN_MAX {
            self.seen.push(Seen { number: point.number, values: point.values.clone(), side });
        }
    }

    /// Lines that say where the first, the second or neither strategy is clearly ahead.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = vec![self.counted(), self.by_means()];
        lines.extend(self.decided_alone());
        if self.design == SweepDesign::FactorialTraits {
            // What its factors do is in its parts.
            return lines;
        }
        let told = self.counts[1] < self.counts.iter().sum();
        let by_points = if told && self.seen.len() <= SEEN_MAX { self.by_points() } else { None };
        match by_points {
            Some(more) if (1..LINES_MAX).contains(&more.len()) => lines.extend(more),
            _ => lines.extend(self.factors.iter().filter_map(|ends| ends.reported(&self.sides[1], told))),
        }
        lines
    }

    /// The line with the numbers of points at which each is clearly ahead.
    fn counted(&self) -> String {
        let [below, unsure, above] = self.counts;
        let [first, second] = &self.sides;
        let n = below + unsure + above;
        if self.judged == 0 {
            let why = if self.decides {
                "no point has the replicates of a first look".to_owned()
            } else {
                format!("that takes {} replicates of a point", Together::REPLICATES_MIN)
            };
            return format!("at none of {n} points is said who is ahead: {why}");
        }
        if unsure == n {
            return format!(
                "at none of {n} points is {second} or {first} clearly ahead, all points taken together"
            );
        }
        let promise = &self.promise;
        format!(
            "of {n} points {second} is clearly ahead at {above}, {first} at {below}, and nobody at {unsure}; all \
             points taken together, {promise}"
        )
    }

    /// At how many points the replicates ended although nobody is clearly ahead there.
    fn decided_alone(&self) -> Option<String> {
        let (alone, n) = (self.alone, self.counts.iter().sum::<u64>());
        (alone > 0).then(|| {
            format!(
                "{alone} more are decided by their own replicates alone, which so many of {n} points would be by chance"
            )
        })
    }

    /// The line with the numbers of points at which each has the higher mean.
    fn by_means(&self) -> String {
        let [below, above] = self.means;
        let [first, second] = &self.sides;
        format!("by the means alone {second} does better at {above} points, {first} at {below}")
    }

    /// A line for each factor or value, if the design has points along lines.
    fn by_points(&self) -> Option<Vec<String>> {
        match (&self.factors[..], self.design) {
            (factors, SweepDesign::OneAtATime) => {
                let mut from = 0;
                let line = |(f, ends): (usize, &Ends)| {
                    let numbers = from..from + u64::from(ends.levels);
                    from = numbers.end;
                    self.ranges(f, self.seen.iter().filter(|p| numbers.contains(&p.number)).collect())
                };
                factors.iter().enumerate().map(line).collect()
            }
            ([_], _) => Some(vec![self.ranges(0, self.seen.iter().collect())?]),
            ([_, _], SweepDesign::Grid | SweepDesign::List) => self.by_second(),
            _ => None,
        }
    }

    /// The side that is ahead along one factor, by stretches; `None` if there are too many stretches.
    fn ranges(&self, f: usize, mut points: Vec<&Seen>) -> Option<String> {
        let factor = &self.factors[f].name;
        if !sort(&mut points, |p| &p.values[f]) {
            // Names have no order, so they are listed by side.
            let at = |side: Side| {
                let here = points.iter().filter(|p| p.side == side);
                let names: Vec<&str> = here.map(|p| p.values[f].as_str()).collect();
                (!names.is_empty()).then(|| format!("{} at {}", self.who(side), names.join(", ")))
            };
            let told: Vec<String> =
                [Side::Below, Side::Unsure, Side::Above].into_iter().filter_map(at).collect();
            return Some(format!("{factor}: {}", told.join("; ")));
        }
        let stretches = points.chunk_by(|a, b| a.side == b.side).map(|stretch| {
            let [from, to] = [stretch[0], stretch[stretch.len() - 1]].map(|p| brief(&p.values[f]));
            let whole = if from == to { from } else { format!("{from} to {to}") };
            format!("{} {whole}", self.who(stretch[0].side))
        });
        let told: Vec<String> = stretches.take(STRETCHES_MAX + 1).collect();
        (told.len() <= STRETCHES_MAX).then(|| format!("{factor}: {}", told.join(", ")))
    }

    /// One line per value of the second factor.
    fn by_second(&self) -> Option<Vec<String>> {
        let mut values: Vec<&str> = Vec::new();
        for value in self.seen.iter().map(|p| p.values[1].as_str()) {
            if !values.contains(&value) {
                values.push(value);
            }
            if values.len() >= LINES_MAX {
                return None;
            }
        }
        sort(&mut values, |v| v);
        let line = |value: &&str| {
            let here = self.seen.iter().filter(|p| p.values[1] == *value).collect();
            Some(format!("{} {}: {}", self.factors[1].name, brief(value), self.ranges(0, here)?))
        };
        values.iter().map(line).collect()
    }

    fn who(&self, side: Side) -> &str {
        match side {
            Side::Below => &self.sides[0],
            Side::Unsure => "unclear",
            Side::Above => &self.sides[1],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
            let range = values
                .map(|v| [v.iter().copied().fold(9.0, f64::min), v.iter().copied().fold(0.0, f64::max)]);
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
        let points: [(&[&str], Side); 2] = [(&["0"], Unsure), (&["1"], Above)];
        let mut words = words(&["fee"], SweepDesign::Grid, &points);
        for (number, (values, side)) in (0..).zip(&points) {
            let values = values.iter().map(|v| (*v).to_owned()).collect();
            let point = SweepPoint { number, values, sets: Vec::new() };
            words.add(&point, &Verdict { decided: true, ..verdict(*side) });
        }
        assert_eq!(
            words.lines()[2],
            "1 more are decided by their own replicates alone, which so many of 2 points would be by chance"
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
    fn names_are_listed_and_make_no_stretches() {
        let points: [(&[&str], Side); 3] =
            [(&["shunning"], Above), (&["scoring"], Below), (&["judge"], Above)];
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
        let points: Vec<(&[&str], Side)> =
            values.iter().enumerate().map(|(i, v)| (&v[..], side(i))).collect();
        let words = reported(&["fee"], SweepDesign::Grid, &points);
        assert!(
            words[2].starts_with(
                "fee: by the means alone servant does better at 50% of the points in its lowest"
            ),
            "{words:?}"
        );
    }
}
