//! A whole running kiosk with its screens in memory: real threads, store, sealing and link; a finger presses what is seen.
//!
//! Used by tests of the screens that must not be rehearsals. It waits for the machine as a person does: by looking.
#![allow(dead_code, reason = "each test takes what it needs")]

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use heard::kiosk::ui::{Element, Front, Looks, MemoryWindow, Panel, Place, Role, TextSize, Theme};
use heard::kiosk::{Clock, Config, Courier, Running, Worker, start, store::Store};
use heard::machine::{Page, View};
use heard::pinned::{Patience, RELEASED};

const PATIENCE: Patience = Patience {
    connect: Duration::from_secs(5),
    total: Duration::from_secs(20),
};

/// A kiosk at which somebody can stand.
pub(crate) struct LiveFront {
    pub(crate) window: MemoryWindow,
    front: Rc<Front>,
    running: Rc<Running>,
    views: Receiver<Box<View>>,
    sent: Rc<Cell<u64>>,
    newest: Option<Box<View>>,
}

impl LiveFront {
    /// Starts the kiosk of a folder; `link` is the intake's address, or nothing is ever sent.
    pub(crate) fn start(config: &Config, link: Option<&str>, panel: &str) -> Self {
        Self::start_with(config, link, panel, || {})
    }

    /// Something is done between the opening of the store and the start of its thread.
    pub(crate) fn start_with(config: &Config, link: Option<&str>, panel: &str, before: impl FnOnce()) -> Self {
        let window = MemoryWindow::open(Panel::by_name(panel).unwrap()).unwrap();
        let (mut store, _) = Store::open(&config.places).unwrap();
        let boot = store.next_boot().unwrap();
        let clock = Clock::start(boot, store.last_acknowledged());
        let worker = Worker::new(store).unwrap();
        let place = Place {
            form: Arc::clone(&worker.in_use().form),
            site: worker.in_use().site.clone(),
        };
        let authority = worker.in_use().anchor.authority.clone();
        let courier = link.map(|address| Courier::new(address, &authority, RELEASED, PATIENCE).unwrap());
        before();
        let (show, views) = channel();
        let running = Rc::new(start(worker, courier, clock, move |view| drop(show.send(view))));
        let looks = Looks {
            panel: Panel::by_name(panel).unwrap(),
            text: TextSize::Medium,
            theme: Theme::Standard,
        };
        let sent = Rc::new(Cell::new(0));
        let (presses, count) = (Rc::downgrade(&running), Rc::clone(&sent));
        let front = Front::new(
            place,
            looks,
            Box::new(move |press| {
                let arrived = presses.upgrade().is_some_and(|running| running.press(press));
                count.set(count.get() + u64::from(arrived));
                arrived
            }),
            Box::new(move || Some(clock.now().clock.wall)),
        )
        .unwrap();
        let mut live = Self {
            window,
            front,
            running,
            views,
            sent,
            newest: None,
        };
        live.until(|live| live.newest.is_some());
        live
    }

    /// Draws what the machine has said so far.
    pub(crate) fn look(&mut self) {
        while let Ok(view) = self.views.try_recv() {
            self.newest = Some(view.clone());
            self.front.show(view);
        }
    }

    /// Looks until something is so.
    pub(crate) fn until(&mut self, so: impl Fn(&Self) -> bool) {
        let begun = Instant::now();
        self.look();
        while !so(self) {
            let page = self.newest.as_ref().map(|view| &view.page);
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "it never came, this did: {page:?}"
            );
            if let Ok(view) = self.views.recv_timeout(Duration::from_millis(50)) {
                self.newest = Some(view.clone());
                self.front.show(view);
            }
        }
    }

    /// Until the machine has heard every press.
    pub(crate) fn until_heard(&mut self) {
        self.until(|live| live.newest.as_ref().is_some_and(|view| view.presses >= live.sent.get()));
    }

    pub(crate) fn page(&self) -> &Page {
        &self.newest.as_ref().unwrap().page
    }

    pub(crate) fn presses_heard(&self) -> (u64, u64) {
        (self.newest.as_ref().unwrap().presses, self.sent.get())
    }

    /// A finger on the middle of what is called so; whether it is there. It waits for nothing.
    pub(crate) fn finger(&self, label: &str) -> bool {
        let Some(middle) = self.middle_of(label) else {
            return false;
        };
        self.window.touch(middle, middle, 90);
        true
    }

    /// A finger, and what the machine makes of it.
    pub(crate) fn touch(&mut self, label: &str) -> bool {
        let touched = self.finger(label);
        self.until_heard();
        touched
    }

    pub(crate) fn shows(&self, label: &str) -> bool {
        self.window.elements().iter().any(|element| element.label == label)
    }

    /// What stands in the field of words.
    pub(crate) fn words(&self) -> String {
        let elements = self.window.elements();
        let field = elements.iter().find(|element| element.role == Role::TextInput);
        field.map(|field| field.value.clone()).unwrap_or_default()
    }

    pub(crate) fn first_answer(&self) -> Option<Element> {
        let elements = self.window.elements();
        let answer = |element: &&Element| matches!(element.role, Role::RadioButton | Role::CheckBox);
        elements.iter().find(answer).cloned()
    }

    /// On with the first answer everywhere, until something is so. Gives what was answered.
    pub(crate) fn walk_on(&mut self, so: impl Fn(&Self) -> bool) -> Vec<String> {
        let mut chosen = Vec::new();
        let mut turned = false;
        for _ in 0..60 {
            if so(self) {
                return chosen;
            }
            if let (false, Some(answer)) = (turned, self.first_answer()) {
                assert!(self.touch(&answer.label));
                chosen.push(answer.label);
            }
            // The rest of a long list is looked at, and nothing more is chosen.
            turned = self.touch("More choices");
            assert!(turned || self.touch("Continue") || self.touch("Carry on"));
        }
        panic!("it never came");
    }

    /// From the start page to the question that is called so.
    pub(crate) fn walk_to(&mut self, title: &str) -> Vec<String> {
        assert!(self.touch("Tell us something"));
        self.walk_on(|at| at.shows(title))
    }

    pub(crate) fn walk_to_check(&mut self) -> Vec<String> {
        self.walk_on(|at| matches!(at.page(), Page::Check(_)))
    }

    pub(crate) fn middle_of(&self, label: &str) -> Option<(f32, f32)> {
        let elements = self.window.elements();
        let found = elements
            .iter()
            .find(|element| element.can_be_pressed && element.label == label);
        found.map(|found| found.rectangle.middle())
    }

    /// Nobody is there: what comes is drawn and the clock goes on, as in the window of `run`; for ever.
    pub(crate) fn stand_idle(&mut self) {
        loop {
            match self.views.recv_timeout(Duration::from_secs(10)) {
                Ok(view) => self.front.show(view),
                Err(_) => self.front.tell_time(),
            }
            self.window.redraw();
        }
    }

    /// Ends the kiosk in order.
    pub(crate) fn stop(self) {
        let Self { front, running, .. } = self;
        drop(front);
        Rc::try_unwrap(running).ok().unwrap().stop().unwrap();
    }
}
