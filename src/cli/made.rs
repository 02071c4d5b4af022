//! Files that are made from a result.

use std::path::PathBuf;

use super::{Failure, copies};

/// Files that are made from a result.
#[derive(Debug, Default)]
pub(super) struct Made {
    /// The charts.
    pub(super) charts: Vec<PathBuf>,
    /// Copies of the tables in another format.
    pub(super) copies: Vec<PathBuf>,
    /// The page about the result.
    pub(super) report: Option<PathBuf>,
}

/// Arguments for what is made from a result.
#[derive(Debug, clap::Args)]
pub(super) struct MadeArgs {
    /// Draw no charts
    #[arg(long)]
    no_charts: bool,
    /// Write the tables in this format too; the other commands read CSV
    #[arg(long, value_name = "FORMAT", default_value = "csv")]
    format: TableFormat,
}

/// A format of tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum TableFormat {
    /// Text, which every result has
    Csv,
    /// Apache Parquet, in the folder parquet of the result
    Parquet,
}

impl MadeArgs {
    /// What they ask for.
    pub(super) fn wanted(&self) -> Result<Wanted, Failure> {
        let parquet = self.format == TableFormat::Parquet;
        if parquet {
            copies::check()?;
        }
        Ok(Wanted { charts: !self.no_charts, parquet })
    }
}

/// What is to be made from a result, beside the report.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    /// The charts.
    pub(super) charts: bool,
    /// Copies of the tables as Parquet.
    pub(super) parquet: bool,
}

impl Wanted {
    /// Charts, if they are wanted.
    pub(super) fn charts(wanted: bool) -> Self {
        Self { charts: wanted, parquet: false }
    }
}

impl Made {
    /// What a result folder has, in words.
    pub(super) fn in_words(&self) -> String {
        let charts = if self.charts.is_empty() { "" } else { ", charts" };
        let copies = if self.copies.is_empty() { "" } else { ", copies as Parquet" };
        let report = if self.report.is_some() { ", report" } else { "" };
        format!("tables{copies}{charts}{report} and manifest")
    }
}
