//! Forms as data: definitions, answers, relevance and the entry being filled.
//!
//! A flow is data: no question id occurs in Rust outside tests. What an answer sets in motion is written as `means`
//! beside the choice and folded by `report`. Nothing here knows a screen, a clock, a file or a random number.

mod answer;
mod answers_file;
mod answers_json;
mod check;
mod check_question;
mod check_rule;
mod check_size;
#[cfg(test)]
mod check_tests;
mod constraint;
#[cfg(test)]
mod constraint_tests;
pub mod damm;
mod definition;
mod entry;
mod filled;
mod json_value;
mod meaning;
mod path;
mod put;
mod raw;
pub mod relevance;
#[cfg(test)]
mod samples;
mod text_pool;

pub use answer::{Answer, Approximate, ChoiceList, DateValue, Given, TextRange, TimeValue, Value, YesNo};
pub use answers_file::{AnswersFile, AnswersFileError, fill};
pub use answers_json::answers_json;
pub use check::Problem;
pub use constraint::{AnswerError, AnswerProblem};
pub use definition::{Choice, FormDefinition, Question, QuestionKind, Rule, Section, Way, Words};
pub use entry::{FormEntry, Room};
pub use filled::Filled;
pub use meaning::{Band, Flag, Lane, Meaning, Permission};
pub use path::{SectionState, Step};
pub use text_pool::{PoolFull, TextPool};
