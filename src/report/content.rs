//! A finished report and what comes out of an opened one: answers by question, whether this form is known here or not.
//!
//! Codes, not words, name questions and choices on the way; a desk that has the form definition puts the words back, one
//! that has not still shows every code and every letter that the reporter typed.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use zeroize::Zeroizing;

use crate::form::{Answer, ChoiceList, Filled, FormDefinition, PoolFull, TextPool, TextRange, Value};
use crate::id::{FormDigest, ReportUuid};
use crate::time::ClockReading;

/// A finished report. Made when Send is pressed; sealed once and then forgotten. Debug prints no answer and no secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Report {
    /// Random; the same report twice is one report.
    pub uuid: ReportUuid,
    /// Id of the form.
    pub form: String,
    /// Version of the form.
    pub form_version: u16,
    /// SHA-256 of the form definition file.
    pub form_digest: FormDigest,
    /// The kiosk's clocks at Send.
    pub clock: ClockReading,
    /// X25519 secret that opens what the reporter adds later.
    pub reply_secret: Zeroizing<[u8; 32]>,
    /// Answers, words and language.
    pub filled: Filled,
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Report({:?}, {} bytes of words)",
            self.uuid,
            self.filled.words.as_str().len()
        )
    }
}

/// An answer of an opened report. Debug prints the question only.
#[derive(Clone, PartialEq, Eq)]
pub struct OpenedAnswer {
    /// Code of the question.
    pub code: u16,
    /// Given or Declined.
    pub answer: Answer,
}

impl fmt::Debug for OpenedAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OpenedAnswer({})", self.code)
    }
}

/// What an opened report says, before a form definition has put words to its codes. Debug prints no answer and no secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Opened {
    /// Random; the same report twice is one report.
    pub uuid: ReportUuid,
    /// Id of the form.
    pub form: String,
    /// Version of the form.
    pub form_version: u16,
    /// SHA-256 of the form definition file.
    pub form_digest: FormDigest,
    /// The kiosk's clocks at Send.
    pub clock: ClockReading,
    /// X25519 secret that opens additions.
    pub reply_secret: Zeroizing<[u8; 32]>,
    /// Language tag.
    pub language: String,
    /// Answers in form order; unanswered questions are not there.
    pub answers: Vec<OpenedAnswer>,
    /// Words that text ranges point into.
    pub words: TextPool,
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (answers, words) = (self.answers.len(), self.words.as_str().len());
        write!(f, "Opened({:?}, {answers} answers, {words} bytes of words)", self.uuid)
    }
}

impl Opened {
    /// Puts the answers back into the questions of `form`. Answers to codes that it does not have come second.
    pub fn fill(&self, form: &FormDefinition) -> (Filled, Vec<OpenedAnswer>) {
        let mut filled = Filled::empty(form, &self.language);
        filled.words = self.words.clone();
        let mut strange = Vec::new();
        for opened in &self.answers {
            match form.questions.iter().position(|question| question.code == opened.code) {
                Some(at) => filled.answers[at] = opened.answer.clone(),
                None => strange.push(opened.clone()),
            }
        }
        (filled, strange)
    }

    /// The words at `range`; empty when the range is broken.
    pub fn text(&self, range: TextRange) -> &str {
        self.words.get(range).unwrap_or("")
    }
}

/// A sealed report that nobody who follows the format could have written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAReport;

impl From<PoolFull> for NotAReport {
    fn from(_: PoolFull) -> Self {
        Self
    }
}

/// Choices from a list on the wire.
pub(crate) fn choice_list(codes: &[u16]) -> Result<ChoiceList, NotAReport> {
    ChoiceList::from_slice(codes).map_err(|_| NotAReport)
}

/// Every text range of a value is inside the words.
pub(crate) fn ranges_hold(value: &Value, words: &TextPool) -> bool {
    match value {
        Value::Text(range) | Value::Place { spot: Some(range), .. } => words.get(*range).is_some(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Value;
    use crate::time::{Confidence, Timestamp};
    use alloc::format;
    use alloc::vec;

    #[test]
    fn debug_shows_no_answer_and_no_secret() {
        let clock = ClockReading {
            wall: Timestamp(0),
            confidence: Confidence::Synced,
            boot: 1,
            since_boot_seconds: 1,
        };
        let given = Answer::Given(Value::Number(77_077));
        let report = Report {
            uuid: ReportUuid([1; 16]),
            form: "report".into(),
            form_version: 1,
            form_digest: FormDigest([2; 32]),
            clock,
            reply_secret: Zeroizing::new([211; 32]),
            filled: Filled {
                language: "en".into(),
                answers: vec![given.clone()],
                words: TextPool::from_packed("they shouted").unwrap(),
            },
        };
        let opened = Opened {
            uuid: report.uuid,
            form: report.form.clone(),
            form_version: 1,
            form_digest: report.form_digest,
            clock,
            reply_secret: report.reply_secret.clone(),
            language: "en".into(),
            answers: vec![OpenedAnswer { code: 5, answer: given }],
            words: report.filled.words.clone(),
        };
        for shown in [
            format!("{report:?}"),
            format!("{opened:?}"),
            format!("{:?}", opened.answers),
        ] {
            for secret in ["211", "77077", "shouted"] {
                assert!(!shown.contains(secret), "{shown}");
            }
        }
    }
}
