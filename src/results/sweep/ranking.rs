//! Which factors matter most, as far as their intervals tell it.

use crate::stats::Interval;

/// More names than these are counted instead.
const NAMES_MAX: usize = 4;

/// A sentence without a capital or a full stop. A factor is put above another only where its interval lies wholly
/// above the other's. Factors without an estimate are left out.
pub(crate) fn ranking(factors: &[(String, Interval)]) -> String {
    let mut rows: Vec<&(String, Interval)> = factors.iter().filter(|row| row.1.mean.is_finite()).collect();
    rows.sort_by(|a, b| b.1.mean.total_cmp(&a.1.mean));
    if rows.is_empty() {
        return "nothing can be said of which factor matters most".to_owned();
    }
    if rows.iter().all(|row| row.1.ends().is_none()) {
        return "which factor matters most is not clear: there are no intervals".to_owned();
    }
    let most = foremost(&rows);
    if !any_clear(&most) {
        return "no factor matters clearly".to_owned();
    }
    if most.len() > 1 {
        return format!("{} cannot be told apart as what matters most", names(&most));
    }
    rows.retain(|row| row.0 != most[0].0);
    let next = foremost(&rows);
    let then = match next.len() {
        _ if !any_clear(&next) => String::new(),
        1 => format!(", then {}", next[0].0),
        _ => format!(", then {}, which cannot be told apart", names(&next)),
    };
    format!("{} matters most{then}", most[0].0)
}

/// The rows that may be the highest: their intervals reach up to all others.
fn foremost<'a>(rows: &[&'a (String, Interval)]) -> Vec<&'a (String, Interval)> {
    let low = rows.iter().filter_map(|row| row.1.low).fold(f64::NEG_INFINITY, f64::max);
    rows.iter().copied().filter(|row| row.1.high.is_none_or(|high| high >= low)).collect()
}

/// Whether some interval lies above zero.
fn any_clear(rows: &[&(String, Interval)]) -> bool {
    rows.iter().any(|row| row.1.low.is_some_and(|low| low > 0.0))
}

/// The names of at least two.
fn names(rows: &[&(String, Interval)]) -> String {
    let names: Vec<&str> = rows.iter().map(|row| row.0.as_str()).collect();
    match &names[..] {
        [most @ .., last] if names.len() <= NAMES_MAX => format!("{} and {last}", most.join(", ")),
        _ => format!("{} and {} others", names[..NAMES_MAX - 1].join(", "), names.len() - NAMES_MAX + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of factors with these means and ends of intervals.
    fn reported(rows: &[(&str, f64, f64, f64)]) -> String {
        let row = |&(name, mean, low, high): &(&str, f64, f64, f64)| {
            (name.to_owned(), Interval::from_cells([mean, low, high]))
        };
        ranking(&rows.iter().map(row).collect::<Vec<_>>())
    }

    #[test]
    fn a_factor_matters_most_only_where_its_interval_is_clear_of_all_others() {
        let clear = [("fee", 0.6, 0.5, 0.7), ("cost", 0.2, 0.1, 0.3), ("size", 0.0, -0.01, 0.05)];
        assert_eq!(reported(&clear), "fee matters most, then cost");
        let touching = [("cost", 0.2, 0.1, 0.5), ("fee", 0.6, 0.5, 0.7), ("size", 0.0, 0.0, 0.05)];
        assert_eq!(reported(&touching), "fee and cost cannot be told apart as what matters most");
    }

    #[test]
    fn the_next_ones_are_told_apart_by_the_same_rule() {
        let rows =
            [("a", 0.6, 0.5, 0.7), ("b", 0.2, 0.1, 0.3), ("c", 0.15, 0.05, 0.2), ("d", 0.0, 0.0, 0.04)];
        assert_eq!(reported(&rows), "a matters most, then b and c, which cannot be told apart");
        let nothing = [("a", 0.6, 0.5, 0.7), ("b", 0.01, -0.1, 0.1), ("c", 0.0, -0.1, 0.2)];
        assert_eq!(reported(&nothing), "a matters most");
    }

    #[test]
    fn every_factor_that_can_be_the_highest_is_named() {
        let rows =
            [("a", 0.6, 0.5, 0.7), ("b", 0.4, 0.35, 0.45), ("c", 0.3, 0.0, 0.55), ("d", 0.1, 0.05, 0.2)];
        assert_eq!(reported(&rows), "a and c cannot be told apart as what matters most");
        let many: Vec<(&str, f64, f64, f64)> = ["a", "b", "c", "d", "e"].map(|n| (n, 5.0, 0.1, 9.0)).to_vec();
        assert_eq!(reported(&many), "a, b, c and 2 others cannot be told apart as what matters most");
    }

    #[test]
    fn without_intervals_or_estimates_nothing_is_ranked() {
        let none = f64::NAN;
        assert_eq!(
            reported(&[("a", 2.0, none, none), ("b", 1.0, none, none)]),
            "which factor matters most is not clear: there are no intervals"
        );
        assert_eq!(reported(&[("a", none, none, none)]), "nothing can be said of which factor matters most");
        assert_eq!(reported(&[("a", 0.1, -0.1, 0.2), ("b", 0.0, -0.2, 0.1)]), "no factor matters clearly");
        assert_eq!(
            reported(&[("a", 0.5, 0.4, 0.6), ("b", 0.1, none, none)]),
            "a and b cannot be told apart as what matters most"
        );
    }
}
