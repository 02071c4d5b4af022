//! Files that are made from a result.

use std::path::PathBuf;

/// Files that are made from a result.
#[derive(Debug, Default)]
pub(super) struct Made {
    /// The charts.
    pub(super) charts: Vec<PathBuf>,
    /// The page about the result.
    pub(super) report: Option<PathBuf>,
}

impl Made {
    /// What a result folder has, in words.
    pub(super) fn in_words(&self) -> String {
        let charts = if self.charts.is_empty() { "" } else { ", charts" };
        let report = if self.report.is_some() { ", report" } else { "" };
        format!("tables{charts}{report} and manifest")
    }
}
