//! Where the bytes of a result's files go, counted and hashed on the way.

use std::fs::File;
use std::io::{self, Write};

use flate2::{Compression, write::GzEncoder};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::memory::MemoryFiles;

/// A file of a result, as the manifest lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FileNote {
    /// Name within the result folder.
    pub path: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Rows without the header, for a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
}

/// Where the bytes of a file go.
pub(super) enum Sink {
    /// A file on the disk.
    File(File),
    /// A file in memory, with its name.
    Memory(String, MemoryFiles),
}

impl Sink {
    /// Syncs a file to the disk.
    fn sync(&self) -> io::Result<()> {
        match self {
            Self::File(file) => file.sync_all(),
            Self::Memory(..) => Ok(()),
        }
    }
}

impl Write for Sink {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.write(buffer),
            Self::Memory(name, files) => {
                files.append(name, buffer);
                Ok(buffer.len())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::File(file) => file.flush(),
            Self::Memory(..) => Ok(()),
        }
    }
}

/// End of the names of compressed files.
pub(super) const GZIP: &str = ".gz";

/// A file of text, compressed or not. Compressed files hold neither time nor name, so the same text gives the same bytes.
pub(super) enum Encoder {
    Plain(Hashing),
    Gzip(GzEncoder<Hashing>),
}

impl Encoder {
    /// The encoder of a file of this name.
    pub(super) fn new(name: &str, to: Hashing) -> Self {
        if name.ends_with(GZIP) {
            Self::Gzip(GzEncoder::new(to, Compression::default()))
        } else {
            Self::Plain(to)
        }
    }

    /// Writes what is left.
    pub(super) fn finish(self) -> io::Result<Hashing> {
        match self {
            Self::Plain(to) => Ok(to),
            Self::Gzip(encoder) => encoder.finish(),
        }
    }
}

impl Write for Encoder {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(to) => to.write(buffer),
            Self::Gzip(encoder) => encoder.write(buffer),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(to) => to.flush(),
            Self::Gzip(encoder) => encoder.flush(),
        }
    }
}

/// A file that is hashed while it is written.
pub(super) struct Hashing {
    sink: Sink,
    hash: Sha256,
    bytes: u64,
}

impl Hashing {
    pub(super) fn new(sink: Sink) -> Self {
        Self { sink, hash: Sha256::new(), bytes: 0 }
    }

    /// Syncs the file to the disk, and returns the note about it; it has no rows.
    pub(super) fn finish(self, name: String) -> io::Result<FileNote> {
        self.sink.sync()?;
        Ok(FileNote { path: name, sha256: hex(&self.hash.finalize()), bytes: self.bytes, rows: None })
    }
}

impl Write for Hashing {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let n = self.sink.write(buffer)?;
        self.hash.update(&buffer[..n]);
        self.bytes += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}

/// The SHA-256 of some bytes, in hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes in hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
