//! Walks to the pages that keep somebody safe: for pictures of them and for the audits.
//!
//! Called by `shot`. Like every walk it knows questions by their kind and choices by what they mean.

use super::front::Local;
use super::rehearsal::Rehearsal;
use super::shot::{kind_here, story, until, until_check, until_chosen, walk};
use crate::form::{Flag, Given, Meaning, QuestionKind};
use crate::machine::{Page, Press};

/// Pages that are there to keep somebody safe, and those that follow a choice.
pub(super) fn walk_to_safety(to: &Rehearsal, page: &str) -> Option<bool> {
    // On a small panel the story is not on the first page of the answers.
    let story_row = |to: &Rehearsal| (0..40).any(|_| to.touch(&story_asked(to)) || !to.touch("More"));
    let shown = |to: &Rehearsal| until_check(to) && to.touch("Your answers") && story_row(to);
    let there = match page {
        "near-story" => {
            to.press(Press::SomeoneNear(true));
            story(to)
        }
        "near-ticks" => {
            to.press(Press::SomeoneNear(true));
            until_chosen(to, true)
        }
        "self-harm" => until_red(to, Flag::SelfHarm),
        "card" => walk(to, "help-now") && to.touch("Show a 999 card"),
        "shown-answer" => shown(to),
        "show-row" => {
            to.press(Press::SomeoneNear(true));
            shown(to)
        }
        "language" => {
            to.front().open(Some(Local::Language));
            true
        }
        "spot" => {
            let place = |kind: &QuestionKind| matches!(kind, QuestionKind::Place { .. });
            let there = until(to, place);
            if let Some((question, kind)) = kind_here(to).filter(|_| there) {
                let place = kind.choices().first().map_or(0, |choice| choice.code);
                to.press(Press::Answer(question, Given::Place { place, spot: None }));
            }
            there && to.touch("Continue")
        }
        "typed-date" => {
            let date = |kind: &QuestionKind| matches!(kind, QuestionKind::Date);
            until(to, date) && (0..40).any(|_| to.touch("I know the date") || !to.touch("More choices"))
        }
        "clock" | "clock-half" => {
            let time = |kind: &QuestionKind| matches!(kind, QuestionKind::TimeOfDay { .. });
            let there = until(to, time) && (0..40).any(|_| to.touch("I know the time") || !to.touch("More choices"));
            there && (page == "clock" || (to.touch("9") && to.touch("3") && to.touch("0") && to.touch("Continue")))
        }
        _ => return None,
    };
    Some(there)
}

/// How the page of the story is called in the language that is shown.
fn story_asked(to: &Rehearsal) -> String {
    let language = to.front().state.borrow().language.clone();
    let mut questions = to.front().place.form.questions.iter();
    let story = questions.find(|question| matches!(question.kind, QuestionKind::LongText { .. }));
    story.map_or("", |story| story.ask.get(&language)).to_owned()
}

/// Chooses what has the flag, wherever the form has it, and goes on.
fn until_red(to: &Rehearsal, flag: Flag) -> bool {
    let means = |choice: &&crate::form::Choice| choice.means.contains(&Meaning::Flag(flag));
    let has = |kind: &QuestionKind| kind.choices().iter().any(|choice| means(&choice));
    if !until(to, has) {
        return false;
    }
    if let Some((question, kind)) = kind_here(to) {
        let code = kind.choices().iter().find(means).map_or(0, |choice| choice.code);
        to.press(Press::Answer(question, Given::Choices(vec![code])));
        to.press(Press::Next);
    }
    matches!(to.page(), Page::HelpNow(_))
}
