//! Plain text in columns.

use core::fmt;

/// The widest line that is written where there is a choice.
pub(super) const WIDTH: usize = 100;

/// Lines of text, some of them rows: their labels are left-aligned in one column, their cells
/// right-aligned in columns as wide as the widest cell of any row, so that all tables of a
/// report stand under each other.
#[derive(Default)]
pub(super) struct Grid(Vec<Line>);

enum Line {
    Text(String),
    Row { label: String, cells: Vec<String> },
}

impl Grid {
    /// A line as it is.
    pub(super) fn text(&mut self, text: impl Into<String>) {
        self.0.push(Line::Text(text.into()));
    }

    /// A row of cells behind a label.
    pub(super) fn row(
        &mut self,
        label: impl Into<String>,
        cells: impl IntoIterator<Item = impl Into<String>>,
    ) {
        let cells = cells.into_iter().map(Into::into).collect();
        self.0.push(Line::Row { label: label.into(), cells });
    }

    /// Items in a list that is broken between items to stay within [`WIDTH`]: behind `label`,
    /// separated by commas, continued under the first item.
    pub(super) fn list(&mut self, label: &str, items: impl IntoIterator<Item = String>) {
        let mut line = label.to_owned();
        let mut first = true;
        for item in items {
            let width = line.chars().count() + item.chars().count();
            if first {
                line.push(' ');
            } else if width + 3 > WIDTH {
                line.push(',');
                self.text(core::mem::take(&mut line));
                line = " ".repeat(label.chars().count() + 1);
            } else {
                line.push_str(", ");
            }
            line.push_str(&item);
            first = false;
        }
        self.text(line);
    }

    fn widths(&self) -> (usize, Vec<usize>) {
        let mut first = 0;
        let mut widths: Vec<usize> = Vec::new();
        for line in &self.0 {
            let Line::Row { label, cells } = line else { continue };
            first = first.max(label.chars().count());
            widths.resize(widths.len().max(cells.len()), 0);
            for (width, cell) in widths.iter_mut().zip(cells) {
                *width = (*width).max(cell.chars().count());
            }
        }
        (first, widths)
    }
}

impl fmt::Display for Grid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, widths) = self.widths();
        for line in &self.0 {
            match line {
                Line::Text(text) => f.write_str(text)?,
                Line::Row { label, cells } => {
                    write!(f, "{label:first$}")?;
                    for (cell, width) in cells.iter().zip(&widths) {
                        write!(f, "  {cell:>width$}")?;
                    }
                }
            }
            f.write_str("\n")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_rows_share_their_columns() {
        let mut grid = Grid::default();
        grid.row("requests", ["ok", "failed"]);
        grid.text("a line of text that is longer than the label");
        grid.row("get", ["12,345", "6", "7"]);
        let expected = "requests      ok  failed\n\
                        a line of text that is longer than the label\n\
                        get       12,345       6  7\n";
        assert_eq!(grid.to_string(), expected);
    }

    #[test]
    fn long_lists_are_broken_between_items() {
        let mut grid = Grid::default();
        grid.list("  failed:", (10..30).map(|n| format!("reason {n}")));
        let text = grid.to_string();
        assert!(text.lines().all(|line| line.len() <= WIDTH), "{text}");
        assert_eq!(text.lines().count(), 3);
        assert!(text.starts_with("  failed: reason 10, reason 11,"), "{text}");
        assert!(text.lines().nth(1).unwrap().starts_with("          reason 18, "), "{text}");
        assert_eq!(text.matches("reason").count(), 20);
    }
}
