//! Our own platform: a window in memory, fed with touches and keys, read back as pixels.
//!
//! Used by tests and by `shot`; a display of the device joins behind [`MemoryWindow`] later. One for each thread. It has
//! its own clock, which moves only when told, and it forgives a press that slips (DESIGN 7).

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use slint::platform::software_renderer::{MinimalSoftwareWindow, RepaintBufferType};
use slint::platform::{Key, Platform, PlatformError, PointerEventButton, WindowAdapter, WindowEvent};
use slint::{LogicalPosition, PhysicalSize, Rgb8Pixel, SharedString};

use super::semantics::{self, DrawnWords, Element};
use super::sizes::Panel;

/// A press that ends so far outside its target still counts.
pub const SLIP_MM: f32 = 10.0;
/// Shorter touches are noise, longer ones are something leaning on the screen.
pub const PRESS_MS: (u64, u64) = (30, 10_000);

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

/// What a touch became.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touch {
    /// It counted for the target under it.
    Pressed,
    /// It was nowhere, too short, too long or slipped too far.
    Missed,
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
    pub fn touch(&self, from: (f32, f32), to: (f32, f32), milliseconds: u64) -> Touch {
        let slip = self.panel().px_per_mm * SLIP_MM;
        let target = self
            .elements()
            .into_iter()
            .rev()
            .find(|element| element.can_be_pressed && element.rectangle.holds(from, 0.0));
        let target = target.or_else(|| self.nearest(from));
        let Some(target) = target else { return Touch::Missed };
        let lifted_there = target.rectangle.holds(to, slip);
        let long_enough = (PRESS_MS.0..=PRESS_MS.1).contains(&milliseconds);
        let down = target.rectangle.clamp(from);
        self.send(WindowEvent::PointerMoved { position: down });
        self.send(WindowEvent::PointerPressed {
            position: down,
            button: PointerEventButton::Left,
        });
        self.wait(milliseconds);
        let counts = lifted_there && long_enough;
        let up = if counts {
            target.rectangle.clamp(to)
        } else {
            LogicalPosition::new(-1000.0, -1000.0)
        };
        self.send(WindowEvent::PointerMoved { position: up });
        self.send(WindowEvent::PointerReleased {
            position: up,
            button: PointerEventButton::Left,
        });
        self.send(WindowEvent::PointerExited);
        if counts { Touch::Pressed } else { Touch::Missed }
    }

    /// Between two targets the nearer one is meant, when it is within half a gap.
    fn nearest(&self, at: (f32, f32)) -> Option<Element> {
        let near = self.panel().px_per_mm * 2.0;
        let elements = self.elements();
        let can = elements.into_iter().filter(|element| element.can_be_pressed);
        can.map(|element| (element.rectangle.distance(at), element))
            .filter(|(distance, _)| *distance <= near)
            .min_by(|one, other| one.0.total_cmp(&other.0))
            .map(|(_, element)| element)
    }

    /// A key goes down and up.
    pub fn key(&self, key: impl Into<SharedString>) {
        let text = key.into();
        self.send(WindowEvent::KeyPressed { text: text.clone() });
        self.send(WindowEvent::KeyReleased { text });
    }

    /// Tab, or back with Shift.
    pub fn tab(&self, back: bool) {
        self.key(if back { Key::Backtab } else { Key::Tab });
    }

    fn send(&self, event: WindowEvent) {
        let _ = self.window.dispatch_event_with_result(event);
        slint::platform::update_timers_and_animations();
    }

    /// Draws what has changed; row by row from the top, three bytes a pixel.
    pub fn draw(&self) -> Vec<u8> {
        slint::platform::update_timers_and_animations();
        let mut pixels = self.pixels.borrow_mut();
        self.window.draw_if_needed(|renderer| {
            renderer.render(&mut pixels, self.panel().width as usize);
        });
        pixels.iter().flat_map(|pixel| [pixel.r, pixel.g, pixel.b]).collect()
    }
}
