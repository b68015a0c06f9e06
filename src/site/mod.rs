//! What a landlord says about one site, as the signed bundle carries it: facts, promises, numbers, notices, pages.
//!
//! Nothing in code names a landlord; these files do. Nothing here knows a screen, a clock or a disk.

mod check;
mod facts;

pub use facts::{EverydayPage, Notice, Office, PromiseFacts, SiteFacts, TellOtherwise, Topic, UsefulNumber};
