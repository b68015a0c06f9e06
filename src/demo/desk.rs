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
pub(super) struct DemoDesk<'a> {
    people: [(DeskClient, &'a Identity, &'static str); 2],
    forms: FormShelf,
    /// What could not be opened is tried once.
    troubled: Vec<String>,
}

impl<'a> DemoDesk<'a> {
    pub(super) fn new(world: &'a World) -> Result<Self, DemoError> {
        Ok(Self {
            people: [
                (world.desk(&world.sam)?, &world.hate_team, "Sam"),
                (world.desk(&world.ines)?, &world.conduct_team, "Ines"),
            ],
            forms: FormShelf::builtin(),
            troubled: Vec::new(),
        })
    }

    /// Opens and answers everything that nobody has opened yet; gives each case, or why it did not open.
    pub(super) fn look(&mut self) -> Result<Vec<Result<OpenedCase, DemoError>>, DemoError> {
        let mut opened = Vec::new();
        for (client, team, name) in &self.people {
            for row in client.cases()?.cases {
                let waits = row.first_opened_at.is_none() || row.new;
                if !waits || self.troubled.contains(&row.case) {
                    continue;
                }
                let case = open_and_answer(client, team, &self.forms, &row, name);
                if case.is_err() {
                    self.troubled.push(row.case);
                }
                opened.push(case);
            }
        }
        Ok(opened)
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
    let is_frozen = |case: &OpenedCase| {
        let kinds = case.additions.iter().map(|addition| addition.addition.kind);
        kinds.into_iter().any(|kind| kind == AdditionKind::CodeMayBeKnown)
    };
    if opened.inbox.is_some() && !is_frozen(&opened) {
        let note = desk::seal_words(&answer(&opened, name), opened.inbox, desk::now())?;
        client.send_note(id, &note)?;
    }
    Ok(opened)
}

fn answer(case: &OpenedCase, name: &str) -> Saying {
    let (stage, words) = if case.additions.is_empty() {
        (Stage::Opened, "Thank you for telling us. I have read all of it.")
    } else {
        (Stage::LookingInto, "Thank you for adding to it. I have read that too.")
    };
    Saying {
        stage,
        promise: Some((
            "we get in touch in the way you said is safe".into(),
            desk::now().after_hours(24),
        )),
        apology: false,
        name: name.into(),
        words: Zeroizing::new(words.into()),
    }
}
