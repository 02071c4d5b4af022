//! Titles, panels, axes and grid.

use super::axis::Axis;
use super::canvas::{Anchor, Canvas, Point};
use super::text::{Weight, width, wrap};
use super::theme::{AXIS, BODY, GRID, INK, MARGIN, MUTED, SMALL, TITLE};

/// Title and subtitle of a figure.
#[derive(Clone, Debug)]
pub(super) struct Head {
    /// The title: what the data show.
    pub(super) title: String,
    /// The subtitle: what is drawn.
    pub(super) subtitle: String,
}

impl Head {
    fn lines(&self, figure: f64) -> (Vec<String>, Vec<String>) {
        let room = figure - 2.0 * MARGIN;
        (
            wrap(&self.title, TITLE, Weight::Bold, room, 3),
            wrap(&self.subtitle, BODY, Weight::Regular, room, 3),
        )
    }

    /// Height that the head takes in a figure of a width.
    pub(super) fn height(&self, figure: f64) -> f64 {
        let (title, subtitle) = self.lines(figure);
        MARGIN + 22.0 * title.len() as f64 + 16.0 * subtitle.len() as f64 + 14.0
    }

    /// Draws the head at the top of a figure.
    pub(super) fn draw(&self, canvas: &Canvas, figure: f64) {
        canvas.entitle(&self.title, &self.subtitle, self.height(figure));
        let (title, subtitle) = self.lines(figure);
        let mut y = MARGIN - 6.0;
        for line in &title {
            y += 22.0;
            canvas.text(line, (MARGIN, y), Anchor::Start, TITLE, Weight::Bold, INK);
        }
        y += 4.0;
        for line in &subtitle {
            y += 16.0;
            canvas.text(line, (MARGIN, y), Anchor::Start, BODY, Weight::Regular, MUTED);
        }
    }
}

/// The rectangle of a panel, axes and labels included, in pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Left edge.
    pub(super) left: f64,
    /// Upper edge.
    pub(super) top: f64,
    /// Right edge.
    pub(super) right: f64,
    /// Lower edge.
    pub(super) bottom: f64,
}

/// A rectangle with an axis along each side.
#[derive(Clone, Debug)]
pub(super) struct Panel {
    /// The rectangle of the data.
    pub(super) place: Place,
    /// The axis along the lower edge.
    pub(super) x: Axis,
    /// The axis along the left edge.
    pub(super) y: Axis,
    /// Whether the values of y are shares, written as percent.
    pub(super) percent: bool,
}

impl Panel {
    /// The position of a pair of values.
    pub(super) fn at(&self, x: f64, y: f64) -> Point {
        (self.x_at(x), self.y.place(y, self.place.bottom, self.place.top))
    }

    /// The horizontal position of a value of x.
    pub(super) fn x_at(&self, x: f64) -> f64 {
        self.x.place(x, self.place.left, self.place.right)
    }

    /// The tick label of a value of y.
    fn y_text(&self, y: f64) -> String {
        if self.percent { self.y.percent(y) } else { self.y.label(y) }
    }

    /// Width of the widest tick label of y.
    pub(super) fn y_text_width(&self) -> f64 {
        let widths = self.y.ticks().iter().map(|t| width(&self.y_text(*t), SMALL, Weight::Regular));
        widths.fold(0.0, f64::max)
    }

    /// Draws horizontal grid lines with their values; the line at zero is darker.
    pub(super) fn draw_y(&self, canvas: &Canvas) {
        let Place { left, right, .. } = self.place;
        for tick in self.y.ticks() {
            let (_, y) = self.at(0.0, *tick);
            let zero = tick.abs() < 1e-300;
            canvas.line(
                &[(left, y), (right, y)],
                if zero { AXIS } else { GRID },
                if zero { 0.9 } else { 0.8 },
            );
            let baseline = y + 0.35 * SMALL;
            canvas.text(
                &self.y_text(*tick),
                (left - 6.0, baseline),
                Anchor::End,
                SMALL,
                Weight::Regular,
                MUTED,
            );
        }
    }

    /// Draws the axis at the lower edge.
    pub(super) fn draw_x(&self, canvas: &Canvas) {
        let Place { left, right, bottom, .. } = self.place;
        canvas.line(&[(left, bottom), (right, bottom)], AXIS, 1.0);
        for tick in self.x.ticks() {
            let x = self.x_at(*tick);
            canvas.line(&[(x, bottom), (x, bottom + 4.0)], AXIS, 1.0);
            let at = (x, bottom + 17.0);
            canvas.text(&self.x.label(*tick), at, Anchor::Middle, SMALL, Weight::Regular, MUTED);
        }
    }

    /// Draws vertical grid lines, for charts whose values run to the right.
    pub(super) fn draw_x_grid(&self, canvas: &Canvas) {
        let Place { top, bottom, .. } = self.place;
        for tick in self.x.ticks() {
            let x = self.x_at(*tick);
            let zero = tick.abs() < 1e-300;
            canvas.line(
                &[(x, top), (x, bottom)],
                if zero { AXIS } else { GRID },
                if zero { 0.9 } else { 0.8 },
            );
        }
    }

    /// Draws the title of x below its tick labels.
    pub(super) fn draw_x_title(&self, canvas: &Canvas, title: &str) {
        let Place { left, right, bottom, .. } = self.place;
        let at = ((left + right) / 2.0, bottom + 36.0);
        canvas.text(title, at, Anchor::Middle, BODY, Weight::Regular, INK);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_title_makes_the_head_higher() {
        let head = |title: &str| Head { title: title.to_owned(), subtitle: "drawn".to_owned() };
        let (short, long) = (head("seen"), head(&"seen ".repeat(40)));
        assert!(long.height(760.0) >= short.height(760.0) + 22.0);
    }
}
