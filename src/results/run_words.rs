//! The result of a run in sentences.

use super::{ContrastRow, Summary, SummaryRow, Words, quoted};
use crate::scenario::{Strategy, SweepDesign, Until, differing_traits};
use crate::stats::{Level, NEEDED_MAX};

impl Summary {
    /// What the terminal says: a heading, net benefit by strategy with its name first, the differences, what it takes to
    /// show those that are not clear, what tells by which traits they come, and warnings.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = self.table(&self.net(), self.digits());
        lines.extend(self.sentences());
        lines.extend(self.replicates_needed(&self.contrasts_told()));
        lines.extend(self.change_words.iter().cloned());
        lines.extend(self.splits());
        lines.extend(self.limits());
        lines
    }

    /// The sentences about the run: the answer compares the two strategies with the highest net benefit.
    pub fn words(&self) -> Words {
        let (told, sentences) = (self.contrasts_told(), self.sentences());
        let best = self.best_two();
        let is_answer = |row: &ContrastRow| {
            best == Some([&row.first, &row.second]) || best == Some([&row.second, &row.first])
        };
        let place = told.iter().position(|row| is_answer(row));
        let answer = place.map_or_else(|| self.alone(), |place| sentences[place].clone());
        let others = sentences.iter().enumerate().filter(|(k, _)| Some(*k) != place);
        let mut more: Vec<String> = others.map(|(_, sentence)| sentence.clone()).collect();
        more.extend(self.replicates_needed(&told));
        more.extend(self.change_words.iter().cloned());
        Words { answer, more, warnings: self.limits(), ..Words::default() }
    }

    /// What limits the conclusions that can be drawn.
    fn limits(&self) -> Vec<String> {
        self.not_reached().into_iter().chain(self.warnings.iter().cloned()).collect()
    }

    /// The differences in net benefit, one sentence each.
    fn sentences(&self) -> Vec<String> {
        let digits = self.digits();
        self.contrasts_told().into_iter().map(|row| in_words(row, digits, self.level)).collect()
    }

    /// The rows about net benefit, by strategy.
    pub fn net(&self) -> Vec<&SummaryRow> {
        self.summary.iter().filter(|row| row.metric == "net").collect()
    }

    /// Number of decimals that show the narrowest interval of net benefit.
    fn digits(&self) -> usize {
        let means = self.net().into_iter().filter_map(|row| row.mean.half_width());
        let differences = self.contrasts_of_net().into_iter().filter_map(|row| row.difference.half_width());
        let widths = means.chain(differences).filter(|half_width| *half_width > 0.0);
        decimals(widths.fold(f64::INFINITY, f64::min))
    }

    fn contrasts_of_net(&self) -> Vec<&ContrastRow> {
        self.contrasts.iter().filter(|row| row.metric == "net").collect()
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

    /// In how many traits the two strategies of the answer differ, and the command that splits their difference over
    /// these. A scenario with a sweep of its own, or with
    /// changes, which no sweep has, has other questions.
    fn splits(&self) -> Option<String> {
        let scenario = &self.scenario;
        if scenario.sweep.is_some() || !scenario.factors.is_empty() || !scenario.scheduled.is_empty() {
            return None;
        }
        let best = self.best_two()?;
        let of_pair = |strategy: &&Strategy| best.contains(&&strategy.name);
        let pair: Vec<&Strategy> = scenario.strategies.iter().filter(of_pair).collect();
        let &[first, second] = pair.as_slice() else { return None };
        let traits: Vec<&str> = differing_traits(first, second).map(|t| t.name).collect();
        if traits.len() < 2 {
            return None;
        }
        let provenance = scenario.provenance();
        let mut sets = provenance.overrides.clone();
        sets.push(format!("sweep.design={}", SweepDesign::FactorialTraits.name()));
        if [first, second].map(|s| &s.name) != [0, 1].map(|place: usize| &scenario.strategies[place].name) {
            sets.extend([format!("sweep.first={}", first.name), format!("sweep.second={}", second.name)]);
        }
        let sets: String = sets.iter().map(|set| format!(" --set {}", quoted(set))).collect();
        Some(format!(
            "{} and {} differ in {} traits ({}); this tells how much each does: mingle sweep {}{sets}",
            first.name,
            second.name,
            traits.len(),
            traits.join(", "),
            quoted(&provenance.name)
        ))
    }

    /// The sentence about the only strategy.
    fn alone(&self) -> String {
        let (digits, level, net) = (self.digits(), self.level, self.net());
        let Some(row) = net.first() else { return "no strategy has a net benefit".to_owned() };
        let interval = row.mean.ends().map_or_else(String::new, |(low, high)| {
            format!(" ({level} interval {low:.digits$} to {high:.digits$}, {} replicates)", row.replicates)
        });
        format!("{} gained {:.digits$} per agent and round{interval}", row.strategy, row.mean.mean)
    }

    fn table(&self, net: &[&SummaryRow], digits: usize) -> Vec<String> {
        let level = self.level;
        let width = net.iter().map(|row| row.strategy.chars().count()).max().unwrap_or(0).max(8);
        let means: Vec<_> = net.iter().map(|row| format!("{:.digits$}", row.mean.mean)).collect();
        let mean_width = means.iter().map(String::len).max().unwrap_or(0);
        let mut lines = vec![format!("{:width$}  {}", "strategy", "net benefit per agent and round")];
        for (row, mean) in net.iter().zip(&means) {
            let pad = " ".repeat(width - row.strategy.chars().count());
            let ends = row.mean.ends().map_or(String::new(), |(low, high)| {
                format!("  ({level} interval {low:.digits$} to {high:.digits$})")
            });
            lines.push(format!("{}{pad}  {mean:>mean_width$}{ends}", row.strategy));
        }
        lines
    }

    /// The contrasts to report: all of them if there are at most six, else those with the best strategy.
    fn contrasts_told(&self) -> Vec<&ContrastRow> {
        const CONTRASTS_MAX: usize = 6;
        let contrasts = self.contrasts_of_net();
        if contrasts.len() <= CONTRASTS_MAX {
            return contrasts;
        }
        let best = self.best_two().map(|[best, _]| best);
        let has_best = |row: &&ContrastRow| best == Some(&row.first) || best == Some(&row.second);
        contrasts.into_iter().filter(has_best).collect()
    }

    /// How many replicates would show the differences that are not clear.
    fn replicates_needed(&self, told: &[&ContrastRow]) -> Option<String> {
        let takes = |row: &&&ContrastRow| {
            let [more, less] = ordered(row);
            let n = match row.power.needed {
                // The pair alone is clear enough, so only the number of pairs is against it.
                Some(needed) if needed <= row.replicates as f64 => return None,
                Some(needed) => format!("about {needed}"),
                None => format!("more than {NEEDED_MAX}"),
            };
            Some(format!("{n} for {more} and {less}"))
        };
        // A test needs spread.
        let open = |row: &&&ContrastRow| {
            !row.is_clear(self.level) && row.p_value.is_some() && row.difference.mean != 0.0
        };
        let all: Vec<String> = told.iter().filter(open).filter_map(|row| takes(&row)).collect();
        let (first, others) = all.split_first()?;
        let (what, alone) = if self.contrasts_of_net().len() > 1 {
            ("these differences", ", each tested by itself")
        } else {
            ("a difference as large", "")
        };
        let others: String = others.iter().map(|other| format!(", {other}")).collect();
        Some(format!("replicates that would show {what} with a chance of 80%{alone}: {first}{others}"))
    }

    /// That a run that adds replicates ended without what was asked for.
    fn not_reached(&self) -> Option<String> {
        let n = self.replicates_done;
        match self.until {
            _ if self.interrupted || self.reached != Some(false) => None,
            Until::Precise => Some(format!("the precision asked for was not reached with {n} replicates")),
            _ => Some(format!("not every difference in net benefit is clear with {n} replicates")),
        }
    }
}

/// The strategy that gained more, and the other one.
fn ordered(row: &ContrastRow) -> [&str; 2] {
    if row.difference.mean >= 0.0 { [&row.second, &row.first] } else { [&row.first, &row.second] }
}

/// One contrast as a sentence; the strategy that gained more comes first.
fn in_words(row: &ContrastRow, digits: usize, level: Level) -> String {
    let [more, less] = ordered(row);
    let lead = if row.difference.mean >= 0.0 { row.difference } else { row.difference.turned() };
    let size = lead.mean;
    let Some((low, high)) = lead.ends() else {
        return format!(
            "{more} gained {size:.digits$} more per round than {less} (one replicate: chance is not ruled out)"
        );
    };
    let n = row.replicates;
    if row.is_clear(level) {
        format!(
            "{more} gained {size:.digits$} more per round than {less} \
             ({level} interval {low:.digits$} to {high:.digits$}, {n} replicates)"
        )
    } else {
        format!(
            "no clear difference between {more} and {less} ({size:.digits$} more per round for {more}, \
             {level} interval {low:.digits$} to {high:.digits$}, {n} replicates)"
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
mod tests;
