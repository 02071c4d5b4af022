//! The columns of a bet's tables.

use super::super::columns::{Column, Kind, Table, column, interval, optional};
use super::super::table::Cell;
use super::BetRow;

const HORIZON: Column =
    column("horizon", Kind::Count, "rounds", "Rounds after the event; rounds t0 to t0 + horizon count.");
const WORLD: Column = column("world", Kind::Count, "index", "World, from 0.");
const FOCAL: Column = column("focal", Kind::Count, "index", "Focal agent (place in the population), from 0.");

const QUANTILE_LOW: &str = "Lower end of the quantile's {level} interval, clustered by world; empty if it may lie below all differences.";
const QUANTILE_HIGH: &str = "Upper end of the same; empty if it may lie above all differences.";

/// The ends of a mean's interval.
fn ends() -> [Column; 2] {
    interval("benefit", "the mean's {level} interval, clustered by world")
}

/// `bet.csv`
pub(super) fn bet() -> Table {
    Table {
        name: "bet",
        meaning: "Every focal agent's net benefit in both worlds of its bet.",
        columns: vec![
            WORLD,
            FOCAL,
            HORIZON,
            column("first", Kind::Real, "benefit", "Net benefit where it acted as the first strategy."),
            column("second", Kind::Real, "benefit", "Net benefit where it acted as the second strategy."),
            column("difference", Kind::Real, "benefit", "second - first."),
        ],
        key: &["world", "focal", "horizon"],
    }
}

/// `bet_summary.csv`
pub(in crate::results) fn summary() -> Table {
    Table {
        name: "bet_summary",
        meaning: "The difference second - first at each horizon, over all focal agents.",
        columns: [estimates(), intervals()].concat(),
        key: &["horizon"],
    }
}

/// The estimates of `bet_summary.csv`, with the intervals of the mean and of the chances.
fn estimates() -> Vec<Column> {
    let share = |name, meaning| column(name, Kind::Share, "share", meaning);
    let end = |name, meaning| optional(name, Kind::Share, "share", meaning);
    let quantile = |name, meaning| column(name, Kind::Real, "benefit", meaning);
    let [low, high] = ends();
    vec![
        HORIZON,
        column("twins", Kind::Count, "agents", "Number of focal agents."),
        column("mean", Kind::Real, "benefit", "Mean difference."),
        low,
        high,
        share("p_second", "Share of focal agents who gained more as the second strategy."),
        share("p_first", "Share who gained more as the first strategy."),
        share("p_tie", "Share who gained exactly as much."),
        optional(
            "variance_ratio",
            Kind::Real,
            "ratio",
            "How many times as many runs it would take without common luck: variance of the unpaired over that of the paired difference.",
        ),
        optional("sd", Kind::Real, "benefit", "Standard deviation of the difference between focal agents."),
        end("p_second_low", "Lower end of the {level} interval of p_second, clustered by world."),
        end("p_second_high", "Upper end of the same."),
        end("p_first_low", "Lower end of the {level} interval of p_first, clustered by world."),
        end("p_first_high", "Upper end of the same."),
        quantile("q05", "5% of focal agents have at most this difference."),
        quantile("q25", "25% have at most this."),
        quantile("median", "Half have at most this."),
        quantile("q75", "75% have at most this."),
        quantile("q95", "95% have at most this."),
        column("mean_first", Kind::Real, "benefit", "Mean net benefit as the first strategy."),
        column("mean_second", Kind::Real, "benefit", "Mean net benefit as the second strategy."),
    ]
}

/// The other intervals of `bet_summary.csv`, and the estimates that came with them.
fn intervals() -> Vec<Column> {
    let real_end = |name, unit, meaning| optional(name, Kind::Real, unit, meaning);
    vec![
        column("p_lead", Kind::Real, "share", "p_second - p_first."),
        real_end("p_lead_low", "share", "Lower end of its {level} interval, clustered by world."),
        real_end("p_lead_high", "share", "Upper end of the same."),
        real_end("q05_low", "benefit", QUANTILE_LOW),
        real_end("q05_high", "benefit", QUANTILE_HIGH),
        real_end("q25_low", "benefit", QUANTILE_LOW),
        real_end("q25_high", "benefit", QUANTILE_HIGH),
        real_end("median_low", "benefit", QUANTILE_LOW),
        real_end("median_high", "benefit", QUANTILE_HIGH),
        real_end("q75_low", "benefit", QUANTILE_LOW),
        real_end("q75_high", "benefit", QUANTILE_HIGH),
        real_end("q95_low", "benefit", QUANTILE_LOW),
        real_end("q95_high", "benefit", QUANTILE_HIGH),
        real_end(
            "variance_ratio_low",
            "ratio",
            "Lower end of the variance ratio's {level} interval, by the jackknife over worlds; it may hold less often than said below 1,000 focal agents, and is empty below 10 worlds or 500 focal agents.",
        ),
        real_end("variance_ratio_high", "ratio", "Upper end of the same."),
        column(
            "trimmed",
            Kind::Real,
            "benefit",
            "Mean difference without the largest and the smallest fifth.",
        ),
        real_end(
            "trimmed_low",
            "benefit",
            "Lower end of its {level} interval, clustered by world; empty if p_tie is 0.2 or more.",
        ),
        real_end("trimmed_high", "benefit", "Upper end of the same."),
        real_end(
            "detectable",
            "benefit",
            "Smallest mean difference that as many worlds show with a chance of 80% (t test at {error}, clustered by world).",
        ),
        optional(
            "worlds_needed",
            Kind::Count,
            "worlds",
            "Worlds, in all, that show a mean difference as large with a chance of 80%; empty above 1,000,000.",
        ),
    ]
}

/// The columns of a table of means, a row for each `what` at each horizon.
fn means(what: Column) -> Vec<Column> {
    let [low, high] = ends();
    vec![HORIZON, what, column("mean", Kind::Real, "benefit", "Mean of second - first."), low, high]
}

/// A row of `bet_summary.csv`, in the order of its columns.
pub(in crate::results) fn row_cells(row: &BetRow) -> Vec<Cell<'static>> {
    let [mean, low, high] = Cell::interval(&row.mean);
    let mut cells = vec![
        Cell::Count(row.horizon.into()),
        Cell::Count(row.twins),
        mean,
        low,
        high,
        Cell::Real(row.p_second),
        Cell::Real(row.p_first),
        Cell::Real(row.p_tie),
        Cell::optional(row.variance_ratio),
        Cell::optional(row.sd),
    ];
    let ends = row.p_second_interval.iter().chain(&row.p_first_interval);
    cells.extend(ends.map(|end| Cell::optional(*end)));
    cells.extend(row.quantiles.iter().map(|&q| Cell::Real(q)));
    cells.extend([Cell::Real(row.mean_first), Cell::Real(row.mean_second), Cell::Real(row.p_lead)]);
    let ends = [row.p_lead_interval].into_iter().chain(row.quantile_intervals);
    let ends = ends.chain([row.variance_ratio_interval]).flatten();
    cells.extend(ends.map(Cell::optional));
    cells.push(Cell::Real(row.trimmed));
    cells.extend(row.trimmed_interval.map(Cell::optional));
    cells.extend([row.power.detectable, row.power.needed].map(Cell::optional));
    cells
}

/// `bet_channels.csv`
pub(super) fn channels() -> Table {
    let (name, meaning) = (
        "bet_channels",
        "The difference at each horizon by channel; a cost that the second strategy saves counts as a gain, so the means sum to that of the whole.",
    );
    let channel = column("channel", Kind::Metric, "", "Name of the benefit or cost.");
    Table { name, meaning, columns: means(channel), key: &["horizon", "channel"] }
}

/// `bet_others.csv`
pub(super) fn others() -> Table {
    let (name, meaning) = (
        "bet_others",
        "The difference at each horizon for the focal agent and for others, summed over them.",
    );
    let whom = column(
        "whom",
        Kind::Text,
        "",
        "focal; partners: whom it talked to at the event; rest: everybody else; everyone: all three.",
    );
    Table { name, meaning, columns: means(whom), key: &["horizon", "whom"] }
}

/// `bet_parts.csv`
pub(super) fn parts() -> Table {
    let (name, meaning) = (
        "bet_parts",
        "What each trait in which the two strategies differ adds to second - first (Shapley values); \"all\" is the whole.",
    );
    let part = column("trait", Kind::Text, "", "Name of the trait.");
    Table { name, meaning, columns: means(part), key: &["horizon", "trait"] }
}

/// `bet_crossover.csv`
pub(super) fn crossover() -> Table {
    Table {
        name: "bet_crossover",
        meaning: "One life with both events in it, for every focal agent.",
        columns: vec![
            WORLD,
            FOCAL,
            column(
                "second_came_first",
                Kind::Flag,
                "",
                "1 if the earlier event was the one attended as the second strategy.",
            ),
            column(
                "first",
                Kind::Real,
                "benefit",
                "Net benefit of the window from the event attended as the first strategy.",
            ),
            column(
                "second",
                Kind::Real,
                "benefit",
                "Net benefit of the window from the event attended as the second strategy.",
            ),
            column("difference", Kind::Real, "benefit", "second - first."),
        ],
        key: &["world", "focal"],
    }
}

/// `bet_crossover_summary.csv`
pub(super) fn crossover_summary() -> Table {
    let [low, high] = ends();
    Table {
        name: "bet_crossover_summary",
        meaning: "What people who try both on themselves would find, beside the truth.",
        columns: vec![
            column(
                "quantity",
                Kind::Text,
                "",
                "estimate: of the crossover; truth: of the twins over the same rounds; bias: estimate less truth; first_came_first, second_came_first: means of the two orders; people_crossover, people_two_groups: how many it takes to see the truth with a chance of 80% at {error}.",
            ),
            optional("mean", Kind::Real, "benefit", "Its value; a number of people for the last two."),
            low,
            high,
        ],
        key: &["quantity"],
    }
}
