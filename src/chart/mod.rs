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
mod channels;
mod compare;
mod distribution;
mod dots;
mod error;
mod estimate;
mod evidence;
mod flows;
mod frame;
mod labels;
mod lines;
mod mixers;
mod net;
mod opinion;
#[cfg(feature = "png")]
mod png;
mod regions;
mod shares;
mod survival;
mod sweep;
mod text;
mod theme;
mod tracks;
mod words;

use std::path::{Path, PathBuf};

pub use error::ChartError;
use evidence::Evidence;

use crate::parallel::Crew;

/// A chart: its file name without extension, and how it is drawn.
type Chart<E> = (&'static str, fn(&E) -> Option<String>);

/// The charts of one result.
const CHARTS: &[Chart<Evidence>] = &[
    ("net_over_time", net::draw),
    ("benefit_by_channel", channels::draw),
    ("calls", calls::draw),
    ("opinion", opinion::draw),
    ("mixers", mixers::draw),
    ("final_benefit", distribution::draw),
    ("flows", flows::draw),
    ("regions", regions::draw),
    ("survival", survival::draw),
    ("shares", shares::draw),
];

/// The charts of a bet.
const BET_CHARTS: &[Chart<bet::BetEvidence>] = &[
    ("bet_difference", bet::difference::draw),
    ("bet_distribution", bet::distribution::draw),
    ("bet_channels", bet::means::draw_channels),
    ("bet_parts", bet::means::draw_parts),
    ("bet_crossover", bet::means::draw_crossover),
];

/// The charts of a sweep.
const SWEEP_CHARTS: &[Chart<sweep::SweepEvidence>] = &[
    ("sweep_difference", sweep::curves::draw_difference),
    ("sweep_net", sweep::curves::draw_net),
    ("sweep_map", sweep::map::draw),
    ("sweep_scatter", sweep::scatter::draw),
    ("sweep_tornado", sweep::sensitivity::draw_tornado),
    ("sweep_morris", sweep::sensitivity::draw_morris),
    ("sweep_sobol", sweep::sensitivity::draw_sobol),
];

/// The charts that set results side by side.
const COMPARISONS: &[Chart<[Evidence]>] = &[
    ("compare_net", compare::draw_net),
    ("compare_differences", compare::draw_differences),
    ("compare_net_over_time", compare::draw_over_time),
];

/// Draws all charts of the result in `dir` into `dir/charts`, as SVG and, with the feature `png`,
/// as PNG of twice the size. Returns the files written, in a fixed order.
///
/// # Errors
/// If a table of the result cannot be read, or a file cannot be written.
pub fn draw(dir: &Path, crew: &Crew) -> Result<Vec<PathBuf>, ChartError> {
    let out = dir.join("charts");
    if dir.join("bet.csv").exists() {
        return write_all(BET_CHARTS, &bet::BetEvidence::read(dir)?, &out, crew);
    }
    if ["sweep_contrasts.csv", "sweep_bet.csv"].iter().any(|file| dir.join(file).exists()) {
        return write_all(SWEEP_CHARTS, &sweep::SweepEvidence::read(dir)?, &out, crew);
    }
    write_all(CHARTS, &Evidence::read(dir)?, &out, crew)
}

/// Draws charts that compare the results in `dirs` into `out`. Results are labelled by their titles,
/// or by the names of their folders where titles repeat or are missing.
///
/// # Errors
/// If there is no result to compare, a table cannot be read, or a file cannot be written.
pub fn compare(dirs: &[PathBuf], out: &Path, crew: &Crew) -> Result<Vec<PathBuf>, ChartError> {
    if dirs.is_empty() {
        return Err(ChartError::NothingToCompare);
    }
    let read = crew.work(|team| team.map(dirs.to_vec(), |dir| Evidence::read(&dir))).into_iter();
    let mut results = read.collect::<Result<Vec<_>, _>>()?;
    evidence::align(&mut results, dirs);
    write_all(COMPARISONS, results.as_slice(), out, crew)
}

/// Draws the charts side by side and writes them.
fn write_all<E: Sync + ?Sized>(
    charts: &[Chart<E>],
    evidence: &E,
    out: &Path,
    crew: &Crew,
) -> Result<Vec<PathBuf>, ChartError> {
    std::fs::create_dir_all(out).map_err(|e| ChartError::write(out, &e))?;
    let draw = |(name, chart): Chart<E>| match chart(evidence) {
        Some(svg) => write_one(out, name, &svg),
        None => forget(out, name),
    };
    let written = crew.work(|team| team.map(charts.to_vec(), draw));
    Ok(written.into_iter().collect::<Result<Vec<_>, _>>()?.concat())
}

/// Writes one chart in every format.
fn write_one(out: &Path, name: &str, svg: &str) -> Result<Vec<PathBuf>, ChartError> {
    let mut formats = vec![("svg", svg.as_bytes().to_vec())];
    #[cfg(feature = "png")]
    formats.push(("png", png::render(svg)));
    formats.into_iter().map(|(extension, bytes)| write(out, name, extension, &bytes)).collect()
}

/// Writes a file under a name of its own first, so that a chart is there whole or not at all.
fn write(out: &Path, name: &str, extension: &str, bytes: &[u8]) -> Result<PathBuf, ChartError> {
    let file = out.join(format!("{name}.{extension}"));
    let draft = out.join(format!(".{name}.{extension}.part"));
    std::fs::write(&draft, bytes)
        .and_then(|()| std::fs::rename(&draft, &file))
        .map_err(|e| ChartError::write(&file, &e))?;
    Ok(file)
}

/// Removes what an earlier result left under the name, which would now be mistaken for this one's.
fn forget(out: &Path, name: &str) -> Result<Vec<PathBuf>, ChartError> {
    for extension in ["svg", "png"] {
        let file = out.join(format!("{name}.{extension}"));
        match std::fs::remove_file(&file) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(ChartError::write(&file, &e)),
            _ => {}
        }
    }
    Ok(Vec::new())
}

#[cfg(test)]
mod tests;
