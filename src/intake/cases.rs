//! A case as the intake knows it, and who may see it.

use std::collections::{BTreeMap, BTreeSet};

use super::record::{EnvelopeFacts, PartMark, StaffId, StaffMember};
use crate::form::Lane;
use crate::id::{CaseId, EnvelopeId};
use crate::time::Timestamp;

/// An addition whose report has not come is shown to the independent team after this, and never forgotten (SAFETY 24).
/// Until then the report may still be on its way from a kiosk without a link.
pub(crate) const WAIT_FOR_REPORT_HOURS: i64 = 72;
/// What stands around a name and is none. In lower case.
const PARTICLES: [&str; 42] = [
    "a", "about", "also", "an", "and", "any", "at", "boy", "by", "called", "dr", "for", "from", "girl", "he", "her",
    "him", "his", "in", "is", "it", "lady", "man", "me", "miss", "mr", "mrs", "ms", "named", "of", "on", "or", "our",
    "she", "sir", "that", "the", "they", "to", "who", "with", "woman",
];

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
    /// Of the report; see [`Case::due`].
    pub(crate) first_due: Timestamp,
    /// When somebody first said that they opened the report, or the addition that waits for it.
    pub(crate) first_opened: Option<Timestamp>,
    /// Oldest first, the report before its additions.
    pub(crate) parts: Vec<Part>,
    /// To whom sealed parts were given, and which.
    pub(crate) given_to: BTreeMap<StaffId, BTreeSet<PartMark>>,
}

/// One envelope of a case.
#[derive(Clone, Copy)]
pub(crate) struct Part {
    pub(crate) envelope: EnvelopeId,
    pub(crate) arrival: Timestamp,
    /// Its own earliest plausible Send and 24 hours.
    pub(crate) due: Timestamp,
    /// SHA-256 of the slip's plaintext; none when it did not open.
    pub(crate) digest: Option<[u8; 32]>,
    /// The report itself, or what could not be sorted.
    pub(crate) is_report: bool,
    /// Somebody to whom it was given said that they opened it.
    pub(crate) opened: bool,
}

impl Part {
    pub(crate) fn of(facts: &EnvelopeFacts, is_report: bool) -> Self {
        Self {
            envelope: facts.id,
            arrival: facts.arrival,
            due: facts.due,
            digest: facts.slip.as_ref().map(|(_, digest)| *digest),
            is_report,
            opened: false,
        }
    }

    /// How records name it.
    pub(crate) fn mark(&self) -> PartMark {
        let mut mark = PartMark::default();
        let bytes = mark.len();
        mark.copy_from_slice(&self.envelope.0[..bytes]);
        mark
    }
}

impl Case {
    /// Whether `person` may list and open it.
    ///
    /// A name that is exactly one person's keeps that person out. A name that is nobody's for certain keeps out everybody
    /// whose name shares a word with it, and the case goes to leads of the team alone. Without a lead nobody sees it, and
    /// the people who run the intake are told: rather nobody for an hour than the person who was named.
    pub(crate) fn is_for(&self, person: &StaffMember, staff: &[StaffMember], now: Timestamp) -> bool {
        self.has_surfaced(now) && self.may_know(person, staff) && (person.lead || !self.needs_lead(staff))
    }

    /// The team that must be given a lead, because only one may see this case and there is none left for it.
    pub(crate) fn lacks_lead(&self, staff: &[StaffMember]) -> Option<Lane> {
        let has = || staff.iter().any(|person| person.lead && self.may_know(person, staff));
        (self.needs_lead(staff) && !has()).then(|| team(self.lane))
    }

    /// Until when what nobody has opened yet must be opened; of the report when everything was.
    pub(crate) fn due(&self) -> Timestamp {
        let waiting = self.parts.iter().filter(|part| !part.opened).map(|part| part.due);
        waiting.min().unwrap_or(self.first_due)
    }

    /// Whether something came after it was opened.
    pub(crate) fn is_new(&self) -> bool {
        self.first_opened.is_some() && self.parts.iter().any(|part| !part.opened)
    }

    /// Somebody said at `at` that they opened these parts.
    pub(crate) fn open(&mut self, marks: &[PartMark], at: Timestamp) {
        for part in &mut self.parts {
            part.opened |= marks.contains(&part.mark());
        }
        if !self.parts.iter().any(|part| part.is_report && !part.opened) {
            self.first_opened = Some(self.first_opened.map_or(at, |first| first.min(at)));
        }
    }

    /// Takes over what was done with an addition before its report came. That it was opened stays with its parts: the
    /// report itself nobody has opened.
    pub(crate) fn take_over(&mut self, addition: Self) {
        self.parts.extend(addition.parts);
        self.exclusions.extend(addition.exclusions);
        self.excluded.extend(addition.excluded);
        for (staff, marks) in addition.given_to {
            self.given_to.entry(staff).or_default().extend(marks);
        }
    }

    /// Whether people see it yet: an addition waits for its report first.
    pub(crate) fn has_surfaced(&self, now: Timestamp) -> bool {
        !self.waiting || now >= self.arrival.after_hours(WAIT_FOR_REPORT_HOURS)
    }

    /// Whether only leads may see it: a name that the reporter gave is nobody's for certain, or its slip, where names
    /// would stand, cannot be used.
    fn needs_lead(&self, staff: &[StaffMember]) -> bool {
        self.alarm || self.exclusions.iter().any(|name| named(name, staff).count() != 1)
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
        person.team == team(self.lane) && !self.excluded.contains(&person.id) && !self.exclusions.iter().any(kept_out)
    }
}

/// Which team works on a lane. The independent team sees what concerns the landlord's own people, and nobody else does.
const fn team(lane: Lane) -> Lane {
    match lane {
        Lane::Hate | Lane::AntiSocialBehaviour => Lane::Hate,
        Lane::Conduct | Lane::Complaint => Lane::Conduct,
    }
}

/// Whether two names are one: upper and lower case, and whatever stands around and between words, do not matter.
pub(crate) fn same_name(one: &str, other: &str) -> bool {
    words(one).eq(words(other))
}

/// Whether there is anything in a name by which it could be found.
pub(crate) fn has_words(name: &str) -> bool {
    words(name).next().is_some()
}

fn named<'a>(name: &'a str, staff: &'a [StaffMember]) -> impl Iterator<Item = &'a StaffMember> {
    staff.iter().filter(move |person| same_name(name, &person.name))
}

/// Short words count: people are called Li and Jo. Particles count only where they may be a name: written with a capital
/// letter, or alone.
fn share_a_word(one: &str, other: &str) -> bool {
    let telling = |part: &&str| {
        let capital = part.chars().next().is_some_and(char::is_uppercase);
        capital || !PARTICLES.contains(&part.to_lowercase().as_str())
    };
    let only_particles = !parts(one).any(|part| telling(&part));
    let mut counted = parts(one).filter(|part| only_particles || telling(part));
    counted.any(|part| words(other).any(|also| also == part.to_lowercase()))
}

fn words(name: &str) -> impl Iterator<Item = String> {
    parts(name).map(str::to_lowercase)
}

fn parts(name: &str) -> impl Iterator<Item = &str> {
    let parts = name.split(|letter: char| !letter.is_alphanumeric());
    parts.filter(|part| !part.is_empty())
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
            person(6, "Jo O'Li", Lane::Conduct, true),
            person(7, "An Li", Lane::Conduct, true),
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
            first_due: NOW.after_hours(24),
            first_opened: None,
            parts: Vec::new(),
            given_to: BTreeMap::new(),
        }
    }

    /// `seen` names the numbers of those who may open it.
    fn check(lane: Lane, exclusions: &[&str], seen: &[u8]) {
        let staff = staff();
        let case = case(lane, exclusions);
        assert_eq!(who(&case, &staff), seen, "{lane:?} {exclusions:?}");
        assert_eq!(case.is_without_people(&staff, NOW), seen.is_empty());
    }

    fn who(case: &Case, staff: &[StaffMember]) -> Vec<u8> {
        let seeing = staff.iter().filter(|person| case.is_for(person, staff, NOW));
        seeing.map(|person| person.id[0]).collect()
    }

    #[test]
    fn lanes_and_exclusions_decide_who_sees_a_case() {
        check(Lane::Hate, &[], &[1, 2]);
        check(Lane::AntiSocialBehaviour, &[], &[1, 2]);
        check(Lane::Conduct, &[], &[3, 4, 5, 6, 7]);
        check(Lane::Complaint, &[], &[3, 4, 5, 6, 7]);
        check(Lane::Conduct, &["  cleo  MARSH "], &[4, 5, 6, 7]);
        check(Lane::Conduct, &["Cleo Marsh", "eve stone"], &[4, 6, 7]);
        check(Lane::Conduct, &["Somebody Else"], &[4, 6, 7]);
        check(Lane::Conduct, &["Dan Marsh", "Somebody Else"], &[6, 7]);
        check(Lane::Conduct, &["Dan Marsh", "Jo O'Li", "An Li", "Somebody Else"], &[]);
        check(Lane::Hate, &["Ada"], &[2]);
    }

    /// Of the conduct team Dan Marsh (4), Jo O'Li (6) and An Li (7) are leads.
    #[test]
    fn a_name_that_is_not_written_as_on_the_list_keeps_its_people_out() {
        for (name, seen) in [
            ("Mr Marsh", &[6, 7][..]),
            ("Marsh, the caretaker", &[6, 7]),
            ("Dan-Marsh.", &[5, 6, 7, 3]),
            ("Dan/Cleo", &[6, 7]),
            ("DAN", &[6, 7]),
            ("Mr Li", &[4]),
            ("Jo", &[4, 7]),
            ("(jo)", &[4, 7]),
            ("An", &[4, 6]),
            ("an", &[4, 6]),
            ("Mr An the caretaker", &[4, 6]),
            ("an angry one", &[4, 6, 7]),
            ("a man and the woman in it", &[4, 6, 7]),
            ("?!", &[4, 6, 7]),
            ("Li\u{2019}s sister", &[4]),
        ] {
            let mut seen = seen.to_vec();
            seen.sort_unstable();
            check(Lane::Conduct, &[name], &seen);
        }
        check(Lane::Hate, &["Mr. Okri."], &[]);
        check(Lane::Hate, &["ÅDA BYRON"], &[2]);
    }

    #[test]
    fn a_case_that_needs_a_lead_and_has_none_is_nobodys() {
        let staff: Vec<_> = staff().into_iter().filter(|person| !person.lead).collect();
        let strange = case(Lane::Complaint, &["Somebody Else"]);
        assert!(who(&strange, &staff).is_empty());
        assert_eq!(strange.lacks_lead(&staff), Some(Lane::Conduct));
        let named = case(Lane::Conduct, &["Cleo Marsh"]);
        assert_eq!((who(&named, &staff), named.lacks_lead(&staff)), (vec![5], None));
        let hate = case(Lane::AntiSocialBehaviour, &["Ben"]);
        assert_eq!(
            hate.lacks_lead(&self::staff()),
            Some(Lane::Hate),
            "the lead is the one who was named"
        );
    }

    #[test]
    fn what_could_not_be_sorted_is_for_leads_alone() {
        let mut case = case(Lane::Conduct, &[]);
        case.alarm = true;
        assert_eq!(who(&case, &staff()), [4, 6, 7]);
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
