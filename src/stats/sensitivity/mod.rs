//! How much each factor matters: elementary effects (Morris) and shares of variance (Sobol).
//!
//! Replicates at a point are noisy. A square of a noisy number is too large by the variance of its
//! noise, so every square here is a product of two different replicates, whose noise is independent.

mod effects;
mod estimate;
mod quadratic;
mod shares;

pub(crate) use effects::{ElementaryEffects, Trajectories};
pub(crate) use estimate::{Replicates, Withheld};
pub(crate) use shares::{SaltelliRows, VarianceShares};

#[cfg(test)]
mod testing {
    /// The columns of a table of numbers; lines that begin with # are left out.
    pub(super) fn columns(text: &str) -> Vec<Vec<f64>> {
        let rows: Vec<Vec<f64>> = text
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| line.split(',').map(|cell| cell.parse().unwrap()).collect())
            .collect();
        (0..rows[0].len()).map(|c| rows.iter().map(|row| row[c]).collect()).collect()
    }

    pub(super) fn near(ours: f64, theirs: f64) {
        assert!((ours - theirs).abs() < 1e-9, "{ours} for {theirs}");
    }
}
