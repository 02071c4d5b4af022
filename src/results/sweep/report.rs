//! The tables of a sweep, made from the numbers of its replicates.

use std::path::PathBuf;

use serde::Serialize;
use serde_json::{Value, json};

use super::super::bet::{Differences, are_few, bet_row_cells, caution_of_points};
use super::super::manifest::{self, Manifest};
use super::super::own::MANIFEST;
use super::super::summary::{ContrastRow, SummaryRow, adjust, pairs};
use super::super::table::{Cell, TableWriter};
use super::super::{FileNote, ResultsError, Table, datapackage};
use super::kept::Kept;
use super::sensitivity::{self, Target, outcome, targets};
use super::steady::Steady;
use super::together::{self, Verdict};
use super::words::Words;
use super::{Points, SweepWriter, parts, prices, tables, traits};
use crate::experiment::{SweepPlan, SweepPoint, replicate_seed};
use crate::scenario::{Factor, Pilot};
use crate::stats::{Moments, TogetherLimit};

/// The summary of a sweep.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct SweepSummary {
    /// The result folder.
    #[serde(skip)]
    pub dir: PathBuf,
    /// Number of points in the result.
    pub points: u64,
    /// Number of replicates (worlds) in the result, over all points.
    pub replicates: u64,
    /// Whether points or replicates are missing.
    pub interrupted: bool,
    /// Number of points without a steady state after burn-in, by `sweep_stationarity.csv`; none for bets.
    pub points_drifting: Option<u64>,
    /// Number of points of the finest grid, for a sweep that refines.
    pub full_grid: Option<u64>,
    /// The pilot replicates that found burn-in, under `burn_in = "auto"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub burn_in_pilot: Option<Pilot>,
    /// Where each strategy wins, and what else the tables show, in words; the first line is the answer.
    pub words: Vec<String>,
    /// Every file of the result except the manifest.
    pub files: Vec<FileNote>,
}

/// The open tables, to which points are added.
struct Open {
    sweep: Option<TableWriter>,
    contrasts: Option<TableWriter>,
    stationarity: Option<TableWriter>,
    bet: Option<TableWriter>,
    words: Words,
    steady: Steady,
    targets: Vec<Target>,
    points: u64,
    replicates: u64,
    /// Maximum number of replicates of a point.
    most: u32,
    /// Number of bets whose intervals may hold less often than said.
    few: u64,
}

impl SweepWriter<'_> {
    /// Makes the tables from all stored replicates. `whole` means that the sweep is complete; then its parts are
    /// removed.
    ///
    /// # Errors
    /// If the disk fails.
    ///
    /// # Panics
    /// If the sweep is only one of several parts.
    pub(crate) fn finish(mut self, whole: bool) -> Result<SweepSummary, ResultsError> {
        let plan = self.plan;
        let mut folder = self.folder.take().expect("tables are for who has the folder alone");
        let factors = &plan.scenario().factors;
        let mut open = Open {
            sweep: (!plan.bets()).then(|| folder.table(tables::sweep(factors))).transpose()?,
            contrasts: (!plan.bets()).then(|| folder.table(tables::contrasts(factors))).transpose()?,
            stationarity: (!plan.bets()).then(|| folder.table(tables::stationarity(factors))).transpose()?,
            bet: plan.bets().then(|| folder.table(tables::bet(factors))).transpose()?,
            words: Words::new(plan),
            steady: Steady::new(plan.level()),
            targets: targets(plan),
            points: 0,
            replicates: 0,
            most: 0,
            few: 0,
        };
        let mut limit = self.limit()?;
        for number in self.visited().ascending() {
            let replicates = self.run(number, 0..plan.replicates_max())?;
            if !replicates.is_empty() {
                open.add(plan, &plan.point(number), &replicates, &mut limit)?;
            }
        }
        let mut finished = Vec::new();
        let tables = [open.sweep.take(), open.contrasts.take(), open.stationarity.take(), open.bet.take()];
        for table in tables.into_iter().flatten() {
            finished.push(table.finish()?);
        }
        let mut words = open.words.lines();
        let drifting = open.steady.drifting();
        words.extend(open.steady.reported(drifting));
        words.extend(prices::reported(plan.scenario()));
        words.extend(open.caution(plan));
        if let (true, Some(table)) = (whole, sensitivity::table(plan.rules().design)) {
            let outcomes = |t, number| self.outcomes(t, number);
            let (table, more) = sensitivity::write(folder.table(table)?, plan, &open.targets, outcomes)?;
            finished.push(table);
            finished.push(self.write_noise(folder.table(sensitivity::noise_table())?, &open.targets)?);
            words.extend(more);
        }
        if let (true, Some(table)) = (whole, traits::table(plan.rules().design)) {
            let outcomes = |t, number| self.outcomes(t, number);
            let (table, answer) = traits::write(folder.table(table)?, plan, &open.targets, outcomes)?;
            finished.push(table);
            words.splice(..0, answer);
        }
        words.extend(refined(plan, open.points));
        let files = self.close(&mut folder, whole, &open, (drifting, &words), finished)?;
        if whole {
            parts::remove(&self.dir)?;
        }
        // The folder is unlocked only now.
        drop(folder);
        Ok(SweepSummary {
            dir: self.dir,
            points: open.points,
            replicates: open.replicates,
            interrupted: !whole,
            points_drifting: (!plan.bets()).then_some(drifting),
            full_grid: plan.lattice().map(|lattice| lattice.len()),
            burn_in_pilot: plan.scenario().provenance().pilot.clone(),
            words,
            files,
        })
    }

    /// The limit of intervals with all points taken together.
    fn limit(&mut self) -> Result<TogetherLimit, ResultsError> {
        let plan = self.plan;
        let mut together = together::rule(plan);
        for number in self.visited().ascending() {
            let clusters = self.clusters(number, plan.replicates_max())?;
            together.add(together::counting(plan, &clusters));
        }
        Ok(together.limit())
    }

    /// The visited points, ascending.
    fn visited(&self) -> Points {
        match self.plan.lattice() {
            None => Points::All(self.plan.n_points()),
            Some(_) => {
                let mut all: Vec<u64> = self.sides.keys().copied().chain(self.points.ascending()).collect();
                all.sort_unstable();
                all.dedup();
                Points::Some(all)
            }
        }
    }

    /// The outcomes of a point's replicates for the target in place `t`.
    fn outcomes(&self, t: usize, number: u64) -> Result<Vec<f64>, ResultsError> {
        let replicates = self.run(number, 0..self.plan.replicates_max())?;
        Ok(replicates.iter().map(|kept| outcome(self.plan, t, kept)).collect())
    }

    /// Writes `sweep_noise.csv` in a second pass over the replicates.
    fn write_noise(
        &self,
        mut table: TableWriter,
        targets: &[Target],
    ) -> Result<(Table, FileNote), ResultsError> {
        let plan = self.plan;
        for (t, target) in targets.iter().enumerate() {
            let rows = (0..plan.n_points()).map(|number| self.outcomes(t, number));
            if let Some(components) = target.outcomes.components(rows)? {
                sensitivity::write_noise(&mut table, target.metric, components)?;
            }
        }
        table.finish()
    }

    /// Writes the documents and gives all files their final names.
    fn close(
        &self,
        folder: &mut super::Folder,
        whole: bool,
        open: &Open,
        (drifting, words): (u64, &[String]),
        finished: Vec<(Table, FileNote)>,
    ) -> Result<Vec<FileNote>, ResultsError> {
        let (plan, scenario) = (self.plan, self.plan.scenario());
        let strategies: Vec<String> = scenario.strategies.iter().map(|s| s.name.clone()).collect();
        let package = datapackage::describe(&scenario.title, &strategies, &[], &finished, plan.level());
        let package = folder.write("datapackage.json", &package)?;
        let files: Vec<FileNote> = finished.into_iter().map(|(_, note)| note).chain([package]).collect();
        let seeds: Vec<u64> = if plan.rules().common_luck {
            (0..open.most).map(|r| replicate_seed(scenario.seed, r)).collect()
        } else {
            Vec::new()
        };
        let manifest = Manifest {
            command: "sweep",
            scenario,
            replicate_seeds: &seeds,
            replicates: plan.batch(),
            options: json!({ "charts": self.options.charts }),
            about: Some(("sweep", about(plan, open))),
            words: &words_of(words),
            files: &files,
        };
        let mut document = manifest.to_json();
        document["interrupted"] = (!whole).into();
        document["replicates_done"] = open.replicates.into();
        if !plan.bets() {
            document["sweep"]["points_drifting"] = drifting.into();
        }
        if let Some(list) = self.input.list {
            document["sweep"]["list"] = list.into();
        }
        folder.write(MANIFEST, &manifest::to_text(&document))?;
        folder.commit()?;
        Ok(files)
    }
}

impl Open {
    /// A warning where intervals of some bets may hold less often than said.
    fn caution(&self, plan: &SweepPlan) -> Option<String> {
        caution_of_points(self.few, self.points, plan.level())
    }

    /// Adds the rows of a point.
    fn add(
        &mut self,
        plan: &SweepPlan,
        point: &SweepPoint,
        replicates: &[Kept],
        limit: &mut TogetherLimit,
    ) -> Result<(), ResultsError> {
        self.points += 1;
        self.replicates += replicates.len() as u64;
        self.most =
            self.most.max(u32::try_from(replicates.len()).expect("replicates are numbered in 32 bits"));
        let clusters: Vec<_> = replicates.iter().map(|kept| kept.contrast(plan, plan.metric())).collect();
        let verdict = together::verdict(plan, limit, &clusters);
        self.words.add(point, &verdict);
        for (t, target) in self.targets.iter_mut().enumerate() {
            let row: Vec<f64> = replicates.iter().map(|kept| outcome(plan, t, kept)).collect();
            target.outcomes.push(&row);
        }
        if plan.bets() {
            self.add_bet(plan, point, replicates, &verdict)
        } else {
            self.add_run(plan, point, replicates, &verdict)
        }
    }

    fn add_run(
        &mut self,
        plan: &SweepPlan,
        point: &SweepPoint,
        replicates: &[Kept],
        verdict: &Verdict,
    ) -> Result<(), ResultsError> {
        let names: Vec<&str> = plan.scenario().strategies.iter().map(|s| s.name.as_str()).collect();
        let leading = leading(&plan.scenario().factors, point);
        let (sweep, contrasts) = (self.sweep.as_mut(), self.contrasts.as_mut());
        let (sweep, contrasts) = sweep.zip(contrasts).expect("open for runs");
        for (s, name) in names.iter().enumerate() {
            for (m, &metric) in plan.metrics().iter().enumerate() {
                let moments: Moments = replicates.iter().map(|kept| kept.outcome(plan, s, m)).collect();
                if let Some(row) = SummaryRow::of(name, metric, &moments, plan.level()) {
                    sweep.row(&[&leading[..], &row.cells()].concat())?;
                }
            }
        }
        let [first, second] = plan.contrast();
        let turned = |[i, j]: [usize; 2], m| {
            (m == plan.metric() && [i, j].contains(&first) && [i, j].contains(&second)).then_some(i != first)
        };
        let (mut rows, mut sides) = (Vec::new(), Vec::new());
        for (i, j) in pairs(names.len()) {
            for (m, &metric) in plan.metrics().iter().enumerate() {
                let of = |kept: &Kept| kept.outcome(plan, j, m) - kept.outcome(plan, i, m);
                let moments: Moments = replicates.iter().map(of).collect();
                if let Some(row) = ContrastRow::of([names[i], names[j]], metric, &moments, plan.level()) {
                    rows.push(row);
                    sides.push(verdict.cells(plan, turned([i, j], m)));
                }
            }
        }
        adjust(&mut rows, 1);
        for (row, side) in rows.iter().zip(&sides) {
            contrasts.row(&[&leading[..], &row.cells(), side].concat())?;
        }
        let drifts: Vec<&[f64]> = replicates.iter().map(|kept| kept.drifts(plan)).collect();
        let table = self.stationarity.as_mut().expect("open for runs");
        for row in self.steady.add(&names, &drifts) {
            table.row(&[&leading[..], &row.cells()].concat())?;
        }
        Ok(())
    }

    fn add_bet(
        &mut self,
        plan: &SweepPlan,
        point: &SweepPoint,
        replicates: &[Kept],
        verdict: &Verdict,
    ) -> Result<(), ResultsError> {
        let bet = plan.scenario().bet.as_ref().expect("a sweep over bets has one");
        let mut differences = Differences::new(bet.horizons.clone(), plan.level());
        for kept in replicates {
            let Kept::Twins(twins) = kept else { unreachable!("a sweep over bets keeps twins") };
            differences.push(twins);
        }
        let rows = differences.rows();
        let twins = rows.first().map_or(0, |row| row.twins);
        self.few += u64::from(are_few(replicates.len() as u64, twins));
        for row in rows {
            let mut cells = leading(&plan.scenario().factors, point);
            cells.extend(bet_row_cells(&row));
            cells.push(Cell::Count(replicates.len() as u64));
            let last = bet.horizons.last() == Some(&row.horizon);
            cells.extend(verdict.cells(plan, last.then_some(false)));
            self.bet.as_mut().expect("open for bets").row(&cells)?;
        }
        Ok(())
    }
}

/// The cells of the point and of every factor's value.
fn leading<'p>(factors: &[Factor], point: &'p SweepPoint) -> Vec<Cell<'p>> {
    let value = |(value, factor): (&'p String, &Factor)| match value.parse::<f64>() {
        Ok(value) if factor.is_numeric() => Cell::Real(value),
        _ => Cell::Text(value),
    };
    [Cell::Count(point.number)].into_iter().chain(point.values.iter().zip(factors).map(value)).collect()
}

/// How many points a sweep that refines has visited.
fn refined(plan: &SweepPlan, points: u64) -> Option<String> {
    let full = plan.lattice()?.len();
    let share = 100.0 * points as f64 / full as f64;
    Some(format!("{points} points visited, {share:.0}% of the {full} of a grid as fine"))
}

/// The sentences of a manifest: the first one is the answer.
fn words_of(lines: &[String]) -> super::super::Words {
    let (answer, more) =
        lines.split_first().map_or_else(Default::default, |(a, more)| (a.clone(), more.to_vec()));
    super::super::Words { answer, more, ..super::super::Words::default() }
}

/// The section of the manifest about a sweep.
fn about(plan: &SweepPlan, open: &Open) -> Value {
    let factors = plan.scenario().factors.iter().map(|factor| {
        json!({
            "name": factor.name,
            "keys": factor.keys,
            "scale": factor.scale.name(),
            "values": factor.values.iter().map(|value| factor.given(value).value).collect::<Vec<_>>(),
            "levels": factor.n_levels(),
        })
    });
    let [first, second] = plan.sides();
    let horizon = plan.scenario().bet.as_ref().filter(|_| plan.bets()).and_then(|bet| bet.horizons.last());
    json!({
        "experiment": plan.rules().experiment.name(),
        "design": plan.rules().design.name(),
        "factors": factors.collect::<Vec<_>>(),
        "first": first,
        "second": second,
        "metric": plan.rules().metric,
        "horizon": horizon,
        "depth": plan.lattice().map_or(0, |lattice| lattice.depth()),
        "points": open.points,
        "full_grid": plan.lattice().map(|lattice| lattice.len()),
        "caution": open.caution(plan),
    })
}

#[cfg(test)]
mod tests;
