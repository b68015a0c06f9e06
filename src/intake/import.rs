//! Carriage by hand: envelopes from a folder (a stick), answered by pages beside them.
//!
//! The same checks as over HTTP. Pages go out in the order of their names, and the news of each kiosk continue from page
//! to page, so that one stick brings many notes and pieces of a bundle. Running twice is harmless.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::error::IntakeError;
use super::folder::{replace, sync_folder};
use super::store::{Store, Work};
use super::triage::{self, Page, Way};
use crate::id::{EnvelopeId, KioskId};
use crate::limits::ENVELOPE_BYTES;
use crate::wire::v1::NewsCursor;
use crate::wire::{Verdict, envelope_id};

/// Envelope files end in this; acknowledgement pages in `.ack`.
const ENVELOPE_EXTENSION: &str = "envelope";
/// Envelopes in one transaction: short, so that a server beside it goes on answering.
const GROUP_MOST: usize = 64;

/// Envelope files in one folder: hundreds of kiosks at the most that their outboxes hold.
const FILES_MOST: usize = 100_000;

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Imported {
    /// Envelopes that were not here before.
    pub fresh: usize,
    /// Envelopes that were here already.
    pub known: usize,
    /// Envelopes that were refused, with a signed page.
    pub refused: usize,
    /// Files that are no envelope of a kiosk that is enrolled here, by digest where they could be read, else by file name.
    pub bad: Vec<String>,
}

/// Takes every `*.envelope` in `from` and writes `<id>.ack` beside it.
pub fn import_dir(folder: &Path, from: &Path) -> Result<Imported, IntakeError> {
    let mut store = Store::open(folder)?;
    let mut done = Imported::default();
    let files = envelope_files(from)?;
    let mut answers: BTreeMap<EnvelopeId, triage::Answer> = BTreeMap::new();
    for names in files.chunks(GROUP_MOST) {
        let group = read_group(names, &answers, &mut done);
        for (id, answer) in store.transact(|work| take(work, &group))? {
            match answer {
                Some(answer) => _ = answers.insert(id, answer),
                None => done.bad.push(id.to_string()),
            }
        }
    }
    // The furthest that any slip of the stick says: a kiosk has read at least that.
    let mut stand: BTreeMap<KioskId, NewsCursor> = BTreeMap::new();
    for answer in answers.values() {
        match (answer.verdict, answer.fresh) {
            (Verdict::Refused(_), _) => done.refused += 1,
            (Verdict::Acknowledged, true) => done.fresh += 1,
            (Verdict::Acknowledged, false) => done.known += 1,
        }
        let furthest = stand.entry(answer.kiosk).or_insert(answer.news);
        if further(&answer.news) > further(furthest) {
            *furthest = answer.news;
        }
    }
    let answers: Vec<_> = answers.into_values().collect();
    for group in answers.chunks(GROUP_MOST) {
        for (id, page) in store.transact(|work| pages(work, group, &mut stand))? {
            replace(from, &format!("{id}.ack"), &page[..]).map_err(|_| IntakeError::Stick)?;
        }
    }
    sync_folder(from).map_err(|_| IntakeError::Stick)?;
    store.close();
    done.bad.sort();
    done.bad.dedup();
    Ok(done)
}

type Taken = (EnvelopeId, Option<triage::Answer>);

fn take(work: &mut Work<'_>, group: &BTreeMap<EnvelopeId, Page>) -> Vec<Taken> {
    let taken = group
        .iter()
        .map(|(id, bytes)| (*id, triage::receive(work, *id, bytes, Way::Stick).ok()));
    taken.collect()
}

fn pages(
    work: &mut Work<'_>,
    group: &[triage::Answer],
    stand: &mut BTreeMap<KioskId, NewsCursor>,
) -> Vec<(EnvelopeId, Page)> {
    let mut pages = Vec::with_capacity(group.len());
    for answer in group {
        let cursor = stand.get(&answer.kiosk).copied().unwrap_or(answer.news);
        if let Some((page, after)) = triage::page(work, answer, cursor) {
            stand.insert(answer.kiosk, after);
            pages.push((answer.id, page));
        }
    }
    pages
}

fn further(cursor: &NewsCursor) -> (u32, u32, u32, u64) {
    (
        cursor.bundle_sequence,
        cursor.pending_sequence,
        cursor.pending_bytes,
        cursor.notes,
    )
}

/// Names alone: what a stick holds need not fit into memory.
fn envelope_files(from: &Path) -> Result<Vec<PathBuf>, IntakeError> {
    let mut files = Vec::new();
    for entry in fs::read_dir(from).map_err(|_| IntakeError::Unreadable)? {
        let path = entry.map_err(|_| IntakeError::Unreadable)?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == ENVELOPE_EXTENSION)
        {
            files.push(path);
        }
        if files.len() > FILES_MOST {
            return Err(IntakeError::TooMany);
        }
    }
    files.sort();
    Ok(files)
}

/// Envelopes by digest, so that the same one under two names counts once.
fn read_group(
    files: &[PathBuf],
    answers: &BTreeMap<EnvelopeId, triage::Answer>,
    done: &mut Imported,
) -> BTreeMap<EnvelopeId, Page> {
    let mut group = BTreeMap::new();
    for path in files {
        match read_one(path) {
            Some(bytes) => _ = group.insert(envelope_id(&bytes[..]), bytes),
            None => done.bad.push(name(path)),
        }
    }
    group.retain(|id, _| !answers.contains_key(id));
    group
}

/// Whoever wrote the stick chose what a name leads to: only a file of its own is read, no link and no pipe.
fn read_one(path: &Path) -> Option<Page> {
    if !fs::symlink_metadata(path).ok()?.is_file() {
        return None;
    }
    let most = u64::try_from(ENVELOPE_BYTES + 1).ok()?;
    let mut bytes = Vec::with_capacity(ENVELOPE_BYTES + 1);
    fs::File::open(path).ok()?.take(most).read_to_end(&mut bytes).ok()?;
    bytes.into_boxed_slice().try_into().ok()
}

/// Without what a terminal would obey.
fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.chars()
        .map(|letter| if letter.is_control() { '?' } else { letter })
        .collect()
}
