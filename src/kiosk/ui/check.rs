//! The check page: sections that can still be told, and Send.
//!
//! Called by the front. It shows how far each section is and never what was said in it.

use std::rc::Rc;

use heard_ui::{Check, Screen, SectionRow};
use slint::{Global, ModelRc, SharedString, VecModel};

use super::front::{Front, State};
use super::numbers::page_of;
use super::sizes::{Grid, GridNeeds, grid, sizes};
use crate::form::SectionState;
use crate::machine::{HubView, Page, Press, View};

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
            front.tell(Press::Send);
        }
    });
}

fn pressed(front: &Front, at: usize) {
    let section = {
        let state = front.state.borrow();
        let Some(view) = state.view.as_ref() else { return };
        let Page::Check(hub) = &view.page else { return };
        let first = layout(front, &state, view, hub).on_a_page() * state.turn;
        hub.sections.get(first + at).map(|row| row.section)
    };
    if let Some(section) = section {
        front.tell(Press::Section(section));
    }
}

fn rows(front: &Front, view: &View, hub: &HubView) -> Vec<SectionRow> {
    let row = |row: &crate::machine::SectionView| {
        let section = front.place.form.sections.get(row.section)?;
        Some(SectionRow {
            label: section.title.get(&view.language).into(),
            hint: section.hint.get(&view.language).into(),
            state: match row.state {
                SectionState::Empty => 0,
                SectionState::Partly => 1,
                SectionState::Done => 2,
            },
        })
    };
    hub.sections.iter().filter_map(row).collect()
}

fn layout(front: &Front, state: &State, view: &View, hub: &HubView) -> Grid {
    let panel = state.looks.panel;
    let tokens = sizes(&panel, state.looks.text);
    let rows = rows(front, view, hub);
    let words: Vec<(&str, &str)> = rows.iter().map(|row| (row.label.as_str(), row.hint.as_str())).collect();
    let needs = GridNeeds {
        title: "You can send it now, or tell us",
        section: false,
        hint: if panel.folds_hints(state.looks.text) {
            ""
        } else {
            "Or tell us more. Each one takes a minute or two."
        },
        rows: &words,
        beside: 3.0 * tokens.pad + tokens.tick,
        least_mm: state.looks.text.answer_mm(),
    };
    grid(&panel, &tokens, &needs)
}

pub(super) fn fill(front: &Front, state: &mut State, view: &View, hub: &HubView) -> Screen {
    let layout = layout(front, state, view, hub);
    let rows = rows(front, view, hub);
    let on_a_page = layout.on_a_page();
    let pages = rows.len().div_ceil(on_a_page).max(1);
    state.turn = state.turn.min(pages - 1);
    let shown: Vec<SectionRow> = rows.into_iter().skip(state.turn * on_a_page).take(on_a_page).collect();
    let check = Check::get(&front.app);
    let phrases = front.phrases();
    let problem = if hub.missing.is_some() {
        phrases.get_send_missing()
    } else if !hub.dropped.is_empty() {
        phrases.get_dropped()
    } else {
        SharedString::default()
    };
    check.set_with_hint(!state.looks.panel.folds_hints(state.looks.text));
    check.set_problem(problem);
    check.set_rows(ModelRc::new(VecModel::from(shown)));
    check.set_columns(i32::try_from(layout.columns).unwrap_or(1));
    check.set_row_height(layout.row_height);
    check.set_page(page_of(front, state.turn, pages));
    check.set_has_more(state.turn + 1 < pages);
    check.set_has_fewer(state.turn > 0);
    Screen::Check
}
