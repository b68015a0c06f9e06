//! Everything that a kiosk may write into its log. No variant can carry an answer, a code or a count of reports.

use super::input::LinkFault;

/// A line of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The intake answered and its signature was right.
    LinkUp,
    /// It did not.
    LinkDown(LinkFault),
    /// The kiosk takes reporters.
    InService,
    /// It does not, for the faults in these bits.
    OutOfService(u32),
    /// A newer bundle is complete and will be used from the next session on.
    BundleComplete,
    /// The store could not write something down.
    StoreTrouble,
    /// The intake refused an envelope, signed. Raised for heartbeats as well, so that it points at nobody.
    Refused,
}
