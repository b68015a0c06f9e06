//! Checks what ties questions together: rules and ways. Refuses circles.
//!
//! Called by `check` once every question has been built. Ids turn into indices and codes here and nowhere else.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::check::{Checker, Problems};
use super::definition::{Question, QuestionKind, Rule, Way};
use super::raw::{RawForm, RawRule};
use crate::limits::RULE_DEPTH_MOST;

/// Fills in the rules and ways of `questions`, which stand in the order of `raw.question`.
pub(super) fn build(raw: &RawForm, questions: &mut [Question], problems: &mut Problems) {
    for (index, from) in raw.question.iter().enumerate() {
        let place = format!("question {}", from.id);
        let resolve =
            |rule: &Option<RawRule>, name: &str, otherwise: Rule, questions: &[Question], problems: &mut Problems| {
                let Some(rule) = rule else { return otherwise };
                let place = format!("{place}, {name}");
                Resolver {
                    questions,
                    place: &place,
                }
                .rule(rule, 1, problems)
            };
        let relevant = resolve(&from.relevant, "relevant", Rule::Always, questions, problems);
        let on_path = resolve(&from.on_path, "on-path", Rule::Always, questions, problems);
        let in_core = resolve(&from.in_core, "in-core", Rule::Never, questions, problems);
        if from.in_core.is_some() && raw.section.first().is_some_and(|core| core.id == from.section) {
            problems.add(&place, "in-core belongs to questions outside the core");
        }
        let ways = ways(raw, index, questions, problems);
        let question = &mut questions[index];
        (question.relevant, question.on_path, question.in_core, question.ways) = (relevant, on_path, in_core, ways);
    }
    report_circles(questions, problems);
}

fn ways(raw: &RawForm, index: usize, questions: &[Question], problems: &mut Problems) -> Vec<Way> {
    let from = &raw.question[index];
    let mut ways = Vec::new();
    for (number, way) in from.way.iter().enumerate() {
        let place = format!("question {}, way {}", from.id, number + 1);
        let label = Checker::new(raw, &place).words(&way.label, "label", true, problems);
        let target = questions.iter().position(|question| question.id == way.question);
        let Some(target) = target else {
            problems.add(&place, format!("question {} does not exist", way.question));
            continue;
        };
        let kind = &questions[target].kind;
        if target == index {
            problems.add(&place, "answers its own question; a choice does that");
        }
        if !matches!(kind, QuestionKind::OneChoice { .. } | QuestionKind::YesNoNotSure { .. }) {
            problems.add(
                &place,
                format!("question {} is not answered by one choice", way.question),
            );
        } else if let Some(choice) = kind.choices().iter().find(|choice| choice.id == way.choice) {
            ways.push(Way {
                label,
                question: target,
                choice: choice.code,
            });
        } else {
            problems.add(
                &place,
                format!("question {} has no choice {}", way.question, way.choice),
            );
        }
    }
    ways
}

/// Turns one rule of one question from names into indices and codes.
struct Resolver<'a> {
    questions: &'a [Question],
    place: &'a str,
}

impl Resolver<'_> {
    fn rule(&self, raw: &RawRule, depth: usize, problems: &mut Problems) -> Rule {
        if depth > RULE_DEPTH_MOST {
            problems.add(self.place, format!("nests more than {RULE_DEPTH_MOST} rules deep"));
            return Rule::Never;
        }
        match raw {
            RawRule {
                question: Some(question),
                has: Some(has),
                answered: None,
                all: None,
                any: None,
                not: None,
            } => self.has(question, has, problems),
            RawRule {
                question: Some(question),
                has: None,
                answered: Some(true),
                all: None,
                any: None,
                not: None,
            } => self.answered(question, problems),
            RawRule {
                question: None,
                has: None,
                answered: None,
                all: Some(rules),
                any: None,
                not: None,
            } => Rule::All(self.rules(rules, depth, problems)),
            RawRule {
                question: None,
                has: None,
                answered: None,
                all: None,
                any: Some(rules),
                not: None,
            } => Rule::Any(self.rules(rules, depth, problems)),
            RawRule {
                question: None,
                has: None,
                answered: None,
                all: None,
                any: None,
                not: Some(rule),
            } => Rule::Not(Box::new(self.rule(rule, depth + 1, problems))),
            _ => {
                let what =
                    "a rule is one of { question, has }, { question, answered = true }, { all }, { any }, { not }";
                problems.add(self.place, what);
                Rule::Never
            }
        }
    }

    fn rules(&self, raw: &[RawRule], depth: usize, problems: &mut Problems) -> Vec<Rule> {
        raw.iter().map(|rule| self.rule(rule, depth + 1, problems)).collect()
    }

    fn question(&self, id: &str, problems: &mut Problems) -> Option<usize> {
        let found = self.questions.iter().position(|question| question.id == id);
        if found.is_none() {
            problems.add(self.place, format!("question {id} does not exist"));
        }
        found
    }

    fn answered(&self, id: &str, problems: &mut Problems) -> Rule {
        let Some(index) = self.question(id, problems) else {
            return Rule::Never;
        };
        if self.questions[index].kind == QuestionKind::Statement {
            problems.add(
                self.place,
                format!("question {id} is a statement and is never answered"),
            );
        }
        Rule::Answered(index)
    }

    fn has(&self, id: &str, choices: &[String], problems: &mut Problems) -> Rule {
        let Some(index) = self.question(id, problems) else {
            return Rule::Never;
        };
        if choices.is_empty() {
            problems.add(self.place, format!("has names no choice of question {id}"));
        }
        let mut codes = Vec::new();
        for (at, name) in choices.iter().enumerate() {
            match self.questions[index]
                .kind
                .choices()
                .iter()
                .find(|choice| choice.id == *name)
            {
                None => problems.add(self.place, format!("question {id} has no choice {name}")),
                Some(_) if choices[..at].contains(name) => {
                    problems.add(self.place, format!("names choice {name} twice"))
                }
                Some(choice) => codes.push(choice.code),
            }
        }
        Rule::Has(index, codes)
    }
}

/// A question may not depend on itself through any chain of rules; each circle is told once.
fn report_circles(questions: &[Question], problems: &mut Problems) {
    let edges: Vec<Vec<usize>> = questions
        .iter()
        .map(|question| {
            let rules = [&question.relevant, &question.on_path, &question.in_core];
            rules.into_iter().flat_map(Rule::questions).collect()
        })
        .collect();
    let mut told = alloc::vec![false; questions.len()];
    for start in 0..questions.len() {
        if told[start] {
            continue;
        }
        let Some(circle) = circle_through(start, &edges) else {
            continue;
        };
        let ids: Vec<&str> = circle.iter().map(|index| questions[*index].id.as_str()).collect();
        circle.iter().for_each(|index| told[*index] = true);
        let what = format!("depends on itself: {} → {}", ids.join(" → "), ids[0]);
        problems.add(&format!("question {}", ids[0]), what);
    }
}

/// The shortest chain that leads from `start` back to it.
fn circle_through(start: usize, edges: &[Vec<usize>]) -> Option<Vec<usize>> {
    let mut came_from: Vec<Option<usize>> = alloc::vec![None; edges.len()];
    let mut waiting = alloc::vec![start];
    let mut next = 0;
    while let Some(&at) = waiting.get(next) {
        next += 1;
        for &to in &edges[at] {
            if to == start {
                let mut circle = alloc::vec![at];
                while circle[circle.len() - 1] != start {
                    circle.push(came_from[circle[circle.len() - 1]]?);
                }
                circle.reverse();
                return Some(circle);
            }
            if came_from[to].is_none() {
                came_from[to] = Some(at);
                waiting.push(to);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::samples::{check, parse};
    use alloc::string::ToString;

    fn question(id: &str, code: u16, rest: &str) -> String {
        format!(
            "[[question]]\nid = \"{id}\"\ncode = {code}\nsection = \"core\"\nkind = \"yes-no-not-sure\"\nask = {{ en = \"?\" }}\n{rest}\n"
        )
    }

    fn told(questions: &str) -> Vec<String> {
        let problems = check(questions).map(|_| ()).unwrap_err();
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn names_turn_into_indices_and_codes() {
        let rule = r#"relevant = { all = [{ question = "a", has = ["no", "yes"] }, { not = { question = "a", answered = true } }] }"#;
        let form = parse(&(question("b", 1, rule) + &question("a", 2, "")));
        let expected = Rule::All([Rule::Has(1, [2, 1].into()), Rule::Not(Box::new(Rule::Answered(1)))].into());
        assert_eq!(form.questions[0].relevant, expected);
        assert_eq!(form.questions[0].on_path, Rule::Always);
        assert_eq!(form.questions[0].in_core, Rule::Never);
    }

    #[test]
    fn wrong_rules_and_ways_are_told() {
        let deep = (0..6).fold("{ question = \"a\", answered = true }".to_string(), |rule, _| {
            format!("{{ not = {rule} }}")
        });
        let way = |question: &str, choice: &str| {
            format!("[[question.way]]\nlabel = {{ en = \"x\" }}\nquestion = \"{question}\"\nchoice = \"{choice}\"")
        };
        let table = [
            (
                "relevant = { question = \"x\", answered = true }".into(),
                "question b, relevant: question x does not exist",
            ),
            (
                "on-path = { question = \"a\", has = [\"x\"] }".into(),
                "question b, on-path: question a has no choice x",
            ),
            (
                "relevant = { question = \"a\", has = [] }".into(),
                "question b, relevant: has names no choice of question a",
            ),
            (
                "relevant = { question = \"a\", has = [\"no\", \"no\"] }".into(),
                "names choice no twice",
            ),
            (
                "relevant = { question = \"a\", answered = false }".into(),
                "a rule is one of",
            ),
            ("relevant = { question = \"a\" }".into(), "a rule is one of"),
            ("relevant = { all = [], any = [] }".into(), "a rule is one of"),
            ("relevant = {}".into(), "a rule is one of"),
            (format!("relevant = {deep}"), "nests more than 6 rules deep"),
            (
                "in-core = { question = \"a\", answered = true }".into(),
                "in-core belongs to questions outside the core",
            ),
            (way("x", "yes"), "question b, way 1: question x does not exist"),
            (way("a", "x"), "question b, way 1: question a has no choice x"),
            (way("b", "yes"), "question b, way 1: answers its own question"),
        ];
        for (rest, expected) in table {
            let told = told(&(question("a", 1, "") + &question("b", 2, &rest)));
            assert_eq!(told.len(), 1, "{told:#?}");
            assert!(told[0].contains(expected), "{expected}\n{told:#?}");
        }
    }

    #[test]
    fn a_circle_through_any_rules_is_told_once() {
        let on = |id: &str| format!("{{ question = \"{id}\", answered = true }}");
        let form = question("a", 1, &format!("relevant = {}", on("c")))
            + &question("b", 2, &format!("on-path = {{ not = {} }}", on("a")))
            + &question("c", 3, &format!("relevant = {{ any = [{}] }}", on("b")))
            + &question("d", 4, &format!("relevant = {}", on("a")))
            + &question("e", 5, &format!("relevant = {}", on("e")));
        assert_eq!(
            told(&form),
            [
                "sample.toml: question a: depends on itself: a → c → b → a",
                "sample.toml: question e: depends on itself: e → e"
            ]
        );
    }
}
