//! Puts checked answers into `Filled` and takes them out again, keeping the pool without gaps.
//!
//! Called by the entry, and by whoever shows or writes answers. It checks nothing but room: what may be answered is the
//! business of the entry. Words that are replaced are overwritten, not merely forgotten.

use alloc::string::String;
use alloc::vec::Vec;
use core::mem;
use zeroize::Zeroize;

use super::answer::{Answer, ChoiceList, Given, TextRange, Value};
use super::filled::Filled;
use super::text_pool::{PoolFull, TextPool};

impl Answer {
    /// The range of the words of the answer, when it has words.
    pub(super) fn words(&self) -> Option<TextRange> {
        match self {
            Self::Given(Value::Text(range) | Value::Place { spot: Some(range), .. }) => Some(*range),
            _ => None,
        }
    }

    fn words_mut(&mut self) -> Option<&mut TextRange> {
        match self {
            Self::Given(Value::Text(range) | Value::Place { spot: Some(range), .. }) => Some(range),
            _ => None,
        }
    }

    /// Overwrites what was chosen before the answer is forgotten.
    fn overwrite(&mut self) {
        match self {
            Self::Given(Value::Choice(code) | Value::Place { place: code, .. }) => code.zeroize(),
            Self::Given(Value::Choices(codes)) => codes.zeroize(),
            Self::Given(Value::Number(number)) => number.zeroize(),
            _ => {}
        }
    }
}

impl Filled {
    /// The answer to the question at the index as it was given, its words included; `None` when none was given.
    pub fn given(&self, question: usize) -> Option<Given> {
        let Some(Answer::Given(value)) = self.answers.get(question) else {
            return None;
        };
        Some(match value {
            Value::Choice(code) => Given::Choice(*code),
            Value::Choices(codes) => Given::Choices(codes.as_slice().into()),
            Value::YesNo(answer) => Given::YesNo(*answer),
            Value::Text(range) => Given::Text(self.text(*range).into()),
            Value::Number(number) => Given::Number(i64::from(*number)),
            Value::Date(date) => Given::Date(*date),
            Value::Time(time) => Given::Time(*time),
            Value::Place { place, spot } => Given::Place {
                place: *place,
                spot: spot.map(|range| String::from(self.text(range))),
            },
        })
    }

    /// Puts a checked answer in the place of whatever stood there. Changes nothing when there is no room.
    pub(super) fn put(&mut self, question: usize, given: &Given) -> Result<(), PoolFull> {
        let words = match given {
            Given::Text(words) | Given::Place { spot: Some(words), .. } => words.len(),
            _ => 0,
        };
        let given_back = self.answers[question]
            .words()
            .map_or(0, |range| usize::from(range.length));
        if words > self.words.room_bytes() + given_back {
            return Err(PoolFull);
        }
        let mut codes = ChoiceList::new();
        if let Given::Choices(chosen) = given {
            codes.extend_from_slice(chosen).map_err(|_| PoolFull)?;
        }
        self.set(question, Answer::Unanswered);
        let value = match given {
            Given::Choice(code) => Value::Choice(*code),
            Given::Choices(_) => Value::Choices(codes),
            Given::YesNo(answer) => Value::YesNo(*answer),
            Given::Text(words) => Value::Text(self.words.push(words)?),
            // Checked against bounds that are i32 themselves.
            Given::Number(number) => Value::Number(i32::try_from(*number).map_err(|_| PoolFull)?),
            Given::Date(date) => Value::Date(*date),
            Given::Time(time) => Value::Time(*time),
            Given::Place { place, spot } => Value::Place {
                place: *place,
                spot: spot.as_ref().map(|spot| self.words.push(spot)).transpose()?,
            },
        };
        self.answers[question] = Answer::Given(value);
        Ok(())
    }

    /// Sets an answer that holds no words and gives the room of the former words back.
    pub(super) fn set(&mut self, question: usize, answer: Answer) {
        let had_words = self.answers[question].words().is_some();
        self.answers[question].overwrite();
        self.answers[question] = answer;
        if had_words {
            self.repack();
        }
    }

    /// Closes the gaps in the pool: the words of present answers, back to back. The old pool is overwritten.
    pub(super) fn repack(&mut self) {
        let mut packed = TextPool::default();
        for answer in &mut self.answers {
            if let Some(range) = answer.words_mut() {
                let words = self.words.get(*range).unwrap_or("");
                // A selection of what fitted a pool fits a pool.
                *range = packed.push(words).unwrap_or_default();
            }
        }
        mem::swap(&mut self.words, &mut packed);
    }

    /// Forgets every answer and overwrites what was said.
    pub(super) fn wipe(&mut self) {
        self.answers.iter_mut().for_each(Answer::overwrite);
        let questions = self.answers.len();
        self.answers = Vec::from_iter(core::iter::repeat_n(Answer::Unanswered, questions));
        self.words.wipe();
    }
}
