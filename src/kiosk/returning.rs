//! Coming back without a screen: status notes by code, and additions, through the same machine as the pages.
//!
//! The code is read from standard input, never from the command line, where other programs could see it.

use std::io::Read;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use serde_json::json;
use zeroize::Zeroizing;

use super::clock::Clock;
use super::command::{Printed, open};
use super::config::Config;
use super::error::KioskError;
use super::run_loop::{self, Running};
use super::worker::Worker;
use crate::limits::{CHANNEL_MOST, STORY_BYTES};
use crate::machine::{Added, Page, Press, ReturnView, Tile, View};
use crate::mailbox::{AdditionKind, ReferenceCode};
use crate::wire::v1::StatusNote;

/// How long the kiosk may take: codes that opened nothing hold up the next one by 30 s.
const PATIENCE: Duration = Duration::from_secs(120);

/// The words, and a line with the code before them.
const INPUT_BYTES_MOST: usize = STORY_BYTES + 64;

/// `read`: prints what the code opens.
pub(super) fn read(config: &Config) -> Result<Printed, KioskError> {
    let (code, _) = read_input()?;
    let (worker, clock, _) = open(&config.places)?;
    let zone = worker.in_use().site.zone.clone();
    let notes = read_notes(worker, clock, code)?;
    let mut text = String::new();
    for note in &notes {
        text.push_str(&describe(note, &zone));
    }
    if notes.is_empty() {
        text.push_str(
            "There is nothing new to show for this code on this screen. You can add something to it at any time.",
        );
    }
    let rows: Vec<_> = notes.iter().map(as_json).collect();
    Ok(Printed {
        text: text.trim_end().to_owned(),
        json: json!({ "notes": rows }),
        exit_code: 0,
    })
}

/// `add`: files an addition.
pub(super) fn add(config: &Config) -> Result<Printed, KioskError> {
    let (code, words) = read_input()?;
    if words.trim().is_empty() {
        return Err(KioskError::Input(
            "there is nothing to add: write the words after the line with the code".into(),
        ));
    }
    if words.len() > STORY_BYTES || words.chars().any(|letter| letter.is_control() && letter != '\n') {
        return Err(KioskError::Input(
            "the words are too long, or hold something that is not text".into(),
        ));
    }
    let (worker, clock, _) = open(&config.places)?;
    add_words(worker, clock, code, words)?;
    Ok(Printed {
        text: "kept in both copies".into(),
        json: json!({ "kept": true }),
        exit_code: 0,
    })
}

/// Everything the code opens, oldest first.
pub fn read_notes(worker: Worker, clock: Clock, code: ReferenceCode) -> Result<Vec<StatusNote>, KioskError> {
    let front = Front::start(worker, clock);
    let notes = front.come_back(code).and_then(|page| front.open_messages(page));
    front.running.stop();
    notes
}

/// Files an addition and waits until both copies are durable.
pub fn add_words(
    worker: Worker,
    clock: Clock,
    code: ReferenceCode,
    words: Zeroizing<String>,
) -> Result<(), KioskError> {
    let front = Front::start(worker, clock);
    let added = front.come_back(code).and_then(|_| {
        front.press(Press::Add(AdditionKind::Words, words))?;
        let done = |page: &ReturnView| matches!(page.added, Some(Added::Kept(_) | Added::Sent(_) | Added::Trouble(_)));
        front.until_return(done)
    });
    front.running.stop();
    match added?.added {
        Some(Added::Kept(_) | Added::Sent(_)) => Ok(()),
        _ => Err(KioskError::Later(
            "the addition could not be kept in both copies: see `heard-kiosk doctor`".into(),
        )),
    }
}

struct Front {
    running: Running,
    views: Receiver<Box<View>>,
}

impl Front {
    fn start(worker: Worker, clock: Clock) -> Self {
        let (show, views) = sync_channel(CHANNEL_MOST);
        let running = run_loop::start(worker, None, clock, move |view| drop(show.try_send(view)));
        Self { running, views }
    }

    fn press(&self, press: Press) -> Result<(), KioskError> {
        if self.running.press(press) {
            Ok(())
        } else {
            Err(stuck())
        }
    }

    fn come_back(&self, code: ReferenceCode) -> Result<ReturnView, KioskError> {
        self.press(Press::Tile(Tile::ComeBack))?;
        self.press(Press::Code(code))?;
        self.until_return(|_| true)
    }

    /// Each message is asked for, as a person would.
    fn open_messages(&self, mut page: ReturnView) -> Result<Vec<StatusNote>, KioskError> {
        let mut notes = page.notes.clone();
        let mut opened = Vec::new();
        while let Some(at) = page.offers.filter(|at| !opened.contains(at)) {
            self.press(Press::ShowNote(at))?;
            page = self.until_return(|page| page.shown == Some(at))?;
            if let (Some(note), Some(shown)) = (notes.get_mut(at), page.notes.get(at)) {
                note.clone_from(shown);
            }
            opened.push(at);
        }
        Ok(notes)
    }

    fn until_return(&self, fits: impl Fn(&ReturnView) -> bool) -> Result<ReturnView, KioskError> {
        loop {
            let view = self.views.recv_timeout(PATIENCE).map_err(|_| stuck())?;
            match view.page {
                Page::Return(page) if fits(&page) => return Ok(page),
                _ => {}
            }
        }
    }
}

fn stuck() -> KioskError {
    KioskError::Fault("the kiosk did not go on: this is our fault, please report it".into())
}

/// The code on the first line, words after it.
fn read_input() -> Result<(ReferenceCode, Zeroizing<String>), KioskError> {
    let mut input = Zeroizing::new(String::new());
    let limit = u64::try_from(INPUT_BYTES_MOST + 1).unwrap_or(u64::MAX);
    std::io::stdin()
        .lock()
        .take(limit)
        .read_to_string(&mut input)
        .map_err(|_| KioskError::Input("standard input must be text: the code, then the words".into()))?;
    // More was not read; a part of somebody's words is not kept as if it were the whole.
    if input.len() > INPUT_BYTES_MOST {
        return Err(KioskError::Input("the words are too long: shorten them".into()));
    }
    let (code, words) = input.split_once('\n').unwrap_or((&input, ""));
    let code = ReferenceCode::parse(code.trim()).map_err(|why| KioskError::Input(why.to_string()))?;
    Ok((code, Zeroizing::new(words.trim_end_matches('\n').to_owned())))
}

/// A note in the words that its reporter reads.
pub fn describe(note: &StatusNote, zone: &str) -> String {
    let mut text = format!("{}  {}\n", note.written.day(zone), note.stage.public_words());
    if note.apology {
        text.push_str("We did not do what we said we would. We are sorry.\n");
    }
    if !note.caseworker.is_empty() {
        text.push_str(&format!("Your caseworker: {}\n", note.caseworker));
    }
    if let Some(by) = note.promised {
        let by = by.day_and_time(zone);
        text.push_str(&format!("Promised: {} by {by}\n", note.promise));
    }
    if !note.words.is_empty() {
        text.push_str(&note.words);
        text.push('\n');
    }
    text
}

fn as_json(note: &StatusNote) -> serde_json::Value {
    json!({
        "stage": note.stage.word(),
        "written_at": note.written.rfc3339(),
        "promise": note.promise,
        "promised_at": note.promised.map(crate::time::Timestamp::rfc3339),
        "caseworker": note.caseworker,
        "apology": note.apology,
        "words": note.words,
    })
}
