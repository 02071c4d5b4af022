//! Checks of people and networks from files against the other values of a scenario.

use super::super::cross::point;
use super::super::diagnostics::{Fault, Place};
use super::super::document::Document;
use super::super::experiments::Factor;
use super::super::keys::SECTIONS;
use super::super::overrides::locate;
use super::super::resolve::{Resolution, Resolved};
use super::super::settings::{PopulationRules, Region, Strategy};
use super::super::table::Section;
use super::super::wording::{counted, grouped, real, shorten};
use super::fill::members;
use super::labels::Labels;
use super::placing::Placed;
use super::sources::{AGENTS_FILE, Inputs, NETWORK_FILE};

/// Most people with too many ties that are named.
const NAMED_MAX: usize = 20;

/// Adds the faults of the files together with the scenario's values.
pub(in super::super) fn check(
    inputs: &Inputs,
    placed: &Placed,
    resolution: &Resolution<'_, '_>,
    faults: &mut Vec<Fault>,
) {
    let Some(population) = resolution.one(&PopulationRules::SPEC) else { return };
    if let (Some(people), Some((place, name))) = (inputs.people(), &inputs.people_key) {
        let by = By { place, name };
        faults.extend(by.agents_are_the_rows(population, people.n));
        faults.extend(by.domains_suffice(
            population,
            people.expertise.as_ref().map_or(0, super::people::Expertise::needed),
        ));
        if let Some(labels) = &people.strategies {
            by.shares_are_those_of_the_file(resolution.all(&Strategy::SPEC), labels, faults);
        }
        if let Some(labels) = &people.regions {
            by.shares_are_those_of_the_file(resolution.all(&Region::SPEC), labels, faults);
        }
        if people.towns.is_some() {
            faults.extend(by.towns_have_no_size(population));
            faults
                .extend(by.towns_have_regions(people.regions.is_some(), resolution.all(&Region::SPEC).len()));
        }
    }
    ties_fit(inputs, placed, population, faults);
}

/// The file of people: where it is named, and how.
struct By<'a> {
    place: &'a Place,
    name: &'a str,
}

impl By<'_> {
    fn file(&self) -> String {
        shorten(self.name)
    }

    fn agents_are_the_rows(&self, population: &Resolved<'_, '_>, n: u32) -> Option<Fault> {
        let agents = population.whole("agents").filter(|agents| *agents != u64::from(n))?;
        let (agents, n) = (grouped(agents), grouped(n.into()));
        let message = format!("population.agents is {agents}, but {} has {n} people", self.file());
        let help =
            "leave out agents, which then is the number of people in the file; or leave out agents_file";
        Some(
            point(Fault::new(message, help), &[(population, "agents", agents)])
                .at(self.place, format!("{n} people")),
        )
    }

    fn domains_suffice(&self, population: &Resolved<'_, '_>, needed: u64) -> Option<Fault> {
        let domains = population.whole("domains").filter(|domains| *domains < needed)?;
        let message = format!(
            "population.domains is {}, but the column `expertise` of {} needs {}",
            grouped(domains),
            self.file(),
            grouped(needed)
        );
        let help =
            format!("write domains = {needed} or more below [population]; domains are numbered from 0");
        Some(
            point(Fault::new(message, help), &[(population, "domains", grouped(domains))]).at(self.place, ""),
        )
    }

    fn shares_are_those_of_the_file(
        &self,
        tables: &[Resolved<'_, '_>],
        labels: &Labels,
        faults: &mut Vec<Fault>,
    ) {
        /// Shares may be rounded as others may.
        const TOLERANCE: f64 = 1e-9;
        let n: u32 = labels.counts.iter().sum();
        for table in tables {
            let (section, count) = (table.table.spec.name, members(labels, table.name()));
            let (Some(share), Some(place)) = (table.real("share"), table.place("share")) else { continue };
            if place == self.place || (share - f64::from(count) / f64::from(n)).abs() <= TOLERANCE {
                continue;
            }
            let name = shorten(table.name().unwrap_or_default());
            let message = format!(
                "{section}.{name}.share is {}, but {} has {count} of {n} people with this {section}",
                real(share),
                self.file()
            );
            let help = format!(
                "remove the share, which then is that of the file; or remove the column `{section}` from the file"
            );
            faults.push(
                Fault::new(message, help).at(place, "").at(self.place, format!("has a column `{section}`")),
            );
        }
    }

    fn towns_have_no_size(&self, population: &Resolved<'_, '_>) -> Option<Fault> {
        let size = population.whole("town_size").filter(|size| *size > 0)?;
        let message =
            format!("population.town_size is {}, but {} has a column `town`", grouped(size), self.file());
        let help = "remove town_size, or remove the column";
        Some(point(Fault::new(message, help), &[(population, "town_size", grouped(size))]).at(self.place, ""))
    }

    fn towns_have_regions(&self, in_file: bool, n_regions: usize) -> Option<Fault> {
        if in_file || n_regions < 2 {
            return None;
        }
        let message = format!(
            "{} has a column `town`, but none that says in which of {n_regions} regions a town is",
            self.file()
        );
        Some(
            Fault::new(message, "add a column region to the file, or remove the column `town`")
                .at(self.place, ""),
        )
    }
}

/// Nobody may have more ties than the scenario allows.
fn ties_fit(inputs: &Inputs, placed: &Placed, population: &Resolved<'_, '_>, faults: &mut Vec<Fault>) {
    let (Some((file, edges)), Some(ties)) = (inputs.network(), &placed.community.ties) else { return };
    let Some(most) = population.whole("ties_max") else { return };
    let crowded: Vec<(u32, u32)> = ties.degrees().filter(|(_, degree)| u64::from(*degree) > most).collect();
    let all = crowded.iter().map(|(_, degree)| *degree).max().unwrap_or(0);
    for &(agent, degree) in crowded.iter().take(NAMED_MAX) {
        let name = placed
            .community
            .names
            .get(agent as usize)
            .map_or_else(|| format!("agent {agent}"), |name| format!("`{}`", shorten(name)));
        let message = format!(
            "{name} has {} in {}, but ties_max is {most}",
            counted(degree as usize, "tie"),
            shorten(&inputs.files[*file].name)
        );
        let help = format!("write ties_max = {all} or more below [population], or leave out ties");
        let is_own = |end: u32| placed.agents[end as usize] == Some(agent);
        let edge = edges.list.iter().find(|edge| is_own(edge.from) || (edge.both && is_own(edge.to)));
        let place = edge.map(|edge| super::report::Reporter::new(*file).place(edge.span()));
        let fault = point(Fault::new(message, help), &[(population, "ties_max", grouped(most))]);
        faults.push(place.into_iter().fold(fault, |fault, place| fault.at(&place, "the first of them")));
    }
    if crowded.len() > NAMED_MAX {
        let more = counted(crowded.len() - NAMED_MAX, "person").replace("persons", "people");
        let message = format!("{more} more have more ties than ties_max");
        faults.push(Fault::new(message, format!("write ties_max = {all} or more below [population]")));
    }
}

/// Adds the faults of factors that set what the files give.
pub(in super::super) fn factors_leave_them(
    inputs: &Inputs,
    document: &Document<'_>,
    resolution: &Resolution<'_, '_>,
    faults: &mut Vec<Fault>,
) {
    let people = inputs.people();
    let given = |section: &str, key: &str| match (section, key) {
        ("population", AGENTS_FILE | NETWORK_FILE) => Some("a file cannot be varied"),
        ("population", "agents") if people.is_some() => Some("agents_file gives the people"),
        ("population", "town_size") if people.is_some_and(|people| people.towns.is_some()) => {
            Some("agents_file gives the towns")
        }
        ("population", "start_ties") if inputs.network().is_some() => {
            Some("network_file gives the first ties")
        }
        ("strategy", "share") if people.is_some_and(|people| people.strategies.is_some()) => {
            Some("agents_file gives everyone's strategy")
        }
        ("region", "share") if people.is_some_and(|people| people.regions.is_some()) => {
            Some("agents_file gives everyone's region")
        }
        _ => None,
    };
    for factor in resolution.all(&Factor::SPEC) {
        let (Some(keys), Some(place)) = (factor.texts("keys"), factor.place("keys")) else { continue };
        for path in keys {
            // An unknown path is reported elsewhere.
            let Ok(target) = locate(document, path, path, place) else { continue };
            let spec = &SECTIONS[target.section];
            if let Some(why) = given(spec.name, spec.keys[target.key].name) {
                let message = format!("a factor cannot set `{}`: {why}", shorten(path));
                let help = "leave out this key, or the file";
                faults.push(Fault::new(message, help).at(place, "not for factors"));
            }
        }
    }
}
