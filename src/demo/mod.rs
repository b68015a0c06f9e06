//! The whole system on one computer, in one process: an intake over TLS on loopback, a kiosk, a desk, throwaway keys.
//!
//! The only module that may import several programs. It plays with real parts: nothing is stubbed, and what it prints went
//! through the same machine, envelope, database and desk as a real report.

mod headless;
mod world;

pub use headless::{Shown, show};
pub use world::{DemoError, World};
