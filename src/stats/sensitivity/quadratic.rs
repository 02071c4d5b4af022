//! A quadratic polynomial of the factors, fitted to outcomes. Its shares of variance are known exactly, so it
//! serves as a control variate (Kucherenko et al. 2015, Reliability Engineering & System Safety 134, 251-259).

/// A polynomial in orthonormal terms: of each factor its first and second Legendre polynomial, and the products
/// of the first ones of two factors. The constant is left out.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Quadratic {
    n_factors: usize,
    coefficients: Vec<f64>,
}

/// Groups of rows; the polynomial of a group is fitted to all others, so that its errors do not follow theirs.
pub(super) const GROUPS: usize = 4;

/// Points per coefficient that a fit needs.
const POINTS_PER_TERM: usize = 5;

impl Quadratic {
    /// Its value at a point of the unit cube.
    pub(super) fn at(&self, x: &[f64]) -> f64 {
        terms(x).iter().zip(&self.coefficients).map(|(term, c)| term * c).sum()
    }

    /// Its variance over the cube.
    pub(super) fn variance(&self) -> f64 {
        self.coefficients.iter().map(|c| c * c).sum()
    }

    /// The variance that a factor explains alone.
    pub(super) fn first(&self, factor: usize) -> f64 {
        self.coefficients[2 * factor..2 * factor + 2].iter().map(|c| c * c).sum()
    }

    /// The variance that it explains alone and together with others.
    pub(super) fn total(&self, factor: usize) -> f64 {
        let products = pairs(self.n_factors).zip(&self.coefficients[2 * self.n_factors..]);
        let with = products.filter(|((i, j), _)| *i == factor || *j == factor).map(|(_, c)| c * c);
        self.first(factor) + with.sum::<f64>()
    }
}

fn pairs(n: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..n).flat_map(|i| (0..i).map(move |j| (i, j)))
}

/// The terms at a point.
fn terms(x: &[f64]) -> Vec<f64> {
    let (three, five) = (libm::sqrt(3.0), libm::sqrt(5.0));
    let firsts: Vec<f64> = x.iter().map(|x| three * (2.0 * x - 1.0)).collect();
    let own = firsts.iter().flat_map(|z| [*z, five * (z * z - 1.0) / 2.0]);
    own.chain(pairs(x.len()).map(|(i, j)| firsts[i] * firsts[j])).collect()
}

/// A polynomial for each group of rows, from the points of all others: least squares. Each point has the number
/// of its row, its coordinates and its outcome. None if there are too few points or factors do not vary.
pub(super) fn by_group<'a>(
    n_factors: usize,
    points: impl Iterator<Item = (usize, &'a [f64], f64)>,
) -> Option<Vec<Quadratic>> {
    // With the constant as the last term.
    let n = 2 * n_factors + n_factors * (n_factors - 1) / 2 + 1;
    let mut sums = vec![(vec![0.0; n * n], vec![0.0; n]); GROUPS];
    let mut n_points = 0;
    for (row, x, y) in points {
        let mut terms = terms(x);
        terms.push(1.0);
        let (squares, products) = &mut sums[row % GROUPS];
        for (i, term) in terms.iter().enumerate() {
            products[i] += term * y;
            squares[i * n..=i * n + i].iter_mut().zip(&terms).for_each(|(sum, other)| *sum += term * other);
        }
        n_points += 1;
    }
    if n_points * (GROUPS - 1) < POINTS_PER_TERM * GROUPS * n {
        return None;
    }
    let fit = |group: usize| {
        let (mut squares, mut products) = (vec![0.0; n * n], vec![0.0; n]);
        for (_, (s, p)) in sums.iter().enumerate().filter(|(other, _)| *other != group) {
            squares.iter_mut().zip(s).for_each(|(all, s)| *all += s);
            products.iter_mut().zip(p).for_each(|(all, p)| *all += p);
        }
        let mut coefficients = solve(squares, products)?;
        coefficients.pop();
        Some(Quadratic { n_factors, coefficients })
    };
    (0..GROUPS).map(fit).collect()
}

/// The mean of `off` in the measure in which `values` go with it: none to all of it.
pub(super) fn control(
    values: impl Iterator<Item = f64> + Clone,
    off: impl Iterator<Item = f64> + Clone,
) -> f64 {
    let n = off.clone().count() as f64;
    let (mean_value, mean_off) = (values.clone().sum::<f64>() / n, off.clone().sum::<f64>() / n);
    let squares: f64 = off.clone().map(|o| (o - mean_off) * (o - mean_off)).sum();
    if squares == 0.0 {
        return 0.0;
    }
    let products: f64 = values.zip(off).map(|(v, o)| (v - mean_value) * (o - mean_off)).sum();
    mean_off * (products / squares).clamp(0.0, 1.0)
}

/// Solves a symmetric system by Cholesky's method; `a` is its lower triangle by rows. None if it is singular.
fn solve(mut a: Vec<f64>, mut b: Vec<f64>) -> Option<Vec<f64>> {
    let n = b.len();
    for i in 0..n {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|k| a[i * n + k] * a[j * n + k]).sum();
            let left = a[i * n + j] - sum;
            if i > j {
                a[i * n + j] = left / a[j * n + j];
            } else if left > 1e-9 * a[i * n + i] {
                a[i * n + i] = libm::sqrt(left);
            } else {
                return None;
            }
        }
    }
    for i in 0..n {
        let sum: f64 = (0..i).map(|k| a[i * n + k] * b[k]).sum();
        b[i] = (b[i] - sum) / a[i * n + i];
    }
    for i in (0..n).rev() {
        let sum: f64 = (i + 1..n).map(|k| a[k * n + i] * b[k]).sum();
        b[i] = (b[i] - sum) / a[i * n + i];
    }
    Some(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Points that fill the square.
    fn points(n: u32) -> Vec<[f64; 2]> {
        (0..n).map(|i| [f64::from(i) * 0.618_034 % 1.0, f64::from(i) * 0.414_214 % 1.0]).collect()
    }

    #[test]
    fn a_quadratic_function_is_found_with_its_shares() {
        // 2 x + 3 x y: by hand, variances 49 / 48 alone for x, 3 / 16 for y, and 1 / 16 together.
        let points = points(200);
        let of = |[x, y]: &[f64; 2]| 5.0 + 2.0 * x + 3.0 * x * y;
        let fitted = by_group(2, points.iter().enumerate().map(|(row, p)| (row, &p[..], of(p)))).unwrap();
        for found in fitted {
            let near = |ours: f64, theirs: f64| assert!((ours - theirs).abs() < 1e-9, "{ours} for {theirs}");
            near(found.first(0), 49.0 / 48.0);
            near(found.first(1), 3.0 / 16.0);
            near(found.total(1), 3.0 / 16.0 + 1.0 / 16.0);
            near(found.variance(), 49.0 / 48.0 + 3.0 / 16.0 + 1.0 / 16.0);
            near(found.at(&[0.3, 0.9]) - found.at(&[0.1, 0.2]), of(&[0.3, 0.9]) - of(&[0.1, 0.2]));
        }
    }

    #[test]
    fn a_square_has_the_variance_that_it_has_by_hand() {
        // x² has the variance 1 / 5 - 1 / 9, and its linear part 1 / 12.
        let points = points(200);
        let fitted =
            by_group(2, points.iter().enumerate().map(|(row, p)| (row, &p[..], p[0] * p[0]))).unwrap();
        for found in fitted {
            assert!((found.first(0) - 4.0 / 45.0).abs() < 1e-9 && found.total(1) < 1e-9, "{found:?}");
            assert!((found.coefficients[0] * found.coefficients[0] - 1.0 / 12.0).abs() < 1e-9, "{found:?}");
        }
    }

    #[test]
    fn the_polynomial_of_a_group_does_not_know_its_rows() {
        let points = points(200);
        let linear = |row: usize, p: &[f64; 2]| if row % GROUPS == 1 { 100.0 * p[1] } else { p[0] };
        let fitted =
            by_group(2, points.iter().enumerate().map(|(row, p)| (row, &p[..], linear(row, p)))).unwrap();
        for (group, found) in fitted.iter().enumerate() {
            let knows_others_only = (found.first(0) - 1.0 / 12.0).abs() < 1e-9 && found.first(1) < 1e-9;
            assert_eq!(knows_others_only, group == 1, "{group}: {found:?}");
        }
    }

    #[test]
    fn a_control_takes_off_as_much_as_goes_with_it() {
        let control = |values: [f64; 3], off: [f64; 3]| control(values.into_iter(), off.into_iter());
        // By hand: the mean of what is off is 2, and the slope of the values on it 1 / 4.
        assert_eq!(control([0.5, 1.0, 0.5], [1.0, 3.0, 2.0]), 0.5);
        assert_eq!(control([11.0, 13.0, 12.0], [1.0, 3.0, 2.0]), 2.0, "all of it");
        assert_eq!(control([10.0, 30.0, 20.0], [1.0, 3.0, 2.0]), 2.0, "and no more");
        assert_eq!(control([3.0, 1.0, 2.0], [1.0, 3.0, 2.0]), 0.0, "none where it goes the other way");
        assert_eq!(control([3.0, 1.0, 2.0], [2.0, 2.0, 2.0]), 0.0, "none where it is constant");
    }

    #[test]
    fn few_points_or_a_factor_that_stands_still_have_no_fit() {
        let few = points(39);
        assert_eq!(by_group(2, few.iter().enumerate().map(|(row, p)| (row, &p[..], p[0]))), None);
        let still: Vec<[f64; 2]> = points(200).iter().map(|p| [p[0], 0.5]).collect();
        assert_eq!(by_group(2, still.iter().enumerate().map(|(row, p)| (row, &p[..], p[0]))), None);
    }
}
