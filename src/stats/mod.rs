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
mod crossover;
mod decision;
mod holm;
mod interval;
mod moments;
mod paired;
mod precision;
mod quantile;
mod sensitivity;
mod skewed;
mod stationarity;
mod student;
mod survival;
mod together;
mod trimmed;

pub use balance::balance;
pub use break_even::{BreakEven, break_even};
pub use clustered::{Cluster, Clustered};
pub use components::{Components, TwoWay};
pub use concentration::Concentration;
pub use crossover::{Crossover, CrossoverLife, crossover, people_for_crossover, people_for_two_groups};
pub use decision::{clusters_for_power, decided};
pub use holm::holm;
pub use interval::{Contrast, Interval};
pub use moments::Moments;
pub use paired::variance_ratio;
pub use precision::Precision;
pub use quantile::{quantile, quantile_ends};
pub use sensitivity::{ElementaryEffects, Replicates, SaltelliRows, Trajectories, VarianceShares, Withheld};
use skewed::skewed_reach;
pub use stationarity::{drift, proposed_cut};
use student::{beta_quantile, student_half_width};
pub use student::{student_cdf, student_quantile};
pub use survival::{Survival, SurvivalStep, kaplan_meier};
pub use together::{Together, TogetherLimit};
pub use trimmed::trimmed_mean;
