//! Replicates and worlds of a bet as lists of numbers.

use mingle::records::{
    Channel, FlowRecord, Gain, HorizonRecord, LifeRecord, N_AMOUNTS, N_METRICS, PersonRecord, RegionRecord,
    ReplicateRecord, RoundRecord, SPREAD_QUANTILES, SampleRecord, SpreadRecord, TieRecord, TwinRecord,
    WorldRecord,
};

use crate::numbers::{Reader, Writer};

/// Writes a replicate. Final states of agents are not kept.
pub(crate) fn write_replicate(record: &ReplicateRecord) -> Vec<f64> {
    let mut w = Writer::default();
    w.count(record.replicate.into());
    w.count(record.seed);
    w.list(&record.rounds, |w, row| {
        w.count(row.round.into());
        w.count(row.strategy.into());
        w.count(row.agents.into());
        row.values.iter().for_each(|value| w.real(*value));
    });
    w.list(&record.flows, |w, row| {
        w.count(row.from.into());
        w.count(row.to.into());
        w.count(row.channel as u64);
        w.amount(row.value);
    });
    w.list(&record.regions, |w, row| {
        w.count(row.region.into());
        w.count(row.strategy.into());
        w.count(row.agent_rounds);
        w.real(row.net);
    });
    w.list(&record.quantiles, |w, row| w.list(row, |w, value| w.real(*value)));
    w.list(&record.spread, |w, row| {
        w.count(row.round.into());
        w.count(row.strategy.into());
        row.quantiles.iter().for_each(|value| w.real(*value));
    });
    w.list(&record.sample.people, |w, person| {
        w.count(person.agent.into());
        w.count(person.strategy.into());
        w.count(person.region.into());
        w.count(person.town.into());
        w.count(person.taken_calls);
        w.amount(person.net_total);
    });
    w.list(&record.sample.ties, |w, tie| {
        w.count(tie.agent.into());
        w.count(tie.contact.into());
        w.real(tie.trust.into());
    });
    w.list(&record.lives, |w, row| {
        w.count(row.agent.into());
        w.count(row.strategy.into());
        w.count(row.born.into());
        w.count(row.ended.into());
        w.count(row.failed.into());
    });
    w.0
}

/// Reads a replicate.
pub(crate) fn read_replicate(numbers: &[f64]) -> ReplicateRecord {
    let mut r = Reader(numbers);
    ReplicateRecord {
        replicate: r.narrow(),
        seed: r.count(),
        rounds: r.list(|r| RoundRecord {
            round: r.narrow(),
            strategy: r.narrow(),
            agents: r.narrow(),
            values: [(); N_METRICS].map(|()| r.real()),
        }),
        flows: r.list(|r| FlowRecord {
            from: r.narrow(),
            to: r.narrow(),
            channel: channel(r.count()),
            value: r.amount(),
        }),
        regions: r.list(|r| RegionRecord {
            region: r.narrow(),
            strategy: r.narrow(),
            agent_rounds: r.count(),
            net: r.real(),
        }),
        quantiles: r.list(|r| r.list(Reader::real)),
        spread: r.list(|r| SpreadRecord {
            round: r.narrow(),
            strategy: r.narrow(),
            quantiles: SPREAD_QUANTILES.map(|_| r.real()),
        }),
        sample: SampleRecord {
            people: r.list(|r| PersonRecord {
                agent: r.narrow(),
                strategy: r.narrow(),
                region: r.narrow(),
                town: r.narrow(),
                taken_calls: r.count(),
                net_total: r.amount(),
            }),
            ties: r.list(|r| TieRecord { agent: r.narrow(), contact: r.narrow(), trust: single(r.real()) }),
        },
        agents: Vec::new(),
        lives: r.list(|r| LifeRecord {
            agent: r.narrow(),
            strategy: r.narrow(),
            born: r.narrow(),
            ended: r.narrow(),
            failed: r.count() == 1,
        }),
    }
}

/// A number that was one of single precision.
#[allow(clippy::cast_possible_truncation)]
fn single(number: f64) -> f32 {
    number as f32
}

fn channel(place: u64) -> Channel {
    Channel::ALL[usize::try_from(place).unwrap_or(0).min(Channel::ALL.len() - 1)]
}

/// Writes a world of a bet without crossover and decomposition.
pub(crate) fn write_world(record: &WorldRecord) -> Vec<f64> {
    let mut w = Writer::default();
    w.count(record.world.into());
    w.count(record.seed);
    w.count(record.invited.into());
    w.list(&record.newcomers, |w, agent| w.count((*agent).into()));
    let gain = |w: &mut Writer, gain: &Gain| {
        gain.amounts.iter().for_each(|amount| w.amount(*amount));
        w.amount(gain.net);
    };
    w.list(&record.twins, |w, twin| {
        w.count(twin.focal.into());
        w.list(&twin.horizons, |w, row| {
            w.count(row.horizon.into());
            gain(w, &row.first);
            gain(w, &row.second);
            w.amount(row.partners);
            w.amount(row.rest);
        });
    });
    w.0
}

/// Reads a world of a bet.
pub(crate) fn read_world(numbers: &[f64]) -> WorldRecord {
    let mut r = Reader(numbers);
    let gain =
        |r: &mut Reader<'_>| Gain { amounts: [(); N_AMOUNTS].map(|()| r.amount()), net: r.amount() };
    WorldRecord {
        world: r.narrow(),
        seed: r.count(),
        invited: r.narrow(),
        newcomers: r.list(|r| r.narrow()),
        twins: r.list(|r| TwinRecord {
            focal: r.narrow(),
            horizons: r.list(|r| HorizonRecord {
                horizon: r.narrow(),
                first: gain(r),
                second: gain(r),
                partners: r.amount(),
                rest: r.amount(),
            }),
        }),
        crossovers: Vec::new(),
        parts: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use mingle::{BetPlan, Parallelism, Progress, Rules, Scenario};

    use super::*;

    #[test]
    fn a_replicate_reads_back_as_it_was() {
        let sets = ["rounds=9", "burn_in=2", "population.agents=80", "survival.overhead=2", "survival.endowment=3"];
        let text = "[[region]]\nname=\"a\"\nshare=0.5\n[[region]]\nname=\"b\"\nshare=0.5\n";
        let scenario = Scenario::parse(text, &sets).unwrap();
        let rules = Rules::new(&scenario);
        let record = mingle::run_replicate(&rules, 1, Parallelism::SERIAL, &Progress::default()).unwrap();
        assert!(record.lives.iter().any(|life| life.failed) && !record.regions.is_empty());
        let again = read_replicate(&write_replicate(&record));
        assert_eq!(format!("{again:?}"), format!("{record:?}"));
    }

    #[test]
    fn the_spread_and_the_people_of_a_replicate_read_back_as_they_were() {
        let sets = ["rounds=9", "burn_in=2", "population.agents=80"];
        let rules = Rules::new(&Scenario::parse("", &sets).unwrap());
        let first = mingle::run_replicate(&rules, 0, Parallelism::SERIAL, &Progress::default()).unwrap();
        assert!(!first.sample.people.is_empty() && !first.sample.ties.is_empty() && !first.spread.is_empty());
        assert_eq!(format!("{:?}", read_replicate(&write_replicate(&first))), format!("{first:?}"));
    }

    #[test]
    fn a_world_reads_back_as_it_was() {
        let sets = ["population.agents=60", "burn_in=4", "bet.worlds=2", "bet.focals=3", "bet.horizons=[0, 4]"];
        let plan = BetPlan::new(&Scenario::parse_bet("", &sets).unwrap(), false);
        let world = mingle::run_world(&plan, 1, Parallelism::SERIAL, &Progress::default()).unwrap();
        assert_eq!(read_world(&write_world(&world)), world);
    }
}
