//! `--format parquet`: copies of a result's tables, in builds with the feature of that name.

use std::path::{Path, PathBuf};

use super::Failure;
use crate::results::ReadError;
#[cfg(feature = "parquet")]
use crate::results::write_parquet;

/// The memory in bytes for copies, a group of rows at a time: twice what was measured for tables of up to 72,000 rows.
pub(super) const MEMORY: u64 = 60_000_000;

/// Refuses copies that this build cannot write.
pub(super) fn check() -> Result<(), Failure> {
    if cfg!(feature = "parquet") {
        return Ok(());
    }
    let text = "--format parquet: this program was built without Parquet; build it with \
                cargo build --release --features parquet, or leave out --format";
    Err(Failure::Usage(text.to_owned()))
}

/// Writes the copies of a complete result.
#[cfg(feature = "parquet")]
pub(super) fn write(dir: &Path) -> Result<Vec<PathBuf>, ReadError> {
    Ok(write_parquet(dir)?)
}

/// Nothing, because [`check`] has refused it.
#[cfg(not(feature = "parquet"))]
#[allow(clippy::unnecessary_wraps)]
pub(super) fn write(_: &Path) -> Result<Vec<PathBuf>, ReadError> {
    Ok(Vec::new())
}
