//! Pictures of pages without a display: a rehearsal walks to the page with made-up answers, and the pixels become PNG.
//!
//! Called by `heard-kiosk shot` and by tests. The walk knows questions by their kind only. Sample words of other scripts
//! stand in for translations that do not exist yet: they are for looking at the layout and say so.

use std::sync::Arc;

use super::front::{Looks, Place};
use super::rehearsal::{BEGINS, Rehearsal, sample_form, sample_site};
use super::sample_words::with_sample_words;
use super::shot_safety::walk_to_safety;
use crate::form::{Choice, Flag, Given, Meaning, QuestionKind, YesNo};
use crate::kiosk::error::KioskError;
use crate::machine::{Fault, Faults, Page, Press, StopChoice, Tile};
use crate::mailbox::{ReferenceCode, Stage};
use crate::wire::v1::StatusNote;

/// What the story page holds in pictures.
const STORY: &str = "The man from the third floor shouted at my daughter on the stairs again. He told us to go home.";

/// Every page that can be drawn, by its name.
pub const SHOTS: [&str; 49] = [
    "start",
    "numbers",
    "notices",
    "get-help",
    "have-your-say",
    "promise",
    "one-choice",
    "help-now",
    "many-choices",
    "yes-no",
    "needs-answer",
    "story",
    "ways",
    "name",
    "phone",
    "date",
    "check",
    "answers",
    "saving",
    "sent",
    "held",
    "kept-once",
    "refused",
    "code",
    "code-closed",
    "cannot-keep",
    "leave-contact",
    "stop",
    "still-there",
    "hidden",
    "link-silent",
    "out-of-service",
    "enter-code",
    "return",
    "message",
    "text-and-colour",
    "help",
    "near-story",
    "near-ticks",
    "self-harm",
    "card",
    "last-four",
    "shown-answer",
    "show-row",
    "language",
    "spot",
    "clock",
    "clock-half",
    "typed-date",
];

/// What to draw and how.
#[derive(Debug, Clone)]
pub struct Shot {
    /// One of [`SHOTS`].
    pub page: String,
    /// Panel, text size, theme.
    pub looks: Looks,
    /// `en`; or `long`, `ur`, `bn` for sample words.
    pub language: String,
}

/// Walks to the page and stops there.
///
/// # Errors
/// There is no such page, or the walk did not get there.
pub fn shoot(shot: &Shot) -> Result<Rehearsal, KioskError> {
    let fault = |why: String| KioskError::Fault(why);
    let form = sample_form().map_err(|_| fault("the form that comes with this program has a problem".into()))?;
    let form = with_sample_words(form, &shot.language);
    let site = sample_site().ok_or_else(|| fault("the site that comes with this program has a problem".into()))?;
    let place = Place {
        form: Arc::new(form),
        site,
    };
    let rehearsal = Rehearsal::start(place, shot.looks).map_err(|why| fault(format!("nothing can be drawn: {why}")))?;
    rehearsal.press(Press::Language(shot.language.clone()));
    let there = walk(&rehearsal, &shot.page);
    if there {
        Ok(rehearsal)
    } else if SHOTS.contains(&shot.page.as_str()) {
        Err(fault(format!("the walk to the page {} ended elsewhere", shot.page)))
    } else {
        Err(KioskError::Input(format!(
            "there is no page {}; there are: {}",
            shot.page,
            [&SHOTS[..], &super::slip_shot::SLIPS].concat().join(", ")
        )))
    }
}

pub(super) fn walk(to: &Rehearsal, page: &str) -> bool {
    match page {
        "start" => true,
        "numbers" => open(to, Tile::UsefulNumbers),
        "notices" => open(to, Tile::Notices),
        "get-help" => open(to, Tile::GetHelp),
        "have-your-say" => open(to, Tile::HaveYourSay),
        "text-and-colour" => to.touch("Text"),
        "promise" => until(to, |kind| matches!(kind, QuestionKind::Statement)),
        "one-choice" => until_chosen(to, false),
        "help-now" => until_chosen(to, false) && in_danger(to),
        "many-choices" => until_chosen(to, true),
        "needs-answer" => {
            until_chosen(to, false) && {
                while to.touch("More choices") {}
                to.touch("Continue")
            }
        }
        "yes-no" => until(to, |kind| matches!(kind, QuestionKind::YesNoNotSure { .. })),
        "story" => story(to),
        "ways" => story(to) && to.touch("Other ways"),
        "name" => until(to, |kind| matches!(kind, QuestionKind::ShortText { lines: 1, .. })),
        "phone" => until(to, |kind| matches!(kind, QuestionKind::Phone)),
        "date" => until(to, |kind| matches!(kind, QuestionKind::Date)),
        "help" => story(to) && to.touch("Help"),
        "stop" => story(to) && to.touch("Stop"),
        "hidden" => story(to) && to.touch("Hide"),
        "check" => until_check(to),
        "answers" => until_check(to) && to.touch("Your answers"),
        "still-there" => {
            story(to) && {
                to.wait(crate::machine::timing::IDLE_MS);
                true
            }
        }
        "link-silent" => {
            to.world.borrow_mut().silent = true;
            to.wait(3 * 3_600_000);
            open(to, Tile::TellUs) && matches!(to.page(), Page::LinkSilent { .. })
        }
        "out-of-service" => {
            to.health(Faults::default().set(Fault::Disk, true));
            true
        }
        "enter-code" => open(to, Tile::ComeBack),
        "return" => come_back(to),
        "message" => come_back(to) && to.touch("Message of 22 November"),
        _ => walk_to_safety(to, page).unwrap_or_else(|| walk_to_saved(to, page)),
    }
}

/// Chooses what means danger, whatever it is called, and goes on.
fn in_danger(to: &Rehearsal) -> bool {
    let Some((question, kind)) = kind_here(to) else {
        return false;
    };
    let dangerous = |choice: &&Choice| choice.means.contains(&Meaning::Flag(Flag::Danger));
    let Some(choice) = kind.choices().iter().find(dangerous) else {
        return false;
    };
    to.press(Press::Answer(question, Given::Choice(choice.code)));
    to.touch("Continue")
}

fn walk_to_saved(to: &Rehearsal, page: &str) -> bool {
    match page {
        "saving" => to.world.borrow_mut().slow_store = true,
        "held" => to.world.borrow_mut().silent = true,
        "kept-once" => {
            to.world.borrow_mut().silent = true;
            to.world.borrow_mut().one_copy = true;
        }
        "refused" => to.world.borrow_mut().refuses = true,
        "sent" | "code" | "code-closed" | "cannot-keep" | "leave-contact" | "last-four" => {}
        _ => return false,
    }
    if !until_check(to) {
        return false;
    }
    to.press(Press::Send);
    if page == "saving" {
        return matches!(to.page(), Page::Saving);
    }
    to.wait(crate::machine::timing::ACKNOWLEDGEMENT_MS + 1);
    let saved = matches!(to.page(), Page::Saved(_));
    if !matches!(page, "sent" | "held" | "kept-once" | "refused") {
        // Where the code has a page of its own.
        while to.touch("More") {}
        to.touch("Your code");
    }
    match page {
        "code-closed" => saved && to.touch("I have it"),
        "cannot-keep" => saved && to.touch("I cannot keep it"),
        "leave-contact" => {
            let leave = || to.touch("Leave a safe way to reach me");
            saved && to.touch("I cannot keep it") && (leave() || (to.touch("Leave a way to reach me") && leave()))
        }
        "last-four" => saved && to.touch("Check my last four"),
        _ => saved,
    }
}

fn open(to: &Rehearsal, tile: Tile) -> bool {
    to.press(Press::Tile(tile));
    !matches!(to.page(), Page::Start)
}

pub(super) fn story(to: &Rehearsal) -> bool {
    if !until(to, |kind| matches!(kind, QuestionKind::LongText { .. })) {
        return false;
    }
    // Away and back again: the page shows what was written when it opens.
    if let Page::Question(asked) = to.page() {
        to.press(Press::Answer(asked.question, Given::Text(STORY.into())));
        to.press(Press::Stop);
        to.press(Press::StopAnswer(StopChoice::CarryOn));
    }
    true
}

/// Three notes: a promise was missed in the middle.
fn come_back(to: &Rehearsal) -> bool {
    let note = |stage, hours_ago: i64, promise: &str, by: i64, words: &str| StatusNote {
        id: [1; 16],
        stage,
        written: BEGINS.after_hours(-hours_ago),
        promised: Some(BEGINS.after_hours(by)),
        promise: promise.into(),
        caseworker: "Sam".into(),
        apology: stage == Stage::Planned,
        words: words.into(),
    };
    to.world.borrow_mut().notes = vec![
        note(
            Stage::Opened,
            484,
            "we look at the camera film",
            -460,
            "Thank you for telling us. I have read all of it.",
        ),
        note(
            Stage::Planned,
            240,
            "we look at the camera film",
            -216,
            "The film could not be read on the day. I asked for a copy.",
        ),
        note(
            Stage::LookingInto,
            20,
            "we ring the housing officer",
            28,
            "We have asked for the camera film. It is kept.\nI write to you here when I have seen it.",
        ),
    ];
    open(to, Tile::ComeBack);
    to.press(Press::Code(ReferenceCode::from_random([7; 16])));
    matches!(to.page(), Page::Return(_))
}

pub(super) fn kind_here(to: &Rehearsal) -> Option<(usize, QuestionKind)> {
    let Page::Question(asked) = to.page() else { return None };
    let question = to.front().place.form.questions.get(asked.question)?;
    Some((asked.question, question.kind.clone()))
}

/// Walks the form until a question of the kind is on the screen, through the sections when the core has none.
pub(super) fn until(to: &Rehearsal, wanted: impl Fn(&QuestionKind) -> bool) -> bool {
    if walk_on(to, &wanted, 0) {
        return true;
    }
    let Page::Check(hub) = to.page() else { return false };
    // What an answer opens depends on the choice: other choices are tried on the next round.
    for choice in 0..4 {
        for row in &hub.sections {
            to.press(Press::Section(row.section));
            if walk_on(to, &wanted, choice) {
                return true;
            }
        }
    }
    false
}

pub(super) fn until_chosen(to: &Rehearsal, many: bool) -> bool {
    let wanted = |kind: &QuestionKind| match kind {
        QuestionKind::OneChoice { .. } => !many,
        QuestionKind::ManyChoices { choices, .. } => many && choices.len() > 6,
        _ => false,
    };
    if !until(to, wanted) {
        return false;
    }
    if let (true, Some((question, kind))) = (many, kind_here(to)) {
        let codes = kind.choices().iter().take(2).map(|choice| choice.code).collect();
        to.press(Press::Answer(question, Given::Choices(codes)));
    }
    true
}

pub(super) fn until_check(to: &Rehearsal) -> bool {
    walk_on(to, &|_: &QuestionKind| false, 0);
    matches!(to.page(), Page::Check(_))
}

fn walk_on(to: &Rehearsal, wanted: &impl Fn(&QuestionKind) -> bool, choice: usize) -> bool {
    if matches!(to.page(), Page::Start) {
        to.press(Press::Tile(Tile::TellUs));
        if matches!(to.page(), Page::LinkSilent { .. }) {
            to.press(Press::Next);
        }
    }
    for _ in 0..200 {
        if matches!(to.page(), Page::HelpNow(_)) {
            to.press(Press::Next);
            continue;
        }
        let Some((question, kind)) = kind_here(to) else {
            return false;
        };
        if wanted(&kind) {
            return true;
        }
        answer(to, question, &kind, choice);
        to.press(Press::Next);
    }
    false
}

/// Enough answers that every branch of interest opens: several of many, and one of one.
fn answer(to: &Rehearsal, question: usize, kind: &QuestionKind, choice: usize) {
    let given = match kind {
        QuestionKind::OneChoice { choices } => choices.get(choice).map(|choice| Given::Choice(choice.code)),
        QuestionKind::ManyChoices { choices, most } => {
            let codes = choices.iter().take((*most).min(4)).map(|choice| choice.code);
            Some(Given::Choices(codes.collect()))
        }
        QuestionKind::YesNoNotSure { .. } => Some(Given::YesNo(YesNo::Yes)),
        QuestionKind::LongText { .. } => Some(Given::Text(STORY.into())),
        _ => None,
    };
    if let Some(given) = given {
        to.press(Press::Answer(question, given));
    }
}

/// The picture of what is on the screen now.
///
/// # Errors
/// It could not be written down as PNG.
pub fn png(rehearsal: &Rehearsal) -> Result<Vec<u8>, KioskError> {
    let panel = rehearsal.window().panel();
    let pixels = rehearsal.window().draw();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, panel.width, panel.height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let written = encoder
        .write_header()
        .and_then(|mut writer| writer.write_image_data(&pixels));
    match written {
        Ok(()) => Ok(bytes),
        Err(_) => Err(KioskError::Fault("the picture could not be written".into())),
    }
}
