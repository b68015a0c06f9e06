//! The start page: its tiles and what each opens.
//!
//! Called by the front. All six are equal; none says what anybody came for (SAFETY 1).

use std::rc::Rc;

use heard_ui::{Screen, Start, TileRow};
use slint::{Global, Model, SharedString};

use super::front::{Front, State};
use super::sizes::{LEAST_MM, TextSize};
use super::words_in::in_place;
use crate::machine::{Press, Tile};

/// In the order shown, with the drawing and the place of the words.
const TILES: [(Tile, i32, usize); 6] = [
    (Tile::UsefulNumbers, 0, 0),
    (Tile::Notices, 1, 2),
    (Tile::TellUs, 2, 4),
    (Tile::ComeBack, 3, 6),
    (Tile::HaveYourSay, 4, 8),
    (Tile::GetHelp, 5, 10),
];

pub(super) fn connect(front: &Rc<Front>) {
    let weak = Rc::downgrade(front);
    Start::get(&front.app).on_pressed(move |at| {
        let tile = usize::try_from(at).ok().and_then(|at| TILES.get(at));
        if let (Some(front), Some((tile, ..))) = (weak.upgrade(), tile) {
            front.tell(Press::Tile(*tile));
        }
    });
}

pub(super) fn fill(front: &Front, state: &State) -> Screen {
    let start = Start::get(&front.app);
    let words = front.phrases().get_tiles();
    let word = |at| words.row_data(at).unwrap_or_default();
    let rows: Vec<TileRow> = TILES
        .iter()
        .map(|(_, icon, at)| TileRow {
            label: word(*at),
            hint: word(at + 1),
            icon: *icon,
        })
        .collect();
    if let Some(tiles) = in_place(&start.get_tiles(), rows) {
        start.set_tiles(tiles);
    }
    let ruler = state.ruler();
    let (panel, tokens) = (ruler.panel, ruler.sizes());
    let large = ruler.text >= TextSize::Large;
    let columns = match (panel.is_slim(), large || panel.is_short()) {
        (true, _) => 1,
        (false, true) => 2,
        (false, false) => 3,
    };
    let wide = panel.width as f32 - 2.0 * tokens.margin;
    let across = (wide + tokens.gap) / columns as f32 - tokens.gap;
    let for_words = across - 3.0 * tokens.pad - tokens.icon;
    let title = front.phrases().get_start();
    let title = |at| title.row_data(at).unwrap_or_default();
    let down = |with_hints: bool, title_size: f32| {
        let hint = if with_hints { title(1) } else { SharedString::default() };
        let hint = ruler.high(&hint, tokens.hint, false, wide) + tokens.gap / 4.0;
        let rows = (TILES.len() / columns) as f32;
        let heading = ruler.high(&title(0), title_size, true, wide) + hint;
        (panel.height as f32 - tokens.strip - heading - 2.0 * tokens.gap) / rows - tokens.gap
    };
    let tallest = |label_size: f32, with_hints: bool| {
        let high = |(_, _, at): &(Tile, i32, usize)| {
            let hint = if with_hints {
                word(at + 1)
            } else {
                SharedString::default()
            };
            let whole = ruler.holds_words(&word(*at), label_size, true, for_words);
            let label = ruler.high(&word(*at), label_size, true, for_words);
            let label = if whole { label } else { f32::MAX };
            label + ruler.high(&hint, tokens.hint, false, for_words) + tokens.gap / 2.0
        };
        TILES.iter().map(high).fold(0.0_f32, f32::max)
    };
    let with_hints = tallest(tokens.text, true) <= down(true, tokens.title);
    let mut label_size = tokens.text;
    let mut title_size = tokens.title;
    while !with_hints && label_size > ruler.font(LEAST_MM) && tallest(label_size, false) > down(false, title_size) {
        label_size -= 1.0;
        title_size = title_size.min(label_size * 1.25);
    }
    start.set_title_size(title_size);
    start.set_columns(i32::try_from(columns).unwrap_or(1));
    start.set_with_hints(with_hints);
    start.set_label_size(label_size);
    Screen::Start
}
