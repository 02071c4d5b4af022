//! Burn-in by pilot replicates, for `burn_in = "auto"`.

use std::fmt;
use std::ops::ControlFlow;

use super::replicates::{SEEDS, nth_seed};
use super::{Progress, net_by_batch, of_subject, replicate_seed, run_replicates, steady_subjects};
use crate::parallel::ThreadPool;
use crate::scenario::{Pilot, Scenario};
use crate::stats::{Contrast, Interval, Level, Moments, drift, holm, proposed_cut};

/// Number of pilot replicates.
pub(crate) const PILOT_REPLICATES: u32 = 5;

/// How burn-in follows from them.
const RULE: &str = "the largest proposal of the marginal standard error rule (MSER-5) for the mean net benefit of \
                    each strategy and pair, then more batches until none of them clearly drifts (5%, Holm)";

/// The level of the tests of drift. It is not that of the scenario, so that another level changes no replicate.
const LEVEL: Level = Level::USUAL;

/// Pilot replicates that still drift when half of the rounds are left out.
#[derive(Clone, Debug, PartialEq)]
pub struct NoSteadyState {
    rounds: u32,
    /// The strategy or pair with the largest clear drift.
    who: String,
    /// Its drift over the second half of the rounds, and the 95% interval.
    drift: f64,
    ends: (f64, f64),
}

impl fmt::Display for NoSteadyState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rounds, who, drift, ends: (low, high) } = self;
        write!(
            f,
            "burn_in = \"auto\" finds no steady state within {rounds} rounds: net benefit of {who} still changes by \
             {drift:+.2} over the second half of them (95% interval {low:+.2} to {high:+.2}, {PILOT_REPLICATES} pilot \
             replicates); set rounds to more, such as {}, or burn_in to a number if the result is about given rounds",
            u64::from(*rounds) * 2
        )
    }
}

impl std::error::Error for NoSteadyState {}

/// The scenario with a number for `burn_in = "auto"`, which pilot replicates find; any other scenario is returned
/// as it is. `None` if it was stopped.
///
/// The pilot replicates have seeds of their own, so burn-in is not chosen by the replicates of the result. The same
/// scenario and seed give the same burn-in. The result then has the burn-in as its last override.
///
/// # Errors
/// If net benefit still drifts over the second half of the rounds.
///
/// ```
/// use mingle::{Progress, Scenario, ThreadPool, settle_burn_in};
///
/// let text = "rounds = 80\nburn_in = \"auto\"\n[population]\nagents = 60\nstart_ties = 0";
/// let (pool, progress) = (ThreadPool::new(1)?, Progress::default());
/// let scenario = settle_burn_in(&Scenario::parse(text, &[])?, &pool, &progress)?;
/// assert!(scenario.expect("nobody stopped it").burn_in <= 40);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn settle_burn_in(
    scenario: &Scenario,
    pool: &ThreadPool,
    progress: &Progress,
) -> Result<Option<Scenario>, NoSteadyState> {
    if !scenario.auto_burn_in {
        return Ok(Some(scenario.clone()));
    }
    // The last seeds of all, which no replicate of a run or of a sweep has.
    let seed = nth_seed(scenario.seed, SEEDS - u64::from(PILOT_REPLICATES));
    let pilot = scenario.of_pilot(seed, PILOT_REPLICATES);
    progress.expect(PILOT_REPLICATES.into());
    let mut nets = Vec::new();
    run_replicates(&pilot, pool, false, progress, |record| {
        nets.push(net_by_batch(&record, &pilot, 0));
        progress.complete(1);
        ControlFlow::Continue(())
    });
    if nets.len() < PILOT_REPLICATES as usize {
        return Ok(None);
    }
    let burn_in = burn_in(scenario, &nets)?;
    Ok(Some(scenario.with_pilot(Pilot {
        rule: RULE.to_owned(),
        replicates: PILOT_REPLICATES,
        seeds: (0..PILOT_REPLICATES).map(|k| replicate_seed(seed, k)).collect(),
        rounds: scenario.rounds,
        burn_in,
    })))
}

/// The burn-in by net benefit of pilot replicates: by replicate, strategy and batch.
fn burn_in(scenario: &Scenario, nets: &[Vec<Vec<f64>>]) -> Result<u32, NoSteadyState> {
    let batch = scenario.batch_rounds();
    let n_strategies = scenario.strategies.len();
    let mean = |strategy: usize, batch: usize| {
        nets.iter().map(|net| net[strategy][batch]).sum::<f64>() / nets.len() as f64
    };
    // By batch, then by strategy.
    let means: Vec<Vec<f64>> =
        (0..nets[0][0].len()).map(|batch| (0..n_strategies).map(|s| mean(s, batch)).collect()).collect();
    let proposals = steady_subjects(n_strategies).filter_map(|subject| {
        proposed_cut(&means.iter().map(|means| of_subject(means, subject)).collect::<Vec<f64>>())
    });
    let most = means.len() / 2;
    let least = proposals.max().unwrap_or(0).min(most);
    let mut found = None;
    for cut in least..=most {
        found = clear_drift(scenario, nets, cut);
        if found.is_none() {
            return Ok(u32::try_from(cut).expect("batches are fewer than rounds") * batch);
        }
    }
    Err(found.expect("at least one cut was tested"))
}

/// The largest clear drift of a strategy or a pair from batch `cut` on.
fn clear_drift(scenario: &Scenario, nets: &[Vec<Vec<f64>>], cut: usize) -> Option<NoSteadyState> {
    let drifts_of = |net: &Vec<Vec<f64>>| -> Vec<f64> {
        net.iter().map(|batches| drift(&batches[cut..]).unwrap_or(f64::NAN)).collect()
    };
    let drifts: Vec<Vec<f64>> = nets.iter().map(drifts_of).collect();
    let tested = steady_subjects(scenario.strategies.len()).filter_map(|subject| {
        let moments: Moments = drifts.iter().map(|drifts| of_subject(drifts, subject)).collect();
        let contrast = Contrast::of(&moments, LEVEL);
        Some((subject, contrast.difference, contrast.p_value?))
    });
    let tested: Vec<_> = tested.collect();
    let p_values: Vec<f64> = tested.iter().map(|(.., p)| *p).collect();
    let clear = tested.iter().zip(holm(&p_values)).filter(|(_, adjusted)| *adjusted < LEVEL.alpha());
    let size = |interval: &Interval| interval.mean.abs();
    let largest = clear.map(|(found, _)| found).max_by(|a, b| size(&a.1).total_cmp(&size(&b.1)));
    let &(subject, interval, _) = largest?;
    let name = |strategy: usize| scenario.strategies[strategy].name.as_str();
    let who = match subject {
        (Some(first), second) => format!("{} - {}", name(second), name(first)),
        (None, second) => name(second).to_owned(),
    };
    Some(NoSteadyState { rounds: scenario.rounds, who, drift: interval.mean, ends: interval.ends()? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::{Purpose, RandomKey};

    const TWO: &str = "rounds = 200\nburn_in = \"auto\"\n[[strategy]]\nname = \"warrior\"\nshare = 0.5\n\
                       [[strategy]]\nname = \"servant\"\nshare = 0.5\n[mixer]\nevery = 5\n";

    /// What is found where the servant's net benefit is this by batch, and noise.
    fn found(servant: fn(f64) -> f64, seed: u64) -> Result<u32, NoSteadyState> {
        let scenario = Scenario::parse(TWO, &[]).unwrap();
        let mut draws = RandomKey::new(seed).stream(0, Purpose::Needs, 0);
        let mut noise = || (0..4).map(|_| f64::from(draws.word()) / 4_294_967_296.0 - 0.5).sum::<f64>();
        let mut replicate = || {
            let warrior = (0..40).map(|_| noise()).collect();
            vec![warrior, (0..40).map(|batch| servant(f64::from(batch)) + noise()).collect()]
        };
        let nets: Vec<_> = (0..PILOT_REPLICATES).map(|_| replicate()).collect();
        burn_in(&scenario, &nets)
    }

    #[test]
    fn a_start_is_left_out_as_a_whole() {
        let found: Vec<u32> =
            (0..50).map(|seed| found(|t| if t < 8.0 { 5.0 } else { 0.0 }, seed).unwrap()).collect();
        // Eight batches of five rounds.
        assert!(found.iter().all(|&burn_in| burn_in >= 40), "{found:?}");
        assert!(found.iter().filter(|&&burn_in| burn_in == 40).count() > 10, "{found:?}");
    }

    #[test]
    fn what_never_settles_is_refused_with_a_fix() {
        let error = found(|t| t / 4.0, 1).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("no steady state within 200 rounds: net benefit of servant"), "{text}");
        assert!(
            text.contains("changes by +4.") && text.contains("set rounds to more, such as 400"),
            "{text}"
        );
    }

    #[test]
    fn a_steady_start_is_rarely_refused() {
        let refused = (0..400).filter(|&seed| found(|_| 0.0, seed).is_err()).count();
        // At most 5% of 400, and three standard errors.
        assert!(refused <= 33, "{refused} of 400");
    }

    #[test]
    fn pilot_replicates_have_seeds_that_no_replicate_has() {
        let text =
            "rounds = 80\nburn_in = \"auto\"\nreplicates = 4\n[population]\nagents = 60\nstart_ties = 0\n";
        let scenario = Scenario::parse(text, &[]).unwrap();
        let settle = |threads| {
            let pool = ThreadPool::new(threads).unwrap();
            settle_burn_in(&scenario, &pool, &Progress::default()).unwrap().unwrap()
        };
        let settled = settle(1);
        let pilot = settled.provenance().pilot.clone().unwrap();
        assert_eq!(settle(3).provenance(), settled.provenance());
        assert_eq!((pilot.burn_in, pilot.seeds.len()), (settled.burn_in, 5));
        assert!(!settled.auto_burn_in && settled.burn_in <= 40);
        // The last numbers of all, so the seed that comes after the last one is the first of the run.
        assert_eq!(replicate_seed(pilot.seeds[4], 1), scenario.seed);
        let again = settled.provenance();
        let again = crate::scenario::parse(&again.source(), &again.given()).unwrap();
        assert_eq!(again, settled, "it can be read again without pilot replicates");
        let stopped = Progress::default();
        stopped.stop();
        assert_eq!(settle_burn_in(&scenario, &ThreadPool::new(1).unwrap(), &stopped), Ok(None));
    }
}
