//! What the signed bundle says of a site, at the machine's public door: how long Hide holds, whether the 24 hours are
//! promised, and a newer form from the next visit on (SAFETY 2, 10).
#![allow(clippy::unwrap_used, reason = "a test that fails here should stop here")]

#[path = "support/machine_bench.rs"]
#[allow(dead_code, reason = "each test takes what it needs")]
mod machine_bench;

use std::sync::Arc;

use heard::form::FormDefinition;
use heard::machine::{Input, Overlay, Page, Press, SiteRules, StopChoice, Tile};
use machine_bench::Bench;

const SHORT: &str = r#"
form = "report"
version = 2
languages = ["en"]
title = { en = "Short" }
[[section]]
id = "core"
title = { en = "Core" }
[[question]]
id = "anything"
code = 1
section = "core"
kind = "yes-no-not-sure"
ask = { en = "Anything?" }
"#;

fn newer(rules: SiteRules) -> Input {
    let form = Arc::new(FormDefinition::parse("short.toml", SHORT.as_bytes()).unwrap());
    Input::NewBundle { form, rules }
}

#[test]
fn a_newer_bundle_waits_until_nobody_is_in_the_middle_of_anything() {
    let mut bench = Bench::new();
    bench.walk_to_check();
    let rules = SiteRules {
        bundle_sequence: 2,
        hidden_ms: 300_000,
        hours_promised: false,
    };
    bench.handle(newer(rules));
    assert!(
        matches!(bench.view.page, Page::Check(_)),
        "the visit goes on with its own form"
    );
    bench.press(Press::Send);
    let Page::Saved(saved) = &bench.view.page else {
        panic!("{:?}", bench.view)
    };
    assert!(
        saved.promised && bench.view.bundle_sequence == 1,
        "and under its own rules"
    );
    bench.presses([Press::CodeKept, Press::Done]);
    bench.press(Press::Tile(Tile::TellUs));
    let Page::Question(page) = &bench.view.page else {
        panic!("{:?}", bench.view)
    };
    assert_eq!(
        (page.question, page.places),
        (0, 1),
        "the next one is asked the newer form"
    );
    assert_eq!(
        bench.view.bundle_sequence, 2,
        "a front must not draw it with the older words"
    );
    bench.press(Press::Hide);
    bench.wait(299_999);
    assert_eq!(
        bench.view.overlay,
        Some(Overlay::Hidden),
        "Hide holds as long as the bundle says"
    );
    bench.wait(1);
    assert_eq!(bench.view.page, Page::Start);
    bench.presses([Press::Tile(Tile::TellUs), Press::Next, Press::Send]);
    let Page::Saved(saved) = &bench.view.page else {
        panic!("{:?}", bench.view)
    };
    assert!(!saved.promised, "no rota for weekends, no 24 hours");
}

#[test]
fn stop_on_the_saved_page_asks_before_the_code_is_gone() {
    let mut bench = Bench::new();
    bench.walk_to_check();
    bench.presses([Press::Send, Press::Stop]);
    assert!(matches!(
        bench.view.overlay,
        Some(Overlay::Stop { can_send: false, .. })
    ));
    bench.press(Press::StopAnswer(StopChoice::CarryOn));
    assert!(matches!(&bench.view.page, Page::Saved(saved) if saved.code.is_some()));
    bench.presses([Press::Stop, Press::StopAnswer(StopChoice::ThrowAway)]);
    assert_eq!(bench.view.page, Page::Start);
}
