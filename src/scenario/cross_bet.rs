//! Checks of the bet's values against the rest of the scenario.

use super::cross::point;
use super::diagnostics::Fault;
use super::experiments::{ANY_STRATEGY, BetRules};
use super::keys::{ROUNDS_MAX, RunRules};
use super::resolve::{Resolution, Resolved};
use super::settings::{MixerRules, PopulationRules, Strategy};
use super::table::{AUTO, Section};
use super::wording::{grouped, list, nearest, shorten};

/// Adds the faults of the bet, if there is one.
pub(super) fn check(resolution: &Resolution<'_, '_>, faults: &mut Vec<Fault>) {
    let Some(bet) = resolution.one(&BetRules::SPEC) else { return };
    for key in ["usual", "first", "second"] {
        faults.extend(names_a_strategy(resolution, bet, key, &format!("bet.{key}")));
    }
    faults.extend(any_is_no_strategy(resolution, bet));
    faults.extend(focals_exist(resolution, bet));
    faults.extend(gap_ends_at_a_mixer(resolution, bet));
    faults.extend(rounds_can_be_counted(resolution, bet));
}

/// The fault of a key that names no strategy; `path` is its name in messages.
pub(super) fn names_a_strategy(
    resolution: &Resolution<'_, '_>,
    table: &Resolved<'_, '_>,
    key: &'static str,
    path: &str,
) -> Option<Fault> {
    /// Maximum number of names that are listed.
    const LISTED: usize = 12;
    let name = table.text(key)?;
    let names: Option<Vec<&str>> =
        resolution.all(&Strategy::SPEC).iter().map(|table| table.table.name()).collect();
    let names = names?;
    if names.contains(&name) || (key == "usual" && name == ANY_STRATEGY) {
        return None;
    }
    let any = if key == "usual" { "; \"any\" takes agents of every strategy" } else { "" };
    let listed = list(names.iter().take(LISTED).map(|name| format!("\"{}\"", shorten(name))), "or");
    let near = nearest(name, names.iter().copied());
    let hint = near.map(|near| format!("did you mean \"{}\"? ", shorten(near))).unwrap_or_default();
    let message = format!("{path} must be the name of a strategy, but is \"{}\"", shorten(name));
    let fault = Fault::new(message, format!("{hint}write {listed}{any}"));
    Some(point(fault, &[(table, key, format!("\"{}\"", shorten(name)))]))
}

/// If the focal agents can have any strategy, no strategy must be named "any".
fn any_is_no_strategy(resolution: &Resolution<'_, '_>, bet: &Resolved<'_, '_>) -> Option<Fault> {
    let named =
        resolution.all(&Strategy::SPEC).iter().find(|strategy| strategy.name() == Some(ANY_STRATEGY))?;
    if bet.text("usual")? != ANY_STRATEGY {
        return None;
    }
    let message =
        format!("bet.usual = \"{ANY_STRATEGY}\" means every strategy, but one is named \"{ANY_STRATEGY}\"");
    let help = "give that strategy another name, or name the one by which the focal agents live";
    let shown = format!("\"{ANY_STRATEGY}\"");
    Some(point(Fault::new(message, help), &[(bet, "usual", shown.clone()), (named, "name", shown)]))
}

/// The usual strategy must have at least as many members at the start as there are focal agents.
fn focals_exist(resolution: &Resolution<'_, '_>, bet: &Resolved<'_, '_>) -> Option<Fault> {
    let population = resolution.one(&PopulationRules::SPEC)?;
    let (focals, usual) = (bet.whole("focals")?, bet.text("usual")?);
    let agents = population.whole("agents")?;
    let share = if usual == ANY_STRATEGY {
        1.0
    } else {
        resolution
            .all(&Strategy::SPEC)
            .iter()
            .find(|table| table.table.name() == Some(usual))?
            .real("share")?
    };
    // Shares are dealt to the nearest whole agent.
    let members = (share * agents as f64).ceil();
    if focals as f64 <= members {
        return None;
    }
    let message = format!(
        "bet.focals must be at most the number of agents who live as bet.usual, but is {} of {members}",
        grouped(focals)
    );
    let help = "lower bet.focals and raise bet.worlds instead, or take more agents";
    let marks = [(bet, "focals", grouped(focals)), (population, "agents", grouped(agents))];
    Some(point(Fault::new(message, help), &marks))
}

fn gap_ends_at_a_mixer(resolution: &Resolution<'_, '_>, bet: &Resolved<'_, '_>) -> Option<Fault> {
    let mixer = resolution.one(&MixerRules::SPEC)?;
    let (gap, every) = (bet.whole("gap")?, mixer.whole("every")?);
    if gap.is_multiple_of(every) {
        return None;
    }
    let message = format!(
        "bet.gap must be a multiple of mixer.every, but is {} with a mixer every {} rounds",
        grouped(gap),
        grouped(every)
    );
    let help = format!(
        "write for example gap = {}, so that the second event is a mixer",
        gap.next_multiple_of(every)
    );
    let marks = [(bet, "gap", grouped(gap)), (mixer, "every", grouped(every))];
    Some(point(Fault::new(message, help), &marks))
}

/// Burn-in, wait for the mixer, gap and horizon together must be within the range of round numbers.
fn rounds_can_be_counted(resolution: &Resolution<'_, '_>, bet: &Resolved<'_, '_>) -> Option<Fault> {
    let run = resolution.one(&RunRules::SPEC)?;
    let mixer = resolution.one(&MixerRules::SPEC)?;
    let (burn_in, shown) = match run.text("burn_in") {
        // Pilot replicates find at most half of the rounds.
        Some(AUTO) => (run.whole("rounds")? / 2, format!("{AUTO}, up to half of rounds")),
        _ => (run.whole("burn_in")?, grouped(run.whole("burn_in")?)),
    };
    let every = mixer.whole("every")?;
    let last = *bet.wholes("horizons")?.last()?;
    let gap = match bet.whole("gap")? {
        0 => 52_u64.next_multiple_of(every),
        gap => gap,
    };
    let gap = if bet.text("design")? == "crossover" { gap } else { 0 };
    let rounds = burn_in.next_multiple_of(every) + gap + last + 1;
    if rounds <= ROUNDS_MAX {
        return None;
    }
    let message = format!(
        "a bet must end within {} rounds, but this one takes {}",
        grouped(ROUNDS_MAX),
        grouped(rounds)
    );
    let help = "lower burn_in, mixer.every or the last of bet.horizons";
    let marks = [
        (bet, "horizons", format!("up to {}", grouped(last))),
        (run, "burn_in", shown),
        (mixer, "every", grouped(every)),
    ];
    Some(point(Fault::new(message, help), &marks))
}

#[cfg(test)]
mod tests {
    use super::super::Scenario;

    /// The messages for a bet with these lines in its file.
    fn reported(text: &str) -> Vec<String> {
        match Scenario::parse_bet(text, &[]) {
            Ok(_) => Vec::new(),
            Err(faults) => faults.faults().iter().map(|fault| fault.message().to_owned()).collect(),
        }
    }

    #[test]
    fn a_scenario_without_a_bet_gets_the_usual_one_only_if_asked() {
        assert_eq!(Scenario::default().bet, None);
        let scenario = Scenario::parse_bet("", &[]).unwrap();
        let bet = scenario.bet.as_ref().unwrap();
        assert_eq!(
            (bet.usual.as_str(), bet.first.as_str(), bet.second.as_str()),
            ("warrior", "warrior", "servant")
        );
        assert_eq!((bet.worlds, bet.focals, &bet.horizons[..]), (25, 20, &[0, 4, 13, 26, 52][..]));
        let scenario = Scenario::parse("", &["bet.horizons=[1, 2]"]).unwrap();
        assert_eq!(scenario.bet.as_ref().unwrap().horizons, [1, 2]);
    }

    #[test]
    fn strategies_of_a_bet_exist() {
        assert_eq!(reported("[bet]\nusual = \"any\""), [""; 0]);
        assert_eq!(
            reported("[bet]\nsecond = \"sevant\"\nfirst = \"any\""),
            [
                "bet.second must be the name of a strategy, but is \"sevant\"",
                "bet.first must be the name of a strategy, but is \"any\"",
            ]
        );
        let others = "[[strategy]]\nname = \"warrior\"\nshare = 1\n";
        assert_eq!(reported(others), ["bet.second must be the name of a strategy, but is \"servant\""]);
    }

    #[test]
    fn a_strategy_named_any_is_not_taken_for_all_of_them() {
        let bet = |usual: &str| {
            let list =
                "[[strategy]]\nname = \"any\"\nshare = 0.5\n[[strategy]]\nname = \"servant\"\nshare = 0.5\n";
            reported(&format!("[bet]\nusual = \"{usual}\"\nfirst = \"any\"\n{list}"))
        };
        assert_eq!(bet("servant"), [""; 0]);
        assert_eq!(bet("any"), ["bet.usual = \"any\" means every strategy, but one is named \"any\""]);
    }

    #[test]
    fn focal_agents_exist_and_the_second_event_is_a_mixer() {
        assert_eq!(reported("[population]\nagents = 50\n[bet]\nfocals = 20"), [""; 0]);
        assert_eq!(
            reported("[population]\nagents = 50\n[bet]\nfocals = 21"),
            ["bet.focals must be at most the number of agents who live as bet.usual, but is 21 of 20"]
        );
        assert_eq!(
            reported("[bet]\ngap = 6"),
            ["bet.gap must be a multiple of mixer.every, but is 6 with a mixer every 4 rounds"]
        );
    }

    #[test]
    fn horizons_rise_and_end_in_time() {
        for list in ["[]", "[4, 4]", "[4, 0]", "[1.5]", "[-1]", "7", "[70000]"] {
            let told = reported(&format!("[bet]\nhorizons = {list}"));
            assert!(
                matches!(&told[..], [one] if one.starts_with("bet.horizons must be a list of 1 to 100")),
                "{told:?}"
            );
        }
        let told = reported("rounds = 65535\nburn_in = 65500\n");
        assert_eq!(told, ["a bet must end within 65,535 rounds, but this one takes 65,553"]);
    }
}
