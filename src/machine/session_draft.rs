//! What is typed and is no answer yet: half a telephone number, an address without its end.
//!
//! Used by `session_form` and `session_saved`. While it stands on a page nothing else is the answer: an earlier number that
//! somebody has taken back is never filed in its place. It comes back with its page. Continue does not leave it; Send leads
//! to it once, so that nothing goes without a word. It is wiped with the visit and when the report is filed, and never sent.

use alloc::vec::Vec;

use super::session::Session;
use crate::form::{Answer, AnswerProblem, FormEntry, Given};

/// Words that do not fit their question.
#[derive(Debug)]
pub(super) struct Draft {
    question: usize,
    given: Given,
    why: AnswerProblem,
    /// Send has led to it.
    told: bool,
}

/// At most one for each question.
pub(super) type Drafts = Vec<Draft>;

impl Session {
    /// "Answer" at the form's door: what fits is the answer, what does not fit yet stays a draft.
    pub(super) fn answer(&mut self, question: usize, given: &Given) {
        self.forget_draft(question);
        self.change_one(question, |entry| entry.answer(question, given));
        if let Some(why) = self.problem.filter(|why| is_unfinished(*why)) {
            self.change(|entry: &mut FormEntry| Ok(entry.clear(question)));
            self.forget_ways_to(question);
            self.problem = Some(why);
            self.drafts.push(Draft {
                question,
                given: given.clone(),
                why,
                told: false,
            });
        }
    }

    pub(super) fn forget_draft(&mut self, question: usize) {
        self.drafts.retain(|draft| draft.question != question);
    }

    fn draft_of(&self, question: usize) -> Option<&Draft> {
        self.drafts.iter().find(|draft| draft.question == question)
    }

    /// Continue does not leave a page with half an answer: it says what is wrong.
    pub(super) fn stays_with_draft(&mut self, question: usize) -> bool {
        let why = self.draft_of(question).map(|draft| draft.why);
        self.problem = why.or(self.problem);
        why.is_some()
    }

    /// Half an answer that Send has not led to yet, of a question that is still asked.
    pub(super) fn untold_draft(&mut self) -> Option<usize> {
        let entry = self.entry.as_ref()?;
        let is_asked = |draft: &&mut Draft| !draft.told && !matches!(entry.state(draft.question), Answer::NotAsked);
        let draft = self.drafts.iter_mut().find(is_asked)?;
        draft.told = true;
        Some(draft.question)
    }

    /// What stands on the page of the question, and why it is no answer.
    pub(super) fn typed_there(&self, entry: &FormEntry, question: usize) -> (Option<Given>, Option<AnswerProblem>) {
        match self.draft_of(question) {
            Some(draft) => (Some(draft.given.clone()), Some(draft.why)),
            None => (entry.given(question), self.problem),
        }
    }
}

/// More typing can make an answer of it.
const fn is_unfinished(why: AnswerProblem) -> bool {
    use AnswerProblem::{NotAPhone, NotAReferenceCode, NotAnEmail, WrongCheckDigit};
    matches!(why, NotAPhone | NotAnEmail | NotAReferenceCode | WrongCheckDigit)
}
