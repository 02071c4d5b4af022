//! Charts: pictures of a result, drawn from its files alone.
//!
//! [`Evidence`](evidence::Evidence) is what was read. Each chart has a file with a function from
//! evidence to an SVG document, or to none where the result has nothing to show. Titles say what is
//! seen in this result, subtitles what is drawn; nothing is taken for granted beforehand. A strategy
//! has the same colour and dashes in every chart. plotters appears here and nowhere else.

mod axis;
mod calls;
mod canvas;
mod channels;
mod compare;
mod distribution;
mod error;
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
mod shares;
mod survival;
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
    ("survival", survival::draw),
    ("shares", shares::draw),
];

/// The charts that set results side by side.
const COMPARISONS: &[Chart<Vec<Evidence>>] = &[
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
    let evidence = Evidence::read(dir)?;
    write_all(CHARTS, &evidence, &dir.join("charts"), crew)
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
    let read = crew.team().map(dirs.to_vec(), |dir| Evidence::read(&dir));
    let mut results = read.into_iter().collect::<Result<Vec<_>, _>>()?;
    evidence::align(&mut results, dirs);
    write_all(COMPARISONS, &results, out, crew)
}

/// Draws the charts side by side and writes them.
fn write_all<E: Sync>(
    charts: &[Chart<E>],
    evidence: &E,
    out: &Path,
    crew: &Crew,
) -> Result<Vec<PathBuf>, ChartError> {
    std::fs::create_dir_all(out).map_err(|e| ChartError::write(out, &e))?;
    let written = crew.team().map(charts.to_vec(), |(name, chart)| match chart(evidence) {
        Some(svg) => write_one(out, name, &svg),
        None => forget(out, name),
    });
    Ok(written.into_iter().collect::<Result<Vec<_>, _>>()?.concat())
}

/// Writes one chart in every format.
fn write_one(out: &Path, name: &str, svg: &str) -> Result<Vec<PathBuf>, ChartError> {
    let mut files = vec![write(out, name, "svg", svg.as_bytes())?];
    #[cfg(feature = "png")]
    files.push(write(out, name, "png", &png::render(svg))?);
    files.shrink_to_fit();
    Ok(files)
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
