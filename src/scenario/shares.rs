//! Shares that a sweep varies: the other shares are scaled so that all sum to 1.

use super::path::{self, Path};
use super::settings::Scenario;

impl Scenario {
    /// The additional overrides that `sets` (each `key=value`) require: if they set some shares of strategies (or of
    /// regions), the others are scaled in proportion, so that all sum to 1.
    #[must_use]
    pub fn shares_of_others(&self, sets: &[String]) -> Vec<String> {
        let strategies: Vec<_> = self.strategies.iter().map(|s| (s.name.as_str(), s.share)).collect();
        let regions: Vec<_> = self.regions.iter().map(|r| (r.name.as_str(), r.share)).collect();
        [rescaled("strategy", &strategies, sets), rescaled("region", &regions, sets)].concat()
    }
}

fn rescaled(section: &str, shares: &[(&str, f64)], sets: &[String]) -> Vec<String> {
    let mut given = vec![None; shares.len()];
    for set in sets {
        let Some((path, value)) = path::key_end(set).map(|end| (&set[..end], &set[end + 1..])) else {
            continue;
        };
        let Path { section: Some(found), name: Some(name), key: "share" } = Path::parse(path) else {
            continue;
        };
        let position = name.position(shares.iter().map(|(name, _)| Some(*name)));
        if let Some(position) = position.filter(|_| found == section) {
            given[position] = value.trim().parse::<f64>().ok();
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
        let share = if left.abs() < 1e-12 { 0.0 } else { left * part };
        format!("{}={share:?}", path::of_entry(section, name, "share"))
    });
    scaled.collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Override, Source, parse};
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
        let (text, sets) = (list.concat(), vec![set.to_owned()]);
        let source = Source { name: "test", bytes: text.as_bytes() };
        let others = parse(&source, &[]).unwrap().shares_of_others(&sets);
        let overrides: Vec<Override> = sets.iter().chain(&others).map(|set| Override::set(set)).collect();
        parse(&source, &overrides).unwrap().strategies.iter().map(|s| s.share).collect()
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
}
