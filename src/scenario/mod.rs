//! Scenario files: text in, a checked [`Scenario`] or diagnostics out. No files, no printing.
//!
//! One table (`keys`) declares every key. Reading, ranges, defaults, messages, the schema and the reference page
//! follow from it. A file goes through these steps, each in its own module:
//!
//! 1. `syntax`: bytes to TOML with positions;
//! 2. `document`: TOML to sections and keys of the table; an unknown key is a fault;
//! 3. `overrides`: single values replace those of the file;
//! 4. `inputs`: lists of people and ties in files that it names;
//! 5. `resolve` and `read`: each value against its row of the table, or its default;
//! 6. `cross`: checks that concern several values at once.
//!
//! Every step continues after a fault, so that all faults are reported at once.
//!
//! A sweep goes through the first three steps once (`template`); its points set typed values (`assignment`).

mod advice;
mod assignment;
mod bet_rounds;
mod burn_in;
mod calls;
mod changed;
mod cross;
mod cross_bet;
mod cross_needs;
mod cross_spread;
mod cross_sweep;
mod cross_sweep_run;
mod diagnostics;
mod document;
mod experiments;
mod factor;
mod fallback;
mod following;
mod inputs;
mod keys;
mod needs;
mod overrides;
mod parse;
mod path;
mod prices;
mod read;
mod reference;
mod resolve;
mod resolved;
mod scheduled;
mod schema;
mod selection;
mod settings;
mod shares;
mod source;
mod spread;
mod sweep_size;
mod syntax;
mod table;
mod template;
mod traits;
mod unknown;
mod value;
mod wording;
mod write;

pub use assignment::Assignment;
pub use changed::Change;
pub use diagnostics::{Diagnostics, Fault};
pub(crate) use diagnostics::{PointText, Row};
pub use experiments::*;
pub(crate) use factor::Setting;
pub(crate) use following::following_keys;
pub(crate) use inputs::{BYTES_MAX, Files, InputFile, NoFiles, Unread, cells};
pub(crate) use keys::ROUNDS_MAX;
pub(crate) use overrides::Override;
pub(crate) use parse::{Purpose, parse_with};
#[cfg(test)]
pub(crate) use parse::{parse, parse_bet, parse_sweep};
pub use reference::{KeyInfo, keys};
pub(crate) use resolved::{Differing, differing};
pub use schema::json_schema;
pub use settings::*;
pub use source::Pilot;
pub(crate) use source::{Provenance, Source};
pub(crate) use spread::{AMOUNT, CHANCE, OPINION, Spread};
pub(crate) use table::PRESETS;
pub(crate) use template::Template;
pub(crate) use traits::{Trait, differing_traits};

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop, prop_assert, prop_assert_eq, proptest};

    use super::*;

    fn read(text: &str, sets: &[&str]) -> Result<Scenario, Diagnostics> {
        Scenario::parse(text, sets)
    }

    fn valid(text: &str, sets: &[&str]) -> Scenario {
        read(text, sets).unwrap_or_else(|faults| panic!("{faults}"))
    }

    #[test]
    fn an_empty_file_is_all_defaults() {
        let scenario = Scenario::default();
        assert_eq!(valid("# nothing\n[needs]\n", &[]), scenario);
        assert_eq!(valid("\u{feff}rounds = 156\r\n", &[]), scenario);
        assert_eq!((scenario.rounds, scenario.burn_in, scenario.replicates), (156, 52, 20));
        assert!(scenario.survival.is_none() && scenario.evolution.is_none());
        let shares: Vec<(&str, f64)> =
            scenario.strategies.iter().map(|strategy| (strategy.name.as_str(), strategy.share)).collect();
        assert_eq!(shares, [("warrior", 0.4), ("servant", 0.4), ("abstainer", 0.2)]);
        assert_eq!((scenario.regions[0].name.as_str(), scenario.regions.len()), ("home", 1));
    }

    #[test]
    fn a_listed_strategy_takes_the_traits_of_its_name_else_of_the_servant() {
        let text =
            "[[strategy]]\nname = \"warrior\"\nask = 0.7\n\n[[strategy]]\nname = \"guest\"\nshare = 0.6\n";
        let scenario = valid(text, &[]);
        let strategies = &scenario.strategies;
        let defaults = Scenario::default();
        let presets = &defaults.strategies;
        assert_eq!(strategies[0], Strategy { ask: 0.7, ..presets[0].clone() });
        assert_eq!(strategies[1], Strategy { name: "guest".to_owned(), share: 0.6, ..presets[1].clone() });
    }

    #[test]
    fn a_region_has_the_manners_of_the_reputation_section_unless_given() {
        let text = "[reputation]\nlegibility = 0.7\n[[region]]\nname = \"asia\"\nshare = 0.5\n\
                    [[region]]\nname = \"europe\"\nshare = 0.5\npush_penalty = 0.9\nlegibility = 0\n";
        let scenario = valid(text, &[]);
        let regions = &scenario.regions;
        assert_eq!(
            (regions[0].legibility, regions[0].push_penalty, regions[0].polish_abroad),
            (0.7, 0.3, 1.0)
        );
        assert_eq!((regions[1].legibility, regions[1].push_penalty), (0.0, 0.9));
    }

    #[test]
    fn standings_are_seen_by_all_unless_told_otherwise() {
        assert_eq!(valid("[reputation]\nkind = \"private\"", &[]).reputation.observe, 0.0);
        assert_eq!(valid("[reputation]\nkind = \"public\"", &[]).reputation.observe, 1.0);
        assert_eq!(valid("[reputation]\nkind = \"public\"\nobserve = 0.5", &[]).reputation.observe, 0.5);
        assert_eq!(valid("", &["reputation.kind=public"]).reputation.observe, 1.0);
    }

    #[test]
    fn whole_numbers_do_for_fractions_but_not_the_other_way_round() {
        assert_eq!(valid("[needs]\nvalue = 0x10\nrate = 1", &[]).needs.value, 16.0);
        assert!(read("rounds = 100.0", &[]).is_err());
    }

    #[test]
    fn minus_zero_is_zero() {
        assert!(valid("[population]\nstart_trust = -0.0", &[]).population.start_trust.is_sign_positive());
    }

    #[test]
    fn a_fault_that_is_overridden_is_not_told() {
        assert_eq!(valid("rounds = \"many\"\nburn_in = 0", &["rounds=8"]).rounds, 8);
        assert_eq!(read("rounds = \"many\"\nseed = -1", &["rounds=80"]).unwrap_err().faults().len(), 1);
    }

    #[test]
    fn of_several_overrides_the_last_counts() {
        assert_eq!(valid("", &["seed=2", "seed=3"]).seed, 3);
        assert_eq!(valid("", &["seed=x", "seed=3"]).seed, 3);
    }

    #[test]
    fn overrides_reach_strategies_and_regions_whether_listed_or_not() {
        let scenario =
            valid("", &["strategy.warrior.polish=1", "region.home.legibility = 0.9", "title=My title"]);
        assert_eq!((scenario.strategies[0].polish, scenario.regions[0].legibility), (1.0, 0.9));
        assert_eq!(scenario.title, "My title");
        let text = "[[strategy]]\nname = \"v1.5 guest\"\nshare = 1\n";
        assert_eq!(valid(text, &["strategy.\"v1.5 guest\".ask=0.5"]).strategies[0].ask, 0.5);
        assert_eq!(valid(text, &["strategy.v1.5 guest.ask=0.5"]).strategies[0].ask, 0.5);
        assert_eq!(valid("", &["title=2026"]).title, "2026");
    }

    #[test]
    fn an_override_of_an_optional_section_asks_for_it() {
        let scenario = valid("", &["survival.overhead=1"]);
        let survival = scenario.survival.as_ref().expect("asked for");
        assert_eq!((survival.overhead, survival.endowment), (1.0, 20.0));
    }

    #[test]
    fn faults_come_in_the_order_of_the_file_and_then_of_the_overrides() {
        let text = "[needs]\nrate = 2\nfoo = 1\n[mixer]\nsize = 1\n[bar]\n";
        let faults = read(text, &["x=1", "calls.fee=2"]).unwrap_err();
        let lines: Vec<_> = faults.faults().iter().map(|fault| faults.position(fault)).collect();
        assert_eq!(lines, [Some((2, 8)), Some((3, 1)), Some((5, 8)), Some((6, 2)), None, None]);
        assert_eq!(faults.to_string(), faults.render(false));
        assert!(faults.render(true).contains('\u{1b}') && !faults.render(false).contains('\u{1b}'));
    }

    #[test]
    fn many_keys_that_are_given_twice_are_all_counted() {
        let faults = read(&"rounds = 9\n".repeat(2_001), &[]).unwrap_err();
        assert!(faults.render(false).ends_with("and 1,950 more\n\nscenario: 2,000 faults found\n"));
        let last = faults.faults().last().unwrap();
        assert_eq!(last.message(), "keys or headers are given twice in 1,000 more places");
        assert_eq!(faults.position(last), Some((1_002, 1)));
    }

    #[test]
    fn many_faults_are_counted_but_not_all_written_out() {
        let text: String = (0..3_000).map(|line| format!("key{line} = 1\n")).collect();
        let faults = read(&text, &[]).unwrap_err();
        assert_eq!(faults.faults().len(), 3_000);
        assert!(faults.render(false).ends_with("and 2,950 more\n\nscenario: 3,000 faults found\n"));
        let helps =
            faults.faults().iter().filter(|fault| fault.help().starts_with("the keys before")).count();
        assert_eq!(helps, 1_000, "advice is looked for at most so often");
        let lines: Vec<_> = faults.faults().iter().map(|fault| faults.position(fault)).collect();
        assert_eq!((lines[0], lines[2_999]), (Some((1, 1)), Some((3_000, 1))));
    }

    #[test]
    fn a_message_stays_short_whatever_the_file_holds() {
        let long = "x".repeat(1 << 20);
        for text in [
            format!("title = \"{long}\""),
            format!("{long} = 1"),
            format!("[{long}]"),
            format!("rounds = {long}"),
        ] {
            assert!(read(&text, &[]).unwrap_err().render(false).len() < 1_500);
        }
        let deep = "[".repeat(100_000);
        assert!(read(&format!("rounds = {deep}"), &[]).unwrap_err().render(false).len() < 10_000);
    }

    /// Pieces of scenarios, faulty and not, that random files are put together from.
    const PIECES: [&str; 32] = [
        "[needs]",
        "[[strategy]]",
        "[[region]]",
        "[strategy]",
        "[survival]",
        "\n",
        "\n",
        "\r\n",
        " = ",
        "rate",
        "name",
        "share",
        "rounds = 3",
        "agents = 1",
        "0.5",
        "-1",
        "1e400",
        "nan",
        "\"a\"",
        "\"",
        "'''",
        "[",
        "]",
        "{",
        "}",
        ",",
        "#",
        "é",
        "\u{0}",
        "\t",
        "[needs.rate]",
        "needs.rate = 2",
    ];

    proptest! {
        // A failure is a case for a test of its own, not for a file beside the sources.
        #![proptest_config(prop::test_runner::Config { failure_persistence: None, ..Default::default() })]

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), set in ".{0,20}") {
            let faults = parse(&Source { name: "noise", bytes: &bytes }, &[Override::set(&set)]).err();
            prop_assert!(faults.is_some_and(|faults| !faults.render(true).is_empty()));
        }

        #[test]
        fn no_pieces_of_scenarios_make_it_panic(
            picks in prop::collection::vec(0..PIECES.len(), 0..40),
            sets in prop::collection::vec(0..PIECES.len(), 0..3),
        ) {
            let text: String = picks.iter().map(|pick| PIECES[*pick]).collect();
            let sets: Vec<&str> = sets.iter().map(|pick| PIECES[*pick]).collect();
            match read(&text, &sets) {
                Ok(scenario) => prop_assert_eq!(valid(&scenario.to_toml(), &[]), scenario),
                Err(faults) => prop_assert!(!faults.render(false).is_empty() && !faults.faults().is_empty()),
            }
        }
    }
}
