//! Shares of the strategies under evolution.

use super::axis::Axis;
use super::canvas::Picture;
use super::evidence::Evidence;
use super::frame::Head;
use super::lines::{Curve, Plot, figure, shape, values};
use super::tracks::Track;
use super::words::{caution, cut, spread};

/// Share of each strategy among the active agents, under evolution.
pub(super) fn draw(evidence: &Evidence) -> Option<Picture> {
    if !evidence.evolution || evidence.n_strategies() < 2 {
        return None;
    }
    let mut plot = Plot::of(evidence, Track::Share, "Share of active agents");
    plot.percent = true;
    plot.y = Some(Axis::with_zero(values(&plot.curves), 5));
    let title = format!("{}{}", title(&plot.curves, evidence.n_replicates()), caution(evidence));
    let subtitle =
        format!("Share of each strategy among the active agents; {}", spread(evidence, shape(&plot.curves)));
    Some(figure(&Head { title, subtitle }, &plot))
}

/// The title: which strategies spread and which shrink. A change is clear if the interval at the end excludes the
/// share at the start.
fn title(curves: &[Curve], n_replicates: u32) -> String {
    let change = |curve: &Curve| {
        let (start, end) = (curve.points.first()?.1, curve.points.last()?.1);
        let outside = end.low.is_some_and(|low| low > start.mean) || end.high.is_some_and(|h| h < start.mean);
        let clear = outside || (n_replicates == 1 && end.mean != start.mean);
        clear.then(|| (end.mean - start.mean, cut(&curve.name, 28), start.mean, end.mean))
    };
    let mut changes: Vec<_> = curves.iter().filter_map(change).collect();
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
        assert_eq!(title(&up, 9), "a spreads from 40% to 70% of agents, b shrinks from 60% to 30%");
        let down = [curve("a", 0.7, 0.4, 0.1), curve("b", 0.3, 0.6, 0.1)];
        assert_eq!(title(&down, 9), "b spreads from 30% to 60% of agents, a shrinks from 70% to 40%");
        let still = [curve("a", 0.5, 0.52, 0.1), curve("b", 0.5, 0.48, 0.1)];
        assert_eq!(title(&still, 9), "No strategy clearly spreads or shrinks");
    }
}
