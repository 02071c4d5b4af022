//! Interventions, by which the twins of a bet differ.

use super::ties::AgentId;

/// An intervention on one agent: at mixers it acts by a given behaviour, whatever its strategy.
///
/// ```
/// use mingle::{Intervention, Parallelism, Rules, Scenario, Simulation};
///
/// let scenario = Scenario::parse("[population]\nagents = 60", &[])?;
/// let rules = Rules::new(&scenario);
/// let mut as_it_is = Simulation::new(&rules, 1, Parallelism::SERIAL);
/// // The twin: agent 7 acts as the second strategy, a servant, at the mixer of round 0.
/// let mut otherwise = as_it_is.clone();
/// otherwise.set_intervention(Some(Intervention { agent: 7, invited: 0, behaviour: 1, until: 0 }));
/// for world in [&mut as_it_is, &mut otherwise] {
///     world.step(Parallelism::SERIAL);
/// }
/// assert!(!otherwise.partners().is_empty(), "agent 7 attended");
/// # Ok::<(), mingle::Diagnostics>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Intervention {
    /// The agent.
    pub agent: AgentId,
    /// The agent attends the mixer of this round for certain.
    pub invited: u32,
    /// How it acts: the position of a strategy in the scenario. Further behaviours of a bet have larger numbers.
    pub behaviour: u16,
    /// Last round of the intervention, which begins in `invited`. Later the agent acts by its strategy again.
    pub until: u32,
}

impl Intervention {
    /// The behaviour at a mixer of this round; `None` if the agent acts by its strategy.
    pub(super) fn behaviour_in(&self, round: u32) -> Option<u16> {
        (self.invited..=self.until).contains(&round).then_some(self.behaviour)
    }
}
