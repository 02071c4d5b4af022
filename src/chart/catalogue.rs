//! Which charts there are of each kind of result, and how each is drawn.

use std::path::Path;

use super::canvas::Picture;
use super::evidence::Evidence;
use super::{
    bet, calls, channels, compare, concentration, distribution, flows, mixers, net, network, opinion,
    patterns, people, regions, shares, spread, survival, sweep, validation,
};
use crate::results::{
    BetChart, DeviationRow, EvidenceChart, PatternRow, ReadError, RunChart, SweepChart, ValidationChart,
    exists,
};

/// How a chart is drawn.
pub(super) type Draw<E> = fn(&E) -> Option<Picture>;
/// A chart: its file name without extension, and how it is drawn.
pub(super) type Chart<E> = (&'static str, Draw<E>);

/// How each chart of a run is drawn.
pub(super) fn of_run(chart: RunChart) -> Draw<Evidence> {
    match chart {
        RunChart::Net => net::draw,
        RunChart::Channels => channels::draw,
        RunChart::Calls => calls::draw,
        RunChart::Opinion => opinion::draw,
        RunChart::Mixers => mixers::draw,
        RunChart::Distribution => distribution::draw,
        RunChart::Spread => spread::draw,
        RunChart::Flows => flows::draw,
        RunChart::Network => network::draw,
        RunChart::People => people::draw,
        RunChart::Concentration => concentration::draw,
        RunChart::Regions => regions::draw,
        RunChart::Survival => survival::draw,
        RunChart::Shares => shares::draw,
    }
}

/// How each chart of a bet is drawn.
pub(super) fn of_bet(chart: BetChart) -> Draw<bet::BetEvidence> {
    match chart {
        BetChart::Difference => bet::difference::draw,
        BetChart::Distribution => bet::distribution::draw,
        BetChart::Channels => bet::means::draw_channels,
        BetChart::Parts => bet::means::draw_parts,
        BetChart::Crossover => bet::means::draw_crossover,
        BetChart::Story => bet::story::draw,
        BetChart::Luckiest => bet::story::draw_luckiest,
    }
}

/// How each chart of a sweep is drawn.
pub(super) fn of_sweep(chart: SweepChart) -> Draw<sweep::SweepEvidence> {
    match chart {
        SweepChart::Difference => sweep::curves::draw_difference,
        SweepChart::Net => sweep::curves::draw_net,
        SweepChart::Map => sweep::map::draw,
        SweepChart::Scatter => sweep::scatter::draw,
        SweepChart::Tornado => sweep::sensitivity::draw_tornado,
        SweepChart::Morris => sweep::sensitivity::draw_morris,
        SweepChart::Sobol => sweep::sensitivity::draw_sobol,
        SweepChart::Traits => sweep::traits::draw,
    }
}

/// How each chart of a validation is drawn.
pub(super) fn of_validation(chart: ValidationChart) -> Draw<[DeviationRow]> {
    match chart {
        ValidationChart::Deviations => validation::draw,
    }
}

/// How each chart of published patterns is drawn.
pub(super) fn of_evidence(chart: EvidenceChart) -> Draw<[PatternRow]> {
    match chart {
        EvidenceChart::Patterns => patterns::draw,
    }
}

/// The charts that set runs side by side.
pub(super) const OF_RUNS: &[Chart<[Evidence]>] = &[
    ("compare_net", compare::draw_net),
    ("compare_differences", compare::draw_differences),
    ("compare_net_over_time", compare::draw_over_time),
];

/// The charts that set bets side by side.
pub(super) const OF_BETS: &[Chart<[bet::BetEvidence]>] = &[
    ("compare_bet_difference", bet::compare::draw_differences),
    ("compare_bet_chances", bet::compare::draw_chances),
    ("compare_bet_channels", bet::compare::draw_channels),
];

/// The charts that set sweeps side by side.
pub(super) const OF_SWEEPS: &[Chart<[sweep::SweepEvidence]>] = &[
    ("compare_sweep_curves", sweep::compare::draw_curves),
    ("compare_sweep_maps", sweep::compare::draw_maps),
    ("compare_sweep_sensitivity", sweep::compare::draw_sensitivity),
];

/// The kind of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Run,
    Bet,
    Sweep,
    Validation,
    Evidence,
}

impl Kind {
    /// The kind of the result in a folder, by its tables.
    ///
    /// # Errors
    /// If it cannot be told whether there is a table.
    pub(super) fn of(dir: &Path) -> Result<Self, ReadError> {
        let has = |file: &str| exists(&dir.join(file));
        Ok(if has("bet.csv")? {
            Self::Bet
        } else if has("sweep_contrasts.csv")? || has("sweep_bet.csv")? {
            Self::Sweep
        } else if has("validation.csv")? {
            Self::Validation
        } else if has("evidence.csv")? {
            Self::Evidence
        } else {
            Self::Run
        })
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Bet => "bet",
            Self::Sweep => "sweep",
            Self::Validation => "validation",
            Self::Evidence => "evidence",
        }
    }
}
