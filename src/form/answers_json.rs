//! Writes the answers of a filled form as JSON, in the shape that an answers file has.
//!
//! Called by `heard-desk open --json`. What was not answered or not asked is left out; "rather not say" is `null`. The
//! result holds words: the caller prints it only to whom it was opened for.

use alloc::format;
use alloc::string::String;
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::answer::{Answer, Approximate, DateValue, TextRange, TimeValue, Value};
use super::definition::{FormDefinition, Question};
use super::filled::Filled;

/// One line of JSON: `{"language": …, "answers": {…}}`, questions in the order of the form. A code that the form does not
/// know is written as `code-17`.
pub fn answers_json(form: &FormDefinition, filled: &Filled) -> String {
    // Writing maps with text keys to memory cannot fail.
    serde_json::to_string(&File { form, filled }).unwrap_or_default()
}

struct File<'a> {
    form: &'a FormDefinition,
    filled: &'a Filled,
}

impl Serialize for File<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("language", &self.filled.language)?;
        map.serialize_entry("answers", &Answers(self))?;
        map.end()
    }
}

struct Answers<'a>(&'a File<'a>);

impl Serialize for Answers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let File { form, filled } = self.0;
        let mut map = serializer.serialize_map(None)?;
        for (question, answer) in form.questions.iter().zip(&filled.answers) {
            match answer {
                Answer::Given(value) => map.serialize_entry(
                    &question.id,
                    &One {
                        question,
                        value,
                        filled,
                    },
                )?,
                Answer::Declined => map.serialize_entry(&question.id, &())?,
                Answer::Unanswered | Answer::NotAsked => {}
            }
        }
        map.end()
    }
}

struct One<'a> {
    question: &'a Question,
    value: &'a Value,
    filled: &'a Filled,
}

impl One<'_> {
    fn choice(&self, code: u16) -> String {
        let choice = self.question.kind.choices().iter().find(|choice| choice.code == code);
        choice.map_or_else(|| format!("code-{code}"), |choice| choice.id.clone())
    }

    fn text(&self, range: TextRange) -> &str {
        self.filled.text(range)
    }
}

impl Serialize for One<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.value {
            Value::Choice(code) => serializer.serialize_str(&self.choice(*code)),
            Value::Choices(codes) => serializer.collect_seq(codes.iter().map(|code| self.choice(*code))),
            Value::YesNo(answer) => serializer.serialize_str(answer.id()),
            Value::Text(range) => serializer.serialize_str(self.text(*range)),
            Value::Number(number) => serializer.serialize_i32(*number),
            Value::Date(date) => serialize_date(*date, serializer),
            Value::Time(TimeValue::Clock(hour, minute)) => {
                serializer.collect_str(&format_args!("{hour:02}:{minute:02}"))
            }
            Value::Time(TimeValue::Part(code)) => serializer.serialize_str(&self.choice(*code)),
            Value::Place { place, spot } => {
                let mut map = serializer.serialize_map(None)?;
                map.serialize_entry("place", &self.choice(*place))?;
                if let Some(range) = spot {
                    map.serialize_entry("spot", self.text(*range))?;
                }
                map.end()
            }
        }
    }
}

fn serialize_date<S: Serializer>(date: DateValue, serializer: S) -> Result<S::Ok, S::Error> {
    let (text, about) = match date {
        DateValue::NotSure => return serializer.serialize_str("not-sure"),
        DateValue::Year(year, about) => (format!("{year:04}"), about),
        DateValue::Month(year, month, about) => (format!("{year:04}-{month:02}"), about),
        DateValue::Day(year, month, day, about) => (format!("{year:04}-{month:02}-{day:02}"), about),
    };
    let mut map = serializer.serialize_map(None)?;
    map.serialize_entry("date", &text)?;
    match about {
        Approximate::Unsaid => {}
        Approximate::About => map.serialize_entry("about", &true)?,
        Approximate::Exact => map.serialize_entry("about", &false)?,
    }
    map.end()
}
