//! The story of a focal agent: what only one of its two worlds pays it, and how this goes back to the evening.

use std::collections::BTreeMap;

use super::super::axis::{Axis, number};
use super::super::canvas::{Anchor, Canvas, Picture, Point, draw as on_canvas};
use super::super::drawing::Spot;
use super::super::frame::{Head, Panel, Place};
use super::super::text::{Weight, width, wrap};
use super::super::theme::{BODY, INK, MARGIN, MUTED, SMALL, Style, WIDTH};
use super::BetEvidence;
use crate::results::{CHOSEN, Chain, LUCKIEST, StoryRow, TYPICAL, signed, story_chains};

/// Height of a timeline, and of the space between the two.
const LANE: f64 = 150.0;
const BETWEEN: f64 = 56.0;

/// Distance of the first round from the labels of amounts.
const INDENT: f64 = 16.0;

/// Chains that are drawn and described.
const CHAINS_MAX: usize = 5;

/// Lines of text for each.
const LINES_MAX: usize = 3;
const LINE_HEIGHT: f64 = 15.0;

/// The story of a typical focal agent, or of the one that was asked for.
pub(in crate::chart) fn draw(evidence: &BetEvidence) -> Option<Picture> {
    draw_one(evidence, &[TYPICAL, CHOSEN])
}

/// The story of the luckiest focal agent.
pub(in crate::chart) fn draw_luckiest(evidence: &BetEvidence) -> Option<Picture> {
    draw_one(evidence, &[LUCKIEST])
}

/// What a timeline shows in one round.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Bar {
    after: u32,
    gains: f64,
    costs: f64,
}

/// The bars of a world, by round.
fn bars(rows: &[StoryRow], side: usize) -> Vec<Bar> {
    let mut bars: BTreeMap<u32, Bar> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.side == Some(side)) {
        let Some(amount) = row.amount.map(|amount| amount.per(1)) else { continue };
        let bar = bars.entry(row.after).or_insert(Bar { after: row.after, gains: 0.0, costs: 0.0 });
        *(if amount > 0.0 { &mut bar.gains } else { &mut bar.costs }) += amount;
    }
    bars.into_values().collect()
}

fn draw_one(evidence: &BetEvidence, named: &[&str]) -> Option<Picture> {
    let is_named =
        |rows: &&Vec<StoryRow>| rows.first().is_some_and(|row| named.contains(&row.story.as_str()));
    let rows = evidence.stories.iter().find(is_named)?;
    let chains: Vec<Chain> = story_chains(rows);
    let head = Head { title: title(evidence, rows), subtitle: subtitle(rows, chains.len()) };
    let [first, second] = evidence.pair();
    let names = [first.as_str(), second.as_str()];
    let told: Vec<Vec<String>> =
        chains.iter().take(CHAINS_MAX).map(|chain| words(chain, rows, names)).collect();
    let n_lines: usize = told.iter().map(Vec::len).sum();
    let top = head.height(WIDTH) + 34.0;
    let below = top + 2.0 * LANE + BETWEEN + 60.0;
    let height = below + LINE_HEIGHT * n_lines as f64 + 6.0 * told.len() as f64 + MARGIN;
    let lanes = [0, 1].map(|side| bars(rows, side));
    let ends = lanes.iter().flatten().flat_map(|bar| [bar.gains, bar.costs]);
    let most = ends.clone().map(f64::abs).fold(0.0, f64::max);
    // Arcs rise above zero.
    let y = Axis::with_zero(ends.chain([0.25 * most]), 4);
    let last = evidence.summary.last().map_or(0, |row| row.horizon);
    let x = Axis::whole(0.0, f64::from(last), 8);
    let panels = [0.0, LANE + BETWEEN].map(|down| Panel {
        place: Place {
            left: MARGIN + 46.0 + INDENT,
            top: top + down,
            right: WIDTH - MARGIN - 14.0,
            bottom: top + down + LANE,
        },
        x: x.clone(),
        y: y.clone(),
        percent: false,
    });
    Some(on_canvas(WIDTH, height, |canvas| {
        head.draw(canvas, WIDTH);
        for panel in &panels {
            let left = panel.place.left - INDENT;
            Panel { place: Place { left, ..panel.place }, ..panel.clone() }.draw_y(canvas);
        }
        for chain in chains.iter().take(CHAINS_MAX).rev() {
            path(canvas, &panels, chain, rows, evidence.styles);
        }
        for (side, panel) in panels.iter().enumerate() {
            let (at, style) = ((MARGIN, panel.place.top - 20.0), evidence.styles[side]);
            let text = format!("As {}", names[side]);
            canvas.note(&text, at, BODY, Weight::Bold, style.text_colour());
            lane(canvas, panel, &lanes[side], style, &text);
        }
        marks(canvas, &panels, &chains, rows, &lanes);
        panels[1].draw_x(canvas);
        panels[1].draw_x_title(canvas, "Rounds after the event");
        describe(canvas, below, &told);
        tabulate(canvas, &chains, rows, names);
    }))
}

/// The bars of a world with their numbers.
fn lane(canvas: &Canvas, panel: &Panel, bars: &[Bar], style: Style, caption: &str) {
    let half = half_width(panel);
    canvas.table(caption, &["Rounds after the event", "Gains", "Costs"]);
    for bar in bars {
        let x = panel.x_at(bar.after.into());
        let y = |value: f64| panel.at(0.0, value).1;
        for value in [bar.gains, bar.costs].into_iter().filter(|value| *value != 0.0) {
            canvas.rect((x - half, y(0.0)), (x + half, y(value)), style.colour);
        }
        let spot = Spot::between((x - half, panel.place.top), (x + half, panel.place.bottom));
        canvas.row(&[spot], vec![bar.after.to_string(), number(bar.gains), number(bar.costs)]);
    }
}

/// Half the width of a bar.
fn half_width(panel: &Panel) -> f64 {
    let (low, high) = panel.x.ends();
    (0.36 * (panel.place.right - panel.place.left) / (high - low).max(1.0)).clamp(1.2, 7.0)
}

/// A chain as lines from step to step, each step on the timeline of its world.
fn path(canvas: &Canvas, panels: &[Panel; 2], chain: &Chain, rows: &[StoryRow], styles: [Style; 2]) {
    let own = chain.side.unwrap_or(0);
    let style = styles[own];
    let at = |place: usize| {
        let row = &rows[place];
        panels[row.side.unwrap_or(own)].at(row.after.into(), 0.0)
    };
    let points: Vec<Point> = chain.path.iter().map(|&place| at(place)).collect();
    for pair in points.windows(2) {
        canvas.faint_line(&arc(pair[0], pair[1]), style.colour, 1.1, 0.75);
    }
    points.iter().for_each(|point| canvas.dot(*point, 2.6, style.colour));
}

/// An arc above two points, higher the farther they are apart.
fn arc(from: Point, to: Point) -> Vec<Point> {
    const PIECES: usize = 16;
    let rise = (0.25 * (to.0 - from.0).abs()).min(44.0);
    let at = |k: usize| {
        let t = k as f64 / PIECES as f64;
        let y = from.1 + (to.1 - from.1) * t;
        (from.0 + (to.0 - from.0) * t, y - 4.0 * rise * t * (1.0 - t))
    };
    (0..=PIECES).map(at).collect()
}

/// The numbers of the chains at the rounds in which they pay most: above gains, or beside costs.
fn marks(canvas: &Canvas, panels: &[Panel; 2], chains: &[Chain], rows: &[StoryRow], lanes: &[Vec<Bar>; 2]) {
    let mut marked: Vec<(usize, u32, String)> = Vec::new();
    for (place, chain) in chains.iter().enumerate().take(CHAINS_MAX) {
        let (Some(side), Some(&last)) = (chain.side, chain.path.last()) else { continue };
        let (after, name) = (rows[last].after, (place + 1).to_string());
        match marked.iter_mut().find(|(s, a, _)| *s == side && *a == after) {
            Some((.., names)) => *names += &format!(", {name}"),
            None => marked.push((side, after, name)),
        }
    }
    for (side, after, names) in marked {
        let panel = &panels[side];
        let gains = lanes[side].iter().find(|bar| bar.after == after).map_or(0.0, |bar| bar.gains);
        let (x, y) = panel.at(after.into(), gains);
        let at = if gains > 0.0 {
            (x - 0.5 * width(&names, SMALL, Weight::Bold), y - 5.0)
        } else {
            (x + half_width(panel) + 4.0, y + 12.0)
        };
        canvas.note(&names, at, SMALL, Weight::Bold, INK);
    }
}

/// The chains in words, below the timelines.
fn describe(canvas: &Canvas, top: f64, told: &[Vec<String>]) {
    let mut y = top;
    for (place, lines) in told.iter().enumerate() {
        for (k, line) in lines.iter().enumerate() {
            y += LINE_HEIGHT;
            if k == 0 {
                let at = (MARGIN, y);
                canvas.text(&(place + 1).to_string(), at, Anchor::Start, SMALL, Weight::Bold, INK);
            }
            canvas.text(line, (MARGIN + 18.0, y), Anchor::Start, SMALL, Weight::Regular, MUTED);
        }
        y += 6.0;
    }
}

/// A chain in lines.
fn words(chain: &Chain, rows: &[StoryRow], names: [&str; 2]) -> Vec<String> {
    let text = chain.sentence(rows, names).replace('-', "\u{2212}");
    wrap(&text, SMALL, Weight::Regular, WIDTH - 2.0 * MARGIN - 18.0, LINES_MAX)
}

fn tabulate(canvas: &Canvas, chains: &[Chain], rows: &[StoryRow], names: [&str; 2]) {
    canvas.table("From the evening to the money", &["Adds to the difference", "Chain"]);
    for chain in chains {
        canvas.row(&[], vec![signed(chain.difference), chain.sentence(rows, names)]);
    }
}

/// What the story comes to.
fn title(evidence: &BetEvidence, rows: &[StoryRow]) -> String {
    let difference: f64 = rows.iter().filter_map(|row| row.difference).map(|amount| amount.per(1)).sum();
    let [_, second] = evidence.pair();
    let who = match rows.first().map_or("", |row| row.story.as_str()) {
        TYPICAL => "A typical focal agent".to_owned(),
        LUCKIEST => "The luckiest focal agent".to_owned(),
        _ => focal(rows),
    };
    let gains = match () {
        () if difference > 5e-10 => format!("gains {} more as {second}", number(difference)),
        () if difference < -5e-10 => format!("gains {} less as {second}", number(-difference)),
        () => "gains as much by the one as by the other".to_owned(),
    };
    format!("{who} {gains}, {}", evidence.after())
}

/// The focal agent: its name, or its number.
fn focal(rows: &[StoryRow]) -> String {
    let called =
        |row: &StoryRow| row.name(row.focal).map_or_else(|| format!("Agent {}", row.focal), str::to_owned);
    rows.first().map_or_else(String::new, called)
}

fn subtitle(rows: &[StoryRow], n_chains: usize) -> String {
    let (world, focal) = (rows.first().map_or(0, |row| row.world), focal(rows));
    let shown = n_chains.min(CHAINS_MAX);
    let more =
        if n_chains > shown { format!("; {shown} of {n_chains} chains, the largest") } else { String::new() };
    format!(
        "{focal} of world {world} (\"you\"); payments that only one of its two worlds has, and how they go back to the \
         evening{more}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::{Files, read_stories};

    const STORY: &str = "story,world,focal,step,cause,reason,round,after,side,act,actor,other,third,instead,amount,difference\n\
        luckiest,1,7,0,,none,52,0,both,evening,7,,,,,\n\
        luckiest,1,7,1,0,behaviour,52,0,second,assist,7,311,,,-1,-1\n\
        luckiest,1,7,2,1,opinion,61,9,second,call,54,7,,902,,\n\
        luckiest,1,7,3,2,call,61,9,second,assist,7,54,,,-1,-1\n\
        luckiest,1,7,4,3,call,61,9,second,fee,54,7,,,3.5,3.5\n\
        luckiest,1,7,5,,none,61,9,first,encourage,3,7,,,0.1,-0.1\n";

    #[test]
    fn bars_have_all_payments_of_their_world() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("story.csv"), STORY).unwrap();
        let stories = read_stories(Files::from(dir.path())).unwrap();
        let [first, second] = [0, 1].map(|side| bars(&stories[0], side));
        assert_eq!(first, [Bar { after: 9, gains: 0.1, costs: 0.0 }]);
        let expected = [Bar { after: 0, gains: 0.0, costs: -1.0 }, Bar { after: 9, gains: 3.5, costs: -1.0 }];
        assert_eq!(second, expected);
    }

    #[test]
    fn an_arc_begins_and_ends_at_its_points() {
        let arc = arc((10.0, 50.0), (90.0, 20.0));
        assert_eq!((arc[0], *arc.last().unwrap()), ((10.0, 50.0), (90.0, 20.0)));
        assert!(arc.iter().any(|(_, y)| *y < 20.0), "it rises above both");
    }
}
