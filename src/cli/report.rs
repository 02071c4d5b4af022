//! `mingle report DIR...`

use std::path::{Path, PathBuf};

use serde_json::json;

use super::{Failure, Terminal, load};
use crate::parallel::ThreadPool;
use crate::report::{report as report_on, report_together};

/// Arguments of `mingle report`.
#[derive(Debug, clap::Args)]
pub(super) struct ReportArgs {
    /// Result folder; several are compared with each other
    #[arg(value_name = "DIR", required = true)]
    dirs: Vec<PathBuf>,
    /// Folder for the page about several results [default: output/comparison]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Number of threads [default: as many as there are cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=4096))]
    threads: Option<u16>,
}

/// Writes a page about results from their files alone.
pub(super) fn report(args: &ReportArgs, terminal: &Terminal) -> Result<(), Failure> {
    for dir in &args.dirs {
        load::check_result(dir)?;
    }
    let pool = ThreadPool::new(args.threads.unwrap_or(0).into()).map_err(Failure::Failed)?;
    let page = match (&args.dirs[..], &args.out) {
        ([dir], None) => report_on(dir, &pool)?,
        ([_], Some(_)) => {
            let text = "--out is for comparing several results; the report of one goes to its own folder";
            return Err(Failure::Usage(text.to_owned()));
        }
        (dirs, out) => {
            let out = out.clone().unwrap_or_else(|| Path::new("output").join("comparison"));
            report_together(dirs, &out, &pool)?
        }
    };
    if terminal.json {
        let paths = terminal.in_json([page.as_path()]);
        return terminal.json(&json!({ "report": paths[0] }));
    }
    terminal.folder(&page)
}
