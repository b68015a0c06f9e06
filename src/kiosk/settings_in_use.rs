//! What enrolment gave this kiosk, read from its store and verified again: anchor, key, bundle and form.
//!
//! Nothing is used that the root has not signed. Made at start and after a newer bundle is complete.

use std::fmt;
use std::sync::Arc;

use ed25519_dalek::VerifyingKey;

use super::store::Store;
use crate::form::FormDefinition;
use crate::seal::SealingKeys;
use crate::site::{EverydayPage, SiteFacts};
use crate::wire::{Anchor, Bundle, BundleFile};

/// Where the bundle keeps the form behind "Tell us something".
pub const REPORT_FORM: &str = "forms/report.toml";
/// Where it keeps what is true of this landlord and this office.
pub(super) const SITE: &str = "site.toml";

/// What an enrolled kiosk works with.
#[derive(Debug)]
pub struct InUse {
    /// What never changes.
    pub anchor: Anchor,
    /// This kiosk's key and id.
    pub keys: SealingKeys,
    /// The bundle.
    pub bundle: Bundle,
    /// The key that signs acknowledgements.
    pub acknowledgement_key: VerifyingKey,
    /// The form.
    pub form: Arc<FormDefinition>,
    /// The landlord's facts.
    pub site: SiteFacts,
    /// Everyday pages: file name without folder and ending, page.
    pub pages: Vec<(String, EverydayPage)>,
}

/// Why the kiosk cannot work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotUsable {
    /// Never enrolled.
    NotEnrolled,
    /// What was kept does not verify.
    Anchor,
    /// The bundle is missing or does not verify.
    Bundle,
    /// The bundle's form or facts cannot be used; the first problem.
    Content(String),
}

impl fmt::Display for NotUsable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotEnrolled => {
                f.write_str("this kiosk is not enrolled: run `heard-kiosk enrol --intake URL --token T`")
            }
            Self::Anchor => f.write_str("the anchor of this kiosk is damaged: enrol it again in a new data folder"),
            Self::Bundle => f.write_str("this kiosk has no bundle that the root has signed: enrol it again"),
            Self::Content(problem) => write!(f, "the bundle cannot be used: {problem}"),
        }
    }
}

impl std::error::Error for NotUsable {}

impl InUse {
    /// Reads and verifies everything.
    pub fn from_store(store: &Store) -> Result<Self, NotUsable> {
        let anchor = store.anchor().ok_or(NotUsable::NotEnrolled)?;
        let anchor = Anchor::parse(&anchor).map_err(|_| NotUsable::Anchor)?;
        let seed = zeroize::Zeroizing::new(store.device_seed().ok_or(NotUsable::NotEnrolled)?);
        let kept = store.bundle().ok_or(NotUsable::Bundle)?;
        Self::new(anchor, SealingKeys::from_seed(&seed), &kept.bytes)
    }

    /// Verifies a bundle against the anchor and reads what is in it.
    pub fn new(anchor: Anchor, keys: SealingKeys, bundle: &[u8]) -> Result<Self, NotUsable> {
        let root = VerifyingKey::from_bytes(&anchor.root).map_err(|_| NotUsable::Anchor)?;
        let bundle = Bundle::open(bundle, &root).map_err(|_| NotUsable::Bundle)?;
        let acknowledgement_key =
            VerifyingKey::from_bytes(&bundle.acknowledgement_key).map_err(|_| NotUsable::Bundle)?;
        let form = bundle
            .file(REPORT_FORM)
            .ok_or_else(|| NotUsable::Content(format!("{REPORT_FORM} is not in it")))?;
        let form = FormDefinition::parse(REPORT_FORM, form).map_err(|problems| first(&problems))?;
        let site = bundle
            .file(SITE)
            .ok_or_else(|| NotUsable::Content(format!("{SITE} is not in it")))?;
        let site = SiteFacts::parse(SITE, site).map_err(|problems| first(&problems))?;
        let pages = pages_of(&bundle);
        Ok(Self {
            anchor,
            keys,
            bundle,
            acknowledgement_key,
            form: Arc::new(form),
            site,
            pages,
        })
    }
}

/// The desk signs none that cannot be read; if one comes all the same, no report hangs on it.
fn pages_of(bundle: &Bundle) -> Vec<(String, EverydayPage)> {
    let read = |file: &BundleFile| {
        let name = file.path.strip_prefix("pages/")?.strip_suffix(".toml")?;
        let page = EverydayPage::parse(&file.path, &file.bytes).ok()?;
        Some((name.to_owned(), page))
    };
    bundle.files.iter().filter_map(read).collect()
}

fn first(problems: &[impl fmt::Display]) -> NotUsable {
    NotUsable::Content(
        problems
            .first()
            .map_or_else(|| "it has a problem".into(), ToString::to_string),
    )
}
