//! An adaptive grid: bisection along a boundary.
//!
//! The points are those of the finest grid, so the number and coordinates of a point do not depend on which points
//! were visited. At first every 2^depth-th level of each factor is visited. A cell whose corners are not all clearly
//! on the same side of the boundary is halved along each factor, down to the finest spacing.

use std::collections::BTreeSet;

/// The points of the finest grid, and the stage in which each is visited.
#[derive(Clone, Debug)]
pub(crate) struct Lattice {
    /// Number of points along each factor, for one or two factors.
    sides: Vec<u64>,
    depth: u32,
    len: u64,
}

/// The side of the boundary on which a point lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// The contrast is clearly below zero.
    Below,
    /// The interval of the contrast contains zero.
    Unsure,
    /// The contrast is clearly above zero.
    Above,
}

/// A square cell of the lattice (an interval for one factor): its lowest corner and its width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cell {
    corner: [u64; 2],
    width: u64,
}

impl Lattice {
    /// The lattice over one or two factors, given the levels of the first grid, whose spacing is halved `depth` times.
    ///
    /// # Panics
    /// If there are no factors or more than two, if a factor has fewer than two levels, or if the number of points
    /// exceeds 64 bits.
    pub(crate) fn new(levels: &[u32], depth: u32) -> Self {
        assert!(matches!(levels.len(), 1 | 2) && levels.iter().all(|&n| n >= 2), "a grid of cells");
        let side = |&n: &u32| u64::from(n - 1).checked_mul(1_u64.checked_shl(depth)?)?.checked_add(1);
        let sides: Option<Vec<u64>> = levels.iter().map(side).collect();
        let sides = sides.expect("a checked grid's points are counted");
        let len = sides.iter().try_fold(1_u64, |len, &side| len.checked_mul(side));
        Self { sides, depth, len: len.expect("a checked grid's points are counted") }
    }

    /// Number of points of the finest grid.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// Number of points of the first grid.
    pub(crate) fn n_coarse(&self) -> u64 {
        self.sides.iter().map(|side| ((side - 1) >> self.depth) + 1).product()
    }

    /// Number of times that the spacing is halved.
    pub(crate) fn depth(&self) -> u32 {
        self.depth
    }

    /// Coordinates of a point, 0 to 1 along each factor.
    pub(super) fn point(&self, number: u64) -> Vec<Option<f64>> {
        let place = self.place(number);
        self.sides.iter().zip(place).map(|(&n, i)| Some(i as f64 / (n - 1) as f64)).collect()
    }

    /// The points to visit after `halvings` halvings, ascending; for 0 these are the first grid. `side` is called only
    /// for points of earlier halvings.
    ///
    /// # Panics
    /// If there are fewer halvings.
    pub(crate) fn points(&self, halvings: u32, side: impl Fn(u64) -> Side) -> BTreeSet<u64> {
        assert!(halvings <= self.depth, "no finer than the finest");
        let width = 1 << self.depth;
        let mut cells: Vec<Cell> = Vec::new();
        let along = |factor: usize| self.sides.get(factor).map_or(1, |n| n - 1).div_ceil(width);
        for i in 0..along(0) {
            for j in 0..along(1) {
                cells.push(Cell { corner: [i * width, if self.is_flat() { 0 } else { j * width }], width });
            }
        }
        let mut points: BTreeSet<u64> = cells.iter().flat_map(|cell| self.corners(cell)).collect();
        for _ in 0..halvings {
            cells = cells
                .iter()
                .filter(|cell| self.is_crossed(cell, &side))
                .flat_map(|c| self.halved(c))
                .collect();
            points.extend(cells.iter().flat_map(|cell| self.corners(cell)));
        }
        points
    }

    /// Whether there is only one factor.
    fn is_flat(&self) -> bool {
        self.sides.len() == 1
    }

    fn is_crossed(&self, cell: &Cell, side: impl Fn(u64) -> Side) -> bool {
        let sides: Vec<Side> = self.corners(cell).into_iter().map(side).collect();
        sides.iter().any(|s| *s == Side::Unsure || *s != sides[0])
    }

    fn halved(&self, cell: &Cell) -> Vec<Cell> {
        let half = cell.width / 2;
        let [x, y] = cell.corner;
        let at = |corner| Cell { corner, width: half };
        if self.is_flat() {
            return vec![at([x, 0]), at([x + half, 0])];
        }
        vec![at([x, y]), at([x, y + half]), at([x + half, y]), at([x + half, y + half])]
    }

    fn corners(&self, cell: &Cell) -> Vec<u64> {
        let [x, y] = cell.corner;
        let far = cell.width;
        if self.is_flat() {
            return vec![x, x + far];
        }
        [[x, y], [x, y + far], [x + far, y], [x + far, y + far]].map(|place| self.number(place)).to_vec()
    }

    /// The last factor fastest, as in a plain grid.
    fn number(&self, [x, y]: [u64; 2]) -> u64 {
        if self.is_flat() { x } else { x * self.sides[1] + y }
    }

    fn place(&self, number: u64) -> [u64; 2] {
        if self.is_flat() { [number, 0] } else { [number / self.sides[1], number % self.sides[1]] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Below the line x + y = 0.77, and clear everywhere.
    fn clear(lattice: &Lattice) -> impl Fn(u64) -> Side {
        |number| {
            let at: f64 = lattice.point(number).into_iter().flatten().sum();
            if at < 0.77 { Side::Below } else { Side::Above }
        }
    }

    #[test]
    fn the_boundary_is_found_with_far_fewer_points_than_a_grid_has() {
        let lattice = Lattice::new(&[5, 5], 4);
        assert_eq!((lattice.len(), lattice.points(0, |_| Side::Unsure).len()), (65 * 65, 25));
        assert_eq!(lattice.n_coarse(), 25);
        let found = lattice.points(4, clear(&lattice));
        assert!((200..600).contains(&found.len()), "{} of {}", found.len(), lattice.len());
        // Every pair of neighbours in the finest grid with the line between them was visited.
        let side = clear(&lattice);
        for x in 0..64 {
            for y in 0..64 {
                let (here, there) = (lattice.number([x, y]), lattice.number([x + 1, y]));
                if side(here) != side(there) {
                    assert!(found.contains(&here) && found.contains(&there), "{x} {y}");
                }
            }
        }
    }

    #[test]
    fn one_factor_is_bisected() {
        let lattice = Lattice::new(&[3], 5);
        let found = lattice.points(5, clear(&lattice));
        assert_eq!(found.len(), 3 + 5, "one point per halving");
    }

    #[test]
    fn without_a_boundary_no_point_is_added_and_without_any_clear_side_all_are() {
        let lattice = Lattice::new(&[4, 3], 2);
        assert_eq!(lattice.points(2, |_| Side::Above).len(), 12);
        assert_eq!(lattice.points(2, |_| Side::Unsure).len() as u64, lattice.len());
    }

    #[test]
    fn the_first_points_are_those_of_the_coarse_grid() {
        let lattice = Lattice::new(&[3, 2], 1);
        let places = |n| lattice.point(n).into_iter().flatten().collect::<Vec<_>>();
        let coarse: Vec<_> = lattice.points(0, |_| Side::Unsure).into_iter().map(places).collect();
        assert_eq!(coarse, [[0.0, 0.0], [0.0, 1.0], [0.5, 0.0], [0.5, 1.0], [1.0, 0.0], [1.0, 1.0]]);
    }
}
