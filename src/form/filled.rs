//! What a form holds once filled: the answers by question, their words and their language, apart from any screen.
//!
//! The entry builds it, the report seals it, the desk reads it back.

use alloc::string::String;
use alloc::vec::Vec;

use super::answer::{Answer, TextRange};
use super::definition::FormDefinition;
use super::text_pool::TextPool;

/// Answers by question index of one form definition, with their words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// Language tag in which it was answered.
    pub language: String,
    /// One answer for each question of the definition, in its order.
    pub answers: Vec<Answer>,
    /// The words that text ranges point into.
    pub words: TextPool,
}

impl Filled {
    /// Nothing answered yet.
    pub fn empty(form: &FormDefinition, language: &str) -> Self {
        Self {
            language: language.into(),
            answers: alloc::vec![Answer::Unanswered; form.questions.len()],
            words: TextPool::default(),
        }
    }

    /// The words at `range`; empty when the range is broken.
    pub fn text(&self, range: TextRange) -> &str {
        self.words.get(range).unwrap_or("")
    }
}
