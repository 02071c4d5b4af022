//! Reads the tables of a sweep.

use std::path::Path;

use serde::Deserialize;

use super::super::verify::read_manifest;
use super::error::{RUN_AGAIN, ReadError};
use super::source::Source;
use crate::stats::{Interval, Level};

/// The part of a sweep's manifest that charts need.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct SweepOutline {
    /// Title of the scenario.
    pub title: Option<String>,
    /// Names of the strategies in the order of the scenario.
    pub strategies: Vec<String>,
    /// The level of confidence of intervals.
    pub level: Level,
    /// The sweep.
    pub sweep: SweepNames,
}

/// The design and the contrast of a sweep.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct SweepNames {
    /// "run" or "bet".
    pub experiment: String,
    /// The design.
    pub design: String,
    /// The factors.
    pub factors: Vec<FactorOutline>,
    /// Strategy that the contrast subtracts.
    pub first: String,
    /// Strategy that it subtracts from.
    pub second: String,
    /// Metric of the contrast.
    pub metric: String,
    /// Horizon of a bet.
    pub horizon: Option<u32>,
    /// Maximum number of times that the spacing of a grid was halved.
    pub depth: u32,
    /// Number of points in the result.
    pub points: u64,
    /// A warning where intervals may hold less often than said.
    pub caution: Option<String>,
}

/// A factor of a sweep.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub(crate) struct FactorOutline {
    /// Its name, and that of its column.
    pub name: String,
    /// "linear" or "log".
    pub scale: String,
    /// Its values, if they are listed.
    pub values: Vec<String>,
    /// Number of its values in a grid.
    pub levels: u32,
}

/// Reads `manifest.json` of a sweep.
///
/// # Errors
/// If the file is missing, is no JSON object of the expected types, or describes an impossible grid.
pub(crate) fn read_sweep_outline(dir: &Path) -> Result<SweepOutline, ReadError> {
    let file = dir.join("manifest.json");
    let outline: SweepOutline = read_manifest(&file)?;
    let SweepNames { depth, factors, .. } = &outline.sweep;
    // Positions along a factor are 32-bit numbers.
    let fits = |factor: &FactorOutline| {
        let steps = u64::from(factor.levels.saturating_sub(1));
        *depth < 32 && steps << depth < u64::from(u32::MAX)
    };
    match factors.iter().find(|factor| !fits(factor)) {
        None => Ok(outline),
        Some(factor) => {
            let problem =
                format!("no sweep halves {} levels of {} {depth} times", factor.levels, factor.name);
            Err(ReadError::about(&file, problem, RUN_AGAIN))
        }
    }
}

/// The contrast at one point.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SweepPointRow {
    /// The point's number.
    pub point: u32,
    /// The value of each factor.
    pub values: Vec<String>,
    /// Mean difference; no interval of one replicate.
    pub difference: Interval,
    /// The same with the interval that holds with all points taken together; none of few replicates.
    pub together: Interval,
}

/// Calls `each` with the contrast at every point, from `sweep_contrasts.csv` or at the bet's horizon from
/// `sweep_bet.csv`, one at a time, so that memory does not grow with their number.
///
/// # Errors
/// If the file, a column or a number cannot be read.
pub(crate) fn read_sweep_points(
    dir: &Path,
    names: &SweepNames,
    mut each: impl FnMut(SweepPointRow),
) -> Result<(), ReadError> {
    if let Some(at) = names.horizon {
        let mut table = Source::open(dir, "sweep_bet.csv")?;
        let [point, horizon, mean, low, high] =
            table.columns(["point", "horizon", "mean", "ci_low", "ci_high"])?;
        let all = table.columns(["all_low", "all_high"])?;
        let factors = factor_columns(&table, names)?;
        while table.next()? {
            if table.count(horizon)? == at {
                let difference = table.interval([mean, low, high])?;
                let together = table.interval([mean, all[0], all[1]])?;
                let values = factors.iter().map(|&f| table.text(f).to_owned()).collect();
                each(SweepPointRow { point: table.count(point)?, values, difference, together });
            }
        }
        return Ok(());
    }
    let mut table = Source::open(dir, "sweep_contrasts.csv")?;
    let [point, first, second, metric, difference, low, high] =
        table.columns(["point", "first", "second", "metric", "difference", "ci_low", "ci_high"])?;
    let all = table.columns(["all_low", "all_high"])?;
    let factors = factor_columns(&table, names)?;
    while table.next()? {
        let pair = [table.text(first), table.text(second)];
        let turned = pair == [&names.second, &names.first];
        if table.text(metric) != names.metric || !(turned || pair == [&names.first, &names.second]) {
            continue;
        }
        let estimates = [[low, high], all].map(|[low, high]| table.interval([difference, low, high]));
        // The table has each pair once, in the order of the scenario.
        let [difference, together] =
            estimates.map(|estimate| estimate.map(|e| if turned { e.turned() } else { e }));
        let (difference, together) = (difference?, together?);
        let values = factors.iter().map(|&f| table.text(f).to_owned()).collect();
        each(SweepPointRow { point: table.count(point)?, values, difference, together });
    }
    Ok(())
}

/// Positions of the factors' columns.
fn factor_columns(table: &Source<'_>, names: &SweepNames) -> Result<Vec<usize>, ReadError> {
    let place = |factor: &FactorOutline| table.columns([factor.name.as_str()]).map(|[place]| place);
    names.factors.iter().map(place).collect()
}

/// One strategy's mean at one point.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SweepMeanRow {
    /// The point's number.
    pub point: u32,
    /// Strategy's name.
    pub strategy: String,
    /// Mean; no interval of one replicate.
    pub mean: Interval,
}

/// Reads the means of a metric from `sweep.csv`, at the points that `keep` accepts.
///
/// # Errors
/// If the file, a column or a number cannot be read.
pub(crate) fn read_sweep_means(
    dir: &Path,
    of: &str,
    keep: impl Fn(u32) -> bool,
) -> Result<Vec<SweepMeanRow>, ReadError> {
    let mut table = Source::open(dir, "sweep.csv")?;
    let [point, strategy, metric, mean, low, high] =
        table.columns(["point", "strategy", "metric", "mean", "ci_low", "ci_high"])?;
    let mut rows = Vec::new();
    while table.next()? {
        let point = table.count(point)?;
        if table.text(metric) == of && keep(point) {
            rows.push(SweepMeanRow {
                point,
                strategy: table.text(strategy).to_owned(),
                mean: table.interval([mean, low, high])?,
            });
        }
    }
    Ok(rows)
}

/// The indices of a factor in a sensitivity analysis.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SensitivityRow {
    /// Factor's name.
    pub factor: String,
    /// S1 or mu_star.
    pub first: Interval,
    /// ST, or sigma, which has no interval.
    pub second: Interval,
    /// Whether the factor sets prices only, to which nobody reacts.
    pub price: bool,
    /// Why indices or intervals are missing; empty if none is.
    pub note: String,
}

/// Reads a metric's rows of `sweep_morris.csv` or `sweep_sobol.csv`.
///
/// # Errors
/// If the file, a column or a number cannot be read.
pub(crate) fn read_sensitivity(dir: &Path, morris: bool, of: &str) -> Result<Vec<SensitivityRow>, ReadError> {
    let (file, first, second) = if morris {
        ("sweep_morris.csv", ["mu_star", "mu_star_low", "mu_star_high"], &["sigma"][..])
    } else {
        ("sweep_sobol.csv", ["S1", "S1_low", "S1_high"], &["ST", "ST_low", "ST_high"][..])
    };
    let mut table = Source::open(dir, file)?;
    let [metric, factor, price, note] = table.columns(["metric", "factor", "price", "note"])?;
    let first = table.columns(first)?;
    let second = second.iter().map(|name| table.columns([*name])).collect::<Result<Vec<_>, _>>()?.concat();
    let mut rows = Vec::new();
    while table.next()? {
        if table.text(metric) == of {
            rows.push(SensitivityRow {
                factor: table.text(factor).to_owned(),
                first: table.interval(first)?,
                second: match second[..] {
                    [mean, low, high] => table.interval([mean, low, high])?,
                    _ => Interval::around(table.number(second[0])?, None),
                },
                price: table.text(price) == "1",
                note: table.text(note).to_owned(),
            });
        }
    }
    Ok(rows)
}

/// A part of a contrast that was split over traits.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TraitPartRow {
    /// The trait, or what else the part is of.
    pub name: String,
    /// The part.
    pub part: Interval,
}

/// Reads a metric's rows of `sweep_traits.csv`.
///
/// # Errors
/// If the file, a column or a number cannot be read.
pub(crate) fn read_trait_parts(dir: &Path, of: &str) -> Result<Vec<TraitPartRow>, ReadError> {
    let mut table = Source::open(dir, "sweep_traits.csv")?;
    let [metric, name] = table.columns(["metric", "trait"])?;
    let part = table.columns(["part", "ci_low", "ci_high"])?;
    let mut rows = Vec::new();
    while table.next()? {
        if table.text(metric) == of {
            rows.push(TraitPartRow { name: table.text(name).to_owned(), part: table.interval(part)? });
        }
    }
    Ok(rows)
}

/// Reads a metric's shares of variance from `sweep_noise.csv`: the sources and their shares.
///
/// # Errors
/// If the file, a column or a number cannot be read.
pub(crate) fn read_noise(dir: &Path, of: &str) -> Result<Vec<(String, f64)>, ReadError> {
    let mut table = Source::open(dir, "sweep_noise.csv")?;
    let [metric, source, share] = table.columns(["metric", "source", "share"])?;
    let mut rows = Vec::new();
    while table.next()? {
        if table.text(metric) == of {
            rows.push((table.text(source).to_owned(), table.number(share)?));
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::super::tests::folder;
    use super::*;

    #[test]
    fn a_grid_that_no_sweep_makes_is_refused() {
        let refused = |levels: u32, depth: u32| {
            let factors = format!("[{{\"name\": \"fee\", \"levels\": {levels}}}]");
            let text = format!("{{\"sweep\": {{\"depth\": {depth}, \"factors\": {factors}}}}}");
            let read = read_sweep_outline(folder("manifest.json", &text).path());
            read.map(|found| assert_eq!(found.sweep.depth, depth)).is_err()
        };
        // The last place along a factor is (levels - 1) times 2 for each halving, in 32 bits.
        assert!(!refused(9, 8) && !refused(2, 31) && !refused(1, 31) && !refused(4_294_967_295, 0));
        assert!(refused(3, 31) && refused(1, 32) && refused(2, 64) && refused(65_537, 16));
    }

    #[test]
    fn rows_are_those_of_the_metric_asked_for_in_their_order() {
        let dir = folder(
            "sweep_noise.csv",
            "metric,source,variance,share\nopinion,luck,1,1\nnet,factors,6,0.75\nnet,luck,2,0.25\nties,luck,1,\n",
        );
        let noise = read_noise(dir.path(), "net").unwrap();
        assert_eq!(noise, [("factors".to_owned(), 0.75), ("luck".to_owned(), 0.25)]);
        let dir = folder(
            "sweep_traits.csv",
            "metric,trait,part,ci_low,ci_high,replicates\nopinion,ask,9,8,10,4\nnet,ask,0.5,0.25,0.75,4\nnet,all,1,,,1\n",
        );
        let parts = read_trait_parts(dir.path(), "net").unwrap();
        let part = |name: &str, part| TraitPartRow { name: name.to_owned(), part };
        assert_eq!(
            parts,
            [part("ask", Interval::around(0.5, Some(0.25))), part("all", Interval::around(1.0, None))]
        );
    }

    #[test]
    fn the_second_number_of_a_factor_has_an_interval_in_a_sobol_table_alone() {
        let sobol = folder(
            "sweep_sobol.csv",
            "metric,factor,S1,S1_low,S1_high,ST,ST_low,ST_high,price,note\nties,fee,9,8,10,9,8,10,0,\n\
             net,fee,0.5,0.25,0.75,0.75,0.5,1,1,\nnet,size,0.1,,,0.2,,,0,few\n",
        );
        let rows = read_sensitivity(sobol.path(), false, "net").unwrap();
        let names: Vec<&str> = rows.iter().map(|row| row.factor.as_str()).collect();
        assert_eq!(names, ["fee", "size"]);
        assert_eq!(
            [rows[0].first, rows[0].second],
            [0.5, 0.75].map(|mean| Interval::around(mean, Some(0.25)))
        );
        assert_eq!([rows[1].first, rows[1].second], [0.1, 0.2].map(|mean| Interval::around(mean, None)));
        assert_eq!((rows[0].price, rows[1].price, rows[1].note.as_str()), (true, false, "few"));
        let morris = folder(
            "sweep_morris.csv",
            "metric,factor,mu_star,mu_star_low,mu_star_high,sigma,price,note\nnet,fee,0.5,0.25,0.75,0.125,0,\n",
        );
        let rows = read_sensitivity(morris.path(), true, "net").unwrap();
        assert_eq!(rows[0].second, Interval::around(0.125, None));
    }
}
