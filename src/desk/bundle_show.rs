//! Facts about a signed bundle, for the person who signs or publishes one.

use std::fmt::Write;
use std::path::Path;

use ed25519_dalek::VerifyingKey;
use sha2::{Digest, Sha256};

use super::error::DeskError;
use super::files;
use crate::id::{from_hex, to_hex};
use crate::limits::{BUNDLE_BYTES_MOST, SIGNATURE_BYTES};
use crate::seal::Recipient;
use crate::wire::{Bundle, VERSION};

/// Bytes before the body: magic and version.
const HEAD_BYTES: usize = 5;

/// What a bundle says, as text. With the root's public key (hexadecimal) its signature is verified; without, the first
/// line says loudly that nobody has checked it.
///
/// # Errors
/// Not a bundle, or not signed by that root.
pub fn show_bundle(path: &Path, root: Option<&str>) -> Result<String, DeskError> {
    let bytes = files::read(path, BUNDLE_BYTES_MOST)?;
    let (bundle, verdict) = match root {
        Some(hex) => {
            let key = root_key(hex)?;
            let bundle = Bundle::open(&bytes, &key).map_err(|why| DeskError::input(why.to_string()))?;
            (bundle, "signed by the root key given")
        }
        None => (
            unverified(&bytes)?,
            "NOT VERIFIED: name the root's public key with --root-public",
        ),
    };
    let mut text = format!(
        "signature:            {verdict}\nsequence:             {}\nissued:               {}\nbytes:                {}\nSHA-256:              {}\n",
        bundle.sequence,
        bundle.issued.rfc3339(),
        bytes.len(),
        to_hex(&Sha256::digest(&bytes[..])),
    );
    let mut line = |name: &str, value: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{:<21} {value}", format!("{name}:"));
    };
    line("acknowledgement key", &to_hex(&bundle.acknowledgement_key));
    line("router", &Recipient(bundle.router).text());
    line("router's escrow", &Recipient(bundle.router_escrow).text());
    for keys in &bundle.lanes {
        line(keys.lane.word(), &Recipient(keys.team).text());
        line(&format!("{}, escrow", keys.lane.word()), &Recipient(keys.escrow).text());
    }
    for file in &bundle.files {
        let name: String = file.path.chars().filter(|letter| !letter.is_control()).collect();
        line(&name, &format!("{} bytes", file.bytes.len()));
    }
    Ok(text)
}

fn root_key(hex: &str) -> Result<VerifyingKey, DeskError> {
    let wrong = || DeskError::input("--root-public needs the 64 letters that `heard-desk keygen --root` printed");
    let mut bytes = [0; 32];
    from_hex(hex.trim(), &mut bytes).map_err(|_| wrong())?;
    VerifyingKey::from_bytes(&bytes).map_err(|_| wrong())
}

/// Reads without looking at the signature: for a person's eyes only, never for use.
fn unverified(bytes: &[u8]) -> Result<Bundle, DeskError> {
    let wrong = || DeskError::input("not a whole bundle: sign it again with `heard-desk bundle sign`");
    let end = bytes.len().checked_sub(SIGNATURE_BYTES).ok_or_else(wrong)?;
    let body = bytes.get(HEAD_BYTES..end).ok_or_else(wrong)?;
    if !bytes.starts_with(b"HRDB") || bytes[HEAD_BYTES - 1] != VERSION {
        return Err(wrong());
    }
    match postcard::take_from_bytes(body) {
        Ok((bundle, [])) => Ok(bundle),
        _ => Err(wrong()),
    }
}
