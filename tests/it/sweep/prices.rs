//! Factors that are prices: nobody reacts to them, and they are named.

use super::*;

#[test]
fn prices_change_no_behaviour_and_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let keys = [
        ("needs.value", "20"),
        ("help.assist_cost", "3"),
        ("help.refer_cost", "2"),
        ("help.encourage_value", "1"),
        ("help.encourage_cost", "1"),
        ("mixer.cost", "2"),
        ("mixer.travel_cost", "2"),
        ("calls.fee", "0.6"),
        ("calls.finder_fee", "0.1"),
    ];
    let mut text = SMALL[..SMALL.find("[sweep]").unwrap()].to_owned();
    text += "travel = 0.5\n[sweep]\ndesign = \"one-at-a-time\"\nmetrics = [\"net\", \"solved\", \"opinion\", \"inbound_calls\"]\n";
    for (key, max) in keys {
        text += &format!("[[factor]]\nname = \"{key}\"\nkeys = \"{key}\"\nmax = {max}\nlevels = 3\n");
    }
    fs::write(dir.path().join("prices.toml"), text).unwrap();
    let output = call(dir.path(), &["sweep", "prices.toml", "--no-charts", "--out", "a"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{told}");
    assert!(told.contains("calls.fee, calls.finder_fee are prices: nobody reacts to them"), "{told}");
    let first = 1 + keys.len();
    let means = |point: usize, net: bool| {
        let rows = rows(&dir.path().join("a/sweep.csv"), |row| {
            row[0] == point.to_string() && (row[first + 1] == "net") == net
        });
        rows.iter().map(|row| row[first..].join(",")).collect::<Vec<_>>()
    };
    for point in 1..3 * keys.len() {
        assert_eq!(means(point, false), means(0, false), "behaviour at point {point}");
    }
    // Net benefit is linear in each price: the middle level lies in the middle.
    let net = |point: usize| -> Vec<f64> {
        means(point, true).iter().map(|row| row.split(',').nth(2).unwrap().parse().unwrap()).collect()
    };
    for (place, (key, _)) in keys.iter().enumerate() {
        let [low, middle, high] = [0, 1, 2].map(|level| net(3 * place + level));
        for ((low, middle), high) in low.iter().zip(&middle).zip(&high) {
            assert!((low + high - 2.0 * middle).abs() < 1e-9, "{key}: {low} {middle} {high}");
        }
    }
}

#[test]
fn factors_are_told_apart_from_prices_and_constant_outcomes_have_no_shares() {
    let dir = tempfile::tempdir().unwrap();
    let text = include_str!("../../reference/sensitivity/mingle.toml");
    fs::write(dir.path().join("mingle.toml"), text).unwrap();
    let sets = ["sweep.metrics=[\"net\", \"opinion\", \"agents\"]", "replicates=5", "sweep.points=16"];
    let mut arguments = vec!["sweep", "mingle.toml", "--out", "a"];
    sets.iter().for_each(|set| arguments.extend(["--set", set]));
    done(dir.path(), &arguments);
    let table = dir.path().join("a/sweep_sobol.csv");
    let column = |metric: &str, column: usize| {
        rows(&table, |row| row[0] == metric).iter().map(|row| row[column].clone()).collect::<Vec<_>>()
    };
    assert_eq!(column("net", 8), ["0", "1", "1"], "legibility is no price, fee and assist are");
    assert_eq!(column("opinion", 5)[1..], ["0", "0"], "prices explain nothing of behaviour");
    assert_eq!(column("agents", 5), [""; 3]);
    assert!(column("agents", 10)[0].contains("the same at all points"));
    let chart = fs::read_to_string(dir.path().join("a/charts/sweep_sobol.svg")).unwrap();
    assert!(chart.contains("fee (price)") && !chart.contains("legibility (price)"));
}
