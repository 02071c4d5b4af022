//! Checks of standard deviations: none may be larger than the mean and the range allow.

use super::cross::point;
use super::diagnostics::Fault;
use super::resolve::{Resolution, Resolved};
use super::spread::Spread;
use super::table::{Key, Kind};
use super::wording::real;

/// Relative error of a limit that was computed elsewhere and rounded.
const TOLERANCE: f64 = 1e-9;

/// Adds the faults of standard deviations that are too large for their means.
pub(super) fn check(resolution: &Resolution<'_, '_>, faults: &mut Vec<Fault>) {
    for table in resolution.tables() {
        let spreads = table.table.spec.keys.iter().filter_map(|key| Some((key, key.spread_of()?)));
        faults.extend(spreads.filter_map(|(sd, of)| is_too_wide(table, sd, of)));
    }
}

fn is_too_wide(table: &Resolved<'_, '_>, sd_key: &Key, of: &'static str) -> Option<Fault> {
    let spec = table.table.spec;
    let Kind::Real { min, max } = spec.keys[spec.position(of)?].rule.kind else { return None };
    let (mean, sd) = (table.real(of)?, table.real(sd_key.name)?);
    let most = Spread::sd_max(mean, [min, max]);
    if sd <= most * (1.0 + TOLERANCE) {
        return None;
    }
    let path = table.table.path(sd_key.name);
    let range = format!("{} to {}", real(min), real(max));
    let (mean_text, sd_text) = (real(mean), real(sd));
    let (message, help) = if most > 0.0 {
        // Rounded down, so that the number that the message names is allowed.
        let most = real((most * 1e6).floor() / 1e6);
        (
            format!("{path} must be at most {most} with a mean of {mean_text}, but is {sd_text}"),
            format!(
                "people's values stay in the range {range}; write {most} or less, or move the mean away from the ends \
                 of that range"
            ),
        )
    } else {
        (
            format!("{path} must be 0 with a mean of {mean_text}, but is {sd_text}"),
            format!(
                "the mean is an end of the range {range}, so everybody has it; leave out sd, or move the mean"
            ),
        )
    };
    let marks = [(table, sd_key.name, sd_text), (table, of, mean_text)];
    Some(point(Fault::new(message, help).note(sd_key.about()), &marks))
}

#[cfg(test)]
mod tests {
    use super::super::Scenario;

    /// The messages for these overrides.
    fn reported(sets: &[&str]) -> Vec<String> {
        match Scenario::parse("", sets) {
            Ok(_) => Vec::new(),
            Err(faults) => faults.faults().iter().map(|fault| fault.message().to_owned()).collect(),
        }
    }

    #[test]
    fn a_standard_deviation_is_limited_by_its_mean() {
        assert_eq!(reported(&["strategy.warrior.ask.sd=0.1732"]), [""; 0]);
        assert_eq!(
            reported(&["strategy.warrior.ask.sd=0.1733"]),
            ["strategy.warrior.ask.sd must be at most 0.173205 with a mean of 0.9, but is 0.1733"]
        );
        assert_eq!(reported(&["strategy.warrior.ask.sd=0.173205"]), [""; 0], "as the message says");
        assert_eq!(reported(&["strategy.warrior.ask=0.5", "strategy.warrior.ask.sd=0.2886"]), [""; 0]);
        assert_eq!(
            reported(&["strategy.warrior.ask.sd=0.6"]),
            ["strategy.warrior.ask.sd must be a number from 0 to 0.5, but is 0.6"]
        );
    }

    #[test]
    fn a_mean_at_an_end_of_its_range_has_no_spread() {
        assert_eq!(
            reported(&["strategy.warrior.min_opinion.sd=0.01"]),
            ["strategy.warrior.min_opinion.sd must be 0 with a mean of -1, but is 0.01"]
        );
        assert_eq!(reported(&["strategy.warrior.min_opinion.sd=0", "survival.endowment.sd=30"]), [""; 0]);
    }
}
