//! The intake through its public door: real HTTP over TLS on port 0, real SQLite files, envelopes as kiosks seal them.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]
#![expect(
    clippy::unwrap_used,
    reason = "a test may end where something is not as it should be"
)]

mod at_rest;
mod carriage;
mod command;
mod desk;
mod door;
mod world;
