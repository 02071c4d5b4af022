//! How concentrated help is: the Lorenz curve of help given and of benefit from help.

use super::axis::Axis;
use super::canvas::Picture;
use super::evidence::Evidence;
use super::frame::Head;
use super::lines::{Curve, Plot, figure};
use super::theme::{MUTED, Style};
use super::words::caution;
use crate::results::HelpRow;
use crate::stats::{Concentration, Interval, Level};

/// Number of steps of the curves.
const STEPS: u32 = 100;
/// The share of people at the top that the title is about.
const TOP: f64 = 0.05;

/// Lorenz curves over all active agents at the end, with the line of equality.
pub(super) fn draw(evidence: &Evidence) -> Option<Picture> {
    let given = Spread::of(&evidence.help, |row| row.given, evidence.level)?;
    let received = Spread::of(&evidence.help, |row| row.received, evidence.level);
    let straight = |k: u32| (f64::from(k), Interval::around(f64::from(k) / f64::from(STEPS), None));
    let equality = Style { colour: MUTED, dash: &[3.0, 3.0] };
    let mut curves = vec![given.curve("help given", Style::apart(0))];
    curves.extend(received.as_ref().map(|received| received.curve("help received", Style::apart(1))));
    curves.push(Curve {
        name: "equal shares".to_owned(),
        style: equality,
        points: (0..=STEPS).map(straight).collect(),
    });
    let percent = |of: &Interval| match of.ends() {
        Some((low, high)) => {
            format!("{:.1}% (interval {:.1}% to {:.1}%)", of.mean * 100.0, low * 100.0, high * 100.0)
        }
        None => format!("{:.1}%", of.mean * 100.0),
    };
    let head = Head {
        title: format!(
            "The {:.0}% of agents who help most give {} of all help{}",
            TOP * 100.0,
            percent(&given.top),
            caution(evidence)
        ),
        subtitle: format!(
            "Share of all help that the agents who give (receive) least have: needs solved for others, by their cost, \
             and benefit from solved needs, since birth. Gini coefficients: {}{}",
            number(&given.gini),
            received
                .map_or_else(String::new, |received| format!(" given, {} received", number(&received.gini)))
        ),
    };
    let plot = Plot {
        heading: String::new(),
        y_title: "Share of all help".to_owned(),
        x_title: "Percent of agents, those with least first".to_owned(),
        curves,
        x_last: f64::from(STEPS),
        burn_in: 0,
        marks: Vec::new(),
        steps: false,
        broken: false,
        percent: true,
        y: Some(Axis::exactly(0.0, 1.0, 5)),
        labelled: true,
    };
    Some(figure(&head, &plot))
}

fn number(of: &Interval) -> String {
    format!("{:.2}", of.mean)
}

/// A Lorenz curve with what it says, over replicates.
struct Spread {
    /// Steps of the curve.
    shares: Vec<Interval>,
    /// Share of the people at the top.
    top: Interval,
    gini: Interval,
}

impl Spread {
    /// The spread of a quantity over agents; `None` if no replicate has any.
    fn of(rows: &[HelpRow], pick: fn(&HelpRow) -> f64, level: Level) -> Option<Self> {
        let replicates = rows.chunk_by(|a, b| a.replicate == b.replicate);
        let spreads: Vec<Concentration> =
            replicates.filter_map(|rows| Concentration::of(rows.iter().map(pick).collect())).collect();
        let curves: Vec<Vec<f64>> = spreads.iter().map(|spread| spread.lorenz(STEPS as usize)).collect();
        let at = |k: usize| Interval::of(&curves.iter().map(|curve| curve[k]).collect::<Vec<_>>(), level);
        let over =
            |of: fn(&Concentration) -> f64| Interval::of(&spreads.iter().map(of).collect::<Vec<_>>(), level);
        (!spreads.is_empty()).then(|| Self {
            shares: (0..=STEPS as usize).map(at).collect(),
            top: over(|spread| spread.top(TOP)),
            gini: over(Concentration::gini),
        })
    }

    fn curve(&self, name: &str, style: Style) -> Curve {
        let points = (0..).map(f64::from).zip(self.shares.iter().copied()).collect();
        Curve { name: name.to_owned(), style, points }
    }
}
