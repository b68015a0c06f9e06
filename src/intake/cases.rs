//! A case as the intake knows it, and who may see it.

use std::collections::BTreeSet;

use super::record::{EnvelopeFacts, StaffId, StaffMember};
use crate::form::Lane;
use crate::id::{CaseId, EnvelopeId};
use crate::time::Timestamp;

/// An addition whose report has not come is shown to the independent team after this, and never forgotten (SAFETY 24).
/// Until then the report may still be on its way from a kiosk without a link.
pub(crate) const WAIT_FOR_REPORT_HOURS: i64 = 72;
/// Words of a name shorter than this (initials, "de") do not make two names alike.
const NAME_WORD_LETTERS: usize = 3;

/// What belongs together.
pub(crate) struct Case {
    pub(crate) id: CaseId,
    pub(crate) lane: Lane,
    /// Something in it pages the safeguarding lead, or it could not be sorted by its slip.
    pub(crate) urgent: bool,
    /// Its slip did not open, or said nothing that makes a case: somebody must look why.
    pub(crate) alarm: bool,
    /// An addition whose report has not come.
    pub(crate) waiting: bool,
    pub(crate) tag: Option<[u8; 16]>,
    pub(crate) inbox: Option<[u8; 32]>,
    /// People whom the reporter named.
    pub(crate) exclusions: Vec<String>,
    /// People who were excluded by hand.
    pub(crate) excluded: BTreeSet<StaffId>,
    pub(crate) arrival: Timestamp,
    pub(crate) due: Timestamp,
    pub(crate) first_opened: Option<Timestamp>,
    /// Oldest first, the report before its additions.
    pub(crate) parts: Vec<Part>,
    /// To whom the sealed parts were given.
    pub(crate) given_to: BTreeSet<StaffId>,
}

/// One envelope of a case.
#[derive(Clone, Copy)]
pub(crate) struct Part {
    pub(crate) envelope: EnvelopeId,
    pub(crate) arrival: Timestamp,
    /// SHA-256 of the slip's plaintext; none when it did not open.
    pub(crate) digest: Option<[u8; 32]>,
}

impl Part {
    pub(crate) fn of(facts: &EnvelopeFacts) -> Self {
        Self {
            envelope: facts.id,
            arrival: facts.arrival,
            digest: facts.slip.as_ref().map(|(_, digest)| *digest),
        }
    }
}

impl Case {
    /// Whether `person` may list and open it.
    ///
    /// A name that is exactly one person's keeps that person out. A name that is nobody's for certain keeps out everybody
    /// whose name shares a word with it, and the case goes to a lead of the team, if one is left; it is never without
    /// people only because a name was strange.
    pub(crate) fn is_for(&self, person: &StaffMember, staff: &[StaffMember], now: Timestamp) -> bool {
        if !self.has_surfaced(now) || !self.may_know(person, staff) {
            return false;
        }
        let leads = || staff.iter().any(|other| other.lead && self.may_know(other, staff));
        person.lead || !self.needs_lead(staff) || !leads()
    }

    /// Whether people see it yet: an addition waits for its report first.
    pub(crate) fn has_surfaced(&self, now: Timestamp) -> bool {
        !self.waiting || now >= self.arrival.after_hours(WAIT_FOR_REPORT_HOURS)
    }

    /// Whether a name that the reporter gave is nobody's for certain.
    pub(crate) fn needs_lead(&self, staff: &[StaffMember]) -> bool {
        self.exclusions.iter().any(|name| named(name, staff).count() != 1)
    }

    /// Whether nobody at all may open it.
    pub(crate) fn is_without_people(&self, staff: &[StaffMember], now: Timestamp) -> bool {
        !staff.iter().any(|person| self.is_for(person, staff, now))
    }

    fn may_know(&self, person: &StaffMember, staff: &[StaffMember]) -> bool {
        let kept_out = |name: &String| {
            let mut exact = named(name, staff).map(|other| other.id).peekable();
            if exact.peek().is_some() {
                exact.any(|id| id == person.id)
            } else {
                share_a_word(name, &person.name)
            }
        };
        handles(person.team, self.lane) && !self.excluded.contains(&person.id) && !self.exclusions.iter().any(kept_out)
    }
}

/// Which lanes a team works on. The independent team sees what concerns the landlord's own people, and nobody else does.
pub(crate) const fn handles(team: Lane, lane: Lane) -> bool {
    match team {
        Lane::Hate => matches!(lane, Lane::Hate | Lane::AntiSocialBehaviour),
        Lane::Conduct => matches!(lane, Lane::Conduct | Lane::Complaint),
        Lane::AntiSocialBehaviour | Lane::Complaint => false,
    }
}

/// A name as two of them are compared: upper and lower case, and spaces around and between words, do not matter.
pub(crate) fn same_name(one: &str, other: &str) -> bool {
    words(one).eq(words(other))
}

fn named<'a>(name: &'a str, staff: &'a [StaffMember]) -> impl Iterator<Item = &'a StaffMember> {
    staff.iter().filter(move |person| same_name(name, &person.name))
}

fn share_a_word(one: &str, other: &str) -> bool {
    words(one).any(|word| word.chars().count() >= NAME_WORD_LETTERS && words(other).any(|also| also == word))
}

fn words(name: &str) -> impl Iterator<Item = String> {
    name.split_whitespace().map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000);

    fn staff() -> Vec<StaffMember> {
        let person = |id: u8, name: &str, team, lead| StaffMember {
            id: [id; 16],
            name: name.into(),
            team,
            lead,
            key: [id; 32],
            added: NOW,
        };
        vec![
            person(1, "Ada Byron", Lane::Hate, false),
            person(2, "Ben Okri", Lane::Hate, true),
            person(3, "Cleo Marsh", Lane::Conduct, false),
            person(4, "Dan Marsh", Lane::Conduct, true),
            person(5, "Eve Stone", Lane::Conduct, false),
        ]
    }

    fn case(lane: Lane, exclusions: &[&str]) -> Case {
        Case {
            id: CaseId([9; 16]),
            lane,
            urgent: false,
            alarm: false,
            waiting: false,
            tag: None,
            inbox: None,
            exclusions: exclusions.iter().map(ToString::to_string).collect(),
            excluded: BTreeSet::new(),
            arrival: NOW,
            due: NOW.after_hours(24),
            first_opened: None,
            parts: Vec::new(),
            given_to: BTreeSet::new(),
        }
    }

    /// `seen` names the numbers of those who may open it.
    fn check(lane: Lane, exclusions: &[&str], seen: &[u8]) {
        let staff = staff();
        let case = case(lane, exclusions);
        let found: Vec<u8> = staff
            .iter()
            .filter(|person| case.is_for(person, &staff, NOW))
            .map(|person| person.id[0])
            .collect();
        assert_eq!(found, seen, "{lane:?} {exclusions:?}");
        assert_eq!(case.is_without_people(&staff, NOW), seen.is_empty());
    }

    #[test]
    fn lanes_and_exclusions_decide_who_sees_a_case() {
        check(Lane::Hate, &[], &[1, 2]);
        check(Lane::AntiSocialBehaviour, &[], &[1, 2]);
        check(Lane::Conduct, &[], &[3, 4, 5]);
        check(Lane::Complaint, &[], &[3, 4, 5]);
        check(Lane::Conduct, &["  cleo  MARSH "], &[4, 5]);
        check(Lane::Conduct, &["Cleo Marsh", "eve stone"], &[4]);
        check(Lane::Conduct, &["Somebody Else"], &[4]);
        check(Lane::Conduct, &["Dan Marsh", "Somebody Else"], &[3, 5]);
        check(Lane::Conduct, &["Mr Marsh"], &[5]);
        check(Lane::Conduct, &["Cleo Marsh", "Dan Marsh", "Eve Stone"], &[]);
        check(Lane::Hate, &["Ada"], &[2]);
    }

    #[test]
    fn an_addition_without_its_report_waits_72_hours() {
        let staff = staff();
        let mut case = case(Lane::Conduct, &[]);
        case.waiting = true;
        assert!(case.is_without_people(&staff, NOW.after_hours(71)));
        assert!(case.is_for(&staff[4], &staff, NOW.after_hours(72)));
        assert!(!case.is_for(&staff[0], &staff, NOW.after_hours(72)));
    }

    #[test]
    fn somebody_excluded_by_hand_sees_nothing() {
        let staff = staff();
        let mut case = case(Lane::Hate, &[]);
        case.excluded.insert([1; 16]);
        assert!(!case.is_for(&staff[0], &staff, NOW));
        assert!(case.is_for(&staff[1], &staff, NOW));
    }
}
