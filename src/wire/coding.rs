//! From a report to its version-1 form and back: questions and choices by number, words by range.

use alloc::vec::Vec;
use zeroize::Zeroizing;

use super::v1::{CodedAnswer, CodedValue, SealedReport};
use crate::form::{Answer, FormDefinition, TextPool, TextRange, Value};
use crate::id::{FormDigest, ReportUuid};
use crate::report::{NotAReport, Opened, OpenedAnswer, Report, choice_list, ranges_hold};

/// The version-1 form of a report. Unanswered and unasked questions are left out.
pub fn code_report(report: &Report, form: &FormDefinition) -> SealedReport {
    let answers = form
        .questions
        .iter()
        .zip(&report.filled.answers)
        .filter_map(|(question, answer)| {
            let value = match answer {
                Answer::Given(value) => code_value(value),
                Answer::Declined => CodedValue::Declined,
                Answer::Unanswered | Answer::NotAsked => return None,
            };
            Some(CodedAnswer {
                question: question.code,
                value,
            })
        });
    SealedReport {
        uuid: report.uuid.0,
        form: report.form.clone(),
        form_version: report.form_version,
        form_digest: report.form_digest.0,
        language: report.filled.language.clone(),
        clock: report.clock,
        reply_secret: *report.reply_secret,
        answers: answers.collect(),
        words: report.filled.words.as_str().into(),
    }
}

/// Reads the version-1 form. Ranges outside the words and lists too long are refused: no kiosk writes them.
pub fn decode_report(sealed: &SealedReport) -> Result<Opened, NotAReport> {
    let words = TextPool::from_packed(&sealed.words)?;
    let mut answers = Vec::with_capacity(sealed.answers.len());
    for coded in &sealed.answers {
        let answer = match decode_value(&coded.value)? {
            Some(value) if ranges_hold(&value, &words) => Answer::Given(value),
            Some(_) => return Err(NotAReport),
            None => Answer::Declined,
        };
        answers.push(OpenedAnswer {
            code: coded.question,
            answer,
        });
    }
    Ok(Opened {
        uuid: ReportUuid(sealed.uuid),
        form: sealed.form.clone(),
        form_version: sealed.form_version,
        form_digest: FormDigest(sealed.form_digest),
        clock: sealed.clock,
        reply_secret: Zeroizing::new(sealed.reply_secret),
        language: sealed.language.clone(),
        answers,
        words,
    })
}

fn code_value(value: &Value) -> CodedValue {
    match value {
        Value::Choice(code) => CodedValue::Choice(*code),
        Value::Choices(codes) => CodedValue::Choices(codes.to_vec()),
        Value::YesNo(answer) => CodedValue::YesNo(*answer),
        Value::Text(range) => CodedValue::Text(range.start, range.length),
        Value::Number(number) => CodedValue::Number(*number),
        Value::Date(date) => CodedValue::Date(*date),
        Value::Time(time) => CodedValue::Time(*time),
        Value::Place { place, spot: None } => CodedValue::Place(*place),
        Value::Place {
            place,
            spot: Some(range),
        } => CodedValue::PlaceAndSpot(*place, range.start, range.length),
    }
}

fn decode_value(value: &CodedValue) -> Result<Option<Value>, NotAReport> {
    Ok(Some(match value {
        CodedValue::Declined => return Ok(None),
        CodedValue::Choice(code) => Value::Choice(*code),
        CodedValue::Choices(codes) => Value::Choices(choice_list(codes)?),
        CodedValue::YesNo(answer) => Value::YesNo(*answer),
        CodedValue::Text(start, length) => Value::Text(TextRange {
            start: *start,
            length: *length,
        }),
        CodedValue::Number(number) => Value::Number(*number),
        CodedValue::Date(date) => Value::Date(*date),
        CodedValue::Time(time) => Value::Time(*time),
        CodedValue::Place(place) => Value::Place {
            place: *place,
            spot: None,
        },
        CodedValue::PlaceAndSpot(place, start, length) => Value::Place {
            place: *place,
            spot: Some(TextRange {
                start: *start,
                length: *length,
            }),
        },
    }))
}
