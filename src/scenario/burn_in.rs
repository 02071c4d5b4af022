//! The burn-in of a scenario: given, or to be found by pilot replicates.

use super::settings::{Scenario, Settings};
use super::source::{Pilot, Provenance};
use super::table::{AUTO, Datum, Value};

/// Fewest batches of rounds by which a burn-in can be proposed.
pub(super) const BATCHES_MIN: u64 = 10;

/// The key `burn_in`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BurnIn {
    /// So many rounds.
    Rounds(u32),
    /// As many as pilot replicates propose.
    Auto,
}

impl Datum for BurnIn {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) if text == AUTO => Some(Self::Auto),
            rounds => u32::from_value(rounds).map(Self::Rounds),
        }
    }

    fn to_value(&self) -> Value {
        match self {
            Self::Rounds(rounds) => rounds.to_value(),
            Self::Auto => Value::Text(AUTO.into()),
        }
    }
}

/// Rounds of a batch: at least five, and whole cycles of mixers.
pub(super) fn batch_rounds(every: u64) -> u64 {
    5_u64.next_multiple_of(every.max(1))
}

impl Scenario {
    /// Rounds of a batch by which it is judged whether a run has reached a steady state: at least five, and whole
    /// cycles of mixers.
    pub(crate) fn batch_rounds(&self) -> u32 {
        let batch = batch_rounds(self.mixer.every.into());
        u32::try_from(batch).expect("mixers are at most a million rounds apart")
    }

    /// The scenario of pilot replicates, whose first seed this is.
    pub(crate) fn of_pilot(&self, seed: u64, replicates: u32) -> Self {
        let settings = self.settings().clone();
        let pilot = Settings { seed, replicates, burn_in: 0, auto_burn_in: false, ..settings };
        // Burn-in is that of the world before anything changes.
        self.with_settings(pilot).without_changes()
    }

    /// The scenario, which has its burn-in from these pilot replicates.
    pub(crate) fn recording(&self, pilot: Option<Pilot>) -> Self {
        Self::of(
            self.settings().clone(),
            self.later(),
            self.shared_community(),
            Provenance { pilot, ..self.provenance().clone() },
        )
    }

    /// The scenario with the burn-in that pilot replicates have found, as if an override had set it.
    pub(crate) fn with_pilot(&self, pilot: Pilot) -> Self {
        assert!(pilot.burn_in < self.rounds, "rounds are left after burn-in");
        let burn_in = pilot.burn_in;
        let mut provenance = Provenance { pilot: Some(pilot), ..self.provenance().clone() };
        provenance.overrides.push(format!("burn_in={burn_in}"));
        let settings = Settings { burn_in, auto_burn_in: false, ..self.settings().clone() };
        Self::of(settings, self.later(), self.shared_community(), provenance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reported(text: &str, sets: &[&str]) -> String {
        Scenario::parse(text, sets).unwrap_err().to_string()
    }

    #[test]
    fn burn_in_is_a_number_or_left_to_the_program() {
        let auto = Scenario::parse("burn_in = \"auto\"", &[]).unwrap();
        assert_eq!((auto.auto_burn_in, auto.burn_in), (true, 0));
        assert!(auto.to_toml().contains("\nburn_in = \"auto\"\n"));
        assert_eq!(Scenario::parse(&auto.to_toml(), &[]).unwrap(), auto);
        assert_eq!(Scenario::parse("", &["burn_in=auto"]).unwrap(), auto);
        let given = Scenario::parse("burn_in = \"auto\"", &["burn_in=40"]).unwrap();
        assert_eq!((given.auto_burn_in, given.burn_in), (false, 40));
        let text = reported("burn_in = \"automatic\"", &[]);
        assert!(text.contains("burn_in must be a whole number from 0 to 65,534 or \"auto\""), "{text}");
    }

    #[test]
    fn a_run_that_is_too_short_for_a_proposal_is_refused() {
        let text = reported("rounds = 79\nburn_in = \"auto\"", &[]);
        assert!(text.contains("needs at least 80 rounds, but rounds is 79"), "{text}");
        assert!(text.contains("write rounds = 80 or more, or burn_in as a number"), "{text}");
        assert!(Scenario::parse("rounds = 80\nburn_in = \"auto\"", &[]).is_ok());
        let text = reported("rounds = 129\nburn_in = \"auto\"\n[mixer]\nevery = 13", &[]);
        assert!(text.contains("needs at least 130 rounds"), "{text}");
    }

    #[test]
    fn a_bet_has_to_fit_whatever_burn_in_is_found() {
        let text = "rounds = 65_000\nburn_in = \"auto\"\n[bet]\nhorizons = [0, 40_000]";
        let faults = Scenario::parse_bet(text, &[]).unwrap_err().to_string();
        assert!(faults.contains("a bet must end within 65,535 rounds"), "{faults}");
    }

    #[test]
    fn a_factor_cannot_leave_burn_in_open() {
        let factor = "[[factor]]\nname = \"b\"\nkeys = \"burn_in\"\nvalues = [\"auto\", 10]";
        let text = reported(factor, &[]);
        assert!(text.contains("a factor cannot set burn_in to \"auto\""), "{text}");
    }
}
