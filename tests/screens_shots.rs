//! Every page is drawn without a display, in every text size, on every panel: no walk ends elsewhere.
//!
//! With `HEARD_SHOTS=folder` the pictures are written there, to be looked at.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]

use heard::kiosk::ui::{Looks, Panel, SHOTS, Shot, TextSize, Theme, png, shoot};

fn shot(page: &str, panel: &str, text: TextSize, language: &str) -> Vec<u8> {
    let shot = Shot {
        page: page.into(),
        looks: Looks {
            panel: Panel::by_name(panel).unwrap(),
            text,
            theme: Theme::Standard,
        },
        language: language.into(),
    };
    let rehearsal = shoot(&shot).unwrap_or_else(|why| panic!("{page}: {why}"));
    png(&rehearsal).unwrap()
}

#[test]
fn every_page_can_be_drawn() {
    let folder = std::env::var_os("HEARD_SHOTS");
    let panels = std::env::var("HEARD_PANELS").unwrap_or_else(|_| "15.6".into());
    let texts = std::env::var("HEARD_TEXTS").unwrap_or_else(|_| "medium".into());
    let languages = std::env::var("HEARD_LANGUAGES").unwrap_or_else(|_| "en".into());
    for panel in panels.split(',') {
        for text in TextSize::ALL
            .into_iter()
            .filter(|text| texts.split(',').any(|name| name == text.name()))
        {
            for language in languages.split(',') {
                for page in SHOTS {
                    let bytes = shot(page, panel, text, language);
                    assert!(bytes.len() > 5_000, "{page} is blank");
                    if let Some(folder) = &folder {
                        let name = format!("{page}-{panel}-{}-{language}.png", text.name());
                        std::fs::write(std::path::Path::new(folder).join(name), bytes).unwrap();
                    }
                }
            }
        }
    }
}
