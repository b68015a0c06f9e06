//! How far a case is, in the words that its reporter sees.

use serde::{Deserialize, Serialize};

/// The stage of a case. The order is wire order: add at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Stage {
    /// The intake has it.
    Received,
    /// A team has it in its list; a machine can do that.
    Assigned,
    /// A skilled person who is not excluded has opened it.
    Opened,
    /// The reporter was reached, or a message waits for them.
    Contacted,
    /// A plan is agreed.
    Planned,
    /// It is being looked into.
    LookingInto,
    /// It was decided; the reporter has not been told yet.
    Decided,
    /// The reporter was told what was decided and why.
    Told,
    /// Closed; they can come back.
    Closed,
    /// Open again.
    Reopened,
}

impl Stage {
    /// Every stage, in wire order.
    pub const ALL: [Self; 10] = [
        Self::Received,
        Self::Assigned,
        Self::Opened,
        Self::Contacted,
        Self::Planned,
        Self::LookingInto,
        Self::Decided,
        Self::Told,
        Self::Closed,
        Self::Reopened,
    ];

    /// The word on command lines.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Assigned => "assigned",
            Self::Opened => "opened",
            Self::Contacted => "contacted",
            Self::Planned => "planned",
            Self::LookingInto => "looking-into",
            Self::Decided => "decided",
            Self::Told => "told",
            Self::Closed => "closed",
            Self::Reopened => "reopened",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.word() == word)
    }

    /// What the reporter reads, in English.
    pub const fn public_words(self) -> &'static str {
        match self {
            Self::Received => "We have it.",
            Self::Assigned => "It is with our team. A specialist will open it.",
            Self::Opened => "A specialist has read it.",
            Self::Contacted => "We have been in touch, or left you a message here.",
            Self::Planned => "We have made a plan with you.",
            Self::LookingInto => "We are looking into it.",
            Self::Decided => "We have decided. We will tell you what and why.",
            Self::Told => "We told you what we decided and why.",
            Self::Closed => "Closed. You can come back at any time.",
            Self::Reopened => "Open again. We are looking into it.",
        }
    }
}
