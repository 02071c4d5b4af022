//! Report of a run on the terminal.

use std::path::PathBuf;

use super::{Failure, Terminal};
use crate::results::Summary;

/// Reports the result of a run and its folder.
pub(super) fn report(terminal: &Terminal, summary: &Summary, charts: &[PathBuf]) -> Result<(), Failure> {
    let files = if charts.is_empty() { "tables and manifest" } else { "tables, charts and manifest" };
    let mut lines = summary.lines();
    // Below the heading each line begins with the name of a strategy.
    for (line, row) in lines.iter_mut().skip(1).zip(summary.net()) {
        let (name, rest) = line.split_at(row.strategy.len());
        *line = terminal.bold(name) + rest;
    }
    lines.push(format!("{files} are in {}", summary.dir.display()));
    terminal.note(&lines.join("\n"));
    terminal.result(&summary.dir, charts, summary)
}
