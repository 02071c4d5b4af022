//! Charts of sweeps against their tables.

use super::*;

/// The contrast of net benefit, servant less warrior, at every point.
fn contrasts(out: &Path) -> Vec<(BTreeMap<String, String>, [f64; 3])> {
    let rows = table(&out.join("sweep_contrasts.csv")).into_iter();
    let rows = rows.filter(|r| r["metric"] == "net" && r["first"] == "warrior" && r["second"] == "servant");
    rows.map(|r| (r.clone(), estimate(&r, ["difference", "ci_low", "ci_high"]))).collect()
}

#[test]
fn dots_and_ribbon_of_a_sweep_are_its_contrasts() {
    let dir = result("sweep", RATE);
    let out = dir.path().join("out");
    let marks = marks(&out.join("charts/sweep_difference.svg"));
    let (x, y) = (Scale::of(&marks, true), Scale::of(&marks, false));
    let ribbon = marks.iter().find_map(|m| if let Area { corners, .. } = m { Some(corners) } else { None });
    let dots: Vec<(f64, f64)> =
        marks.iter().filter_map(|m| if let Dot { x, y, .. } = m { Some((*x, *y)) } else { None }).collect();
    let points = contrasts(&out);
    assert_eq!((dots.len(), ribbon.unwrap().len()), (4, 8));
    for (row, [mean, low, high]) in points {
        let at = x.at(number(&row, "rate"));
        assert_among(&dots, (at, y.at(mean)), "a mean");
        assert_among(ribbon.unwrap(), (at, y.at(low)), "a lower end");
        assert_among(ribbon.unwrap(), (at, y.at(high)), "an upper end");
    }
}

#[test]
fn dots_of_a_sweep_are_the_means_of_each_strategy() {
    let dir = result("sweep", RATE);
    let out = dir.path().join("out");
    let marks = marks(&out.join("charts/sweep_net.svg"));
    let (x, y) = (Scale::of(&marks, true), Scale::of(&marks, false));
    for (name, own) in STRATEGIES.iter().zip(COLOURS) {
        let dot = |mark: &Mark| match mark {
            Dot { x, y, colour, .. } if colour == own => Some((*x, *y)),
            _ => None,
        };
        let dots: Vec<(f64, f64)> = marks.iter().filter_map(dot).collect();
        let rows = table(&out.join("sweep.csv")).into_iter();
        let rows: Vec<_> = rows.filter(|r| r["metric"] == "net" && r["strategy"] == *name).collect();
        assert_eq!((dots.len(), rows.len()), (4, 4));
        for row in rows {
            assert_among(&dots, (x.at(number(&row, "rate")), y.at(number(&row, "mean"))), name);
        }
    }
}

#[test]
fn a_map_has_its_points_in_place_and_the_colour_of_the_one_ahead() {
    let dir = result("sweep", &format!("{RATE}{FEE}"));
    let out = dir.path().join("out");
    let marks = marks(&out.join("charts/sweep_map.svg"));
    let (x, y) = (Scale::of(&marks, true), Scale::of(&marks, false));
    let dots: Vec<(f64, f64)> = marks
        .iter()
        .filter_map(|m| match m {
            Dot { x, y, radius, .. } if *radius == 11.0 => Some((*x, *y)),
            _ => None,
        })
        .collect();
    let points = contrasts(&out);
    assert_eq!((dots.len(), points.len()), (12, 12));
    let most = points.iter().map(|(_, d)| d[0].abs()).fold(0.0, f64::max);
    let mut told = 0;
    for (row, [mean, ..]) in points {
        let at = (x.at(number(&row, "rate")), y.at(number(&row, "fee")));
        assert_among(&dots, at, "a point");
        // The last tile that is drawn there hides the others.
        let tile = marks.iter().rev().find_map(|mark| match mark {
            Bar { left, top, right, bottom, colour }
                if (left - 3.0..=right + 3.0).contains(&at.0)
                    && (top - 3.0..=bottom + 3.0).contains(&at.1) =>
            {
                Some(colour)
            }
            _ => None,
        });
        let tile = tile.unwrap();
        let part = |at: usize| u8::from_str_radix(&tile[at..at + 2], 16).unwrap();
        // The first is red, the second blue; tiles are as in their middle, so small differences may turn.
        if mean.abs() > 0.4 * most {
            assert_eq!(part(5) > part(1), mean > 0.0, "{tile} for {mean}");
            told += 1;
        }
    }
    assert!(told > 0);
}

#[test]
fn dots_of_a_tornado_are_the_contrasts_of_each_factor() {
    let dir = result("sweep", &format!("[sweep]\ndesign = \"one-at-a-time\"\n{RATE}{FEE}"));
    let out = dir.path().join("out");
    let points: Vec<[f64; 3]> = contrasts(&out).into_iter().map(|(_, estimate)| estimate).collect();
    assert_eq!(points.len(), 7);
    let reach = |points: &[[f64; 3]]| {
        let means = points.iter().map(|p| p[0]);
        means.clone().fold(f64::NEG_INFINITY, f64::max) - means.fold(f64::INFINITY, f64::min)
    };
    // The factor with the widest reach comes first.
    let (rate, fee) = points.split_at(4);
    let bands = if reach(rate) >= reach(fee) { [rate, fee].concat() } else { [fee, rate].concat() };
    assert_dots(&marks(&out.join("charts/sweep_tornado.svg")), &bands);
}
