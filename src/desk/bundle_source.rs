//! The source folder of a bundle: what a landlord edits before `bundle sign`.
//!
//! ```text
//! bundle.toml          sequence, root, keys of the intake, keys of each lane's team
//! site.toml            facts about the site (see src/site/facts.rs)
//! pages/*.toml         everyday pages
//! forms/*.toml         form definitions (see src/form/raw.rs)
//! ```
//! `bundle.toml`:
//! ```toml
//! sequence = 0                      # of the last bundle that was signed; only `bundle sign` changes it
//! root = "…"                        # public half of the root key that signs, hexadecimal
//! acknowledgement-key = "…"         # from the intake's public.toml, hexadecimal
//! router = "age1…"                  # from the intake's public.toml
//! router-escrow = "age1…"
//! [lanes.hate]                      # and conduct; asb is hate's and complaint is conduct's unless written here
//! team = "age1…"
//! escrow = "age1…"
//! ```
//! Nothing here signs. It refuses keys that are none, and never overwrites a source folder.

use std::collections::BTreeMap;
use std::path::Path;

use ed25519_dalek::VerifyingKey;
use serde::Deserialize;

use super::error::DeskError;
use super::files::{self, Readable};
use crate::form::Lane;
use crate::id::{from_hex, to_hex};
use crate::limits::{ANCHOR_BYTES_MOST, DESK_FILE_BYTES_MOST};
use crate::seal::Recipient;
use crate::wire::{Anchor, BundleFile, LaneKeys};

pub(super) const SOURCE: &str = "bundle.toml";

/// What comes with Heard: the report form and the made-up site.
const BUILT_IN: [(&str, &[u8]); 5] = [
    ("forms/report.toml", include_bytes!("../../assets/forms/report.toml")),
    ("site.toml", include_bytes!("../../assets/site/site.toml")),
    (
        "pages/about-this-screen.toml",
        include_bytes!("../../assets/site/pages/about-this-screen.toml"),
    ),
    (
        "pages/have-your-say.toml",
        include_bytes!("../../assets/site/pages/have-your-say.toml"),
    ),
    (
        "pages/repairs.toml",
        include_bytes!("../../assets/site/pages/repairs.toml"),
    ),
];

/// The files that come with Heard: the report form and the made-up demonstration site.
pub fn builtin_files() -> Vec<BundleFile> {
    let file = |(path, bytes): (&str, &[u8])| BundleFile {
        path: path.to_owned(),
        bytes: bytes.to_vec(),
    };
    BUILT_IN.into_iter().map(file).collect()
}

/// Who opens the reports of each lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LaneRecipients {
    /// The hate team and its escrow; anti-social behaviour is theirs too.
    pub hate: (Recipient, Recipient),
    /// The independent team and its escrow; complaints are theirs too.
    pub conduct: (Recipient, Recipient),
}

impl LaneRecipients {
    /// One entry for each lane, as a bundle holds them.
    pub fn lanes(&self) -> Vec<LaneKeys> {
        let keys = |lane| {
            let (team, escrow) = match lane {
                Lane::Hate | Lane::AntiSocialBehaviour => self.hate,
                Lane::Conduct | Lane::Complaint => self.conduct,
            };
            LaneKeys {
                lane,
                team: team.0,
                escrow: escrow.0,
            }
        };
        Lane::ALL.into_iter().map(keys).collect()
    }
}

/// What `heard-intake init` tells everybody: `public.toml` with `router`, `router-escrow`, `acknowledgement-key`, `anchor`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicFacts {
    /// X25519 recipient of routing parts.
    pub router: Recipient,
    /// The router's offline escrow.
    pub router_escrow: Recipient,
    /// Public key with which the intake signs.
    pub acknowledgement_key: [u8; 32],
    /// What the deployment trusts.
    pub anchor: Anchor,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawPublic {
    router: String,
    router_escrow: String,
    acknowledgement_key: String,
    anchor: String,
}

impl PublicFacts {
    /// Reads a `public.toml`. Recipients may be `age1…` or hexadecimal.
    ///
    /// # Errors
    /// A file that is none, with the key that is wrong.
    pub fn read(path: &Path) -> Result<Self, DeskError> {
        let wrong = |what: &str| {
            DeskError::input(format!(
                "{}: {what}: use the public.toml that `heard-intake init` wrote",
                path.display()
            ))
        };
        let text = files::read_text(path, DESK_FILE_BYTES_MOST)?;
        let raw: RawPublic = toml::from_str(&text).map_err(|why| wrong(first_line(why.message())))?;
        let anchor = raw.anchor.trim();
        if anchor.len() > ANCHOR_BYTES_MOST * 2 {
            return Err(wrong("anchor is too large"));
        }
        let mut bytes = vec![0; anchor.len() / 2];
        from_hex(anchor, &mut bytes).map_err(|_| wrong("anchor is not hexadecimal"))?;
        Ok(Self {
            router: recipient(&raw.router).ok_or_else(|| wrong("router is not a recipient"))?,
            router_escrow: recipient(&raw.router_escrow).ok_or_else(|| wrong("router-escrow is not a recipient"))?,
            acknowledgement_key: public_key(&raw.acknowledgement_key)
                .ok_or_else(|| wrong("acknowledgement-key is not a public key"))?,
            anchor: Anchor::parse(&bytes).map_err(|_| wrong("anchor is not an anchor"))?,
        })
    }
}

/// `bundle.toml`, checked.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) sequence: u32,
    pub(super) root: [u8; 32],
    pub(super) acknowledgement_key: [u8; 32],
    pub(super) router: Recipient,
    pub(super) router_escrow: Recipient,
    pub(super) lanes: Vec<LaneKeys>,
    /// The file as it stands.
    pub(super) file_text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawSource {
    sequence: u32,
    root: String,
    acknowledgement_key: String,
    router: String,
    router_escrow: String,
    lanes: BTreeMap<String, RawLane>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLane {
    team: String,
    escrow: String,
}

impl Source {
    /// Reads `bundle.toml` of a source folder.
    pub(super) fn read(folder: &Path) -> Result<Self, DeskError> {
        let wrong = |what: &str| DeskError::input(format!("{SOURCE}: {what}: correct it and sign again"));
        let text = files::read_text(&folder.join(SOURCE), DESK_FILE_BYTES_MOST)?;
        let raw: RawSource = toml::from_str(&text).map_err(|why| wrong(first_line(why.message())))?;
        if let Some(word) = raw.lanes.keys().find(|word| Lane::parse(word).is_none()) {
            return Err(wrong(&format!("lanes.{word} is not a lane")));
        }
        let lanes: Result<_, _> = Lane::ALL
            .into_iter()
            .map(|lane| raw.lane(lane).map_err(|what| wrong(&what)))
            .collect();
        let one = |name: &str, text: &str| recipient(text).ok_or_else(|| wrong(&format!("{name} is not a recipient")));
        let key =
            |name: &str, text: &str| public_key(text).ok_or_else(|| wrong(&format!("{name} is not a public key")));
        Ok(Self {
            sequence: raw.sequence,
            root: key("root", &raw.root)?,
            acknowledgement_key: key("acknowledgement-key", &raw.acknowledgement_key)?,
            router: one("router", &raw.router)?,
            router_escrow: one("router-escrow", &raw.router_escrow)?,
            lanes: lanes?,
            file_text: text.to_string(),
        })
    }
}

impl RawSource {
    fn lane(&self, lane: Lane) -> Result<LaneKeys, String> {
        let stand_in = match lane {
            Lane::AntiSocialBehaviour => Lane::Hate,
            Lane::Complaint => Lane::Conduct,
            own => own,
        };
        let named = [lane, stand_in]
            .into_iter()
            .find_map(|lane| self.lanes.get(lane.word()));
        let raw = named.ok_or_else(|| format!("lanes.{} is missing", lane.word()))?;
        let bytes = |name: &str, text: &str| {
            let recipient = recipient(text);
            recipient
                .map(|recipient| recipient.0)
                .ok_or_else(|| format!("lanes.{}.{name} is not a recipient", lane.word()))
        };
        let keys = LaneKeys {
            lane,
            team: bytes("team", &raw.team)?,
            escrow: bytes("escrow", &raw.escrow)?,
        };
        if keys.team == keys.escrow {
            return Err(format!("lanes.{} has the same key for team and escrow", lane.word()));
        }
        Ok(keys)
    }
}

/// Writes a new source folder with the files that come with Heard.
///
/// # Errors
/// There is a `bundle.toml` or one of the other files already, the lanes do not differ, or nothing can be written.
pub fn new_source(folder: &Path, public: &PublicFacts, lanes: &LaneRecipients) -> Result<(), DeskError> {
    if lanes.hate.0 == lanes.conduct.0 {
        return Err(DeskError::input(
            "the hate team and the independent team must have different keys: make one with `heard-desk keygen --team`",
        ));
    }
    let built_in = builtin_files();
    files::refuse_existing(&folder.join(SOURCE))?;
    for file in &built_in {
        files::refuse_existing(&folder.join(&file.path))?;
    }
    for name in ["pages", "forms"] {
        files::make_folder(&folder.join(name))?;
    }
    for file in &built_in {
        files::write_new(&folder.join(&file.path), &file.bytes, Readable::Everybody)?;
    }
    // Last, so that a folder that was interrupted is not taken for a whole one.
    let text = source_text(public, lanes);
    files::write_new(&folder.join(SOURCE), text.as_bytes(), Readable::Everybody)
}

fn source_text(public: &PublicFacts, lanes: &LaneRecipients) -> String {
    let lane = |name: &str, (team, escrow): (Recipient, Recipient)| {
        format!(
            "\n[lanes.{name}]\nteam = \"{}\"\nescrow = \"{}\"\n",
            team.text(),
            escrow.text()
        )
    };
    format!(
        "# Keys of this deployment. `heard-desk bundle sign` changes the sequence and nothing else.\n\
         # Reports of the lane asb go to the hate team and those of complaint to the conduct team, unless\n\
         # [lanes.asb] or [lanes.complaint] stand here.\n\
         sequence = 0\nroot = \"{}\"\nacknowledgement-key = \"{}\"\nrouter = \"{}\"\nrouter-escrow = \"{}\"\n{}{}",
        to_hex(&public.anchor.root),
        to_hex(&public.acknowledgement_key),
        public.router.text(),
        public.router_escrow.text(),
        lane("hate", lanes.hate),
        lane("conduct", lanes.conduct),
    )
}

fn recipient(text: &str) -> Option<Recipient> {
    let text = text.trim();
    let mut bytes = [0; 32];
    match from_hex(text, &mut bytes) {
        Ok(()) => Some(Recipient(bytes)),
        Err(_) => Recipient::parse(text).ok(),
    }
}

fn public_key(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    from_hex(text.trim(), &mut bytes).ok()?;
    VerifyingKey::from_bytes(&bytes).is_ok().then_some(bytes)
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or("not TOML")
}
