//! The bet: what holds exactly.

use std::ops::ControlFlow;

use mingle::records::{AgentId, CrossoverRecord, Gain, HorizonRecord, Payments, TwinRecord, WorldRecord};
use mingle::{
    Amount, BetPlan, Intervention, Parallelism, Progress, Scenario, Simulation, ThreadPool, run_bet,
};

/// A small world, and settings that each bring another part of the model into play.
const SMALL: &[&str] = &[
    "population.agents=90",
    "population.ties_max=12",
    "mixer.size=12",
    "mixer.slots=6",
    "rounds=12",
    "burn_in=6",
    "bet.worlds=3",
    "bet.focals=4",
    "bet.horizons=[0, 3, 9]",
];
const SETTINGS: &[&[&str]] = &[
    &[],
    &["bet.campaign=8", "calls.rate=0.6"],
    &["reputation.kind=public"],
    &["reputation.observe=0.3", "mixer.familiarity=3"],
    &["survival.endowment=3", "survival.overhead=0.9", "survival.replace_after=2", "bet.usual=any"],
    &["evolution.rate=0.4", "evolution.window=3", "bet.campaign=4", "bet.usual=any"],
    &["population.town_size=20", "mixer.travel=0.4", "mixer.every=1"],
];

/// Towns that nobody leaves, a long time, a campaign of many mixers, many focal agents, those who never come
/// by themselves, and much on the phone.
const MORE: &[&[&str]] = &[
    &["population.agents=240", "population.town_size=60", "bet.horizons=[0, 20]"],
    &["bet.horizons=[1, 40, 80]", "reputation.fade=0.9"],
    &["bet.campaign=40", "bet.horizons=[0, 13, 50]", "mixer.every=2"],
    &["bet.focals=25", "bet.worlds=1"],
    &["bet.usual=abstainer", "mixer.every=3", "population.ties_max=5", "population.start_ties=4"],
    &["calls.rate=1", "calls.depth=6", "calls.capacity=2", "calls.min_opinion=-1", "needs.rate=0.5"],
    &["mixer.familiarity=2", "mixer.every=1", "population.town_size=30", "mixer.travel=0.1"],
    &[
        "strategy.warrior.ask.sd=0.1",
        "strategy.servant.comply.sd=0.1",
        "strategy.servant.min_opinion.sd=0.3",
        "help.execution_error.sd=0.05",
        "survival.endowment={mean=3, sd=2}",
        "survival.overhead=0.9",
        "evolution.rate=0.2",
        "bet.campaign=8",
        "bet.usual=any",
    ],
    &[
        "needs.sizes=[1, 3, 10]",
        "needs.size_shares=[0.6, 0.3, 0.1]",
        "needs.at_once=3",
        "needs.rate=0.4",
        "calls.rate=0.6",
        "survival.endowment=3",
        "survival.overhead=0.9",
    ],
];

fn plan(settings: &[&str], more: &[&str], decompose: bool) -> BetPlan {
    let sets: Vec<&str> = SMALL.iter().chain(settings).chain(more).copied().collect();
    let scenario = Scenario::parse_bet("", &sets).unwrap_or_else(|faults| panic!("{faults}"));
    BetPlan::new(&scenario, decompose)
}

fn play(plan: &BetPlan, n_threads: usize) -> Vec<WorldRecord> {
    let pool = ThreadPool::new(n_threads).unwrap();
    let mut records = Vec::new();
    let done = run_bet(plan, 0..plan.bet().worlds, &pool, &Progress::default(), |record| {
        records.push(record);
        ControlFlow::Continue(())
    });
    assert_eq!(done as usize, records.len());
    assert_eq!(done, plan.bet().worlds);
    records
}

/// The payments of some agents in a world since its event, and of all agents. Payments of newcomers in the place of a
/// failed agent do not count among the first.
#[derive(Clone)]
struct Since {
    /// By agent: the round in which its life began, its payments before the event, and the latest ones.
    lives: Vec<(u32, Payments, Payments)>,
    before: Payments,
    all: Payments,
}

impl Since {
    /// From the world before the event's round and the world after it.
    fn new(agents: &[AgentId], before: &Simulation<'_>, after: &Simulation<'_>) -> Self {
        let life = |&agent: &AgentId| {
            let (then, now) = (before.life(agent), after.life(agent));
            let paid = if then.born == now.born { then.payments } else { Payments::default() };
            (now.born, paid, now.payments)
        };
        let lives = agents.iter().map(life).collect();
        Self { lives, before: before.payments(), all: after.payments() }
    }

    fn update(&mut self, agents: &[AgentId], world: &Simulation<'_>) {
        for (&agent, (born, _, latest)) in agents.iter().zip(&mut self.lives) {
            let life = world.life(agent);
            *latest = if life.born == *born { life.payments } else { *latest };
        }
        self.all = world.payments();
    }

    /// Payments of the first agent, of the others, and of everyone.
    fn sums(&self) -> [Payments; 3] {
        let mut gained = self.lives.iter().map(|(_, before, latest)| latest.since(before));
        let first = gained.next().expect("somebody is followed");
        let others = gained.fold(Payments::default(), |sum, gained| sum.and(&gained));
        [first, others, self.all.since(&self.before)]
    }
}

/// The twins of one focal agent by two whole runs from the first round on, without anything that makes a bet cheap.
fn plain_twin(plan: &BetPlan, seed: u64, focal: AgentId) -> TwinRecord {
    let (rules, bet) = (plan.rules(), plan.bet());
    let mut worlds = [&bet.first, &bet.second].map(|side| {
        let mut world = Simulation::new(rules, seed, Parallelism::SERIAL);
        (0..plan.event_round()).for_each(|_| drop(world.step(Parallelism::SERIAL)));
        let before = world.clone();
        let strategy = rules.scenario.strategies.iter().position(|s| s.name == *side).unwrap();
        let (invited, behaviour) = (plan.event_round(), u16::try_from(strategy).unwrap());
        let until = invited + bet.campaign;
        world.set_intervention(Some(Intervention { agent: focal, invited, behaviour, until }));
        world.step(Parallelism::SERIAL);
        (before, world)
    });
    let mut agents: Vec<AgentId> = worlds.iter().flat_map(|(_, world)| world.partners()).copied().collect();
    agents.sort_unstable();
    agents.dedup();
    agents.insert(0, focal);
    let mut since = worlds.each_ref().map(|(before, after)| Since::new(&agents, before, after));
    let mut horizons = Vec::new();
    for horizon in 0..=*plan.horizons().last().unwrap() {
        if horizon > 0 {
            for ((_, world), since) in worlds.iter_mut().zip(&mut since) {
                world.step(Parallelism::SERIAL);
                since.update(&agents, world);
            }
        }
        if plan.horizons().contains(&horizon) {
            let [first, second] = since.each_ref().map(Since::sums);
            let gain =
                |paid: &Payments| Gain { amounts: rules.prices.amounts(paid), net: rules.prices.net(paid) };
            let net = |paid: [Payments; 3]| paid.map(|paid| rules.prices.net(&paid));
            let ([focal_1, partners_1, all_1], [focal_2, partners_2, all_2]) = (net(first), net(second));
            horizons.push(HorizonRecord {
                horizon,
                first: gain(&first[0]),
                second: gain(&second[0]),
                partners: partners_2 - partners_1,
                rest: (all_2 - focal_2 - partners_2) - (all_1 - focal_1 - partners_1),
            });
        }
    }
    TwinRecord { focal, horizons }
}

/// All differences of all focal agents at all horizons: net, partners, rest.
fn differences(records: &[WorldRecord]) -> Vec<[Amount; 3]> {
    let twins = records.iter().flat_map(|world| &world.twins);
    twins.flat_map(|twin| &twin.horizons).map(|h| [h.second.net - h.first.net, h.partners, h.rest]).collect()
}

#[test]
fn a_bet_between_equal_strategies_is_exactly_zero() {
    for settings in SETTINGS.iter().chain(MORE) {
        let plan = plan(settings, &["bet.first=servant", "bet.second=servant"], true);
        let records = play(&plan, 2);
        let all = differences(&records);
        let twins = (plan.bet().worlds * plan.bet().focals) as usize;
        assert_eq!(all.len(), twins * plan.horizons().len(), "{settings:?}");
        assert!(all.iter().flatten().all(|d| *d == Amount::ZERO), "{settings:?}: {all:?}");
        assert!(records.iter().flat_map(|w| &w.parts).all(|p| p.parts.iter().all(Vec::is_empty)));
    }
}

#[test]
fn swapping_first_and_second_flips_every_sign_exactly() {
    for settings in SETTINGS.iter().chain(MORE) {
        let one = differences(&play(&plan(settings, &[], false), 1));
        let swapped = &["bet.first=servant", "bet.second=warrior"];
        let other = differences(&play(&plan(settings, swapped, false), 1));
        let flipped: Vec<[Amount; 3]> = other.iter().map(|d| d.map(|x| -x)).collect();
        assert_eq!(one, flipped, "{settings:?}");
        assert!(one.iter().any(|d| d.iter().all(|x| *x != Amount::ZERO)), "{settings:?}: nothing happened");
    }
}

#[test]
fn the_cheap_way_comes_to_the_same_as_two_whole_runs() {
    let mut compared = 0;
    for settings in SETTINGS.iter().chain(MORE) {
        let plan = plan(settings, &[], false);
        for record in play(&plan, 2) {
            for twin in &record.twins {
                let plain = plain_twin(&plan, record.seed, twin.focal);
                assert_eq!(*twin, plain, "{settings:?}, world {}", record.world);
                compared += 1;
            }
        }
    }
    assert_eq!(compared, (SETTINGS.len() + MORE.len() - 1) * 12 + 25);
}

#[test]
fn records_do_not_depend_on_threads() {
    for settings in [&["bet.design=crossover", "bet.gap=8"][..], &["reputation.kind=public"]] {
        let plan = plan(settings, &[], true);
        let alone = play(&plan, 1);
        for n_threads in [2, 8] {
            assert_eq!(alone, play(&plan, n_threads));
        }
    }
}

#[test]
fn a_world_does_not_depend_on_how_many_there_are() {
    let (plan, pool) = (plan(&[], &[], false), ThreadPool::new(2).unwrap());
    let all = play(&plan, 2);
    let mut later = Vec::new();
    run_bet(&plan, 1..3, &pool, &Progress::default(), |record| {
        later.push(record);
        ControlFlow::Continue(())
    });
    assert_eq!(later, all[1..]);
}

#[test]
fn the_parts_add_up_to_the_whole() {
    // Six differing traits by all combinations, seven by drawn orders.
    for more in [&[][..], &["strategy.servant.polish=0.5"]] {
        for settings in [SETTINGS[0], SETTINGS[1], SETTINGS[4]] {
            let plan = plan(settings, more, true);
            assert_eq!(plan.differing_traits().len(), 6 + more.len());
            for world in play(&plan, 2) {
                for (twin, parts) in world.twins.iter().zip(&world.parts) {
                    assert_eq!(twin.focal, parts.focal);
                    for (horizon, shares) in twin.horizons.iter().zip(&parts.parts) {
                        let whole = horizon.second.net - horizon.first.net;
                        assert_eq!(shares.iter().copied().sum::<Amount>(), whole * parts.divisor);
                    }
                }
            }
        }
    }
}

#[test]
fn a_crossover_has_both_orders_and_its_first_half_is_a_twin() {
    let plan = plan(&[], &["bet.design=crossover", "bet.gap=8", "bet.focals=6"], false);
    assert_eq!((plan.window(), plan.horizons()), (Some(8), &[0, 3, 7, 9][..]));
    for world in play(&plan, 2) {
        let orders: Vec<bool> = world.crossovers.iter().map(|life| life.second_came_first).collect();
        assert_eq!(orders, [false, true, false, true, false, true]);
        for (life, twin) in world.crossovers.iter().zip(&world.twins) {
            assert_eq!(life.focal, twin.focal);
            // Up to the second event the life is that of the twin who acts alike.
            let at_window = &twin.horizons[2];
            let (life_first, twin_first) = if life.second_came_first {
                (life.second, at_window.second.net)
            } else {
                (life.first, at_window.first.net)
            };
            assert_eq!(life_first, twin_first);
        }
    }
}

#[test]
fn a_stopped_bet_hands_on_whole_worlds_only() {
    let (plan, pool, progress) = (plan(&[], &[], false), ThreadPool::new(2).unwrap(), Progress::default());
    progress.stop();
    assert_eq!(run_bet(&plan, 0..3, &pool, &progress, |_| panic!("nothing is whole")), 0);
}

/// Every digit of a small bet's differences: if they move, that is "model output".
#[test]
fn a_small_bet_gives_the_stored_numbers() {
    let lines: Vec<String> = SETTINGS
        .iter()
        .flat_map(|settings| {
            let plan = plan(settings, &["bet.worlds=1", "bet.design=crossover", "bet.gap=8"], false);
            let records = play(&plan, 1);
            let twins = records[0].twins.clone().into_iter().zip(records[0].crossovers.clone());
            let line = |(twin, life): (TwinRecord, CrossoverRecord)| {
                let net = |amount: Amount| amount.per(1);
                let nets: Vec<_> =
                    twin.horizons.iter().map(|h| (net(h.first.net), net(h.second.net))).collect();
                let life = (net(life.first), net(life.second));
                format!("{settings:?} {} {nets:?} {life:?}", twin.focal)
            };
            twins.map(line).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(lines.len(), SETTINGS.len() * 4);
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("small-bet", lines.join("\n"));
    });
}
