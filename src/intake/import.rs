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
use super::triage::{self, Page};
use crate::id::{EnvelopeId, KioskId};
use crate::limits::ENVELOPE_BYTES;
use crate::wire::v1::NewsCursor;
use crate::wire::{Verdict, envelope_id};

/// Envelope files end in this; acknowledgement pages in `.ack`.
const ENVELOPE_EXTENSION: &str = "envelope";
/// Envelopes in one transaction: short, so that a server beside it goes on answering.
const GROUP_MOST: usize = 64;

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
    let envelopes: Vec<_> = read_all(from, &mut done)?.into_iter().collect();
    // The furthest that any slip of the stick says: a kiosk has read at least that.
    let mut stand: BTreeMap<KioskId, NewsCursor> = BTreeMap::new();
    let mut answers = Vec::with_capacity(envelopes.len());
    for group in envelopes.chunks(GROUP_MOST) {
        answers.extend(store.transact(|work| take(work, group))?);
    }
    let mut accepted = Vec::with_capacity(answers.len());
    for (id, answer) in answers {
        let Some(answer) = answer else {
            done.bad.push(id.to_string());
            continue;
        };
        match (answer.verdict, answer.fresh) {
            (Verdict::Refused(_), _) => done.refused += 1,
            (Verdict::Acknowledged, true) => done.fresh += 1,
            (Verdict::Acknowledged, false) => done.known += 1,
        }
        let furthest = stand.entry(answer.kiosk).or_insert(answer.news);
        if further(&answer.news) > further(furthest) {
            *furthest = answer.news;
        }
        accepted.push(answer);
    }
    for group in accepted.chunks(GROUP_MOST) {
        for (id, page) in store.transact(|work| pages(work, group, &mut stand))? {
            replace(from, &format!("{id}.ack"), &page[..])?;
        }
    }
    sync_folder(from)?;
    store.close();
    Ok(done)
}

type Taken = (EnvelopeId, Option<triage::Answer>);

fn take(work: &mut Work<'_>, group: &[(EnvelopeId, Page)]) -> Vec<Taken> {
    let taken = group
        .iter()
        .map(|(id, bytes)| (*id, triage::receive(work, *id, bytes).ok()));
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

/// Envelopes by digest, so that the same one under two names counts once.
fn read_all(from: &Path, done: &mut Imported) -> Result<BTreeMap<EnvelopeId, Page>, IntakeError> {
    let mut envelopes = BTreeMap::new();
    for entry in fs::read_dir(from).map_err(|_| IntakeError::Unreadable)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != ENVELOPE_EXTENSION) {
            continue;
        }
        match read_one(&path) {
            Some(bytes) => _ = envelopes.insert(envelope_id(&bytes[..]), bytes),
            None => done.bad.push(name(path)),
        }
    }
    done.bad.sort();
    Ok(envelopes)
}

fn read_one(path: &Path) -> Option<Page> {
    let most = u64::try_from(ENVELOPE_BYTES + 1).ok()?;
    let mut bytes = Vec::with_capacity(ENVELOPE_BYTES + 1);
    fs::File::open(path).ok()?.take(most).read_to_end(&mut bytes).ok()?;
    bytes.into_boxed_slice().try_into().ok()
}

fn name(path: PathBuf) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
