//! Questions about the visit itself: Stop's three answers, "Are you still there?", other ways to tell.
//!
//! Called by the front. They cover the page; nothing of an answer shows through.

use std::rc::Rc;

use heard_ui::{Ask, Screen, TileRow};
use slint::{Global, Model, ModelRc, SharedString, VecModel};

use super::front::{Front, Local, State};
use super::sizes::{LINE, lines, sizes};
use crate::machine::{Overlay, Page, Press, StopChoice, View};
use crate::mailbox::AdditionKind;

pub(super) fn connect(front: &Rc<Front>) {
    let weak = Rc::downgrade(front);
    Ask::get(&front.app).on_pressed(move |at| {
        if let (Some(front), Ok(at)) = (weak.upgrade(), usize::try_from(at)) {
            pressed(&front, at);
        }
    });
}

fn pressed(front: &Front, at: usize) {
    let (overlay, asked) = {
        let state = front.state.borrow();
        let Some(view) = state.view.as_ref() else { return };
        let asked = match &view.page {
            Page::Question(asked) => Some(asked.question),
            _ => None,
        };
        (view.overlay, asked)
    };
    match overlay {
        Some(Overlay::StillThere) => {
            front.tell(if at == 0 { Press::StillHere } else { Press::Stop });
        }
        Some(Overlay::Stop { can_send }) => {
            let choices = [StopChoice::SendWhatIHave, StopChoice::CarryOn, StopChoice::ThrowAway];
            if let Some(choice) = choices.get(at + usize::from(!can_send)) {
                front.tell(Press::StopAnswer(*choice));
            }
        }
        _ if front.state.borrow().local == Some(Local::OtherWays) => {
            if let Some(question) = asked {
                take(front, question, at);
            }
        }
        _ if front.state.borrow().local == Some(Local::AddOrAsk) => add_or_ask(front, at),
        _ if front.state.borrow().local == Some(Local::ClearTicks) => {
            front.open(None);
            if let (0, Some(question)) = (at, asked) {
                front.tell(Press::Decline(question));
                front.tell(Press::Next);
            }
        }
        _ => {}
    }
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

/// What somebody who came back may do with the code.
pub(super) fn fill_add_or_ask(front: &Front, state: &State) -> Screen {
    let words = front.phrases().get_returning();
    let tile = |at: usize, icon| TileRow {
        label: words.row_data(at).unwrap_or_default(),
        hint: SharedString::default(),
        icon,
    };
    let answers = vec![tile(2, 18), tile(3, 0), tile(4, 13), tile(12, 6)];
    put(
        front,
        state,
        words.row_data(11).unwrap_or_default(),
        SharedString::default(),
        answers,
    )
}

/// The ways of the question, then "rather not say" where it is offered, then back.
fn take(front: &Front, question: usize, at: usize) {
    let Some(known) = front.place.form.questions.get(question) else {
        return;
    };
    let (ways, decline) = (known.ways.len(), known.decline);
    front.open(None);
    if at < ways {
        front.tell(Press::Way(question, at));
    } else if at == ways && decline {
        front.tell(Press::Decline(question));
        front.tell(Press::Next);
    }
}

/// Hints fold away, below the title first, when the answers would not fit with them.
fn put(front: &Front, state: &State, title: SharedString, hint: SharedString, mut answers: Vec<TileRow>) -> Screen {
    let ask = Ask::get(&front.app);
    let panel = state.looks.panel;
    let tokens = sizes(&panel, state.looks.text);
    let wide = panel.width as f32 - 2.0 * tokens.margin;
    let count = answers.len() as f32;
    let space = |hint: &str| {
        let title = lines(&title, tokens.title * 1.06, wide) as f32 * tokens.title * LINE;
        let hint = lines(hint, tokens.hint, wide) as f32 * tokens.hint * LINE + tokens.gap / 4.0;
        let rest = panel.height as f32 - tokens.strip - title - hint - 3.0 * tokens.gap;
        ((rest + tokens.gap) / count - tokens.gap).floor()
    };
    let for_words = wide - 3.0 * tokens.pad - tokens.icon;
    let tallest = |answers: &[TileRow], hints: bool| {
        let high = |row: &TileRow| {
            let label = lines(&row.label, tokens.text * 1.06, for_words) as f32 * tokens.text * LINE;
            let hint = lines(&row.hint, tokens.hint, for_words) as f32 * tokens.hint * LINE;
            label + if hints { hint } else { 0.0 } + tokens.gap
        };
        answers.iter().map(high).fold(tokens.control, f32::max)
    };
    // With four answers on a small panel the title is the one to give way.
    let title_size = if space("") < tokens.control {
        tokens.foot_text
    } else {
        tokens.title
    };
    let spare = (tokens.title - title_size) * LINE / count;
    let hint = if tallest(&answers, true) > space(&hint) {
        SharedString::default()
    } else {
        hint
    };
    if tallest(&answers, true) > space(&hint) {
        for row in &mut answers {
            row.hint = SharedString::default();
        }
    }
    ask.set_title_size(title_size);
    ask.set_row_height(
        (space(&hint) + spare)
            .floor()
            .min((tokens.control * 1.5).max(tallest(&answers, true)).ceil()),
    );
    ask.set_title(title);
    ask.set_hint(hint);
    ask.set_answers(ModelRc::new(VecModel::from(answers)));
    Screen::Ask
}

pub(super) fn fill_stop(front: &Front, state: &State, can_send: bool) -> Screen {
    let words = front.phrases().get_stop();
    let word = |at| words.row_data(at).unwrap_or_default();
    let icons = [15, 7, 16];
    let answers = (0..3).filter(|at| can_send || *at > 0).map(|at| TileRow {
        label: word(1 + 2 * at),
        hint: word(2 + 2 * at),
        icon: icons[at],
    });
    let answers = answers.collect();
    put(front, state, word(0), SharedString::default(), answers)
}

pub(super) fn fill_still_there(front: &Front, state: &State) -> Screen {
    let words = front.phrases().get_still_there();
    let word = |at| words.row_data(at).unwrap_or_default();
    let answer = |label, icon| TileRow {
        label: word(label),
        hint: SharedString::default(),
        icon,
    };
    put(front, state, word(0), word(1), vec![answer(2, 14), answer(4, 16)])
}

/// "Rather not say" on a page with ticks asks first.
pub(super) fn fill_clear_ticks(front: &Front, state: &State) -> Screen {
    let words = front.phrases().get_clear_ticks();
    let word = |at| words.row_data(at).unwrap_or_default();
    let answer = |label, icon| TileRow {
        label: word(label),
        hint: SharedString::default(),
        icon,
    };
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
    let tile = |label: SharedString, icon| TileRow {
        label,
        hint: SharedString::default(),
        icon,
    };
    let mut answers: Vec<TileRow> = question
        .ways
        .iter()
        .map(|way| tile(way.label.get(&view.language).into(), 2))
        .collect();
    if question.decline {
        answers.push(tile(front.phrases().get_rather_not_say(), 7));
    }
    answers.push(tile(word(2), 6));
    put(front, state, word(0), word(1), answers)
}
