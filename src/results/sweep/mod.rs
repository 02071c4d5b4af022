//! The result of a sweep: what its replicates came to, gathered unit by unit, and the tables made of it.

mod kept;
mod parts;
mod points;
mod report;
mod sensitivity;
mod store;
mod tables;
mod words;

pub use parts::{Part, Recipe, read_recipe};
pub use report::{SweepSummary, is_merged};
pub use words::brief;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::folder::Folder;
use super::{Fault, Provenance, ResultsError};
use crate::experiment::{Side, SweepPlan, UNIT_REPLICATES, Unit, UnitRecord};
use crate::stats::{Cluster, Clustered};

use kept::Kept;
use points::Points;
use store::{Shape, Store};

/// How a sweep's result is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SweepOptions {
    /// Whether an older result in the folder is replaced, and an unfinished one thrown away.
    pub force: bool,
    /// Whether an unfinished one is gone on with.
    pub resume: bool,
    /// Whether charts will be drawn of it; recorded, not done here.
    pub charts: bool,
}

/// What is swept.
#[derive(Clone, Copy, Debug)]
pub struct SweepInput<'a> {
    /// The points.
    pub plan: &'a SweepPlan,
    /// Where the scenario comes from.
    pub provenance: &'a Provenance,
    /// The text of the file of a list, if the points are listed.
    pub list: Option<&'a str>,
}

/// Gathers a sweep. Whatever was put is kept, even if the process is killed.
pub struct SweepWriter<'a> {
    dir: PathBuf,
    input: SweepInput<'a>,
    plan: &'a SweepPlan,
    options: SweepOptions,
    part: Part,
    /// One file, or when merging one per part.
    stores: Vec<Store>,
    stage: Stage,
    /// The points of this stage, ascending.
    points: Points,
    /// On which side the points of a lattice lie, as far as they are done.
    sides: BTreeMap<u64, Side>,
    /// Held while this process alone may write to the folder; none for a task among others.
    folder: Option<Folder>,
}

/// What is done next: after so many halvings, so many batches, so many replicates of the batch, and so many
/// points in their scattered order.
#[derive(Clone, Copy, Debug, Default)]
struct Stage {
    halving: u32,
    batch: u32,
    done: u32,
    place: u64,
}

/// Units that are handed out at once: enough to keep all threads busy, few enough to be no burden.
const UNITS_AT_ONCE: usize = 4096;

impl<'a> SweepWriter<'a> {
    /// Starts the part of a sweep in the folder `dir`, or goes on with it. Nothing is returned if the
    /// part, or the whole result, is there already.
    ///
    /// # Errors
    /// If another result is there and `options.force` is not set, an unfinished one without
    /// `options.resume`, one of another scenario, or the folder cannot be written to.
    pub fn open(
        dir: &Path,
        input: SweepInput<'a>,
        options: SweepOptions,
        part: Part,
    ) -> Result<Option<Self>, ResultsError> {
        let alone = part.tasks == 1;
        let unfinished = dir.join(parts::PARTS).exists();
        let goes_on = options.resume || !alone;
        if goes_on && report::is_whole(dir, input)? {
            if alone {
                parts::tidy(dir)?;
            }
            return Ok(None);
        }
        if alone && unfinished && !options.resume && !options.force {
            let fault = Fault::Unfinished;
            return Err(ResultsError { path: dir.to_owned(), tried: "write a result to", fault });
        }
        let force = options.force || (options.resume && unfinished);
        let folder = alone.then(|| Folder::claim(dir, force)).transpose()?;
        if alone && options.force && !options.resume {
            parts::remove(dir)?;
        }
        parts::agree(dir, &Recipe::of(input, part.tasks))?;
        if !alone && parts::whole(dir, part).exists() {
            return Ok(None);
        }
        let earlier = parts::attempts(dir, part)?;
        let mut store = Store::open(&parts::attempt(dir, part), shape(input.plan))?;
        for other in &earlier {
            store.adopt(other, part.points(input.plan.n_points()).ascending())?;
            // Alone, the file of a killed process is ours; among tasks another may still write to it.
            if alone {
                std::fs::remove_file(other).map_err(|e| ResultsError::io(other, "remove", e))?;
            }
        }
        Ok(Some(Self::new(dir, input, options, part, vec![store], folder)))
    }

    /// Takes all parts of a sweep in the folder `dir` together.
    ///
    /// # Errors
    /// If a part is missing, a result is there already and `options.force` is not set, or the folder
    /// cannot be read or written to.
    pub fn merge(
        dir: &Path,
        input: SweepInput<'a>,
        options: SweepOptions,
        tasks: u32,
    ) -> Result<Self, ResultsError> {
        let all = || (0..tasks).map(|task| Part { task, tasks });
        let missing: Vec<u32> =
            all().filter(|part| !parts::whole(dir, *part).exists()).map(|part| part.task).collect();
        if !missing.is_empty() {
            let fault = Fault::MissingParts(missing, tasks);
            return Err(ResultsError { path: dir.to_owned(), tried: "merge the parts in", fault });
        }
        let folder = Folder::claim(dir, options.force)?;
        let open = |part| Store::open(&parts::whole(dir, part), shape(input.plan));
        let stores = all().map(open).collect::<Result<_, _>>()?;
        Ok(Self::new(dir, input, options, Part::WHOLE, stores, Some(folder)))
    }

    fn new(
        dir: &Path,
        input: SweepInput<'a>,
        options: SweepOptions,
        part: Part,
        stores: Vec<Store>,
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
            stores,
            stage: Stage::default(),
            points,
            sides: BTreeMap::new(),
            folder,
        }
    }

    /// Some of the units to play next, without those that are there already; none when all is done. To be
    /// asked again when all of them have been put.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn next_units(&mut self) -> Result<Vec<Unit>, ResultsError> {
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

    /// Whether so many replicates are there and the point needs more. One that had enough earlier has fewer.
    fn goes_on(&mut self, point: u64, done: u32) -> Result<bool, ResultsError> {
        if done == 0 {
            return Ok(true);
        }
        let clusters = self.clusters(point, done)?;
        Ok(clusters.len() == done as usize && !self.plan.enough(&clusters))
    }

    /// Whether none of the replicates is missing.
    fn has_all(&mut self, point: u64, mut replicates: Range<u32>) -> Result<bool, ResultsError> {
        replicates.try_fold(true, |all, replicate| Ok(all && self.get(point, replicate)?.is_some()))
    }

    /// Goes on to the next batch for points that need it, else to the next halving; false at the end.
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
                self.sides.insert(point, side(&clusters));
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

    /// Replicates that are not there yet, at most, as far as is known; for whoever watches.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn replicates_left(&mut self) -> Result<u64, ResultsError> {
        let most = self.plan.replicates_max();
        let mut left = 0;
        let points = self.points.clone();
        for point in points.ascending() {
            for replicate in 0..most {
                left += u64::from(self.get(point, replicate)?.is_none());
            }
        }
        Ok(left)
    }

    /// Whether not a single replicate is there.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn is_empty(&self) -> Result<bool, ResultsError> {
        self.stores.iter().try_fold(true, |empty, store| Ok(empty && store.is_empty()?))
    }

    /// Keeps what a unit came to.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn put(&mut self, unit: &Unit, record: &UnitRecord) -> Result<(), ResultsError> {
        for (i, replicate) in unit.replicates.clone().enumerate() {
            let kept = match record {
                UnitRecord::Runs(runs) => Kept::of_run(self.plan, &runs[i]),
                UnitRecord::Worlds(worlds) => Kept::of_world(&worlds[i]),
            };
            let bytes = kept.to_bytes(self.plan);
            self.store(unit.point).put(unit.point, replicate, &bytes)?;
        }
        Ok(())
    }

    /// Completes the part of a task: it is there under its name, as a whole.
    ///
    /// # Errors
    /// If the disk refuses.
    ///
    /// # Panics
    /// If the sweep is not one of several parts.
    pub fn finish_part(mut self) -> Result<(), ResultsError> {
        assert!(self.part.tasks > 1, "a sweep that is alone has no parts");
        let whole = parts::whole(&self.dir, self.part);
        let store = self.stores.pop().expect("a task has one store");
        match store.finish(&whole) {
            // Another attempt at the same part was quicker, and cleared up; it has the same numbers.
            Err(_) if whole.exists() => {}
            done => done?,
        }
        for other in parts::attempts(&self.dir, self.part)? {
            let _ = std::fs::remove_file(other);
        }
        Ok(())
    }

    /// What a replicate came to.
    fn get(&mut self, point: u64, replicate: u32) -> Result<Option<Kept>, ResultsError> {
        let bytes = self.store(point).get(point, replicate)?;
        Ok(bytes.map(|bytes| Kept::from_bytes(self.plan, &bytes)))
    }

    /// What a point's replicates came to, up to the first that is missing, at most so many.
    fn first(&mut self, point: u64, most: u32) -> Result<Vec<Kept>, ResultsError> {
        (0..most).map_while(|replicate| self.get(point, replicate).transpose()).collect()
    }

    fn store(&mut self, point: u64) -> &mut Store {
        let n = self.stores.len() as u64;
        &mut self.stores[usize::try_from(point % n).expect("a remainder of few")]
    }

    /// The contrast at a point: a cluster per replicate, of the first so many that are there.
    fn clusters(&mut self, point: u64, most: u32) -> Result<Vec<Cluster>, ResultsError> {
        let replicates = self.first(point, most)?;
        Ok(replicates.iter().map(|kept| kept.contrast(self.plan, self.plan.metric())).collect())
    }
}

/// The slots that a sweep needs.
fn shape(plan: &SweepPlan) -> Shape {
    Shape { replicates: plan.replicates_max(), width: Kept::width(plan) }
}

/// On which side of zero the interval of a contrast lies.
fn side(clusters: &[Cluster]) -> Side {
    let mean = Clustered::mean(clusters);
    match (mean.low, mean.high) {
        (Some(low), _) if low > 0.0 => Side::Above,
        (_, Some(high)) if high < 0.0 => Side::Below,
        _ => Side::Unsure,
    }
}
