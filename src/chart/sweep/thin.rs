//! Thinning: of very many points an evenly spread part is drawn, so that memory and charts do not grow with the sweep.

use crate::results::{FactorOutline, SweepNames};

/// Maximum number of dots of a figure.
const DOTS_MAX: u64 = 4000;
/// Maximum number of steps along each factor of a map.
const MAP_STEPS_MAX: u32 = 96;
/// Maximum number of values of a factor in a tornado chart.
const TORNADO_STEPS_MAX: u32 = 11;

/// The rule by which points are drawn.
#[derive(Clone, Debug)]
pub(super) enum Thin {
    /// Every n-th point.
    Every(u64),
    /// Every n-th level of each factor, and the last level.
    Grid(Vec<Levels>),
    /// The same for designs in which each factor has its own points, one after the other.
    OneAtATime(Vec<Levels>),
}

/// Levels of a factor, of which every `step`-th is drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Levels {
    n: u32,
    step: u32,
}

impl Levels {
    fn of(n: u32, most: u32) -> Self {
        Self { n: n.max(1), step: n.saturating_sub(1).div_ceil(most).max(1) }
    }

    fn keeps(self, level: u32) -> bool {
        level.is_multiple_of(self.step) || level + 1 == self.n
    }

    /// The position of a drawn level among the drawn ones.
    pub(super) fn place(self, level: u32) -> u32 {
        level.div_ceil(self.step)
    }
}

impl Thin {
    pub(super) fn of(names: &SweepNames) -> Self {
        let levels = |most: u32| names.factors.iter().map(move |factor| Levels::of(factor.levels, most));
        match (names.design.as_str(), &names.factors[..]) {
            // A refined grid has few points.
            _ if names.depth > 0 => Self::Every(1),
            ("one-at-a-time", _) => Self::OneAtATime(levels(TORNADO_STEPS_MAX).collect()),
            ("grid", [_, _] | [_, _, _]) if has_maps(names) => Self::Grid(levels(MAP_STEPS_MAX).collect()),
            _ => Self::Every(names.points.div_ceil(DOTS_MAX).max(1)),
        }
    }

    /// Whether the point is drawn.
    pub(super) fn keeps(&self, point: u32) -> bool {
        match self {
            Self::Every(step) => u64::from(point).is_multiple_of(*step),
            Self::Grid(levels) => {
                let mut rest = point;
                levels.iter().rev().all(|factor| {
                    let level = rest % factor.n;
                    rest /= factor.n;
                    factor.keeps(level)
                })
            }
            Self::OneAtATime(levels) => {
                let mut rest = point;
                for factor in levels {
                    if rest < factor.n {
                        return factor.keeps(rest);
                    }
                    rest -= factor.n;
                }
                false
            }
        }
    }

    /// The levels of a factor in a map.
    pub(super) fn levels(&self, factor: usize) -> Option<Levels> {
        if let Self::Grid(levels) = self { levels.get(factor).copied() } else { None }
    }

    /// A note about points that are left out, if there are any.
    pub(super) fn reported(&self) -> Option<String> {
        match self {
            Self::Every(1) => None,
            Self::Every(step) => Some(format!("one point in {step} is drawn")),
            Self::Grid(levels) | Self::OneAtATime(levels) => levels
                .iter()
                .any(|factor| factor.step > 1)
                .then(|| "only some of the points are drawn".to_owned()),
        }
    }
}

/// Whether the sweep is a grid that maps can show: one map, or one for each of a few values of the third factor.
pub(super) fn has_maps(names: &SweepNames) -> bool {
    const MAPS_MAX: u32 = 9;
    let few = |third: &FactorOutline| third.levels <= MAPS_MAX;
    names.design == "grid" && (2..=3).contains(&names.factors.len()) && names.factors.get(2).is_none_or(few)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(design: &str, levels: &[u32], points: u64) -> SweepNames {
        let factor = |&levels: &u32| FactorOutline { levels, ..FactorOutline::default() };
        let factors = levels.iter().map(factor).collect();
        SweepNames { design: design.into(), factors, points, ..SweepNames::default() }
    }

    fn kept(names: &SweepNames) -> Vec<u32> {
        let thin = Thin::of(names);
        (0..u32::try_from(names.points).unwrap()).filter(|point| thin.keeps(*point)).collect()
    }

    #[test]
    fn few_points_are_all_drawn() {
        for names in
            [names("grid", &[30, 30], 900), names("one-at-a-time", &[5, 7], 12), names("random", &[5], 4000)]
        {
            assert_eq!(kept(&names).len() as u64, names.points);
            assert_eq!(Thin::of(&names).reported(), None);
        }
    }

    #[test]
    fn many_points_leave_an_even_choice_with_both_ends() {
        assert_eq!(kept(&names("random", &[5], 100_000)).len(), 4000);
        let grid = names("grid", &[300, 400], 120_000);
        let found = kept(&grid);
        assert!(found.len() < 97 * 97, "{}", found.len());
        assert!(found.contains(&0) && found.contains(&399) && found.contains(&119_999));
        let along = kept(&names("one-at-a-time", &[100, 50], 150));
        assert!(along.contains(&0) && along.contains(&99) && along.contains(&100) && along.contains(&149));
        assert!(along.len() <= 24, "{along:?}");
    }

    #[test]
    fn kept_levels_follow_each_other() {
        let levels = Levels::of(300, 96);
        let places: Vec<u32> = (0..300).filter(|l| levels.keeps(*l)).map(|l| levels.place(l)).collect();
        assert_eq!(places, (0..=75).collect::<Vec<_>>());
    }
}
