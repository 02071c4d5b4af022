//! Limits to the size of a sweep, from the range of numbers and from memory.

use super::cross::point;
use super::diagnostics::Fault;
use super::experiments::{BetRules, Factor, SweepDesign, SweepRules, SweptExperiment};
use super::keys::RunRules;
use super::resolve::{Resolution, Resolved};
use super::settings::Strategy;
use super::table::Section;
use super::traits::SPLIT_MAX;
use super::wording::grouped;

/// Maximum number of points, which have 32-bit numbers.
const POINTS_MAX: u128 = u32::MAX as u128;
/// Maximum number of slices of a Latin hypercube: one per point and factor, of 4 bytes each.
const SLICES_MAX: u128 = 100_000_000;
/// Maximum number of points of the first grid of a sweep that refines; each takes about 100 bytes of memory.
const FIRST_GRID_MAX: u128 = 1_000_000;
/// Maximum number of numbers that a sweep stores on the disk, limited by positions in a file.
const KEPT_MAX: u128 = 1 << 56;
/// Assumed number of points of a list, which is not known here: its file has at most 16 MiB.
const LISTED_MAX: u128 = 1 << 23;
/// Number of metrics that are kept if a scenario names none, with that of the contrast.
const USUAL_METRICS: usize = 4;

/// Adds the faults of a sweep that is too large.
pub(super) fn check(resolution: &Resolution<'_, '_>, faults: &mut Vec<Fault>) {
    let Some(sweep) = resolution.one(&SweepRules::SPEC) else { return };
    let factors = resolution.all(&Factor::SPEC);
    let Some(points) = n_points(sweep, factors) else { return };
    let too_large = too_many_points(sweep, factors, points)
        .or_else(|| hypercube_is_too_large(sweep, factors, points))
        .or_else(|| first_grid_is_too_large(sweep, factors))
        .or_else(|| keeps_too_much(resolution, sweep, points));
    faults.extend(too_large);
}

/// Number of values of a factor in a grid; `None` if its keys are faulty.
fn levels(factor: &Resolved<'_, '_>) -> Option<u128> {
    match factor.texts("values")?.len() {
        0 => factor.whole("levels").map(u128::from),
        listed => Some(listed as u128),
    }
}

/// Number of points of the design, at most the largest number; `None` if a key on which it depends is faulty.
fn n_points(sweep: &Resolved<'_, '_>, factors: &[Resolved<'_, '_>]) -> Option<u128> {
    let n_factors = factors.len() as u128;
    let points = u128::from(sweep.whole("points")?);
    let levels: Vec<u128> = factors.iter().map(levels).collect::<Option<_>>()?;
    let design = SweepDesign::named(sweep.text("design")?)?;
    Some(match design {
        SweepDesign::Grid if sweep.flag("refine")? => {
            let halvings = 1_u128 << sweep.whole("depth")?.min(64);
            product(levels.iter().map(|n| n.saturating_sub(1) * halvings + 1))
        }
        SweepDesign::Grid => product(levels.into_iter()),
        SweepDesign::OneAtATime => levels.iter().sum(),
        SweepDesign::List => LISTED_MAX,
        SweepDesign::Random | SweepDesign::LatinHypercube | SweepDesign::SobolSequence => points,
        SweepDesign::Morris => points * (n_factors + 1),
        SweepDesign::Sobol => points * (n_factors + 2),
        SweepDesign::FactorialTraits => 1 << SPLIT_MAX,
    })
}

fn product(numbers: impl Iterator<Item = u128>) -> u128 {
    numbers.fold(1, u128::saturating_mul)
}

/// A number for messages; a number far beyond any limit is not written in full.
fn reported(number: u128) -> String {
    u64::try_from(number).ok().filter(|n| *n < 1 << 60).map_or_else(|| "more than 10^18".to_owned(), grouped)
}

/// Marks the keys on which the number of points depends.
fn at_size(fault: Fault, sweep: &Resolved<'_, '_>, factors: &[Resolved<'_, '_>]) -> Fault {
    /// Maximum number of marked factors.
    const MARKED: usize = 4;
    let by_levels = ["grid", "one-at-a-time"].map(Some).contains(&sweep.text("design"));
    if !by_levels {
        let points = sweep.whole("points").unwrap_or_default();
        return point(fault, &[(sweep, "points", grouped(points))]);
    }
    let given = factors.iter().filter_map(|factor| {
        let key = if factor.texts("values")?.is_empty() { "levels" } else { "values" };
        Some((factor, key, factor.whole("levels").map(grouped)?))
    });
    point(fault, &given.take(MARKED).collect::<Vec<_>>())
}

fn too_many_points(sweep: &Resolved<'_, '_>, factors: &[Resolved<'_, '_>], points: u128) -> Option<Fault> {
    if points <= POINTS_MAX {
        return None;
    }
    let message = format!(
        "a sweep has at most {} points, but this one would have {}",
        reported(POINTS_MAX),
        reported(points)
    );
    let help = "take fewer levels or factors, or a design that does not combine them all, such as \
                design = \"latin-hypercube\" with points = 1000";
    Some(at_size(Fault::new(message, help), sweep, factors))
}

fn hypercube_is_too_large(
    sweep: &Resolved<'_, '_>,
    factors: &[Resolved<'_, '_>],
    points: u128,
) -> Option<Fault> {
    let n_factors = factors.len() as u128;
    if sweep.text("design")? != SweepDesign::LatinHypercube.name() || points * n_factors <= SLICES_MAX {
        return None;
    }
    let message = hypercube_text(points, n_factors);
    let help = "lower sweep.points, or write design = \"random\", which holds none of its points in memory";
    Some(at_size(Fault::new(message, help), sweep, factors))
}

fn hypercube_text(points: u128, n_factors: u128) -> String {
    let most = reported(SLICES_MAX / n_factors.max(1));
    format!(
        "a Latin hypercube of {n_factors} factors has at most {most} points, but this one would have {}",
        reported(points)
    )
}

fn first_grid_is_too_large(sweep: &Resolved<'_, '_>, factors: &[Resolved<'_, '_>]) -> Option<Fault> {
    let first = product(factors.iter().map(levels).collect::<Option<Vec<_>>>()?.into_iter());
    if !sweep.flag("refine")? || first <= FIRST_GRID_MAX {
        return None;
    }
    let message = format!(
        "a sweep that refines begins with at most {} points, but this one would begin with {}",
        reported(FIRST_GRID_MAX),
        reported(first)
    );
    let help = "lower the levels of its factors: refining adds points where they matter; or leave out refine";
    Some(at_size(Fault::new(message, help), sweep, factors))
}

/// The replicates of all points must fit in a file, in which positions follow from their numbers.
fn keeps_too_much(resolution: &Resolution<'_, '_>, sweep: &Resolved<'_, '_>, points: u128) -> Option<Fault> {
    let bets = sweep.text("experiment")? == SweptExperiment::Bet.name();
    let (own, width) = if bets {
        let bet = resolution.one(&BetRules::SPEC)?;
        let of_a_world = 2 * u128::from(bet.whole("focals")?) * bet.wholes("horizons")?.len() as u128;
        (bet.whole("worlds")?, of_a_world)
    } else {
        let metrics = 1 + sweep.texts("metrics")?.len().max(USUAL_METRICS);
        let strategies = resolution.all(&Strategy::SPEC).len();
        (resolution.one(&RunRules::SPEC)?.whole("replicates")?, (metrics * strategies) as u128)
    };
    let fixed = sweep.text("until")? == "fixed";
    let replicates = if fixed { own } else { own.max(sweep.whole("replicates_max")?) };
    // Each replicate has a checksum too.
    let kept = product([points, u128::from(replicates), width + 1].into_iter());
    if kept <= KEPT_MAX {
        return None;
    }
    let what = if bets { "worlds" } else { "replicates" };
    let message = format!(
        "a sweep keeps at most {} numbers, but {} points of {} {what} with {} numbers each would be more",
        reported(KEPT_MAX),
        reported(points),
        grouped(replicates),
        reported(width)
    );
    let (help, mark) = match (fixed, bets) {
        (false, _) => ("lower sweep.replicates_max", (sweep, "replicates_max")),
        (true, true) => ("lower bet.worlds or bet.focals", (resolution.one(&BetRules::SPEC)?, "worlds")),
        (true, false) => ("lower replicates", (resolution.one(&RunRules::SPEC)?, "replicates")),
    };
    Some(point(Fault::new(message, help), &[(mark.0, mark.1, grouped(replicates))]))
}

#[cfg(test)]
mod tests {
    use super::super::{Source, parse_sweep};

    /// The messages for a sweep with these lines in its section, over so many factors with these lines each.
    fn reported(sweep: &str, n_factors: usize, factor: &str) -> Vec<String> {
        const KEYS: [&str; 4] = ["needs.rate", "calls.rate", "reputation.fade", "reputation.learning"];
        let factors = KEYS[..n_factors]
            .iter()
            .map(|key| format!("[[factor]]\nname = \"{key}\"\nkeys = \"{key}\"\n{factor}\n"));
        let text = format!("[sweep]\n{sweep}\n{}", factors.collect::<String>());
        match parse_sweep(&Source { name: "test", bytes: text.as_bytes() }, &[], &["net"], &[]) {
            Ok(_) => Vec::new(),
            Err(faults) => faults.faults().iter().map(|fault| fault.message().to_owned()).collect(),
        }
    }

    #[test]
    fn points_are_counted_without_a_carry_that_is_lost() {
        let many = |n| format!("a sweep has at most 4,294,967,295 points, but this one would have {n}");
        assert_eq!(reported("", 4, "levels = 65536"), [many("more than 10^18")]);
        assert_eq!(reported("", 2, "levels = 65536"), [many("4,294,967,296")]);
        assert_eq!(reported("", 2, "levels = 65535"), [""; 0]);
        assert_eq!(reported("", 1, "levels = 100000"), [""; 0]);
        assert_eq!(reported("design = \"one-at-a-time\"", 4, "levels = 100000"), [""; 0]);
        assert_eq!(reported("design = \"morris\"\npoints = 10000000", 4, ""), [""; 0]);
        assert_eq!(reported("refine = true\ndepth = 6", 2, "levels = 1000"), [""; 0]);
        assert_eq!(reported("refine = true\ndepth = 6", 2, "levels = 2000"), [many("16,367,875,969")]);
    }

    #[test]
    fn what_is_held_in_memory_has_a_limit() {
        assert_eq!(reported("design = \"latin-hypercube\"\npoints = 10000000", 4, ""), [""; 0]);
        assert_eq!(
            super::hypercube_text(10_000_001, 10),
            "a Latin hypercube of 10 factors has at most 10,000,000 points, but this one would have 10,000,001"
        );
        assert_eq!(
            reported("refine = true\ndepth = 1", 2, "levels = 30000"),
            [
                "a sweep that refines begins with at most 1,000,000 points, but this one would begin with 900,000,000"
            ]
        );
    }

    #[test]
    fn what_is_kept_on_the_disk_can_be_counted() {
        let text = "experiment = \"bet\"\n[bet]\nfocals = 600\nworlds = 1000000";
        let sweep = format!("design = \"random\"\npoints = 10000000\n{text}");
        assert_eq!(reported(&sweep, 1, ""), [""; 0]);
        let sweep = sweep.replace("focals = 600", "focals = 800\nusual = \"any\"");
        assert_eq!(
            reported(&sweep, 1, ""),
            [
                "a sweep keeps at most 72,057,594,037,927,936 numbers, but 10,000,000 points of 1,000,000 worlds \
              with 8,000 numbers each would be more"
            ]
        );
        // A row of a sensitivity analysis has a point and one for each factor; of Sobol indices two and one for each.
        for (design, points) in [("morris", "30,000,000 points"), ("sobol", "40,000,000 points")] {
            let found = reported(&sweep.replace("random", design), 2, "");
            assert!(found.last().is_some_and(|text| text.contains(points)), "{found:?}");
        }
    }
}
