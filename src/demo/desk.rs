//! The desk of a demonstration: looks at both teams' lists, opens what is new, says so, and answers its reporter.
//!
//! Used by both demonstrations. It opens through the same calls as `heard-desk open` and answers through those of
//! `heard-desk say`; to a reporter whose code somebody else may have it writes nothing.

use zeroize::Zeroizing;

use super::world::{DemoError, World};
use crate::desk::{self, DeskClient, FormShelf, OpenedCase, Saying};
use crate::id::CaseId;
use crate::mailbox::{AdditionKind, Stage};
use crate::seal::Identity;
use crate::wire::api::CaseRow;

/// One caseworker of each team, with the team's key.
pub struct DemoDesk<'a> {
    people: [(DeskClient, &'a Identity, &'static str); 2],
    forms: FormShelf,
    /// What could not be opened is tried once.
    troubled: Vec<String>,
}

/// What came of one look at both lists.
#[derive(Debug, Default)]
pub struct Looked {
    /// Each case that nobody had opened yet, or why it did not open.
    pub opened: Vec<Result<OpenedCase, DemoError>>,
    /// Why somebody's list could not be read; the other's was, if it could be.
    pub failed: Option<DemoError>,
}

impl std::fmt::Debug for DemoDesk<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DemoDesk({} in trouble)", self.troubled.len())
    }
}

impl<'a> DemoDesk<'a> {
    /// Two caseworkers of this world, each with their own way to the intake.
    ///
    /// # Errors
    /// The world has no usable anchor.
    pub fn new(world: &'a World) -> Result<Self, DemoError> {
        Ok(Self {
            people: [
                (world.desk(&world.sam)?, &world.hate_team, "Sam"),
                (world.desk(&world.ines)?, &world.conduct_team, "Ines"),
            ],
            forms: FormShelf::builtin(),
            troubled: Vec::new(),
        })
    }

    /// Opens and answers everything that nobody has opened yet. What one of the two opened is opened: it is given even
    /// when the other's list cannot be read.
    pub fn look(&mut self) -> Looked {
        let mut looked = Looked::default();
        for (client, team, name) in &self.people {
            let rows = match client.cases() {
                Ok(list) => list.cases,
                Err(why) => {
                    looked.failed = Some(why.into());
                    continue;
                }
            };
            for row in rows {
                let waits = row.first_opened_at.is_none() || row.new;
                if !waits || self.troubled.contains(&row.case) {
                    continue;
                }
                let case = open_and_answer(client, team, &self.forms, &row, name);
                if case.is_err() {
                    self.troubled.push(row.case);
                }
                looked.opened.push(case);
            }
        }
        looked
    }
}

fn open_and_answer(
    client: &DeskClient,
    team: &Identity,
    forms: &FormShelf,
    row: &CaseRow,
    name: &str,
) -> Result<OpenedCase, DemoError> {
    let id = CaseId::parse(&row.case).map_err(|_| DemoError::Computer("the intake gave no case id".into()))?;
    let handed = client.hand_over(id)?;
    let opened = desk::open_case(&handed, std::slice::from_ref(team), forms)?;
    opened.tell_opened(client)?;
    if may_answer(&opened) {
        let note = desk::seal_words(&answer(&opened, name), opened.inbox, desk::now())?;
        client.send_note(id, &note)?;
    }
    Ok(opened)
}

/// Whether there is a code, and nobody but the reporter has it.
fn may_answer(case: &OpenedCase) -> bool {
    let mut kinds = case.additions.iter().map(|addition| addition.addition.kind);
    case.inbox.is_some() && !kinds.any(|kind| kind == AdditionKind::CodeMayBeKnown)
}

fn answer(case: &OpenedCase, name: &str) -> Saying {
    let (stage, words) = if case.additions.is_empty() {
        (Stage::Opened, "Thank you for telling us. I have read all of it.")
    } else {
        (Stage::LookingInto, "Thank you for adding to it. I have read that too.")
    };
    Saying {
        stage,
        promise: Some(("we tell you here what we have done".into(), desk::now().after_hours(24))),
        apology: false,
        name: name.into(),
        words: Zeroizing::new(words.into()),
    }
}

/// What the terminal shows of a case: what `heard-desk open` prints, and whether its reporter was answered.
pub fn at_desk(case: &Result<OpenedCase, DemoError>) -> String {
    match case {
        Ok(case) => {
            let what = if case.additions.is_empty() {
                "A REPORT"
            } else {
                "WHAT WAS ADDED"
            };
            let answered = if may_answer(case) {
                "The desk has answered. In the window, the code opens the answer in a few seconds."
            } else {
                "The desk writes nothing: there is no code, or somebody else may have it."
            };
            let told = desk::case_text(case, desk::now());
            format!("THE DESK HAS OPENED {what}\n\n{told}\n{answered}\n")
        }
        Err(why) => format!("THE DESK could not open a report: {why}\n"),
    }
}
