//! How a demonstration in a window is ended from outside: Ctrl-C, a closed terminal, an orderly stop of the session.
//!
//! Used by `window`. Each of them closes the window as a press on its edge does, so that the throwaway folder goes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::thread;

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::world::DemoError;

/// Whether somebody asked for the end.
#[derive(Debug, Clone)]
pub(super) struct Ending(Arc<AtomicBool>);

impl Ending {
    /// Watches from here on, whatever else is still being set up.
    pub(super) fn watch() -> Result<Self, DemoError> {
        let trouble = |_| DemoError::Computer("this computer has no room for another thread: close something".into());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(trouble)?;
        let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
        let signals = runtime.block_on(async { kinds.into_iter().map(signal).collect::<Result<Vec<Signal>, _>>() });
        let mut signals = signals.map_err(trouble)?;
        let asked = Self(Arc::new(AtomicBool::new(false)));
        let told = asked.clone();
        let watch = move || {
            loop {
                runtime.block_on(std::future::poll_fn(|context| {
                    let came = signals.iter_mut().any(|signal| signal.poll_recv(context).is_ready());
                    if came { Poll::Ready(()) } else { Poll::Pending }
                }));
                told.0.store(true, Ordering::SeqCst);
                // Lost while nothing runs yet: whoever opens the window asks again once it does.
                let _ = slint::quit_event_loop();
            }
        };
        thread::Builder::new()
            .name("heard-ending".into())
            .spawn(watch)
            .map_err(trouble)?;
        Ok(asked)
    }

    /// Whether somebody asked for the end.
    pub(super) fn is_asked(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
