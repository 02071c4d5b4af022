//! The number of rounds of a bet.

use super::experiments::{BetDesign, BetRules};
use super::settings::{Scenario, Settings};

impl Scenario {
    /// The round of a bet's event: the first mixer that is not before `burn_in`.
    #[must_use]
    pub(crate) fn bet_round(&self) -> u32 {
        self.burn_in.next_multiple_of(self.mixer.every)
    }

    /// Rounds between the two events of a crossover.
    #[must_use]
    pub(crate) fn crossover_gap(&self, bet: &BetRules) -> u32 {
        /// Rounds of a year.
        const YEAR: u32 = 52;
        if bet.gap > 0 { bet.gap } else { YEAR.next_multiple_of(self.mixer.every) }
    }

    /// Number of rounds that count from each event of a crossover on: up to the last horizon, but not beyond the next
    /// event.
    #[must_use]
    pub(crate) fn crossover_window(&self, bet: &BetRules) -> u32 {
        let last = bet.horizons.last().copied().unwrap_or(0);
        (last + 1).min(self.crossover_gap(bet))
    }

    /// Number of rounds of a bet's worlds.
    #[must_use]
    pub(crate) fn bet_rounds(&self, bet: &BetRules) -> u32 {
        let twins = bet.horizons.last().copied().unwrap_or(0) + 1;
        let rounds = match bet.design {
            BetDesign::Twins => twins,
            BetDesign::Crossover => twins.max(self.crossover_gap(bet) + self.crossover_window(bet)),
        };
        self.bet_round() + rounds
    }

    /// The same scenario with the number of rounds of its bet, regardless of `rounds`.
    #[must_use]
    pub(crate) fn with_rounds_of(&self, bet: &BetRules) -> Self {
        self.with_settings(Settings { rounds: self.bet_rounds(bet), ..Settings::clone(self) })
    }
}
