//! Evidence: published patterns beside what two shipped scenarios show.
//!
//! A pattern has quantities with a published value and a [rule](rule::Rule) that gives the verdict. Each quantity is
//! measured once for each replicate, in the year after burn-in of an ordinary run, from observed acts, ties and
//! accounts; some are measured by an ordinary bet. A pattern that is not reproduced is a finding, not an error.

mod campaign;
mod evenings;
mod network;
mod observe;
mod patterns;
mod people;
mod rule;

pub(crate) use patterns::{Pattern, patterns};

use std::ops::ControlFlow;

use crate::experiment::Progress;
use crate::model::Rules;
use crate::parallel::{ThreadPool, stream};
use crate::results::EvidenceRow;
use crate::scenario::Scenario;
use crate::stats::{Interval, Level, Moments};

use campaign::Campaign;
use observe::{Observed, observe};
use patterns::{Measure, Quantity};
use rule::Verdict;

/// A shipped scenario: its name, its text, and whether it was fitted to some of the patterns.
struct Shipped {
    name: &'static str,
    text: &'static str,
    fitted: bool,
}

const SHIPPED: [Shipped; 2] = [
    Shipped {
        name: "chamber-mixer",
        text: include_str!("../../../scenarios/chamber-mixer.toml"),
        fitted: false,
    },
    Shipped {
        name: "executive-mixer",
        text: include_str!("../../../scenarios/executive-mixer.toml"),
        fitted: true,
    },
];

/// What a scenario shows.
#[derive(Debug, Default)]
struct Shown {
    runs: Vec<Observed>,
    bets: Vec<Campaign>,
}

impl Shipped {
    /// The seed as an override. Each of the `series` has other seeds; the first has those of the file.
    fn seed(&self, series: u64) -> String {
        let own = Scenario::parse(self.text, &[]).expect("a shipped scenario is valid").seed;
        format!("seed={}", own + 1000 * series)
    }

    fn scenario(&self, series: u64) -> Scenario {
        Scenario::parse(self.text, &[&self.seed(series)]).expect("a shipped scenario is valid")
    }

    /// Runs what patterns need; `None` if it was stopped.
    fn show(&self, chosen: &[Pattern], series: u64, pool: &ThreadPool, progress: &Progress) -> Option<Shown> {
        let mut shown = Shown::default();
        if needs(chosen, |measure| matches!(measure, Measure::Run(_))) {
            let rules = Rules::new(&self.scenario(series));
            let run = |replicate: usize| {
                observe(&rules, u32::try_from(replicate).expect("replicates are few"), progress)
            };
            stream(pool, rules.scenario.replicates as usize, run, |observed| {
                shown.runs.push(observed);
                progress.complete(1);
                ControlFlow::Continue(())
            });
        }
        if needs(chosen, |measure| matches!(measure, Measure::Bet(_))) {
            shown.bets = campaign::play(self.text, &[&self.seed(series)], pool, progress)?;
        }
        (!progress.is_stopped()).then_some(shown)
    }
}

fn needs(chosen: &[Pattern], is_needed: impl Fn(&Measure) -> bool) -> bool {
    chosen.iter().flat_map(|pattern| &pattern.quantities).any(|quantity| is_needed(&quantity.measure))
}

/// The number of rounds of a replicate, for the display of progress.
pub(crate) fn rounds() -> u32 {
    SHIPPED[0].scenario(0).burn_in + observe::YEAR
}

/// Measures these patterns in both scenarios, with the seeds of the `series`; `None` if it was stopped. Rows are by
/// pattern, then by quantity, then by scenario.
pub(crate) fn measure(
    chosen: &[Pattern],
    series: u64,
    pool: &ThreadPool,
    progress: &Progress,
) -> Option<Vec<EvidenceRow>> {
    let runs = SHIPPED.iter().map(|shipped| u64::from(shipped.scenario(series).replicates)).sum::<u64>();
    let worlds =
        if needs(chosen, |m| matches!(m, Measure::Bet(_))) { 4 * u64::from(campaign::WORLDS) } else { 0 };
    progress.expect(runs + worlds);
    let shown = SHIPPED.each_ref().map(|shipped| shipped.show(chosen, series, pool, progress));
    let [Some(first), Some(second)] = shown else { return None };
    let shown = [first, second];
    Some(chosen.iter().flat_map(|pattern| rows(pattern, &shown)).collect())
}

/// The rows of a pattern.
fn rows(pattern: &Pattern, shown: &[Shown; 2]) -> Vec<EvidenceRow> {
    let judged: Vec<[(Moments, Interval, Verdict); 2]> =
        pattern.quantities.iter().map(|q| shown.each_ref().map(|shown| judge(q, shown))).collect();
    let of_pattern = [0, 1]
        .map(|place: usize| Verdict::of_all(&judged.iter().map(|both| both[place].2).collect::<Vec<_>>()));
    let row =
        |quantity: &Quantity, place: usize, (moments, measured, verdict): &(Moments, Interval, Verdict)| {
            EvidenceRow {
                pattern: pattern.name.to_owned(),
                quantity: quantity.name.to_owned(),
                scenario: SHIPPED[place].name.to_owned(),
                source: pattern.source.to_owned(),
                published: quantity.published,
                range: quantity.rule.range,
                no_effect: quantity.rule.no_effect,
                measured: *measured,
                values: moments.n(),
                fitted: quantity.fitted && SHIPPED[place].fitted,
                verdict: verdict.name().to_owned(),
                pattern_verdict: of_pattern[place].name().to_owned(),
                why: if *verdict == Verdict::Reproduced { "" } else { quantity.why }.to_owned(),
            }
        };
    let both = pattern.quantities.iter().zip(&judged);
    both.flat_map(|(quantity, both)| [0, 1].map(|place| row(quantity, place, &both[place]))).collect()
}

/// The values of a quantity, their mean with its interval, and the verdict.
fn judge(quantity: &Quantity, shown: &Shown) -> (Moments, Interval, Verdict) {
    let moments: Moments = match quantity.measure {
        Measure::Run(measure) => shown.runs.iter().map(measure).collect(),
        Measure::Bet(measure) => shown.bets.iter().map(measure).collect(),
    };
    let measured = moments.interval(Level::USUAL);
    (moments, measured, quantity.rule.verdict(&measured))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn patterns_have_names_of_their_own_and_rules_that_contain_what_was_published() {
        let all = patterns();
        let names: BTreeSet<&str> = all.iter().map(|pattern| pattern.name).collect();
        assert_eq!(names.len(), all.len());
        assert!(all.len() >= 12, "{} patterns", all.len());
        for pattern in &all {
            let quantities: BTreeSet<&str> = pattern.quantities.iter().map(|q| q.name).collect();
            assert_eq!(quantities.len(), pattern.quantities.len(), "{}", pattern.name);
            assert!(!quantities.is_empty() && pattern.source.contains(char::is_numeric), "{}", pattern.name);
            for q in &pattern.quantities {
                let ([low, high], [least, most]) = (q.published, q.rule.range);
                assert!(low <= high && least <= low && high <= most, "{}: {}", pattern.name, q.name);
                assert!(!q.why.is_empty() && q.rule.no_effect.is_none_or(|none| none < least || none > most));
            }
        }
    }

    #[test]
    fn both_scenarios_have_a_year_after_burn_in() {
        for shipped in SHIPPED {
            let scenario = shipped.scenario(3);
            assert!(scenario.rounds >= scenario.burn_in + observe::YEAR && scenario.replicates > 1);
            assert!(
                scenario.evolution.is_none() && scenario.survival.is_none(),
                "agents keep their strategies"
            );
            assert_eq!(scenario.seed, shipped.scenario(0).seed + 3000);
        }
    }

    #[test]
    fn a_row_has_the_verdict_on_its_quantity_and_that_on_its_pattern() {
        let campaign = |gain: f64| Campaign { evening: [0.0, 1.0], year: [2.0, 2.0 + gain] };
        let shown = [[1.0, 1.2], [-5.0, -5.5]]
            .map(|gains| Shown { runs: Vec::new(), bets: gains.map(campaign).to_vec() });
        let mut pattern = patterns().into_iter().find(|pattern| pattern.name == "meetings").unwrap();
        pattern.quantities.remove(0);
        let rows = rows(&pattern, &shown);
        let told: Vec<[&str; 4]> = rows
            .iter()
            .map(|row| [&row.quantity, &row.scenario, &row.verdict, &row.pattern_verdict].map(String::as_str))
            .collect();
        let (one, other) = ("chamber-mixer", "executive-mixer");
        let (less, after) = ("a year of service less one evening", "gain in the year after");
        assert_eq!(
            told,
            [
                [less, one, "reproduced", "partly"],
                [less, other, "not", "not"],
                [after, one, "partly", "partly"],
                [after, other, "not", "not"],
            ]
        );
        assert!(rows.iter().all(|row| row.why.is_empty() == (row.verdict == "reproduced")));
        assert!(rows.iter().all(|row| row.values == 2 && !row.fitted));
    }
}
