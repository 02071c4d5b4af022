//! The charts of a bet.

pub(super) mod compare;
pub(super) mod difference;
pub(super) mod distribution;
pub(super) mod means;
pub(super) mod story;

use super::theme::{Style, style_of};
use super::words::short;
use crate::results::{
    BetClaims, BetMeanRow, BetNames, BetSummaryRow, Files, ReadError, StoryRow, after_rounds,
    read_bet_differences, read_bet_means, read_bet_outline, read_bet_summary, read_stories,
};
use crate::stats::Level;

/// The data for the charts of a bet, read from its files.
#[derive(Debug)]
pub(super) struct BetEvidence {
    /// Name of the result in a comparison.
    pub(super) label: String,
    /// Strategies and rounds of the bet.
    names: BetNames,
    /// The level of confidence of intervals.
    pub(super) level: Level,
    /// Styles of the two strategies, as in every chart of their scenario.
    styles: [Style; 2],
    /// By horizon.
    summary: Vec<BetSummaryRow>,
    /// second - first at the last horizon, by focal agent.
    differences: Vec<f64>,
    channels: Vec<BetMeanRow>,
    others: Vec<BetMeanRow>,
    /// Empty without a decomposition.
    parts: Vec<BetMeanRow>,
    /// Empty without a crossover.
    crossover: Vec<BetMeanRow>,
    /// The rows of each story; empty if none was told.
    stories: Vec<Vec<StoryRow>>,
}

impl BetEvidence {
    /// Reads a bet's folder. If a table is missing, charts that need it are left out.
    pub(super) fn read<'a>(files: impl Into<Files<'a>>) -> Result<Self, ReadError> {
        let files = files.into();
        let outline = read_bet_outline(files)?;
        let summary = read_bet_summary(files)?;
        let last = summary.last().map_or(0, |row| row.horizon);
        let means = |file: &str, what: &str| {
            if files.has(file)? { read_bet_means(files, file, what) } else { Ok(Vec::new()) }
        };
        let style = |name: &String, other: usize| style_of(name, &outline.strategies, other);
        Ok(Self {
            label: outline.title.unwrap_or_default(),
            styles: [style(&outline.bet.first, 0), style(&outline.bet.second, 1)],
            differences: read_bet_differences(files, last)?,
            channels: means("bet_channels.csv", "channel")?,
            others: means("bet_others.csv", "whom")?,
            parts: means("bet_parts.csv", "trait")?,
            crossover: means("bet_crossover_summary.csv", "quantity")?,
            stories: if files.has("story.csv")? { read_stories(files)? } else { Vec::new() },
            level: outline.level,
            names: outline.bet,
            summary,
        })
    }

    /// Names of the two strategies, cut if they are very long.
    fn pair(&self) -> [String; 2] {
        [short(&self.names.first), short(&self.names.second)]
    }

    /// The last horizon, in words.
    fn after(&self) -> String {
        after_rounds(self.summary.last().map_or(0, |row| row.horizon))
    }

    /// What the last horizon supports.
    fn claims(&self) -> Option<BetClaims> {
        let BetSummaryRow { mean, chances, tie, lead, trimmed, .. } = *self.summary.last()?;
        Some(BetClaims { mean, chances, tie, lead, trimmed })
    }

    /// A warning where worlds or focal agents are few, as the end of a subtitle.
    fn caution(&self) -> String {
        self.names.caution.as_ref().map_or_else(String::new, |caution| format!("; {caution}"))
    }

    /// The focal agents and worlds, for subtitles.
    fn sample(&self) -> String {
        let people = match self.names.usual.as_str() {
            "any" => "agents".to_owned(),
            usual => format!("agents who live as {}", short(usual)),
        };
        let campaign = match self.names.campaign {
            0 => String::new(),
            n => format!(", for {n} further rounds"),
        };
        format!("{} {people}{campaign}", self.differences.len())
    }
}
