//! All kiosks, the intake, and one seed that decides everything that happens between them.

use std::sync::Arc;

use heard::form::FormDefinition;

use crate::intake_stand::Intake;
use crate::kiosk_stand::{Entry, Stand};
use crate::random_presses::Dice;

pub(crate) struct World {
    dice: Dice,
    now: u64,
    stands: Vec<Stand>,
    pub(crate) intake: Intake,
}

impl World {
    pub(crate) fn new(seed: u64, stands: u64) -> Self {
        let form = FormDefinition::parse("report.toml", include_bytes!("../../assets/forms/report.toml"));
        let form = Arc::new(form.expect("the form of this repository is sound"));
        Self {
            dice: Dice::new(seed),
            now: 0,
            stands: (0..stands).map(|number| Stand::new(number, &form)).collect(),
            intake: Intake::new(),
        }
    }

    pub(crate) fn step(&mut self) {
        let at = self.dice.below(self.stands.len());
        let stand = &mut self.stands[at];
        match self.dice.below(100) {
            0..=59 => stand.press(self.now, &mut self.dice),
            60..=93 => {
                for _ in 0..=self.dice.below(6) {
                    stand.work(self.now, &mut self.dice, &mut self.intake);
                }
            }
            94..=96 => {
                let most = [200, 3_000, 20_000, 20_000, 150_000, 400_000, 900_000][self.dice.below(7)];
                let for_ms = self.dice.next() % most;
                self.advance(for_ms);
            }
            97 => stand.jump_clock(&mut self.dice),
            98 => stand.crash(self.now),
            // Asleep: time has passed and nobody has ticked.
            _ => self.now += self.dice.next() % 600_000,
        }
    }

    /// Time goes by; whatever is due on the way happens, and all work is done when it comes.
    pub(crate) fn advance(&mut self, milliseconds: u64) {
        let end = self.now + milliseconds;
        loop {
            for stand in &mut self.stands {
                while stand.work(self.now, &mut self.dice, &mut self.intake) {}
            }
            let due = self.stands.iter().filter_map(Stand::due).min();
            let Some(due) = due.filter(|due| *due <= end) else {
                break;
            };
            self.now = self.now.max(due);
            for stand in &mut self.stands {
                if stand.due().is_some_and(|due| due <= self.now) {
                    stand.tick(self.now, &mut self.dice);
                }
            }
        }
        self.now = end;
    }

    pub(crate) fn end_faults(&mut self) {
        for stand in &mut self.stands {
            stand.is_faulty = false;
        }
    }

    /// What holds after every step.
    pub(crate) fn judge(&self) {
        for stand in &self.stands {
            stand.judge(&self.intake);
        }
    }

    /// What holds when the faults have ended long ago.
    pub(crate) fn judge_delivered(&self) {
        let mut delivered = 0;
        for stand in &self.stands {
            assert_eq!((stand.queued(), stand.has_work()), (0, false), "something is left");
            let is_delivered = |entry: &&Entry| matches!(entry, Entry::Delivered(_));
            delivered += stand.store.values().filter(is_delivered).count();
        }
        assert_eq!(delivered, self.intake.committed.len(), "as many as the intake has");
    }

    pub(crate) fn codes_shown(&self) -> usize {
        self.stands.iter().map(|stand| stand.codes.len()).sum()
    }
}
