//! What the engine keeps between requests: results by name, so that they can be compared and their files saved.

use std::cell::RefCell;
use std::collections::BTreeMap;

use mingle::MemoryResult;

thread_local! {
    static KEPT: RefCell<BTreeMap<String, MemoryResult>> = const { RefCell::new(BTreeMap::new()) };
}

/// Keeps a result under a name, in place of an older one.
pub(crate) fn keep(name: &str, result: MemoryResult) {
    KEPT.with_borrow_mut(|kept| kept.insert(name.to_owned(), result));
}

/// Applies `f` to the results with these names that are there.
pub(crate) fn with<R>(names: &[String], f: impl FnOnce(&[(&str, &MemoryResult)]) -> R) -> R {
    KEPT.with_borrow(|kept| {
        let there: Vec<_> = names.iter().filter_map(|name| Some((name.as_str(), kept.get(name)?))).collect();
        f(&there)
    })
}
