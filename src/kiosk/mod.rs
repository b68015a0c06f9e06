//! The touchscreen's shell: what touches the disk, the network, the screen and the printer.
//!
//! `run_loop` drives the pure machine; `worker` seals and stores on the store thread; `courier` speaks with the intake;
//! `scripted` is the front without a screen. Called by `bin/kiosk.rs` and `demo`.

mod carriage;
mod clock;
mod command;
mod config;
mod courier;
mod doctor;
mod enrol;
mod error;
mod news;
mod returning;
mod run_loop;
mod scripted;
mod send;
mod settings_in_use;
pub mod slip;
pub mod store;
mod submit;
pub mod ui;
mod worker;

pub use carriage::{Exported, Imported, export, import};
pub use clock::Clock;
pub use command::{Command, Printed, draw, run};
pub use config::Config;
pub use courier::{Courier, Parcel};
pub use doctor::{Finding, examine};
pub use enrol::enrol;
pub use error::KioskError;
pub use returning::{add_words, describe, read_notes};
pub use run_loop::{Running, start, start_beating};
pub use scripted::{Told, tell};
pub use send::{Pass, send_pass};
pub use settings_in_use::{InUse, NotUsable, REPORT_FORM};
pub use submit::{Submitted, check_answers, read_answers, submit};
pub use worker::{KeepError, Worker};
