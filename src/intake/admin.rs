//! What the people who run the intake do: tokens, bundles, staff, and a list of cases without what they are about.
//!
//! Each function opens the folder for itself and may run while a server does; the server takes the change in before its
//! next answer. None of them shows a name that a reporter gave, sealed bytes, or a lane,
//! but for the team that must be given a lead before anybody can open a case.

use std::collections::HashSet;
use std::path::Path;

use ed25519_dalek::VerifyingKey;
use sha2::{Digest, Sha256};

use super::cases::{has_words, same_name};
use super::enrolment::token_digest;
use super::error::IntakeError;
use super::folder::{bundle_name, bundles, replace};
use super::record::{Record, StaffMember};
use super::store::Store;
use crate::form::Lane;
use crate::id::{CaseId, EnvelopeId, KioskId};
use crate::seal::random_array;
use crate::time::Timestamp;
use crate::wire::{Anchor, Bundle, Token, envelope_id};

/// Bytes of a name.
const NAME_BYTES_MOST: usize = 120;

/// Makes an enrolment token; only a digest of its secret is kept.
pub fn token(folder: &Path) -> Result<Token, IntakeError> {
    let mut store = Store::open(folder)?;
    let token = Token {
        secret: random_array()?,
        anchor: Anchor::short_digest(&store.keys().anchor),
    };
    let digest = token_digest(&token.secret);
    store.transact(|work| {
        work.record(Record::Token { digest, made: work.now });
    })?;
    store.close();
    Ok(token)
}

/// Publishes a bundle that the root signed, for this intake, with a sequence above every earlier one. Gives it back.
pub fn publish_bundle(folder: &Path, bytes: &[u8]) -> Result<Bundle, IntakeError> {
    let mut store = Store::open(folder)?;
    let keys = store.keys();
    let bundle = Bundle::open(bytes, &keys.root)?;
    let ours = bundle.router == keys.router.recipient().0
        && bundle.acknowledgement_key == keys.acknowledgement.verifying_key().to_bytes();
    if !ours {
        return Err(IntakeError::BundleForeign);
    }
    let digest = Sha256::digest(bytes).into();
    store.transact(|work| {
        if let Some(newest) = work.ledger.bundle.filter(|newest| newest.sequence >= bundle.sequence) {
            return Err(IntakeError::BundleOld(newest.sequence));
        }
        // Inside the transaction nobody else publishes: the file is in place before the record that points to it.
        replace(&bundles(folder), &bundle_name(bundle.sequence), bytes)?;
        work.record(Record::Bundle {
            sequence: bundle.sequence,
            digest,
            published: work.now,
        });
        Ok(())
    })??;
    store.close();
    Ok(bundle)
}

/// One member of staff, as listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffRow {
    /// As exclusions would name them.
    pub name: String,
    /// Hate or conduct.
    pub team: Lane,
    /// Gets the cases whose exclusions fit nobody for certain or cannot be read.
    pub lead: bool,
    /// Their ed25519 public key.
    pub key: [u8; 32],
}

/// Lets somebody sign desk requests.
pub fn staff_add(folder: &Path, name: &str, team: Lane, key: [u8; 32]) -> Result<(), IntakeError> {
    add(folder, name, team, key, false)
}

/// Lets the lead of a team sign desk requests.
pub fn staff_add_lead(folder: &Path, name: &str, team: Lane, key: [u8; 32]) -> Result<(), IntakeError> {
    add(folder, name, team, key, true)
}

/// Everybody who may sign desk requests, by name.
pub fn staff_list(folder: &Path) -> Result<Vec<StaffRow>, IntakeError> {
    let mut store = Store::open(folder)?;
    let mut rows = store.read(|work| {
        let rows = work.ledger.staff.iter().map(|person| StaffRow {
            name: person.name.clone(),
            team: person.team,
            lead: person.lead,
            key: person.key,
        });
        rows.collect::<Vec<_>>()
    })?;
    rows.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(rows)
}

/// Keeps one person from one case, from now on.
pub fn staff_exclude(folder: &Path, name: &str, case: CaseId) -> Result<(), IntakeError> {
    let mut store = Store::open(folder)?;
    store.transact(|work| {
        let person = work.ledger.staff.iter().find(|person| same_name(name, &person.name));
        let staff = person.ok_or(IntakeError::StaffUnknown)?.id;
        let case = work.ledger.case(case).ok_or(IntakeError::CaseUnknown)?.id;
        work.record(Record::Exclusion {
            staff,
            case,
            at: work.now,
        });
        Ok::<_, IntakeError>(())
    })??;
    store.close();
    Ok(())
}

/// One case, for the people who watch the clocks: nothing of what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdminCase {
    /// Random id.
    pub case: CaseId,
    /// When its first envelope arrived.
    pub arrived: Timestamp,
    /// Earliest plausible Send and 24 hours, of what nobody has opened yet.
    pub due: Timestamp,
    /// When a skilled person first said "opened".
    pub first_opened: Option<Timestamp>,
    /// Something in it pages the safeguarding lead.
    pub urgent: bool,
    /// Something came after it was opened.
    pub new: bool,
    /// Its slip did not open: somebody must look why.
    pub alarm: bool,
    /// Nobody on the staff list may open it.
    pub nobody: bool,
    /// Only a lead of this team may open it, and there is none for it.
    pub lacks_lead: Option<Lane>,
}

/// Every case but additions that still wait for their report; soonest due first.
pub fn cases(folder: &Path) -> Result<Vec<AdminCase>, IntakeError> {
    let mut store = Store::open(folder)?;
    let mut rows = store.read(|work| {
        let (staff, now) = (&work.ledger.staff, work.now);
        let shown = work.ledger.cases.values().filter(|case| case.has_surfaced(now));
        let rows = shown.map(|case| AdminCase {
            case: case.id,
            arrived: case.arrival,
            due: case.due(),
            first_opened: case.first_opened,
            urgent: case.urgent,
            new: case.is_new(),
            alarm: case.alarm,
            nobody: case.is_without_people(staff, now),
            lacks_lead: case.lacks_lead(staff),
        });
        rows.collect::<Vec<_>>()
    })?;
    rows.sort_by_key(|row| (row.due, row.case));
    Ok(rows)
}

/// What needs somebody now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarms {
    /// Cases of which something was not opened and that are urgent, could not be sorted, are past due or have nobody for
    /// them.
    pub cases: Vec<AdminCase>,
    /// Kiosks that were not heard for `SILENCE_HOURS`, with the last time.
    pub silent: Vec<(KioskId, Option<Timestamp>)>,
    /// Kiosks that last said that something is not right, with the code that stands on their screen.
    pub faulty: Vec<(KioskId, u32)>,
}

/// Hours of silence after which a kiosk is listed (DESIGN 6: red).
const SILENCE_HOURS: i64 = 6;

/// What needs somebody now.
pub fn alarms(folder: &Path) -> Result<Alarms, IntakeError> {
    let unopened = cases(folder)?
        .into_iter()
        .filter(|row| row.first_opened.is_none() || row.new);
    let mut store = Store::open(folder)?;
    store.read(|work| {
        let now = work.now;
        let silent = work.ledger.kiosks.iter().filter(|(_, kiosk)| {
            let last = kiosk.last_contact.unwrap_or(kiosk.enrolled);
            last.after_hours(SILENCE_HOURS) < now
        });
        let faulty = work.ledger.kiosks.iter().filter(|(_, kiosk)| kiosk.health.faults != 0);
        Alarms {
            cases: unopened
                .filter(|row| row.urgent || row.alarm || row.nobody || row.due <= now)
                .collect(),
            silent: silent.map(|(id, kiosk)| (*id, kiosk.last_contact)).collect(),
            faulty: faulty.map(|(id, kiosk)| (*id, kiosk.health.faults)).collect(),
        }
    })
}

/// What `verify` found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// Envelopes whose bytes have their digest and whose facts are there.
    pub whole: usize,
    /// Envelopes with wrong bytes, or without facts, or facts without bytes.
    pub broken: usize,
    /// Records that do not open.
    pub unreadable: usize,
}

/// Envelopes that are read between two looks at what others wrote.
const PIECE: usize = 1_024;

/// Reads everything that is there when it begins and compares it. It takes no lock: a server beside it goes on.
pub fn verify(folder: &Path) -> Result<Verified, IntakeError> {
    let mut store = Store::open(folder)?;
    let (stored, facts, unreadable) = store.read(|work| {
        let facts: HashSet<EnvelopeId> = work.ledger.envelopes.keys().copied().collect();
        let unreadable = work.record_count().saturating_sub(work.ledger.applied.len());
        (work.envelope_ids(), facts, unreadable)
    })?;
    let mut whole = 0;
    for piece in stored.chunks(PIECE) {
        whole += store.read(|work| {
            let right = |id: &EnvelopeId| work.envelope_bytes(*id).is_some_and(|bytes| envelope_id(&bytes) == *id);
            piece
                .iter()
                .copied()
                .filter(right)
                .filter(|id| facts.contains(id))
                .count()
        })?;
    }
    Ok(Verified {
        whole,
        broken: stored.len().max(facts.len()).saturating_sub(whole),
        unreadable,
    })
}

fn add(folder: &Path, name: &str, team: Lane, key: [u8; 32], lead: bool) -> Result<(), IntakeError> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if !has_words(&name) || name.len() > NAME_BYTES_MOST || name.chars().any(char::is_control) {
        return Err(IntakeError::StaffName);
    }
    if !matches!(team, Lane::Hate | Lane::Conduct) {
        return Err(IntakeError::Team);
    }
    if !VerifyingKey::from_bytes(&key).is_ok_and(|key| !key.is_weak()) {
        return Err(IntakeError::Key);
    }
    let mut store = Store::open(folder)?;
    store.transact(|work| {
        let taken = |person: &StaffMember| same_name(&name, &person.name) || person.key == key;
        if work.ledger.staff.iter().any(taken) {
            return Err(IntakeError::StaffTaken);
        }
        let id = work.random();
        work.record(Record::Staff(StaffMember {
            id,
            name: name.clone(),
            team,
            lead,
            key,
            added: work.now,
        }));
        Ok(())
    })??;
    store.close();
    Ok(())
}
