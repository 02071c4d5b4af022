//! Where each side wins, in words.

use crate::experiment::{Side, SweepPlan, SweepPoint};
use crate::scenario::{Scale, SweepDesign};

/// More lines than these are not told one by one.
const LINES_MAX: usize = 24;
/// Nor more stretches than these in a line.
const STRETCHES_MAX: usize = 12;
/// Of more points than these only numbers are kept.
const SEEN_MAX: usize = 100 * LINES_MAX;

/// A point as the words see it.
#[derive(Clone, Debug, PartialEq)]
struct Seen {
    number: u64,
    /// The value of each factor.
    values: Vec<String>,
    /// Who is ahead there.
    side: Side,
}

/// Points as they come in, and what there is to say of them. Memory does not grow with their number.
#[derive(Debug)]
pub(super) struct Words {
    factors: Vec<Ends>,
    sides: [String; 2],
    design: SweepDesign,
    /// The points, as long as they are few.
    seen: Vec<Seen>,
    /// How many there are: first ahead, unclear, second ahead.
    counts: [u64; 3],
}

/// A factor, and how often the second is ahead where it is low and where it is high.
#[derive(Debug)]
struct Ends {
    name: String,
    /// Number of its values, for the designs that go by levels.
    levels: u32,
    /// The ends of its range; none for names, or where it does not vary.
    range: Option<[f64; 2]>,
    log: bool,
    /// In the lowest and in the highest third: points, and those where the second is ahead.
    thirds: [[u64; 2]; 2],
}

impl Words {
    pub(super) fn new(plan: &SweepPlan) -> Self {
        let factors = plan.scenario().factors.iter().enumerate().map(|(f, factor)| Ends {
            name: factor.name.clone(),
            levels: factor.n_levels(),
            range: plan.range(f).filter(|[low, high]| low < high),
            log: factor.values.is_empty() && factor.scale == Scale::Log,
            thirds: [[0; 2]; 2],
        });
        Self {
            factors: factors.collect(),
            sides: plan.sides().map(str::to_owned),
            design: plan.rules().design,
            seen: Vec::new(),
            counts: [0; 3],
        }
    }

    /// Adds a point; they come in the order of their numbers.
    pub(super) fn add(&mut self, point: &SweepPoint, side: Side) {
        self.counts[side as usize] += 1;
        for (ends, value) in self.factors.iter_mut().zip(&point.values) {
            ends.add(value, side);
        }
        // One more than can be told shows that there are too many.
        if self.seen.len() <= SEEN_MAX {
            self.seen.push(Seen { number: point.number, values: point.values.clone(), side });
        }
    }

    /// Lines that say where the first, the second or neither strategy is clearly ahead.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = vec![self.counted()];
        let by_points = if self.seen.len() <= SEEN_MAX { self.by_points() } else { None };
        match by_points {
            Some(more) if (1..LINES_MAX).contains(&more.len()) => lines.extend(more),
            _ => lines.extend(self.factors.iter().filter_map(|ends| ends.reported(&self.sides[1]))),
        }
        lines
    }

    fn counted(&self) -> String {
        let [below, unsure, above] = self.counts;
        let [first, second] = &self.sides;
        let n = below + unsure + above;
        format!(
            "of {n} points {second} is ahead at {above}, {first} at {below}, and nobody clearly at {unsure}"
        )
    }

    /// A line for each factor or value, where the design has points in such lines.
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

    /// Who is ahead along one factor, stretch by stretch; none if that is too much to tell.
    fn ranges(&self, f: usize, mut points: Vec<&Seen>) -> Option<String> {
        let factor = &self.factors[f].name;
        if !sort(&mut points, |p| &p.values[f]) {
            // Names have no order: who is ahead at which.
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

impl Ends {
    fn add(&mut self, value: &str, side: Side) {
        let (Some([low, high]), Ok(value)) = (self.range, value.parse::<f64>()) else { return };
        let scaled = |v: f64| if self.log { libm::log(v) } else { v };
        let share = (scaled(value) - scaled(low)) / (scaled(high) - scaled(low));
        let third = if share <= 1.0 / 3.0 {
            0
        } else if share >= 2.0 / 3.0 {
            1
        } else {
            return;
        };
        self.thirds[third][0] += 1;
        self.thirds[third][1] += u64::from(side == Side::Above);
    }

    /// How often the second is ahead where the factor is low, and where it is high.
    fn reported(&self, second: &str) -> Option<String> {
        let percent = |[points, ahead]: [u64; 2]| (points > 0).then(|| 100.0 * ahead as f64 / points as f64);
        let (low, high) = (percent(self.thirds[0])?, percent(self.thirds[1])?);
        Some(format!(
            "{}: {second} is ahead at {low:.0}% of the points in its lowest third, {high:.0}% in its highest",
            self.name
        ))
    }
}

/// A number in at most four digits that count, as 0.03684; other values as they are.
pub fn brief(text: &str) -> String {
    match text.parse::<f64>() {
        Ok(number) if text.len() > 6 => {
            let rounded: f64 = format!("{number:.3e}").parse().unwrap_or(number);
            // Hundreds of zeros are for nobody to read.
            if rounded != 0.0 && !(1e-7..1e16).contains(&rounded.abs()) {
                return format!("{rounded:e}");
            }
            rounded.to_string()
        }
        _ => text.to_owned(),
    }
}

/// Puts them in order if all are numbers, else leaves them as they come; whether they are.
fn sort<'t, T: Copy>(items: &mut [T], text: impl Fn(T) -> &'t str) -> bool {
    let numbers = items.iter().all(|item| text(*item).parse::<f64>().is_ok());
    if numbers {
        let number = |item: T| text(item).parse::<f64>().unwrap_or(f64::NAN);
        items.sort_by(|a, b| number(*a).total_cmp(&number(*b)));
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;
    use Side::{Above, Below, Unsure};

    /// What is said of a sweep with these points.
    fn reported(names: &[&str], design: SweepDesign, points: &[(&[&str], Side)]) -> Vec<String> {
        let ends = |(f, name): (usize, &&str)| {
            let values: Option<Vec<f64>> = points.iter().map(|p| p.0[f].parse().ok()).collect();
            let range = values
                .map(|v| [v.iter().copied().fold(9.0, f64::min), v.iter().copied().fold(0.0, f64::max)]);
            let range = range.filter(|[low, high]| low < high);
            Ends { name: (*name).to_owned(), levels: 2, range, log: false, thirds: [[0; 2]; 2] }
        };
        let factors = names.iter().enumerate().map(ends).collect();
        let sides = ["warrior", "servant"].map(str::to_owned);
        let mut words = Words { factors, sides, design, seen: Vec::new(), counts: [0; 3] };
        for (number, (values, side)) in (0..).zip(points) {
            let values = values.iter().map(|v| (*v).to_owned()).collect();
            words.add(&SweepPoint { number, values, sets: Vec::new() }, *side);
        }
        words.lines()
    }

    #[test]
    fn stretches_of_one_factor_are_told_in_order() {
        let points: [(&[&str], Side); 4] =
            [(&["10"], Above), (&["0.5"], Below), (&["2.123456"], Unsure), (&["0"], Below)];
        assert_eq!(
            reported(&["fee"], SweepDesign::Grid, &points),
            [
                "of 4 points servant is ahead at 1, warrior at 2, and nobody clearly at 1",
                "fee: warrior 0 to 0.5, unclear 2.123, servant 10"
            ]
        );
    }

    #[test]
    fn two_factors_make_a_line_for_each_value_of_the_second() {
        let points: [(&[&str], Side); 4] =
            [(&["0", "a"], Below), (&["0", "b"], Above), (&["1", "a"], Above), (&["1", "b"], Above)];
        let words = reported(&["fee", "kind"], SweepDesign::Grid, &points);
        assert_eq!(words[1..], ["kind a: fee: warrior 0, servant 1", "kind b: fee: servant 0 to 1"]);
        let scattered = reported(&["fee", "kind"], SweepDesign::Random, &points);
        assert_eq!(scattered.len(), 2, "points that lie anywhere make no lines: {scattered:?}");
    }

    #[test]
    fn one_at_a_time_is_told_factor_by_factor() {
        let points: [(&[&str], Side); 4] =
            [(&["0", "5"], Below), (&["1", "5"], Above), (&["0.5", "4"], Unsure), (&["0.5", "6"], Above)];
        let words = reported(&["fee", "size"], SweepDesign::OneAtATime, &points);
        assert_eq!(words[1..], ["fee: warrior 0, servant 1", "size: unclear 4, servant 6"]);
    }

    #[test]
    fn names_are_listed_and_make_no_stretches() {
        let points: [(&[&str], Side); 3] =
            [(&["shunning"], Above), (&["scoring"], Below), (&["judge"], Above)];
        let words = reported(&["norm"], SweepDesign::Grid, &points);
        assert_eq!(words[1], "norm: warrior at scoring; servant at shunning, judge");
    }

    #[test]
    fn many_factors_are_told_by_their_ends() {
        let points: [(&[&str], Side); 3] =
            [(&["0", "0", "5"], Below), (&["1", "0", "5"], Above), (&["1", "1", "5"], Above)];
        let words = reported(&["a", "b", "c"], SweepDesign::Grid, &points);
        assert_eq!(words.len(), 3, "the third does not vary: {words:?}");
        assert!(words[1].starts_with("a: servant is ahead at 0% of the points in its lowest third, 100%"));
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
            words[1].starts_with("fee: servant is ahead at 50% of the points in its lowest"),
            "{words:?}"
        );
    }
}
