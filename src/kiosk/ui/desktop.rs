//! Slint's desktop back end as a kiosk wants it: the caret is steady, and no word reaches the clipboard of the computer.
//!
//! Chosen once by `run` and by the demonstration, before the first window. Everything else is the back end's own.

use std::ops::ControlFlow;
use std::rc::Rc;
use std::time::Duration;

use i_slint_backend_winit::Backend;
use i_slint_core::{InternalToken, SlintContextWeak};
use slint::PlatformError;
use slint::platform::{Clipboard, EventLoopProxy, Platform, SetPlatformError, WindowAdapter};

struct Desktop(Backend);

impl Platform for Desktop {
    fn bind_context(&self, context: SlintContextWeak, token: InternalToken) {
        self.0.bind_context(context, token);
    }

    fn create_window_adapter(&self) -> Result<Rc<dyn WindowAdapter>, PlatformError> {
        self.0.create_window_adapter()
    }

    fn run_event_loop(&self) -> Result<(), PlatformError> {
        self.0.run_event_loop()
    }

    fn process_events(
        &self,
        timeout: Option<Duration>,
        token: InternalToken,
    ) -> Result<ControlFlow<()>, PlatformError> {
        self.0.process_events(timeout, token)
    }

    fn new_event_loop_proxy(&self) -> Option<Box<dyn EventLoopProxy>> {
        self.0.new_event_loop_proxy()
    }

    /// The caret is steady (SAFETY 8), whatever the desktop says.
    fn cursor_flash_cycle(&self) -> Duration {
        Duration::ZERO
    }

    /// What was written stays on the page: selecting words must not hand them to the next program.
    fn set_clipboard_text(&self, _: &str, _: Clipboard) {}

    fn clipboard_text(&self, _: Clipboard) -> Option<String> {
        None
    }
}

/// Makes this thread's windows desktop windows.
///
/// # Errors
/// There is no display, or another platform was chosen before.
pub(super) fn choose() -> Result<(), PlatformError> {
    let backend = Backend::builder().with_renderer_name("software").build()?;
    slint::platform::set_platform(Box::new(Desktop(backend)))
        .map_err(|why: SetPlatformError| PlatformError::from(why.to_string()))
}
