//! Statistics: means and intervals, also of clusters; paired contrasts, quantiles, survival curves,
//! break-even times, stopping by precision, crossover trials.
//!
//! Pure functions of plain numbers, with `libm` only, so that results are the same on every platform. Nothing here
//! depends on the meaning of the numbers.

mod balance;
mod break_even;
mod clustered;
mod components;
mod concentration;
#[cfg(test)]
mod coverage;
mod crossover;
mod decision;
mod holm;
mod interval;
mod level;
#[cfg(test)]
mod many_points;
mod moments;
mod normal;
mod paired;
mod power;
mod precision;
mod quantile;
mod sensitivity;
mod shapley;
mod skewed;
mod stationarity;
mod student;
mod survival;
mod together;
mod trimmed;

pub(crate) use balance::balance;
pub(crate) use break_even::{BreakEven, break_even};
pub(crate) use clustered::{Cluster, Clustered};
pub(crate) use components::{Components, TwoWay};
pub(crate) use concentration::Concentration;
pub(crate) use crossover::{
    Crossover, CrossoverLife, crossover, people_for_crossover, people_for_two_groups,
};
pub(crate) use decision::decided;
pub(crate) use holm::{holm, holm_by_group};
pub(crate) use interval::Contrast;
pub use interval::Interval;
pub use level::Level;
pub(crate) use moments::Moments;
pub(crate) use paired::variance_ratio;
pub(crate) use power::NEEDED_MAX;
pub use power::Power;
pub(crate) use precision::Precision;
pub(crate) use quantile::{quantile, quantile_ends};
pub(crate) use sensitivity::{
    ElementaryEffects, Replicates, SaltelliRows, Trajectories, VarianceShares, Withheld,
};
pub(crate) use shapley::{Step, all_steps, factorial, shapley};
use skewed::skewed_reach;
pub(crate) use stationarity::{drift, proposed_cut};
use student::{beta_quantile, student_half_width};
pub(crate) use student::{student_cdf, student_quantile};
pub(crate) use survival::{Survival, kaplan_meier};
pub(crate) use together::{Together, TogetherLimit, discoveries};
pub(crate) use trimmed::trimmed_mean;
