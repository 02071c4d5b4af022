//! How concentrated a quantity is: the Lorenz curve and the Gini coefficient.

/// How a quantity that is never negative is spread over people.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Concentration {
    /// The values, ascending.
    sorted: Vec<f64>,
    /// Their sum.
    total: f64,
}

impl Concentration {
    /// The spread of these values; `None` if there are none, one is negative or no number, or all are zero.
    #[must_use]
    pub(crate) fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let total: f64 = values.iter().sum();
        let sound = values.iter().all(|value| *value >= 0.0 && value.is_finite());
        (sound && total > 0.0).then_some(Self { sorted: values, total })
    }

    /// The Lorenz curve at `n + 1` places: the share of the total that the least 0/n, 1/n ... of the people have. Between
    /// people it is a straight line.
    #[must_use]
    pub(crate) fn lorenz(&self, n: usize) -> Vec<f64> {
        let people = self.sorted.len();
        let mut curve = Vec::with_capacity(n + 1);
        let (mut whole, mut sum) = (0, 0.0);
        for k in 0..=n {
            let (end, part) = (k * people / n, (k * people % n) as f64 / n as f64);
            sum += self.sorted[whole..end].iter().sum::<f64>();
            whole = end;
            let next = self.sorted.get(end).map_or(0.0, |value| part * value);
            curve.push(((sum + next) / self.total).min(1.0));
        }
        curve
    }

    /// The Gini coefficient: 0 if all have the same, nearly 1 if one of many has all. It is half of the mean difference
    /// between two people, divided by the mean.
    #[must_use]
    pub(crate) fn gini(&self) -> f64 {
        let n = self.sorted.len() as f64;
        let ranked: f64 = self.sorted.iter().zip(1_u32..).map(|(value, rank)| f64::from(rank) * value).sum();
        2.0 * ranked / (n * self.total) - (n + 1.0) / n
    }

    /// The share of the total that the top `share` of the people have.
    #[must_use]
    pub(crate) fn top(&self, share: f64) -> f64 {
        const PLACES: usize = 1000;
        let curve = self.lorenz(PLACES);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let place = libm::round((1.0 - share.clamp(0.0, 1.0)) * PLACES as f64) as usize;
        1.0 - curve[place]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The Gini coefficient by its definition.
    fn by_pairs(values: &[f64]) -> f64 {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let pairs = values.iter().flat_map(|a| values.iter().map(move |b| (a - b).abs()));
        pairs.sum::<f64>() / (2.0 * n * n * mean)
    }

    #[test]
    fn the_gini_coefficient_is_half_the_relative_mean_difference() {
        let values: Vec<f64> = (0..57).map(|k| f64::from(k * k % 23)).collect();
        let gini = Concentration::of(values.clone()).unwrap().gini();
        assert!((gini - by_pairs(&values)).abs() < 1e-12);
        assert!(Concentration::of(vec![2.0; 9]).unwrap().gini().abs() < 1e-12);
    }

    #[test]
    fn the_area_above_the_lorenz_curve_is_the_gini_coefficient() {
        let values: Vec<f64> = (1..=40).map(f64::from).collect();
        let spread = Concentration::of(values).unwrap();
        let curve = spread.lorenz(4000);
        let area: f64 = curve.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0 / 4000.0).sum();
        assert!((1.0 - 2.0 * area - spread.gini()).abs() < 1e-6);
    }

    #[test]
    fn the_top_have_what_the_others_have_not() {
        let mut values = vec![1.0; 95];
        values.extend([19.0; 5]);
        assert!((Concentration::of(values).unwrap().top(0.05) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn nothing_and_what_is_no_quantity_have_no_concentration() {
        assert_eq!(Concentration::of(vec![]), None);
        assert_eq!(Concentration::of(vec![0.0, 0.0]), None);
        assert_eq!(Concentration::of(vec![1.0, -1.0, 3.0]), None);
        assert_eq!(Concentration::of(vec![1.0, f64::NAN]), None);
    }
}
