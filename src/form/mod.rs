//! Forms as data: definitions, answers, relevance and the entry being filled.
//!
//! A flow is data: no question id occurs in Rust outside tests. What an answer sets in motion is written as `means`
//! beside the choice and folded by `report`. Nothing here knows a screen, a clock, a file or a random number.

mod answer;
pub mod damm;
mod definition;
mod filled;
mod meaning;
mod raw;
mod text_pool;

pub use answer::{Answer, Approximate, ChoiceList, DateValue, Given, TextRange, TimeValue, Value, YesNo};
pub use definition::{Choice, FormDefinition, Question, QuestionKind, Rule, Section, Way, Words};
pub use filled::Filled;
pub use meaning::{Band, Flag, Lane, Meaning, Permission};
pub use text_pool::{PoolFull, TextPool};
