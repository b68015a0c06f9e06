//! An answer as it was given, in words, on a page of its own behind "Show" (SAFETY 5).
//!
//! Called by `check`. What it puts on the screen is taken off again with the page.

use heard_ui::Screen;
use slint::Model;

use super::dates;
use super::front::{Front, State};
use super::reading::{self, Words};
use crate::form::{Given, Question, TimeValue};
use crate::machine::View;

fn label(question: &Question, code: u16, language: &str) -> String {
    let choice = question.kind.choices().iter().find(|choice| choice.code == code);
    choice
        .map(|choice| choice.label.get(language).to_owned())
        .unwrap_or_default()
}

/// One paragraph for each line that was written, or for each choice.
fn in_words(front: &Front, question: &Question, given: &Given, language: &str) -> Vec<String> {
    match given {
        Given::Text(text) => text.lines().map(String::from).collect(),
        Given::Number(number) => vec![number.to_string()],
        Given::Choice(code) => vec![label(question, *code, language)],
        Given::Choices(codes) => codes.iter().map(|code| label(question, *code, language)).collect(),
        Given::YesNo(answer) => {
            let own = label(question, answer.code(), language);
            let words = front.phrases().get_yes_no();
            let plain = words.row_data(usize::from(answer.code().saturating_sub(1)));
            vec![if own.is_empty() {
                plain.unwrap_or_default().into()
            } else {
                own
            }]
        }
        Given::Date(date) => vec![dates::in_words(front, *date)],
        Given::Time(TimeValue::Clock(hour, minute)) => vec![format!("{hour:02}:{minute:02}")],
        Given::Time(TimeValue::Part(code)) => vec![label(question, *code, language)],
        Given::Place { place, spot } => {
            let place = label(question, *place, language);
            std::iter::once(place).chain(spot.clone()).collect()
        }
    }
}

pub(super) fn fill(front: &Front, state: &mut State, view: &View, question: &Question, given: &Given) -> Screen {
    let words = front.phrases().get_show_row();
    let word = |at| words.row_data(at).unwrap_or_default();
    let page = Words {
        title: question.ask.get(&view.language).to_owned(),
        paragraphs: in_words(front, question, given, &view.language),
        ways: vec![word(8).into()],
        go: word(9),
        ..Words::default()
    };
    reading::put(front, state, page)
}
