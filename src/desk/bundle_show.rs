//! Facts about a signed bundle, for the person who signs or publishes one.

use std::fmt::Write;
use std::path::Path;

use ed25519_dalek::VerifyingKey;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::answer_words::visible;
use super::error::DeskError;
use super::files;
use crate::id::{from_hex, to_hex};
use crate::limits::{BUNDLE_BYTES_MOST, SIGNATURE_BYTES};
use crate::seal::Recipient;
use crate::wire::{Bundle, BundleFile, LaneKeys, VERSION};

/// Bytes before the body: magic and version.
const HEAD_BYTES: usize = 5;

/// A bundle that was read for a person to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleFacts {
    /// Whether its signature was held against a root key.
    pub verified: bool,
    /// What it says.
    pub bundle: Bundle,
    /// Its size.
    pub bytes: usize,
    /// SHA-256 of it, hexadecimal.
    pub digest: String,
}

/// Reads a bundle. With the root's public key (hexadecimal) its signature is verified; without, nobody has checked it.
///
/// # Errors
/// Not a bundle, or not signed by that root.
pub fn show_bundle(path: &Path, root: Option<&str>) -> Result<BundleFacts, DeskError> {
    let bytes = files::read(path, BUNDLE_BYTES_MOST)?;
    let bundle = match root {
        Some(hex) => Bundle::open(&bytes, &root_key(hex)?).map_err(|why| DeskError::input(why.to_string()))?,
        None => unverified(&bytes)?,
    };
    Ok(BundleFacts {
        verified: root.is_some(),
        bundle,
        bytes: bytes.len(),
        digest: to_hex(&Sha256::digest(&bytes[..])),
    })
}

impl BundleFacts {
    /// Lines for people; the first says loudly when nobody has checked the signature.
    pub fn text(&self) -> String {
        let verdict = if self.verified {
            "signed by the root key given"
        } else {
            "NOT VERIFIED: name the root's public key with --root-public"
        };
        let bundle = &self.bundle;
        let mut text = String::new();
        let mut line = |name: &str, value: &str| {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{:<21} {value}", format!("{name}:"));
        };
        line("signature", verdict);
        line("sequence", &bundle.sequence.to_string());
        line("issued", &bundle.issued.rfc3339());
        line("bytes", &self.bytes.to_string());
        line("SHA-256", &self.digest);
        line("acknowledgement key", &to_hex(&bundle.acknowledgement_key));
        line("router", &Recipient(bundle.router).text());
        line("router's escrow", &Recipient(bundle.router_escrow).text());
        for keys in &bundle.lanes {
            line(keys.lane.word(), &Recipient(keys.team).text());
            line(&format!("{}, escrow", keys.lane.word()), &Recipient(keys.escrow).text());
        }
        for file in &bundle.files {
            line(&visible(&file.path), &format!("{} bytes", file.bytes.len()));
        }
        text
    }

    /// The same for programs.
    pub fn json(&self) -> Value {
        let bundle = &self.bundle;
        let lane = |keys: &LaneKeys| {
            json!({
                "lane": keys.lane.word(),
                "team": Recipient(keys.team).text(),
                "escrow": Recipient(keys.escrow).text(),
            })
        };
        let file = |file: &BundleFile| json!({ "path": file.path, "bytes": file.bytes.len() });
        json!({
            "verified": self.verified,
            "sequence": bundle.sequence,
            "issued": bundle.issued.rfc3339(),
            "bytes": self.bytes,
            "sha256": self.digest,
            "acknowledgement_key": to_hex(&bundle.acknowledgement_key),
            "router": Recipient(bundle.router).text(),
            "router_escrow": Recipient(bundle.router_escrow).text(),
            "lanes": bundle.lanes.iter().map(lane).collect::<Vec<_>>(),
            "files": bundle.files.iter().map(file).collect::<Vec<_>>(),
        })
    }
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
