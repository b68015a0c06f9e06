//! What a member of staff may see and say of cases. A case that is not for them does not exist for them.
//!
//! Handing over and opening are two records: the first is written when sealed parts leave, the second when the desk says
//! that they were opened (SAFETY 28).

use super::cases::{Case, Part};
use super::record::{Access, MARKS_MOST, PartMark, Record, StaffMember};
use super::store::Work;
use crate::id::{CaseId, to_hex};
use crate::limits::STATUS_NOTE_BYTES;
use crate::time::Timestamp;
use crate::wire::Envelope;
use crate::wire::api::{CaseList, CaseRow, HandedOver, HandedPart, OpenedReply};

/// Status note sequences grow by at most this, at random, so that they count nothing.
const SEQUENCE_STEP_MOST: u32 = 1 << 20;

/// Why a desk does not get what it asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotForThem {
    /// No such case, or not for them: the same.
    Unknown,
    /// They say that they opened what was never given to them.
    NotGiven,
    /// The reporter has no reference code to read a note with.
    NoInbox,
}

/// The cases of one member of staff, soonest due first.
pub(crate) fn list(work: &Work<'_>, person: &StaffMember) -> CaseList {
    let mut cases: Vec<&Case> = work
        .ledger
        .cases
        .values()
        .filter(|case| case.is_for(person, &work.ledger.staff, work.now))
        .collect();
    cases.sort_by_key(|case| (case.due(), case.id));
    CaseList {
        cases: cases.into_iter().map(row).collect(),
    }
}

/// The sealed parts of a case. That they were handed over is committed before they leave.
pub(crate) fn open(work: &mut Work<'_>, person: &StaffMember, id: CaseId) -> Result<HandedOver, NotForThem> {
    let case = find(work, person, id)?;
    let (due, first_opened, inbox, parts) = (case.due(), case.first_opened, case.inbox, case.parts.clone());
    let marks: Vec<PartMark> = parts.iter().map(Part::mark).collect();
    let mut handed = Vec::with_capacity(parts.len());
    for part in parts {
        // A part that is damaged here is handed over empty: the desk must see that something is missing.
        let envelope = work
            .envelope_bytes(part.envelope)
            .and_then(|bytes| Envelope::parse(&bytes).ok());
        let sealed = envelope
            .map(|envelope| to_hex(envelope.report_part()))
            .unwrap_or_default();
        handed.push(HandedPart {
            envelope: part.envelope.to_string(),
            arrived_at: part.arrival.rfc3339(),
            routing_digest: part.digest.map(|digest| to_hex(&digest)).unwrap_or_default(),
            sealed,
        });
    }
    access(work, person, id, Access::HandedOver, &marks);
    Ok(HandedOver {
        case: id.to_string(),
        due_at: due.rfc3339(),
        first_opened_at: first_opened.map(Timestamp::rfc3339),
        inbox: inbox.map(|inbox| to_hex(&inbox)),
        parts: handed,
    })
}

/// The desk says that this person opened what was given to them. The first time stays.
pub(crate) fn opened(work: &mut Work<'_>, person: &StaffMember, id: CaseId) -> Result<OpenedReply, NotForThem> {
    let case = find(work, person, id)?;
    let given = case.given_to.get(&person.id).ok_or(NotForThem::NotGiven)?;
    let marks: Vec<PartMark> = given.iter().copied().collect();
    let first = case.first_opened.unwrap_or(work.now);
    access(work, person, id, Access::Opened, &marks);
    Ok(OpenedReply {
        first_opened_at: first.rfc3339(),
    })
}

/// Keeps a status note for every kiosk.
pub(crate) fn note(
    work: &mut Work<'_>,
    person: &StaffMember,
    id: CaseId,
    sealed: &[u8; STATUS_NOTE_BYTES],
) -> Result<(), NotForThem> {
    if find(work, person, id)?.inbox.is_none() {
        return Err(NotForThem::NoInbox);
    }
    let last = work.ledger.notes.last_key_value().map_or(0, |(sequence, _)| *sequence);
    let step = u32::from_be_bytes(work.random()) % SEQUENCE_STEP_MOST + 1;
    work.record(Record::Note {
        sequence: last.saturating_add(u64::from(step)),
        sealed: sealed.to_vec(),
    });
    access(work, person, id, Access::Note, &[]);
    Ok(())
}

fn find<'a>(work: &'a Work<'_>, person: &StaffMember, id: CaseId) -> Result<&'a Case, NotForThem> {
    let case = work.ledger.case(id);
    case.filter(|case| case.is_for(person, &work.ledger.staff, work.now))
        .ok_or(NotForThem::Unknown)
}

fn access(work: &mut Work<'_>, person: &StaffMember, case: CaseId, what: Access, marks: &[PartMark]) {
    // One record at least, and as many as the marks of a very long case need.
    for chunk in 0..marks.len().div_ceil(MARKS_MOST).max(1) {
        let parts = marks.iter().skip(chunk * MARKS_MOST).take(MARKS_MOST);
        work.record(Record::Access {
            staff: person.id,
            case,
            at: work.now,
            what,
            parts: parts.copied().collect(),
        });
    }
}

fn row(case: &Case) -> CaseRow {
    CaseRow {
        case: case.id.to_string(),
        arrived_at: case.arrival.rfc3339(),
        due_at: case.due().rfc3339(),
        first_opened_at: case.first_opened.map(Timestamp::rfc3339),
        urgent: case.urgent,
        new: case.is_new(),
    }
}
