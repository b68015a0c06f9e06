//! The caseworkers' program: keys, bundles, the list of cases, opening one, and answering its reporter.
//!
//! The only program that opens a report. It asks the intake for sealed parts, opens them on the caseworker's own
//! computer, and says "opened" only after that. What it prints goes to the caseworker alone; nothing that a resident
//! typed reaches a file, a log or an error.
//!
//! # Setting up a caseworker
//!
//! ```text
//! heard-desk keygen --out DIR        # DIR/staff.key; give the printed number to whoever runs `heard-intake staff add`
//! cp …/team.key DIR/                 # from the team's lead; made once with `heard-desk keygen --out DIR --team`
//! heard-desk join --data DIR --intake https://intake.example --anchor public.toml
//! heard-desk cases --data DIR
//! ```
//! DIR then holds `staff.key`, `team.key`, `anchor.bin`, `desk.toml` (the intake's address) and, once reports of a newer
//! form have come, `forms/` (every form definition that this desk has met, so that old reports still open with words).

mod age_keys;
mod answer_words;
mod bundle_show;
mod bundle_sign;
mod bundle_source;
mod cases;
mod client;
mod clock;
mod error;
mod fetching;
mod files;
mod folder;
mod forms;
mod keygen;
mod opening;
mod permissions;
mod print_out;
mod saying;

pub use age_keys::{read_identities, write_identity};
pub use bundle_show::{BundleFacts, show_bundle};
pub use bundle_sign::sign_bundle;
pub use bundle_source::{LaneRecipients, PublicFacts, builtin_files, new_source};
pub use cases::{cases_json, cases_text};
pub use client::DeskClient;
pub use clock::now;
pub use error::DeskError;
pub use fetching::fetch_case;
pub use folder::{DeskFolder, join};
pub use forms::FormShelf;
pub use keygen::{Made, generate};
pub use opening::{OpenedAddition, OpenedCase, OpenedReport, open_case, read_inbox};
pub use print_out::{ZONE, case_json, case_text};
pub use saying::{Saying, parse_time, seal_words};
