//! Some people with their ties: dots and lines.

use std::collections::{BTreeMap, BTreeSet};

use super::axis::number;
use super::canvas::{Anchor, Canvas, Picture, Point, Unreadable, draw as on_canvas};
use super::dots::{draw_key, key};
use super::drawing::Spot;
use super::evidence::Evidence;
use super::frame::{Head, Place};
use super::layout::places;
use super::text::{Weight, shorten, width};
use super::theme::{AXIS, INK, MARGIN, PAPER, SMALL, Style, WIDTH};
use super::words::{enumerate, name};
use crate::results::PersonRow;

/// Number of strongest ties of each person that are drawn: with more, lines hide the people.
const STRONGEST: usize = 2;
/// Number of people with the most calls that the title counts.
const TOP: usize = 10;
/// Maximum number of people.
const PEOPLE_MAX: usize = 400;
/// Height of the drawing.
const TALL: f64 = 540.0;
/// Radius of the smallest and of the largest dot.
const RADIUS: (f64, f64) = (2.5, 10.0);

/// A line between two people, by their places in the sample.
type Line = (usize, usize);

/// Dots in the colours of strategies, larger for those who take more calls, with lines for strong ties.
pub(super) fn draw(evidence: &Evidence) -> Option<Picture> {
    let people = &evidence.people;
    let lines = strong_ties(evidence);
    if people.is_empty() || lines.is_empty() {
        return None;
    }
    if people.len() > PEOPLE_MAX {
        let why = format!("it would have {} people, more than {PEOPLE_MAX}", people.len());
        return Some(Err(Unreadable(why)));
    }
    let head = Head {
        title: title(evidence),
        subtitle: format!(
            "{} people of the first replicate at the end, found along ties: size = calls taken since birth, \
             line = one of the {STRONGEST} strongest ties of a person within the sample{}",
            people.len(),
            missing(evidence)
        ),
    };
    let entries: Vec<(String, Style)> = (0..evidence.n_strategies())
        .filter(|s| people.iter().any(|person| person.strategy == evidence.strategies[*s]))
        .map(|s| (evidence.strategies[s].clone(), Style { dash: &[], ..evidence.styles[s] }))
        .collect();
    let key = key(&entries);
    let top = head.height(WIDTH) + 18.0 * key.len() as f64 + 8.0;
    Some(on_canvas(WIDTH, top + TALL, |canvas| {
        head.draw(canvas, WIDTH);
        draw_key(canvas, &entries, &key, head.height(WIDTH) + 6.0);
        let edge = RADIUS.1 + 4.0;
        let place = Place {
            left: MARGIN + edge,
            top: top + edge,
            right: WIDTH - MARGIN - edge,
            bottom: top + TALL - MARGIN - edge,
        };
        let spots = fitted(&places(people.len(), &lines), place);
        for (a, b) in &lines {
            canvas.faint_line(&[spots[*a], spots[*b]], AXIS, 0.9, 0.45);
        }
        draw_people(canvas, evidence, &spots, &lines);
    }))
}

/// The strategies that nobody in the sample has, as the end of a sentence.
fn missing(evidence: &Evidence) -> String {
    let has = |s: &usize| evidence.people.iter().any(|person| person.strategy == evidence.strategies[*s]);
    let missing = (0..evidence.n_strategies()).filter(|s| !has(s)).map(|s| name(evidence, s)).collect();
    match enumerate(missing) {
        none if none.is_empty() => none,
        names => format!("; nobody in it is {names}"),
    }
}

/// The strongest ties of each person to others of the sample. Two people have one line, whoever holds the tie.
fn strong_ties(evidence: &Evidence) -> Vec<Line> {
    let place: BTreeMap<u32, usize> = evidence.people.iter().enumerate().map(|(k, p)| (p.agent, k)).collect();
    let mut own: Vec<Vec<(f64, usize)>> = vec![Vec::new(); evidence.people.len()];
    for tie in evidence.ties.iter().filter(|tie| tie.trust > 0.0 && tie.agent != tie.contact) {
        if let (Some(&from), Some(&to)) = (place.get(&tie.agent), place.get(&tie.contact)) {
            own[from].push((tie.trust, to));
        }
    }
    let mut lines = BTreeSet::new();
    for (from, ties) in own.iter_mut().enumerate() {
        ties.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        lines.extend(ties.iter().take(STRONGEST).map(|(_, to)| (from.min(*to), from.max(*to))));
    }
    lines.into_iter().collect()
}

/// Places in a rectangle, which they fill.
fn fitted(places: &[Point], Place { left, top, right, bottom }: Place) -> Vec<Point> {
    let ends = |of: fn(&Point) -> f64| {
        places.iter().map(of).fold((f64::INFINITY, f64::NEG_INFINITY), |e, v| (e.0.min(v), e.1.max(v)))
    };
    let (x, y) = (ends(|p| p.0), ends(|p| p.1));
    let within = |value: f64, (low, high): (f64, f64), (from, to): (f64, f64)| {
        if high > low { from + (value - low) / (high - low) * (to - from) } else { (from + to) / 2.0 }
    };
    places.iter().map(|p| (within(p.0, x, (left, right)), within(p.1, y, (top, bottom)))).collect()
}

/// Dots, the largest first, so that none hides another; and a row for each person, in the order of the sample.
fn draw_people(canvas: &Canvas, evidence: &Evidence, spots: &[Point], lines: &[Line]) {
    let people = &evidence.people;
    let most = people.iter().map(|person| person.taken_calls).max().unwrap_or(0).max(1);
    let radius = |person: &PersonRow| {
        let share = f64::from(person.taken_calls) / f64::from(most);
        RADIUS.0 + (RADIUS.1 - RADIUS.0) * libm::sqrt(share)
    };
    let style = |person: &PersonRow| {
        let strategy = evidence.strategies.iter().position(|name| *name == person.strategy);
        strategy.map_or(Style::of(0), |strategy| evidence.styles[strategy])
    };
    let mut order: Vec<usize> = (0..people.len()).collect();
    order.sort_by_key(|k| std::cmp::Reverse(people[*k].taken_calls));
    for k in order {
        canvas.dot(spots[k], radius(&people[k]) + 1.2, PAPER);
        canvas.dot(spots[k], radius(&people[k]), style(&people[k]).colour);
    }
    draw_names(canvas, people, spots, radius);
    canvas.table("", &["Person", "Strategy", "Calls taken", "Net benefit", "Strong ties to"]);
    for (k, person) in people.iter().enumerate() {
        let other = |(a, b): &Line| match (*a == k, *b == k) {
            (true, _) => Some(&people[*b]),
            (_, true) => Some(&people[*a]),
            _ => None,
        };
        let mut known: Vec<&PersonRow> = lines.iter().filter_map(other).collect();
        known.sort_unstable_by_key(|person| person.agent);
        let known: Vec<String> = known.into_iter().map(called).collect();
        let cells = vec![
            called(person),
            person.strategy.clone(),
            person.taken_calls.to_string(),
            number(person.net_total),
            known.join(", "),
        ];
        canvas.row(&[Spot::around(spots[k], radius(person))], cells);
    }
}

/// The name of a person, or its number.
fn called(person: &PersonRow) -> String {
    person.name.clone().unwrap_or_else(|| person.agent.to_string())
}

/// Names beside the dots, where people have names: of those with the most calls first, unless there is no room.
fn draw_names(canvas: &Canvas, people: &[PersonRow], spots: &[Point], radius: impl Fn(&PersonRow) -> f64) {
    /// Most names: more would hide the ties.
    const NAMES_MAX: usize = 40;
    const ROOM: f64 = 90.0;
    let mut order: Vec<usize> = (0..people.len()).collect();
    order.sort_by_key(|k| std::cmp::Reverse(people[*k].taken_calls));
    let dots: Vec<Rect> = people.iter().zip(spots).map(|(p, spot)| around(*spot, radius(p))).collect();
    let mut taken: Vec<Rect> = Vec::new();
    for k in order {
        let Some(name) = &people[k].name else { continue };
        let text = shorten(name, SMALL, Weight::Regular, ROOM);
        let ((x, y), wide, away) = (spots[k], width(&text, SMALL, Weight::Regular), radius(&people[k]) + 2.0);
        let at = [x + away, x - away - wide].map(|left| (left, y + 0.34 * SMALL));
        let is_free = |at: &Point| {
            let place = ((at.0, at.1 - 0.8 * SMALL), (at.0 + wide, at.1 + 0.2 * SMALL));
            let free = at.0 >= 0.0 && at.0 + wide <= WIDTH;
            let free = free && !taken.iter().any(|other| overlap(place, *other));
            (free && !(0..dots.len()).any(|other| other != k && overlap(place, dots[other]))).then_some(place)
        };
        if let Some((at, place)) = at.into_iter().find_map(|at| Some((at, is_free(&at)?))) {
            canvas.text(&text, at, Anchor::Start, SMALL, Weight::Regular, INK);
            taken.push(place);
        }
        if taken.len() == NAMES_MAX {
            break;
        }
    }
}

/// A rectangle: its corner at the top left, and the one at the bottom right.
type Rect = (Point, Point);

fn around((x, y): Point, radius: f64) -> Rect {
    ((x - radius, y - radius), (x + radius, y + radius))
}

fn overlap(a: Rect, b: Rect) -> bool {
    a.0.0 < b.1.0 && b.0.0 < a.1.0 && a.0.1 < b.1.1 && b.0.1 < a.1.1
}

/// The title: the strategies of those who take most calls in the sample. It claims nothing about others.
fn title(evidence: &Evidence) -> String {
    let people = &evidence.people;
    let mut calls: Vec<u32> = people.iter().map(|person| person.taken_calls).collect();
    calls.sort_unstable_by(|a, b| b.cmp(a));
    let least = calls[TOP.min(calls.len()) - 1].max(1);
    let top: Vec<&PersonRow> = people.iter().filter(|person| person.taken_calls >= least).collect();
    let of = |s: usize| top.iter().filter(|person| person.strategy == evidence.strategies[s]).count();
    let mut counts: Vec<(usize, usize)> = (0..evidence.n_strategies()).map(|s| (of(s), s)).collect();
    counts.retain(|(n, _)| *n > 0);
    counts.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let names = counts.iter().map(|(n, s)| format!("{n} {}", name(evidence, *s))).collect();
    let n = people.len();
    match top.len() {
        0 => format!("Nobody among {n} people of one replicate has taken a call"),
        1 => format!("Most calls among {n} people of one replicate: {}", enumerate(names)),
        top => format!("The {top} with most calls among {n} people of one replicate: {}", enumerate(names)),
    }
}
