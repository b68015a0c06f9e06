//! Carriage by hand, both ways: sealed envelopes out to a folder (a stick), acknowledgements and news back.
//!
//! `export` reads the spool and needs no lock, so it works beside a running kiosk. It always shows a multiple of 64
//! envelopes, filled up with heartbeats that are kept and come again like the reports: whoever carries them learns nothing
//! from how many there are, nor from which of them are on two sticks. Nothing is erased by an export; `import` erases what
//! a signed acknowledgement covers, and nothing else.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use super::clock::Clock;
use super::config::Config;
use super::error::KioskError;
use super::news::{EXPORTS, IMPORTS, count_up};
use super::settings_in_use::{InUse, NotUsable};
use super::store::{Beside, Fillers, Spool, Store, StoreError};
use super::worker::Worker;
use crate::form::Band;
use crate::id::EnvelopeId;
use crate::limits::{ENVELOPE_BYTES, EXPORT_MULTIPLE};
use crate::machine::Input;
use crate::seal::{self, Destination, SealingKeys};
use crate::time::ClockReading;
use crate::wire::v1::{Content, Health, Kind, NewsCursor, RoutingSlip};
use crate::wire::{Anchor, AnswerPage, Envelope, Verdict, envelope_id, read_page};

/// How an exported envelope's file name ends.
pub(super) const ENVELOPE_ENDING: &str = "envelope";
/// How an acknowledgement's file name ends.
pub(super) const ANSWER_ENDING: &str = "ack";

/// New fillers that every export has at least: between 1 and this, drawn by lot.
const NEW_MOST: usize = 8;

/// Answers that one folder may hold; the rest is for the next time.
const ANSWERS_MOST: usize = 65_536;

/// What an export wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exported {
    /// Envelopes written beside what the folder held; into an empty folder always a multiple of 64, and never none.
    pub envelopes: usize,
}

/// What an import took in. No count of reports: answers to heartbeats count alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Imported {
    /// Answers that were signed by the intake.
    pub answers: usize,
    /// Files that call themselves answers and are not.
    pub strange: usize,
}

/// Shows every queued envelope and every filler of earlier exports, and fills up with new ones, all in the order of their
/// digests: neither names nor times nor places in the folder tell the ones from the others. Files that are there stay as
/// they are.
///
/// New names come with every export, whether a report came or not: a report only takes the place of a new filler.
pub fn export(config: &Config, to: &Path) -> Result<Exported, KioskError> {
    // The folder itself at most: where the way to it is missing, the stick is not in.
    if !to.is_dir() {
        fs::create_dir(to).map_err(|_| cannot_write())?;
    }
    let mut heartbeats = Heartbeats::open(config)?;
    let spool = Spool::at(&config.places.spool);
    let fillers = Fillers::at(&config.places.spool);
    let ids = spool.ids().map_err(|_| {
        KioskError::Input("there is no spool here: check --data, and that the kiosk is enrolled".into())
    })?;
    let known = ids.into_iter().chain(fillers.ids());
    let mut out: BTreeMap<EnvelopeId, Option<Envelope>> = known.map(|id| (id, None)).collect();
    for _ in 0..new_fillers(out.len(), draw()?) {
        let heartbeat = heartbeats.seal_to_keep(&fillers)?;
        out.insert(heartbeat.id(), Some(heartbeat));
    }
    out.retain(|id, _| !is_there(to, id));
    let envelopes = out.len();
    for (id, heartbeat) in out {
        let bytes = match heartbeat {
            Some(heartbeat) => Some(Box::new(*heartbeat.bytes())),
            None => whole(spool.read(&id).ok().flatten()).or_else(|| fillers.read(&id)),
        };
        match bytes {
            Some(bytes) => write_whole(to, &id, &bytes[..])?,
            // Erased since we looked, or damaged.
            None => {
                let instead = heartbeats.seal_to_keep(&fillers)?;
                write_whole(to, &instead.id(), instead.bytes())?;
            }
        }
    }
    sync_folder(to)?;
    Ok(Exported { envelopes })
}

/// New fillers beside `known` envelopes: at least one, and together a multiple of 64.
const fn new_fillers(known: usize, drawn: usize) -> usize {
    let least = known + 1 + drawn % NEW_MOST;
    least.next_multiple_of(EXPORT_MULTIPLE) - known
}

/// A random number.
fn draw() -> Result<usize, KioskError> {
    let drawn = seal::random_array().map_err(|why| KioskError::Later(why.to_string()))?;
    Ok(usize::from(u16::from_le_bytes(drawn)))
}

fn whole(bytes: Option<Vec<u8>>) -> Option<Box<[u8; ENVELOPE_BYTES]>> {
    bytes?.into_boxed_slice().try_into().ok()
}

fn is_there(folder: &Path, id: &EnvelopeId) -> bool {
    let file = folder.join(format!("{id}.{ENVELOPE_ENDING}"));
    read_bounded(&file).is_some_and(|bytes| envelope_id(&bytes) == *id)
}

/// What seals heartbeats to fill up with: the store when nobody holds it, and what can be read beside it otherwise.
enum Heartbeats {
    Ours(Box<Worker>, Clock),
    Beside(Box<InUse>, Clock),
}

impl Heartbeats {
    fn open(config: &Config) -> Result<Self, KioskError> {
        match Store::open(&config.places) {
            Ok((mut store, _)) => {
                let clock = Clock::start(store.next_boot()?, store.last_acknowledged());
                count_up(&mut store, EXPORTS)?;
                Ok(Self::Ours(Box::new(Worker::new(store)?), clock))
            }
            Err(StoreError::Busy) => {
                let kept = Beside::read(&config.places.spool).ok_or(NotUsable::NotEnrolled)?;
                let anchor = Anchor::parse(&kept.anchor).map_err(|_| NotUsable::Anchor)?;
                let in_use = InUse::new(anchor, SealingKeys::from_seed(&kept.device_seed), &kept.bundle)?;
                // Carrying goes on even when it cannot be counted.
                let _ = Fillers::at(&config.places.spool).count_export_beside();
                Ok(Self::Beside(Box::new(in_use), Clock::start(0, kept.last_acknowledged)))
            }
            Err(StoreError::Missing { .. }) => Err(NotUsable::NotEnrolled.into()),
            Err(why) => Err(why.into()),
        }
    }

    /// One that the next export shows again. A stick is filled up even when the disk has no room for that.
    fn seal_to_keep(&mut self, fillers: &Fillers) -> Result<Envelope, KioskError> {
        let heartbeat = self.seal()?;
        if fillers.keep(&heartbeat.id(), heartbeat.bytes(), draw()?).is_err() {
            tracing::warn!("an export could not be remembered: check the spool's partition");
        }
        Ok(heartbeat)
    }

    fn seal(&mut self) -> Result<Envelope, KioskError> {
        match self {
            Self::Ours(worker, clock) => worker.heartbeat(clock.now().clock, 0).map_err(|_| cannot_seal()),
            Self::Beside(in_use, clock) => {
                let slip = slip_beside(in_use, clock.now().clock);
                let sealed = seal::seal(
                    &in_use.keys,
                    &in_use.bundle,
                    &slip,
                    Content::Nothing,
                    Destination::Nobody,
                );
                sealed.map_err(|_| cannot_seal())
            }
        }
    }
}

/// Beside a running kiosk: without a number, and asking for the news from the beginning, since the cursor is in the store.
fn slip_beside(in_use: &InUse, clock: ClockReading) -> RoutingSlip {
    RoutingSlip {
        kind: Kind::Heartbeat,
        lane: None,
        band: Band::Standard,
        flags: Vec::new(),
        clock,
        tag: None,
        inbox: None,
        exclusions: Vec::new(),
        counter: 0,
        news: NewsCursor {
            bundle_sequence: in_use.bundle.sequence,
            ..NewsCursor::default()
        },
        health: Health::default(),
    }
}

/// Temporary name, synced, renamed, read again: a stick that lies is found out while somebody stands there. The temporary
/// file is a new one: a link that somebody laid under its name would lead our bytes elsewhere.
fn write_whole(folder: &Path, id: &EnvelopeId, bytes: &[u8]) -> Result<(), KioskError> {
    let part = folder.join(format!("{id}.part"));
    let whole = folder.join(format!("{id}.{ENVELOPE_ENDING}"));
    let write = || -> std::io::Result<()> {
        let _ = fs::remove_file(&part);
        let mut file = OpenOptions::new().write(true).create_new(true).open(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&part, &whole)
    };
    if write().is_ok() && is_there(folder, id) {
        return Ok(());
    }
    let _ = fs::remove_file(&part);
    Err(cannot_write())
}

fn sync_folder(folder: &Path) -> Result<(), KioskError> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|_| cannot_write())
}

fn cannot_write() -> KioskError {
    KioskError::Later("the folder cannot be written: check that the stick is in and has room, then export again".into())
}

fn cannot_seal() -> KioskError {
    KioskError::Later("the export could not be filled up with heartbeats: try again".into())
}

/// Takes acknowledgements and news in from a folder. Anything else in it is left alone.
///
/// A stick may carry answers to other kiosks as well: their news begin where those kiosks stand, and would leave a gap
/// here. So news are taken only from answers to envelopes of this kiosk, which lie beside them or are known here.
pub fn import(worker: &mut Worker, from: &Path) -> Result<Imported, KioskError> {
    let mut imported = Imported::default();
    let mut answers = Vec::new();
    for path in answer_files(from)? {
        let Some(page) = read_answer(&path, worker) else {
            imported.strange += 1;
            continue;
        };
        // Notes and pieces of a bundle fit together in the order in which the intake gave them out.
        let order = (page.news.bundle_sequence, page.news.piece_offset, page.news.cursor);
        answers.push((order, path));
        imported.answers += 1;
    }
    answers.sort();
    let mut is_durable = true;
    for (_, path) in &answers {
        // Read a second time rather than held: a stick may carry thousands.
        let page = read_answer(path, worker).ok_or_else(pulled_out)?;
        is_durable &= take_page(worker, from, &page);
    }
    count_up(worker.store_mut(), IMPORTS)?;
    worker.store_mut().checkpoint()?;
    if is_durable {
        Ok(imported)
    } else {
        Err(KioskError::Later(
            "not everything could be written down: see `heard-kiosk doctor`, then import again".into(),
        ))
    }
}

/// Whether everything was written down.
fn take_page(worker: &mut Worker, from: &Path, page: &AnswerPage) -> bool {
    // One whose two copies are damaged is still here, and its acknowledgement still counts.
    let is_here = !matches!(worker.store_mut().read(&page.id), Ok(None)) || worker.store().fillers().has(&page.id);
    let is_ours = is_here || worker.store().has_tombstone(&page.id) || is_sealed_here(worker, from, &page.id);
    let settled = match page.verdict {
        Verdict::Acknowledged if is_here => Some(worker.settle(page.id, &page.proof)),
        Verdict::Refused(_) if is_here => Some(worker.refuse(page.id)),
        _ => None,
    };
    if is_ours && matches!(page.verdict, Verdict::Refused(_)) {
        worker.note_set_aside();
    }
    let is_settled = !matches!(settled, Some(Input::Settled { durable: false, .. }));
    if !is_ours {
        return is_settled;
    }
    worker.heard_from_intake(page.news.now);
    matches!(worker.take_news(&page.news), Input::NewsTaken { durable: true }) && is_settled
}

/// Whether the envelope that an answer is for lies beside it and was sealed by this kiosk.
fn is_sealed_here(worker: &Worker, from: &Path, id: &EnvelopeId) -> bool {
    let bytes = read_bounded(&from.join(format!("{id}.{ENVELOPE_ENDING}")));
    let envelope = bytes.and_then(|bytes| Envelope::parse(&bytes).ok());
    let keys = &worker.in_use().keys;
    envelope.is_some_and(|envelope| envelope.id() == *id && envelope.header().kiosk == keys.kiosk)
}

fn answer_files(from: &Path) -> Result<Vec<PathBuf>, KioskError> {
    let listed = fs::read_dir(from).map_err(|_| KioskError::Input("the folder cannot be read: check --from".into()))?;
    let mut files = Vec::new();
    for entry in listed.take(ANSWERS_MOST) {
        let path = entry.map_err(|_| pulled_out())?.path();
        if path.extension().and_then(|ending| ending.to_str()) == Some(ANSWER_ENDING) {
            files.push(path);
        }
    }
    Ok(files)
}

fn pulled_out() -> KioskError {
    KioskError::Later("the folder can no longer be read: check that the stick is in, then import again".into())
}

fn read_answer(path: &Path, worker: &Worker) -> Option<AnswerPage> {
    read_page(&read_bounded(path)?, &worker.in_use().acknowledgement_key).ok()
}

/// At most one byte more than an envelope or an answer has. Only of a file, and of no link to one: the stick is somebody
/// else's, and opening anything but a file may never come back.
fn read_bounded(path: &Path) -> Option<Vec<u8>> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let flags = i32::try_from(flags.bits()).ok()?;
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path).ok()?;
    if !file.metadata().ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::with_capacity(ENVELOPE_BYTES + 1);
    let limit = u64::try_from(ENVELOPE_BYTES + 1).ok()?;
    file.take(limit).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}
