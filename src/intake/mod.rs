//! The central service: takes envelopes, keeps them, answers with signed acknowledgements and news, hands sealed parts to desks.
//!
//! It holds no key that opens a report. One writer thread owns the database and everything that is known; HTTP handlers
//! and commands ask it. Every answer leaves after the commit that it speaks of.

pub mod admin;
mod cases;
mod clock;
pub mod command;
pub mod config;
mod desk;
mod desk_door;
mod enrolment;
mod error;
mod folder;
pub mod import;
mod kiosks;
mod ledger;
#[cfg(test)]
mod ledger_tests;
mod news;
mod problem;
mod record;
mod routes;
mod server;
pub mod setup;
mod store;
mod stream;
mod triage;
mod writer;

pub use error::IntakeError;
pub use server::{Running, Server, Waits};
