//! Calls received.

use super::axis::number;
use super::canvas::Picture;
use super::evidence::Evidence;
use super::frame::Head;
use super::lines::{Plot, figure, shape};
use super::net::averaged;
use super::tracks::Track;
use super::words::{Verdict, caution, name, spread, undecided, verdict};

const METRIC: &str = "inbound_calls";

/// Calls received per agent and round.
pub(super) fn draw(evidence: &Evidence) -> Option<Picture> {
    let plot = Plot::of(evidence, Track::InboundCalls, "Calls received per round");
    if plot.curves.is_empty() {
        return None;
    }
    let subtitle = format!(
        "Calls received as an expert per agent and round, taken or not, {}; {}",
        averaged(evidence),
        spread(evidence, shape(&plot.curves))
    );
    Some(figure(&Head { title: title(evidence), subtitle }, &plot))
}

fn title(evidence: &Evidence) -> String {
    let mean = |s: usize| evidence.mean(METRIC, s).map_or(f64::NAN, |i| i.mean);
    match verdict(evidence, METRIC) {
        Verdict::Nothing => "Calls received over time".to_owned(),
        Verdict::Alone(s) => {
            format!("The phone of {} rings {} times per round", name(evidence, s), number(mean(s)))
        }
        Verdict::Leads { leader, next, among, .. } => {
            let most = if among > 2 { "most for" } else { "more for" };
            format!(
                "The phone rings {most} {}: {} as for {}{}",
                name(evidence, leader),
                times(mean(leader), mean(next)),
                name(evidence, next),
                caution(evidence)
            )
        }
        Verdict::Tied { equal: true, strategies, among }
            if mean(strategies[0]) == 0.0 && strategies.len() == among =>
        {
            "The phone never rings".to_owned()
        }
        Verdict::Tied { strategies, equal, among } => {
            undecided(evidence, &strategies, equal, among, "calls received", "are called most")
        }
    }
}

/// "6.3 times as often", or both numbers if a ratio is not meaningful.
fn times(more: f64, less: f64) -> String {
    let ratio = more / less;
    if less > 0.0 && ratio < 1000.0 && ratio > 1.05 {
        format!("{} times as often", number(ratio))
    } else {
        format!("{} calls per round, not {},", number(more), number(less))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_given_only_where_they_are_meaningful() {
        assert_eq!(times(0.132, 0.021), "6.29 times as often");
        assert!(times(0.1, 0.0).starts_with("0.10 calls per round, not 0"));
    }
}
