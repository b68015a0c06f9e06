//! The keys of the on-screen keyboard: letters, capitals, digits and signs, accents, and a pad of digits.
//!
//! Called by `write`. A face is a table of labels; what a key does follows from its place in it. Where keys with large
//! letters would not all fit beside one another, the board has two pages: the upper rows and the lowest, or two halves.

use heard_ui::KeyRow;

use super::sizes::{Ruler, TextSize};

/// Which letters are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Face {
    #[default]
    Letters,
    Capitals,
    Signs,
    Accents,
    /// For a telephone number: digits and a plus.
    Pad,
    /// For a code or a time: digits alone.
    Digits,
}

impl Face {
    /// No letters on it.
    pub(super) const fn is_pad(self) -> bool {
        matches!(self, Self::Pad | Self::Digits)
    }
}

/// Which keys are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Layer {
    pub(super) face: Face,
    /// The second page of a board that has two.
    pub(super) second: bool,
}

impl From<Face> for Layer {
    fn from(face: Face) -> Self {
        Self { face, second: false }
    }
}

/// How the board is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paging {
    Whole,
    /// Whole, on a panel that has no height for a fourth row of digits.
    Low,
    /// Two rows at a time, on a panel that has no height to spare.
    Rows,
    /// The left and the right half, on a panel that is narrow.
    Halves,
}

impl Paging {
    /// In the two larger sizes, where a whole board would have keys below 15 mm; in every size where lines are so high that
    /// what is asked would find no room above a third row.
    pub(super) fn of(ruler: &Ruler) -> Self {
        let (panel, text) = (&ruler.panel, ruler.text);
        if panel.is_short() && ruler.has_high_lines() {
            return Self::Rows;
        }
        // Margins, and gaps between the keys.
        let wide = (panel.width as f32 / panel.px_per_mm - 12.0) / COLUMNS - 3.2;
        let whole = text < TextSize::Large || wide >= 15.0;
        match (whole, panel.is_short()) {
            (true, false) => Self::Whole,
            (true, true) => Self::Low,
            (false, true) => Self::Rows,
            (false, false) => Self::Halves,
        }
    }
}

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Type(char),
    Delete,
    NewLine,
    Capitals,
    Signs,
    /// The other page of the board.
    Other,
}

const LETTERS: [&str; 3] = ["qwertyuiop", "asdfghjkl'", "zxcvbnm,."];
const CAPITALS: [&str; 3] = ["QWERTYUIOP", "ASDFGHJKL'", "ZXCVBNM?!"];
const SIGNS: [&str; 3] = ["1234567890", "-/:;()£&@\"", "+#%*=_.,?"];
const ACCENTS: [&str; 3] = ["áàâäãåąæçć", "éèêëęíìîïł", "ñóôöőúüżź"];
const PAD: [&str; 3] = ["123", "456", "789"];
/// The pad in two rows, as digits stand on the board.
const LONG_PAD: [&str; 2] = ["12345", "67890"];
/// Beside the lowest letters, where these have a page of their own.
const BESIDE_LOWEST: &str = "-()/:;&£";

const COLUMNS: f32 = 11.5;

/// Keys with their places.
pub(super) struct Board {
    pub(super) keys: Vec<(KeyRow, Act)>,
    pub(super) columns: f32,
    pub(super) rows: i32,
}

impl Board {
    /// The keys of a layer. `lines`: a new line can be typed. `names`: what delete, new line and capitals are called, and
    /// the other page.
    pub(super) fn new(layer: Layer, paging: Paging, lines: bool, names: &[String]) -> Self {
        let name = |at: usize| names.get(at).cloned().unwrap_or_default();
        let parts = Parts {
            layer,
            table: match layer.face {
                Face::Letters => LETTERS,
                Face::Capitals => CAPITALS,
                Face::Signs => SIGNS,
                Face::Accents => ACCENTS,
                Face::Pad | Face::Digits => PAD,
            },
            delete: name(0),
            line: if lines {
                (name(1), Act::NewLine)
            } else {
                ("@".into(), Act::Type('@'))
            },
            capitals: name(2),
            other: name(4),
        };
        match (layer.face, paging) {
            (Face::Pad | Face::Digits, Paging::Rows) => parts.long_pad(),
            (Face::Pad | Face::Digits, Paging::Low) => parts.low_pad(),
            (Face::Pad | Face::Digits, _) => parts.pad(),
            (_, Paging::Whole | Paging::Low) => parts.whole(),
            (_, Paging::Rows) => parts.rows(),
            (_, Paging::Halves) => parts.halves(),
        }
    }

    fn of(columns: f32, rows: i32) -> Self {
        let keys = Vec::new();
        Self { keys, columns, rows }
    }

    fn add(&mut self, label: &str, called: &str, (column, row): (f32, i32), span: f32, act: Act) {
        let key = KeyRow {
            label: label.into(),
            name: called.into(),
            span,
            column,
            row,
            icon: match act {
                Act::Delete => 19,
                Act::NewLine => 20,
                _ => -1,
            },
            lit: false,
        };
        self.keys.push((key, act));
    }

    /// Letters beside one another.
    fn letters(&mut self, letters: impl Iterator<Item = char>, (column, row): (f32, i32)) {
        for (at, letter) in letters.enumerate() {
            let text = letter.to_string();
            self.add(&text, &text, (column + at as f32, row), 1.0, Act::Type(letter));
        }
    }

    fn light(&mut self, is_lit: bool) {
        if let Some((key, _)) = self.keys.last_mut() {
            key.lit = is_lit;
        }
    }
}

/// What every board is put together from. Both pages of a board have as many keys in the same order: the one that turns the
/// page keeps the focus.
struct Parts {
    layer: Layer,
    table: [&'static str; 3],
    delete: String,
    line: (String, Act),
    capitals: String,
    other: String,
}

impl Parts {
    fn whole(&self) -> Board {
        let mut board = Board::of(COLUMNS, 3);
        for (row, letters) in (0_i32..).zip(self.table) {
            board.letters(letters.chars(), (if row == 2 { 1.5 } else { 0.0 }, row));
        }
        self.delete(&mut board, (10.0, 0), 1.5);
        self.line(&mut board, (10.0, 1), 1.5);
        self.capitals(&mut board, (0.0, 2), 1.5);
        self.signs(&mut board, (10.5, 2), 1.0);
        board
    }

    fn rows(&self) -> Board {
        let mut board = Board::of(COLUMNS, 2);
        let [upper, middle, lowest] = self.table;
        if self.layer.second {
            board.letters(lowest.chars(), (0.0, 0));
            self.capitals(&mut board, (9.0, 0), 1.0);
            self.signs(&mut board, (0.0, 1), 1.0);
            self.line(&mut board, (1.0, 1), 1.0);
            board.letters(BESIDE_LOWEST.chars(), (2.0, 1));
        } else {
            board.letters(upper.chars(), (0.0, 0));
            board.letters(middle.chars(), (0.0, 1));
        }
        self.delete(&mut board, (10.0, 0), 1.5);
        let there = if self.layer.second { upper } else { lowest };
        self.other(&mut board, there, (10.0, 1), 1.5);
        board
    }

    fn halves(&self) -> Board {
        const HALF: usize = 5;
        const SIDE: f32 = 1.25;
        let mut board = Board::of(HALF as f32 + 2.0 * SIDE, 3);
        let (from, to) = if self.layer.second { (HALF, 0) } else { (0, HALF) };
        // The last row of a table has room for one more.
        let one_more = match self.layer.face {
            Face::Capitals => ':',
            Face::Signs => '!',
            Face::Accents => 'ø',
            _ => '?',
        };
        for (row, letters) in (0_i32..).zip(self.table) {
            let letters = letters.chars().chain([one_more]);
            board.letters(letters.skip(from).take(HALF), (SIDE, row));
        }
        let there: String = self.table[0].chars().skip(to).collect();
        self.signs(&mut board, (0.0, 0), SIDE);
        self.capitals(&mut board, (0.0, 1), SIDE);
        self.other(&mut board, &there, (0.0, 2), SIDE);
        let right = SIDE + HALF as f32;
        self.delete(&mut board, (right, 0), SIDE);
        self.line(&mut board, (right, 1), SIDE);
        let (sign, text) = if self.layer.second { ('-', "-") } else { ('.', ".") };
        board.add(text, text, (right, 2), SIDE, Act::Type(sign));
        board
    }

    /// As on a telephone, in the middle.
    fn pad(&self) -> Board {
        const SIDE: f32 = 1.5;
        let mut board = Board::of(3.0 + 2.0 * SIDE, 4);
        for (row, digits) in (0_i32..).zip(PAD) {
            board.letters(digits.chars(), (SIDE, row));
        }
        self.plus(&mut board, (SIDE, 3));
        board.letters("0".chars(), (SIDE + 1.0, 3));
        self.delete(&mut board, (SIDE + 2.0, 3), 1.0);
        board
    }

    fn low_pad(&self) -> Board {
        let mut board = Board::of(4.0, 3);
        for (row, digits) in (0_i32..).zip(PAD) {
            board.letters(digits.chars(), (0.0, row));
        }
        self.delete(&mut board, (3.0, 0), 1.0);
        self.plus(&mut board, (3.0, 1));
        board.letters("0".chars(), (3.0, 2));
        board
    }

    fn long_pad(&self) -> Board {
        let mut board = Board::of(6.0, 2);
        for (row, digits) in (0_i32..).zip(LONG_PAD) {
            board.letters(digits.chars(), (0.0, row));
        }
        self.delete(&mut board, (5.0, 0), 1.0);
        self.plus(&mut board, (5.0, 1));
        board
    }

    fn plus(&self, board: &mut Board, place: (f32, i32)) {
        if self.layer.face == Face::Pad {
            board.letters("+".chars(), place);
        }
    }

    fn delete(&self, board: &mut Board, place: (f32, i32), span: f32) {
        board.add(&self.delete, &self.delete, place, span, Act::Delete);
    }

    fn line(&self, board: &mut Board, place: (f32, i32), span: f32) {
        let (label, act) = &self.line;
        board.add(label, label, place, span, *act);
    }

    fn capitals(&self, board: &mut Board, place: (f32, i32), span: f32) {
        board.add("Aa", &self.capitals, place, span, Act::Capitals);
        board.light(self.layer.face == Face::Capitals);
    }

    fn signs(&self, board: &mut Board, place: (f32, i32), span: f32) {
        let is_signs = self.layer.face == Face::Signs;
        let label = if is_signs { "abc" } else { "123" };
        board.add(label, label, place, span, Act::Signs);
        board.light(is_signs);
    }

    /// Named by the first letters that stand there.
    fn other(&self, board: &mut Board, there: &str, place: (f32, i32), span: f32) {
        let label: String = there.chars().take(3).collect();
        board.add(&label, &format!("{} {label}", self.other), place, span, Act::Other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FACES: [Face; 6] = [
        Face::Letters,
        Face::Capitals,
        Face::Signs,
        Face::Accents,
        Face::Pad,
        Face::Digits,
    ];

    #[test]
    fn keys_stay_inside_the_board_and_never_overlap() {
        for (paging, second) in [
            (Paging::Whole, false),
            (Paging::Low, false),
            (Paging::Rows, false),
            (Paging::Rows, true),
            (Paging::Halves, false),
            (Paging::Halves, true),
        ] {
            for face in FACES {
                let board = Board::new(Layer { face, second }, paging, true, &[]);
                for (at, (key, _)) in board.keys.iter().enumerate() {
                    let told = format!("{paging:?} {face:?}: {}", key.label);
                    let is_inside = key.column >= 0.0 && key.column + key.span <= board.columns && key.row < board.rows;
                    assert!(is_inside, "{told}");
                    for (other, _) in &board.keys[at + 1..] {
                        let apart = key.row != other.row
                            || key.column + key.span <= other.column
                            || other.column + other.span <= key.column;
                        assert!(apart, "{told} and {}", other.label);
                        assert!(key.label.is_empty() || key.label != other.label, "{told} twice");
                    }
                }
            }
        }
    }

    #[test]
    fn both_pages_together_have_every_letter_of_the_whole_board() {
        let letters = |board: Board| {
            let typed = board.keys.into_iter().filter_map(|(_, act)| match act {
                Act::Type(letter) => Some(letter),
                _ => None,
            });
            typed.collect::<Vec<char>>()
        };
        for face in FACES {
            for lines in [true, false] {
                let whole = letters(Board::new(face.into(), Paging::Whole, lines, &[]));
                for paging in [Paging::Rows, Paging::Halves] {
                    let first = Board::new(Layer { face, second: false }, paging, lines, &[]);
                    let second = Board::new(Layer { face, second: true }, paging, lines, &[]);
                    let turns = |board: &Board| board.keys.iter().position(|(_, act)| *act == Act::Other);
                    assert_eq!((first.keys.len(), turns(&first)), (second.keys.len(), turns(&second)));
                    let can_turn = face.is_pad() || first.keys.iter().any(|(_, act)| *act == Act::Other);
                    let mut there = letters(first);
                    there.extend(letters(second));
                    assert!(
                        can_turn && whole.iter().all(|letter| there.contains(letter)),
                        "{paging:?} {face:?}"
                    );
                }
            }
        }
    }
}
