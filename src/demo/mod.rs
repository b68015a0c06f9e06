//! The whole system on one computer, in one process: an intake over TLS on loopback, a kiosk, a desk, throwaway keys.
//!
//! The only module that may import several programs. It plays with real parts: nothing is stubbed, and what it prints went
//! through the same machine, envelope, database and desk as a real report.

mod desk;
mod ending;
mod headless;
mod window;
mod world;

pub use desk::{DemoDesk, Looked, at_desk};
pub use headless::{Shown, show};
pub use window::{Tell, show_in_window};
pub use world::{DemoError, World};
