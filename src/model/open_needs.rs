//! The open needs of agents that can have several at once.

use super::shared::Shared16;
use super::ties::AgentId;

/// Bytes of an open need, of which each agent has `needs.at_once` if that is more than 1.
pub(crate) const NEED_BYTES: u64 = size_of::<Slot>() as u64;

/// Marks a slot without a need; domains have smaller numbers.
const NONE: u16 = u16::MAX;

/// An open need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Need {
    /// Its domain.
    pub domain: u16,
    /// The round in which it arose.
    pub opened: u16,
    /// How much it is worth.
    pub size: u16,
}

/// A place for an open need.
#[derive(Clone, Debug, PartialEq)]
struct Slot {
    domain: Shared16,
    opened: Shared16,
    size: Shared16,
}

impl Slot {
    fn empty() -> Self {
        Self { domain: Shared16::new(NONE), opened: Shared16::new(0), size: Shared16::new(0) }
    }

    fn get(&self) -> Option<Need> {
        let [domain, opened, size] = [&self.domain, &self.opened, &self.size].map(Shared16::get);
        (domain != NONE).then_some(Need { domain, opened, size })
    }

    fn set(&self, need: Option<Need>) {
        let need = need.unwrap_or(Need { domain: NONE, opened: 0, size: 0 });
        self.domain.set(need.domain);
        self.opened.set(need.opened);
        self.size.set(need.size);
    }
}

/// The open needs of all agents: a row for each, which begins with its needs, the oldest first. Empty if agents have
/// one need at a time; then the state of an agent has it.
///
/// While events run, each row is changed by one task, that of the agent's event.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct OpenNeeds {
    slots: Vec<Slot>,
    at_once: usize,
}

impl OpenNeeds {
    /// That of `n` agents without needs, who can have so many at once.
    pub(super) fn new(n: usize, at_once: usize) -> Self {
        let n_slots = if at_once > 1 { n * at_once } else { 0 };
        Self { slots: vec![Slot::empty(); n_slots], at_once }
    }

    /// Whether agents can have several needs at once.
    #[inline]
    pub(super) fn is_kept(&self) -> bool {
        !self.slots.is_empty()
    }

    fn row(&self, agent: AgentId) -> &[Slot] {
        &self.slots[agent as usize * self.at_once..][..self.at_once]
    }

    /// The open needs of an agent, the oldest first.
    pub(super) fn of(&self, agent: AgentId) -> impl Iterator<Item = Need> + '_ {
        self.row(agent).iter().map_while(Slot::get)
    }

    /// Number of open needs of an agent.
    pub(super) fn number(&self, agent: AgentId) -> u32 {
        u32::try_from(self.of(agent).count()).expect("few needs are open at once")
    }

    /// Whether an agent has as many needs as it can have.
    pub(super) fn is_full(&self, agent: AgentId) -> bool {
        self.of(agent).count() == self.at_once
    }

    /// The first need of an agent: the largest, of equals the oldest.
    pub(super) fn first(&self, agent: AgentId) -> Option<Need> {
        largest(self.of(agent))
    }

    /// The first need of an agent in a domain.
    pub(super) fn first_in(&self, agent: AgentId, domain: u16) -> Option<Need> {
        largest(self.of(agent).filter(|need| need.domain == domain))
    }

    /// Opens a need.
    pub(super) fn open(&self, agent: AgentId, need: Need) {
        let free = self.row(agent).iter().find(|slot| slot.get().is_none());
        free.expect("an agent with all its needs gets no other").set(Some(need));
    }

    /// Closes the first need of an agent in a domain.
    pub(super) fn close(&self, agent: AgentId, domain: u16) {
        if let Some(closed) = self.first_in(agent, domain) {
            self.keep(agent, |need| *need != closed);
        }
    }

    /// Closes the needs of an agent that are not to be kept, and returns how many.
    pub(super) fn keep(&self, agent: AgentId, is_kept: impl Fn(&Need) -> bool) -> u64 {
        let row = self.row(agent);
        let (mut kept, mut closed) = (0, 0);
        for need in row.iter().map_while(Slot::get) {
            if is_kept(&need) {
                row[kept].set(Some(need));
                kept += 1;
            } else {
                closed += 1;
            }
        }
        row[kept..].iter().for_each(|slot| slot.set(None));
        closed
    }
}

/// The largest of some needs, of equals the first.
fn largest(needs: impl Iterator<Item = Need>) -> Option<Need> {
    needs.reduce(|best, need| if need.size > best.size { need } else { best })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn need(domain: u16, opened: u16, size: u16) -> Need {
        Need { domain, opened, size }
    }

    #[test]
    fn the_largest_need_comes_first_and_of_equals_the_oldest() {
        let needs = OpenNeeds::new(2, 3);
        assert_eq!(needs.first(1), None);
        [need(4, 1, 2), need(5, 2, 3), need(4, 3, 3)].into_iter().for_each(|need| needs.open(1, need));
        assert!(needs.is_full(1) && !needs.is_full(0));
        assert_eq!(needs.first(1), Some(need(5, 2, 3)));
        assert_eq!((needs.first_in(1, 4), needs.first_in(1, 9)), (Some(need(4, 3, 3)), None));
        needs.close(1, 4);
        assert_eq!(needs.of(1).collect::<Vec<_>>(), [need(4, 1, 2), need(5, 2, 3)]);
        needs.close(1, 9);
        assert_eq!(needs.keep(1, |need| need.opened > 1), 1);
        assert_eq!(needs.of(1).collect::<Vec<_>>(), [need(5, 2, 3)]);
        assert_eq!(needs.of(0).count(), 0);
    }

    #[test]
    fn the_same_needs_are_the_same_state_whatever_came_before() {
        let (one, other) = (OpenNeeds::new(1, 2), OpenNeeds::new(1, 2));
        [need(1, 0, 1), need(2, 1, 1)].into_iter().for_each(|need| one.open(0, need));
        one.close(0, 1);
        other.open(0, need(2, 1, 1));
        assert_eq!(one, other);
    }
}
