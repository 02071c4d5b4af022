//! Checks of several values together. Each fault marks every place that is involved.

use std::collections::BTreeMap;

use super::burn_in::{BATCHES_MIN, batch_rounds};
use super::diagnostics::Fault;
use super::experiments::{Factor, ScheduledChange, Until};
use super::keys::RunRules;
use super::resolve::{Resolution, Resolved};
use super::settings::{CallRules, MixerRules, PopulationRules, Region, Strategy};
use super::table::{AUTO, Section};
use super::wording::{grouped, real, shorten};

/// Maximum difference of a sum of shares from 1.
pub(super) const TOLERANCE: f64 = 1e-9;

/// Adds the faults of values together. Values that are faulty alone are left out.
pub(super) fn check(resolution: &Resolution<'_, '_>, faults: &mut Vec<Fault>) {
    faults.extend(burn_in_ends(resolution));
    faults.extend(batches_fit(resolution));
    faults.extend(until_compares(resolution));
    faults.extend(burn_in_can_be_found(resolution));
    faults.extend(fees_leave_the_caller_something(resolution));
    for tables in [&Strategy::SPEC, &Region::SPEC, &Factor::SPEC].map(|spec| resolution.all(spec)) {
        faults.extend(list_is_short(tables));
        names_differ(tables, faults);
    }
    faults.extend(list_is_short(resolution.all(&ScheduledChange::SPEC)));
    for tables in [&Strategy::SPEC, &Region::SPEC].map(|spec| resolution.all(spec)) {
        faults.extend(shares_sum_to_one(tables).filter(|_| !come_from_people(resolution, tables)));
    }
}

fn burn_in_ends(resolution: &Resolution<'_, '_>) -> Option<Fault> {
    let run = resolution.one(&RunRules::SPEC)?;
    let (rounds, burn_in) = (run.whole("rounds")?, run.whole("burn_in")?);
    if burn_in < rounds {
        return None;
    }
    let message = format!(
        "burn_in must be less than rounds, but is {} with {}",
        grouped(burn_in),
        counted_rounds(rounds)
    );
    let help = format!("summaries would have no round left; write for example burn_in = {}", rounds / 3);
    Some(point(
        Fault::new(message, help),
        &[(run, "burn_in", grouped(burn_in)), (run, "rounds", grouped(rounds))],
    ))
}

/// A run that adds replicates must have at least one batch.
fn batches_fit(resolution: &Resolution<'_, '_>) -> Option<Fault> {
    let run = resolution.one(&RunRules::SPEC)?;
    let (batch, most) = (run.whole("replicates")?, run.whole("replicates_max")?);
    if run.text("until")? == Until::Fixed.name() || most >= batch {
        return None;
    }
    let message =
        format!("replicates_max must be at least replicates, but is {} of {}", grouped(most), grouped(batch));
    let help = "a run begins with `replicates` and adds as many at a time; lower replicates, or raise replicates_max";
    Some(point(
        Fault::new(message, help),
        &[(run, "replicates_max", grouped(most)), (run, "replicates", grouped(batch))],
    ))
}

/// A rule about differences needs two strategies.
fn until_compares(resolution: &Resolution<'_, '_>) -> Option<Fault> {
    let run = resolution.one(&RunRules::SPEC)?;
    let until = run.text("until").filter(|until| *until != Until::Fixed.name())?;
    if resolution.all(&Strategy::SPEC).len() != 1 {
        return None;
    }
    let message = format!("until = \"{until}\" compares strategies, but the scenario has one");
    let help = "add another [[strategy]], or write until = \"fixed\"";
    Some(point(Fault::new(message, help), &[(run, "until", format!("\"{until}\""))]))
}

/// A proposal takes some batches of rounds.
fn burn_in_can_be_found(resolution: &Resolution<'_, '_>) -> Option<Fault> {
    let run = resolution.one(&RunRules::SPEC)?;
    let mixer = resolution.one(&MixerRules::SPEC)?;
    let (rounds, every) = (run.whole("rounds")?, mixer.whole("every")?);
    let least = BATCHES_MIN * batch_rounds(every);
    if run.text("burn_in") != Some(AUTO) || rounds >= least {
        return None;
    }
    let message = format!(
        "burn_in = \"{AUTO}\" needs at least {} rounds, but rounds is {}",
        grouped(least),
        grouped(rounds)
    );
    let help = format!("write rounds = {least} or more, or burn_in as a number");
    let marks = [
        (run, "burn_in", AUTO.to_owned()),
        (run, "rounds", grouped(rounds)),
        (mixer, "every", grouped(every)),
    ];
    Some(point(Fault::new(message, help), &marks))
}

fn counted_rounds(rounds: u64) -> String {
    if rounds == 1 { "1 round".to_owned() } else { format!("{} rounds", grouped(rounds)) }
}

fn fees_leave_the_caller_something(resolution: &Resolution<'_, '_>) -> Option<Fault> {
    let calls = resolution.one(&CallRules::SPEC)?;
    let (fee, depth, finder_fee) = (calls.real("fee")?, calls.whole("depth")?, calls.real("finder_fee")?);
    // Even without referral chains there can be a finder: the agent that made a referral at a mixer.
    let people = u32::try_from(depth.max(1)).map_or(f64::INFINITY, f64::from);
    let paid = fee + people * finder_fee;
    if paid <= 1.0 + TOLERANCE {
        return None;
    }
    let message = format!(
        "calls.fee + calls.depth x calls.finder_fee must be at most 1, but {} + {people} x {} is {}",
        real(fee),
        real(finder_fee),
        real(paid)
    );
    let help = if depth > 0 {
        "a caller would pay more than the solved need is worth; lower one of the three"
    } else {
        "a caller would pay more than the solved need is worth: an agent that makes a referral at a mixer is paid \
         a finder's fee even if depth is 0; lower one of the fees"
    };
    let marks = [
        (calls, "fee", real(fee)),
        (calls, "finder_fee", real(finder_fee)),
        (calls, "depth", depth.to_string()),
    ];
    Some(point(Fault::new(message, help), &marks))
}

/// Marks each key where it is given, the first as the main place. The label of that one names defaults.
pub(super) fn point(mut fault: Fault, keys: &[(&Resolved<'_, '_>, &str, String)]) -> Fault {
    let defaults: Vec<String> = keys
        .iter()
        .filter(|(table, key, _)| table.place(key).is_none())
        .map(|(_, key, value)| format!("{key} is {value} by default"))
        .collect();
    let mut label = defaults.join(", ");
    for (table, key, _) in keys {
        if let Some(place) = table.place(key) {
            fault = fault.at(place, std::mem::take(&mut label));
        }
    }
    fault
}

fn list_is_short(tables: &[Resolved<'_, '_>]) -> Option<Fault> {
    let spec = tables.first()?.table.spec;
    let (section, most) = (spec.name, spec.entries_max());
    let extra = tables.get(most)?;
    let message = format!(
        "at most {} {} are possible, but there are {}",
        grouped(most as u64),
        plural(section),
        grouped(tables.len() as u64)
    );
    let fault = Fault::new(message, format!("leave out {}", tables.len() - most));
    Some(match &extra.table.header {
        Some(header) => fault.at(header, "the first one too many"),
        None => fault,
    })
}

fn names_differ(tables: &[Resolved<'_, '_>], faults: &mut Vec<Fault>) {
    let mut seen = BTreeMap::new();
    for table in tables {
        let (Some(name), Some(place)) = (table.name(), table.place("name")) else { continue };
        let Some(first) = seen.insert(name, place) else { continue };
        seen.insert(name, first);
        let section = table.table.spec.name;
        let message = format!("two {} are named \"{}\"", plural(section), shorten(name));
        let help =
            format!("a name tells one {section} from another in tables and charts; rename one of them");
        faults.push(Fault::new(message, help).at(place, "the same name again").at(first, "first used here"));
    }
}

/// Whether the file of people gives a share. It is compared with each share that is given besides.
fn come_from_people(resolution: &Resolution<'_, '_>, tables: &[Resolved<'_, '_>]) -> bool {
    let file = resolution.one(&PopulationRules::SPEC).and_then(|population| population.place("agents_file"));
    file.is_some_and(|file| tables.iter().any(|table| table.place("share") == Some(file)))
}

fn shares_sum_to_one(tables: &[Resolved<'_, '_>]) -> Option<Fault> {
    let shares: Vec<f64> = tables.iter().map(|table| table.real("share")).collect::<Option<_>>()?;
    let sum: f64 = shares.iter().sum();
    if (sum - 1.0).abs() <= TOLERANCE {
        return None;
    }
    let section = tables.first()?.table.spec.name;
    let message = format!("the shares of the {} must sum to 1, but sum to {}", plural(section), real(sum));
    let off = if sum < 1.0 {
        format!("{} is missing", real(1.0 - sum))
    } else {
        format!("{} is too much", real(sum - 1.0))
    };
    let mut fault = Fault::new(message, format!("{off}{}", way_out(tables, &shares, sum)));
    for (table, share) in tables.iter().zip(&shares) {
        fault = match (table.place("share"), &table.table.header) {
            (Some(place), _) => fault.at(place, ""),
            (None, Some(header)) => fault.at(header, format!("share is {} by default", real(*share))),
            (None, None) => fault,
        };
    }
    Some(fault)
}

/// A share that would make the sum 1: of the last table for which this is possible.
fn way_out(tables: &[Resolved<'_, '_>], shares: &[f64], sum: f64) -> String {
    let possible = tables.iter().zip(shares).rev().find_map(|(table, share)| {
        let mended = share + 1.0 - sum;
        let name = table.name()?;
        (0.0..=1.0)
            .contains(&mended)
            .then(|| format!("; write for example share = {} for `{}`", real(mended), shorten(name)))
    });
    possible.unwrap_or_default()
}

fn plural(section: &str) -> &'static str {
    match section {
        "region" => "regions",
        "factor" => "factors",
        "change" => "changes",
        _ => {
            debug_assert!(section == Strategy::SPEC.name, "no list: {section}");
            "strategies"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Scenario;

    /// The messages for a file of these lines.
    fn reported(text: &str) -> Vec<String> {
        match Scenario::parse(text, &[]) {
            Ok(_) => Vec::new(),
            Err(faults) => faults.faults().iter().map(|fault| fault.message().to_owned()).collect(),
        }
    }

    fn is_fine(text: &str) -> bool {
        reported(text).is_empty()
    }

    #[test]
    fn limits_are_reached_but_not_passed() {
        assert!(is_fine("rounds = 53\nburn_in = 52") && !is_fine("rounds = 52\nburn_in = 52"));
        assert!(is_fine("[calls]\nfee = 0.3\nfinder_fee = 0.35"));
        assert!(!is_fine("[calls]\nfee = 0.3\nfinder_fee = 0.3501"));
        assert!(is_fine("[calls]\nfee = 1\ndepth = 0\nfinder_fee = 0"));
        assert!(!is_fine("[calls]\nfee = 1\ndepth = 0"), "a referral at a mixer earns a finder's fee, too");
    }

    #[test]
    fn a_small_world_needs_no_other_settings_than_its_size() {
        assert!(is_fine("rounds = 1\n[population]\nagents = 1"), "some domains have no expert");
        assert!(is_fine("[population]\nties_max = 3"), "of the ties at the start the latest stay");
        assert!(is_fine("[population]\nties_max = 0"));
    }

    #[test]
    fn thirds_are_close_enough_to_one_if_written_out() {
        let list = |share: &str| {
            ["a", "b", "c"].map(|name| format!("[[region]]\nname = \"{name}\"\nshare = {share}\n")).concat()
        };
        assert!(is_fine(&list("0.3333333333333333")));
        assert_eq!(reported(&list("0.3333")), ["the shares of the regions must sum to 1, but sum to 0.9999"]);
    }

    #[test]
    fn shares_are_not_summed_while_one_of_them_is_faulty() {
        let text = "[[strategy]]\nname = \"warrior\"\nshare = 4\n[[strategy]]\nname = \"servant\"\n";
        assert_eq!(reported(text), ["strategy.warrior.share must be a number from 0 to 1, but is 4"]);
    }

    #[test]
    fn a_thousand_strategies_are_possible_and_no_more() {
        let list = |count: usize| {
            let rows = (0..count)
                .map(|row| format!("[[strategy]]\nname = \"{row}\"\nshare = {}\n", u8::from(row == 0)));
            rows.collect::<String>()
        };
        assert!(is_fine(&list(1_000)));
        assert_eq!(reported(&list(1_001)), ["at most 1,000 strategies are possible, but there are 1,001"]);
    }
}
