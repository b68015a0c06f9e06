//! The screens while the disk stands still: every sync of the store takes three seconds, and Hide is drawn all the same
//! within 200 ms, a letter within 50 ms, and nothing is lost.
//!
//! The kiosk is a process of its own with `support/slow_sync.c` in front of the C library; the intake and the desk are here.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk", target_os = "linux"))]

#[path = "support/live_front.rs"]
mod live_front;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use heard::demo::World;
use heard::desk::{FormShelf, case_json, open_case};
use heard::id::CaseId;
use heard::kiosk::Config;
use heard::machine::{Page, SavedWords};
use heard::wire::Cost;
use live_front::LiveFront;
use slint::platform::Key;

const HIDE_MOST: Duration = Duration::from_millis(200);
const KEY_MOST: Duration = Duration::from_millis(50);
const STORY: &str = "they shouted at my daughter again";
const STORY_ASKS: &str = "What happened?";
/// What the process of the kiosk is told.
const ADDRESS: &str = "HEARD_STALLED_ADDRESS";
const FOLDER: &str = "HEARD_STALLED_FOLDER";
const SLOW: &str = "HEARD_SLOW";

#[test]
fn hide_and_keys_are_drawn_at_once_while_every_sync_takes_three_seconds() {
    let world = World::start(None, Cost::LEAST).unwrap();
    let config = world.enrol_kiosk("kiosk").unwrap();
    let library = build_the_slow_disk(world.folder());
    let trigger = world.folder().join("slow");
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["the_kiosk_with_the_slow_disk", "--exact", "--ignored", "--nocapture"])
        .env("LD_PRELOAD", library)
        .env(SLOW, &trigger)
        .env(FOLDER, &config.places.data)
        .env(ADDRESS, &world.address)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    println!("{said}");

    // Nothing was lost on the way.
    let client = world.desk(&world.sam).unwrap();
    let cases = client.cases().unwrap().cases;
    assert_eq!(cases.len(), 1, "one report was sent");
    let handed = client.hand_over(CaseId::parse(&cases[0].case).unwrap()).unwrap();
    let opened = open_case(&handed, std::slice::from_ref(&world.hate_team), &FormShelf::builtin()).unwrap();
    assert!(
        case_json(&opened).contains(STORY),
        "the desk does not read what was typed"
    );
}

fn build_the_slow_disk(folder: &Path) -> PathBuf {
    let library = folder.join("slow_sync.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/slow_sync.c");
    let compiler = std::env::var_os("CC").unwrap_or_else(|| "cc".into());
    let built = Command::new(compiler)
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .args([&library, &source])
        .status();
    assert!(
        built.unwrap().success(),
        "a C compiler is needed, as for the store itself"
    );
    library
}

/// A sync is waiting at this moment.
fn is_stuck() -> bool {
    let trigger = std::env::var(SLOW).unwrap();
    Path::new(&format!("{trigger}.waits")).exists()
}

fn until_stuck(at: &mut LiveFront) {
    let begun = Instant::now();
    while !is_stuck() {
        at.look();
        assert!(begun.elapsed() < Duration::from_secs(20), "no sync was slow");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// From the press until the pixels have changed.
fn measure(at: &mut LiveFront, what: &str, press: impl FnOnce(&LiveFront)) -> Duration {
    at.look();
    at.window.redraw();
    let begun = Instant::now();
    press(at);
    let changed = at.window.redraw();
    let took = begun.elapsed();
    assert!(changed, "nothing was drawn for {what}");
    took
}

#[test]
#[ignore = "the other test starts it, on a slow disk"]
fn the_kiosk_with_the_slow_disk() {
    let (Ok(folder), Ok(trigger)) = (std::env::var(FOLDER), std::env::var(SLOW)) else {
        return;
    };
    let config = Config::read(None, Some(Path::new(&folder))).unwrap();
    let address = std::env::var(ADDRESS).unwrap();
    let slow_from_here = || fs::write(&trigger, "").unwrap();
    let mut at = LiveFront::start_with(&config, Some(&address), "15.6", slow_from_here);

    // The first heartbeat stands before the disk; somebody tells us something meanwhile.
    at.walk_to(STORY_ASKS);
    until_stuck(&mut at);
    let mut keys = Vec::new();
    for letter in STORY.chars() {
        let label = if letter == ' ' {
            "space".to_owned()
        } else {
            letter.to_string()
        };
        let elements = at.window.elements();
        let key = elements
            .iter()
            .find(|key| key.can_be_pressed && key.label == label)
            .unwrap();
        let middle = key.rectangle.middle();
        keys.push(measure(&mut at, "a letter", |at| at.window.touch(middle, middle, 90)));
    }
    keys.sort_unstable();
    let (middle, worst) = (keys[keys.len() / 2], keys[keys.len() - 1]);
    println!("a letter: {middle:?}, the slowest of {} {worst:?}", keys.len());
    assert!(middle <= KEY_MOST, "a letter took {middle:?}");
    // A machine that builds something else meanwhile may be late once; a screen that waits for the disk is seconds late.
    assert!(worst <= 5 * KEY_MOST, "one letter took {worst:?}");
    hide_and_back(&mut at, "writing");
    assert!(at.words() == STORY, "what was typed is gone");

    assert!(at.touch("Continue"));
    at.walk_to_check();
    let sent = Instant::now();
    assert!(at.finger("Send now"));
    at.until(|at| matches!(at.page(), Page::Saving));
    until_stuck(&mut at);
    hide_and_back(&mut at, "saving");
    at.until(|at| matches!(at.page(), Page::Saved(saved) if saved.words == SavedWords::Sent));
    assert!(sent.elapsed() > Duration::from_secs(3), "the disk was not slow");
    let (heard, pressed) = at.presses_heard();
    assert_eq!(heard, pressed, "a press was lost");
    fs::remove_file(&trigger).unwrap();
    at.stop();
}

/// Hide by finger, back by the clock, Hide by key, back again: all while a sync waits.
fn hide_and_back(at: &mut LiveFront, doing: &str) {
    for by_key in [false, true] {
        until_stuck(at);
        let took = measure(at, "Hide", |at| {
            if by_key {
                at.window.key(Key::Escape);
            } else {
                assert!(at.finger("Hide"), "no Hide while {doing}");
            }
        });
        assert!(
            at.shows("Useful numbers") && !at.shows("Hide"),
            "not hidden while {doing}"
        );
        println!("Hide while {doing}: {took:?}");
        assert!(took <= HIDE_MOST, "Hide took {took:?} while {doing}");
        at.until_heard();
        // The clock stands where Hide stood: a second tap that is too quick leads nowhere.
        std::thread::sleep(Duration::from_millis(1_050));
        if by_key {
            at.window.key(Key::Escape);
        } else {
            let clock = at
                .window
                .elements()
                .into_iter()
                .rfind(|element| element.can_be_pressed)
                .unwrap();
            at.window.touch(clock.rectangle.middle(), clock.rectangle.middle(), 90);
        }
        at.until_heard();
        assert!(at.touch("Yes, carry on"));
    }
}
