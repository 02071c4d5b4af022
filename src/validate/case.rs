//! A case: a scenario, quantities, and how they are judged.

use std::ops::ControlFlow;

use crate::experiment::{BetPlan, Progress, ReplicateRecord, WorldRecord, run_bet, run_replicates};
use crate::model::M;
use crate::parallel::ThreadPool;
use crate::results::ValidationRow;
use crate::scenario::Scenario;
use crate::stats::{Moments, student_quantile};

/// The chance that any quantity of a correct program disagrees, over seeds.
pub(crate) const FALSE_ALARM: f64 = 0.01;

/// A special case of the model with a known answer.
pub(crate) struct Case {
    /// Name, for `--only`.
    pub(crate) name: String,
    /// What the case compares, in one sentence.
    pub(crate) claim: String,
    /// The source of the formula.
    pub(crate) source: &'static str,
    /// The scenario file, below `scenarios/theory`.
    pub(super) file: TheoryFile,
    /// Overrides of the scenario, as in `--set`.
    pub(super) sets: Vec<String>,
    pub(super) quantities: Vec<Quantity>,
    /// Position among all cases, from 1: its seed, so that cases do not share their luck.
    pub(super) number: u64,
}

/// A scenario file of `scenarios/theory`: its name and its text.
pub(super) type TheoryFile = (&'static str, &'static str);

/// Names a file of `scenarios/theory`, with its text.
macro_rules! theory_file {
    ($name:literal) => {
        ($name, include_str!(concat!("../../scenarios/theory/", $name)))
    };
}
pub(super) use theory_file;

/// What is measured, and its expected value.
pub(super) struct Quantity {
    pub(super) name: String,
    pub(super) expected: f64,
    /// How far the expected value of the finite model can be from the formula.
    pub(super) allowance: f64,
    pub(super) measure: Measure,
}

/// Measures a quantity: one value for each independent replicate.
pub(super) enum Measure {
    /// From a run: the scenario and its replicates.
    Run(Box<MeasureRun>),
    /// From a bet.
    Bet(Box<MeasureBet>),
}

type MeasureRun = dyn Fn(&Scenario, &[ReplicateRecord]) -> Vec<f64>;
type MeasureBet = dyn Fn(&[WorldRecord]) -> Vec<f64>;

impl Quantity {
    /// A quantity of a run for which the formula is exact.
    pub(super) fn of_run(
        name: impl Into<String>,
        expected: f64,
        measure: impl Fn(&Scenario, &[ReplicateRecord]) -> Vec<f64> + 'static,
    ) -> Self {
        Self { name: name.into(), expected, allowance: 0.0, measure: Measure::Run(Box::new(measure)) }
    }

    /// The mean of a metric of one strategy (its position) over the rounds after burn-in.
    pub(super) fn mean(name: impl Into<String>, expected: f64, strategy: u16, metric: M) -> Self {
        Self::of_run(name, expected, move |s, records| means(s, records, strategy, metric))
    }

    /// The mean of a metric of the second strategy less that of the first.
    pub(super) fn difference(name: impl Into<String>, expected: f64, metric: M) -> Self {
        Self::of_run(name, expected, move |s, records| {
            let (first, second) = (means(s, records, 0, metric), means(s, records, 1, metric));
            first.iter().zip(&second).map(|(first, second)| second - first).collect()
        })
    }

    /// The same with an allowance.
    pub(super) fn within(self, allowance: f64) -> Self {
        Self { allowance, ..self }
    }
}

/// The mean of a metric of one strategy over the rounds after burn-in, by replicate.
pub(super) fn means(scenario: &Scenario, records: &[ReplicateRecord], strategy: u16, metric: M) -> Vec<f64> {
    let of_replicate = |record: &ReplicateRecord| {
        let rounds = record.rounds.iter().filter(|r| r.strategy == strategy && r.round >= scenario.burn_in);
        rounds.map(|r| r.values[metric as usize]).collect::<Moments>().mean()
    };
    records.iter().map(of_replicate).collect()
}

impl Case {
    /// The number of rounds of a replicate.
    pub(crate) fn rounds(&self) -> u32 {
        self.scenario(0).rounds
    }

    /// The number of replicates (worlds of a bet) that the case runs.
    pub(crate) fn replicates(&self) -> u32 {
        let scenario = self.scenario(0);
        match &scenario.bet {
            Some(bet) if self.is_bet() => bet.worlds,
            _ => scenario.replicates,
        }
    }

    /// The overrides of the scenario file, its seed included. Each of the `series` of validations has other seeds.
    fn overrides(&self, series: u64) -> Vec<String> {
        [&self.sets[..], &[format!("seed={}", 1000 * series + self.number)]].concat()
    }

    fn is_bet(&self) -> bool {
        self.quantities.iter().any(|q| matches!(q.measure, Measure::Bet(_)))
    }

    fn scenario(&self, series: u64) -> Scenario {
        let sets = self.overrides(series);
        let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
        let parse = if self.is_bet() { Scenario::parse_bet } else { Scenario::parse };
        parse(self.file.1, &sets).unwrap_or_else(|faults| panic!("{} is valid: {faults}", self.file.0))
    }

    /// Runs the case in one of the series; `None` if it was stopped.
    pub(crate) fn run(
        &self,
        series: u64,
        limits: &Limits,
        pool: &ThreadPool,
        progress: &Progress,
    ) -> Option<Vec<ValidationRow>> {
        let scenario = self.scenario(series);
        let (mut records, mut worlds) = (Vec::new(), Vec::new());
        if self.is_bet() {
            let plan = BetPlan::new(&scenario, false);
            run_bet(&plan, 0..plan.bet().worlds, pool, progress, |record| {
                worlds.push(record);
                progress.complete(1);
                ControlFlow::Continue(())
            });
        } else {
            run_replicates(&scenario, pool, false, progress, |record| {
                records.push(record);
                progress.complete(1);
                ControlFlow::Continue(())
            });
        }
        if progress.is_stopped() {
            return None;
        }
        let values = |measure: &Measure| match measure {
            Measure::Run(measure) => measure(&scenario, &records),
            Measure::Bet(measure) => measure(&worlds),
        };
        let judge = |q: &Quantity| self.judge(q, &values(&q.measure), series, limits);
        Some(self.quantities.iter().map(judge).collect())
    }

    pub(super) fn judge(
        &self,
        quantity: &Quantity,
        values: &[f64],
        series: u64,
        limits: &Limits,
    ) -> ValidationRow {
        let moments: Moments = values.iter().copied().collect();
        let n = moments.n();
        let standard_error = moments.sd().map_or(0.0, |sd| sd / libm::sqrt(n as f64));
        let (measured, limit) = (moments.mean(), limits.of(n));
        let off = (measured - quantity.expected).abs();
        ValidationRow {
            case: self.name.clone(),
            quantity: quantity.name.clone(),
            source: self.source.to_owned(),
            scenario: format!("scenarios/theory/{}", self.file.0),
            settings: self.overrides(series).join(" "),
            expected: quantity.expected,
            measured,
            standard_error,
            allowance: quantity.allowance,
            z: (measured - quantity.expected) / standard_error,
            limit,
            values: n,
            agrees: off <= quantity.allowance + limit * standard_error,
        }
    }
}

/// The numbers of standard errors within which quantities agree.
pub(crate) struct Limits {
    /// Number of quantities of all cases.
    quantities: usize,
}

impl Limits {
    /// The limits if these are all cases: a correct program fails in any of them with a chance of [`FALSE_ALARM`] at
    /// most (Bonferroni), also if only some of them are run.
    pub(crate) fn of_all(cases: &[Case]) -> Self {
        Self::new(cases.iter().map(|case| case.quantities.len()).sum())
    }

    /// The limits if all cases have so many quantities.
    pub(super) fn new(quantities: usize) -> Self {
        Self { quantities }
    }

    /// The limit for a mean of `n` values: a quantile of the t distribution.
    pub(super) fn of(&self, n: u64) -> f64 {
        let tail = FALSE_ALARM / (2.0 * self.quantities as f64);
        match n {
            0 | 1 => 0.0,
            n => student_quantile(1.0 - tail, (n - 1) as f64),
        }
    }
}
