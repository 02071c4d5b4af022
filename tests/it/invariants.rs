//! What holds in every round of every scenario, checked from the records alone.

use mingle::records::{M, ReplicateRecord, RoundRecord};
use mingle::{Amount, Parallelism, Rules, Scenario, Simulation};
use proptest::prelude::*;

use crate::support::{run, scenario};

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-7 * (1.0 + a.abs().max(b.abs()))
}

/// A metric summed over the active agents of all strategies.
fn total(rows: &[&RoundRecord], metric: M) -> f64 {
    let of = |row: &&RoundRecord| row.values[metric as usize] * f64::from(row.agents);
    rows.iter().filter(|r| r.agents > 0).map(of).sum()
}

fn check_round(s: &Scenario, rows: &[&RoundRecord]) {
    let sum = |metric| total(rows, metric);
    for row in rows.iter().filter(|r| r.agents > 0) {
        let v = |metric: M| row.values[metric as usize];
        let benefits: f64 =
            [M::Push, M::Gift, M::Call, M::Pull, M::Encouragement, M::Finder].map(v).iter().sum();
        let costs = [
            M::AssistCost,
            M::ReferCost,
            M::EncourageCost,
            M::FeesPaid,
            M::AttendCost,
            M::TravelCost,
            M::Overhead,
        ];
        assert!(close(v(M::Net), benefits - costs.map(v).iter().sum::<f64>()), "net is benefits less costs");
        assert!(v(M::TakenCalls) <= v(M::InboundCalls) + 1e-12);
        assert!(v(M::Ties) <= f64::from(s.population.ties_max));
        assert!(v(M::Opinion).is_nan() || (-1.0..=1.0).contains(&v(M::Opinion)));
        if !v(M::Guests).is_nan() {
            assert!(v(M::Guests) <= f64::from(row.agents));
            let most = f64::from(s.mixer.slots.min(s.mixer.size - 1));
            assert!(v(M::Contacts).is_nan() || v(M::Contacts) <= most);
            let slots = v(M::ConversationSlots);
            assert!(slots.is_nan() || (1.0..=f64::from(s.mixer.slots)).contains(&slots));
        }
    }
    assert!(close(sum(M::FeesPaid), sum(M::Pull) + sum(M::Finder)), "fees sum to zero");
    assert!(close(sum(M::NeedsSolved), sum(M::ActsAssist)), "every solved need has a helper");
    let value = sum(M::Push) + sum(M::Gift) + sum(M::Call);
    let (least, most) = (s.needs.sizes[0], s.needs.sizes[s.needs.sizes.len() - 1]);
    let [least, most] = [least, most].map(|size| s.needs.value * f64::from(size) * sum(M::NeedsSolved));
    let in_range = least <= value && value <= most || close(value, least) || close(value, most);
    assert!(in_range, "every value has a solved need of some size");
    assert!(close(sum(M::AssistCost), s.help.assist_cost * sum(M::ActsAssist)));
    assert!(close(sum(M::ReferCost), s.help.refer_cost * sum(M::ActsRefer)));
    assert!(close(sum(M::Encouragement), s.help.encourage_value * sum(M::ActsEncourage)));
    assert!(close(sum(M::EncourageCost), s.help.encourage_cost * sum(M::ActsEncourage)));
    assert!(close(sum(M::Pull), s.calls.fee * sum(M::Call)), "one fee per solved call");
    let overhead = s.survival.as_ref().map_or(0.0, |survival| survival.overhead);
    let agents: f64 = rows.iter().map(|row| f64::from(row.agents)).sum();
    let kept = overhead * agents + s.population.tie_cost * sum(M::Ties);
    assert!(close(sum(M::Overhead), kept), "overhead is that of businesses and of ties");
}

/// Needs opened = solved + lapsed + open + lost, after every round.
fn check_needs(s: &Scenario, record: &ReplicateRecord) {
    let mut balance = 0.0;
    for round in record.rounds.chunks(s.strategies.len()) {
        let rows: Vec<&RoundRecord> = round.iter().collect();
        let sum = |metric| total(&rows, metric);
        balance += sum(M::NeedsOpened) - sum(M::NeedsSolved) - sum(M::NeedsLapsed) - sum(M::NeedsLost);
        assert!(
            (balance - sum(M::NeedsOpen)).abs() < 1e-6,
            "needs are conserved in round {}",
            round[0].round
        );
    }
}

/// Accounts of the agents against the flows of the rounds (no one failed, no burn-in).
fn check_accounts(s: &Scenario, record: &ReplicateRecord) {
    let rows: Vec<&RoundRecord> = record.rounds.iter().collect();
    for (k, metric) in
        [M::Push, M::Gift, M::Call, M::Pull, M::Encouragement, M::Finder].into_iter().enumerate()
    {
        let accounts: Amount = record.agents.iter().map(|a| a.amounts[k]).sum();
        assert!(close(accounts.per(1), total(&rows, metric)), "{metric:?} in the accounts and in the rounds");
        let flows: Amount = record.flows.iter().filter(|f| f.channel as usize == k).map(|f| f.value).sum();
        assert!(s.burn_in > 0 || accounts == flows, "{metric:?} in the accounts and in the flows");
    }
    let net: Amount = record.agents.iter().map(|a| a.net_total).sum();
    assert!(close(net.per(1), total(&rows, M::Net)), "net benefit is the sum of all rounds");
}

/// Books by region against the rounds after burn-in: the same members and the same net benefit, by
/// strategy.
fn check_regions(s: &Scenario, record: &ReplicateRecord) {
    assert_eq!(record.regions.len(), s.regions.len() * s.strategies.len());
    for strategy in (0u16..).take(s.strategies.len()) {
        let rows: Vec<&RoundRecord> =
            record.rounds.iter().filter(|r| r.strategy == strategy && r.round >= s.burn_in).collect();
        let cells: Vec<_> = record.regions.iter().filter(|r| r.strategy == strategy).collect();
        let members: u64 = rows.iter().map(|r| u64::from(r.agents)).sum();
        assert_eq!(cells.iter().map(|c| c.agent_rounds).sum::<u64>(), members);
        let lived = cells.iter().filter(|c| c.agent_rounds > 0);
        let net: f64 = lived.map(|c| c.net * c.agent_rounds as f64).sum();
        assert!(close(net, total(&rows, M::Net)), "strategy {strategy} in the regions and in the rounds");
    }
}

fn check(s: &Scenario) {
    for record in run(s, 2) {
        assert_eq!(record.rounds.len(), s.rounds as usize * s.strategies.len());
        for round in record.rounds.chunks(s.strategies.len()) {
            check_round(s, &round.iter().collect::<Vec<_>>());
        }
        check_needs(s, &record);
        if s.regions.len() > 1 {
            check_regions(s, &record);
        }
        if s.survival.is_none() {
            check_accounts(s, &record);
        } else {
            check_lives(s, &record);
        }
    }
}

/// Lives at one place follow one another with exactly the empty rounds asked for between them.
fn check_lives(s: &Scenario, record: &ReplicateRecord) {
    let pause = s.survival.as_ref().expect("survival is on").replace_after;
    let mut lives = record.lives.clone();
    lives.sort_by_key(|life| (life.agent, life.born));
    for pair in lives.windows(2).filter(|pair| pair[0].agent == pair[1].agent) {
        assert!(pair[0].failed);
        assert_eq!(pair[1].born, pair[0].ended + pause);
    }
    let alive = record.agents.iter().filter(|a| a.active).count();
    assert_eq!(alive, lives.iter().filter(|life| !life.failed).count());
    assert!(record.agents.iter().all(|a| !a.active || a.capital.unwrap() >= Amount::ZERO));
}

#[test]
fn books_balance_in_the_default_scenario() {
    check(&scenario("burn_in = 0", &["population.agents=400", "rounds=60", "replicates=2"]));
}

#[test]
fn books_balance_when_agents_fail_and_imitate() {
    let sets = [
        "population.agents=600",
        "population.town_size=50",
        "mixer.travel=0.2",
        "mixer.travel_cost=0.5",
        "rounds=80",
        "replicates=2",
        "survival.endowment=4",
        "survival.overhead=0.55",
        "survival.replace_after=3",
        "evolution.rate=0.1",
        "evolution.mutation=0.05",
    ];
    let regions = "burn_in = 30\n[[region]]\nname = \"a\"\nshare = 0.7\nlegibility = 0.9\n\
        [[region]]\nname = \"b\"\nshare = 0.3\npush_penalty = 0.9\n";
    let scenario = scenario(regions, &sets);
    check(&scenario);
    let failures = run(&scenario, 1)[0].lives.iter().filter(|life| life.failed).count();
    assert!(failures > 50, "the setting is harsh enough to test failure: {failures}");
}

#[test]
fn ties_are_distinct_never_to_oneself_and_never_to_the_failed() {
    let sets = ["population.agents=300", "survival.endowment=3", "survival.overhead=0.5", "rounds=40"];
    let scenario = scenario("burn_in = 0", &sets);
    let rules = Rules::new(&scenario);
    let mut simulation = Simulation::new(&rules, 3, Parallelism::SERIAL);
    for _ in 0..40 {
        simulation.step(Parallelism::SERIAL);
        let agents = simulation.agents();
        for a in 0..300 {
            let ties = simulation.ties_of(a);
            assert!(ties.windows(2).all(|pair| pair[0].0 < pair[1].0), "a contact stands once");
            assert!(ties.iter().all(|&(c, t)| c != a && (-1.0..=1.0).contains(&t)));
            assert!(ties.iter().all(|&(c, _)| agents[c as usize].active), "ties to the failed vanish");
        }
    }
}

/// Scenarios from all over the space of settings.
fn any_sets() -> impl Strategy<Value = Vec<String>> {
    let chance = || (0u32..=10).prop_map(|k| f64::from(k) / 10.0);
    let world = (2u32..120, 1u32..6, 0u32..20, 0u32..8, 0u32..60, any::<u32>());
    let mixer = (1u32..4, 2u32..12, 1u32..6, chance(), 1u32..4);
    let calls = (chance(), 0u32..4, 0u32..3, chance(), chance());
    let mind = (chance(), chance(), chance(), chance(), 0usize..4, any::<bool>(), chance());
    let extra = (any::<bool>(), any::<bool>(), any::<bool>(), 0u32..3);
    (world, mixer, calls, mind, extra).prop_map(|(w, m, c, r, e)| {
        let norm = ["image-scoring", "simple-standing", "stern-judging", "shunning"][r.4];
        let fee = c.3 * 0.6;
        let mut sets = vec![
            format!("population.agents={}", w.0),
            format!("population.domains={}", w.1.min(w.0)),
            format!("population.ties_max={}", w.2.max(w.3 / 2)),
            format!("population.start_ties={}", w.3),
            format!("population.town_size={}", w.4),
            format!("seed={}", w.5),
            format!("mixer.every={}", m.0),
            format!("mixer.size={}", m.1),
            format!("mixer.slots={}", m.2),
            format!("mixer.travel={}", m.3),
            "mixer.travel_cost=0.5".into(),
            format!("mixer.familiarity={}", m.4),
            format!("mixer.politeness={}", c.0),
            format!("mixer.opinion_weight={}", f64::from(m.0) - 2.0),
            format!("mixer.same_town={}", m.3 * 3.0),
            format!("mixer.same_domain={}", 1.0 + c.3),
            format!("mixer.mutual={}", 2 * m.0),
            format!("population.tie_cost={}", c.4 * 0.05),
            format!("calls.price_sensitivity={}", c.4),
            format!("calls.only_if_pays={}", e.1),
            format!("help.cost_sensitivity={}", c.3 * 5.0),
            format!("help.pay_forward={}", r.3),
            format!("help.pay_forward_rounds={}", 1 + c.1),
            format!("help.reciprocity={}", m.3),
            format!("help.reciprocity_rounds={}", 1 + c.2),
            format!("calls.rate={}", c.0),
            format!("calls.depth={}", c.1),
            format!("calls.capacity={}", c.2),
            format!("calls.fee={fee}"),
            format!("calls.finder_fee={}", (1.0 - fee) / 4.0 * c.4),
            format!("reputation.legibility={}", r.0),
            format!("reputation.learning={}", r.1),
            format!("reputation.assessment_error={}", r.2),
            format!("reputation.observe={}", r.3),
            format!("reputation.norm={norm}"),
            format!("reputation.kind={}", if r.5 { "public" } else { "private" }),
            format!("needs.rate={}", r.6),
            format!("needs.visible={}", e.2),
        ];
        if e.0 != e.2 {
            sets.push(format!("needs.sizes=[{}, {}]", 1 + c.2, 100 * m.0));
            sets.push(format!("needs.size_shares=[{}, {}]", 1.0 - r.6 * 0.5, r.6 * 0.5));
        }
        if e.1 != e.2 {
            sets.push(format!("needs.at_once={}", 2 + c.1));
            sets.push(format!("needs.patience={}", 1 + 3 * c.2));
        }
        if e.0 {
            let more = ["survival.endowment=2", "survival.overhead=0.4"];
            sets.extend(more.map(String::from));
            sets.push(format!("survival.replace_after={}", e.3));
        }
        if e.1 {
            sets.push("evolution.rate=0.3".into());
            sets.push(format!("evolution.among={}", if e.2 { "ties" } else { "anyone" }));
        }
        sets
    })
}

#[test]
fn books_balance_where_needs_have_sizes() {
    let sets = [
        "population.agents=400",
        "rounds=60",
        "replicates=2",
        "needs.sizes=[2, 7, 1000]",
        "needs.size_shares=[0.6, 0.3, 0.1]",
        "calls.rate=0.6",
    ];
    let scenario = scenario("burn_in = 0", &sets);
    check(&scenario);
    let [one] = &run(&scenario, 1)[..1] else { panic!("two replicates") };
    let rows: Vec<&RoundRecord> = one.rounds.iter().collect();
    let solved = total(&rows, M::NeedsSolved);
    let value = total(&rows, M::Push) + total(&rows, M::Gift) + total(&rows, M::Call);
    let mean = value / (scenario.needs.value * solved);
    // 103.3 with a standard deviation of 299.
    assert!(solved > 500.0 && (mean - 103.3).abs() < 4.0 * 299.0 / solved.sqrt(), "{mean} of {solved}");
}

#[test]
fn books_balance_where_agents_have_several_needs_at_once() {
    let sets = [
        "population.agents=400",
        "rounds=60",
        "replicates=2",
        "needs.rate=0.6",
        "needs.at_once=5",
        "needs.sizes=[1, 4]",
        "needs.size_shares=[0.7, 0.3]",
        "survival.endowment=12",
        "survival.overhead=4",
        "survival.replace_after=1",
    ];
    let scenario = scenario("burn_in = 0", &sets);
    check(&scenario);
    let [one] = &run(&scenario, 1)[..1] else { panic!("two replicates") };
    let lost: f64 = total(&one.rounds.iter().collect::<Vec<_>>(), M::NeedsLost);
    let failed = one.lives.iter().filter(|life| life.failed).count() as f64;
    assert!(failed > 50.0 && lost > 2.0 * failed, "{lost} needs were lost in {failed} failures");
    let open = one.rounds.iter().map(|row| row.values[M::NeedsOpen as usize]);
    let most = open.filter(|n| n.is_finite()).fold(0.0, f64::max);
    assert!(most > 2.0 && most <= 5.0, "{most} needs are open on average");
}

/// Where all that is known of somebody is as good as can be, a mean of trust is not more than 1 by rounding.
#[test]
fn a_mean_of_the_best_opinions_is_an_opinion() {
    let sets = [
        "population.agents=12",
        "population.domains=3",
        "population.ties_max=3",
        "population.start_ties=4",
        "mixer.every=2",
        "mixer.size=2",
        "mixer.slots=2",
        "calls.rate=1",
        "calls.depth=1",
        "calls.capacity=2",
        "calls.fee=0",
        "calls.finder_fee=0",
        "reputation.legibility=0",
        "reputation.learning=1",
        "reputation.assessment_error=0.4",
        "needs.rate=0.9",
        "evolution.rate=0.3",
    ];
    for seed in 2_077_886_243..2_077_886_263_u64 {
        let seed = format!("seed={seed}");
        let sets: Vec<&str> = sets.iter().copied().chain([seed.as_str()]).collect();
        check(&scenario("rounds = 25\nburn_in = 0\nreplicates = 2", &sets));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn books_balance_in_any_scenario(sets in any_sets()) {
        let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
        check(&scenario("rounds = 25\nburn_in = 0\nreplicates = 2", &sets));
    }
}
