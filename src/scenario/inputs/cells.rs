//! Tables in CSV files of users: with a byte order mark or without, separated by commas, semicolons or tabs.

use std::ops::Range;

use super::super::wording::{counted, list, shorten};
use super::report::Reporter;

/// A table whose header has been read.
#[derive(Debug)]
pub(super) struct Csv<'a> {
    text: &'a str,
    /// Where the text begins after the byte order mark.
    start: usize,
    delimiter: u8,
    header: Vec<String>,
    header_cells: Vec<Range<usize>>,
}

/// A row of a table.
#[derive(Debug)]
pub(super) struct Row<'a> {
    text: &'a str,
    /// Where it begins.
    at: usize,
    delimiter: u8,
    record: &'a csv::StringRecord,
}

impl Row<'_> {
    /// The text of a cell, without spaces around it.
    pub(super) fn get(&self, column: usize) -> &str {
        &self.record[column]
    }

    /// Where a cell is.
    pub(super) fn span(&self, column: usize) -> Range<usize> {
        let cells = cells(&self.text[self.at..], self.delimiter);
        cells.get(column).map_or(self.at..self.at, |cell| self.at + cell.start..self.at + cell.end)
    }

    /// Where the row is.
    pub(super) fn whole(&self) -> Range<usize> {
        let rest = &self.text[self.at..];
        self.at..self.at + rest.find(['\r', '\n']).unwrap_or(rest.len())
    }
}

impl<'a> Csv<'a> {
    /// Reads the header; `None` if the file is empty.
    pub(super) fn open(text: &'a str, reporter: &mut Reporter) -> Option<Self> {
        /// A line with more is no header.
        const COLUMNS_MAX: usize = 1_000;
        let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let first = start + text[start..].find(|letter: char| !['\r', '\n'].contains(&letter)).unwrap_or(0);
        let line = text[first..].lines().next().unwrap_or_default();
        if line.trim().is_empty() {
            reporter.add(
                0..0,
                "",
                "the file is empty",
                "write a line with the names of the columns, and a row each",
            );
            return None;
        }
        let count = |delimiter: u8| line.bytes().filter(|byte| *byte == delimiter).count();
        // Of equal counts the last one is taken, so the comma stands last.
        let delimiter =
            [b'\t', b';', b','].into_iter().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',');
        if count(delimiter) >= COLUMNS_MAX {
            let message = format!("the first line has {}", counted(count(delimiter) + 1, "column"));
            let help =
                "at most 1,000 are possible; name the columns in the first line, and write a row per line";
            reporter.add(first..first, "", message, help);
            return None;
        }
        let header_cells: Vec<Range<usize>> = cells(&text[first..], delimiter)
            .into_iter()
            .map(|cell| first + cell.start..first + cell.end)
            .collect();
        let header =
            header_cells.iter().map(|cell| text[cell.clone()].trim().trim_matches('"').trim().to_owned());
        Some(Self { text, start, delimiter, header: header.collect(), header_cells })
    }

    /// The position of the first of these columns that the table has; upper and lower case are the same. A column that is
    /// there twice is a fault.
    pub(super) fn column(&self, names: &[&str], reporter: &mut Reporter) -> Option<usize> {
        let name =
            names.iter().find(|name| self.header.iter().any(|found| found.eq_ignore_ascii_case(name)))?;
        let mut found = (0..self.header.len()).filter(|at| self.header[*at].eq_ignore_ascii_case(name));
        let first = found.next()?;
        for again in found {
            let message = format!("the column `{name}` is there twice");
            reporter.add(self.header_cells[again].clone(), "again", message, "leave out one of the two");
        }
        Some(first)
    }

    /// The name of a column.
    pub(super) fn name(&self, column: usize) -> &str {
        &self.header[column]
    }

    /// Reports columns that are missing.
    pub(super) fn missing(&self, name: &str, columns: &str, reporter: &mut Reporter) {
        let (first, last) = (self.header_cells.first(), self.header_cells.last());
        let span = first.zip(last).map_or(0..0, |(first, last)| first.start..last.end);
        let message = format!("the column `{name}` is missing");
        reporter.add(
            span,
            "the names of the columns",
            message,
            format!("name the columns in the first line: {columns}"),
        );
    }

    /// The columns that are not in use. One whose name is nearly that of a column that could be is a fault.
    pub(super) fn unused(&self, used: &[usize], known: &[&str], reporter: &mut Reporter) -> Vec<String> {
        let mut unused = Vec::new();
        for (at, name) in self.header.iter().enumerate().filter(|(at, _)| !used.contains(at)) {
            let lower = name.to_lowercase();
            let near = known.iter().find(|known| {
                let most = if known.len() > 5 { 2 } else { 1 };
                // The distance is at least the difference in length, and takes memory for each pair of letters.
                lower != **known
                    && lower.len() <= 4 * (known.len() + most)
                    && strsim::damerau_levenshtein(&lower, known) <= most
            });
            match near {
                Some(near) if !used.iter().any(|used| self.header[*used].eq_ignore_ascii_case(near)) => {
                    let message = format!("unknown column `{}`", shorten(name));
                    let help = format!(
                        "write `{near}`, or rename the column to something else, so that it is left out"
                    );
                    reporter.add(
                        self.header_cells[at].clone(),
                        &format!("did you mean `{near}`?"),
                        message,
                        help,
                    );
                }
                _ => unused.push(shorten(name)),
            }
        }
        unused
    }

    /// Calls `each` with every row that has as many cells as the header; others are faults. Returns whether there are no
    /// others.
    pub(super) fn rows(
        &self,
        reporter: &mut Reporter,
        mut each: impl FnMut(&Row<'_>, &mut Reporter),
    ) -> bool {
        let text = &self.text[self.start..];
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .delimiter(self.delimiter)
            .from_reader(text.as_bytes());
        let mut record = csv::StringRecord::new();
        let (mut first, mut all) = (true, true);
        // Text in memory that is UTF-8 cannot fail to be read.
        while matches!(reader.read_record(&mut record), Ok(true)) {
            if std::mem::take(&mut first) {
                continue;
            }
            let byte = record.position().map_or(0, csv::Position::byte);
            let at = self.start + usize::try_from(byte).unwrap_or(0);
            // The reader counts line breaks before a row as its own.
            let at = self.text.len() - self.text[at..].trim_start_matches(['\r', '\n']).len();
            let row = Row { text: self.text, at, delimiter: self.delimiter, record: &record };
            if record.len() == self.header.len() {
                each(&row, reporter);
                continue;
            }
            let message = format!(
                "the row has {}, but the first line names {}",
                counted(record.len(), "cell"),
                counted(self.header.len(), "column")
            );
            let help =
                "write one cell per column; put a text that contains the separator between double quotes";
            reporter.add(row.whole(), "", message, help);
            all = false;
        }
        all
    }

    /// The separator in words, unless it is a comma.
    pub(super) fn separator(&self) -> Option<&'static str> {
        match self.delimiter {
            b';' => Some("separated by semicolons"),
            b'\t' => Some("separated by tabs"),
            _ => None,
        }
    }
}

/// What a table holds, in words: its columns in use, and those that are not.
pub(super) fn columns_in_words(used: Vec<String>, unused: Vec<String>, separator: Option<&str>) -> String {
    let mut text = format!("columns {}", list(used, "and"));
    if !unused.is_empty() {
        text += &format!("; not used: {}", list(unused, "and"));
    }
    separator.map_or(text.clone(), |separator| format!("{text}; {separator}"))
}

/// Reports a cell with a text that cannot be a name, and returns whether it can.
pub(super) fn is_name(row: &Row<'_>, column: usize, name: &str, reporter: &mut Reporter) -> bool {
    /// Longer texts are no names.
    const CHARS_MAX: usize = 200;
    let text = row.get(column);
    let fault = if text.is_empty() {
        ("is empty".to_owned(), "fill in the cell, or leave out the whole column")
    } else if text.chars().any(char::is_control) {
        let fix = "leave out line breaks, tabs and other control characters; a quote that is not closed takes in the lines below it";
        (format!("is `{}`, which has a control character", shorten(text)), fix)
    } else if text.chars().count() > CHARS_MAX {
        (format!("is `{}`, which has more than {CHARS_MAX} characters", shorten(text)), "shorten it")
    } else {
        return true;
    };
    reporter.add(row.span(column), "", format!("the cell in column `{name}` {}", fault.0), fault.1);
    false
}

/// Where the cells of the first row of a text are, quotes included.
pub(crate) fn cells(text: &str, delimiter: u8) -> Vec<Range<usize>> {
    let mut cells = Vec::new();
    let (mut start, mut in_quotes) = (0, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            // A quote within quotes is written twice: it ends them, and they begin again.
            b'"' if text.as_bytes()[start] == b'"' => in_quotes = !in_quotes,
            b'\n' | b'\r' if !in_quotes => {
                cells.push(start..at);
                return cells;
            }
            _ if byte == delimiter && !in_quotes => {
                cells.push(start..at);
                start = at + 1;
            }
            _ => {}
        }
    }
    cells.push(start..text.len());
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_found_within_quotes_and_without() {
        let found = |text: &'static str, delimiter| -> Vec<&str> {
            cells(text, delimiter).into_iter().map(|cell| &text[cell]).collect()
        };
        assert_eq!(found("a,\"b,c\",d\r\ne,f", b','), ["a", "\"b,c\"", "d"]);
        assert_eq!(found("a;\"b\"\"\n;\";", b';'), ["a", "\"b\"\"\n;\"", ""]);
        assert_eq!(found("é\tü", b'\t'), ["é", "ü"]);
    }
}
