//! Which loops and labels are around a piece of code.

use syn::{Expr, Label, Lifetime};

/// The loops and labels of the visited code that are around the current place.
#[derive(Debug, Default)]
pub(crate) struct Jumps {
    loops: usize,
    labels: Vec<String>,
}

impl Jumps {
    pub(crate) fn enter(&mut self, label: Option<&Label>, is_loop: bool) {
        self.loops += usize::from(is_loop);
        self.labels.extend(label.map(|label| label.name.ident.to_string()));
    }

    pub(crate) fn leave(&mut self, label: Option<&Label>, is_loop: bool) {
        self.loops -= usize::from(is_loop);
        if label.is_some() {
            self.labels.pop();
        }
    }

    /// What is wrong with a jump that leaves all of the visited code.
    pub(crate) fn stray(&self, expr: &Expr) -> Option<String> {
        let (word, label) = match expr {
            Expr::Break(jump) => ("break", jump.label.as_ref()),
            Expr::Continue(jump) => ("continue", jump.label.as_ref()),
            _ => return None,
        };
        match label {
            None => (self.loops == 0).then(|| nowhere(word, None)),
            Some(label) => {
                let is_known = self.labels.contains(&label.ident.to_string());
                (!is_known).then(|| nowhere(word, Some(label)))
            }
        }
    }
}

/// Says that a jump leads nowhere.
pub(crate) fn nowhere(word: &str, label: Option<&Lifetime>) -> String {
    match label {
        None => format!("this `{word}` is in no loop"),
        Some(label) => format!("this `{word}` is in no loop with the label `{label}`"),
    }
}
