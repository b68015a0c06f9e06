//! What may stand beside the kiosk's window on a desktop: the demonstration shows the slip there.
//!
//! Given to `run_window`; `run` gives nothing. Whoever looks on sees each view and changes none.

use std::fmt;
use std::rc::Rc;

use super::front::Front;
use crate::machine::View;

/// Looks on; on the thread of the window.
pub type Shown = Rc<dyn Fn(&Front, &View)>;

/// What is added to the window.
pub struct Beside {
    /// How large the window is at first, in logical pixels.
    pub window: (u32, u32),
    /// Pixels to the inch of the screen: what makes a millimetre of the design one.
    pub ppi: u32,
    /// Heartbeats at least so often, in milliseconds; none: every 15 minutes.
    pub heartbeat_ms: Option<u64>,
    /// Called once, when the window is there and before it shows anything.
    pub opened: Box<dyn FnOnce(&Front)>,
    /// Called with each view, just before it is drawn.
    pub shown: Shown,
}

impl Default for Beside {
    fn default() -> Self {
        Self {
            window: (1280, 800),
            ppi: 96,
            heartbeat_ms: None,
            opened: Box::new(|_| {}),
            shown: Rc::new(|_, _| {}),
        }
    }
}

impl fmt::Debug for Beside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Beside({:?})", self.window)
    }
}
