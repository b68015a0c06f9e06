//! Pages of words: the promise, help, have your say, a silent link, waiting, not saved, "I cannot keep it", out of service.
//!
//! Called by the front. It cuts long words into pages; it never shortens them.

use std::rc::Rc;

use heard_ui::{Reading, Screen};
use slint::{Global, Model, ModelRc, SharedString};

use super::came_back::{self, words_of};
use super::check;
use super::front::{Front, Local, State, filled_in, strings};
use super::numbers::{HAVE_YOUR_SAY, page_of};
use super::paging::{Paging, cut, ways_stack};
use super::times;
use super::words_in::{all, in_place, shared};
use crate::form::Question;
use crate::machine::{Added, CannotKeepView, OutOfService, Page, Press, QuestionView, SavedWords, View};
use crate::mailbox::AdditionKind;
use crate::site::Topic;
use crate::time::Timestamp;

/// What a page of words shows.
#[derive(Default)]
pub(super) struct Words {
    pub(super) section: String,
    pub(super) title: String,
    pub(super) paragraphs: Vec<String>,
    pub(super) ways: Vec<String>,
    /// The way that is switched on.
    pub(super) way_chosen: Option<usize>,
    pub(super) go: SharedString,
    /// The first paragraph is the one that matters most.
    pub(super) bold: bool,
    /// Every page is shown before the main button goes on.
    pub(super) to_the_end: bool,
}

pub(super) fn connect(front: &Rc<Front>) {
    let reading = Reading::get(&front.app);
    let weak = Rc::downgrade(front);
    reading.on_more(move || {
        if let Some(front) = weak.upgrade() {
            front.turn(true);
        }
    });
    let weak = Rc::downgrade(front);
    reading.on_fewer(move || {
        if let Some(front) = weak.upgrade() {
            front.turn(false);
        }
    });
    let weak = Rc::downgrade(front);
    reading.on_go_on(move || {
        if let Some(front) = weak.upgrade() {
            go_on(&front);
        }
    });
    let weak = Rc::downgrade(front);
    reading.on_way(move |way| {
        if let (Some(front), Ok(way)) = (weak.upgrade(), usize::try_from(way)) {
            take_way(&front, way);
        }
    });
}

fn go_on(front: &Front) {
    let row = check::open_row(&front.state.borrow());
    if let Some(row) = row {
        // Shown: the same press closes it.
        front.tell(Press::Show(row));
        return;
    }
    if front.state.borrow().local.is_some() {
        return front.open(None);
    }
    if front.state.borrow().unseen {
        return front.turn(true);
    }
    let press = match front.state.borrow().view.as_ref().map(|view| &view.page) {
        Some(Page::NotSaved) => Press::Send,
        Some(Page::Return(found)) => came_back::go_on(found),
        Some(Page::Everyday(_) | Page::CannotKeep(_)) => Press::Done,
        _ => Press::Next,
    };
    front.tell(press);
}

fn take_way(front: &Front, way: usize) {
    if front.state.borrow().local == Some(Local::Help) {
        return front.open(Some(Local::Numbers(Topic::Close)));
    }
    let row = check::open_row(&front.state.borrow());
    if let Some(row) = row {
        front.open(None);
        front.tell(Press::Change(row));
        return;
    }
    let near = front.state.borrow().near;
    let form = &front.place.form;
    let ways_of = |question: usize| form.questions.get(question).map_or(0, |asked| asked.ways.len());
    let (press, opens) = match front.state.borrow().view.as_ref().map(|view| &view.page) {
        Some(Page::Question(asked)) if way >= ways_of(asked.question) => (Some(Press::SomeoneNear(!near)), None),
        Some(Page::Question(asked)) => (Some(Press::Way(asked.question, way)), None),
        Some(Page::Return(found)) => came_back::take_way(found, way),
        Some(Page::CannotKeep(_)) if Reading::get(&front.app).get_ways().row_count() == 1 => (None, Some(Local::Leave)),
        Some(Page::CannotKeep(_)) if way == 0 => (None, Some(Local::Adding(AdditionKind::SafeContact))),
        Some(Page::CannotKeep(_)) => (None, Some(Local::Adding(AdditionKind::TrustedPerson))),
        _ => (None, None),
    };
    if opens.is_some() {
        front.open(opens);
    }
    if let Some(press) = press {
        front.tell(press);
    }
}

pub(super) fn put(front: &Front, state: &mut State, words: Words) -> Screen {
    let ruler = state.ruler();
    let (pages, title_size) = cut(
        &ruler,
        &Paging {
            section: &words.section,
            title: &words.title,
            paragraphs: &words.paragraphs,
            ways: &words.ways,
            bold: words.bold,
        },
        false,
    );
    state.turn = state.turn.min(pages.len() - 1);
    let reading = Reading::get(&front.app);
    reading.set_section(words.section.into());
    reading.set_title(words.title.into());
    reading.set_title_size(title_size);
    reading.set_ways_stacked(ways_stack(&ruler, &words.ways));
    reading.set_paragraphs(strings(&pages[state.turn]));
    reading.set_bold(i32::from(words.bold && state.turn == 0));
    reading.set_page(page_of(front, state.turn, pages.len()));
    state.furthest = state.furthest.max(state.turn);
    state.unseen = words.to_the_end && state.furthest + 1 < pages.len();
    reading.set_has_more(state.turn + 1 < pages.len() && !state.unseen);
    reading.set_has_fewer(state.turn > 0);
    if let Some(ways) = in_place(&reading.get_ways(), shared(&words.ways)) {
        reading.set_ways(ways);
    }
    let chosen = words.way_chosen.and_then(|chosen| i32::try_from(chosen).ok());
    reading.set_way_chosen(chosen.unwrap_or(-1));
    reading.set_go(if state.unseen {
        front.phrases().get_more()
    } else {
        words.go
    });
    Screen::Words
}

/// No other page keeps what was opened.
pub(super) fn forget(front: &Front) {
    let reading = Reading::get(&front.app);
    if reading.get_paragraphs().row_count() > 0 {
        reading.set_paragraphs(strings([""; 0]));
        reading.set_ways(strings([""; 0]));
        reading.set_title(SharedString::default());
    }
}

/// A statement of the form; on the first page of the core with what the landlord's bundle promises.
pub(super) fn fill_statement(
    front: &Front,
    state: &mut State,
    view: &View,
    asked: &QuestionView,
    question: &Question,
) -> Screen {
    let language = &view.language;
    let help = question.help.get(language);
    let own = if help.is_empty() {
        question.hint.get(language)
    } else {
        help
    };
    let mut paragraphs: Vec<String> = own
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(Into::into)
        .collect();
    let mut ways: Vec<String> = question
        .ways
        .iter()
        .map(|way| way.label.get(language).to_owned())
        .collect();
    let mut way_chosen = None;
    if asked.section == 0 && asked.place == 1 {
        way_chosen = offer_near(front, state, &mut paragraphs, &mut ways);
        let said = all(&front.phrases().get_promises());
        let promise = &front.place.site.promise;
        let holds = [
            promise.hours_may_be_promised() && !state.silent,
            promise.nobody_here_reads,
            promise.never_passed_on,
        ];
        let said = said
            .into_iter()
            .zip(holds)
            .filter_map(|(words, holds)| holds.then_some(words));
        let at = paragraphs.len().min(3);
        paragraphs.splice(at..at, said);
    }
    let words = Words {
        title: question.ask.get(language).to_owned(),
        paragraphs,
        ways,
        way_chosen,
        go: front.phrases().get_continue(),
        ..Words::default()
    };
    put(front, state, words)
}

/// "Someone is near me" on the promise: said, and offered as a way where it finds room beside the others. Elsewhere the way
/// to it is told. Returns the way that is switched on.
fn offer_near(front: &Front, state: &State, paragraphs: &mut Vec<String>, ways: &mut Vec<String>) -> Option<usize> {
    let near = front.phrases().get_near();
    let word = |at: usize| near.row_data(at).map(String::from).unwrap_or_default();
    ways.push(word(usize::from(state.near)));
    if state.looks.panel.is_short() && ways_stack(&state.ruler(), ways) {
        ways.pop();
        paragraphs.push(word(8));
        return None;
    }
    paragraphs.push(word(7));
    state.near.then_some(ways.len() - 1)
}

/// Help: what the form says about this question, then what always holds.
pub(super) fn fill_help(front: &Front, state: &mut State, view: &View) -> Screen {
    let fixed = all(&front.phrases().get_help());
    let mut paragraphs = Vec::new();
    if let Page::Question(asked) = &view.page
        && let Some(question) = front.question(asked)
    {
        let statement = matches!(question.kind, crate::form::QuestionKind::Statement);
        let help = question.help.get(&view.language);
        let lines = help
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !statement);
        paragraphs.extend(lines.map(String::from));
    }
    if state.looks.panel.folds_hints(state.looks.text)
        && let Page::Question(asked) = &view.page
        && let Some(question) = front.question(asked)
    {
        // The line that found no room below the title.
        paragraphs.insert(0, question.hint.get(&view.language).to_owned());
    }
    paragraphs.extend(fixed.get(1..4).unwrap_or_default().iter().cloned());
    let words = Words {
        title: fixed.first().cloned().unwrap_or_default(),
        paragraphs,
        ways: fixed.get(4).cloned().into_iter().collect(),
        go: front.phrases().get_carry_on(),
        ..Words::default()
    };
    put(front, state, words)
}

fn from_list(front: &Front, state: &mut State, list: Vec<String>, go: SharedString) -> Screen {
    let mut list = list.into_iter();
    let words = Words {
        title: list.next().unwrap_or_default(),
        paragraphs: list.collect(),
        // Numbers to ring stand at the end.
        to_the_end: !go.is_empty(),
        go,
        ..Words::default()
    };
    put(front, state, words)
}

/// A safe way, or somebody who is trusted, in place of the code; or nothing of it (SAFETY 23).
pub(super) fn fill_cannot_keep(front: &Front, state: &mut State, kept: &CannotKeepView) -> Screen {
    let said = all(&front.phrases().get_cannot_keep());
    let word = |at: usize| said.get(at).cloned().unwrap_or_default();
    let sentence = front.phrases().get_saved().row_data(9).unwrap_or_default();
    let also_ring = filled_in(&sentence, &[ring(front)]);
    let told = match kept.words {
        SavedWords::Sent | SavedWords::Held => vec![word(1), word(2), word(3), word(4)],
        SavedWords::KeptOnce => vec![word(1), also_ring, word(3), word(4)],
        // Nothing that is left here would reach anybody with it.
        SavedWords::Refused => {
            let said = all(&front.phrases().get_saved());
            vec![said.get(13).cloned().unwrap_or_default(), also_ring]
        }
    };
    let busy = matches!(kept.left, Some(Added::Saving(_)));
    let mut ways = vec![word(5), word(6)];
    if state.looks.panel.is_short() && ways_stack(&state.ruler(), &ways) {
        // Asked on a page of its own.
        ways = vec![word(11)];
    }
    let words = Words {
        title: word(0),
        paragraphs: kept
            .left
            .map(|left| words_of(front, left))
            .into_iter()
            .chain(told)
            .collect(),
        ways: if busy || kept.words == SavedWords::Refused {
            Vec::new()
        } else {
            ways
        },
        go: front.phrases().get_finish(),
        ..Words::default()
    };
    put(front, state, words)
}

/// What the landlord has signed; a site without such a page says where to ask.
pub(super) fn fill_have_your_say(front: &Front, state: &mut State, view: &View) -> Screen {
    let language = &view.language;
    let signed = front.pages().into_iter().find(|(name, _)| name == HAVE_YOUR_SAY);
    if let Some((_, page)) = signed {
        let title = page.title.get(language).to_owned();
        let paragraphs = page.paragraphs.iter().map(|words| words.get(language).to_owned());
        let list = std::iter::once(title).chain(paragraphs).collect();
        return from_list(front, state, list, front.phrases().get_finish());
    }
    let mut list = all(&front.phrases().get_have_your_say());
    let office = &front.place.site.office;
    if let Some(last) = list.last_mut() {
        *last = filled_in(last, &[&office.name, &office.telephone]);
    }
    from_list(front, state, list, front.phrases().get_finish())
}

pub(super) fn fill_wait(front: &Front, state: &mut State, words: &ModelRc<SharedString>) -> Screen {
    from_list(front, state, all(words), SharedString::default())
}

pub(super) fn fill_not_saved(front: &Front, state: &mut State) -> Screen {
    let mut list = all(&front.phrases().get_not_saved());
    if let Some(last) = list.last_mut() {
        *last = filled_in(last, &[ring(front)]);
    }
    from_list(front, state, list, front.phrases().get_try_again())
}

/// Said before the first question, with other ways to tell (SAFETY 10).
pub(super) fn fill_link_silent(
    front: &Front,
    state: &mut State,
    view: &View,
    last_contact: Option<Timestamp>,
) -> Screen {
    let said = all(&front.phrases().get_link_silent());
    let mut list: Vec<String> = said.iter().take(2).cloned().collect();
    let last = last_contact.and_then(|at| times::was(front, at));
    if let (Some(sentence), Some(last)) = (said.get(2), last) {
        list.push(filled_in(sentence, &[&last]));
    }
    list.extend(said.get(3).cloned());
    let others = front.place.site.tell_otherwise.iter();
    list.extend(others.map(|way| format!("{}  {}", way.telephone, way.words.get(&view.language))));
    from_list(front, state, list, front.phrases().get_continue())
}

pub(super) fn fill_out_of_service(front: &Front, state: &mut State, closed: OutOfService) -> Screen {
    let mut list = all(&front.phrases().get_out_of_service());
    if let Some(sentence) = list.get_mut(1) {
        *sentence = filled_in(sentence, &[ring(front)]);
    }
    if let Some(sentence) = list.get_mut(2) {
        *sentence = filled_in(sentence, &[&closed.code.to_string()]);
    }
    from_list(front, state, list, SharedString::default())
}

/// Where somebody answers.
pub(super) fn ring(front: &Front) -> &str {
    let site = &front.place.site;
    if site.promise.rota_telephone.is_empty() {
        &site.office.telephone
    } else {
        &site.promise.rota_telephone
    }
}
