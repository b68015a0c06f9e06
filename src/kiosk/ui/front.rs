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
use super::visit::{Visit, page_name, visit_of};
pub(super) use super::words_in::{filled_in, strings};
use super::{ask, check, choose, focus, fonts, keys, look, numbers, reading, saved, start, strip, write};
use crate::form::{FormDefinition, Question};
use crate::machine::{Everyday, Overlay, Page, Press, QuestionView, View};
use crate::mailbox::AdditionKind;
use crate::site::{SiteFacts, Topic};
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

/// A page that only the screen knows; it lies over the machine's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Local {
    Look,
    Help,
    OtherWays,
    CannotKeep,
    AddOrAsk,
    ClearTicks,
    Answers,
    Numbers(Topic),
    Adding(AdditionKind),
}

pub(super) struct State {
    pub(super) view: Option<Box<View>>,
    pub(super) local: Option<Local>,
    pub(super) looks: Looks,
    /// What the newest view is written in.
    pub(super) language: String,
    /// Page of choices, from 0.
    pub(super) turn: usize,
    /// The furthest page of choices that was shown.
    pub(super) furthest: usize,
    /// There are choices that nobody has seen: the main button leads to them first.
    pub(super) unseen: bool,
    pub(super) layer: Layer,
    /// Typed on a page that the machine does not keep: a code, an addition.
    pub(super) typed: zeroize::Zeroizing<String>,
    /// Continue was pressed and what was typed does not fit.
    pub(super) refused: bool,
    /// The link was silent when this session began: the 24 hours are not promised.
    pub(super) silent: bool,
    /// Hide was pressed; true until the machine shows a view that knows it.
    hiding: Option<u64>,
    sent: u64,
    visit: Option<Visit>,
    visits: i32,
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
        let state = State {
            view: None,
            local: None,
            looks,
            language: String::new(),
            turn: 0,
            furthest: 0,
            unseen: false,
            layer: Layer::default(),
            typed: zeroize::Zeroizing::default(),
            refused: false,
            silent: false,
            hiding: None,
            sent: 0,
            visit: None,
            visits: 0,
        };
        let front = Rc::new(Self {
            app,
            place,
            first_looks: looks,
            send,
            now,
            state: RefCell::new(state),
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
        ask::connect(&front);
        front.app.show()?;
        Ok(front)
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
                state.typed = zeroize::Zeroizing::default();
                state.silent = false;
                state.local = None;
            }
            if let Some(old) = &state.view
                && (page_name(&old.page) != page_name(&view.page) || old.overlay != view.overlay)
            {
                state.local = None;
            }
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
        self.state.borrow_mut().local = None;
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

    /// Whether Hide, or the way back from it, is on the screen.
    pub(super) fn may_hide(&self) -> bool {
        let strip = heard_ui::Strip::get(&self.app);
        strip.get_has_hide() || strip.get_clock_leads_back()
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
        {
            let mut state = self.state.borrow_mut();
            state.local = local;
            state.turn = 0;
            state.refused = false;
            state.typed = zeroize::Zeroizing::default();
        }
        self.draw();
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
    }

    /// Changes how things are drawn.
    pub fn look(&self, change: impl FnOnce(&mut Looks)) {
        change(&mut self.state.borrow_mut().looks);
        self.draw();
    }

    /// A key of a keyboard or pad was used, or a finger: focus is drawn after keys only.
    pub fn keys_in_use(&self, yes: bool) {
        ThemeGlobal::get(&self.app).set_keys_in_use(yes);
    }

    pub(super) fn are_keys_in_use(&self) -> bool {
        ThemeGlobal::get(&self.app).get_keys_in_use()
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
        let visit = visit_of(state, &view, hidden);
        let is_new = state.visit != Some(visit);
        if is_new {
            let same_page = state
                .visit
                .is_some_and(|(a, b, c, _, e)| (a, b, c, e) == (visit.0, visit.1, visit.2, visit.4));
            if !same_page {
                state.turn = 0;
                state.furthest = 0;
                state.refused = false;
                state.layer = Layer::default();
            }
            state.visit = Some(visit_of(state, &view, hidden));
            state.visits = state.visits.wrapping_add(1);
        }
        strip::fill(self, state, &view, hidden);
        let screen = self.fill_page(state, &view, hidden, is_new);
        if screen != Screen::Write {
            write::forget(self);
        }
        let nav = Nav::get(&self.app);
        nav.set_screen(screen);
        if is_new {
            nav.set_visits(ModelRc::new(VecModel::from(vec![state.visits])));
        }
        state.view = Some(view);
        is_new
    }

    fn dress(&self, state: &State, view: &View) {
        let theme = ThemeGlobal::get(&self.app);
        theme.set_size(state.ruler().sizes());
        theme.set_colour(state.looks.theme.colours());
        theme.set_mirrored(fonts::is_mirrored(&view.language));
        theme.set_family(SharedString::from(fonts::family(&view.language)));
    }

    fn fill_page(&self, state: &mut State, view: &View, hidden: bool, is_new: bool) -> Screen {
        if hidden {
            return numbers::fill_everyday(self, state, view, Everyday::UsefulNumbers, true);
        }
        match view.overlay {
            Some(Overlay::StillThere) => return ask::fill_still_there(self, state),
            Some(Overlay::Stop { can_send }) => return ask::fill_stop(self, state, can_send),
            _ => {}
        }
        match state.local {
            Some(Local::Look) => return look::fill(self, state),
            Some(Local::Help) => return reading::fill_help(self, state, view),
            Some(Local::OtherWays) => return ask::fill_ways(self, state, view),
            Some(Local::Answers) => {}
            Some(Local::AddOrAsk) => return ask::fill_add_or_ask(self, state),
            Some(Local::ClearTicks) => return ask::fill_clear_ticks(self, state),
            Some(Local::CannotKeep) => return reading::fill_cannot_keep(self, state),
            Some(Local::Numbers(topic)) => return numbers::fill_topic(self, state, view, topic),
            Some(Local::Adding(_)) => return write::fill_typed(self, state, is_new, false),
            None => {}
        }
        match &view.page {
            Page::Start => start::fill(self, state),
            Page::Everyday(Everyday::HaveYourSay) => reading::fill_have_your_say(self, state),
            Page::Everyday(which) => numbers::fill_everyday(self, state, view, *which, false),
            Page::Question(asked) => self.fill_question(state, view, asked, is_new),
            Page::Check(hub) => check::fill(self, state, view, hub),
            Page::Saved(kept) => saved::fill(self, state, kept),
            Page::EnterCode => write::fill_typed(self, state, is_new, true),
            Page::LinkSilent { last_contact } => reading::fill_link_silent(self, state, view, *last_contact),
            Page::Saving => reading::fill_wait(self, state, &self.phrases().get_saving()),
            Page::Reading => reading::fill_wait(self, state, &self.phrases().get_reading()),
            Page::NotSaved => reading::fill_not_saved(self, state),
            Page::Return(found) => reading::fill_return(self, state, found),
            Page::OutOfService(closed) => reading::fill_out_of_service(self, state, *closed),
        }
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
