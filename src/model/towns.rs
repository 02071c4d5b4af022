//! Home towns and regions of agents.

use std::ops::Range;

use super::rules::Rules;
use super::shares::apportion;
use super::ties::AgentId;
use crate::scenario::Scenario;

/// Towns and regions of agents: a town is a range of consecutive agents, a region a range of consecutive towns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Towns {
    /// First agent of each town, then the number of agents.
    starts: Vec<AgentId>,
    /// Region of each town.
    regions: Vec<u16>,
}

impl Towns {
    pub(super) fn new(rules: &Rules) -> Self {
        let s = &rules.scenario;
        if let Some(towns) = &s.community().towns {
            return Self::given(towns, s.community().regions.as_deref());
        }
        let (mut starts, mut regions) = (vec![0], Vec::new());
        for (region, n) in (0u16..).zip(residents_of_regions(s)) {
            let n_towns = match s.population.town_size {
                0 => u32::from(n > 0),
                size => n.div_ceil(size),
            };
            let first = *starts.last().expect("starts is never empty");
            for town in 1..=n_towns {
                starts.push(first + split(n, n_towns, town));
                regions.push(region);
            }
        }
        Self { starts, regions }
    }

    /// The towns of a list of people, who are sorted by region and town.
    fn given(towns: &[u32], regions: Option<&[u16]>) -> Self {
        let (mut starts, mut regions_of_towns, mut first) = (vec![0], Vec::new(), 0);
        for residents in towns.chunk_by(|one, other| one == other) {
            regions_of_towns.push(regions.map_or(0, |regions| regions[first]));
            first += residents.len();
            starts.push(u32::try_from(first).expect("agents are numbered in 32 bits"));
        }
        Self { starts, regions: regions_of_towns }
    }

    /// Number of towns.
    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.regions.len()).expect("a town has at least one agent")
    }

    /// The home town of an agent.
    #[inline]
    pub(super) fn of(&self, agent: AgentId) -> u32 {
        let after = self.starts.partition_point(|&start| start <= agent);
        u32::try_from(after - 1).expect("a town has at least one agent")
    }

    /// The agents who live in a town.
    pub(super) fn residents(&self, town: u32) -> Range<AgentId> {
        self.starts[town as usize]..self.starts[town as usize + 1]
    }

    /// The agents who live in a region.
    pub(super) fn residents_of_region(&self, region: u16) -> Range<AgentId> {
        let first = self.regions.partition_point(|&r| r < region);
        let after = self.regions.partition_point(|&r| r <= region);
        self.starts[first]..self.starts[after]
    }

    /// The region of a town.
    #[inline]
    pub(super) fn region(&self, town: u32) -> u16 {
        self.regions[town as usize]
    }
}

/// Number of agents in each region: those of a list of people, else by the shares.
fn residents_of_regions(s: &Scenario) -> Vec<u32> {
    if let Some(regions) = &s.community().regions {
        let mut counts = vec![0; s.regions.len()];
        regions.iter().for_each(|region| counts[usize::from(*region)] += 1);
        return counts;
    }
    let shares: Vec<f64> = s.regions.iter().map(|r| r.share).collect();
    apportion(&shares, s.population.agents)
}

/// First index of part `k` when `n` items are split into `parts` parts whose sizes differ by one at most.
fn split(n: u32, parts: u32, k: u32) -> u32 {
    u32::try_from(u64::from(n) * u64::from(k) / u64::from(parts)).expect("at most n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn towns_are_even_and_cover_everyone() {
        let rules =
            Rules::new(&Scenario::parse("[population]\nagents = 1003\ntown_size = 100", &[]).unwrap());
        let towns = Towns::new(&rules);
        assert_eq!(towns.len(), 11);
        let sizes: Vec<usize> = (0..11).map(|t| towns.residents(t).len()).collect();
        assert_eq!(sizes.iter().sum::<usize>(), 1003);
        assert!(sizes.iter().all(|n| (91..=92).contains(n)), "{sizes:?}");
        assert!((0..1003).all(|a| towns.residents(towns.of(a)).contains(&a)));
    }

    #[test]
    fn people_with_a_region_and_no_town_are_in_towns_of_their_region() {
        let text = "[population]\nagents_file = \"people.csv\"\ntown_size = 2\n\
                    [[region]]\nname = \"north\"\n[[region]]\nname = \"south\"\n";
        let people = "name,region\nAda,south\nBo,north\nCy,south\nDi,south\n";
        let scenario = Scenario::parse_with_files(text, &[], &[("people.csv", people.as_bytes())]).unwrap();
        let towns = Towns::new(&Rules::new(&scenario));
        // Bo in the north; then Ada, and Cy with Di.
        let homes = [0, 1, 2, 3].map(|agent| (towns.region(towns.of(agent)), towns.of(agent)));
        assert_eq!(homes, [(0, 0), (1, 1), (1, 2), (1, 2)]);
    }

    #[test]
    fn a_region_where_nobody_lives_has_no_town() {
        for town_size in [0, 20] {
            let text = format!(
                "[population]\nagents = 60\ntown_size = {town_size}\n\
                 [[region]]\nname = \"empty\"\nshare = 0.001\n[[region]]\nname = \"full\"\nshare = 0.999\n"
            );
            let towns = Towns::new(&Rules::new(&Scenario::parse(&text, &[]).unwrap()));
            assert!((0..towns.len()).all(|town| !towns.residents(town).is_empty()));
            assert_eq!((towns.residents_of_region(0), towns.residents_of_region(1)), (0..0, 0..60));
        }
    }
}
