//! Conversion of exact amounts to double precision, for statistics.

use crate::amount::Amount;
use crate::stats::{Cluster, quantile};

/// Billionths in a unit.
pub(crate) const BILLIONTHS: f64 = 1e9;

/// The cluster of some amounts. Sum and weight are in billionths: integers, which double precision represents
/// exactly up to nine million units. So clusters add exactly, and a mean is one division.
#[allow(clippy::cast_precision_loss)]
pub(crate) fn amount_cluster(amounts: impl Iterator<Item = Amount>) -> Cluster {
    let (sum, n) = amounts.fold((Amount::ZERO, 0_u64), |(sum, n), amount| (sum + amount, n + 1));
    Cluster { sum: in_billionths(sum), weight: n as f64 * BILLIONTHS }
}

/// An amount in billionths, rounded to double precision.
#[allow(clippy::cast_precision_loss)]
pub(crate) fn in_billionths(amount: Amount) -> f64 {
    amount.billionths() as f64
}

/// The quantile `p` of amounts in ascending order. Between two amounts it is rounded to 1e-9. NaN if there are none.
pub(crate) fn amount_quantile(ascending: &[f64], p: f64) -> f64 {
    quantile(ascending, p).map_or(f64::NAN, |value| Amount::of(value).per(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{Clustered, Level};

    #[test]
    fn the_mean_of_a_cluster_has_no_rounding_noise() {
        let worlds = [&[0.1, 0.2, -0.95][..], &[-1.95]];
        let clusters = worlds.map(|world| amount_cluster(world.iter().copied().map(Amount::of)));
        assert_eq!(Clustered::mean(&clusters, Level::USUAL).interval.mean, -0.65);
        assert!([0.1, 0.2, -0.3].iter().sum::<f64>() != 0.0, "the sum of floats is not 0");
        assert_eq!(amount_cluster([0.1, 0.2, -0.3].map(Amount::of).into_iter()).sum, 0.0);
    }

    #[test]
    fn a_quantile_between_two_amounts_is_an_amount() {
        assert_eq!(amount_quantile(&[-0.65, -0.6], 0.5), -0.625);
        let thirds: Vec<f64> = [0.1, 0.2, 0.3, 0.7].to_vec();
        assert_eq!(amount_quantile(&thirds, 0.9), 0.58);
        assert!(amount_quantile(&[], 0.5).is_nan());
    }
}
