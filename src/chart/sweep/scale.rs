//! The scale of a factor: positions of its values along an axis, and the axis.

use std::collections::BTreeSet;

use super::super::axis::Axis;
use super::super::canvas::{Anchor, Canvas};
use super::super::frame::Place;
use super::super::text::{Weight, shorten, width};
use super::super::theme::{AXIS, BODY, GRID, INK, MUTED, SMALL};
use super::super::words::short;
use crate::results::{FactorOutline, brief};

/// Maximum number of listed values with a tick each.
const LISTED_MAX: usize = 12;

/// Maximum number of decades of a logarithmic axis with ticks each.
const DECADES_MAX: f64 = 16.0;

/// The range of a factor's values, updated value by value.
#[derive(Clone, Debug)]
pub(super) struct ValueRange {
    low: f64,
    high: f64,
    /// Whether all are numbers.
    numbers: bool,
    /// The values as text, if the names are not listed in the scenario.
    texts: BTreeSet<String>,
    /// Maximum number of texts.
    texts_max: usize,
}

impl ValueRange {
    pub(super) fn of(factor: &FactorOutline) -> Self {
        let texts_max = if factor.values.is_empty() { 200 } else { 0 };
        Self { low: f64::INFINITY, high: f64::NEG_INFINITY, numbers: true, texts: BTreeSet::new(), texts_max }
    }

    pub(super) fn add(&mut self, text: &str) {
        match text.parse::<f64>() {
            Ok(number) => (self.low, self.high) = (self.low.min(number), self.high.max(number)),
            Err(_) => self.numbers = false,
        }
        if self.texts.len() < self.texts_max && !self.texts.contains(text) {
            self.texts.insert(text.to_owned());
        }
    }
}

/// Positions of a factor's values along an axis.
#[derive(Clone, Debug)]
pub(super) struct FactorScale {
    pub(super) name: String,
    /// Names of the values, for a factor that has no numbers.
    names: Vec<String>,
    /// The values, if they are listed and numbers.
    listed: Vec<f64>,
    log: bool,
    low: f64,
    high: f64,
}

impl FactorScale {
    pub(super) fn of(factor: &FactorOutline, range: ValueRange) -> Self {
        let names = match (range.numbers, factor.values.is_empty()) {
            (true, _) => Vec::new(),
            (false, true) => range.texts.into_iter().collect(),
            (false, false) => factor.values.clone(),
        };
        let log = factor.scale == "log" && names.is_empty() && range.low > 0.0;
        let listed = factor.values.iter().filter_map(|text| text.parse().ok());
        let listed = if names.is_empty() { listed.collect() } else { Vec::new() };
        let mut scale = Self { name: factor.name.clone(), names, listed, log, low: 0.0, high: 1.0 };
        (scale.low, scale.high) = if scale.names.is_empty() {
            let [low, high] = [range.low, range.high].map(|end| if log { libm::log(end) } else { end });
            if low < high { (low, high) } else { (low - 0.5, low + 0.5) }
        } else {
            // Each name is in the middle of its own interval.
            (-0.5, scale.names.len() as f64 - 0.5)
        };
        scale
    }

    /// Names of the values, for a factor that has no numbers.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// The value as a number: its logarithm on a logarithmic scale, its position in the list for names.
    fn value(&self, text: &str) -> f64 {
        if !self.names.is_empty() {
            return self.names.iter().position(|name| name == text).unwrap_or(0) as f64;
        }
        let number: f64 = text.parse().unwrap_or(f64::NAN);
        if self.log { libm::log(number) } else { number }
    }

    /// The position of a value, from the lowest (0) to the highest (1).
    pub(super) fn share(&self, text: &str) -> f64 {
        (self.value(text) - self.low) / (self.high - self.low)
    }

    /// Ticks: positions from 0 to 1, and their labels.
    pub(super) fn ticks(&self, most: usize) -> Vec<(f64, String)> {
        let share = |value: f64| (value - self.low) / (self.high - self.low);
        if !self.names.is_empty() {
            let name = |(i, name): (usize, &String)| (share(i as f64), short(name));
            return self.names.iter().enumerate().map(name).collect();
        }
        if (1..=LISTED_MAX).contains(&self.listed.len()) {
            let tick = |number: &f64| (self.share(&number.to_string()), brief(&number.to_string()));
            return self.listed.iter().map(tick).collect();
        }
        if !self.log {
            let axis = Axis::exactly(self.low, self.high, most);
            return axis.ticks().iter().map(|&tick| (share(tick), axis.label(tick))).collect();
        }
        let mut ticks = Vec::new();
        let decade_of = |end: f64| end / std::f64::consts::LN_10;
        let (first, last) = (libm::floor(decade_of(self.low)), libm::ceil(decade_of(self.high)));
        // With very many decades, each (or one of several) has a tick at its start only.
        let stride = libm::ceil((last - first + 1.0) / DECADES_MAX);
        let leads: &[f64] = if stride > 1.0 { &[1.0] } else { &[1.0, 2.0, 5.0] };
        let mut decade = first;
        while decade <= last {
            for times in leads {
                let number: f64 = format!("{times}e{decade}").parse().unwrap_or(1.0);
                let at = share(libm::log(number));
                if (-1e-9..=1.0 + 1e-9).contains(&at) {
                    ticks.push((at.clamp(0.0, 1.0), brief(&number.to_string())));
                }
            }
            decade += stride;
        }
        if ticks.len() > most + 2 {
            ticks.retain(|(_, text)| text.trim_start_matches(['0', '.']).starts_with('1'));
        }
        ticks
    }

    /// Draws the axis below a rectangle.
    pub(super) fn draw_x(&self, canvas: &Canvas, place: Place, title: bool) {
        let Place { left, right, bottom, .. } = place;
        canvas.line(&[(left, bottom), (right, bottom)], AXIS, 1.0);
        let room = (right - left) / self.names.len().max(1) as f64;
        let mut free = f64::NEG_INFINITY;
        for (at, text) in self.ticks(6) {
            let x = left + at * (right - left);
            canvas.line(&[(x, bottom), (x, bottom + 4.0)], AXIS, 1.0);
            let text =
                if self.names.is_empty() { text } else { shorten(&text, SMALL, Weight::Regular, room) };
            let half = width(&text, SMALL, Weight::Regular) / 2.0;
            // A label that would overlap the previous one is left out.
            if x - half >= free {
                canvas.text(&text, (x, bottom + 17.0), Anchor::Middle, SMALL, Weight::Regular, MUTED);
                free = x + half + 5.0;
            }
        }
        if title {
            let at = ((left + right) / 2.0, bottom + 36.0);
            canvas.text(&short(&self.name), at, Anchor::Middle, BODY, Weight::Regular, INK);
        }
    }

    /// Draws vertical grid lines over a rectangle.
    pub(super) fn draw_grid(&self, canvas: &Canvas, place: Place) {
        for (at, _) in self.ticks(6) {
            let x = place.left + at * (place.right - place.left);
            canvas.line(&[(x, place.top), (x, place.bottom)], GRID, 0.8);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticks(values: &[&str]) -> Vec<String> {
        let factor = FactorOutline { scale: "log".into(), ..FactorOutline::default() };
        let mut range = ValueRange::of(&factor);
        values.iter().for_each(|value| range.add(value));
        let ticks = FactorScale::of(&factor, range).ticks(6);
        assert!(ticks.iter().all(|(at, _)| (0.0..=1.0).contains(at)), "{ticks:?}");
        ticks.into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn a_logarithmic_axis_has_ticks_over_its_whole_range() {
        assert_eq!(ticks(&["0.1", "2"]), ["0.1", "0.2", "0.5", "1", "2"]);
        assert_eq!(ticks(&["0.001", "1000"]), ["0.001", "0.01", "0.1", "1", "10", "100", "1000"]);
        let all = ticks(&["5e-324", "1e300"]);
        assert!((8..=18).contains(&all.len()), "{all:?}");
        assert!(all[1].starts_with("1e-") && all.last().unwrap().starts_with("1e"), "{all:?}");
    }
}
