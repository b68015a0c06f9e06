//! The start page: its tiles and what each opens.
//!
//! Called by the front. "Have your say" is a page of the screen's own: the machine knows no survey.

use std::rc::Rc;

use heard_ui::{Screen, Start, TileRow};
use slint::{Global, Model, ModelRc, VecModel};

use super::front::{Front, Local, State};
use crate::machine::{Press, Tile};

/// In the order shown, with the drawing and the place of the words.
const TILES: [(Option<Tile>, i32, usize); 6] = [
    (Some(Tile::UsefulNumbers), 0, 0),
    (Some(Tile::Notices), 1, 2),
    (Some(Tile::TellUs), 2, 4),
    (Some(Tile::ComeBack), 3, 6),
    (None, 4, 8),
    (Some(Tile::GetHelp), 5, 10),
];

pub(super) fn connect(front: &Rc<Front>) {
    let weak = Rc::downgrade(front);
    Start::get(&front.app).on_pressed(move |at| {
        let tile = usize::try_from(at).ok().and_then(|at| TILES.get(at));
        if let (Some(front), Some((tile, ..))) = (weak.upgrade(), tile) {
            match tile {
                Some(tile) => {
                    front.tell(Press::Tile(*tile));
                }
                None => front.open(Some(Local::HaveYourSay)),
            }
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
    start.set_tiles(ModelRc::new(VecModel::from(rows)));
    let panel = state.looks.panel;
    let slim = panel.width < panel.height;
    let large = state.looks.text >= super::sizes::TextSize::Large;
    let short = panel.height as f32 / panel.px_per_mm < 150.0;
    start.set_columns(if slim {
        1
    } else if large || short {
        2
    } else {
        3
    });
    Screen::Start
}
