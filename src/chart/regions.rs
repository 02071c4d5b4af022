//! Net benefit by home region and strategy.

use super::axis::among;
use super::canvas::Picture;
use super::dots::{Row, dots};
use super::evidence::Evidence;
use super::frame::Head;
use super::words::{Differences, Verdict, caution, counted, enumerate, name, rank, short, spread};
use crate::stats::{Contrast, Interval, Moments};

/// Maximum number of leading strategies that a title names.
const N_WINNERS_MAX: usize = 3;

/// Net benefit per agent and round, one number per replicate; NaN if a strategy had no members.
struct Grid<'a> {
    evidence: &'a Evidence,
    /// In the order of the scenario.
    regions: &'a [String],
    /// By region, strategy, replicate.
    nets: &'a [Vec<Vec<f64>>],
}

/// Dots for each strategy in each region, if there is more than one region.
pub(super) fn draw(evidence: &Evidence) -> Option<Picture> {
    let grid = match evidence.regions.as_ref()? {
        Ok(regions) => Grid { evidence, regions: &regions.names, nets: &regions.nets },
        Err(why) => return Some(Err(why.clone())),
    };
    if grid.regions.len() < 2 {
        return None;
    }
    let dot = |region: usize, strategy: usize| {
        let interval = Interval::of(&grid.nets[region][strategy], evidence.level);
        let name = evidence.strategies[strategy].clone();
        (!interval.mean.is_nan()).then_some((name, evidence.styles[strategy], interval))
    };
    let dots_of = |region| (0..evidence.n_strategies()).filter_map(|s| dot(region, s)).collect();
    let rows: Vec<Row> = (0..grid.regions.len())
        .map(|region| Row { label: grid.regions[region].to_owned(), dots: dots_of(region) })
        .filter(|row| !row.dots.is_empty())
        .collect();
    let head = Head {
        title: format!("{}{}", title(&grid), caution(evidence)),
        subtitle: format!(
            "Net benefit per agent and round by home region, {}; {}",
            counted(evidence),
            spread(evidence, "bar")
        ),
    };
    dots(&head, &rows, "Net benefit per round", false)
}

impl Grid<'_> {
    /// The ranking of the strategies in a region, paired by replicate.
    fn verdict(&self, region: usize) -> Verdict {
        verdict(&self.nets[region], self.evidence)
    }

    /// By region and replicate, the difference of one strategy from another.
    fn leads(&self, leader: usize, other: usize) -> Vec<Vec<f64>> {
        let lead = |nets: &Vec<Vec<f64>>| {
            nets[leader].iter().zip(&nets[other]).map(|(first, second)| first - second).collect()
        };
        self.nets.iter().map(lead).collect()
    }

    /// The best of the others, by the mean over regions.
    fn runner_up(&self, leader: usize) -> Option<usize> {
        let over_regions = |s: usize| mean(&self.nets.iter().map(|nets| mean(&nets[s])).collect::<Vec<_>>());
        let others = (0..self.evidence.n_strategies()).filter(|s| *s != leader).map(|s| (s, over_regions(s)));
        let known = others.filter(|(_, mean)| !mean.is_nan());
        known.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(s, _)| s)
    }

    /// Names of regions as an enumeration.
    fn list(&self, regions: &[usize]) -> String {
        enumerate(regions.iter().map(|r| short(&self.regions[*r])).collect())
    }
}

/// The mean of the values that are there.
fn mean(values: &[f64]) -> f64 {
    values.iter().copied().collect::<Moments>().mean()
}

/// The ranking of several series with one number per replicate.
fn verdict(all: &[Vec<f64>], evidence: &Evidence) -> Verdict {
    let level = evidence.level;
    let means = all.iter().map(|values| mean(values)).enumerate();
    let means = means.filter(|(_, mean)| !mean.is_nan()).collect();
    // A strategy without members in a region has no values.
    let paired = |first: usize, second: usize| {
        (all[first].len() == all[second].len()).then(|| Contrast::paired(&all[first], &all[second], level))
    };
    let differences = Differences::of(0..all.len(), level, paired);
    rank(means, evidence.n_replicates(), |first, second| differences.get(first, second))
}

/// The title: which strategy leads in which region; if one leads everywhere, where its lead is greatest.
fn title(grid: &Grid<'_>) -> String {
    let evidence = grid.evidence;
    if evidence.n_strategies() == 1 {
        return lone(grid);
    }
    let mut winners: Vec<(usize, Vec<usize>)> = Vec::new();
    let mut open = Vec::new();
    for region in 0..grid.regions.len() {
        match grid.verdict(region) {
            Verdict::Leads { leader, .. } => match winners.iter_mut().find(|(s, _)| *s == leader) {
                Some((_, regions)) => regions.push(region),
                None => winners.push((leader, vec![region])),
            },
            Verdict::Tied { .. } => open.push(region),
            Verdict::Alone(_) | Verdict::Nothing => {}
        }
    }
    // A stable sort, so that of equal numbers the winner of the first region comes first.
    winners.sort_by_key(|(_, regions)| std::cmp::Reverse(regions.len()));
    let n = grid.regions.len();
    match winners.as_slice() {
        [] => format!("No strategy clearly nets most in any of {n} regions"),
        [(leader, regions)] if regions.len() == n => {
            let everywhere = if n == 2 { "both regions".to_owned() } else { format!("all {n} regions") };
            format!("{} nets most in {everywhere}{}", name(evidence, *leader), lead(grid, *leader))
        }
        [(leader, regions), rest @ ..] => {
            let mut text = format!("{} nets most in {}", name(evidence, *leader), grid.list(regions));
            for (other, regions) in rest.iter().take(N_WINNERS_MAX - 1) {
                text += &format!(", {} in {}", name(evidence, *other), grid.list(regions));
            }
            if winners.len() > N_WINNERS_MAX {
                text += ", others elsewhere";
            }
            if !open.is_empty() {
                text += &format!("; no clear leader in {}", grid.list(&open));
            }
            text
        }
    }
}

/// The lead over the next best in different regions, as text that follows the leader's name.
fn lead(grid: &Grid<'_>, leader: usize) -> String {
    let Some(other) = grid.runner_up(leader) else { return String::new() };
    let leads = grid.leads(leader, other);
    let over = format!("lead over {}", name(grid.evidence, other));
    match verdict(&leads, grid.evidence) {
        Verdict::Leads { leader: most, .. } => {
            format!("; its {over} is greatest in {}", range(grid, &leads, most))
        }
        Verdict::Tied { strategies: regions, among, .. } if regions.len() == among => {
            format!("; its {over} does not clearly differ between regions")
        }
        Verdict::Tied { strategies: regions, .. } => {
            format!("; its {over} is greatest in {}", grid.list(&regions))
        }
        Verdict::Alone(_) | Verdict::Nothing => String::new(),
    }
}

/// The title for a single strategy: the region in which it has most.
fn lone(grid: &Grid<'_>) -> String {
    let nets: Vec<Vec<f64>> = grid.nets.iter().map(|nets| nets[0].clone()).collect();
    let name = name(grid.evidence, 0);
    match verdict(&nets, grid.evidence) {
        Verdict::Leads { leader: most, .. } => format!("{name} nets most in {}", range(grid, &nets, most)),
        Verdict::Tied { strategies: regions, among, .. } if regions.len() < among => {
            format!("{name} nets most in {}", grid.list(&regions))
        }
        _ => format!("No clear difference between regions in net benefit of {name}"),
    }
}

/// The region with the greatest mean, with this mean and the smallest of all regions.
fn range(grid: &Grid<'_>, values: &[Vec<f64>], most: usize) -> String {
    let means: Vec<f64> = values.iter().map(|v| mean(v)).collect();
    let known = (0..means.len()).filter(|r| !means[*r].is_nan());
    let least = known.min_by(|a, b| means[*a].total_cmp(&means[*b])).unwrap_or(most);
    let size = means[most].abs().max(means[least].abs());
    let [high, low] = [most, least].map(|r| (short(&grid.regions[r]), among(means[r], size)));
    format!("{}: {} against {} in {}", high.0, high.1, low.1, low.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The title of a result with replicates. A cell is a region, a strategy, its net benefit and its spread:
    /// replicates differ by the spread times -1, 0 and 1.
    fn titled(n_replicates: u32, cells: &[(&str, &str, f64, f64)]) -> String {
        let dir = tempfile::tempdir().unwrap();
        let mut rounds = "replicate,round,strategy,agents,net\n".to_owned();
        let mut regions = "replicate,region,strategy,agent_rounds,net\n".to_owned();
        for replicate in 0..n_replicates {
            for (region, strategy, net, spread) in cells {
                let net = net + spread * (f64::from(replicate) - 1.0);
                if *region == cells[0].0 {
                    rounds += &format!("{replicate},0,{strategy},1,0\n");
                }
                let net = if net.is_nan() { String::new() } else { net.to_string() };
                regions += &format!("{replicate},{region},{strategy},1,{net}\n");
            }
        }
        let summary = "strategy,metric,mean,ci_low,ci_high,replicates\n".to_owned();
        for (name, text) in [("rounds.csv", rounds), ("regions.csv", regions), ("summary.csv", summary)] {
            std::fs::write(dir.path().join(name), text).unwrap();
        }
        let evidence = Evidence::read(dir.path()).unwrap();
        assert_eq!(draw(&evidence).is_some(), cells.iter().any(|cell| cell.0 != cells[0].0));
        let regions = evidence.regions.as_ref().unwrap().as_ref().unwrap();
        title(&Grid { evidence: &evidence, regions: &regions.names, nets: &regions.nets })
    }

    #[test]
    fn the_title_says_where_the_lead_of_one_strategy_is_greatest() {
        let cells = |a, b| {
            [("east", "x", 1.0, 0.1), ("east", "y", a, 0.1), ("west", "x", 1.0, 0.1), ("west", "y", b, 0.1)]
        };
        let greatest = |title: String| title.rsplit("is greatest in ").next().unwrap().to_owned();
        assert_eq!(
            titled(3, &cells(1.5, 3.0)),
            "y nets most in both regions; its lead over x is greatest in west: 2.00 against 0.50 in east"
        );
        assert_eq!(greatest(titled(3, &cells(3.0, 1.5))), "east: 2.00 against 0.50 in west");
        let vague = [
            ("east", "x", 1.0, 0.0),
            ("east", "y", 2.0, 0.1),
            ("west", "x", 1.0, 0.0),
            ("west", "y", 2.1, 0.2),
        ];
        assert_eq!(
            titled(3, &vague),
            "y nets most in both regions; its lead over x does not clearly differ between regions"
        );
    }

    #[test]
    fn the_title_says_which_strategy_leads_in_which_region() {
        let mut cells = vec![
            ("east", "x", 2.0, 0.1),
            ("east", "y", 1.0, 0.1),
            ("west", "x", 1.0, 0.1),
            ("west", "y", 2.0, 0.1),
        ];
        assert_eq!(titled(3, &cells), "x nets most in east, y in west");
        cells.extend([("north", "x", 1.0, 0.0), ("north", "y", 1.1, 0.5)]);
        assert_eq!(titled(3, &cells), "x nets most in east, y in west; no clear leader in north");
        let open = [
            ("east", "x", 1.0, 0.0),
            ("east", "y", 1.1, 0.5),
            ("west", "x", 1.0, 0.5),
            ("west", "y", 1.1, 0.0),
        ];
        assert_eq!(titled(3, &open), "No strategy clearly nets most in any of 2 regions");
    }

    #[test]
    fn a_single_strategy_is_compared_with_itself_elsewhere() {
        let cells = [("east", "x", 2.0, 0.1), ("west", "x", 1.0, 0.1)];
        assert_eq!(titled(3, &cells), "x nets most in east: 2.00 against 1.00 in west");
        let alike = [("east", "x", 2.0, 0.1), ("west", "x", 2.0, 0.1)];
        assert_eq!(titled(3, &alike), "No clear difference between regions in net benefit of x");
    }

    #[test]
    fn a_strategy_without_members_in_a_region_does_not_count_there() {
        let cells = [
            ("east", "x", 2.0, 0.1),
            ("east", "y", 1.0, 0.1),
            ("west", "x", 1.0, 0.1),
            ("west", "y", f64::NAN, 0.0),
        ];
        assert_eq!(titled(3, &cells), "x nets most in east");
        assert_eq!(titled(1, &cells), "x nets most in east");
    }
}
