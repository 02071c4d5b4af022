//! Report of a run on the terminal.

use std::path::PathBuf;

use super::{Failure, Terminal};
use crate::results::{ContrastRow, Summary, SummaryRow};

/// Reports the result of a run and its folder.
pub(super) fn report(terminal: &Terminal, summary: &Summary, charts: &[PathBuf]) -> Result<(), Failure> {
    let files = if charts.is_empty() { "tables and manifest" } else { "tables, charts and manifest" };
    let warnings: String = summary.warnings.iter().map(|warning| format!("{warning}\n")).collect();
    terminal.note(&format!("{}{warnings}{files} are in {}", table(terminal, summary), summary.dir.display()));
    terminal.result(&summary.dir, charts, summary)
}

/// Net benefit by strategy, and the differences.
fn table(terminal: &Terminal, summary: &Summary) -> String {
    let net: Vec<&SummaryRow> = summary.summary.iter().filter(|row| row.metric == "net").collect();
    let contrasts: Vec<&ContrastRow> = summary.contrasts.iter().filter(|row| row.metric == "net").collect();
    let finest = net
        .iter()
        .filter_map(|row| row.mean.half_width())
        .chain(contrasts.iter().filter_map(|row| row.difference.half_width()))
        .filter(|half_width| *half_width > 0.0)
        .fold(f64::INFINITY, f64::min);
    let digits = decimals(finest);
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
    for row in reported(&net, &contrasts) {
        text += &in_words(row, digits);
        text.push('\n');
    }
    text
}

/// The contrasts to report: all of them if there are at most six, else those with the best strategy.
fn reported<'a>(net: &[&SummaryRow], contrasts: &[&'a ContrastRow]) -> Vec<&'a ContrastRow> {
    const CONTRASTS_MAX: usize = 6;
    if contrasts.len() <= CONTRASTS_MAX {
        return contrasts.to_vec();
    }
    let best = net.iter().max_by(|a, b| a.mean.mean.total_cmp(&b.mean.mean)).map(|row| row.strategy.as_str());
    let has_best = |row: &&ContrastRow| best == Some(&row.first) || best == Some(&row.second);
    contrasts.iter().copied().filter(has_best).collect()
}

/// One contrast as a sentence; the strategy that gained more comes first.
fn in_words(row: &ContrastRow, digits: usize) -> String {
    let second_leads = row.difference.mean >= 0.0;
    let (more, less) = if second_leads { (&row.second, &row.first) } else { (&row.first, &row.second) };
    let lead = if second_leads { row.difference } else { row.difference.turned() };
    let size = lead.mean;
    let Some((low, high)) = lead.ends() else {
        return format!(
            "{more} gained {size:.digits$} more per round than {less} (one replicate: chance is not ruled out)"
        );
    };
    let n = row.replicates;
    if row.is_clear() {
        format!(
            "{more} gained {size:.digits$} more per round than {less} \
             (95% interval {low:.digits$} to {high:.digits$}, {n} replicates)"
        )
    } else {
        format!(
            "no clear difference between {more} and {less} ({size:.digits$} more per round for {more}, \
             95% interval {low:.digits$} to {high:.digits$}, {n} replicates)"
        )
    }
}

/// Number of decimals that show a half-width of this size, from 2 to 8.
fn decimals(half_width: f64) -> usize {
    let mut digits = 2;
    let mut unit = 0.1;
    while half_width < unit && digits < 8 && half_width.is_finite() {
        unit /= 10.0;
        digits += 1;
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Interval;

    fn contrast(difference: f64, interval: Option<(f64, f64)>) -> ContrastRow {
        ContrastRow {
            first: "warrior".into(),
            second: "servant".into(),
            metric: "net",
            difference: Interval {
                mean: difference,
                low: interval.map(|i| i.0),
                high: interval.map(|i| i.1),
            },
            p_value: None,
            p_adjusted: None,
            replicates: 20,
        }
    }

    #[test]
    fn a_difference_names_the_strategy_that_gained_more_first() {
        assert_eq!(
            in_words(&contrast(0.11, Some((0.08, 0.14))), 2),
            "servant gained 0.11 more per round than warrior (95% interval 0.08 to 0.14, 20 replicates)"
        );
        assert_eq!(
            in_words(&contrast(-0.11, Some((-0.14, -0.08))), 2),
            "warrior gained 0.11 more per round than servant (95% interval 0.08 to 0.14, 20 replicates)"
        );
    }

    #[test]
    fn a_difference_not_clear_of_zero_is_called_unclear() {
        let text = in_words(&contrast(-0.01, Some((-0.05, 0.03))), 2);
        assert!(text.starts_with("no clear difference between warrior and servant (0.01 more"), "{text}");
        assert!(text.contains("-0.03 to 0.05"), "{text}");
        assert!(in_words(&contrast(0.5, None), 2).contains("one replicate"));
    }

    #[test]
    fn decimals_follow_the_half_width() {
        assert_eq!([3.0, 0.15, 0.015, 0.0, f64::INFINITY].map(decimals), [2, 2, 3, 8, 2]);
    }
}
