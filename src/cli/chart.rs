//! `mingle chart DIR...`

use std::path::{Path, PathBuf};

use serde_json::json;

use super::copies;
use super::made::{Made, Wanted};
use super::shown::{Shown, ShownArgs};
use super::{Failure, Terminal};
use crate::chart::{self, ChartError, Drawn};
use crate::parallel::ThreadPool;
use crate::report;
use crate::results::{hold, quoted};

/// Draws the charts of results from their files alone.
pub(super) fn chart(args: &ShownArgs, terminal: &Terminal) -> Result<(), Failure> {
    let (folder, drawn) = match args.shown("the picture")? {
        (Shown::One(dir), pool) => (dir.join("charts"), chart::draw(dir, &pool)?),
        (Shown::Several(dirs, out), pool) => {
            let drawn = chart::compare(dirs, &out, &pool)?;
            (out, drawn)
        }
    };
    report_left_out(&drawn, terminal);
    if terminal.json {
        let charts = terminal.in_json(drawn.files.iter().map(PathBuf::as_path));
        terminal.json(&json!({ "charts": charts }));
    } else {
        terminal.note(&format!("{} files drawn", drawn.files.len()));
        terminal.folder(&folder);
    }
    Ok(())
}

/// Makes what is wanted from a result that was just written, and writes its report. The result is
/// complete even if this fails. So the failure is returned beside the files, for callers to report the result first.
pub(super) fn of_result(
    dir: &Path,
    wanted: Wanted,
    pool: &ThreadPool,
    terminal: &Terminal,
) -> (Made, Result<(), Failure>) {
    let mut made = Made::default();
    let done = make(dir, wanted, pool, terminal, &mut made).map_err(|error| {
        let shown = quoted(&dir.display().to_string());
        let again = format!(
            "the tables are whole; to try again use: mingle chart {shown}, and mingle report {shown}"
        );
        Failure::Failed(format!("{error}; {again}"))
    });
    (made, done)
}

fn make(
    dir: &Path,
    wanted: Wanted,
    pool: &ThreadPool,
    terminal: &Terminal,
    made: &mut Made,
) -> Result<(), ChartError> {
    let _held = hold(dir);
    if wanted.parquet {
        made.copies = copies::write(dir)?;
    }
    if !wanted.charts {
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
