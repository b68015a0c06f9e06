//! The spot of a place in words, and a clock time in digits: pages that open from a question that is answered by choosing.
//!
//! Called by `choose`, `write` and the front. Both can be left empty; nobody has to know a time by twenty-four hours.

use heard_ui::{AnswerRow, Screen};
use slint::{Model, SharedString};

use super::choose::{List, put_list};
use super::front::{Front, Local, State, filled_in};
use super::grid::one_page;
use super::question_words::{is_too_long, problem};
use super::typing::{self, Typing};
use crate::form::{Given, QuestionKind, TimeValue};
use crate::machine::{Page, Press, QuestionView, View};

fn asked(view: Option<&View>) -> Option<&QuestionView> {
    match &view?.page {
        Page::Question(asked) => Some(asked),
        _ => None,
    }
}

/// Whether the page of the spot comes before the next question.
pub(super) fn asks_spot(kind: &QuestionKind, given: Option<&Given>) -> bool {
    matches!(kind, QuestionKind::Place { letters, .. } if *letters > 0) && matches!(given, Some(Given::Place { .. }))
}

/// Every letter of the spot goes to the machine at once, as every other word does.
pub(super) fn spot_edited(front: &Front, text: &str) {
    let press = {
        let state = front.state.borrow();
        let Some(asked) = asked(state.view.as_deref()) else {
            return;
        };
        let Some(Given::Place { place, .. }) = &asked.given else {
            return;
        };
        let spot = (!text.trim().is_empty()).then(|| text.to_owned());
        Press::Answer(asked.question, Given::Place { place: *place, spot })
    };
    front.tell(press);
}

pub(super) fn spot_done(front: &Front) {
    front.open(None);
    front.tell(Press::Next);
}

pub(super) fn fill_spot(front: &Front, state: &mut State, asked: &QuestionView, is_new: bool) -> Screen {
    let words = front.phrases().get_spot();
    let word = |at| words.row_data(at).unwrap_or_default();
    let spot = match &asked.given {
        Some(Given::Place { spot: Some(spot), .. }) => spot.as_str(),
        _ => "",
    };
    let typing = Typing {
        title: word(0),
        problem: problem(front, asked),
        hint: word(1),
        text: spot,
        ..Typing::default()
    };
    typing::fill(front, state, is_new || is_too_long(asked.problem), typing)
}

/// The row below the parts of the day, with the time when one was given.
pub(super) fn clock_row(front: &Front, given: Option<&Given>) -> String {
    let words = front.phrases().get_clock();
    let word = |at| words.row_data(at).unwrap_or_default();
    match given {
        Some(Given::Time(TimeValue::Clock(hour, minute))) => filled_in(&word(1), &[&format!("{hour:02}:{minute:02}")]),
        _ => word(0).into(),
    }
}

/// `930`, `0930`, `9`, `21:30` as hour and minute.
fn read(typed: &str) -> Option<(u8, u8)> {
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let number: u16 = digits.parse().ok()?;
    let (hour, minute) = match digits.len() {
        1 | 2 => (number, 0),
        3 | 4 => (number / 100, number % 100),
        _ => return None,
    };
    let (hour, minute) = (u8::try_from(hour).ok()?, u8::try_from(minute).ok()?);
    (hour < 24 && minute < 60).then_some((hour, minute))
}

/// A time was typed: one of the first twelve hours could also be in the evening.
pub(super) fn clock_done(front: &Front, typed: &str) {
    match read(typed) {
        Some((hour @ 1..=12, minute)) if !typed.starts_with('0') => front.open(Some(Local::Half(hour, minute))),
        Some((hour, minute)) => give_time(front, hour, minute),
        None => {
            front.state.borrow_mut().refused = true;
            front.draw();
        }
    }
}

fn give_time(front: &Front, hour: u8, minute: u8) {
    let question = asked(front.state.borrow().view.as_deref()).map(|asked| asked.question);
    front.open(None);
    if let Some(question) = question {
        front.tell(Press::Answer(question, Given::Time(TimeValue::Clock(hour, minute))));
    }
}

pub(super) fn fill_clock(front: &Front, state: &mut State, is_new: bool) -> Screen {
    let words = front.phrases().get_clock();
    let said = [2, 3, 4].map(|at| words.row_data(at).unwrap_or_default());
    typing::fill_digits(front, state, is_new, said)
}

/// Both halves of the day: what is shown, and the hour of twenty-four.
const fn halves(hour: u8) -> [u8; 2] {
    let morning = hour % 12;
    [morning, morning + 12]
}

pub(super) fn half_pressed(front: &Front, hour: u8, minute: u8, at: usize) {
    if let Some(hour) = halves(hour).get(at) {
        give_time(front, *hour, minute);
    }
}

pub(super) fn fill_half(front: &Front, state: &State, hour: u8, minute: u8) -> Screen {
    let words = front.phrases().get_clock();
    let word = |at| words.row_data(at).unwrap_or_default();
    let row = |(at, hour): (usize, u8)| AnswerRow {
        label: filled_in(&word(6 + at), &[&format!("{hour:02}:{minute:02}")]).into(),
        hint: SharedString::default(),
        chosen: false,
        covered: false,
    };
    let rows: Vec<AnswerRow> = halves(hour).into_iter().enumerate().map(row).collect();
    let ruler = state.ruler();
    let title = word(5);
    let (layout, label_size) = one_page(&ruler, &title, &rows, state.looks.text.answer_mm(), 2);
    let list = List {
        title: title.clone(),
        title_size: layout.title,
        label_size,
        columns: layout.columns,
        row_height: layout.page(0).row_height,
        rows,
        pages: 1,
        go: SharedString::default(),
    };
    put_list(front, state, list)
}

#[cfg(test)]
mod tests {
    use super::{halves, read};

    #[test]
    fn times_are_read_as_they_are_said() {
        let table = [
            ("930", Some((9, 30))),
            ("0930", Some((9, 30))),
            ("9", Some((9, 0))),
            ("2130", Some((21, 30))),
            ("21:30", Some((21, 30))),
            ("000", Some((0, 0))),
            ("2400", None),
            ("960", None),
            ("", None),
            ("12345", None),
        ];
        for (typed, time) in table {
            assert_eq!(read(typed), time, "{typed}");
        }
        assert_eq!((halves(9), halves(12)), ([9, 21], [0, 12]));
    }
}
