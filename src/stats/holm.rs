//! Many tests at once.

use std::collections::BTreeMap;

/// p-values adjusted for being looked at together, in their order: if no hypothesis is wrong, the probability that any
/// adjusted value is below `a` is at most `a`, whatever their dependence.
///
/// Source: Holm (1979), Scandinavian Journal of Statistics 6, 65-70.
pub(crate) fn holm(p_values: &[f64]) -> Vec<f64> {
    let n = p_values.len();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]).then(a.cmp(&b)));
    let mut adjusted = vec![0.0; n];
    let mut least = 0.0_f64;
    for (rank, &place) in order.iter().enumerate() {
        least = least.max(((n - rank) as f64 * p_values[place]).min(1.0));
        adjusted[place] = least;
    }
    adjusted
}

/// The adjusted values of tests that are looked at together with those of the same group, in their order. What has no
/// p-value gets none, and does not count.
pub(crate) fn holm_by_group<G: Ord>(tests: impl Iterator<Item = (G, Option<f64>)>) -> Vec<Option<f64>> {
    let mut groups: BTreeMap<G, Vec<(usize, f64)>> = BTreeMap::new();
    let mut adjusted = Vec::new();
    for (place, (group, p_value)) in tests.enumerate() {
        adjusted.push(None);
        if let Some(p_value) = p_value {
            groups.entry(group).or_default().push((place, p_value));
        }
    }
    for group in groups.into_values() {
        let p_values: Vec<f64> = group.iter().map(|(_, p_value)| *p_value).collect();
        for ((place, _), p) in group.into_iter().zip(holm(&p_values)) {
            adjusted[place] = Some(p);
        }
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adjusted_values_are_those_of_r() {
        // p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm"), R 4.3
        assert_eq!(holm(&[0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02]);
        assert_eq!(holm(&[0.5, 0.9]), [1.0, 1.0]);
        assert!(holm(&[]).is_empty());
        let tests = [("a", Some(0.01)), ("b", Some(0.5)), ("a", None), ("a", Some(0.04))];
        assert_eq!(holm_by_group(tests.into_iter()), [Some(0.02), Some(0.5), None, Some(0.04)]);
        assert_eq!(holm(&[0.02]), [0.02]);
    }
}
