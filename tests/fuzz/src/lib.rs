//! What the fuzz targets share.

mod files;
mod folder;
mod memory;
mod said;
mod small;

pub use files::community;
pub use folder::{Folder, edited};
pub use memory::{Counting, peak_of};
pub use said::{accepted, points, refused};
pub use small::small;

/// The line between the parts of an input.
const BETWEEN: &str = "=====";

/// The parts of an input: texts between lines of `=====`. Those that are missing are empty. `None` if it is not text.
pub fn parts<const N: usize>(data: &[u8]) -> Option<[&str; N]> {
    let mut rest = Some(std::str::from_utf8(data).ok()?);
    let line = format!("\n{BETWEEN}\n");
    Some([(); N].map(|()| {
        let (part, after) = match rest.unwrap_or_default().split_once(&line) {
            Some((part, after)) => (part, Some(after)),
            None => (rest.unwrap_or_default(), None),
        };
        rest = after;
        part
    }))
}

/// The lines of a part that have something in them.
pub fn lines(part: &str) -> Vec<&str> {
    part.lines().filter(|line| !line.trim().is_empty()).collect()
}

/// A pool of one thread, so that an input always takes the same way.
pub fn pool() -> mingle::ThreadPool {
    mingle::ThreadPool::new(1).expect("there is a thread")
}
