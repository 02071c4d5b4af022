//! Rows of dots with intervals, and their key.

use super::axis::{Axis, number};
use super::canvas::{Anchor, Canvas, Picture, draw as on_canvas};
use super::drawing::{Spot, cell};
use super::frame::{Head, Panel, Place};
use super::text::{Weight, shorten, width};
use super::theme::{BODY, GRID, INK, LINE, MARGIN, MUTED, SMALL, Style, WIDTH};
use super::words::cut;
use crate::stats::Interval;

/// A row of dots with intervals under one label.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Label of the row.
    pub(super) label: String,
    /// Name, style and estimate of each dot.
    pub(super) dots: Vec<(String, Style, Interval)>,
}

/// Dots with intervals: one band per row, and within it one line per dot. Dots have their names beside them, or a key
/// lists the names.
pub(super) fn dots(head: &Head, rows: &[Row], x_title: &str, named: bool) -> Option<Picture> {
    dots_within(head, rows, x_title, named, f64::INFINITY)
}

/// The same where values beyond `most`, in either direction, are drawn there, with an arrow behind their number.
pub(super) fn dots_within(
    head: &Head,
    rows: &[Row],
    x_title: &str,
    named: bool,
    most: f64,
) -> Option<Picture> {
    if rows.is_empty() {
        return None;
    }
    // Intervals are short, so their lines have no dashes, here and in the key.
    let solid = |style: Style| Style { dash: &[], ..style };
    let entries = entries(
        rows.iter().flat_map(|r| r.dots.iter().map(|(name, style, _)| (name.as_str(), solid(*style)))),
    );
    let key_lines = if named { Vec::new() } else { key(&entries) };
    let ends = rows
        .iter()
        .flat_map(|r| &r.dots)
        .flat_map(|(.., i)| [i.mean, i.low.unwrap_or(i.mean), i.high.unwrap_or(i.mean)])
        .map(|end| end.clamp(-most, most));
    let x = Axis::with_zero(ends, 6);
    let n_dots: usize = rows.iter().map(|r| r.dots.len()).sum();
    // Numbers and names beside the dots need 13 pixels; of very many dots the figure would be too high.
    let pitch = match n_dots {
        ..=60 => 16.0,
        61..=300 => 13.0,
        _ => 10.0,
    };
    let top = head.height(WIDTH) + 18.0 * f64::from(u32::try_from(key_lines.len()).unwrap_or(1)) + 10.0;
    let gap = 14.0;
    let height = top + pitch * n_dots as f64 + gap * rows.len() as f64 + 60.0;
    let widest = rows.iter().map(|r| width(&r.label, BODY, Weight::Bold)).fold(0.0, f64::max);
    let label_room = widest.min(if named { 200.0 } else { 220.0 });
    let names = if named { entries.as_slice() } else { &[] };
    let name_room = names.iter().map(|(n, _)| width(n, SMALL, Weight::Regular) + 10.0).fold(0.0, f64::max);
    let left = MARGIN + label_room + 14.0 + name_room;
    let place = Place { left, top, right: WIDTH - MARGIN - 40.0, bottom: height - 56.0 };
    let panel = Panel { place, x, y: Axis::exactly(0.0, 1.0, 1), percent: false };
    Some(on_canvas(WIDTH, height, |canvas| {
        head.draw(canvas, WIDTH);
        draw_key(canvas, &entries, &key_lines, head.height(WIDTH) + 6.0);
        panel.draw_x_grid(canvas);
        draw_rows(canvas, rows, &panel, (pitch, gap, most), named.then_some(label_room));
        panel.draw_x(canvas);
        panel.draw_x_title(canvas, x_title);
    }))
}

/// Draws the rows. If dots have their names beside them, labels have only this room.
fn draw_rows(
    canvas: &Canvas,
    rows: &[Row],
    panel: &Panel,
    (pitch, gap, most): (f64, f64, f64),
    label_room: Option<f64>,
) {
    canvas.table("", &["Row", "Dot", "Value and interval"]);
    let mut y = panel.place.top;
    for row in rows {
        canvas.line(&[(MARGIN, y), (WIDTH - MARGIN, y)], GRID, 0.8);
        let room = label_room.unwrap_or(panel.place.left - MARGIN - 10.0);
        let label = shorten(&row.label, BODY, Weight::Bold, room);
        let tall = pitch * row.dots.len() as f64 + gap;
        let at = (MARGIN, y + tall / 2.0 + 0.35 * BODY);
        canvas.text(&label, at, Anchor::Start, BODY, Weight::Bold, INK);
        for (k, (name, style, interval)) in row.dots.iter().enumerate() {
            let y = y + gap / 2.0 + pitch * (k as f64 + 0.5);
            draw_dot(canvas, panel, *style, (interval, most), y);
            let spot = Spot::between((MARGIN, y - pitch / 2.0), (WIDTH - MARGIN, y + pitch / 2.0));
            canvas.row(&[spot], vec![row.label.clone(), name.clone(), cell(interval)]);
            if label_room.is_some() {
                let at = (panel.place.left - 6.0, y + 0.35 * SMALL);
                canvas.text(name, at, Anchor::End, SMALL, Weight::Regular, MUTED);
            }
        }
        y += tall;
    }
}

fn draw_dot(canvas: &Canvas, panel: &Panel, style: Style, (interval, most): (&Interval, f64), y: f64) {
    let x_at = |value: f64| panel.x_at(value.clamp(-most, most));
    let x = x_at(interval.mean);
    let mut right = x;
    if let (Some(low), Some(high)) = (interval.low, interval.high) {
        canvas.line(&[(x_at(low), y), (x_at(high), y)], style.colour, LINE);
        right = x_at(high);
    }
    canvas.dot((x, y), 3.5, style.colour);
    let at = (right.max(x + 4.0) + 5.0, y + 0.35 * SMALL);
    let arrow = match interval.mean {
        mean if mean > most => " \u{2192}",
        mean if mean < -most => " \u{2190}",
        _ => "",
    };
    canvas.note(&format!("{}{arrow}", number(interval.mean)), at, SMALL, Weight::Regular, MUTED);
}

/// Names with their styles, each once, in order of appearance.
pub(super) fn entries<'a>(all: impl Iterator<Item = (&'a str, Style)>) -> Vec<(String, Style)> {
    let mut entries: Vec<(String, Style)> = Vec::new();
    for (name, style) in all {
        if !entries.iter().any(|(n, _)| n == name) {
            entries.push((name.to_owned(), style));
        }
    }
    entries
}

/// Lines of the key: `(entry, x)`.
pub(super) fn key(entries: &[(String, Style)]) -> Vec<Vec<(usize, f64)>> {
    let mut lines = vec![Vec::new()];
    let mut x = MARGIN;
    for (k, (name, _)) in entries.iter().enumerate() {
        let room = 50.0 + width(&cut(name, 48), SMALL, Weight::Bold);
        if x + room > WIDTH - MARGIN && x > MARGIN {
            lines.push(Vec::new());
            x = MARGIN;
        }
        lines.last_mut().expect("there is a first line").push((k, x));
        x += room;
    }
    lines
}

/// Draws the key.
pub(super) fn draw_key(canvas: &Canvas, entries: &[(String, Style)], lines: &[Vec<(usize, f64)>], top: f64) {
    for (line, places) in lines.iter().enumerate() {
        let y = top + 18.0 * line as f64;
        for (k, x) in places {
            let (name, style) = &entries[*k];
            canvas.dashed(&[(*x, y - 4.0), (x + 26.0, y - 4.0)], style.dash, style.colour, LINE);
            canvas.text(
                &cut(name, 48),
                (x + 32.0, y),
                Anchor::Start,
                SMALL,
                Weight::Bold,
                style.text_colour(),
            );
        }
    }
}
