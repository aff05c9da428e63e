//! Names: what is declared, and what is meant where one is used.

use proc_macro2::Ident;

use super::super::codes;
use super::super::wrappers::WrapperKind;
use super::{Meaning, Model};
use crate::diagnostics::{Diagnostics, did_you_mean, expected_one_of};

/// What is at an end of an arrow.
pub(super) enum Target {
    Node(usize),
    Shared(usize),
}

impl Model {
    /// Declares a name; the first declaration counts.
    pub(super) fn declare(
        &mut self,
        name: &Ident,
        meaning: Meaning,
        diagnostics: &mut Diagnostics,
    ) -> bool {
        let text = name.to_string();
        if text.starts_with("__") || (text == "replica" && matches!(meaning, Meaning::Param)) {
            let why = if text == "replica" {
                "stands for the number of the replica in the parameters of a node"
            } else {
                "begins with two underscores, as names of the library do"
            };
            let message = format!("the name `{text}` {why}\nhelp: choose another");
            diagnostics.error(codes::RESERVED, name, message);
            self.names.insert(text, (name.clone(), Meaning::Broken));
            return false;
        }
        if let Some((first, _)) = self.names.get(&text) {
            diagnostics.error_at_two(
                codes::DUPLICATE,
                (name, format!("`{text}` is declared twice")),
                (first, format!("`{text}` is first declared here")),
            );
            // Which of them an arrow means is not known if they are of two kinds.
            if let Some((_, known)) = self.names.get_mut(&text)
                && core::mem::discriminant(known) != core::mem::discriminant(&meaning)
            {
                *known = Meaning::Broken;
            }
            return false;
        }
        self.names.insert(text, (name.clone(), meaning));
        true
    }

    /// What is meant by a name in an arrow, if that is something to which an arrow can lead.
    pub(super) fn find(&self, name: &Ident, diagnostics: &mut Diagnostics) -> Option<Target> {
        if let Some((_, meaning)) = self.names.get(&name.to_string()) {
            return match meaning {
                Meaning::Node(node) => Some(Target::Node(*node)),
                Meaning::Shared(shared) => Some(Target::Shared(*shared)),
                Meaning::Broken => None,
                Meaning::Param => {
                    let message = format!("`{name}` is a parameter, not a node");
                    diagnostics.error(codes::UNKNOWN_NODE, name, message);
                    None
                }
            };
        }
        let known: Vec<&str> = self
            .names
            .iter()
            .filter(|(_, (_, meaning))| !matches!(meaning, Meaning::Param))
            .map(|(name, _)| name.as_str())
            .collect();
        let hint = match did_you_mean(&name.to_string(), known.iter().copied()) {
            _ if WrapperKind::find(&name.to_string()).is_some() => {
                format!("\nhelp: the wrapper is written with its arguments: `{name}(...)`")
            }
            _ if name == "link" => {
                "\nhelp: declare `link name: Link { latency: 5ms };` and name it in the chain"
                    .to_owned()
            }
            Some(near) => format!("; did you mean `{near}`?"),
            None if known.len() <= 5 && !known.is_empty() => {
                format!("\nhelp: {}", expected_one_of(&known))
            }
            None => String::new(),
        };
        let message = format!("there is no node `{name}`{hint}");
        diagnostics.error(codes::UNKNOWN_NODE, name, message);
        None
    }
}
