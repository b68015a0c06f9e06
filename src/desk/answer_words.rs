//! One answer in words: the form's words for choices, the reporter's own words as they were typed.
//!
//! For a screen or paper in front of a caseworker. Control characters cannot occur in a report that a kiosk wrote; they
//! are made visible all the same, because a report is bytes from elsewhere and a terminal obeys them.

use crate::form::{Approximate, DateValue, Filled, Question, TextRange, TimeValue, Value, YesNo};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// What was answered, line by line. Lines that are the reporter's own start with `> `.
pub(super) fn answer_lines(question: &Question, value: &Value, filled: &Filled, language: &str) -> Vec<String> {
    let choice = |code: u16| {
        let known = question.kind.choices().iter().find(|choice| choice.code == code);
        known.map_or_else(
            || format!("choice {code}"),
            |choice| visible(choice.label.get(language)),
        )
    };
    let own = |range: TextRange| own_words(filled.text(range));
    match value {
        Value::Choice(code) => vec![choice(*code)],
        Value::Choices(codes) => codes.iter().map(|code| format!("- {}", choice(*code))).collect(),
        Value::YesNo(answer) => vec![yes_no(question, *answer, language)],
        Value::Text(range) => own(*range),
        Value::Number(number) => vec![number.to_string()],
        Value::Date(date) => vec![date_words(*date)],
        Value::Time(TimeValue::Clock(hour, minute)) => vec![format!("{hour:02}:{minute:02}")],
        Value::Time(TimeValue::Part(code)) => vec![choice(*code)],
        Value::Place { place, spot } => {
            let mut lines = vec![choice(*place)];
            lines.extend(spot.map(own).unwrap_or_default());
            lines
        }
    }
}

/// The reporter's own words, every line marked, so that none of them can pass for one of ours.
pub(super) fn own_words(text: &str) -> Vec<String> {
    text.split('\n').map(|line| format!("> {}", visible(line))).collect()
}

/// The same text with control characters and those that turn the direction of writing around made visible.
pub(super) fn visible(text: &str) -> String {
    let turns = |letter: char| matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let letter = |letter: char| {
        if letter.is_control() || turns(letter) {
            char::REPLACEMENT_CHARACTER
        } else {
            letter
        }
    };
    text.chars().map(letter).collect()
}

fn yes_no(question: &Question, answer: YesNo, language: &str) -> String {
    let set = question
        .kind
        .choices()
        .iter()
        .find(|choice| choice.code == answer.code());
    match set.map(|choice| choice.label.get(language)) {
        Some(label) if !label.is_empty() => visible(label),
        _ => match answer {
            YesNo::Yes => "Yes".into(),
            YesNo::No => "No".into(),
            YesNo::NotSure => "Not sure".into(),
        },
    }
}

fn date_words(date: DateValue) -> String {
    let about = |approximate| {
        if approximate == Approximate::About {
            "about "
        } else {
            ""
        }
    };
    let month = |month: u8| {
        MONTHS
            .get(usize::from(month).wrapping_sub(1))
            .copied()
            .unwrap_or("month ?")
    };
    match date {
        DateValue::NotSure => "Not sure".into(),
        DateValue::Year(year, approximate) => format!("{}{year}", about(approximate)),
        DateValue::Month(year, number, approximate) => format!("{}{} {year}", about(approximate), month(number)),
        DateValue::Day(year, number, day, approximate) => {
            format!("{}{day} {} {year}", about(approximate), month(number))
        }
    }
}
