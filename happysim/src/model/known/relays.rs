//! Relays that lead to each other in a circle: none of them says what it carries.

#![allow(clippy::missing_panics_doc, reason = "a check that fails is a message of the compiler")]

use super::super::entity::LeadsTo;
use super::absent::Anything;
use super::text::Text;

/// In front of this stands only a relay whose port of this name says what it carries.
#[derive(Clone, Copy, Debug)]
pub struct Only<const PORT: u64>;

impl<const PORT: u64> LeadsTo<PORT> for Only<PORT> {
    type Target = Anything;
}

/// An arrow that may be one of a circle.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    /// The node that it leads out of.
    pub from: usize,
    /// The same as it was written.
    pub text: &'static str,
    /// The node that it leads to.
    pub to: usize,
    /// Whether what that takes is what `from` takes.
    pub carries: bool,
}

/// The arrow out of a node that says what it carries.
const fn carrier(ways: &[Way], node: usize) -> Option<usize> {
    let mut index = 0;
    while index < ways.len() {
        if ways[index].from == node && ways[index].carries {
            return Some(index);
        }
        index += 1;
    }
    None
}

/// Whether an arrow is the last that was written of a circle of relays: nothing says what these
/// carry, unless this arrow leads elsewhere.
pub const fn closes(ways: &[Way], closing: usize) -> bool {
    if !ways[closing].carries {
        return false;
    }
    let (mut node, mut steps) = (ways[closing].to, 0);
    while node != ways[closing].from {
        let Some(next) = carrier(ways, node) else { return false };
        if next > closing || steps > closing {
            return false;
        }
        node = ways[next].to;
        steps += 1;
    }
    true
}

/// An arrow must not close a circle of relays.
#[track_caller]
pub const fn check_relays(ways: &[Way], closing: usize) {
    if !closes(ways, closing) {
        return;
    }
    let text = Text::new().push("requests go round for ever: ");
    let (mut text, mut node) = (text, ways[closing].to);
    let first = carrier(ways, node);
    while let Some(next) = carrier(ways, node) {
        text = text.push_code(ways[next].text).push(" -> ");
        if next == closing {
            break;
        }
        node = ways[next].to;
    }
    if let Some(first) = first {
        text = text.push_code(ways[first].text);
    }
    let text =
        text.push(" only pass on what they get\nhelp: let one of them lead to a node that answers");
    panic!("{}", text.as_str());
}
