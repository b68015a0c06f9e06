//! The folder of one caseworker: keys, anchor, the intake's address and the forms met so far.

use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use serde::Deserialize;

use super::age_keys::read_identities;
use super::bundle_source::PublicFacts;
use super::client::DeskClient;
use super::error::DeskError;
use super::files;
use super::keygen::{STAFF_KEY, TEAM_KEY, read_signing_key};
use crate::limits::{ANCHOR_BYTES_MOST, DESK_FILE_BYTES_MOST};
use crate::pinned;
use crate::seal::Identity;
use crate::wire::Anchor;

const ANCHOR: &str = "anchor.bin";
const SETTINGS: &str = "desk.toml";
const FORMS: &str = "forms";

/// `desk.toml`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// Address of the intake, for example `https://intake.example:8443`.
    intake: String,
}

/// A caseworker's folder that has been read whole.
#[derive(Debug)]
pub struct DeskFolder {
    /// What the deployment trusts.
    pub anchor: Anchor,
    folder: PathBuf,
    intake: String,
    key: SigningKey,
}

impl DeskFolder {
    /// Reads `staff.key`, `anchor.bin` and `desk.toml`.
    ///
    /// # Errors
    /// One of them is missing or is not what it should be.
    pub fn open(folder: &Path) -> Result<Self, DeskError> {
        let settings = folder.join(SETTINGS);
        if !settings.exists() {
            return Err(DeskError::input(format!(
                "{} is not set up yet: run `heard-desk join --data {} --intake ADDRESS --anchor FILE` first",
                folder.display(),
                folder.display()
            )));
        }
        let text = files::read_text(&settings, DESK_FILE_BYTES_MOST)?;
        let Settings { intake } = toml::from_str(&text).map_err(|_| {
            DeskError::input(format!(
                "{} must hold one line: intake = \"https://…\"",
                settings.display()
            ))
        })?;
        Ok(Self {
            anchor: read_anchor(&folder.join(ANCHOR))?,
            key: read_signing_key(&folder.join(STAFF_KEY))?,
            folder: folder.to_owned(),
            intake,
        })
    }

    /// The way to the intake.
    ///
    /// # Errors
    /// An address that is not private, or an anchor without a usable authority.
    pub fn client(&self) -> Result<DeskClient, DeskError> {
        DeskClient::new(&self.intake, &self.anchor, self.key.clone())
    }

    /// The identities in `team.key`, or in another key file (an escrow) when one is named.
    ///
    /// # Errors
    /// No such file, or no identity in it.
    pub fn identities(&self, other: Option<&Path>) -> Result<Vec<Identity>, DeskError> {
        read_identities(other.unwrap_or(&self.folder.join(TEAM_KEY)))
    }

    /// Where form definitions are kept.
    pub fn forms(&self) -> PathBuf {
        self.folder.join(FORMS)
    }
}

/// Points a caseworker's folder at an intake. `anchor` is an anchor's own bytes, or a `public.toml` that holds them.
///
/// # Errors
/// An address that is not private, an anchor that is none, or a folder that is set up for another deployment already.
pub fn join(folder: &Path, intake: &str, anchor: &Path) -> Result<(), DeskError> {
    pinned::address(intake).map_err(|why| DeskError::input(why.to_string()))?;
    let anchor = read_anchor(anchor)?;
    let bytes = anchor.to_bytes().map_err(|why| DeskError::fault(why.to_string()))?;
    files::make_folder(folder)?;
    let kept = folder.join(ANCHOR);
    if kept.exists() {
        if read_anchor(&kept)? != anchor {
            return Err(DeskError::input(format!(
                "{} belongs to another deployment: choose another folder",
                folder.display()
            )));
        }
    } else {
        files::write_new(&kept, &bytes, files::Readable::Everybody)?;
    }
    let settings = Settings {
        intake: intake.trim().to_owned(),
    };
    // An address that was read holds neither quotes nor backslashes that TOML would mind.
    let line = format!("intake = {:?}\n", settings.intake);
    files::replace(&folder.join(SETTINGS), line.as_bytes())
}

/// Reads an anchor from its own bytes or from a `public.toml`.
pub(super) fn read_anchor(path: &Path) -> Result<Anchor, DeskError> {
    let bytes = files::read(path, DESK_FILE_BYTES_MOST)?;
    if bytes.len() <= ANCHOR_BYTES_MOST
        && let Ok(anchor) = Anchor::parse(&bytes)
    {
        return Ok(anchor);
    }
    PublicFacts::read(path).map(|facts| facts.anchor)
}
