//! What an answer carries besides its verdict: status notes and a piece of a newer bundle, from where the kiosk stands.

use super::ledger::Ledger;
use super::store::BundleOnHand;
use crate::limits::NOTES_PER_ANSWER_MOST;
use crate::time::Timestamp;
use crate::wire::News;
use crate::wire::v1::NewsCursor;

/// The news after `cursor`, and where the kiosk stands once it has read them.
pub(crate) fn since(
    ledger: &Ledger,
    bundle: Option<&BundleOnHand>,
    cursor: NewsCursor,
    now: Timestamp,
) -> (News, NewsCursor) {
    let mut after = cursor;
    let mut fresh = ledger
        .notes
        .range((std::ops::Bound::Excluded(cursor.notes), std::ops::Bound::Unbounded));
    let notes: Vec<_> = fresh
        .by_ref()
        .take(NOTES_PER_ANSWER_MOST)
        .map(|(sequence, note)| (*sequence, note.clone()))
        .collect();
    after.notes = notes.last().map_or(cursor.notes, |(sequence, _)| *sequence);
    let mut news = News {
        now,
        cursor: after.notes,
        more: fresh.next().is_some(),
        notes,
        ..News::default()
    };
    if let Some(bundle) = bundle.filter(|bundle| bundle.sequence > cursor.bundle_sequence) {
        add_piece(&mut news, bundle, &mut after);
    }
    (news, after)
}

/// Continues where the kiosk is with this bundle, or starts it.
fn add_piece(news: &mut News, bundle: &BundleOnHand, after: &mut NewsCursor) {
    let whole = u32::try_from(bundle.bytes.len()).unwrap_or(u32::MAX);
    let offset = if after.pending_sequence == bundle.sequence {
        after.pending_bytes.min(whole)
    } else {
        0
    };
    let rest = usize::try_from(offset)
        .ok()
        .and_then(|offset| bundle.bytes.get(offset..))
        .unwrap_or_default();
    let piece = &rest[..rest.len().min(News::piece_room_bytes(news.notes.len()))];
    if piece.is_empty() {
        // Either notes fill the page, or the kiosk has every byte and has yet to use them.
        news.more |= !rest.is_empty();
        return;
    }
    news.bundle_sequence = bundle.sequence;
    news.piece_offset = offset;
    news.bundle_bytes = whole;
    news.piece = piece.to_vec();
    news.more |= piece.len() < rest.len();
    after.pending_sequence = bundle.sequence;
    after.pending_bytes = offset.saturating_add(u32::try_from(piece.len()).unwrap_or(u32::MAX));
}
