//! What a reporter can ask for with their code. The code alone is no master key: all of these are requests (SAFETY 20–22).

use serde::{Deserialize, Serialize};

/// What an addition asks. The order is wire order: add at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AdditionKind {
    /// Something more to say.
    Words,
    /// "Ask us to get in touch."
    GetInTouch,
    /// "Someone else may have my code": freezes the mailbox at once.
    CodeMayBeKnown,
    /// A change of contact, police choice or name, checked by the earlier safe route.
    ChangeRequest,
    /// A copy, a withdrawal or a deletion, checked likewise.
    WithdrawalRequest,
    /// A way to reach the reporter, left in the visit of the report by somebody who cannot keep the code (SAFETY 23).
    SafeContact,
    /// A person whom the reporter trusts, left likewise.
    TrustedPerson,
}

impl AdditionKind {
    /// Whether it can be made only in the visit of the report itself: whoever comes back with a code, which somebody else
    /// may have found, asks for a change instead (SAFETY 21).
    pub const fn is_left_with_the_report(self) -> bool {
        matches!(self, Self::SafeContact | Self::TrustedPerson)
    }
}
