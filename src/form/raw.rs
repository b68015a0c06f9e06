//! The shape of a form definition file (TOML), before any of it has been checked.
//!
//! ```toml
//! form = "report"            # kebab-case id
//! version = 1                # grows with every release
//! languages = ["en"]         # the first one is complete
//! title = { en = "Tell us something" }
//!
//! [[section]]                # the first section is the core; the others are rows of the check page
//! id = "core"
//! title = { en = "Tell us" }
//! hint = { en = "…" }        # optional
//!
//! [[question]]
//! id = "who-did-it"          # kebab-case, stable
//! code = 12                  # number on the wire, 1 to 65535, never reused
//! section = "core"
//! kind = "many-choices"      # one-choice many-choices yes-no-not-sure long-text short-text date time-of-day
//!                            # place number phone email reference-code statement
//! required = false           # default false
//! decline = true             # offers "Rather not say"; default true, not allowed together with required
//! ask = { en = "Who did it?" }
//! hint = { en = "Choose all that fit." }                        # optional
//! help = { en = "…" }                                           # optional
//! protective = { en = "Not known: independent team first." }    # optional: what no answer is treated as, for the caseworker
//! relevant = { question = "how-to-tell", has = ["own-words"] }  # optional, default always; false drops the answer
//! on-path = { not = { question = "how-to-tell", has = ["person"] } }  # optional, default always; false passes by, keeps the answer
//! in-core = { question = "how-to-tell", has = ["pictures"] }    # optional, default never; only outside the core
//! given-means = ["exclusion"]                                   # optional: any given answer means this
//! unless-given-means = ["lane:conduct"]                         # optional: no answer means this
//! most = 3                   # many-choices: how many (default all) · number: largest
//! least = 0                  # number: smallest
//! letters = 60               # long-text, short-text, place (the spot): Unicode scalar values
//! bytes = 180                # the same; default 3 × letters
//! lines = 1                  # short-text: lines, default 1
//!
//! [[question.choice]]        # one-choice, many-choices, time-of-day, place; yes-no-not-sure may set labels and means
//! id = "neighbour"
//! code = 1
//! label = { en = "A neighbour" }
//! hint = { en = "…" }        # optional
//! means = ["band:medium"]    # optional; see form/meaning.rs
//!
//! [[question.way]]           # a button on this page that answers another question
//! label = { en = "I would rather tell a person" }
//! question = "how-to-tell"
//! choice = "person"
//! ```
//! A rule is one of `{ question, has = [choice ids] }`, `{ question, answered = true }`, `{ all = [rules] }`,
//! `{ any = [rules] }`, `{ not = rule }`.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use serde::Deserialize;

/// Words by language tag.
pub(crate) type RawWords = BTreeMap<String, String>;

/// A whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawForm {
    pub(crate) form: String,
    pub(crate) version: u16,
    pub(crate) languages: Vec<String>,
    pub(crate) title: RawWords,
    pub(crate) section: Vec<RawSection>,
    pub(crate) question: Vec<RawQuestion>,
}

/// `[[section]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawSection {
    pub(crate) id: String,
    pub(crate) title: RawWords,
    #[serde(default)]
    pub(crate) hint: RawWords,
}

/// `[[question]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawQuestion {
    pub(crate) id: String,
    pub(crate) code: u16,
    pub(crate) section: String,
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) required: bool,
    pub(crate) decline: Option<bool>,
    pub(crate) ask: RawWords,
    #[serde(default)]
    pub(crate) hint: RawWords,
    #[serde(default)]
    pub(crate) help: RawWords,
    #[serde(default)]
    pub(crate) protective: RawWords,
    pub(crate) relevant: Option<RawRule>,
    pub(crate) on_path: Option<RawRule>,
    pub(crate) in_core: Option<RawRule>,
    #[serde(default)]
    pub(crate) given_means: Vec<String>,
    #[serde(default)]
    pub(crate) unless_given_means: Vec<String>,
    pub(crate) most: Option<i32>,
    pub(crate) least: Option<i32>,
    pub(crate) letters: Option<usize>,
    pub(crate) bytes: Option<usize>,
    pub(crate) lines: Option<usize>,
    #[serde(default)]
    pub(crate) choice: Vec<RawChoice>,
    #[serde(default)]
    pub(crate) way: Vec<RawWay>,
}

/// `[[question.choice]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawChoice {
    pub(crate) id: String,
    pub(crate) code: Option<u16>,
    #[serde(default)]
    pub(crate) label: RawWords,
    #[serde(default)]
    pub(crate) hint: RawWords,
    #[serde(default)]
    pub(crate) means: Vec<String>,
}

/// `[[question.way]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawWay {
    pub(crate) label: RawWords,
    pub(crate) question: String,
    pub(crate) choice: String,
}

/// A rule: exactly one of its shapes.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct RawRule {
    pub(crate) question: Option<String>,
    pub(crate) has: Option<Vec<String>>,
    pub(crate) answered: Option<bool>,
    pub(crate) all: Option<Vec<RawRule>>,
    pub(crate) any: Option<Vec<RawRule>>,
    pub(crate) not: Option<Box<RawRule>>,
}
