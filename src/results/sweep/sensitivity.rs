//! How much each factor matters, from the outcomes at the points of a design for it.

use super::super::columns::{Column, Kind, METRIC, Table, column, optional};
use super::super::table::{Cell, TableWriter};
use super::super::{FileNote, ResultsError};
use super::kept::Kept;
use super::ranking::ranking;
use crate::experiment::{Design, SweepPlan, outcome_metric};
use crate::scenario::SweepDesign;
use crate::stats::{
    Components, ElementaryEffects, Interval, Replicates, SaltelliRows, Trajectories, TwoWay, VarianceShares,
    Withheld,
};

/// The outcomes of one metric's contrast.
pub(super) struct Target {
    pub(super) metric: &'static str,
    /// By point, then by replicate.
    pub(super) outcomes: TwoWay,
}

/// The targets of an analysis of all points: one per kept metric, or the bet's net benefit. Empty for designs without
/// such an analysis.
pub(super) fn targets(plan: &SweepPlan) -> Vec<Target> {
    use SweepDesign::{FactorialTraits, Morris, Sobol};
    if !matches!(plan.rules().design, Morris | Sobol | FactorialTraits) {
        return Vec::new();
    }
    let target = |metric| Target { metric, outcomes: TwoWay::default() };
    if plan.bets() {
        return vec![target("net")];
    }
    plan.metrics().iter().map(|&m| target(outcome_metric(m).name)).collect()
}

/// A replicate's outcome for the target at position `t`: the contrast of its metric, or of the bet's world.
pub(super) fn outcome(plan: &SweepPlan, t: usize, kept: &Kept) -> f64 {
    let cluster = kept.contrast(plan, t);
    cluster.sum / cluster.weight
}

/// The table of a design for sensitivity analysis; none for other designs.
pub(super) fn table(design: SweepDesign) -> Option<Table> {
    match design {
        SweepDesign::Morris => Some(morris_table()),
        SweepDesign::Sobol => Some(sobol_table()),
        _ => None,
    }
}

/// What a metric's indices come to.
enum Indices {
    Morris(ElementaryEffects),
    Sobol(VarianceShares),
}

/// Writes the table; also returns what is to be said of it. `outcomes` gives a target's replicates at a point.
pub(super) fn write(
    mut table: TableWriter,
    plan: &SweepPlan,
    targets: &[Target],
    outcomes: impl Fn(usize, u64) -> Result<Vec<f64>, ResultsError>,
) -> Result<((Table, FileNote), Vec<String>), ResultsError> {
    let mut words = Vec::new();
    for (t, target) in targets.iter().enumerate() {
        let found = match target.outcomes.replicate_means() {
            None => None,
            Some(means) => {
                let replicates = Replicates { means, shared: plan.rules().common_luck };
                Some(indices(plan, replicates, |point| outcomes(t, point))?)
            }
        };
        for (f, factor) in plan.scenario().factors.iter().enumerate() {
            let mut cells = vec![Cell::Text(target.metric), Cell::Text(&factor.name)];
            cells.extend(index_cells(found.as_ref(), plan.rules().design, f));
            cells.push(Cell::Flag(plan.scenario().is_price(factor)));
            cells.push(Cell::optional(found.as_ref().and_then(Indices::luck)));
            let why = found.as_ref().map_or(Some(MISSING), |found| found.withheld().map(reason));
            cells.push(Cell::Text(why.unwrap_or_default()));
            table.row(&cells)?;
        }
        words.extend(reported(plan, (t, target.metric), found.as_ref()));
    }
    Ok((table.finish()?, words))
}

/// The indices of a metric, from one pass over the points.
fn indices(
    plan: &SweepPlan,
    replicates: Replicates,
    outcomes: impl Fn(u64) -> Result<Vec<f64>, ResultsError>,
) -> Result<Indices, ResultsError> {
    let design = plan.design().expect("a design for sensitivity analysis is neither listed nor refined");
    let k = plan.scenario().factors.len();
    let morris = plan.rules().design == SweepDesign::Morris;
    let step = k as u64 + if morris { 1 } else { 2 };
    let rows = (0..design.len() / step).map(|row| row * step..(row + 1) * step);
    let read = |points: std::ops::Range<u64>| points.map(&outcomes).collect::<Result<Vec<_>, _>>();
    if morris {
        let mut all = Trajectories::new(k, replicates, plan.level());
        for points in rows {
            all.push(&read(points.clone())?, &moves(design, points));
        }
        return Ok(Indices::Morris(all.effects()));
    }
    let mut all = SaltelliRows::new(k, replicates, plan.level());
    for points in rows {
        let [a, b] = [0, 1].map(|place| coordinates(design, points.start + place));
        all.push(&read(points)?, [&a, &b]);
    }
    Ok(Indices::Sobol(all.shares()))
}

/// The place of a point in the unit cube.
fn coordinates(design: &Design, point: u64) -> Vec<f64> {
    design.point(point).into_iter().map(|x| x.expect("a design over ranges sets every factor")).collect()
}

/// The moves between the points of a trajectory: which factor, and how far.
fn moves(design: &Design, points: std::ops::Range<u64>) -> Vec<(usize, f64)> {
    points.skip(1).map(|point| design.move_to(point).expect("each step moves a factor")).collect()
}

impl Indices {
    fn withheld(&self) -> Option<Withheld> {
        match self {
            Self::Morris(effects) => effects.withheld,
            Self::Sobol(shares) => shares.withheld,
        }
    }

    fn luck(&self) -> Option<f64> {
        match self {
            Self::Morris(effects) => effects.luck,
            Self::Sobol(shares) => shares.luck,
        }
    }

    /// What factors are ranked by: mu_star or ST.
    fn ranks(&self) -> &[Interval] {
        match self {
            Self::Morris(effects) => &effects.mu_star,
            Self::Sobol(shares) => &shares.total,
        }
    }
}

/// The cells of a factor's indices; empty where there is nothing to report.
fn index_cells(found: Option<&Indices>, design: SweepDesign, f: usize) -> Vec<Cell<'static>> {
    let cells =
        |of: Option<&Interval>| Cell::interval(&of.copied().unwrap_or(Interval::from_cells([f64::NAN; 3])));
    match found {
        Some(Indices::Morris(e)) => {
            let [mu, low, high] = cells(e.mu.get(f));
            let sigma = Cell::optional(e.sigma.get(f).copied().flatten());
            [&[mu][..], &cells(e.mu_star.get(f)), &[sigma, low, high]].concat()
        }
        Some(Indices::Sobol(s)) => [cells(s.first.get(f)), cells(s.total.get(f))].concat(),
        None => vec![Cell::Real(f64::NAN); if design == SweepDesign::Morris { 7 } else { 6 }],
    }
}

/// Why a table has empty cells where some replicate has no outcome.
const MISSING: &str = "no indices: some replicate of some point has no outcome";

/// Why indices or their intervals are missing.
fn reason(why: Withheld) -> &'static str {
    match why {
        Withheld::OneReplicate => {
            "no indices but mu: one replicate does not tell what factors do from luck; take 2 replicates or more"
        }
        Withheld::Constant => "no indices: the outcome is the same at all points",
        Withheld::OnlyLuck => {
            "no indices: the points differ by no more than luck makes them; take more replicates"
        }
        Withheld::FewRows => "no intervals: there are fewer than 4 rows or trajectories; take more points",
        Withheld::MostlyLuck => {
            "no intervals: what the factors do is not clear of luck; take more replicates or more points"
        }
        Withheld::FewSeeds => {
            "no intervals: all points share fewer than 5 seeds and these act like one more fixed function; take 5 \
             replicates or common_luck = false"
        }
        Withheld::SharedLuck => {
            "no intervals: luck is over 5% of the variance of a point's mean and all points share their few \
             seeds; take more replicates or common_luck = false"
        }
    }
}

/// RandomKey in a point's mean beyond which there is a warning.
const LUCK_MAX: f64 = 0.05;

/// Rows (Sobol) and trajectories (Morris) with fewer of which intervals may cover less often than is said; as
/// docs/validation.md has it.
const ROWS_ENOUGH: u32 = 256;
const TRAJECTORIES_ENOUGH: u32 = 20;

/// A warning where intervals come from few rows or trajectories.
fn few(plan: &SweepPlan) -> Option<String> {
    let (enough, what) = match plan.rules().design {
        SweepDesign::Morris => (TRAJECTORIES_ENOUGH, "trajectories"),
        _ => (ROWS_ENOUGH, "rows"),
    };
    let n = plan.rules().points;
    (n < enough).then(|| format!("intervals from fewer than {enough} {what} (here {n}) may be too narrow"))
}

/// What is to be said of a metric's indices.
fn reported(plan: &SweepPlan, (t, metric): (usize, &str), found: Option<&Indices>) -> Vec<String> {
    let Some(found) = found else { return vec![format!("{metric}: {MISSING}")] };
    let mut words = Vec::new();
    if plan.bets() || t == plan.metric() {
        let names = plan.scenario().factors.iter().map(|factor| factor.name.clone());
        let rows: Vec<(String, Interval)> = names.zip(found.ranks().iter().copied()).collect();
        words.push(format!("{metric}: {}", ranking(&rows)));
        words.extend(few(plan).filter(|_| rows.iter().any(|row| row.1.ends().is_some())));
    }
    words.extend(found.withheld().map(|why| format!("{metric}: {}", reason(why))));
    if let Some(luck) = found.luck().filter(|luck| *luck > LUCK_MAX) {
        let percent = 100.0 * luck;
        words.push(format!("{metric}: luck is {percent:.0}% of the variance of a point's mean"));
    }
    words
}

const FACTOR: Column = column("factor", Kind::Text, "", "Name of the factor.");
const PRICE: Column =
    column("price", Kind::Flag, "", "1 where the factor sets prices only, to which nobody reacts.");
const LUCK: Column = optional(
    "luck",
    Kind::Share,
    "share",
    "Share of luck in the variance of a point's mean, for the metric.",
);
const NOTE: Column = optional("note", Kind::Text, "", "Why indices or intervals are missing.");

fn morris_table() -> Table {
    let unit = "of the metric";
    Table {
        name: "sweep_morris",
        meaning: "Elementary effects on the contrast second - first, per range of each factor.",
        columns: vec![
            METRIC,
            FACTOR,
            optional("mu", Kind::Real, unit, "Mean effect of moving the factor over its range."),
            optional("mu_star", Kind::Real, unit, "Mean absolute effect, its sign by other replicates."),
            optional("mu_star_low", Kind::Real, unit, "Lower end of its {level} interval."),
            optional("mu_star_high", Kind::Real, unit, "Upper end of its {level} interval."),
            optional("sigma", Kind::Real, unit, "Standard deviation of the effects, without luck."),
            optional("mu_low", Kind::Real, unit, "Lower end of mu's {level} interval."),
            optional("mu_high", Kind::Real, unit, "Upper end of mu's {level} interval."),
            PRICE,
            LUCK,
            NOTE,
        ],
        key: &["metric", "factor"],
    }
}

fn sobol_table() -> Table {
    let of = |name, meaning| optional(name, Kind::Real, "share", meaning);
    Table {
        name: "sweep_sobol",
        meaning: "Shares of the variance of the contrast second - first over the points.",
        columns: vec![
            METRIC,
            FACTOR,
            of("S1", "What the factor explains alone."),
            of("S1_low", "Lower end of its {level} interval."),
            of("S1_high", "Upper end of its {level} interval."),
            of("ST", "What it explains alone and together with others."),
            of("ST_low", "Lower end of its {level} interval."),
            of("ST_high", "Upper end of its {level} interval."),
            PRICE,
            LUCK,
            NOTE,
        ],
        key: &["metric", "factor"],
    }
}

/// `sweep_noise.csv`
pub(super) fn noise_table() -> Table {
    Table {
        name: "sweep_noise",
        meaning: "Where the variance of the contrast second - first between single replicates comes from.",
        columns: vec![
            METRIC,
            column(
                "source",
                Kind::Text,
                "",
                "factors; shared luck, which moves all points alike; luck, which acts otherwise at each point.",
            ),
            column("variance", Kind::Real, "of the metric, squared", "Variance component."),
            optional("share", Kind::Share, "share", "Of the three together."),
        ],
        key: &["metric", "source"],
    }
}

/// Adds the rows of a metric to `sweep_noise.csv`.
pub(super) fn write_noise(
    table: &mut TableWriter,
    metric: &'static str,
    components: Components,
) -> Result<(), ResultsError> {
    let Components { points, shared, rest } = components;
    let all = points + shared + rest;
    for (source, variance) in [("factors", points), ("shared luck", shared), ("luck", rest)] {
        let share = (all > 0.0).then(|| variance / all);
        table.row(&[Cell::Text(metric), Cell::Text(source), Cell::Real(variance), Cell::optional(share)])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Override, Source, parse_sweep};

    /// The plan of a sweep of two factors.
    fn plan(design: &str, points: u32) -> SweepPlan {
        let text = "[sweep]\n[[factor]]\nname = \"fee\"\nkeys = \"calls.fee\"\nmin = 0\nmax = 0.5\n[[factor]]\n\
                    name = \"depth\"\nkeys = \"calls.depth\"\nmin = 0\nmax = 4\n";
        let source = Source { name: "test", bytes: text.as_bytes() };
        let sets = [format!("sweep.design={design}"), format!("sweep.points={points}")];
        let sets = sets.map(|set| Override::set(&set));
        let scenario = parse_sweep(&source, &sets, &["net"], &[]).unwrap_or_else(|faults| panic!("{faults}"));
        SweepPlan::new(scenario, Vec::new())
    }

    #[test]
    fn more_than_five_percent_of_luck_is_warned_of_and_empty_cells_have_a_reason() {
        let said = |luck: Option<f64>, withheld: Option<Withheld>| {
            let total = [0.75, 0.25].map(|share| Interval::around(share, Some(0.1))).to_vec();
            let shares = VarianceShares { first: total.clone(), total, luck, withheld };
            reported(&plan("sobol", 256), (0, "net"), Some(&Indices::Sobol(shares)))
        };
        let ranked = "net: fee matters most, then depth";
        assert_eq!([said(None, None), said(Some(0.05), None)], [[ranked], [ranked]]);
        assert_eq!(said(Some(0.25), None), [ranked, "net: luck is 25% of the variance of a point's mean"]);
        let reasons: Vec<String> =
            [Withheld::Constant, Withheld::FewRows].map(|why| said(None, Some(why))).concat();
        assert!(reasons[1].starts_with("net: no indices: the outcome is the same"), "{reasons:?}");
        assert!(reasons[3].starts_with("net: no intervals: there are fewer than 4 rows"), "{reasons:?}");
        let nothing = reported(&plan("sobol", 256), (0, "net"), None);
        assert_eq!(nothing, ["net: no indices: some replicate of some point has no outcome"]);
    }

    /// The indices of an outcome that follows from the place of a point alone, in two replicates.
    fn indices_of(plan: &SweepPlan, outcome: impl Fn(&[f64]) -> f64) -> Indices {
        let at = |point: u64| vec![outcome(&coordinates(plan.design().unwrap(), point)); 2];
        let mut all = TwoWay::default();
        (0..plan.n_points()).for_each(|point| all.push(&at(point)));
        let replicates = Replicates { means: all.replicate_means().unwrap(), shared: false };
        indices(plan, replicates, |point| Ok(at(point))).unwrap()
    }

    #[test]
    fn indices_are_those_of_the_places_of_the_points() {
        let Indices::Morris(effects) = indices_of(&plan("morris", 10), |x| 3.0 * x[0] - x[1]) else {
            panic!("a design of trajectories")
        };
        for (f, effect) in [3.0, -1.0_f64].into_iter().enumerate() {
            assert!((effects.mu[f].mean - effect).abs() < 1e-9, "{effects:?}");
            assert!((effects.mu_star[f].mean - effect.abs()).abs() < 1e-9, "{effects:?}");
            assert!(effects.sigma[f].unwrap() < 1e-6, "{effects:?}");
        }
        // The variances of the two terms are 9 / 12 and 3 / 12; the polynomial corrects what rows are off them.
        let Indices::Sobol(shares) = indices_of(&plan("sobol", 64), |x| 3.0 * x[0] + libm::sqrt(3.0) * x[1])
        else {
            panic!("a design of rows")
        };
        for (f, share) in [0.75, 0.25].into_iter().enumerate() {
            assert!((shares.first[f].mean - share).abs() < 1e-4, "{shares:?}");
            assert!((shares.total[f].mean - share).abs() < 1e-4, "{shares:?}");
        }
    }

    #[test]
    fn few_rows_and_few_trajectories_are_said_to_be_few() {
        let is_few = |design: &str, points: u32| few(&plan(design, points)).is_some();
        assert_eq!([64, 255, 256, 512].map(|n| is_few("sobol", n)), [true, true, false, false]);
        assert_eq!([10, 19, 20, 40].map(|n| is_few("morris", n)), [true, true, false, false]);
    }
}
