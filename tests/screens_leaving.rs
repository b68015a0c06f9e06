//! What leaving is called on the drawn screens once Send was pressed: nothing that was sent is said to be thrown away
//! (SAFETY 2, 3, 9).
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]

#[path = "support/screens.rs"]
#[allow(dead_code, reason = "each test takes what it needs")]
mod screens;

use heard::machine::{Page, Press};
use screens::{On, on, walk_to_check};

/// Hides, waits until the clock leads back, and presses it.
fn hide_and_ask(on: &On) {
    // Told to the machine: the strip of the saved page has no Hide.
    on.press(Press::Hide);
    on.wait(1_000);
    assert!(on.touch(&on.clock()));
    assert!(on.said().contains("Are you still there?"));
}

#[test]
fn what_was_sent_is_never_said_to_be_thrown_away() {
    let on = on("15.6");
    walk_to_check(&on);
    hide_and_ask(&on);
    assert!(on.said().contains("No, throw it away"), "not sent yet");
    assert!(on.touch("Yes, carry on"));

    on.world.borrow_mut().slow_store = true;
    assert!(on.touch("Send now"));
    hide_and_ask(&on);
    assert!(matches!(on.page(), Page::Saving));
    let said = on.said();
    assert!(!said.contains("throw it away") && !said.contains("Finish"), "{said}");
    assert!(said.contains("Yes, carry on"));
    on.file_now();
    assert!(matches!(on.page(), Page::Saved(_)));
    let said = on.said();
    assert!(
        said.contains("Finish. It has been sent.") && !said.contains("throw it away"),
        "{said}"
    );
    assert!(on.touch("Yes, carry on"));

    on.press(Press::Stop);
    let said = on.said();
    assert!(
        !said.contains("Throw it away") && !said.contains("Nothing is kept."),
        "{said}"
    );
    assert!(on.touch("Carry on"));
    hide_and_ask(&on);
    assert!(on.touch("Finish. It has been sent."));
    assert!(matches!(on.page(), Page::Start));
}

#[test]
fn what_is_held_is_not_said_to_be_sent() {
    let on = on("15.6");
    on.world.borrow_mut().one_copy = true;
    on.world.borrow_mut().silent = true;
    walk_to_check(&on);
    assert!(on.touch("Send now"));
    on.wait(10_000);
    hide_and_ask(&on);
    let said = on.said();
    assert!(
        said.contains("Finish") && !said.contains("sent") && !said.contains("throw it away"),
        "{said}"
    );
    assert!(on.touch("Finish"));
    assert!(matches!(on.page(), Page::Start));
}
