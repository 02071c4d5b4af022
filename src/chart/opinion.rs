//! Opinions held about each strategy.

use super::axis::number;
use super::canvas::Picture;
use super::evidence::Evidence;
use super::frame::Head;
use super::lines::{Plot, figure, shape};
use super::net::averaged;
use super::tracks::Track;
use super::words::{Verdict, caution, name, spread, undecided, verdict};

/// Mean opinion held about the members of each strategy.
pub(super) fn draw(evidence: &Evidence) -> Option<Picture> {
    let plot = Plot::of(evidence, Track::Opinion, "Opinion held of members");
    if plot.curves.is_empty() {
        return None;
    }
    let mean = |s: usize| evidence.mean("opinion", s).map_or(f64::NAN, |i| i.mean);
    let title = match verdict(evidence, "opinion") {
        Verdict::Nothing => "Opinion over time".to_owned(),
        Verdict::Alone(s) => {
            format!("The opinion held of {} is {} on average", name(evidence, s), number(mean(s)))
        }
        Verdict::Leads { leader, next, among, .. } => format!(
            "{} is thought of {}: {} on average, against {} for {}{}",
            name(evidence, leader),
            if among > 2 { "best" } else { "better" },
            number(mean(leader)),
            number(mean(next)),
            name(evidence, next),
            caution(evidence)
        ),
        Verdict::Tied { strategies, equal, among } => {
            undecided(evidence, &strategies, equal, among, "opinion", "are thought of best")
        }
    };
    let subtitle = format!(
        "Opinion held about the members of each strategy, from \u{2212}1 to 1, {}; {}",
        averaged(evidence),
        spread(evidence, shape(&plot.curves))
    );
    Some(figure(&Head { title, subtitle }, &plot))
}
