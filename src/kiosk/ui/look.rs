//! Text and colour: four sizes on one page, four themes on the next.
//!
//! Called by the front and by `choose`, whose page it uses. What is chosen holds until the person leaves.

use heard_ui::{AnswerRow, Choose, Screen};
use slint::{Global, Model, SharedString};

use super::choose::put_rows;
use super::colours::Theme;
use super::front::{Front, State};
use super::numbers::page_of;
use super::sizes::{GridNeeds, LINE, TextSize, grid, sizes};

pub(super) fn change(front: &Front, at: usize) {
    let sizes_first = front.state.borrow().turn == 0;
    front.look(|looks| {
        if sizes_first {
            looks.text = TextSize::ALL.get(at).copied().unwrap_or(looks.text);
        } else {
            looks.theme = Theme::ALL.get(at).copied().unwrap_or(looks.theme);
        }
    });
}

/// Text sizes on one page, colours on the next.
pub(super) fn fill(front: &Front, state: &mut State) -> Screen {
    let words = front.phrases().get_look();
    let word = |at| words.row_data(at).unwrap_or_default();
    state.turn = state.turn.min(1);
    let (first, chosen) = if state.turn == 0 {
        (2, TextSize::ALL.iter().position(|size| *size == state.looks.text))
    } else {
        (6, Theme::ALL.iter().position(|theme| *theme == state.looks.theme))
    };
    let shown: Vec<AnswerRow> = (0..4)
        .map(|at| AnswerRow {
            label: word(first + at),
            hint: SharedString::default(),
            chosen: chosen == Some(at),
        })
        .collect();
    let panel = state.looks.panel;
    let tokens = sizes(&panel, state.looks.text);
    let labels: Vec<(&str, &str)> = shown.iter().map(|row| (row.label.as_str(), "")).collect();
    let title = word(0);
    let needs = GridNeeds {
        title: &title,
        section: false,
        hint: "",
        rows: &labels,
        beside: 3.0 * tokens.pad + tokens.tick,
        least_mm: 20.0,
    };
    let layout = grid(&panel, &tokens, &needs);
    // All four stand on one page whatever the size: the way back to smaller text is never behind a page.
    let columns = if layout.rows >= 4 { 1 } else { 2 };
    let rows = 4_f32 / columns as f32;
    let title_high = tokens.title * LINE;
    let footer = if tokens.narrow { 2.0 } else { 1.0 } * (tokens.control + tokens.gap);
    let space = panel.height as f32 - tokens.strip - title_high - footer - 3.0 * tokens.gap;
    let high = (space - (rows - 1.0) * tokens.gap) / rows;
    let choose = Choose::get(&front.app);
    choose.set_section(SharedString::default());
    choose.set_title(title.clone());
    choose.set_hint(SharedString::default());
    choose.set_problem(SharedString::default());
    choose.set_many(false);
    put_rows(&choose, shown);
    choose.set_columns(columns);
    choose.set_row_height(high.min(panel.px(state.looks.text.answer_mm()) * 1.35).floor());
    choose.set_page(page_of(front, state.turn, 2));
    choose.set_has_more(state.turn == 0);
    choose.set_has_fewer(state.turn == 1);
    choose.set_aside(SharedString::default());
    choose.set_aside_chosen(false);
    choose.set_go(front.phrases().get_done());
    Screen::Choose
}
