//! A finished report: immutable, complete, and what its answers set in motion.
//!
//! `routing` folds the meanings of choices into lane, flags, band and permissions, `exclusions` packs the names that the
//! slip carries; `content` is what is sealed
//! and what comes out when it is opened. Nothing here seals, sends or shows.

mod content;
mod exclusions;
mod routing;
mod slip;

pub use content::{NotAReport, Opened, OpenedAnswer, Report};
pub(crate) use content::{choice_list, ranges_hold};
pub use routing::{Routing, red_flags, route};
pub use slip::{SlipFacts, SlipLine, SlipSize, look_alike, slip};
