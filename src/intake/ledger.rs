//! Everything that the intake knows, in memory: what all records together say.
//!
//! The store applies each record once, when it is written or when the database is read. It refuses to write anything.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use ed25519_dalek::VerifyingKey;

use super::cases::{Case, Part};
use super::kiosks::Kiosk;
use super::record::{Access, EnvelopeFacts, PartMark, Record, RecordId, StaffId, StaffMember};
use crate::case::Contact;
use crate::form::{Flag, Lane};
use crate::id::{CaseId, EnvelopeId, KioskId};
use crate::limits::{NOTES_KEPT_MOST, STATUS_NOTE_BYTES};
use crate::time::Timestamp;
use crate::wire::StatusNoteBytes;
use crate::wire::v1::{Kind, NewsCursor};

/// What is remembered of an envelope for when it comes again.
#[derive(Clone, Copy)]
pub(crate) struct Known {
    pub(crate) arrival: Timestamp,
    pub(crate) kiosk: KioskId,
    /// What its slip said of the news; none when it did not open.
    pub(crate) news: Option<NewsCursor>,
}

/// The newest bundle.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct BundlePointer {
    pub(crate) sequence: u32,
    pub(crate) digest: [u8; 32],
}

/// Everything that is known.
#[derive(Default)]
pub(crate) struct Ledger {
    /// Records that are applied already.
    pub(crate) applied: HashSet<RecordId>,
    pub(crate) envelopes: HashMap<EnvelopeId, Known>,
    pub(crate) cases: BTreeMap<CaseId, Case>,
    /// Cases of additions whose report came later, and the report's case.
    joined: HashMap<CaseId, CaseId>,
    pub(crate) kiosks: BTreeMap<KioskId, Kiosk>,
    /// Tokens that may still be spent, by the digest of their secret.
    pub(crate) tokens: HashSet<[u8; 32]>,
    /// Who spent a token.
    pub(crate) spent: HashMap<[u8; 32], KioskId>,
    pub(crate) staff: Vec<StaffMember>,
    pub(crate) notes: BTreeMap<u64, StatusNoteBytes>,
    pub(crate) bundle: Option<BundlePointer>,
}

impl Ledger {
    /// Applies what another process wrote, or everything at the start: in an order in which records refer backwards.
    pub(crate) fn apply_all(&mut self, mut records: Vec<(RecordId, Record)>) {
        records.sort_by_key(|(id, record)| (rank(record), *id));
        for (id, record) in records {
            self.apply(id, record);
        }
    }

    /// Applies one record; again is harmless.
    pub(crate) fn apply(&mut self, id: RecordId, record: Record) {
        if !self.applied.insert(id) {
            return;
        }
        match record {
            Record::Envelope(facts) => self.apply_envelope(*facts),
            Record::Token { digest, .. } => {
                if !self.spent.contains_key(&digest) {
                    self.tokens.insert(digest);
                }
            }
            Record::Kiosk {
                public_key,
                token,
                enrolled,
            } => self.apply_kiosk(public_key, token, enrolled),
            Record::Staff(person) => self.staff.push(person),
            Record::Exclusion { staff, case, .. } => {
                if let Some(case) = self.case_mut(case) {
                    case.excluded.insert(staff);
                }
            }
            Record::Access {
                staff,
                case,
                at,
                what,
                parts,
            } => self.apply_access(staff, case, at, what, &parts),
            Record::Note { sequence, sealed } => self.apply_note(sequence, sealed),
            Record::Bundle { sequence, digest, .. } => {
                if self.bundle.is_none_or(|known| known.sequence < sequence) {
                    self.bundle = Some(BundlePointer { sequence, digest });
                }
            }
        }
    }

    /// The case with this id, or the one that it joined.
    pub(crate) fn case(&self, id: CaseId) -> Option<&Case> {
        self.cases.get(self.joined.get(&id).unwrap_or(&id))
    }

    fn case_mut(&mut self, id: CaseId) -> Option<&mut Case> {
        self.cases.get_mut(self.joined.get(&id).unwrap_or(&id))
    }

    fn apply_access(&mut self, staff: StaffId, case: CaseId, at: Timestamp, what: Access, parts: &[PartMark]) {
        let Some(case) = self.case_mut(case) else {
            return;
        };
        match what {
            Access::HandedOver => case.given_to.entry(staff).or_default().extend(parts),
            Access::Opened => case.open(parts, at),
            Access::Note => {}
        }
    }

    /// The case that an addition under `tag` belongs to: the first report with it that came after `arrival`, or the
    /// newest before; else the case of an addition that waits for the same report.
    pub(crate) fn case_of_tag(&self, tag: [u8; 16], arrival: Timestamp) -> Option<CaseId> {
        let with_tag = || self.cases.values().filter(|case| case.tag == Some(tag));
        let reports = || with_tag().filter(|case| !case.waiting);
        let after = reports()
            .filter(|case| case.arrival > arrival)
            .min_by_key(|case| case.arrival);
        let before = reports()
            .filter(|case| case.arrival <= arrival)
            .max_by_key(|case| case.arrival);
        before.or(after).or_else(|| with_tag().next()).map(|case| case.id)
    }

    fn apply_kiosk(&mut self, public_key: [u8; 32], token: [u8; 32], enrolled: Timestamp) {
        let id = KioskId::of_public_key(&public_key);
        self.tokens.remove(&token);
        self.spent.insert(token, id);
        if let Ok(key) = VerifyingKey::from_bytes(&public_key) {
            self.kiosks.entry(id).or_insert_with(|| Kiosk::new(key, enrolled));
        }
    }

    fn apply_note(&mut self, sequence: u64, sealed: Vec<u8>) {
        if let Ok(sealed) = <[u8; STATUS_NOTE_BYTES]>::try_from(sealed) {
            self.notes.insert(sequence, Box::new(sealed));
        }
        if self.notes.len() > NOTES_KEPT_MOST {
            self.notes.pop_first();
        }
    }

    fn apply_envelope(&mut self, facts: EnvelopeFacts) {
        let known = Known {
            arrival: facts.arrival,
            kiosk: facts.kiosk,
            news: facts.slip.as_ref().map(|(slip, _)| slip.news),
        };
        self.envelopes.insert(facts.id, known);
        if let Some(kiosk) = self.kiosks.get_mut(&facts.kiosk) {
            kiosk.heard(facts.arrival);
            if let Some((slip, _)) = &facts.slip {
                let contact = if facts.live { Contact::Live } else { Contact::Waited };
                kiosk.clocks.note(slip.clock, facts.arrival, contact);
                kiosk.feels(slip.health, slip.counter);
                kiosk.news = further(kiosk.news, slip.news);
            }
        }
        match makes(&facts) {
            Makes::Nothing => {}
            Makes::Alarm | Makes::Report => self.open_case(&facts),
            Makes::Addition(tag) => self.join(&facts, tag),
        }
    }

    fn open_case(&mut self, facts: &EnvelopeFacts) {
        let mut case = new_case(facts);
        let waiting = |other: &Case| other.waiting && other.tag.is_some() && other.tag == case.tag;
        let joins: Vec<CaseId> = self
            .cases
            .values()
            .filter(|other| waiting(other))
            .map(|other| other.id)
            .collect();
        for id in joins {
            if let Some(other) = self.cases.remove(&id) {
                case.take_over(other);
                self.joined.insert(id, case.id);
            }
        }
        self.cases.insert(case.id, case);
    }

    fn join(&mut self, facts: &EnvelopeFacts, tag: [u8; 16]) {
        let home = Some(facts.case)
            .filter(|case| self.cases.contains_key(case))
            .or_else(|| self.case_of_tag(tag, facts.arrival));
        match home.and_then(|home| self.cases.get_mut(&home)) {
            Some(case) => {
                case.parts.push(Part::of(facts, false));
                if case.id != facts.case {
                    // It waited under an id of its own; what was done with it names that one.
                    self.joined.insert(facts.case, case.id);
                }
            }
            None => _ = self.cases.insert(facts.case, new_case(facts)),
        }
    }
}

/// What an envelope does to cases.
pub(crate) enum Makes {
    /// A sign of life.
    Nothing,
    /// A report.
    Report,
    /// Something under a reference code.
    Addition([u8; 16]),
    /// Nobody knows: somebody must look.
    Alarm,
}

/// What an envelope does to cases, by its slip.
pub(crate) fn makes(facts: &EnvelopeFacts) -> Makes {
    let Some((slip, _)) = &facts.slip else {
        return Makes::Alarm;
    };
    match (slip.kind, slip.tag) {
        (Kind::Report, _) => Makes::Report,
        (Kind::Reply | Kind::Diary | Kind::Hold | Kind::Release, Some(tag)) => Makes::Addition(tag),
        (Kind::Reply | Kind::Diary | Kind::Hold | Kind::Release, None) => Makes::Alarm,
        (Kind::Survey | Kind::Heartbeat | Kind::Canary, _) => Makes::Nothing,
    }
}

fn new_case(facts: &EnvelopeFacts) -> Case {
    let slip = facts.slip.as_ref().map(|(slip, _)| slip);
    let alarm = matches!(makes(facts), Makes::Alarm);
    Case {
        id: facts.case,
        // What cannot be sorted goes to the people who depend on nobody in the landlord's line.
        lane: slip.and_then(|slip| slip.lane).unwrap_or(Lane::Conduct),
        urgent: alarm || slip.is_some_and(|slip| slip.flags.iter().copied().any(Flag::is_red)),
        alarm,
        waiting: matches!(makes(facts), Makes::Addition(_)),
        tag: slip.and_then(|slip| slip.tag),
        inbox: slip.and_then(|slip| slip.inbox),
        exclusions: slip.map(|slip| slip.exclusions.clone()).unwrap_or_default(),
        excluded: BTreeSet::new(),
        arrival: facts.arrival,
        first_due: facts.due,
        first_opened: None,
        parts: vec![Part::of(facts, !matches!(makes(facts), Makes::Addition(_)))],
        given_to: BTreeMap::new(),
    }
}

/// The further of two cursors, each part by itself.
fn further(one: NewsCursor, other: NewsCursor) -> NewsCursor {
    let (pending_sequence, pending_bytes) =
        (one.pending_sequence, one.pending_bytes).max((other.pending_sequence, other.pending_bytes));
    NewsCursor {
        notes: one.notes.max(other.notes),
        bundle_sequence: one.bundle_sequence.max(other.bundle_sequence),
        pending_sequence,
        pending_bytes,
    }
}

/// Tokens and people, then kiosks, then reports, then what joins them, then what was done with them; each by time.
fn rank(record: &Record) -> (u8, Timestamp) {
    match record {
        Record::Token { made, .. } => (0, *made),
        Record::Staff(person) => (0, person.added),
        Record::Bundle { published, .. } => (0, *published),
        Record::Note { .. } => (0, Timestamp(0)),
        Record::Kiosk { enrolled, .. } => (1, *enrolled),
        Record::Envelope(facts) => match makes(facts) {
            Makes::Report | Makes::Alarm | Makes::Nothing => (2, facts.arrival),
            Makes::Addition(_) => (3, facts.arrival),
        },
        Record::Exclusion { at, .. } | Record::Access { at, .. } => (4, *at),
    }
}
