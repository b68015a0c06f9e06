//! The kiosk as pure machines: session, outbox, sync, backoff and health, composed in `kiosk`.
//!
//! One contract: one `Input` in, drain the `Output`s, wait for the named deadline. Each Output that asks for work is
//! answered by exactly one Input: success, failure or timeout. Time and random bytes are arguments. Nothing here knows a
//! clock, a disk, a network, a window or a log.

mod backoff;
mod event;
mod health;
mod input;
mod kiosk;
mod outbox;
mod output;
mod session;
mod session_check;
mod session_contact;
mod session_draft;
mod session_form;
mod session_help;
mod session_last_four;
mod session_near;
mod session_return;
mod session_saved;
mod session_touch;
mod session_ways;
mod sync;
mod view;

pub use backoff::{Backoff, LONGEST_MS};
pub use event::Event;
pub use health::{Fault, Faults, HealthFacts, OutOfService};
pub use input::{Copies, Delivery, Input, LinkFault, Now, Press, StopChoice};
pub use kiosk::{Kiosk, KioskFacts, SiteRules};
pub use outbox::Outbox;
pub use output::{AdditionRequest, FileRequest, Output, ReportRequest, Subject};
pub use session::timing;
pub use sync::{LinkState, Sync};
pub use view::{
    Added, AnswerRow, Asked, CannotKeepView, ClosedAnswer, CodeCheck, Everyday, HelpNowView, HubView, Overlay, Page,
    QuestionView, ReturnView, SavedView, SavedWords, SectionView, Tile, View,
};
