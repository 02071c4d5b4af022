//! Folders of results that are damaged on purpose.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use sha2::{Digest, Sha256};

/// A folder that is removed when it is no longer used.
pub struct Folder(PathBuf);

impl Folder {
    /// A new folder in memory, if the system has one there.
    pub fn new(name: &str) -> Self {
        let memory = Path::new("/dev/shm");
        let above = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let dir = above.join(format!("mingle-fuzz-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).expect("a folder for temporary files can be written to");
        Self(dir)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// All files below it, by their paths from it.
    pub fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let (mut files, mut folders) = (Vec::new(), vec![self.0.clone()]);
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("it is there") {
                let path = entry.expect("it is there").path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(&self.0).expect("it is below").to_owned();
                    files.push((name, fs::read(&path).expect("it is a file")));
                }
            }
        }
        files.sort();
        files
    }

    /// Makes it hold these files, and nothing else.
    pub fn fill(&self, files: &[(PathBuf, Vec<u8>)]) {
        let _ = fs::remove_dir_all(&self.0);
        for (name, bytes) in files {
            let path = self.0.join(name);
            fs::create_dir_all(path.parent().expect("it is in a folder")).expect("it can be written to");
            fs::write(path, bytes).expect("it can be written to");
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The files with edits. The first line of the input names a file; each other line replaces bytes of it, as
/// `OFFSET LENGTH TEXT`. The manifest lists the file as it is then, so that it is read. `None` if there is no such file.
pub fn edited(files: &[(PathBuf, Vec<u8>)], input: &[u8]) -> Option<Vec<(PathBuf, Vec<u8>)>> {
    let mut lines = input.split(|byte| *byte == b'\n');
    let name = Path::new(std::str::from_utf8(lines.next()?).ok()?.trim());
    let mut files = files.to_vec();
    let (_, bytes) = files.iter_mut().find(|(found, _)| found == name)?;
    for line in lines {
        let mut words = line.splitn(3, |byte| *byte == b' ');
        let mut number = || std::str::from_utf8(words.next()?).ok()?.parse::<usize>().ok();
        let (Some(offset), Some(length)) = (number(), number()) else { continue };
        let from = offset.min(bytes.len());
        let to = from.saturating_add(length).min(bytes.len());
        bytes.splice(from..to, words.next().unwrap_or_default().iter().copied());
    }
    let (size, hash) = (bytes.len(), Sha256::digest(&*bytes));
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let manifest = files.iter_mut().find(|(found, _)| found == Path::new("manifest.json"));
    if let Some((_, manifest)) = manifest.filter(|(found, _)| found != name) {
        let mut document: Value = serde_json::from_slice(manifest).expect("a manifest is JSON");
        let listed = document["files"].as_array_mut().into_iter().flatten();
        for note in listed.filter(|note| Some(note["path"].as_str().unwrap_or_default()) == name.to_str()) {
            (note["bytes"], note["sha256"]) = (size.into(), hash.clone().into());
        }
        *manifest = serde_json::to_vec(&document).expect("it is JSON");
    }
    Some(files)
}
