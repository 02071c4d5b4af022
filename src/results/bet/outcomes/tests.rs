//! Means of bets made by hand.

use super::*;
use crate::experiment::{CrossoverRecord, HorizonRecord};
use crate::scenario::Scenario;

const HORIZONS: [u32; 2] = [0, 40];

fn plan(sets: &[&str]) -> BetPlan {
    let common = ["rounds=60", "burn_in=6", "bet.horizons=[0, 40]"];
    let scenario = Scenario::parse("[bet]\n", &[&common[..], sets].concat());
    BetPlan::new(&scenario.unwrap_or_else(|faults| panic!("{faults}")), false)
}

/// A number from 0 to 6 that no other amount has to equal.
fn amount(of: [u32; 4]) -> Amount {
    let [a, b, c, d] = of;
    Amount::of(f64::from((3 * a + 5 * b + 11 * c + 4 * d + a * d) % 7))
}

/// A gain whose net benefit is its benefits less its costs.
fn gain(world: u32, focal: u32, of: u32) -> Gain {
    let amounts: [Amount; N_AMOUNTS] =
        std::array::from_fn(|place| amount([world, focal, u32::try_from(place).unwrap(), of]));
    let (benefits, costs) = amounts.split_at(BENEFITS.len());
    let sum = |amounts: &[Amount]| amounts.iter().copied().sum::<Amount>();
    Gain { amounts, net: sum(benefits) - sum(costs) }
}

/// A world of three focal agents, one of which tries both events in the other order.
fn world(plan: &BetPlan, world: u32) -> WorldRecord {
    let at = |focal: u32, horizon: u32| HorizonRecord {
        horizon,
        first: gain(world, focal, horizon),
        second: gain(world, focal, horizon + 1),
        partners: amount([world, focal, horizon, 2]),
        rest: -amount([world, focal, horizon, 3]),
    };
    let twin = |focal| TwinRecord {
        focal,
        horizons: plan.horizons().iter().map(|&horizon| at(focal, horizon)).collect(),
    };
    let life = |focal| CrossoverRecord {
        focal,
        second_came_first: focal == 1,
        first: amount([world, focal, 1, 1]),
        second: amount([world, focal, 2, 5]),
    };
    WorldRecord {
        world,
        seed: 1,
        invited: 0,
        newcomers: Vec::new(),
        twins: (0..3).map(twin).collect(),
        crossovers: if plan.window().is_some() { (0..3).map(life).collect() } else { Vec::new() },
        parts: Vec::new(),
    }
}

fn outcomes(plan: &BetPlan) -> BetOutcomes {
    let mut outcomes = BetOutcomes::new(plan);
    (0..5).for_each(|number| outcomes.push(&world(plan, number)));
    outcomes
}

/// The mean of a row.
fn mean(rows: &[BetMean], horizon: u32, what: &str) -> f64 {
    rows.iter().find(|row| row.horizon == horizon && row.what == what).expect("a row").mean.mean
}

#[test]
fn the_channels_sum_to_the_difference_and_a_cost_that_is_saved_is_a_gain() {
    let outcomes = outcomes(&plan(&[]));
    let channels = outcomes.channels();
    for row in outcomes.rows() {
        let here = channels.iter().filter(|channel| channel.horizon == row.horizon);
        let sum: f64 = here.map(|channel| channel.mean.mean).sum();
        assert!((sum - row.mean.mean).abs() < 1e-9, "{sum}: {row:?}");
    }
    let costs = AMOUNTS[BENEFITS.len()..].iter().enumerate();
    for (place, cost) in costs.map(|(place, cost)| (BENEFITS.len() + place, cost.name)) {
        let all = (0..5).flat_map(|world| (0..3).map(move |focal| (world, focal)));
        let saved = all.map(|(world, focal)| {
            gain(world, focal, 40).amounts[place] - gain(world, focal, 41).amounts[place]
        });
        let saved = saved.sum::<Amount>().per(15);
        assert!((mean(&channels, 40, cost) - saved).abs() < 1e-9, "{cost}: {saved}");
    }
}

#[test]
fn everyone_is_the_focal_agent_and_those_it_met_and_all_others() {
    let outcomes = outcomes(&plan(&[]));
    let others = outcomes.others();
    for horizon in HORIZONS {
        let [focal, partners, rest, everyone] =
            ["focal", "partners", "rest", "everyone"].map(|whom| mean(&others, horizon, whom));
        assert!(partners > 0.0 && rest < 0.0 && focal != 0.0, "{others:?}");
        assert!((everyone - (focal + partners + rest)).abs() < 1e-9, "{others:?}");
    }
    assert_eq!(mean(&others, 40, "focal"), outcomes.rows()[1].mean.mean);
}

/// The crossover of a bet with these horizons.
fn outcomes_of_crossover(horizons: &str) -> Option<CrossoverNote> {
    let set = format!("bet.horizons={horizons}");
    outcomes(&plan(&["bet.design=crossover", "bet.gap=28", "rounds=120", &set])).crossover()
}

#[test]
fn the_truth_of_a_crossover_is_the_difference_of_the_twins_over_its_window() {
    // The later event is 28 rounds after the earlier one, so the window ends between the two horizons.
    let plan = plan(&["bet.design=crossover", "bet.gap=28", "rounds=120"]);
    assert_eq!((plan.horizons(), plan.window()), (&[0, 27, 40][..], Some(28)));
    let outcomes = outcomes(&plan);
    let note = outcomes.crossover().unwrap();
    let of = |name: &str| note.quantities.iter().find(|q| q.name == name).unwrap().mean.mean;
    assert_eq!((note.window, note.lives), (28, 15));
    let truth = outcomes.rows()[1].mean.mean;
    assert!((of("truth") - truth).abs() < 1e-9 && truth != 0.0, "{note:?}");
    assert!((of("bias") - (of("estimate") - of("truth"))).abs() < 1e-9, "{note:?}");
    // How many people it takes is a matter of this window, whatever other horizons there are.
    let alone = outcomes_of_crossover("[27]").unwrap();
    assert_eq!((alone.window, alone.quantities.last()), (28, note.quantities.last()));
    assert!(of("people_two_groups") > 0.0, "{note:?}");
    let life = |second_came_first: bool| {
        let lives = (0..5).flat_map(|number| world(&plan, number).crossovers);
        let gains = lives.filter(|life| life.second_came_first == second_came_first);
        let gains: Vec<Amount> = gains.map(|life| life.second - life.first).collect();
        gains.iter().copied().sum::<Amount>().per(gains.len() as u64)
    };
    let orders = [of("first_came_first"), of("second_came_first")];
    assert!([life(false), life(true)].iter().zip(orders).all(|(a, b)| (a - b).abs() < 1e-9), "{note:?}");
    assert!((of("estimate") - (orders[0] + orders[1]) / 2.0).abs() < 1e-9 && orders[0] != orders[1]);
}
