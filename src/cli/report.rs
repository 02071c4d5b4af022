//! `mingle report DIR...`

use serde_json::json;

use super::shown::{Shown, ShownArgs};
use super::{Failure, Terminal};
use crate::report::{report as report_on, report_together};

/// Writes a page about results from their files alone.
pub(super) fn report(args: &ShownArgs, terminal: &Terminal) -> Result<(), Failure> {
    let page = match args.shown("the report")? {
        (Shown::One(dir), pool) => report_on(dir, &pool)?,
        (Shown::Several(dirs, out), pool) => report_together(dirs, &out, &pool)?,
    };
    if terminal.json {
        let paths = terminal.in_json([page.as_path()]);
        terminal.json(&json!({ "report": paths[0] }));
    } else {
        terminal.folder(&page);
    }
    Ok(())
}
