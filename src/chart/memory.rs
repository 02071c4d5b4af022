//! The memory that drawing the charts of a result takes.

use super::gather::DOTS_MAX;

/// The memory in bytes for the charts of a result with so many strategies and regions, drawn on `n_threads`: an upper
/// limit to what was measured for 3 to 200 strategies, 1 to 50 regions and 1 to 4 threads, most of it for PNG copies.
pub(crate) fn memory(n_strategies: usize, n_regions: usize, n_threads: usize) -> u64 {
    /// Faces, documents and tables; a picture of each thread; a row of dots; a strategy, which is a line or a row in every
    /// chart, and its part in the picture of each thread.
    const BASE: u64 = 20_000_000;
    const THREAD: u64 = 15_000_000;
    const DOT: u64 = 200_000;
    const STRATEGY: u64 = 1_200_000;
    const STRATEGY_BY_THREAD: u64 = 450_000;
    /// No more charts take long at the same time.
    const AT_ONCE: usize = 16;
    let (threads, strategies) = (n_threads.min(AT_ONCE) as u64, n_strategies as u64);
    let dots = n_strategies.saturating_mul(n_regions);
    // A chart with more dots is left out.
    let dots = if dots > DOTS_MAX { 0 } else { dots as u64 };
    BASE + THREAD * threads + DOT * dots + strategies * (STRATEGY + STRATEGY_BY_THREAD * threads)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_measured_is_less_and_not_much_less() {
        // Peak resident memory of `mingle chart`, in megabytes.
        let measured = [
            (3, 1, 1, 30.0),
            (3, 5, 4, 61.0),
            (20, 1, 2, 61.0),
            (20, 20, 1, 128.0),
            (20, 50, 4, 262.0),
            (60, 16, 4, 335.0),
            (100, 1, 1, 196.0),
            (200, 1, 4, 596.0),
        ];
        for (strategies, regions, threads, megabytes) in measured {
            let estimate = memory(strategies, regions, threads) as f64 / 1e6;
            assert!((1.0..2.5).contains(&(estimate / megabytes)), "{estimate} for {megabytes}");
        }
        assert_eq!(memory(60, 17, 1), memory(60, 16, 1) - 960 * 200_000, "more dots are left out");
    }
}
