//! The keys of the on-screen keyboard: letters, capitals, digits and signs, accents, and a pad of digits.
//!
//! Called by `write`. A layer is a table of labels; what a key does follows from its place in it.

use heard_ui::KeyRow;

/// Which keys are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layer {
    Letters,
    Capitals,
    Signs,
    Accents,
    Pad,
}

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Type(char),
    Delete,
    NewLine,
    Capitals,
    Signs,
}

const LETTERS: [&str; 3] = ["qwertyuiop", "asdfghjkl'", "zxcvbnm,."];
const CAPITALS: [&str; 3] = ["QWERTYUIOP", "ASDFGHJKL'", "ZXCVBNM?!"];
const SIGNS: [&str; 3] = ["1234567890", "-/:;()£&@\"", "+#%*=_.,?"];
const ACCENTS: [&str; 3] = ["áàâäãåąæçć", "éèêëęíìîïł", "ñóôöőúüżź"];
const PAD: [&str; 3] = ["123", "456", "789"];

/// Columns of a keyboard of letters.
pub(super) const COLUMNS: f32 = 11.5;
/// Columns of the pad.
pub(super) const PAD_COLUMNS: f32 = 4.0;

/// The keys of a layer with their places. `lines`: a new line can be typed.
pub(super) fn keys(layer: Layer, lines: bool, names: &[String]) -> Vec<(KeyRow, Act)> {
    let name = |at: usize| names.get(at).cloned().unwrap_or_default();
    let mut keys = Vec::new();
    let mut add = |label: &str, called: &str, column: f32, span: f32, row: i32, act: Act, lit: bool| {
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
            lit,
        };
        keys.push((key, act));
    };
    let table = match layer {
        Layer::Letters => LETTERS,
        Layer::Capitals => CAPITALS,
        Layer::Signs => SIGNS,
        Layer::Accents => ACCENTS,
        Layer::Pad => PAD,
    };
    for (row, letters) in (0_i32..).zip(table) {
        let start = if layer == Layer::Pad {
            0.0
        } else if row == 2 {
            1.5
        } else {
            0.0
        };
        for (at, letter) in letters.chars().enumerate() {
            let text = letter.to_string();
            add(&text, &text, start + at as f32, 1.0, row, Act::Type(letter), false);
        }
    }
    if layer == Layer::Pad {
        add(&name(0), &name(0), 3.0, 1.0, 0, Act::Delete, false);
        add("+", "+", 3.0, 1.0, 1, Act::Type('+'), false);
        add("0", "0", 3.0, 1.0, 2, Act::Type('0'), false);
        return keys;
    }
    add(&name(0), &name(0), 10.0, 1.5, 0, Act::Delete, false);
    if lines {
        add(&name(1), &name(1), 10.0, 1.5, 1, Act::NewLine, false);
    } else {
        add("@", "@", 10.0, 1.5, 1, Act::Type('@'), false);
    }
    add("Aa", &name(2), 0.0, 1.5, 2, Act::Capitals, layer == Layer::Capitals);
    let signs = if layer == Layer::Signs { "abc" } else { "123" };
    add(signs, signs, 10.5, 1.0, 2, Act::Signs, layer == Layer::Signs);
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stay_inside_the_board_and_never_overlap() {
        for (layer, columns) in [
            (Layer::Letters, COLUMNS),
            (Layer::Capitals, COLUMNS),
            (Layer::Signs, COLUMNS),
            (Layer::Accents, COLUMNS),
            (Layer::Pad, PAD_COLUMNS),
        ] {
            let keys = keys(layer, true, &[]);
            for (at, (key, _)) in keys.iter().enumerate() {
                assert!(
                    key.column >= 0.0 && key.column + key.span <= columns,
                    "{layer:?}: {}",
                    key.label
                );
                for (other, _) in &keys[at + 1..] {
                    let apart = key.row != other.row
                        || key.column + key.span <= other.column
                        || other.column + other.span <= key.column;
                    assert!(apart, "{layer:?}: {} and {}", key.label, other.label);
                }
            }
        }
    }
}
