//! The one thread that writes: it takes the jobs that wait, runs them in one transaction, commits, and only then answers.
//!
//! Under load many answers share one sync of the disk. When the commit fails nobody is answered; callers see that as
//! "try later", and the same bytes are welcome again.

use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use tokio::sync::{mpsc, oneshot};

use super::error::IntakeError;
use super::store::{Store, Work};

/// Jobs that wait; one more is told to come later.
const QUEUE_MOST: usize = 256;
/// Jobs in one transaction.
const GROUP_MOST: usize = 64;

type Job = Box<dyn FnOnce(&mut Work<'_>) -> Answer + Send>;
/// Runs after the commit, or never.
type Answer = Box<dyn FnOnce() + Send>;

/// The queue is full, or the disk is, or the database failed: the caller comes later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unavailable;

/// Held by a thread; says that it ended, however it did.
pub(crate) struct Ending(pub(crate) mpsc::Sender<()>);

impl Drop for Ending {
    fn drop(&mut self) {
        // One word is enough, whoever came first.
        let _ = self.0.try_send(());
    }
}

/// Where jobs are handed in.
#[derive(Clone)]
pub(crate) struct Writer {
    jobs: SyncSender<Job>,
}

impl Writer {
    /// Starts the thread; it ends when the last `Writer` is dropped and its jobs are done. `ending` is dropped then, or
    /// when it panics.
    pub(crate) fn start(store: Store, ending: Ending) -> Result<(Self, JoinHandle<()>), IntakeError> {
        let (jobs, waiting) = sync_channel(QUEUE_MOST);
        let thread = thread::Builder::new().name("intake-writer".into());
        let thread = thread
            .spawn(move || {
                let _ending = ending;
                run(store, &waiting);
            })
            .map_err(|_| IntakeError::Thread)?;
        Ok((Self { jobs }, thread))
    }

    /// Runs `job` in a transaction and gives its value once that is committed.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Work<'_>) -> T + Send + 'static,
    ) -> Result<T, Unavailable> {
        let (sender, receiver) = oneshot::channel();
        let job: Job = Box::new(move |work| {
            let value = job(work);
            Box::new(move || {
                // Nobody may be listening any more; the kiosk will ask again.
                let _ = sender.send(value);
            })
        });
        self.jobs.try_send(job).map_err(|_| Unavailable)?;
        receiver.await.map_err(|_| Unavailable)
    }
}

fn run(mut store: Store, waiting: &Receiver<Job>) {
    while let Ok(first) = waiting.recv() {
        let group: Vec<Job> = std::iter::once(first)
            .chain(waiting.try_iter().take(GROUP_MOST - 1))
            .collect();
        let done = store.transact(|work| group.into_iter().map(|job| job(work)).collect::<Vec<Answer>>());
        match done {
            Ok(answers) => answers.into_iter().for_each(|answer| answer()),
            Err(why) => tracing::error!(%why, folder = %shown(store.folder()), "nothing was committed"),
        }
    }
    store.close();
}

fn shown(folder: &Path) -> std::path::Display<'_> {
    folder.display()
}
