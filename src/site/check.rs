//! Reads `site.toml` and everyday pages and refuses them unless every fact in them is there, bounded and known.
//!
//! All problems of a file are told together, with their places, because a person mends it by hand. It never repairs.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::facts::{EverydayPage, Notice, Office, PromiseFacts, SiteFacts, TellOtherwise, Topic, UsefulNumber};
use crate::form::{Problem, Words};
use crate::limits::{
    HIDE_MINUTES, LANGUAGE_LETTERS_MOST, PHONE_LETTERS, SITE_ENTRIES_MOST, SITE_FILE_BYTES_MOST, SITE_NAME_LETTERS,
    SITE_WORDS_LETTERS,
};

impl SiteFacts {
    /// Reads and checks `site.toml`.
    ///
    /// # Errors
    /// Every problem in the file, never an empty list.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self, Vec<Problem>> {
        let mut check = Check::new(file);
        let facts = check.read::<RawSite>(bytes).map(|raw| check.site(raw));
        check.finish(facts)
    }
}

impl EverydayPage {
    /// Reads and checks one file of `pages/`.
    ///
    /// # Errors
    /// Every problem in the file, never an empty list.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self, Vec<Problem>> {
        let mut check = Check::new(file);
        let page = check.read::<RawPage>(bytes).map(|raw| check.page(raw));
        check.finish(page)
    }
}

type RawWords = BTreeMap<String, String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawSite {
    landlord: String,
    demonstration: bool,
    languages: Vec<String>,
    zone: String,
    hide_minutes: u8,
    office: RawOffice,
    promise: PromiseFacts,
    tell_otherwise: Vec<RawTellOtherwise>,
    number: Vec<RawNumber>,
    #[serde(default)]
    notice: Vec<RawNotice>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawOffice {
    name: String,
    telephone: String,
    hours: Vec<RawWords>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTellOtherwise {
    telephone: String,
    words: RawWords,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawNumber {
    name: RawWords,
    number: String,
    hours: RawWords,
    words: RawWords,
    topics: Vec<Topic>,
    checked_on: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawNotice {
    title: RawWords,
    words: RawWords,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPage {
    languages: Vec<String>,
    title: RawWords,
    paragraph: Vec<RawParagraph>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawParagraph {
    words: RawWords,
}

/// One file on its way through the checks.
struct Check {
    file: String,
    languages: Vec<String>,
    problems: Vec<Problem>,
}

impl Check {
    fn new(file: &str) -> Self {
        Self {
            file: file.into(),
            languages: Vec::new(),
            problems: Vec::new(),
        }
    }

    fn finish<T>(self, value: Option<T>) -> Result<T, Vec<Problem>> {
        match value {
            Some(value) if self.problems.is_empty() => Ok(value),
            _ => Err(self.problems),
        }
    }

    fn problem(&mut self, place: &str, what: impl Into<String>) {
        self.problems.push(Problem {
            file: self.file.clone(),
            place: place.into(),
            what: what.into(),
        });
    }

    fn read<T: DeserializeOwned>(&mut self, bytes: &[u8]) -> Option<T> {
        if bytes.len() > SITE_FILE_BYTES_MOST {
            self.problem("", format!("larger than {SITE_FILE_BYTES_MOST} bytes"));
            return None;
        }
        let Ok(text) = core::str::from_utf8(bytes) else {
            self.problem("", "not UTF-8 text");
            return None;
        };
        match toml::from_str(text) {
            Ok(raw) => Some(raw),
            Err(error) => {
                let start = error.span().map_or(0, |span| span.start).min(text.len());
                let line = 1 + bytes[..start].iter().filter(|byte| **byte == b'\n').count();
                let what = error.message().lines().next().unwrap_or("not TOML").to_string();
                self.problem(&format!("line {line}"), what);
                None
            }
        }
    }

    fn site(&mut self, raw: RawSite) -> SiteFacts {
        self.take_languages(raw.languages);
        self.line("landlord", &raw.landlord);
        if jiff::tz::db().get(&raw.zone).is_err() {
            self.problem("zone", "not a time zone: use an IANA name such as Europe/London");
        }
        if !(HIDE_MINUTES.0..=HIDE_MINUTES.1).contains(&raw.hide_minutes) {
            self.problem("hide-minutes", "must be 1 to 5");
        }
        if !raw.promise.rota_telephone.is_empty() {
            self.telephone("promise, rota-telephone", &raw.promise.rota_telephone);
        }
        self.count("tell-otherwise", raw.tell_otherwise.len(), 1);
        self.count("number", raw.number.len(), 1);
        self.count("notice", raw.notice.len(), 0);
        if !raw.number.iter().any(|number| number.topics.contains(&Topic::Everyday)) {
            self.problem("number", "at least one must have the topic everyday: Hide shows those");
        }
        SiteFacts {
            office: self.office(raw.office),
            tell_otherwise: self.each("tell-otherwise", raw.tell_otherwise, |check, place, way| {
                check.telephone(&format!("{place}, telephone"), &way.telephone);
                TellOtherwise {
                    words: check.words(&format!("{place}, words"), way.words),
                    telephone: way.telephone,
                }
            }),
            numbers: self.each("number", raw.number, Self::number),
            notices: self.each("notice", raw.notice, |check, place, notice| Notice {
                title: check.title(&format!("{place}, title"), notice.title),
                words: check.words(&format!("{place}, words"), notice.words),
            }),
            landlord: raw.landlord,
            demonstration: raw.demonstration,
            languages: self.languages.clone(),
            zone: raw.zone,
            hide_minutes: raw.hide_minutes,
            promise: raw.promise,
        }
    }

    fn office(&mut self, raw: RawOffice) -> Office {
        self.line("office, name", &raw.name);
        self.telephone("office, telephone", &raw.telephone);
        self.count("office, hours", raw.hours.len(), 1);
        Office {
            name: raw.name,
            telephone: raw.telephone,
            hours: self.each("office, hours", raw.hours, |check, place, line| {
                check.title(place, line)
            }),
        }
    }

    fn number(&mut self, place: &str, raw: RawNumber) -> UsefulNumber {
        self.line(&format!("{place}, number"), &raw.number);
        if raw.topics.is_empty() {
            self.problem(&format!("{place}, topics"), "name at least one");
        }
        if raw.checked_on.len() != 10 || raw.checked_on.parse::<jiff::civil::Date>().is_err() {
            self.problem(&format!("{place}, checked-on"), "not a day: write it like 2026-11-22");
        }
        UsefulNumber {
            name: self.title(&format!("{place}, name"), raw.name),
            hours: self.title(&format!("{place}, hours"), raw.hours),
            words: self.words(&format!("{place}, words"), raw.words),
            number: raw.number,
            topics: raw.topics,
            checked_on: raw.checked_on,
        }
    }

    fn page(&mut self, raw: RawPage) -> EverydayPage {
        self.take_languages(raw.languages);
        self.count("paragraph", raw.paragraph.len(), 1);
        EverydayPage {
            title: self.title("title", raw.title),
            paragraphs: self.each("paragraph", raw.paragraph, |check, place, paragraph| {
                check.words(place, paragraph.words)
            }),
        }
    }

    fn each<R, T>(&mut self, list: &str, raw: Vec<R>, mut take: impl FnMut(&mut Self, &str, R) -> T) -> Vec<T> {
        let numbered = raw.into_iter().enumerate();
        numbered
            .map(|(at, entry)| take(self, &format!("{list} {}", at + 1), entry))
            .collect()
    }

    fn take_languages(&mut self, languages: Vec<String>) {
        let tag = |tag: &String| {
            (2..=LANGUAGE_LETTERS_MOST).contains(&tag.len())
                && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        if languages.is_empty() || languages.len() > SITE_ENTRIES_MOST || !languages.iter().all(tag) {
            self.problem("languages", "name at least one, as tags such as en or cy");
        }
        self.languages = languages;
    }

    fn count(&mut self, place: &str, entries: usize, least: usize) {
        if !(least..=SITE_ENTRIES_MOST).contains(&entries) {
            self.problem(place, format!("needs {least} to {SITE_ENTRIES_MOST} entries"));
        }
    }

    fn telephone(&mut self, place: &str, number: &str) {
        let fits = number.chars().count() <= PHONE_LETTERS
            && number.bytes().any(|byte| byte.is_ascii_digit())
            && number
                .chars()
                .all(|letter| letter.is_ascii_digit() || " +()-".contains(letter));
        if !fits {
            self.problem(place, "not a telephone number");
        }
    }

    fn line(&mut self, place: &str, text: &str) {
        if text.trim().is_empty() || text.chars().count() > SITE_NAME_LETTERS || text.chars().any(char::is_control) {
            self.problem(place, format!("needs one line of 1 to {SITE_NAME_LETTERS} letters"));
        }
    }

    fn title(&mut self, place: &str, raw: RawWords) -> Words {
        self.bounded(place, raw, SITE_NAME_LETTERS)
    }

    fn words(&mut self, place: &str, raw: RawWords) -> Words {
        self.bounded(place, raw, SITE_WORDS_LETTERS)
    }

    /// Words in the order of the file's languages, the first of them always there.
    fn bounded(&mut self, place: &str, mut raw: RawWords, most: usize) -> Words {
        let mut words = Vec::with_capacity(raw.len());
        for tag in self.languages.clone() {
            if let Some(text) = raw.remove(&tag) {
                if text.trim().is_empty() || text.chars().count() > most {
                    self.problem(place, format!("{tag} needs 1 to {most} letters"));
                }
                words.push((tag, text));
            }
        }
        if self.languages.first() != words.first().map(|(tag, _)| tag) {
            self.problem(place, "says nothing in the first language");
        }
        if let Some((tag, _)) = raw.first_key_value() {
            let what = format!("{tag} is not one of the file's languages");
            self.problem(place, what);
        }
        Words(words)
    }
}
