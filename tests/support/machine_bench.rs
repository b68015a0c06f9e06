//! A kiosk machine on a bench: a clock that is moved by hand, seeded random bytes, and stand-ins that answer Outputs.
//!
//! Used by the `machine_*` tests. The stand-ins answer each piece of work once, or hold it back until told.

use std::collections::VecDeque;
use std::sync::Arc;

use heard::form::{FormDefinition, Given};
use heard::id::{EnvelopeId, Tag};
use heard::machine::{
    Copies, Delivery, FileRequest, Input, Kiosk, KioskFacts, LinkFault, Now, Output, Overlay, Page, Press, Tile, View,
};
use heard::time::{ClockReading, Confidence, Moment, Timestamp};
use heard::wire::v1::StatusNote;
use heard::wire::{AnswerPage, News, PROOF_BYTES, RefusalCode, Verdict};

/// What a stand-in does with the next piece of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Does {
    Works,
    Fails,
    /// Store: one copy. Link: a signed refusal.
    Half,
    Stalls,
}

pub(crate) struct Bench {
    pub(crate) kiosk: Kiosk,
    pub(crate) form: Arc<FormDefinition>,
    pub(crate) now: u64,
    pub(crate) confidence: Confidence,
    pub(crate) disk: Does,
    pub(crate) keys: Does,
    pub(crate) link: Does,
    pub(crate) notes: Vec<StatusNote>,
    pub(crate) view: Box<View>,
    /// Everything that was to be filed, in order.
    pub(crate) filed: Vec<FileRequest>,
    /// Work that a stand-in holds back.
    pub(crate) held: VecDeque<Output>,
    pub(crate) queue: Vec<EnvelopeId>,
    pub(crate) codes: Vec<heard::mailbox::ReferenceCode>,
    seed: u64,
}

pub(crate) fn report_form() -> Arc<FormDefinition> {
    let form = FormDefinition::parse("report.toml", include_bytes!("../../assets/forms/report.toml"));
    Arc::new(form.expect("the form of this repository is sound"))
}

impl Bench {
    pub(crate) fn new() -> Self {
        let mut bench = Self::silent();
        bench.drain();
        bench
    }

    /// Nothing was answered yet, so nothing was heard of the intake.
    pub(crate) fn silent() -> Self {
        let form = report_form();
        let facts = KioskFacts {
            form: Arc::clone(&form),
            last_contact: Some(Timestamp(1_782_900_000)),
            faults: heard::machine::Faults::default(),
            rules: heard::machine::SiteRules::default(),
        };
        let mut kiosk = Kiosk::new(facts, reading(1_000, Confidence::Synced));
        let mut first = VecDeque::new();
        let mut view = None;
        while let Some(output) = kiosk.poll_output() {
            match output {
                Output::Show(shown) => view = Some(shown),
                other => first.push_back(other),
            }
        }
        let mut bench = Self {
            kiosk,
            form,
            now: 1_000,
            confidence: Confidence::Synced,
            disk: Does::Works,
            keys: Does::Works,
            link: Does::Works,
            notes: Vec::new(),
            view: view.expect("a kiosk shows something at once"),
            filed: Vec::new(),
            held: VecDeque::new(),
            queue: Vec::new(),
            codes: Vec::new(),
            seed: 7,
        };
        bench.held = first;
        bench.release();
        bench
    }

    pub(crate) fn at(&self, id: &str) -> usize {
        let found = self.form.questions.iter().position(|question| question.id == id);
        found.unwrap_or_else(|| panic!("no question {id}"))
    }

    pub(crate) fn code_of(&self, question: &str, choice: &str) -> u16 {
        let choices = self.form.questions[self.at(question)].kind.choices();
        let found = choices.iter().find(|known| known.id == choice);
        found.unwrap_or_else(|| panic!("no choice {choice}")).code
    }

    pub(crate) fn handle(&mut self, input: Input) {
        self.kiosk_only(input);
        self.drain();
    }

    /// The machine alone: nobody answers what it asks.
    pub(crate) fn kiosk_only(&mut self, input: Input) {
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let mut random = [0; 32];
        for (at, byte) in random.iter_mut().enumerate() {
            *byte = (self.seed >> (at % 8 * 8)) as u8 ^ at as u8;
        }
        self.kiosk.handle(input, reading(self.now, self.confidence), random);
    }

    pub(crate) fn press(&mut self, press: Press) {
        self.handle(Input::Press(press));
    }

    pub(crate) fn presses(&mut self, presses: impl IntoIterator<Item = Press>) {
        presses.into_iter().for_each(|press| self.press(press));
    }

    /// Lets time go by and ticks at each deadline on the way.
    pub(crate) fn wait(&mut self, milliseconds: u64) {
        let end = self.now + milliseconds;
        while let Some(next) = self.kiosk.deadline().filter(|next| next.0 <= end) {
            self.now = self.now.max(next.0);
            self.handle(Input::Tick);
            let after = self.kiosk.deadline();
            assert!(
                after.is_none_or(|after| after.0 > self.now),
                "busy: {after:?} at {}",
                self.now
            );
        }
        self.now = end;
    }

    pub(crate) fn drain(&mut self) {
        while let Some(output) = self.kiosk.poll_output() {
            let stalls = match &output {
                Output::File(_) | Output::Settle { .. } => self.disk,
                Output::Derive { .. } => self.keys,
                Output::Deliver(_) | Output::Heartbeat { .. } => self.link,
                _ => Does::Works,
            } == Does::Stalls;
            if stalls {
                self.held.push_back(output);
            } else {
                self.perform(output);
            }
        }
    }

    /// Answers what was held back.
    pub(crate) fn release(&mut self) {
        while let Some(output) = self.held.pop_front() {
            self.perform(output);
            self.drain();
        }
    }

    fn perform(&mut self, output: Output) {
        let input = match output {
            Output::Show(view) => {
                self.view = view;
                return;
            }
            Output::Log(_) => return,
            Output::LoadOutbox => Input::Outbox {
                window: self.queue.iter().copied().take(64).collect(),
                queued: self.queue.len(),
            },
            Output::Derive { session, code } => {
                self.codes.push(code);
                derived(session, self.keys)
            }
            Output::File(request) => self.file(*request),
            Output::Deliver(id) => answer_at(Some(id), self.link, reading(self.now, self.confidence).clock.wall),
            Output::Heartbeat { .. } => answer(None, self.link),
            Output::Settle { envelope, .. } | Output::Refuse(envelope) => {
                let durable = self.disk != Does::Fails;
                if durable {
                    self.queue.retain(|known| *known != envelope);
                }
                Input::Settled { envelope, durable }
            }
            Output::TakeNews(_) => Input::NewsTaken {
                durable: self.disk != Does::Fails,
            },
            Output::ReadNotes { session, .. } => Input::Notes {
                session,
                notes: self.notes.clone(),
            },
        };
        self.handle(input);
    }

    fn file(&mut self, request: FileRequest) -> Input {
        let session = request.session;
        self.filed.push(request);
        let copies = match self.disk {
            Does::Works | Does::Stalls => Copies::Both,
            Does::Half => Copies::One,
            Does::Fails => return Input::NotFiled { session },
        };
        let mut id = [9; 32];
        id[..8].copy_from_slice(&(self.filed.len() as u64).to_be_bytes());
        let envelope = EnvelopeId(id);
        self.queue.push(envelope);
        Input::Filed {
            session,
            envelope,
            copies,
        }
    }

    pub(crate) fn question(&self) -> &str {
        match &self.view.page {
            Page::Question(page) => &self.form.questions[page.question].id,
            other => panic!("not a question: {other:?}"),
        }
    }

    pub(crate) fn is_covered(&self) -> bool {
        matches!(self.view.overlay, Some(Overlay::Hidden | Overlay::StillThere(_)))
    }

    pub(crate) fn choose(&mut self, question: &str, choice: &str) {
        let (at, code) = (self.at(question), self.code_of(question, choice));
        let given = match self.form.questions[at].kind {
            heard::form::QuestionKind::ManyChoices { .. } => Given::Choices(vec![code]),
            _ => Given::Choice(code),
        };
        self.press(Press::Answer(at, given));
    }

    pub(crate) fn say(&mut self, question: &str, words: &str) {
        self.press(Press::Answer(self.at(question), Given::Text(words.into())));
    }

    /// From the start page to the story page.
    pub(crate) fn walk_to_story(&mut self) {
        self.press(Press::Tile(Tile::TellUs));
        if matches!(self.view.page, Page::LinkSilent { .. }) {
            self.press(Press::Next);
        }
        self.press(Press::Next);
        self.choose("danger-now", "no");
        self.presses([Press::Next, Press::Next]);
        assert_eq!(self.question(), "what-happened");
    }

    /// From the start page to the check page, with a story.
    pub(crate) fn walk_to_check(&mut self) {
        self.walk_to_story();
        self.say("what-happened", "SECRET they shouted at my door");
        while self.question() != "reach-you" {
            self.press(Press::Next);
        }
        self.choose("reach-you", "code-only");
        while matches!(self.view.page, Page::Question(_)) {
            self.press(Press::Next);
        }
        assert!(matches!(self.view.page, Page::Check(_)), "{:?}", self.view);
    }
}

fn reading(now: u64, confidence: Confidence) -> Now {
    let seconds = now / 1_000;
    Now {
        moment: Moment(now),
        clock: ClockReading {
            wall: Timestamp(1_782_900_000 + seconds as i64),
            confidence,
            boot: 1,
            since_boot_seconds: seconds as u32,
        },
    }
}

pub(crate) fn derived(session: u32, keys: Does) -> Input {
    if keys == Does::Fails {
        return Input::NotDerived { session };
    }
    Input::Derived {
        session,
        tag: Tag([3; 16]),
        inbox: [4; 32],
        reply_secret: Box::new(zeroize::Zeroizing::new([211; 32])),
    }
}

/// The intake's answer; `envelope` is none for a heartbeat.
pub(crate) fn answer(envelope: Option<EnvelopeId>, link: Does) -> Input {
    answer_at(envelope, link, Timestamp(1_782_900_000))
}

/// The same, first received at a time of the intake's clock.
pub(crate) fn answer_at(envelope: Option<EnvelopeId>, link: Does, first_received: Timestamp) -> Input {
    let verdict = match link {
        Does::Works | Does::Stalls => Verdict::Acknowledged,
        Does::Half => Verdict::Refused(RefusalCode::Shape),
        Does::Fails => {
            let delivery = Delivery::Fault(LinkFault::TimedOut);
            return Input::Delivered { envelope, delivery };
        }
    };
    let page = AnswerPage {
        id: envelope.unwrap_or(EnvelopeId([0; 32])),
        verdict,
        first_received,
        news: News {
            now: Timestamp(1_782_900_000),
            ..News::default()
        },
        proof: [0; PROOF_BYTES],
    };
    let delivery = Delivery::Answer(Box::new(page));
    Input::Delivered { envelope, delivery }
}
