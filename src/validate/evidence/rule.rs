//! The rule by which a measured quantity is held against a published one. It is fixed before anything is measured.

use crate::stats::Interval;

/// By how much of itself a measured number may differ from a published one: studies differ at least by so much.
const TOLERANCE: f64 = 0.25;

/// What counts as the published pattern.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rule {
    /// The range that counts as reproduced, ends included.
    pub(super) range: [f64; 2],
    /// The value without any effect, for patterns that are an effect.
    pub(super) no_effect: Option<f64>,
}

impl Rule {
    /// A published number, give or take a quarter of it.
    pub(super) fn about(published: f64) -> Self {
        Self { range: [1.0 - TOLERANCE, 1.0 + TOLERANCE].map(|share| share * published), no_effect: None }
    }

    /// A published range.
    pub(super) fn between(low: f64, high: f64) -> Self {
        Self { range: [low, high], no_effect: None }
    }

    /// A published direction: above a value.
    pub(super) fn above(value: f64) -> Self {
        Self { range: [value, f64::INFINITY], no_effect: None }
    }

    /// The same as an effect: a clear effect of another size, in the published direction, counts as partly.
    pub(super) fn as_effect(self, no_effect: f64) -> Self {
        Self { no_effect: Some(no_effect), ..self }
    }

    /// The verdict on a measured mean. Without values it is "not".
    pub(super) fn verdict(&self, measured: &Interval) -> Verdict {
        let ends = measured.ends().unwrap_or((measured.mean, measured.mean));
        let [low, high] = self.range;
        let touches = ends.1 >= low && ends.0 <= high;
        let in_direction =
            self.no_effect.is_some_and(|none| if low > none { ends.0 > none } else { ends.1 < none });
        if ends.0 >= low && ends.1 <= high {
            Verdict::Reproduced
        } else if touches || in_direction {
            Verdict::Partly
        } else {
            Verdict::Not
        }
    }
}

/// How far a scenario shows a published pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The whole interval is in the range that counts as published.
    Reproduced,
    /// Part of the interval is, or there is a clear effect of another size in the published direction.
    Partly,
    /// Neither.
    Not,
}

impl Verdict {
    /// The word in tables.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Reproduced => "reproduced",
            Self::Partly => "partly",
            Self::Not => "not",
        }
    }

    /// The verdict on a pattern, from those on its quantities.
    pub(super) fn of_all(verdicts: &[Self]) -> Self {
        let all = |verdict| verdicts.iter().all(|v| *v == verdict);
        match (all(Self::Reproduced), all(Self::Not)) {
            (true, _) => Self::Reproduced,
            (_, true) => Self::Not,
            _ => Self::Partly,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(low: f64, high: f64) -> Interval {
        Interval::around((low + high) / 2.0, Some((high - low) / 2.0))
    }

    #[test]
    fn a_number_is_reproduced_within_a_quarter_of_it_and_partly_at_the_edge() {
        let rule = Rule::about(2.0);
        assert_eq!(rule.range, [1.5, 2.5]);
        assert_eq!(rule.verdict(&at(1.5, 2.5)), Verdict::Reproduced);
        assert_eq!(rule.verdict(&at(1.4, 1.6)), Verdict::Partly);
        assert_eq!(rule.verdict(&at(2.4, 9.0)), Verdict::Partly);
        assert_eq!(rule.verdict(&at(1.0, 1.4)), Verdict::Not);
        assert_eq!(rule.verdict(&at(2.6, 3.0)), Verdict::Not);
        assert_eq!(rule.verdict(&Interval::around(1.75, None)), Verdict::Reproduced);
        assert_eq!(rule.verdict(&Interval::around(f64::NAN, None)), Verdict::Not);
    }

    #[test]
    fn an_effect_of_another_size_in_the_published_direction_is_partly_reproduced() {
        let more = Rule::about(0.5).as_effect(0.0);
        assert_eq!(more.verdict(&at(0.4, 0.6)), Verdict::Reproduced);
        assert_eq!(more.verdict(&at(0.01, 0.1)), Verdict::Partly);
        assert_eq!(more.verdict(&at(3.0, 4.0)), Verdict::Partly);
        assert_eq!(more.verdict(&at(-0.1, 0.1)), Verdict::Not);
        assert_eq!(more.verdict(&at(-0.6, -0.4)), Verdict::Not);
        let less = Rule::between(0.2, 0.4).as_effect(1.0);
        assert_eq!([at(0.6, 0.9), at(0.9, 1.1)].map(|at| less.verdict(&at)), [Verdict::Partly, Verdict::Not]);
    }

    #[test]
    fn a_direction_is_reproduced_on_its_side_only() {
        let rule = Rule::above(1.0);
        assert_eq!(rule.verdict(&at(1.1, 50.0)), Verdict::Reproduced);
        assert_eq!(rule.verdict(&at(0.9, 1.1)), Verdict::Partly);
        assert_eq!(rule.verdict(&at(0.1, 0.9)), Verdict::Not);
    }

    #[test]
    fn a_pattern_of_several_quantities_is_reproduced_if_all_of_them_are() {
        use Verdict::{Not, Partly, Reproduced};
        assert_eq!(Verdict::of_all(&[Reproduced, Reproduced]), Reproduced);
        assert_eq!(Verdict::of_all(&[Reproduced, Not]), Partly);
        assert_eq!(Verdict::of_all(&[Partly]), Partly);
        assert_eq!(Verdict::of_all(&[Not, Not]), Not);
    }
}
