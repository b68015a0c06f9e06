//! Opens what the intake handed over: every part, with the team's identities first and then with the reply secrets found
//! inside the reports.
//!
//! Pure of IO. An [`OpenedCase`] exists only when its report (or, without one, every part of it) was opened and decoded:
//! who holds one may say "opened", nobody else.

use std::fmt;

use super::client::DeskClient;
use super::error::DeskError;
use super::forms::{FormShelf, stand_in, with_strange};
use crate::form::{Filled, FormDefinition};
use crate::id::{CaseId, from_hex};
use crate::limits::REPORT_PLAIN_BYTES;
use crate::report::{Opened, Routing, route};
use crate::seal::{Identity, OpenError, Recipient, open_report_part};
use crate::wire::api::{HandedOver, HandedPart, OpenedReply};
use crate::wire::decode_report;
use crate::wire::v1::{Content, SealedAddition};

/// An age file of a report part is never longer.
const SEALED_BYTES_MOST: usize = REPORT_PLAIN_BYTES + 1_024;

/// A case that this caseworker has opened. Debug prints counts only.
pub struct OpenedCase {
    /// Random id.
    pub case: CaseId,
    /// Earliest plausible Send and 24 hours, RFC 3339.
    pub due_at: String,
    /// When a skilled person first said "opened", before now.
    pub first_opened_at: Option<String>,
    /// Where messages for the reporter are sealed to; none when the reporter has no code.
    pub inbox: Option<Recipient>,
    /// Oldest first; nearly always one.
    pub reports: Vec<OpenedReport>,
    /// Oldest first.
    pub additions: Vec<OpenedAddition>,
    /// Parts that did not open, each with its reason.
    pub unopened: Vec<OpenError>,
    /// Parts whose slip the intake could not open: nothing binds them to a slip.
    pub unbound: usize,
}

/// A report with the questions it answers.
pub struct OpenedReport {
    /// What was sealed.
    pub opened: Opened,
    /// Its form, or a stand-in that tells numbers.
    pub form: FormDefinition,
    /// Whether the form is one that this desk has.
    pub form_known: bool,
    /// Its answers, by question of `form`.
    pub filled: Filled,
    /// What the answers set in motion; worked out again here.
    pub routing: Routing,
}

/// Something that the reporter added later.
pub struct OpenedAddition {
    /// When it arrived at the intake, RFC 3339.
    pub arrived_at: String,
    /// What it says.
    pub addition: SealedAddition,
}

impl fmt::Debug for OpenedCase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "OpenedCase({}, {} reports, {} additions)",
            self.case,
            self.reports.len(),
            self.additions.len()
        )
    }
}

impl OpenedCase {
    /// Tells the intake that a skilled person has opened this case. Only the first time moves the clock.
    ///
    /// # Errors
    /// The link: what was opened stays opened, and the clock runs on until this has been said.
    pub fn tell_opened(&self, client: &DeskClient) -> Result<OpenedReply, DeskError> {
        client.say_opened(self.case)
    }
}

/// Opens every part of a case.
///
/// # Errors
/// One line when the report does not open with these identities, does not belong to its slip, or is damaged.
pub fn open_case(handed: &HandedOver, identities: &[Identity], forms: &FormShelf) -> Result<OpenedCase, DeskError> {
    let mut case = OpenedCase {
        case: CaseId::parse(&handed.case).map_err(|_| garbled())?,
        due_at: handed.due_at.clone(),
        first_opened_at: handed.first_opened_at.clone(),
        inbox: read_inbox(handed)?,
        reports: Vec::new(),
        additions: Vec::new(),
        unopened: Vec::new(),
        unbound: 0,
    };
    let mut pending = Vec::new();
    for part in &handed.parts {
        match open_part(part, identities)? {
            Ok(content) => case.take(part, content, forms),
            Err(OpenError::NotForUs) => pending.push(part),
            Err(why) => case.unopened.push(why),
        }
    }
    let secrets = case.reports.iter().map(|report| *report.opened.reply_secret);
    let replies: Vec<Identity> = secrets.map(Identity::from_bytes).collect();
    for part in pending {
        match open_part(part, &replies)? {
            Ok(content) => case.take(part, content, forms),
            Err(why) => case.unopened.push(why),
        }
    }
    // A list by time whatever the order in which keys were found for it. RFC 3339 in UTC sorts by time.
    case.additions.sort_by(|a, b| a.arrived_at.cmp(&b.arrived_at));
    case.check()
}

impl OpenedCase {
    fn take(&mut self, part: &HandedPart, content: Content, forms: &FormShelf) {
        self.unbound += usize::from(part.routing_digest.is_empty());
        match content {
            Content::Report(sealed) => match decode_report(&sealed) {
                Ok(opened) if self.reports.iter().any(|known| known.opened.uuid == opened.uuid) => {}
                Ok(opened) => self.reports.push(put_into_words(opened, forms)),
                Err(_) => self.unopened.push(OpenError::Broken),
            },
            Content::Addition(addition) => {
                if !self.additions.iter().any(|known| known.addition.uuid == addition.uuid) {
                    self.additions.push(OpenedAddition {
                        arrived_at: part.arrived_at.clone(),
                        addition,
                    });
                }
            }
            Content::Nothing | Content::Canary(_) => {}
        }
    }

    /// A case without its report is open only when nothing of it stayed closed.
    fn check(self) -> Result<Self, DeskError> {
        if !self.reports.is_empty() || (!self.additions.is_empty() && self.unopened.is_empty()) {
            return Ok(self);
        }
        // What is worst is told: a report that was swapped before one that is for another team.
        let told = [OpenError::Mismatch, OpenError::Broken, OpenError::NotForUs];
        let why = told.into_iter().find(|why| self.unopened.contains(why));
        Err(match why {
            Some(OpenError::NotForUs) => DeskError::input(
                "the report is not sealed to your team's key: ask the team whose case it is, or name its key file with --key",
            ),
            Some(why) => DeskError::fault(why.to_string()),
            None => DeskError::fault("there is nothing to open in this case: tell the person who runs the intake"),
        })
    }
}

fn put_into_words(opened: Opened, forms: &FormShelf) -> OpenedReport {
    let found = forms.find(&opened);
    let form = match found {
        Some(form) => with_strange(form, &opened.fill(form).1),
        None => stand_in(&opened),
    };
    let (filled, _) = opened.fill(&form);
    OpenedReport {
        form_known: found.is_some(),
        routing: route(&form, &filled),
        form,
        filled,
        opened,
    }
}

fn open_part(part: &HandedPart, identities: &[Identity]) -> Result<Result<Content, OpenError>, DeskError> {
    let sealed = read_hex(&part.sealed)?;
    let digest = match part.routing_digest.as_str() {
        "" => None,
        hex => {
            let mut digest = [0; 32];
            from_hex(hex, &mut digest).map_err(|_| garbled())?;
            Some(digest)
        }
    };
    for identity in identities {
        match open_report_part(&sealed, identity, digest) {
            Err(OpenError::NotForUs) => {}
            Ok(part) => return Ok(Ok(part.content)),
            Err(why) => return Ok(Err(why)),
        }
    }
    Ok(Err(OpenError::NotForUs))
}

fn read_hex(text: &str) -> Result<Vec<u8>, DeskError> {
    if text.len() > SEALED_BYTES_MOST * 2 {
        return Err(garbled());
    }
    let mut bytes = vec![0; text.len() / 2];
    from_hex(text, &mut bytes).map_err(|_| garbled())?;
    Ok(bytes)
}

/// Where messages for the reporter of a case are sealed to; none when they have no code.
///
/// # Errors
/// An answer of the intake that cannot be read.
pub fn read_inbox(handed: &HandedOver) -> Result<Option<Recipient>, DeskError> {
    let Some(text) = &handed.inbox else {
        return Ok(None);
    };
    let mut bytes = [0; 32];
    from_hex(text, &mut bytes).map_err(|_| garbled())?;
    Ok(Some(Recipient(bytes)))
}

fn garbled() -> DeskError {
    DeskError::fault("the intake's answer cannot be read: check that this program is as new as the intake")
}
