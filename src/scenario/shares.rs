//! Shares that a sweep varies: the other shares are scaled so that all sum to 1.

use super::assignment::Assignment;
use super::path::{self, Path};
use super::settings::Scenario;
use super::table::Value;

impl Scenario {
    /// The additional overrides that `sets` (each `key=value`) require: if they set some shares of strategies (or of
    /// regions), the others are scaled in proportion, so that all sum to 1.
    #[must_use]
    pub(crate) fn shares_of_others(&self, sets: &[Assignment]) -> Vec<Assignment> {
        let strategies: Vec<_> = self.strategies.iter().map(|s| (s.name.as_str(), s.share)).collect();
        let regions: Vec<_> = self.regions.iter().map(|r| (r.name.as_str(), r.share)).collect();
        [rescaled("strategy", &strategies, sets), rescaled("region", &regions, sets)].concat()
    }
}

fn rescaled(section: &str, shares: &[(&str, f64)], sets: &[Assignment]) -> Vec<Assignment> {
    let mut given = vec![None; shares.len()];
    for set in sets {
        let Path { section: Some(found), name: Some(name), key: "share" } = Path::parse(set.path()) else {
            continue;
        };
        let position = name.position(shares.iter().map(|(name, _)| Some(*name)));
        if let Some(position) = position.filter(|_| found == section) {
            given[position] = set.real();
        }
    }
    let fixed: Vec<f64> = given.iter().copied().flatten().collect();
    if fixed.is_empty() {
        return Vec::new();
    }
    let left = 1.0 - fixed.iter().sum::<f64>();
    let others: Vec<_> =
        shares.iter().zip(&given).filter(|(_, given)| given.is_none()).map(|(s, _)| s).collect();
    let total: f64 = others.iter().map(|(_, share)| share).sum();
    let scaled = others.iter().map(|(name, share)| {
        let part = if total > 0.0 { share / total } else { 1.0 / others.len() as f64 };
        // By rounding, the rest can be slightly below 0.
        let share = if left < 1e-12 { 0.0 } else { left * part };
        Assignment::of(&path::of_entry(section, name, "share"), Value::Real(share))
    });
    scaled.collect()
}

#[cfg(test)]
mod tests {
    use super::super::{PointText, Template};
    use super::*;

    /// The shares of the strategies with these names after `set` and the overrides that it requires.
    fn shares(names: [&str; 3], set: &str) -> Vec<f64> {
        let list = names.map(|name| {
            format!(
                "[[strategy]]\nname = {}\nshare = {}\n",
                toml::Value::from(name),
                if name == names[0] { 0.5 } else { 0.25 }
            )
        });
        let text = list.concat();
        let scenario = Scenario::parse(&text, &[]).unwrap();
        let (path, value) = set.rsplit_once('=').unwrap();
        let sets = [Assignment::read(path, value)];
        let others = scenario.shares_of_others(&sets);
        let shares = |s: Scenario| s.strategies.iter().map(|s| s.share).collect::<Vec<f64>>();
        let all: Vec<Assignment> = sets.into_iter().chain(others).collect();
        let overrides: Vec<String> = all.iter().map(ToString::to_string).collect();
        let overrides: Vec<&str> = overrides.iter().map(String::as_str).collect();
        let found = shares(scenario.with(&overrides).unwrap());
        let template = Template::new(scenario.provenance(), false).unwrap();
        assert_eq!(shares(template.with(&all, PointText::default).unwrap()), found, "typed, as by overrides");
        found
    }

    #[test]
    fn the_others_keep_their_proportions_whatever_the_names_are() {
        for names in
            [["a", "b", "c"], ["a=b", "c=d", "\"=\""], ["x\\", "x\\\\", "'"], ["a.share=1", "b.share", "\"b"]]
        {
            let set = format!("{}=0.2", path::of_entry("strategy", names[0], "share"));
            assert_eq!(shares(names, &set), [0.2, 0.4, 0.4], "{names:?}");
        }
        assert_eq!(shares(["a", "b", "c"], "strategy . a. share=0.2"), [0.2, 0.4, 0.4]);
    }

    #[test]
    fn others_without_any_share_get_equal_ones() {
        let list = [("a", 1.0), ("b", 0.0), ("c", 0.0)]
            .map(|(name, share)| format!("[[strategy]]\nname = \"{name}\"\nshare = {share:.1}\n"));
        let scenario = Scenario::parse(&list.concat(), &[]).unwrap();
        let others = scenario.shares_of_others(&[Assignment::read("strategy.a.share", "0.5")]);
        let others: Vec<String> = others.iter().map(ToString::to_string).collect();
        assert_eq!(others, ["strategy.\"b\".share=0.25", "strategy.\"c\".share=0.25"]);
    }
}
