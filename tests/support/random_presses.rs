//! Presses for tests that press at random: any press at all, and the press of somebody who wants to go on.

use heard::form::{DateValue, FormDefinition, Given, QuestionKind, TimeValue, YesNo};
use heard::machine::{Overlay, Page, Press, StopChoice, Tile, View};
use heard::mailbox::{AdditionKind, ReferenceCode};

/// A small seeded generator (xorshift64*).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() >> 11) as usize % end.max(1)
    }

    pub(crate) fn one_in(&mut self, sides: usize) -> bool {
        self.below(sides) == 0
    }
}

fn given(dice: &mut Dice, form: &FormDefinition, question: usize) -> Given {
    let known = form.questions.get(question % form.questions.len());
    let kind = known.map(|question| &question.kind).unwrap();
    let choices = kind.choices();
    let choice = choices.get(dice.below(choices.len())).map_or(77, |choice| choice.code);
    match (kind, dice.below(12)) {
        (_, 0) => Given::Number(-5),
        (_, 1) => Given::Choices(vec![choice; 40]),
        (QuestionKind::OneChoice { .. }, _) => Given::Choice(choice),
        (QuestionKind::ManyChoices { .. }, _) => Given::Choices(vec![choice]),
        (QuestionKind::YesNoNotSure { .. }, _) => Given::YesNo(YesNo::ALL[dice.below(3)]),
        (QuestionKind::TimeOfDay { .. }, _) => Given::Time(TimeValue::Part(choice)),
        (QuestionKind::Place { .. }, _) => Given::Place {
            place: choice,
            spot: Some("by the lift".into()),
        },
        (QuestionKind::Date, _) => Given::Date(DateValue::NotSure),
        (_, 2) => Given::Text("কখ".repeat(6_000)),
        _ => Given::Text("SECRET 0161 496 0000".into()),
    }
}

/// Any press at all, half of them about the page that is shown.
pub(crate) fn some_press(dice: &mut Dice, form: &FormDefinition, view: &View) -> Press {
    let shown = match &view.page {
        Page::Question(page) => page.question,
        _ => 0,
    };
    let any = [shown, shown, shown, dice.below(140), usize::MAX][dice.below(5)];
    match dice.below(36) {
        0..=4 => Press::Answer(any, given(dice, form, any)),
        5 => Press::Decline(any),
        6 => Press::Clear(any),
        7 => Press::Way(any, dice.below(3)),
        8..=13 => Press::Next,
        14 => Press::Back,
        30 | 32 => Press::Show(any),
        33 => [
            Press::SomeoneNear(true),
            Press::SomeoneNear(false),
            Press::Touched,
            Press::KeyUsed,
            Press::CloseAnswers,
        ][dice.below(5)]
        .clone(),
        34 => [
            Press::CheckCode,
            Press::LastFour(zeroize::Zeroizing::new("1234".into())),
        ][dice.below(2)]
        .clone(),
        35 => Press::TellAPerson,
        31 => Press::Change([any, dice.below(20)][dice.below(2)]),
        15 => Press::Section([dice.below(12), usize::MAX][dice.below(2)]),
        16 | 17 => Press::Send,
        18 => Press::Stop,
        19 => {
            let all = [StopChoice::SendWhatIHave, StopChoice::CarryOn, StopChoice::ThrowAway];
            Press::StopAnswer(all[dice.below(3)])
        }
        20 => Press::Hide,
        21 | 22 => Press::StillHere,
        23 => [Press::ShowCode, Press::CodeKept, Press::CannotKeep, Press::Done][dice.below(4)].clone(),
        24 => Press::Language(["en", "xx", ""][dice.below(3)].into()),
        25 => Press::Code(ReferenceCode::from_random([dice.below(9) as u8; 16])),
        26 => Press::ShowNote([any, dice.below(4)][dice.below(2)]),
        27 => {
            let kinds = [
                AdditionKind::Words,
                AdditionKind::SafeContact,
                AdditionKind::CodeMayBeKnown,
            ];
            Press::Add(kinds[dice.below(3)], zeroize::Zeroizing::new("SECRET".into()))
        }
        28 => Press::Tile([Tile::UsefulNumbers, Tile::Notices, Tile::GetHelp][dice.below(3)]),
        _ => Press::Tile([Tile::TellUs, Tile::TellUs, Tile::ComeBack][dice.below(3)]),
    }
}

/// The press of somebody who goes on: to the check page, Send, and the start page again.
pub(crate) fn forward(form: &FormDefinition, view: &View) -> Press {
    match (view.overlay, &view.page) {
        (Some(Overlay::Hidden), _) => Press::Hide,
        (Some(Overlay::StillThere(_)), _) => Press::StillHere,
        (Some(Overlay::Stop { .. }), Page::Saved(_) | Page::CannotKeep(_)) => Press::StopAnswer(StopChoice::ThrowAway),
        (Some(Overlay::Stop { .. }), _) => Press::StopAnswer(StopChoice::CarryOn),
        (None, Page::Start) if view.presses.is_multiple_of(2) => Press::Tile(Tile::ComeBack),
        (None, Page::Start) => Press::Tile(Tile::TellUs),
        (None, Page::Question(page)) if page.needs_answer => {
            let kind = &form.questions[page.question].kind;
            let code = kind.choices()[0].code;
            let given = match kind {
                QuestionKind::ManyChoices { .. } => Given::Choices(vec![code]),
                _ => Given::Choice(code),
            };
            Press::Answer(page.question, given)
        }
        // Half a number: Continue does not leave it.
        (None, Page::Question(page)) if page.problem.is_some() => Press::Clear(page.question),
        (None, Page::Question(_) | Page::HelpNow(_) | Page::LinkSilent { .. }) => Press::Next,
        (None, Page::Check(_) | Page::NotSaved) => Press::Send,
        (None, Page::EnterCode) if !view.presses.is_multiple_of(4) => Press::Code(ReferenceCode::from_random([1; 16])),
        (None, Page::Return(page))
            if page.shown.is_none() && page.offers.is_some() && !view.presses.is_multiple_of(3) =>
        {
            Press::ShowNote(page.offers.unwrap())
        }
        (None, Page::Return(page)) if page.added.is_none() => {
            Press::Add(AdditionKind::Words, zeroize::Zeroizing::new("SECRET".into()))
        }
        (None, Page::Saved(saved)) if saved.left.is_none() && saved.code.is_some() => Press::CannotKeep,
        (None, Page::CannotKeep(_)) if !view.presses.is_multiple_of(3) => {
            Press::Add(AdditionKind::TrustedPerson, zeroize::Zeroizing::new("SECRET".into()))
        }
        (None, _) => Press::Done,
    }
}
