//! The drawing surface: plotters' SVG backend in fractions of a pixel.

use std::cell::{Cell, RefCell};

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

pub(super) use super::drawing::Point;
use super::drawing::{Drawing, Row, Spot, Table};
use super::text::{Weight, width};
use super::theme::{FONTS, PAPER};
use crate::results::is_control;

/// Units per pixel, because the backend draws in whole units.
const UNITS: f64 = 10.0;
/// The factor by which the backend divides the size of text.
const TEXT_SCALE: f64 = 1.24;
/// The backend raises bottom-anchored text by 0.5 ex, a quarter of an em.
const TEXT_LIFT: f64 = 0.25;

/// Drawing into a string cannot fail.
const CANNOT_FAIL: &str = "drawing into a string cannot fail";

/// The part of a text that is at its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    /// The start of the text.
    Start,
    /// The centre of the text.
    Middle,
    /// The end of the text.
    End,
}

/// A chart, or the reason why it would be unreadable.
pub(super) type Picture = Result<Drawing, Unreadable>;

/// The reason why a chart is left out, as in "flows is left out, since it would be ...".
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Unreadable(pub(super) String);

/// Maximum height of a figure in pixels: enough for a line of text for each of 1000 strategies. A PNG of twice this
/// size takes 200 MB of memory.
const HEIGHT_MAX: f64 = 16_000.0;
/// Maximum number of corners of lines and areas in a figure: a document of some 30 MB.
const CORNERS_MAX: usize = 2_000_000;
/// Number of corners for which a text counts, by the time and memory that it takes to render.
const TEXT_CORNERS: usize = 20;

/// A canvas on which an SVG document is drawn.
pub(super) struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
    /// Number of corners drawn so far, texts included.
    corners: Cell<usize>,
    /// Title, subtitle and the height that both take.
    head: RefCell<(String, String, f64)>,
    /// What is drawn, in numbers.
    tables: RefCell<Vec<Table>>,
}

/// The units of a length in pixels.
fn units(pixels: f64) -> i32 {
    // The cast saturates, so that a position far outside the canvas stays outside.
    #[allow(clippy::cast_possible_truncation)]
    let whole = libm::round(pixels * UNITS) as i32;
    whole
}

fn place((x, y): Point) -> (i32, i32) {
    (units(x), units(y))
}

/// Draws on a canvas of a size in pixels and returns the SVG document, unless it would be too large.
pub(super) fn draw(width: f64, height: f64, picture: impl FnOnce(&Canvas)) -> Picture {
    if height > HEIGHT_MAX || height.is_nan() {
        return Err(Unreadable(format!("it would be {height:.0} pixels high, more than {HEIGHT_MAX}")));
    }
    let mut svg = String::new();
    let size = (units(width).unsigned_abs(), units(height).unsigned_abs());
    let (corners, (title, subtitle, head), mut tables) = {
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        area.fill(&PAPER).expect(CANNOT_FAIL);
        let canvas =
            Canvas { area, corners: Cell::new(0), head: RefCell::default(), tables: RefCell::default() };
        picture(&canvas);
        canvas.area.present().expect(CANNOT_FAIL);
        (canvas.corners.get(), canvas.head.take(), canvas.tables.take())
    };
    tables.retain(|table| !table.rows.is_empty());
    tables.iter_mut().for_each(Table::thin);
    if corners > CORNERS_MAX {
        return Err(Unreadable(format!(
            "it would have {corners} corners and letters, more than {CORNERS_MAX}"
        )));
    }
    // Fill and stroke opacity, because opacity of an element makes the renderer allocate a layer of the figure's size.
    let svg = svg
        .replace("<polygon opacity=", "<polygon fill-opacity=")
        .replace("<polyline fill=\"none\" opacity=", "<polyline fill=\"none\" stroke-opacity=");
    // The natural size in pixels; the view box is in units. Round joins suit data lines.
    let svg = svg.replacen(
        &format!("width=\"{}\" height=\"{}\"", size.0, size.1),
        &format!("width=\"{width}\" height=\"{height}\" stroke-linejoin=\"round\""),
        1,
    );
    Ok(Drawing { svg, size: (width, height), head, title, subtitle, tables })
}

impl Canvas<'_> {
    /// Counts corners that will be drawn, and returns whether the limit allows them. Beyond the limit nothing is
    /// drawn, and the picture is dropped at the end.
    fn has_room(&self, corners: usize) -> bool {
        let so_far = self.corners.get().saturating_add(corners);
        self.corners.set(so_far);
        so_far <= CORNERS_MAX
    }

    /// Records the figure's title and subtitle, and the height that they take.
    pub(super) fn entitle(&self, title: &str, subtitle: &str, height: f64) {
        *self.head.borrow_mut() = (title.to_owned(), subtitle.to_owned(), height);
    }

    /// Begins a table of the numbers that are drawn; `caption` names the part of the figure, if it has several.
    pub(super) fn table(&self, caption: &str, columns: &[&str]) {
        let columns = columns.iter().map(|name| (*name).to_owned()).collect();
        self.tables.borrow_mut().push(Table { caption: caption.to_owned(), columns, ..Table::default() });
    }

    /// Adds a row to the table that was begun last, and where its numbers are drawn.
    pub(super) fn row(&self, spots: &[Spot], cells: Vec<String>) {
        if let Some(table) = self.tables.borrow_mut().last_mut() {
            assert_eq!(cells.len(), table.columns.len(), "a cell for each column");
            table.rows.push(Row { cells, spots: spots.to_vec() });
        }
    }

    /// A line through the points.
    pub(super) fn line(&self, points: &[Point], colour: RGBColor, width: f64) {
        self.faint_line(points, colour, width, 1.0);
    }

    /// A transparent line.
    pub(super) fn faint_line(&self, points: &[Point], colour: RGBColor, width: f64, opacity: f64) {
        if !self.has_room(points.len()) {
            return;
        }
        let style = ShapeStyle {
            color: colour.mix(opacity),
            filled: false,
            stroke_width: units(width).unsigned_abs().max(1),
        };
        let points: Vec<(i32, i32)> = points.iter().copied().map(place).collect();
        self.area.draw(&PathElement::new(points, style)).expect(CANNOT_FAIL);
    }

    /// A line through the points in dashes of the pattern.
    pub(super) fn dashed(&self, points: &[Point], dash: &[f64], colour: RGBColor, width: f64) {
        for piece in dashes(points, dash) {
            self.line(&piece, colour, width);
        }
    }

    /// A filled polygon.
    pub(super) fn polygon(&self, corners: &[Point], colour: RGBColor, opacity: f64) {
        if !self.has_room(corners.len()) {
            return;
        }
        let corners: Vec<(i32, i32)> = corners.iter().copied().map(place).collect();
        self.area.draw(&Polygon::new(corners, colour.mix(opacity).filled())).expect(CANNOT_FAIL);
    }

    /// A filled rectangle between two corners, in either order.
    pub(super) fn rect(&self, a: Point, b: Point, colour: RGBColor) {
        if !self.has_room(4) {
            return;
        }
        let corners = [place((a.0.min(b.0), a.1.min(b.1))), place((a.0.max(b.0), a.1.max(b.1)))];
        self.area.draw(&Rectangle::new(corners, colour.filled())).expect(CANNOT_FAIL);
    }

    /// A dot.
    pub(super) fn dot(&self, centre: Point, radius: f64, colour: RGBColor) {
        if !self.has_room(1) {
            return;
        }
        self.area.draw(&Circle::new(place(centre), units(radius), colour.filled())).expect(CANNOT_FAIL);
    }

    /// A small text with a white background that covers grid lines.
    pub(super) fn note(&self, text: &str, at: Point, size: f64, weight: Weight, colour: RGBColor) {
        let (x, y) = at;
        let end = x + width(text, size, weight);
        self.rect((x - 2.0, y - 0.78 * size), (end + 2.0, y + 0.2 * size), PAPER);
        self.text(text, at, Anchor::Start, size, weight, colour);
    }

    /// Text with its baseline at the position.
    pub(super) fn text(
        &self,
        text: &str,
        at: Point,
        anchor: Anchor,
        size: f64,
        weight: Weight,
        colour: RGBColor,
    ) {
        self.draw_text(text, (at.0, at.1 + TEXT_LIFT * size), anchor, size, weight, colour, false);
    }

    /// Text that reads upwards, with its baseline at the position.
    pub(super) fn upward(
        &self,
        text: &str,
        at: Point,
        anchor: Anchor,
        size: f64,
        weight: Weight,
        colour: RGBColor,
    ) {
        self.draw_text(text, (at.0 + TEXT_LIFT * size, at.1), anchor, size, weight, colour, true);
    }

    #[allow(clippy::too_many_arguments)] // the two callers above give them names
    fn draw_text(
        &self,
        text: &str,
        at: Point,
        anchor: Anchor,
        size: f64,
        weight: Weight,
        colour: RGBColor,
        up: bool,
    ) {
        if text.is_empty() || !self.has_room(TEXT_CORNERS) {
            return;
        }
        let style = match weight {
            Weight::Regular => FontStyle::Normal,
            Weight::Bold => FontStyle::Bold,
        };
        let mut font = FontDesc::new(FontFamily::Name(FONTS), size * UNITS * TEXT_SCALE, style);
        if up {
            font = font.transform(FontTransform::Rotate270);
        }
        let h_pos = match anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let style = font.color(&colour).pos(Pos::new(h_pos, VPos::Bottom));
        self.area.draw(&Text::new(printable(text), place(at), style)).expect(CANNOT_FAIL);
    }
}

/// The text with a replacement for each character that has no glyph, that changes the direction of text, or that is not
/// allowed in an SVG document.
fn printable(text: &str) -> String {
    // XML 1.0, section 2.2. Line breaks and tabs are allowed there, but do not belong in a line of text.
    let is_printable = |c: char| !is_control(c) && !matches!(c, '\u{fffe}' | '\u{ffff}');
    text.chars().map(|c| if is_printable(c) { c } else { char::REPLACEMENT_CHARACTER }).collect()
}

/// Splits a line into the dashes of a pattern of lengths: dash, gap, dash, gap ... An empty pattern means solid.
fn dashes(points: &[Point], pattern: &[f64]) -> Vec<Vec<Point>> {
    if pattern.is_empty() || points.len() < 2 {
        return vec![points.to_vec()];
    }
    let mut pieces = Vec::new();
    let mut piece = vec![points[0]];
    let (mut phase, mut left) = (0, pattern[0]);
    for pair in points.windows(2) {
        let ((mut x, mut y), (to_x, to_y)) = (pair[0], pair[1]);
        let mut length = libm::hypot(to_x - x, to_y - y);
        while length > left {
            let share = left / length;
            (x, y) = (x + (to_x - x) * share, y + (to_y - y) * share);
            length -= left;
            if phase % 2 == 0 {
                piece.push((x, y));
                pieces.push(std::mem::take(&mut piece));
            } else {
                piece = vec![(x, y)];
            }
            phase = (phase + 1) % pattern.len();
            left = pattern[phase];
        }
        left -= length;
        if phase % 2 == 0 {
            piece.push((to_x, to_y));
        }
    }
    if piece.len() > 1 {
        pieces.push(piece);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_have_the_lengths_of_their_pattern_around_corners() {
        let pieces = dashes(&[(0.0, 0.0), (5.0, 0.0), (5.0, 9.0)], &[4.0, 2.0]);
        let length = |p: &Vec<Point>| {
            p.windows(2).map(|w| (w[1].0 - w[0].0).abs() + (w[1].1 - w[0].1).abs()).sum::<f64>()
        };
        assert_eq!(pieces.iter().map(length).collect::<Vec<_>>(), [4.0, 4.0, 2.0]);
        assert_eq!(dashes(&[(0.0, 0.0), (9.0, 0.0)], &[]).len(), 1);
    }

    #[test]
    fn the_document_keeps_its_natural_size_in_pixels() {
        let svg =
            draw(300.0, 200.0, |c| c.text("a < b", (10.0, 20.0), Anchor::Start, 12.0, Weight::Bold, BLACK))
                .unwrap()
                .svg;
        assert!(svg.starts_with("<svg width=\"300\" height=\"200\""));
        assert!(svg.contains("viewBox=\"0 0 3000 2000\"") && svg.contains("a &lt; b"));
    }
    #[test]
    fn an_unreadable_chart_is_refused() {
        let Unreadable(why) = draw(300.0, 17_000.0, |_| panic!("it is not even begun")).unwrap_err();
        assert_eq!(why, "it would be 17000 pixels high, more than 16000");
        assert!(draw(300.0, f64::NAN, |_| {}).is_err());
        let line = vec![(0.0, 0.0); CORNERS_MAX / 4];
        let lines = |n: u32| draw(300.0, 200.0, |c| (0..n).for_each(|_| c.line(&line, BLACK, 1.0)));
        assert!(lines(4).is_ok());
        let Unreadable(why) = lines(50).unwrap_err();
        assert_eq!(why, "it would have 25000000 corners and letters, more than 2000000");
    }

    #[test]
    fn no_element_needs_a_layer() {
        let corners = [(0.0, 0.0), (9.0, 0.0), (9.0, 9.0)];
        let svg = draw(300.0, 200.0, |c| {
            c.polygon(&corners, BLACK, 0.2);
            c.faint_line(&corners, BLACK, 1.0, 0.5);
        });
        let svg = svg.unwrap().svg;
        assert!(svg.contains("fill-opacity=\"0.2\"") && svg.contains("stroke-opacity=\"0.5\""), "{svg}");
        assert!(!svg.contains(" opacity=\"0"), "{svg}");
    }

    #[test]
    fn characters_that_xml_forbids_are_replaced() {
        assert_eq!(
            printable("a\u{1b}\u{9b}\u{fffe}\u{ffff}\n\0b\u{1ffff}ä"),
            "a\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}b\u{1ffff}ä"
        );
    }
}
