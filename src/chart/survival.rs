//! Survival of agents.

use super::axis::Axis;
use super::canvas::Picture;
use super::evidence::{Difference, Evidence};
use super::frame::Head;
use super::lines::{Curve, Plot, figure};
use super::theme::N_RIBBONS;
use super::tracks::Track;
use super::words::{Verdict, list, name, rank};
use crate::stats::{Interval, Survival, kaplan_meier};

/// Curves are compared at the last duration that at least this many lives of each strategy reached.
const AT_RISK_MIN: u64 = 10;

/// Kaplan-Meier curves by strategy.
pub(super) fn draw(evidence: &Evidence) -> Option<Picture> {
    let curves: Vec<Survival> = (0..evidence.n_strategies()).map(|s| curve(evidence, s)).collect();
    if curves.iter().all(|c| c.steps.is_empty()) {
        return None;
    }
    let last = curves.iter().filter_map(|c| c.steps.last()).map(|s| s.time).max().unwrap_or(0);
    let mut plot = Plot::of(evidence, Track::Share, "Share still in business");
    plot.x_title = "Rounds lived".to_owned();
    plot.x_last = f64::from(last);
    plot.burn_in = 0;
    plot.percent = true;
    plot.steps = true;
    plot.y = Some(Axis::exactly(0.0, 1.0, 5));
    plot.curves = (0..curves.len())
        .filter(|s| !curves[*s].steps.is_empty())
        .map(|s| Curve {
            name: evidence.strategies[s].clone(),
            style: evidence.styles[s],
            points: points(&curves[s]),
        })
        .collect();
    let n_failed = evidence.lives.iter().filter(|life| life.failed).count();
    let head = Head {
        title: title(evidence, &curves),
        subtitle: format!(
            "Kaplan\u{2013}Meier estimate over {} lives, {n_failed} of which failed{}",
            evidence.lives.len(),
            if plot.curves.len() > N_RIBBONS {
                ""
            } else {
                "; ribbon = 95% log-log interval, lives taken as independent"
            }
        ),
    };
    Some(figure(&head, &plot))
}

fn curve(evidence: &Evidence, strategy: usize) -> Survival {
    let own = evidence.lives.iter().filter(|life| life.strategy == evidence.strategies[strategy]);
    kaplan_meier(&own.map(|life| (life.duration, life.failed)).collect::<Vec<_>>())
}

/// The curve's corners, from 1 at birth.
fn points(curve: &Survival) -> Vec<(f64, Interval)> {
    let birth = (0.0, Interval::around(1.0, Some(0.0)));
    let steps = curve.steps.iter().filter(|s| s.time > 0 || s.failed > 0);
    let steps = steps.map(|s| (f64::from(s.time), Interval { mean: s.share, low: s.low, high: s.high }));
    std::iter::once(birth).chain(steps).collect()
}

fn title(evidence: &Evidence, curves: &[Survival]) -> String {
    if evidence.lives.iter().all(|life| !life.failed) {
        return "Nobody fails".to_owned();
    }
    let reached = |c: &Survival| c.steps.iter().filter(|s| s.at_risk >= AT_RISK_MIN).map(|s| s.time).max();
    let Some(time) = curves.iter().filter(|c| !c.steps.is_empty()).map(reached).min().flatten() else {
        return "Too few lives to compare".to_owned();
    };
    let at = |s: usize| {
        let points = points(&curves[s]);
        points.into_iter().take_while(|(t, _)| *t <= f64::from(time)).last().map(|(_, i)| i)
    };
    let shares: Vec<(usize, f64)> = (0..curves.len())
        .filter(|s| !curves[*s].steps.is_empty())
        .filter_map(|s| at(s).map(|i| (s, i.mean)))
        .collect();
    let percent = |s: usize| at(s).map_or_else(String::new, |i| format!("{:.0}%", i.mean * 100.0));
    // Intervals that do not overlap differ clearly. The difference is not drawn, so it needs no interval.
    let differ = |first: usize, second: usize| {
        let (a, b) = (at(first)?, at(second)?);
        let gap = b.low.unwrap_or(b.mean) - a.high.unwrap_or(a.mean);
        let interval = Interval { mean: b.mean - a.mean, low: Some(gap), high: Some(1.0) };
        Some(Difference { interval, clear: interval.excludes_zero() })
    };
    match rank(shares, 2, differ) {
        Verdict::Leads { leader, next, among, .. } => format!(
            "{} lasts {}: {} still in business after {time} rounds, {} of {}",
            name(evidence, leader),
            if among > 2 { "longest" } else { "longer" },
            percent(leader),
            percent(next),
            name(evidence, next)
        ),
        Verdict::Alone(s) => {
            format!("{} of {} still in business after {time} rounds", percent(s), name(evidence, s))
        }
        Verdict::Tied { strategies, among, .. } if strategies.len() == among => {
            format!("No clear difference in survival between {}", list(evidence, &strategies))
        }
        Verdict::Tied { strategies, .. } => {
            format!("{} last longest, with no clear difference between them", list(evidence, &strategies))
        }
        Verdict::Nothing => "Survival".to_owned(),
    }
}
