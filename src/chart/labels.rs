//! Direct labels: names beside the ends of lines, moved so that they do not overlap.

use super::canvas::{Anchor, Canvas};
use super::text::{Weight, shorten, width};
use super::theme::{BODY, LINE, N_COLOURS, PAPER, Style, blend};

/// Maximum width of labels beside a panel.
const ROOM_MAX: f64 = 170.0;
/// Space between a line's end and its label, for the connector.
const GAP: f64 = 11.0;

/// A label of a line.
#[derive(Clone, Debug)]
pub(super) struct Label {
    /// The text.
    pub(super) text: String,
    /// Style of the line.
    pub(super) style: Style,
    /// Height of the end of the line.
    pub(super) y: f64,
}

/// The width that labels need to the right of a panel, at most `most`; longer texts are cut.
pub(super) fn room<'a>(texts: impl IntoIterator<Item = &'a str>, most: f64) -> f64 {
    let widths: Vec<f64> = texts.into_iter().map(|t| width(t, BODY, Weight::Bold)).collect();
    let widest = widths.iter().copied().fold(0.0, f64::max);
    (widest + GAP + 4.0 + sample(widths.len())).min(ROOM_MAX).min(most)
}

/// Width of a sample of the line before its name, which is needed if strategies share colours.
fn sample(n_labels: usize) -> f64 {
    if n_labels > N_COLOURS { 28.0 } else { 0.0 }
}

/// Draws labels to the right of `x`, each as near to the end of its line as the others allow.
pub(super) fn draw(canvas: &Canvas, x: f64, (top, bottom): (f64, f64), labels: &[Label], room: f64) {
    let crowded = (bottom - top) / labels.len().max(1) as f64;
    let size = BODY.min(crowded / 1.2);
    let sample = sample(labels.len());
    let wanted: Vec<f64> = labels.iter().map(|l| l.y).collect();
    for (label, y) in labels.iter().zip(apart(&wanted, (BODY * 1.25).min(crowded), top, bottom)) {
        if (y - label.y).abs() > 2.0 {
            let faint = blend(label.style.colour, PAPER, 0.45);
            canvas.line(&[(x + 2.0, label.y), (x + GAP - 2.0, y)], faint, 0.8);
        }
        let text_x = x + GAP + sample;
        if sample > 0.0 {
            canvas.dashed(&[(x + GAP, y), (text_x - 5.0, y)], label.style.dash, label.style.colour, LINE);
        }
        let text = shorten(&label.text, size, Weight::Bold, room - GAP - sample);
        canvas.text(
            &text,
            (text_x, y + 0.34 * size),
            Anchor::Start,
            size,
            Weight::Bold,
            label.style.text_colour(),
        );
    }
}

/// Positions as near as possible to those wanted (least squares), at least `gap` apart and between `low` and `high`,
/// in the same order.
///
/// Shifting the k-th position by `k gap` turns this into an isotonic regression, which the pool-adjacent-violators
/// algorithm solves (Barlow et al. 1972).
pub(super) fn apart(wanted: &[f64], gap: f64, low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].total_cmp(&wanted[*b]).then(a.cmp(b)));
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for (k, place) in order.iter().enumerate() {
        pools.push((wanted[*place] - k as f64 * gap, 1));
        while let [.., (before, m), (after, n)] = pools.as_slice()
            && before > after
        {
            let (total, count) = (before * *m as f64 + after * *n as f64, m + n);
            pools.truncate(pools.len() - 2);
            pools.push((total / count as f64, count));
        }
    }
    let last = high - wanted.len().saturating_sub(1) as f64 * gap;
    let shifted = pools.iter().flat_map(|(place, n)| std::iter::repeat_n(*place, *n));
    let mut places = vec![0.0; wanted.len()];
    for ((k, index), place) in order.iter().enumerate().zip(shifted) {
        places[*index] = place.min(last).max(low) + k as f64 * gap;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_do_not_overlap_and_stay_inside() {
        let wanted = [50.0, 51.0, 52.0, 300.0, 10.0, 299.5, 50.0, 298.0];
        let places = apart(&wanted, 15.0, 0.0, 300.0);
        let mut sorted = places.clone();
        sorted.sort_by(f64::total_cmp);
        assert!(sorted.windows(2).all(|p| p[1] - p[0] >= 15.0 - 1e-9), "{sorted:?}");
        assert!(sorted[0] >= 0.0 && sorted[7] <= 300.0 + 1e-9);
        assert!(places[4] < places[0] && places[0] < places[1], "the order is that of the lines");
    }

    #[test]
    fn labels_that_do_not_overlap_are_not_moved() {
        assert_eq!(apart(&[200.0, 20.0, 100.0], 15.0, 0.0, 300.0), [200.0, 20.0, 100.0]);
        assert!(apart(&[], 15.0, 0.0, 300.0).is_empty());
    }
}
