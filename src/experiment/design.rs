//! Designs: the points of the unit cube that a sweep visits. A point has one coordinate per factor, from 0 (the
//! lowest value) to 1 (the highest).
//!
//! Every point is computed from its number alone, so that any part of a sweep can run anywhere.

use crate::draws::{Purpose, RandomKey, below};

/// The layout of the points of a sweep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Every combination of the factors' levels, the last factor fastest.
    Grid(Vec<u32>),
    /// Each factor over its levels, with all other factors at the scenario's values.
    OneAtATime(Vec<u32>),
    /// This number of points, drawn evenly.
    Random(u32),
    /// This number n of points: the range of every factor has n slices, and each slice has one point (McKay, Beckman
    /// & Conover 1979, Technometrics 21, 239-245).
    LatinHypercube(u32),
    /// The first n points of a scrambled Sobol sequence (Owen 1995; Burley 2020, Journal of Computer Graphics
    /// Techniques 9(4), 1-20).
    SobolSequence(u32),
    /// This number of Morris trajectories: from a random point of a grid of four levels, each factor moves once, by
    /// two thirds of its range, in random order.
    Morris(u32),
    /// Saltelli's design with this number of rows: each row has the points A and B, and for every factor the point A
    /// with the factor's value from B.
    Saltelli(u32),
}

impl Layout {
    /// Number of points for a number of factors; `None` if it exceeds 64 bits.
    fn n_points(&self, n_factors: u64) -> Option<u64> {
        let many = |n: u32, per: Option<u64>| u64::from(n).checked_mul(per?);
        match self {
            Self::Grid(levels) => levels.iter().try_fold(1_u64, |all, &n| all.checked_mul(n.into())),
            Self::OneAtATime(levels) => levels.iter().try_fold(0_u64, |all, &n| all.checked_add(n.into())),
            Self::Random(n) | Self::LatinHypercube(n) | Self::SobolSequence(n) => Some((*n).into()),
            Self::Morris(n) => many(*n, n_factors.checked_add(1)),
            Self::Saltelli(n) => many(*n, n_factors.checked_add(2)),
        }
    }
}

/// Number of levels of each factor in Morris' design; even, so that all levels are equally likely.
const MORRIS_LEVELS: u32 = 4;

/// A layout for a number of factors, with the key of its random numbers.
#[derive(Clone, Debug)]
pub(crate) struct Design {
    layout: Layout,
    n_factors: usize,
    random_key: RandomKey,
    len: u64,
    /// For a Latin hypercube: by factor, the slice of every point.
    slices: Vec<Vec<u32>>,
}

/// The coordinate of a point along a factor; `None` for the scenario's own value.
pub(crate) type Coordinate = Option<f64>;

impl Design {
    /// A layout for `n_factors`, with random numbers from `seed`.
    ///
    /// # Panics
    /// If a layout by levels does not have one number of levels per factor, or the number of points exceeds 64 bits.
    pub(crate) fn new(layout: Layout, n_factors: usize, seed: u64) -> Self {
        if let Layout::Grid(levels) | Layout::OneAtATime(levels) = &layout {
            assert_eq!(levels.len(), n_factors, "one number of levels per factor");
        }
        let random_key = RandomKey::new(seed);
        let slices = match layout {
            Layout::LatinHypercube(n) => (0..n_factors as u64).map(|f| shuffled(n, random_key, f)).collect(),
            _ => Vec::new(),
        };
        let len = layout.n_points(n_factors as u64).expect("a checked design's points are counted");
        Self { layout, n_factors, random_key, len, slices }
    }

    /// Number of points.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// The coordinates of a point.
    ///
    /// # Panics
    /// If there is no such point.
    pub(crate) fn point(&self, number: u64) -> Vec<Coordinate> {
        assert!(number < self.len(), "no point {number} of {}", self.len());
        let all = |coordinates: Vec<f64>| coordinates.into_iter().map(Some).collect();
        match &self.layout {
            Layout::Grid(levels) => all(grid_point(levels, number)),
            Layout::OneAtATime(levels) => one_at_a_time_point(levels, number),
            Layout::Random(_) => all(self.random(number, self.n_factors)),
            Layout::LatinHypercube(n) => all(self.in_slice(*n, number)),
            Layout::SobolSequence(_) => all(self.sobol(number, 0)),
            Layout::Morris(_) => all(self.trajectory_point(number)),
            Layout::Saltelli(_) => all(self.saltelli_point(number)),
        }
    }

    /// The factor that moves from point `number` - 1 to `number` of a trajectory, and its change; `None` at the first
    /// point of a trajectory.
    ///
    /// # Panics
    /// If the layout is not Morris'.
    pub(crate) fn move_to(&self, number: u64) -> Option<(usize, f64)> {
        assert!(matches!(self.layout, Layout::Morris(_)), "only trajectories move");
        let step = number % (self.n_factors as u64 + 1);
        let (before, after) = (self.point(number.checked_sub(1)?), self.point(number));
        (step > 0).then(|| {
            let moves = before.into_iter().zip(after).enumerate();
            let mut moves = moves.filter_map(|(f, (b, a))| Some((f, a? - b?))).filter(|m| m.1 != 0.0);
            moves.next().expect("one factor moves at each step")
        })
    }

    /// Numbers drawn evenly from 0 to 1, keyed by `unit`.
    fn random(&self, unit: u64, n: usize) -> Vec<f64> {
        let mut words = self.random_key.stream(0, Purpose::Design, unit);
        // Double precision has 53 bits.
        const STEP: f64 = 1.0 / (1_u64 << 53) as f64;
        (0..n).map(|_| (words.wide() >> 11) as f64 * STEP).collect()
    }

    fn in_slice(&self, n: u32, number: u64) -> Vec<f64> {
        let place = usize::try_from(number).expect("points of a hypercube are held in memory");
        let within = self.random(number, self.n_factors);
        let slices = self.slices.iter().map(|slices| f64::from(slices[place]));
        slices.zip(within).map(|(slice, within)| (slice + within) / f64::from(n)).collect()
    }

    /// A point of the sequence, in the dimensions from `first` on.
    fn sobol(&self, number: u64, first: usize) -> Vec<f64> {
        let number = u32::try_from(number).expect("a sequence of at most 65,536 points");
        let seed = self.random_key.stream(0, Purpose::Design, 0).word();
        let dimension = |f| u32::try_from(first + f).expect("factors are few");
        (0..self.n_factors).map(|f| sobol_burley::sample(number, dimension(f), seed).into()).collect()
    }

    /// A point of a trajectory: step k moves the first k factors of the trajectory's random order.
    fn trajectory_point(&self, number: u64) -> Vec<f64> {
        let per_trajectory = self.n_factors as u64 + 1;
        let (trajectory, step) = (number / per_trajectory, number % per_trajectory);
        let mut words = self.random_key.stream(0, Purpose::Design, trajectory);
        let mut order: Vec<usize> = (0..self.n_factors).collect();
        for i in (1..order.len()).rev() {
            order.swap(i, below(words.word(), u32::try_from(i + 1).expect("factors are few")) as usize);
        }
        let half = MORRIS_LEVELS / 2;
        let steps = f64::from(MORRIS_LEVELS - 1);
        let mut point = vec![0.0; self.n_factors];
        for (place, &factor) in (0..).zip(&order) {
            // In the lower half a factor can only move up, in the upper half only down.
            let level = below(words.word(), MORRIS_LEVELS);
            let moved = if level < half { level + half } else { level - half };
            point[factor] = f64::from(if place < step { moved } else { level }) / steps;
        }
        point
    }

    fn saltelli_point(&self, number: u64) -> Vec<f64> {
        let k = self.n_factors as u64;
        let (row, kind) = (number / (k + 2), number % (k + 2));
        match kind {
            0 => self.sobol(row, 0),
            1 => self.sobol(row, self.n_factors),
            _ => {
                let factor = usize::try_from(kind - 2).expect("factors are few");
                let mut point = self.sobol(row, 0);
                point[factor] = self.sobol(row, self.n_factors)[factor];
                point
            }
        }
    }
}

/// The coordinate of a level: evenly spaced from 0 to 1, or 0.5 if there is one level.
fn at_level(level: u32, levels: u32) -> f64 {
    if levels < 2 { 0.5 } else { f64::from(level) / f64::from(levels - 1) }
}

fn grid_point(levels: &[u32], number: u64) -> Vec<f64> {
    let mut rest = number;
    let mut point: Vec<f64> = levels
        .iter()
        .rev()
        .map(|&n| {
            let level = u32::try_from(rest % u64::from(n)).expect("below the number of levels");
            rest /= u64::from(n);
            at_level(level, n)
        })
        .collect();
    point.reverse();
    point
}

fn one_at_a_time_point(levels: &[u32], number: u64) -> Vec<Coordinate> {
    let mut point = vec![None; levels.len()];
    let mut rest = number;
    for (coordinate, &n) in point.iter_mut().zip(levels) {
        if rest < u64::from(n) {
            *coordinate = Some(at_level(u32::try_from(rest).expect("below the number of levels"), n));
            break;
        }
        rest -= u64::from(n);
    }
    point
}

/// The numbers `0..n` in random order, keyed by `unit`.
fn shuffled(n: u32, random_key: RandomKey, unit: u64) -> Vec<u32> {
    // The highest bit separates these streams from those of points.
    let mut words = random_key.stream(0, Purpose::Design, 1 << 63 | unit);
    let mut order: Vec<u32> = (0..n).collect();
    for i in (1..n).rev() {
        order.swap(i as usize, below(words.word(), i + 1) as usize);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(layout: Layout, n_factors: usize) -> Vec<Vec<f64>> {
        let design = Design::new(layout, n_factors, 1);
        (0..design.len()).map(|i| design.point(i).into_iter().map(Option::unwrap).collect()).collect()
    }

    #[test]
    fn a_grid_has_every_combination_once_and_its_corners() {
        let grid = points(Layout::Grid(vec![3, 2]), 2);
        assert_eq!(grid, [[0.0, 0.0], [0.0, 1.0], [0.5, 0.0], [0.5, 1.0], [1.0, 0.0], [1.0, 1.0]]);
        assert_eq!(points(Layout::Grid(vec![1]), 1), [[0.5]]);
    }

    #[test]
    fn one_at_a_time_moves_one_factor_only() {
        let design = Design::new(Layout::OneAtATime(vec![2, 3]), 2, 1);
        let points: Vec<_> = (0..design.len()).map(|i| design.point(i)).collect();
        let at = Some;
        let first = [[at(0.0), None], [at(1.0), None]];
        let second = [[None, at(0.0)], [None, at(0.5)], [None, at(1.0)]];
        assert_eq!(points, [&first[..], &second[..]].concat());
    }

    #[test]
    fn a_latin_hypercube_has_one_point_in_every_slice_of_every_factor() {
        let cube = points(Layout::LatinHypercube(50), 3);
        for factor in 0..3 {
            let mut slices: Vec<f64> = cube.iter().map(|p| (p[factor] * 50.0).floor()).collect();
            slices.sort_unstable_by(f64::total_cmp);
            assert_eq!(slices, (0..50).map(f64::from).collect::<Vec<_>>());
        }
        let corner = |p: &&Vec<f64>| p[0] < 0.5 && p[1] < 0.5;
        assert!((5..=20).contains(&cube.iter().filter(corner).count()), "factors are independent");
    }

    #[test]
    fn a_sobol_sequence_fills_the_square_evenly() {
        // 256 points: exactly one in each of 16 x 16 cells in two dimensions.
        let mut cells: Vec<_> = points(Layout::SobolSequence(256), 2)
            .iter()
            .map(|p| (p[0] * 16.0).floor() * 16.0 + (p[1] * 16.0).floor())
            .collect();
        cells.sort_unstable_by(f64::total_cmp);
        assert_eq!(cells, (0..256).map(f64::from).collect::<Vec<_>>());
    }

    #[test]
    fn each_step_of_a_trajectory_moves_one_factor_by_two_thirds_of_its_range() {
        let design = Design::new(Layout::Morris(40), 3, 1);
        assert_eq!(design.len(), 160);
        let mut up = 0;
        for trajectory in 0..40 {
            assert_eq!(design.move_to(trajectory * 4), None);
            let mut moved: Vec<_> =
                (1..4).map(|step| design.move_to(trajectory * 4 + step).unwrap()).collect();
            up += moved.iter().filter(|m| m.1 > 0.0).count();
            assert!(moved.iter().all(|m| (m.1.abs() - 2.0 / 3.0).abs() < 1e-12), "{moved:?}");
            moved.sort_by_key(|m| m.0);
            assert_eq!(moved.iter().map(|m| m.0).collect::<Vec<_>>(), [0, 1, 2]);
        }
        assert!((40..=80).contains(&up), "{up} of 120 moves go up");
    }

    #[test]
    fn saltellis_mixed_points_take_one_factor_from_the_other_sample() {
        let all = points(Layout::Saltelli(8), 3);
        for row in all.chunks(5) {
            let (a, b) = (&row[0], &row[1]);
            assert!(a.iter().zip(b).all(|(a, b)| a != b));
            for (factor, mixed) in row[2..].iter().enumerate() {
                let from_b: Vec<bool> = (0..3).map(|f| mixed[f] == b[f]).collect();
                assert_eq!(from_b, (0..3).map(|f| f == factor).collect::<Vec<_>>());
                assert!((0..3).filter(|&f| f != factor).all(|f| mixed[f] == a[f]));
            }
        }
    }

    #[test]
    #[should_panic(expected = "points are counted")]
    fn a_grid_with_more_points_than_can_be_counted_is_no_small_one() {
        Design::new(Layout::Grid(vec![65_536; 4]), 4, 1);
    }

    #[test]
    fn points_depend_on_the_seed_and_their_number_alone() {
        let layouts =
            [Layout::Random(9), Layout::LatinHypercube(9), Layout::SobolSequence(9), Layout::Morris(9)];
        for layout in layouts {
            let [one, same, other] = [1, 1, 2].map(|seed| Design::new(layout.clone(), 4, seed));
            assert_eq!(one.point(7), same.point(7));
            assert_ne!(one.point(7), other.point(7), "{layout:?}");
        }
    }
}
