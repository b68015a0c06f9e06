//! The front: holds the window's component, the newest view and what is only the screen's own (page of choices, keyboard
//! layer, text size), and draws all of it whole.
//!
//! Made by `run` and by tests. It decides nothing about a report. Hide is drawn before the machine hears of it.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use heard_ui::{App, Nav, Phrases, Screen, Theme as ThemeGlobal};
use slint::{ComponentHandle, Global, ModelRc, SharedString, VecModel};

use super::colours::Theme;
use super::keyboard::Layer;
use super::sizes::{Panel, TextSize};
pub(super) use super::state::{Local, State};
use super::visit::{page_name, question_of, visit_of};
pub(super) use super::words_in::{filled_in, strings};
use super::{
    ask, came_back, check, choose, dates, focus, fonts, help_now, keys, language, look, numbers, reading, saved, start,
    strip, typing, when_where, write,
};
use crate::form::{FormDefinition, Question};
use crate::machine::{Everyday, Overlay, Page, Press, QuestionView, View};
use crate::site::{EverydayPage, SiteFacts};
use crate::time::Timestamp;

/// What a person may change about the drawing; back to the first look for the next person.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Looks {
    /// The panel.
    pub panel: Panel,
    /// How large.
    pub text: TextSize,
    /// Which colours.
    pub theme: Theme,
}

/// What is true of the place: the form, the landlord's facts.
#[derive(Debug, Clone)]
pub struct Place {
    /// The form behind "Tell us something".
    pub form: Arc<FormDefinition>,
    /// Names, numbers, promises.
    pub site: SiteFacts,
}

/// Takes a press; says whether it got there.
pub type Sender = Box<dyn Fn(Press) -> bool>;
/// Tells the time, when it is known.
pub type Telling = Box<dyn Fn() -> Option<Timestamp>>;

/// The screens of one kiosk.
pub struct Front {
    pub(super) app: App,
    pub(super) place: Place,
    first_looks: Looks,
    send: Sender,
    now: Telling,
    /// Everyday pages of the bundle, by the names of their files.
    pages: RefCell<Vec<(String, EverydayPage)>>,
    pub(super) state: RefCell<State>,
}

impl fmt::Debug for Front {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Front")
    }
}

impl Front {
    /// Makes the component and shows its window. `send` must not call back into the front.
    ///
    /// # Errors
    /// There is no platform to draw on.
    pub fn new(place: Place, looks: Looks, send: Sender, now: Telling) -> Result<Rc<Self>, slint::PlatformError> {
        let app = App::new()?;
        let front = Rc::new(Self {
            app,
            place,
            first_looks: looks,
            send,
            now,
            pages: RefCell::default(),
            state: RefCell::new(State::new(looks)),
        });
        keys::connect(&front);
        strip::connect(&front);
        start::connect(&front);
        numbers::connect(&front);
        reading::connect(&front);
        choose::connect(&front);
        write::connect(&front);
        check::connect(&front);
        saved::connect(&front);
        help_now::connect(&front);
        ask::connect(&front);
        front.app.show()?;
        Ok(front)
    }

    /// Everyday pages that the landlord has signed: file name without its ending, page.
    pub fn bring_pages(&self, pages: Vec<(String, EverydayPage)>) {
        *self.pages.borrow_mut() = pages;
        self.draw();
    }

    pub(super) fn pages(&self) -> Vec<(String, EverydayPage)> {
        self.pages.borrow().clone()
    }

    /// The window.
    pub fn window(&self) -> &slint::Window {
        self.app.window()
    }

    /// Runs the window until it is closed.
    ///
    /// # Errors
    /// The platform gave up.
    pub fn run(&self) -> Result<(), slint::PlatformError> {
        self.app.run()
    }

    /// A view from the machine.
    pub fn show(&self, view: Box<View>) {
        let retry = {
            let mut state = self.state.borrow_mut();
            let before = state.view.as_ref().map(|view| view.session);
            if before != Some(view.session) {
                state.looks = Looks {
                    panel: state.looks.panel,
                    ..self.first_looks
                };
                state.forget_typed();
                super::measure::forget();
                state.silent = false;
                state.close_all();
            }
            // What covers the page covers the screen's own page as well, and what is typed there is there afterwards.
            if let Some(old) = &state.view
                && (page_name(&old.page), question_of(&old.page)) != (page_name(&view.page), question_of(&view.page))
            {
                state.close_all();
            }
            state.drafts.settle(&view);
            state.near = view.near;
            state.silent |= matches!(view.page, Page::LinkSilent { .. });
            let heard = state.hiding.is_some_and(|at| at != 0 && view.presses >= at);
            if heard {
                state.hiding = None;
            }
            state.view = Some(view);
            state.hiding == Some(0)
        };
        if retry {
            self.hide();
        }
        self.draw();
    }

    /// Draws Hide at once and tells the machine afterwards (SAFETY 2).
    pub(super) fn hide(&self) {
        let arrived = self.tell(Press::Hide);
        let mut state = self.state.borrow_mut();
        let leaves = state
            .view
            .as_ref()
            .is_some_and(|view| view.overlay == Some(Overlay::Hidden));
        if !leaves {
            state.hiding = Some(if arrived { state.sent } else { 0 });
        }
        drop(state);
        self.draw();
    }

    /// Whether words are covered because somebody is near (SAFETY 5).
    pub fn somebody_is_near(&self) -> bool {
        self.state.borrow().near
    }

    /// The clock in the strip goes on.
    pub fn tell_time(&self) {
        strip::tell_time(self);
    }

    /// Hands a press to the machine.
    pub(super) fn tell(&self, press: Press) -> bool {
        let arrived = (self.send)(press);
        if arrived {
            self.state.borrow_mut().sent += 1;
        }
        arrived
    }

    /// Opens or closes a page of the screen's own.
    pub(super) fn open(&self, local: Option<Local>) {
        let leaves_answers = self.state.borrow_mut().open(local);
        self.draw();
        // What was open there is asked for again (SAFETY 5).
        self.tell(if leaves_answers {
            Press::CloseAnswers
        } else {
            Press::Touched
        });
    }

    /// The next page of choices, or the one before.
    pub(super) fn turn(&self, forward: bool) {
        {
            let mut state = self.state.borrow_mut();
            state.turn = if forward {
                state.turn.saturating_add(1)
            } else {
                state.turn.saturating_sub(1)
            };
        }
        self.draw();
        self.tell(Press::Touched);
    }

    /// Changes how things are drawn.
    pub fn look(&self, change: impl FnOnce(&mut Looks)) {
        change(&mut self.state.borrow_mut().looks);
        self.draw();
        // Nobody else's looks for the next person.
        self.tell(Press::Touched);
    }

    /// Wall clock time, when it is known.
    pub(super) fn time(&self) -> Option<Timestamp> {
        (self.now)()
    }

    pub(super) fn phrases(&self) -> Phrases<'_> {
        Phrases::get(&self.app)
    }

    pub(super) fn question(&self, view: &QuestionView) -> Option<&Question> {
        self.place.form.questions.get(view.question)
    }

    /// Fills every global from the state.
    pub fn draw(&self) {
        let is_new = self.fill();
        let strip = ThemeGlobal::get(&self.app).get_size().strip;
        focus::settle(self.app.window(), is_new, strip);
    }

    /// Says whether another page was opened.
    fn fill(&self) -> bool {
        let mut state = self.state.borrow_mut();
        let state = &mut *state;
        let Some(view) = state.view.take() else { return false };
        state.language.clone_from(&view.language);
        self.dress(state, &view);
        let hidden = state.hiding.is_some() || view.overlay == Some(Overlay::Hidden);
        state.cover(hidden);
        let visit = visit_of(state, &view);
        let is_new = state.visit != Some(visit);
        if is_new {
            let same_page = state
                .visit
                .is_some_and(|(a, b, c, _, e)| (a, b, c, e) == (visit.0, visit.1, visit.2, visit.4));
            if !same_page {
                state.turn = saved::turn_after(self, state, visit);
                state.furthest = 0;
                state.refused = false;
                state.layer = Layer::default();
            }
            state.visits = state.visits.wrapping_add(1);
        }
        strip::fill(self, state, &view);
        let screen = self.fill_page(state, &view, is_new);
        // With the page of choices that there really is.
        state.visit = Some(visit_of(state, &view));
        self.forget(screen);
        let nav = Nav::get(&self.app);
        nav.set_screen(screen);
        if is_new {
            nav.set_visits(ModelRc::new(VecModel::from(vec![state.visits])));
        }
        state.view = Some(view);
        is_new
    }

    /// No other page keeps what was typed, what was opened or answered, or the code.
    fn forget(&self, screen: Screen) {
        if screen != Screen::Check {
            check::forget(self);
        }
        if screen != Screen::Write {
            write::forget(self);
        }
        if screen != Screen::Choose {
            choose::forget(self);
        }
        if screen != Screen::Words {
            reading::forget(self);
        }
        if screen != Screen::Saved {
            saved::forget(self);
        }
    }

    fn dress(&self, state: &State, view: &View) {
        let theme = ThemeGlobal::get(&self.app);
        theme.set_size(state.ruler().sizes());
        theme.set_colour(state.looks.theme.colours());
        theme.set_mirrored(fonts::is_mirrored(&view.language));
        theme.set_family(SharedString::from(fonts::family(&view.language)));
    }

    fn fill_page(&self, state: &mut State, view: &View, is_new: bool) -> Screen {
        match view.overlay {
            _ if state.is_hidden() => {}
            Some(Overlay::StillThere(asked)) => return ask::fill_still_there(self, state, view, asked),
            Some(Overlay::Stop { can_send, asks_first }) => {
                return ask::fill_stop(self, state, view, can_send, asks_first);
            }
            _ => {}
        }
        if let Some(screen) = self.fill_local(state, view, is_new) {
            return screen;
        }
        if state.is_hidden() {
            return numbers::fill_everyday(self, state, view, Everyday::UsefulNumbers);
        }
        match &view.page {
            Page::Start => start::fill(self, state),
            Page::Everyday(Everyday::HaveYourSay) => reading::fill_have_your_say(self, state, view),
            Page::Everyday(Everyday::GetHelp) => help_now::fill_get_help(self, state, view),
            Page::Everyday(which) => numbers::fill_everyday(self, state, view, *which),
            Page::Question(asked) => self.fill_question(state, view, asked, is_new),
            Page::HelpNow(help) => help_now::fill(self, state, view, help),
            Page::Check(hub) => check::fill(self, state, view, hub),
            Page::Saved(kept) => saved::fill(self, state, kept, is_new),
            Page::CannotKeep(kept) => reading::fill_cannot_keep(self, state, kept),
            Page::EnterCode => typing::fill_code(self, state, is_new),
            Page::LinkSilent { last_contact } => reading::fill_link_silent(self, state, view, *last_contact),
            Page::Saving => reading::fill_wait(self, state, &self.phrases().get_saving()),
            Page::Reading => reading::fill_wait(self, state, &self.phrases().get_reading()),
            Page::NotSaved => reading::fill_not_saved(self, state),
            Page::Return(found) => came_back::fill(self, state, found),
            Page::OutOfService(closed) => reading::fill_out_of_service(self, state, *closed),
        }
    }

    /// A page of the screen's own, where one is open.
    fn fill_local(&self, state: &mut State, view: &View, is_new: bool) -> Option<Screen> {
        let screen = match (state.local?, &view.page) {
            (Local::Look, _) => look::fill(self, state),
            (Local::Language, _) => language::fill(self, state, view),
            (Local::Help, _) => reading::fill_help(self, state, view),
            (Local::Card, _) => help_now::fill_card(self, state),
            (Local::OtherWays, _) => ask::fill_ways(self, state, view),
            (Local::AddOrAsk, _) => ask::fill_add_or_ask(self, state),
            (Local::Leave, _) => ask::fill_leave(self, state),
            (Local::ClearTicks, _) => ask::fill_clear_ticks(self, state),
            (Local::Numbers(topic), _) => numbers::fill_topic(self, state, view, topic),
            (Local::Adding(kind), _) => typing::fill_addition(self, state, is_new, kind),
            (Local::Spot, Page::Question(asked)) => when_where::fill_spot(self, state, asked, is_new),
            (Local::Date, _) => dates::fill_typed(self, state, is_new),
            (Local::Clock, _) => when_where::fill_clock(self, state, is_new),
            (Local::Half(hour, minute), _) => when_where::fill_half(self, state, hour, minute),
            (Local::Spot | Local::Answers, _) => return None,
        };
        Some(screen)
    }

    fn fill_question(&self, state: &mut State, view: &View, asked: &QuestionView, is_new: bool) -> Screen {
        use crate::form::QuestionKind::{Date, ManyChoices, OneChoice, Place, Statement, TimeOfDay, YesNoNotSure};
        let Some(question) = self.question(asked) else {
            return Screen::Blank;
        };
        match question.kind {
            Statement => reading::fill_statement(self, state, view, asked, question),
            OneChoice { .. } | ManyChoices { .. } | YesNoNotSure { .. } | TimeOfDay { .. } | Place { .. } | Date => {
                choose::fill(self, state, view, asked, question)
            }
            _ => write::fill(self, state, view, asked, question, is_new),
        }
    }
}
