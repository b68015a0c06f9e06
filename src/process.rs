//! What a whole process must not do with words or keys: no text in a panic, no core dump, nothing of either in a log.
//!
//! Called first thing by all three programs, and by tests that play one; nothing else in the library knows it.

use std::io::Write;

use tracing_subscriber::EnvFilter;

/// Sets the panic hook, forbids core dumps and starts the log (`HEARD_LOG`, default `warn`, of windows errors only).
pub fn guard_process() {
    std::panic::set_hook(Box::new(|info| {
        // The payload may hold anything; the place is ours.
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(std::io::stderr(), "heard: stopped at {place}");
        // A kiosk with a dead thread would look well and save nothing; whoever supervises it starts it again.
        std::process::abort();
    }));
    forbid_core_dumps();
    let filter = EnvFilter::try_from_env("HEARD_LOG").unwrap_or_else(|_| EnvFilter::new("warn,winit=error"));
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .try_init();
}

/// A core file would hold the words in memory.
fn forbid_core_dumps() {
    let none = rustix::process::Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let _ = rustix::process::setrlimit(rustix::process::Resource::Core, none);
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}
