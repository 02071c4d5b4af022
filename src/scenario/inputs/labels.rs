//! The distinct texts of a column, by number.

use std::collections::BTreeMap;
use std::ops::Range;

/// The distinct texts of a column in the order in which they appear, and which one each row has.
#[derive(Clone, Debug, Default)]
pub(super) struct Labels {
    /// The texts.
    pub(super) names: Vec<String>,
    /// Where each stands first.
    pub(super) spans: Vec<Range<usize>>,
    /// Number of rows of each.
    pub(super) counts: Vec<u32>,
    /// Number of the text of each row.
    pub(super) of: Vec<u32>,
    numbers: BTreeMap<String, u32>,
}

impl Labels {
    /// The number of a text, which is added if it is new.
    pub(super) fn number(&mut self, name: &str, span: impl FnOnce() -> Range<usize>) -> u32 {
        let number = match self.numbers.get(name) {
            Some(number) => *number,
            None => {
                let number = u32::try_from(self.names.len()).expect("a file has fewer texts than bytes");
                self.numbers.insert(name.to_owned(), number);
                self.names.push(name.to_owned());
                self.spans.push(span());
                self.counts.push(0);
                number
            }
        };
        self.counts[number as usize] += 1;
        number
    }

    /// Adds the next row.
    pub(super) fn push(&mut self, name: &str, span: impl FnOnce() -> Range<usize>) {
        let number = self.number(name, span);
        self.of.push(number);
    }

    /// The number of a text, if the column has it.
    pub(super) fn find(&self, name: &str) -> Option<u32> {
        self.numbers.get(name).copied()
    }
}
