//! Report of a run on the terminal.

use super::chart::Made;
use super::{Failure, Terminal};
use crate::results::Summary;

/// Reports the result of a run and its folder.
pub(super) fn report(terminal: &Terminal, summary: &Summary, made: &Made) -> Result<(), Failure> {
    let files = made.in_words();
    let warnings: String = summary.warnings.iter().map(|warning| format!("{warning}\n")).collect();
    terminal.note(&format!("{}{warnings}{files} are in {}", table(terminal, summary), summary.dir.display()));
    terminal.result(&summary.dir, made, summary)
}

/// Net benefit by strategy, and the differences.
fn table(terminal: &Terminal, summary: &Summary) -> String {
    let (net, digits) = (summary.net(), summary.digits());
    let width = net.iter().map(|row| row.strategy.chars().count()).max().unwrap_or(0).max(8);

    let mut text = format!("{:width$}  {}\n", "strategy", "net benefit per agent and round");
    let means: Vec<_> = net.iter().map(|row| format!("{:.digits$}", row.mean.mean)).collect();
    let mean_width = means.iter().map(String::len).max().unwrap_or(0);
    for (row, mean) in net.iter().zip(&means) {
        let name = &row.strategy;
        let pad = " ".repeat(width - name.chars().count());
        text += &format!("{}{pad}  {mean:>mean_width$}", terminal.bold(name));
        if let Some((low, high)) = row.mean.ends() {
            text += &format!("  (95% interval {low:.digits$} to {high:.digits$})");
        }
        text.push('\n');
    }
    for sentence in summary.sentences() {
        text += &sentence;
        text.push('\n');
    }
    text
}
