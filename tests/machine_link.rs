//! What the machine asks of a store that is in trouble: not in a loop, and nobody waits behind one that cannot be read.
//! And a way that is taken back from afar.
#![allow(clippy::unwrap_used, reason = "a test that fails here should stop here")]

#[path = "support/machine_bench.rs"]
#[allow(dead_code, reason = "each test takes what it needs")]
mod machine_bench;

use heard::id::EnvelopeId;
use heard::machine::{Delivery, Input, LinkFault, Output, Page, Press, Tile};
use machine_bench::{Bench, Does, answer};

fn id(number: u8) -> EnvelopeId {
    EnvelopeId([number; 32])
}

#[test]
fn a_store_that_cannot_list_is_asked_once_a_minute() {
    let mut bench = Bench::new();
    bench.link = Does::Stalls;
    let mut asked = 0;
    // The bench answers from its own queue; here the store counts five and can name none.
    for _ in 0..1_000 {
        let (window, queued) = (Vec::new(), 5);
        bench.kiosk_only(Input::Outbox { window, queued });
        while let Some(output) = bench.kiosk.poll_output() {
            asked += usize::from(matches!(output, Output::LoadOutbox));
        }
    }
    assert_eq!(asked, 0, "not before a minute is over");
    bench.now += 60_000;
    bench.kiosk_only(Input::Tick);
    let again = std::iter::from_fn(|| bench.kiosk.poll_output());
    assert_eq!(again.filter(|output| matches!(output, Output::LoadOutbox)).count(), 1);
}

#[test]
fn one_that_cannot_be_read_holds_nobody_up() {
    let mut bench = Bench::new();
    bench.link = Does::Stalls;
    bench.kiosk_only(Input::Outbox {
        window: vec![id(1), id(2)],
        queued: 2,
    });
    bench.drain();
    assert!(matches!(bench.held.pop_front(), Some(Output::Deliver(first)) if first == id(1)));
    bench.handle(Input::Delivered {
        envelope: Some(id(1)),
        delivery: Delivery::Fault(LinkFault::StoreUnreadable),
    });
    assert!(
        matches!(bench.held.pop_front(), Some(Output::Deliver(next)) if next == id(2)),
        "at once"
    );
    bench.queue.push(id(1));
    bench.handle(answer(Some(id(2)), Does::Works));
    bench.wait(59_000);
    assert!(bench.held.is_empty());
    bench.wait(1_000);
    assert!(
        matches!(bench.held.pop_front(), Some(Output::Deliver(again)) if again == id(1)),
        "asked again"
    );
}

#[test]
fn continue_of_a_page_takes_back_what_its_way_answered() {
    let mut bench = Bench::new();
    bench.press(Press::Tile(Tile::TellUs));
    bench.press(Press::Way(bench.at("before-you-start"), 0));
    bench.choose("reach-you", "code-only");
    while matches!(bench.view.page, Page::Question(_)) {
        bench.press(Press::Next);
    }
    bench.press(Press::Section(0));
    assert_eq!(bench.question(), "before-you-start");
    bench.press(Press::Next);
    assert_eq!(bench.question(), "danger-now", "the ordinary walk");
}
