//! People and their first ties as the model takes them: by number.

/// The people and the first ties that the files of a scenario give. What they leave out the model sets.
///
/// People are numbered by region, then by town, then as in the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Community {
    /// The name of each agent; empty without names.
    pub names: Vec<String>,
    /// The strategy of each agent at the start.
    pub strategies: Option<Vec<u16>>,
    /// The region of each agent, in ascending order.
    pub regions: Option<Vec<u16>>,
    /// The town of each agent, in ascending order from 0.
    pub towns: Option<Vec<u32>>,
    /// The domain of each agent.
    pub expertise: Option<Vec<u16>>,
    /// The ties at the start.
    pub ties: Option<FirstTies>,
}

/// The ties at the start, agent by agent, in the order of contacts.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct FirstTies {
    /// The agents who have ties, ascending. Others take no memory, whatever the number of agents.
    agents: Vec<u32>,
    /// Where the ties of each of them begin; then the number of all.
    starts: Vec<u32>,
    contacts: Vec<u32>,
    /// Empty if the file has no trust.
    trust: Vec<f32>,
}

impl Community {
    /// Bytes that it takes.
    pub(crate) fn bytes(&self) -> u64 {
        /// A name with its text.
        const NAME_BYTES: u64 = 48;
        /// An end of a tie with trust.
        const TIE_BYTES: u64 = 8;
        let lens = |list: &Option<Vec<u16>>| list.as_ref().map_or(0, Vec::len) as u64 * 2;
        let towns = self.towns.as_ref().map_or(0, Vec::len) as u64 * 4;
        let ties =
            self.ties.as_ref().map_or(0, |ties| ties.len() as u64 * TIE_BYTES + ties.starts.len() as u64 * 8);
        let lists = lens(&self.strategies) + lens(&self.regions) + lens(&self.expertise);
        self.names.len() as u64 * NAME_BYTES + lists + towns + ties
    }
}

impl FirstTies {
    /// From ties as from whom, to whom, and trust.
    pub(super) fn new(mut ties: Vec<(u32, u32, Option<f32>)>) -> Self {
        ties.sort_unstable_by_key(|(from, to, _)| (*from, *to));
        let mut first = Self::default();
        for (from, to, trust) in ties {
            if first.agents.last() != Some(&from) {
                first.agents.push(from);
                first.starts.push(small(first.contacts.len()));
            }
            first.contacts.push(to);
            first.trust.extend(trust);
        }
        first.starts.push(small(first.contacts.len()));
        first
    }

    /// The ties of an agent: to whom, and trust if the file has it.
    pub(crate) fn of(&self, agent: u32) -> impl Iterator<Item = (u32, Option<f32>)> {
        let range = match self.agents.binary_search(&agent) {
            Ok(place) => self.starts[place] as usize..self.starts[place + 1] as usize,
            Err(_) => 0..0,
        };
        range.map(|place| (self.contacts[place], self.trust.get(place).copied()))
    }

    /// The agents who have ties, with the number of their ties.
    pub(super) fn degrees(&self) -> impl Iterator<Item = (u32, u32)> {
        self.agents.iter().zip(self.starts.windows(2)).map(|(agent, ends)| (*agent, ends[1] - ends[0]))
    }

    /// Number of ties.
    pub(crate) fn len(&self) -> usize {
        self.contacts.len()
    }

    /// Whether the file has the trust of its ties.
    pub(crate) fn have_trust(&self) -> bool {
        !self.trust.is_empty()
    }
}

fn small(number: usize) -> u32 {
    u32::try_from(number).expect("a file has fewer ties than bytes")
}
