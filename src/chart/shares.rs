//! Shares of the strategies under evolution.

use super::axis::Axis;
use super::canvas::Picture;
use super::evidence::Evidence;
use super::frame::Head;
use super::lines::{Curve, Plot, figure, shape, values};
use super::tracks::Track;
use super::words::{caution, cut, spread, tested};
use crate::stats::Contrast;

/// Share of each strategy among the active agents, under evolution.
pub(super) fn draw(evidence: &Evidence) -> Option<Picture> {
    if !evidence.evolution || evidence.n_strategies() < 2 {
        return None;
    }
    let mut plot = Plot::of(evidence, Track::Share, "Share of active agents");
    plot.percent = true;
    plot.y = Some(Axis::with_zero(values(&plot.curves), 5));
    let title = format!("{}{}", title(&plot.curves, &clear_changes(evidence)), caution(evidence));
    let subtitle =
        format!("Share of each strategy among the active agents; {}", spread(evidence, shape(&plot.curves)));
    Some(figure(&Head { title, subtitle }, &plot))
}

/// Whether the share of each strategy with a curve has clearly changed. All strategies are tested together.
fn clear_changes(evidence: &Evidence) -> Vec<bool> {
    let changes = (0..evidence.n_strategies()).filter_map(|s| evidence.tracks.change(Track::Share, s));
    let contrasts: Vec<Contrast> = changes.map(|change| Contrast::of(&change, evidence.level)).collect();
    let single = evidence.n_replicates() == 1;
    let tested = tested(&contrasts, evidence.level).into_iter();
    tested.map(|change| change.clear || (single && change.interval.mean != 0.0)).collect()
}

/// The title: which strategies spread and which shrink, of those whose share has clearly changed.
fn title(curves: &[Curve], clear: &[bool]) -> String {
    let change = |(curve, clear): (&Curve, &bool)| {
        let (start, end) = (curve.points.first()?.1.mean, curve.points.last()?.1.mean);
        clear.then(|| (end - start, cut(&curve.name, 28), start, end))
    };
    let mut changes: Vec<_> = curves.iter().zip(clear).filter_map(change).collect();
    changes.sort_by(|a, b| b.0.total_cmp(&a.0));
    let percent = |share: f64| format!("{:.0}%", share * 100.0);
    let phrase = |verb: &str, (_, name, start, end): &(f64, String, f64, f64)| {
        format!("{name} {verb} from {} to {}", percent(*start), percent(*end))
    };
    let spreads = changes.first().filter(|c| c.0 > 0.0).map(|c| phrase("spreads", c));
    let shrinks = changes.last().filter(|c| c.0 < 0.0).map(|c| phrase("shrinks", c));
    match (spreads, shrinks) {
        (Some(up), Some(down)) => format!("{up} of agents, {down}"),
        (Some(one), None) | (None, Some(one)) => format!("{one} of agents"),
        (None, None) => "No strategy clearly spreads or shrinks".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::theme::Style;
    use crate::stats::Interval;

    fn curve(name: &str, start: f64, end: f64, half: f64) -> Curve {
        let at = |mean: f64| Interval { mean, low: Some(mean - half), high: Some(mean + half) };
        Curve { name: name.into(), style: Style::of(0), points: vec![(0.0, at(start)), (9.0, at(end))] }
    }

    #[test]
    fn the_title_follows_the_shares_both_ways() {
        let up = [curve("a", 0.4, 0.7, 0.1), curve("b", 0.6, 0.3, 0.1)];
        assert_eq!(title(&up, &[true; 2]), "a spreads from 40% to 70% of agents, b shrinks from 60% to 30%");
        let down = [curve("a", 0.7, 0.4, 0.1), curve("b", 0.3, 0.6, 0.1)];
        assert_eq!(
            title(&down, &[true; 2]),
            "b spreads from 30% to 60% of agents, a shrinks from 70% to 40%"
        );
        let still = [curve("a", 0.5, 0.52, 0.1), curve("b", 0.5, 0.48, 0.1)];
        assert_eq!(title(&still, &[false; 2]), "No strategy clearly spreads or shrinks");
    }
}
