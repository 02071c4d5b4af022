//! Survival of agents.

use super::axis::Axis;
use super::canvas::Picture;
use super::evidence::{Difference, Evidence};
use super::frame::Head;
use super::lines::{Curve, Plot, figure};
use super::theme::{N_RIBBONS, Style};
use super::tracks::Track;
use super::words::{Verdict, list, name, rank};
use crate::stats::{Interval, Survival, kaplan_meier};

/// Curves are compared at the last duration that at least this many lives of each strategy reached.
const AT_RISK_MIN: u64 = 10;

/// Dashes of newcomers' curves.
const NEWCOMERS: &[f64] = &[2.0, 3.0];

/// Kaplan-Meier curves by strategy, of founders and of newcomers apart: newcomers start without ties.
pub(super) fn draw(evidence: &Evidence) -> Option<Picture> {
    let of = |founders: bool| -> Vec<Survival> {
        (0..evidence.n_strategies()).map(|s| curve(evidence, s, founders)).collect()
    };
    let (founders, newcomers) = (of(true), of(false));
    let last = founders.iter().chain(&newcomers).filter_map(|c| c.steps.last()).map(|s| s.time).max()?;
    let mut plot = Plot::of(evidence, Track::Share, "Share still in business");
    plot.x_title = "Rounds lived".to_owned();
    plot.x_last = f64::from(last);
    plot.burn_in = 0;
    plot.marks.clear();
    plot.percent = true;
    plot.steps = true;
    plot.broken = false;
    plot.y = Some(Axis::exactly(0.0, 1.0, 5));
    plot.curves = drawn(evidence, &founders, "", None);
    plot.curves.extend(drawn(evidence, &newcomers, ", newcomers", Some(NEWCOMERS)));
    let ribbons = if plot.curves.len() > N_RIBBONS {
        String::new()
    } else {
        format!("; ribbon = {} log-log interval, lives taken as independent", evidence.level)
    };
    let subtitle = format!("Kaplan\u{2013}Meier estimate over {}{ribbons}", counts(evidence));
    let head = Head { title: title(evidence, &founders), subtitle };
    Some(figure(&head, &plot))
}

/// The curves of strategies that have lives, with an ending to their names, and with dashes other than the strategies'.
fn drawn(evidence: &Evidence, curves: &[Survival], ending: &str, dash: Option<&'static [f64]>) -> Vec<Curve> {
    let strategies = (0..curves.len()).filter(|s| !curves[*s].steps.is_empty());
    let drawn = strategies.map(|s| {
        let style = evidence.styles[s];
        Curve {
            name: format!("{}{ending}", evidence.strategies[s]),
            style: Style { dash: dash.unwrap_or(style.dash), ..style },
            points: points(&curves[s]),
        }
    });
    drawn.collect()
}

/// How many lives of founders and newcomers there are, and how many failed.
fn counts(evidence: &Evidence) -> String {
    let count = |founders: bool| {
        let of = || evidence.lives.iter().filter(|life| life.founder == founders);
        (of().count(), of().filter(|life| life.failed).count())
    };
    let ((founders, failed), (newcomers, gone)) = (count(true), count(false));
    let newcomers = match newcomers {
        0 => String::new(),
        n => format!(", and over {n} newcomers, who start without ties (dotted), {gone} of whom failed"),
    };
    format!("{founders} founders, {failed} of whom failed{newcomers}")
}

fn curve(evidence: &Evidence, strategy: usize, founders: bool) -> Survival {
    let own = evidence.lives.iter().filter(|life| life.strategy == evidence.strategies[strategy]);
    let own = own.filter(|life| life.founder == founders);
    kaplan_meier(&own.map(|life| (life.duration, life.failed)).collect::<Vec<_>>(), evidence.level)
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
    // Without newcomers there is nobody to tell founders from.
    let newcomers = evidence.lives.iter().any(|life| !life.founder);
    let among_founders = if newcomers { "Among founders " } else { "" };
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
            "{among_founders}{} lasts {}: {} still in business after {time} rounds, {} of {}",
            name(evidence, leader),
            if among > 2 { "longest" } else { "longer" },
            percent(leader),
            percent(next),
            name(evidence, next)
        ),
        Verdict::Alone(s) => {
            let founders = if newcomers { "founders who are " } else { "" };
            format!("{} of {founders}{} still in business after {time} rounds", percent(s), name(evidence, s))
        }
        Verdict::Tied { strategies, among, .. } if strategies.len() == among => {
            let founders = if newcomers { "founders' survival" } else { "survival" };
            format!("No clear difference in {founders} between {}", list(evidence, &strategies))
        }
        Verdict::Tied { strategies, .. } => {
            format!(
                "{among_founders}{} last longest, with no clear difference between them",
                list(evidence, &strategies)
            )
        }
        Verdict::Nothing => "Survival".to_owned(),
    }
}
