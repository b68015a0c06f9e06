//! Makes the keys of the desk: a caseworker's signing key, a team's age identity with its escrow, the offline root.
//!
//! Every key is drawn from the operating system, written to a new file that only its owner can read, and synced; its
//! public half goes beside it with the ending `.pub`, to be handed over. It never overwrites: before anything is made,
//! every file to be written must be absent.

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
const ROUTER_ESCROW_KEY: &str = "router-escrow.key";

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
/// `team.key` and `escrow.key`; with `root` alone nothing but `root.key` and `router-escrow.key`, because nobody works on
/// that machine.
///
/// # Errors
/// A file is there already, cannot be written, or the operating system gives no randomness.
pub fn generate(folder: &Path, team: bool, root: bool) -> Result<Vec<Made>, DeskError> {
    files::make_folder(folder)?;
    let has_staff_key = folder.join(STAFF_KEY).symlink_metadata().is_ok();
    let staff = if team { !has_staff_key } else { !root };
    let wanted: Vec<&Kind> = KINDS.iter().filter(|kind| kind.is_wanted(staff, team, root)).collect();
    for kind in &wanted {
        let file = folder.join(kind.file);
        files::refuse_existing(&file)?;
        files::refuse_existing(&file.with_extension("pub"))?;
    }
    wanted.into_iter().map(|kind| make(folder, kind)).collect()
}

/// Which `keygen` makes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum For {
    Staff,
    Team,
    Root,
}

/// A key that can be made.
struct Kind {
    file: &'static str,
    made_for: For,
    /// The comment in an age key file; none for a signing key.
    comment: Option<&'static str>,
    next: &'static str,
}

const KINDS: [Kind; 5] = [
    Kind {
        file: STAFF_KEY,
        made_for: For::Staff,
        comment: None,
        next: "give this number to whoever runs `heard-intake staff add`",
    },
    Kind {
        file: TEAM_KEY,
        made_for: For::Team,
        comment: Some("Heard: opens the reports of one team"),
        next: "copy the file to each caseworker of the team; name this recipient in `heard-desk bundle new`",
    },
    Kind {
        file: ESCROW_KEY,
        made_for: For::Team,
        comment: Some("Heard: the same team's escrow, kept offline"),
        next: "move the file to a safe place offline now; name this recipient in `heard-desk bundle new`",
    },
    Kind {
        file: ROOT_KEY,
        made_for: For::Root,
        comment: None,
        next: "keep the file offline; give this number to `heard-intake init --root`",
    },
    Kind {
        file: ROUTER_ESCROW_KEY,
        made_for: For::Root,
        comment: Some("Heard: opens routing slips when the intake's own key is lost, kept offline"),
        next: "keep the file offline; give this recipient to `heard-intake init --router-escrow`",
    },
];

impl Kind {
    fn is_wanted(&self, staff: bool, team: bool, root: bool) -> bool {
        match self.made_for {
            For::Staff => staff,
            For::Team => team,
            For::Root => root,
        }
    }
}

fn make(folder: &Path, kind: &Kind) -> Result<Made, DeskError> {
    let file = folder.join(kind.file);
    let public = match kind.comment {
        Some(comment) => write_identity(&file, comment)?.text(),
        None => write_signing_key(&file)?,
    };
    files::write_new(
        &file.with_extension("pub"),
        format!("{public}\n").as_bytes(),
        Readable::Everybody,
    )?;
    Ok(Made {
        file,
        public,
        next: kind.next,
    })
}

fn write_signing_key(file: &Path) -> Result<String, DeskError> {
    let seed = Zeroizing::new(random_array::<32>()?);
    let text = Zeroizing::new(to_hex(&seed[..]) + "\n");
    files::write_new(file, text.as_bytes(), Readable::Owner)?;
    Ok(to_hex(SigningKey::from_bytes(&seed).verifying_key().as_bytes()))
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
