//! Text and colour: four sizes on one page, four themes on the next, then whether somebody is near (SAFETY 5).
//!
//! Called by the front and by `choose`, whose page it uses. What is chosen holds until the person leaves.

use heard_ui::{AnswerRow, Screen};
use slint::{Model, SharedString};

use super::choose::{List, put_list};
use super::colours::Theme;
use super::front::{Front, State};
use super::grid::one_page;
use super::sizes::{Ruler, TextSize};
use crate::machine::Press;

pub(super) fn change(front: &Front, at: usize) {
    let turn = front.state.borrow().turn;
    match turn {
        0 => front.look(|looks| looks.text = TextSize::ALL.get(at).copied().unwrap_or(looks.text)),
        1 => front.look(|looks| looks.theme = Theme::ALL.get(at).copied().unwrap_or(looks.theme)),
        _ => {
            front.tell(Press::SomeoneNear(at == 1));
        }
    }
}

/// The rows of one of the pages, and which is chosen.
fn rows(front: &Front, state: &State) -> Vec<AnswerRow> {
    let (words, near) = (front.phrases().get_look(), front.phrases().get_near());
    let row = |label: Option<SharedString>, chosen: bool| AnswerRow {
        label: label.unwrap_or_default(),
        hint: SharedString::default(),
        chosen,
        covered: false,
    };
    let four = |first: usize, chosen: Option<usize>| {
        let rows = (0..4).map(|at| row(words.row_data(first + at), chosen == Some(at)));
        rows.collect()
    };
    match state.turn {
        0 => four(2, TextSize::ALL.iter().position(|size| *size == state.looks.text)),
        1 => four(6, Theme::ALL.iter().position(|theme| *theme == state.looks.theme)),
        _ => vec![row(near.row_data(2), !state.near), row(near.row_data(3), state.near)],
    }
}

/// Text sizes on one page, colours on the next, then whether somebody is near.
pub(super) fn fill(front: &Front, state: &mut State) -> Screen {
    // Under Hide nothing is said of anybody near, and nobody uncovers anything.
    let pages = if state.is_hidden() { 2 } else { 3 };
    state.turn = state.turn.min(pages - 1);
    let shown = rows(front, state);
    let ruler = state.ruler();
    let title = if state.turn == 2 {
        front.phrases().get_near().row_data(0)
    } else {
        front.phrases().get_look().row_data(0)
    };
    let title = title.unwrap_or_default();
    // The way back to smaller text is never behind a page.
    let (layout, label_size) = one_page(&ruler, &title, &shown, 20.0, 4);
    let (columns, row_height, title_size) = (layout.columns, layout.page(0).row_height, layout.title);
    let list = List {
        title: title.clone(),
        title_size,
        label_size,
        columns,
        row_height,
        rows: shown,
        pages,
        go: front.phrases().get_done(),
    };
    put_list(front, state, list)
}

impl State {
    /// What the sizes of everything on the screen follow from now.
    pub(super) fn ruler(&self) -> Ruler {
        Ruler::new(self.looks.panel, self.looks.text, &self.language)
    }
}
