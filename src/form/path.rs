//! The walk through a form: which page comes next, which came before, and what each section still holds.
//!
//! Called by the session after every answer. A path is worked out from the answers each time and never stored, so it
//! cannot disagree with them. It knows no page besides questions: the hub and the start belong to the session.
//!
//! A question of an optional section whose `in_core` holds is asked in the core walk, directly after the last core
//! question that its `in_core` rule looks at; when the rule looks at none, at the end of the core. Several at the same
//! place stand in the order of the file. Its `on_path` says nothing there: that rule is about its own section.

use alloc::vec::Vec;

use super::answer::Answer;
use super::definition::QuestionKind;
use super::entry::FormEntry;

/// Where Next or Back leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The page of the question at the index.
    Question(usize),
    /// The check page.
    Hub,
    /// Out of the form: Back from the first core question.
    Start,
}

/// How far a section is, for its row on the check page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SectionState {
    /// Nothing answered or declined.
    Empty,
    /// Something is, something is not.
    Partly,
    /// Everything on its path is answered or declined; also when nothing is left to ask.
    Done,
}

impl FormEntry {
    /// The pages of the core walk, in order: relevant core questions on the path, and those of other sections that are
    /// asked in the core at present (see the head of this file for where they stand).
    pub fn core_path(&self) -> Vec<usize> {
        let questions = 0..self.form().questions.len();
        let mut path: Vec<usize> = questions.filter(|&index| self.is_on_core_path(index)).collect();
        path.sort_by_key(|&index| self.core_place(index));
        path
    }

    /// The pages of one section, in order; questions that are asked in the core at present are left out. For section 0
    /// this is the core path.
    pub fn section_path(&self, section: usize) -> Vec<usize> {
        if section == 0 {
            return self.core_path();
        }
        let questions = 0..self.form().questions.len();
        questions
            .filter(|&index| self.form().questions[index].section == section && self.is_on_section_path(index))
            .collect()
    }

    /// How far a section is. Statements count for nothing.
    pub fn section_state(&self, section: usize) -> SectionState {
        let is_answered = |index: usize| matches!(self.state(index), Answer::Given(_) | Answer::Declined);
        let mut path = self.section_path(section);
        path.retain(|&index| self.form().questions[index].kind != QuestionKind::Statement);
        let answered = path.iter().filter(|&&index| is_answered(index)).count();
        match answered {
            _ if answered == path.len() => SectionState::Done,
            0 => SectionState::Empty,
            _ => SectionState::Partly,
        }
    }

    /// The page after that of `question` on the path of its section; past the end, the hub. Works also from a question
    /// that has just left the path.
    pub fn next(&self, question: usize) -> Step {
        let path = self.walk_of(question);
        let place = self.core_place(question);
        let next = path.into_iter().find(|&index| self.core_place(index) > place);
        next.map_or(Step::Hub, Step::Question)
    }

    /// The page before that of `question` on the path of its section: before the first, the start for the core and the
    /// hub for the others.
    pub fn back(&self, question: usize) -> Step {
        let path = self.walk_of(question);
        let place = self.core_place(question);
        let back = path.into_iter().rfind(|&index| self.core_place(index) < place);
        let out = if self.walks_in_core(question) {
            Step::Start
        } else {
            Step::Hub
        };
        back.map_or(out, Step::Question)
    }

    /// Back from the hub: the last page of the core walk.
    pub fn back_from_hub(&self) -> Step {
        self.core_path()
            .last()
            .map_or(Step::Start, |&index| Step::Question(index))
    }

    fn is_relevant(&self, question: usize) -> bool {
        !matches!(self.state(question), Answer::NotAsked)
    }

    fn walks_in_core(&self, question: usize) -> bool {
        self.form()
            .questions
            .get(question)
            .is_some_and(|at| at.section == 0 || at.in_core.holds(&self.filled().answers))
    }

    fn is_on_core_path(&self, index: usize) -> bool {
        let question = &self.form().questions[index];
        let answers = &self.filled().answers;
        let stops = if question.section == 0 {
            &question.on_path
        } else {
            &question.in_core
        };
        self.is_relevant(index) && stops.holds(answers)
    }

    fn is_on_section_path(&self, index: usize) -> bool {
        let question = &self.form().questions[index];
        self.is_relevant(index) && question.on_path.holds(&self.filled().answers) && !self.walks_in_core(index)
    }

    fn walk_of(&self, question: usize) -> Vec<usize> {
        if self.walks_in_core(question) {
            return self.core_path();
        }
        self.section_path(
            self.form()
                .questions
                .get(question)
                .map_or(0, |question| question.section),
        )
    }

    /// Sort key in the walk of the question: the core question that it follows, then its own index.
    fn core_place(&self, index: usize) -> (usize, usize) {
        let questions = &self.form().questions;
        let is_core = |at: &usize| questions.get(*at).is_some_and(|question| question.section == 0);
        if is_core(&index) || !self.walks_in_core(index) {
            return (index, index);
        }
        let named = questions[index].in_core.questions().into_iter().rfind(is_core);
        let last = questions.iter().rposition(|question| question.section == 0);
        (named.or(last).unwrap_or(index), index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::samples::{every_kind, index};
    use crate::form::{Given, YesNo};
    use alloc::string::String;
    use alloc::sync::Arc;

    fn ids(entry: &FormEntry, path: &[usize]) -> Vec<String> {
        path.iter()
            .map(|index| entry.form().questions[*index].id.clone())
            .collect()
    }

    #[test]
    fn the_core_follows_the_answers() {
        let mut entry = FormEntry::new(Arc::new(every_kind()), "en");
        let form = Arc::clone(entry.form());
        let at = |id: &str| index(&form, id);
        assert_eq!(
            ids(&entry, &entry.core_path()),
            ["welcome", "now", "story", "who", "why", "reach"]
        );
        entry.answer(at("reach"), &Given::Choice(3)).unwrap();
        entry.take_way(at("story"), 0).unwrap();
        // The ticks hang on `manner`, which stands before the story that they take the place of.
        let pictures = ["welcome", "now", "ticks", "who", "why", "reach", "mail-address"];
        assert_eq!(ids(&entry, &entry.core_path()), pictures);
        assert_eq!(entry.next(at("now")), Step::Question(at("ticks")));
        assert_eq!(entry.next(at("ticks")), Step::Question(at("who")));
        assert_eq!(entry.back(at("who")), Step::Question(at("ticks")));
        assert_eq!(
            entry.next(at("story")),
            Step::Question(at("who")),
            "from a page that has left the path"
        );
        assert_eq!(entry.next(at("mail-address")), Step::Hub);
        assert_eq!(entry.back_from_hub(), Step::Question(at("mail-address")));
        assert_eq!(entry.back(at("welcome")), Step::Start);
        assert!(!entry.section_path(1).contains(&at("ticks")), "asked once, not twice");
        entry.take_way(at("welcome"), 0).unwrap();
        assert_eq!(
            ids(&entry, &entry.core_path()),
            ["welcome", "now", "reach", "mail-address"]
        );
        entry.answer(at("manner"), &Given::Choice(1)).unwrap();
        assert_eq!(entry.section_path(1).first(), Some(&at("ticks")));
        assert_eq!(entry.section_path(0), entry.core_path());
    }

    #[test]
    fn a_section_tells_how_far_it_is() {
        let mut entry = FormEntry::new(Arc::new(every_kind()), "en");
        let form = Arc::clone(entry.form());
        let at = |id: &str| index(&form, id);
        assert_eq!(entry.section_state(1), SectionState::Empty);
        assert_eq!(
            entry.section_state(2),
            SectionState::Done,
            "nothing to ask about an unknown person"
        );
        entry.answer(at("who"), &Given::Choices([2].into())).unwrap();
        assert_eq!(entry.section_state(2), SectionState::Empty);
        entry.decline(at("not-to-see")).unwrap();
        assert_eq!(entry.section_state(2), SectionState::Done);
        entry.answer(at("times"), &Given::Number(3)).unwrap();
        assert_eq!(entry.section_state(1), SectionState::Partly);
        for question in ["ticks", "day", "where", "earlier"] {
            entry.decline(at(question)).unwrap();
        }
        assert_eq!(entry.section_state(1), SectionState::Done);
        assert_eq!(entry.back(at("ticks")), Step::Hub);
        assert_eq!(entry.next(at("earlier")), Step::Hub);
        entry.answer(at("why"), &Given::YesNo(YesNo::Yes)).unwrap();
        assert_eq!(entry.section_state(0), SectionState::Partly);
    }
}
