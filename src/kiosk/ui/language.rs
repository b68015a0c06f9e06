//! "Language": the languages of the form by their own names, and, honestly, an interpreter for all the others.
//!
//! Called by the front; it uses the page of `choose`. It offers no language that somebody has not put into the form.

use heard_ui::{AnswerRow, Screen};
use slint::{Model, SharedString};

use super::choose::{List, put_list};
use super::front::{Front, State};
use super::grid::{Grid, GridNeeds, RowRoom, grid, label_and_hint};
use crate::form::{Flag, Meaning};
use crate::machine::{Everyday, Page, Press, View};

/// The name of a language in itself; the tag where nobody has written it down.
pub(super) fn own_name(front: &Front, tag: &str) -> SharedString {
    let names = front.phrases().get_own_names();
    let at = (0..names.row_count()).step_by(2).find(|at| {
        let known = names.row_data(*at);
        known.is_some_and(|known| known == tag)
    });
    at.and_then(|at| names.row_data(at + 1)).unwrap_or_else(|| tag.into())
}

/// Whether a person can be asked for from here: before the form, on everyday pages and in its core.
fn offers_a_person(front: &Front, page: &Page) -> bool {
    let form = &front.place.form;
    let is_person = |choice: &crate::form::Choice| choice.means.contains(&Meaning::Flag(Flag::TellAPerson));
    let can = form
        .questions
        .iter()
        .any(|asked| asked.kind.choices().iter().any(is_person));
    can && match page {
        Page::Start | Page::Everyday(Everyday::UsefulNumbers | Everyday::Notices | Everyday::HaveYourSay) => true,
        Page::Everyday(Everyday::GetHelp) => true,
        Page::Question(asked) => form
            .questions
            .get(asked.question)
            .is_some_and(|asked| asked.section == 0),
        _ => false,
    }
}

fn rows(front: &Front, state: &State, view: &View) -> Vec<AnswerRow> {
    let words = front.phrases().get_language();
    let word = |at| words.row_data(at).unwrap_or_default();
    let mut rows: Vec<AnswerRow> = front
        .place
        .form
        .languages
        .iter()
        .map(|tag| AnswerRow {
            label: own_name(front, tag),
            hint: SharedString::default(),
            chosen: *tag == view.language,
            covered: false,
        })
        .collect();
    // Over the page that Hide shows, nothing leads into the form.
    if !state.is_hidden() && offers_a_person(front, &view.page) {
        rows.push(AnswerRow {
            label: word(1),
            hint: word(2),
            chosen: false,
            covered: false,
        });
    }
    rows
}

fn layout(front: &Front, state: &State, rows: &[AnswerRow]) -> Grid {
    let ruler = state.ruler();
    let tokens = ruler.sizes();
    let title = front.phrases().get_language().row_data(0).unwrap_or_default();
    let words = |at: usize, room: RowRoom| label_and_hint(&ruler, &tokens, &rows[at].label, &rows[at].hint, room);
    let needs = GridNeeds {
        title: &title,
        section: "",
        hint: "",
        keeps_hint: false,
        problem: "",
        count: rows.len(),
        high: &words,
        beside: 3.0 * tokens.pad + tokens.tick,
        least_mm: state.looks.text.answer_mm(),
        one_will_do: false,
        one_page: false,
        most: 3,
    };
    grid(&ruler, &tokens, &needs)
}

pub(super) fn pressed(front: &Front, at: usize) {
    let press = {
        let state = front.state.borrow();
        let Some(view) = state.view.as_ref() else { return };
        let rows = rows(front, &state, view);
        let at = at + layout(front, &state, &rows).page(state.turn).rows.start;
        match front.place.form.languages.get(at) {
            Some(tag) => Press::Language(tag.clone()),
            None if at < rows.len() => Press::TellAPerson,
            None => return,
        }
    };
    if matches!(press, Press::TellAPerson) {
        // It leads to another page: nothing of this one comes back.
        front.state.borrow_mut().close_all();
    }
    front.tell(press);
}

pub(super) fn fill(front: &Front, state: &mut State, view: &View) -> Screen {
    let rows = rows(front, state, view);
    let layout = layout(front, state, &rows);
    let pages = layout.pages.len();
    state.turn = state.turn.min(pages - 1);
    let page = layout.page(state.turn);
    let shown = rows.into_iter().skip(page.rows.start).take(page.rows.len());
    let shown = shown.map(|row| AnswerRow {
        hint: if layout.with_lines {
            row.hint
        } else {
            SharedString::default()
        },
        ..row
    });
    let list = List {
        title: front.phrases().get_language().row_data(0).unwrap_or_default(),
        title_size: layout.title,
        label_size: layout.text,
        columns: layout.columns,
        row_height: page.row_height,
        rows: shown.collect(),
        pages,
        go: front.phrases().get_done(),
    };
    put_list(front, state, list)
}
