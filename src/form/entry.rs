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
