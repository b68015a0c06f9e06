//! The four themes. Every pair that meets on the screen keeps its contrast (DESIGN 7); a test measures each.
//!
//! Called by the front when a theme is chosen. It refuses nothing; what is not in the table is not on the screen.

use heard_ui::Colours;
use slint::Color;

/// A theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Warm paper, dark ink.
    Standard,
    /// Black on white.
    BlackOnWhite,
    /// White on black.
    WhiteOnBlack,
    /// Softer contrast, for people whom strong contrast hurts.
    Soft,
}

impl Theme {
    /// All four, in the order offered.
    pub const ALL: [Self; 4] = [Self::Standard, Self::BlackOnWhite, Self::WhiteOnBlack, Self::Soft];

    /// Its name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::BlackOnWhite => "black-on-white",
            Self::WhiteOnBlack => "white-on-black",
            Self::Soft => "soft",
        }
    }

    /// paper, surface, ink, soft, line, go, on-go, chosen, help, on-help, focus
    const fn table(self) -> [u32; 11] {
        match self {
            Self::Standard => [
                0xFA_F7F2, 0xFF_FFFF, 0x1D_1B1A, 0x3A_3633, 0x6F_6A64, 0x00_3F3A, 0xFF_FFFF, 0xE6_F4F0, 0x6B_0F1A,
                0xFF_FFFF, 0xC2_6A00,
            ],
            Self::BlackOnWhite => [
                0xFF_FFFF, 0xFF_FFFF, 0x00_0000, 0x00_0000, 0x00_0000, 0x00_0000, 0xFF_FFFF, 0xFF_FFFF, 0x00_0000,
                0xFF_FFFF, 0x00_0000,
            ],
            Self::WhiteOnBlack => [
                0x00_0000, 0x00_0000, 0xFF_FFFF, 0xFF_FFFF, 0xFF_FFFF, 0xFF_FFFF, 0x00_0000, 0x00_0000, 0xFF_FFFF,
                0x00_0000, 0xFF_FFFF,
            ],
            Self::Soft => [
                0xE9_E4DA, 0xF0_ECE4, 0x4A_4742, 0x50_4C47, 0x77_726B, 0x2F_5D58, 0xF0_ECE4, 0xD9_E4DF, 0x7A_2F38,
                0xF0_ECE4, 0x9A_5200,
            ],
        }
    }

    /// What the pages draw with.
    pub fn colours(self) -> Colours {
        let [paper, surface, ink, soft, line, go, on_go, chosen, help, on_help, focus] =
            self.table().map(|rgb| Color::from_argb_encoded(0xFF00_0000 | rgb));
        Colours {
            paper,
            surface,
            ink,
            soft,
            line,
            go,
            on_go,
            chosen,
            help,
            on_help,
            focus,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(colour: Color) -> f64 {
        let part = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.040_45 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * part(colour.red()) + 0.7152 * part(colour.green()) + 0.0722 * part(colour.blue())
    }

    fn contrast(one: Color, other: Color) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn every_pair_that_meets_keeps_its_contrast() {
        for theme in Theme::ALL {
            let c = theme.colours();
            let (least, most) = match theme {
                Theme::Standard => (10.0, 21.1),
                Theme::BlackOnWhite | Theme::WhiteOnBlack => (20.0, 21.1),
                Theme::Soft => (4.6, 8.01),
            };
            let text = [
                ("ink on paper", c.ink, c.paper),
                ("ink on surface", c.ink, c.surface),
                ("ink on chosen", c.ink, c.chosen),
                ("soft on paper", c.soft, c.paper),
                ("soft on surface", c.soft, c.surface),
                ("soft on chosen", c.soft, c.chosen),
                ("go on surface", c.go, c.surface),
                ("words on go", c.on_go, c.go),
                ("words on help", c.on_help, c.help),
                ("surface on ink", c.surface, c.ink),
            ];
            for (pair, one, other) in text {
                let found = contrast(one, other);
                assert!(found >= least && found <= most, "{theme:?}: {pair} is {found:.2}");
            }
            for (pair, one, other) in [
                ("line on paper", c.line, c.paper),
                ("line on surface", c.line, c.surface),
                ("focus on paper", c.focus, c.paper),
                ("focus on surface", c.focus, c.surface),
                ("chosen edge on paper", c.go, c.paper),
                ("chosen edge on chosen", c.go, c.chosen),
            ] {
                let found = contrast(one, other);
                assert!(found >= 3.0, "{theme:?}: {pair} is {found:.2}");
            }
        }
    }
}
