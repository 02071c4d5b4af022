//! The contrast of a sweep split over the traits in which its two strategies differ.

use super::super::columns::{Column, Kind, METRIC, Table, column, optional};
use super::super::table::{Cell, TableWriter};
use super::super::{FileNote, ResultsError};
use super::sensitivity::Target;
use crate::experiment::SweepPlan;
use crate::scenario::SweepDesign;
use crate::stats::{Interval, Moments, shapley};

/// Name of the part that is no trait's: the contrast of the point at which both strategies have the same traits. Only
/// luck makes it differ from 0.
pub(crate) const LUCK: &str = "luck";
/// Name of the row of the whole contrast.
pub(crate) const ALL: &str = "all";

/// `sweep_traits.csv` of a design that splits a contrast; none for other designs.
pub(super) fn table(design: SweepDesign) -> Option<Table> {
    let unit = "of the metric";
    let ends: [Column; 2] = [
        optional("ci_low", Kind::Real, unit, "Lower end of its {level} interval."),
        optional("ci_high", Kind::Real, unit, "Upper end, likewise."),
    ];
    let [low, high] = ends;
    (design == SweepDesign::FactorialTraits).then(|| Table {
        name: "sweep_traits",
        meaning: "What each trait in which the two strategies differ adds to second - first (Shapley values), and \
                  what is luck; \"all\" is the whole, to which these add up.",
        columns: vec![
            METRIC,
            column("trait", Kind::Text, "", "Name of the trait."),
            column("part", Kind::Real, unit, "Mean over replicates."),
            low,
            high,
            column("replicates", Kind::Count, "replicates", "Replicates that all points report."),
        ],
        key: &["metric", "trait"],
    })
}

/// Writes the table; also returns what is to be said of the sweep's contrast. `outcomes` gives a target's replicates at a
/// point.
pub(super) fn write(
    mut table: TableWriter,
    plan: &SweepPlan,
    targets: &[Target],
    outcomes: impl Fn(usize, u64) -> Result<Vec<f64>, ResultsError>,
) -> Result<((Table, FileNote), Vec<String>), ResultsError> {
    let mut words = Vec::new();
    for (t, target) in targets.iter().enumerate() {
        let mut sets = vec![Vec::new(); usize::try_from(plan.n_points()).expect("traits are few")];
        for point in 0..plan.n_points() {
            sets[plan.trait_set(point)] = outcomes(t, point)?;
        }
        let names = plan.scenario().factors.iter().map(|factor| factor.name.as_str());
        let rows: Vec<(&str, Moments)> = names.chain([LUCK, ALL]).zip(parts(&sets)).collect();
        for (name, part) in &rows {
            if part.n() > 0 {
                let [mean, low, high] = Cell::interval(&part.interval(plan.level()));
                let cells =
                    [Cell::Text(target.metric), Cell::Text(name), mean, low, high, Cell::Count(part.n())];
                table.row(&cells)?;
            }
        }
        if t == plan.metric() {
            words.extend(in_words(plan, target.metric, &rows));
        }
    }
    Ok((table.finish()?, words))
}

/// The parts of the players, of luck, and the whole, over the replicates that all sets have. The sets are by their number.
fn parts(sets: &[Vec<f64>]) -> Vec<Moments> {
    let n_traits = sets.len().trailing_zeros() as usize;
    let mut parts = vec![Moments::default(); n_traits + 2];
    let replicates = sets.iter().map(Vec::len).min().unwrap_or(0);
    for r in 0..replicates {
        let outcomes: Vec<f64> = sets.iter().map(|replicates| replicates[r]).collect();
        // A metric can have nothing to report in a replicate.
        if outcomes.iter().any(|outcome| outcome.is_nan()) {
            continue;
        }
        let ends = [outcomes[0], outcomes[outcomes.len() - 1]];
        let values = shapley(&outcomes).into_iter().chain(ends);
        parts.iter_mut().zip(values).for_each(|(part, value)| part.push(value));
    }
    parts
}

/// The parts of the sweep's contrast in one sentence, the largest first, and what they do not show.
fn in_words(plan: &SweepPlan, metric: &str, rows: &[(&str, Moments)]) -> Vec<String> {
    let [first, second] = plan.sides();
    let level = plan.level();
    let Some(((_, whole), parts)) = rows.split_last().filter(|((_, whole), _)| whole.n() > 0) else {
        return vec![format!("{metric}: no parts, because some point has no outcome")];
    };
    let mut parts: Vec<(&str, Interval)> =
        parts.iter().map(|(name, part)| (*name, part.interval(level))).collect();
    let luck = parts.pop().into_iter();
    parts.sort_by(|a, b| b.1.mean.abs().total_cmp(&a.1.mean.abs()));
    let said: Vec<String> =
        parts.into_iter().chain(luck).map(|(name, part)| format!("{name} {}", shown(&part))).collect();
    let (n, whole) = (whole.n(), shown(&whole.interval(level)));
    vec![format!(
        "{metric} of {second} less that of {first} is {whole}, of which by trait ({level} intervals, {n} replicates): {}",
        said.join(", ")
    )]
}

/// A part with its interval.
fn shown(part: &Interval) -> String {
    let interval = part.ends().map(|(low, high)| format!(" ({low:+.3} to {high:+.3})"));
    format!("{:+.3}{}", part.mean, interval.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Source;

    #[test]
    fn parts_are_those_solved_by_hand_and_add_up_to_the_whole() {
        // Two traits: alone each changes nothing, together they bring 0.15 in one replicate and 0.05 in the other.
        let sets = [vec![0.01, -0.01, 7.0], vec![0.01, -0.01], vec![0.01, -0.01], vec![0.16, 0.04]];
        let parts = parts(&sets);
        let means: Vec<f64> = parts.iter().map(Moments::mean).collect();
        for (mean, expected) in means.iter().zip([0.05, 0.05, 0.0, 0.1]) {
            assert!((mean - expected).abs() < 1e-15, "{means:?}");
        }
        assert!(parts.iter().all(|part| part.n() == 2), "replicates that all have");
        // The spread is that of the replicates: parts of 0.075 and 0.025.
        assert!((parts[0].sd().unwrap() - 0.05 / libm::sqrt(2.0)).abs() < 1e-15);
        let without = super::parts(&[vec![f64::NAN, 1.0], vec![2.0, 4.0]]);
        assert_eq!(without.iter().map(Moments::mean).collect::<Vec<_>>(), [3.0, 1.0, 4.0]);
    }

    #[test]
    fn parts_are_told_the_largest_first_and_luck_last() {
        let source = Source { name: "test", bytes: b"[sweep]\ndesign = \"factorial-traits\"\n" };
        let plan = SweepPlan::new(super::super::parse_sweep(&source, &[]).unwrap(), Vec::new());
        let part = |values: [f64; 2]| values.into_iter().collect::<Moments>();
        let rows = [("ask", [0.1, 0.1]), ("serve", [-0.5, -0.5]), (LUCK, [0.9, 0.9]), (ALL, [0.5, 0.5])];
        let [said] = &in_words(&plan, "net", &rows.map(|(name, values)| (name, part(values))))[..] else {
            panic!("one sentence")
        };
        let [first, second] = plan.sides();
        let start =
            format!("net of {second} less that of {first} is +0.500 (+0.500 to +0.500), of which by trait (");
        assert!(said.starts_with(&start), "{said}");
        assert!(said.ends_with(", 2 replicates): serve -0.500 (-0.500 to -0.500), ask +0.100 (+0.100 to +0.100), luck +0.900 (+0.900 to +0.900)"), "{said}");
        let none = rows.map(|(name, _)| (name, Moments::default()));
        assert_eq!(in_words(&plan, "net", &none), ["net: no parts, because some point has no outcome"]);
    }

    #[test]
    fn a_part_is_shown_with_its_sign() {
        assert_eq!(shown(&Interval::around(0.1234, Some(0.01))), "+0.123 (+0.113 to +0.133)");
        assert_eq!(shown(&Interval::around(-0.5, None)), "-0.500");
        assert!(table(SweepDesign::Grid).is_none() && table(SweepDesign::FactorialTraits).is_some());
    }
}
