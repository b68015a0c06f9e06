//! Our own platform: a window in memory, fed with touches and keys, read back as pixels.
//!
//! Used by tests and by `shot`; a display of the device joins behind [`MemoryWindow`] later. One for each thread. It has
//! its own clock, which moves only when told. Touches go in as they are: what counts is the widgets' to say.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use slint::platform::software_renderer::{MinimalSoftwareWindow, RepaintBufferType};
use slint::platform::{Key, Platform, PlatformError, PointerEventButton, WindowAdapter, WindowEvent};
use slint::{LogicalPosition, PhysicalSize, Rgb8Pixel, SharedString};

use super::semantics::{self, DrawnWords, Element, Rectangle};
use super::sizes::Panel;

/// A page is looked at for so long before a finger comes.
const SEEN_MS: u64 = 450;

thread_local! {
    static CLOCK: Rc<Cell<Duration>> = Rc::new(Cell::new(Duration::ZERO));
    static WINDOW: RefCell<Option<Rc<MinimalSoftwareWindow>>> = const { RefCell::new(None) };
}

struct MemoryPlatform {
    window: Rc<MinimalSoftwareWindow>,
    clock: Rc<Cell<Duration>>,
}

impl Platform for MemoryPlatform {
    fn create_window_adapter(&self) -> Result<Rc<dyn WindowAdapter>, PlatformError> {
        Ok(Rc::<MinimalSoftwareWindow>::clone(&self.window))
    }

    fn duration_since_start(&self) -> Duration {
        self.clock.get()
    }

    /// The caret is steady (SAFETY 8).
    fn cursor_flash_cycle(&self) -> Duration {
        Duration::ZERO
    }
}

/// The window in memory of this thread.
pub struct MemoryWindow {
    window: Rc<MinimalSoftwareWindow>,
    clock: Rc<Cell<Duration>>,
    panel: Cell<Panel>,
    pixels: RefCell<Vec<Rgb8Pixel>>,
}

impl MemoryWindow {
    /// Sets the platform of this thread up, with fonts, on first use.
    ///
    /// # Errors
    /// Another platform was set on this thread before.
    pub fn open(panel: Panel) -> Result<Self, PlatformError> {
        let clock = CLOCK.with(Rc::clone);
        let known = WINDOW.with(|window| window.borrow().clone());
        let window = match known {
            Some(window) => window,
            None => {
                let window = MinimalSoftwareWindow::new(RepaintBufferType::ReusedBuffer);
                let platform = MemoryPlatform {
                    window: Rc::clone(&window),
                    clock: Rc::clone(&clock),
                };
                slint::platform::set_platform(Box::new(platform))
                    .map_err(|why| PlatformError::Other(why.to_string()))?;
                super::fonts::register();
                WINDOW.with(|kept| *kept.borrow_mut() = Some(Rc::clone(&window)));
                window
            }
        };
        window.set_size(PhysicalSize::new(panel.width, panel.height));
        let blank = vec![Rgb8Pixel::default(); panel.width as usize * panel.height as usize];
        Ok(Self {
            window,
            clock,
            panel: Cell::new(panel),
            pixels: RefCell::new(blank),
        })
    }

    /// The panel.
    pub fn panel(&self) -> Panel {
        self.panel.get()
    }

    /// Lets time pass.
    pub fn wait(&self, milliseconds: u64) {
        self.clock
            .set(self.clock.get().saturating_add(Duration::from_millis(milliseconds)));
        slint::platform::update_timers_and_animations();
    }

    /// What is on the screen, to be read or pressed.
    pub fn elements(&self) -> Vec<Element> {
        slint::platform::update_timers_and_animations();
        semantics::elements(&self.window)
    }

    /// All words that are drawn, with the room that they need.
    pub fn drawn_words(&self) -> Vec<DrawnWords> {
        slint::platform::update_timers_and_animations();
        semantics::drawn_words(&self.window)
    }

    /// A finger comes down at `from`, stays so long and is lifted at `to`.
    pub fn touch(&self, from: (f32, f32), to: (f32, f32), milliseconds: u64) {
        // Somebody looks at a page before they press on it.
        self.wait(SEEN_MS);
        self.touch_at_once(from, to, milliseconds);
    }

    /// As [`Self::touch`], in the same moment: the second tap of a hand that taps twice.
    pub fn touch_at_once(&self, from: (f32, f32), to: (f32, f32), milliseconds: u64) {
        let (from, to) = (LogicalPosition::new(from.0, from.1), LogicalPosition::new(to.0, to.1));
        self.send(WindowEvent::PointerMoved { position: from });
        self.send(WindowEvent::PointerPressed {
            position: from,
            button: PointerEventButton::Left,
        });
        self.wait(milliseconds);
        self.send(WindowEvent::PointerMoved { position: to });
        self.send(WindowEvent::PointerReleased {
            position: to,
            button: PointerEventButton::Left,
        });
        self.send(WindowEvent::PointerExited);
    }

    /// A key goes down and up.
    pub fn key(&self, key: impl Into<SharedString>) {
        // Somebody looks at a page before they press on it.
        self.wait(SEEN_MS);
        self.key_at_once(key);
    }

    /// As [`Self::key`], in the same moment: the second press of a hand that presses twice.
    pub fn key_at_once(&self, key: impl Into<SharedString>) {
        let text = key.into();
        self.send(WindowEvent::KeyPressed { text: text.clone() });
        self.send(WindowEvent::KeyReleased { text });
    }

    /// A key that is still held down goes down once more, as a keyboard repeats it.
    pub fn repeat_key(&self, key: impl Into<SharedString>) {
        self.send(WindowEvent::KeyPressRepeated { text: key.into() });
    }

    /// Tab, or back with Shift.
    pub fn tab(&self, back: bool) {
        self.key(if back { Key::Backtab } else { Key::Tab });
    }

    fn send(&self, event: WindowEvent) {
        let _ = self.window.dispatch_event_with_result(event);
        slint::platform::update_timers_and_animations();
    }

    /// Draws what has changed, as a display does. Says whether anything had.
    pub fn redraw(&self) -> bool {
        slint::platform::update_timers_and_animations();
        let mut pixels = self.pixels.borrow_mut();
        let mut changed = false;
        self.window.draw_if_needed(|renderer| {
            let region = renderer.render(&mut pixels, self.panel().width as usize);
            let size = region.bounding_box_size();
            changed = size.width > 0 && size.height > 0;
        });
        changed
    }

    /// The pixels of a part of the screen, as they were drawn last.
    pub fn part(&self, area: &Rectangle) -> Vec<[u8; 3]> {
        let (width, height) = (self.panel().width as f32, self.panel().height as f32);
        let (left, right) = (area.x.clamp(0.0, width), (area.x + area.width).clamp(0.0, width));
        let (head, foot) = (area.y.clamp(0.0, height), (area.y + area.height).clamp(0.0, height));
        let pixels = self.pixels.borrow();
        let rows = pixels.chunks(width as usize);
        let rows = rows.take(foot as usize).skip(head as usize);
        let part = rows.flat_map(|row| &row[left as usize..right as usize]);
        part.map(|pixel| [pixel.r, pixel.g, pixel.b]).collect()
    }

    /// Draws what has changed; row by row from the top, three bytes a pixel.
    pub fn draw(&self) -> Vec<u8> {
        self.redraw();
        let pixels = self.pixels.borrow();
        pixels.iter().flat_map(|pixel| [pixel.r, pixel.g, pixel.b]).collect()
    }
}
