//! A form being filled: takes answers, keeps relevance true, knows what is missing.
//!
//! Called by the session for pages and by the answers file. One owner, in memory only; wiped when dropped. Refuses an
//! answer that does not fit its question or that is not asked, and changes nothing when it refuses.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use super::answer::{Answer, Given, TimeValue, YesNo};
use super::constraint::{self, AnswerError, AnswerProblem};
use super::definition::{FormDefinition, Question, QuestionKind};
use super::filled::Filled;
use super::relevance;

/// A form and what has been answered so far. Debug prints counts only.
#[derive(Clone)]
pub struct FormEntry {
    form: Arc<FormDefinition>,
    order: Vec<usize>,
    filled: Filled,
}

/// Room left for the words of one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Letters (Unicode scalar values).
    pub letters: usize,
    /// Bytes, of the question's own bound and of the whole report, whichever is less.
    pub bytes: usize,
}

impl FormEntry {
    /// Nothing answered yet. A `language` that the form does not have becomes the form's first.
    pub fn new(form: Arc<FormDefinition>, language: &str) -> Self {
        let mut entry = Self {
            order: relevance::dependency_order(&form),
            filled: Filled::empty(&form, ""),
            form,
        };
        entry.set_language(language);
        entry.settle();
        entry
    }

    /// The form being filled.
    pub fn form(&self) -> &Arc<FormDefinition> {
        &self.form
    }

    /// Language tag in which it is being answered.
    pub fn language(&self) -> &str {
        &self.filled.language
    }

    /// Changes the language; one that the form does not have becomes the form's first.
    pub fn set_language(&mut self, language: &str) {
        let known = self.form.languages.iter().find(|tag| *tag == language);
        self.filled.language = known
            .or_else(|| self.form.languages.first())
            .cloned()
            .unwrap_or_default();
    }

    /// Answers a question that is asked. Returns the questions whose answers were dropped because a branch closed, so
    /// that the page can say so.
    ///
    /// # Errors
    /// The answer does not fit the question, is not asked, or finds no room; then nothing has changed.
    pub fn answer(&mut self, question: usize, given: &Given) -> Result<Vec<usize>, AnswerError> {
        self.asked(question)?;
        self.put(question, given)?;
        Ok(self.settle())
    }

    /// "Rather not say". Returns what was dropped with it, as [`Self::answer`] does.
    ///
    /// # Errors
    /// The question does not offer it or is not asked.
    pub fn decline(&mut self, question: usize) -> Result<Vec<usize>, AnswerError> {
        self.asked(question)?;
        self.put_declined(question)?;
        Ok(self.settle())
    }

    /// Takes an answer back. Returns what was dropped with it, the question itself not counted.
    pub fn clear(&mut self, question: usize) -> Vec<usize> {
        if matches!(self.state(question), Answer::NotAsked) {
            return Vec::new();
        }
        self.filled.set(question, Answer::Unanswered);
        self.settle()
    }

    /// Presses the button at `way` on the page of `question`: answers the question that it names. Returns what was
    /// dropped, as [`Self::answer`] does.
    ///
    /// # Errors
    /// There is no such button, or what it answers is not asked.
    pub fn take_way(&mut self, question: usize, way: usize) -> Result<Vec<usize>, AnswerError> {
        let form = Arc::clone(&self.form);
        let Some(way) = form.questions.get(question).and_then(|from| from.ways.get(way)) else {
            return Err(self.error(question, AnswerProblem::NoSuchWay));
        };
        let given = match form.questions[way.question].kind {
            QuestionKind::YesNoNotSure { .. } => {
                let answer = YesNo::ALL.into_iter().find(|answer| answer.code() == way.choice);
                Given::YesNo(answer.unwrap_or(YesNo::NotSure))
            }
            QuestionKind::TimeOfDay { .. } => Given::Time(TimeValue::Part(way.choice)),
            _ => Given::Choice(way.choice),
        };
        self.answer(way.question, &given)
    }

    /// What the question holds; `NotAsked` for an index that does not exist.
    pub fn state(&self, question: usize) -> &Answer {
        self.filled.answers.get(question).unwrap_or(&Answer::NotAsked)
    }

    /// The answer as it was given, words included, for its page; `None` when none was given.
    pub fn given(&self, question: usize) -> Option<Given> {
        self.filled.given(question)
    }

    /// The first required question on the core path that is still open; `None` when the report can be sent.
    pub fn missing(&self) -> Option<usize> {
        self.core_path().into_iter().find(|&index| {
            let question = &self.form.questions[index];
            let settled = match self.state(index) {
                Answer::Given(_) => true,
                Answer::Declined => question.decline,
                Answer::Unanswered | Answer::NotAsked => false,
            };
            question.required && !settled
        })
    }

    /// Room left beside the words that the question holds already; nothing for kinds without words.
    pub fn room(&self, question: usize) -> Room {
        let range = self.state(question).words().unwrap_or_default();
        self.room_with(question, self.filled.text(range))
    }

    /// Room left if the question held `draft` instead of what it holds: for a page on which somebody is typing.
    pub fn room_with(&self, question: usize, draft: &str) -> Room {
        let Some(Question { kind, .. }) = self.form.questions.get(question) else {
            return Room { letters: 0, bytes: 0 };
        };
        let bytes = kind.text_bytes_most();
        let letters = match kind {
            QuestionKind::LongText { letters, .. }
            | QuestionKind::ShortText { letters, .. }
            | QuestionKind::Place { letters, .. } => *letters,
            _ => bytes,
        };
        let held = self
            .state(question)
            .words()
            .map_or(0, |range| usize::from(range.length));
        let report = self.filled.words.room_bytes() + held;
        Room {
            letters: letters.saturating_sub(draft.chars().count()),
            bytes: bytes.min(report).saturating_sub(draft.len()),
        }
    }

    /// What has been answered.
    pub fn filled(&self) -> &Filled {
        &self.filled
    }

    /// Ends the entry and keeps the answers.
    pub fn into_filled(self) -> Filled {
        self.filled
    }

    /// Forgets every answer and overwrites what was said; the language stays.
    pub fn wipe(&mut self) {
        self.filled.wipe();
        self.settle();
    }

    /// Puts an answer without asking whether it is asked: an answers file may name questions in any order. Call
    /// [`Self::settle`] afterwards.
    pub(super) fn put(&mut self, question: usize, given: &Given) -> Result<(), AnswerError> {
        let Some(asked) = self.form.questions.get(question) else {
            return Err(self.error(question, AnswerProblem::NotAsked));
        };
        constraint::check(asked, given).map_err(|why| self.error(question, why))?;
        self.filled
            .put(question, given)
            .map_err(|_| self.error(question, AnswerProblem::PoolFull))
    }

    /// As [`Self::put`], for "rather not say".
    pub(super) fn put_declined(&mut self, question: usize) -> Result<(), AnswerError> {
        if !self
            .form
            .questions
            .get(question)
            .is_some_and(|question| question.decline)
        {
            return Err(self.error(question, AnswerProblem::DeclineNotOffered));
        }
        self.filled.set(question, Answer::Declined);
        Ok(())
    }

    /// Works relevance out again and gives the room of dropped words back.
    pub(super) fn settle(&mut self) -> Vec<usize> {
        let dropped = relevance::settle(&self.form, &self.order, &mut self.filled.answers);
        if !dropped.is_empty() {
            self.filled.repack();
        }
        dropped
    }

    /// Names the question in an error.
    pub(super) fn error(&self, question: usize, why: AnswerProblem) -> AnswerError {
        let id = self
            .form
            .questions
            .get(question)
            .map_or(String::new(), |question| question.id.clone());
        AnswerError { question: id, why }
    }

    fn asked(&self, question: usize) -> Result<(), AnswerError> {
        match self.state(question) {
            Answer::NotAsked => Err(self.error(question, AnswerProblem::NotAsked)),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for FormEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let given = self
            .filled
            .answers
            .iter()
            .filter(|answer| matches!(answer, Answer::Given(_)))
            .count();
        write!(f, "FormEntry({}, {given} given, {:?})", self.form.id, self.filled.words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::DateValue;
    use crate::form::samples::{every_kind, index};
    use alloc::format;
    use alloc::string::ToString;

    fn entry() -> (FormEntry, impl Fn(&str) -> usize) {
        let form = Arc::new(every_kind());
        let by_id = Arc::clone(&form);
        (FormEntry::new(form, "cy"), move |id: &str| index(&by_id, id))
    }

    fn words(text: &str) -> Given {
        Given::Text(text.into())
    }

    #[test]
    fn a_closed_branch_loses_its_answers_and_says_so() {
        let (mut entry, at) = entry();
        assert_eq!(*entry.state(at("hour")), Answer::NotAsked);
        let refused = entry.answer(at("hour"), &Given::Time(TimeValue::Part(1))).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "question hour: this is not asked, given the other answers; leave it out"
        );
        entry.answer(at("day"), &Given::Date(DateValue::NotSure)).unwrap();
        entry.answer(at("hour"), &Given::Time(TimeValue::Part(1))).unwrap();
        entry.answer(at("who"), &Given::Choices([2].into())).unwrap();
        entry.answer(at("not-to-see"), &words("Mx X")).unwrap();
        entry.decline(at("why")).unwrap();
        assert_eq!(entry.clear(at("day")), [at("hour")]);
        // The story was never answered: nothing to say about it.
        assert_eq!(
            entry.take_way(at("welcome"), 0),
            Ok([at("who"), at("why"), at("not-to-see")].into())
        );
        assert_eq!(*entry.state(at("not-to-see")), Answer::NotAsked);
        assert_eq!(entry.filled().words.as_str(), "");
        entry.answer(at("manner"), &Given::Choice(1)).unwrap();
        assert_eq!(*entry.state(at("who")), Answer::Unanswered);
    }

    #[test]
    fn words_that_are_replaced_give_their_room_back() {
        let (mut entry, at) = entry();
        entry.answer(at("story"), &words("first")).unwrap();
        let stairs = |spot: &str| Given::Place {
            place: 1,
            spot: Some(spot.into()),
        };
        entry.answer(at("where"), &stairs("second floor")).unwrap();
        for round in 0..100 {
            let story = format!("{}, told {round} times", "long ".repeat(70));
            entry.answer(at("story"), &words(&story)).unwrap();
            assert_eq!(entry.given(at("story")), Some(words(&story)));
            assert_eq!(entry.given(at("where")), Some(stairs("second floor")));
            assert_eq!(entry.filled().words.as_str().len(), story.len() + "second floor".len());
        }
        let before = entry.filled().clone();
        assert!(entry.answer(at("story"), &words(&"x".repeat(401))).is_err());
        assert!(entry.answer(at("story"), &Given::Number(1)).is_err());
        assert_eq!(*entry.filled(), before, "a refusal changes nothing");
        entry.wipe();
        assert_eq!(entry.filled().words.as_str(), "");
        assert!(
            entry
                .filled()
                .answers
                .iter()
                .all(|answer| matches!(answer, Answer::Unanswered | Answer::NotAsked))
        );
    }

    #[test]
    fn room_counts_letters_and_bytes() {
        let (mut entry, at) = entry();
        let story = at("story");
        assert_eq!(
            entry.room(story),
            Room {
                letters: 400,
                bytes: 1200
            }
        );
        entry.answer(story, &words("কখ")).unwrap();
        assert_eq!(
            entry.room(story),
            Room {
                letters: 398,
                bytes: 1194
            }
        );
        assert_eq!(
            entry.room_with(story, "four"),
            Room {
                letters: 396,
                bytes: 1196
            }
        );
        assert_eq!(entry.room(at("why")), Room { letters: 0, bytes: 0 });
    }

    #[test]
    fn what_is_required_is_named_until_it_is_there() {
        let (mut entry, at) = entry();
        assert_eq!(entry.missing(), Some(at("now")));
        let refused = entry.decline(at("now")).unwrap_err();
        assert_eq!(refused.why, AnswerProblem::DeclineNotOffered);
        entry.answer(at("now"), &Given::Choice(1)).unwrap();
        assert_eq!(entry.missing(), Some(at("reach")));
        entry.answer(at("reach"), &Given::Choice(2)).unwrap();
        assert_eq!(entry.missing(), Some(at("ring-number")));
        entry.answer(at("ring-number"), &words("+44 (0)161 496 0000")).unwrap();
        assert_eq!(entry.missing(), None);
        assert_eq!(
            entry.answer(at("reach"), &Given::Choice(1)).unwrap(),
            [at("ring-number")]
        );
        assert_eq!(entry.missing(), None);
    }

    #[test]
    fn nothing_that_was_said_shows_in_debug_and_errors() {
        let (mut entry, at) = entry();
        entry.answer(at("story"), &words("SECRET")).unwrap();
        let refused = entry.answer(at("mail-address"), &words("SECRET")).unwrap_err();
        let wrong = entry.answer(at("times"), &Given::Number(987_654)).unwrap_err();
        let printed = format!("{entry:?} {refused:?} {refused} {wrong:?} {wrong}");
        assert!(!printed.contains("SECRET") && !printed.contains("987654"), "{printed}");
        assert_eq!(wrong.to_string(), "question times: give a number from -2 to 500");
    }

    #[test]
    fn indices_that_do_not_exist_are_refused() {
        let (mut entry, at) = entry();
        assert_eq!(*entry.state(99), Answer::NotAsked);
        assert!(entry.answer(99, &Given::Choice(1)).is_err() && entry.decline(99).is_err());
        assert!(entry.clear(99).is_empty() && entry.given(99).is_none());
        assert_eq!(
            entry.take_way(at("welcome"), 7).unwrap_err().why,
            AnswerProblem::NoSuchWay
        );
        assert_eq!(entry.room(99), Room { letters: 0, bytes: 0 });
        entry.set_language("xx");
        assert_eq!(entry.language(), "en");
    }
}
