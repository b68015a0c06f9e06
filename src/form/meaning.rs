//! What a choice means beyond its words: lanes, flags, bands and permissions, as form files write them in `means`.
//!
//! The vocabulary is closed: a word that is not listed here is a problem found when the form is loaded.
//! Enum order is wire order: add at the end, never move.

use serde::{Deserialize, Serialize};

/// Who looks into a report. Later lanes win when several are meant: conduct over all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Lane {
    /// Anti-social behaviour without hate.
    AntiSocialBehaviour,
    /// Hate incidents.
    Hate,
    /// A complaint about how a report was dealt with.
    Complaint,
    /// The landlord's own people or contractors: the independent team.
    Conduct,
}

impl Lane {
    /// Every lane, in wire order.
    pub const ALL: [Self; 4] = [Self::AntiSocialBehaviour, Self::Hate, Self::Complaint, Self::Conduct];

    /// The word in form files, bundles and on command lines.
    pub const fn word(self) -> &'static str {
        match self {
            Self::AntiSocialBehaviour => "asb",
            Self::Hate => "hate",
            Self::Complaint => "complaint",
            Self::Conduct => "conduct",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lane| lane.word() == word)
    }
}

/// Something that must be acted on before anybody has read the report, or that changes how the reporter is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Flag {
    /// Someone is in danger now.
    Danger,
    /// Thoughts of suicide or self-harm.
    SelfHarm,
    /// Weapon, fire or dog.
    Weapon,
    /// A child is at risk or reports for themselves.
    Child,
    /// An adult who cannot keep safe.
    CannotKeepSafe,
    /// Someone else helped at the screen: speak to the reporter alone first.
    SpeakAlone,
    /// Partner, ex, family or carer: every way of contact is unsafe until ticked.
    Close,
    /// Asked for a person rather than a form.
    TellAPerson,
}

impl Flag {
    /// Every flag, in wire order.
    pub const ALL: [Self; 8] = [
        Self::Danger,
        Self::SelfHarm,
        Self::Weapon,
        Self::Child,
        Self::CannotKeepSafe,
        Self::SpeakAlone,
        Self::Close,
        Self::TellAPerson,
    ];

    /// The word in form files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Danger => "danger",
            Self::SelfHarm => "self-harm",
            Self::Weapon => "weapon",
            Self::Child => "child",
            Self::CannotKeepSafe => "cannot-keep-safe",
            Self::SpeakAlone => "speak-alone",
            Self::Close => "close",
            Self::TellAPerson => "tell-a-person",
        }
    }

    /// Whether the on-call safeguarding lead is paged at once (SAFETY 14).
    pub const fn is_red(self) -> bool {
        matches!(
            self,
            Self::Danger | Self::SelfHarm | Self::Weapon | Self::Child | Self::CannotKeepSafe
        )
    }
}

/// How soon a caseworker should look first. Only ever raised by an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum Band {
    /// Nothing said raises it.
    #[default]
    Standard,
    /// Hate is at least this.
    Medium,
    /// Danger, harm or reach.
    High,
}

/// Something that nobody does unless the reporter said yes (SAFETY 18).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Permission {
    /// Speak to the person who did it.
    SpeakToThem,
    /// Ring.
    Ring,
    /// Leave a voice message.
    Voicemail,
    /// Send a text message.
    Text,
    /// Send an email.
    Email,
    /// Send a letter.
    Letter,
    /// Visit the home.
    Visit,
    /// Meet somewhere else.
    Meet,
    /// Go through somebody they trust.
    Trusted,
    /// Tell the police, with the name.
    PoliceNamed,
    /// Tell the police, without the name.
    PoliceUnnamed,
    /// Use the name.
    UseName,
    /// Speak to the person whom the report is about, when that is not the reporter (SAFETY 19).
    ContactSubject,
}

impl Permission {
    /// Every permission, in wire order.
    pub const ALL: [Self; 13] = [
        Self::SpeakToThem,
        Self::Ring,
        Self::Voicemail,
        Self::Text,
        Self::Email,
        Self::Letter,
        Self::Visit,
        Self::Meet,
        Self::Trusted,
        Self::PoliceNamed,
        Self::PoliceUnnamed,
        Self::UseName,
        Self::ContactSubject,
    ];

    /// The word in form files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::SpeakToThem => "speak-to-them",
            Self::Ring => "ring",
            Self::Voicemail => "voicemail",
            Self::Text => "text",
            Self::Email => "email",
            Self::Letter => "letter",
            Self::Visit => "visit",
            Self::Meet => "meet",
            Self::Trusted => "trusted",
            Self::PoliceNamed => "police-named",
            Self::PoliceUnnamed => "police-unnamed",
            Self::UseName => "use-name",
            Self::ContactSubject => "contact-subject",
        }
    }
}

/// One entry of `means`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Meaning {
    /// `hate`: the reporter's own word that it was because of who they are. No role unsets it.
    Hate,
    /// `exclusion`: the text given names somebody who must not see the report.
    Exclusion,
    /// `lane:…`
    Lane(Lane),
    /// `flag:…`
    Flag(Flag),
    /// `band:medium` or `band:high`
    Band(Band),
    /// `may:…`: the reporter allows it.
    May(Permission),
    /// `never:…`: the reporter says it is not safe; wins over `may`.
    Never(Permission),
    /// `safe:…`: said to be safe; needed beside `may` when the flag `close` is set (SAFETY 17).
    Safe(Permission),
}

impl Meaning {
    /// Reads one entry of `means`; `None` for a word that is not in the vocabulary.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, word) = text.split_once(':').unwrap_or((text, ""));
        let permission = || Permission::ALL.into_iter().find(|permission| permission.word() == word);
        match kind {
            "hate" if word.is_empty() && !text.ends_with(':') => Some(Self::Hate),
            "exclusion" if word.is_empty() && !text.ends_with(':') => Some(Self::Exclusion),
            "lane" => Lane::parse(word).map(Self::Lane),
            "flag" => Flag::ALL.into_iter().find(|flag| flag.word() == word).map(Self::Flag),
            "band" => match word {
                "medium" => Some(Self::Band(Band::Medium)),
                "high" => Some(Self::Band(Band::High)),
                _ => None,
            },
            "may" => permission().map(Self::May),
            "never" => permission().map(Self::Never),
            "safe" => permission().map(Self::Safe),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vocabulary_is_closed() {
        assert_eq!(Meaning::parse("hate"), Some(Meaning::Hate));
        assert_eq!(Meaning::parse("lane:conduct"), Some(Meaning::Lane(Lane::Conduct)));
        assert_eq!(Meaning::parse("never:ring"), Some(Meaning::Never(Permission::Ring)));
        for wrong in [
            "",
            "hate:",
            "lane",
            "lane:",
            "lane:love",
            "band:standard",
            "may:",
            "flags:danger",
            "HATE",
        ] {
            assert_eq!(Meaning::parse(wrong), None, "{wrong}");
        }
    }
}
