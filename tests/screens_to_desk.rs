//! From a finger on the screen to the caseworker: the whole form in a window in memory, over the real kiosk, store, seal,
//! link and intake, and the desk reads what was typed.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]

#[path = "support/live_front.rs"]
mod live_front;

use heard::demo::World;
use heard::desk::{FormShelf, case_json, case_text, now, open_case};
use heard::id::CaseId;
use heard::machine::{Page, SavedWords};
use heard::seal::Identity;
use heard::wire::Cost;
use live_front::LiveFront;
use serde_json::Value;

/// Small and capital letters, digits, signs, an accent and a new line.
const STORY: &str = "They shouted at us.\nFlat 12b, Zoë.";
const STORY_ASKS: &str = "What happened?";

/// Types on the board, turning to the keys that each letter needs.
fn type_on_the_board(at: &mut LiveFront, words: &str) {
    for letter in words.chars() {
        let key = match letter {
            ' ' => "space".to_owned(),
            '\n' => "New line".to_owned(),
            other => other.to_string(),
        };
        for turn in ["abc", "Capitals", "123", "é à ñ"] {
            // The layer that has the key, from whichever is shown.
            let is_shown = at.shows(&key);
            if !is_shown && at.shows(turn) {
                assert!(at.touch(turn));
            }
        }
        assert!(at.touch(&key), "no key {key:?}");
    }
    assert!(at.words() == words, "the field holds something else");
}

fn opened_at(world: &World, teams: [(&ed25519_dalek::SigningKey, &Identity); 2]) -> (Value, String) {
    for (key, team) in teams {
        let client = world.desk(key).unwrap();
        let Some(row) = client.cases().unwrap().cases.into_iter().next() else {
            continue;
        };
        let handed = client.hand_over(CaseId::parse(&row.case).unwrap()).unwrap();
        let opened = open_case(&handed, std::slice::from_ref(team), &FormShelf::builtin()).unwrap();
        opened.tell_opened(&client).unwrap();
        let json = serde_json::from_str(&case_json(&opened)).unwrap();
        return (json, case_text(&opened, now()));
    }
    panic!("no case reached the desk");
}

#[test]
fn the_desk_reads_what_a_finger_typed() {
    let world = World::start(None, Cost::LEAST).unwrap();
    let config = world.enrol_kiosk("kiosk").unwrap();
    let mut at = LiveFront::start(&config, Some(&world.address), "15.6");
    let mut chosen = at.walk_to(STORY_ASKS);
    type_on_the_board(&mut at, STORY);
    assert!(at.touch("Continue"));
    chosen.extend(at.walk_to_check());
    assert!(at.touch("Send now"));
    at.until(|at| matches!(at.page(), Page::Saved(saved) if saved.words == SavedWords::Sent));
    assert!(at.shows("Thank you. It has reached our team."));
    let (read, text) = opened_at(
        &world,
        [(&world.sam, &world.hate_team), (&world.ines, &world.conduct_team)],
    );
    at.stop();

    let answers = read["answers"].as_object().unwrap();
    let typed: Vec<&str> = answers
        .values()
        .filter_map(Value::as_str)
        .filter(|value| *value == STORY)
        .collect();
    assert!(typed == [STORY], "the desk does not read what was typed");
    assert!(chosen.len() >= 4, "too few questions were answered: {chosen:?}");
    for label in chosen {
        assert!(text.contains(&label), "the desk does not read {label:?}");
    }
}
