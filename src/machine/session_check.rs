//! The check page as the hub: rows that start closed, "Show", "Change", and the sections below.
//!
//! A closed row tells that something was answered and how many words were written, never what (SAFETY 5). One row is open
//! at a time. It decides nothing about sending.

use super::session::{Changing, Place, Session};
use super::view::{AnswerRow, ClosedAnswer, HubView, Page, SectionView};
use crate::form::{Answer, FormEntry, QuestionKind, Step, Value};

impl Session {
    /// "Change": to the question, and back here after it and after what its new answer opens.
    pub(super) fn change_row(&mut self, question: usize) {
        let Some(entry) = &self.entry else { return };
        let path = entry.core_path();
        if self.place == Place::Check && path.contains(&question) {
            self.place = Place::Question(question);
            self.changing = Some(Changing {
                opened: question,
                known: path,
            });
        }
    }

    pub(super) fn hub_page(&self) -> Page {
        let Some(entry) = &self.entry else { return Page::Start };
        let sections = 1..entry.form().sections.len();
        let with_questions = sections.filter(|section| !entry.section_path(*section).is_empty());
        let rows = with_questions.map(|section| SectionView {
            section,
            state: entry.section_state(section),
        });
        let shown = self
            .check_shown
            .and_then(|question| Some((question, entry.given(question)?)));
        Page::Check(HubView {
            answers: answer_rows(entry),
            shown,
            asks: self.check_asked,
            sections: rows.collect(),
            missing: entry.missing(),
            dropped: self.dropped.clone(),
        })
    }
}

fn answer_rows(entry: &FormEntry) -> alloc::vec::Vec<AnswerRow> {
    let asks = |question: &usize| entry.form().questions[*question].kind != QuestionKind::Statement;
    let row = |question| AnswerRow {
        question,
        closed: closed(entry, entry.state(question)),
    };
    entry.core_path().into_iter().filter(asks).map(row).collect()
}

fn closed(entry: &FormEntry, answer: &Answer) -> ClosedAnswer {
    match answer {
        Answer::Given(Value::Text(range)) => {
            ClosedAnswer::Words(entry.filled().text(*range).split_whitespace().count())
        }
        Answer::Given(_) => ClosedAnswer::Answered,
        Answer::Declined => ClosedAnswer::Declined,
        Answer::Unanswered | Answer::NotAsked => ClosedAnswer::Open,
    }
}

/// After a change: the next question that the change has opened, then the check page.
pub(super) fn next_for_changing(entry: &FormEntry, known: &[usize], question: usize) -> Step {
    let path = entry.core_path();
    let behind = path.iter().position(|at| *at == question).map_or(0, |at| at + 1);
    let is_new = |at: &&usize| !known.contains(at) && matches!(entry.state(**at), Answer::Unanswered);
    path[behind..]
        .iter()
        .find(is_new)
        .map_or(Step::Hub, |at| Step::Question(*at))
}
