//! What terminal and titles say of made-up runs, bets and sweeps, checked against their numbers: each clause is found again
//! from the raw values, or from the tables.

mod bets;
mod flows;
mod runs;
mod sweeps;

use std::collections::BTreeMap;
use std::path::Path;

use super::canvas::Picture;

/// A generator that is good enough for made-up results (Knuth's multiplicative one).
struct Random(u64);

impl Random {
    fn of(seed: u64) -> Self {
        let mut random = Self(seed.wrapping_add(7).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        random.below(2);
        random
    }

    fn below(&mut self, n: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % u64::from(n)).unwrap()
    }

    fn pick<T: Copy>(&mut self, among: &[T]) -> T {
        among[self.below(u32::try_from(among.len()).unwrap()) as usize]
    }

    fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// A number from -1 to 1 in steps that are exact, nearly normal.
    fn noise(&mut self) -> f64 {
        (0..4).map(|_| f64::from(self.below(513)) - 256.0).sum::<f64>() / 1024.0
    }
}

/// Everything that is written in a chart; empty if there is none.
fn written(picture: Option<Picture>) -> String {
    let Some(Ok(drawing)) = picture else { return String::new() };
    let lines: Vec<&str> = drawing.svg.lines().collect();
    let texts = lines.windows(2).filter(|pair| pair[0].starts_with("<text")).map(|pair| pair[1]);
    texts.collect::<Vec<_>>().join(" ")
}

/// The rows of a table, by the names of its columns.
fn table(dir: &Path, file: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(dir.join(file)).unwrap();
    let names = reader.headers().unwrap().clone();
    let named = |row: csv::StringRecord| names.iter().zip(&row).map(|(n, v)| (n.into(), v.into())).collect();
    reader.records().map(|row| named(row.unwrap())).collect()
}

/// A number in a row; NaN for an empty cell.
fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap_or(f64::NAN)
}

/// The number at the start of a text.
fn leading(text: &str) -> Option<f64> {
    let text = text.replace('\u{2212}', "-");
    let end = text.find(|c: char| !(c.is_ascii_digit() || "+-.".contains(c))).unwrap_or(text.len());
    text[..end].trim_end_matches('.').parse().ok()
}

/// The text after each place where a phrase ends.
fn after<'t>(text: &'t str, phrase: &str) -> Vec<&'t str> {
    text.match_indices(phrase).map(|(at, _)| &text[at + phrase.len()..]).collect()
}

/// Asserts that a number is this one, as far as charts show it: two decimals, or two digits that count.
fn assert_about(found: f64, expected: f64, text: &str) {
    let size = expected.abs();
    let slack = if size < 0.1 { 0.051 * size } else { 0.0051 * size.max(1.0) };
    assert!((found - expected).abs() <= slack + 1e-6, "{found} for {expected}: {text}");
}

/// Asserts that every kind of clause was met.
fn assert_met(said: &[String], clauses: &[&str]) {
    for clause in clauses {
        assert!(said.iter().any(|text| text.contains(clause)), "nothing says: {clause}");
    }
}
