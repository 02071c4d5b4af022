//! Bucket sort of guests. The guests of a large town are split into buckets by the upper bits of their keys. Then
//! the buckets are sorted in parallel.

use std::ops::Range;

use super::super::ties::AgentId;
use super::super::towns::Towns;
use crate::parallel::Parallelism;

/// Residents per bucket of a town.
const PER_BUCKET: u32 = 4096;

/// Maximum number of buckets of a town.
const MOST: u32 = 1024;

/// The guests from one part of the population.
#[derive(Debug)]
pub(super) struct Arrivals {
    /// Number of the first bucket in `at_home`.
    pub(super) first_bucket: usize,
    /// Keys of guests in their home towns, by bucket.
    pub(super) at_home: Vec<Vec<u64>>,
    /// Towns and keys of guests who travel.
    pub(super) away: Vec<(u32, u64)>,
    /// Town and key of a guest who attends only because it is invited.
    pub(super) invited: Option<(u32, u64)>,
}

/// The buckets of all towns, one after the other.
#[derive(Debug)]
pub(super) struct Buckets<'t> {
    towns: &'t Towns,
    /// Number of each town's first bucket, then the number of all buckets.
    firsts: Vec<usize>,
}

impl<'t> Buckets<'t> {
    /// The buckets for these towns. Larger towns have more buckets.
    pub(super) fn of(towns: &'t Towns) -> Self {
        let mut firsts = vec![0];
        for town in 0..towns.len() {
            let n = (towns.residents(town).len() / PER_BUCKET as usize).clamp(1, MOST as usize);
            firsts.push(firsts[town as usize] + n);
        }
        Self { towns, firsts }
    }

    /// Number of the bucket of a town for a key.
    #[inline]
    pub(super) fn number(&self, town: u32, key: u64) -> usize {
        let (first, after) = (self.firsts[town as usize], self.firsts[town as usize + 1]);
        // Scales the upper half of the key to the number of buckets. In 64 bits, also where `usize` has 32.
        #[allow(clippy::cast_possible_truncation)]
        let bucket = (((key >> 32) * (after - first) as u64) >> 32) as usize;
        first + bucket
    }

    /// Empty buckets of all towns in which some of these agents live, and the number of the first bucket.
    pub(super) fn empty(&self, ids: Range<AgentId>) -> (usize, Vec<Vec<u64>>) {
        let (from, to) = (self.towns.of(ids.start), self.towns.of(ids.end - 1));
        let range = self.firsts[from as usize]..self.firsts[to as usize + 1];
        // A quarter of the agents; a bucket grows if more of them attend.
        let capacity = ids.len() / range.len() / 4;
        (range.start, range.map(|_| Vec::with_capacity(capacity)).collect())
    }

    /// All guests, town by town, and the position where each town begins and the last one ends. Within a town,
    /// guests are sorted by key, except for an invited guest, who is last.
    pub(super) fn collect(&self, arrived: Vec<Arrivals>, par: Parallelism<'_>) -> (Vec<u64>, Vec<usize>) {
        let mut away: Vec<(usize, u64)> = Vec::new();
        let mut pieces: Vec<Vec<Vec<u64>>> = vec![Vec::new(); *self.firsts.last().expect("there is a first")];
        let mut invited = None;
        for part in arrived {
            for (bucket, keys) in pieces[part.first_bucket..].iter_mut().zip(part.at_home) {
                bucket.push(keys);
            }
            away.extend(part.away.into_iter().map(|(town, key)| (self.number(town, key), key)));
            invited = invited.or(part.invited);
        }
        away.sort_unstable();
        let mut away = away.into_iter().peekable();
        let n_at_home: usize = pieces.iter().flatten().map(Vec::len).sum();
        let mut guests = Vec::with_capacity(n_at_home + away.len() + 1);
        let (mut starts, mut filled) = (vec![0], Vec::with_capacity(pieces.len()));
        let mut pieces = (0..).zip(pieces);
        for (town, bounds) in (0u32..).zip(self.firsts.windows(2)) {
            for (bucket, pieces) in pieces.by_ref().take(bounds[1] - bounds[0]) {
                let first = guests.len();
                pieces.into_iter().for_each(|keys| guests.extend_from_slice(&keys));
                guests
                    .extend(std::iter::from_fn(|| away.next_if(|(at, _)| *at == bucket)).map(|(_, key)| key));
                filled.push(first..guests.len());
            }
            guests.extend(invited.take_if(|(at, _)| *at == town).map(|(_, key)| key));
            starts.push(guests.len());
        }
        par.sort_each(parts_mut(&mut guests, &filled));
        (guests, starts)
    }
}

/// Disjoint parts of a slice, given their ranges in ascending order.
fn parts_mut<'s, T>(slice: &'s mut [T], places: &[Range<usize>]) -> Vec<&'s mut [T]> {
    let (mut rest, mut passed) = (slice, 0);
    let mut next = |place: &Range<usize>| {
        let (_, from) = std::mem::take(&mut rest).split_at_mut(place.start - passed);
        let (part, others) = from.split_at_mut(place.len());
        (rest, passed) = (others, place.end);
        part
    };
    places.iter().map(&mut next).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::population::World;
    use crate::model::rules::Rules;
    use crate::scenario::Scenario;

    #[test]
    fn buckets_of_a_town_are_in_the_order_of_keys() {
        let text = "[population]\nagents = 100000\ntown_size = 30000";
        let rules = Rules::new(&Scenario::parse(text, &[]).unwrap());
        let world = World::new(&rules, 1, Parallelism::SERIAL);
        let buckets = Buckets::of(&world.towns);
        assert_eq!(buckets.firsts, [0, 6, 12, 18, 24]);
        let numbers = [0, 1 << 61, 1 << 63, u64::MAX].map(|key| buckets.number(1, key));
        assert_eq!(numbers, [6, 6, 9, 11]);
        assert_eq!(buckets.empty(20_000..30_000).1.len(), 12);
    }
}
