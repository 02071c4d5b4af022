//! The people of a scenario, from a CSV file.

use std::ops::Range;

use super::super::wording::{counted, shorten};
use super::cells::{Csv, Row, columns_in_words, is_name};
use super::labels::Labels;
use super::report::Reporter;

/// Names of the columns in messages.
const COLUMNS: &str = "name (or id), strategy, region, town and expertise, as many of them as you have";
/// Names of the columns in files; the first three are the same column.
const KNOWN: [&str; 7] = ["name", "id", "agent", "strategy", "region", "town", "expertise"];

/// The people of a file, row by row.
#[derive(Debug)]
pub(super) struct PeopleFile {
    /// Number of people.
    pub(super) n: u32,
    /// Their names, without doubles.
    pub(super) names: Option<Labels>,
    /// Names of their strategies.
    pub(super) strategies: Option<Labels>,
    /// Names of their regions.
    pub(super) regions: Option<Labels>,
    /// Their towns.
    pub(super) towns: Option<Labels>,
    /// Their domains.
    pub(super) expertise: Option<Expertise>,
    /// What the file holds, in words.
    pub(super) about: String,
    /// Whether the file has no fault. With one, columns can lack rows.
    pub(super) is_whole: bool,
    /// Whether the names are those of all people.
    pub(super) has_all_names: bool,
}

/// A column of domains: numbers from 0, or names.
#[derive(Debug)]
pub(super) struct Expertise {
    pub(super) labels: Labels,
    /// The domain of each label.
    pub(super) domains: Vec<u16>,
    /// Whether the column has names, which are numbered as they appear.
    pub(super) named: bool,
}

impl Expertise {
    /// Number of domains that there must be.
    pub(super) fn needed(&self) -> u64 {
        self.domains.iter().max().map_or(1, |most| u64::from(*most) + 1)
    }
}

/// Reads the file, and reports its faults. `None` if it has no people or no column of use.
pub(super) fn read(text: &str, reporter: &mut Reporter) -> Option<PeopleFile> {
    let csv = Csv::open(text, reporter)?;
    let name = csv.column(&KNOWN[..3], reporter);
    let [strategy, region, town, expertise] =
        ["strategy", "region", "town", "expertise"].map(|name| csv.column(&[name], reporter));
    let columns = [name, strategy, region, town, expertise];
    let used: Vec<usize> = columns.into_iter().flatten().collect();
    let unused = csv.unused(&used, &KNOWN, reporter);
    if used.is_empty() {
        csv.missing("name", COLUMNS, reporter);
        return None;
    }
    let (mut n, mut has_all_names) = (0, true);
    let mut lists: [Option<Labels>; 5] = columns.map(|column| column.map(|_| Labels::default()));
    has_all_names &= csv.rows(reporter, |row, reporter| {
        n += 1;
        for (list, column) in lists.iter_mut().zip(columns) {
            let (Some(list), Some(at)) = (list, column) else { continue };
            if is_name(row, at, csv.name(at), reporter) {
                list.push(row.get(at), || row.span(at));
            } else if column == name {
                has_all_names = false;
            }
        }
        report_double(row, name, lists[0].as_ref(), &csv, reporter);
    });
    if n == 0 && reporter.is_clean() {
        reporter.add(
            0..0,
            "",
            "the file has no people",
            "write a row for each below the names of the columns",
        );
    }
    let [names, strategies, regions, towns, expertise] = lists;
    let expertise = expertise.and_then(|labels| read_expertise(labels, reporter));
    let about =
        columns_in_words(used.iter().map(|at| csv.name(*at).to_owned()).collect(), unused, csv.separator());
    let about = format!("{} people; {about}", super::super::wording::grouped(n.into()));
    let is_whole = reporter.is_clean();
    (n > 0).then_some(PeopleFile {
        n,
        names,
        strategies,
        regions,
        towns,
        expertise,
        about,
        is_whole,
        has_all_names,
    })
}

/// Reports a name that somebody before has.
fn report_double(
    row: &Row<'_>,
    column: Option<usize>,
    names: Option<&Labels>,
    csv: &Csv<'_>,
    reporter: &mut Reporter,
) {
    let (Some(column), Some(names)) = (column, names) else { return };
    let Some(number) = names.find(row.get(column)).filter(|number| names.counts[*number as usize] > 1) else {
        return;
    };
    let message = format!("two people have the {} `{}`", csv.name(column), shorten(row.get(column)));
    let help = "a name tells people apart; add to one of them, as in \"Mary Smith 2\"";
    let first = reporter.place(names.spans[number as usize].clone());
    let again = reporter.place(row.span(column));
    reporter.push(
        super::super::diagnostics::Fault::new(message, help).at(&again, "again").at(&first, "first here"),
    );
}

/// The domains of a column. If one cell is a number, all must be.
fn read_expertise(labels: Labels, reporter: &mut Reporter) -> Option<Expertise> {
    /// Domains are numbered in 16 bits.
    const DOMAINS_MAX: u64 = 65_535;
    let numbers: Vec<Option<u64>> = labels.names.iter().map(|name| name.parse().ok()).collect();
    let named = numbers.iter().all(Option::is_none);
    let mut domains = Vec::new();
    for (place, (name, number)) in labels.names.iter().zip(&numbers).enumerate() {
        let domain = if named { Some(place as u64) } else { *number };
        let span: Range<usize> = labels.spans[place].clone();
        match domain
            .and_then(|domain| u16::try_from(domain).ok())
            .filter(|domain| u64::from(*domain) < DOMAINS_MAX)
        {
            Some(domain) => domains.push(domain),
            None if number.is_none() && !named => {
                let message = format!(
                    "the cell in column `expertise` is `{}`, but other cells are numbers",
                    shorten(name)
                );
                reporter.add(
                    span,
                    "no whole number from 0",
                    message,
                    "write numbers from 0 in all cells, or names in all",
                );
            }
            None => {
                let what =
                    if named { counted(labels.names.len(), "name") } else { format!("`{}`", shorten(name)) };
                let message =
                    format!("the column `expertise` has {what}, but at most 65,535 domains are possible");
                reporter.add(span, "", message, "number the domains from 0 to 65,534 at most");
                return None;
            }
        }
    }
    (domains.len() == labels.names.len()).then_some(Expertise { labels, domains, named })
}
