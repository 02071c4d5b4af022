//! Behaviour of agents and observation of their acts, as thresholds for random words.

use super::judge::Observation;
use super::precision::single;
use super::reactions::Reactions;
use crate::draws::threshold;
use crate::scenario::{Region, ReputationKind, Scenario, Strategy};

/// The behaviour of an agent: of everybody with a strategy or, if people differ, of one person. Chances are stored as
/// [`threshold`]s.
#[derive(Clone, Copy, Debug)]
pub(super) struct Behaviour {
    pub ask: i32,
    pub serve: i32,
    pub comply: i32,
    /// Complies, but the help fails.
    pub comply_fails: i32,
    /// Gives help that nobody asked for, but it fails.
    pub fails: i32,
    pub refer: i32,
    pub linger: i32,
    /// `serve` - `ask`, -1 to 1.
    pub motive: f32,
    /// Least opinion of agents to help.
    pub min_opinion: f32,
    pub attend: i32,
    pub gossip: i32,
    /// A need opens.
    pub needs: i32,
    /// Its number: the position of the strategy, or a larger one for what only an intervention gives.
    pub number: u16,
    /// How well the motive is hidden.
    pub polish: f64,
}

impl Behaviour {
    /// The behaviour of this number, of an agent with these traits.
    pub(super) fn new(
        number: u16,
        traits: &Strategy,
        (execution_error, needs_rate): (f64, f64),
        reactions: &Reactions,
    ) -> Self {
        let comply = traits.comply * reactions.assist;
        Self {
            ask: threshold(traits.ask),
            serve: threshold(traits.serve),
            comply: threshold(comply),
            comply_fails: threshold(comply * execution_error),
            fails: threshold(reactions.assist * execution_error),
            refer: threshold(traits.refer * reactions.refer),
            linger: threshold(traits.linger),
            motive: motive(traits),
            min_opinion: single(traits.min_opinion),
            attend: threshold(traits.attend),
            gossip: threshold(traits.gossip),
            needs: threshold(needs_rate),
            number,
            polish: traits.polish,
        }
    }
}

/// The motive behind the acts of an agent with these traits, -1 to 1.
pub(super) fn motive(traits: &Strategy) -> f32 {
    single(traits.serve - traits.ask)
}

/// Observation probabilities: for every behaviour of an actor, and every region of actor and observer.
#[derive(Clone, Debug)]
pub(super) struct Observations {
    /// Observations in the actor's own region: by behaviour, then region, then whether the actor is abroad. Empty if
    /// polish differs between people.
    table: Vec<Observation>,
    /// The chance that the judge of an act sees it: `observe` under public reputation, else 1.
    observe: f64,
    error: f64,
    regions: Vec<Region>,
}

/// The properties of an actor that matter to observers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Actor<'w> {
    /// Its behaviour.
    pub behaviour: &'w Behaviour,
    /// Its home region.
    pub region: u16,
    /// Whether the mixer is in another region.
    pub abroad: bool,
}

impl Observations {
    /// The observations of a scenario for these behaviours, which may have another polish in each person.
    pub(super) fn new(s: &Scenario, behaviours: &[Behaviour], polish_differs: bool) -> Self {
        let public = s.reputation.kind == ReputationKind::Public;
        let mut all = Self {
            table: Vec::new(),
            observe: if public { s.reputation.observe } else { 1.0 },
            error: s.reputation.assessment_error,
            regions: s.regions.clone(),
        };
        if polish_differs {
            return all;
        }
        let n_regions = u16::try_from(s.regions.len()).expect("numbered in 16 bits");
        let actors = behaviours.iter().flat_map(|behaviour| {
            (0..n_regions)
                .flat_map(move |region| [false, true].map(|abroad| Actor { behaviour, region, abroad }))
        });
        all.table = actors.map(|actor| all.compute(actor, actor.region, all.observe)).collect();
        all
    }

    /// Observation of an actor's act by its judge. `region` is the region whose `legibility` counts.
    #[inline]
    pub(super) fn of(&self, actor: Actor<'_>, region: u16) -> Observation {
        if region == actor.region && !self.table.is_empty() {
            let place = usize::from(actor.behaviour.number) * self.regions.len() + usize::from(region);
            return self.table[2 * place + usize::from(actor.abroad)];
        }
        self.compute(actor, region, self.observe)
    }

    /// Observation by an agent of `region` who sees an act with chance `observe`.
    pub(super) fn compute(&self, actor: Actor<'_>, region: u16, observe: f64) -> Observation {
        let polish_abroad = self.regions[usize::from(actor.region)].polish_abroad;
        let polish = actor.behaviour.polish * if actor.abroad { polish_abroad } else { 1.0 };
        Observation::new(observe, self.regions[usize::from(region)].legibility, polish, self.error)
    }
}
