//! Whether the longest answers to a form fit the fixed size of a report, word by word and byte by byte.
//!
//! Called when a form is loaded, so that no report can be too large when somebody presses Send. It counts and refuses
//! nothing itself beyond naming the excess; how answers are coded is the business of `report`.

use alloc::format;

use super::check::Problems;
use super::definition::{FormDefinition, Question, QuestionKind};
use super::meaning::Meaning;
use crate::limits::{
    AFTER_STORY_BYTES, EXCLUSION_TEXT_BYTES, REPORT_FRAME_BYTES, REPORT_FRAME_FIXED_BYTES, STORY_BYTES, TEXT_POOL_BYTES,
};

/// Bytes of a postcard varint.
const fn varint_bytes(number: usize) -> usize {
    let mut bytes = 1;
    let mut rest = number >> 7;
    while rest > 0 {
        bytes += 1;
        rest >>= 7;
    }
    bytes
}

/// The longest varint of an `i32`.
const NUMBER_BYTES: usize = 5;
/// State (given or declined) and kind of value.
const TAG_BYTES: usize = 2;

impl Question {
    /// Bytes that an answer takes at most when it is coded with postcard, its words not counted.
    pub fn coded_bytes_most(&self) -> usize {
        varint_bytes(usize::from(self.code)) + TAG_BYTES + self.kind.coded_bytes_most()
    }
}

impl QuestionKind {
    fn coded_bytes_most(&self) -> usize {
        let code_bytes = |code: u16| varint_bytes(usize::from(code));
        let longest_code = || {
            self.choices()
                .iter()
                .map(|choice| code_bytes(choice.code))
                .max()
                .unwrap_or(0)
        };
        let range = varint_bytes(TEXT_POOL_BYTES) + varint_bytes(self.text_bytes_most());
        match self {
            Self::OneChoice { .. } => longest_code(),
            Self::ManyChoices { most, .. } => varint_bytes(*most) + most * longest_code(),
            Self::YesNoNotSure { .. } => 1,
            Self::LongText { .. } | Self::ShortText { .. } | Self::Phone | Self::Email | Self::ReferenceCode => range,
            // Year 2, month, day, which of the four shapes, and whether it is about.
            Self::Date => 6,
            // Hour and minute, or the code of a part of the day, after which of the two it is.
            Self::TimeOfDay { .. } => 1 + longest_code().max(2),
            Self::Place { .. } => longest_code() + 1 + range,
            Self::Number { .. } => NUMBER_BYTES,
            Self::Statement => 0,
        }
    }
}

/// Reports what would not fit: the story, the other words, the names in the slip, the coded answers.
pub(super) fn check(form: &FormDefinition, problems: &mut Problems) {
    let is_story = |question: &&Question| matches!(question.kind, QuestionKind::LongText { .. });
    let words = |question: &Question| question.kind.text_bytes_most();
    let story: usize = form.questions.iter().filter(is_story).map(words).sum();
    let others: usize = form
        .questions
        .iter()
        .filter(|question| !is_story(question))
        .map(words)
        .sum();
    if story > STORY_BYTES {
        let what = format!("the long texts together may take {story} bytes; at most {STORY_BYTES} fit a report");
        problems.add("", what);
    }
    if others > AFTER_STORY_BYTES {
        let what = format!(
            "the words besides the long texts together may take {others} bytes; at most {AFTER_STORY_BYTES} fit a report"
        );
        problems.add("", what);
    }
    let names = |question: &&Question| question.given_means.contains(&Meaning::Exclusion);
    let named: usize = form.questions.iter().filter(names).map(words).sum();
    if named > EXCLUSION_TEXT_BYTES {
        let what = format!("who must not see it may take {named} bytes; at most {EXCLUSION_TEXT_BYTES} fit the slip");
        problems.add("", what);
    }
    let coded: usize = form
        .questions
        .iter()
        .filter(|q| q.kind != QuestionKind::Statement)
        .map(Question::coded_bytes_most)
        .sum();
    let room = REPORT_FRAME_BYTES - REPORT_FRAME_FIXED_BYTES;
    if coded > room {
        let what = format!("the coded answers together may take {coded} bytes; at most {room} fit a report");
        problems.add("", what);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::{Answer, Approximate, DateValue, TimeValue, Value};

    /// The figures are held against postcard itself, with the answer as the entry keeps it.
    #[test]
    fn no_coded_value_is_longer_than_was_counted() {
        #[derive(serde::Serialize)]
        enum Coded {
            Date(DateValue),
            Time(TimeValue),
            Number(i32),
            Code(u16),
            Many(alloc::vec::Vec<u16>),
        }
        let coded = |value: &Coded| postcard::to_allocvec(value).unwrap().len() - 1;
        assert_eq!(
            coded(&Coded::Date(DateValue::Day(2200, 12, 31, Approximate::Exact))),
            QuestionKind::Date.coded_bytes_most()
        );
        let parts = QuestionKind::TimeOfDay { choices: [].into() };
        assert_eq!(coded(&Coded::Time(TimeValue::Clock(23, 59))), parts.coded_bytes_most());
        assert_eq!(coded(&Coded::Number(i32::MIN)), NUMBER_BYTES);
        for code in [1_u16, 127, 128, 16_383, 16_384, u16::MAX] {
            assert_eq!(coded(&Coded::Code(code)), varint_bytes(code.into()), "{code}");
        }
        assert_eq!(
            coded(&Coded::Many(alloc::vec![300; 24])),
            varint_bytes(24) + 24 * varint_bytes(300)
        );
        // Kept here so that a new kind of value makes somebody look at this table.
        match Answer::Given(Value::Choice(1)) {
            Answer::Given(
                Value::Choice(_)
                | Value::Choices(_)
                | Value::YesNo(_)
                | Value::Text(_)
                | Value::Number(_)
                | Value::Date(_)
                | Value::Time(_)
                | Value::Place { .. },
            )
            | Answer::Declined
            | Answer::Unanswered
            | Answer::NotAsked => {}
        }
    }
}
