//! Questions about the visit itself: Stop's three answers, "Are you still there?", other ways to tell, what to add, what to
//! leave in place of the code, whether ticks are cleared.
//!
//! Called by the front. They cover the page; nothing of an answer shows through.

use std::rc::Rc;

use heard_ui::{Ask, Screen, TileRow};
use slint::{Global, Model, SharedString};

use super::front::{Front, Local, State, filled_in};
use super::question_words::decline;
use super::sizes::{LEAST_MM, Ruler};
use super::words_in::in_place;
use super::{check, choose};
use crate::form::QuestionKind;
use crate::machine::{Asked, CannotKeepView, Overlay, Page, Press, SavedView, SavedWords, StopChoice, View};
use crate::mailbox::AdditionKind;

pub(super) fn connect(front: &Rc<Front>) {
    let ask = Ask::get(&front.app);
    let weak = Rc::downgrade(front);
    ask.on_pressed(move |at| {
        if let (Some(front), Ok(at)) = (weak.upgrade(), usize::try_from(at)) {
            pressed(&front, at);
        }
    });
}

fn pressed(front: &Front, at: usize) {
    let (overlay, local, asked, row) = {
        let state = front.state.borrow();
        let Some(view) = state.view.as_ref() else { return };
        let asked = match &view.page {
            Page::Question(asked) => Some(asked.question),
            _ => None,
        };
        (view.overlay, state.local, asked, check::open_row(&state))
    };
    match (overlay, local, asked) {
        (Some(Overlay::StillThere(_)), ..) => {
            front.tell(if at == 0 { Press::StillHere } else { Press::Stop });
        }
        (Some(Overlay::Stop { can_send, .. }), ..) => {
            let choices = [StopChoice::SendWhatIHave, StopChoice::CarryOn, StopChoice::ThrowAway];
            if let Some(choice) = choices.get(at + usize::from(!can_send)) {
                front.tell(Press::StopAnswer(*choice));
            }
        }
        (_, Some(Local::OtherWays), Some(question)) => take(front, question, at),
        (_, Some(Local::AddOrAsk), _) => add_or_ask(front, at),
        (_, Some(Local::Leave), _) => {
            let kinds = [AdditionKind::SafeContact, AdditionKind::TrustedPerson];
            front.open(kinds.get(at).map(|kind| Local::Adding(*kind)));
        }
        (_, Some(Local::Answers), _) => {
            if let Some(row) = row {
                show_row(front, row, at);
            }
        }
        (_, Some(Local::ClearTicks), _) => {
            front.open(None);
            if let (0, Some(question)) = (at, asked) {
                decline(front, question);
            }
        }
        _ => {}
    }
}

/// An answer without a line below it.
fn tile(label: SharedString, icon: i32) -> TileRow {
    TileRow {
        label,
        hint: SharedString::default(),
        icon,
    }
}

/// Somebody is near, and a row was asked for: show it, change it covered, or leave it closed.
fn show_row(front: &Front, row: usize, at: usize) {
    match at {
        0 => {
            front.tell(Press::Show(row));
        }
        1 => {
            front.open(None);
            front.tell(Press::Change(row));
        }
        _ => {
            front.tell(Press::Back);
        }
    }
}

pub(super) fn fill_show_row(front: &Front, state: &State) -> Screen {
    let words = front.phrases().get_show_row();
    let word = |at| words.row_data(at).unwrap_or_default();
    let answer = |label: usize, icon| TileRow {
        label: word(label),
        hint: word(label + 1),
        icon,
    };
    let answers = vec![answer(2, 7), answer(4, 2), answer(6, 6)];
    put(front, state, word(0), SharedString::default(), answers)
}

fn add_or_ask(front: &Front, at: usize) {
    let kind = match at {
        0 => return front.open(Some(Local::Adding(AdditionKind::Words))),
        1 => AdditionKind::GetInTouch,
        2 => AdditionKind::CodeMayBeKnown,
        _ => return front.open(None),
    };
    front.open(None);
    front.tell(Press::Add(kind, zeroize::Zeroizing::default()));
}

/// What can be left in place of the code (SAFETY 23).
pub(super) fn fill_leave(front: &Front, state: &State) -> Screen {
    let words = front.phrases().get_cannot_keep();
    let word = |at| words.row_data(at).unwrap_or_default();
    let back = front.phrases().get_returning().row_data(12).unwrap_or_default();
    let answers = vec![tile(word(5), 0), tile(word(6), 2), tile(back, 6)];
    let title = words.row_data(11).unwrap_or_default();
    put(front, state, title, SharedString::default(), answers)
}

/// What somebody who came back may do with the code.
pub(super) fn fill_add_or_ask(front: &Front, state: &State) -> Screen {
    let words = front.phrases().get_returning();
    let answer = |at: usize, icon| tile(words.row_data(at).unwrap_or_default(), icon);
    let answers = vec![answer(2, 18), answer(3, 0), answer(4, 13), answer(12, 6)];
    put(
        front,
        state,
        words.row_data(10).unwrap_or_default(),
        SharedString::default(),
        answers,
    )
}

/// The ways of the question, "rather not say" where it is offered, "someone is near me", then back.
fn take(front: &Front, question: usize, at: usize) {
    let Some(known) = front.place.form.questions.get(question) else {
        return;
    };
    let (ways, declines) = (known.ways.len(), known.decline);
    let near = front.state.borrow().near;
    let nears = at == ways + usize::from(declines);
    if nears {
        // Before the page is drawn again: its words are covered from the first pixel.
        front.state.borrow_mut().near = !near;
    }
    front.open(None);
    if at < ways {
        front.tell(Press::Way(question, at));
    } else if at == ways && declines && choose::has_ticks(front) {
        front.open(Some(Local::ClearTicks));
    } else if at == ways && declines {
        decline(front, question);
    } else if nears {
        front.tell(Press::SomeoneNear(!near));
    }
}

/// How the page is laid out: what it gives way with, in the order tried.
#[derive(Clone, Copy)]
struct Fit {
    title: f32,
    label: f32,
    hint: bool,
    lines: bool,
    columns: usize,
}

/// Height of the rows, when every one of them finds room for its words.
fn row_height(ruler: &Ruler, fit: Fit, title: &str, hint: &str, answers: &[TileRow]) -> Option<f32> {
    let tokens = ruler.sizes();
    let wide = ruler.panel.width as f32 - 2.0 * tokens.margin;
    let rows = answers.len().div_ceil(fit.columns).max(1) as f32;
    let mut above = ruler.high(title, fit.title, true, wide);
    if fit.hint {
        above += ruler.high(hint, tokens.hint, false, wide) + tokens.gap / 4.0;
    }
    let space = ruler.panel.height as f32 - tokens.strip - above - 3.0 * tokens.gap;
    let most = ((space + tokens.gap) / rows - tokens.gap).floor();
    let across = (wide + tokens.gap) / fit.columns as f32 - tokens.gap;
    let for_words = (across - 3.0 * tokens.pad - tokens.icon).floor();
    let mut tallest = ruler.panel.px(20.0);
    for row in answers {
        if !ruler.holds_words(&row.label, fit.label, true, for_words) {
            return None;
        }
        let mut high = ruler.high(&row.label, fit.label, true, for_words);
        if fit.lines && !row.hint.is_empty() {
            high += ruler.high(&row.hint, tokens.hint, false, for_words) + tokens.gap / 4.0;
        }
        tallest = tallest.max(high + tokens.gap / 2.0);
    }
    (tallest <= most).then(|| most.min((tallest.max(tokens.control * 1.5)).ceil()))
}

/// Hints fold away, below the title first, when the answers would not fit with them; then the title shrinks.
fn put(front: &Front, state: &State, title: SharedString, hint: SharedString, mut answers: Vec<TileRow>) -> Screen {
    let ask = Ask::get(&front.app);
    let ruler = state.ruler();
    let tokens = ruler.sizes();
    let whole = Fit {
        title: tokens.title,
        label: tokens.text,
        hint: true,
        lines: true,
        columns: 1,
    };
    let mut fits = vec![whole, Fit { hint: false, ..whole }];
    for columns in [1, 2] {
        let bare = Fit {
            hint: false,
            lines: false,
            columns,
            ..whole
        };
        let titles = ruler.title_sizes(&tokens);
        fits.extend(titles.iter().map(|title| Fit { title: *title, ..bare }));
        let least = ruler.font(LEAST_MM);
        if columns == 2 {
            let mut label = tokens.text;
            while label > least {
                label = (label - 2.0).max(least);
                let title = titles.last().copied().unwrap_or(label);
                fits.push(Fit { title, label, ..bare });
            }
        }
    }
    let found = fits
        .iter()
        .find_map(|fit| row_height(&ruler, *fit, &title, &hint, &answers).map(|high| (*fit, high)));
    let (fit, high) = found.unwrap_or((whole, tokens.control));
    if !fit.lines {
        for row in &mut answers {
            row.hint = SharedString::default();
        }
    }
    ask.set_title_size(fit.title);
    ask.set_label_size(fit.label);
    ask.set_columns(i32::try_from(fit.columns).unwrap_or(1));
    ask.set_row_height(high);
    ask.set_title(title);
    ask.set_hint(if fit.hint { hint } else { SharedString::default() });
    // The same answers stay as they are: a countdown above them must not move the focus.
    if let Some(answers) = in_place(&ask.get_answers(), answers) {
        ask.set_answers(answers);
    }
    Screen::Ask
}

pub(super) fn fill_stop(front: &Front, state: &State, view: &View, can_send: bool, asks_first: bool) -> Screen {
    let words = front.phrases().get_stop();
    let word = |at| words.row_data(at).unwrap_or_default();
    let hinted = |label, hint, icon| TileRow { label, hint, icon };
    if let (Page::Saved(_) | Page::CannotKeep(_), Some((leave, icon))) = (&view.page, leaving(view)) {
        // All that can be lost here is the code.
        let leave = front.phrases().get_still_there().row_data(leave).unwrap_or_default();
        let answers = vec![tile(word(9), 7), tile(leave, icon)];
        return put(front, state, word(8), SharedString::default(), answers);
    }
    // A store that says "not kept" may have kept it all the same (SAFETY 9).
    let thrown = if view.page == Page::NotSaved { 10 } else { 6 };
    let mut answers = vec![hinted(word(3), word(4), 7), hinted(word(5), word(thrown), 16)];
    if can_send {
        answers.insert(0, hinted(word(1), word(if asks_first { 2 } else { 7 }), 15));
    }
    put(front, state, word(0), SharedString::default(), answers)
}

/// What leaving is called, by its place in the phrases of "Are you still there?", and its icon. Only what is being filled
/// in can be thrown away: what Send was pressed for is sent all the same, and what was added stays added (SAFETY 9); until
/// it is filed nothing can be said of it.
fn leaving(view: &View) -> Option<(usize, i32)> {
    match &view.page {
        Page::Saving => None,
        Page::Saved(SavedView { words, .. }) | Page::CannotKeep(CannotKeepView { words, .. })
            if *words == SavedWords::Sent =>
        {
            Some((7, 12))
        }
        Page::Question(_) | Page::HelpNow(_) | Page::Check(_) | Page::NotSaved => Some((4, 16)),
        _ => Some((8, 12)),
    }
}

/// With the seconds that are left, in the sentence or, where that finds no room, in the title.
pub(super) fn fill_still_there(front: &Front, state: &State, view: &View, asked: Asked) -> Screen {
    let words = front.phrases().get_still_there();
    let word = |at| words.row_data(at).unwrap_or_default();
    let answer = |label, icon| tile(word(label), icon);
    let mut answers = vec![answer(2, 14)];
    answers.extend(leaving(view).map(|(label, icon)| answer(label, icon)));
    let left = view.wipes_in.unwrap_or_default().to_string();
    // On the way back from Hide it may be somebody else who touches the screen: only an answer counts.
    let sentence = match asked {
        Asked::Idle => 1,
        Asked::Back => 9,
    };
    let said = filled_in(&word(sentence), &[&left]);
    let screen = put(front, state, word(0), said.into(), answers);
    let ask = Ask::get(&front.app);
    if ask.get_hint().is_empty() {
        ask.set_title(filled_in(&word(6), &[&left]).into());
    }
    screen
}

/// "Rather not say" on a page with ticks asks first.
pub(super) fn fill_clear_ticks(front: &Front, state: &State) -> Screen {
    let words = front.phrases().get_clear_ticks();
    let word = |at| words.row_data(at).unwrap_or_default();
    let answer = |label, icon| tile(word(label), icon);
    put(front, state, word(0), word(1), vec![answer(2, 16), answer(3, 6)])
}

pub(super) fn fill_ways(front: &Front, state: &State, view: &View) -> Screen {
    let words = front.phrases().get_ways();
    let word = |at| words.row_data(at).unwrap_or_default();
    let Page::Question(asked) = &view.page else {
        return Screen::Blank;
    };
    let Some(question) = front.question(asked) else {
        return Screen::Blank;
    };
    let mut answers: Vec<TileRow> = question
        .ways
        .iter()
        .map(|way| tile(way.label.get(&view.language).into(), 2))
        .collect();
    if question.decline {
        answers.push(tile(front.phrases().get_rather_not_say(), 7));
    }
    let near = front.phrases().get_near().row_data(usize::from(state.near));
    answers.push(tile(near.unwrap_or_default(), 13));
    // Back in the strip leads there as well: on a small panel a fifth would find no room.
    if answers.len() < 4 {
        let is_story = matches!(question.kind, QuestionKind::LongText { .. });
        answers.push(tile(word(if is_story { 2 } else { 3 }), 6));
    }
    put(front, state, word(0), word(1), answers)
}
