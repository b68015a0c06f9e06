//! Questions that are answered by choosing: one, many, yes or no, a day, a part of the day, a place. Also text and colour.
//!
//! Called by the front. Rows are cut into pages here; a page shows as many as fit with dignity and nothing scrolls.

use std::cell::RefCell;
use std::rc::Rc;

use heard_ui::{AnswerRow, Choose, Screen};
use slint::{Global, Model, ModelRc, SharedString, VecModel};

use super::front::{Front, Local, State};
use super::grid::{Grid, GridNeeds, grid, label_and_hint};
use super::numbers::page_of;
use super::question_words::{aside_words, decline, go_words, problem};
use super::sizes::TextSize;
use super::words_in::refill;
use super::{dates, language, look, when_where};
use crate::form::Choice;
use crate::form::{DateValue, Given, Question, QuestionKind, TimeValue, YesNo};
use crate::machine::{Page, Press, QuestionView, View};

/// What a row stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pick {
    Choice(u16),
    YesNo(YesNo),
    Date(DateValue),
    /// A day that is not in the list.
    TypedDate,
    Part(u16),
    /// A clock time, whichever.
    Clock,
    Place(u16),
}

/// A row before it is cut into pages.
pub(super) struct Row {
    pub(super) label: String,
    pub(super) hint: String,
    pub(super) pick: Pick,
}

thread_local! {
    /// The rows that are drawn: kept while a page stays, so that a tick does not move the focus.
    static ROWS: RefCell<Rc<VecModel<AnswerRow>>> = RefCell::new(Rc::new(VecModel::default()));
}

pub(super) fn connect(front: &Rc<Front>) {
    let choose = Choose::get(&front.app);
    let weak = Rc::downgrade(front);
    choose.on_pressed(move |at| {
        if let (Some(front), Ok(at)) = (weak.upgrade(), usize::try_from(at)) {
            pressed(&front, at);
        }
    });
    let weak = Rc::downgrade(front);
    choose.on_more(move || {
        if let Some(front) = weak.upgrade() {
            front.turn(true);
        }
    });
    let weak = Rc::downgrade(front);
    choose.on_fewer(move || {
        if let Some(front) = weak.upgrade() {
            front.turn(false);
        }
    });
    let weak = Rc::downgrade(front);
    choose.on_go_on(move || {
        if let Some(front) = weak.upgrade() {
            go_on(&front);
        }
    });
    let weak = Rc::downgrade(front);
    choose.on_aside_pressed(move || {
        if let Some(front) = weak.upgrade() {
            aside(&front);
        }
    });
}

/// The question on the screen, with its answer.
fn asked(front: &Front) -> Option<(usize, QuestionView, String)> {
    let state = front.state.borrow();
    let view = state.view.as_ref()?;
    match &view.page {
        Page::Question(asked) => Some((asked.question, asked.clone(), view.language.clone())),
        _ => None,
    }
}

fn pressed(front: &Front, at: usize) {
    let local = front.state.borrow().local;
    match local {
        Some(Local::Look) => return look::change(front, at),
        Some(Local::Language) => return language::pressed(front, at),
        Some(Local::Half(hour, minute)) => return when_where::half_pressed(front, hour, minute, at),
        _ => {}
    }
    let Some((index, view, language)) = asked(front) else {
        return;
    };
    let Some(question) = front.place.form.questions.get(index) else {
        return;
    };
    let rows = rows(front, question, &language, view.given.as_ref());
    let first = {
        let state = front.state.borrow();
        let grid = layout(front, &state, &view, question, &rows);
        grid.page(state.turn).rows.start
    };
    let Some(row) = rows.get(first + at) else { return };
    let press = match row.pick {
        Pick::Choice(code) if matches!(question.kind, QuestionKind::ManyChoices { .. }) => {
            let mut codes = match &view.given {
                Some(Given::Choices(codes)) => codes.clone(),
                _ => Vec::new(),
            };
            match codes.iter().position(|known| *known == code) {
                Some(known) => {
                    codes.remove(known);
                }
                None => codes.push(code),
            }
            if codes.is_empty() {
                Press::Clear(index)
            } else {
                Press::Answer(index, Given::Choices(codes))
            }
        }
        Pick::Choice(code) => Press::Answer(index, Given::Choice(code)),
        Pick::YesNo(answer) => Press::Answer(index, Given::YesNo(answer)),
        Pick::Date(date) => Press::Answer(index, Given::Date(date)),
        Pick::TypedDate => return front.open(Some(Local::Date)),
        Pick::Part(code) => Press::Answer(index, Given::Time(TimeValue::Part(code))),
        Pick::Clock => return front.open(Some(Local::Clock)),
        Pick::Place(place) => {
            // The same place again: what was said of it stays.
            let spot = match &view.given {
                Some(Given::Place { place: known, spot }) if *known == place => spot.clone(),
                _ => None,
            };
            Press::Answer(index, Given::Place { place, spot })
        }
    };
    front.tell(press);
}

fn go_on(front: &Front) {
    if front.state.borrow().local.is_some() {
        return front.open(None);
    }
    // A list of several pages is seen to its end before it is left.
    if front.state.borrow().unseen {
        return front.turn(true);
    }
    let spot = asked(front).is_some_and(|(index, view, _)| {
        let question = front.place.form.questions.get(index);
        question.is_some_and(|question| when_where::asks_spot(&question.kind, view.given.as_ref()))
    });
    if spot {
        front.open(Some(Local::Spot));
    } else {
        front.tell(Press::Next);
    }
}

fn aside(front: &Front) {
    let Some((index, view, _)) = asked(front) else { return };
    let Some(question) = front.place.form.questions.get(index) else {
        return;
    };
    if !question.ways.is_empty() {
        front.open(Some(Local::OtherWays));
    } else if is_ticked(&view) && question.decline {
        front.open(Some(Local::ClearTicks));
    } else {
        decline(front, index);
    }
}

fn is_ticked(view: &QuestionView) -> bool {
    matches!(&view.given, Some(Given::Choices(codes)) if !codes.is_empty())
}

/// Whether "rather not say" would take ticks away.
pub(super) fn has_ticks(front: &Front) -> bool {
    asked(front).is_some_and(|(_, view, _)| is_ticked(&view))
}

fn of_choices(choices: &[Choice], language: &str, pick: impl Fn(u16) -> Pick) -> Vec<Row> {
    let row = |choice: &Choice| Row {
        label: choice.label.get(language).to_owned(),
        hint: choice.hint.get(language).to_owned(),
        pick: pick(choice.code),
    };
    choices.iter().map(row).collect()
}

fn rows(front: &Front, question: &Question, language: &str, given: Option<&Given>) -> Vec<Row> {
    match &question.kind {
        QuestionKind::YesNoNotSure { choices } => {
            let mut rows = of_choices(choices, language, |code| {
                let answer = YesNo::ALL.into_iter().find(|answer| answer.code() == code);
                Pick::YesNo(answer.unwrap_or(YesNo::NotSure))
            });
            let words = front.phrases().get_yes_no();
            for (at, row) in rows.iter_mut().enumerate() {
                if row.label.is_empty() {
                    row.label = words.row_data(at).unwrap_or_default().into();
                }
            }
            rows
        }
        QuestionKind::TimeOfDay { choices } => {
            let mut rows = of_choices(choices, language, Pick::Part);
            rows.push(Row {
                label: when_where::clock_row(front, given),
                hint: String::new(),
                pick: Pick::Clock,
            });
            rows
        }
        QuestionKind::Place { choices, .. } => of_choices(choices, language, Pick::Place),
        QuestionKind::Date => dates::rows(front, given),
        kind => of_choices(kind.choices(), language, Pick::Choice),
    }
}

fn is_chosen(pick: Pick, given: Option<&Given>) -> bool {
    match (pick, given) {
        (Pick::Choice(code), Some(Given::Choices(codes))) => codes.contains(&code),
        (Pick::Choice(code), Some(Given::Choice(known))) => code == *known,
        (Pick::YesNo(answer), Some(Given::YesNo(known))) => answer == *known,
        (Pick::Date(date), Some(Given::Date(known))) => date == *known,
        (Pick::Part(code), Some(Given::Time(TimeValue::Part(known)))) => code == *known,
        (Pick::Clock, Some(Given::Time(TimeValue::Clock(..)))) => true,
        (Pick::Place(code), Some(Given::Place { place, .. })) => code == *place,
        _ => false,
    }
}

fn layout(front: &Front, state: &State, view: &QuestionView, question: &Question, rows: &[Row]) -> Grid {
    let ruler = state.ruler();
    let tokens = ruler.sizes();
    let language = state.language.as_str();
    let with_section = question.section > 0 && !ruler.panel.is_short() && ruler.text < TextSize::Large;
    let section = front.place.form.sections.get(question.section).filter(|_| with_section);
    let problem = problem(front, view);
    let needs = GridNeeds {
        title: question.ask.get(language),
        section: section.map_or("", |section| section.title.get(language)),
        hint: hint_below(state, question, language),
        keeps_hint: false,
        problem: &problem,
        count: rows.len(),
        high: &|at, room| label_and_hint(&ruler, &tokens, &rows[at].label, &rows[at].hint, room),
        beside: 3.0 * tokens.pad + tokens.tick,
        least_mm: ruler.text.answer_mm(),
        one_will_do: false,
        one_page: false,
        most: 3,
    };
    grid(&ruler, &tokens, &needs)
}

/// The line below the title, where there is room for one.
fn hint_below<'a>(state: &State, question: &'a Question, language: &str) -> &'a str {
    if state.looks.panel.folds_hints(state.looks.text) {
        ""
    } else {
        question.hint.get(language)
    }
}

pub(super) fn fill(front: &Front, state: &mut State, view: &View, asked: &QuestionView, question: &Question) -> Screen {
    let language = view.language.as_str();
    let rows = rows(front, question, language, asked.given.as_ref());
    let layout = layout(front, state, asked, question, &rows);
    let pages = layout.pages.len();
    state.turn = state.turn.min(pages - 1);
    let page = layout.page(state.turn);
    let shown = rows[page.rows.clone()].iter();
    let shown: Vec<AnswerRow> = shown
        .map(|row| shown_row(front, state.near, row, asked.given.as_ref(), layout.with_lines))
        .collect();
    let choose = Choose::get(&front.app);
    let section_name = front.place.form.sections.get(question.section);
    let section_name = section_name
        .filter(|_| layout.with_section)
        .map_or("", |section| section.title.get(language));
    let hint = hint_below(state, question, language);
    choose.set_section(section_name.into());
    choose.set_title(question.ask.get(language).into());
    choose.set_title_size(layout.title);
    choose.set_hint(if layout.with_hint { hint } else { "" }.into());
    choose.set_problem(problem(front, asked));
    choose.set_many(matches!(question.kind, QuestionKind::ManyChoices { .. }));
    put_rows(&choose, shown);
    choose.set_columns(i32::try_from(layout.columns).unwrap_or(1));
    choose.set_row_height(page.row_height);
    choose.set_label_size(layout.text);
    choose.set_page(page_of(front, state.turn, pages));
    state.furthest = state.furthest.max(state.turn);
    // One of them was chosen: what is on the other pages need not be seen.
    let may_choose_more = matches!(question.kind, QuestionKind::ManyChoices { .. }) || asked.given.is_none();
    state.unseen = may_choose_more && state.furthest + 1 < pages;
    choose.set_has_more(state.turn + 1 < pages && !state.unseen);
    choose.set_has_fewer(state.turn > 0);
    choose.set_aside(aside_words(front, question));
    choose.set_aside_chosen(asked.declined);
    choose.set_go(if state.unseen {
        front.phrases().get_more_choices()
    } else {
        go_words(front, asked)
    });
    Screen::Choose
}

/// With somebody near the words of what is chosen are not on the screen at all (SAFETY 5).
fn shown_row(front: &Front, near: bool, row: &Row, given: Option<&Given>, with_lines: bool) -> AnswerRow {
    let chosen = is_chosen(row.pick, given);
    let covered = near && chosen;
    let (label, hint) = if covered {
        (front.phrases().get_near().row_data(5).unwrap_or_default(), "")
    } else {
        let hint = if with_lines { row.hint.as_str() } else { "" };
        (row.label.as_str().into(), hint)
    };
    AnswerRow {
        label,
        hint: hint.into(),
        chosen,
        covered,
    }
}

/// A list that is no question of the form: text sizes, languages, both halves of a day.
pub(super) struct List {
    pub(super) title: SharedString,
    pub(super) title_size: f32,
    pub(super) label_size: f32,
    pub(super) columns: usize,
    pub(super) row_height: f32,
    /// Those of the page that is shown.
    pub(super) rows: Vec<AnswerRow>,
    pub(super) pages: usize,
    /// What the main button says; empty: there is none.
    pub(super) go: SharedString,
}

pub(super) fn put_list(front: &Front, state: &State, list: List) -> Screen {
    let choose = Choose::get(&front.app);
    choose.set_section(SharedString::default());
    choose.set_title(list.title);
    choose.set_title_size(list.title_size);
    choose.set_hint(SharedString::default());
    choose.set_problem(SharedString::default());
    choose.set_many(false);
    put_rows(&choose, list.rows);
    choose.set_columns(i32::try_from(list.columns).unwrap_or(1));
    choose.set_row_height(list.row_height);
    choose.set_label_size(list.label_size);
    choose.set_page(page_of(front, state.turn, list.pages));
    choose.set_has_more(state.turn + 1 < list.pages);
    choose.set_has_fewer(state.turn > 0);
    choose.set_aside(SharedString::default());
    choose.set_aside_chosen(false);
    choose.set_go(list.go);
    Screen::Choose
}

/// No other page keeps what was ticked.
pub(super) fn forget(front: &Front) {
    ROWS.with(|kept| {
        if kept.borrow().row_count() > 0 {
            *kept.borrow_mut() = Rc::new(VecModel::default());
            Choose::get(&front.app).set_rows(ModelRc::from(Rc::clone(&kept.borrow())));
        }
    });
}

fn put_rows(choose: &Choose<'_>, shown: Vec<AnswerRow>) {
    ROWS.with(|kept| {
        let model = Rc::clone(&kept.borrow());
        // Pages are made anew when they turn; within one, a row keeps its place and the focus.
        if model.row_count() == shown.len() {
            refill(&*model, shown);
        } else {
            *kept.borrow_mut() = Rc::new(VecModel::from(shown));
        }
        let model = Rc::clone(&kept.borrow());
        choose.set_rows(ModelRc::from(model));
    });
}
