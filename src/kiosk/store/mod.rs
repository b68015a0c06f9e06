//! What the kiosk keeps across a power cut: sealed envelopes twice, tombstones, status notes, settings.
//!
//! Owned by the store thread alone; everything here blocks. It never sees a word that a resident typed: envelopes come
//! sealed. Nothing else in the kiosk may open `outbox.db` or write into the spool.
//!
//! Reading order: `life` (made, opened, opened again), `outbox` (keep, read, deliver), `spool` and `rows` (the two copies),
//! `reconcile` (making them one again), `rebuild` (when the database file itself is gone or damaged).

mod ballast;
mod beside;
mod connection;
mod error;
mod fillers;
mod life;
mod mend;
mod migrate;
mod notes;
mod outbox;
mod places;
mod rebuild;
mod reconcile;
mod rows;
mod second;
mod settings;
mod spool;

pub use beside::Beside;
pub use error::StoreError;
pub use fillers::Fillers;
pub use life::{Capacity, Store};
pub use outbox::{Counts, Kept};
pub use places::Places;
pub use rebuild::Damage;
pub use reconcile::StartReport;
pub use settings::Bundle;
pub use spool::Spool;
