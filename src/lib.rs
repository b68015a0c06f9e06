//! Heard: a touchscreen reporting kiosk for estate offices, the central intake it reports to, and the desk that opens reports.
//!
//! The pure modules (`form`, `mailbox`, `report`, `wire`, `machine`, `case`, `render`, and `id`, `time`, `limits` below
//! them) know no clock, randomness, disk, network or log; they build without an operating system when no feature is
//! chosen. The shells (`kiosk`, `intake`, `desk`) do the input and output. ARCHITECTURE.md draws the map.
#![cfg_attr(not(any(feature = "shell", test)), no_std)]
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr))]

extern crate alloc;

pub mod case;
#[cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]
pub mod demo;
#[cfg(feature = "desk")]
pub mod desk;
pub mod form;
pub mod id;
#[cfg(feature = "intake")]
pub mod intake;
#[cfg(feature = "kiosk")]
pub mod kiosk;
pub mod limits;
pub mod machine;
pub mod mailbox;
#[cfg(any(feature = "kiosk", feature = "desk"))]
pub mod pinned;
pub mod render;
pub mod report;
#[cfg(feature = "shell")]
pub mod seal;
pub mod site;
pub mod time;
pub mod wire;
