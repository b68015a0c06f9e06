//! The check page: sections that can still be told, and Send.
//!
//! Called by the front. It shows how far each section is and never what was said in it; an answer opens behind "Show" only
//! (SAFETY 5).

use std::rc::Rc;

use heard_ui::{Check, Screen, SectionRow};
use slint::{Global, Model, ModelRc, SharedString, VecModel};

use super::front::{Front, Local, State, filled_in};
use super::grid::{Grid, GridNeeds, RowRoom, grid, label_and_hint};
use super::numbers::page_of;
use super::words_in::in_place;
use super::{answer_words, ask};
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
        let first = layout(front, &state, hub, &rows, answers).page(state.turn).rows.start;
        (rows.get(first + at).map(|row| row.press), answers)
    };
    match row {
        Some(Act::Answers) => front.open(Some(Local::Answers)),
        Some(Act::Section(section)) => {
            front.tell(Press::Section(section));
        }
        Some(Act::Show(question)) if answers => {
            front.tell(Press::Show(question));
        }
        Some(Act::Change(question)) if answers => {
            front.open(None);
            front.tell(Press::Change(question));
        }
        _ => {}
    }
}

/// The row that is open or asked about, on the page of the answers.
pub(super) fn open_row(state: &State) -> Option<usize> {
    match &state.view.as_ref()?.page {
        Page::Check(hub) if state.local == Some(Local::Answers) => {
            hub.shown.as_ref().map(|(question, _)| *question).or(hub.asks)
        }
        _ => None,
    }
}

#[derive(Debug, Clone, Copy)]
enum Act {
    Answers,
    Section(usize),
    Show(usize),
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
            let press = match row.closed {
                ClosedAnswer::Words(_) | ClosedAnswer::Answered => Act::Show(row.question),
                ClosedAnswer::Declined | ClosedAnswer::Open => Act::Change(row.question),
            };
            Some(Row { shown, press })
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
fn heading(front: &Front, state: &State, hub: &HubView, answers: bool) -> (SharedString, SharedString) {
    let (words, title, hint) = match (answers, hub.missing) {
        (true, _) => (front.phrases().get_answers(), 0, 6),
        (false, None) => (front.phrases().get_check(), 0, 1),
        (false, Some(_)) => (front.phrases().get_check(), 3, 1),
    };
    let folds = state.looks.panel.folds_hints(state.looks.text);
    let hint = words.row_data(hint).filter(|_| !folds);
    (words.row_data(title).unwrap_or_default(), hint.unwrap_or_default())
}

/// What is said in place of the hint.
fn problem(front: &Front, hub: &HubView, answers: bool) -> SharedString {
    if hub.missing.is_some() && !answers {
        front.phrases().get_send_missing()
    } else if !hub.dropped.is_empty() {
        front.phrases().get_dropped()
    } else {
        SharedString::default()
    }
}

fn layout(front: &Front, state: &State, hub: &HubView, rows: &[Row], answers: bool) -> Grid {
    let ruler = state.ruler();
    let tokens = ruler.sizes();
    let (title, hint) = heading(front, state, hub, answers);
    let problem = problem(front, hub, answers);
    // "Begun" and "Done" are a line of their own.
    let words = |at: usize, mut room: RowRoom| {
        let row: &SectionRow = &rows[at].shown;
        let hint = if matches!(row.state, 1 | 2) { "Begun" } else { &row.hint };
        room.lines |= row.state != 0;
        label_and_hint(&ruler, &tokens, &row.label, hint, room)
    };
    let needs = GridNeeds {
        title: &title,
        section: "",
        hint: &hint,
        keeps_hint: false,
        problem: &problem,
        count: rows.len(),
        high: &words,
        beside: 3.0 * tokens.pad + tokens.tick,
        least_mm: ruler.text.answer_mm(),
        one_will_do: false,
        one_page: false,
        most: 3,
    };
    grid(&ruler, &tokens, &needs)
}

/// No other page keeps which questions were answered.
pub(super) fn forget(front: &Front) {
    let check = Check::get(&front.app);
    if check.get_rows().row_count() > 0 {
        check.set_rows(ModelRc::new(VecModel::default()));
    }
}

pub(super) fn fill(front: &Front, state: &mut State, view: &View, hub: &HubView) -> Screen {
    let answers = state.local == Some(Local::Answers);
    if answers
        && let Some((question, given)) = &hub.shown
        && let Some(question) = front.place.form.questions.get(*question)
    {
        return answer_words::fill(front, state, view, question, given);
    }
    if answers && hub.asks.is_some() {
        return ask::fill_show_row(front, state);
    }
    let rows = rows(front, view, hub, answers);
    let layout = layout(front, state, hub, &rows, answers);
    let pages = layout.pages.len();
    state.turn = state.turn.min(pages - 1);
    let page = layout.page(state.turn);
    let shown = rows.into_iter().skip(page.rows.start).take(page.rows.len());
    let shown: Vec<SectionRow> = shown
        .map(|row| match row.shown.state {
            0 if !layout.with_lines => SectionRow {
                hint: SharedString::default(),
                ..row.shown
            },
            _ => row.shown,
        })
        .collect();
    let check = Check::get(&front.app);
    let phrases = front.phrases();
    let (title, hint) = heading(front, state, hub, answers);
    check.set_title(title);
    check.set_title_size(layout.title);
    check.set_hint(if layout.with_hint {
        hint
    } else {
        SharedString::default()
    });
    check.set_go(if answers {
        phrases.get_done()
    } else {
        phrases.get_check().row_data(2).unwrap_or_default()
    });
    check.set_problem(problem(front, hub, answers));
    if let Some(rows) = in_place(&check.get_rows(), shown) {
        check.set_rows(rows);
    }
    check.set_columns(i32::try_from(layout.columns).unwrap_or(1));
    check.set_row_height(page.row_height);
    check.set_label_size(layout.text);
    check.set_page(page_of(front, state.turn, pages));
    check.set_has_more(state.turn + 1 < pages);
    check.set_has_fewer(state.turn > 0);
    Screen::Check
}
