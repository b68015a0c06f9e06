//! Folds the meanings of a report's answers: which lane, how soon, what must not wait, who must not see it, what is allowed.
//!
//! No question id occurs here. Every fold is monotone: a further answer never lowers the band, never unsets a flag, and
//! a `never` always beats a `may`. With nothing answered, nothing is allowed (SAFETY 18).

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use zeroize::Zeroize;

use super::exclusions::entries;
use crate::form::{Answer, Band, Filled, Flag, FormDefinition, Lane, Meaning, Permission, Question, Value};

/// What the answers set in motion.
#[derive(Clone, PartialEq, Eq)]
pub struct Routing {
    /// Who looks into it.
    pub lane: Lane,
    /// The reporter's own word that it was because of who they are.
    pub hate: bool,
    /// How soon to look first.
    pub band: Band,
    /// What must not wait, or changes how the reporter is met; ascending, without repeats.
    pub flags: Vec<Flag>,
    /// What the reporter allowed; ascending, without repeats. Everything else is not done.
    pub permissions: Vec<Permission>,
    /// People who must not see the report, at most 3 of at most 160 bytes.
    pub exclusions: Vec<String>,
}

impl fmt::Debug for Routing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Routing({:?}, {:?}, {:?}, {} exclusions)",
            self.lane,
            self.band,
            self.flags,
            self.exclusions.len()
        )
    }
}

impl Drop for Routing {
    fn drop(&mut self) {
        self.exclusions.iter_mut().for_each(Zeroize::zeroize);
    }
}

/// Folds the meanings of all answers.
pub fn route(form: &FormDefinition, filled: &Filled) -> Routing {
    let mut meanings = Vec::new();
    let mut named = Vec::new();
    for (question, answer) in form.questions.iter().zip(&filled.answers) {
        let Answer::Given(value) = answer else {
            meanings.extend_from_slice(&question.unless_given_means);
            continue;
        };
        meanings.extend_from_slice(&question.given_means);
        chosen(question, value, &mut meanings);
        if question.given_means.contains(&Meaning::Exclusion)
            && let Value::Text(range) = value
        {
            named.push(filled.text(*range));
        }
    }
    fold(&meanings, entries(&named))
}

/// The red flags of one answer, ascending: what must not wait until somebody has read the report (SAFETY 14).
pub fn red_flags(question: &Question, value: &Value) -> Vec<Flag> {
    let mut meanings = Vec::new();
    chosen(question, value, &mut meanings);
    let is_meant = |flag: &Flag| flag.is_red() && meanings.contains(&Meaning::Flag(*flag));
    Flag::ALL.into_iter().filter(is_meant).collect()
}

fn chosen(question: &Question, value: &Value, meanings: &mut Vec<Meaning>) {
    let codes: &[u16] = match value {
        Value::Choice(code) | Value::Place { place: code, .. } => core::slice::from_ref(code),
        Value::Choices(codes) => codes,
        Value::YesNo(answer) => &[answer.code()],
        Value::Time(crate::form::TimeValue::Part(code)) => core::slice::from_ref(code),
        _ => &[],
    };
    for choice in question
        .kind
        .choices()
        .iter()
        .filter(|choice| codes.contains(&choice.code))
    {
        meanings.extend_from_slice(&choice.means);
    }
}

fn fold(meanings: &[Meaning], exclusions: Vec<String>) -> Routing {
    let has = |meaning| meanings.contains(&meaning);
    let lanes = meanings.iter().filter_map(|meaning| match meaning {
        Meaning::Lane(lane) => Some(*lane),
        _ => None,
    });
    // However it was said, and whether or not a name could be read: SAFETY 26.
    let named = has(Meaning::Exclusion).then_some(Lane::Conduct);
    // A form that names no lane at all gets the people who depend on nobody in the landlord's line.
    let lane = lanes.chain(named).max().unwrap_or(Lane::Conduct);
    let flags: Vec<Flag> = Flag::ALL.into_iter().filter(|flag| has(Meaning::Flag(*flag))).collect();
    let bands = meanings.iter().filter_map(|meaning| match meaning {
        Meaning::Band(band) => Some(*band),
        _ => None,
    });
    let red = flags.iter().any(|flag| flag.is_red()).then_some(Band::High);
    let hate = has(Meaning::Hate);
    let band = bands
        .chain(red)
        .chain(hate.then_some(Band::Medium))
        .max()
        .unwrap_or_default();
    let close = flags.contains(&Flag::Close);
    // Whoever stood beside the reporter may be the one who ticked that a way is safe.
    let alone = !flags.contains(&Flag::SpeakAlone);
    let allowed = |permission: &Permission| {
        has(Meaning::May(*permission))
            && !has(Meaning::Never(*permission))
            && (!close || !is_contact(*permission) || (alone && has(Meaning::Safe(*permission))))
    };
    let permissions = Permission::ALL.into_iter().filter(allowed).collect();
    Routing {
        lane,
        hate,
        band,
        flags,
        permissions,
        exclusions,
    }
}

/// Ways to reach the reporter: each needs to be said safe, with nobody beside them, when someone close did it (SAFETY 17).
const fn is_contact(permission: Permission) -> bool {
    use Permission::{Email, Letter, Meet, Ring, Text, Trusted, Visit, Voicemail};
    matches!(
        permission,
        Ring | Voicemail | Text | Email | Letter | Visit | Meet | Trusted
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn the_independent_team_has_it_once_somebody_is_excluded() {
        assert_eq!(fold(&[Meaning::Lane(Lane::Hate)], vec![]).lane, Lane::Hate);
        assert_eq!(
            fold(&[Meaning::Exclusion, Meaning::Lane(Lane::Hate)], vec![]).lane,
            Lane::Conduct
        );
    }
}
