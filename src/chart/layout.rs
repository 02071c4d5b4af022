//! Places for the people of a small network.

use super::drawing::Point;

/// Number of steps.
const STEPS: u32 = 400;
/// Farthest move in the first step, in units of the radius of the start.
const FARTHEST: f64 = 0.1;
/// Pull towards the centre, which keeps parts without ties to each other together.
const GRAVITY: f64 = 1.0;
/// The angle between neighbours of a sunflower's spiral.
const GOLDEN_ANGLE: f64 = 2.399_963_229_728_653;

/// Places for `n` nodes: those with a line between them attract each other, and all repel each other.
///
/// Source: Fruchterman & Reingold (1991), Software: Practice and Experience 21, 1129-1164, with gravity. The nodes start
/// on a spiral in their order, and there is a fixed number of steps, so the same network has the same places on every
/// platform. No crate promises that.
pub(super) fn places(n: usize, lines: &[(usize, usize)]) -> Vec<Point> {
    let start = |k: usize| {
        let (radius, angle) = (libm::sqrt((k as f64 + 0.5) / n as f64), GOLDEN_ANGLE * k as f64);
        (radius * libm::cos(angle), radius * libm::sin(angle))
    };
    let mut places: Vec<Point> = (0..n).map(start).collect();
    let ideal = libm::sqrt(1.0 / n.max(1) as f64);
    for step in 0..STEPS {
        let farthest = FARTHEST * (1.0 - f64::from(step) / f64::from(STEPS));
        let forces = forces(&places, lines, ideal);
        for (place, (fx, fy)) in places.iter_mut().zip(forces) {
            let length = libm::sqrt(fx * fx + fy * fy);
            if length > 0.0 {
                let share = length.min(farthest) / length;
                *place = (place.0 + share * fx, place.1 + share * fy);
            }
        }
    }
    places
}

/// The force on each node.
fn forces(places: &[Point], lines: &[(usize, usize)], ideal: f64) -> Vec<Point> {
    /// Nodes at the same place repel each other as if they were this far apart, squared.
    const NEAREST: f64 = 1e-9;
    let mut forces: Vec<Point> =
        places.iter().map(|(x, y)| (-GRAVITY * ideal * x, -GRAVITY * ideal * y)).collect();
    for (i, a) in places.iter().enumerate() {
        for (j, b) in places[..i].iter().enumerate() {
            let (dx, dy) = (a.0 - b.0, a.1 - b.1);
            let push = ideal * ideal / (dx * dx + dy * dy).max(NEAREST);
            forces[i] = (forces[i].0 + push * dx, forces[i].1 + push * dy);
            forces[j] = (forces[j].0 - push * dx, forces[j].1 - push * dy);
        }
    }
    for &(i, j) in lines {
        let (dx, dy) = (places[i].0 - places[j].0, places[i].1 - places[j].1);
        let pull = libm::sqrt(dx * dx + dy * dy) / ideal;
        forces[i] = (forces[i].0 - pull * dx, forces[i].1 - pull * dy);
        forces[j] = (forces[j].0 + pull * dx, forces[j].1 + pull * dy);
    }
    forces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distance(a: Point, b: Point) -> f64 {
        libm::hypot(a.0 - b.0, a.1 - b.1)
    }

    #[test]
    fn those_who_know_each_other_are_nearer_than_others() {
        // Two groups of six, in which everyone knows everyone, and one tie between them.
        let group = |first: usize| (0..6).flat_map(move |i| (0..i).map(move |j| (first + i, first + j)));
        let lines: Vec<(usize, usize)> = group(0).chain(group(6)).chain([(0, 6)]).collect();
        let places = places(12, &lines);
        let mean = |pairs: &[(usize, usize)]| {
            pairs.iter().map(|(i, j)| distance(places[*i], places[*j])).sum::<f64>() / pairs.len() as f64
        };
        let apart: Vec<(usize, usize)> = (1..6).flat_map(|i| (7..12).map(move |j| (i, j))).collect();
        let within: Vec<(usize, usize)> = group(0).chain(group(6)).collect();
        assert!(mean(&apart) > 2.0 * mean(&within), "{} {}", mean(&apart), mean(&within));
    }

    #[test]
    fn places_are_finite_and_distinct_without_any_tie() {
        for n in [0, 1, 2, 60] {
            let places = places(n, &[]);
            assert_eq!(places.len(), n);
            for (i, a) in places.iter().enumerate() {
                assert!(a.0.is_finite() && a.1.is_finite());
                assert!(places[..i].iter().all(|b| distance(*a, *b) > 1e-3), "{a:?}");
            }
        }
    }
}
