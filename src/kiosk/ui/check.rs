//! The check page: sections that can still be told, and Send.
//!
//! Called by the front. It shows how far each section is and never what was said in it.

use std::rc::Rc;

use heard_ui::{Check, Screen, SectionRow};
use slint::{Global, Model, ModelRc, SharedString, VecModel};

use super::front::{Front, Local, State, filled_in};
use super::numbers::page_of;
use super::sizes::{Grid, GridNeeds, grid, sizes};
use crate::form::SectionState;
use crate::machine::{AnswerRow, ClosedAnswer, HubView, Page, Press, SectionView, View};

pub(super) fn connect(front: &Rc<Front>) {
    let check = Check::get(&front.app);
    let weak = Rc::downgrade(front);
    check.on_pressed(move |at| {
        if let (Some(front), Ok(at)) = (weak.upgrade(), usize::try_from(at)) {
            pressed(&front, at);
        }
    });
    let weak = Rc::downgrade(front);
    check.on_more(move || {
        if let Some(front) = weak.upgrade() {
            front.turn(true);
        }
    });
    let weak = Rc::downgrade(front);
    check.on_fewer(move || {
        if let Some(front) = weak.upgrade() {
            front.turn(false);
        }
    });
    let weak = Rc::downgrade(front);
    check.on_send(move || {
        if let Some(front) = weak.upgrade() {
            if front.state.borrow().local.is_some() {
                front.open(None);
            } else {
                front.tell(Press::Send);
            }
        }
    });
}

fn pressed(front: &Front, at: usize) {
    let (row, answers) = {
        let state = front.state.borrow();
        let Some(view) = state.view.as_ref() else { return };
        let Page::Check(hub) = &view.page else { return };
        let answers = state.local == Some(Local::Answers);
        let rows = rows(front, view, hub, answers);
        let first = layout(front, &state, &rows, answers).on_a_page() * state.turn;
        (rows.get(first + at).map(|row| row.press), answers)
    };
    match row {
        Some(Act::Answers) => front.open(Some(Local::Answers)),
        Some(Act::Section(section)) => {
            front.tell(Press::Section(section));
        }
        Some(Act::Change(question)) if answers => {
            front.open(None);
            front.tell(Press::Change(question));
        }
        _ => {}
    }
}

#[derive(Debug, Clone, Copy)]
enum Act {
    Answers,
    Section(usize),
    Change(usize),
}

struct Row {
    shown: SectionRow,
    press: Act,
}

fn rows(front: &Front, view: &View, hub: &HubView, answers: bool) -> Vec<Row> {
    let words = front.phrases().get_answers();
    let word = |at| words.row_data(at).unwrap_or_default();
    if answers {
        let row = |row: &AnswerRow| {
            let question = front.place.form.questions.get(row.question)?;
            let (hint, state) = match row.closed {
                ClosedAnswer::Words(count) => (filled_in(&word(2), &[&count.to_string()]).into(), 3),
                ClosedAnswer::Answered => (word(3), 3),
                ClosedAnswer::Declined => (word(4), 3),
                ClosedAnswer::Open => (word(5), 0),
            };
            let label = question.ask.get(&view.language).into();
            let shown = SectionRow { label, hint, state };
            Some(Row {
                shown,
                press: Act::Change(row.question),
            })
        };
        return hub.answers.iter().filter_map(row).collect();
    }
    let first = Row {
        shown: SectionRow {
            label: word(0),
            hint: word(1),
            state: 4,
        },
        press: Act::Answers,
    };
    let row = |row: &SectionView| {
        let section = front.place.form.sections.get(row.section)?;
        let shown = SectionRow {
            label: section.title.get(&view.language).into(),
            hint: section.hint.get(&view.language).into(),
            state: match row.state {
                SectionState::Empty => 0,
                SectionState::Partly => 1,
                SectionState::Done => 2,
            },
        };
        Some(Row {
            shown,
            press: Act::Section(row.section),
        })
    };
    std::iter::once(first)
        .chain(hub.sections.iter().filter_map(row))
        .collect()
}

/// Title and hint of the page.
fn heading(front: &Front, state: &State, answers: bool) -> (SharedString, SharedString) {
    let (words, hint) = if answers {
        (front.phrases().get_answers(), 6)
    } else {
        (front.phrases().get_check(), 1)
    };
    let folds = state.looks.panel.folds_hints(state.looks.text);
    let hint = words.row_data(hint).filter(|_| !folds);
    (words.row_data(0).unwrap_or_default(), hint.unwrap_or_default())
}

fn layout(front: &Front, state: &State, rows: &[Row], answers: bool) -> Grid {
    let panel = state.looks.panel;
    let tokens = sizes(&panel, state.looks.text);
    let words: Vec<(&str, &str)> = rows
        .iter()
        .map(|row| (row.shown.label.as_str(), row.shown.hint.as_str()))
        .collect();
    let (title, hint) = heading(front, state, answers);
    let needs = GridNeeds {
        title: &title,
        section: false,
        hint: &hint,
        rows: &words,
        beside: 3.0 * tokens.pad + tokens.tick,
        least_mm: state.looks.text.answer_mm(),
    };
    grid(&panel, &tokens, &needs)
}

pub(super) fn fill(front: &Front, state: &mut State, view: &View, hub: &HubView) -> Screen {
    let answers = state.local == Some(Local::Answers);
    let rows = rows(front, view, hub, answers);
    let layout = layout(front, state, &rows, answers);
    let on_a_page = layout.on_a_page();
    let pages = rows.len().div_ceil(on_a_page).max(1);
    state.turn = state.turn.min(pages - 1);
    let shown = rows.into_iter().map(|row| row.shown);
    let shown: Vec<SectionRow> = shown.skip(state.turn * on_a_page).take(on_a_page).collect();
    let check = Check::get(&front.app);
    let phrases = front.phrases();
    let problem = if hub.missing.is_some() && !answers {
        phrases.get_send_missing()
    } else if !hub.dropped.is_empty() {
        phrases.get_dropped()
    } else {
        SharedString::default()
    };
    let (title, hint) = heading(front, state, answers);
    check.set_title(title);
    check.set_hint(hint);
    check.set_go(if answers {
        phrases.get_done()
    } else {
        phrases.get_check().row_data(2).unwrap_or_default()
    });
    check.set_problem(problem);
    check.set_rows(ModelRc::new(VecModel::from(shown)));
    check.set_columns(i32::try_from(layout.columns).unwrap_or(1));
    check.set_row_height(layout.row_height);
    check.set_page(page_of(front, state.turn, pages));
    check.set_has_more(state.turn + 1 < pages);
    check.set_has_fewer(state.turn > 0);
    Screen::Check
}
