//! The charts of a page, with their numbers.

use maud::{Markup, PreEscaped, html};

use super::sections::text;
use crate::chart::{Drawing, Figure, Row, Spot, Table};

/// Maximum size of a page in bytes.
pub(super) const BYTES_MAX: usize = 1_900_000;

/// Units of a chart's view box per pixel.
const UNITS: f64 = 10.0;

/// The charts, as far as they fit beside `around` bytes of other content.
pub(super) fn section(figures: &[Figure], charts: bool, around: usize) -> Markup {
    let mut size = around;
    let mut fitted = |figure: &Figure| {
        let drawing = match figure.drawing.as_ref()? {
            Ok(drawing) => drawing,
            Err(why) => return Some(left_out(figure.name, why)),
        };
        let markup = one(figure.name, drawing);
        if size + markup.0.len() > BYTES_MAX {
            return Some(too_large(figure.name, drawing));
        }
        size += markup.0.len();
        Some(markup)
    };
    let shown: Vec<Markup> = figures.iter().filter_map(&mut fitted).collect();
    html! {
        section #charts aria-labelledby="charts-title" {
            h2 #charts-title { "Charts" }
            @if !charts {
                p { "There are none, because the result was made with " code { "--no-charts" } "." }
            } @else if shown.is_empty() {
                p { "There is nothing to draw." }
            } @else {
                p.hint {
                    "Point at a chart for its values, or move to it with the Tab key and through it with the "
                    "arrow keys. " span.narrow { "Charts and tables scroll sideways." }
                }
            }
            @for figure in &shown { (figure) }
        }
    }
}

/// A chart that nobody could read.
fn left_out(name: &str, why: &str) -> Markup {
    html! { p.note { "The chart " code { (name) } " is left out: " (text(why)) "; the tables have it all." } }
}

/// A chart for which the page has no room.
fn too_large(name: &str, drawing: &Drawing) -> Markup {
    html! {
        figure #{ "chart-" (name) } {
            figcaption { h3 { (text(&drawing.title)) } p { (text(&drawing.subtitle)) } }
            p.note {
                "This chart is too large for the page. It is beside it: "
                a href={ "charts/" (name) ".svg" } { "charts/" (name) ".svg" } "."
            }
        }
    }
}

/// A chart with its title and its numbers.
fn one(name: &str, drawing: &Drawing) -> Markup {
    let title = text(&drawing.title);
    html! {
        figure #{ "chart-" (name) } {
            figcaption { h3 { (title) } p { (text(&drawing.subtitle)) } }
            div.scroll {
                div.plot tabindex="0" role="group" aria-label=(title) {
                    (PreEscaped(inline(drawing)))
                    div.mark hidden {}
                    output.value hidden {}
                }
            }
            details {
                summary { "The numbers" }
                @for table in &drawing.tables { (numbers(table, drawing, &title)) }
            }
        }
    }
}

/// The SVG document as an element of the page, without title and subtitle, which the page has as text.
fn inline(drawing: &Drawing) -> String {
    let body = drawing.svg.split_once('>').map_or("", |(_, body)| body);
    let body = body
        .replace(" opacity=\"1\"", "")
        .replace(" stroke=\"none\"", "")
        .replace(" font-family=\"Noto Sans, Helvetica Neue, Arial, sans-serif\"", "");
    let (width, height) = drawing.size;
    let top = (drawing.head - 10.0).max(0.0);
    let view = [0.0, top, width, height - top].map(|pixels| (pixels * UNITS).to_string()).join(" ");
    format!(
        "<svg viewBox=\"{view}\" aria-hidden=\"true\" focusable=\"false\" stroke-linejoin=\"round\">{body}"
    )
}

/// A table of what a chart shows. Each row says where the chart shows it, in shares of the width and the height.
fn numbers(table: &Table, drawing: &Drawing, title: &str) -> Markup {
    let parted = if table.caption.is_empty() { String::new() } else { format!(", {}", text(&table.caption)) };
    html! {
        div.scroll tabindex="0" role="group" aria-label={ "Numbers: " (title) (parted) } {
            table {
                @if !table.caption.is_empty() { caption { (text(&table.caption)) } }
                thead { tr { @for name in &table.columns { th scope="col" { (text(name)) } } } }
                tbody {
                    @for row in &table.rows {
                        tr data-at=(places(row, drawing)) { @for cell in &row.cells { td { (text(cell)) } } }
                    }
                }
            }
        }
        @if table.every > 1 {
            p.note { "One row in " (table.every) " is listed, and the last one. The tables of the result have all." }
        }
    }
}

/// Where the chart shows a row: left, top, right and bottom in thousandths of the chart as the page shows it.
fn places(row: &Row, drawing: &Drawing) -> String {
    let top = (drawing.head - 10.0).max(0.0);
    let (width, height) = (drawing.size.0, drawing.size.1 - top);
    let place = |Spot { from, to }: &Spot| {
        let across = [from.0 / width, (from.1 - top) / height, to.0 / width, (to.1 - top) / height];
        across.map(|share| format!("{:.1}", 1000.0 * share)).join(" ")
    };
    row.spots.iter().map(place).collect::<Vec<_>>().join(",")
}
