//! Charts: pictures of a result, drawn from its files alone.
//!
//! `Evidence` is what was read. Each chart has a file with a function from
//! evidence to an SVG document, or to none where the result has nothing to show. Titles say what is
//! seen in this result, subtitles what is drawn; nothing is taken for granted beforehand. A strategy
//! has the same colour and dashes in every chart. plotters appears nowhere else.

mod axis;
mod bet;
mod calls;
mod canvas;
mod catalogue;
mod channels;
mod compare;
mod concentration;
mod distribution;
mod dots;
mod drawing;
mod error;
mod evidence;
mod flows;
mod frame;
mod gather;
mod labels;
mod layout;
mod lines;
mod marks;
mod memory;
mod mixers;
mod net;
mod network;
mod opinion;
mod patterns;
mod people;
#[cfg(feature = "png")]
mod png;
mod regions;
mod shares;
mod spread;
mod survival;
mod sweep;
mod text;
mod theme;
mod tracks;
mod validation;
mod words;

use std::path::{Path, PathBuf};

use canvas::Unreadable;
use catalogue::{
    Chart, Kind, OF_BETS, OF_RUNS, OF_SWEEPS, of_bet, of_evidence, of_run, of_sweep, of_validation,
};
pub(crate) use drawing::{Drawing, Row, Spot, Table};
pub use error::ChartError;
use evidence::Evidence;
pub(crate) use evidence::labels;
#[cfg(test)]
pub(crate) use theme::text_colours;

use crate::parallel::ThreadPool;
use crate::results::{
    BetChart, EvidenceChart, MemoryResult, ReadError, RunChart, SweepChart, ValidationChart, create_folder,
    hold, hold_alone, read_patterns, read_validation, remove_derived, remove_drafts, verify, write_derived,
};
use crate::stats::Level;
pub(crate) use memory::memory;

/// What was drawn.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Drawn {
    /// The files written, in a fixed order.
    pub files: Vec<PathBuf>,
    /// Charts that are left out because nobody could read them, each with the reason, in words.
    pub left_out: Vec<String>,
}

/// A chart as a document in memory.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct DrawnChart {
    /// Its name, which is that of its file without an extension.
    pub name: &'static str,
    /// The SVG document.
    pub svg: String,
}

/// A chart of a result, in memory.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    /// Name of its file, without an extension.
    pub name: &'static str,
    /// The picture, or why nobody could read it; `None` where the result has nothing to show.
    pub drawing: Option<Result<Drawing, String>>,
}

/// Draws all charts of the result in `dir` into `dir/charts`, as SVG and, with the feature `png`,
/// as PNG of twice the size.
///
/// # Errors
/// If a file of the result is not as its manifest says, a table cannot be read, or a file cannot be written.
///
/// [`crate::run_to`] has an example.
pub fn draw(dir: &Path, pool: &ThreadPool) -> Result<Drawn, ChartError> {
    let _held = hold(dir);
    write(dir, &figures(dir, pool)?, pool)
}

/// Draws all charts of the result in `dir`, in memory.
///
/// # Errors
/// If a file of the result is not as its manifest says, or a table cannot be read.
pub(crate) fn figures(dir: &Path, pool: &ThreadPool) -> Result<Vec<Figure>, ChartError> {
    check(dir)?;
    Ok(match Kind::of(dir)? {
        Kind::Run => {
            let charts: Vec<_> = RunChart::ALL.iter().map(|chart| (chart.name(), of_run(*chart))).collect();
            draw_all(&charts, &Evidence::read(dir)?, pool)
        }
        Kind::Bet => {
            let charts: Vec<_> = BetChart::ALL.iter().map(|chart| (chart.name(), of_bet(*chart))).collect();
            draw_all(&charts, &bet::BetEvidence::read(dir)?, pool)
        }
        Kind::Sweep => {
            let charts: Vec<_> =
                SweepChart::ALL.iter().map(|chart| (chart.name(), of_sweep(*chart))).collect();
            draw_all(&charts, &sweep::SweepEvidence::read(dir)?, pool)
        }
        Kind::Validation => {
            let charts: Vec<_> =
                ValidationChart::ALL.iter().map(|chart| (chart.name(), of_validation(*chart))).collect();
            draw_all(&charts, read_validation(dir)?.as_slice(), pool)
        }
        Kind::Evidence => {
            let charts: Vec<_> =
                EvidenceChart::ALL.iter().map(|chart| (chart.name(), of_evidence(*chart))).collect();
            draw_all(&charts, read_patterns(dir)?.as_slice(), pool)
        }
    })
}

/// Writes the charts of the result in `dir` into `dir/charts`.
///
/// # Errors
/// If a file cannot be written.
pub(crate) fn write(dir: &Path, figures: &[Figure], pool: &ThreadPool) -> Result<Drawn, ChartError> {
    write_all(figures, &dir.join("charts"), pool)
}

/// Draws charts that compare the results in `dirs` into `out`. Results are labelled by their titles,
/// or by the names of their folders where titles repeat or are missing.
///
/// # Errors
/// If there is no result to compare, the intervals of two have different levels, a file of one is not as its manifest says,
/// a table cannot be read, or a file cannot be written.
///
/// ```
/// use mingle::{Progress, RunOptions, Scenario, ThreadPool};
///
/// let pool = ThreadPool::new(1)?;
/// let parent = std::env::temp_dir().join(format!("mingle-compare-{}", std::process::id()));
/// let small = Scenario::parse("rounds = 8\nreplicates = 2\n[population]\nagents = 60", &[])?;
/// let dirs = [parent.join("fee"), parent.join("free")];
/// for (dir, scenario) in dirs.iter().zip([small.clone(), small.with(&["calls.fee=0"])?]) {
///     mingle::run_to(dir, &scenario, RunOptions::default(), &pool, &Progress::default())?;
/// }
/// let drawn = mingle::compare(&dirs, &parent.join("charts"), &pool)?;
/// assert!(drawn.files.iter().any(|file| file.ends_with("compare_net.svg")));
/// # std::fs::remove_dir_all(&parent)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn compare(dirs: &[PathBuf], out: &Path, pool: &ThreadPool) -> Result<Drawn, ChartError> {
    let figures = compared(dirs, pool)?;
    create_folder(out).map_err(|e| ChartError::write(out, &e))?;
    // Two comparisons in one folder do not mix their charts: the later one has all of them.
    let _held = hold_alone(out);
    write_all(&figures, out, pool)
}

/// Draws charts that compare the results in `dirs`, in memory.
///
/// # Errors
/// If there is no result to compare, a file of one is not as its manifest says, or a table cannot be read.
pub(crate) fn compared(dirs: &[PathBuf], pool: &ThreadPool) -> Result<Vec<Figure>, ChartError> {
    let Some(first) = dirs.first() else { return Err(ChartError::NothingToCompare) };
    let _held: Vec<_> = dirs.iter().map(|dir| hold(dir)).collect();
    let kinds = dirs.iter().map(|dir| Kind::of(dir)).collect::<Result<Vec<_>, _>>()?;
    let kind = kinds[0];
    if let Some((other, kind_of_other)) = dirs.iter().zip(&kinds).find(|(_, other)| **other != kind) {
        let both = [(first.as_path(), kind.name()), (other.as_path(), kind_of_other.name())];
        return Err(ChartError::different(both));
    }
    let drawn = match kind {
        Kind::Run => {
            let mut results = read_all(dirs, |dir| Evidence::read(dir), pool)?;
            same_level(results.iter().map(|result| result.level), dirs)?;
            evidence::align(&mut results, dirs);
            draw_all(OF_RUNS, results.as_slice(), pool)
        }
        Kind::Bet => {
            let mut results = read_all(dirs, |dir| bet::BetEvidence::read(dir), pool)?;
            same_level(results.iter().map(|result| result.level), dirs)?;
            let titles: Vec<&str> = results.iter().map(|result| result.label.as_str()).collect();
            let labels = labels(&titles, dirs);
            results.iter_mut().zip(labels).for_each(|(result, label)| result.label = label);
            draw_all(OF_BETS, results.as_slice(), pool)
        }
        Kind::Sweep => {
            let mut results = read_all(dirs, sweep::SweepEvidence::read, pool)?;
            same_level(results.iter().map(|result| result.level), dirs)?;
            let titles: Vec<&str> = results.iter().map(|result| result.label.as_str()).collect();
            let labels = labels(&titles, dirs);
            results.iter_mut().zip(labels).for_each(|(result, label)| result.label = label);
            draw_all(OF_SWEEPS, results.as_slice(), pool)
        }
        Kind::Validation | Kind::Evidence => {
            return Err(ChartError::DifferentKinds("validations are not compared".to_owned()));
        }
    };
    if drawn.iter().all(|figure| figure.drawing.is_none()) {
        return Err(ChartError::NothingInCommon);
    }
    Ok(drawn)
}

/// Reads the data of several results side by side.
fn read_all<E: Send>(
    dirs: &[PathBuf],
    read: fn(&Path) -> Result<E, ReadError>,
    pool: &ThreadPool,
) -> Result<Vec<E>, ReadError> {
    let read = |dir: PathBuf| check(&dir).and_then(|()| read(&dir));
    pool.install(|par| par.map(dirs.to_vec(), read)).into_iter().collect()
}

/// Refuses results whose intervals have different levels.
fn same_level(levels: impl Iterator<Item = Level>, dirs: &[PathBuf]) -> Result<(), ChartError> {
    let levels: Vec<_> = dirs.iter().cloned().zip(levels).collect();
    let other = levels.iter().find(|(_, level)| *level != levels[0].1);
    other.map_or(Ok(()), |other| Err(ChartError::Levels { results: [levels[0].clone(), other.clone()] }))
}

/// Draws the charts of a run or a bet in memory that have these names, in the order in which [`draw`] draws them.
/// Charts that have nothing to show, and charts that nobody could read, are left out.
///
/// # Errors
/// If a table is missing, or cannot be read.
///
/// [`crate::run_in_memory`] has an example.
pub fn draw_in_memory(result: &MemoryResult, names: &[&str]) -> Result<Vec<DrawnChart>, ChartError> {
    if result.get("bet.csv").is_some() {
        let charts = BetChart::ALL.iter().map(|chart| (chart.name(), of_bet(*chart)));
        return Ok(draw_named(charts, names, &bet::BetEvidence::read(result)?));
    }
    let charts = RunChart::ALL.iter().map(|chart| (chart.name(), of_run(*chart)));
    Ok(draw_named(charts, names, &Evidence::read(result)?))
}

/// Draws charts that compare runs in memory, each with its label, as [`compare`] does.
///
/// # Errors
/// As [`draw_in_memory`], and if there is no result to compare.
///
/// ```
/// use mingle::{Scenario, ThreadPool};
///
/// let pool = ThreadPool::new(1)?;
/// let with_fee = Scenario::parse("rounds = 8\nreplicates = 2\n[population]\nagents = 60", &[])?;
/// let free = with_fee.with(&["calls.fee=0"])?;
/// let [with_fee, free] = [with_fee, free].map(|s| mingle::run_in_memory(&s, &mingle::run(&s, &pool)).1);
/// let both = [("with a fee", &with_fee), ("free", &free)];
/// let charts = mingle::compare_in_memory(&both, &["compare_net"])?;
/// assert!(charts[0].svg.contains("with a fee"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn compare_in_memory(
    results: &[(&str, &MemoryResult)],
    names: &[&str],
) -> Result<Vec<DrawnChart>, ChartError> {
    if results.is_empty() {
        return Err(ChartError::NothingToCompare);
    }
    let mut read = Vec::with_capacity(results.len());
    for (label, result) in results {
        let mut evidence = Evidence::read(*result)?;
        evidence.label = (*label).to_owned();
        read.push(evidence);
    }
    let labels: Vec<PathBuf> = results.iter().map(|(label, _)| PathBuf::from(label)).collect();
    evidence::align(&mut read, &labels);
    Ok(draw_named(OF_RUNS.iter().copied(), names, read.as_slice()))
}

/// Draws those of the charts that are named.
fn draw_named<E: ?Sized>(
    charts: impl Iterator<Item = Chart<E>>,
    names: &[&str],
    evidence: &E,
) -> Vec<DrawnChart> {
    let named = charts.filter(|(name, _)| names.contains(name));
    named.filter_map(|(name, draw)| Some(DrawnChart { name, svg: draw(evidence)?.ok()?.svg })).collect()
}

/// The colours of strategies with these names, in the order of their scenario, as `#rrggbb`: the same as in all charts of
/// its results.
///
/// ```
/// let colours = mingle::strategy_colours(&["warrior", "servant"]);
/// assert_ne!(colours[0], colours[1]);
/// ```
#[must_use]
pub fn strategy_colours(names: &[&str]) -> Vec<String> {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let colour = |style: theme::Style| {
        let plotters::style::RGBColor(r, g, b) = style.colour;
        format!("#{r:02x}{g:02x}{b:02x}")
    };
    theme::styles(&names).into_iter().map(colour).collect()
}

/// Sees to it that every file of a result is as its manifest says.
fn check(dir: &Path) -> Result<(), ReadError> {
    Ok(verify(dir)?)
}

/// Draws charts side by side.
fn draw_all<E: Sync + ?Sized>(charts: &[Chart<E>], evidence: &E, pool: &ThreadPool) -> Vec<Figure> {
    let draw = |(name, chart): Chart<E>| Figure {
        name,
        drawing: chart(evidence).map(|picture| picture.map_err(|Unreadable(why)| why)),
    };
    pool.install(|par| par.map(charts.to_vec(), draw))
}

/// Writes figures side by side.
fn write_all(figures: &[Figure], out: &Path, pool: &ThreadPool) -> Result<Drawn, ChartError> {
    create_folder(out).map_err(|e| ChartError::write(out, &e))?;
    let names: Vec<&str> = figures.iter().map(|figure| figure.name).collect();
    remove_drafts(out, &names);
    let written = pool.install(|par| par.map(figures.iter().collect(), |figure| write_one(out, figure)));
    let mut drawn = Drawn::default();
    for one in written {
        let Drawn { files, left_out } = one?;
        drawn.files.extend(files);
        drawn.left_out.extend(left_out);
    }
    Ok(drawn)
}

/// Writes one chart in every format, and removes an older one where there is none.
fn write_one(out: &Path, figure: &Figure) -> Result<Drawn, ChartError> {
    let name = figure.name;
    let mut drawn = Drawn::default();
    let mut leave_out = |format: &str, why: &str| {
        drawn.left_out.push(format!("the chart {name}{format} is left out: {why}; the tables have it all"));
    };
    let svg = match &figure.drawing {
        Some(Ok(drawing)) => Some(&drawing.svg),
        Some(Err(why)) => {
            leave_out("", why);
            None
        }
        None => None,
    };
    #[cfg(feature = "png")]
    let png = svg.and_then(|svg| png::render(svg).map_err(|why| leave_out(".png", &why)).ok());
    #[cfg(not(feature = "png"))]
    let png: Option<Vec<u8>> = None;
    for (format, bytes) in [("svg", svg.map(|svg| svg.as_bytes())), ("png", png.as_deref())] {
        let failed = |e| ChartError::write(&out.join(format!("{name}.{format}")), &e);
        match bytes {
            Some(bytes) => drawn.files.push(write_derived(out, name, format, bytes).map_err(failed)?),
            None => remove_derived(out, name, format).map_err(failed)?,
        }
    }
    Ok(drawn)
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_of_words;
