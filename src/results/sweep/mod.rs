//! The result of a sweep: the numbers of its replicates, stored unit by unit, and the tables made from them.

mod contrasts;
mod kept;
mod numbers;
mod open;
mod parts;
mod points;
mod prices;
mod ranking;
mod report;
mod sensitivity;
mod steady;
mod store;
mod tables;
mod thirds;
mod together;
mod traits;
mod words;

pub(crate) use numbers::brief;
pub(crate) use open::is_merged;
pub(crate) use parts::{Part, SweepSpecification, read_specification};
pub(crate) use ranking::ranking;
pub use report::SweepSummary;
pub(crate) use tables::{parse_sweep, parse_sweep_with};
pub(crate) use traits::{ALL as WHOLE_CONTRAST, LUCK as LUCK_PART};

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::ResultsError;
use super::folder::Folder;
use super::there::is_there;
use crate::experiment::{Side, SweepPlan, UNIT_REPLICATES, Unit, UnitRecord};
use crate::stats::{Cluster, Clustered, Level};

use contrasts::Contrasts;
use kept::Kept;
use open::Scratch;
use points::Points;
use store::Store;
use together::interval_side;

/// Options for writing a sweep's result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SweepOptions {
    /// Whether an older result in the folder is replaced, and an unfinished sweep removed.
    pub force: bool,
    /// Whether an unfinished sweep is continued.
    pub resume: bool,
    /// Whether charts will be drawn; it is only recorded here.
    pub charts: bool,
}

/// The sweep to be written.
#[derive(Clone, Copy, Debug)]
pub struct SweepInput<'a> {
    /// The plan.
    pub plan: &'a SweepPlan,
    /// The provenance of the scenario.
    pub list: Option<&'a str>,
}

/// Stores the units of a sweep and makes its tables. Stored units are kept even if the process is killed.
pub(crate) struct SweepWriter<'a> {
    dir: PathBuf,
    input: SweepInput<'a>,
    plan: &'a SweepPlan,
    options: SweepOptions,
    part: Part,
    store: Store,
    /// Contrasts at points, as far as they were read.
    contrasts: Contrasts,
    stage: Stage,
    /// The points of this stage, ascending.
    points: Points,
    /// The sides of the points of a lattice, as far as the points are done.
    sides: BTreeMap<u64, Side>,
    /// The locked folder; `None` for one of several tasks, which share a folder.
    folder: Option<Folder>,
    /// The file in which a merge collects the parts.
    #[allow(dead_code, reason = "dropping it is its use")]
    scratch: Option<Scratch>,
}

/// The position in a sweep: numbers of halvings, batches, replicates of the batch and points (in scattered order) that
/// are done.
#[derive(Clone, Copy, Debug, Default)]
struct Stage {
    halving: u32,
    batch: u32,
    done: u32,
    place: u64,
}

/// Maximum number of units that [`SweepWriter::next_units`] returns: enough to keep all threads busy.
const UNITS_AT_ONCE: usize = 4096;

impl<'a> SweepWriter<'a> {
    fn new(
        dir: &Path,
        input: SweepInput<'a>,
        options: SweepOptions,
        part: Part,
        store: Store,
        folder: Option<Folder>,
    ) -> Self {
        let plan = input.plan;
        let points = match plan.lattice() {
            Some(lattice) => Points::Some(lattice.points(0, |_| Side::Unsure).into_iter().collect()),
            None => part.points(plan.n_points()),
        };
        Self {
            dir: dir.to_owned(),
            input,
            plan,
            options,
            part,
            store,
            contrasts: Contrasts::default(),
            stage: Stage::default(),
            points,
            sides: BTreeMap::new(),
            folder,
            scratch: None,
        }
    }

    /// Limits the sweep to these points, in ascending order. A grid is not refined further.
    #[must_use]
    pub(crate) fn only(mut self, points: Vec<u64>) -> Self {
        self.stage.halving = self.plan.lattice().map_or(0, |lattice| lattice.depth());
        self.points = Points::Some(points);
        self
    }

    /// The next units to run, without those that are stored already; empty when the sweep is complete. It must be
    /// called again only after all of them have been stored.
    ///
    /// # Errors
    /// If the disk fails.
    pub(crate) fn next_units(&mut self) -> Result<Vec<Unit>, ResultsError> {
        let (batch, most) = (self.plan.batch(), self.plan.replicates_max());
        loop {
            let start = self.stage.batch * batch;
            let end = (start + batch).min(most);
            let from = start + self.stage.done;
            if start >= most || from >= end {
                if !self.next_stage(end.min(most))? {
                    return Ok(Vec::new());
                }
                continue;
            }
            let to = (from + UNIT_REPLICATES).min(end);
            let mut units = Vec::new();
            while self.stage.place < self.points.len() && units.len() < UNITS_AT_ONCE {
                let point = self.points.scattered(self.stage.place);
                self.stage.place += 1;
                if self.goes_on(point, start)? && !self.has_all(point, from..to)? {
                    units.push(Unit { point, replicates: from..to });
                }
            }
            if self.stage.place == self.points.len() {
                self.stage.done += to - from;
                self.stage.place = 0;
            }
            if !units.is_empty() {
                return Ok(units);
            }
        }
    }

    /// Whether a point has `done` replicates and needs more. A point that had enough earlier has fewer.
    fn goes_on(&mut self, point: u64, done: u32) -> Result<bool, ResultsError> {
        if done == 0 {
            return Ok(true);
        }
        if self.contrasts.has_ended(point) {
            return Ok(false);
        }
        let clusters = self.clusters(point, done)?;
        let goes_on = clusters.len() == done as usize && !self.plan.enough(&clusters);
        if !goes_on {
            self.contrasts.end(point);
        }
        Ok(goes_on)
    }

    /// Whether all of the replicates are stored.
    fn has_all(&self, point: u64, replicates: Range<u32>) -> Result<bool, ResultsError> {
        let n = replicates.len();
        Ok(self.store.run(point, replicates)?.len() == n)
    }

    /// Advances to the next batch if some points need it, else to the next halving. Returns false at the end.
    fn next_stage(&mut self, done: u32) -> Result<bool, ResultsError> {
        if done < self.plan.replicates_max() {
            let points = self.points.clone();
            for point in points.ascending() {
                if self.goes_on(point, done)? {
                    self.stage.batch += 1;
                    self.stage.done = 0;
                    return Ok(true);
                }
            }
        }
        let Some(lattice) = self.plan.lattice() else { return Ok(false) };
        let points: Vec<u64> = self.points.ascending().collect();
        for point in points {
            if !self.sides.contains_key(&point) {
                let clusters = self.clusters(point, self.plan.replicates_max())?;
                self.sides.insert(point, side(&clusters, self.plan.level()));
            }
        }
        if self.stage.halving == lattice.depth() {
            return Ok(false);
        }
        let halving = self.stage.halving + 1;
        let points = lattice.points(halving, |point| self.sides[&point]);
        self.points = Points::Some(points.into_iter().filter(|p| !self.sides.contains_key(p)).collect());
        self.stage = Stage { halving, ..Stage::default() };
        Ok(true)
    }

    /// Maximum number of replicates that are still missing, as far as known; for the display of progress.
    ///
    /// # Errors
    /// If the disk fails.
    pub(crate) fn replicates_left(&self) -> Result<u64, ResultsError> {
        let most = self.plan.replicates_max();
        let mut left = self.points.len().saturating_mul(most.into());
        if !self.is_empty()? {
            for point in self.points.ascending() {
                left = left.saturating_sub(self.store.run(point, 0..most)?.len() as u64);
            }
        }
        Ok(left)
    }

    /// Whether no replicate is stored.
    ///
    /// # Errors
    /// If the disk fails.
    pub(crate) fn is_empty(&self) -> Result<bool, ResultsError> {
        self.store.is_empty()
    }

    /// Stores the results of a unit.
    ///
    /// # Errors
    /// If the disk fails.
    pub(crate) fn put(&self, unit: &Unit, record: &UnitRecord) -> Result<(), ResultsError> {
        for (i, replicate) in unit.replicates.clone().enumerate() {
            let kept = match record {
                UnitRecord::Runs(runs) => Kept::of_run(self.plan, &runs[i]),
                UnitRecord::Worlds(worlds) => Kept::of_world(&worlds[i]),
            };
            self.store.put(unit.point, replicate, &kept.to_bytes(self.plan))?;
        }
        Ok(())
    }

    /// Ends a sweep that cannot continue. Stored units are kept. If there are none, the file is removed.
    pub(crate) fn give_up(&self) {
        // The caller reports a more important error, so errors are ignored here.
        if !self.is_empty().unwrap_or(false) {
            return;
        }
        let _ = std::fs::remove_file(self.store.path());
        if self.folder.is_some() {
            let _ = parts::remove(&self.dir);
        }
    }

    /// Completes the part of a task and gives it its final name.
    ///
    /// # Errors
    /// If the disk fails.
    ///
    /// # Panics
    /// If the sweep is not one of several parts.
    pub(crate) fn finish_part(self) -> Result<(), ResultsError> {
        assert!(self.part.tasks > 1, "a sweep that is alone has no parts");
        let whole = parts::whole(&self.dir, self.part);
        let finished = self.store.finish(&whole);
        // Another attempt at the same part may have been faster and have removed this file; its numbers are the same.
        if finished.is_err() && !is_there(&whole)? {
            return finished;
        }
        for other in parts::attempts(&self.dir, self.part)? {
            let _ = std::fs::remove_file(other);
        }
        Ok(())
    }

    /// The numbers of a point's replicates, up to the first that is missing.
    fn run(&self, point: u64, replicates: Range<u32>) -> Result<Vec<Kept>, ResultsError> {
        let kept = self.store.run(point, replicates)?;
        Ok(kept.iter().map(|bytes| Kept::from_bytes(self.plan, bytes)).collect())
    }

    /// The contrast at a point: a cluster per replicate, for at most `most` replicates.
    fn clusters(&mut self, point: u64, most: u32) -> Result<Vec<Cluster>, ResultsError> {
        let mut known = self.contrasts.take(point);
        let seen = u32::try_from(known.len()).expect("replicates are numbered in 32 bits");
        let more = self.run(point, seen..most.max(seen))?;
        known.extend(more.iter().map(|kept| kept.contrast(self.plan, self.plan.metric())));
        let clusters = known.iter().take(most as usize).copied().collect();
        self.contrasts.keep(point, known);
        Ok(clusters)
    }
}

/// The side by which a grid is refined: that of the interval of the point alone.
fn side(clusters: &[Cluster], level: Level) -> Side {
    interval_side(&Clustered::mean(clusters, level).interval)
}

#[cfg(test)]
mod tests;
