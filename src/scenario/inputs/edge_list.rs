//! A network as an edge list in a CSV file.

use super::super::wording::{grouped, shorten};
use super::cells::{Csv, Row, columns_in_words, is_name};
use super::edges::{Edges, trust};
use super::report::Reporter;

const COLUMNS: &str = "from and to, and trust if you have it";
const KNOWN: [&str; 7] = ["from", "to", "source", "target", "trust", "type", "round"];

/// The columns of an edge list, by position.
struct Columns {
    from: usize,
    to: usize,
    trust: Option<usize>,
    /// Whether an edge is directed.
    kind: Option<usize>,
    round: Option<usize>,
}

/// Reads the file. What is faulty is reported.
pub(super) fn read(text: &str, reporter: &mut Reporter) -> Option<Edges> {
    let csv = Csv::open(text, reporter)?;
    // Tables of this program have numbers of agents, and names beside them.
    let from = csv.column(&["from_name", "from", "source"], reporter);
    let to = csv.column(&["to_name", "to", "target"], reporter);
    let [trust, kind, round] = ["trust", "type", "round"].map(|name| csv.column(&[name], reporter));
    let mut used: Vec<usize> = [from, to, trust, kind, round].into_iter().flatten().collect();
    for (name, column) in [("from", from), ("to", to)] {
        if column.is_none() {
            csv.missing(name, COLUMNS, reporter);
        }
    }
    let unused = csv.unused(&used, &KNOWN, reporter);
    used.retain(|column| Some(*column) != round);
    let columns = Columns { from: from?, to: to?, trust, kind, round };
    let mut edges = Edges::default();
    csv.rows(reporter, |row, reporter| read_row(row, &columns, &csv, &mut edges, reporter));
    let names = used.iter().map(|column| csv.name(*column).to_owned()).collect();
    edges.about = format!(
        "{} ties; {}",
        grouped(edges.n_ties() as u64),
        columns_in_words(names, unused, csv.separator())
    );
    Some(edges)
}

fn read_row(row: &Row<'_>, columns: &Columns, csv: &Csv<'_>, edges: &mut Edges, reporter: &mut Reporter) {
    let ends = [columns.from, columns.to];
    let whole =
        ends.into_iter().filter(|column| is_name(row, *column, csv.name(*column), reporter)).count() == 2;
    let both = columns.kind.is_some_and(|column| match row.get(column).to_lowercase().as_str() {
        "directed" => false,
        "undirected" => true,
        _ => {
            let message = format!(
                "the cell in column `type` must be directed or undirected, but is `{}`",
                shorten(row.get(column))
            );
            reporter.add(
                row.span(column),
                "",
                message,
                "write one of the two, or leave out the column if all are directed",
            );
            false
        }
    });
    // A file with a fault is not used, so a faulty trust can be any.
    let trust = columns.trust.map(|column| match trust(row.get(column)) {
        Ok(trust) => trust,
        Err((message, help)) => {
            reporter.add(row.span(column), "", format!("the cell in column `trust`: {message}"), help);
            0.0
        }
    });
    if let Some(column) = columns.round {
        edges.in_round(row.get(column), row.span(column), reporter);
    }
    if whole {
        let spans = ends.map(|column| move || row.span(column));
        edges.add(ends.map(|column| row.get(column)), trust, both, [&spans[0], &spans[1]], row.whole());
    }
}
