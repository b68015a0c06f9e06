//! Useful numbers, opening hours and notices, Get help: cards from the landlord's facts, a page of them at a time.
//!
//! Called by the front and by `help_now`; also what Hide shows. Nothing here can be pressed but the way on, and the card
//! to show where `help_now` offers one.

use std::rc::Rc;

use heard_ui::{NumberRow, Numbers, Screen};
use slint::{Global, Model, ModelRc, SharedString, VecModel};

use super::front::{Front, State, filled_in};
use super::grid::{Grid, GridNeeds, RowRoom, grid};
use super::help_now;
use super::sizes::{LEAST_MM, Ruler};
use crate::machine::{Everyday, Press, View};
use crate::site::{Topic, UsefulNumber};

/// The everyday page behind its own tile.
pub(super) const HAVE_YOUR_SAY: &str = "have-your-say";

/// A card to read.
#[derive(Clone)]
pub(super) struct Card {
    pub(super) name: String,
    pub(super) number: String,
    pub(super) words: String,
}

pub(super) fn connect(front: &Rc<Front>) {
    let numbers = Numbers::get(&front.app);
    let weak = Rc::downgrade(front);
    numbers.on_more(move || {
        if let Some(front) = weak.upgrade() {
            front.turn(true);
        }
    });
    let weak = Rc::downgrade(front);
    numbers.on_fewer(move || {
        if let Some(front) = weak.upgrade() {
            front.turn(false);
        }
    });
    let weak = Rc::downgrade(front);
    numbers.on_done(move || {
        let Some(front) = weak.upgrade() else { return };
        let goes_on = help_now::goes_on(front.state.borrow().view.as_deref());
        if front.state.borrow().local.is_some() {
            front.open(None);
        } else {
            front.tell(goes_on.unwrap_or(Press::Done));
        }
    });
}

fn card(number: &UsefulNumber, language: &str) -> Card {
    Card {
        name: number.name.get(language).to_owned(),
        number: number.number.clone(),
        words: format!("{} {}", number.words.get(language), number.hours.get(language)),
    }
}

pub(super) fn cards_of(front: &Front, language: &str, shows: impl Fn(&Topic) -> bool) -> Vec<Card> {
    let numbers = front.place.site.numbers.iter();
    numbers
        .filter(|number| number.topics.iter().any(&shows))
        .map(|number| card(number, language))
        .collect()
}

pub(super) fn fill_everyday(front: &Front, state: &mut State, view: &View, which: Everyday) -> Screen {
    let phrases = front.phrases();
    let (title, hint, cards, done) = match which {
        Everyday::UsefulNumbers => {
            let cards = cards_of(front, &view.language, |topic| *topic == Topic::Everyday);
            (
                phrases.get_numbers_title(),
                SharedString::default(),
                cards,
                phrases.get_finish(),
            )
        }
        // "Have your say" is words to read; its page is filled elsewhere.
        Everyday::Notices | Everyday::HaveYourSay => {
            let cards = notices(front, &view.language);
            (
                phrases.get_notices_title(),
                SharedString::default(),
                cards,
                phrases.get_finish(),
            )
        }
        Everyday::GetHelp => {
            let mut cards = cards_of(front, &view.language, |topic| *topic == Topic::Emergency);
            cards.extend(cards_of(front, &view.language, |topic| *topic == Topic::SelfHarm));
            let rest = |topic: &Topic| !matches!(topic, Topic::Emergency | Topic::SelfHarm | Topic::Everyday);
            let known: Vec<String> = cards.iter().map(|card| card.number.clone()).collect();
            let more = cards_of(front, &view.language, rest);
            cards.extend(more.into_iter().filter(|card| !known.contains(&card.number)));
            (
                phrases.get_help_title(),
                phrases.get_help_hint(),
                cards,
                phrases.get_finish(),
            )
        }
    };
    let done = if state.is_hidden() {
        SharedString::default()
    } else {
        done
    };
    fill(front, state, &title, &hint, &cards, &done)
}

/// "More numbers for you": those of one need, then those of danger.
pub(super) fn fill_topic(front: &Front, state: &mut State, view: &View, topic: Topic) -> Screen {
    let title = front.phrases().get_help().row_data(4).unwrap_or_default();
    let hint = front.phrases().get_help_hint();
    let mut cards = cards_of(front, &view.language, |other| *other == topic);
    if topic != Topic::Emergency {
        cards.extend(cards_of(front, &view.language, |other| *other == Topic::Emergency));
    }
    let go_on = front.phrases().get_carry_on();
    fill(front, state, &title, &hint, &cards, &go_on)
}

fn notices(front: &Front, language: &str) -> Vec<Card> {
    let site = &front.place.site;
    let hours: Vec<&str> = site.office.hours.iter().map(|line| line.get(language)).collect();
    let office = Card {
        name: site.office.name.clone(),
        number: site.office.telephone.clone(),
        words: hours.join(". "),
    };
    let notices = site.notices.iter().map(|notice| Card {
        name: notice.title.get(language).to_owned(),
        number: String::new(),
        words: notice.words.get(language).to_owned(),
    });
    // Everyday pages that have no tile of their own.
    let pages = front.pages().into_iter().filter(|(name, _)| name != HAVE_YOUR_SAY);
    let pages = pages.flat_map(|(_, page)| {
        let card = |words: &crate::form::Words| Card {
            name: page.title.get(language).to_owned(),
            number: String::new(),
            words: words.get(language).to_owned(),
        };
        page.paragraphs.iter().map(card).collect::<Vec<Card>>()
    });
    std::iter::once(office).chain(notices).chain(pages).collect()
}

/// What stands below a number gives way with it.
fn hint_size(ruler: &Ruler, whole: bool) -> f32 {
    if whole {
        ruler.sizes().hint
    } else {
        ruler.font(LEAST_MM)
    }
}

fn lay(ruler: &Ruler, title: &str, hint: &str, cards: &[Card]) -> Grid {
    let tokens = ruler.sizes();
    // A card has its number in between; nothing of it gives way.
    let words = |at: usize, room: RowRoom| {
        let (card, width): (&Card, f32) = (&cards[at], room.width);
        let hint = hint_size(ruler, room.lines);
        let name = if card.number.is_empty() { room.text } else { hint };
        let whole = ruler.holds_words(&card.name, name, true, width)
            && ruler.wide(&card.number, room.text, true) <= width
            && ruler.holds_words(&card.words, hint, false, width);
        whole.then(|| {
            ruler.high(&card.name, name, true, width)
                + ruler.high(&card.number, room.text, true, width)
                + ruler.high(&card.words, hint, false, width)
        })
    };
    let needs = GridNeeds {
        title,
        section: "",
        hint,
        keeps_hint: true,
        problem: "",
        count: cards.len(),
        high: &words,
        beside: 2.0 * tokens.pad,
        least_mm: 20.0,
        one_will_do: true,
        one_page: false,
        most: 3,
    };
    grid(ruler, &tokens, &needs)
}

pub(super) fn fill(
    front: &Front,
    state: &mut State,
    title: &str,
    hint: &str,
    cards: &[Card],
    done: &SharedString,
) -> Screen {
    let ruler = state.ruler();
    let mut layout = lay(&ruler, title, hint, cards);
    let mut said = Vec::new();
    let (mut hint, mut cards) = (hint, cards);
    if !layout.fits() && !hint.is_empty() {
        // No room for a card below it: what must be said is the first card.
        said.push(Card {
            name: std::mem::take(&mut hint).to_owned(),
            number: String::new(),
            words: String::new(),
        });
        said.extend_from_slice(cards);
        cards = &said;
        layout = lay(&ruler, title, hint, cards);
    }
    let pages = layout.pages.len();
    state.turn = state.turn.min(pages - 1);
    let page = layout.page(state.turn);
    let shown = cards[page.rows.clone()].iter();
    let shown: Vec<NumberRow> = shown
        .map(|card| NumberRow {
            name: card.name.as_str().into(),
            number: card.number.as_str().into(),
            words: card.words.as_str().into(),
        })
        .collect();
    let numbers = Numbers::get(&front.app);
    numbers.set_title(title.into());
    numbers.set_title_size(layout.title);
    numbers.set_hint(hint.into());
    numbers.set_rows(ModelRc::new(VecModel::from(shown)));
    numbers.set_columns(i32::try_from(layout.columns).unwrap_or(1));
    numbers.set_row_height(page.row_height);
    numbers.set_label_size(layout.text);
    numbers.set_hint_size(hint_size(&ruler, layout.with_lines));
    numbers.set_page(page_of(front, state.turn, pages));
    numbers.set_has_more(state.turn + 1 < pages);
    numbers.set_has_fewer(state.turn > 0);
    numbers.set_done_words(done.clone());
    numbers.set_card(SharedString::default());
    Screen::Numbers
}

/// "2 of 3"; nothing when there is one page.
pub(super) fn page_of(front: &Front, turn: usize, pages: usize) -> SharedString {
    if pages < 2 {
        return SharedString::default();
    }
    let sentence = front.phrases().get_page_of();
    filled_in(&sentence, &[&(turn + 1).to_string(), &pages.to_string()]).into()
}
