//! A form definition that has been checked and therefore cannot be wrong.
//!
//! Made only by `form::check` from a raw file. Indices into `questions`, `sections` and `choices` are in range, rules are
//! acyclic, codes and ids are unique, every word exists in the first language.

use alloc::string::String;
use alloc::vec::Vec;

use super::meaning::Meaning;
use crate::id::FormDigest;

/// One form: its sections and its questions, in the order in which they are asked.
#[derive(Debug, Clone)]
pub struct FormDefinition {
    /// Kebab-case id, for example `report`.
    pub id: String,
    /// Grows with every release of the form.
    pub version: u16,
    /// SHA-256 of the file.
    pub digest: FormDigest,
    /// Language tags; the first is complete and is the fallback of the others.
    pub languages: Vec<String>,
    /// What the form is called.
    pub title: Words,
    /// Section 0 is the core; the others are offered on the check page.
    pub sections: Vec<Section>,
    /// All questions, grouped by section, sections in order.
    pub questions: Vec<Question>,
}

/// The same words in several languages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words(pub Vec<(String, String)>);

impl Words {
    /// The words in `language`, or in the first language when they are not there; empty when there are none.
    pub fn get(&self, language: &str) -> &str {
        let exact = self.0.iter().find(|(tag, _)| tag == language);
        exact.or_else(|| self.0.first()).map_or("", |(_, words)| words)
    }

    /// Whether nothing is said in any language.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A group of questions: the core, or one row of the check page.
#[derive(Debug, Clone)]
pub struct Section {
    /// Kebab-case id.
    pub id: String,
    /// Its name on the check page and above its questions.
    pub title: Words,
    /// One line below the name.
    pub hint: Words,
}

/// One thing asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// Kebab-case id, stable.
    pub id: String,
    /// Number on the wire; never reused.
    pub code: u16,
    /// Index of its section.
    pub section: usize,
    /// How it is answered.
    pub kind: QuestionKind,
    /// A report cannot be sent without it (while it is on the path).
    pub required: bool,
    /// Whether "Rather not say" is offered.
    pub decline: bool,
    /// Whether the question makes sense, given other answers. When it turns false the answer is dropped.
    pub relevant: Rule,
    /// Whether the walk through its section stops at it. When it is false the question is passed by and keeps its answer.
    pub on_path: Rule,
    /// When true although the section is optional, the question is asked in the core walk, after the last core
    /// question before it in the file. `Rule::Never` for nearly all.
    pub in_core: Rule,
    /// The question itself.
    pub ask: Words,
    /// One line of hint.
    pub hint: Words,
    /// Longer help, shown when asked for.
    pub help: Words,
    /// Buttons on this page that answer another question instead.
    pub ways: Vec<Way>,
    /// What giving any answer means.
    pub given_means: Vec<Meaning>,
    /// What it means when no answer is given (declined, unanswered or not asked).
    pub unless_given_means: Vec<Meaning>,
    /// What an unanswered question is treated as, in words for the caseworker; empty where nothing needs saying.
    pub protective: Words,
}

/// How a question is answered, with its bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuestionKind {
    /// Exactly one of the choices.
    OneChoice {
        /// In the order shown.
        choices: Vec<Choice>,
    },
    /// One or more of the choices.
    ManyChoices {
        /// In the order shown.
        choices: Vec<Choice>,
        /// How many may be chosen.
        most: usize,
    },
    /// Yes, no or not sure: three implied choices with codes 1, 2, 3, whose labels and `means` the file may set.
    YesNoNotSure {
        /// Always yes, no, not-sure in this order.
        choices: Vec<Choice>,
    },
    /// Several lines of words.
    LongText {
        /// Letters (Unicode scalar values) at most.
        letters: usize,
        /// Bytes at most.
        bytes: usize,
    },
    /// One line of words; with `lines` above 1, a short list, one entry a line.
    ShortText {
        /// Letters at most, all lines together.
        letters: usize,
        /// Bytes at most, all lines together.
        bytes: usize,
        /// Lines at most.
        lines: usize,
    },
    /// A day, month or year, with "about" and "I don't know".
    Date,
    /// A clock time or a part of the day.
    TimeOfDay {
        /// Parts of the day.
        choices: Vec<Choice>,
    },
    /// A place from a list, and the spot in words.
    Place {
        /// In the order shown.
        choices: Vec<Choice>,
        /// Letters of the spot at most.
        letters: usize,
        /// Bytes of the spot at most.
        bytes: usize,
    },
    /// A whole number.
    Number {
        /// Smallest allowed.
        least: i32,
        /// Largest allowed.
        most: i32,
    },
    /// A telephone number, kept as typed.
    Phone,
    /// An email address, kept as typed.
    Email,
    /// A reference code, kept as typed (digits and spaces), checked by its last digit.
    ReferenceCode,
    /// Nothing to answer: words to read.
    Statement,
}

impl QuestionKind {
    /// The choices of the kinds that have them; empty otherwise.
    pub fn choices(&self) -> &[Choice] {
        match self {
            Self::OneChoice { choices }
            | Self::ManyChoices { choices, .. }
            | Self::YesNoNotSure { choices }
            | Self::TimeOfDay { choices }
            | Self::Place { choices, .. } => choices,
            _ => &[],
        }
    }

    /// Bytes of words that an answer can take at most.
    pub fn text_bytes_most(&self) -> usize {
        match self {
            Self::LongText { bytes, .. } | Self::ShortText { bytes, .. } | Self::Place { bytes, .. } => *bytes,
            Self::Phone => crate::limits::PHONE_LETTERS,
            Self::Email => crate::limits::EMAIL_BYTES,
            Self::ReferenceCode => crate::limits::REFERENCE_CODE_DIGITS + 3,
            _ => 0,
        }
    }
}

/// One offered choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Kebab-case id, unique within the question.
    pub id: String,
    /// Number on the wire, unique within the question; never reused.
    pub code: u16,
    /// Its words.
    pub label: Words,
    /// A second line, where one is needed.
    pub hint: Words,
    /// What choosing it means.
    pub means: Vec<Meaning>,
}

/// A button on a question's page that answers another question with one of its choices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// Its words.
    pub label: Words,
    /// Index of the question that it answers.
    pub question: usize,
    /// Code of the choice that it gives.
    pub choice: u16,
}

/// A condition over answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// Holds.
    Always,
    /// Does not hold.
    Never,
    /// The question at the index was given one of the choices.
    Has(usize, Vec<u16>),
    /// The question at the index was given any answer.
    Answered(usize),
    /// Every rule holds.
    All(Vec<Rule>),
    /// At least one rule holds.
    Any(Vec<Rule>),
    /// The rule does not hold.
    Not(alloc::boxed::Box<Rule>),
}
