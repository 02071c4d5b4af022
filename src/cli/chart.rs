//! `mingle chart DIR...`

use std::path::{Path, PathBuf};

use serde_json::json;

use super::{Failure, Terminal};
use crate::chart;
use crate::parallel::Crew;

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
        check_result(dir)?;
    }
    let crew = Crew::new(args.threads.unwrap_or(0).into()).map_err(Failure::Failed)?;
    let (folder, charts) = match (&args.dirs[..], &args.out) {
        ([dir], None) => (dir.join("charts"), chart::draw(dir, &crew)?),
        ([_], Some(_)) => {
            let text = "--out is for comparing several results; the charts of one go to its own folder";
            return Err(Failure::Usage(text.to_owned()));
        }
        (dirs, _) if dirs.iter().any(|dir| !dir.join("rounds.csv").exists()) => {
            let text = "a bet or a sweep is no result of a run, so it cannot be set beside others; \
                        draw each by itself";
            return Err(Failure::Usage(text.to_owned()));
        }
        (dirs, out) => {
            let out = out.clone().unwrap_or_else(|| Path::new("output").join("comparison"));
            let charts = chart::compare(dirs, &out, &crew)?;
            (out, charts)
        }
    };
    if terminal.json {
        return terminal.json(&json!({ "charts": terminal.in_json(charts.iter().map(PathBuf::as_path)) }));
    }
    terminal.note(&format!("{} files drawn", charts.len()));
    terminal.folder(&folder)
}

/// Sees to it that a folder holds a whole result.
fn check_result(dir: &Path) -> Result<(), Failure> {
    let shown = dir.display();
    let fault = if !dir.exists() {
        "there is no such folder; check the name"
    } else if !dir.is_dir() {
        "it is not a folder; name the folder of a result"
    } else if !dir.join("manifest.json").is_file() {
        "it holds no result (no manifest.json); make one with: mingle run or mingle bet"
    } else {
        return Ok(());
    };
    Err(Failure::Usage(format!("cannot read result {shown}: {fault}")))
}
