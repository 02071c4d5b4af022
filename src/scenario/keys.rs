//! The table of keys: every section, key, range, default, unit and meaning.
//!
//! A row's name is both the key in the file and the field of the struct. A row without a field, or a field without a
//! row, does not compile.

use std::borrow::Cow;

use super::burn_in::BurnIn;
use super::experiments::{
    BetDesign, BetRules, Factor, Scale, ScheduledChange, SweepDesign, SweepRules, SweptExperiment, Until,
};
use super::settings::{
    Among, CallRules, EvolutionRules, HelpRules, MixerRules, NeedRules, Norm, PopulationRules, Region,
    ReputationKind, ReputationRules, Strategy, SurvivalRules,
};
use super::spread::{AMOUNT, CHANCE, OPINION};
use super::table::{Datum, Fallback, Key, Kind, Rule, Section, SectionSpec, Shape, Value, take};

/// The keys before the first section, as a struct, so that they are a section like the others.
#[derive(Clone, Debug)]
pub(super) struct RunRules {
    pub(super) title: String,
    pub(super) seed: u64,
    pub(super) rounds: u32,
    pub(super) burn_in: BurnIn,
    pub(super) replicates: u32,
    pub(super) until: Until,
    pub(super) precision: f64,
    pub(super) replicates_max: u32,
    pub(super) level: f64,
}

/// Maximum number of rounds of a run: round numbers fit in 16 bits.
pub(crate) const ROUNDS_MAX: u64 = 65_535;
/// Maximum number of agents: numbers fit in 32 bits, and one is reserved for "nobody".
const AGENTS_MAX: u64 = 4_294_967_294;
/// Maximum number of ties of an agent.
const TIES_MAX: u64 = 65_535;
/// A large limit, so that sums with round numbers fit in 32 bits.
const LARGE: u64 = 1_000_000;
/// Largest seed: whole numbers up to this are exact in JSON.
const SEED_MAX: u64 = (1 << 53) - 1;

// The size of the largest tie table, at 8 bytes per tie, fits in 63 bits.
const _: () = assert!(AGENTS_MAX as u128 * TIES_MAX as u128 * 8 < 1 << 63);

const fn real(min: f64, max: f64, default: f64) -> Rule {
    Rule { kind: Kind::Real { min, max }, fallback: Fallback::Is(Value::Real(default)) }
}

const fn chance(default: f64) -> Rule {
    real(CHANCE[0], CHANCE[1], default)
}

const fn opinion(default: f64) -> Rule {
    real(OPINION[0], OPINION[1], default)
}

const fn amount(default: f64) -> Rule {
    real(AMOUNT[0], AMOUNT[1], default)
}

const fn whole(min: u64, max: u64, default: u64) -> Rule {
    Rule { kind: Kind::Whole { min, max }, fallback: Fallback::Is(Value::Whole(default)) }
}

const fn flag(default: bool) -> Rule {
    Rule { kind: Kind::Flag, fallback: Fallback::Is(Value::Flag(default)) }
}

const fn choice(names: &'static [&'static str], default: &'static str) -> Rule {
    Rule { kind: Kind::Choice(names), fallback: Fallback::Is(Value::Text(Cow::Borrowed(default))) }
}

const fn title(default: &'static str) -> Rule {
    let kind = Kind::Text { min_chars: 0, max_chars: 200 };
    Rule { kind, fallback: Fallback::Is(Value::Text(Cow::Borrowed(default))) }
}

/// The path of a file, or nothing.
const fn file_name() -> Rule {
    let kind = Kind::Text { min_chars: 0, max_chars: 1_000 };
    Rule { kind, fallback: Fallback::Is(Value::Text(Cow::Borrowed(""))) }
}

const fn name() -> Rule {
    Rule { kind: Kind::Text { min_chars: 1, max_chars: 60 }, fallback: Fallback::Required }
}

/// A chance that depends on the strategy: warrior, servant, abstainer.
const fn chances(presets: [f64; 3]) -> Rule {
    Rule { kind: Kind::Real { min: CHANCE[0], max: CHANCE[1] }, fallback: Fallback::Preset(presets) }
}

const fn opinions(presets: [f64; 3]) -> Rule {
    Rule { kind: Kind::Real { min: OPINION[0], max: OPINION[1] }, fallback: Fallback::Preset(presets) }
}

const fn unit_range(min: f64, fallback: Fallback) -> Rule {
    Rule { kind: Kind::Real { min, max: 1.0 }, fallback }
}

const fn strategy_name(default: &'static str) -> Rule {
    let kind = Kind::Text { min_chars: 1, max_chars: 60 };
    Rule { kind, fallback: Fallback::Is(Value::Text(Cow::Borrowed(default))) }
}

const fn horizons(default: &'static [u64]) -> Rule {
    let kind = Kind::Rising { min: 0, max: ROUNDS_MAX - 1, most: 100 };
    Rule { kind, fallback: Fallback::Is(Value::Wholes(Cow::Borrowed(default))) }
}

/// Maximum number of sizes of needs.
const SIZES_MOST: usize = 20;

/// Sizes of needs; by default all are worth the same. Units of value fit in 32 bits: see `model/surplus.rs`.
const SIZES: Rule = Rule {
    kind: Kind::Rising { min: 1, max: 1_000, most: SIZES_MOST },
    fallback: Fallback::Is(Value::Wholes(Cow::Borrowed(&[1]))),
};

const SIZE_SHARES: Rule = Rule {
    kind: Kind::Reals { min: 0.0, max: 1.0, most: SIZES_MOST },
    fallback: Fallback::Is(Value::Reals(Cow::Borrowed(&[1.0]))),
};

/// When a run has enough replicates.
const UNTIL: Rule = Rule {
    kind: Kind::Choice(Until::NAMES),
    fallback: Fallback::IfGiven { key: "precision", then: "precise", otherwise: "fixed" },
};

/// A name that can be empty.
const fn optional_name() -> Rule {
    let kind = Kind::Text { min_chars: 0, max_chars: 60 };
    Rule { kind, fallback: Fallback::Is(Value::Text(Cow::Borrowed(""))) }
}

const fn items(most: usize) -> Rule {
    Rule { kind: Kind::Items { least: 0, most }, fallback: Fallback::Is(Value::Texts(Vec::new())) }
}

/// The standard deviation of a number with this rule. In a range none is larger than half of its width.
const fn deviation(of: &'static Rule) -> Rule {
    let Kind::Real { min, max } = of.kind else { panic!("only numbers differ between people") };
    real(0.0, (max - min) / 2.0, 0.0)
}

/// The row of the key for a standard deviation.
macro_rules! deviation_key {
    ($sd:ident of $field:ident, $rule:expr, $unit:literal) => {
        Key {
            name: concat!(stringify!($field), ".sd"),
            rule: {
                static OF: Rule = $rule;
                deviation(&OF)
            },
            unit: $unit,
            doc: concat!(
                "Standard deviation of `",
                stringify!($field),
                "` among people; with 0 all are alike."
            ),
        }
    };
}

/// The sections' keys. A number that may differ between people is written `mean ~ sd`, with the names of two fields:
/// the second key, `mean.sd`, is its standard deviation.
macro_rules! section {
    ($type:ident, $name:literal, $shape:ident, $about:literal;
     $($field:ident $(~ $sd:ident)? = $rule:expr, $unit:literal, $doc:literal;)+) => {
        impl Section for $type {
            const SPEC: SectionSpec = SectionSpec {
                name: $name,
                shape: Shape::$shape,
                doc: $about,
                keys: &[$(
                    Key { name: stringify!($field), rule: $rule, unit: $unit, doc: $doc },
                    $(deviation_key!($sd of $field, $rule, $unit),)?
                )+],
            };

            fn from_values(values: &[Value]) -> Self {
                let mut values = values.iter();
                Self { $($field: take(&mut values), $($sd: take(&mut values),)?)+ }
            }

            fn to_values(&self) -> Vec<Value> {
                vec![$(self.$field.to_value(), $(self.$sd.to_value(),)?)+]
            }
        }
    };
}

/// Every section, in the order of the reference.
pub(super) static SECTIONS: [SectionSpec; 15] = [
    RunRules::SPEC,
    PopulationRules::SPEC,
    NeedRules::SPEC,
    HelpRules::SPEC,
    MixerRules::SPEC,
    CallRules::SPEC,
    ReputationRules::SPEC,
    Strategy::SPEC,
    Region::SPEC,
    SurvivalRules::SPEC,
    EvolutionRules::SPEC,
    ScheduledChange::SPEC,
    BetRules::SPEC,
    SweepRules::SPEC,
    Factor::SPEC,
];

section! { RunRules, "", Top, "What is run, and how often.";
    title = title("Chamber of Commerce mixers"), "", "Heading of tables and charts.";
    seed = whole(0, SEED_MAX, 1), "", "Master seed; the same scenario with the same seed gives the same results.";
    rounds = whole(1, ROUNDS_MAX, 156), "rounds", "How long a run lasts; a round is a week.";
    burn_in = Rule { kind: Kind::WholeOrAuto { min: 0, max: ROUNDS_MAX - 1 }, fallback: Fallback::OfRounds(52) }, "rounds", "First rounds that summaries leave out; \"auto\" for as many as pilot replicates propose.";
    replicates = whole(1, LARGE, 20), "runs", "Number of runs, each with its own random numbers; with another `until` than fixed, of each batch.";
    until = UNTIL, "", "When `mingle run` has enough: after `replicates` (fixed), or when the interval of every difference in net benefit is narrow (precise) or all are clear (decided).";
    precision = amount(0.01), "benefit per round", "Precise: half-width of the intervals to reach.";
    replicates_max = whole(2, LARGE, 200), "runs", "Precise and decided: most replicates.";
    level = real(0.5, 0.999, 0.95), "", "Confidence of all intervals; tests and words err with the remaining chance.";
}

section! { PopulationRules, "population", Always, "Agents, towns and ties.";
    agents = whole(1, AGENTS_MAX, 2_000), "people", "Number of agents.";
    domains = whole(1, 65_535, 12), "domains", "Number of fields of expertise; each agent is the expert in one.";
    ties_max = whole(0, TIES_MAX, 50), "ties", "Most ties an agent keeps; 0 keeps none.";
    start_ties = whole(0, 2 * TIES_MAX, 10), "ties", "Ties an agent has at the start on average: it names half as many others, and both know each other.";
    start_trust ~ start_trust_sd = opinion(0.3), "trust", "Trust of those first ties.";
    town_size = whole(0, AGENTS_MAX, 0), "people", "People per town; 0 makes each region one town.";
    tie_cost = amount(0.0), "benefit per tie and round", "Cost of keeping a tie; it counts as `overhead`.";
    agents_file = file_name(), "", "CSV file of the people, beside the scenario: columns name, strategy, region, town and expertise, or some of them; empty for none.";
    network_file = file_name(), "", "File of the first ties, beside the scenario: .csv (from, to, trust), .graphml or .gexf; empty for none.";
}

section! { NeedRules, "needs", Always, "How needs arise and lapse, and what solving one is worth.";
    rate ~ rate_sd = chance(0.1), "chance per round", "Chance that an agent without a need gets one.";
    patience = whole(1, LARGE, 6), "rounds", "How long a need stays open before it lapses.";
    value = amount(10.0), "benefit", "Benefit of a solved need.";
    sizes = SIZES, "times the value", "How many times `value` needs are worth.";
    size_shares = SIZE_SHARES, "share", "Share of each of `sizes` among the needs that arise; they sum to 1.";
    at_once = whole(1, 16, 1), "needs", "Most open needs of an agent; with more than 1, an agent with fewer can get one.";
    visible = flag(false), "", "Whether a partner sees a need without asking.";
}

section! { HelpRules, "help", Always, "What acts of help give and cost.";
    assist_cost = amount(1.0), "benefit", "Cost of an assist to the helper.";
    refer_cost = amount(0.2), "benefit", "Cost of a referral to the agent who refers.";
    encourage_value = amount(0.1), "benefit", "Benefit of being encouraged.";
    encourage_cost = amount(0.05), "benefit", "Cost of encouraging.";
    execution_error ~ execution_error_sd = chance(0.05), "chance", "Chance that an assist fails.";
    pay_forward = chance(0.0), "chance per mixer", "Chance that a guest whose need was solved lately helps whomever it meets at a mixer.";
    pay_forward_rounds = whole(1, LARGE, 4), "rounds", "How long a guest can pay forward after its need was solved.";
    reciprocity = chance(0.0), "chance per round and person", "Chance that who owes another a favour helps this one whatever it thinks of it; of two people, the one whom the other helped last owes one.";
    reciprocity_rounds = whole(1, LARGE, 26), "rounds", "How long a favour is owed.";
    cost_sensitivity = real(0.0, 1e6, 0.0), "", "How helpers weigh the cost: chances to assist and to refer are multiplied by 1 - cost_sensitivity x cost / value, at least 0.";
}

section! { MixerRules, "mixer", Always, "The networking events.";
    every = whole(1, LARGE, 4), "rounds", "Rounds from one mixer to the next; the first is in round 0.";
    size = whole(2, AGENTS_MAX, 40), "guests", "Most guests of one event; a town with more holds several.";
    slots = whole(1, 65_535, 12), "slots", "Length of an event; a slot is the time for one short talk.";
    cost = amount(1.0), "benefit", "Cost of attending.";
    familiarity = real(1.0, 1e6, 1.0), "weight", "Weight of an acquaintance against a stranger when a guest chooses whom to talk to.";
    opinion_weight = real(-100.0, 100.0, 0.0), "weight", "How a guest weighs its opinion of a candidate to talk to: a factor 1 + opinion_weight x opinion, at least 0; below 0 good opinions are avoided.";
    same_town = real(0.0, 1e6, 1.0), "weight", "Weight of a candidate of the same home town against one of another.";
    same_region = real(0.0, 1e6, 1.0), "weight", "Weight of a candidate of the same home region against one of another.";
    same_domain = real(0.0, 1e6, 1.0), "weight", "Weight of a candidate with the same expertise against one with another.";
    mutual = real(0.0, 1e6, 1.0), "weight", "Weight of a candidate with whom the guest shares a contact against one with whom it shares none.";
    politeness = chance(0.0), "chance per slot", "Chance that a conversation goes on that only one of the two wants to end.";
    travel = chance(0.0), "chance", "Chance that a guest goes to another town's mixer.";
    travel_cost = amount(0.0), "benefit", "Cost of going to another town.";
}

section! { CallRules, "calls", Always, "Calls outside events: who is called, and what calls pay.";
    rate = chance(0.2), "chance per round", "Chance that an agent with an open need searches for an expert to call.";
    depth = whole(0, 8, 2), "people", "Maximum number of people on a referral chain.";
    capacity = whole(0, LARGE, 1), "calls per round", "Calls that an expert takes in a round.";
    min_opinion = opinion(0.05), "opinion", "Opinion that a contact must exceed to be called, asked or named.";
    fee = chance(0.3), "share of value", "What the caller pays the expert.";
    finder_fee = chance(0.05), "share of value", "What the caller pays each person on the referral chain.";
    price_sensitivity = real(0.0, 1e6, 0.0), "per share of value", "How callers weigh the fee: the chance to call is multiplied by 1 - price_sensitivity x fee, at least 0.";
    only_if_pays = flag(false), "", "Whether experts refuse every call if the fee is less than help.assist_cost.";
}

section! { ReputationRules, "reputation", Always, "How opinions form.";
    kind = choice(ReputationKind::NAMES, "private"), "", "Whether each agent has its own opinions (private) or all share one standing per agent (public).";
    prior = opinion(0.1), "opinion", "Opinion of a stranger.";
    vouch = opinion(0.3), "opinion", "Opinion of a stranger who makes a referral.";
    fade = chance(0.98), "share per round", "Factor by which trust decays per round.";
    learning = chance(0.3), "share", "Share by which an opinion moves toward a verdict.";
    legibility = chance(0.3), "chance", "Chance that the motive behind an act is seen; a region may differ.";
    push_penalty = opinion(0.3), "verdict", "How badly pushing one's own need is judged; a region may differ.";
    encourage_credit = opinion(0.2), "verdict", "How well encouraging is judged.";
    assessment_error = chance(0.05), "chance", "Chance that a verdict flips its sign.";
    norm = choice(Norm::NAMES, "image-scoring"), "", "How help and refusal are judged.";
    observe = unit_range(0.0, Fallback::ByKind { private: 0.0, public: 1.0 }), "chance", "Public: chance that an act enters the standing. Private: chance that each other guest sees it.";
    gossip_weight = chance(0.3), "share", "Share by which gossip moves trust.";
}

section! { Strategy, "strategy", List, "A way to behave; list as many as you like.";
    name = name(), "", "Name of the strategy, as it stands in every table.";
    share = unit_range(0.0, Fallback::PresetOnly([0.4, 0.4, 0.2])), "share", "Share of the population; all shares sum to 1.";
    attend ~ attend_sd = chances([0.5, 0.5, 0.0]), "chance", "Chance to go to a mixer when there is one.";
    ask ~ ask_sd = chances([0.9, 0.1, 0.1]), "chance per turn", "Chance to push the own need.";
    serve ~ serve_sd = chances([0.1, 0.9, 0.9]), "chance per turn", "Chance to ask about the other's need and act on it.";
    comply ~ comply_sd = chances([0.5, 0.9, 0.9]), "chance", "Chance to grant a direct request when able.";
    refer ~ refer_sd = chances([0.1, 0.9, 0.9]), "chance", "Chance to point to someone who can help.";
    linger ~ linger_sd = chances([0.2, 0.7, 0.7]), "chance per slot", "Chance to stay in a conversation for one more slot.";
    min_opinion ~ min_opinion_sd = opinions([-1.0, 0.0, 0.0]), "opinion", "Least opinion of the other to help them.";
    gossip ~ gossip_sd = chances([0.3, 0.3, 0.3]), "chance per round", "Chance to talk about a third person.";
    polish ~ polish_sd = chances([0.0, 0.0, 0.0]), "share", "How well the motive is hidden.";
}

section! { Region, "region", List, "A part of the world with its own manners; without any there is one, `home`.";
    name = name(), "", "Name of the region.";
    share = unit_range(0.0, Fallback::OnlyRegion), "share", "Share of the population; all shares sum to 1.";
    legibility = unit_range(0.0, Fallback::Reputation), "chance", "Chance that the motive behind an act is seen.";
    push_penalty = unit_range(-1.0, Fallback::Reputation), "verdict", "How badly pushing one's own need is judged.";
    polish_abroad = chance(1.0), "share", "What the polish of its people is worth in other regions.";
}

section! { SurvivalRules, "survival", Optional, "Capital and failure, only if the section is given.";
    endowment ~ endowment_sd = amount(20.0), "benefit", "Capital at birth.";
    overhead = amount(0.3), "benefit per round", "Cost of staying in business.";
    replace_after = whole(0, LARGE, 4), "rounds", "How long a failed agent's place stays empty.";
}

section! { EvolutionRules, "evolution", Optional, "Imitation of strategies that do better, only if the section is given.";
    rate = chance(0.05), "chance per round", "Chance that an agent compares itself with another.";
    window = whole(1, 65_535, 13), "rounds", "Rounds over which net benefit is compared.";
    intensity = amount(1.0), "per benefit", "How strongly a difference in benefit decides; 0 is a coin toss.";
    mutation = chance(0.001), "chance", "Chance that an agent that compared itself then takes any strategy.";
    among = choice(Among::NAMES, "anyone"), "", "Whom an agent compares itself with.";
}

section! { ScheduledChange, "change", List, "A setting that changes at a round; list as many as you like.";
    round = Rule { kind: Kind::Whole { min: 1, max: ROUNDS_MAX - 1 }, fallback: Fallback::Required }, "rounds", "First round of the new value.";
    key = Rule { kind: Kind::Text { min_chars: 1, max_chars: 200 }, fallback: Fallback::Required }, "", "Key that changes, as in an override.";
    value = Rule { kind: Kind::Items { least: 1, most: 1 }, fallback: Fallback::Required }, "of the key", "Its new value.";
}

section! { BetRules, "bet", Optional, "The bet: the same person at the same event, once as one strategy and once as another.";
    usual = strategy_name("warrior"), "", "The focal agents' own strategy; \"any\" for all strategies.";
    first = strategy_name("warrior"), "", "Strategy whose traits they have at the event in the first world.";
    second = strategy_name("servant"), "", "The same in the second world; differences are second - first.";
    worlds = whole(1, LARGE, 25), "worlds", "Independent worlds, each with its own random numbers.";
    focals = whole(1, LARGE, 20), "people", "Focal agents of each world.";
    horizons = horizons(&[0, 4, 13, 26, 52]), "rounds", "Numbers of rounds after the event over which benefit is summed.";
    campaign = whole(0, ROUNDS_MAX - 1, 0), "rounds", "Further rounds in which the focal agent keeps the traits at mixers.";
    design = choice(BetDesign::NAMES, "twins"), "", "Two copies of one world (twins), or also one life with both events in it (crossover).";
    gap = whole(0, ROUNDS_MAX - 1, 0), "rounds", "Crossover: rounds from one event to the other; 0 is the first mixer after a year of 52 rounds.";
}

section! { SweepRules, "sweep", Optional, "A sweep: the same experiment at many settings of its factors.";
    experiment = choice(SweptExperiment::NAMES, "run"), "", "The experiment at each point.";
    design = choice(SweepDesign::NAMES, "grid"), "", "How the points are chosen; morris and sobol are for sensitivity analysis, factorial-traits splits the contrast over the traits in which the two strategies differ.";
    points = whole(1, 10_000_000, 64), "", "Points of a random, latin-hypercube or sobol-sequence design; trajectories of morris; rows of sobol.";
    file = title(""), "", "List: CSV file with a column per factor and a row per point, beside the scenario.";
    common_luck = flag(true), "", "Whether all points have the same replicate seeds, so that differences between points are paired.";
    metrics = items(60), "", "Metrics that are kept; empty for net, inbound_calls, opinion and solved.";
    first = optional_name(), "", "Strategy that the contrast subtracts; empty for the scenario's first.";
    second = optional_name(), "", "Strategy that it subtracts from; empty for the scenario's second.";
    metric = strategy_name("net"), "", "Metric of the contrast that charts, `until` and `refine` use.";
    until = choice(Until::NAMES, "fixed"), "", "When a point has enough: after its replicates (fixed), or when the contrast's interval is narrow (precise) or leaves out zero (decided).";
    precision = amount(0.1), "of the metric", "Precise: half-width of the interval to reach.";
    replicates_max = whole(2, LARGE, 160), "runs", "Precise and decided: most replicates (worlds of a bet) at a point.";
    refine = flag(false), "", "Whether a grid is made finer where the contrast's sign is uncertain or changes.";
    depth = whole(1, 6, 3), "halvings", "Refine: number of times that the spacing is halved.";
}

section! { Factor, "factor", List, "What a sweep varies; list as many as you like.";
    name = name(), "", "Name of the factor: its column in tables and its label in charts.";
    keys = Rule { kind: Kind::Items { least: 1, most: 20 }, fallback: Fallback::Required }, "", "Key that it sets, as in an override; several keys get the same value.";
    min = real(-1e9, 1e9, 0.0), "of the key", "Lowest value.";
    max = real(-1e9, 1e9, 1.0), "of the key", "Highest value.";
    scale = choice(Scale::NAMES, "linear"), "", "How values are spaced between the two.";
    levels = whole(1, 100_000, 5), "values", "Number of values in a grid or one at a time.";
    values = items(1_000), "of the key", "The values themselves, in place of min, max, scale and levels.";
}

/// The position of a section in [`SECTIONS`].
pub(super) fn section_position(name: &str) -> Option<usize> {
    SECTIONS.iter().position(|spec| spec.shape != Shape::Top && spec.name == name)
}
