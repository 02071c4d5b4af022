//! Weights of candidates when a guest chooses whom to talk to.

use crate::scenario::MixerRules;

/// Whether guests weigh candidates. Otherwise they are matched evenly.
pub(super) fn weighs_candidates(mixer: &MixerRules) -> bool {
    let factors = [mixer.familiarity, mixer.same_town, mixer.same_region, mixer.same_domain, mixer.mutual];
    mixer.opinion_weight != 0.0 || factors.iter().any(|factor| *factor != 1.0)
}

/// What a guest knows of a candidate.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Candidate {
    pub known: bool,
    pub opinion: f64,
    pub same_town: bool,
    pub same_region: bool,
    pub same_domain: bool,
    /// Whether the two share a contact.
    pub mutual: bool,
}

/// The weight of a candidate: the product of the factors that apply to it.
pub(super) fn weight(mixer: &MixerRules, candidate: Candidate) -> f64 {
    let liked = (1.0 + mixer.opinion_weight * candidate.opinion).max(0.0);
    let factors = [
        (candidate.known, mixer.familiarity),
        (mixer.opinion_weight != 0.0, liked),
        (candidate.same_town, mixer.same_town),
        (candidate.same_region, mixer.same_region),
        (candidate.same_domain, mixer.same_domain),
        (candidate.mutual, mixer.mutual),
    ];
    factors.into_iter().fold(1.0, |weight, (applies, factor)| if applies { weight * factor } else { weight })
}

/// The chance that the first of two candidates is chosen: even if neither weighs anything.
pub(super) fn first_chance(first: f64, second: f64) -> f64 {
    let sum = first + second;
    if sum > 0.0 { first / sum } else { 0.5 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    fn mixer(keys: &str) -> MixerRules {
        let text = format!("[mixer]\n{keys}");
        Scenario::parse(&text, &[]).unwrap_or_else(|faults| panic!("{faults}")).mixer.clone()
    }

    #[test]
    fn guests_choose_only_if_candidates_can_differ() {
        assert!(!weighs_candidates(&mixer("")));
        for key in [
            "familiarity = 2",
            "opinion_weight = -1",
            "same_town = 2",
            "same_region = 2",
            "same_domain = 0",
            "mutual = 3",
        ] {
            assert!(weighs_candidates(&mixer(key)), "{key}");
        }
    }

    #[test]
    fn factors_multiply_where_they_apply() {
        let all = mixer(
            "familiarity = 3\nopinion_weight = 2\nsame_town = 5\nsame_region = 7\nsame_domain = 11\nmutual = 13",
        );
        let stranger = Candidate { opinion: 0.25, ..Candidate::default() };
        let weighs = |candidate| weight(&all, candidate);
        assert_eq!(weighs(stranger), 1.5);
        assert_eq!(weighs(Candidate { known: true, ..stranger }), 4.5);
        assert_eq!(weighs(Candidate { same_town: true, same_region: true, ..stranger }), 1.5 * 35.0);
        assert_eq!(weighs(Candidate { same_domain: true, mutual: true, ..stranger }), 1.5 * 143.0);
        assert_eq!(weighs(Candidate { opinion: -0.75, known: true, ..stranger }), 0.0, "never below 0");
        assert_eq!(weight(&mixer("opinion_weight = -4"), stranger), 0.0, "good opinions are avoided");
    }

    #[test]
    fn of_two_without_weight_either_is_chosen() {
        assert_eq!(
            [first_chance(3.0, 1.0), first_chance(0.0, 2.0), first_chance(0.0, 0.0)],
            [0.75, 0.0, 0.5]
        );
    }
}
