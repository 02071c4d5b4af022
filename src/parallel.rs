//! Parallel maps over parts of the work, with results in order. This is the only user of rayon.
//!
//! Nothing here folds. Callers get ordered results and fold them serially, so that results are the same for any
//! number of threads.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::{Condvar, Mutex, PoisonError};

use rayon::prelude::*;

/// A pool of threads.
///
/// ```
/// // 0: as many threads as there are cores. Results do not depend on their number.
/// let pool = mingle::ThreadPool::new(0)?;
/// assert!(pool.n_threads() >= 1);
/// # Ok::<(), String>(())
/// ```
#[derive(Debug)]
pub struct ThreadPool {
    /// `None` where the system has no threads.
    threads: Option<rayon::ThreadPool>,
}

/// Whether the system has threads. WebAssembly mostly has none.
const HAS_THREADS: bool = !cfg!(all(target_family = "wasm", not(target_feature = "atomics")));

impl ThreadPool {
    /// Starts a pool of `n_threads` threads. 0 means the number in the variable `RAYON_NUM_THREADS`, or else the
    /// number of cores. At most four threads per core are started (16 in any case): more would only wait for each other,
    /// and no result depends on their number. Where the system has no threads, everything runs on the calling thread.
    ///
    /// # Errors
    /// If the operating system cannot start the threads.
    pub fn new(n_threads: usize) -> Result<Self, String> {
        if !HAS_THREADS {
            return Ok(Self { threads: None });
        }
        let variable = || std::env::var("RAYON_NUM_THREADS").ok()?.trim().parse::<usize>().ok();
        let wanted = Some(n_threads).filter(|&n| n > 0).or_else(|| variable().filter(|&n| n > 0));
        let started = wanted.unwrap_or_else(cores).min(most_threads());
        let threads = rayon::ThreadPoolBuilder::new()
            .num_threads(started)
            .thread_name(|i| format!("mingle-{i}"))
            .build()
            .map_err(|e| format!("cannot start {started} threads: {e}; ask for fewer with --threads"))?;
        Ok(Self { threads: Some(threads) })
    }

    /// Number of threads.
    pub fn n_threads(&self) -> usize {
        self.threads.as_ref().map_or(1, rayon::ThreadPool::current_num_threads)
    }

    /// Runs `work` on a thread of the pool, with a [`Parallelism`] that uses all threads of the pool.
    ///
    /// Inside the pool a parallel map starts without a switch of threads. From outside, each map would put the caller
    /// to sleep and wake a thread of the pool.
    pub fn install<R: Send>(&self, work: impl FnOnce(Parallelism<'_>) -> R + Send) -> R {
        let Some(threads) = &self.threads else { return work(Parallelism::SERIAL) };
        let (mut work, mut result) = (Some(work), None);
        install(threads, &mut || {
            result = work.take().map(|work| work(Parallelism { threads: Some(threads) }));
        });
        result.expect("the work was done once")
    }
}

// What uses rayon is not generic, so its code is compiled once and not again for each of fifty callers.

/// Runs `work` once on one of the threads.
fn install(threads: &rayon::ThreadPool, work: &mut (dyn FnMut() + Send)) {
    threads.install(work);
}

/// Calls `work` with every number below `n`, on all threads.
fn for_each_index(threads: &rayon::ThreadPool, n: usize, work: &(dyn Fn(usize) + Sync)) {
    threads.install(|| (0..n).into_par_iter().with_max_len(1).for_each(work));
}

/// Number of cores that this process can use.
fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Maximum number of threads of a pool: four per core, but at least 16.
pub(crate) fn most_threads() -> usize {
    (4 * cores()).max(16)
}

/// Where a piece of work runs: on all threads of a pool, or on the calling thread only.
///
/// ```
/// use mingle::{Parallelism, Rules, Scenario, Simulation, ThreadPool};
///
/// let scenario = Scenario::parse("[population]\nagents = 60", &[])?;
/// let rules = Rules::new(&scenario);
/// let mut alone = Simulation::new(&rules, 1, Parallelism::SERIAL);
/// let mut shared = alone.clone();
/// let records = ThreadPool::new(2)?.install(|par| shared.step(par));
/// assert_eq!(format!("{records:?}"), format!("{:?}", alone.step(Parallelism::SERIAL)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Parallelism<'a> {
    threads: Option<&'a rayon::ThreadPool>,
}

impl Parallelism<'static> {
    /// Everything runs on the calling thread.
    pub const SERIAL: Parallelism<'static> = Parallelism { threads: None };
}

impl Parallelism<'_> {
    /// Applies `f` to each item. Results are in the order of the items.
    pub(crate) fn map<T: Send, R: Send>(&self, items: Vec<T>, f: impl Fn(T) -> R + Sync + Send) -> Vec<R> {
        let Some(threads) = self.threads.filter(|_| items.len() > 1) else {
            return items.into_iter().map(f).collect();
        };
        // Each item with its result. None is locked while `f` runs, so a panic poisons none.
        let slots: Vec<_> = items.into_iter().map(|item| Mutex::new((Some(item), None))).collect();
        let lock = |i: usize| slots[i].lock().unwrap_or_else(PoisonError::into_inner);
        for_each_index(threads, slots.len(), &|i| {
            let item = lock(i).0.take();
            let result = item.map(&f);
            lock(i).1 = result;
        });
        let results =
            slots.into_iter().map(|slot| slot.into_inner().unwrap_or_else(PoisonError::into_inner).1);
        results.map(|result| result.expect("every index is visited once")).collect()
    }

    /// Sorts lists of keys. The keys of a list are distinct.
    pub(crate) fn sort_each<K: Ord + Send + Copy>(&self, lists: Vec<&mut [K]>) {
        let (long, short): (Vec<_>, Vec<_>) = lists.into_iter().partition(|list| list.len() > 1 << 16);
        long.into_iter().for_each(|list| self.sort_distinct(list));
        self.map(short, <[K]>::sort_unstable);
    }

    /// Sorts items no two of which compare equal, so that the result is unique.
    pub(crate) fn sort_by<T: Send>(
        &self,
        items: &mut [T],
        compare: impl Fn(&T, &T) -> Ordering + Sync + Send,
    ) {
        match self.threads {
            Some(threads) if items.len() > 1 << 14 => {
                threads.install(|| items.par_sort_unstable_by(compare));
            }
            _ => items.sort_unstable_by(compare),
        }
    }

    /// Sorts distinct keys, so that the result is unique.
    pub(crate) fn sort_distinct<K: Ord + Send + Copy>(&self, keys: &mut [K]) {
        match self.threads {
            Some(threads) if keys.len() > 1 << 16 => threads.install(|| keys.par_sort_unstable()),
            _ => keys.sort_unstable(),
        }
        debug_assert!(keys.is_sorted_by(|a, b| a < b), "keys repeat, so their order is not unique");
    }
}

/// The state of [`stream`].
struct Queue<T> {
    /// Next item to make.
    next: usize,
    /// Next item to consume.
    wanted: usize,
    ready: BTreeMap<usize, T>,
    closed: bool,
}

/// Makes items `0..n` on all threads of the pool and passes them to `consume` on the calling thread, in order, each
/// as soon as it and all items before it are made.
///
/// At most `2 x threads` items wait, so memory does not grow with `n`. `make` can return `None` (interrupted), and
/// `consume` can break; then no later item is consumed. Returns the number of items consumed.
pub(crate) fn stream<T: Send>(
    pool: &ThreadPool,
    n: usize,
    make: impl Fn(usize) -> Option<T> + Sync,
    mut consume: impl FnMut(T) -> ControlFlow<()>,
) -> usize {
    let Some(threads) = &pool.threads else {
        return one_by_one(n, make, consume);
    };
    let window = 2 * pool.n_threads();
    let queue = Mutex::new(Queue { next: 0, wanted: 0, ready: BTreeMap::new(), closed: false });
    let changed = Condvar::new();
    // A panic inside `make` propagates out of the scope. The plain data of the queue stays valid.
    let lock = || queue.lock().unwrap_or_else(PoisonError::into_inner);
    let worker = || {
        // Closes the queue on every early return, a panic included. Otherwise the consumer would wait for ever.
        let _close = CloseOnDrop(|| {
            lock().closed = true;
            changed.notify_all();
        });
        loop {
            let mut q = lock();
            while !q.closed && q.next < n && q.next >= q.wanted + window {
                q = changed.wait(q).unwrap_or_else(PoisonError::into_inner);
            }
            if q.closed || q.next >= n {
                // The other threads still work, so this regular end does not close the queue.
                std::mem::forget(_close);
                return;
            }
            let index = q.next;
            q.next += 1;
            drop(q);
            let Some(item) = make(index) else { return };
            lock().ready.insert(index, item);
            changed.notify_all();
        }
    };
    let mut consumed = 0;
    threads.in_place_scope(|scope| {
        for _ in 0..pool.n_threads() {
            scope.spawn(|_| worker());
        }
        while consumed < n {
            let mut q = lock();
            let item = loop {
                if let Some(item) = q.ready.remove(&consumed) {
                    q.wanted = consumed + 1;
                    break Some(item);
                }
                if q.closed {
                    break None;
                }
                q = changed.wait(q).unwrap_or_else(PoisonError::into_inner);
            };
            drop(q);
            changed.notify_all();
            let Some(item) = item else { break };
            consumed += 1;
            if consume(item).is_break() {
                break;
            }
        }
        lock().closed = true;
        changed.notify_all();
    });
    consumed
}

/// The same on the calling thread.
fn one_by_one<T>(
    n: usize,
    make: impl Fn(usize) -> Option<T>,
    mut consume: impl FnMut(T) -> ControlFlow<()>,
) -> usize {
    for index in 0..n {
        let Some(item) = make(index) else { return index };
        if consume(item).is_break() {
            return index + 1;
        }
    }
    n
}

/// Runs its function when dropped.
struct CloseOnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for CloseOnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streamed_items_come_in_order_for_any_number_of_threads() {
        for n_threads in [1, 2, 8] {
            let pool = ThreadPool::new(n_threads).unwrap();
            let mut seen = Vec::new();
            let n = stream(&pool, 100, Some, |i| {
                seen.push(i);
                ControlFlow::Continue(())
            });
            assert_eq!(n, 100);
            assert_eq!(seen, (0..100).collect::<Vec<_>>());
        }
    }

    #[test]
    fn mapped_items_come_in_order_for_any_number_of_threads_and_within_another_map() {
        let square =
            |par: Parallelism<'_>| par.map((0..50_u64).map(Some).collect(), |item| item.map(|i| i * i));
        let expected: Vec<_> = (0..50).map(|i| Some(i * i)).collect();
        assert_eq!(square(Parallelism::SERIAL), expected);
        for n_threads in [1, 2, 8] {
            let pool = ThreadPool::new(n_threads).unwrap();
            assert_eq!(pool.install(square), expected);
            let nested = pool.install(|par| par.map(vec![(); 20], |()| square(par)));
            assert_eq!(nested, vec![expected.clone(); 20]);
        }
    }

    #[test]
    fn a_panic_in_one_mapped_item_reaches_the_caller() {
        let pool = ThreadPool::new(2).unwrap();
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            pool.install(|par| par.map((0..10).collect(), |i: u32| assert!(i != 3, "item {i}")))
        }));
        let message = *result.unwrap_err().downcast::<String>().unwrap();
        assert_eq!(message, "item 3");
        assert_eq!(pool.install(|par| par.map(vec![1, 2], |i| i + 1)), [2, 3], "the pool still works");
    }

    #[test]
    fn no_more_threads_are_started_than_the_cores_can_use() {
        assert_eq!(ThreadPool::new(1).unwrap().n_threads(), 1);
        assert_eq!(ThreadPool::new(8).unwrap().n_threads(), 8);
        assert_eq!(ThreadPool::new(50_000).unwrap().n_threads(), most_threads());
    }

    #[test]
    fn without_threads_items_are_made_and_consumed_one_by_one() {
        let pool = ThreadPool { threads: None };
        assert_eq!(pool.n_threads(), 1);
        assert_eq!(pool.install(|par| par.map(vec![3, 1, 2], |x| x + 1)), [4, 2, 3]);
        let mut seen = Vec::new();
        let mut consume = |i| {
            seen.push(i);
            if i == 4 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        assert_eq!(stream(&pool, 3, Some, &mut consume), 3);
        assert_eq!(stream(&pool, 9, |i| (i != 2).then_some(i), &mut consume), 2);
        assert_eq!(stream(&pool, 9, Some, &mut consume), 5);
        assert_eq!(seen, [0, 1, 2, 0, 1, 0, 1, 2, 3, 4]);
    }

    #[test]
    fn an_interrupted_stream_keeps_a_prefix() {
        let pool = ThreadPool::new(2).unwrap();
        let mut seen = Vec::new();
        stream(
            &pool,
            100,
            |i| (i != 7).then_some(i),
            |i| {
                seen.push(i);
                ControlFlow::Continue(())
            },
        );
        assert_eq!(seen, (0..seen.len()).collect::<Vec<_>>());
        assert!(seen.len() <= 7);
        let consumed =
            stream(
                &pool,
                100,
                Some,
                |i| {
                    if i == 4 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                },
            );
        assert_eq!(consumed, 5);
    }

    #[test]
    fn a_panic_in_one_item_is_not_a_hang() {
        let pool = ThreadPool::new(2).unwrap();
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            stream(
                &pool,
                10,
                |i| if i == 3 { panic!("item 3") } else { Some(i) },
                |_| ControlFlow::Continue(()),
            )
        }));
        assert!(result.is_err());
    }
}
