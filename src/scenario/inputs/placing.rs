//! Finds strategies, regions and agents by the names in files.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::diagnostics::Fault;
use super::super::resolve::{Resolution, Resolved};
use super::super::settings::{PopulationRules, Region, Strategy};
use super::super::table::{Section, SectionSpec};
use super::super::wording::{counted, grouped, list, nearest, shorten};
use super::community::{Community, FirstTies};
use super::edges::Edges;
use super::labels::Labels;
use super::people::PeopleFile;
use super::report::Reporter;
use super::sources::Inputs;

/// The community, and whom the labels of its files stand for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Placed {
    pub(in super::super) community: Arc<Community>,
    /// The agent of each end of the network's edges; none if there is no such person.
    pub(super) agents: Vec<Option<u32>>,
}

/// Finds strategies, regions and agents by their names. What is unknown is reported.
pub(in super::super) fn place(
    inputs: &Inputs,
    resolution: &Resolution<'_, '_>,
    faults: &mut Vec<Fault>,
) -> Placed {
    let mut community = Community::default();
    let mut by_name = BTreeMap::new();
    if let Some(people) = &inputs.people_read {
        let mut reporter = Reporter::new(0);
        if people.is_whole {
            place_people(people, resolution, &mut community, &mut by_name, &mut reporter);
        } else {
            // Only for the faults that names can have.
            for (labels, spec) in [(&people.strategies, &Strategy::SPEC), (&people.regions, &Region::SPEC)] {
                labels.as_ref().map(|labels| entries(labels, spec, resolution, &mut reporter));
            }
            community.names = people.names.as_ref().map_or_else(Vec::new, |names| names.names.clone());
            by_name = people.names.as_ref().map_or_else(BTreeMap::new, names_of);
        }
        reporter.finish(&inputs.files[0].name, faults);
    }
    let mut agents = Vec::new();
    // Nobody is unknown if names of people could not be read.
    let all_are_known = inputs.people_read.as_ref().map_or(inputs.people_key.is_none(), |p| p.has_all_names);
    if let Some((file, edges)) = inputs.network_read.as_ref().filter(|_| all_are_known) {
        let mut reporter = Reporter::new(*file);
        agents = find_ends(edges, inputs, resolution, &by_name, &mut reporter);
        reporter.finish(&inputs.files[*file].name, faults);
        let ties = edges.list.iter().flat_map(|edge| {
            let both = agents[edge.from as usize].zip(agents[edge.to as usize]);
            let there = both.map(|(from, to)| (from, to, edge.trust));
            let back = both.filter(|_| edge.both).map(|(from, to)| (to, from, edge.trust));
            there.into_iter().chain(back)
        });
        community.ties = Some(FirstTies::new(ties.collect()));
    }
    Placed { community: Arc::new(community), agents }
}

/// The names of a faulty file of people, by number.
fn names_of(names: &Labels) -> BTreeMap<&str, u32> {
    names.names.iter().map(String::as_str).zip(0..).collect()
}

/// Numbers the people, and finds their strategies and regions.
fn place_people<'p>(
    people: &'p PeopleFile,
    resolution: &Resolution<'_, '_>,
    community: &mut Community,
    by_name: &mut BTreeMap<&'p str, u32>,
    reporter: &mut Reporter,
) {
    let strategies =
        people.strategies.as_ref().map(|labels| entries(labels, &Strategy::SPEC, resolution, reporter));
    let regions = people.regions.as_ref().map(|labels| entries(labels, &Region::SPEC, resolution, reporter));
    if let (Some(towns), Some(regions)) = (&people.towns, &people.regions) {
        towns_are_in_one_region(towns, regions, reporter);
    }
    let label = |labels: &Option<Labels>, row: usize| labels.as_ref().map_or(0, |labels| labels.of[row]);
    let region = |row: usize| regions.as_ref().map_or(0, |of| of[label(&people.regions, row) as usize]);
    let mut order: Vec<usize> = (0..people.n as usize).collect();
    order.sort_by_key(|row| (region(*row), label(&people.towns, *row)));
    community.strategies =
        strategies.map(|of| order.iter().map(|row| of[label(&people.strategies, *row) as usize]).collect());
    community.regions = regions.as_ref().map(|_| order.iter().map(|row| region(*row)).collect());
    community.towns = people.towns.as_ref().map(|towns| numbered(order.iter().map(|row| towns.of[*row])));
    community.expertise = people
        .expertise
        .as_ref()
        .map(|of| order.iter().map(|row| of.domains[of.labels.of[*row] as usize]).collect());
    if let Some(names) = &people.names {
        let name = |row: &usize| &names.names[names.of[*row] as usize];
        community.names = order.iter().map(|row| name(row).clone()).collect();
        by_name.extend((0..).zip(&order).map(|(agent, row)| (name(row).as_str(), agent)));
    }
}

/// Consecutive numbers from 0 for equal neighbours.
fn numbered(labels: impl Iterator<Item = u32>) -> Vec<u32> {
    let (mut last, mut number) = (None, 0);
    let next = |label: u32| {
        number += u32::from(last.is_some_and(|last| last != label));
        last = Some(label);
        number
    };
    labels.map(next).collect()
}

/// The position in a list of the scenario of each label; 0 for those that are unknown, which are reported.
fn entries(
    labels: &Labels,
    spec: &SectionSpec,
    resolution: &Resolution<'_, '_>,
    reporter: &mut Reporter,
) -> Vec<u16> {
    /// Beyond so many unknown names none is guessed.
    const GUESSED_MAX: usize = 200;
    let (section, mut unknown) = (spec.name, 0);
    let names: Vec<&str> = resolution.all(spec).iter().filter_map(Resolved::name).collect();
    let find = |(place, label): (usize, &String)| {
        if let Some(position) = names.iter().position(|name| name == label) {
            return u16::try_from(position).unwrap_or(0);
        }
        unknown += 1;
        let near = nearest(label, names.iter().copied().filter(|_| unknown <= GUESSED_MAX));
        let rows = counted(labels.counts[place] as usize, "row");
        let message = format!(
            "the cell in column `{section}` is `{}`, which is no {section} (in {rows})",
            shorten(label)
        );
        let mark = near.map_or_else(|| "unknown".to_owned(), |near| format!("did you mean `{near}`?"));
        let known = list(names.iter().take(10).map(|name| format!("`{}`", shorten(name))), "and");
        let help = format!("the scenario has {known}; correct the name, or add a [[{section}]] of this name");
        reporter.add(labels.spans[place].clone(), &mark, message, help);
        0
    };
    labels.names.iter().enumerate().map(find).collect()
}

/// Reports towns whose people are in several regions.
fn towns_are_in_one_region(towns: &Labels, regions: &Labels, reporter: &mut Reporter) {
    let mut first: BTreeMap<u32, u32> = BTreeMap::new();
    let mut reported = BTreeSet::new();
    for (town, region) in towns.of.iter().zip(&regions.of) {
        let there = *first.entry(*town).or_insert(*region);
        if there == *region || !reported.insert(*town) {
            continue;
        }
        let name = |labels: &Labels, label: u32| shorten(&labels.names[label as usize]);
        let message = format!(
            "the town `{}` is in two regions, `{}` and `{}`",
            name(towns, *town),
            name(regions, there),
            name(regions, *region)
        );
        let help = "a town is in one region; correct the cell in column `region`, or give one of the towns another name";
        reporter.add(towns.spans[*town as usize].clone(), "this town", message, help);
    }
}

/// The agent of each end of the edges. Unknown ones are reported.
fn find_ends(
    edges: &Edges,
    inputs: &Inputs,
    resolution: &Resolution<'_, '_>,
    by_name: &BTreeMap<&str, u32>,
    reporter: &mut Reporter,
) -> Vec<Option<u32>> {
    let of_file = inputs.people_read.is_some().then(|| inputs.files[0].name.as_str());
    if let Some(file) = of_file.filter(|_| by_name.is_empty()) {
        let message =
            format!("the ties are between people with names, but {} has no column name or id", shorten(file));
        let span = edges.ends.spans.first().cloned().unwrap_or(0..0);
        reporter.add(span, "", message, format!("add a column name to {}, with these names", shorten(file)));
        return vec![None; edges.ends.names.len()];
    }
    let n =
        resolution.one(&PopulationRules::SPEC).and_then(|table| table.whole("agents")).unwrap_or(u64::MAX);
    let find = |(place, label): (usize, &String)| {
        let span = || edges.ends.spans[place].clone();
        let ties = counted(edges.ends.counts[place] as usize, "edge");
        match of_file {
            Some(file) => by_name.get(label.as_str()).copied().or_else(|| {
                let file = shorten(file);
                let message = format!("`{}` is nobody in {file} (in {ties})", shorten(label));
                let help = format!("correct the name, or add a row with it to {file}");
                reporter.add(span(), "unknown", message, help);
                None
            }),
            None => label.parse::<u32>().ok().filter(|agent| u64::from(*agent) < n).or_else(|| {
                let last = grouped(n - 1);
                let message = format!("`{}` is no agent (in {ties})", shorten(label));
                let help = format!(
                    "without names the agents are numbered 0 to {last}; raise population.agents, or list people by name in population.agents_file"
                );
                reporter.add(span(), "unknown", message, help);
                None
            }),
        }
    };
    edges.ends.names.iter().enumerate().map(find).collect()
}
