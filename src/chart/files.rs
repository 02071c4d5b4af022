//! The files of charts: each is there whole or not at all, whoever else draws in the same folder.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

use super::ChartError;

/// The formats that a chart may be there in.
const FORMATS: [&str; 2] = ["svg", "png"];

/// How often another draft is begun where somebody has taken one away.
const TRIES: u32 = 100;

/// Writes a file under a name of its own first, so that a chart is there whole or not at all.
pub(super) fn write(out: &Path, name: &str, format: &str, bytes: &[u8]) -> Result<PathBuf, ChartError> {
    let file = out.join(format!("{name}.{format}"));
    for last in (0..TRIES).rev() {
        let (draft, mut handle) = begin(out, name, format).map_err(|e| ChartError::write(&file, &e))?;
        // Held while it is written, which tells it from one that a killed process left; some network disks
        // know no locks.
        let _ = handle.lock();
        let written = handle.write_all(bytes).and_then(|()| fs::rename(&draft, &file));
        match written {
            Ok(()) => return Ok(file),
            // Somebody took it for one that was left before it was locked.
            Err(e) if e.kind() == ErrorKind::NotFound && last > 0 => {}
            Err(e) => {
                let _ = fs::remove_file(&draft);
                return Err(ChartError::write(&file, &e));
            }
        }
    }
    unreachable!("the last try returns")
}

/// Makes a draft that nobody else has, and follows no link to do so.
fn begin(out: &Path, name: &str, format: &str) -> std::io::Result<(PathBuf, File)> {
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

/// Removes a chart that an earlier result left, which would now be mistaken for this one's.
pub(super) fn forget(out: &Path, name: &str, format: &str) -> Result<(), ChartError> {
    let file = out.join(format!("{name}.{format}"));
    match fs::remove_file(&file) {
        Err(e) if e.kind() != ErrorKind::NotFound => Err(ChartError::write(&file, &e)),
        _ => Ok(()),
    }
}

/// Removes the drafts of these charts that killed processes left; what cannot be removed harms nobody.
pub(super) fn tidy(out: &Path, names: &[&str]) {
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

/// Whether a file has a name that [`begin`] gives to drafts of these charts.
fn is_draft(file: &str, names: &[&str]) -> bool {
    let parts: Vec<&str> = file.split('.').collect();
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let [_, name, format, numbers, _] = parts[..] else { return false };
    let numbered = numbers.split_once('-').is_some_and(|(a, b)| is_number(a) && is_number(b));
    numbered
        && names.contains(&name)
        && FORMATS.contains(&format)
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
    fn drafts_of_killed_processes_go_and_those_at_work_and_other_files_stay() {
        let dir = tempfile::tempdir().unwrap();
        let others = [
            ".flows.svg.part",
            ".flows.svg.1-x.part",
            ".mine.svg.1-2.part",
            "flows.svg",
            "x.flows.svg.1-2.part",
        ];
        for name in others.iter().chain(&[".flows.svg.1-2.part", ".flows.png.77-0.part"]) {
            fs::write(dir.path().join(name), "").unwrap();
        }
        let (draft, handle) = begin(dir.path(), "flows", "svg").unwrap();
        handle.lock().unwrap();
        tidy(dir.path(), &["flows"]);
        let mut left = others.map(str::to_owned).to_vec();
        left.push(draft.file_name().unwrap().to_str().unwrap().to_owned());
        left.sort();
        assert_eq!(files(dir.path()), left);
    }

    #[test]
    fn a_chart_that_cannot_be_written_leaves_no_draft() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("flows.svg")).unwrap();
        let error = write(dir.path(), "flows", "svg", b"new").unwrap_err().to_string();
        assert!(error.contains("flows.svg: cannot be written"), "{error}");
        assert_eq!(files(dir.path()), ["flows.svg"]);
    }

    #[test]
    fn many_writers_of_one_chart_do_not_meet() {
        let dir = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        tidy(dir.path(), &["flows"]);
                        write(dir.path(), "flows", "svg", b"whole").unwrap();
                    }
                });
            }
        });
        assert_eq!(files(dir.path()), ["flows.svg"]);
        assert_eq!(fs::read(dir.path().join("flows.svg")).unwrap(), b"whole");
    }
}
