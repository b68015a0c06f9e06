//! Which questions are asked, given the answers so far.
//!
//! The entry calls it after every answer, the report when it folds meanings. Only `Answer::Given` makes a rule true: a
//! question that is not relevant holds `NotAsked`, so what it once held sways nothing. Refuses to guess an order: it
//! works questions out after those that they depend on.

use alloc::vec::Vec;

use super::answer::{Answer, TimeValue, Value};
use super::definition::{FormDefinition, Rule};

impl Rule {
    /// Whether the rule holds for `answers`, one for each question of the form. An index out of range counts as unanswered.
    pub fn holds(&self, answers: &[Answer]) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Has(question, codes) => match answers.get(*question) {
                Some(Answer::Given(value)) => codes.iter().any(|code| value.has(*code)),
                _ => false,
            },
            Self::Answered(question) => matches!(answers.get(*question), Some(Answer::Given(_))),
            Self::All(rules) => rules.iter().all(|rule| rule.holds(answers)),
            Self::Any(rules) => rules.iter().any(|rule| rule.holds(answers)),
            Self::Not(rule) => !rule.holds(answers),
        }
    }

    /// Indices of the questions that the rule looks at, each once, smallest first.
    pub fn questions(&self) -> Vec<usize> {
        let mut found = Vec::new();
        self.collect_questions(&mut found);
        found.sort_unstable();
        found.dedup();
        found
    }

    fn collect_questions(&self, found: &mut Vec<usize>) {
        match self {
            Self::Always | Self::Never => {}
            Self::Has(question, _) | Self::Answered(question) => found.push(*question),
            Self::All(rules) | Self::Any(rules) => rules.iter().for_each(|rule| rule.collect_questions(found)),
            Self::Not(rule) => rule.collect_questions(found),
        }
    }
}

impl Value {
    /// Whether the choice with `code` was chosen; false for kinds without choices.
    pub fn has(&self, code: u16) -> bool {
        match self {
            Self::Choice(chosen) | Self::Time(TimeValue::Part(chosen)) => *chosen == code,
            Self::Choices(chosen) => chosen.contains(&code),
            Self::YesNo(answer) => answer.code() == code,
            Self::Place { place, .. } => *place == code,
            Self::Text(_) | Self::Number(_) | Self::Date(_) | Self::Time(TimeValue::Clock(..)) => false,
        }
    }
}

/// Every question once, each after all questions that its relevance looks at.
pub fn dependency_order(form: &FormDefinition) -> Vec<usize> {
    let mut order = Vec::with_capacity(form.questions.len());
    let mut seen = alloc::vec![false; form.questions.len()];
    for question in 0..form.questions.len() {
        visit(form, question, &mut seen, &mut order);
    }
    order
}

/// Depth is bounded by the number of questions: a checked form has no circle, and `seen` would stop one.
fn visit(form: &FormDefinition, question: usize, seen: &mut [bool], order: &mut Vec<usize>) {
    if seen[question] {
        return;
    }
    seen[question] = true;
    for earlier in form.questions[question].relevant.questions() {
        visit(form, earlier, seen, order);
    }
    order.push(question);
}

/// Works relevance out again: questions that are no longer relevant turn to `NotAsked`, those that have become relevant
/// to `Unanswered`. `order` comes from [`dependency_order`]. Returns the questions that lost an answer (given or
/// declined), in the order of the form.
pub fn settle(form: &FormDefinition, order: &[usize], answers: &mut [Answer]) -> Vec<usize> {
    let mut dropped = Vec::new();
    for &question in order {
        let relevant = form.questions[question].relevant.holds(answers);
        match (&answers[question], relevant) {
            (Answer::NotAsked, true) => answers[question] = Answer::Unanswered,
            (Answer::Unanswered, false) => answers[question] = Answer::NotAsked,
            (Answer::Given(_) | Answer::Declined, false) => {
                answers[question] = Answer::NotAsked;
                dropped.push(question);
            }
            _ => {}
        }
    }
    dropped.sort_unstable();
    dropped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::YesNo;
    use alloc::boxed::Box;

    #[test]
    fn rules_hold_for_given_answers_only() {
        let answers = [
            Answer::Given(Value::Choice(4)),
            Answer::Given(Value::YesNo(YesNo::No)),
            Answer::Declined,
            Answer::NotAsked,
            Answer::Given(Value::Choices(heapless::Vec::from_slice(&[7, 9]).unwrap())),
        ];
        let table = [
            (Rule::Always, true),
            (Rule::Never, false),
            (Rule::Has(0, [3, 4].into()), true),
            (Rule::Has(0, [3].into()), false),
            (Rule::Has(1, [2].into()), true),
            (Rule::Has(4, [1, 9].into()), true),
            (Rule::Answered(0), true),
            (Rule::Answered(2), false),
            (Rule::Answered(3), false),
            (Rule::Answered(99), false),
            (Rule::All([Rule::Answered(0), Rule::Answered(2)].into()), false),
            (Rule::Any([Rule::Answered(0), Rule::Answered(2)].into()), true),
            (Rule::All([].into()), true),
            (Rule::Any([].into()), false),
            (Rule::Not(Box::new(Rule::Answered(2))), true),
        ];
        for (rule, expected) in table {
            assert_eq!(rule.holds(&answers), expected, "{rule:?}");
        }
    }

    /// `late` stands first in the file and depends on what stands last: the order of the file must not matter.
    #[test]
    fn what_is_closed_closes_what_hangs_on_it_and_nothing_else() {
        let form = crate::form::samples::parse(
            r#"
            [[question]]
            id = "late"
            code = 1
            section = "core"
            kind = "date"
            ask = { en = "?" }
            relevant = { any = [{ not = { question = "middle", answered = true } }, { not = { question = "first", has = ["no"] } }] }
            [[question]]
            id = "middle"
            code = 2
            section = "core"
            kind = "date"
            ask = { en = "?" }
            relevant = { question = "first", has = ["yes"] }
            [[question]]
            id = "first"
            code = 3
            section = "core"
            kind = "yes-no-not-sure"
            ask = { en = "?" }
            "#,
        );
        let order = dependency_order(&form);
        assert_eq!(order, [2, 1, 0]);
        let date = Answer::Given(Value::Date(crate::form::DateValue::NotSure));
        let mut answers = [date.clone(), date.clone(), Answer::Given(Value::YesNo(YesNo::Yes))];
        assert!(settle(&form, &order, &mut answers).is_empty());
        answers[2] = Answer::Given(Value::YesNo(YesNo::No));
        // In the order of the file `late` would be looked at while `middle` still stood, and be lost for nothing.
        assert_eq!(settle(&form, &order, &mut answers), [1]);
        assert_eq!(answers[0], date);
        answers[2] = Answer::Given(Value::YesNo(YesNo::Yes));
        assert!(settle(&form, &order, &mut answers).is_empty());
        assert_eq!(answers[1], Answer::Unanswered);
    }
}
