//! How to get help now: "Nobody is reading this screen now", the numbers that fit what was said, and a card to show.
//!
//! Called by the front between an answer with a red flag and the next page (SAFETY 14, 15). The machine decides when;
//! numbers come from the bundle, and where it has none for a need, the national ones stand in.

use std::rc::Rc;

use heard_ui::{Card as CardPage, Numbers, Screen};
use slint::{Global, Model, SharedString};

use super::front::{Front, Local, State};
use super::numbers::{self, Card};
use crate::form::Flag;
use crate::machine::{Everyday, HelpNowView, Page, Press, View};
use crate::site::Topic;

pub(super) fn connect(front: &Rc<Front>) {
    let weak = Rc::downgrade(front);
    Numbers::get(&front.app).on_card_pressed(move || {
        if let Some(front) = weak.upgrade() {
            front.open(Some(Local::Card));
        }
    });
    let weak = Rc::downgrade(front);
    CardPage::get(&front.app).on_done(move || {
        if let Some(front) = weak.upgrade() {
            front.open(None);
        }
    });
}

/// Continue, where the page stands between an answer and what comes next.
pub(super) fn goes_on(view: Option<&View>) -> Option<Press> {
    view.and_then(|view| matches!(view.page, Page::HelpNow(_)).then_some(Press::Next))
}

fn word(front: &Front, at: usize) -> SharedString {
    front.phrases().get_danger().row_data(at).unwrap_or_default()
}

/// The numbers of one need; never none for somebody in danger or in despair.
fn of_topic(front: &Front, language: &str, topic: Topic) -> Vec<Card> {
    let known = numbers::cards_of(front, language, |other| *other == topic);
    let stand_in = match topic {
        _ if !known.is_empty() => 0..0,
        Topic::Emergency => 0..1,
        Topic::SelfHarm => 1..5,
        Topic::Child => 4..5,
        _ => 0..0,
    };
    let words = front.phrases().get_danger_numbers();
    let part = |at: usize| String::from(words.row_data(at).unwrap_or_default());
    let stand_in = stand_in.map(|at| Card {
        name: part(3 * at),
        number: part(3 * at + 1),
        words: part(3 * at + 2),
    });
    known.into_iter().chain(stand_in).collect()
}

/// What was said decides what stands first; 999 is always there.
fn topics(flags: &[Flag]) -> Vec<Topic> {
    let has = |flag| flags.contains(&flag);
    let mut topics = Vec::new();
    if has(Flag::Danger) || has(Flag::Weapon) || has(Flag::CannotKeepSafe) {
        topics.push(Topic::Emergency);
    }
    if has(Flag::SelfHarm) {
        topics.push(Topic::SelfHarm);
    }
    if has(Flag::Child) {
        topics.push(Topic::Child);
    }
    topics.push(Topic::Emergency);
    topics
}

pub(super) fn fill(front: &Front, state: &mut State, view: &View, help: &HelpNowView) -> Screen {
    let mut cards: Vec<Card> = Vec::new();
    for topic in topics(&help.flags) {
        for card in of_topic(front, &view.language, topic) {
            if cards.iter().all(|known| known.number != card.number) {
                cards.push(card);
            }
        }
    }
    cards.push(Card {
        name: word(front, 2).into(),
        number: String::new(),
        words: word(front, if help.link_silent { 4 } else { 3 }).into(),
    });
    let hint = word(front, 1);
    let go = front.phrases().get_carry_on();
    numbers::fill(front, state, &word(front, 0), &hint, &cards, &go);
    offer_card(front);
    Screen::Numbers
}

/// The same offer on the everyday page "Get help".
pub(super) fn fill_get_help(front: &Front, state: &mut State, view: &View) -> Screen {
    numbers::fill_everyday(front, state, view, Everyday::GetHelp);
    offer_card(front);
    Screen::Numbers
}

fn offer_card(front: &Front) {
    Numbers::get(&front.app).set_card(word(front, 5));
}

/// As large as it fits, for somebody at arm's length.
pub(super) fn fill_card(front: &Front, state: &State) -> Screen {
    let ruler = state.ruler();
    let tokens = ruler.sizes();
    let words = word(front, 6);
    let wide = ruler.panel.width as f32 - 2.0 * tokens.margin - 4.0 * tokens.pad;
    let high = ruler.panel.height as f32 - tokens.strip - tokens.control - 3.0 * tokens.gap - 2.0 * tokens.pad;
    let fits = |size: f32| ruler.holds_words(&words, size, true, wide) && ruler.high(&words, size, true, wide) <= high;
    let mut size = (high / 2.0).floor();
    while size > tokens.text && !fits(size) {
        size -= 2.0;
    }
    let card = CardPage::get(&front.app);
    card.set_words(words);
    card.set_words_size(size);
    card.set_go(front.phrases().get_done());
    Screen::Card
}
