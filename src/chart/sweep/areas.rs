//! The shares of a map in which each strategy is ahead.

use super::mosaic::Cell;

/// The strategy that is ahead within a cell, at relative positions along both factors: 0 for the first, 2 for the
/// second, 1 if the interpolated interval contains zero.
pub(super) fn side_at(cell: &Cell, u: f64, v: f64) -> usize {
    let [_, low, high] = cell.at(u, v);
    if low > 0.0 {
        2
    } else if high < 0.0 {
        0
    } else {
        1
    }
}

/// The shares of the cells' area where the first is ahead, where neither is, and where the second is.
pub(super) fn shares<'c>(cells: impl Iterator<Item = &'c Cell>) -> [f64; 3] {
    /// Number of sample positions along each side of a cell.
    const STEPS: u32 = 8;
    let middle = |k: u32| (f64::from(k) + 0.5) / f64::from(STEPS);
    let mut areas = [0.0; 3];
    for cell in cells {
        let part = (cell.x[1] - cell.x[0]) * (cell.y[1] - cell.y[0]);
        for i in 0..STEPS {
            for j in 0..STEPS {
                areas[side_at(cell, middle(i), middle(j))] += part;
            }
        }
    }
    let all: f64 = areas.iter().sum();
    areas.map(|area| area / all)
}

/// The title about the shares.
pub(super) fn title([first, second]: [String; 2], shares: [f64; 3], maps: usize) -> String {
    let on = if maps == 1 { "the map" } else { "the maps" };
    let percent = |share: f64| match 100.0 * share {
        some if some > 0.0 && some < 1.0 => "less than 1%".to_owned(),
        most if most > 99.0 => "more than 99%".to_owned(),
        share => format!("{share:.0}%"),
    };
    let [below, unsure, above] = shares;
    let mut ahead: Vec<(f64, String)> = vec![(above, second), (below, first)];
    ahead.retain(|(share, _)| *share > 0.0);
    ahead.sort_by(|a, b| b.0.total_cmp(&a.0));
    let Some((share, leader)) = ahead.first() else {
        return format!("Nobody is clearly ahead anywhere on {on}");
    };
    if *share >= 1.0 && ahead.len() == 1 && unsure == 0.0 {
        return format!("{leader} is clearly ahead everywhere on {on}");
    }
    let mut text = format!("{leader} is clearly ahead on {} of {on}", percent(*share));
    if let Some((share, other)) = ahead.get(1) {
        text += &format!(", {other} on {}", percent(*share));
    }
    if unsure > 0.0 { format!("{text}, nobody on {}", percent(unsure)) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(x: [f64; 2], low: f64, high: f64) -> Cell {
        Cell { x, y: [0.0, 1.0], corners: [[0.0, low, high]; 4] }
    }

    #[test]
    fn shares_are_by_area_and_not_by_number_of_cells() {
        let cells = [cell([0.0, 0.5], 1.0, 2.0), cell([0.5, 0.75], -1.0, 1.0), cell([0.75, 1.0], -2.0, -1.0)];
        assert_eq!(shares(cells.iter()), [0.25, 0.25, 0.5]);
    }

    #[test]
    fn titles_name_the_share_of_each_strategy() {
        let sides = || ["warrior".to_owned(), "servant".to_owned()];
        assert_eq!(
            title(sides(), [0.25, 0.25, 0.5], 1),
            "servant is clearly ahead on 50% of the map, warrior on 25%, nobody on 25%"
        );
        assert_eq!(title(sides(), [1.0, 0.0, 0.0], 2), "warrior is clearly ahead everywhere on the maps");
        assert_eq!(
            title(sides(), [1e-6, 0.0, 1.0], 1),
            "servant is clearly ahead on more than 99% of the map, warrior on less than 1%"
        );
        assert_eq!(title(sides(), [0.0, 1.0, 0.0], 1), "Nobody is clearly ahead anywhere on the map");
        assert_eq!(
            title(sides(), [0.004, 0.0, 0.996], 1),
            "servant is clearly ahead on more than 99% of the map, warrior on less than 1%"
        );
    }
}
