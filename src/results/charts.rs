//! The charts of results, by name: what drawing makes and what overwriting may remove.

/// The formats that a chart may be there in.
pub(crate) const CHART_FORMATS: [&str; 2] = ["svg", "png"];

/// Declares the charts of one kind of result, each with the name of its file without an extension.
macro_rules! charts {
    ($(#[doc = $about:literal] $kind:ident { $($chart:ident = $name:literal, $meaning:literal;)+ })+) => {
        $(
            #[doc = $about]
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub(crate) enum $kind {
                $(#[doc = $meaning] $chart),+
            }

            impl $kind {
                /// All of them, in the order in which they are drawn.
                pub(crate) const ALL: &'static [Self] = &[$(Self::$chart),+];

                /// Name of its file, without an extension.
                pub(crate) fn name(self) -> &'static str {
                    match self {
                        $(Self::$chart => $name),+
                    }
                }
            }
        )+

        /// The names of all charts that a result folder may have.
        pub(super) fn names() -> impl Iterator<Item = &'static str> {
            std::iter::empty()$(.chain($kind::ALL.iter().map(|chart| chart.name())))+
        }
    };
}

charts! {
    #[doc = "A chart of a run."]
    RunChart {
        Net = "net_over_time", "Net benefit, round by round.";
        Channels = "benefit_by_channel", "Through which channels benefits and costs come.";
        Calls = "calls", "Calls received and made.";
        Opinion = "opinion", "What others think of each strategy.";
        Mixers = "mixers", "What happens at mixers.";
        Distribution = "final_benefit", "How benefits are spread over agents.";
        Spread = "spread", "How benefits are spread within each strategy over time.";
        Flows = "flows", "Who gives to whom.";
        Network = "network", "Who helps whom, as a network.";
        People = "people", "Some people with their ties.";
        Concentration = "concentration", "How concentrated help is.";
        Regions = "regions", "Region by region.";
        Survival = "survival", "Who survives.";
        Shares = "shares", "How common each strategy is.";
    }
    #[doc = "A chart of a bet."]
    BetChart {
        Difference = "bet_difference", "The mean difference, by horizon.";
        Distribution = "bet_distribution", "How the differences are spread.";
        Channels = "bet_channels", "Through which channels they come.";
        Parts = "bet_parts", "Which traits they are due to.";
        Crossover = "bet_crossover", "The crossover beside the truth.";
        Story = "bet_story", "How an evening becomes money for a typical focal agent.";
        Luckiest = "bet_story_luckiest", "The same for the luckiest one.";
    }
    #[doc = "A chart of a sweep."]
    SweepChart {
        Difference = "sweep_difference", "The contrast along each factor.";
        Net = "sweep_net", "Both sides of the contrast along each factor.";
        Map = "sweep_map", "Where each side wins, over two factors.";
        Scatter = "sweep_scatter", "The contrast at every point, by each factor.";
        Tornado = "sweep_tornado", "How far each factor alone moves the contrast.";
        Morris = "sweep_morris", "Elementary effects.";
        Sobol = "sweep_sobol", "Shares of variance.";
        Traits = "sweep_traits", "Which traits the contrast is due to.";
    }
    #[doc = "A chart of a validation."]
    ValidationChart {
        Deviations = "validation", "Measured values against the expected ones.";
    }
    #[doc = "A chart of published patterns."]
    EvidenceChart {
        Patterns = "evidence", "Measured values against the published ones.";
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_charts_share_a_file() {
        let all: Vec<&str> = names().collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
        assert!(all.contains(&"net_over_time") && all.contains(&"sweep_sobol"));
    }
}
