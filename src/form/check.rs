//! Reads a form definition file and refuses it unless every word, code and rule in it is right.
//!
//! Called by whoever loads a form: the programs, the bundle signer, the tests. All problems of a file are reported
//! together, because a person mends the file by hand. Refuses to repair anything.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use sha2::{Digest, Sha256};

use super::check_question;
use super::check_rule;
use super::check_size;
use super::definition::{FormDefinition, Section, Words};
use super::raw::{RawForm, RawSection, RawWords};
use crate::id::FormDigest;
use crate::limits::{FORM_FILE_BYTES_MOST, ID_LETTERS_MOST, LANGUAGE_LETTERS_MOST, QUESTIONS_MOST, SECTIONS_MOST};

/// Something wrong in a form definition file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Name of the file.
    pub file: String,
    /// Where in it, for example `question who-did-it, choice neighbour`; empty for the whole file.
    pub place: String,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.file)?;
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        f.write_str(&self.what)
    }
}

impl core::error::Error for Problem {}

/// The problems found so far in one file.
pub(super) struct Problems {
    file: String,
    found: Vec<Problem>,
}

impl Problems {
    /// Notes one more.
    pub(super) fn add(&mut self, place: &str, what: impl Into<String>) {
        self.found.push(Problem {
            file: self.file.clone(),
            place: place.into(),
            what: what.into(),
        });
    }
}

impl FormDefinition {
    /// Reads a form definition file (its shape is documented in `form/raw.rs`) and checks it whole.
    ///
    /// # Errors
    /// Every problem in the file, never an empty list. Text that is not TOML of the right shape is one problem.
    pub fn parse(file_name: &str, bytes: &[u8]) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems {
            file: file_name.into(),
            found: Vec::new(),
        };
        let form = read(bytes, &mut problems).map(|raw| build(&raw, bytes, &mut problems));
        match form {
            Some(form) if problems.found.is_empty() => Ok(form),
            _ => Err(problems.found),
        }
    }
}

fn read(bytes: &[u8], problems: &mut Problems) -> Option<RawForm> {
    if bytes.len() > FORM_FILE_BYTES_MOST {
        problems.add("", format!("larger than {FORM_FILE_BYTES_MOST} bytes"));
        return None;
    }
    let Ok(text) = core::str::from_utf8(bytes) else {
        problems.add("", "not UTF-8 text");
        return None;
    };
    match toml::from_str(text) {
        Ok(raw) => Some(raw),
        Err(error) => {
            let start = error.span().map_or(0, |span| span.start).min(text.len());
            let line = 1 + bytes[..start].iter().filter(|byte| **byte == b'\n').count();
            let what = error.message().lines().next().unwrap_or("not TOML");
            problems.add(&format!("line {line}"), what);
            None
        }
    }
}

fn build(raw: &RawForm, bytes: &[u8], problems: &mut Problems) -> FormDefinition {
    check_id(&raw.form, "form", problems);
    if raw.version == 0 {
        problems.add("version", "must be at least 1");
    }
    check_languages(&raw.languages, problems);
    count(raw.section.len(), SECTIONS_MOST, "sections", problems);
    count(raw.question.len(), QUESTIONS_MOST, "questions", problems);
    let places: Vec<String> = raw
        .section
        .iter()
        .map(|section| format!("section {}", section.id))
        .collect();
    unique(
        raw.section.iter().map(|section| section.id.clone()),
        "id",
        &places,
        problems,
    );
    let sections = raw
        .section
        .iter()
        .map(|section| build_section(section, raw, problems))
        .collect();

    let places: Vec<String> = raw
        .question
        .iter()
        .map(|question| format!("question {}", question.id))
        .collect();
    unique(
        raw.question.iter().map(|question| question.id.clone()),
        "id",
        &places,
        problems,
    );
    unique(
        raw.question.iter().map(|question| question.code),
        "code",
        &places,
        problems,
    );
    let mut questions: Vec<_> = raw
        .question
        .iter()
        .map(|question| check_question::build(question, raw, problems))
        .collect();
    check_rule::build(raw, &mut questions, problems);
    check_section_order(raw, problems);
    let form = FormDefinition {
        id: raw.form.clone(),
        version: raw.version,
        digest: FormDigest(Sha256::digest(bytes).into()),
        languages: raw.languages.clone(),
        title: Checker::new(raw, "").words(&raw.title, "title", true, problems),
        sections,
        questions,
    };
    check_size::check(&form, problems);
    form
}

fn build_section(raw: &RawSection, form: &RawForm, problems: &mut Problems) -> Section {
    let place = format!("section {}", raw.id);
    check_id(&raw.id, &place, problems);
    if !form.question.iter().any(|question| question.section == raw.id) {
        problems.add(&place, "holds no question");
    }
    let checker = Checker::new(form, &place);
    Section {
        id: raw.id.clone(),
        title: checker.words(&raw.title, "title", true, problems),
        hint: checker.words(&raw.hint, "hint", false, problems),
    }
}

/// Questions stand grouped by section, in the order of the sections.
fn check_section_order(raw: &RawForm, problems: &mut Problems) {
    let mut reached = 0;
    for question in &raw.question {
        // An unknown section was reported with its question.
        let Some(section) = raw.section.iter().position(|section| section.id == question.section) else {
            continue;
        };
        if section < reached {
            let what = format!(
                "stands after a question of section {}; group the questions by section, in the order of the sections",
                raw.section[reached].id
            );
            problems.add(&format!("question {}", question.id), what);
        }
        reached = reached.max(section);
    }
}

fn check_languages(languages: &[String], problems: &mut Problems) {
    if languages.is_empty() {
        problems.add("languages", "name at least one");
    }
    for (at, language) in languages.iter().enumerate() {
        let shaped = language.starts_with(|letter: char| letter.is_ascii_lowercase())
            && language
                .split('-')
                .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        if !shaped || language.len() > LANGUAGE_LETTERS_MOST {
            let what = format!(
                "{language} is not a language tag of at most {LANGUAGE_LETTERS_MOST} letters, such as en or pt-BR"
            );
            problems.add("languages", what);
        }
        if languages[..at].contains(language) {
            problems.add("languages", format!("{language} is named twice"));
        }
    }
}

fn count(number: usize, most: usize, what: &str, problems: &mut Problems) {
    if number == 0 {
        problems.add("", format!("has no {what}"));
    } else if number > most {
        problems.add("", format!("has {number} {what}; at most {most} are allowed"));
    }
}

/// Reports every value that an earlier place has already.
pub(super) fn unique<T: PartialEq + ToString>(
    values: impl Iterator<Item = T>,
    name: &str,
    places: &[String],
    problems: &mut Problems,
) {
    let mut seen = Vec::new();
    for (value, place) in values.zip(places) {
        if seen.contains(&value) {
            problems.add(place, format!("{name} {} is used twice", value.to_string()));
        }
        seen.push(value);
    }
}

/// Whether `id` is kebab-case: lower-case letters and digits in words joined by single hyphens, not too long.
pub(super) fn is_id(id: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    id.len() <= ID_LETTERS_MOST && id.split('-').all(word)
}

/// Reports an id that is not one.
pub(super) fn check_id(id: &str, place: &str, problems: &mut Problems) {
    if !is_id(id) {
        let what = format!("the id must be lower-case words joined by hyphens, at most {ID_LETTERS_MOST} letters");
        problems.add(place, what);
    }
}

/// Checks the words of one place in the file.
pub(super) struct Checker<'a> {
    languages: &'a [String],
    place: &'a str,
}

impl<'a> Checker<'a> {
    /// For the words at `place`.
    pub(super) fn new(form: &'a RawForm, place: &'a str) -> Self {
        Self {
            languages: &form.languages,
            place,
        }
    }

    /// Takes over the words called `name`, first language first. Words that are `needed` must be there; words that are
    /// there must be complete in the first language and in no language that the form does not name.
    pub(super) fn words(&self, raw: &RawWords, name: &str, needed: bool, problems: &mut Problems) -> Words {
        for (language, words) in raw {
            if !self.languages.contains(language) {
                problems.add(
                    self.place,
                    format!("{name}: language {language} is not one of the form's languages"),
                );
            }
            if words.trim().is_empty() {
                problems.add(self.place, format!("{name}: the words in {language} are blank"));
            }
        }
        if let Some(first) = self.languages.first()
            && !raw.contains_key(first)
            && (needed || !raw.is_empty())
        {
            problems.add(
                self.place,
                format!("{name}: the words in {first}, the first language, are missing"),
            );
        }
        let in_order = self
            .languages
            .iter()
            .filter_map(|tag| raw.get(tag).map(|words| (tag.clone(), words.clone())));
        Words(in_order.collect())
    }
}
