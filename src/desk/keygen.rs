//! Makes the keys of the desk: a caseworker's signing key, a team's age identity with its escrow, the offline root.
//!
//! Every key is drawn from the operating system, written to a new file that only its owner can read, and synced. It
//! never overwrites: before anything is made, every file to be written must be absent.

use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use zeroize::Zeroizing;

use super::age_keys::write_identity;
use super::error::DeskError;
use super::files::{self, Readable};
use crate::id::{from_hex, to_hex};
use crate::limits::DESK_FILE_BYTES_MOST;
use crate::seal::random_array;

/// File of a caseworker's signing key.
pub(super) const STAFF_KEY: &str = "staff.key";
/// File of a team's age identity.
pub(super) const TEAM_KEY: &str = "team.key";
const ESCROW_KEY: &str = "escrow.key";
const ROOT_KEY: &str = "root.key";

/// One key that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Its file.
    pub file: PathBuf,
    /// Its public half: hexadecimal for signing keys, `age1…` for a team's.
    pub public: String,
    /// What to do with it.
    pub next: &'static str,
}

/// Makes keys in `folder`.
///
/// A caseworker's `staff.key` in any case, unless it is there already and another key was asked for; with `team` also
/// `team.key` and `escrow.key`; with `root` alone nothing but `root.key`, because nobody works on that machine.
///
/// # Errors
/// A file is there already, cannot be written, or the operating system gives no randomness.
pub fn generate(folder: &Path, team: bool, root: bool) -> Result<Vec<Made>, DeskError> {
    files::make_folder(folder)?;
    let at = |name: &str| folder.join(name);
    let has_staff_key = at(STAFF_KEY).symlink_metadata().is_ok();
    let staff = if team { !has_staff_key } else { !root };
    let wanted = [
        (staff, STAFF_KEY),
        (team, TEAM_KEY),
        (team, ESCROW_KEY),
        (root, ROOT_KEY),
    ];
    for (_, name) in wanted.iter().filter(|(wanted, _)| *wanted) {
        files::refuse_existing(&at(name))?;
    }
    let mut made = Vec::new();
    if staff {
        let next = "give this number to whoever runs `heard-intake staff add`";
        made.push(signing_key(at(STAFF_KEY), next)?);
    }
    if team {
        let public = write_identity(&at(TEAM_KEY), "Heard: opens the reports of one team")?.text();
        let next = "copy the file to each caseworker of the team; name this recipient in `heard-desk bundle new`";
        made.push(Made {
            file: at(TEAM_KEY),
            public,
            next,
        });
        let public = write_identity(&at(ESCROW_KEY), "Heard: the same team's escrow, kept offline")?.text();
        let next = "move the file to a safe place offline now; name this recipient in `heard-desk bundle new`";
        made.push(Made {
            file: at(ESCROW_KEY),
            public,
            next,
        });
    }
    if root {
        let next = "keep the file offline; give this number to `heard-intake init`";
        made.push(signing_key(at(ROOT_KEY), next)?);
    }
    Ok(made)
}

fn signing_key(file: PathBuf, next: &'static str) -> Result<Made, DeskError> {
    let seed = Zeroizing::new(random_array::<32>()?);
    let text = Zeroizing::new(to_hex(&seed[..]) + "\n");
    files::write_new(&file, text.as_bytes(), Readable::Owner)?;
    let public = to_hex(SigningKey::from_bytes(&seed).verifying_key().as_bytes());
    Ok(Made { file, public, next })
}

/// Reads a signing key's seed as `generate` wrote it.
pub(super) fn read_signing_key(path: &Path) -> Result<SigningKey, DeskError> {
    let text = files::read_text(path, DESK_FILE_BYTES_MOST)?;
    let mut seed = Zeroizing::new([0; 32]);
    from_hex(text.trim(), &mut seed[..]).map_err(|_| {
        DeskError::input(format!(
            "{} is not a signing key: make one with `heard-desk keygen`",
            path.display()
        ))
    })?;
    Ok(SigningKey::from_bytes(&seed))
}
