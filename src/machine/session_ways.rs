//! Ways: buttons of a page that answer another question, and how one that was pressed by mistake is taken back.
//!
//! Used by `session_form`. A way is taken back by Back from the page that it led to, and by Continue of the page that it
//! stands on: whoever goes on from a page has not left it by its way. It refuses to touch an answer that was given anew.

use alloc::vec::Vec;

use super::session::{Place, Session, Surroundings};
use super::session_help::Then;
use super::view::Tile;
use crate::form::{Flag, FormDefinition, FormEntry, Meaning};

/// Ways that were taken and still hold, at most one for each question that they answer.
pub(super) type Ways = Vec<WayTaken>;

/// A way that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WayTaken {
    /// The question whose page it stands on.
    from: usize,
    /// The question that it answered.
    answered: usize,
    /// The page that it led to.
    led_to: Place,
}

impl Session {
    /// A way of the page that is shown. One of another page is nobody's press.
    pub(super) fn take_way(&mut self, question: usize, way: usize, around: &mut Surroundings<'_>) {
        let asked = around.form.questions.get(question);
        let Some(taken) = asked.and_then(|asked| asked.ways.get(way)) else {
            return;
        };
        if self.place != Place::Question(question) || self.opens_help_before(Then::Way(question, way)) {
            return;
        }
        let known = self.entry.as_ref().map(FormEntry::core_path).unwrap_or_default();
        self.change(|entry| entry.take_way(question, way));
        if self.problem.is_none() {
            self.forget_ways_to(taken.question);
            // Nothing but the button that says so sends.
            self.sending = false;
            self.step_over_way(question, &known, around);
            self.ways.push(WayTaken {
                from: question,
                answered: taken.question,
                led_to: self.place,
            });
        }
    }

    /// A page that its way takes off the walk leads to the page that stands there instead, not past it.
    fn step_over_way(&mut self, question: usize, known: &[usize], around: &mut Surroundings<'_>) {
        let path = self.entry.as_ref().map(FormEntry::core_path).unwrap_or_default();
        let was = known.iter().position(|at| *at == question);
        let before = was.map_or(&[][..], |was| &known[..was]);
        let stays = before
            .iter()
            .rev()
            .find_map(|at| path.iter().position(|known| known == at));
        let instead = path.get(stays.map_or(0, |stays| stays + 1));
        let on_the_walk = was.is_some() && self.changing.is_none();
        match instead {
            Some(instead) if on_the_walk && !path.contains(&question) => {
                self.want_keys(around);
                self.place = Place::Question(*instead);
            }
            _ => self.step_on(question, around),
        }
    }

    /// "I would rather tell a person", from the start page, an everyday page or a question of the core.
    pub(super) fn tell_a_person(&mut self, around: &mut Surroundings<'_>) {
        match self.place {
            Place::Start | Place::Everyday(_) => {
                self.wants_a_person = around.out_of_service.is_none();
                self.open_tile(Tile::TellUs, around);
            }
            Place::Question(_) => self.go_to_a_person(around),
            _ => {}
        }
    }

    /// Takes the way to a person as if its button stood on the question that is shown.
    pub(super) fn go_to_a_person(&mut self, around: &mut Surroundings<'_>) {
        self.wants_a_person = false;
        self.problem = None;
        let Place::Question(from) = self.place else { return };
        let is_core = around.form.questions.get(from).is_some_and(|asked| asked.section == 0);
        let Some((on, way)) = way_to_a_person(around.form, from).filter(|_| is_core) else {
            return;
        };
        if self.opens_help_before(Then::Person) {
            return;
        }
        let answered = around.form.questions[on].ways[way].question;
        self.change(|entry| entry.take_way(on, way));
        if self.problem.is_none() {
            self.forget_ways_to(answered);
            self.sending = false;
            self.step_on(from, around);
            let led_to = self.place;
            self.ways.push(WayTaken { from, answered, led_to });
        }
    }

    /// The question was answered by itself: no way may take that back.
    pub(super) fn forget_ways_to(&mut self, answered: usize) {
        self.ways.retain(|taken| taken.answered != answered);
    }

    /// Back from the page that a way led to. Returns whether there was one; then its page is shown again.
    pub(super) fn back_over_way(&mut self) -> bool {
        let Some(at) = self.ways.iter().rposition(|taken| taken.led_to == self.place) else {
            return false;
        };
        let taken = self.ways.remove(at);
        self.change(|entry| Ok(entry.clear(taken.answered)));
        self.place = Place::Question(taken.from);
        true
    }

    /// Continue of the page at `from`: what its ways answered holds no longer.
    pub(super) fn take_back_ways_from(&mut self, from: usize) {
        while let Some(at) = self.ways.iter().position(|taken| taken.from == from) {
            let taken = self.ways.remove(at);
            self.change(|entry| Ok(entry.clear(taken.answered)));
        }
    }
}

/// The button that asks for a person: that of the question, else the first in the form.
fn way_to_a_person(form: &FormDefinition, question: usize) -> Option<(usize, usize)> {
    let leads = |on: usize| {
        let asked = form.questions.get(on)?;
        let is_person = |way: &crate::form::Way| {
            let choices = form.questions.get(way.question).map(|to| to.kind.choices());
            let mut choices = choices.unwrap_or_default().iter();
            choices.any(|choice| choice.code == way.choice && choice.means.contains(&Meaning::Flag(Flag::TellAPerson)))
        };
        asked.ways.iter().position(is_person).map(|way| (on, way))
    };
    leads(question).or_else(|| (0..form.questions.len()).find_map(leads))
}
