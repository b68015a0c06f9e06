//! Contrast of every word that is drawn, on every page in all four themes, read from the laid-out tree (DESIGN 7).
//!
//! Edges and the focus ring are measured beside the colours themselves, in `kiosk/ui/colours.rs`.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]

use heard::kiosk::ui::{Looks, Panel, SHOTS, Shot, TextSize, Theme, shoot};

fn luminance(colour: [u8; 3]) -> f64 {
    let part = |value: u8| {
        let value = f64::from(value) / 255.0;
        if value <= 0.040_45 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * part(colour[0]) + 0.7152 * part(colour[1]) + 0.0722 * part(colour[2])
}

fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn every_word_keeps_its_contrast_in_every_theme() {
    let mut found = Vec::new();
    for page in SHOTS {
        let shot = Shot {
            page: page.into(),
            looks: Looks {
                panel: Panel::by_name("10.1").unwrap(),
                text: TextSize::Medium,
                theme: Theme::Standard,
            },
            language: "en".into(),
        };
        let rehearsal = shoot(&shot).unwrap_or_else(|why| panic!("{page}: {why}"));
        for theme in Theme::ALL {
            rehearsal.front().look(|looks| looks.theme = theme);
            let (least, most) = match theme {
                Theme::Standard => (10.0, 21.1),
                Theme::BlackOnWhite | Theme::WhiteOnBlack => (20.0, 21.1),
                Theme::Soft => (4.6, 8.01),
            };
            let words = rehearsal.window().drawn_words();
            assert!(words.len() > 2, "{page} is empty");
            for drawn in words {
                let ratio = contrast(drawn.ink, drawn.paper);
                if !(least..=most).contains(&ratio) {
                    let name = theme.name();
                    found.push(format!("{page} in {name}: {:?} has {ratio:.2}", drawn.words));
                }
            }
        }
    }
    assert!(found.is_empty(), "{} faults:\n{}", found.len(), found.join("\n"));
}
