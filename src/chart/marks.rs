//! Marks of the rounds at which settings change: thin vertical lines with labels.

use super::canvas::{Anchor, Canvas};
use super::frame::{Panel, Place};
use super::text::{Weight, shorten, width};
use super::theme::{MUTED, SMALL};
use crate::results::Scheduled;

/// A round at which settings change.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mark {
    /// The first round of the new values.
    round: f64,
    /// What changes, in brief.
    label: String,
}

/// The marks of a result, rounds ascending, one per round.
pub(super) fn marks(scheduled: &[Scheduled]) -> Vec<Mark> {
    let mut sorted: Vec<&Scheduled> = scheduled.iter().collect();
    sorted.sort_by_key(|change| change.round);
    let brief = |change: &Scheduled| {
        let key = change.key.rsplit('.').next().unwrap_or_default().trim();
        format!("{key} = {}", change.value)
    };
    let mark = |together: &[&Scheduled]| Mark {
        round: f64::from(together[0].round),
        label: match together {
            [only] => brief(only),
            all => format!("{} settings change", all.len()),
        },
    };
    sorted.chunk_by(|a, b| a.round == b.round).map(mark).collect()
}

/// Draws the marks in a panel over rounds. Labels stand above it, if they are wanted and have room.
pub(super) fn draw(canvas: &Canvas, marks: &[Mark], panel: &Panel, labelled: bool) {
    /// Width of the label of burn-in, which stands at the left.
    const BURN_IN: f64 = 50.0;
    let Place { left, top, right, bottom } = panel.place;
    let mut free = left + BURN_IN;
    for mark in marks {
        let x = panel.x_at(mark.round);
        if x > right {
            continue;
        }
        canvas.dashed(&[(x, top), (x, bottom)], &[3.0, 3.0], MUTED, 1.0);
        let label = shorten(&mark.label, SMALL, Weight::Regular, 0.4 * (right - left));
        let long = width(&label, SMALL, Weight::Regular);
        let start = x.min(right - long);
        if labelled && start >= free {
            canvas.text(&label, (start, top - 4.0), Anchor::Start, SMALL, Weight::Regular, MUTED);
            free = start + long + 8.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_of_one_round_have_one_mark() {
        let change =
            |round, key: &str, value: &str| Scheduled { round, key: key.into(), value: value.into() };
        let scheduled = [
            change(60, "calls.fee", "0.1"),
            change(20, "strategy.a b. ask", "0.5"),
            change(60, "needs.rate", "0.2"),
        ];
        let mark = |round, label: &str| Mark { round, label: label.to_owned() };
        assert_eq!(marks(&scheduled), [mark(20.0, "ask = 0.5"), mark(60.0, "2 settings change")]);
    }
}
