//! `mingle explore`

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde_json::json;

use super::{Failure, Terminal, load};
use crate::results::{limit_to_raise, remove_drafts, write_and_place};
use crate::scenario::Scenario;

/// The page with the engine in it. `web/build.sh` builds it.
const PAGE: &str = include_str!("../../docs/explore.html");

/// The name of the page while it is written begins with this, whatever its own name is.
const DRAFT: &str = "explore";

/// The place for a scenario in the page, and what stands there if there is none.
const PLACE: &str = "<script type=\"application/json\" id=\"given\">";
const NOTHING: &str = "null</script>";

/// Arguments of `mingle explore`.
#[derive(Debug, clap::Args)]
pub(super) struct ExploreArgs {
    /// Scenario file (TOML) that the page begins with [default: the Chamber of Commerce mixers]
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Change one value of the scenario, as in --set needs.rate=0.2; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE", requires = "file")]
    set: Vec<String>,
    /// File for the page [default: output/NAME.html for the scenario NAME.toml, or output/explore.html]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Overwrite an existing file
    #[arg(long)]
    force: bool,
}

/// Writes a page on which a scenario can be explored in a browser, with the simulator in it.
pub(super) fn explore(args: &ExploreArgs, terminal: &Terminal) -> Result<(), Failure> {
    let page = match &args.file {
        None => PAGE.to_owned(),
        Some(file) => with_scenario(&without_files(load::load_file(file, &args.set)?)?),
    };
    let out = args.out.clone().unwrap_or_else(|| {
        args.file.as_deref().map_or_else(
            || Path::new("output").join("explore.html"),
            |file| {
                let mut name = load::default_out(file, "").into_os_string();
                name.push(".html");
                name.into()
            },
        )
    });
    write(&out, &page, args.force)?;
    terminal.note("open the page in a browser; it needs no network");
    if terminal.json {
        terminal.json(&json!({ "page": terminal.in_json([out.as_path()])[0] }));
    } else {
        terminal.folder(&out);
    }
    Ok(())
}

/// Refuses a scenario that names files, which a page cannot read.
fn without_files(scenario: Scenario) -> Result<Scenario, Failure> {
    let Some(file) = scenario.provenance().files.first() else { return Ok(scenario) };
    let (key, name) = (&file.key, &file.name);
    Err(Failure::Usage(format!(
        "{key} names {name}, and a page in a browser cannot read files; leave it out with --set {key}=\"\", or use mingle run"
    )))
}

/// The page with a scenario in it, as JSON that cannot end its element.
fn with_scenario(scenario: &Scenario) -> String {
    let provenance = scenario.provenance();
    let given = json!({ "file": provenance.name, "text": provenance.text, "sets": provenance.overrides });
    let given = given.to_string().replace('<', "\\u003c");
    PAGE.replacen(&format!("{PLACE}{NOTHING}"), &format!("{PLACE}{given}</script>"), 1)
}

/// Writes the page under a temporary name and renames it, so that it is whole or not there.
fn write(out: &Path, page: &str, force: bool) -> Result<(), Failure> {
    let failed = |error: &io::Error| {
        let fix = match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                "free some space, or choose another place with --out"
            }
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                "choose a place that you may write to with --out"
            }
            _ => limit_to_raise(error).unwrap_or("check the folder, or choose another place with --out"),
        };
        Failure::Failed(format!("cannot write {}: {error}; {fix}", out.display()))
    };
    if out.is_dir() {
        let text = format!("cannot write {}: it is a folder; name a file with --out", out.display());
        return Err(Failure::Failed(text));
    }
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|error| failed(&error))?;
    remove_drafts(folder, &[DRAFT]);
    let fill = |mut file: &File| file.write_all(page.as_bytes()).and_then(|()| file.sync_all());
    let place = |draft: &Path| if force { fs::rename(draft, out) } else { rename_to_new(draft, out) };
    match write_and_place(folder, DRAFT, "html", fill, place) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let fix = "choose another file with --out, or overwrite it with --force";
            Err(Failure::Failed(format!("cannot write {}: a file is there already; {fix}", out.display())))
        }
        written => written.map_err(|error| failed(&error)),
    }
}

/// Renames a file, unless another one has the name already.
fn rename_to_new(from: &Path, to: &Path) -> io::Result<()> {
    match fs::hard_link(from, to) {
        // Both names are of the same file. If the first one stays, the next command removes it.
        Ok(()) => {
            let _ = fs::remove_file(from);
            Ok(())
        }
        // Some disks have no links.
        Err(error) if error.kind() != ErrorKind::AlreadyExists && fs::symlink_metadata(to).is_err() => {
            fs::rename(from, to)
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_one_place_for_a_scenario() {
        assert_eq!(PAGE.matches(&format!("{PLACE}{NOTHING}")).count(), 1);
    }

    #[test]
    fn a_scenario_cannot_end_its_element() {
        let text = "title = \"</script><script>alert(1)</script>\"";
        let page = with_scenario(&Scenario::parse(text, &["rounds=80"]).unwrap());
        let (_, given) = page.split_once(PLACE).unwrap();
        let (given, _) = given.split_once("</script>").unwrap();
        let given: serde_json::Value = serde_json::from_str(given).unwrap();
        assert_eq!(given["text"], text);
        assert_eq!(given["sets"], json!(["rounds=80"]));
        assert_eq!(page.len() - PAGE.len(), given_length(text) - "null".len());
    }

    fn given_length(text: &str) -> usize {
        let given = json!({ "file": "scenario", "text": text, "sets": ["rounds=80"] });
        given.to_string().replace('<', "\\u003c").len()
    }
}
