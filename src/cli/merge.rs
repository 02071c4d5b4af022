//! `mingle merge DIR`

use std::path::PathBuf;

use super::load::{check_folder, of_specification};
use super::made::{MadeArgs, Wanted};
use super::{Failure, Terminal, sweep};
use crate::parallel::ThreadPool;
use crate::results::{Fault, SweepInput, SweepOptions, SweepWriter, is_merged, read_specification};

/// Arguments of `mingle merge`.
#[derive(Debug, clap::Args)]
pub(super) struct MergeArgs {
    /// Result folder that the tasks of a sweep wrote to
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    #[command(flatten)]
    made: MadeArgs,
    /// Overwrite an older result
    #[arg(long)]
    force: bool,
}

/// Merges the parts of a sweep into its result.
pub(super) fn merge(args: &MergeArgs, terminal: &Terminal) -> Result<(), Failure> {
    let wanted = args.made.wanted()?;
    check_folder(&args.dir)?;
    let specification = match read_specification(&args.dir) {
        Err(error) if matches!(error.fault, Fault::NoParts) && is_merged(&args.dir)? => {
            return nothing_left(args, wanted, terminal);
        }
        specification => specification?,
    };
    let scenario = of_specification(&specification)?;
    let plan = sweep::plan(&scenario, specification.list.as_deref())?;
    let options = SweepOptions { force: args.force, resume: false, charts: wanted.charts };
    let input = SweepInput { plan: &plan, list: specification.list.as_deref() };
    let Some(writer) = SweepWriter::merge(&args.dir, input, options, specification.tasks)? else {
        return nothing_left(args, wanted, terminal);
    };
    sweep::finish(writer, &args.dir, true, wanted, &pool()?, terminal)
}

/// The result is complete already; its charts are drawn again.
fn nothing_left(args: &MergeArgs, wanted: Wanted, terminal: &Terminal) -> Result<(), Failure> {
    terminal.note("there is nothing left to merge");
    sweep::draw_again(&args.dir, wanted, &pool()?, terminal)
}

fn pool() -> Result<ThreadPool, Failure> {
    ThreadPool::new(0).map_err(Failure::Failed)
}
