//! Factors that are prices: nobody reacts to them, and they are named.

use super::*;

#[test]
fn prices_change_no_behaviour_and_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let keys = [
        ("population.tie_cost", "0.2"),
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
    let world = &SMALL[..SMALL.find("[sweep]").unwrap()];
    let mut text = world.replace("agents = 60", "agents = 60\ntown_size = 30");
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
        assert!(low != high, "{key} is paid");
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

#[test]
fn prices_to_which_somebody_reacts_change_behaviour_and_each_point_is_a_run_of_its_own() {
    let dir = tempfile::tempdir().unwrap();
    let metrics = "[sweep]\nmetrics = [\"net\", \"solved\", \"opinion\", \"inbound_calls\"]\n";
    let world = &SMALL[..SMALL.find("[sweep]").unwrap()];
    let fees = ["0", "0.25", "0.5"];
    let factors = "[[factor]]\nname = \"fee\"\nkeys = \"calls.fee\"\nvalues = [0, 0.25, 0.5]\n";
    let weighed = [
        ("weighed", "[calls]\nprice_sensitivity = 1.5\n", ""),
        ("swept", "", "[[factor]]\nname = \"weight\"\nkeys = \"calls.price_sensitivity\"\nvalues = [1.5]\n"),
    ];
    for (name, calls, factor) in weighed {
        let file = format!("{name}.toml");
        fs::write(dir.path().join(&file), format!("{world}{calls}{metrics}{factors}{factor}")).unwrap();
        let output = call(dir.path(), &["sweep", &file, "--no-charts", "--out", name]);
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{told}");
        assert!(!told.contains("is a price") && !told.contains("obody reacts"), "{told}");
        let mut calls = Vec::new();
        for (point, fee) in fees.into_iter().enumerate() {
            let out = format!("{name}-{fee}");
            let sets = [format!("calls.fee={fee}"), "calls.price_sensitivity=1.5".to_owned()];
            done(
                dir.path(),
                &["run", &file, "--no-charts", "--set", &sets[0], "--set", &sets[1], "--out", &out],
            );
            let n_factors = if factor.is_empty() { 1 } else { 2 };
            let swept =
                rows(&dir.path().join(name).join("sweep_contrasts.csv"), |row| row[0] == point.to_string());
            assert_eq!(swept.len(), 3 * 4);
            for row in swept {
                let own = &row[1 + n_factors..row.len() - 3];
                let alone = rows(&dir.path().join(&out).join("contrasts.csv"), |r| r[..3] == own[..3]);
                assert_eq!(alone, [own.to_vec()], "{name}, fee {fee}");
            }
            let inbound = |row: &[&str]| row[0] == point.to_string() && row.contains(&"inbound_calls");
            calls.push(rows(&dir.path().join(name).join("sweep.csv"), inbound));
        }
        assert!(calls[0] != calls[1] && calls[1] != calls[2], "callers weigh the fee: {calls:?}");
    }
}
