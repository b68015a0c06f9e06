//! From a case's id to its opened words: asks the intake, opens with the forms at hand, fetches newer forms when needed.

use ed25519_dalek::VerifyingKey;

use super::client::DeskClient;
use super::error::DeskError;
use super::folder::DeskFolder;
use super::forms::FormShelf;
use super::opening::{OpenedCase, open_case};
use crate::id::CaseId;
use crate::seal::Identity;
use crate::wire::Bundle;

/// Fetches a case (the intake writes "given") and opens it. The newest bundle is fetched only when a report's form is
/// neither built in nor kept in the folder; without it the report still opens, as numbers and words.
///
/// # Errors
/// The link, a case that is not for this caseworker, or a report that does not open with these identities.
pub fn fetch_case(
    folder: &DeskFolder,
    client: &DeskClient,
    case: CaseId,
    identities: &[Identity],
) -> Result<OpenedCase, DeskError> {
    let mut forms = FormShelf::builtin();
    forms.add_kept(&folder.forms())?;
    let handed = client.hand_over(case)?;
    let opened = open_case(&handed, identities, &forms)?;
    let mut digests = opened.reports.iter().map(|report| report.opened.form_digest);
    if digests.all(|digest| forms.by_digest(digest).is_some()) {
        return Ok(opened);
    }
    match current_bundle(folder, client) {
        Some(bundle) => {
            forms.keep(&bundle, &folder.forms())?;
            open_case(&handed, identities, &forms)
        }
        None => Ok(opened),
    }
}

/// The intake's bundle, when it has one that the deployment's root signed.
fn current_bundle(folder: &DeskFolder, client: &DeskClient) -> Option<Bundle> {
    let root = VerifyingKey::from_bytes(&folder.anchor.root).ok()?;
    Bundle::open(&client.bundle().ok()?, &root).ok()
}
