//! The checked scenario: plain structs whose values are known to lie in their ranges.
//!
//! Amounts (benefits, costs, capital) are in units of benefit, finite, and from 0 to 1e9.
//!
//! Only the checks of this room make a [`Scenario`], and it cannot be changed. So code that has a scenario need not
//! check it again.

use std::ops::Deref;
use std::sync::Arc;

pub use super::calls::CallRules;
use super::experiments::{BetRules, Factor, ScheduledChange, SweepRules, Until};
use super::inputs::Community;
pub use super::needs::NeedRules;
pub use super::selection::{Among, EvolutionRules, SurvivalRules};
use super::source::Provenance;

/// A checked scenario: all values in force, each within its range, and consistent with each other.
///
/// It is made from the text of a scenario file, and is read-only: it dereferences to its [`Settings`].
///
/// ```
/// use mingle::Scenario;
///
/// let scenario = Scenario::parse("rounds = 26\n[population]\nagents = 100", &[])?;
/// assert_eq!((scenario.rounds, scenario.population.agents), (26, 100));
/// // What the text leaves out has its default.
/// assert_eq!(scenario.strategies[0].name, "warrior");
/// # Ok::<(), mingle::Diagnostics>(())
/// ```
///
/// ```compile_fail
/// # let mut scenario = mingle::Scenario::default();
/// scenario.population.agents = 0; // Settings cannot be changed after the checks.
/// ```
#[derive(Clone, Debug)]
pub struct Scenario {
    settings: Settings,
    community: Arc<Community>,
    /// The settings from the round of each change on, rounds ascending.
    later: Arc<[Period]>,
    provenance: Arc<Provenance>,
}

/// The settings from a round on.
pub(super) type Period = (u32, Settings);

impl Scenario {
    /// Settings that have passed all checks.
    pub(super) fn of(
        settings: Settings,
        later: Arc<[Period]>,
        community: Arc<Community>,
        provenance: Provenance,
    ) -> Self {
        Self { settings, later, community, provenance: Arc::new(provenance) }
    }

    /// The people and first ties of files.
    #[must_use]
    pub(crate) fn community(&self) -> &Community {
        &self.community
    }

    pub(super) fn shared_community(&self) -> Arc<Community> {
        Arc::clone(&self.community)
    }

    /// The scenarios of the rounds from each change on, with the first of these rounds, in their order. They have no
    /// changes.
    pub(crate) fn periods(&self) -> impl Iterator<Item = (u32, Self)> + '_ {
        self.later.iter().map(|(round, later)| {
            let Settings { rounds, burn_in, auto_burn_in, replicates, .. } = self.settings;
            let settings = Settings {
                rounds,
                burn_in,
                auto_burn_in,
                replicates,
                scheduled: Vec::new(),
                ..later.clone()
            };
            (*round, Self { later: Arc::default(), ..self.with_settings(settings) })
        })
    }

    /// The settings from the round of each change on.
    pub(super) fn later(&self) -> Arc<[Period]> {
        Arc::clone(&self.later)
    }

    /// The same scenario without changes.
    pub(crate) fn without_changes(&self) -> Self {
        let settings = Settings { scheduled: Vec::new(), ..self.settings.clone() };
        Self { later: Arc::default(), ..self.with_settings(settings) }
    }

    /// The text and the overrides that the scenario was read from. Results record them.
    #[must_use]
    pub(crate) fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// The same scenario with another number of replicates.
    pub(crate) fn with_replicates(&self, replicates: u32) -> Self {
        assert!(replicates > 0, "a scenario has at least one replicate");
        self.with_settings(Settings { replicates, ..self.settings.clone() })
    }

    /// The same scenario with another number of rounds, none of which are burn-in.
    pub(crate) fn with_rounds(&self, rounds: u32) -> Self {
        assert!(rounds > 0, "a scenario has at least one round");
        self.with_settings(Settings { rounds, burn_in: 0, auto_burn_in: false, ..self.settings.clone() })
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(super) fn with_settings(&self, settings: Settings) -> Self {
        Self {
            settings,
            later: Arc::clone(&self.later),
            community: Arc::clone(&self.community),
            provenance: Arc::clone(&self.provenance),
        }
    }
}

/// Scenarios are equal if their settings, people and first ties are equal. The texts that they were read from do not matter.
impl PartialEq for Scenario {
    fn eq(&self, other: &Self) -> bool {
        self.settings == other.settings && self.community == other.community
    }
}

impl Deref for Scenario {
    type Target = Settings;

    fn deref(&self) -> &Settings {
        &self.settings
    }
}

/// The values of a scenario, by section of its file.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Settings {
    /// Heading of tables and charts, at most 200 characters, none of them a control character.
    pub title: String,
    /// Master seed, 0 to 2^53 - 1; every replicate's seed derives from it.
    pub seed: u64,
    /// Rounds (weeks) simulated, 1 to 65,535.
    pub rounds: u32,
    /// Number of first rounds that summaries leave out, less than `rounds`; 0 as long as `auto_burn_in` holds.
    pub burn_in: u32,
    /// Whether `burn_in = "auto"` leaves the number to pilot replicates, which have not been run yet.
    pub auto_burn_in: bool,
    /// Independent repetitions, 1 to 1,000,000; of each batch, unless `until` is fixed.
    pub replicates: u32,
    /// The rule for the number of replicates of a run.
    pub until: Until,
    /// Half-width of intervals to reach, in units of benefit per round, 0 to 1e9.
    pub precision: f64,
    /// Maximum number of replicates of a run, 2 to 1,000,000; at least `replicates`, unless `until` is fixed.
    pub replicates_max: u32,
    /// Confidence of intervals, 0.5 to 0.999.
    pub level: f64,
    /// Agents, towns and the number of ties.
    pub population: PopulationRules,
    /// Rules by which needs arise and lapse.
    pub needs: NeedRules,
    /// Benefits and costs of acts of help.
    pub help: HelpRules,
    /// The networking events.
    pub mixer: MixerRules,
    /// Calls between mixers.
    pub calls: CallRules,
    /// Rules by which opinions form.
    pub reputation: ReputationRules,
    /// The strategies, 1 to 1,000, names unique, shares summing to 1.
    pub strategies: Vec<Strategy>,
    /// The regions, 1 to 1,000, names unique, shares summing to 1.
    pub regions: Vec<Region>,
    /// Capital and failure, if the scenario has them.
    pub survival: Option<SurvivalRules>,
    /// Imitation and mutation of strategies, if the scenario has them.
    pub evolution: Option<EvolutionRules>,
    /// The settings that change at a round, in the order of the file.
    pub scheduled: Vec<ScheduledChange>,
    /// The bet, if the scenario has one.
    pub bet: Option<BetRules>,
    /// The sweep, if the scenario has one.
    pub sweep: Option<SweepRules>,
    /// The factors of the sweep, at most 100, names unique.
    pub factors: Vec<Factor>,
}

/// `[population]`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PopulationRules {
    /// Number of agents (places), 1 to 2^32 - 2.
    pub agents: u32,
    /// Number of domains of expertise, 1 to 65,535 and at most `agents`.
    pub domains: u32,
    /// Maximum number of ties of an agent, 0 to 65,535.
    pub ties_max: u32,
    /// Twice the number of agents that each agent names as contacts at the start. Half of it is at most `ties_max`,
    /// unless that is 0.
    pub start_ties: u32,
    /// Trust of the ties at the start, -1 to 1.
    pub start_trust: f64,
    /// Standard deviation of `start_trust` among people; 0 if all are alike.
    pub start_trust_sd: f64,
    /// Agents per town; 0 makes each region one town.
    pub town_size: u32,
    /// Cost of keeping a tie for a round.
    pub tie_cost: f64,
    /// Name of the file of people; empty without one.
    pub agents_file: String,
    /// Name of the file of the first ties; empty without one.
    pub network_file: String,
}

/// `[help]`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct HelpRules {
    /// Cost of an assist to the helper.
    pub assist_cost: f64,
    /// Cost of a referral to the agent who refers.
    pub refer_cost: f64,
    /// Benefit of an encouragement to its receiver.
    pub encourage_value: f64,
    /// Cost of an encouragement to its giver.
    pub encourage_cost: f64,
    /// Chance that an assist fails, 0 to 1.
    pub execution_error: f64,
    /// Standard deviation of `execution_error` among people; 0 if all are alike.
    pub execution_error_sd: f64,
    /// Chance that a guest whose need was solved in the last rounds helps whomever it meets at a mixer, 0 to 1.
    pub pay_forward: f64,
    /// Number of these rounds, 1 to 1,000,000.
    pub pay_forward_rounds: u32,
    /// Chance that an agent who owes another a favour helps this one whatever it thinks of it, 0 to 1.
    pub reciprocity: f64,
    /// For how many rounds a favour is owed, 1 to 1,000,000.
    pub reciprocity_rounds: u32,
    /// Weight of the cost of help, as a share of the value of the need, in the decision to help; 0 to 1e6.
    pub cost_sensitivity: f64,
}

/// `[mixer]`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MixerRules {
    /// Rounds from one mixer to the next, 1 to 1,000,000.
    pub every: u32,
    /// Maximum number of guests of an event, at least 2.
    pub size: u32,
    /// Slots of an event, each the time of one conversation, 1 to 65,535.
    pub slots: u32,
    /// Cost of attending.
    pub cost: f64,
    /// Weight of a contact relative to a stranger in the choice of a partner, 1 to 1e6.
    pub familiarity: f64,
    /// Weight of the opinion of a candidate in the choice of a partner, -100 to 100.
    pub opinion_weight: f64,
    /// Weight of a candidate of the same home town, 0 to 1e6.
    pub same_town: f64,
    /// Weight of a candidate of the same home region, 0 to 1e6.
    pub same_region: f64,
    /// Weight of a candidate with the same expertise, 0 to 1e6.
    pub same_domain: f64,
    /// Weight of a candidate with whom a contact is shared, 0 to 1e6.
    pub mutual: f64,
    /// Chance per slot that a conversation goes on that exactly one of the two wants to end, 0 to 1.
    pub politeness: f64,
    /// Chance that a guest goes to another town's mixer, 0 to 1.
    pub travel: f64,
    /// Cost of going to another town.
    pub travel_cost: f64,
}

/// The kind of reputation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReputationKind {
    /// Each agent has its own trust in each of its contacts.
    Private,
    /// Each agent has one standing, which everyone knows.
    Public,
}

/// The rule by which help and refusal are judged (see the model documentation).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Norm {
    /// Help is good, refusal is bad.
    ImageScoring,
    /// As image scoring, but refusing a bad recipient is good.
    SimpleStanding,
    /// Helping a good recipient and refusing a bad one are good; everything else is bad.
    SternJudging,
    /// Only helping a good recipient is good.
    Shunning,
}

/// `[reputation]`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ReputationRules {
    /// Private trust or public standing.
    pub kind: ReputationKind,
    /// Opinion of a stranger, -1 to 1.
    pub prior: f64,
    /// Opinion of a stranger who makes a referral, -1 to 1.
    pub vouch: f64,
    /// Factor by which trust is multiplied in a round without contact, 0 to 1.
    pub fade: f64,
    /// Share by which an opinion moves toward a verdict, 0 to 1.
    pub learning: f64,
    /// Chance that an observer sees the motive of an act, 0 to 1; a region can have its own value.
    pub legibility: f64,
    /// Verdict about a push, with the opposite sign, -1 to 1; a region can have its own value.
    pub push_penalty: f64,
    /// Verdict about an encouragement, -1 to 1.
    pub encourage_credit: f64,
    /// Chance that a verdict has the wrong sign, 0 to 1.
    pub assessment_error: f64,
    /// The norm.
    pub norm: Norm,
    /// Public: chance that an act enters the standing. Private: chance that each other guest sees it. 0 to 1.
    pub observe: f64,
    /// Share by which gossip moves trust toward the speaker's, 0 to 1.
    pub gossip_weight: f64,
}

/// `[[strategy]]`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Strategy {
    /// Unique name, as in the tables; 1 to 60 characters, no control characters.
    pub name: String,
    /// Share of the population, 0 to 1.
    pub share: f64,
    /// Chance to attend a mixer, 0 to 1.
    pub attend: f64,
    /// Standard deviation of `attend` among people; 0 if all are alike.
    pub attend_sd: f64,
    /// Chance to push its own need in a turn, 0 to 1.
    pub ask: f64,
    /// Standard deviation of `ask` among people; 0 if all are alike.
    pub ask_sd: f64,
    /// Chance to ask about the other's need and act on it, 0 to 1.
    pub serve: f64,
    /// Standard deviation of `serve` among people; 0 if all are alike.
    pub serve_sd: f64,
    /// Chance to grant a direct request when able, 0 to 1.
    pub comply: f64,
    /// Standard deviation of `comply` among people; 0 if all are alike.
    pub comply_sd: f64,
    /// Chance to point to someone who can help, 0 to 1.
    pub refer: f64,
    /// Standard deviation of `refer` among people; 0 if all are alike.
    pub refer_sd: f64,
    /// Chance to stay in a conversation for one more slot, 0 to 1.
    pub linger: f64,
    /// Standard deviation of `linger` among people; 0 if all are alike.
    pub linger_sd: f64,
    /// Minimum opinion of an agent to help it, -1 to 1.
    pub min_opinion: f64,
    /// Standard deviation of `min_opinion` among people; 0 if all are alike.
    pub min_opinion_sd: f64,
    /// Chance per round to talk about a third person, 0 to 1.
    pub gossip: f64,
    /// Standard deviation of `gossip` among people; 0 if all are alike.
    pub gossip_sd: f64,
    /// Share by which it lowers the chance that its motive is seen, 0 to 1.
    pub polish: f64,
    /// Standard deviation of `polish` among people; 0 if all are alike.
    pub polish_sd: f64,
}

/// `[[region]]`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Region {
    /// Unique name; 1 to 60 characters, no control characters.
    pub name: String,
    /// Share of the population, 0 to 1.
    pub share: f64,
    /// Chance that an observer sees the motive of an act, 0 to 1.
    pub legibility: f64,
    /// Verdict about a push, with the opposite sign, -1 to 1.
    pub push_penalty: f64,
    /// Factor by which the polish of its residents counts in other regions, 0 to 1.
    pub polish_abroad: f64,
}
