//! A rectangle over two factors, filled from the visited points. Values are interpolated between the corners of the
//! finest cell whose four corners were visited.

use std::collections::{BTreeMap, BTreeSet};

/// A mean and the ends of its interval with all points taken together; NaN for no end.
pub(super) type Value = [f64; 3];

/// A cell between visited points: its ends along both factors (0 to 1), and the values at its corners
/// (low low, low high, high low, high high).
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cell {
    pub(super) x: [f64; 2],
    pub(super) y: [f64; 2],
    pub(super) corners: [Value; 4],
}

impl Cell {
    /// The value at relative positions along both factors.
    pub(super) fn at(&self, u: f64, v: f64) -> Value {
        let mix = |i: usize| {
            let low = self.corners[0][i] + (self.corners[1][i] - self.corners[0][i]) * v;
            let high = self.corners[2][i] + (self.corners[3][i] - self.corners[2][i]) * v;
            low + (high - low) * u
        };
        [mix(0), mix(1), mix(2)]
    }
}

/// A visited point: its position in the finest grid, its coordinates along both factors (0 to 1), and its value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Visited {
    pub(super) place: [u32; 2],
    pub(super) at: [f64; 2],
    pub(super) value: Value,
}

/// The cells of a grid. `sides` are the numbers of points of the finest grid along both factors, `width` is the width
/// of the coarsest cells. A cell is split into four as long as the point in its middle was visited.
pub(super) fn cells(points: &[Visited], sides: [u32; 2], width: u32) -> Vec<Cell> {
    let visited: BTreeMap<[u32; 2], Visited> = points.iter().map(|point| (point.place, *point)).collect();
    // Only from visited points, because the finest grid can have many more.
    let coarse: BTreeSet<[u32; 2]> = visited.keys().map(|place| place.map(|i| i - i % width)).collect();
    let inside = |place: &[u32; 2]| place.iter().zip(sides).all(|(i, n)| *i < n.saturating_sub(1));
    let mut cells = Vec::new();
    for place in coarse.into_iter().filter(inside) {
        split(place, width, &visited, &mut cells);
    }
    cells
}

fn split([i, j]: [u32; 2], width: u32, visited: &BTreeMap<[u32; 2], Visited>, cells: &mut Vec<Cell>) {
    let half = width / 2;
    if half > 0 && visited.contains_key(&[i + half, j + half]) {
        for place in [[i, j], [i, j + half], [i + half, j], [i + half, j + half]] {
            split(place, half, visited, cells);
        }
        return;
    }
    let corner = |i, j| visited.get(&[i, j]);
    let corners = [corner(i, j), corner(i, j + width), corner(i + width, j), corner(i + width, j + width)];
    if let [Some(a), Some(b), Some(c), Some(d)] = corners {
        let corners = [a.value, b.value, c.value, d.value];
        cells.push(Cell { x: [a.at[0], d.at[0]], y: [a.at[1], d.at[1]], corners });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The points at these places of a grid of `n` by `n`.
    fn points(n: u32, places: impl Iterator<Item = [u32; 2]>) -> Vec<Visited> {
        let visited = |place: [u32; 2]| {
            let at = place.map(|i| f64::from(i) / f64::from(n - 1));
            Visited { place, at, value: [at[0] + 2.0 * at[1]; 3] }
        };
        places.map(visited).collect()
    }

    fn area(cells: &[Cell]) -> f64 {
        cells.iter().map(|c| (c.x[1] - c.x[0]) * (c.y[1] - c.y[0])).sum()
    }

    #[test]
    fn a_grid_has_a_cell_between_each_four_neighbours() {
        let all = points(4, (0..16).map(|k| [k / 4, k % 4]));
        let cells = cells(&all, [4, 4], 1);
        assert_eq!(cells.len(), 9);
        let middle = |c: &Cell| (c.x[0] + c.x[1]) / 2.0 + c.y[0] + c.y[1];
        assert!(cells.iter().all(|c| (c.at(0.5, 0.5)[0] - middle(c)).abs() < 1e-9));
    }

    #[test]
    fn a_refined_grid_is_split_only_where_points_are() {
        let coarse = (0..9).map(|k| [k / 3 * 2, k % 3 * 2]);
        // The first of its four cells, halved.
        let fine = [[1, 0], [0, 1], [1, 1], [1, 2], [2, 1]];
        let cells = cells(&points(5, coarse.chain(fine)), [5, 5], 2);
        assert_eq!(cells.len(), 3 + 4);
        assert!((area(&cells) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_cell_without_all_its_corners_is_left_out() {
        let cells = cells(&points(3, (0..8).map(|k| [k / 3, k % 3])), [3, 3], 1);
        assert!((area(&cells) - 0.75).abs() < 1e-9);
    }
}
