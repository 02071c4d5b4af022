//! The results that `mingle chart` and `mingle report` are about.

use std::path::{Path, PathBuf};

use super::memory::MemoryEstimate;
use super::{Failure, load};
use crate::parallel::ThreadPool;
use crate::results::{read_outline, settle};

/// Arguments that name results, and where what is made of several goes.
#[derive(Debug, clap::Args)]
pub(super) struct ShownArgs {
    /// Result folder; several are compared with each other
    #[arg(value_name = "DIR", required = true)]
    dirs: Vec<PathBuf>,
    /// Folder for a comparison of several results [default: output/comparison]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Number of threads [default: as many as there are cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=4096))]
    threads: Option<u16>,
}

/// One result, or several that are compared in a folder of their own.
pub(super) enum Shown<'a> {
    One(&'a Path),
    Several(&'a [PathBuf], PathBuf),
}

impl ShownArgs {
    /// The results, if all are there, and the threads. `made` is what goes to the folder of a single one.
    pub(super) fn shown(&self, made: &str) -> Result<(Shown<'_>, ThreadPool), Failure> {
        for dir in &self.dirs {
            settle(dir)?;
            load::check_result(dir)?;
        }
        let shown = match (&self.dirs[..], &self.out) {
            ([dir], None) => Shown::One(dir),
            ([_], Some(_)) => {
                return Err(Failure::Usage(format!(
                    "--out is for comparing several results; {made} of one goes to its own folder"
                )));
            }
            (dirs, out) => {
                let out = out.clone().unwrap_or_else(|| Path::new("output").join("comparison"));
                Shown::Several(dirs, out)
            }
        };
        let pool = ThreadPool::new(self.threads.unwrap_or(0).into()).map_err(Failure::Failed)?;
        // What cannot be read is reported where it is read.
        let strategies =
            |dir: &PathBuf| read_outline(dir.as_path()).map_or(1, |outline| outline.strategies.len());
        let strategies = self.dirs.iter().map(strategies).max().unwrap_or(1);
        MemoryEstimate::of_charts(strategies, pool.n_threads()).check()?;
        Ok((shown, pool))
    }
}
