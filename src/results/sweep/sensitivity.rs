//! How much each factor matters, from the outcomes at the points of a design for it.

use super::super::columns::{Column, Kind, METRIC, Table, column, optional};
use super::super::table::{Cell, TableWriter};
use super::super::{FileNote, ResultsError};
use crate::draws::{Purpose, RandomKey};
use crate::experiment::Design;
use crate::scenario::SweepDesign;
use crate::stats::{
    Components, ElementaryEffects, SaltelliOutcomes, TwoWay, VarianceShares, elementary_effects,
    variance_shares,
};

/// The outcomes of one metric's contrast.
pub(super) struct Target {
    pub(super) metric: &'static str,
    /// By point, then by replicate.
    pub(super) outcomes: TwoWay,
}

/// The table of a design for sensitivity analysis; none for other designs.
pub(super) fn table(design: SweepDesign) -> Option<Table> {
    match design {
        SweepDesign::Morris => Some(morris_table()),
        SweepDesign::Sobol => Some(sobol_table()),
        _ => None,
    }
}

/// Writes the table.
pub(super) fn write(
    mut table: TableWriter,
    (kind, design): (SweepDesign, &Design),
    factors: &[String],
    seed: u64,
    targets: &[Target],
) -> Result<(Table, FileNote), ResultsError> {
    for (t, target) in targets.iter().enumerate() {
        let Some(means) = target.outcomes.means() else { continue };
        for (f, factor) in factors.iter().enumerate() {
            let mut words =
                RandomKey::new(seed).stream(0, Purpose::Resampling, (t * factors.len() + f) as u64);
            let mut pick = |n| words.below(n);
            let mut cells = vec![Cell::Text(target.metric), Cell::Text(factor)];
            if kind == SweepDesign::Morris {
                cells.extend(morris_cells(&elementary_effects(&effects(design, means, f), &mut pick)));
            } else {
                cells.extend(sobol_cells(&shares(factors.len(), means, f, &mut pick)));
            }
            table.row(&cells)?;
        }
    }
    table.finish()
}

/// One factor's effects: what the outcome changes by, per range of the factor, trajectory by trajectory.
fn effects(design: &Design, means: &[f64], factor: usize) -> Vec<f64> {
    let moves = (1..design.len()).filter_map(|number| Some((number, design.move_to(number)?)));
    let place = |number: u64| usize::try_from(number).expect("outcomes are held in memory");
    moves
        .filter(|(_, (f, _))| *f == factor)
        .map(|(number, (_, by))| (means[place(number)] - means[place(number - 1)]) / by)
        .collect()
}

fn shares(k: usize, means: &[f64], factor: usize, pick: &mut dyn FnMut(usize) -> usize) -> VarianceShares {
    let column = |at: usize| -> Vec<f64> { means.chunks(k + 2).map(|row| row[at]).collect() };
    let (a, b, a_with_b) = (column(0), column(1), column(2 + factor));
    variance_shares(&SaltelliOutcomes { a: &a, b: &b, a_with_b: &a_with_b }, pick)
}

fn morris_cells(e: &ElementaryEffects) -> Vec<Cell<'static>> {
    let [star, low, high] = Cell::interval(&e.mu_star);
    vec![Cell::Real(e.mu), star, low, high, Cell::optional(e.sigma)]
}

fn sobol_cells(s: &VarianceShares) -> Vec<Cell<'static>> {
    [Cell::interval(&s.first), Cell::interval(&s.total)].concat()
}

const FACTOR: Column = column("factor", Kind::Text, "", "Name of the factor.");

fn morris_table() -> Table {
    let unit = "of the metric";
    Table {
        name: "sweep_morris",
        meaning: "Elementary effects on the contrast second - first, per range of each factor.",
        columns: vec![
            METRIC,
            FACTOR,
            column("mu", Kind::Real, unit, "Mean effect of moving the factor over its range."),
            column("mu_star", Kind::Real, unit, "Mean absolute effect."),
            optional("mu_star_low", Kind::Real, unit, "Lower end of its 95% bootstrap interval."),
            optional("mu_star_high", Kind::Real, unit, "Upper end of its 95% bootstrap interval."),
            optional("sigma", Kind::Real, unit, "Standard deviation of the effects."),
        ],
        key: &["metric", "factor"],
    }
}

fn sobol_table() -> Table {
    let end = |name, meaning| optional(name, Kind::Real, "share", meaning);
    Table {
        name: "sweep_sobol",
        meaning: "Shares of the variance of the contrast second - first over the points.",
        columns: vec![
            METRIC,
            FACTOR,
            column("S1", Kind::Real, "share", "What the factor explains alone."),
            end("S1_low", "Lower end of its 95% bootstrap interval."),
            end("S1_high", "Upper end of its 95% bootstrap interval."),
            column("ST", Kind::Real, "share", "What it explains alone and together with others."),
            end("ST_low", "Lower end of its 95% bootstrap interval."),
            end("ST_high", "Upper end of its 95% bootstrap interval."),
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
