//! One report from an answers file through everything: told at the kiosk, sealed, kept, delivered, opened at the desk,
//! answered, and read again with nothing but the code.
//!
//! Called by `heard-kiosk demo --headless`. What it prints is what the two sides see.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use serde_json::{Value, json};

use super::desk::DemoDesk;
use super::world::{DemoError, World};
use crate::desk::{self, OpenedCase};
use crate::form::FormDefinition;
use crate::kiosk::store::Store;
use crate::kiosk::{self, Clock, Courier, KioskError, Worker};
use crate::limits::CHANNEL_MOST;
use crate::machine::{SavedView, SavedWords};
use crate::pinned::{Patience, RELEASED};
use crate::wire::Cost;

/// On loopback nothing takes long.
pub(super) const PATIENCE: Patience = Patience {
    connect: Duration::from_secs(10),
    total: Duration::from_secs(30),
};

/// What a demonstration shows.
pub struct Shown {
    /// For people.
    pub text: String,
    /// For programs.
    pub json: Value,
    /// The throwaway folder, when it could not be removed.
    pub left: Option<PathBuf>,
}

impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Shown({} bytes)", self.text.len())
    }
}

/// Tells the report in `answers` and follows it to the desk and back.
pub fn show(answers: &[u8], folder: Option<&Path>) -> Result<Shown, DemoError> {
    // Before anything is made: a file that cannot be used leaves nothing behind.
    let form = builtin_form()?;
    let file = kiosk::check_answers(answers, &form)?;

    let world = World::start(folder, Cost::STANDARD)?;
    let config = world.enrol_kiosk("kiosk")?;
    let (mut store, _) = Store::open(&config.places).map_err(KioskError::from)?;
    let boot = store.next_boot().map_err(KioskError::from)?;
    let clock = Clock::start(boot, store.last_acknowledged());
    let worker = Worker::new(store).map_err(KioskError::from)?;
    let zone = worker.in_use().site.zone.clone();
    let courier = Courier::new(&world.address, &world.anchor.authority, RELEASED, PATIENCE);
    let courier = courier.map_err(KioskError::from)?;

    let (show, views) = sync_channel(CHANNEL_MOST);
    let running = kiosk::start(worker, Some(courier), clock, move |view| drop(show.try_send(view)));
    let told = kiosk::tell(&running, &views, &form, &file);
    let worker = running
        .stop()
        .ok_or_else(|| DemoError::Computer("the kiosk stopped early".into()))?;
    let saved = told?.saved;
    drop(worker);

    let opened = open_at_desk(&world)?;
    let notes = answer_and_return(&world, &config, &opened, &saved)?;
    let mut shown = print(&saved, &opened, &notes, &zone);
    shown.left = world.end();
    Ok(shown)
}

fn builtin_form() -> Result<Arc<FormDefinition>, DemoError> {
    let path = kiosk::REPORT_FORM;
    let files = desk::builtin_files();
    let bytes = files
        .iter()
        .find(|file| file.path == path)
        .map(|file| &file.bytes[..])
        .unwrap_or_default();
    let form = FormDefinition::parse(path, bytes).map_err(|problems| {
        DemoError::Computer(
            problems
                .first()
                .map_or_else(|| "the built-in form is empty".into(), ToString::to_string),
        )
    })?;
    Ok(Arc::new(form))
}

/// Whoever of the two finds the case in their list opens it; the other one's list stays empty.
fn open_at_desk(world: &World) -> Result<OpenedCase, DemoError> {
    let mut looked = DemoDesk::new(world)?.look();
    let nothing = || DemoError::Computer("the report did not reach the desk: the link failed; try again".into());
    let opened = looked.opened.pop();
    opened.unwrap_or_else(|| Err(looked.failed.unwrap_or_else(nothing)))
}

/// A second kiosk fetches the news, then reads with nothing but the code.
fn answer_and_return(
    world: &World,
    config: &kiosk::Config,
    opened: &OpenedCase,
    saved: &SavedView,
) -> Result<Vec<String>, DemoError> {
    let (Some(code), Some(_)) = (&saved.code, opened.inbox) else {
        return Ok(Vec::new());
    };
    let other = world.enrol_kiosk("other-kiosk")?;
    let _ = config;
    let (store, _) = Store::open(&other.places).map_err(KioskError::from)?;
    let mut worker = Worker::new(store).map_err(KioskError::from)?;
    let clock = Clock::start(1, worker.store().last_acknowledged());
    let courier = Courier::new(&world.address, &world.anchor.authority, RELEASED, PATIENCE);
    kiosk::send_pass(&mut worker, &courier.map_err(KioskError::from)?, clock)?;
    let zone = worker.in_use().site.zone.clone();
    let notes = kiosk::read_notes(worker, clock, code.clone())?;
    Ok(notes.iter().map(|note| kiosk::describe(note, &zone)).collect())
}

fn print(saved: &SavedView, opened: &OpenedCase, notes: &[String], zone: &str) -> Shown {
    let answers: Value = serde_json::from_str(&desk::case_json(opened)).unwrap_or(Value::Null);
    let due = saved.due.map(crate::time::Timestamp::rfc3339);
    let code = saved.code.as_ref().map(crate::mailbox::ReferenceCode::grouped);
    let by = saved.due.map(|due| due.weekday_and_time(zone));
    let by = by.map_or_else(|| "within 24 hours from now".to_owned(), |by| format!("by {by}"));
    let words = match saved.words {
        SavedWords::Sent => format!("It has reached our team. A specialist will open it {by}."),
        SavedWords::Held => {
            format!("It is safe on this screen. It has not been sent yet. A specialist should open it {by}.")
        }
        SavedWords::Refused => "It is kept here, and could not be sent. Please also ring.".to_owned(),
        SavedWords::KeptOnce => "We have kept it once. Please also ring.".to_owned(),
    };
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write!(
        text,
        "THE KIOSK\n\n{words}\nYour reference: {}\nEnvelope {}\n\nTHE DESK\n\n{}\n\nThe same, as an answers file:\n{answers}\n",
        code.as_deref().unwrap_or("none"),
        saved.envelope,
        desk::case_text(opened, desk::now()),
    );
    if !notes.is_empty() {
        let _ = write!(text, "\nANOTHER KIOSK, WITH THE REFERENCE\n\n{}", notes.join("\n"));
    }
    let json = json!({
        "envelope_id": saved.envelope.to_string(),
        "reference_code": code,
        "due_at": due,
        "sent": saved.words == SavedWords::Sent,
        "opened": answers,
        "notes": notes,
    });
    Shown {
        text: text.trim_end().to_owned(),
        json,
        left: None,
    }
}
