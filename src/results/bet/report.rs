//! The result of a bet in sentences.

use super::super::Words;
use super::claims::{percent, side};
use super::{BetMean, BetSummary, BreakEvenNote, CrossoverNote};
use crate::stats::{Interval, Level};

impl BetSummary {
    /// What the terminal says: the table by horizon, the verdict, and what else the bet shows. The first line is the
    /// table's heading.
    pub fn lines(&self) -> Vec<String> {
        let Words { answer, more, story, warnings } = self.words();
        [self.table(), vec![answer], more, story, warnings].concat()
    }

    /// The sentences about the bet.
    pub fn words(&self) -> Words {
        let mut more: Vec<String> =
            self.break_even.as_ref().map(|note| self.crossing(note)).into_iter().collect();
        if self.invited > 0 {
            let invited = self.invited;
            more.push(format!("{invited} of them came for the bet only: too few attend the event anyway"));
        }
        more.push(self.gains_of_others());
        more.extend(by_trait(&self.parts));
        more.extend(self.crossover.as_ref().map(|note| trial(note, self.level)));
        let imprecise =
            (self.precise == Some(false)).then(|| "the precision asked for was not reached".to_owned());
        let warnings = imprecise.into_iter().chain(self.caution.clone()).collect();
        Words { answer: self.verdict.text.clone(), more, story: self.story.clone(), warnings }
    }

    /// The difference by horizon.
    fn table(&self) -> Vec<String> {
        let [_, first, second] = &self.strategies;
        let (n, level) = (self.horizons.first().map_or(0, |row| row.twins), self.level);
        let heading = format!("rounds after  {second} - {first}, {n} people in {} worlds", self.worlds_done);
        let row = |row: &super::BetRow| {
            let ends = row.mean.ends();
            let interval = ends
                .map_or(String::new(), |(low, high)| format!("  ({level} interval {low:+.2} to {high:+.2})"));
            let [as_first, as_second] = row.claims().chances.each_ref().map(percent);
            format!(
                "{:>12}  {:+.2}{interval}, {second} gains more in {as_second}, {first} in {as_first}",
                row.horizon, row.mean.mean
            )
        };
        std::iter::once(heading).chain(self.horizons.iter().map(row)).collect()
    }

    /// From when on a strategy is ahead, if the mean is clear of zero at the end.
    fn crossing(&self, note: &BreakEvenNote) -> String {
        let ([_, first, second], level) = (&self.strategies, self.level);
        let last = self.horizons.last().and_then(|row| side(&row.mean));
        let Some(high) = note.ci_high.filter(|_| last == Some(usize::from(note.second_ahead))) else {
            return "from when on one of them is ahead is not clear".to_owned();
        };
        let ahead = if note.second_ahead { second } else { first };
        let interval = match note.ci_low {
            Some(low) => format!("{level} interval {low:.0} to {high:.0}"),
            None => format!("{level} interval from before the first horizon to {high:.0}"),
        };
        format!("{ahead} is ahead on average from about {:.0} rounds on ({interval})", note.horizon)
    }

    fn gains_of_others(&self) -> String {
        let last = self.horizons.last().map_or(0, |row| row.horizon);
        let reported = |label: &str, whom: &str| {
            let row = self.others.iter().find(|row| row.horizon == last && row.what == whom)?;
            Some(format!("{label} {}", estimate(&row.mean, self.level)?))
        };
        let others = [reported("partners", "partners"), reported("everybody else", "rest")];
        let others: Vec<String> = others.into_iter().flatten().collect();
        if others.is_empty() {
            let worlds = if self.worlds_done == 1 { "one world shows" } else { "the worlds show" };
            return format!("{worlds} no spread in what others get");
        }
        format!("what others get, summed, after {last} rounds: {}", others.join("; "))
    }
}

/// A mean with its interval, and whether it is clear; nothing without an interval.
fn estimate(of: &Interval, level: Level) -> Option<String> {
    let (low, high) = of.ends()?;
    let clear = if of.excludes_zero() { "" } else { ", not clear of zero" };
    Some(format!("{:+.2} ({level} interval {low:+.2} to {high:+.2}{clear})", of.mean))
}

/// The parts of the traits at the last horizon.
fn by_trait(rows: &[BetMean]) -> Option<String> {
    let last = rows.last()?.horizon;
    let items = rows.iter().filter(|row| row.horizon == last && row.what != "all").map(|row| {
        let interval = row.mean.ends().map(|(low, high)| format!(" ({low:+.2} to {high:+.2})"));
        format!("{} {:+.2}{}", row.what, row.mean.mean, interval.unwrap_or_default())
    });
    Some(format!("by trait after {last} rounds: {}", items.collect::<Vec<_>>().join(", ")))
}

/// The results of a crossover trial.
fn trial(note: &CrossoverNote, level: Level) -> String {
    let of = |name: &str| note.quantities.iter().find(|q| q.name == name).map(|q| q.mean);
    let value = |name: &str| of(name).map_or(f64::NAN, |q| q.mean);
    let bias =
        of("bias").and_then(|q| estimate(&q, level)).unwrap_or_else(|| format!("{:+.2}", value("bias")));
    let truth = of("truth").and_then(|q| side(&q));
    let people = of("people_crossover").map(|q| q.mean).filter(|n| truth.is_some() && !n.is_nan());
    let people = people.map_or(String::new(), |n| {
        format!("; it would take about {n:.0} people to see the truth with a chance of 80%")
    });
    format!(
        "trying both on oneself, {} rounds each: {:+.2} where the truth is {:+.2}, so a bias of {bias}{people}",
        note.window,
        value("estimate"),
        value("truth"),
    )
}

#[cfg(test)]
mod tests;
