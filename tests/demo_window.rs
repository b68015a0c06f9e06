//! The demonstration in a window, as far as it goes without one: what it says where there is no display, and the desk that
//! opens, prints and answers what was told at a running kiosk.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant};

use heard::demo::{DemoDesk, World, at_desk};
use heard::form::FormDefinition;
use heard::kiosk::store::Store;
use heard::kiosk::{self, Clock, Courier, Running, Worker};
use heard::limits::CHANNEL_MOST;
use heard::machine::{Added, Page, Press, ReturnView, Tile, View};
use heard::mailbox::{AdditionKind, ReferenceCode};
use heard::pinned::{Patience, RELEASED};
use heard::wire::Cost;
use zeroize::Zeroizing;

const PATIENCE: Duration = Duration::from_secs(60);
const EXAMPLE: &[u8] = include_bytes!("../assets/examples/named.json");

#[test]
fn without_a_display_it_says_what_to_do_and_makes_nothing() {
    let temporary = tempfile::tempdir().unwrap();
    for display in [None, Some(":4093")] {
        let mut demo = Command::new(env!("CARGO_BIN_EXE_heard-kiosk"));
        // A folder that is not there: whoever makes anything before asking for a display complains about that instead.
        demo.arg("demo").env("TMPDIR", temporary.path().join("nowhere"));
        for name in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"] {
            demo.env_remove(name);
        }
        if let Some(display) = display {
            demo.env("DISPLAY", display);
        }
        let done = demo.output().unwrap();
        let said = String::from_utf8(done.stderr).unwrap();
        assert_eq!(done.status.code(), Some(2), "{said}");
        assert_eq!((said.lines().count(), done.stdout.len()), (1, 0), "{said}");
        assert!(
            said.contains("there is no display") && said.contains("demo --headless --answers "),
            "{said}"
        );
        let example = said
            .split("--answers ")
            .nth(1)
            .and_then(|rest| rest.split('`').next())
            .unwrap();
        assert!(
            Path::new(env!("CARGO_MANIFEST_DIR")).join(example).is_file(),
            "{example} is in the repository"
        );
    }
}

struct Stand {
    running: Running,
    views: Receiver<Box<View>>,
}

impl Stand {
    fn press(&self, press: Press) {
        assert!(self.running.press(press));
    }

    fn until(&self, fits: impl Fn(&View) -> bool) -> Box<View> {
        let begun = Instant::now();
        loop {
            let view = self.views.recv_timeout(PATIENCE).expect("the kiosk goes on");
            if fits(&view) {
                return view;
            }
            assert!(begun.elapsed() < PATIENCE, "the page did not come");
        }
    }

    fn come_back(&self, code: &ReferenceCode) -> ReturnView {
        self.press(Press::Tile(Tile::ComeBack));
        self.press(Press::Code(code.clone()));
        let view = self.until(|view| matches!(view.page, Page::Return(_)));
        let Page::Return(found) = view.page else { unreachable!() };
        found
    }

    fn leave(&self) {
        self.press(Press::Done);
        self.until(|view| matches!(view.page, Page::Start));
    }

    /// The message of a note, asked for.
    fn message(&self, at: usize) -> String {
        self.press(Press::ShowNote(at));
        let view = self.until(|view| matches!(&view.page, Page::Return(found) if found.shown == Some(at)));
        let Page::Return(found) = &view.page else {
            unreachable!()
        };
        found.notes[at].words.clone()
    }

    /// Comes back until so many notes are there: a person would do the same.
    fn come_back_until(&self, code: &ReferenceCode, notes: usize) -> ReturnView {
        let begun = Instant::now();
        loop {
            let found = self.come_back(code);
            if found.notes.len() >= notes {
                return found;
            }
            self.leave();
            assert!(begun.elapsed() < PATIENCE, "the answer did not come");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

/// A kiosk at which the example was told, and its code.
fn tell(world: &World) -> (Stand, ReferenceCode) {
    let config = world.enrol_kiosk("kiosk").unwrap();
    let (mut store, _) = Store::open(&config.places).unwrap();
    let clock = Clock::start(store.next_boot().unwrap(), store.last_acknowledged());
    let worker = Worker::new(store).unwrap();
    let patience = Patience {
        connect: Duration::from_secs(10),
        total: Duration::from_secs(30),
    };
    let courier = Courier::new(&world.address, &world.anchor.authority, RELEASED, patience).unwrap();
    let (show, views) = sync_channel(CHANNEL_MOST);
    let running = kiosk::start_beating(worker, Some(courier), clock, Some(400), move |view| {
        drop(show.try_send(view))
    });
    let form = include_bytes!("../assets/forms/report.toml");
    let form = Arc::new(FormDefinition::parse("report.toml", form).unwrap());
    let file = kiosk::check_answers(EXAMPLE, &form).unwrap();
    let saved = kiosk::tell(&running, &views, &form, &file).unwrap().saved;
    let code = saved.code.expect("a code was shown");
    (Stand { running, views }, code)
}

fn look(desk: &mut DemoDesk<'_>) -> Vec<String> {
    let looked = desk.look();
    assert!(looked.failed.is_none(), "{looked:?}");
    looked.opened.iter().map(at_desk).collect()
}

#[test]
fn the_desk_prints_what_was_told_and_its_answer_reaches_the_screen() {
    let temporary = tempfile::tempdir().unwrap();
    let world = World::start(Some(temporary.path()), Cost::LEAST).unwrap();
    let mut desk = DemoDesk::new(&world).unwrap();
    assert!(look(&mut desk).is_empty(), "nobody has told anything");
    let (stand, code) = tell(&world);
    let printed = look(&mut desk);
    let told: serde_json::Value = serde_json::from_slice(EXAMPLE).unwrap();
    let story = told["answers"]["what-happened"]
        .as_str()
        .expect("the example tells a story");
    let first = story.split_whitespace().take(4).collect::<Vec<_>>().join(" ");
    assert_eq!(printed.len(), 1);
    for words in [
        "THE DESK HAS OPENED A REPORT",
        "BEFORE YOU DO ANYTHING",
        &first,
        "The desk has answered.",
    ] {
        assert!(printed[0].contains(words), "{words} is missing");
    }
    assert!(look(&mut desk).is_empty(), "each report is printed once");

    // With the code closed: Finish asks first while it is open.
    stand.press(Press::CodeKept);
    stand.leave();
    let found = stand.come_back_until(&code, 1);
    assert_eq!(found.notes[0].words, "", "it is closed until it is asked for");
    assert_eq!(stand.message(0), "Thank you for telling us. I have read all of it.");
    let words = Zeroizing::new("It happened on the stairs.".to_owned());
    stand.press(Press::Add(AdditionKind::Words, words));
    stand.until(|view| matches!(&view.page, Page::Return(found) if matches!(found.added, Some(Added::Kept(_)))));
    stand.leave();
    let printed = wait_for(&mut desk);
    assert!(printed.contains("THE DESK HAS OPENED WHAT WAS ADDED") && printed.contains("It happened on the stairs."));
    stand.come_back_until(&code, 2);
    assert!(stand.message(1).contains("read that too"));

    // Somebody else may have the code: from here on nothing is written to it.
    stand.press(Press::Add(AdditionKind::CodeMayBeKnown, Zeroizing::default()));
    stand.until(|view| matches!(&view.page, Page::Return(found) if matches!(found.added, Some(Added::Kept(_)))));
    stand.leave();
    assert!(wait_for(&mut desk).contains("The desk writes nothing"));
    stand.running.stop();
}

fn wait_for(desk: &mut DemoDesk<'_>) -> String {
    let begun = Instant::now();
    loop {
        if let Some(printed) = look(desk).pop() {
            return printed;
        }
        assert!(begun.elapsed() < PATIENCE, "it did not arrive at the desk");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn what_one_opened_is_printed_although_the_other_cannot_look() {
    let temporary = tempfile::tempdir().unwrap();
    let mut world = World::start(Some(temporary.path()), Cost::LEAST).unwrap();
    // The intake does not know this key.
    world.ines = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    let (stand, _) = tell(&world);
    let looked = DemoDesk::new(&world).unwrap().look();
    assert!(matches!(looked.opened[..], [Ok(_)]), "{looked:?}");
    assert!(looked.failed.is_some(), "nobody is told that a list could not be read");
    stand.running.stop();
}
