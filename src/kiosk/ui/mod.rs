//! The screens: a front that draws each view of the machine and turns presses into its inputs.
//!
//! One file for each page fills its global and connects its presses. Rust owns all state; a page decides nothing. The
//! platform in memory serves tests and `shot`.

mod answer_words;
mod ask;
mod beside;
mod came_back;
mod check;
mod choose;
mod colours;
mod command;
mod dates;
mod desktop;
mod drafts;
mod focus;
pub(super) mod fonts;
mod front;
mod grid;
mod held_words;
mod help_now;
mod keyboard;
mod keys;
mod language;
mod look;
mod measure;
mod near;
mod numbers;
mod paging;
mod platform;
mod question_words;
mod reading;
mod rehearsal;
mod sample_words;
mod saved;
mod semantics;
mod shot;
mod shot_safety;
mod sizes;
mod slip;
mod slip_shot;
mod start;
mod state;
mod strip;
mod times;
mod told;
mod typing;
mod visit;
mod when_where;
mod words_in;
mod write;

pub use beside::{Beside, Shown};
pub use colours::Theme;
pub use command::{ShotArguments, draw_shots, open_desktop, run_window};
pub use front::{Front, Looks, Place, Sender, Telling};
pub use platform::MemoryWindow;
pub use rehearsal::{Rehearsal, World, sample_form, sample_pages, sample_site};
pub use semantics::{DrawnWords, Element, Rectangle, Role};
pub use shot::{SHOTS, Shot, png, shoot};
pub use sizes::{Panel, TextSize};
pub use slip::{look_alike_lines, slip_lines, slip_of};
pub use slip_shot::{SLIPS, shoot_slip};
