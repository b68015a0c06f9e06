//! Key files of a team: age identities as the standard `age` tool writes and reads them.

use std::path::Path;

use zeroize::Zeroizing;

use super::error::DeskError;
use super::files::{self, Readable};
use crate::limits::DESK_FILE_BYTES_MOST;
use crate::seal::{Identity, Recipient};

/// Reads every identity of a key file. Lines that start with `#` and empty lines are passed over.
///
/// # Errors
/// No such file, no identity in it, or a line that is none. The line is not quoted.
pub fn read_identities(path: &Path) -> Result<Vec<Identity>, DeskError> {
    let text = files::read_text(path, DESK_FILE_BYTES_MOST)?;
    let lines = text.lines().map(str::trim);
    let identities: Result<Vec<Identity>, _> = lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(Identity::parse)
        .collect();
    match identities {
        Ok(identities) if !identities.is_empty() => Ok(identities),
        _ => Err(DeskError::input(format!(
            "{} is not a team's key file: it must hold a line that starts with AGE-SECRET-KEY-1",
            path.display()
        ))),
    }
}

/// Makes a new identity, writes it to a new file that only its owner can read, and gives its public half.
///
/// # Errors
/// The file is there already, or cannot be written.
pub fn write_identity(path: &Path, what: &str) -> Result<Recipient, DeskError> {
    let identity = Identity::generate()?;
    let recipient = identity.recipient();
    let text = Zeroizing::new(format!(
        "# {what}\n# public key: {}\n{}\n",
        recipient.text(),
        *identity.text()
    ));
    files::write_new(path, text.as_bytes(), Readable::Owner)?;
    Ok(recipient)
}
