//! What a file of people says about keys that the scenario leaves out.

use super::super::diagnostics::Place;
use super::super::document::{Document, Given, Table, Written};
use super::super::keys::section_position;
use super::super::settings::{PopulationRules, Region, Strategy};
use super::super::table::{Section, Value};
use super::labels::Labels;
use super::sources::Inputs;

/// Gives the document the number of agents, the shares of strategies and regions, and the number of domains, where it
/// leaves them out and the file of people has them.
pub(in super::super) fn fill(inputs: &Inputs, document: &mut Document<'_>) {
    let Some((place, _)) = &inputs.people_key else { return };
    let Some(people) = inputs.people() else {
        // The file is faulty. Shares that it may have must not count as missing besides.
        for spec in [Strategy::SPEC, Region::SPEC] {
            fill_shares(document, spec.name, place, None);
        }
        return;
    };
    give(population(document), "agents", Value::Whole(people.n.into()), place);
    if let Some(expertise) = people.expertise.as_ref().filter(|expertise| expertise.named) {
        give(population(document), "domains", Value::Whole(expertise.needed()), place);
    }
    for (spec, labels) in [(Strategy::SPEC, &people.strategies), (Region::SPEC, &people.regions)] {
        if labels.is_some() {
            fill_shares(document, spec.name, place, labels.as_ref());
        }
    }
}

fn population<'d, 'a>(document: &'d mut Document<'a>) -> &'d mut Table<'a> {
    let position = section_position(PopulationRules::SPEC.name).expect("a section of the table");
    &mut document.sections[position][0]
}

/// Gives a key a value, unless it has one.
fn give(table: &mut Table<'_>, key: &str, value: Value, place: &Place) {
    let position = table.spec.position(key).expect("a key of the table");
    table.given[position].get_or_insert_with(|| Given { place: place.clone(), value: Written::Read(value) });
}

/// Gives each entry of a list the share of people that have its name. Without labels the shares are equal.
fn fill_shares(document: &mut Document<'_>, section: &str, place: &Place, labels: Option<&Labels>) {
    let position = section_position(section).expect("a section of the table");
    let tables = &mut document.sections[position];
    let counts: Vec<u32> =
        tables.iter().map(|table| labels.map_or(1, |labels| members(labels, table.name()))).collect();
    // People with unknown names, which are reported, do not count.
    let all: u32 = counts.iter().sum();
    for (table, count) in tables.iter_mut().zip(counts) {
        let share = if all > 0 { f64::from(count) / f64::from(all) } else { 0.0 };
        if labels.is_none() || all == 0 {
            let key = table.spec.position("share").expect("a key of the table");
            table.given[key] = None;
        }
        give(table, "share", Value::Real(share), place);
    }
    if all == 0
        && let Some(first) = tables.first_mut()
    {
        let key = first.spec.position("share").expect("a key of the table");
        first.given[key] = Some(Given { place: place.clone(), value: Written::Read(Value::Real(1.0)) });
    }
}

/// Number of people who have this label.
pub(super) fn members(labels: &Labels, name: Option<&str>) -> u32 {
    let number = name.and_then(|name| labels.find(name));
    number.map_or(0, |number| labels.counts[number as usize])
}
