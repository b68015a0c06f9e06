//! What an answer of the intake carries besides its verdict: status notes to keep, and pieces of a newer bundle.
//!
//! Called by the worker for answers from the network and from a stick alike; pages were verified before. A bundle is used
//! only when it is whole, signed by the root, newer, and its form can be read: until then the old one stays.

use super::settings_in_use::InUse;
use super::store::{Store, StoreError};
use crate::limits::BUNDLE_BYTES_MOST;
use crate::wire::News;

/// Setting that counts exports.
pub(super) const EXPORTS: &str = "exports";
/// Setting that counts imports.
pub(super) const IMPORTS: &str = "imports";

/// A newer bundle on its way. Kept in memory: after a restart it comes again.
#[derive(Debug, Default)]
pub(super) struct PendingBundle {
    /// Its sequence.
    pub sequence: u32,
    /// What is here of it.
    pub bytes: Vec<u8>,
    /// Bytes of the whole.
    whole: usize,
    /// Whole, and not to be used. It stays, so that the intake hears that it is here and does not send it for ever.
    unusable: bool,
}

/// Keeps the news.
pub(super) fn take(
    store: &mut Store,
    in_use: &mut InUse,
    pending: &mut Option<PendingBundle>,
    news: &News,
) -> Result<(), StoreError> {
    let notes: Vec<(u64, &[u8])> = news
        .notes
        .iter()
        .map(|(sequence, bytes)| (*sequence, &bytes[..]))
        .collect();
    if !notes.is_empty() {
        store.add_notes(&notes)?;
    }
    if news.bundle_sequence > in_use.bundle.sequence && !news.piece.is_empty() {
        add_piece(pending, news);
    }
    let Some(begun) = pending.as_mut().filter(|begun| begun.is_new_and_whole()) else {
        return Ok(());
    };
    if use_if_good(store, in_use, begun)? {
        *pending = None;
    } else {
        begun.unusable = true;
    }
    Ok(())
}

impl PendingBundle {
    fn is_new_and_whole(&self) -> bool {
        !self.unusable && self.whole > 0 && self.bytes.len() == self.whole
    }
}

/// A piece that does not fit where we are is passed over: the next heartbeat says again how far we are.
fn add_piece(pending: &mut Option<PendingBundle>, news: &News) {
    let whole = usize::try_from(news.bundle_bytes).unwrap_or(usize::MAX);
    let offset = usize::try_from(news.piece_offset).unwrap_or(usize::MAX);
    if whole > BUNDLE_BYTES_MOST {
        return;
    }
    let begun = pending.get_or_insert_default();
    if begun.sequence != news.bundle_sequence || begun.whole != whole {
        *begun = PendingBundle {
            sequence: news.bundle_sequence,
            whole,
            ..PendingBundle::default()
        };
    }
    if offset == begun.bytes.len() && news.piece.len() <= whole - offset.min(whole) {
        begun.bytes.extend_from_slice(&news.piece);
    }
}

/// Whether it is in use now. An error means that it is good and could not be kept: it is tried again with the next news.
fn use_if_good(store: &mut Store, in_use: &mut InUse, whole: &PendingBundle) -> Result<bool, StoreError> {
    let newer = InUse::new(in_use.anchor.clone(), in_use.keys.clone(), &whole.bytes);
    let Some(newer) = newer
        .ok()
        .filter(|newer| newer.bundle.sequence > in_use.bundle.sequence)
    else {
        tracing::warn!("a newer bundle came that cannot be used; the old one stays");
        return Ok(false);
    };
    store.set_bundle(newer.bundle.sequence, &whole.bytes)?;
    *in_use = newer;
    tracing::info!("a newer bundle is in use");
    Ok(true)
}

/// A counter among the settings.
pub(super) fn count(store: &Store, key: &str) -> u32 {
    let bytes = store.setting(key).and_then(|bytes| bytes.try_into().ok());
    bytes.map_or(0, u32::from_le_bytes)
}

/// One more.
pub(super) fn count_up(store: &mut Store, key: &str) -> Result<(), StoreError> {
    let next = count(store, key).saturating_add(1);
    store.set_setting(key, &next.to_le_bytes())
}
