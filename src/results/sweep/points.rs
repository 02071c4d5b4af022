//! The points of a stage of a sweep, and the order in which they are run.

/// The points of a stage.
#[derive(Clone, Debug)]
pub(super) enum Points {
    /// All up to this number.
    All(u64),
    /// The points `first`, `first + step`, `first + 2 step` ... below `end`.
    Every {
        first: u64,
        step: u64,
        end: u64,
    },
    Some(Vec<u64>),
}

impl Points {
    pub(super) fn len(&self) -> u64 {
        match self {
            Self::All(n) => *n,
            Self::Every { first, step, end } => end.saturating_sub(*first).div_ceil(*step),
            Self::Some(points) => points.len() as u64,
        }
    }

    /// The point at position `i` of an order that scatters neighbours, so that an interrupted sweep covers the whole
    /// design.
    pub(super) fn scattered(&self, i: u64) -> u64 {
        let n = self.len();
        // A step near n divided by the golden ratio, coprime to n, visits each position once.
        let near = n * 618 / 1000;
        let step = (near.max(1)..).find(|step| gcd(*step, n) == 1).expect("n + 1 shares none with n");
        let product = u128::from(i) * u128::from(step) % u128::from(n.max(1));
        let place = u64::try_from(product).expect("a remainder of 64 bits");
        match self {
            Self::All(_) => place,
            Self::Every { first, step, .. } => first + step * place,
            Self::Some(points) => points[usize::try_from(place).expect("a place in memory")],
        }
    }

    pub(super) fn ascending(&self) -> Box<dyn Iterator<Item = u64> + '_> {
        match self {
            Self::All(n) => Box::new(0..*n),
            Self::Every { first, step, .. } => {
                let (first, step) = (*first, *step);
                Box::new((0..self.len()).map(move |place| first + step * place))
            }
            Self::Some(points) => Box::new(points.iter().copied()),
        }
    }
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scattered_order_visits_each_point_once_and_covers_the_range_early() {
        for n in [1, 2, 3, 10, 100, 618, 1000, 4096] {
            let points = Points::All(n);
            let mut seen: Vec<u64> = (0..n).map(|i| points.scattered(i)).collect();
            if n >= 100 {
                let tenths: std::collections::BTreeSet<u64> = seen[..25].iter().map(|p| p * 10 / n).collect();
                assert_eq!(tenths.len(), 10, "{n}");
            }
            seen.sort_unstable();
            assert_eq!(seen, (0..n).collect::<Vec<_>>());
        }
        let every = Points::Every { first: 2, step: 3, end: 9 };
        assert_eq!(every.ascending().collect::<Vec<_>>(), [2, 5, 8]);
        assert_eq!((0..3).map(|i| every.scattered(i)).sum::<u64>(), 15);
        assert_eq!(Points::Every { first: 5, step: 6, end: 4 }.len(), 0);
        let some = Points::Some(vec![4, 9, 11]);
        let mut seen: Vec<u64> = (0..3).map(|i| some.scattered(i)).collect();
        seen.sort_unstable();
        assert_eq!(seen, [4, 9, 11]);
    }
}
