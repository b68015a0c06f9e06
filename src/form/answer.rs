//! What one question holds: Given, Declined, Unanswered or NotAsked, and the values per question kind.
//!
//! Words never sit in an answer: a value holds a range of the entry's text pool. Types that carry words print lengths only.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use zeroize::Zeroize;

use crate::limits::CHOICES_MOST;

/// Codes of chosen choices, in the order in which they were chosen.
pub type ChoiceList = heapless::Vec<u16, CHOICES_MOST>;

/// The state of one question.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Answer {
    /// The reporter answered.
    Given(Value),
    /// The reporter pressed "Rather not say".
    Declined,
    /// Asked or askable, and left open: the protective default holds (SAFETY 18).
    #[default]
    Unanswered,
    /// Not relevant, given the other answers.
    NotAsked,
}

/// A range of the entry's text pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TextRange {
    /// First byte.
    pub start: u16,
    /// Bytes.
    pub length: u16,
}

/// An answer as the entry keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Code of the one choice.
    Choice(u16),
    /// Codes of the choices, order kept.
    Choices(ChoiceList),
    /// Yes, no or not sure.
    YesNo(YesNo),
    /// Long text, short text, phone, email or reference code.
    Text(TextRange),
    /// A whole number.
    Number(i32),
    /// A day, month or year, or "I don't know".
    Date(DateValue),
    /// A clock time, or the code of a part of the day.
    Time(TimeValue),
    /// Code of a place, with the spot in words.
    Place {
        /// Code of the place.
        place: u16,
        /// Which block, landing or corner.
        spot: Option<TextRange>,
    },
}

/// Yes, no or not sure. The order is wire order; the codes of the implied choices are 1, 2, 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum YesNo {
    /// `"yes"`
    Yes,
    /// `"no"`
    No,
    /// `"not-sure"`
    NotSure,
}

impl YesNo {
    /// All three, in wire order.
    pub const ALL: [Self; 3] = [Self::Yes, Self::No, Self::NotSure];

    /// The id in answers files and of the implied choices in form files.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::NotSure => "not-sure",
        }
    }

    /// The code of the implied choice.
    pub const fn code(self) -> u16 {
        match self {
            Self::Yes => 1,
            Self::No => 2,
            Self::NotSure => 3,
        }
    }
}

/// Whether a date was said to be "about". Saying nothing is kept apart from saying no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub enum Approximate {
    /// Not said.
    #[default]
    Unsaid,
    /// `"about": true`
    About,
    /// `"about": false`
    Exact,
}

/// A day, month or year, or "I don't know". The order is wire order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum DateValue {
    /// `"not-sure"`
    NotSure,
    /// `{"date": "2026"}`
    Year(u16, Approximate),
    /// `{"date": "2026-11"}`
    Month(u16, u8, Approximate),
    /// `{"date": "2026-11-21"}`
    Day(u16, u8, u8, Approximate),
}

/// A clock time, or a part of the day. The order is wire order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum TimeValue {
    /// `"HH:MM"`: hour 0 to 23, minute 0 to 59.
    Clock(u8, u8),
    /// Code of a choice such as "evening".
    Part(u16),
}

/// An answer on its way in, as a page or an answers file gives it, before the entry has checked it.
///
/// Holds words: they are wiped when it is dropped, and Debug prints lengths only.
#[derive(Clone, PartialEq, Eq)]
pub enum Given {
    /// Code of the one choice.
    Choice(u16),
    /// Codes of the choices, order kept.
    Choices(Vec<u16>),
    /// Yes, no or not sure.
    YesNo(YesNo),
    /// Words, digits or an address.
    Text(String),
    /// A whole number.
    Number(i64),
    /// A date.
    Date(DateValue),
    /// A time of day.
    Time(TimeValue),
    /// A place, with the spot in words.
    Place {
        /// Code of the place.
        place: u16,
        /// Which block, landing or corner.
        spot: Option<String>,
    },
}

impl Drop for Given {
    fn drop(&mut self) {
        match self {
            Self::Text(text) | Self::Place { spot: Some(text), .. } => text.zeroize(),
            _ => {}
        }
    }
}

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Place { spot, .. } => write!(f, "Place(spot of {} bytes)", spot.as_ref().map_or(0, String::len)),
            Self::Choice(_) => f.write_str("Choice"),
            Self::Choices(codes) => write!(f, "Choices({})", codes.len()),
            Self::YesNo(_) => f.write_str("YesNo"),
            Self::Number(_) => f.write_str("Number"),
            Self::Date(_) => f.write_str("Date"),
            Self::Time(_) => f.write_str("Time"),
        }
    }
}
