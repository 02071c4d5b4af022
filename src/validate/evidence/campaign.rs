//! One evening of serving against a year of them: two bets that differ in nothing else.

use std::ops::ControlFlow;

use super::observe::YEAR;
use crate::experiment::{BetPlan, Progress, WorldRecord, amount_cluster, run_bet};
use crate::parallel::ThreadPool;
use crate::scenario::Scenario;

/// Worlds of each bet, and people in each of them.
pub(super) const WORLDS: u32 = 10;
const FOCALS: u32 = 8;

/// What serving in place of asking gains a person of a world, on average: at the end of a year, and a year later.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Campaign {
    /// If it serves on one evening.
    pub(super) evening: [f64; 2],
    /// If it serves at every mixer of a year.
    pub(super) year: [f64; 2],
}

/// Plays both bets; `None` if they were stopped.
pub(super) fn play(
    text: &str,
    sets: &[&str],
    pool: &ThreadPool,
    progress: &Progress,
) -> Option<Vec<Campaign>> {
    let bet = |campaign: u32| {
        let own = [
            format!("bet.campaign={campaign}"),
            format!("bet.horizons=[{YEAR}, {}]", 2 * YEAR),
            format!("bet.worlds={WORLDS}"),
            format!("bet.focals={FOCALS}"),
        ];
        let sets: Vec<&str> = sets.iter().copied().chain(own.iter().map(String::as_str)).collect();
        let scenario = Scenario::parse_bet(text, &sets).unwrap_or_else(|faults| panic!("{faults}"));
        let mut worlds = Vec::new();
        run_bet(&BetPlan::new(&scenario, false), 0..WORLDS, pool, progress, |world| {
            worlds.push(gains(&world));
            progress.complete(1);
            ControlFlow::Continue(())
        });
        (!progress.is_stopped()).then_some(worlds)
    };
    let (evening, year) = (bet(0)?, bet(YEAR - 1)?);
    Some(evening.into_iter().zip(year).map(|(evening, year)| Campaign { evening, year }).collect())
}

/// The mean over the people of a world, by horizon.
fn gains(world: &WorldRecord) -> [f64; 2] {
    [0, 1].map(|horizon: usize| {
        let twins = world.twins.iter().map(|twin| &twin.horizons[horizon]);
        let gains = amount_cluster(twins.map(|at| at.second.net - at.first.net));
        gains.sum / gains.weight
    })
}
