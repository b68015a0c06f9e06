//! How a demonstration in a window is ended from outside: Ctrl-C, a closed terminal, an orderly stop of the session.
//!
//! Used by `window`. Each of them closes the window as a press on its edge does, so that the throwaway folder goes. Whoever
//! asks a second time does not want to wait for that: the process ends at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::thread;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::world::DemoError;

/// One wish may come as several signals: a terminal that closes sends two. Later ones are a second wish.
const ONE_WISH: Duration = Duration::from_millis(500);
/// As a shell reports a program that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

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
            runtime.block_on(next(&mut signals));
            told.0.store(true, Ordering::SeqCst);
            // Lost while nothing runs yet: whoever opens the window asks again once it does.
            let _ = slint::quit_event_loop();
            runtime.block_on(async {
                let same_wish = async {
                    loop {
                        next(&mut signals).await;
                    }
                };
                let _ = tokio::time::timeout(ONE_WISH, same_wish).await;
                next(&mut signals).await;
            });
            std::process::exit(INTERRUPTED);
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

/// Waits for any of them.
async fn next(signals: &mut [Signal]) {
    std::future::poll_fn(|context| {
        // All of them, also after one that came: each has to know whom to wake.
        let came = signals.iter_mut().filter_map(|signal| match signal.poll_recv(context) {
            Poll::Ready(_) => Some(()),
            Poll::Pending => None,
        });
        if came.count() > 0 {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};

    use super::*;

    const CHILD: &str = "HEARD_TEST_ENDING";

    /// Nothing by itself: the test below runs it as a process of its own that never looks whether it was asked.
    #[test]
    fn a_process_that_does_not_end() {
        if std::env::var_os(CHILD).is_some() {
            let ending = Ending::watch().unwrap();
            println!("\nwatching");
            let (_keep, never) = std::sync::mpsc::channel::<()>();
            while !ending.is_asked() {
                let _ = never.recv_timeout(Duration::from_millis(10));
            }
            println!("asked");
            let _ = never.recv_timeout(Duration::from_secs(30));
        }
    }

    #[test]
    fn a_second_signal_ends_at_once() {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "--nocapture",
                "demo::ending::tests::a_process_that_does_not_end",
            ])
            .env(CHILD, "1")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut said = |what: &str| assert!(lines.any(|line| line.unwrap() == what), "never {what}");
        let id = child.id().to_string();
        let send = |signal: &str| assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        let (_keep, never) = std::sync::mpsc::channel::<()>();
        said("watching");
        send("-HUP");
        send("-TERM");
        said("asked");
        let _ = never.recv_timeout(2 * ONE_WISH);
        assert_eq!(child.try_wait().unwrap(), None, "two signals together are one wish");
        send("-INT");
        assert_eq!(child.wait().unwrap().code(), Some(INTERRUPTED));
    }
}
