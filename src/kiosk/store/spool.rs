//! The second copy: one file for each envelope, named by its digest and nothing else.
//!
//! Written by the store alone; `export` reads it beside a running kiosk, since every file in it is whole or absent.
//! A file that does not hold its digest is never deleted: it is moved into `quarantine/`.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::places::{self, PART};
use super::rows;
use crate::id::EnvelopeId;
use crate::limits::ENVELOPE_BYTES;

/// The folder of sealed envelopes.
#[derive(Debug, Clone)]
pub struct Spool {
    folder: PathBuf,
}

impl Spool {
    /// Looks at a spool; touches nothing.
    pub fn at(folder: &Path) -> Self {
        Self {
            folder: folder.to_path_buf(),
        }
    }

    /// The digests that files are named by, in order. The files are not opened.
    pub fn ids(&self) -> io::Result<Vec<EnvelopeId>> {
        let mut ids = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let id = entry.file_name().to_str().and_then(|name| EnvelopeId::parse(name).ok());
            if let Some(id) = id
                && entry.file_type()?.is_file()
            {
                ids.push(id);
            }
        }
        ids.sort_unstable();
        Ok(ids)
    }

    /// The envelope, if its file is there and whole.
    pub fn read(&self, id: &EnvelopeId) -> io::Result<Option<Vec<u8>>> {
        Ok(self.read_unchecked(id)?.filter(|bytes| rows::is_whole(id, bytes)))
    }

    /// What the file holds, at most one byte more than an envelope has.
    pub(super) fn read_unchecked(&self, id: &EnvelopeId) -> io::Result<Option<Vec<u8>>> {
        let file = match File::open(self.path(id)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            other => other?,
        };
        let mut bytes = Vec::with_capacity(ENVELOPE_BYTES + 1);
        file.take(ENVELOPE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    /// Makes the file and its name durable.
    pub(super) fn write(&self, id: &EnvelopeId, bytes: &[u8]) -> io::Result<()> {
        places::write_whole(&self.folder, &id.to_string(), &[bytes])
    }

    /// Removes the file of an envelope that the intake owns; one that is gone already is no error.
    pub(super) fn remove(&self, id: &EnvelopeId) -> io::Result<()> {
        match fs::remove_file(self.path(id)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            other => other?,
        }
        places::sync_folder(&self.folder)
    }

    /// Moves a damaged file out of the way, under the digest it was named by and the one it holds.
    pub(super) fn set_aside(&self, id: &EnvelopeId, held: &EnvelopeId) -> io::Result<()> {
        let quarantine = self.quarantine();
        places::make_folder(&quarantine)?;
        fs::rename(self.path(id), quarantine.join(format!("{id}-{held}")))?;
        places::sync_folder(&quarantine)?;
        places::sync_folder(&self.folder)
    }

    /// Puts the damaged bytes of a row where a person can look at them, before the row is repaired.
    pub(super) fn set_bytes_aside(&self, id: &EnvelopeId, held: &EnvelopeId, bytes: &[u8]) -> io::Result<()> {
        let quarantine = self.quarantine();
        places::make_folder(&quarantine)?;
        places::write_whole(&quarantine, &format!("{id}-{held}"), &[bytes])
    }

    /// Removes files whose writing was interrupted: nothing was promised for them. Answers how many.
    pub(super) fn remove_parts(&self) -> io::Result<usize> {
        let mut removed = 0;
        for entry in fs::read_dir(&self.folder)? {
            let name = entry?.file_name();
            let part = name.to_str().and_then(|name| name.strip_suffix(PART));
            if part.is_some_and(|digits| EnvelopeId::parse(digits).is_ok()) {
                fs::remove_file(self.folder.join(&name))?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    fn path(&self, id: &EnvelopeId) -> PathBuf {
        self.folder.join(id.to_string())
    }

    fn quarantine(&self) -> PathBuf {
        self.folder.join("quarantine")
    }
}
