//! The data for the charts of one result, read from its files.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::gather::{Flows, Gathered, Index, Regions, Spread};
use super::marks::{Mark, marks};
use super::theme::{Style, styles};
use super::tracks::Tracks;
use crate::results::{
    Files, HelpRow, LifeRow, PersonRow, QuantileRow, ReadError, TieRow, is_clear, read_contrasts,
    read_distribution, read_help, read_outline, read_people, read_summary, read_survival, read_ties,
};
use crate::stats::{Interval, Level};

/// Estimates by metric and strategy.
type Means = BTreeMap<(String, usize), Interval>;
/// Differences by metric and pair of strategies.
type Contrasts = BTreeMap<(String, usize, usize), Difference>;

/// A paired difference between two strategies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Difference {
    /// Its mean and interval.
    pub(super) interval: Interval,
    /// Whether it is clear, with all pairs of strategies taken into account.
    pub(super) clear: bool,
}

/// The data of one result.
#[derive(Debug)]
pub(super) struct Evidence {
    /// Name of the result in a comparison.
    pub(super) label: String,
    /// The level of confidence of intervals.
    pub(super) level: Level,
    /// First round that counts in summaries.
    pub(super) burn_in: u32,
    /// Rounds at which settings change.
    pub(super) marks: Vec<Mark>,
    /// Whether agents changed their strategies.
    pub(super) evolution: bool,
    /// Names of the strategies, in the order of the scenario.
    pub(super) strategies: Vec<String>,
    /// Their styles, by position; in a comparison by name.
    pub(super) styles: Vec<Style>,
    /// Quantities over time.
    pub(super) tracks: Tracks,
    /// Mean per round after burn-in, by metric and strategy.
    summary: Means,
    /// Paired difference second - first, by metric, first and second.
    contrasts: Contrasts,
    /// Flows of value between strategies.
    pub(super) flows: Gathered<Flows>,
    /// Net benefit by region.
    pub(super) regions: Gathered<Regions>,
    /// Quantiles of final benefit.
    pub(super) distribution: Vec<QuantileRow>,
    /// Quantiles of benefit over time.
    pub(super) spread: Option<Spread>,
    /// Some people at the end.
    pub(super) people: Vec<PersonRow>,
    /// Their ties to each other.
    pub(super) ties: Vec<TieRow>,
    /// Lives, under survival.
    pub(super) lives: Vec<LifeRow>,
    /// What agents gave and received, if the state of every agent was written.
    pub(super) help: Vec<HelpRow>,
}

impl Evidence {
    /// Reads a result folder. `rounds.csv` and `summary.csv` are required. If another table is missing, charts that
    /// need it are left out.
    pub(super) fn read<'a>(files: impl Into<Files<'a>>) -> Result<Self, ReadError> {
        let files = files.into();
        let outline = read_outline(files)?;
        let (burn_in, level) = (outline.burn_in.unwrap_or(0), outline.level);
        let tracks = Tracks::read(files, &outline.strategies, burn_in)?;
        let strategies = tracks.strategies.clone();
        let index: Index = strategies.iter().enumerate().map(|(i, name)| (name.as_str(), i)).collect();
        let summary = means(files, &index)?;
        Ok(Self {
            label: outline.title.unwrap_or_default(),
            level,
            burn_in,
            marks: marks(&outline.scheduled),
            evolution: outline.evolution,
            styles: styles(&strategies),
            contrasts: contrasts(files, &index, &summary, level)?,
            flows: Flows::read(files, &index, &tracks)?,
            regions: Regions::read(files, &index, tracks.n_replicates)?,
            distribution: optional(files, "distribution.csv", |files| read_distribution(files))?,
            spread: Spread::read(files, &index)?,
            people: optional(files, "people_sample.csv", |files| read_people(files))?,
            ties: optional(files, "ties_sample.csv", |files| read_ties(files))?,
            lives: optional(files, "survival.csv", |files| read_survival(files))?,
            help: optional(files, "agents.csv", |files| read_help(files))?,
            summary,
            strategies,
            tracks,
        })
    }

    /// Number of strategies.
    pub(super) fn n_strategies(&self) -> usize {
        self.strategies.len()
    }

    /// Number of replicates of the result.
    pub(super) fn n_replicates(&self) -> u32 {
        self.tracks.n_replicates
    }

    /// Mean of a metric per round after burn-in, if there is one.
    pub(super) fn mean(&self, metric: &str, strategy: usize) -> Option<Interval> {
        self.summary.get(&(metric.to_owned(), strategy)).copied().filter(|i| !i.mean.is_nan())
    }

    /// Paired difference of a metric, `second - first`. The table can have either order of the pair.
    pub(super) fn contrast(&self, metric: &str, first: usize, second: usize) -> Option<Difference> {
        let key = |a: usize, b: usize| (metric.to_owned(), a, b);
        let straight = self.contrasts.get(&key(first, second)).copied();
        straight
            .or_else(|| {
                let other = self.contrasts.get(&key(second, first))?;
                Some(Difference { interval: other.interval.turned(), ..*other })
            })
            .filter(|difference| !difference.interval.mean.is_nan())
    }
}

/// Names for results: their titles, or the names of their folders where titles repeat or are missing.
pub(crate) fn labels(titles: &[&str], dirs: &[PathBuf]) -> Vec<String> {
    let label = |(title, dir): (&&str, &PathBuf)| {
        let repeats = titles.iter().filter(|other| *other == title).count() > 1;
        if !repeats && !title.is_empty() {
            return (*title).to_owned();
        }
        dir.file_name().unwrap_or(dir.as_os_str()).to_string_lossy().into_owned()
    };
    titles.iter().zip(dirs).map(label).collect()
}

/// Makes results comparable: gives them distinct labels, and a strategy the same style in all.
pub(super) fn align(results: &mut [Evidence], dirs: &[PathBuf]) {
    let titles: Vec<&str> = results.iter().map(|r| r.label.as_str()).collect();
    let labels = labels(&titles, dirs);
    let mut names: Vec<String> = Vec::new();
    for (result, label) in results.iter_mut().zip(labels) {
        result.label = label;
        for name in &result.strategies {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
    }
    let all = styles(&names);
    for result in results {
        let place = |name: &String| names.iter().position(|n| n == name).expect("it was just entered");
        result.styles = result.strategies.iter().map(|name| all[place(name)]).collect();
    }
}

/// Reads the means of the strategies.
fn means(files: Files<'_>, index: &Index<'_>) -> Result<Means, ReadError> {
    let rows = read_summary(files)?.into_iter();
    let rows = rows.filter_map(|r| Some(((r.metric.clone(), *index.get(r.first.as_str())?), r.mean)));
    Ok(rows.collect())
}

/// Reads the contrasts that charts can need: all of net benefit, and of other metrics those with the strategy that
/// leads in the metric or in net benefit. With many strategies the others would be too many.
fn contrasts(
    files: Files<'_>,
    index: &Index<'_>,
    means: &Means,
    level: Level,
) -> Result<Contrasts, ReadError> {
    // Of equal means the first leads, as in the ranking of `words`.
    let mut leaders: BTreeMap<&str, (f64, usize)> = BTreeMap::new();
    for ((metric, strategy), interval) in means.iter().filter(|(_, i)| !i.mean.is_nan()) {
        let leader = leaders.entry(metric).or_insert((interval.mean, *strategy));
        if interval.mean.total_cmp(&leader.0).is_gt() {
            *leader = (interval.mean, *strategy);
        }
    }
    let leads = |metric: &str, s: usize| leaders.get(metric).is_some_and(|(_, leader)| *leader == s);
    let asked = |metric: &str, s: usize| leads(metric, s) || leads("net", s);
    let mut contrasts = Contrasts::new();
    if files.has("contrasts.csv")? {
        let pair = |first: &str, second: &str| Some((*index.get(first)?, *index.get(second)?));
        let keep = |first: &str, second: &str, metric: &str| {
            metric == "net" || pair(first, second).is_some_and(|(a, b)| asked(metric, a) || asked(metric, b))
        };
        read_contrasts(files, keep, |row| {
            if let Some((first, second)) = pair(&row.first, &row.second) {
                let clear = is_clear(row.p_adjusted, &row.mean, level);
                contrasts
                    .insert((row.metric.clone(), first, second), Difference { interval: row.mean, clear });
            }
        })?;
    }
    Ok(contrasts)
}

/// The rows of a table, or none if the result lacks it.
fn optional<T>(
    files: Files<'_>,
    name: &str,
    read: fn(Files<'_>) -> Result<Vec<T>, ReadError>,
) -> Result<Vec<T>, ReadError> {
    if files.has(name)? { read(files) } else { Ok(Vec::new()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_strategies_with_equal_leads_one_keeps_its_contrasts() {
        let names = ["a", "b", "c", "d", "e"];
        let index: Index = names.iter().enumerate().map(|(i, name)| (*name, i)).collect();
        let mut table = "first,second,metric,difference,ci_low,ci_high,p_value,replicates\n".to_owned();
        let mut means = Means::new();
        let point = |mean| Interval { mean, low: None, high: None };
        for (i, first) in names.iter().enumerate() {
            means.insert(("ties".to_owned(), i), point(5.0));
            means.insert(("net".to_owned(), i), point(if i == 1 { 2.0 } else { 1.0 }));
            for second in &names[i + 1..] {
                table += &format!("{first},{second},ties,0,0,0,1,2\n{first},{second},net,0,0,0,1,2\n");
            }
        }
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("contrasts.csv"), table).unwrap();
        let kept = contrasts(dir.path().into(), &index, &means, Level::USUAL).unwrap();
        let of = |metric: &str| kept.keys().filter(|(m, ..)| m == metric).count();
        // Of ten pairs, three have neither the first leader in ties nor the leader in net benefit.
        assert_eq!((of("net"), of("ties")), (10, 7));
    }
}
