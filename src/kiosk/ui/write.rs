//! Pages on which something is typed: words, a name, a number, an address, a reference code.
//!
//! Called by the front. Every letter is handed to the machine at once, so that Hide, Stop and a lost moment lose nothing;
//! what the machine does not keep stays in the front, a code until it is handed over and an addition until it is known to
//! be kept, and is wiped.

use std::rc::Rc;

use heard_ui::{KeyRow, Screen, Write};
use slint::platform::{Key, WindowEvent};
use slint::{ComponentHandle, Global, Model, SharedString};
use zeroize::Zeroizing;

use super::front::{Front, Local, State, filled_in};
use super::keyboard::{Act, Board, Face, Layer, Paging};
use super::question_words::{aside_words, decline, go_words, is_too_long, problem};
use super::sizes::{Ruler, Said, TextSize};
use super::words_in::in_place;
use super::{dates, fonts, near, saved, typing, when_where};
use crate::form::{Given, Question, QuestionKind};
use crate::machine::{Page, Press, QuestionView, View};
use crate::mailbox::ReferenceCode;

/// Below so many words the room that is left is said.
const ROOM_SAID_BELOW: usize = 150;
/// Letters of a word with its space, about.
const LETTERS_OF_A_WORD: usize = 6;

pub(super) fn connect(front: &Rc<Front>) {
    let write = Write::get(&front.app);
    let weak = Rc::downgrade(front);
    write.on_edited(move |text| {
        if let Some(front) = weak.upgrade() {
            edited(&front, &text);
        }
    });
    let weak = Rc::downgrade(front);
    write.on_key(move |at| {
        if let Some(front) = weak.upgrade() {
            key(&front, at);
        }
    });
    let weak = Rc::downgrade(front);
    write.on_turn_layer(move || {
        if let Some(front) = weak.upgrade() {
            turn_face(&front, Face::Accents);
        }
    });
    let weak = Rc::downgrade(front);
    write.on_aside_pressed(move || {
        if let Some(front) = weak.upgrade() {
            aside(&front);
        }
    });
    let weak = Rc::downgrade(front);
    write.on_go_on(move || {
        if let Some(front) = weak.upgrade() {
            go_on(&front);
        }
    });
}

fn question_index(front: &Front) -> Option<usize> {
    let state = front.state.borrow();
    match (&state.view.as_ref()?.page, state.local) {
        (Page::Question(asked), None) => Some(asked.question),
        _ => None,
    }
}

fn edited(front: &Front, text: &str) {
    let local = front.state.borrow().local;
    match (question_index(front), local) {
        (Some(question), _) => {
            let press = if text.trim().is_empty() {
                Press::Clear(question)
            } else {
                Press::Answer(question, Given::Text(text.to_owned()))
            };
            front.tell(press);
        }
        (None, Some(Local::Spot)) => when_where::spot_edited(front, text),
        (None, Some(Local::Adding(kind))) => typing::addition_edited(front, kind, text),
        (None, _) => {
            {
                let mut state = front.state.borrow_mut();
                state.typed = Zeroizing::new(text.to_owned());
                state.refused = false;
            }
            front.tell(Press::Touched);
        }
    }
    near::put(front, &front.state.borrow());
    put_direction(&Write::get(&front.app));
}

/// From right to left as soon as the words do.
fn put_direction(write: &Write<'_>) {
    let is_letter = |letter: &char| letter.is_alphabetic();
    let first = write.get_words().chars().find(is_letter);
    write.set_from_right(first.is_some_and(fonts::runs_from_right));
}

fn key(front: &Front, at: i32) {
    let (layer, ruler) = {
        let state = front.state.borrow();
        (state.layer, state.ruler())
    };
    let act = match usize::try_from(at) {
        Ok(at) => board(front, &ruler, layer, has_lines(front))
            .keys
            .get(at)
            .map(|(_, act)| *act),
        Err(_) => Some(Act::Type(' ')),
    };
    let text: SharedString = match act {
        Some(Act::Type(letter)) => letter.into(),
        Some(Act::Delete) => Key::Backspace.into(),
        Some(Act::NewLine) => Key::Return.into(),
        Some(Act::Capitals) => return turn_face(front, Face::Capitals),
        Some(Act::Signs) => return turn_face(front, Face::Signs),
        Some(Act::Other) => {
            let second = !layer.second;
            return turn_layer(front, Layer { second, ..layer });
        }
        None => return,
    };
    let window = front.app.window();
    // It may have been a finger that brought this key.
    let by_keys = front.are_keys_in_use();
    let _ = window.dispatch_event_with_result(WindowEvent::KeyPressed { text: text.clone() });
    let _ = window.dispatch_event_with_result(WindowEvent::KeyReleased { text });
    front.keys_in_use(by_keys);
    // One capital, then small letters again.
    if layer.face == Face::Capitals && matches!(act, Some(Act::Type(_))) {
        turn_face(front, Face::Letters);
    }
}

/// To other letters, or from them back to the small ones. Capitals come with the page of the board that is open.
fn turn_face(front: &Front, face: Face) {
    let layer = front.state.borrow().layer;
    let face = if layer.face == face { Face::Letters } else { face };
    let stays = matches!(layer.face, Face::Letters | Face::Capitals) && matches!(face, Face::Letters | Face::Capitals);
    let second = layer.second && stays;
    turn_layer(front, Layer { face, second });
}

fn turn_layer(front: &Front, layer: Layer) {
    let ruler = {
        let mut state = front.state.borrow_mut();
        state.layer = layer;
        state.ruler()
    };
    put_keys(front, &ruler, layer, has_lines(front));
}

fn has_lines(front: &Front) -> bool {
    let state = front.state.borrow();
    let Some(view) = state.view.as_ref() else { return false };
    match (&view.page, state.local) {
        (_, Some(Local::Adding(_))) => true,
        (Page::Question(asked), _) => front
            .question(asked)
            .is_some_and(|question| lines_of(&question.kind) > 1),
        _ => false,
    }
}

fn lines_of(kind: &QuestionKind) -> usize {
    match kind {
        QuestionKind::LongText { .. } => usize::MAX,
        QuestionKind::ShortText { lines, .. } => *lines,
        _ => 1,
    }
}

fn aside(front: &Front) {
    let Some(index) = question_index(front) else {
        // Beside the last four digits: back to the code.
        front.tell(Press::ShowCode);
        return;
    };
    let Some(question) = front.place.form.questions.get(index) else {
        return;
    };
    if question.ways.is_empty() {
        decline(front, index);
    } else {
        front.open(Some(Local::OtherWays));
    }
}

fn go_on(front: &Front) {
    if let Some(index) = question_index(front) {
        let fits = {
            let text = Write::get(&front.app).get_words();
            let state = front.state.borrow();
            let problem = match state.view.as_ref().map(|view| &view.page) {
                Some(Page::Question(asked)) => asked.problem.is_some() && !is_too_long(asked.problem),
                _ => false,
            };
            text.trim().is_empty() || !problem
        };
        if fits {
            front.tell(Press::Next);
        } else {
            let text = Write::get(&front.app).get_words();
            front.state.borrow_mut().refused = true;
            front.tell(Press::Answer(index, Given::Text(text.into())));
            front.draw();
        }
        return;
    }
    let (local, typed) = {
        let state = front.state.borrow();
        (state.local, state.typed.clone())
    };
    match local {
        Some(Local::Adding(kind)) => typing::addition_done(front, kind),
        Some(Local::Spot) => when_where::spot_done(front),
        Some(Local::Clock) => when_where::clock_done(front, &typed),
        Some(Local::Date) => dates::date_done(front, &typed),
        Some(_) => front.open(None),
        None if on_saved_page(front) => saved::last_four_done(front, typed),
        None => match ReferenceCode::parse(&typed) {
            Ok(code) => {
                front.state.borrow_mut().typed = Zeroizing::default();
                front.tell(Press::Code(code));
            }
            Err(_) => {
                front.state.borrow_mut().refused = true;
                front.draw();
            }
        },
    }
}

fn on_saved_page(front: &Front) -> bool {
    let state = front.state.borrow();
    matches!(state.view.as_ref().map(|view| &view.page), Some(Page::Saved(_)))
}

fn board(front: &Front, ruler: &Ruler, layer: Layer, lines: bool) -> Board {
    let names: Vec<String> = front.phrases().get_key_names().iter().map(String::from).collect();
    Board::new(layer, Paging::of(ruler), lines, &names)
}

pub(super) fn put_keys(front: &Front, ruler: &Ruler, layer: Layer, lines: bool) {
    let write = Write::get(&front.app);
    let board = board(front, ruler, layer, lines);
    write.set_key_columns(board.columns);
    write.set_key_rows(board.rows);
    let rows: Vec<KeyRow> = board.keys.into_iter().map(|(row, _)| row).collect();
    let shown = write.get_keys();
    // The same keys with other letters: the one that has the focus keeps it.
    if let Some(keys) = in_place(&shown, rows) {
        write.set_keys(keys);
    }
    write.set_large_keys(ruler.text >= TextSize::Large);
    write.set_has_space(!layer.face.is_pad());
    let other = match layer.face {
        Face::Pad | Face::Digits => "",
        Face::Accents => "abc",
        _ => "é à ñ",
    };
    write.set_other_layer(other.into());
}

/// A question that is answered by typing.
pub(super) fn fill(
    front: &Front,
    state: &mut State,
    view: &View,
    asked: &QuestionView,
    question: &Question,
    is_new: bool,
) -> Screen {
    let write = Write::get(&front.app);
    if is_new || is_too_long(asked.problem) {
        let text = match &asked.given {
            Some(Given::Text(text)) => SharedString::from(text.as_str()),
            Some(Given::Number(number)) => SharedString::from(number.to_string()),
            _ => SharedString::default(),
        };
        write.set_words(text);
    }
    if is_new {
        // Half an answer: what it should be is said as soon as the page is back.
        state.refused |= asked.problem.is_some();
        state.layer = match question.kind {
            QuestionKind::Phone => Face::Pad.into(),
            QuestionKind::ReferenceCode | QuestionKind::Number { .. } => Face::Digits.into(),
            _ => state.layer,
        };
    }
    // Not only on a new page: the text or the window may have another size now.
    put_keys(front, &state.ruler(), state.layer, lines_of(&question.kind) > 1);
    write.set_single_line(lines_of(&question.kind) == 1);
    write.set_title(question.ask.get(&view.language).into());
    let phrases = front.phrases();
    let said = match (&question.kind, asked.problem) {
        // Said only after Continue: half a number is not a wrong number.
        (QuestionKind::Phone, Some(_)) if state.refused => phrases.get_phone_shape(),
        (QuestionKind::Email, Some(_)) if state.refused => phrases.get_email_shape(),
        (QuestionKind::ReferenceCode, Some(_)) if state.refused => phrases.get_code_shape(),
        (QuestionKind::Phone | QuestionKind::Email | QuestionKind::ReferenceCode, Some(_)) => SharedString::default(),
        _ => problem(front, asked),
    };
    write.set_problem(said);
    state.digits = !matches!(
        question.kind,
        QuestionKind::LongText { .. } | QuestionKind::ShortText { .. }
    );
    write.set_room(near::room(front, state, room(front, asked, &question.kind)));
    share_room(&write, state);
    near::put(front, state);
    write.set_aside(aside_words(front, question));
    write.set_aside_chosen(asked.declined);
    write.set_go(go_words(front, asked));
    Screen::Write
}

/// Title and box share what the keys leave.
pub(super) fn share_room(write: &Write<'_>, state: &State) {
    let (title, problem, room) = (write.get_title(), write.get_problem(), write.get_room());
    let rows = usize::try_from(write.get_key_rows()).unwrap_or(0);
    let typing = state.ruler().typing(&Said {
        title: &title,
        problem: &problem,
        room: &room,
        rows,
        single_line: write.get_single_line(),
    });
    write.set_title_size(typing.title);
    write.set_words_size(typing.words);
    write.set_with_air(typing.with_air);
    put_direction(write);
    write.set_least_height(typing.least);
    if !typing.with_room {
        write.set_room(SharedString::default());
    }
}

/// Said in time, and not before.
fn room(front: &Front, asked: &QuestionView, kind: &QuestionKind) -> SharedString {
    let bytes_of_a_letter = match &asked.given {
        Some(Given::Text(text)) if !text.is_empty() => text.len().div_ceil(text.chars().count().max(1)),
        _ => 1,
    };
    let letters = asked.room.letters.min(asked.room.bytes / bytes_of_a_letter.max(1));
    match kind {
        QuestionKind::LongText { .. } => words_left(front, letters),
        QuestionKind::ShortText { .. } if letters < 20 => {
            filled_in(&front.phrases().get_letters_left(), &[&letters.to_string()]).into()
        }
        _ => SharedString::default(),
    }
}

/// "Room for about 40 more words"; nothing while there is plenty.
pub(super) fn words_left(front: &Front, letters: usize) -> SharedString {
    let words = letters / LETTERS_OF_A_WORD;
    if words >= ROOM_SAID_BELOW {
        return SharedString::default();
    }
    filled_in(&front.phrases().get_room(), &[&words.to_string()]).into()
}

/// No other page keeps what was typed.
pub(super) fn forget(front: &Front) {
    let write = Write::get(&front.app);
    if !write.get_words().is_empty() {
        write.set_words(SharedString::default());
    }
    write.set_covered(SharedString::default());
}
