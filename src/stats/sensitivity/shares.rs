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
mod tests {
    use super::super::testing::{columns, near};
    use super::*;

    /// The shares of a design with one outcome per point, by columns A, B and A with each factor from B, each
    /// outcome standing for two equal replicates.
    fn twice(columns: &[Vec<f64>]) -> VarianceShares {
        let rows: Vec<Vec<Vec<f64>>> =
            (0..columns[0].len()).map(|r| columns.iter().map(|c| vec![c[r]; 2]).collect()).collect();
        shares_of(&rows, false)
    }

    fn shares_of(rows: &[Vec<Vec<f64>>], shared: bool) -> VarianceShares {
        let nowhere = vec![0.0; rows[0].len() - 2];
        // As other programs have them: nothing is corrected where factors do not vary.
        shares_at(rows, &vec![[&nowhere; 2]; rows.len()], shared)
    }

    /// The shares of rows whose points A and B have these coordinates.
    fn shares_at(rows: &[Vec<Vec<f64>>], coordinates: &[[&Vec<f64>; 2]], shared: bool) -> VarianceShares {
        let points: Vec<&Vec<f64>> = rows.iter().flatten().collect();
        let n = points.iter().map(|p| p.len()).min().unwrap();
        let means = (0..n).map(|r| points.iter().map(|p| p[r]).sum::<f64>() / points.len() as f64).collect();
        let mut all = SaltelliRows::new(rows[0].len() - 2, Replicates { means, shared }, Level::USUAL);
        rows.iter().zip(coordinates).for_each(|(row, [a, b])| all.push(row, [a, b]));
        all.shares()
    }

    #[test]
    fn shares_agree_with_salib_on_the_ishigami_and_the_g_function() {
        let expected = include_str!("../../../tests/reference/sensitivity/shares.csv");
        let expected: Vec<Vec<&str>> =
            expected.lines().skip(1).map(|line| line.split(',').collect()).collect();
        for (name, text) in [
            ("ishigami", include_str!("../../../tests/reference/sensitivity/ishigami.csv")),
            ("g", include_str!("../../../tests/reference/sensitivity/g.csv")),
        ] {
            let found = twice(&columns(text));
            assert_eq!(found.withheld, None, "{name}");
            for (factor, row) in expected.iter().filter(|row| row[0] == name).enumerate() {
                let [first, total, true_first, true_total] =
                    [2, 3, 4, 5].map(|c| row[c].parse::<f64>().unwrap());
                near(found.first[factor].mean, first);
                near(found.total[factor].mean, total);
                for (estimate, truth) in
                    [(found.first[factor], true_first), (found.total[factor], true_total)]
                {
                    let (low, high) = estimate.ends().unwrap();
                    assert!(low <= truth && truth <= high, "{name} {factor}: {estimate:?}, {truth}");
                    assert!((estimate.mean - truth).abs() < 0.05, "{name} {factor}: {estimate:?}, {truth}");
                }
            }
        }
    }

    #[test]
    fn noisy_shares_agree_with_salib_on_each_replicate_and_on_their_mean() {
        // Columns A, B and the mixed ones of the first replicate, then of the second.
        let y = columns(include_str!("../../../tests/reference/sensitivity/noisy.csv"));
        let expected = columns(include_str!("../../../tests/reference/sensitivity/noisy_shares.csv"));
        let k = y.len() / 2 - 2;
        let rows: Vec<Vec<Vec<f64>>> =
            (0..y[0].len()).map(|r| (0..k + 2).map(|p| vec![y[p][r], y[p + k + 2][r]]).collect()).collect();
        let found = shares_of(&rows, false);
        for (ours, theirs) in [(&found.first, &expected[0]), (&found.total, &expected[1])] {
            assert_eq!((ours.len(), theirs.len()), (k, k));
            ours.iter().zip(theirs).for_each(|(ours, theirs)| near(ours.mean, *theirs));
        }
    }

    #[test]
    fn where_outcomes_follow_a_polynomial_shares_are_nearly_exact() {
        // 2 x + 3 x y + 2 y²: by hand, variances 49 / 48 alone for x, 217 / 180 - 1 / 16 for y, and 1 / 16 together.
        let of = |p: &[f64]| 2.0 * p[0] + 3.0 * p[0] * p[1] + 2.0 * p[1] * p[1];
        let [x, y, together] = [49.0 / 48.0, (2.0 + 1.5) * (2.0 + 1.5) / 12.0 + 4.0 / 180.0, 1.0 / 16.0];
        let coordinate = |i: u32, by: f64| (f64::from(i) * by + 0.1) % 1.0;
        let place = |i: u32, first: f64, second: f64| vec![coordinate(i, first), coordinate(i, second)];
        let of_a: Vec<_> = (0..64).map(|i| place(i, 0.618_034, 0.414_214)).collect();
        let of_b: Vec<_> = (0..64).map(|i| place(i, 0.732_051, 0.236_068)).collect();
        let row = |a: &Vec<f64>, b: &Vec<f64>| -> Vec<Vec<f64>> {
            let points = [a.clone(), b.clone(), vec![b[0], a[1]], vec![a[0], b[1]]];
            points.iter().map(|point| vec![of(point); 2]).collect()
        };
        let rows: Vec<_> = of_a.iter().zip(&of_b).map(|(a, b)| row(a, b)).collect();
        let coordinates: Vec<_> = of_a.iter().zip(&of_b).map(|(a, b)| [a, b]).collect();
        let (corrected, plain) = (shares_at(&rows, &coordinates, false), shares_of(&rows, false));
        let v = x + y + together;
        let truths = [x / v, y / v, (x + together) / v, (y + together) / v];
        let off = |found: &VarianceShares| -> Vec<f64> {
            let shares = found.first.iter().chain(&found.total);
            shares.zip(truths).map(|(share, truth)| (share.mean - truth).abs()).collect()
        };
        assert!(off(&corrected).iter().all(|off| *off < 0.004), "{:?} {corrected:?}", off(&corrected));
        assert!(off(&plain).iter().all(|off| *off > 0.01), "{:?} {plain:?}", off(&plain));
    }

    #[test]
    fn intervals_are_as_wide_as_leaving_out_one_row_at_a_time_says() {
        let y = columns(include_str!("../../../tests/reference/sensitivity/ishigami.csv"));
        let y: Vec<Vec<f64>> = y.iter().map(|column| column[..200].to_vec()).collect();
        let n = y[0].len();
        let without = |left_out: usize| {
            let kept = |column: &Vec<f64>| (0..n).filter(|r| *r != left_out).map(|r| column[r]).collect();
            twice(&y.iter().map(kept).collect::<Vec<Vec<f64>>>())
        };
        let all = twice(&y);
        let jackknife: Vec<VarianceShares> = (0..n).map(without).collect();
        let mut checked = 0;
        let mut check = |of: fn(&VarianceShares) -> &Vec<Interval>| {
            for (factor, share) in of(&all).iter().enumerate() {
                let means: Vec<f64> = jackknife.iter().map(|found| of(found)[factor].mean).collect();
                let middle = mean(&means);
                let squares: f64 = means.iter().map(|m| (m - middle) * (m - middle)).sum();
                let error = libm::sqrt(squares * (n - 1) as f64 / n as f64);
                let (low, high) = share.ends().unwrap();
                if low > 0.0 && high < 1.0 {
                    // Student's quantile for 199 degrees of freedom. Both sides together: skewness moves an interval.
                    let ratio = (high - low) / (2.0 * 1.972 * error);
                    assert!((0.9..1.1).contains(&ratio), "{factor}: {ratio}");
                    checked += 1;
                }
            }
        };
        check(|found| &found.first);
        check(|found| &found.total);
        assert!(checked >= 4, "{all:?}");
    }

    #[test]
    fn a_constant_outcome_has_no_shares() {
        let found = twice(&[vec![0.1; 8], vec![0.1; 8], vec![0.1; 8]]);
        assert_eq!((found.withheld, found.first.len(), found.luck), (Some(Withheld::Constant), 0, None));
    }

    #[test]
    fn one_replicate_tells_no_shares() {
        let rows: Vec<Vec<Vec<f64>>> =
            (0..8_u8).map(|r| (0..3_u8).map(|p| vec![f64::from((3 * r + p) % 5)]).collect()).collect();
        for shared in [false, true] {
            let found = shares_of(&rows, shared);
            assert_eq!((found.withheld, found.first.len()), (Some(Withheld::OneReplicate), 0));
        }
    }

    #[test]
    fn few_rows_have_shares_without_an_interval() {
        let found = twice(&[vec![1.0, 2.0, 4.0], vec![2.0, 1.0, 3.0], vec![2.0, 1.5, 3.0]]);
        assert_eq!(found.withheld, Some(Withheld::FewRows));
        assert!(found.total[0].mean > 0.0 && found.total[0].low.is_none());
    }

    #[test]
    fn replicates_that_some_points_lack_are_left_out() {
        let row = |v: f64, more: &[f64]| {
            vec![[&[v, v + 0.1][..], more].concat(), vec![3.0 - v, 2.9 - v], vec![v * 0.5, v * 0.6]]
        };
        let values = [0.0, 1.0, 2.0, 4.0, 3.0];
        let some: Vec<_> = values.iter().map(|v| row(*v, &[1e9])).collect();
        let none: Vec<_> = values.iter().map(|v| row(*v, &[])).collect();
        assert_eq!(shares_of(&some, false), shares_of(&none, false));
    }
}
