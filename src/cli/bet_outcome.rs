//! Report of a bet on the terminal.

use super::Terminal;
use super::made::Made;
use crate::results::BetSummary;

/// Reports the result of a bet and its folder.
pub(super) fn report(terminal: &Terminal, summary: &BetSummary, made: &Made) {
    let files = made.in_words();
    let mut text = String::new();
    for (number, line) in summary.lines().iter().enumerate() {
        // The heading begins with the name of the first column.
        let heading = line.strip_prefix(HEADING).filter(|_| number == 0);
        text += &heading.map_or_else(|| line.clone(), |rest| terminal.bold(HEADING) + rest);
        text.push('\n');
    }
    terminal.note(&format!("{text}{files} are in {}", summary.dir.display()));
    terminal.result(&summary.dir, made, summary);
}

const HEADING: &str = "rounds after";
