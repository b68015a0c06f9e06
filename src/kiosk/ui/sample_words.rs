//! Sample words of other scripts, and longer ones, for looking at the layout: they stand in for translations that do not
//! exist yet.
//!
//! Called by `shot` and `slip_shot` only; no kiosk shows them to anybody.

use crate::form::{FormDefinition, QuestionKind, Words};

/// Words in another script, or a third longer, for every word of the form.
pub(super) fn with_sample_words(mut form: FormDefinition, language: &str) -> FormDefinition {
    let Some(sample) = sample_of(language) else { return form };
    let mut at = 0;
    let mut put = |words: &mut Words| {
        let first = words.get("en").to_owned();
        if !first.is_empty() {
            at += 1;
            let lines: Vec<String> = first.lines().map(|line| sample(line, at)).collect();
            words.0.push((language.to_owned(), lines.join("\n")));
        }
    };
    for section in &mut form.sections {
        put(&mut section.title);
        put(&mut section.hint);
    }
    for question in &mut form.questions {
        put(&mut question.ask);
        put(&mut question.hint);
        put(&mut question.help);
        for way in &mut question.ways {
            put(&mut way.label);
        }
        let choices = match &mut question.kind {
            QuestionKind::OneChoice { choices }
            | QuestionKind::ManyChoices { choices, .. }
            | QuestionKind::YesNoNotSure { choices }
            | QuestionKind::TimeOfDay { choices }
            | QuestionKind::Place { choices, .. } => choices,
            _ => continue,
        };
        for choice in choices {
            put(&mut choice.label);
            put(&mut choice.hint);
        }
    }
    form.languages.push(language.to_owned());
    form
}

/// Phrases in turn, about as long as the words that they stand for.
fn of_phrases(phrases: &[&str], words: &str, at: usize) -> String {
    let mut text = String::new();
    let mut next = at;
    while text.chars().count() < words.chars().count().min(60) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(phrases[next % phrases.len()]);
        next += 1;
    }
    text
}

/// Words of a language that has no translation yet, about as long as the words at a place; none for English.
pub(super) fn sample_of(language: &str) -> Option<fn(&str, usize) -> String> {
    let sample: fn(&str, usize) -> String = match language {
        "long" => |words, _| format!("{words} {}", "and so on ".repeat(words.len() / 30 + 1).trim_end()),
        "ur" => |words, at| {
            of_phrases(
                &["یہاں ایک مثال ہے", "ہمیں بتائیں کیا ہوا", "میں نہیں جانتا"],
                words,
                at,
            )
        },
        "bn" => |words, at| of_phrases(&["এখানে একটি উদাহরণ", "কী হয়েছে আমাদের বলুন", "আমি জানি না"], words, at),
        _ => return None,
    };
    Some(sample)
}
