//! What a person reads who comes back with a code: an apology first, every note, one message at a time, and what became of
//! what they added.
//!
//! Called by the front and by `reading`, on whose page it is drawn. It opens no message by itself (SAFETY 20) and says of
//! an addition only what is so (SAFETY 9).

use heard_ui::Screen;
use slint::Model;

use super::front::{Front, Local, State, filled_in};
use super::reading::{Words, put, ring};
use super::times;
use super::words_in::all;
use crate::machine::{Added, Press, ReturnView};
use crate::mailbox::AdditionKind;
use crate::wire::v1::StatusNote;

/// What the way at the place does: a press for the machine, or a page of the screen's own.
pub(super) fn take_way(found: &ReturnView, way: usize) -> (Option<Press>, Option<Local>) {
    match (way, found.offers) {
        (0, Some(note)) => (Some(Press::ShowNote(note)), None),
        _ => (None, Some(Local::AddOrAsk)),
    }
}

/// What the main button does.
pub(super) const fn go_on(found: &ReturnView) -> Press {
    if found.shown.is_some() {
        Press::CloseAnswers
    } else {
        Press::Done
    }
}

/// What became of something that was added. "Kept" is durable on this screen; nobody has it yet.
pub(super) fn words_of(front: &Front, added: Added) -> String {
    let said = front.phrases().get_added();
    let word = |at: usize| said.row_data(at).map(String::from).unwrap_or_default();
    let ring = ring(front);
    match added {
        Added::Saving(_) => word(0),
        Added::Kept(AdditionKind::CodeMayBeKnown) if ring.is_empty() => word(1),
        Added::Kept(AdditionKind::CodeMayBeKnown) => format!("{} {}", word(1), filled_in(&word(2), &[ring])),
        Added::Kept(AdditionKind::GetInTouch) => word(3),
        Added::Kept(_) => word(4),
        Added::Sent(AdditionKind::CodeMayBeKnown) => word(5),
        Added::Sent(AdditionKind::GetInTouch) => word(6),
        Added::Sent(_) => word(7),
        Added::Trouble(_) => filled_in(&word(8), &[ring]),
    }
}

/// What a code opens; messages stay closed until they are asked for.
pub(super) fn fill(front: &Front, state: &mut State, found: &ReturnView) -> Screen {
    if let Some(note) = found.shown.and_then(|at| found.notes.get(at)) {
        return fill_message(front, state, note);
    }
    let said = all(&front.phrases().get_returning());
    let word = |at: usize| said.get(at).cloned().unwrap_or_default();
    let mut paragraphs: Vec<String> = found.added.map(|added| words_of(front, added)).into_iter().collect();
    let mut title = word(0);
    if found.notes.is_empty() {
        let nothing = all(&front.phrases().get_nothing_new());
        title = nothing.first().cloned().unwrap_or_default();
        paragraphs.extend(nothing.into_iter().skip(1));
    } else {
        paragraphs.extend(told(front, &found.notes));
    }
    let busy = matches!(found.added, Some(Added::Saving(_)));
    let offered = found.offers.and_then(|at| found.notes.get(at));
    let show = offered.map(|note| filled_in(&word(1), &[&times::day(front, note.written)]));
    let words = Words {
        title,
        paragraphs,
        bold: !found.notes.is_empty(),
        ways: show.into_iter().chain((!busy).then(|| word(10))).collect(),
        go: front.phrases().get_finish(),
        ..Words::default()
    };
    put(front, state, words)
}

/// One message, on a page of its own.
fn fill_message(front: &Front, state: &mut State, note: &StatusNote) -> Screen {
    let said = front.phrases().get_returning();
    let word = |at: usize| said.row_data(at).unwrap_or_default();
    let lines = note.words.lines().filter(|line| !line.trim().is_empty());
    let words = Words {
        title: filled_in(&word(1), &[&times::day(front, note.written)]),
        paragraphs: lines.map(String::from).collect(),
        go: word(9),
        ..Words::default()
    };
    put(front, state, words)
}

/// Every note, newest first; before them an apology, whichever note it belongs to, and what happens now (SAFETY 13).
fn told(front: &Front, notes: &[StatusNote]) -> Vec<String> {
    let said = all(&front.phrases().get_returning());
    let word = |at: usize| said.get(at).cloned().unwrap_or_default();
    let promise_of = |sentence: usize, note: &StatusNote| {
        let by = note.promised.map(|by| times::by(front, by))?;
        Some(filled_in(&word(sentence), &[note.promise.trim_end_matches('.'), &by]))
    };
    let is_over = |note: &StatusNote| note.promised.zip(front.time()).is_some_and(|(by, now)| by < now);
    // The newest promise is what comes next; a later note takes the place of an earlier promise.
    let newest = notes.iter().rposition(|note| note.promised.is_some());
    let next = newest.filter(|at| !is_over(&notes[*at]));
    let missed = notes.iter().rposition(|note| note.apology);
    // A promise from before the apology may be the one that was missed.
    let now = next.filter(|next| missed.is_some_and(|missed| *next >= missed));
    let mut paragraphs = Vec::new();
    if missed.is_some() {
        let happens = now.and_then(|at| promise_of(8, &notes[at]));
        let lines: Vec<String> = std::iter::once(word(5)).chain(happens).collect();
        paragraphs.push(lines.join("\n"));
    }
    let mut caseworker = "";
    for (at, note) in notes.iter().enumerate().rev() {
        let mut lines = vec![format!(
            "{}. {}",
            times::day(front, note.written),
            note.stage.public_words()
        )];
        let sentence = if next == Some(at) { 6 } else { 11 };
        lines.extend(promise_of(sentence, note).filter(|_| now != Some(at)));
        // Told where it changes.
        if !note.caseworker.is_empty() && note.caseworker != caseworker {
            caseworker = &note.caseworker;
            lines.push(filled_in(&word(7), &[caseworker]));
        }
        paragraphs.push(lines.join("\n"));
    }
    paragraphs
}
