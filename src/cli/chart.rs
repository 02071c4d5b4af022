//! `mingle chart DIR...`

use std::path::{Path, PathBuf};

use serde_json::json;

use super::made::Made;
use super::{Failure, Terminal, load};
use crate::chart::{self, ChartError, Drawn};
use crate::parallel::ThreadPool;
use crate::report;

/// Arguments of `mingle chart`.
#[derive(Debug, clap::Args)]
pub(super) struct ChartArgs {
    /// Result folder; several are compared with each other
    #[arg(value_name = "DIR", required = true)]
    dirs: Vec<PathBuf>,
    /// Folder for the charts of a comparison [default: output/comparison]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Number of threads [default: as many as there are cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=4096))]
    threads: Option<u16>,
}

/// Draws the charts of results from their files alone.
pub(super) fn chart(args: &ChartArgs, terminal: &Terminal) -> Result<(), Failure> {
    for dir in &args.dirs {
        load::check_result(dir)?;
    }
    let pool = ThreadPool::new(args.threads.unwrap_or(0).into()).map_err(Failure::Failed)?;
    let (folder, drawn) = match (&args.dirs[..], &args.out) {
        ([dir], None) => (dir.join("charts"), chart::draw(dir, &pool)?),
        ([_], Some(_)) => {
            let text = "--out is for comparing several results; the charts of one go to its own folder";
            return Err(Failure::Usage(text.to_owned()));
        }
        (dirs, out) => {
            let out = out.clone().unwrap_or_else(|| Path::new("output").join("comparison"));
            let drawn = chart::compare(dirs, &out, &pool)?;
            (out, drawn)
        }
    };
    report_left_out(&drawn, terminal);
    if terminal.json {
        let charts = terminal.in_json(drawn.files.iter().map(PathBuf::as_path));
        return terminal.json(&json!({ "charts": charts }));
    }
    terminal.note(&format!("{} files drawn", drawn.files.len()));
    terminal.folder(&folder)
}

/// Draws the charts of a result that was just written, if they are wanted, and writes its report. The result is
/// complete even if this fails. So the failure is returned beside the files, for callers to report the result first.
pub(super) fn of_result(
    dir: &Path,
    wanted: bool,
    pool: &ThreadPool,
    terminal: &Terminal,
) -> (Made, Result<(), Failure>) {
    let mut made = Made::default();
    let done = make(dir, wanted, pool, terminal, &mut made).map_err(|error| {
        let shown = dir.display();
        let again = format!(
            "the tables are whole; to try again use: mingle chart {shown}, and mingle report {shown}"
        );
        Failure::Failed(format!("{error}; {again}"))
    });
    (made, done)
}

fn make(
    dir: &Path,
    wanted: bool,
    pool: &ThreadPool,
    terminal: &Terminal,
    made: &mut Made,
) -> Result<(), ChartError> {
    if !wanted {
        made.report = Some(report::again(dir, pool)?);
        return Ok(());
    }
    let figures = chart::figures(dir, pool)?;
    let drawn = chart::write(dir, &figures, pool)?;
    report_left_out(&drawn, terminal);
    made.charts = drawn.files;
    made.report = Some(report::write(dir, &figures)?);
    Ok(())
}

/// Reports the charts that were left out, with the reasons.
fn report_left_out(drawn: &Drawn, terminal: &Terminal) {
    for reason in &drawn.left_out {
        terminal.note(&format!("note: {reason}"));
    }
}
