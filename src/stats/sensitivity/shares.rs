//! Shares of variance from Saltelli's design.

use super::super::{Interval, Level};
use super::estimate::{ROWS_MIN, Replicates, Variance, Withheld, interval, mean, product, within};
use super::quadratic::{GROUPS, Quadratic, by_group, control};

/// Shares of the variance of the outcome that factors explain.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct VarianceShares {
    /// S1 by factor: what it explains alone. Empty where nothing can be estimated.
    pub first: Vec<Interval>,
    /// ST by factor: what it explains alone and together with others.
    pub total: Vec<Interval>,
    /// Share of luck in the variance of a point's mean; none where it cannot be known.
    pub luck: Option<f64>,
    /// Why something is missing, if so.
    pub withheld: Option<Withheld>,
}

/// The outcomes of Saltelli's design, row by row.
///
/// S1 = mean(`B (AB_i - A)`) / V (Saltelli et al. 2010, Computer Physics Communications 181, 259-270) and
/// ST = mean(`(A - AB_i)²`) / 2 V (Jansen 1999, Computer Physics Communications 117, 35-43). V is the variance
/// over A and B. Each product is a mean over pairs of different replicates, so luck adds nothing on average.
///
/// Where there are enough rows, a quadratic polynomial is a control variate: by what its sums over these rows are
/// off its exact variances, the sums of the outcomes are corrected. Intervals are those without the correction.
#[derive(Clone, Debug)]
pub(crate) struct SaltelliRows {
    n_factors: usize,
    level: Level,
    replicates: Replicates,
    /// Of every row: its part of V, then of each factor's S1, then of each factor's ST.
    parts: Vec<f64>,
    /// The same parts with one of both outcomes from a single replicate, by part and replicate, summed over rows.
    by_replicate: Vec<f64>,
    /// Sums over A and B, by replicate.
    sums: Vec<f64>,
    squared: f64,
    /// Of every row: the coordinates of A and B, and the means of their outcomes, less the mean over all points.
    coordinates: Vec<f64>,
    means: Vec<[f64; 2]>,
}

impl SaltelliRows {
    /// No rows yet.
    pub(crate) fn new(n_factors: usize, replicates: Replicates, level: Level) -> Self {
        let n = replicates.means.len();
        Self {
            n_factors,
            level,
            replicates,
            parts: Vec::new(),
            by_replicate: vec![0.0; n * (2 * n_factors + 1)],
            sums: vec![0.0; n],
            squared: 0.0,
            coordinates: Vec::new(),
            means: Vec::new(),
        }
    }

    /// Adds a row: its points A, B, and for each factor A with the factor's value from B, each with its
    /// replicates; and the coordinates of A and of B. Replicates beyond those that every point has are left out.
    ///
    /// # Panics
    /// If the row has not so many points or coordinates, or a point not so many replicates.
    pub(crate) fn push(&mut self, row: &[Vec<f64>], coordinates: [&[f64]; 2]) {
        assert_eq!(row.len(), self.n_factors + 2, "points of a row");
        for coordinates in coordinates {
            assert_eq!(coordinates.len(), self.n_factors, "coordinates of a point");
            self.coordinates.extend(coordinates);
        }
        let centred = |point: &Vec<f64>| -> Vec<f64> {
            assert!(point.len() >= self.replicates.means.len(), "replicates of a point");
            self.replicates.means.iter().zip(point).map(|(mean, value)| value - mean).collect()
        };
        let points: Vec<Vec<f64>> = row.iter().map(centred).collect();
        let (a, b) = (&points[0], &points[1]);
        self.means.push([mean(a), mean(b)]);
        self.sums.iter_mut().zip(a.iter().zip(b)).for_each(|(sum, (a, b))| *sum += a + b);
        self.squared += (row[0][0] * row[0][0] + row[1][0] * row[1][0]) / 2.0;
        let moved: Vec<Vec<f64>> =
            points[2..].iter().map(|p| p.iter().zip(a).map(|(mixed, a)| mixed - a).collect()).collect();
        self.add(0, &[(a, a), (b, b)]);
        for (f, moved) in moved.iter().enumerate() {
            self.add(1 + f, &[(b, moved), (moved, b)]);
        }
        for (f, moved) in moved.iter().enumerate() {
            self.add(1 + self.n_factors + f, &[(moved, moved)]);
        }
    }

    /// Adds half the sum of some products to a part; parts of a row come in their order.
    fn add(&mut self, part: usize, products: &[(&Vec<f64>, &Vec<f64>)]) {
        let n = self.sums.len();
        self.parts.push(products.iter().map(|(a, b)| product(a, b) / 2.0).sum());
        for (a, b) in products {
            let b = mean(b);
            let sums = &mut self.by_replicate[part * n..(part + 1) * n];
            sums.iter_mut().zip(*a).for_each(|(sum, a)| *sum += a * b / 2.0);
        }
    }

    /// The shares of all factors.
    pub(crate) fn shares(&self) -> VarianceShares {
        self.shares_with(&self.corrections())
    }

    /// The shares with these corrections of the parts.
    fn shares_with(&self, corrections: &[f64]) -> VarianceShares {
        let variance = self.variance();
        let mut found = VarianceShares { first: Vec::new(), total: Vec::new(), luck: None, withheld: None };
        found.withheld = variance.nothing(self.sums.len());
        if found.withheld.is_some_and(Withheld::is_all) {
            return found;
        }
        found.luck = Some(variance.luck());
        found.withheld = self.no_interval(&variance);
        let v = variance.factors - corrections[0];
        let share = |part| self.share(part, (v, corrections[part]), found.withheld.is_none());
        found.first = (1..=self.n_factors).map(share).collect();
        found.total = (self.n_factors + 1..=2 * self.n_factors).map(share).collect();
        found
    }

    fn stride(&self) -> usize {
        2 * self.n_factors + 1
    }

    fn n_rows(&self) -> usize {
        self.parts.len() / self.stride()
    }

    /// The mean of a part over the rows.
    fn part(&self, part: usize) -> f64 {
        self.parts.chunks(self.stride()).map(|row| row[part]).sum::<f64>() / self.n_rows() as f64
    }

    /// The mean of a part over the rows with one of both outcomes from each replicate.
    fn part_by_replicate(&self, part: usize) -> Vec<f64> {
        let n = self.sums.len();
        self.by_replicate[part * n..(part + 1) * n].iter().map(|sum| sum / self.n_rows() as f64).collect()
    }

    fn variance(&self) -> Variance {
        // A and B are centred by the means over all points, so what their own means differ by is taken off.
        let n = self.n_rows() as f64;
        let off: Vec<f64> = self.sums.iter().map(|sum| sum / (2.0 * n)).collect();
        Variance {
            plain: mean(&self.part_by_replicate(0)) - mean(&off) * mean(&off),
            factors: self.part(0) - product(&off, &off),
            squared: self.squared / n,
        }
    }

    /// Why shares have no interval, if so.
    fn no_interval(&self, variance: &Variance) -> Option<Withheld> {
        let shared = self.replicates.shared;
        if self.n_rows() < ROWS_MIN {
            return Some(Withheld::FewRows);
        }
        if let Some(why) = shared.then(|| variance.shared_luck(self.sums.len())).flatten() {
            return Some(why);
        }
        let rows: Vec<f64> = self.parts.chunks(self.stride()).map(|row| row[0]).collect();
        let clear = interval(variance.factors, &rows, None, 0.0, self.level).low.is_some_and(|low| low > 0.0);
        (!clear).then_some(Withheld::MostlyLuck)
    }

    /// By how much the parts of these rows are off, as far as a quadratic polynomial tells it; zeros where there
    /// are too few rows for one.
    fn corrections(&self) -> Vec<f64> {
        let points = self.coordinates.chunks(self.n_factors).zip(self.means.iter().flatten());
        let points = points.enumerate().map(|(place, (x, y))| (place / 2, x, *y));
        let Some(fitted) = by_group(self.n_factors, points) else { return vec![0.0; self.stride()] };
        let mut off = Vec::with_capacity(self.parts.len());
        for (row, coordinates) in self.coordinates.chunks(2 * self.n_factors).enumerate() {
            let (a, b) = coordinates.split_at(self.n_factors);
            self.parts_off(&fitted[row % GROUPS], a, b, &mut off);
        }
        (0..self.stride())
            .map(|part| control(self.column(&self.parts, part), self.column(&off, part)))
            .collect()
    }

    /// Adds what the parts of a row are off for a polynomial.
    fn parts_off(&self, fitted: &Quadratic, a: &[f64], b: &[f64], off: &mut Vec<f64>) {
        let (at_a, at_b) = (fitted.at(a), fitted.at(b));
        let mixed = |f: usize| {
            let mut x = a.to_vec();
            x[f] = b[f];
            fitted.at(&x) - at_a
        };
        let moved: Vec<f64> = (0..self.n_factors).map(mixed).collect();
        off.push((at_a * at_a + at_b * at_b) / 2.0 - fitted.variance());
        off.extend(moved.iter().enumerate().map(|(f, moved)| at_b * moved - fitted.first(f)));
        off.extend(moved.iter().enumerate().map(|(f, moved)| moved * moved / 2.0 - fitted.total(f)));
    }

    fn column<'a>(&self, parts: &'a [f64], part: usize) -> impl Iterator<Item = f64> + Clone + use<'a> {
        parts.iter().skip(part).step_by(self.stride()).copied()
    }

    /// The share of a part in the variance, which are corrected. Its interval is of the linearised ratio.
    fn share(&self, part: usize, (v, correction): (f64, f64), with_interval: bool) -> Interval {
        let share = (self.part(part) - correction) / v;
        if !with_interval {
            return Interval::around(share, None);
        }
        let rows: Vec<f64> =
            self.parts.chunks(self.stride()).map(|row| (row[part] - share * row[0]) / v).collect();
        if !self.replicates.shared {
            return within(interval(share, &rows, None, 0.0, self.level), 0.0, 1.0);
        }
        let of_part = self.part_by_replicate(part);
        // Both outcomes of a product come from some seed, so each seed counts twice.
        let seeds: Vec<f64> = of_part
            .iter()
            .zip(self.part_by_replicate(0))
            .map(|(part, of_v)| 2.0 * (part - share * of_v) / v)
            .collect();
        let luck = 2.0 * (mean(&of_part) - self.part(part)) / v;
        within(interval(share, &rows, Some(&seeds), luck, self.level), 0.0, 1.0)
    }
}

#[cfg(test)]
mod tests;
