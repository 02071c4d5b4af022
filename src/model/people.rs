//! People who differ: what a person has of its own where a number of the scenario has a standard deviation.
//!
//! A person keeps one quantile per number for life. With another strategy it has the numbers of that strategy's
//! distributions at the same quantiles. So its numbers follow from its birth and its present strategy.

use super::agent::Agent;
use super::behaviour::{Behaviour, motive};
use super::precision::single;
use super::rules::Rules;
use super::ties::AgentId;
use crate::amount::Amount;
use crate::draws::{Purpose, RandomKey, Stream};
use crate::parallel::Parallelism;
use crate::scenario::{AMOUNT, CHANCE, OPINION, Spread, Strategy};

/// Bytes of what a person has of its own, if people differ.
pub(crate) const PERSON_BYTES: u64 = size_of::<Behaviour>() as u64;

/// Agents per task. No result depends on it.
const PART: u32 = 4096;

/// Random words per person.
const WORDS: u32 = 16;

/// A number in which people differ; also the position of its word among those of a person.
#[derive(Clone, Copy, Debug)]
enum Number {
    Attend,
    Ask,
    Serve,
    Comply,
    Refer,
    Linger,
    MinOpinion,
    Gossip,
    Polish,
    StartTrust,
    Endowment,
    NeedsRate,
    ExecutionError,
}

/// The quantiles of a person, as random words.
#[derive(Clone, Copy, Debug)]
struct Quantiles([u32; WORDS as usize]);

impl Quantiles {
    /// The random words of the people born in a round, from the place `first` on.
    fn words(random_key: RandomKey, born: u32, first: AgentId) -> Stream {
        random_key.agents(born, Purpose::People, first, WORDS)
    }

    /// The quantiles of the next person.
    fn next(words: &mut Stream) -> Self {
        let mut own = [0; WORDS as usize];
        words.fill(&mut own);
        Self(own)
    }

    /// The person's number from a distribution with this mean and standard deviation.
    fn of(&self, number: Number, mean: f64, sd: f64, range: [f64; 2]) -> f64 {
        if sd > 0.0 {
            let word = f64::from(self.0[number as usize]);
            Spread::new(mean, sd, range).at((word + 0.5) / 4_294_967_296.0)
        } else {
            mean
        }
    }

    /// The person's own traits under a strategy.
    fn traits(&self, of: &Strategy) -> Strategy {
        let chance = |number, mean, sd| self.of(number, mean, sd, CHANCE);
        Strategy {
            attend: chance(Number::Attend, of.attend, of.attend_sd),
            ask: chance(Number::Ask, of.ask, of.ask_sd),
            serve: chance(Number::Serve, of.serve, of.serve_sd),
            comply: chance(Number::Comply, of.comply, of.comply_sd),
            refer: chance(Number::Refer, of.refer, of.refer_sd),
            linger: chance(Number::Linger, of.linger, of.linger_sd),
            min_opinion: self.of(Number::MinOpinion, of.min_opinion, of.min_opinion_sd, OPINION),
            gossip: chance(Number::Gossip, of.gossip, of.gossip_sd),
            polish: chance(Number::Polish, of.polish, of.polish_sd),
            ..of.clone()
        }
    }

    /// The person's own behaviour.
    fn behaviour(&self, rules: &Rules, number: u16) -> Behaviour {
        let (help, needs) = (&rules.scenario.help, &rules.scenario.needs);
        let error = self.of(Number::ExecutionError, help.execution_error, help.execution_error_sd, CHANCE);
        let rate = self.of(Number::NeedsRate, needs.rate, needs.rate_sd, CHANCE);
        let traits = |number: u16| self.traits(&rules.traits[usize::from(number)]);
        let behaviour = Behaviour::new(number, &traits(number), (error, rate), &rules.reactions);
        match rules.helpful {
            // Whoever reads the motive of a helpful agent reads that of the strategy.
            Some(helpful) if number >= helpful => {
                Behaviour { motive: motive(&traits(number - helpful)), ..behaviour }
            }
            _ => behaviour,
        }
    }

    /// How much more than the mean the person's endowment is.
    fn surplus(&self, rules: &Rules) -> Amount {
        let Some(survival) = &rules.scenario.survival else { return Amount::ZERO };
        let (mean, sd) = (survival.endowment, survival.endowment_sd);
        Amount::of(self.of(Number::Endowment, mean, sd, AMOUNT)) - Amount::of(mean)
    }
}

/// What people have of their own. Each list is empty if nobody differs in it.
#[derive(Clone, Debug)]
pub(super) struct People {
    behaviours: Vec<Behaviour>,
    /// The behaviours of those who help whatever they think of the other.
    helpful: Vec<Behaviour>,
    /// How much more than the mean each endowment is.
    surpluses: Vec<Amount>,
}

impl People {
    /// The people of the first round, who have these strategies.
    pub(super) fn new(rules: &Rules, random_key: RandomKey, agents: &[Agent], par: Parallelism<'_>) -> Self {
        let rich = rules.scenario.survival.as_ref().is_some_and(|survival| survival.endowment_sd > 0.0);
        let behaviours = each(rules.people_differ, random_key, agents, par, |agent, own| {
            own.behaviour(rules, agent.strategy)
        });
        let differ = rules.people_differ && rules.helpful.is_some();
        let helpful = each(differ, random_key, agents, par, |agent, own| {
            own.behaviour(rules, agent.strategy + rules.helpful.unwrap_or(0))
        });
        let surpluses = each(rich, random_key, agents, par, |_, own| own.surplus(rules));
        Self { behaviours, helpful, surpluses }
    }

    /// The own behaviour of the person at a place; `None` if it is that of its strategy.
    #[inline]
    pub(super) fn behaviour(&self, agent: AgentId) -> Option<&Behaviour> {
        self.behaviours.get(agent as usize)
    }

    /// The same of a person who helps whatever it thinks of the other.
    #[inline]
    pub(super) fn helpful(&self, agent: AgentId) -> Option<&Behaviour> {
        self.helpful.get(agent as usize)
    }

    /// The own behaviours of the people from a place on; empty if they have those of their strategies.
    #[inline]
    pub(super) fn behaviours_from(&self, first: AgentId) -> &[Behaviour] {
        self.behaviours.get(first as usize..).unwrap_or_default()
    }

    /// How much more than the mean the endowment of the person at a place is.
    #[inline]
    pub(super) fn surplus(&self, agent: AgentId) -> Amount {
        self.surpluses.get(agent as usize).copied().unwrap_or(Amount::ZERO)
    }

    /// Renews what the person at a place has of its own: after its birth, or after a change of strategy.
    pub(super) fn renew(
        &mut self,
        rules: &Rules,
        random_key: RandomKey,
        (agent, born): (AgentId, u32),
        strategy: u16,
    ) {
        if self.behaviours.is_empty() && self.surpluses.is_empty() {
            return;
        }
        let own = Quantiles::next(&mut Quantiles::words(random_key, born, agent));
        let place = agent as usize;
        self.behaviours.get_mut(place).into_iter().for_each(|of| *of = own.behaviour(rules, strategy));
        let helpful = strategy + rules.helpful.unwrap_or(0);
        self.helpful.get_mut(place).into_iter().for_each(|of| *of = own.behaviour(rules, helpful));
        self.surpluses.get_mut(place).into_iter().for_each(|of| *of = own.surplus(rules));
    }
}

/// The behaviour of this number of the person who was born in a round at a place.
pub(super) fn behaviour_of(
    rules: &Rules,
    random_key: RandomKey,
    (agent, born): (AgentId, u32),
    number: u16,
) -> Behaviour {
    if rules.people_differ {
        Quantiles::next(&mut Quantiles::words(random_key, born, agent)).behaviour(rules, number)
    } else {
        rules.behaviours[usize::from(number)]
    }
}

/// The trust of each agent in those whom it knows at the start; empty if it is the same for all.
pub(super) fn first_trust(
    rules: &Rules,
    random_key: RandomKey,
    agents: &[Agent],
    par: Parallelism<'_>,
) -> Vec<f32> {
    let p = &rules.scenario.population;
    let trust = |own: &Quantiles| own.of(Number::StartTrust, p.start_trust, p.start_trust_sd, OPINION);
    each(p.start_trust_sd > 0.0, random_key, agents, par, |_, own| single(trust(own)))
}

/// A quantity of each person of the first round, from its quantiles; none if people do not differ in it.
fn each<T: Send>(
    differ: bool,
    random_key: RandomKey,
    agents: &[Agent],
    par: Parallelism<'_>,
    quantity: impl Fn(&Agent, &Quantiles) -> T + Sync + Send,
) -> Vec<T> {
    if !differ {
        return Vec::new();
    }
    let parts: Vec<_> = (0u32..).step_by(PART as usize).zip(agents.chunks(PART as usize)).collect();
    let parts = par.map(parts, |(first, agents)| {
        let mut words = Quantiles::words(random_key, 0, first);
        agents.iter().map(|agent| quantity(agent, &Quantiles::next(&mut words))).collect::<Vec<T>>()
    });
    parts.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::super::population::World;
    use super::*;
    use crate::draws::threshold;
    use crate::scenario::Scenario;

    fn rules(sets: &[&str]) -> Rules {
        Rules::new(&Scenario::parse("", sets).unwrap_or_else(|faults| panic!("{faults}")))
    }

    /// A threshold as a chance.
    fn chance(threshold: i32) -> f64 {
        f64::from(threshold) / 2_147_483_648.0
    }

    /// Fails unless the numbers have this mean and standard deviation, within 4 standard errors.
    fn assert_moments(numbers: &[f64], mean: f64, sd: f64, what: &str) {
        let n = numbers.len() as f64;
        let found = numbers.iter().sum::<f64>() / n;
        let deviations = numbers.iter().map(|x| (x - mean) * (x - mean));
        let (variance, fourth) = deviations.fold((0.0, 0.0), |(v, f), d| (v + d / n, f + d * d / n));
        assert!((found - mean).abs() < 4.0 * sd / libm::sqrt(n), "{what}: mean {found}, not {mean}");
        let error = libm::sqrt((fourth - variance * variance) / n);
        assert!((variance - sd * sd).abs() < 4.0 * error, "{what}: variance {variance}, not {}", sd * sd);
    }

    #[test]
    fn the_numbers_of_many_people_have_the_mean_and_the_deviation_of_the_scenario() {
        let rules = rules(&[
            "population.agents=40000",
            "population.ties_max=0",
            "strategy.warrior.ask={mean=0.9, sd=0.1}",
            "strategy.warrior.serve={mean=0.2, sd=0.05}",
            "strategy.warrior.min_opinion={mean=-0.5, sd=0.25}",
            "needs.rate.sd=0.05",
            "help.execution_error={mean=0.2, sd=0.1}",
            "survival.endowment={mean=20, sd=15}",
        ]);
        let world = World::new(&rules, 5, Parallelism::SERIAL);
        let warriors: Vec<AgentId> =
            (0..40_000).filter(|&id| world.agents[id as usize].strategy == 0).collect();
        let of = |number: fn(&Behaviour) -> f64| -> Vec<f64> {
            warriors.iter().map(|&id| number(world.behaviour(id))).collect()
        };
        let (ask, serve) = (of(|own| chance(own.ask)), of(|own| chance(own.serve)));
        assert_moments(&ask, 0.9, 0.1, "ask");
        assert_moments(&serve, 0.2, 0.05, "serve");
        assert_moments(&of(|own| own.min_opinion.into()), -0.5, 0.25, "min_opinion");
        assert_moments(&of(|own| chance(own.needs)), 0.1, 0.05, "needs.rate");
        assert_moments(&of(|own| chance(own.fails)), 0.2, 0.1, "execution_error");
        let endowment: Vec<f64> = warriors.iter().map(|&id| world.capital(id).per(1)).collect();
        assert_moments(&endowment, 20.0, 15.0, "endowment");
        // Quantiles are independent: a correlation of 0 with a standard error of 1 / 126.
        let product = ask.iter().zip(&serve).map(|(a, s)| (a - 0.9) * (s - 0.2)).sum::<f64>();
        assert!((product / 16_000.0 / (0.1 * 0.05)).abs() < 4.0 / 126.0);
        assert!(ask.iter().all(|ask| (0.6 - 1e-9..=1.0).contains(ask)));
        let motive = f64::from(world.behaviour(warriors[7]).motive);
        assert!((motive - (serve[7] - ask[7])).abs() < 1e-6, "a motive is the person's own");
    }

    #[test]
    fn a_person_keeps_its_quantiles_when_it_changes_its_strategy_and_a_newcomer_has_others() {
        let sets = [
            "population.agents=300",
            "strategy.warrior.ask={mean=0.9, sd=0.05}",
            "strategy.servant.ask={mean=0.3, sd=0.1}",
            "survival.overhead=0",
        ];
        let rules = rules(&sets);
        let mut world = World::new(&rules, 5, Parallelism::SERIAL);
        let warrior = (0..300).find(|&id| world.agents[id as usize].strategy == 0).unwrap();
        let before = *world.behaviour(warrior);
        // Both distributions are uniform, so the person is as many deviations from both means.
        let deviations = (chance(before.ask) - 0.9) / 0.05;
        world.set_strategy(warrior, 1);
        assert!((chance(world.behaviour(warrior).ask) - (0.3 + 0.1 * deviations)).abs() < 1e-8);
        assert_eq!(world.behaviour(warrior).number, 1);
        world.set_strategy(warrior, 0);
        assert_eq!(world.behaviour(warrior).ask, before.ask);
        world.people.renew(&rules, world.random_key, (warrior, 7), 0);
        assert_ne!(world.behaviour(warrior).ask, before.ask, "born in another round");
    }

    #[test]
    fn people_who_do_not_differ_take_no_memory() {
        let rules = rules(&["population.agents=300", "survival.overhead=0"]);
        let world = World::new(&rules, 5, Parallelism::SERIAL);
        assert_eq!((world.people.behaviours.len(), world.people.surpluses.len()), (0, 0));
        let own = &rules.scenario.strategies[usize::from(world.agents[0].strategy)];
        assert_eq!(world.behaviour(0).ask, threshold(own.ask));
    }
}
