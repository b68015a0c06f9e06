//! What a caseworker must not do, and what the reporter allowed, one line for each way (SAFETY 17 to 19).
//!
//! Every permission gives exactly one line, on one of the two lists, so that no two lines can say different things.

use crate::form::{Flag, Permission};

/// The two lists, in a fixed order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lines {
    /// What must not be done.
    pub(super) must_not: Vec<&'static str>,
    /// What the reporter said may be done.
    pub(super) may: Vec<&'static str>,
}

/// Sorts every permission into the two lists. With nothing allowed, everything is forbidden.
pub(super) fn lines(allowed: &[Permission]) -> Lines {
    let mut lines = Lines {
        must_not: Vec::new(),
        may: Vec::new(),
    };
    for permission in Permission::ALL {
        let has = allowed.contains(&permission);
        match (permission, has) {
            // The two about the police are told together, below.
            (Permission::PoliceNamed | Permission::PoliceUnnamed, _) => {}
            (permission, true) => lines.may.push(may(permission)),
            (permission, false) => lines.must_not.push(must_not(permission)),
        }
    }
    let police = |permission| allowed.contains(&permission);
    match (police(Permission::PoliceNamed), police(Permission::PoliceUnnamed)) {
        (true, _) => lines.may.push("You may tell the police, with their name."),
        (false, true) => {
            lines.may.push("You may tell the police what happened.");
            lines.must_not.push("Do not give the police their name.");
        }
        (false, false) => lines
            .must_not
            .push("Do not tell the police until they say so: ask the reporter first."),
    }
    lines
}

/// What a flag asks of whoever reads the report first.
pub(super) const fn flag_line(flag: Flag) -> &'static str {
    match flag {
        Flag::Danger => "DANGER: they said that someone is in danger. Page the safeguarding lead now.",
        Flag::SelfHarm => {
            "SELF-HARM: they spoke of ending their life or hurting themselves. Page the safeguarding lead now."
        }
        Flag::Weapon => "WEAPON, FIRE OR DOG. Page the safeguarding lead now.",
        Flag::Child => "A CHILD is at risk, or tells this for themselves. Page the safeguarding lead now.",
        Flag::CannotKeepSafe => "AN ADULT WHO CANNOT KEEP SAFE. Page the safeguarding lead now.",
        Flag::SpeakAlone => "Somebody else was at the screen with them. Speak to the reporter alone first.",
        Flag::Close => {
            "Somebody close to them did it. Every way of contact is unsafe, except those that they ticked as safe while alone."
        }
        Flag::TellAPerson => "They would rather tell a person. What is here is the whole report.",
    }
}

const fn must_not(permission: Permission) -> &'static str {
    match permission {
        Permission::SpeakToThem => "Do not speak to the person who did it until they say so.",
        Permission::Ring => "Do not ring.",
        Permission::Voicemail => "Do not leave a voice message.",
        Permission::Text => "Do not send a text message.",
        Permission::Email => "Do not send an email.",
        Permission::Letter => "Do not send a letter.",
        Permission::Visit => "Do not visit.",
        Permission::Meet => "Do not arrange to meet.",
        Permission::Trusted => "Do not go through anybody else.",
        Permission::PoliceNamed | Permission::PoliceUnnamed => "Do not tell the police until they say so.",
        Permission::UseName => "Do not use their name outside the team.",
        Permission::ContactSubject => "If it is about somebody else: do not contact that person.",
    }
}

const fn may(permission: Permission) -> &'static str {
    match permission {
        Permission::SpeakToThem => "You may speak to the person who did it.",
        Permission::Ring => "You may ring.",
        Permission::Voicemail => "You may leave a voice message.",
        Permission::Text => "You may send a text message.",
        Permission::Email => "You may send an email.",
        Permission::Letter => "You may send a letter.",
        Permission::Visit => "You may visit.",
        Permission::Meet => "You may arrange to meet.",
        Permission::Trusted => "You may go through the person whom they trust.",
        Permission::PoliceNamed | Permission::PoliceUnnamed => "You may tell the police.",
        Permission::UseName => "You may use their name.",
        Permission::ContactSubject => "You may contact the person whom it is about: they know of this report.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SAFETY 14 and 28: nothing pages anybody yet, so whoever reads the report is told to, and nothing claims that it was done.
    #[test]
    fn what_must_not_wait_asks_to_page_and_claims_nothing() {
        for flag in Flag::ALL {
            let line = flag_line(flag);
            assert_eq!(
                line.ends_with(" Page the safeguarding lead now."),
                flag.is_red(),
                "{line}"
            );
            assert!(!line.contains("paged"), "{line}");
        }
    }
}
