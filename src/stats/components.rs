//! How much of a variance comes from where one looks, and how much from luck.

/// Components of the variance of single replicates in a layout of points by replicates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Components {
    /// Variance between points: what the factors explain.
    pub points: f64,
    /// Variance between replicates that all points share: luck that moves every point alike.
    pub shared: f64,
    /// What is left: luck that acts otherwise at each point.
    pub rest: f64,
}

/// Outcomes by point (row) and replicate (column), of which only the means are kept: the rows are given
/// twice, so that memory does not grow with the replicates.
#[derive(Clone, Debug, Default)]
pub(crate) struct TwoWay {
    row_means: Vec<f64>,
    /// Of the columns that every row has.
    column_sums: Vec<f64>,
    /// Whether rows differ in length.
    ragged: bool,
}

impl TwoWay {
    /// Adds the outcomes of a point.
    pub(crate) fn push(&mut self, row: &[f64]) {
        if self.row_means.is_empty() {
            self.column_sums = vec![0.0; row.len()];
        }
        self.ragged |= row.len() != self.column_sums.len();
        self.column_sums.truncate(row.len());
        self.row_means.push(row.iter().sum::<f64>() / row.len() as f64);
        self.column_sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
    }

    /// The mean of each replicate over all points, of those replicates that every point has; none where an
    /// outcome is missing.
    pub(crate) fn replicate_means(&self) -> Option<Vec<f64>> {
        let points = self.row_means.len() as f64;
        (!self.is_missing()).then(|| self.column_sums.iter().map(|sum| sum / points).collect())
    }

    fn is_missing(&self) -> bool {
        self.row_means.iter().any(|mean| mean.is_nan())
    }

    /// The components, by the mean squares of the two-way layout with one observation per cell (Searle,
    /// Casella & McCulloch 1992, Variance Components, chapter 4); `rows` are the same once more, in the
    /// same order. An estimate below zero counts as zero.
    ///
    /// `None` for fewer than two points or replicates, or where an outcome is missing.
    ///
    /// # Errors
    /// The first error among the rows.
    pub(crate) fn components<E>(
        &self,
        rows: impl IntoIterator<Item = Result<Vec<f64>, E>>,
    ) -> Result<Option<Components>, E> {
        let (n, m) = (self.row_means.len(), self.column_sums.len());
        if n < 2 || m < 2 || self.ragged || self.is_missing() {
            return Ok(None);
        }
        let (points, replicates) = (n as f64, m as f64);
        let column_means: Vec<f64> = self.column_sums.iter().map(|sum| sum / points).collect();
        let mean = self.row_means.iter().sum::<f64>() / points;
        let squares = |values: &[f64]| values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>();
        let between_points = replicates * squares(&self.row_means) / (points - 1.0);
        let between_replicates = points * squares(&column_means) / (replicates - 1.0);
        let mut left = 0.0;
        for (row, row_mean) in rows.into_iter().zip(&self.row_means) {
            for (value, column_mean) in row?.iter().zip(&column_means) {
                let residual = value - row_mean - column_mean + mean;
                left += residual * residual;
            }
        }
        let rest = left / ((points - 1.0) * (replicates - 1.0));
        Ok(Some(Components {
            points: ((between_points - rest) / replicates).max(0.0),
            shared: ((between_replicates - rest) / points).max(0.0),
            rest,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variance_components(rows: &[Vec<f64>]) -> Option<Components> {
        let mut layout = TwoWay::default();
        rows.iter().for_each(|row| layout.push(row));
        layout.components(rows.iter().map(|row| Ok::<_, ()>(row.clone()))).unwrap()
    }

    #[test]
    fn the_components_follow_from_the_mean_squares() {
        // Mean squares by numpy: 13.4444 between points, 6.7778 between replicates, 1.1111 left.
        let rows = [vec![1.0, 3.0, 4.0], vec![2.0, 3.0, 3.0], vec![4.0, 6.0, 9.0]];
        let found = variance_components(&rows).unwrap();
        for (ours, theirs) in
            [(found.points, 37.0 / 9.0), (found.shared, 17.0 / 9.0), (found.rest, 10.0 / 9.0)]
        {
            assert!((ours - theirs).abs() < 1e-12, "{found:?}");
        }
    }

    #[test]
    fn each_source_is_found_alone() {
        let by = |of: fn(usize, usize) -> f64| -> Components {
            let rows: Vec<Vec<f64>> = (0..4).map(|p| (0..5).map(|r| of(p, r)).collect()).collect();
            variance_components(&rows).unwrap()
        };
        let points = by(|p, _| p as f64);
        assert!(points.points > 1.0 && points.shared == 0.0 && points.rest < 1e-12);
        let shared = by(|_, r| r as f64);
        assert!(shared.shared > 1.0 && shared.points == 0.0 && shared.rest < 1e-12);
        let rest = by(|p, r| f64::from(u8::from((p + r).is_multiple_of(2))));
        assert!(rest.rest > 0.2 && rest.points < 0.02 && rest.shared < 0.02, "{rest:?}");
    }

    #[test]
    fn replicates_that_some_point_lacks_have_no_mean() {
        let mut layout = TwoWay::default();
        [&[1.0, 2.0, 9.0][..], &[3.0, 6.0], &[5.0, 1.0, 9.0]].iter().for_each(|row| layout.push(row));
        assert_eq!(layout.replicate_means(), Some(vec![3.0, 3.0]));
        layout.push(&[f64::NAN, 1.0]);
        assert_eq!(layout.replicate_means(), None);
    }

    #[test]
    fn too_little_tells_nothing() {
        assert_eq!(variance_components(&[vec![1.0, 2.0]]), None);
        assert_eq!(variance_components(&[vec![1.0], vec![2.0]]), None);
        assert_eq!(variance_components(&[vec![1.0, f64::NAN], vec![2.0, 3.0]]), None);
        assert_eq!(variance_components(&[vec![1.0, 4.0], vec![2.0, 3.0, 4.0]]), None);
    }
}
