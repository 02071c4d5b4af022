//! A cache of the contrasts at points, so that a look reads only the replicates since the look before.

use std::collections::BTreeMap;

use crate::stats::Cluster;

/// The clusters of points from the first replicate on; none for points with enough replicates. The cache is emptied
/// when it becomes too large, because clusters can be read again.
#[derive(Debug, Default)]
pub(super) struct Contrasts {
    points: BTreeMap<u64, Known>,
    /// Size of all entries, in clusters.
    size: usize,
}

/// The entry of a point.
#[derive(Debug)]
enum Known {
    Clusters(Vec<Cluster>),
    /// The point has enough replicates.
    Ended,
}

/// Maximum size, in clusters: 16 MiB.
const HELD_MAX: usize = 1 << 20;

impl Known {
    /// Size of the entry in clusters, with that of its place in the map.
    fn size(&self) -> usize {
        const ENTRY: usize = 4;
        match self {
            Self::Clusters(clusters) => clusters.len() + ENTRY,
            Self::Ended => ENTRY,
        }
    }
}

impl Contrasts {
    /// Removes and returns the clusters of a point.
    pub(super) fn take(&mut self, point: u64) -> Vec<Cluster> {
        let Some(known) = self.points.remove(&point) else { return Vec::new() };
        self.size -= known.size();
        match known {
            Known::Clusters(clusters) => clusters,
            Known::Ended => Vec::new(),
        }
    }

    /// Stores the clusters of a point.
    pub(super) fn keep(&mut self, point: u64, clusters: Vec<Cluster>) {
        self.put(point, Known::Clusters(clusters));
    }

    /// Stores that a point has enough replicates.
    pub(super) fn end(&mut self, point: u64) {
        self.put(point, Known::Ended);
    }

    /// Whether a point is known to have enough replicates.
    pub(super) fn has_ended(&self, point: u64) -> bool {
        matches!(self.points.get(&point), Some(Known::Ended))
    }

    fn put(&mut self, point: u64, known: Known) {
        self.take(point);
        let size = known.size();
        if self.size + size > HELD_MAX {
            *self = Self::default();
        }
        if size <= HELD_MAX {
            self.size += size;
            self.points.insert(point, known);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_kept_until_they_become_too_large() {
        let mut contrasts = Contrasts::default();
        assert!(contrasts.take(3).is_empty());
        contrasts.keep(3, vec![Cluster::default(); 5]);
        contrasts.keep(4, vec![Cluster::default(); 6]);
        assert_eq!((contrasts.take(3).len(), contrasts.size), (5, 10));
        (10..20).for_each(|point| contrasts.keep(point, vec![Cluster::default(); HELD_MAX / 20]));
        assert!(
            (10..20).all(|point| contrasts.take(point).len() == HELD_MAX / 20),
            "half of what it may hold"
        );
        contrasts.keep(5, vec![Cluster::default(); HELD_MAX - 4]);
        assert_eq!((contrasts.take(4).len(), contrasts.size), (0, HELD_MAX));
        contrasts.keep(6, vec![Cluster::default(); HELD_MAX]);
        assert_eq!((contrasts.take(5).len(), contrasts.take(6).len(), contrasts.size), (0, 0, 0));
    }

    #[test]
    fn a_point_that_has_enough_needs_no_clusters() {
        let mut contrasts = Contrasts::default();
        contrasts.keep(3, vec![Cluster::default(); 5]);
        contrasts.end(3);
        assert!(contrasts.has_ended(3) && !contrasts.has_ended(4));
        assert_eq!(contrasts.size, 4);
        assert!(contrasts.take(3).is_empty() && !contrasts.has_ended(3));
    }
}
