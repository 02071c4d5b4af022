//! The only place that names rayon: maps over parts of the work, with results in order.
//!
//! Nothing here folds: callers get ordered results and fold them serially, so that
//! the same bytes come out for any number of threads.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::{Condvar, Mutex, PoisonError};

use rayon::prelude::*;

/// The threads that share the work.
#[derive(Debug)]
pub struct ThreadPool {
    threads: rayon::ThreadPool,
}

impl ThreadPool {
    /// A pool of `n_threads`, or for 0 of as many as the variable `RAYON_NUM_THREADS` says, else as many as there are
    /// cores. More than [`most_threads`] are not started: no result depends on their number, and they would only
    /// wait for each other.
    ///
    /// # Errors
    /// If the operating system refuses the threads.
    pub fn new(n_threads: usize) -> Result<Self, String> {
        let variable = || std::env::var("RAYON_NUM_THREADS").ok()?.trim().parse::<usize>().ok();
        let wanted = Some(n_threads).filter(|&n| n > 0).or_else(|| variable().filter(|&n| n > 0));
        let started = wanted.unwrap_or_else(cores).min(most_threads());
        let threads = rayon::ThreadPoolBuilder::new()
            .num_threads(started)
            .thread_name(|i| format!("mingle-{i}"))
            .build()
            .map_err(|e| format!("cannot start {started} threads: {e}; ask for fewer with --threads"))?;
        Ok(Self { threads })
    }

    /// Number of threads.
    pub fn n_threads(&self) -> usize {
        self.threads.current_num_threads()
    }

    /// Lets the pool do `work`, and gives it the par over whose threads it may be spread.
    ///
    /// The work itself is done by one of these threads, so that each part of it is shared out where it comes
    /// up: to hand every part over from outside would put a thread to sleep and wake another each time.
    pub fn install<R: Send>(&self, work: impl FnOnce(Parallelism<'_>) -> R + Send) -> R {
        self.threads.install(|| work(Parallelism { pool: Some(self) }))
    }
}

/// Cores that this process may use.
fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Most threads of a pool: four per core, and 16 in any case.
pub fn most_threads() -> usize {
    (4 * cores()).max(16)
}

/// How one piece of work is done: by a whole pool, or by the thread that asks.
#[derive(Clone, Copy, Debug)]
pub struct Parallelism<'a> {
    pool: Option<&'a ThreadPool>,
}

impl Parallelism<'static> {
    /// No pool: everything happens on the calling thread.
    pub const SERIAL: Parallelism<'static> = Parallelism { pool: None };
}

impl Parallelism<'_> {
    /// `f` of each item, in the order of the items.
    pub fn map<T: Send, R: Send>(&self, items: Vec<T>, f: impl Fn(T) -> R + Sync + Send) -> Vec<R> {
        match self.pool {
            Some(pool) if items.len() > 1 => {
                pool.threads.install(|| items.into_par_iter().with_max_len(1).map(f).collect())
            }
            _ => items.into_iter().map(f).collect(),
        }
    }

    /// Sorts lists of keys, each of which are all different.
    pub fn sort_each<K: Ord + Send + Copy>(&self, lists: Vec<&mut [K]>) {
        let (long, short): (Vec<_>, Vec<_>) = lists.into_iter().partition(|list| list.len() > 1 << 16);
        long.into_iter().for_each(|list| self.sort_distinct(list));
        self.map(short, <[K]>::sort_unstable);
    }

    /// Sorts things no two of which are equal, so that the result is unique.
    pub fn sort_by<T: Send>(&self, things: &mut [T], compare: impl Fn(&T, &T) -> Ordering + Sync + Send) {
        match self.pool {
            Some(pool) if things.len() > 1 << 14 => {
                pool.threads.install(|| things.par_sort_unstable_by(compare));
            }
            _ => things.sort_unstable_by(compare),
        }
    }

    /// Sorts keys that are all different, so that the result is unique.
    pub fn sort_distinct<K: Ord + Send + Copy>(&self, keys: &mut [K]) {
        match self.pool {
            Some(pool) if keys.len() > 1 << 16 => pool.threads.install(|| keys.par_sort_unstable()),
            _ => keys.sort_unstable(),
        }
        debug_assert!(keys.is_sorted_by(|a, b| a < b), "keys repeat, so their order is not unique");
    }
}

/// What [`stream`] has handed on so far.
struct Queue<T> {
    next: usize,
    wanted: usize,
    ready: BTreeMap<usize, T>,
    closed: bool,
}

/// Makes items `0..n` on all threads of the pool and hands them to `consume` on the calling
/// thread, in order, each as soon as it and all before it are made.
///
/// At most `2 x threads` items wait, so memory does not grow with `n`. `make` may return
/// `None` (interrupted) and `consume` may break; then nothing later is handed on.
/// Returns how many items were consumed.
pub fn stream<T: Send>(
    pool: &ThreadPool,
    n: usize,
    make: impl Fn(usize) -> Option<T> + Sync,
    mut consume: impl FnMut(T) -> ControlFlow<()>,
) -> usize {
    let window = 2 * pool.n_threads();
    let queue = Mutex::new(Queue { next: 0, wanted: 0, ready: BTreeMap::new(), closed: false });
    let changed = Condvar::new();
    // A panic inside `make` propagates out of the scope; the queue's plain data stays usable.
    let lock = || queue.lock().unwrap_or_else(PoisonError::into_inner);
    let worker = || {
        // Closing on the way out, a panic's too, keeps the consumer from waiting for ever.
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
                // The others still work: only an early end closes the queue.
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
    pool.threads.in_place_scope(|scope| {
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
    fn no_more_threads_are_started_than_the_cores_can_use() {
        assert_eq!(ThreadPool::new(1).unwrap().n_threads(), 1);
        assert_eq!(ThreadPool::new(8).unwrap().n_threads(), 8);
        assert_eq!(ThreadPool::new(50_000).unwrap().n_threads(), most_threads());
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
