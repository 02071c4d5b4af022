//! The result of a run in sentences.

use super::{ContrastRow, Summary, SummaryRow, Words};

impl Summary {
    /// The sentences about the run: the answer compares the two strategies with the highest net benefit.
    pub fn words(&self) -> Words {
        let sentences = self.sentences();
        let best = self.best_two();
        let is_answer = |row: &ContrastRow| {
            best == Some([&row.first, &row.second]) || best == Some([&row.second, &row.first])
        };
        let place = self.reported().iter().position(|row| is_answer(row));
        let answer = place.map_or_else(|| self.alone(), |place| sentences[place].clone());
        let others = sentences.iter().enumerate().filter(|(k, _)| Some(*k) != place);
        let more = others.map(|(_, sentence)| sentence.clone()).collect();
        Words { answer, more, warnings: self.warnings.clone() }
    }

    /// The differences in net benefit, one sentence each.
    pub(crate) fn sentences(&self) -> Vec<String> {
        let digits = self.digits();
        self.reported().into_iter().map(|row| in_words(row, digits)).collect()
    }

    /// The strategies' net benefit.
    pub(crate) fn net(&self) -> Vec<&SummaryRow> {
        self.summary.iter().filter(|row| row.metric == "net").collect()
    }

    /// Number of decimals that show the narrowest interval of net benefit.
    pub(crate) fn digits(&self) -> usize {
        let means = self.net().into_iter().filter_map(|row| row.mean.half_width());
        let differences = self.contrasts().filter_map(|row| row.difference.half_width());
        let widths = means.chain(differences).filter(|half_width| *half_width > 0.0);
        decimals(widths.fold(f64::INFINITY, f64::min))
    }

    fn contrasts(&self) -> impl Iterator<Item = &ContrastRow> {
        self.contrasts.iter().filter(|row| row.metric == "net")
    }

    /// The contrasts to report: all of them if there are at most six, else those with the best strategy.
    fn reported(&self) -> Vec<&ContrastRow> {
        const CONTRASTS_MAX: usize = 6;
        let contrasts: Vec<&ContrastRow> = self.contrasts().collect();
        if contrasts.len() <= CONTRASTS_MAX {
            return contrasts;
        }
        let best = self.best_two().map(|[best, _]| best);
        let has_best = |row: &&ContrastRow| best == Some(&row.first) || best == Some(&row.second);
        contrasts.into_iter().filter(has_best).collect()
    }

    /// The strategies with the highest and the next highest mean.
    fn best_two(&self) -> Option<[&String; 2]> {
        let mut net = self.net();
        // Of equal means the last leads.
        net.reverse();
        net.sort_by(|a, b| b.mean.mean.total_cmp(&a.mean.mean));
        match net[..] {
            [best, next, ..] => Some([&best.strategy, &next.strategy]),
            _ => None,
        }
    }

    /// The sentence about the only strategy.
    fn alone(&self) -> String {
        let digits = self.digits();
        let net = self.net();
        let Some(row) = net.first() else { return "no strategy has a net benefit".to_owned() };
        let interval = row.mean.ends().map_or_else(String::new, |(low, high)| {
            format!(" (95% interval {low:.digits$} to {high:.digits$}, {} replicates)", row.replicates)
        });
        format!("{} gained {:.digits$} per agent and round{interval}", row.strategy, row.mean.mean)
    }
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
