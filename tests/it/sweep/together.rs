//! Who is ahead at the points of a sweep, with all points taken together: tables, words and charts agree.

use super::*;

/// Rows of the sweep's contrast, by the names of the columns.
fn contrast(file: &Path) -> Vec<BTreeMap<String, String>> {
    let text = fs::read_to_string(file).unwrap();
    let names: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    let row = |line: &str| names.iter().map(|name| (*name).to_owned()).zip(cells(line)).collect();
    text.lines().skip(1).map(row).collect()
}

#[test]
fn sides_in_the_tables_follow_from_the_intervals_of_all_points_and_words_count_them() {
    let dir = tempfile::tempdir().unwrap();
    let bet = ["sweep.experiment=bet", "bet.focals=3", "bet.worlds=6"];
    let clear = ["replicates=30", "population.agents=200", "rounds=20"];
    let turned = [&clear[..], &["sweep.first=servant", "sweep.second=warrior"]].concat();
    let separate = [&clear[..], &["sweep.common_luck=false"]].concat();
    for (name, sets, table) in [
        ("common", &clear[..], "sweep_contrasts.csv"),
        ("turned", &turned, "sweep_contrasts.csv"),
        ("separate", &separate, "sweep_contrasts.csv"),
        (
            "decided",
            &["sweep.until=decided", "replicates=3", "sweep.replicates_max=12"],
            "sweep_contrasts.csv",
        ),
        ("bet", &bet, "sweep_bet.csv"),
    ] {
        let mut arguments = vec!["sweep", "small.toml", "--out", name];
        sets.iter().for_each(|set| arguments.extend(["--set", set]));
        let output = call(dir.path(), &arguments);
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{told}");
        let rows = contrast(&dir.path().join(name).join(table));
        let (about, other): (Vec<_>, Vec<_>) = rows.iter().partition(|row| !row["all_low"].is_empty());
        assert_eq!(about.len(), 12, "{name}: a row of each point is of the contrast");
        assert!(other.iter().all(|row| row["all_high"].is_empty() && row["side"].is_empty()));
        let mut counts = BTreeMap::new();
        for row in about {
            let number = |column: &str| row[column].parse::<f64>().unwrap();
            let pair = row.get("first").zip(row.get("second"));
            let pair = pair.map_or(["warrior", "servant"], |(first, second)| [first, second]);
            let side = match (number("all_low") > 0.0, number("all_high") < 0.0) {
                (true, _) => pair[1],
                (_, true) => pair[0],
                _ => "",
            };
            assert_eq!(row["side"], side, "{name}");
            // The interval of a bet's point alone is also widened for skewness.
            let within = number("all_low") <= number("ci_low") + 1e-9
                && number("ci_high") <= number("all_high") + 1e-9;
            assert!(within || name == "bet", "{name}");
            *counts.entry(side.to_owned()).or_insert(0) += 1;
        }
        assert!(counts.len() > 1 || !sets.contains(&"replicates=30"), "{name}: some sides are clear");
        let count = |side: &str| counts.get(side).copied().unwrap_or(0);
        let [first, second] = if name == "turned" { ["servant", "warrior"] } else { ["warrior", "servant"] };
        let (above, below, none) = (count(second), count(first), count(""));
        let words = format!(
            "of 12 points {second} is clearly ahead at {above}, {first} at {below}, and nobody at {none};"
        );
        let nothing = format!("at none of 12 points is {second} or {first} clearly ahead");
        assert!(told.starts_with(if none == 12 { &nothing } else { &words }), "{name}: {told}");
        let map = fs::read_to_string(dir.path().join(name).join("charts/sweep_map.svg")).unwrap();
        assert!(map.contains("all 12 points taken together"), "{name}");
    }
}

#[test]
fn no_side_is_told_from_fewer_than_five_replicates() {
    let dir = tempfile::tempdir().unwrap();
    for luck in ["sweep.common_luck=true", "sweep.common_luck=false"] {
        let sets = ["--set", luck, "--set", "replicates=4", "--force"];
        let output = call(dir.path(), &[&["sweep", "small.toml", "--out", "a"][..], &sets].concat());
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(
            told.starts_with("at none of 12 points is said who is ahead: that takes 5 replicates"),
            "{told}"
        );
        assert!(!told.contains("unclear"), "{told}");
        let rows = contrast(&dir.path().join("a/sweep_contrasts.csv"));
        assert!(rows.iter().all(|row| row["side"].is_empty() && row["all_low"].is_empty()));
        assert!(rows.iter().any(|row| !row["ci_low"].is_empty()), "intervals of each point stay");
        let map = fs::read_to_string(dir.path().join("a/charts/sweep_map.svg")).unwrap();
        assert!(map.contains("Nobody is clearly ahead anywhere") && map.contains("too few replicates"));
    }
}
