//! The flow of value from strategy to strategy.

use super::axis::{among, number};
use super::canvas::{Anchor, Canvas, Picture, draw as on_canvas};
use super::drawing::Spot;
use super::evidence::Evidence;
use super::frame::Head;
use super::gather::{Flows, Matrix};
use super::text::{Weight, shorten, width};
use super::theme::{BODY, INK, MARGIN, MUTED, PAPER, SMALL, WIDTH, heat};
use super::words::{caution, counted, name, tested};
use crate::stats::Contrast;

/// Maximum number of strategies with a matrix per channel.
const N_SMALL_MAX: usize = 6;

/// Matrices of value that rows give to columns: the total, and each channel if there is space.
pub(super) fn draw(evidence: &Evidence) -> Option<Picture> {
    let flows = match evidence.flows.as_ref()? {
        Ok(flows) => flows,
        Err(why) => return Some(Err(why.clone())),
    };
    let n = evidence.n_strategies();
    let small = n <= N_SMALL_MAX && flows.channels.len() > 1;
    let head = Head {
        title: title(evidence, flows),
        subtitle: format!(
            "Value passing from row to column per round and 100 agents, {}, mean of {}; \
             shade: share of each matrix\u{2019}s greatest value",
            counted(evidence),
            match evidence.n_replicates() {
                1 => "one replicate".to_owned(),
                n => format!("{n} replicates"),
            }
        ),
    };
    let names: Vec<String> =
        evidence.strategies.iter().map(|s| shorten(s, BODY, Weight::Bold, 110.0)).collect();
    let widest = names.iter().map(|s| width(s, BODY, Weight::Bold)).fold(50.0, f64::max);
    let left = MARGIN + widest + 12.0;
    let across = if small { 0.54 * WIDTH } else { WIDTH - MARGIN } - left;
    let cell = (across / (n as f64 + 1.0)).min(if small { 84.0 } else { 110.0 });
    let longest = names.iter().map(|s| width(s, BODY, Weight::Bold)).fold(0.0, f64::max);
    // Names that are wider than their columns are drawn upwards.
    let narrow = longest > cell - 4.0;
    let over = if narrow { longest } else { 12.0 };
    let top = head.height(WIDTH) + over + 28.0;
    let tall = (cell * 0.8).max(24.0).min(cell);
    let rows = if small { flows.channels.len().div_ceil(2) as f64 } else { 0.0 };
    let height = (top + tall * (n as f64 + 1.0) + 30.0).max(if small {
        head.height(WIDTH) + rows * 112.0 + 24.0
    } else {
        0.0
    });
    Some(on_canvas(WIDTH, height, |canvas| {
        head.draw(canvas, WIDTH);
        let grid = Grid { left, top, wide: cell, tall, size: BODY.min(cell / 3.2) };
        draw_names(canvas, evidence, &names, &grid, narrow);
        canvas.table("", &["From", "To", "Channel", "Value per round and 100 agents"]);
        draw_cells(canvas, evidence, "all", &flows.total, &grid);
        draw_margins(canvas, &flows.total, &grid);
        if small {
            let begin = left + cell * (n as f64 + 1.0) + 24.0;
            draw_channels(
                canvas,
                evidence,
                &flows.channels,
                begin,
                (head.height(WIDTH) + 8.0, height - MARGIN),
            );
        }
    }))
}

/// The positions of a matrix's cells.
struct Grid {
    left: f64,
    top: f64,
    wide: f64,
    tall: f64,
    /// Size of the numbers.
    size: f64,
}

fn draw_cells(canvas: &Canvas, evidence: &Evidence, channel: &str, matrix: &Matrix, grid: &Grid) {
    let most = matrix.iter().flatten().copied().fold(0.0, f64::max);
    for (from, row) in matrix.iter().enumerate() {
        for (to, value) in row.iter().enumerate() {
            let (x, y) = (grid.left + to as f64 * grid.wide, grid.top + from as f64 * grid.tall);
            let share = if most > 0.0 { value / most } else { 0.0 };
            // Cells overlap by a tenth of a pixel, to avoid visible seams.
            canvas.rect((x, y), (x + grid.wide + 0.1, y + grid.tall + 0.1), heat(share));
            let spot = Spot::between((x, y), (x + grid.wide, y + grid.tall));
            let [from, to] = [from, to].map(|s| evidence.strategies[s].clone());
            canvas.row(&[spot], vec![from, to, channel.to_owned(), number(*value)]);
        }
    }
    let n = matrix.len() as f64;
    for k in 0..=matrix.len() {
        let (x, y) = (grid.left + k as f64 * grid.wide, grid.top + k as f64 * grid.tall);
        canvas.line(&[(x, grid.top), (x, grid.top + n * grid.tall)], PAPER, 1.2);
        canvas.line(&[(grid.left, y), (grid.left + n * grid.wide, y)], PAPER, 1.2);
    }
    for (from, row) in matrix.iter().enumerate() {
        for (to, value) in row.iter().enumerate() {
            let colour = if most > 0.0 && value / most > 0.5 { PAPER } else { INK };
            draw_number(
                canvas,
                &among(*value, most),
                grid,
                (to as f64, from as f64),
                Weight::Regular,
                colour,
            );
        }
    }
}

/// A number in the middle of a cell, if it fits.
fn draw_number(
    canvas: &Canvas,
    text: &str,
    grid: &Grid,
    (column, row): (f64, f64),
    weight: Weight,
    colour: plotters::style::RGBColor,
) {
    let fits = (grid.wide - 3.0) / width(text, 1.0, weight);
    let size = grid.size.min(fits);
    if size >= 6.0 {
        let (x, y) = (grid.left + (column + 0.5) * grid.wide, grid.top + (row + 0.5) * grid.tall);
        canvas.text(text, (x, y + 0.36 * size), Anchor::Middle, size, weight, colour);
    }
}

/// Totals given and received by each strategy, beside and below the matrix.
fn draw_margins(canvas: &Canvas, matrix: &Matrix, grid: &Grid) {
    let n = matrix.len() as f64;
    let given: Vec<f64> = matrix.iter().map(|row| row.iter().sum()).collect();
    let received: Vec<f64> = (0..matrix.len()).map(|k| matrix.iter().map(|row| row[k]).sum()).collect();
    let most = given.iter().chain(&received).copied().fold(0.0, f64::max);
    for k in 0..matrix.len() {
        let place = k as f64;
        draw_number(canvas, &among(given[k], most), grid, (n, place), Weight::Bold, INK);
        draw_number(canvas, &among(received[k], most), grid, (place, n), Weight::Bold, INK);
    }
    let (right, below) = (grid.left + (n + 0.5) * grid.wide, grid.top + (n + 0.5) * grid.tall);
    let size = SMALL.min(grid.wide / 3.0);
    canvas.text("gives", (right, grid.top - 8.0), Anchor::Middle, size, Weight::Regular, MUTED);
    canvas.text(
        "receives",
        (grid.left - 10.0, below + 0.35 * SMALL),
        Anchor::End,
        SMALL,
        Weight::Regular,
        MUTED,
    );
}

fn draw_names(canvas: &Canvas, evidence: &Evidence, names: &[String], grid: &Grid, narrow: bool) {
    let longest = names.iter().map(|s| width(s, BODY, Weight::Bold)).fold(0.0, f64::max);
    let over = if narrow { longest } else { 12.0 };
    for (k, name) in names.iter().enumerate() {
        let colour = evidence.styles[k].text_colour();
        let y = grid.top + (k as f64 + 0.5) * grid.tall + 0.35 * BODY;
        canvas.text(name, (grid.left - 10.0, y), Anchor::End, BODY, Weight::Bold, colour);
        let x = grid.left + (k as f64 + 0.5) * grid.wide;
        if narrow {
            let size = BODY.min(grid.wide * 0.8);
            let at = (x + 0.35 * size, grid.top - 8.0);
            canvas.upward(name, at, Anchor::Start, size, Weight::Bold, colour);
        } else {
            canvas.text(name, (x, grid.top - 8.0), Anchor::Middle, BODY, Weight::Bold, colour);
        }
    }
    let middle = grid.left + 0.5 * names.len() as f64 * grid.wide;
    canvas.text("to", (middle, grid.top - over - 14.0), Anchor::Middle, SMALL, Weight::Regular, MUTED);
    canvas.text("from", (grid.left - 10.0, grid.top - 8.0), Anchor::End, SMALL, Weight::Regular, MUTED);
}

/// A small matrix for each channel, rows and columns in the order of the large one.
fn draw_channels(
    canvas: &Canvas,
    evidence: &Evidence,
    channels: &[(String, Matrix)],
    left: f64,
    (top, bottom): (f64, f64),
) {
    let rows = channels.len().div_ceil(2);
    let (wide, tall) = ((WIDTH - MARGIN - left - 20.0) / 2.0, (bottom - top) / rows as f64);
    for (k, (channel, matrix)) in channels.iter().enumerate() {
        let (column, row) = ((k % 2) as f64, (k / 2) as f64);
        let (x, y) = (left + column * (wide + 20.0), top + row * tall);
        canvas.text(channel, (x, y + 10.0), Anchor::Start, SMALL, Weight::Bold, INK);
        let n = matrix.len() as f64;
        let cell_tall = ((tall - 34.0) / n).min(wide / n).min(40.0);
        let grid = Grid { left: x, top: y + 17.0, wide: (wide / n).min(70.0), tall: cell_tall, size: 10.0 };
        draw_cells(canvas, evidence, channel, matrix, &grid);
    }
}

fn title(evidence: &Evidence, flows: &Flows) -> String {
    let n = evidence.n_strategies();
    if flows.channels.is_empty() {
        return "No value passes between agents".to_owned();
    }
    if n == 1 {
        let own = number(flows.total[0][0]);
        return format!("{} passes {own} per round and 100 agents to its own kind", name(evidence, 0));
    }
    let balance = |from: usize, to: usize| {
        Contrast::of(&flows.replicates.iter().map(|m| m[from][to] - m[to][from]).collect(), evidence.level)
    };
    let pairs: Vec<(usize, usize)> = (0..n).flat_map(|to| (0..to).map(move |from| (from, to))).collect();
    let balances: Vec<Contrast> = pairs.iter().map(|(from, to)| balance(*from, *to)).collect();
    let balances = pairs.into_iter().zip(tested(&balances, evidence.level));
    let clear = balances.filter(|(_, balance)| balance.clear || evidence.n_replicates() == 1);
    let clear = clear.map(|((from, to), balance)| match balance.interval.mean {
        mean if mean < 0.0 => (-mean, to, from),
        mean => (mean, from, to),
    });
    // Of equal balances the first.
    let most = clear.fold((0.0, 0, 0), |most, one| if one.0 > most.0 { one } else { most });
    match most {
        (mean, from, to) if mean > 0.0 => format!(
            "On balance {} passes {} per round and 100 agents to {}{}",
            name(evidence, from),
            number(mean),
            name(evidence, to),
            caution(evidence)
        ),
        _ => "No clear one-way flow of value between strategies".to_owned(),
    }
}
