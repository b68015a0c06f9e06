//! Reads an answers file: a report's answers as JSON, for fronts without a screen.
//!
//! Called by `submit` and `demo --headless`. The shape is the one that `answers_json` writes. Nothing is repaired, and no
//! error quotes a value: an answers file holds what a resident wrote.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use super::answer::{Approximate, DateValue, Given, TimeValue, YesNo};
use super::check::is_id;
use super::constraint::{AnswerError, AnswerProblem, needed};
use super::definition::{Choice, FormDefinition, Question, QuestionKind};
use super::entry::FormEntry;
use super::json_value::{Json, Words};
use crate::limits::ANSWERS_FILE_BYTES_MOST;

/// What an answers file says, by question index of the form with which it was read. Debug prints counts only.
#[derive(Clone, PartialEq, Eq)]
pub struct AnswersFile {
    /// Language tag; one of the form's.
    pub language: String,
    /// Question index and answer, in the order of the file; `None` is "rather not say".
    pub answers: Vec<(usize, Option<Given>)>,
}

/// Why an answers file was refused. Quotes no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswersFileError {
    /// Larger than the bound; not read.
    TooLarge,
    /// Not JSON, or nested too deeply.
    NotJson {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// JSON, but not of the shape of an answers file; says what is needed.
    Shape(&'static str),
    /// The language is none of the form's, which are named.
    UnknownLanguage(Vec<String>),
    /// No question has this id. Without the id when it does not look like one.
    UnknownQuestion(Option<String>),
    /// The question is answered twice.
    AnsweredTwice(String),
    /// One answer was refused.
    Answer(AnswerError),
    /// The question is required and open.
    Missing(String),
}

impl fmt::Display for AnswersFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => write!(
                f,
                "the answers file is larger than {ANSWERS_FILE_BYTES_MOST} bytes; shorten it"
            ),
            Self::NotJson { line, column } => {
                write!(
                    f,
                    "the answers file is not JSON at line {line}, column {column}; correct it there"
                )
            }
            Self::Shape(needed) => write!(f, "the answers file needs {needed}"),
            Self::UnknownLanguage(known) => {
                write!(f, "the form has no such language; use one of: {}", known.join(", "))
            }
            Self::UnknownQuestion(Some(id)) => write!(f, "question {id} is not in the form; take it out"),
            Self::UnknownQuestion(None) => {
                f.write_str("the answers file has a question id that is not in the form; take it out")
            }
            Self::AnsweredTwice(id) => write!(f, "question {id} is answered twice; keep one answer"),
            Self::Answer(error) => error.fmt(f),
            Self::Missing(id) => write!(f, "question {id} is required; answer it"),
        }
    }
}

impl core::error::Error for AnswersFileError {}

impl From<AnswerError> for AnswersFileError {
    fn from(error: AnswerError) -> Self {
        Self::Answer(error)
    }
}

impl fmt::Debug for AnswersFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AnswersFile({} answers)", self.answers.len())
    }
}

/// What the file as a whole must be.
const SHAPE: AnswersFileError = AnswersFileError::Shape("{\"language\": …, \"answers\": {…}} and nothing else");

impl AnswersFile {
    /// Reads the file for one form. Ids turn into indices and codes; bounds are checked by [`fill`].
    ///
    /// # Errors
    /// One line that names the question or the place in the file, never a value.
    pub fn read(bytes: &[u8], form: &FormDefinition) -> Result<Self, AnswersFileError> {
        if bytes.len() > ANSWERS_FILE_BYTES_MOST {
            return Err(AnswersFileError::TooLarge);
        }
        // serde_json's own texts quote the input; only the place is taken over.
        let json: Json = serde_json::from_slice(bytes).map_err(|error| AnswersFileError::NotJson {
            line: error.line(),
            column: error.column(),
        })?;
        let Json::Map(entries) = json else {
            return Err(SHAPE);
        };
        let (mut language, mut answers) = (None, None);
        for (key, value) in entries {
            match (key.0.as_str(), value) {
                ("language", Json::Text(tag)) if language.is_none() => language = Some(tag),
                ("answers", Json::Map(entries)) if answers.is_none() => answers = Some(entries),
                _ => return Err(SHAPE),
            }
        }
        let (Some(language), Some(answers)) = (language, answers) else {
            return Err(SHAPE);
        };
        if !form.languages.contains(&language.0) {
            return Err(AnswersFileError::UnknownLanguage(form.languages.clone()));
        }
        Ok(Self {
            language: language.0.clone(),
            answers: read_answers(&answers, form)?,
        })
    }
}

fn read_answers(
    entries: &[(Words, Json)],
    form: &FormDefinition,
) -> Result<Vec<(usize, Option<Given>)>, AnswersFileError> {
    let mut answers: Vec<(usize, Option<Given>)> = Vec::new();
    for (key, value) in entries {
        let Some(index) = form.questions.iter().position(|question| question.id == key.0) else {
            return Err(AnswersFileError::UnknownQuestion(is_id(&key.0).then(|| key.0.clone())));
        };
        let question = &form.questions[index];
        if answers.iter().any(|(earlier, _)| *earlier == index) {
            return Err(AnswersFileError::AnsweredTwice(question.id.clone()));
        }
        let given = match value {
            Json::Null => None,
            value => Some(read_value(question, value).map_err(|why| AnswerError {
                question: question.id.clone(),
                why,
            })?),
        };
        answers.push((index, given));
    }
    Ok(answers)
}

/// Fills a form from a file read for it. The order in the file does not matter: an answer may stand before the one that
/// makes it relevant.
///
/// # Errors
/// An answer that does not fit, one that is not asked given the others, or a required question left open.
pub fn fill(form: Arc<FormDefinition>, file: &AnswersFile) -> Result<FormEntry, AnswersFileError> {
    let mut entry = FormEntry::new(form, &file.language);
    for (question, given) in &file.answers {
        match given {
            Some(given) => entry.put(*question, given)?,
            None => entry.put_declined(*question)?,
        }
    }
    if let Some(question) = entry.settle().first() {
        return Err(entry.error(*question, AnswerProblem::NotAsked).into());
    }
    match entry.missing() {
        Some(question) => Err(AnswersFileError::Missing(entry.form().questions[question].id.clone())),
        None => Ok(entry),
    }
}

fn read_value(question: &Question, value: &Json) -> Result<Given, AnswerProblem> {
    let kind = &question.kind;
    let wrong = AnswerProblem::WrongKind(needed(kind));
    match (kind, value) {
        (QuestionKind::Statement, _) => Err(AnswerProblem::Statement),
        (QuestionKind::OneChoice { choices }, Json::Text(id)) => code_of(choices, id).map(Given::Choice),
        (QuestionKind::ManyChoices { choices, .. }, Json::List(items)) => {
            let code = |item: &Json| match item {
                Json::Text(id) => code_of(choices, id),
                _ => Err(wrong),
            };
            items.iter().map(code).collect::<Result<_, _>>().map(Given::Choices)
        }
        (QuestionKind::YesNoNotSure { .. }, Json::Text(id)) => {
            let answer = YesNo::ALL.into_iter().find(|answer| answer.id() == id.0);
            answer.map(Given::YesNo).ok_or(AnswerProblem::UnknownChoice)
        }
        (
            QuestionKind::LongText { .. }
            | QuestionKind::ShortText { .. }
            | QuestionKind::Phone
            | QuestionKind::Email
            | QuestionKind::ReferenceCode,
            Json::Text(words),
        ) => Ok(Given::Text(words.0.clone())),
        (QuestionKind::Number { .. }, Json::Whole(number)) => Ok(Given::Number(*number)),
        (QuestionKind::Date, Json::Text(word)) if word.0 == YesNo::NotSure.id() => Ok(Given::Date(DateValue::NotSure)),
        (QuestionKind::Date, Json::Map(entries)) => read_date(entries, wrong),
        (QuestionKind::TimeOfDay { choices }, Json::Text(words)) => read_time(choices, words),
        (QuestionKind::Place { choices, .. }, Json::Map(entries)) => read_place(choices, entries, wrong),
        _ => Err(wrong),
    }
}

fn code_of(choices: &[Choice], id: &Words) -> Result<u16, AnswerProblem> {
    let choice = choices.iter().find(|choice| choice.id == id.0);
    choice.map(|choice| choice.code).ok_or(AnswerProblem::UnknownChoice)
}

fn read_date(entries: &[(Words, Json)], wrong: AnswerProblem) -> Result<Given, AnswerProblem> {
    let (mut date, mut about) = (None, None);
    for (key, value) in entries {
        match (key.0.as_str(), value) {
            ("date", Json::Text(text)) if date.is_none() => date = Some(text),
            ("about", Json::Bool(said)) if about.is_none() => about = Some(*said),
            _ => return Err(wrong),
        }
    }
    let about = match about {
        None => Approximate::Unsaid,
        Some(true) => Approximate::About,
        Some(false) => Approximate::Exact,
    };
    let text = date.ok_or(wrong)?.0.as_str();
    let bad = AnswerProblem::ImpossibleDate;
    let mut parts = text.split('-');
    let year = digits(parts.next(), 4).ok_or(bad)?;
    let month = parts.next().map(|part| small(Some(part)).ok_or(bad)).transpose()?;
    let day = parts.next().map(|part| small(Some(part)).ok_or(bad)).transpose()?;
    let value = match (month, day, parts.next()) {
        (None, None, None) => DateValue::Year(year, about),
        (Some(month), None, None) => DateValue::Month(year, month, about),
        (Some(month), Some(day), None) => DateValue::Day(year, month, day, about),
        _ => return Err(bad),
    };
    Ok(Given::Date(value))
}

fn read_time(choices: &[Choice], words: &Words) -> Result<Given, AnswerProblem> {
    let Some((hour, minute)) = words.0.split_once(':') else {
        return code_of(choices, words).map(|code| Given::Time(TimeValue::Part(code)));
    };
    match (small(Some(hour)), small(Some(minute))) {
        (Some(hour), Some(minute)) => Ok(Given::Time(TimeValue::Clock(hour, minute))),
        _ => Err(AnswerProblem::ImpossibleTime),
    }
}

fn read_place(choices: &[Choice], entries: &[(Words, Json)], wrong: AnswerProblem) -> Result<Given, AnswerProblem> {
    let (mut place, mut spot) = (None, None);
    for (key, value) in entries {
        match (key.0.as_str(), value) {
            ("place", Json::Text(id)) if place.is_none() => place = Some(code_of(choices, id)?),
            ("spot", Json::Text(words)) if spot.is_none() => spot = Some(words),
            _ => return Err(wrong),
        }
    }
    Ok(Given::Place {
        place: place.ok_or(wrong)?,
        spot: spot.map(|words| words.0.clone()),
    })
}

/// A number of exactly `length` decimal digits.
fn digits(text: Option<&str>, length: usize) -> Option<u16> {
    let text = text.filter(|text| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit()))?;
    text.parse().ok()
}

/// A number of exactly two digits.
fn small(text: Option<&str>) -> Option<u8> {
    digits(text, 2).and_then(|number| u8::try_from(number).ok())
}
