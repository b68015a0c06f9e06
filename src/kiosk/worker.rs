//! The store thread's work: everything that seals, reads or writes, one request at a time.
//!
//! Owns the only store, the kiosk's keys and the bundle in use. The run loop sends it what the machine asks for; commands
//! without a screen call it directly. Words live here between a request and its envelope and are wiped with the request.

use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::courier::Parcel;
use super::settings_in_use::{InUse, NotUsable};
use super::store::{Kept, Store, StoreError};
use crate::form::FormDefinition;
use crate::id::{EnvelopeId, FormDigest};
use crate::limits::{ENVELOPE_BYTES, OUTBOX_WINDOW};
use crate::machine::{AdditionRequest, Copies, FileRequest, Input, ReportRequest, Subject};
use crate::mailbox::ReferenceCode;
use crate::pinned::RELEASED;
use crate::seal::{self, Destination, SealError};
use crate::time::{ClockReading, Timestamp};
use crate::wire::v1::{Content, Health, Kind, NewsCursor, RoutingSlip, SealedAddition};
use crate::wire::{Envelope, News, PROOF_BYTES, code_report};

/// A later answer than this many seconds after the remembered one is worth two more syncs.
const HEARD_STEP_SECONDS: i64 = 60;

/// Setting that says that something was set aside.
const SET_ASIDE: &str = "set-aside";

/// Why nothing was kept.
#[derive(Debug)]
pub enum KeepError {
    /// It could not be sealed.
    Seal(SealError),
    /// It could not be made durable.
    Store(StoreError),
    /// It was filled in with a form that this worker never had.
    UnknownForm,
}

impl From<SealError> for KeepError {
    fn from(why: SealError) -> Self {
        Self::Seal(why)
    }
}

impl From<StoreError> for KeepError {
    fn from(why: StoreError) -> Self {
        Self::Store(why)
    }
}

/// The store with the keys to seal.
pub struct Worker {
    store: Store,
    in_use: InUse,
    /// Forms that newer bundles have replaced in this run: somebody may still be filling one in.
    earlier_forms: Vec<Arc<FormDefinition>>,
    pending: Option<super::news::PendingBundle>,
    /// Where the last window on the queue ended, among the kept envelopes and among the fillers.
    window_end: [Option<EnvelopeId>; 2],
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Worker({})", self.in_use.keys.kiosk)
    }
}

impl Worker {
    /// Reads and verifies what enrolment gave.
    pub fn new(store: Store) -> Result<Self, NotUsable> {
        let in_use = InUse::from_store(&store)?;
        Ok(Self {
            store,
            in_use,
            earlier_forms: Vec::new(),
            pending: None,
            window_end: [None; 2],
        })
    }

    /// Once after the start: forgets old tombstones and tidies what can wait. A failure is met by the next report.
    pub(super) fn look_after_store(&mut self) {
        // By the intake's clock: one on the wall that stands in the future would forget everything.
        if let Some(now) = self.store.last_acknowledged() {
            let _ = self.store.prune_tombstones(now);
        }
        self.store.fillers().tidy();
        let (_, told) = self.store.openings();
        if told.set_aside + told.quarantined > 0 {
            self.note_set_aside();
        }
        let _ = self.store.checkpoint();
    }

    /// The store.
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// The store, to change it.
    pub const fn store_mut(&mut self) -> &mut Store {
        &mut self.store
    }

    /// Anchor, keys, bundle, form.
    pub const fn in_use(&self) -> &InUse {
        &self.in_use
    }

    /// Some of what is queued, from behind the last window and round: one that cannot be read holds up nobody.
    pub fn outbox(&mut self) -> Input {
        let fillers = self.store.fillers().ids();
        let queued = self.store.counts().queued + fillers.len();
        let [kept, filler] = self.window_end;
        let kept = match kept {
            Some(after) => self.store.window_after(&after, OUTBOX_WINDOW),
            None => self.store.window(OUTBOX_WINDOW),
        };
        let start = filler.map_or(0, |after| fillers.partition_point(|id| *id <= after));
        let fillers: Vec<EnvelopeId> = fillers[start..].iter().chain(&fillers[..start]).copied().collect();
        let window: Vec<EnvelopeId> = interleave(&kept, &fillers).take(OUTBOX_WINDOW).collect();
        for (end, ids) in self.window_end.iter_mut().zip([&kept, &fillers]) {
            *end = window.iter().rev().find(|id| ids.contains(id)).copied().or(*end);
        }
        Input::Outbox { window, queued }
    }

    /// All that is queued, fillers too.
    pub(super) fn queue(&self) -> Vec<EnvelopeId> {
        let kept = self.store.window(self.store.counts().queued);
        interleave(&kept, &self.store.fillers().ids()).collect()
    }

    /// Keys of a new code.
    pub fn derive(&self, session: u32, code: &ReferenceCode) -> Input {
        match seal::derive(code, &self.in_use.anchor.salt, self.in_use.anchor.cost) {
            Ok(keys) => Input::Derived {
                session,
                tag: keys.tag,
                inbox: keys.inbox_recipient().0,
                reply_secret: Box::new(Zeroizing::new(*keys.reply.bytes())),
            },
            Err(_) => Input::NotDerived { session },
        }
    }

    /// Seals and makes durable.
    pub fn file(&mut self, request: &FileRequest) -> Input {
        let session = request.session;
        let kept = match &request.subject {
            Subject::Report(report) => self.keep_report(report),
            Subject::Addition(addition) => self.keep_addition(addition),
        };
        match kept {
            Ok((envelope, copies)) => Input::Filed {
                session,
                envelope,
                copies,
            },
            Err(_) => {
                // Says neither what was to be kept nor why: a log is read in the office.
                tracing::warn!("the store could not write something down");
                Input::NotFiled { session }
            }
        }
    }

    fn keep_report(&mut self, request: &ReportRequest) -> Result<(EnvelopeId, Copies), KeepError> {
        let routing = &request.routing;
        let slip = RoutingSlip {
            kind: Kind::Report,
            lane: Some(routing.lane),
            band: routing.band,
            flags: routing.flags.clone(),
            clock: request.report.clock,
            tag: request.mailbox.map(|(tag, _)| tag.0),
            inbox: request.mailbox.map(|(_, inbox)| inbox),
            exclusions: routing.exclusions.clone(),
            ..self.slip(Kind::Report, request.report.clock, 0)?
        };
        let form = self
            .form_of(&request.report.form_digest)
            .ok_or(KeepError::UnknownForm)?;
        let content = Content::Report(code_report(&request.report, &form));
        self.keep(&self.seal(&slip, content, Destination::Lane(routing.lane))?)
    }

    /// The form that a report was filled in with, which a bundle may have replaced meanwhile.
    fn form_of(&self, digest: &FormDigest) -> Option<Arc<FormDefinition>> {
        let mut forms = std::iter::once(&self.in_use.form).chain(&self.earlier_forms);
        forms.find(|form| form.digest == *digest).cloned()
    }

    fn keep_addition(&mut self, request: &AdditionRequest) -> Result<(EnvelopeId, Copies), KeepError> {
        let anchor = &self.in_use.anchor;
        let keys = seal::derive(&request.code, &anchor.salt, anchor.cost).map_err(|_| SealError::Age)?;
        let mut slip = self.slip(Kind::Reply, request.clock, 0)?;
        slip.tag = Some(keys.tag.0);
        slip.inbox = Some(keys.inbox_recipient().0);
        let content = Content::Addition(SealedAddition {
            uuid: request.uuid,
            language: request.language.clone(),
            clock: request.clock,
            kind: request.kind,
            words: (*request.words).clone(),
        });
        self.keep(&self.seal(&slip, content, Destination::Reply(keys.reply_recipient()))?)
    }

    fn keep(&mut self, envelope: &Envelope) -> Result<(EnvelopeId, Copies), KeepError> {
        let id = envelope.id();
        let copies = match self.store.keep(&id, envelope.bytes())? {
            Kept::Both | Kept::AlreadyDelivered => Copies::Both,
            Kept::DatabaseOnly | Kept::SpoolOnly => Copies::One,
        };
        Ok((id, copies))
    }

    /// A sealed heartbeat. It is sent and forgotten: the next one says the same.
    pub fn heartbeat(&mut self, clock: ClockReading, faults: u32) -> Result<Envelope, KeepError> {
        let slip = self.slip(Kind::Heartbeat, clock, faults)?;
        Ok(self.seal(&slip, Content::Nothing, Destination::Nobody)?)
    }

    fn seal(&self, slip: &RoutingSlip, content: Content, destination: Destination) -> Result<Envelope, SealError> {
        seal::seal(&self.in_use.keys, &self.in_use.bundle, slip, content, destination)
    }

    /// A slip with everything that is the same for every kind.
    fn slip(&mut self, kind: Kind, clock: ClockReading, faults: u32) -> Result<RoutingSlip, StoreError> {
        let free = self.store.capacity().free_bytes / 1_048_576;
        let count = |key| super::news::count(&self.store, key);
        let pending = self.pending.as_ref();
        let news = NewsCursor {
            notes: self.store.cursor().unwrap_or(0),
            bundle_sequence: self.in_use.bundle.sequence,
            pending_sequence: pending.map_or(0, |pending| pending.sequence),
            pending_bytes: pending.map_or(0, |pending| u32::try_from(pending.bytes.len()).unwrap_or(0)),
        };
        let health = Health {
            faults,
            free_megabytes: u32::try_from(free).unwrap_or(u32::MAX),
            exports: count(super::news::EXPORTS).saturating_add(self.store.fillers().exports_beside()),
            imports: count(super::news::IMPORTS),
        };
        let counter = match kind {
            // What is only sent must be counted durably before it leaves.
            Kind::Heartbeat => self.store.next_counter()?,
            _ => self.store.take_counter()?,
        };
        Ok(RoutingSlip {
            kind,
            lane: None,
            band: crate::form::Band::Standard,
            flags: Vec::new(),
            clock,
            tag: None,
            inbox: None,
            exclusions: Vec::new(),
            counter,
            news,
            health,
        })
    }

    /// A parcel of a queued envelope; none when neither copy can be read.
    pub fn parcel(&mut self, id: EnvelopeId) -> Option<Parcel> {
        let bytes = match self.store.read(&id) {
            Ok(None) => self.read_filler(&id)?,
            kept => kept.ok()??,
        };
        Some(Parcel {
            queued: Some(id),
            id,
            bytes,
            signed_by: self.in_use.acknowledgement_key,
        })
    }

    /// A filler's bytes. A damaged one goes, so that it is not offered for ever: nothing rests on it.
    fn read_filler(&mut self, id: &EnvelopeId) -> Option<Box<[u8; ENVELOPE_BYTES]>> {
        let fillers = self.store.fillers();
        let bytes = fillers.read(id);
        if bytes.is_none() && fillers.remove(id) == Ok(true) {
            self.note_set_aside();
        }
        bytes
    }

    /// A parcel of an envelope that is not queued.
    pub fn unqueued_parcel(&self, envelope: &Envelope) -> Parcel {
        Parcel {
            queued: None,
            id: envelope.id(),
            bytes: Box::new(*envelope.bytes()),
            signed_by: self.in_use.acknowledgement_key,
        }
    }

    /// A filler only goes. Otherwise: erases both copies and keeps the proof, dated by the intake's clock: the one on the wall may never have been set.
    pub fn settle(&mut self, id: EnvelopeId, proof: &[u8; PROOF_BYTES]) -> Input {
        if let Some(settled) = self.drop_filler(id) {
            return settled;
        }
        let now = self.store.last_acknowledged().unwrap_or(RELEASED);
        let durable = self.store.delivered(&id, proof, now).is_ok();
        Input::Settled { envelope: id, durable }
    }

    /// Remembers that something was set aside here, whatever it was. The fault must not point at a report, so refused
    /// heartbeats and damaged fillers raise it as well; it stays until somebody has looked.
    pub(super) fn note_set_aside(&mut self) {
        if self.store.setting(SET_ASIDE).is_none() && self.store.set_setting(SET_ASIDE, &[1]).is_err() {
            tracing::warn!("the store could not write something down");
        }
    }

    /// Whether anything was refused, damaged or set aside here: an envelope of any kind.
    pub fn is_something_set_aside(&self) -> bool {
        let counts = self.store.counts();
        counts.refused + counts.quarantined > 0 || self.store.setting(SET_ASIDE).is_some()
    }

    /// Removes a filler that was answered; `None` when it is none.
    fn drop_filler(&self, id: EnvelopeId) -> Option<Input> {
        let durable = match self.store.fillers().remove(&id) {
            Ok(false) => return None,
            Ok(true) => true,
            Err(_) => false,
        };
        Some(Input::Settled { envelope: id, durable })
    }

    /// Keeps it for a person to look at; a filler only goes.
    pub fn refuse(&mut self, id: EnvelopeId) -> Input {
        self.note_set_aside();
        if let Some(settled) = self.drop_filler(id) {
            return settled;
        }
        Input::Settled {
            envelope: id,
            durable: self.store.refused(&id).is_ok(),
        }
    }

    /// Keeps notes and pieces of a newer bundle; a complete one is verified, kept and used from now on.
    pub fn take_news(&mut self, news: &News) -> Input {
        let form = Arc::clone(&self.in_use.form);
        let durable = super::news::take(&mut self.store, &mut self.in_use, &mut self.pending, news).is_ok();
        if self.in_use.form.digest != form.digest {
            self.earlier_forms.push(form);
        }
        Input::NewsTaken { durable }
    }

    /// Remembers when the intake last said something signed, by its own clock, to the minute.
    pub fn heard_from_intake(&mut self, at: Timestamp) {
        let known = self.store.last_acknowledged();
        if known.is_some_and(|known| at.0 < known.0.saturating_add(HEARD_STEP_SECONDS)) {
            return;
        }
        // Losing this costs at most an honest "we have not heard": the next answer brings it again.
        let _ = self.store.set_last_acknowledged(at);
    }

    /// Notes that the code opens, oldest first.
    pub fn read_notes(&self, session: u32, code: &ReferenceCode) -> Input {
        let mut notes = Vec::new();
        if let Ok(keys) = seal::derive(code, &self.in_use.anchor.salt, self.in_use.anchor.cost) {
            let tried = self.store.visit_notes(|_, bytes| {
                if let Ok(note) = seal::open_note(bytes, &keys.inbox) {
                    notes.push(note);
                }
                ControlFlow::Continue(())
            });
            // A note that cannot be read now is shown the next time; what was found is shown.
            let _ = tried;
        }
        notes.reverse();
        Input::Notes { session, notes }
    }
}

/// One of each in turn: a link that comes back for a moment takes as many fillers as reports with it, and no report waits
/// behind more than one filler.
fn interleave<'a>(kept: &'a [EnvelopeId], fillers: &'a [EnvelopeId]) -> impl Iterator<Item = EnvelopeId> + 'a {
    let both = 0..kept.len().max(fillers.len());
    both.flat_map(|place| [kept.get(place), fillers.get(place)])
        .flatten()
        .copied()
}
