//! The intake's folder: where its files lie, how they are written so that they last, and the keys read from them.
//!
//! ```text
//! anchor            public; kiosks pin it
//! public.toml       public; the desk makes bundles with it
//! server.crt        public; server.key (0600)
//! authority.key     0600; move it off-line after `init`, nothing here reads it again
//! router.key        0600; opens routing slips, never a report
//! acknowledgement.key, store.key    0600
//! intake.db         envelopes and sealed records
//! bundles/          published bundles
//! ```

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use ed25519_dalek::{SigningKey, VerifyingKey};
use zeroize::Zeroizing;

use super::error::IntakeError;
use super::record::StoreKey;
use crate::id::{from_hex, to_hex};
use crate::seal::Identity;
use crate::wire::Anchor;

pub(crate) const ANCHOR: &str = "anchor";
pub(crate) const PUBLIC: &str = "public.toml";
pub(crate) const SERVER_CERTIFICATE: &str = "server.crt";
pub(crate) const SERVER_KEY: &str = "server.key";
pub(crate) const AUTHORITY_KEY: &str = "authority.key";
pub(crate) const ROUTER_KEY: &str = "router.key";
pub(crate) const ACKNOWLEDGEMENT_KEY: &str = "acknowledgement.key";
pub(crate) const STORE_KEY: &str = "store.key";
pub(crate) const DATABASE: &str = "intake.db";
pub(crate) const BUNDLES: &str = "bundles";

const SECRET_MODE: u32 = 0o600;
const PUBLIC_MODE: u32 = 0o644;

/// What the intake holds to do its work; nothing among it opens a report.
pub(crate) struct Keys {
    /// The anchor as it is sent.
    pub(crate) anchor: Vec<u8>,
    /// Signs bundles, off-line.
    pub(crate) root: VerifyingKey,
    /// Opens routing slips.
    pub(crate) router: Identity,
    /// Signs acknowledgements and news.
    pub(crate) acknowledgement: SigningKey,
    /// Seals records at rest.
    pub(crate) store: StoreKey,
}

impl Keys {
    /// Reads what `init` wrote.
    pub(crate) fn load(folder: &Path) -> Result<Self, IntakeError> {
        if !folder.join(ANCHOR).exists() {
            return Err(IntakeError::NotSetUp);
        }
        let anchor = fs::read(folder.join(ANCHOR))?;
        let root = Anchor::parse(&anchor).map_err(|_| IntakeError::Damaged(ANCHOR))?.root;
        let router = Zeroizing::new(text(folder, ROUTER_KEY)?);
        Ok(Self {
            root: VerifyingKey::from_bytes(&root).map_err(|_| IntakeError::Damaged(ANCHOR))?,
            anchor,
            router: Identity::parse(&router).map_err(|_| IntakeError::Damaged(ROUTER_KEY))?,
            acknowledgement: SigningKey::from_bytes(&secret(folder, ACKNOWLEDGEMENT_KEY)?),
            store: StoreKey::new(secret(folder, STORE_KEY)?),
        })
    }
}

/// Writes a file that must not be there yet and syncs it. `secret` files are readable by their owner only.
pub(crate) fn write_new(path: &Path, bytes: &[u8], secret: bool) -> Result<(), IntakeError> {
    let mode = if secret { SECRET_MODE } else { PUBLIC_MODE };
    let file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path);
    let mut file = file.map_err(|why| match why.kind() {
        ErrorKind::AlreadyExists => IntakeError::AlreadySetUp,
        _ => why.into(),
    })?;
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(())
}

/// The text of a secret key file.
pub(crate) fn secret_text(bytes: &[u8; 32]) -> Zeroizing<String> {
    Zeroizing::new(to_hex(bytes) + "\n")
}

/// Puts a whole file in place, or leaves what was there: temporary file, sync, rename, sync of the folder.
pub(crate) fn replace(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), IntakeError> {
    let temporary = folder.join(format!(".{name}.tmp"));
    // A name that is there already may lead elsewhere: a link on a stick is not followed, nor a pipe waited for.
    match fs::remove_file(&temporary) {
        Err(why) if why.kind() != ErrorKind::NotFound => return Err(why.into()),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).open(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&temporary, folder.join(name))?;
    sync_folder(folder)
}

/// Makes the names in a folder last.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), IntakeError> {
    File::open(folder)?.sync_all()?;
    Ok(())
}

/// Where a published bundle lies.
pub(crate) fn bundle_name(sequence: u32) -> String {
    format!("{sequence}.bundle")
}

/// Where published bundles lie.
pub(crate) fn bundles(folder: &Path) -> PathBuf {
    folder.join(BUNDLES)
}

fn text(folder: &Path, name: &'static str) -> Result<String, IntakeError> {
    fs::read_to_string(folder.join(name)).map_err(|_| IntakeError::Damaged(name))
}

fn secret(folder: &Path, name: &'static str) -> Result<[u8; 32], IntakeError> {
    let text = Zeroizing::new(text(folder, name)?);
    let mut bytes = [0; 32];
    from_hex(text.trim(), &mut bytes).map_err(|_| IntakeError::Damaged(name))?;
    Ok(bytes)
}
