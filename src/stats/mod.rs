//! Statistics: means and intervals, paired contrasts, quantiles, survival curves.
//!
//! Pure functions of plain numbers, on `libm` alone, so that the last digit is the same on
//! every platform. Nothing here knows what the numbers are about.

mod interval;
mod moments;
mod quantile;
mod sensitivity;
mod student;
mod survival;

pub use interval::{Contrast, Interval};
pub use moments::Moments;
pub use quantile::quantile;
pub use sensitivity::{
    ElementaryEffects, Estimate, SaltelliOutcomes, VarianceShares, elementary_effects, variance_shares,
};
pub use student::{student_cdf, student_quantile};
pub use survival::{Survival, SurvivalStep, kaplan_meier};
