//! Whether an answer fits its question: kind, bounds, letters, dates, addresses.
//!
//! Called by the entry for every answer, from a page or a file. Nothing is trimmed, normalised or repaired: an answer is
//! kept as it came or refused, and the refusal names the question and what to do, never the value.

use alloc::string::String;
use core::fmt;

use super::answer::{DateValue, Given, TimeValue};
use super::damm;
use super::definition::{Choice, Question, QuestionKind};
use crate::limits::{EMAIL_BYTES, PHONE_DIGITS, PHONE_LETTERS, REFERENCE_CODE_DIGITS};

/// Years that a date may name.
const YEARS: core::ops::RangeInclusive<u16> = 1900..=2200;

/// An answer was refused. Holds and prints no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerError {
    /// Id of the question; empty when there is no such question.
    pub question: String,
    /// Why, and with that what to do.
    pub why: AnswerProblem,
}

impl fmt::Display for AnswerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "question {}: {}", self.question, self.why)
    }
}

impl core::error::Error for AnswerError {}

/// Why an answer was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerProblem {
    /// Another kind of answer is needed; names it.
    WrongKind(&'static str),
    /// The question has no such choice.
    UnknownChoice,
    /// A choice is in the list twice.
    ChosenTwice,
    /// More choices than allowed.
    TooManyChoices {
        /// How many are.
        most: usize,
    },
    /// A list without a choice.
    NoChoice,
    /// Nothing but white space.
    Blank,
    /// A control character, or a new line where one line is allowed.
    ControlCharacter,
    /// More letters than allowed.
    TooManyLetters {
        /// How many are.
        most: usize,
    },
    /// More bytes than allowed.
    TooManyBytes {
        /// How many are.
        most: usize,
    },
    /// More lines than allowed.
    TooManyLines {
        /// How many are.
        most: usize,
    },
    /// The report has no room left.
    PoolFull,
    /// A number outside its bounds.
    OutOfBounds {
        /// Smallest allowed.
        least: i32,
        /// Largest allowed.
        most: i32,
    },
    /// Not a day of the calendar, or outside the years 1900 to 2200.
    ImpossibleDate,
    /// Not a time from 00:00 to 23:59.
    ImpossibleTime,
    /// Not a telephone number.
    NotAPhone,
    /// Not an email address.
    NotAnEmail,
    /// Not 16 digits.
    NotAReferenceCode,
    /// Sixteen digits of which one is wrong.
    WrongCheckDigit,
    /// A statement takes no answer.
    Statement,
    /// "Rather not say" is not offered here.
    DeclineNotOffered,
    /// Other answers close this question, or it does not exist.
    NotAsked,
    /// The page has no such button.
    NoSuchWay,
}

impl fmt::Display for AnswerProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (least_digits, most_digits) = PHONE_DIGITS;
        match self {
            Self::WrongKind(needed) => write!(f, "give {needed}"),
            Self::UnknownChoice => f.write_str("choose one of the choices in the form"),
            Self::ChosenTwice => f.write_str("name each choice once"),
            Self::TooManyChoices { most } => write!(f, "choose at most {most}"),
            Self::NoChoice => f.write_str("choose at least one, or leave the question out"),
            Self::Blank => f.write_str("write some words, or leave the question out"),
            Self::ControlCharacter => f.write_str("take out control characters, tabs and new lines"),
            Self::TooManyLetters { most } => write!(f, "use at most {most} letters"),
            Self::TooManyBytes { most } => write!(f, "make it shorter; it may take at most {most} bytes"),
            Self::TooManyLines { most } => write!(f, "use at most {most} lines"),
            Self::PoolFull => f.write_str("the report is full; make another answer shorter"),
            Self::OutOfBounds { least, most } => write!(f, "give a number from {least} to {most}"),
            Self::ImpossibleDate => {
                f.write_str("give a day that exists, from the year 1900 to 2200, as YYYY-MM-DD, YYYY-MM or YYYY")
            }
            Self::ImpossibleTime => f.write_str("give a time from 00:00 to 23:59, as HH:MM"),
            Self::NotAPhone => write!(
                f,
                "give a telephone number of {least_digits} to {most_digits} digits; spaces, - ( ) . and a leading + are allowed"
            ),
            Self::NotAnEmail => f.write_str("give an email address with one @ and no spaces"),
            Self::NotAReferenceCode => write!(f, "give the {REFERENCE_CODE_DIGITS} digits of the reference code"),
            Self::WrongCheckDigit => f.write_str("one digit of the reference code is wrong; compare it with the slip"),
            Self::Statement => f.write_str("this only says something; leave it out"),
            Self::DeclineNotOffered => f.write_str("this one is needed; it cannot be left with \"rather not say\""),
            Self::NotAsked => f.write_str("this is not asked, given the other answers; leave it out"),
            Self::NoSuchWay => f.write_str("the page has no such button"),
        }
    }
}

/// Checks `given` against the question, apart from other answers and from room in the report.
pub(super) fn check(question: &Question, given: &Given) -> Result<(), AnswerProblem> {
    match (&question.kind, given) {
        (QuestionKind::OneChoice { choices }, Given::Choice(code)) => one_of(choices, *code),
        (QuestionKind::ManyChoices { choices, most }, Given::Choices(codes)) => many_of(choices, codes, *most),
        (QuestionKind::YesNoNotSure { .. }, Given::YesNo(_)) => Ok(()),
        (QuestionKind::LongText { letters, bytes }, Given::Text(words)) => text(words, *letters, *bytes, None),
        (QuestionKind::ShortText { letters, bytes, lines }, Given::Text(words)) => {
            text(words, *letters, *bytes, Some(*lines))
        }
        (QuestionKind::Date, Given::Date(value)) => date(*value),
        (QuestionKind::TimeOfDay { choices }, Given::Time(value)) => match value {
            TimeValue::Clock(0..=23, 0..=59) => Ok(()),
            TimeValue::Clock(..) => Err(AnswerProblem::ImpossibleTime),
            TimeValue::Part(code) => one_of(choices, *code),
        },
        (
            QuestionKind::Place {
                choices,
                letters,
                bytes,
            },
            Given::Place { place, spot },
        ) => {
            one_of(choices, *place)?;
            spot.as_ref()
                .map_or(Ok(()), |spot| text(spot, *letters, *bytes, Some(1)))
        }
        (QuestionKind::Number { least, most }, Given::Number(number)) => {
            let inside = i64::from(*least) <= *number && *number <= i64::from(*most);
            inside.then_some(()).ok_or(AnswerProblem::OutOfBounds {
                least: *least,
                most: *most,
            })
        }
        (QuestionKind::Phone, Given::Text(words)) => phone(words),
        (QuestionKind::Email, Given::Text(words)) => email(words),
        (QuestionKind::ReferenceCode, Given::Text(words)) => reference_code(words),
        (QuestionKind::Statement, _) => Err(AnswerProblem::Statement),
        (kind, _) => Err(AnswerProblem::WrongKind(needed(kind))),
    }
}

/// What a kind is answered with, in the words of an answers file.
pub(super) fn needed(kind: &QuestionKind) -> &'static str {
    match kind {
        QuestionKind::OneChoice { .. } => "the id of one choice",
        QuestionKind::ManyChoices { .. } => "a list of choice ids",
        QuestionKind::YesNoNotSure { .. } => "\"yes\", \"no\" or \"not-sure\"",
        QuestionKind::LongText { .. } | QuestionKind::ShortText { .. } => "text",
        QuestionKind::Date => "{\"date\": …, \"about\": true or false} or \"not-sure\"",
        QuestionKind::TimeOfDay { .. } => "\"HH:MM\" or the id of one choice",
        QuestionKind::Place { .. } => "{\"place\": the id of one choice, \"spot\": text}",
        QuestionKind::Number { .. } => "a whole number",
        QuestionKind::Phone => "a telephone number as text",
        QuestionKind::Email => "an email address as text",
        QuestionKind::ReferenceCode => "a reference code as text",
        QuestionKind::Statement => "nothing",
    }
}

fn one_of(choices: &[Choice], code: u16) -> Result<(), AnswerProblem> {
    let known = choices.iter().any(|choice| choice.code == code);
    known.then_some(()).ok_or(AnswerProblem::UnknownChoice)
}

fn many_of(choices: &[Choice], codes: &[u16], most: usize) -> Result<(), AnswerProblem> {
    if codes.is_empty() {
        return Err(AnswerProblem::NoChoice);
    }
    for (at, code) in codes.iter().enumerate() {
        one_of(choices, *code)?;
        if codes[..at].contains(code) {
            return Err(AnswerProblem::ChosenTwice);
        }
    }
    if codes.len() > most {
        return Err(AnswerProblem::TooManyChoices { most });
    }
    Ok(())
}

/// `lines` is `None` where any number of lines is allowed.
fn text(words: &str, letters: usize, bytes: usize, lines: Option<usize>) -> Result<(), AnswerProblem> {
    if words.chars().all(char::is_whitespace) {
        return Err(AnswerProblem::Blank);
    }
    let new_lines = lines != Some(1);
    if words
        .chars()
        .any(|letter| letter.is_control() && !(new_lines && letter == '\n'))
    {
        return Err(AnswerProblem::ControlCharacter);
    }
    if words.chars().count() > letters {
        return Err(AnswerProblem::TooManyLetters { most: letters });
    }
    if words.len() > bytes {
        return Err(AnswerProblem::TooManyBytes { most: bytes });
    }
    match lines {
        Some(most) if words.split('\n').count() > most => Err(AnswerProblem::TooManyLines { most }),
        _ => Ok(()),
    }
}

fn date(value: DateValue) -> Result<(), AnswerProblem> {
    let real = match value {
        DateValue::NotSure => true,
        DateValue::Year(year, _) => YEARS.contains(&year),
        DateValue::Month(year, month, _) => YEARS.contains(&year) && (1..=12).contains(&month),
        DateValue::Day(year, month, day, _) => YEARS.contains(&year) && day >= 1 && day <= days_of(year, month),
    };
    real.then_some(()).ok_or(AnswerProblem::ImpossibleDate)
}

/// Days of a month; 0 for a month that does not exist.
const fn days_of(year: u16, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 0,
    }
}

fn phone(words: &str) -> Result<(), AnswerProblem> {
    let digits = words.bytes().filter(u8::is_ascii_digit).count();
    let after_plus = words.strip_prefix('+').unwrap_or(words);
    let allowed = after_plus
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b" -().".contains(&byte));
    let fits = words.len() <= PHONE_LETTERS && (PHONE_DIGITS.0..=PHONE_DIGITS.1).contains(&digits);
    (allowed && fits).then_some(()).ok_or(AnswerProblem::NotAPhone)
}

fn email(words: &str) -> Result<(), AnswerProblem> {
    let clean = !words
        .chars()
        .any(|letter| letter.is_whitespace() || letter.is_control());
    let parts = words.split_once('@');
    let shaped = parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
    (clean && shaped && words.len() <= EMAIL_BYTES)
        .then_some(())
        .ok_or(AnswerProblem::NotAnEmail)
}

fn reference_code(words: &str) -> Result<(), AnswerProblem> {
    let mut digits = heapless::Vec::<u8, REFERENCE_CODE_DIGITS>::new();
    for byte in words.bytes() {
        match byte {
            b'0'..=b'9' => digits.push(byte - b'0').map_err(|_| AnswerProblem::NotAReferenceCode)?,
            b' ' | b'-' => {}
            _ => return Err(AnswerProblem::NotAReferenceCode),
        }
    }
    if digits.len() != REFERENCE_CODE_DIGITS || words.len() > QuestionKind::ReferenceCode.text_bytes_most() {
        return Err(AnswerProblem::NotAReferenceCode);
    }
    damm::valid(&digits).then_some(()).ok_or(AnswerProblem::WrongCheckDigit)
}
