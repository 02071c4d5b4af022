//! Report of a run on the terminal.

use super::Terminal;
use super::made::Made;
use crate::results::Summary;

/// Reports the result of a run and its folder.
pub(super) fn report(terminal: &Terminal, summary: &Summary, made: &Made) {
    let mut lines = summary.lines();
    // Below the heading each line begins with the name of a strategy.
    for (line, row) in lines.iter_mut().skip(1).zip(summary.net()) {
        let (name, rest) = line.split_at(row.strategy.len());
        *line = terminal.bold(name) + rest;
    }
    lines.push(format!("{} are in {}", made.in_words(), summary.dir.display()));
    terminal.note(&lines.join("\n"));
    terminal.result(&summary.dir, made, summary);
}
