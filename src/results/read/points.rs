//! Reads the points of a sweep from a table that the user wrote.

use std::ops::Range;
use std::path::Path;

use super::ReadError;
use crate::experiment::ListedPoint;
use crate::scenario::cells;

/// The values of the named columns, row by row; other columns are ignored. `file` is only for messages.
///
/// # Errors
/// If a column is missing or occurs twice, a value is empty, a row is short, or there is no row.
///
/// ```
/// use mingle::SweepPlan;
///
/// let scenario = "[sweep]\ndesign = \"list\"\nfile = \"points.csv\"\n[[factor]]\nname = \"fee\"\nkeys = \"calls.fee\"";
/// let scenario = mingle::parse_sweep(scenario, &[])?;
/// let points = mingle::read_points("points.csv".as_ref(), "fee\n0.1\n0.25\n", &["fee"])?;
/// let plan = SweepPlan::new(scenario, points);
/// assert_eq!((plan.n_points(), plan.point(1).values), (2, vec!["0.25".to_owned()]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_points(file: &Path, text: &str, names: &[&str]) -> Result<Vec<ListedPoint>, ReadError> {
    const FIX: &str = "write a column per factor, named like it, and a row per point";
    let broken = |e: csv::Error| ReadError::about(file, format!("cannot be read: {e}"), FIX);
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().map_err(broken)?.iter().map(str::to_owned).collect();
    for (place, name) in header.iter().enumerate() {
        if names.contains(&name.as_str()) && header[..place].contains(name) {
            let column = Some(name.clone());
            let about = ReadError::about(file, "the column is there twice", "leave out one of the two");
            return Err(ReadError { line: Some(1), column, ..about });
        }
    }
    let place = |name: &&str| {
        header.iter().position(|found| found == name).ok_or_else(|| ReadError {
            line: Some(1),
            column: Some((*name).to_owned()),
            ..ReadError::about(file, "the column is missing", FIX)
        })
    };
    let places = names.iter().map(place).collect::<Result<Vec<_>, _>>()?;
    let mut points = Vec::new();
    let mut lines = Lines { text, at: 0, line: 1 };
    for record in reader.records() {
        let record = record.map_err(broken)?;
        let (start, line) = lines.row(&record);
        let number = u32::try_from(line).ok();
        if record.len() != header.len() {
            let told = format!("has {} values, but the first line names {}", record.len(), header.len());
            return Err(ReadError { line: number, ..ReadError::about(file, told, FIX) });
        }
        for (&place, name) in places.iter().zip(names) {
            if record[place].is_empty() {
                let column = Some((*name).to_owned());
                let about = ReadError::about(file, "the value is missing", FIX);
                return Err(ReadError { line: number, column, ..about });
            }
        }
        let cells = cells(&text[start..], b',');
        let end = cells.last().map_or(0, |last| last.end);
        points.push(ListedPoint {
            line,
            text: text[start..start + end].to_owned(),
            values: places.iter().map(|&place| record[place].to_owned()).collect(),
            places: places.iter().map(|&place| trimmed(text, start, cells.get(place))).collect(),
        });
    }
    if points.is_empty() {
        return Err(ReadError::about(file, "has no points", FIX));
    }
    Ok(points)
}

/// Where rows begin, found on one way through the text.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    /// The line that `at` is on, from 1.
    line: usize,
}

impl Lines<'_> {
    /// The byte and the line at which a record begins; the reader counts empty lines before it as its own.
    fn row(&mut self, record: &csv::StringRecord) -> (usize, usize) {
        let byte =
            record.position().map_or(self.at, |place| usize::try_from(place.byte()).unwrap_or(self.at));
        let rest = self.text.get(byte..).unwrap_or_default();
        let start = byte + rest.len() - rest.trim_start_matches(['\r', '\n']).len();
        self.line += self.text.get(self.at..start).unwrap_or_default().matches('\n').count();
        self.at = start;
        (start, self.line)
    }
}

/// A cell of the row that begins at `start`, without the spaces around it; the row's first byte if it is not found.
fn trimmed(text: &str, start: usize, cell: Option<&Range<usize>>) -> Range<usize> {
    let Some(cell) = cell else { return 0..0 };
    let whole = &text[start..][cell.clone()];
    let from = cell.start + whole.len() - whole.trim_start().len();
    from..from + whole.trim().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Vec<String>>, String> {
        let points = read_points(Path::new("points.csv"), text, &["fee", "size"]);
        points.map(|all| all.into_iter().map(|p| p.values).collect()).map_err(|e| e.to_string())
    }

    #[test]
    fn every_value_has_its_line_and_its_place_in_the_row() {
        let text = "\u{feff}size,\"no\"\"te\",fee\r\n\r\n40,\"a, b\nc \"\"d\"\"\" , 0.1 \r\n\n 2\" ,,\"0.2\"";
        let points = read_points(Path::new("points.csv"), text, &["fee", "size"]).unwrap();
        let found: Vec<_> = points
            .iter()
            .map(|p| (p.line, p.places.iter().map(|place| &p.text[place.clone()]).collect::<Vec<_>>()))
            .collect();
        assert_eq!(found, [(3, vec!["0.1", "40"]), (6, vec!["\"0.2\"", "2\""])]);
        assert_eq!(points[1].values, ["0.2", "2\""]);
    }

    #[test]
    fn columns_are_found_by_name_and_others_left_out() {
        let points = read("size, note,fee\n40,x, 0.1\n20,,0.2\n").unwrap();
        assert_eq!(points, [["0.1", "40"], ["0.2", "20"]]);
    }

    #[test]
    fn a_column_that_is_there_twice_is_an_error_unless_it_is_left_out() {
        let text = read("fee,size,fee\n1,2,3\n").unwrap_err();
        assert!(text.starts_with("points.csv, line 1, column fee: the column is there twice"), "{text}");
        assert_eq!(read("fee,note,size,note\n1,x,2,y\n").unwrap(), [["1", "2"]]);
    }

    #[test]
    fn what_is_missing_is_named_with_its_line() {
        assert!(read("size\n1\n").unwrap_err().starts_with("points.csv, line 1, column fee: the column"));
        assert!(read("fee,size\n1,2\n1,\n").unwrap_err().starts_with("points.csv, line 3, column size"));
        assert!(read("fee,size\n").unwrap_err().contains("has no points"));
        let short = read("fee,size\n1,2\n1\n").unwrap_err();
        assert!(short.starts_with("points.csv, line 3: has 1 values, but the first line names 2"), "{short}");
    }
}
