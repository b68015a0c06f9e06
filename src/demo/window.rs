//! The demonstration in a window: a real kiosk on the screen, its slip beside it, the desk's print-out on the terminal.
//!
//! Called by `heard-kiosk demo`. Everything runs as in a real deployment but for one thing: this kiosk asks for news every
//! few seconds, not every quarter of an hour, so that nobody has to wait for the answer. It asks for a display before it
//! makes anything.

use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use heard_ui::PaperWindow;
use slint::{
    CloseRequestResponse, ComponentHandle, Image, LogicalPosition, LogicalSize, Rgb8Pixel, SharedPixelBuffer, Timer,
};

use super::desk::{DemoDesk, at_desk};
use super::ending::Ending;
use super::headless::PATIENCE;
use super::world::{DemoError, World};
use crate::kiosk::slip::Paper;
use crate::kiosk::store::Store;
use crate::kiosk::ui::{Beside, Front, open_desktop, run_window, slip_of};
use crate::kiosk::{Clock, Courier, KioskError, Worker};
use crate::machine::{Page, View};
use crate::pinned::RELEASED;
use crate::wire::Cost;

/// The kiosk's window: with the slip beside it, both fit on a desktop 1600 wide, and the kiosk alone on a small laptop.
const WINDOW: (u32, u32) = (1120, 700);
/// How long the desk rests between two looks.
const DESK_RESTS: Duration = Duration::from_secs(2);
/// The kiosk asks for news at least so often, in milliseconds.
const HEARTBEAT_MS: u64 = 4_000;
/// Between the kiosk's window and the slip.
const BETWEEN: f32 = 16.0;
/// Table around the slip, both sides together; `ui/paper.slint` has the same.
const AROUND: u32 = 32;
/// Places looked at along each edge of a pixel when the slip is drawn smaller than its dots.
const SAMPLES: u32 = 4;

const NO_DISPLAY: &str = "there is no display to open a window on: start it in a desktop session, or run \
    `heard-kiosk demo --headless --answers assets/examples/named.json`";

const HOW: &str = "\
HEARD: A DEMONSTRATION

The window is a kiosk in an estate office. This terminal is the desk of the team that reads what people send.
Between them runs a real intake, on this computer alone. The landlord is made up, and nobody else looks at what you write.

Try this:
  1. In the window: Tell us something. Answer what you like, then Send now.
  2. The slip that a printer would print comes in a window of its own. Here, the desk prints what it has opened.
  3. In the window: Finish, then Come back to something. Type the code from the slip: the desk has answered.
  4. Press Hide on any page. The way back is the clock that stands where Hide stood.";

/// Takes what the terminal shows, paragraph by paragraph.
pub type Tell<'a> = &'a mut (dyn FnMut(&str) + Send);

/// Runs the demonstration until its window is closed or somebody presses Ctrl-C. Gives the throwaway folder when it could
/// not be removed.
///
/// # Errors
/// There is no display, or a part could not start.
pub fn show_in_window(folder: Option<&Path>, tell: Tell<'_>) -> Result<Option<PathBuf>, DemoError> {
    open_desktop().map_err(|_| KioskError::Input(NO_DISPLAY.into()))?;
    let ending = Ending::watch()?;
    let world = World::start(folder, Cost::STANDARD)?;
    let config = world.enrol_kiosk("kiosk")?;
    let (mut store, _) = Store::open(&config.places).map_err(KioskError::from)?;
    let boot = store.next_boot().map_err(KioskError::from)?;
    let clock = Clock::start(boot, store.last_acknowledged());
    let worker = Worker::new(store).map_err(KioskError::from)?;
    let courier = Courier::new(&world.address, &world.anchor.authority, RELEASED, PATIENCE);
    let courier = courier.map_err(KioskError::from)?;
    let mut desk = DemoDesk::new(&world)?;
    let kept = folder.map_or_else(
        || {
            "To end it, close the window or press Ctrl-C here. Then everything is thrown away. Ctrl-C a second time ends it \
             at once and may leave its folder."
                .to_owned()
        },
        |folder| {
            let folder = folder.display();
            format!("To end it, close the window or press Ctrl-C here. What it made stays in {folder}.")
        },
    );
    tell(&format!("{HOW}\n\n{kept}\n"));
    thread::scope(|scope| {
        let (stop, stopped) = channel();
        scope.spawn(move || sit_at_desk(&mut desk, tell, &stopped));
        let shown = run_window(worker, Some(courier), clock, beside(ending));
        drop(stop);
        shown.map(|_| ()).map_err(DemoError::from)
    })?;
    Ok(world.end())
}

/// Looks, prints what was opened, rests, until the window is closed.
fn sit_at_desk(desk: &mut DemoDesk<'_>, tell: Tell<'_>, stopped: &Receiver<()>) {
    let mut told = String::new();
    loop {
        let looked = desk.look();
        for case in &looked.opened {
            tell(&at_desk(case));
        }
        // Once: the link of one computer to itself does not come and go.
        let why = looked.failed.map(|why| why.to_string()).unwrap_or_default();
        if told != why {
            told = why;
            if !told.is_empty() {
                tell(&format!("THE DESK could not look: {told}\n"));
            }
        }
        match stopped.recv_timeout(DESK_RESTS) {
            Err(RecvTimeoutError::Timeout) => {}
            Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// What the demonstration adds to the kiosk's window: its own size, its end, and the slip.
fn beside(ending: Ending) -> Beside {
    let slips = Slips::default();
    Beside {
        window: WINDOW,
        heartbeat_ms: Some(HEARTBEAT_MS),
        opened: Box::new(move |front| {
            // The slip's window alone does not keep the demonstration going.
            front.window().on_close_requested(|| {
                let _ = slint::quit_event_loop();
                CloseRequestResponse::HideWindow
            });
            front.window().set_position(LogicalPosition::new(0.0, 0.0));
            // After the loop has begun: an end that was asked for before that would be lost.
            Timer::single_shot(Duration::ZERO, move || {
                if ending.is_asked() {
                    let _ = slint::quit_event_loop();
                }
            });
        }),
        shown: Rc::new(move |front, view| slips.print(front, view)),
        ..Beside::default()
    }
}

/// The window with the newest slip; none before the first.
#[derive(Default)]
struct Slips {
    window: RefCell<Option<PaperWindow>>,
    /// The session whose slip was shown last.
    session: Cell<Option<u32>>,
}

impl Slips {
    /// Once for each report that has a code.
    fn print(&self, front: &Front, view: &View) {
        if !matches!(view.page, Page::Saved(_)) || self.session.get() == Some(view.session) {
            return;
        }
        let Some(paper) = slip_of(front, view) else { return };
        self.session.set(Some(view.session));
        if let Err(why) = self.show(front, &paper) {
            tracing::warn!(%why, "the slip's window did not open");
        }
    }

    fn show(&self, front: &Front, paper: &Paper) -> Result<(), slint::PlatformError> {
        let mut kept = self.window.borrow_mut();
        let window = match kept.take() {
            Some(window) => window,
            None => PaperWindow::new()?,
        };
        let slip = picture(paper, WINDOW.1 - AROUND);
        let (wide, high) = (slip.width(), slip.height());
        window.set_slip(Image::from_rgb8(slip));
        window.set_wide(wide as f32);
        window.set_high(high as f32);
        let size = LogicalSize::new((wide + AROUND) as f32, (high + AROUND) as f32);
        window.window().set_size(size);
        let kiosk = front.window();
        let scale = kiosk.scale_factor();
        let (corner, wide) = (kiosk.position().to_logical(scale), kiosk.size().to_logical(scale).width);
        window
            .window()
            .set_position(LogicalPosition::new(corner.x + wide + BETWEEN, corner.y));
        let shown = window.show();
        *kept = Some(window);
        shown
    }
}

/// Black on white, as high as the paper or as there is room; a pixel is as dark as the dots under it.
fn picture(paper: &Paper, room: u32) -> SharedPixelBuffer<Rgb8Pixel> {
    let high = paper.height().min(room).max(1);
    let wide = (paper.width() * high / paper.height().max(1)).max(1);
    let mut pixels = SharedPixelBuffer::<Rgb8Pixel>::new(wide, high);
    // The dot under the nth of `SAMPLES` places inside a pixel, along one edge.
    let dot = |pixel: u32, nth: u32, pixels: u32, dots: u32| (pixel * SAMPLES + nth) * dots / (pixels * SAMPLES);
    for (at, pixel) in (0_u32..).zip(pixels.make_mut_slice()) {
        let (x, y) = (at % wide, at / wide);
        let places = (0..SAMPLES).flat_map(|down| (0..SAMPLES).map(move |across| (across, down)));
        let ink = places.filter(|(across, down)| {
            paper.is_ink(
                dot(x, *across, wide, paper.width()),
                dot(y, *down, high, paper.height()),
            )
        });
        let dark = u32::try_from(ink.count()).unwrap_or(0) * 255 / (SAMPLES * SAMPLES);
        let light = 255 - u8::try_from(dark).unwrap_or(255);
        *pixel = Rgb8Pixel::new(light, light, light);
    }
    pixels
}

#[cfg(test)]
mod tests {
    use super::*;
    use embedded_graphics::Drawable;
    use embedded_graphics::pixelcolor::BinaryColor;
    use embedded_graphics::prelude::{Point, Primitive, Size};
    use embedded_graphics::primitives::{PrimitiveStyle, Rectangle};

    #[test]
    fn a_slip_that_is_too_high_is_drawn_smaller_and_stays_black_on_white() {
        let mut paper = Paper::blank(1_000);
        let ink = PrimitiveStyle::with_fill(BinaryColor::On);
        let block = Rectangle::new(Point::new(0, 500), Size::new(192, 500)).into_styled(ink);
        let Ok(()) = block.draw(&mut paper);
        for (room, high, wide) in [(500, 500, 192), (2_000, 1_000, 384)] {
            let drawn = picture(&paper, room);
            assert_eq!((drawn.width(), drawn.height()), (wide, high));
            let light = |x: u32, y: u32| drawn.as_slice()[(y * wide + x) as usize].r;
            assert_eq!(
                (light(2, high - 2), light(wide - 2, high - 2), light(2, 2)),
                (0, 255, 255)
            );
        }
    }
}
