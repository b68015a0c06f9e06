//! The slip as a printer will take it: 384 dots wide, two colours, the words of SAFETY 25 and no others, digits that can
//! be read back from the dots, in every script that the fonts have.
//!
//! `HEARD_BLESS=1` draws the golden pictures anew: look at them before they are committed.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]

use std::path::{Path, PathBuf};
use std::process::Command;

use heard::kiosk::slip::{DOTS_PER_MM, Paper, draw, shape};
use heard::kiosk::ui::{
    Looks, Panel, Rehearsal, Shot, TextSize, Theme, look_alike_lines, sample_site, shoot, shoot_slip, slip_lines,
    slip_of,
};
use heard::mailbox::ReferenceCode;
use heard::render::{MARGIN_DOTS, ShapedLine, WIDTH_DOTS};
use heard::report::{SlipFacts, SlipLine, SlipSize, slip};

const GOLDENS: [(&str, &str, &str); 5] = [
    ("slip", "en", "slip-en.png"),
    ("slip", "long", "slip-long.png"),
    ("slip", "ur", "slip-ur.png"),
    ("slip", "bn", "slip-bn.png"),
    ("slip-look-alike", "en", "slip-look-alike.png"),
];

fn shot(page: &str, language: &str) -> Shot {
    Shot {
        page: page.into(),
        looks: Looks {
            panel: Panel::by_name("10.1").unwrap(),
            text: TextSize::Medium,
            theme: Theme::Standard,
        },
        language: language.into(),
    }
}

fn line(said: &str, size: SlipSize) -> SlipLine {
    SlipLine {
        said: said.into(),
        size,
        apart: false,
    }
}

/// Rows of dots; true is ink.
type Dots = Vec<Vec<bool>>;

fn dots_of_paper(paper: &Paper) -> Dots {
    let row = |y| (0..paper.width()).map(|x| paper.is_ink(x, y)).collect();
    (0..paper.height()).map(row).collect()
}

fn dots_of_line(line: &ShapedLine) -> Dots {
    let bytes = line.width_dots.div_ceil(8) as usize;
    let row = |row: &[u8]| {
        (0..line.width_dots as usize)
            .map(|x| row[x / 8] & (0x80 >> (x % 8)) != 0)
            .collect()
    };
    line.bits.chunks(bytes).map(row).collect()
}

/// Without the empty rows above and below.
fn trimmed(mut dots: Dots) -> Dots {
    while dots.last().is_some_and(|row| !row.contains(&true)) {
        dots.pop();
    }
    let empty = dots.iter().take_while(|row| !row.contains(&true)).count();
    dots.split_off(empty)
}

/// Digits of a size found in the dots, from the top, then from the left: with the row and the height of each.
fn digits(dots: &Dots, size: SlipSize) -> Vec<(usize, usize, char)> {
    let mut found = Vec::new();
    for digit in '0'..='9' {
        let shaped = shape(&[line(&digit.to_string(), size)], "en");
        let wanted = trimmed(dots_of_line(&shaped[0]));
        let (high, wide) = (wanted.len(), wanted[0].len());
        for top in 0..=dots.len().saturating_sub(high) {
            for left in 0..=dots[top].len().saturating_sub(wide) {
                let fits = (0..high).all(|y| dots[top + y][left..].starts_with(&wanted[y]));
                if fits {
                    found.push((top, left, high, digit));
                }
            }
        }
    }
    // Round digits reach a dot above and below the others: rows that near are one line.
    let mut tops: Vec<usize> = found.iter().map(|(top, ..)| *top).collect();
    tops.sort_unstable();
    let mut band = 0;
    let mut bands: Vec<(usize, usize)> = Vec::new();
    for top in tops {
        if bands.last().is_some_and(|(last, _)| top > last + 10) {
            band += 1;
        }
        bands.push((top, band));
    }
    found.sort_by_key(|(top, left, ..)| (bands.iter().find(|(at, _)| at == top).map(|(_, band)| *band), *left));
    found
        .into_iter()
        .map(|(top, _, high, digit)| (top, high, digit))
        .collect()
}

fn code_on(paper: &Paper) -> String {
    digits(&dots_of_paper(paper), SlipSize::Digits)
        .iter()
        .map(|(_, _, digit)| digit)
        .collect()
}

fn plain(lines: &[SlipLine]) -> Vec<String> {
    lines.iter().map(|line| line.said.replace('\u{a0}', " ")).collect()
}

fn sent() -> Rehearsal {
    shoot(&shot("sent", "en")).unwrap()
}

#[test]
fn it_says_what_safety_25_says_and_nothing_else() {
    let rehearsal = sent();
    let site = sample_site().unwrap();
    let view = rehearsal.view().unwrap();
    let lines = slip_lines(rehearsal.front(), &view).expect("the saved page shows a code");
    let said = plain(&lines);
    let heard::machine::Page::Saved(kept) = &view.page else {
        panic!("not saved")
    };
    let code = kept.code.as_ref().unwrap().grouped();
    let mut wanted = vec![
        site.landlord.clone(),
        "Reference".into(),
        code[..9].into(),
        code[10..].into(),
        "23 November 2026, 14:08".into(),
        "Bring this to any of our screens or ring 01632 960100.".into(),
    ];
    wanted.extend(site.office.hours.iter().map(|hours| hours.get("en").to_owned()));
    assert_eq!(said, wanted);
    assert!(
        lines[5].said.contains("01632\u{a0}960100"),
        "the number is held together"
    );

    let all = said.join("\n").to_lowercase();
    for word in [
        "report",
        "hate",
        "harass",
        "help",
        "police",
        "crime",
        "heard",
        "specialist",
        "safe",
        "victim",
        "abuse",
        "999",
    ] {
        assert!(!all.contains(word), "{word}");
    }
    // No helpline: of all numbers only the office's own, which is said to be one.
    let helplines = site
        .numbers
        .iter()
        .map(|number| &number.number)
        .chain([&site.promise.rota_telephone]);
    for number in helplines.filter(|number| **number != site.office.telephone) {
        assert!(!all.contains(&number.to_lowercase()), "{number}");
    }
}

#[test]
fn no_slip_without_a_code_on_the_screen() {
    for page in ["code-closed", "check", "start"] {
        let rehearsal = shoot(&shot(page, "en")).unwrap();
        let view = rehearsal.view().unwrap();
        assert!(slip_of(rehearsal.front(), &view).is_none(), "{page}");
    }
}

#[test]
fn the_digits_can_be_read_back_and_are_big() {
    for language in ["en", "long", "ur", "bn"] {
        let paper = shoot_slip(&shot("slip", language)).unwrap();
        assert!(
            ReferenceCode::parse(&code_on(&paper)).is_ok(),
            "{language}: {}",
            code_on(&paper)
        );
        for (_, high, digit) in digits(&dots_of_paper(&paper), SlipSize::Digits) {
            assert!(
                high as u32 >= 5 * DOTS_PER_MM,
                "{language}: {digit} is {high} dots high"
            );
        }
    }
    let rehearsal = sent();
    let paper = slip_of(rehearsal.front(), &rehearsal.view().unwrap()).unwrap();
    let lines = slip_lines(rehearsal.front(), &rehearsal.view().unwrap()).unwrap();
    let told = format!("{} {}", lines[2].said, lines[3].said);
    assert_eq!(ReferenceCode::parse(&code_on(&paper)), ReferenceCode::parse(&told));
}

#[test]
fn one_that_opens_nothing_looks_the_same() {
    let rehearsal = sent();
    let real = slip_lines(rehearsal.front(), &rehearsal.view().unwrap()).unwrap();
    for random in 0..8 {
        let other = look_alike_lines(rehearsal.front(), "en", [random * 31 + 1; 16]);
        let shape = |lines: &[SlipLine]| lines.iter().map(|line| (line.size, line.apart)).collect::<Vec<_>>();
        assert_eq!(shape(&real), shape(&other));
        let paper = draw(&other, "en");
        assert_eq!(paper.height(), draw(&real, "en").height());
        let code = code_on(&paper);
        assert_eq!(code.len(), 16, "all digits are there");
        assert!(ReferenceCode::parse(&code).is_err(), "{code}");
        let differs = plain(&real)
            .iter()
            .zip(plain(&other))
            .filter(|(a, b)| **a != *b)
            .count();
        assert_eq!(differs, 2, "only the digits differ");
    }
}

#[test]
fn nothing_is_wider_than_the_paper_and_no_dot_is_lost() {
    let room = WIDTH_DOTS - 2 * MARGIN_DOTS;
    let facts = SlipFacts {
        landlord: "Wohnungsbaugenossenschaftsverwaltungsgesellschaft".repeat(2),
        reference: "ریفرنس ".repeat(9),
        come_back: "আমাদের যেকোনো পর্দায় এটি আনুন ".repeat(6),
        hours: vec!["MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM".into(), "Friday: 9 to 4".into()],
        time: "22\u{a0}November\u{a0}2026,\u{a0}14:10\u{a0}and\u{a0}some\u{a0}more".into(),
    };
    let code = ReferenceCode::from_random([0x77; 16]);
    for language in ["en", "ur", "bn"] {
        let lines = slip(&facts, &code);
        let shaped = shape(&lines, language);
        assert!(shaped.len() > lines.len() + 10, "long lines go on below");
        for line in &shaped {
            assert!(line.width_dots <= room, "{language}: {line:?}");
            assert_eq!(line.at_right, language == "ur");
        }
        let paper = draw(&lines, language);
        let ink = |dots: &Dots| dots.iter().flatten().filter(|dot| **dot).count();
        let of_lines: usize = shaped.iter().map(|line| ink(&dots_of_line(line))).sum();
        let dots = dots_of_paper(&paper);
        assert_eq!(ink(&dots), of_lines, "{language}");
        for row in &dots {
            let edges = row
                .iter()
                .take(MARGIN_DOTS as usize)
                .chain(row.iter().rev().take(MARGIN_DOTS as usize));
            assert!(!edges.copied().any(|dot| dot), "{language}: ink in the margin");
        }
    }
}

#[test]
fn a_telephone_number_keeps_its_order_in_a_line_from_the_right() {
    for words in [
        "01632\u{a0}960100",
        "ہمیں بتائیں 01632\u{a0}960100",
        "یہاں 01632\u{a0}960100 ایک مثال ہے",
    ] {
        let shaped = shape(&[line(words, SlipSize::Words)], "ur");
        let read = |line: &ShapedLine| -> String {
            digits(&dots_of_line(line), SlipSize::Words)
                .iter()
                .map(|(_, _, digit)| digit)
                .collect()
        };
        let read: Vec<String> = shaped.iter().map(read).filter(|read| !read.is_empty()).collect();
        assert_eq!(read, ["01632960100"], "{words}");
    }
    // With a gap that breaks it would be turned round: that is why the slip's number has none.
    let turned = shape(&[line("یہاں 01632 960100", SlipSize::Words)], "ur");
    let read: String = digits(&dots_of_line(&turned[0]), SlipSize::Words)
        .iter()
        .map(|(_, _, digit)| digit)
        .collect();
    assert_eq!(read, "96010001632");
}

#[test]
fn letters_of_every_script_are_joined_and_none_is_a_box() {
    // A letter that no font has is drawn as the same box whatever it is.
    let boxes = shape(&[line("\u{13000}", SlipSize::Words)], "en");
    let other = shape(&[line("\u{1F600}", SlipSize::Words)], "en");
    assert!(boxes == other, "two letters without a font look alike");
    for (language, word) in [("ur", "مثال"), ("bn", "আমাদের"), ("en", "Reference")] {
        let shaped = shape(&[line(word, SlipSize::Words)], language);
        let apart: usize = word
            .chars()
            .map(|letter| shape(&[line(&letter.to_string(), SlipSize::Words)], language)[0].width_dots as usize)
            .sum();
        let together = shaped[0].width_dots as usize;
        assert!(shaped != boxes && together > 20, "{language}");
        // Joined letters take less room than lone ones; Latin ones take about the same.
        assert!(language == "en" || together < apart, "{language}: {together} {apart}");
    }
}

#[test]
fn it_is_drawn_as_it_was_looked_at() {
    for (page, language, golden) in GOLDENS {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(golden);
        let paper = shoot_slip(&shot(page, language)).unwrap();
        if std::env::var_os("HEARD_BLESS").is_some_and(|value| value == "1") {
            std::fs::write(&path, paper.png().unwrap()).unwrap();
        }
        let (width, height, rows) = read_png(&path);
        assert_eq!(
            (width, height),
            (paper.width(), paper.height()),
            "{golden}: another size"
        );
        let differs = rows.iter().zip(paper.rows()).filter(|(a, b)| a != b).count();
        assert_eq!(
            differs, 0,
            "{golden}: {differs} bytes differ; HEARD_BLESS=1 draws it anew, then look at it"
        );
    }
}

#[test]
fn shot_writes_it_in_two_colours() {
    let folder = tempfile::tempdir().unwrap();
    let out: PathBuf = folder.path().join("slip.png");
    for page in ["slip", "slip-look-alike"] {
        let done = Command::new(env!("CARGO_BIN_EXE_heard-kiosk"))
            .args(["shot", "--page", page, "--out"])
            .arg(&out)
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let (width, height, rows) = read_png(&out);
        assert_eq!(width, 384);
        let paper = shoot_slip(&shot(page, "en")).unwrap();
        assert!(
            height == paper.height() && rows == paper.rows(),
            "the same as is drawn for a printer"
        );
    }
}

/// Width, height and rows with ink as 1; fails for anything but one bit a dot.
fn read_png(path: &Path) -> (u32, u32, Vec<u8>) {
    let bytes = std::fs::read(path).unwrap_or_else(|_| panic!("{}: HEARD_BLESS=1 draws it", path.display()));
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::IDENTITY);
    let mut reader = decoder.read_info().unwrap();
    let mut light = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut light).unwrap();
    assert_eq!(
        (info.color_type, info.bit_depth),
        (png::ColorType::Grayscale, png::BitDepth::One)
    );
    (info.width, info.height, light.iter().map(|byte| !byte).collect())
}
