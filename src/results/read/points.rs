//! Reads the points of a sweep from a table that the user wrote.

use std::path::Path;

use super::ReadError;

/// The values of the named columns, row by row; other columns are ignored. `file` is only for messages.
///
/// # Errors
/// If a column is missing or occurs twice, a value is empty, a row is short, or there is no row.
pub fn read_points(file: &Path, text: &str, names: &[&str]) -> Result<Vec<Vec<String>>, ReadError> {
    const FIX: &str = "write a column per factor, named like it, and a row per point";
    let broken = |e: csv::Error| ReadError::about(file, format!("cannot be read: {e}"), FIX);
    let line = |record: &csv::StringRecord| record.position().and_then(|p| u32::try_from(p.line()).ok());
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
    for record in reader.records() {
        let record = record.map_err(broken)?;
        if record.len() != header.len() {
            let problem = format!("has {} values, but the first line names {}", record.len(), header.len());
            return Err(ReadError { line: line(&record), ..ReadError::about(file, problem, FIX) });
        }
        for (&place, name) in places.iter().zip(names) {
            if record[place].is_empty() {
                let column = Some((*name).to_owned());
                let about = ReadError::about(file, "the value is missing", FIX);
                return Err(ReadError { line: line(&record), column, ..about });
            }
        }
        points.push(places.iter().map(|&place| record[place].to_owned()).collect());
    }
    if points.is_empty() {
        return Err(ReadError::about(file, "has no points", FIX));
    }
    Ok(points)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Vec<String>>, String> {
        read_points(Path::new("points.csv"), text, &["fee", "size"]).map_err(|e| e.to_string())
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
