//! Files of the desk: bounded reading, new files that never take the place of another, and whole replacement, all synced.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::error::DeskError;

/// Who may read a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Readable {
    /// Its owner alone: keys.
    Owner,
    /// Anybody who may look into the folder.
    Everybody,
}

/// Reads at most `most` bytes; a longer file is refused.
pub(super) fn read(path: &Path, most: usize) -> Result<Zeroizing<Vec<u8>>, DeskError> {
    let file = File::open(path).map_err(|why| cannot("read", path, &why))?;
    let mut bytes = Zeroizing::new(Vec::new());
    let limit = u64::try_from(most).map_or(u64::MAX, |most| most.saturating_add(1));
    file.take(limit)
        .read_to_end(&mut bytes)
        .map_err(|why| cannot("read", path, &why))?;
    if bytes.len() > most {
        return Err(DeskError::input(format!(
            "{} is larger than {most} bytes: it is not the file that is meant",
            path.display()
        )));
    }
    Ok(bytes)
}

/// The same as text.
pub(super) fn read_text(path: &Path, most: usize) -> Result<Zeroizing<String>, DeskError> {
    let bytes = read(path, most)?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| DeskError::input(format!("{} is not text: name another file", path.display())))?;
    Ok(Zeroizing::new(text.to_owned()))
}

/// Makes a folder and those above it.
pub(super) fn make_folder(path: &Path) -> Result<(), DeskError> {
    std::fs::create_dir_all(path).map_err(|why| cannot("make", path, &why))
}

/// Writes a file that was not there before, and syncs it and its folder. It never overwrites.
pub(super) fn write_new(path: &Path, bytes: &[u8], readable: Readable) -> Result<(), DeskError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(match readable {
            Readable::Owner => 0o600,
            Readable::Everybody => 0o644,
        });
    }
    #[cfg(not(unix))]
    let _ = readable;
    let mut file = options.open(path).map_err(|why| cannot("write", path, &why))?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    written.map_err(|why| cannot("write", path, &why))?;
    sync_folder(path)
}

/// Puts whole new contents in the place of a file: written beside it, synced, renamed.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<(), DeskError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let beside = PathBuf::from(name);
    // What an earlier, interrupted replacement left behind.
    match std::fs::remove_file(&beside) {
        Err(why) if why.kind() != ErrorKind::NotFound => return Err(cannot("write", &beside, &why)),
        _ => {}
    }
    write_new(&beside, bytes, Readable::Everybody)?;
    std::fs::rename(&beside, path).map_err(|why| cannot("write", path, &why))?;
    sync_folder(path)
}

/// Refuses when there is something at `path` already.
pub(super) fn refuse_existing(path: &Path) -> Result<(), DeskError> {
    if path.symlink_metadata().is_ok() {
        return Err(taken(path));
    }
    Ok(())
}

fn sync_folder(path: &Path) -> Result<(), DeskError> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    // Folders can be synced on Unix only.
    if cfg!(unix) {
        let synced = File::open(folder).and_then(|folder| folder.sync_all());
        synced.map_err(|why| cannot("write", folder, &why))?;
    }
    Ok(())
}

fn taken(path: &Path) -> DeskError {
    DeskError::input(format!(
        "{} is there already and is never overwritten: choose another folder or move it away yourself",
        path.display()
    ))
}

fn cannot(doing: &str, path: &Path, why: &std::io::Error) -> DeskError {
    let line = format!("cannot {doing} {}: {why}", path.display());
    match why.kind() {
        ErrorKind::AlreadyExists => taken(path),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::WouldBlock => DeskError::Later(line),
        ErrorKind::NotFound | ErrorKind::PermissionDenied | ErrorKind::IsADirectory | ErrorKind::NotADirectory => {
            DeskError::Input(line)
        }
        _ => DeskError::Fault(line),
    }
}
