//! The table: what was measured, the figure, and the bound where there is one.

use std::fmt::Write;

/// Rows in the order in which they were measured.
#[derive(Default)]
pub(crate) struct Table {
    rows: Vec<(String, String, String)>,
    over: bool,
}

impl Table {
    /// A figure without a bound.
    pub(crate) fn add(&mut self, what: impl Into<String>, figure: impl Into<String>) {
        self.rows.push((what.into(), figure.into(), String::new()));
    }

    /// A figure that must not be larger than `most`.
    pub(crate) fn add_bounded(&mut self, what: impl Into<String>, figure: f64, unit: &str, most: f64) {
        let is_over = figure > most;
        self.over |= is_over;
        let digits = if most < 10.0 { 2 } else { 1 };
        let verdict = if is_over { "OVER" } else { "at most" };
        self.rows.push((
            what.into(),
            format!("{figure:.digits$} {unit}"),
            format!("{verdict} {most}"),
        ));
    }

    /// Whether every bounded figure is within its bound.
    pub(crate) const fn is_within_bounds(&self) -> bool {
        !self.over
    }

    /// The table as text.
    pub(crate) fn text(&self) -> String {
        let wide = |column: fn(&(String, String, String)) -> &String| {
            self.rows
                .iter()
                .map(|row| column(row).chars().count())
                .max()
                .unwrap_or(0)
        };
        let (first, second) = (wide(|row| &row.0), wide(|row| &row.1));
        let mut text = String::new();
        for (what, figure, bound) in &self.rows {
            let line = format!("{what:<first$}  {figure:>second$}  {bound}");
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{}", line.trim_end());
        }
        text
    }
}
