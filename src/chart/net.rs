//! Net benefit over time.

use super::axis::number;
use super::canvas::Picture;
use super::evidence::Evidence;
use super::frame::Head;
use super::lines::{Curve, Plot, figure, shape};
use super::tracks::Track;
use super::words::{Verdict, caution, name, spread, undecided, verdict};

/// Net benefit per round by strategy, averaged over a mixer cycle.
pub(super) fn draw(evidence: &Evidence) -> Option<Picture> {
    let plot = Plot::of(evidence, Track::Net, "Net benefit per round");
    if plot.curves.is_empty() {
        return None;
    }
    let head = Head {
        title: title(evidence, &plot.curves),
        subtitle: format!(
            "Net benefit per agent and round, {}; {}",
            averaged(evidence),
            spread(evidence, shape(&plot.curves))
        ),
    };
    Some(figure(&head, &plot))
}

/// The description of how tracks are averaged.
pub(super) fn averaged(evidence: &Evidence) -> String {
    match evidence.tracks.window {
        1 => "mean of each round".to_owned(),
        window => format!("mean over the last {window} rounds (one mixer cycle)"),
    }
}

fn title(evidence: &Evidence, curves: &[Curve]) -> String {
    match verdict(evidence, "net") {
        Verdict::Nothing => "Net benefit over time".to_owned(),
        Verdict::Alone(s) => {
            let mean = evidence.mean("net", s).map_or(f64::NAN, |i| i.mean);
            format!("{} nets {} per round", name(evidence, s), number(mean))
        }
        Verdict::Leads { leader, next, by, among } => {
            let rest = if among > 2 { ", the next best" } else { "" };
            format!(
                "{} gains {} more per round than {}{rest}{}{}",
                name(evidence, leader),
                number(by.mean),
                name(evidence, next),
                lead(&evidence.strategies[leader], curves, among > 2),
                caution(evidence),
            )
        }
        Verdict::Tied { strategies, equal, among } => {
            undecided(evidence, &strategies, equal, among, "net benefit", "gain most")
        }
    }
}

/// The round from which on the leader's line is above all others, in words.
fn lead(leader: &str, curves: &[Curve], several: bool) -> String {
    let Some(line) = curves.iter().find(|c| c.name == leader) else { return String::new() };
    let rivals: Vec<&Curve> = curves.iter().filter(|c| c.name != leader).collect();
    let ahead = |&(x, own): &(f64, crate::stats::Interval)| {
        rivals.iter().all(|rival| {
            let place = rival.points.binary_search_by(|p| p.0.total_cmp(&x));
            place.map_or(true, |p| rival.points[p].1.mean < own.mean)
        })
    };
    let n_behind_last = line.points.iter().rposition(|point| !ahead(point)).map_or(0, |last| last + 1);
    let comma = if several { "," } else { "" };
    match (n_behind_last, line.points.get(n_behind_last)) {
        (0, _) if line.points.len() > 1 => format!("{comma} and leads throughout"),
        (_, Some((round, _))) if line.points.len() > 1 => format!("{comma} and leads from round {round} on"),
        (_, None) => format!("{comma} but does not lead at the end"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::theme::Style;
    use crate::stats::Interval;

    fn curve(name: &str, means: &[f64]) -> Curve {
        let point =
            |(i, mean): (usize, &f64)| (i as f64 + 3.0, Interval { mean: *mean, low: None, high: None });
        Curve {
            name: name.into(),
            style: Style::of(0),
            points: means.iter().enumerate().map(point).collect(),
        }
    }

    #[test]
    fn the_lead_is_dated_from_the_last_crossing() {
        let curves = [curve("a", &[0.0, 2.0, 0.5, 2.0, 3.0]), curve("b", &[1.0; 5])];
        assert_eq!(lead("a", &curves, false), " and leads from round 6 on");
        assert_eq!(lead("b", &curves, false), " but does not lead at the end");
        let curves = [curve("a", &[2.0, 2.0]), curve("b", &[1.0; 2])];
        assert_eq!(lead("a", &curves, true), ", and leads throughout");
        assert_eq!(lead("a", &[curve("a", &[2.0]), curve("b", &[1.0])], true), "");
    }
}
