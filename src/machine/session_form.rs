//! Filling the form: questions, the check page, "Send what I have", and Send.
//!
//! A flow is data: nothing here knows a question by name. The story page is the first long text of the core. After Send
//! only what is required is still asked, and of the core what hangs on it: the number beside "ring me".

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::input::Press;
use super::session::{Place, Session, Surroundings};
use super::session_check::next_for_changing;
use super::session_help::Then;
use super::view::{Page, QuestionView};
use crate::form::{Answer, FormEntry, QuestionKind, Step};

impl Session {
    pub(super) fn begin_questions(&mut self, around: &mut Surroundings<'_>) {
        let entry = FormEntry::new(Arc::clone(around.form), &self.language);
        match entry.core_path().first() {
            Some(first) => self.place = Place::Question(*first),
            None => self.place = Place::Check,
        }
        self.entry = Some(entry);
        if self.wants_a_person {
            self.go_to_a_person(around);
        }
    }

    pub(super) fn press_form(&mut self, press: Press, around: &mut Surroundings<'_>) {
        self.dropped.clear();
        self.problem = None;
        self.needs_answer = false;
        match press {
            Press::Send => self.press_send(around),
            Press::Back if self.place == Place::NotSaved => self.place = Place::Check,
            _ if self.place == Place::NotSaved => {}
            Press::Answer(question, given) => self.answer(question, &given),
            Press::Decline(question) => {
                self.forget_draft(question);
                self.change_one(question, |entry| entry.decline(question));
            }
            Press::Clear(question) => {
                self.forget_draft(question);
                self.change_one(question, |entry| Ok(entry.clear(question)));
            }
            Press::Way(question, way) => self.take_way(question, way, around),
            Press::Next => self.press_next(around),
            Press::Back => self.press_back(around),
            Press::Section(section) => self.open_section(section),
            Press::Show(question) => self.show_row(question),
            Press::Change(question) => self.change_row(question),
            _ => {}
        }
        if self.place != Place::Check {
            self.close_rows();
        }
    }

    pub(super) fn change_one(
        &mut self,
        question: usize,
        change: impl FnOnce(&mut FormEntry) -> Result<Vec<usize>, crate::form::AnswerError>,
    ) {
        self.change(change);
        if self.problem.is_none() {
            self.forget_ways_to(question);
            self.forget_help(question);
        }
    }

    pub(super) fn change(
        &mut self,
        change: impl FnOnce(&mut FormEntry) -> Result<Vec<usize>, crate::form::AnswerError>,
    ) {
        let Some(entry) = &mut self.entry else { return };
        match change(entry) {
            Ok(dropped) => self.dropped = dropped,
            Err(refused) => self.problem = Some(refused.why),
        }
    }

    fn press_next(&mut self, around: &mut Surroundings<'_>) {
        let Place::Question(question) = self.place else { return };
        let Some(entry) = &self.entry else { return };
        if is_needed(entry, question) {
            self.needs_answer = true;
            return;
        }
        if self.stays_with_draft(question) {
            return;
        }
        self.take_back_ways_from(question);
        if !self.opens_help(question) {
            self.step_on(question, around);
        }
    }

    pub(super) fn step_on(&mut self, question: usize, around: &mut Surroundings<'_>) {
        // The first page is the promise: whoever goes on from it will need a code.
        self.want_keys(around);
        let Some(entry) = &self.entry else { return };
        let step = match &self.changing {
            _ if self.sending => next_for_sending(entry, question),
            Some(changing) => next_for_changing(entry, &changing.known, question),
            None => entry.next(question),
        };
        if step == Step::Hub && self.sending {
            // The button of that page said so (`sends`); ways end the sending before they walk on.
            self.sending = false;
            return self.send(around);
        }
        if step == Step::Hub {
            self.changing = None;
        }
        self.place = place_of(step);
    }

    pub(super) fn press_back(&mut self, around: &Surroundings<'_>) {
        self.sending = false;
        if self.check_shown.is_some() || self.check_asked.is_some() {
            return self.close_rows();
        }
        // The page that "Change" opened was not led to by a way, even if one led there before.
        let opened = self.changing.as_ref().map(|changing| Place::Question(changing.opened));
        if opened != Some(self.place) && self.back_over_way() {
            return;
        }
        if self.changing.is_some() && self.opens_help_before(Then::Back) {
            return;
        }
        if self.changing.take().is_some() {
            self.place = Place::Check;
            return;
        }
        let Some(entry) = &self.entry else { return };
        let step = match self.place {
            Place::Question(question) => entry.back(question),
            _ => entry.back_from_hub(),
        };
        match step {
            Step::Hub if self.opens_help_before(Then::Back) => {}
            Step::Start if self.nothing_answered() => self.wipe(around),
            // Somebody has said something: leaving is Stop's business, never Back's.
            Step::Start => self.cover = Some(super::session::Cover::Stop),
            step => self.place = place_of(step),
        }
    }

    fn nothing_answered(&self) -> bool {
        let answered = |answer: &Answer| matches!(answer, Answer::Given(_) | Answer::Declined);
        self.entry
            .as_ref()
            .is_none_or(|entry| !entry.filled().answers.iter().any(answered))
    }

    fn open_section(&mut self, section: usize) {
        if self.place != Place::Check {
            return;
        }
        self.changing = None;
        if let Some(first) = self
            .entry
            .as_ref()
            .and_then(|entry| entry.section_path(section).first().copied())
        {
            self.place = Place::Question(first);
        }
    }

    fn press_send(&mut self, around: &mut Surroundings<'_>) {
        if !matches!(self.place, Place::Check | Place::NotSaved) {
            return;
        }
        self.send(around);
        if let (Some(entry), Place::Question(question)) = (&self.entry, self.place) {
            self.needs_answer = is_needed(entry, question);
        }
    }

    /// Keeps the report, or leads to what must be answered first.
    fn send(&mut self, around: &mut Surroundings<'_>) {
        if self.opens_help_before(Then::Send) {
            return;
        }
        self.changing = None;
        let Some(entry) = &self.entry else { return };
        let missing = entry.missing();
        match missing.or_else(|| self.untold_draft()) {
            Some(question) => {
                self.sending = true;
                self.place = Place::Question(question);
                self.want_keys(around);
            }
            None => self.keep(around),
        }
    }

    /// Nothing was answered in between: what was to be sent is what is sent now.
    pub(super) fn send_after_help(&mut self, around: &mut Surroundings<'_>) {
        match self.place {
            Place::Check | Place::NotSaved => self.press_send(around),
            _ => self.send(around),
        }
    }

    /// Send would ask something first.
    pub(super) fn asks_before_sending(&self) -> bool {
        self.entry.as_ref().is_some_and(|entry| entry.missing().is_some())
    }

    /// From the story page on: only what is required is still asked.
    pub(super) fn can_send_what_i_have(&self) -> bool {
        let Some(entry) = &self.entry else { return false };
        let Place::Question(here) = self.place_below_help() else {
            return true;
        };
        let is_story = |question: &usize| {
            matches!(entry.form().questions[*question].kind, QuestionKind::LongText { .. })
                && entry.form().questions[*question].section == 0
        };
        let story = (0..entry.form().questions.len()).find(is_story);
        story.is_none_or(|story| here >= story)
    }

    pub(super) fn send_what_i_have(&mut self, around: &mut Surroundings<'_>) {
        if !self.can_send_what_i_have() {
            return;
        }
        // Whoever sends from the help page has it before their eyes.
        self.close_help();
        self.send(around);
    }

    pub(super) fn question_page(&self, question: usize) -> Page {
        let Some(entry) = &self.entry else { return Page::Start };
        let section = self.walk_of(entry, question);
        let path = entry.section_path(section);
        let place = path.iter().position(|at| *at == question).map_or(1, |at| at + 1);
        let (given, problem) = self.typed_there(entry, question);
        Page::Question(QuestionView {
            question,
            section,
            place,
            places: path.len().max(place),
            given,
            declined: matches!(entry.state(question), Answer::Declined),
            room: entry.room(question),
            dropped: self.dropped.clone(),
            problem,
            needs_answer: self.needs_answer,
            sends: self.sending
                && problem.is_none()
                && !is_needed(entry, question)
                && next_for_sending(entry, question) == Step::Hub,
        })
    }

    fn walk_of(&self, entry: &FormEntry, question: usize) -> usize {
        if entry.core_path().contains(&question) {
            return 0;
        }
        entry.form().questions.get(question).map_or(0, |asked| asked.section)
    }
}

/// Continue waits for an answer.
fn is_needed(entry: &FormEntry, question: usize) -> bool {
    let is_required = entry.form().questions.get(question).is_some_and(|asked| asked.required);
    is_required && matches!(entry.state(question), Answer::Unanswered)
}

/// After Send: the next core question behind `question` that is required and open, or hangs on a required one; then any
/// that is still missing; then it is sent.
fn next_for_sending(entry: &FormEntry, question: usize) -> Step {
    let path = entry.core_path();
    let is_open = |at: usize| matches!(entry.state(at), Answer::Unanswered);
    let mut at = question;
    // Each step leads further down the path, so as many as it has are enough.
    for _ in 0..path.len() {
        let Step::Question(next) = entry.next(at) else { break };
        if is_open(next) && path.contains(&next) && comes_with_sending(entry, &path, next) {
            return Step::Question(next);
        }
        at = next;
    }
    entry.missing().map_or(Step::Hub, Step::Question)
}

/// Required, or asked because of a required question, or needed to know whether such a one is asked at all.
fn comes_with_sending(entry: &FormEntry, path: &[usize], question: usize) -> bool {
    let questions = &entry.form().questions;
    let is_required = |at: usize| questions.get(at).is_some_and(|asked| asked.required);
    let hangs_on = |at: usize| {
        let mut named = questions[at].relevant.questions();
        named.extend(questions[at].on_path.questions());
        named
    };
    let hangs_on_required = |at: usize| hangs_on(at).into_iter().any(is_required);
    let decides = |at: usize| hangs_on_required(at) && hangs_on(at).contains(&question);
    is_required(question) || hangs_on_required(question) || path.iter().any(|at| decides(*at))
}

fn place_of(step: Step) -> Place {
    match step {
        Step::Question(question) => Place::Question(question),
        Step::Hub => Place::Check,
        Step::Start => Place::Start,
    }
}
