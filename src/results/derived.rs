//! The files that are made from a result (charts, reports and copies of tables), and the page of `mingle explore`. A file is
//! complete or absent, even if several processes write in the same folder.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

use super::charts::CHART_FORMATS;
use super::own::{PARQUET_FORMAT, REPORT};

/// Maximum number of tries if another process removes the draft.
const TRIES: u32 = 100;

/// Writes a draft with a unique name, then renames it to `NAME.FORMAT`.
///
/// # Errors
/// If the file cannot be written.
pub(crate) fn write_derived(out: &Path, name: &str, format: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    write_derived_by(out, name, format, |mut file| file.write_all(bytes))
}

/// The same with a file that `fill` writes.
///
/// # Errors
/// If `fill` fails, or the file cannot be written.
pub(super) fn write_derived_by(
    out: &Path,
    name: &str,
    format: &str,
    fill: impl Fn(&File) -> io::Result<()>,
) -> io::Result<PathBuf> {
    let file = out.join(format!("{name}.{format}"));
    write_and_place(out, name, format, fill, |draft| fs::rename(draft, &file))?;
    Ok(file)
}

/// Writes a draft as for `NAME.FORMAT`, and lets `place` give it the name of the file.
///
/// # Errors
/// If `fill` or `place` fails, or the draft cannot be written.
pub(crate) fn write_and_place(
    out: &Path,
    name: &str,
    format: &str,
    fill: impl Fn(&File) -> io::Result<()>,
    place: impl Fn(&Path) -> io::Result<()>,
) -> io::Result<()> {
    for last in (0..TRIES).rev() {
        let (draft, handle) = begin(out, name, format)?;
        // The lock distinguishes this draft from those of killed processes. Some network disks have no locks.
        let _ = handle.lock();
        match fill(&handle).and_then(|()| place(&draft)) {
            Ok(()) => return Ok(()),
            // Another process removed the draft before it was locked.
            Err(e) if e.kind() == ErrorKind::NotFound && last > 0 => {}
            Err(e) => {
                let _ = fs::remove_file(&draft);
                return Err(e);
            }
        }
    }
    unreachable!("the last try returns")
}

/// Makes a draft with a unique name, without following links.
fn begin(out: &Path, name: &str, format: &str) -> io::Result<(PathBuf, File)> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    loop {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let draft = out.join(format!(".{name}.{format}.{}-{number}.part", process::id()));
        match OpenOptions::new().write(true).create_new(true).open(&draft) {
            Ok(file) => return Ok((draft, file)),
            Err(e) if e.kind() == ErrorKind::AlreadyExists => {}
            Err(e) => return Err(e),
        }
    }
}

/// Removes a file of an earlier result, which could be mistaken for one of this result.
///
/// # Errors
/// If the file is there and cannot be removed.
pub(crate) fn remove_derived(out: &Path, name: &str, format: &str) -> io::Result<()> {
    match fs::remove_file(out.join(format!("{name}.{format}"))) {
        Err(e) if e.kind() != ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}

/// Removes drafts of files with these names from killed processes. Errors are ignored, because drafts do no harm.
pub(crate) fn remove_drafts(out: &Path, names: &[&str]) {
    for entry in fs::read_dir(out).into_iter().flatten().flatten() {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && entry.file_name().to_str().is_some_and(|file| is_draft(file, names)) {
            let Ok(file) = File::open(entry.path()) else { continue };
            if !matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// Whether a file has a name that [`begin`] gives to drafts of files with these names.
fn is_draft(file: &str, names: &[&str]) -> bool {
    let parts: Vec<&str> = file.split('.').collect();
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let [_, name, format, numbers, _] = parts[..] else { return false };
    let numbered = numbers.split_once('-').is_some_and(|(a, b)| is_number(a) && is_number(b));
    numbered
        && names.contains(&name)
        && (CHART_FORMATS.contains(&format) || format == PARQUET_FORMAT || REPORT.ends_with(format))
        && file.starts_with('.')
        && file.ends_with(".part")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(dir: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn only_drafts_of_killed_processes_are_removed() {
        let dir = tempfile::tempdir().unwrap();
        let others = [
            ".flows.svg.part",
            ".flows.svg.1-x.part",
            ".mine.svg.1-2.part",
            ".flows.txt.1-2.part",
            "flows.svg",
            "x.flows.svg.1-2.part",
        ];
        for name in
            others.iter().chain(&[".flows.svg.1-2.part", ".flows.png.77-0.part", ".flows.parquet.3-4.part"])
        {
            fs::write(dir.path().join(name), "").unwrap();
        }
        let (draft, handle) = begin(dir.path(), "flows", "svg").unwrap();
        handle.lock().unwrap();
        remove_drafts(dir.path(), &["flows"]);
        let mut left = others.map(str::to_owned).to_vec();
        left.push(draft.file_name().unwrap().to_str().unwrap().to_owned());
        left.sort();
        assert_eq!(files(dir.path()), left);
    }

    #[test]
    fn a_chart_that_cannot_be_written_leaves_no_draft() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("flows.svg")).unwrap();
        let error = write_derived(dir.path(), "flows", "svg", b"new").unwrap_err();
        assert!(error.kind() == ErrorKind::IsADirectory || cfg!(not(unix)), "{error}");
        assert_eq!(files(dir.path()), ["flows.svg"]);
    }

    #[test]
    fn many_writers_of_one_chart_do_not_conflict() {
        let dir = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        remove_drafts(dir.path(), &["flows"]);
                        write_derived(dir.path(), "flows", "svg", b"whole").unwrap();
                    }
                });
            }
        });
        assert_eq!(files(dir.path()), ["flows.svg"]);
        assert_eq!(fs::read(dir.path().join("flows.svg")).unwrap(), b"whole");
    }

    #[test]
    fn a_draft_that_is_removed_again_and_again_is_an_error_at_last() {
        let dir = tempfile::tempdir().unwrap();
        let tries = std::cell::Cell::new(0);
        let place = |draft: &Path| {
            tries.set(tries.get() + 1);
            fs::remove_file(draft)?;
            fs::rename(draft, dir.path().join("net.svg"))
        };
        let error = write_and_place(dir.path(), "net", "svg", |_| Ok(()), place).unwrap_err();
        assert!(error.kind() == ErrorKind::NotFound && tries.get() == TRIES, "{error}");
        assert!(files(dir.path()).is_empty());
    }

    #[test]
    fn a_draft_has_a_new_name_and_what_cannot_be_removed_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let (first, _) = begin(dir.path(), "net", "svg").unwrap();
        let name = first.file_name().unwrap().to_str().unwrap();
        let (stem, number) = name.strip_suffix(".part").unwrap().rsplit_once('-').unwrap();
        let number: u32 = number.parse().unwrap();
        // Drafts that another process with this number left, which has ended.
        let others: Vec<PathBuf> =
            (1..=50).map(|k| dir.path().join(format!("{stem}-{}.part", number + k))).collect();
        others.iter().for_each(|path| fs::write(path, "other").unwrap());
        let (second, _) = begin(dir.path(), "net", "svg").unwrap();
        assert!(second != first && !others.contains(&second));
        assert!(others.iter().all(|path| fs::read(path).unwrap() == b"other"));

        fs::create_dir(dir.path().join("net.svg")).unwrap();
        assert!(remove_derived(dir.path(), "net", "svg").is_err(), "it is a folder");
        fs::write(dir.path().join("net.png"), "old").unwrap();
        assert!(
            [1, 2].map(|_| remove_derived(dir.path(), "net", "png").is_ok()).iter().all(|is_gone| *is_gone)
        );
        assert!(!dir.path().join("net.png").exists());
        assert!(begin(&dir.path().join("nowhere"), "net", "svg").is_err());
    }
}
