//! The touchscreen's shell: what touches the disk, the network, the screen and the printer.
//!
//! Called by `bin/kiosk.rs` and `demo`. It declares its parts and holds no behaviour.

pub mod store;
