//! The widgets as they are drawn: choices, story with keyboard, hub and saved page, on a small and a large panel, in the
//! smallest and the largest text, in English, words a third longer, Urdu in Nastaliq and Bengali.
//!
//! `HEARD_BLESS=1 cargo test --test screens_goldens` draws them anew: look at them before they are committed. What does not
//! agree is written to `target/tmp`, with the place of the first difference. The pictures are half as wide and high as the
//! panel and have sixteen colours, so that the files stay small; a few stray pixels are allowed. A letter that moves by a
//! pixel of the panel, or a thin line that is another grey, may pass; a field that lost its fill does not.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]

use std::path::{Path, PathBuf};

use heard::kiosk::ui::{Looks, Panel, Shot, TextSize, Theme, shoot};

/// Page, panel, text size and language, as they are named everywhere.
const GOLDENS: [&str; 72] = [
    "many-choices-10.1-small-en.png",
    "many-choices-10.1-small-long.png",
    "many-choices-10.1-small-ur.png",
    "many-choices-10.1-small-bn.png",
    "many-choices-10.1-largest-en.png",
    "many-choices-10.1-largest-long.png",
    "many-choices-10.1-largest-ur.png",
    "many-choices-10.1-largest-bn.png",
    "many-choices-15.6-small-en.png",
    "many-choices-15.6-small-long.png",
    "many-choices-15.6-small-ur.png",
    "many-choices-15.6-small-bn.png",
    "many-choices-15.6-largest-en.png",
    "many-choices-15.6-largest-long.png",
    "many-choices-15.6-largest-ur.png",
    "many-choices-15.6-largest-bn.png",
    "story-10.1-small-en.png",
    "story-10.1-small-long.png",
    "story-10.1-small-ur.png",
    "story-10.1-small-bn.png",
    "story-10.1-largest-en.png",
    "story-10.1-largest-long.png",
    "story-10.1-largest-ur.png",
    "story-10.1-largest-bn.png",
    "story-15.6-small-en.png",
    "story-15.6-small-long.png",
    "story-15.6-small-ur.png",
    "story-15.6-small-bn.png",
    "story-15.6-largest-en.png",
    "story-15.6-largest-long.png",
    "story-15.6-largest-ur.png",
    "story-15.6-largest-bn.png",
    "check-10.1-small-en.png",
    "check-10.1-small-long.png",
    "check-10.1-small-ur.png",
    "check-10.1-small-bn.png",
    "check-10.1-largest-en.png",
    "check-10.1-largest-long.png",
    "check-10.1-largest-ur.png",
    "check-10.1-largest-bn.png",
    "check-15.6-small-en.png",
    "check-15.6-small-long.png",
    "check-15.6-small-ur.png",
    "check-15.6-small-bn.png",
    "check-15.6-largest-en.png",
    "check-15.6-largest-long.png",
    "check-15.6-largest-ur.png",
    "check-15.6-largest-bn.png",
    "sent-10.1-small-en.png",
    "sent-10.1-small-long.png",
    "sent-10.1-small-ur.png",
    "sent-10.1-small-bn.png",
    "sent-10.1-largest-en.png",
    "sent-10.1-largest-long.png",
    "sent-10.1-largest-ur.png",
    "sent-10.1-largest-bn.png",
    "sent-15.6-small-en.png",
    "sent-15.6-small-long.png",
    "sent-15.6-small-ur.png",
    "sent-15.6-small-bn.png",
    "sent-15.6-largest-en.png",
    "sent-15.6-largest-long.png",
    "sent-15.6-largest-ur.png",
    "sent-15.6-largest-bn.png",
    "code-10.1-small-en.png",
    "code-10.1-small-long.png",
    "code-10.1-small-ur.png",
    "code-10.1-small-bn.png",
    "code-10.1-largest-en.png",
    "code-10.1-largest-long.png",
    "code-10.1-largest-ur.png",
    "code-10.1-largest-bn.png",
];

/// The tokens of the standard theme, and what lies between ink, go and paper at the edges of letters.
const PALETTE: [[u8; 3]; 16] = [
    [0xFA, 0xF7, 0xF2],
    [0xFF, 0xFF, 0xFF],
    [0x1D, 0x1B, 0x1A],
    [0x3A, 0x36, 0x33],
    [0x6F, 0x6A, 0x64],
    [0x00, 0x3F, 0x3A],
    [0xE6, 0xF4, 0xF0],
    [0x6B, 0x0F, 0x1A],
    [0xC2, 0x6A, 0x00],
    [0x8C, 0x88, 0x84],
    [0xAA, 0xA6, 0xA2],
    [0xC4, 0xC1, 0xBC],
    [0xE0, 0xDD, 0xD8],
    [0x40, 0x6F, 0x6B],
    [0x80, 0x9F, 0x9D],
    [0xC0, 0xD0, 0xCE],
];
/// A pixel differs when a part of its colour is farther off than this. What is chosen is filled with E6F4F0 on FFFFFF: that
/// is 25, and must be seen; a choice in paper's colour on FFFFFF is 13 away.
const FAR: u8 = 19;
/// So many may differ: rounding at the edges of letters, on another processor.
const STRAY_MOST: usize = 40;

struct Picture {
    width: u32,
    height: u32,
    /// One for each pixel, row by row: its place in the palette.
    colours: Vec<u8>,
}

fn nearest(pixel: [u8; 3]) -> u8 {
    let distance = |colour: &[u8; 3]| -> i32 {
        let parts = colour.iter().zip(pixel);
        parts
            .map(|(one, other)| (i32::from(*one) - i32::from(other)).pow(2))
            .sum()
    };
    let best = (0_u8..).zip(&PALETTE).min_by_key(|(_, colour)| distance(colour));
    best.map_or(0, |(at, _)| at)
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/screens")
}

fn draw(name: &str) -> Picture {
    let mut parts = name.trim_end_matches(".png").rsplitn(4, '-');
    let mut part = || parts.next().unwrap();
    let (language, text, panel, page) = (part(), part(), part(), part());
    let panel = Panel::by_name(panel).unwrap();
    let text = TextSize::ALL.into_iter().find(|size| size.name() == text).unwrap();
    let shot = Shot {
        page: page.into(),
        looks: Looks {
            panel,
            text,
            theme: Theme::Standard,
        },
        language: language.into(),
    };
    let rehearsal = shoot(&shot).unwrap_or_else(|why| panic!("{name}: {why}"));
    let pixels = rehearsal.window().draw();
    let wide = panel.width as usize;
    let mut colours = Vec::with_capacity(pixels.len() / 12);
    let mut last = ([0; 3], nearest([0; 3]));
    // Four pixels become one.
    for rows in pixels.chunks_exact(wide * 6) {
        let (upper, lower) = rows.split_at(wide * 3);
        for (upper, lower) in upper.chunks_exact(6).zip(lower.chunks_exact(6)) {
            let part = |at: usize| {
                let sum = [upper[at], upper[at + 3], lower[at], lower[at + 3]].map(u32::from);
                (sum.iter().sum::<u32>() / 4) as u8
            };
            let pixel = [part(0), part(1), part(2)];
            if pixel != last.0 {
                last = (pixel, nearest(pixel));
            }
            colours.push(last.1);
        }
    }
    Picture {
        width: panel.width / 2,
        height: panel.height / 2,
        colours,
    }
}

fn write(path: &Path, picture: &Picture) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let file = std::fs::File::create(path).unwrap();
    let mut encoder = png::Encoder::new(std::io::BufWriter::new(file), picture.width, picture.height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Four);
    encoder.set_palette(PALETTE.concat());
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::NoFilter);
    let two_a_byte: Vec<u8> = picture.colours.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect();
    encoder.write_header().unwrap().write_image_data(&two_a_byte).unwrap();
}

fn read(path: &Path) -> Option<Picture> {
    let file = std::fs::File::open(path).ok()?;
    let mut reader = png::Decoder::new(std::io::BufReader::new(file)).read_info().ok()?;
    let mut bytes = vec![0; reader.output_buffer_size()?];
    let info = reader.next_frame(&mut bytes).ok()?;
    let colours = bytes.iter().flat_map(|pair| [pair >> 4, pair & 15]).collect();
    Some(Picture {
        width: info.width,
        height: info.height,
        colours,
    })
}

/// What differs, or nothing.
fn difference(golden: &Picture, new: &Picture) -> Option<String> {
    if (golden.width, golden.height) != (new.width, new.height) {
        return Some("has another size".into());
    }
    let far = |one: u8, other: u8| {
        let mut parts = PALETTE[usize::from(one)].iter().zip(PALETTE[usize::from(other)]);
        parts.any(|(one, other)| one.abs_diff(other) > FAR)
    };
    let pairs = golden.colours.iter().zip(&new.colours).enumerate();
    let differs: Vec<usize> = pairs
        .filter(|(_, (one, other))| far(**one, **other))
        .map(|(at, _)| at)
        .collect();
    let (first, wide) = (*differs.first()?, golden.width as usize);
    let count = differs.len();
    (count > STRAY_MOST).then(|| {
        format!(
            "differs in {count} pixels, the first at {}, {}",
            first % wide,
            first / wide
        )
    })
}

fn compare(panel: &str) {
    let bless = std::env::var_os("HEARD_BLESS").is_some_and(|value| value == "1");
    let mut found = Vec::new();
    for name in GOLDENS.iter().filter(|name| name.contains(panel)) {
        let new = draw(name);
        let path = folder().join(name);
        if bless {
            write(&path, &new);
            continue;
        }
        let difference = match read(&path) {
            Some(golden) => difference(&golden, &new),
            None => Some("is not there".into()),
        };
        if let Some(difference) = difference {
            let beside = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
            write(&beside, &new);
            found.push(format!("{name} {difference}; what is drawn now: {}", beside.display()));
        }
    }
    assert!(
        found.is_empty(),
        "{} pictures differ; when they are better: HEARD_BLESS=1 cargo test --test screens_goldens\n{}",
        found.len(),
        found.join("\n")
    );
}

#[test]
fn widgets_look_as_they_were_agreed_on_a_small_panel() {
    compare("-10.1-");
}

#[test]
fn widgets_look_as_they_were_agreed_on_a_large_panel() {
    compare("-15.6-");
}

#[test]
fn a_difference_is_found() {
    let plain = |colour: u8| Picture {
        width: 20,
        height: 10,
        colours: vec![colour; 200],
    };
    assert_eq!(difference(&plain(0), &plain(0)), None);
    // Paper and surface are nearly the same.
    assert_eq!(difference(&plain(0), &plain(1)), None);
    assert!(difference(&plain(0), &plain(2)).is_some());
    // A choice that lost its fill, or has it and should not.
    assert!(difference(&plain(6), &plain(1)).is_some());
    assert!(difference(&plain(1), &plain(6)).is_some());
    let mut stray = plain(0);
    stray.colours[..STRAY_MOST].fill(2);
    assert_eq!(difference(&plain(0), &stray), None);
    stray.colours[STRAY_MOST] = 2;
    assert_eq!(
        difference(&plain(0), &stray).unwrap(),
        "differs in 41 pixels, the first at 0, 0"
    );
}
