//! Carriage by hand, both ways: sealed envelopes out to a folder (a stick), acknowledgements and news back.
//!
//! `export` reads the spool and needs no lock, so it works beside a running kiosk. It always writes a multiple of 64
//! envelopes, filled up with fresh heartbeats: whoever carries them learns nothing from how many there are. Nothing is
//! erased by an export; `import` erases what a signed acknowledgement covers, and nothing else.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;

use super::clock::Clock;
use super::config::Config;
use super::error::KioskError;
use super::news::{EXPORTS, IMPORTS, count_up};
use super::settings_in_use::InUse;
use super::store::{Beside, Spool, Store, StoreError};
use super::worker::Worker;
use crate::form::Band;
use crate::id::EnvelopeId;
use crate::limits::{ENVELOPE_BYTES, EXPORT_MULTIPLE};
use crate::seal::{self, Destination, SealingKeys};
use crate::time::ClockReading;
use crate::wire::v1::{Content, Health, Kind, NewsCursor, RoutingSlip};
use crate::wire::{Anchor, Envelope, Verdict, envelope_id, read_page};

/// How an exported envelope's file name ends.
pub(super) const ENVELOPE_ENDING: &str = "envelope";
/// How an acknowledgement's file name ends.
pub(super) const ANSWER_ENDING: &str = "ack";

/// What an export wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exported {
    /// Envelopes in the folder now; always a multiple of 64.
    pub envelopes: usize,
}

/// What an import took in. No count of reports: answers to heartbeats count alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Imported {
    /// Answers that were signed by the intake.
    pub answers: usize,
    /// Files that were not.
    pub strange: usize,
}

/// Writes every queued envelope and fills up with heartbeats.
pub fn export(config: &Config, to: &Path) -> Result<Exported, KioskError> {
    fs::create_dir_all(to).map_err(|_| cannot_write())?;
    let ids = Spool::at(&config.places.spool).ids().map_err(|_| {
        KioskError::Input("there is no spool here: check --data, and that the kiosk is enrolled".into())
    })?;
    let mut written = 0;
    let spool = Spool::at(&config.places.spool);
    for id in ids {
        // Erased since we looked: acknowledged meanwhile.
        let Ok(Some(bytes)) = spool.read(&id) else { continue };
        write_whole(to, &id, &bytes)?;
        written += 1;
    }
    let fill = EXPORT_MULTIPLE - written % EXPORT_MULTIPLE;
    let fill = if written > 0 && fill == EXPORT_MULTIPLE {
        0
    } else {
        fill
    };
    for heartbeat in heartbeats(config, fill)? {
        write_whole(to, &heartbeat.id(), heartbeat.bytes())?;
    }
    sync_folder(to)?;
    Ok(Exported {
        envelopes: written + fill,
    })
}

/// Heartbeats to fill up with: with the store when nobody holds it, and beside it otherwise.
fn heartbeats(config: &Config, count: usize) -> Result<Vec<Envelope>, KioskError> {
    match Store::open(&config.places) {
        Ok((mut store, _)) => {
            let boot = store.next_boot()?;
            count_up(&mut store, EXPORTS)?;
            let mut worker = Worker::new(store)?;
            let clock = Clock::start(boot);
            let seal = |_| worker.heartbeat(clock.now().clock, 0).map_err(|_| cannot_seal());
            (0..count).map(seal).collect()
        }
        Err(StoreError::Busy) => beside(config, count),
        Err(why) => Err(why.into()),
    }
}

/// Beside a running kiosk: uncounted, and asking for the news from the beginning, since the cursor is in the store.
fn beside(config: &Config, count: usize) -> Result<Vec<Envelope>, KioskError> {
    let kept = Beside::read(&config.places.spool).ok_or(super::settings_in_use::NotUsable::NotEnrolled)?;
    let anchor = Anchor::parse(&kept.anchor).map_err(|_| super::settings_in_use::NotUsable::Anchor)?;
    let in_use = InUse::new(anchor, SealingKeys::from_seed(&kept.device_seed), &kept.bundle)?;
    let clock = Clock::start(0);
    let slip = |clock: ClockReading| RoutingSlip {
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
    };
    let seal = |_| {
        let slip = slip(clock.now().clock);
        seal::seal(
            &in_use.keys,
            &in_use.bundle,
            &slip,
            Content::Nothing,
            Destination::Nobody,
        )
        .map_err(|_| cannot_seal())
    };
    (0..count).map(seal).collect()
}

/// Temporary name, synced, renamed, read again: a stick that lies is found out while somebody stands there.
fn write_whole(folder: &Path, id: &EnvelopeId, bytes: &[u8]) -> Result<(), KioskError> {
    let part = folder.join(format!("{id}.part"));
    let whole = folder.join(format!("{id}.{ENVELOPE_ENDING}"));
    let write = || -> std::io::Result<Vec<u8>> {
        let mut file = File::create(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&part, &whole)?;
        fs::read(&whole)
    };
    let again = write().map_err(|_| cannot_write())?;
    if envelope_id(&again) == *id {
        Ok(())
    } else {
        Err(cannot_write())
    }
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
pub fn import(worker: &mut Worker, clock: Clock, from: &Path) -> Result<Imported, KioskError> {
    let unreadable = |_| KioskError::Input("the folder cannot be read: check --from".into());
    let mut pages = Vec::new();
    let mut imported = Imported::default();
    for entry in fs::read_dir(from).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().and_then(|ending| ending.to_str()) != Some(ANSWER_ENDING) {
            continue;
        }
        match read_answer(&path, worker) {
            Some(page) => pages.push(page),
            None => imported.strange += 1,
        }
    }
    // Notes and pieces of a bundle fit together in the order in which the intake gave them out.
    pages.sort_by_key(|page| (page.news.bundle_sequence, page.news.piece_offset, page.news.cursor));
    for page in &pages {
        let queued = worker.store_mut().read(&page.id)?.is_some();
        match page.verdict {
            Verdict::Acknowledged if queued => {
                worker.settle(page.id, &page.proof, clock.now().clock.wall);
            }
            Verdict::Refused(_) if queued => {
                worker.refuse(page.id);
            }
            _ => {}
        }
        worker.heard_from_intake(page.news.now);
        worker.take_news(&page.news);
        imported.answers += 1;
    }
    count_up(worker.store_mut(), IMPORTS)?;
    worker.store_mut().checkpoint()?;
    Ok(imported)
}

fn read_answer(path: &Path, worker: &Worker) -> Option<crate::wire::AnswerPage> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(ENVELOPE_BYTES + 1).ok()?;
    File::open(path).ok()?.take(limit).read_to_end(&mut bytes).ok()?;
    read_page(&bytes, &worker.in_use().acknowledgement_key).ok()
}
