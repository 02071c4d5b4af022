//! What differs after settings change at a round, accumulated replicate by replicate, and the sentences about it.

use std::ops::Range;

use super::change_rows::ChangeRow;
use super::summary::pairs;
use crate::experiment::{N_OUTCOMES, Outcome, ReplicateRecord, level_of, outcome_metric, outcomes_in};
use crate::scenario::{Change, Scenario};
use crate::stats::{Contrast, Level, Moments, holm_by_group};

/// Moments of an outcome before, after, and of after - before.
type Sides = [Moments; 3];

/// The rounds around one change.
#[derive(Debug)]
struct Windows {
    round: u32,
    changed: String,
    before: Range<u32>,
    after: Range<u32>,
    /// Of each strategy, then of the pairs i < j, by i, then j.
    sides: Vec<[Sides; N_OUTCOMES]>,
}

/// Accumulates what differs after each change. Memory does not grow with replicates.
#[derive(Debug)]
pub(super) struct Changes {
    level: Level,
    burn_in: u32,
    names: Vec<String>,
    windows: Vec<Windows>,
}

impl Changes {
    /// Nothing yet, for a scenario's changes.
    pub(super) fn new(scenario: &Scenario) -> Self {
        let names: Vec<String> = scenario.strategies.iter().map(|s| s.name.clone()).collect();
        let n = names.len();
        let mut rounds: Vec<u32> = scenario.scheduled.iter().map(|change| change.round).collect();
        rounds.sort_unstable();
        rounds.dedup();
        let ends = rounds.iter().copied().skip(1).chain([scenario.rounds]);
        let starts =
            std::iter::once(0).chain(rounds.iter().copied()).map(|start| start.max(scenario.burn_in));
        let windows = rounds.iter().zip(starts.zip(ends)).map(|(&round, (start, end))| {
            let whole = |rounds: u32| match rounds - rounds % scenario.mixer.every {
                0 => rounds,
                // Whole cycles of mixers, so that both sides have as many mixers per round.
                cycles => cycles,
            };
            let before = round.saturating_sub(start);
            Windows {
                round,
                changed: changed_at(scenario, round),
                before: round - whole(before)..round,
                after: round..round + whole(end - round),
                sides: vec![[Sides::default(); N_OUTCOMES]; n + n * n.saturating_sub(1) / 2],
            }
        });
        Self { level: level_of(scenario), burn_in: scenario.burn_in, windows: windows.collect(), names }
    }

    /// Adds one replicate.
    pub(super) fn push(&mut self, record: &ReplicateRecord) {
        let n = self.names.len();
        for windows in &mut self.windows {
            let [before, after] =
                [&windows.before, &windows.after].map(|rounds| outcomes_in(record, rounds.clone(), n));
            let pair = |of: &[Outcome], place: usize, i: usize, j: usize| of[j][place] - of[i][place];
            let (single, paired) = windows.sides.split_at_mut(n);
            for (strategy, all) in single.iter_mut().enumerate() {
                for (place, sides) in all.iter_mut().enumerate() {
                    add(sides, before[strategy][place], after[strategy][place]);
                }
            }
            for (all, (i, j)) in paired.iter_mut().zip(pairs(n)) {
                for (place, sides) in all.iter_mut().enumerate() {
                    add(sides, pair(&before, place, i, j), pair(&after, place, i, j));
                }
            }
        }
    }

    /// The lines of `changes.csv`, without metrics that are not reported both before and after.
    pub(super) fn rows(&self) -> Vec<ChangeRow> {
        let n = self.names.len();
        let mut all = Vec::new();
        for windows in &self.windows {
            let single = (0..n).map(|strategy| (None, strategy));
            let subjects = single.chain(pairs(n).map(|(i, j)| (Some(i), j)));
            let mut rows = Vec::new();
            for ((first, second), sides) in subjects.zip(&windows.sides) {
                let sides = sides.iter().enumerate();
                rows.extend(
                    sides.filter_map(|(place, sides)| self.row(windows, [first, Some(second)], place, sides)),
                );
            }
            adjust(&mut rows);
            all.extend(rows);
        }
        all
    }

    fn row(
        &self,
        windows: &Windows,
        [first, second]: [Option<usize>; 2],
        place: usize,
        [before, after, change]: &Sides,
    ) -> Option<ChangeRow> {
        let name = |strategy: usize| self.names[strategy].clone();
        let Contrast { difference, p_value } = Contrast::of(change, self.level);
        (change.n() > 0).then(|| ChangeRow {
            round: windows.round,
            changed: windows.changed.clone(),
            first: first.map(name),
            second: second.map(name).unwrap_or_default(),
            metric: outcome_metric(place).name,
            before: before.interval(self.level).mean,
            after: after.interval(self.level).mean,
            difference,
            p_value,
            p_adjusted: None,
            replicates: change.n(),
            rounds_before: length(&windows.before),
            rounds_after: length(&windows.after),
        })
    }

    /// One sentence about each change: what it does to net benefit, or why that is not known.
    pub(super) fn sentences(&self, rows: &[ChangeRow]) -> Vec<String> {
        self.windows.iter().map(|windows| self.sentence(windows, rows)).collect()
    }

    fn sentence(&self, windows: &Windows, rows: &[ChangeRow]) -> String {
        /// More strategies or pairs than these are left to the table.
        const TOLD: usize = 6;
        let Windows { round, changed, .. } = windows;
        let net: Vec<&ChangeRow> =
            rows.iter().filter(|row| row.round == *round && row.metric == "net").collect();
        if net.is_empty() {
            return format!(
                "at round {round} ({changed}): it is not after burn-in ({}), so no rounds before it count; compare \
                 with a run without it: mingle diff",
                self.burn_in
            );
        }
        let one = |row: &&ChangeRow| {
            let who = row
                .first
                .as_ref()
                .map_or_else(|| row.second.clone(), |first| format!("{} - {first}", row.second));
            let ends = row.difference.ends();
            let ends = ends.map(|(low, high)| format!(" ({low:+.3} to {high:+.3})")).unwrap_or_default();
            format!("{who} {:+.3}{ends}", row.difference.mean)
        };
        let told: Vec<String> = net.iter().take(TOLD).map(one).collect();
        format!(
            "at round {round} ({changed}): net benefit per round after it less before, {} intervals: {}",
            self.level,
            told.join(", ")
        )
    }

    /// That the summaries are about rounds before and after a change.
    pub(super) fn warning(&self) -> Option<String> {
        let inside = self.windows.iter().filter(|windows| windows.round > self.burn_in);
        let rounds: Vec<String> = inside.map(|windows| windows.round.to_string()).collect();
        let (last, others) = rounds.split_last()?;
        let at = if others.is_empty() { last.clone() } else { format!("{} and {last}", others.join(", ")) };
        Some(format!(
            "settings change at round {at}: means and differences are of the rounds before and after, changes.csv \
             has both; what the change does is its difference from a run without it (mingle diff)"
        ))
    }
}

/// Adds a value of each side, unless one is missing.
fn add(sides: &mut Sides, before: f64, after: f64) {
    if !before.is_nan() && !after.is_nan() {
        sides.iter_mut().zip([before, after, after - before]).for_each(|(side, value)| side.push(value));
    }
}

/// Number of rounds.
fn length(rounds: &Range<u32>) -> u32 {
    rounds.end - rounds.start
}

/// The settings that change at a round.
fn changed_at(scenario: &Scenario, round: u32) -> String {
    let start = format!("change.{round}.");
    let changes = scenario.scheduled_changes();
    let here = changes.iter().filter_map(|Change { key, value, .. }| {
        let key = key.strip_prefix(&start)?;
        Some(format!("{key}={value}"))
    });
    here.collect::<Vec<String>>().join("; ")
}

/// Sets the adjusted p-values: within each metric, over all strategies and pairs.
fn adjust(rows: &mut [ChangeRow]) {
    let adjusted = holm_by_group(rows.iter().map(|row| (row.metric, row.p_value)));
    rows.iter_mut().zip(adjusted).for_each(|(row, p)| row.p_adjusted = p);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{M, N_METRICS, RoundRecord};

    fn scenario(sets: &[&str]) -> Scenario {
        let common = ["rounds=30", "burn_in=4", "change.20.calls.fee=0.1", "change.11.needs.rate=0.2"];
        Scenario::parse("", &[&common[..], sets].concat()).unwrap_or_else(|faults| panic!("{faults}"))
    }

    /// A record in which each strategy gains its number plus 10 in each period.
    fn record(replicate: u32) -> ReplicateRecord {
        let rounds = (0..30).flat_map(|round: u32| {
            (0..3).map(move |strategy: u16| {
                let mut values = [f64::NAN; N_METRICS];
                let period = u32::from(round >= 11) + u32::from(round >= 20);
                let luck = f64::from(replicate * period) * if strategy == 0 { 0.5 } else { 1.0 };
                values[M::Net as usize] = f64::from(strategy) + 10.0 * f64::from(period) + luck;
                RoundRecord { round, strategy, agents: 5, values }
            })
        });
        ReplicateRecord { replicate, rounds: rounds.collect(), ..ReplicateRecord::default() }
    }

    #[test]
    fn sides_are_the_rounds_to_the_next_change_in_whole_cycles_of_mixers() {
        let windows = |sets: &[&str]| {
            let changes = Changes::new(&scenario(sets));
            changes.windows.iter().map(|w| (w.before.clone(), w.after.clone())).collect::<Vec<_>>()
        };
        assert_eq!(windows(&[]), [(7..11, 11..19), (12..20, 20..28)]);
        assert_eq!(windows(&["mixer.every=1"]), [(4..11, 11..20), (11..20, 20..30)]);
        assert_eq!(windows(&["burn_in=15"]), [(11..11, 11..19), (16..20, 20..28)]);
    }

    #[test]
    fn differences_are_after_less_before_of_strategies_and_of_pairs() {
        let mut changes = Changes::new(&scenario(&[]));
        (0..3).for_each(|replicate| changes.push(&record(replicate)));
        let rows = changes.rows();
        let net: Vec<&ChangeRow> = rows.iter().filter(|row| row.metric == "net").collect();
        assert_eq!(net.len(), 2 * 6);
        let means: Vec<(f64, f64, f64)> =
            net[..4].iter().map(|row| (row.before, row.after, row.difference.mean)).collect();
        assert_eq!(means, [(0.0, 10.5, 10.5), (1.0, 12.0, 11.0), (2.0, 13.0, 11.0), (1.0, 1.5, 0.5)]);
        assert_eq!((net[3].first.as_deref(), net[3].second.as_str()), (Some("warrior"), "servant"));
        assert_eq!((net[6].round, net[6].changed.as_str()), (20, "calls.fee=0.1"));
        let rounds = |row: &ChangeRow| (row.rounds_before, row.rounds_after);
        assert_eq!([net[0], net[6]].map(rounds), [(4, 8), (8, 8)]);
        assert!(net[3].p_adjusted >= net[3].p_value && net[3].p_value.is_some());
        let sentences = changes.sentences(&rows);
        assert!(sentences[0].contains("warrior +10.500 ("), "{}", sentences[0]);
        assert!(sentences[0].starts_with("at round 11 (needs.rate=0.2)"), "{}", sentences[0]);
        assert!(changes.warning().unwrap().contains("at round 11 and 20:"));
    }

    #[test]
    fn a_replicate_that_lacks_a_side_counts_on_neither() {
        let mut changes = Changes::new(&scenario(&[]));
        for replicate in 0..3 {
            let mut record = record(replicate);
            for round in &mut record.rounds {
                // One replicate reports nothing before the first change, another one nothing after it.
                let here = if replicate == 0 { 0..11 } else { 11..20 };
                if replicate < 2 && here.contains(&round.round) {
                    round.values[M::Net as usize] = f64::NAN;
                }
            }
            changes.push(&record);
        }
        let rows = changes.rows();
        let first = rows.iter().find(|row| row.metric == "net" && row.round == 11).unwrap();
        assert_eq!((first.before, first.after, first.replicates), (0.0, 11.0, 1), "of the third replicate");
    }

    #[test]
    fn a_change_that_is_not_after_burn_in_is_not_compared() {
        let mut changes = Changes::new(&scenario(&["burn_in=11"]));
        changes.push(&record(0));
        let rows = changes.rows();
        assert!(rows.iter().all(|row| row.round == 20));
        assert!(changes.sentences(&rows)[0].contains("not after burn-in (11)"));
        assert!(changes.warning().unwrap().contains("at round 20:"));
    }
}
