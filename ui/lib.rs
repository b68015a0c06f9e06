//! The pages of the kiosk, generated from the `.slint` files beside this one.
//!
//! Used by `heard::kiosk::ui` only. It is a crate of its own so that a change of logic does not generate it again; it
//! decides nothing: a page draws what it is given and says what was pressed.
#![allow(missing_docs, unreachable_pub)]

slint::include_modules!();
