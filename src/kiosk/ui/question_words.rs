//! What is said around a question: its main button, the button beside it, and why an answer was not taken.
//!
//! Used by the files of the pages that ask. It says nothing of what was answered.

use slint::{Model, SharedString};

use super::front::{Front, filled_in};
use crate::form::{AnswerProblem, Question};
use crate::machine::{Page, Press, QuestionView};

/// "Other ways" where the form has some, else "Rather not say" where it is offered.
pub(super) fn aside_words(front: &Front, question: &Question) -> SharedString {
    if !question.ways.is_empty() {
        front.phrases().get_other_ways()
    } else if question.decline {
        front.phrases().get_rather_not_say()
    } else {
        SharedString::default()
    }
}

/// "Rather not say", and on to the next page; but where going on is Send, only Send's own button does that.
pub(super) fn decline(front: &Front, question: usize) {
    let sends = match front.state.borrow().view.as_deref().map(|view| &view.page) {
        Some(Page::Question(asked)) => asked.sends,
        _ => false,
    };
    front.tell(Press::Decline(question));
    if !sends {
        front.tell(Press::Next);
    }
}

/// What the main button of a question does: Continue, or Send where Continue is what sends it.
pub(super) fn go_words(front: &Front, asked: &QuestionView) -> SharedString {
    let phrases = front.phrases();
    if asked.sends {
        phrases.get_check().row_data(2).unwrap_or_default()
    } else {
        phrases.get_continue()
    }
}

/// No more of it finds room: the field goes back to what is kept.
pub(super) const fn is_too_long(problem: Option<AnswerProblem>) -> bool {
    matches!(
        problem,
        Some(
            AnswerProblem::TooManyLetters { .. }
                | AnswerProblem::TooManyBytes { .. }
                | AnswerProblem::TooManyLines { .. }
                | AnswerProblem::PoolFull
        )
    )
}

/// Why the answer was not taken, or why Continue did not go on; kindly.
pub(super) fn problem(front: &Front, asked: &QuestionView) -> SharedString {
    let phrases = front.phrases();
    if asked.needs_answer {
        let words = front
            .question(asked)
            .is_some_and(|question| question.kind.text_bytes_most() > 0 && question.kind.choices().is_empty());
        return if words {
            phrases.get_needs_words()
        } else {
            phrases.get_needs_answer()
        };
    }
    match asked.problem {
        Some(AnswerProblem::TooManyChoices { most }) => filled_in(&phrases.get_at_most(), &[&most.to_string()]).into(),
        problem if is_too_long(problem) => phrases.get_too_long(),
        Some(_) => phrases.get_does_not_fit(),
        None if !asked.dropped.is_empty() => phrases.get_dropped(),
        None => SharedString::default(),
    }
}
