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
            (_, SweepDesign::OneAtATime) => self.by_factor(),
            ([_], _) => Some(vec![self.ranges(0, self.seen.iter().collect())?]),
            ([_, _], SweepDesign::Grid | SweepDesign::List) => self.by_second(),
            _ => None,
        }
    }

    /// One line per factor. If these are too many, those with the same side at all values are counted, by side.
    fn by_factor(&self) -> Option<Vec<String>> {
        let many = self.factors.len() >= LINES_MAX;
        let (mut lines, mut alike, mut from) = (Vec::new(), [0; 3], 0);
        for (f, ends) in self.factors.iter().enumerate() {
            let numbers = from..from + u64::from(ends.levels);
            from = numbers.end;
            let here: Vec<&Seen> = self.seen.iter().filter(|p| numbers.contains(&p.number)).collect();
            match here.first().filter(|first| many && here.iter().all(|p| p.side == first.side)) {
                Some(first) => alike[first.side as usize] += 1,
                None => lines.push(self.ranges(f, here)?),
            }
        }
        for (side, n) in [Side::Below, Side::Unsure, Side::Above].into_iter().zip(alike) {
            lines.extend((n > 0).then(|| format!("{} at all values of {n} other factors", self.who(side))));
        }
        Some(lines)
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
mod tests;
