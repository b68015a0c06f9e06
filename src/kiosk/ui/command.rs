//! The commands of the screens: `shot` draws pages into PNG files, `run` is the kiosk in a window.
//!
//! Called by `kiosk::command`. `shot` opens no store and needs no display.

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use clap::Args;
use slint::{Timer, TimerMode};

use super::beside::{Beside, Shown};
use super::front::{Front, Looks, Place};
use super::shot::{SHOTS, Shot, png, shoot};
use super::sizes::{Panel, TextSize};
use super::slip_shot::{SLIPS, shoot_slip};
use super::{colours::Theme, desktop, fonts};
use crate::kiosk::clock::Clock;
use crate::kiosk::courier::Courier;
use crate::kiosk::error::KioskError;
use crate::kiosk::run_loop::{Running, start_beating};
use crate::kiosk::worker::Worker;
use crate::limits::CHANNEL_MOST;
use crate::machine::View;
use crate::time::Confidence;

const MM_OF_AN_INCH: f32 = 25.4;

/// What `shot` draws.
#[derive(Debug, Args)]
pub struct ShotArguments {
    /// The page, or slip, or slip-look-alike; an unknown name prints them all
    #[arg(long, required_unless_present = "all", conflicts_with = "all")]
    page: Option<String>,
    /// Every page and the slips, into this folder
    #[arg(long)]
    all: Option<PathBuf>,
    /// The picture of one page
    #[arg(long, default_value = "page.png")]
    out: PathBuf,
    /// small, medium, large or largest
    #[arg(long = "text", default_value = "medium")]
    text_size: String,
    /// standard, black-on-white, white-on-black or soft
    #[arg(long, default_value = "standard")]
    theme: String,
    /// 10.1, 15.6, 15.6-portrait or 21.5-portrait
    #[arg(long, default_value = "15.6")]
    panel: String,
    /// en; or sample words that show the layout only: long, ur, bn
    #[arg(long, default_value = "en")]
    lang: String,
}

/// Draws; returns the files that were written.
///
/// # Errors
/// Something named does not exist, or a file could not be written.
pub fn draw_shots(arguments: &ShotArguments) -> Result<Vec<PathBuf>, KioskError> {
    let looks = looks(arguments)?;
    if !["en", "long", "ur", "bn"].contains(&arguments.lang.as_str()) {
        return Err(KioskError::Input(
            "there is no such language; there are: en, long, ur, bn".into(),
        ));
    }
    let pages: Vec<(&str, PathBuf)> = match (&arguments.all, &arguments.page) {
        (Some(folder), _) => {
            std::fs::create_dir_all(folder).map_err(|_| not_written(folder))?;
            let file = |page: &&'static str| (*page, folder.join(format!("{page}.png")));
            SHOTS.iter().chain(&SLIPS).map(file).collect()
        }
        (None, page) => vec![(page.as_deref().unwrap_or("start"), arguments.out.clone())],
    };
    let mut written = Vec::new();
    for (page, file) in pages {
        let shot = Shot {
            page: page.to_owned(),
            looks,
            language: arguments.lang.clone(),
        };
        let picture = if SLIPS.contains(&page) {
            shoot_slip(&shot)?.png()?
        } else {
            png(&shoot(&shot)?)?
        };
        std::fs::write(&file, picture).map_err(|_| not_written(&file))?;
        written.push(file);
    }
    Ok(written)
}

fn not_written(path: &Path) -> KioskError {
    KioskError::Input(format!("{} cannot be written: choose another place", path.display()))
}

fn looks(arguments: &ShotArguments) -> Result<Looks, KioskError> {
    let panel = Panel::by_name(&arguments.panel).ok_or_else(|| {
        let known: Vec<&str> = Panel::KNOWN.iter().map(|(name, _)| *name).collect();
        KioskError::Input(format!("there is no such panel; there are: {}", known.join(", ")))
    })?;
    let text = TextSize::ALL
        .into_iter()
        .find(|text| text.name() == arguments.text_size);
    let text = text.ok_or_else(|| KioskError::Input("text is small, medium, large or largest".into()))?;
    let theme = Theme::ALL.into_iter().find(|theme| theme.name() == arguments.theme);
    let theme = theme
        .ok_or_else(|| KioskError::Input("the theme is standard, black-on-white, white-on-black or soft".into()))?;
    Ok(Looks { panel, text, theme })
}

thread_local! {
    /// The front of the window and who looks on, for what other threads send to the thread of the window.
    static FRONT: std::cell::RefCell<Option<(Rc<Front>, Shown)>> = const { std::cell::RefCell::new(None) };
    /// A newer bundle is in use: the window ends and comes again.
    static RENEW: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Chooses Slint's desktop back end and registers the fonts; once, before the first window.
///
/// # Errors
/// There is no display.
pub fn open_desktop() -> Result<(), KioskError> {
    desktop::choose().map_err(no_display)?;
    fonts::register();
    Ok(())
}

fn no_display(why: slint::PlatformError) -> KioskError {
    KioskError::Input(format!(
        "there is no display to open a window on: start it in a desktop session, or use `heard-kiosk shot` ({why})"
    ))
}

/// Runs the kiosk in a window until the window is closed, or until a newer bundle is in use: its words belong to a new
/// window, and the worker comes back for it. `beside` is what a demonstration adds.
///
/// # Errors
/// There is no display, or the window was taken away.
pub fn run_window(
    worker: Worker,
    courier: Option<Courier>,
    clock: Clock,
    beside: Beside,
) -> Result<Option<Worker>, KioskError> {
    let place = Place {
        form: std::sync::Arc::clone(&worker.in_use().form),
        site: worker.in_use().site.clone(),
    };
    let sequence = worker.in_use().bundle.sequence;
    let pages = worker.in_use().pages.clone();
    let looks = Looks {
        panel: Panel::new(beside.window.0, beside.window.1, beside.ppi as f32 / MM_OF_AN_INCH),
        text: TextSize::Medium,
        theme: Theme::Standard,
    };
    // Views that come before the window is there wait here.
    let (early, first) = sync_channel::<Box<View>>(CHANNEL_MOST);
    let running = start_beating(worker, courier, clock, beside.heartbeat_ms, move |view| {
        let late = slint::invoke_from_event_loop({
            let view = view.clone();
            move || show(view, sequence)
        });
        if late.is_err() {
            let _ = early.try_send(view);
        }
    });
    let running = Rc::new(running);
    let presses = Rc::downgrade(&running);
    let front = Front::new(
        place,
        looks,
        Box::new(move |press| presses.upgrade().is_some_and(|running| running.press(press))),
        Box::new(move || {
            let now = clock.now().clock;
            (now.confidence != Confidence::Unknown).then_some(now.wall)
        }),
    )
    .map_err(no_display)?;
    front.bring_pages(pages);
    RENEW.with(|renew| renew.set(false));
    let size = slint::LogicalSize::new(beside.window.0 as f32, beside.window.1 as f32);
    front.window().set_size(size);
    (beside.opened)(&front);
    FRONT.with(|kept| *kept.borrow_mut() = Some((Rc::clone(&front), beside.shown)));
    while let Ok(view) = first.try_recv() {
        show(view, sequence);
    }
    let minute = Timer::default();
    let weak = Rc::downgrade(&front);
    minute.start(TimerMode::Repeated, Duration::from_secs(10), move || {
        if let Some(front) = weak.upgrade() {
            front.tell_time();
        }
    });
    front.run().map_err(no_display)?;
    FRONT.with(|kept| *kept.borrow_mut() = None);
    drop(front);
    let worker = Rc::try_unwrap(running).ok().and_then(Running::stop);
    Ok(worker.filter(|_| RENEW.with(std::cell::Cell::get)))
}

/// Shows a view; one of a newer bundle ends this window instead. The machine changes bundles between two visits only.
fn show(view: Box<View>, sequence: u32) {
    if view.bundle_sequence != sequence {
        RENEW.with(|renew| renew.set(true));
        let _ = slint::quit_event_loop();
        return;
    }
    let front = FRONT.with(|kept| kept.borrow().clone());
    if let Some((front, shown)) = front {
        shown(&front, &view);
        front.show(view);
    }
}
