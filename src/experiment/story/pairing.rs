//! The acts of one round in two worlds: which they share, and in which order they happened.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::model::{ActKind, ActRecord, AgentId, EventId, Phase};

/// Everything that identifies an act in a round, besides the opinions that it moves.
type Key = (ActKind, AgentId, [Option<AgentId>; 3], Option<EventId>, [Option<u32>; 2], Option<usize>);

fn key(act: &ActRecord) -> Key {
    let others = [act.other, act.third, act.caller];
    let numbers = [act.slot, act.domain.map(u32::from)];
    (act.kind, act.actor, others, act.event, numbers, act.channel.map(|channel| channel as usize))
}

/// The acts of a phase, or of a slot of all mixers, as positions among the acts of each world.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Stage {
    /// The phase, and within mixers 0 for arrivals and the slot + 1 for the rest.
    pub(super) at: (usize, u32),
    /// By world, in the order in which the acts happened: those that only this world has.
    pub(super) only: [Vec<usize>; 2],
    /// The acts that both worlds have.
    pub(super) both: Vec<[usize; 2]>,
}

/// The acts of a round in both worlds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Acts<'a>(pub(super) [&'a [ActRecord]; 2]);

impl Acts<'_> {
    /// An act of one world.
    pub(super) fn get(&self, side: usize, place: usize) -> &ActRecord {
        &self.0[side][place]
    }

    /// The stages of the round, in order.
    pub(super) fn stages(&self) -> Vec<Stage> {
        let twins = self.pair();
        let mut stages: BTreeMap<(usize, u32), Stage> = BTreeMap::new();
        for (side, acts) in self.0.iter().enumerate() {
            for (place, act) in acts.iter().enumerate() {
                let at = stage_of(act);
                let stage = stages.entry(at).or_insert_with(|| Stage { at, ..Stage::default() });
                match twins[side][place] {
                    None => stage.only[side].push(place),
                    Some(twin) if side == 0 => stage.both.push([place, twin]),
                    Some(_) => {}
                }
            }
        }
        stages.into_values().collect()
    }

    /// For each act of each world, the position of the same act in the other world. Equal acts are paired in order.
    fn pair(&self) -> [Vec<Option<usize>>; 2] {
        let sorted = self.0.map(|acts| {
            let mut keys: Vec<(Key, usize)> = acts.iter().map(key).zip(0..).collect();
            keys.sort_unstable();
            keys
        });
        let mut twins = self.0.map(|acts| vec![None; acts.len()]);
        let (mut i, mut j) = (0, 0);
        while let (Some((a, first)), Some((b, second))) = (sorted[0].get(i), sorted[1].get(j)) {
            match a.cmp(b) {
                Ordering::Less => i += 1,
                Ordering::Greater => j += 1,
                Ordering::Equal => {
                    (twins[0][*first], twins[1][*second]) = (Some(*second), Some(*first));
                    (i, j) = (i + 1, j + 1);
                }
            }
        }
        twins
    }
}

/// The phase of an act, and its slot.
fn stage_of(act: &ActRecord) -> (usize, u32) {
    (act.phase() as usize, act.slot.map_or(0, |slot| slot + 1))
}

/// Position of a phase.
pub(super) fn at(phase: Phase) -> usize {
    phase as usize
}
