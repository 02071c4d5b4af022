//! `--set KEY=VALUE` and `--at ROUND`: values of a scenario from the start, or from a round on.

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use crate::scenario::Override;

/// The values that the arguments set, in their order. Each as `--set` takes it: one that holds from a round on has
/// `change.ROUND.` before its key.
#[derive(Clone, Debug, Default)]
pub(super) struct Sets(Vec<String>);

impl Sets {
    /// Values that hold from the start.
    pub(super) fn from_start(sets: Vec<String>) -> Self {
        Self(sets)
    }

    /// The arguments of as many `--set`.
    pub(super) fn arguments(&self) -> &[String] {
        &self.0
    }

    /// As overrides.
    pub(super) fn overrides(&self) -> Vec<Override> {
        self.0.iter().map(|set| Override::set(set)).collect()
    }
}

impl clap::Args for Sets {
    fn augment_args(command: Command) -> Command {
        let set = Arg::new("set")
            .long("set")
            .value_name("KEY=VALUE")
            .action(ArgAction::Append)
            .help("Change one value of the scenario, as in --set needs.rate=0.2; may be repeated");
        let at = Arg::new("at")
            .long("at")
            .value_name("ROUND")
            .action(ArgAction::Append)
            .value_parser(value_parser!(u32))
            .help("Let every --set behind it hold from this round on, as in --at 104 --set calls.fee=0.1");
        command.arg(set).arg(at)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl clap::FromArgMatches for Sets {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let indices = |id| matches.indices_of(id).into_iter().flatten();
        let sets = matches.get_many::<String>("set").into_iter().flatten().zip(indices("set"));
        let sets: Vec<(&String, usize)> = sets.collect();
        let ats: Vec<(u32, usize)> =
            matches.get_many::<u32>("at").into_iter().flatten().copied().zip(indices("at")).collect();
        for (k, (round, index)) in ats.iter().enumerate() {
            let end = ats.get(k + 1).map_or(usize::MAX, |(_, next)| *next);
            if !sets.iter().any(|(_, set)| (*index..end).contains(set)) {
                let text = format!(
                    "--at {round} changes nothing: no --set stands behind it; write --at {round} --set KEY=VALUE\n"
                );
                return Err(clap::Error::raw(ErrorKind::MissingRequiredArgument, text));
            }
        }
        let scheduled = |(set, place): (&String, usize)| {
            let at = ats.iter().rev().find(|(_, index)| *index < place);
            at.map_or_else(|| set.clone(), |(round, _)| format!("change.{round}.{set}"))
        };
        Ok(Self(sets.into_iter().map(scheduled).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use clap::{Args, FromArgMatches};

    use super::*;

    fn sets(arguments: &[&str]) -> Result<Vec<String>, String> {
        let command = Sets::augment_args(Command::new("mingle").no_binary_name(true));
        let matches = command.try_get_matches_from(arguments).map_err(|error| error.to_string())?;
        Sets::from_arg_matches(&matches).map(|sets| sets.0).map_err(|error| error.to_string())
    }

    #[test]
    fn a_set_holds_from_the_round_of_the_at_before_it() {
        let given = ["--set", "a=1", "--at", "52", "--set", "b=2", "--set", "c=3", "--at=60", "--set=d=4"];
        assert_eq!(sets(&given).unwrap(), ["a=1", "change.52.b=2", "change.52.c=3", "change.60.d=4"]);
        assert_eq!(sets(&[]).unwrap(), [""; 0]);
    }

    #[test]
    fn an_at_without_a_set_behind_it_is_refused() {
        for given in [&["--set", "a=1", "--at", "52"][..], &["--at", "5", "--at", "6", "--set", "a=1"]] {
            assert!(sets(given).unwrap_err().contains("changes nothing"));
        }
        assert!(sets(&["--at", "soon", "--set", "a=1"]).unwrap_err().contains("soon"));
    }
}
