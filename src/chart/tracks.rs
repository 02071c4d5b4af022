//! Quantities over time: mean and spread over replicates, by strategy and round.

use std::collections::BTreeMap;

use crate::results::{Files, ReadError, RoundRow, read_rounds};
use crate::stats::{Interval, Level, Moments};

/// A quantity over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Track {
    /// Net benefit per round, averaged over a mixer cycle.
    Net,
    /// Calls received per round, averaged over a mixer cycle.
    InboundCalls,
    /// Opinion held of the members, averaged over a mixer cycle.
    Opinion,
    /// Distinct partners per guest.
    Contacts,
    /// Length of conversations.
    ConversationSlots,
    /// Share of the active agents.
    Share,
}

/// The columns of the tracks, by position, and guests, who tell rounds with a mixer; the share has no column.
const COLUMNS: [&str; 6] = ["net", "inbound_calls", "opinion", "contacts", "conversation_slots", "guests"];
const GUESTS: usize = 5;
const N_TRACKS: usize = COLUMNS.len();
/// Tracks that vary with every mixer, so that they are averaged over its cycle.
const AVERAGED: [bool; N_TRACKS] = [true, true, true, false, false, false];

/// Values of one replicate or moments of all, by track, strategy and round.
type Grid<T> = [Vec<Vec<T>>; N_TRACKS];

/// All quantities over time of one result.
#[derive(Debug, Default)]
pub(super) struct Tracks {
    /// Names of the strategies, in order.
    pub(super) strategies: Vec<String>,
    /// Rounds of the run.
    pub(super) n_rounds: u32,
    /// Number of replicates read.
    pub(super) n_replicates: u32,
    /// Rounds from one mixer to the next, if there was more than one.
    pub(super) every: Option<u32>,
    /// Number of rounds over which averaged tracks are averaged.
    pub(super) window: u32,
    /// Agent-rounds of all strategies from `burn_in` on, summed over replicates.
    pub(super) agent_rounds: f64,
    moments: Grid<Moments>,
}

impl Tracks {
    /// Reads `rounds.csv`, keeping one replicate in memory at a time.
    pub(super) fn read(files: Files<'_>, strategies: &[String], burn_in: u32) -> Result<Self, ReadError> {
        let mut tracks = Self { strategies: strategies.to_vec(), ..Self::default() };
        let mut replicate = Replicate::default();
        let mut index: BTreeMap<String, usize> =
            strategies.iter().enumerate().map(|(i, name)| (name.clone(), i)).collect();
        let mut current = None;
        read_rounds(files, COLUMNS, |row| {
            if current.is_some_and(|number| number != row.replicate) {
                tracks.take(&mut replicate);
            }
            current = Some(row.replicate);
            if row.round >= burn_in {
                tracks.agent_rounds += row.agents;
            }
            let strategy = index.get(row.strategy).copied().unwrap_or_else(|| {
                tracks.strategies.push(row.strategy.to_owned());
                index.insert(row.strategy.to_owned(), tracks.strategies.len() - 1);
                tracks.strategies.len() - 1
            });
            replicate.record(&row, strategy);
        })?;
        if current.is_some() {
            tracks.take(&mut replicate);
        }
        Ok(tracks)
    }

    /// Adds a complete replicate, and empties it.
    fn take(&mut self, replicate: &mut Replicate) {
        if self.n_replicates == 0 {
            self.n_rounds = replicate.n_rounds();
            self.every = period(&replicate.mixers);
            let fits = |every: &u32| self.n_rounds >= 3 * every;
            self.window = self.every.filter(fits).unwrap_or(1);
        }
        self.n_replicates += 1;
        replicate.share();
        for (track, moments) in self.moments.iter_mut().enumerate() {
            for (strategy, values) in replicate.values[track].iter().enumerate() {
                let agents = &replicate.agents[strategy];
                let window = if AVERAGED[track] { self.window as usize } else { 1 };
                let row = at(moments, strategy);
                for (round, value) in averages(values, agents, window).enumerate() {
                    at(row, round).push(value);
                }
            }
        }
        *replicate = Replicate::default();
    }

    /// The change of a strategy from its mean in the first round to the last, over replicates; `None` without any round.
    pub(super) fn change(&self, track: Track, strategy: usize) -> Option<Moments> {
        let moments = self.moments[track as usize].get(strategy)?;
        let mut there = moments.iter().filter(|m| m.n() > 0);
        let first = there.next()?;
        Some(there.next_back().unwrap_or(first).less(first.mean()))
    }

    /// `(round, mean and interval)` of a strategy, without rounds that report nothing.
    pub(super) fn of(&self, track: Track, strategy: usize, level: Level) -> Vec<(f64, Interval)> {
        let Some(moments) = self.moments[track as usize].get(strategy) else { return Vec::new() };
        let rounds = moments.iter().enumerate().filter(|(_, m)| m.n() > 0);
        rounds.map(|(round, m)| (round as f64, m.interval(level))).collect()
    }
}

/// The element at a position; the list is extended if it is too short.
fn at<T: Default>(list: &mut Vec<T>, place: usize) -> &mut T {
    if list.len() <= place {
        list.resize_with(place + 1, T::default);
    }
    &mut list[place]
}

/// The values of one replicate.
#[derive(Default)]
struct Replicate {
    values: Grid<f64>,
    /// Active members by strategy and round.
    agents: Vec<Vec<f64>>,
    /// Rounds with a mixer, ascending.
    mixers: Vec<u32>,
}

impl Replicate {
    fn record(&mut self, row: &RoundRow<'_, { COLUMNS.len() }>, strategy: usize) {
        let round = row.round as usize;
        for (grid, value) in self.values.iter_mut().zip(&row.values[..GUESTS]) {
            set(at(grid, strategy), round, *value);
        }
        set(at(&mut self.agents, strategy), round, row.agents);
        let later = self.mixers.last().is_none_or(|last| *last < row.round);
        if !row.values[GUESTS].is_nan() && later {
            self.mixers.push(row.round);
        }
    }

    fn n_rounds(&self) -> u32 {
        let rounds = self.agents.iter().map(Vec::len).max().unwrap_or(0);
        u32::try_from(rounds).expect("rounds are counted by 32 bits")
    }

    /// Computes each strategy's share of the agents.
    fn share(&mut self) {
        for round in 0..self.n_rounds() as usize {
            let of = |agents: &Vec<f64>| agents.get(round).copied().filter(|a| !a.is_nan()).unwrap_or(0.0);
            let all: f64 = self.agents.iter().map(of).sum();
            for (strategy, agents) in self.agents.iter().enumerate() {
                let share = if all > 0.0 { of(agents) / all } else { f64::NAN };
                set(at(&mut self.values[Track::Share as usize], strategy), round, share);
            }
        }
    }
}

/// Sets a value. Earlier positions that were never set are NaN.
fn set(list: &mut Vec<f64>, place: usize, value: f64) {
    if list.len() <= place {
        list.resize(place + 1, f64::NAN);
    }
    list[place] = value;
}

/// For each round, the mean over the last `window` rounds, weighted by agents; NaN in the first rounds.
fn averages<'a>(values: &'a [f64], agents: &'a [f64], window: usize) -> impl Iterator<Item = f64> + 'a {
    (0..values.len()).map(move |round| {
        if window == 1 {
            return values[round];
        }
        let Some(start) = (round + 1).checked_sub(window) else { return f64::NAN };
        let (mut sum, mut weights) = (0.0, 0.0);
        for (value, weight) in values[start..=round].iter().zip(&agents[start..=round]) {
            if !value.is_nan() && *weight > 0.0 {
                sum += value * weight;
                weights += weight;
            }
        }
        sum / weights // NaN without agents
    })
}

/// Number of rounds from one mixer to the next; the smallest if it varies.
fn period(mixers: &[u32]) -> Option<u32> {
    mixers.windows(2).map(|pair| pair[1] - pair[0]).min().filter(|gap| *gap > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(rows: &str) -> Tracks {
        let dir = tempfile::tempdir().unwrap();
        let header = "replicate,round,strategy,agents,net,guests\n";
        std::fs::write(dir.path().join("rounds.csv"), format!("{header}{rows}")).unwrap();
        Tracks::read(dir.path().into(), &[], 0).unwrap()
    }

    #[test]
    fn a_round_beyond_any_run_is_an_error_and_takes_no_memory() {
        let dir = tempfile::tempdir().unwrap();
        let rows = "replicate,round,strategy,agents,net,guests\n0,4294967295,a,1,1,\n";
        std::fs::write(dir.path().join("rounds.csv"), rows).unwrap();
        let error = Tracks::read(dir.path().into(), &[], 0).unwrap_err().to_string();
        assert!(error.contains("line 2, column round: expected a round from 0 to 65,534"), "{error}");
        let tracks = read("0,4,a,1,1,5\n0,2,a,1,1,5\n");
        assert_eq!(tracks.every, None, "rounds out of order have no distance");
    }

    #[test]
    fn strategies_are_in_order_of_appearance() {
        let tracks = read("0,0,b,1,1,\n0,0,a,3,2,\n");
        assert_eq!(tracks.strategies, ["b", "a"]);
        assert_eq!(tracks.of(Track::Share, 1, Level::USUAL)[0].1.mean, 0.75);
    }

    #[test]
    fn a_mixer_cycle_is_averaged_and_weighted_by_agents() {
        let mut rows = String::new();
        for round in 0..6 {
            let guests = if round % 2 == 0 { "5" } else { "" };
            rows += &format!("0,{round},a,{},{},{guests}\n", 1 + round % 2, f64::from(round % 2));
        }
        let tracks = read(&rows);
        assert_eq!((tracks.every, tracks.window), (Some(2), 2));
        let net = tracks.of(Track::Net, 0, Level::USUAL);
        assert_eq!(net.len(), 5, "the first round has no whole cycle behind it");
        assert!(net.iter().all(|(_, i)| (i.mean - 2.0 / 3.0).abs() < 1e-12));
    }

    #[test]
    fn replicates_give_the_spread_and_gaps_do_not_count() {
        let tracks = read("0,0,a,1,1,\n1,0,a,1,3,\n2,0,a,0,,\n");
        let interval = tracks.of(Track::Net, 0, Level::USUAL)[0].1;
        assert_eq!(interval.mean, 2.0);
        assert_eq!(tracks.n_replicates, 3);
        assert!(tracks.of(Track::Contacts, 0, Level::USUAL).is_empty());
    }
}
