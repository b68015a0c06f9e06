//! What a person reads who comes back with a code: how far it is, what is promised next, and what became of what they added.
//!
//! Called by the front and by `reading`, on whose page it is drawn. It opens no message by itself (SAFETY 20).

use heard_ui::Screen;
use slint::Model;

use super::front::{Front, Local, State, filled_in};
use super::reading::{Words, put, ring};
use super::words_in::all;
use crate::machine::{Added, Press, ReturnView};

/// What the way at the place does: a press for the machine, or a page of the screen's own.
pub(super) fn take_way(found: &ReturnView, way: usize) -> (Option<Press>, Option<Local>) {
    match (way, latest_message(found)) {
        (0, Some(note)) => (Some(Press::ShowNote(note)), None),
        _ => (None, Some(Local::AddOrAsk)),
    }
}

/// The newest note, when it has a message that is still closed.
fn latest_message(found: &ReturnView) -> Option<usize> {
    let last = found.notes.len().checked_sub(1)?;
    (!found.notes[last].words.is_empty() && found.shown != Some(last)).then_some(last)
}

/// What became of something that was added.
pub(super) fn words_of(front: &Front, added: Added) -> String {
    let said = front.phrases().get_returning();
    let word = |at: usize| said.row_data(at).map(String::from).unwrap_or_default();
    match added {
        Added::Saving(_) => word(10),
        Added::Kept(_) => word(8),
        Added::Trouble(_) => filled_in(&word(9), &[ring(front)]),
    }
}

/// What a code opens; messages stay closed until they are asked for (SAFETY 20).
pub(super) fn fill(front: &Front, state: &mut State, found: &ReturnView) -> Screen {
    let said = all(&front.phrases().get_returning());
    let word = |at: usize| said.get(at).cloned().unwrap_or_default();
    let zone = &front.place.site.zone;
    let mut paragraphs = Vec::new();
    paragraphs.extend(found.added.map(|added| words_of(front, added)));
    let mut title = word(0);
    if let Some(note) = found.notes.last() {
        if note.apology {
            paragraphs.push(word(5));
        }
        paragraphs.push(format!("{}. {}", note.written.day(zone), note.stage.public_words()));
        if let Some(by) = note.promised {
            paragraphs.push(filled_in(&word(6), &[&note.promise, &by.weekday_and_time(zone)]));
        }
        if !note.caseworker.is_empty() {
            paragraphs.push(filled_in(&word(7), &[&note.caseworker]));
        }
        if found.shown == Some(found.notes.len() - 1) {
            paragraphs.extend(note.words.lines().map(String::from));
        }
    } else {
        let nothing = all(&front.phrases().get_nothing_new());
        title = nothing.first().cloned().unwrap_or_default();
        paragraphs.extend(nothing.into_iter().skip(1));
    }
    let busy = matches!(found.added, Some(Added::Saving(_)));
    let mut ways = Vec::new();
    if latest_message(found).is_some() {
        ways.push(word(1));
    }
    if !busy {
        ways.push(word(11));
    }
    let words = Words {
        title,
        paragraphs,
        ways,
        go: front.phrases().get_finish(),
        ..Words::default()
    };
    put(front, state, words)
}
