//! A scenario as text again.

use super::keys::RunRules;
use super::settings::Scenario;
use super::table::Section;

impl Scenario {
    /// Every value in force, as a scenario file that reads back as an equal scenario.
    ///
    /// Floats have the fewest digits that tell them from any other.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let run = RunRules {
            title: self.title.clone(),
            seed: self.seed,
            rounds: self.rounds,
            burn_in: self.burn_in,
            replicates: self.replicates,
        };
        let mut text = String::new();
        write_section(&mut text, &run);
        write_section(&mut text, &self.population);
        write_section(&mut text, &self.needs);
        write_section(&mut text, &self.help);
        write_section(&mut text, &self.mixer);
        write_section(&mut text, &self.calls);
        write_section(&mut text, &self.reputation);
        for strategy in &self.strategies {
            write_section(&mut text, strategy);
        }
        for region in &self.regions {
            write_section(&mut text, region);
        }
        if let Some(survival) = &self.survival {
            write_section(&mut text, survival);
        }
        if let Some(evolution) = &self.evolution {
            write_section(&mut text, evolution);
        }
        text
    }
}

fn write_section<S: Section>(text: &mut String, section: &S) {
    if !S::SPEC.name.is_empty() {
        text.push_str(&format!("\n{}\n", S::SPEC.header()));
    }
    for (key, value) in S::SPEC.keys.iter().zip(section.to_values()) {
        text.push_str(&format!("{} = {}\n", key.name, value.to_toml()));
    }
}
