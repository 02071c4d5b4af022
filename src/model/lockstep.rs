//! Many variants of one world, all going on together with it.

use super::payments::{Life, Payments};
use super::population::Role;
use super::round::Simulation;
use super::rules::Rules;
use super::ties::AgentId;
use super::variant::Variant;
use crate::parallel::Team;

/// A world, and variants of it that go on in step with it: each is the world that a copy would be
/// in which somebody had been given a role, to the bit. A variant takes time and memory for those who
/// differ only.
#[derive(Clone, Debug)]
pub struct Lockstep<'a> {
    base: Simulation<'a>,
    variants: Vec<Variant>,
}

impl<'a> Lockstep<'a> {
    /// Whether variants of a world can go on in step with it: what an agent does reaches few others at
    /// once. It does not where everybody reads the same standing, where who fails is forgotten by
    /// all, and where anybody may compare with anybody.
    pub fn serves(rules: &Rules) -> bool {
        let s = &rules.scenario;
        !rules.public && s.survival.is_none() && s.evolution.is_none()
    }

    /// A world, in which nobody has a role, with some variants that do not differ, yet.
    ///
    /// # Panics
    /// If [`Lockstep::serves`] says no.
    pub fn new(mut base: Simulation<'a>, n_variants: usize) -> Self {
        assert!(Self::serves(base.world().rules), "in such a world everybody depends on everybody");
        base.cast(None);
        let variants = (0..n_variants).map(|_| Variant::new(base.world())).collect();
        Self { base, variants }
    }

    /// The same, with a variant for each of these roles.
    ///
    /// # Panics
    /// If [`Lockstep::serves`] says no, or there is no such agent or manner.
    pub fn with_roles(base: Simulation<'a>, roles: &[Role]) -> Self {
        let mut worlds = Self::new(base, roles.len());
        roles.iter().enumerate().for_each(|(i, &role)| worlds.cast(i, Some(role)));
        worlds
    }

    /// One round of all worlds, without records.
    pub fn advance(&mut self, team: Team<'_>) {
        self.base.advance_with(&mut self.variants, team);
    }

    /// Gives an agent a role in one variant, or nobody.
    ///
    /// # Panics
    /// If there is no such variant, agent or manner.
    pub fn cast(&mut self, variant: usize, role: Option<Role>) {
        self.base.check(role);
        self.variants[variant].role = role;
    }

    /// The world of which all are variants.
    pub fn base(&self) -> &Simulation<'a> {
        &self.base
    }

    /// Whom the agent with a role talked to at the last mixer in one variant.
    pub fn partners(&self, variant: usize) -> &[AgentId] {
        &self.variants[variant].partners
    }

    /// The payments of everybody in all rounds so far in one variant.
    pub fn posted(&self, variant: usize) -> Payments {
        self.variants[variant].posted(self.base.world(), &self.base.posted())
    }

    /// The payments of the life that takes an agent's place in one variant.
    pub fn life(&self, variant: usize, agent: AgentId) -> Life {
        self.variants[variant].life(agent, self.base.world())
    }

    /// How many agents are kept for one variant, because they differ from the base.
    pub fn n_differing(&self, variant: usize) -> usize {
        self.variants[variant].differing().len()
    }

    /// Whether two variants are in the same state, so that they go on alike unless they are given
    /// different roles.
    pub fn alike(&self, one: usize, other: usize) -> bool {
        self.variants[one].is_as(&self.variants[other])
    }

    /// Keeps only the variants with these numbers, which rise; they are numbered anew.
    pub fn keep(&mut self, kept: &[usize]) {
        let mut number = 0..;
        self.variants.retain(|_| number.next().is_some_and(|i| kept.binary_search(&i).is_ok()));
    }
}

#[cfg(test)]
mod tests {
    use super::super::variant::People;
    use super::*;
    use crate::scenario::{Override, Source, parse};

    /// Settings that each bring another part of the model into play.
    const SETTINGS: &[&[&str]] = &[
        &[],
        &["calls.rate=0.8", "calls.depth=4", "calls.min_opinion=-0.5"],
        &["mixer.every=1", "population.ties_max=4", "population.start_ties=2"],
        &["reputation.observe=0.2"],
        &["mixer.familiarity=4"],
        &["population.town_size=40", "mixer.travel=0.3", "mixer.every=2"],
        &["population.ties_max=0"],
        &["needs.visible=true", "needs.patience=2", "reputation.fade=0.5"],
    ];

    fn rules(sets: &[&str]) -> Rules {
        let small = ["population.agents=160", "population.ties_max=14", "mixer.size=12", "rounds=40"];
        let sets: Vec<Override> =
            small.iter().chain(&["burn_in=10"]).chain(sets).map(|s| Override::set(s)).collect();
        let scenario = parse(&Source { name: "test", bytes: b"" }, &sets);
        Rules::new(&scenario.unwrap_or_else(|e| panic!("{}", e.render(false))))
    }

    fn world_at(rules: &Rules, round: u32) -> Simulation<'_> {
        let mut world = Simulation::new(rules, 11, Team::ALONE);
        (0..round).for_each(|_| world.advance(Team::ALONE));
        world
    }

    /// Everybody's state, the payments and the partners in a variant against those in a whole world.
    fn assert_as(worlds: &Lockstep<'_>, variant: usize, whole: &Simulation<'_>, case: &str) {
        let (base, other) = (worlds.base.world(), whole.world());
        let seen = worlds.variants[variant].seen(base);
        for id in 0..other.n_agents() {
            assert!(seen.agent(id).acts_as(other.agent(id)), "{case}: agent {id}");
            assert_eq!(seen.ties(id), other.ties(id), "{case}: ties of {id}");
            assert_eq!(worlds.life(variant, id), whole.life(id), "{case}: life of {id}");
        }
        assert_eq!(worlds.posted(variant), whole.posted(), "{case}");
        assert_eq!(worlds.partners(variant), whole.partners(), "{case}");
    }

    #[test]
    fn a_variant_is_in_every_round_the_world_that_a_copy_would_be_in() {
        for settings in SETTINGS {
            let rules = rules(settings);
            let before = world_at(&rules, 12);
            // One evening, a campaign, a manner that changes nothing, and one who never comes by itself.
            let role = |agent, manner, until| Role { agent, summoned: 12, manner, until };
            let abstainer = (0..160).find(|&a| before.life(a).strategy == Some(2)).unwrap();
            let own = before.life(7).strategy.unwrap();
            let roles =
                [role(7, 1 - own.min(1), 12), role(7, 1, 40), role(7, own, 12), role(abstainer, 0, 20)];
            let mut worlds = Lockstep::with_roles(before.clone(), &roles);
            let mut copies = roles.map(|role| {
                let mut copy = before.clone();
                copy.cast(Some(role));
                copy
            });
            for round in 12..40 {
                worlds.advance(Team::ALONE);
                for (variant, copy) in copies.iter_mut().enumerate() {
                    copy.advance(Team::ALONE);
                    assert_as(&worlds, variant, copy, &format!("{settings:?} round {round} role {variant}"));
                }
            }
        }
    }

    #[test]
    fn a_role_that_changes_nothing_leaves_nobody_different() {
        let rules = rules(&[]);
        let before = world_at(&rules, 12);
        let guest = (0..160).find(|&a| before.would_attend(a)).unwrap();
        let manner = before.life(guest).strategy.unwrap();
        let mut worlds =
            Lockstep::with_roles(before, &[Role { agent: guest, summoned: 12, manner, until: 40 }]);
        for _ in 12..40 {
            worlds.advance(Team::ALONE);
            assert_eq!(worlds.n_differing(0), 0);
            assert_eq!(worlds.posted(0), worlds.base().posted());
        }
    }

    #[test]
    fn what_no_tie_keeps_is_forgotten_when_needs_lapse() {
        // Without ties a changed evening lives on in open needs only, and these last two rounds.
        let rules = rules(&["population.ties_max=0", "needs.patience=2", "needs.rate=0.5", "mixer.every=16"]);
        let before = world_at(&rules, 16);
        let warriors = (0..160).filter(|&a| before.would_attend(a) && before.life(a).strategy == Some(0));
        let role = |agent| Role { agent, summoned: 16, manner: 1, until: 16 };
        let roles: Vec<Role> = warriors.take(12).map(role).collect();
        let mut worlds = Lockstep::with_roles(before, &roles);
        worlds.advance(Team::ALONE);
        assert!((0..12).any(|i| worlds.n_differing(i) > 0), "nothing happened");
        (0..15).for_each(|_| worlds.advance(Team::ALONE));
        assert!((0..12).all(|i| worlds.n_differing(i) == 0));
        assert!((0..12).any(|i| worlds.posted(i) != worlds.base().posted()), "what was paid stays paid");
    }

    #[test]
    fn a_difference_stays_in_its_town_where_nobody_travels() {
        let rules = rules(&["population.agents=800", "population.town_size=80"]);
        let before = world_at(&rules, 12);
        let guest = (0..80).find(|&a| before.would_attend(a) && before.life(a).strategy == Some(0)).unwrap();
        let mut worlds =
            Lockstep::with_roles(before, &[Role { agent: guest, summoned: 12, manner: 1, until: 40 }]);
        (12..40).for_each(|_| worlds.advance(Team::ALONE));
        assert!(worlds.n_differing(0) > 2);
        assert!(worlds.variants[0].differing().iter().all(|&id| id < 80));
    }
}
