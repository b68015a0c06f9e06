//! The front without a screen: sends the same presses as the pages, from an answers file.
//!
//! Used by `submit` and `demo --headless`. It reads the view after each press, as a person would, and gives up with one
//! clear line when the kiosk does not go on. It decides nothing about the form.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use super::error::KioskError;
use super::run_loop::Running;
use crate::form::{AnswersFile, FormDefinition};
use crate::machine::{Page, Press, SavedView, Tile, View};

/// How long a page may take to come: a slow disk syncs for seconds.
const PATIENCE: Duration = Duration::from_secs(120);
/// Questions may depend on answers that stand later in the file: so many rounds settle any acyclic form.
const ROUNDS_MOST: usize = 16;

/// What the saved page said.
#[derive(Debug)]
pub struct Told {
    /// The saved page.
    pub saved: SavedView,
}

/// Tells the report in `file` at a running kiosk, up to the saved page.
pub fn tell(
    running: &Running,
    views: &Receiver<Box<View>>,
    form: &FormDefinition,
    file: &AnswersFile,
) -> Result<Told, KioskError> {
    let mut front = Front {
        running,
        views,
        view: None,
        pressed: 0,
    };
    front.until(|view| matches!(view.page, Page::Start | Page::OutOfService(_)))?;
    // Others may have pressed before: a second report on the same screen.
    front.pressed = front.view.as_ref().map_or(0, |view| view.presses);
    if let Page::OutOfService(closed) = front.page()? {
        let code = closed.code;
        return Err(KioskError::Later(format!(
            "the kiosk is out of service (code {code}): see `heard-kiosk doctor`"
        )));
    }
    front.press(Press::Language(file.language.clone()))?;
    front.press(Press::Tile(Tile::TellUs))?;
    if matches!(front.page()?, Page::LinkSilent { .. }) {
        front.press(Press::Next)?;
    }
    front.answer_all(file)?;
    front.walk_to_check(form)?;
    front.press(Press::Send)?;
    // Each answer with a red flag outside the core has its help page first.
    while matches!(front.page()?, Page::HelpNow(_)) {
        front.press(Press::Next)?;
    }
    front.until(|view| !matches!(view.page, Page::Saving))?;
    match front.page()? {
        Page::Saved(saved) => Ok(Told { saved: saved.clone() }),
        Page::NotSaved => Err(KioskError::Later(
            "the report could not be kept: see `heard-kiosk doctor` and try again".into(),
        )),
        _ => Err(stuck()),
    }
}

struct Front<'a> {
    running: &'a Running,
    views: &'a Receiver<Box<View>>,
    view: Option<Box<View>>,
    pressed: u64,
}

impl Front<'_> {
    fn page(&self) -> Result<&Page, KioskError> {
        self.view.as_deref().map(|view| &view.page).ok_or_else(stuck)
    }

    /// Waits for a view that fits, starting with the present one.
    fn until(&mut self, fits: impl Fn(&View) -> bool) -> Result<(), KioskError> {
        while !self.view.as_ref().is_some_and(|view| fits(view)) {
            match self.views.recv_timeout(PATIENCE) {
                Ok(view) => self.view = Some(view),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return Err(stuck()),
            }
        }
        Ok(())
    }

    /// Presses and waits until the kiosk has heard it.
    fn press(&mut self, press: Press) -> Result<(), KioskError> {
        if !self.running.press(press) {
            return Err(stuck());
        }
        self.pressed += 1;
        let pressed = self.pressed;
        self.until(|view| view.presses >= pressed)
    }

    /// Gives every answer. One may open the question of another that stands before it in the file, or close it for a
    /// moment, so what was not taken is given again until nothing changes.
    fn answer_all(&mut self, file: &AnswersFile) -> Result<(), KioskError> {
        let mut open: Vec<usize> = (0..file.answers.len()).collect();
        for _ in 0..ROUNDS_MOST {
            let mut again = Vec::new();
            for at in open {
                let (question, given) = &file.answers[at];
                let press = given
                    .clone()
                    .map_or(Press::Decline(*question), |given| Press::Answer(*question, given));
                self.press(press)?;
                let Page::Question(page) = self.page()? else {
                    return Err(stuck());
                };
                if page.problem.is_some() {
                    again.push(at);
                }
                let place = |dropped: &usize| file.answers.iter().position(|(question, _)| question == dropped);
                again.extend(page.dropped.iter().filter_map(place));
            }
            if again.is_empty() {
                return Ok(());
            }
            open = again;
        }
        Err(stuck())
    }

    /// Continue, page by page, until the check page.
    fn walk_to_check(&mut self, form: &FormDefinition) -> Result<(), KioskError> {
        for _ in 0..=form.questions.len() {
            match self.page()? {
                Page::Check(_) => return Ok(()),
                Page::Question(page) if page.needs_answer => return Err(stuck()),
                _ => self.press(Press::Next)?,
            }
        }
        Err(stuck())
    }
}

fn stuck() -> KioskError {
    KioskError::Fault("the kiosk did not go on: this is our fault, please report it".into())
}
