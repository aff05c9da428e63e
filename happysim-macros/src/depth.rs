//! How deep the input of a macro is nested.
//!
//! Parsers and passes over syntax trees call themselves once for each level, and a macro has no
//! more stack than rustc gives it, 8 MiB. What is too deep for that is refused before anybody
//! parses it: as a message at the place, and not as an overflow that ends the compiler. What people
//! write is far from the limit.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

use crate::diagnostics::{Code, Diagnostics};

/// Code that is nested too deeply.
const TOO_DEEP: Code = Code("too-deep");

/// The stack that may be used, in KiB.
const MOST: usize = 6 << 10;
/// What the passes use, without optimisation, for a pair of brackets, in KiB.
const GROUP: usize = 32;
/// For a level of generic arguments, or an operator in front of its operand.
const PREFIX: usize = 64;
/// For a link of a chain, `a + b + c`, `a.b().c()` or `if a {} else if b {} else {}`.
const LINK: usize = 8;

/// Words that stand in front of an operand or a type.
const PREFIX_WORDS: [&str; 9] =
    ["mut", "const", "dyn", "return", "break", "move", "ref", "async", "static"];

/// The errors to return instead of an expansion, if there are any.
pub(crate) fn refusal(input: &TokenStream) -> Option<TokenStream> {
    let mut diagnostics = Diagnostics::default();
    if let Err(place) = stack(input, MOST) {
        diagnostics.error(
            TOO_DEEP,
            place,
            "this is nested too deeply to be understood: bind a part of it in a statement before, \
             or move it into a function",
        );
    }
    diagnostics.has_errors().then(|| diagnostics.into_compile_errors())
}

/// The stack for the deepest part, or the place at which it is more than `budget`.
fn stack(tokens: &TokenStream, budget: usize) -> Result<usize, TokenTree> {
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let mut deepest = 0;
    let mut run = Run::default();
    for (index, tree) in trees.iter().enumerate() {
        run.add(tree, index.checked_sub(1).map(|before| &trees[before]));
        let rest = budget.checked_sub(run.own() + GROUP).ok_or_else(|| tree.clone())?;
        if let TokenTree::Group(group) = tree {
            let inner = stack(&group.stream(), rest.saturating_sub(run.inner))?;
            run.inner = run.inner.max(inner + GROUP);
        }
        if run.own() + run.inner > budget {
            return Err(tree.clone());
        }
        deepest = deepest.max(run.own() + run.inner);
        if ends_run(tree, trees.get(index + 1)) {
            run = Run::default();
        }
    }
    Ok(deepest)
}

/// Tokens of one level that may be one expression.
#[derive(Default)]
struct Run {
    links: usize,
    angles: usize,
    most_angles: usize,
    prefixes: usize,
    most_prefixes: usize,
    /// The deepest group in it.
    inner: usize,
}

impl Run {
    fn own(&self) -> usize {
        self.links * LINK + (self.most_angles + self.most_prefixes) * PREFIX
    }

    fn add(&mut self, tree: &TokenTree, before: Option<&TokenTree>) {
        let is_prefix = match tree {
            TokenTree::Punct(punct) => {
                let is_arrow_head = matches!(before, Some(TokenTree::Punct(before))
                    if before.spacing() == Spacing::Joint && "-=".contains(before.as_char()));
                match punct.as_char() {
                    '<' => self.angles += 1,
                    '>' if !is_arrow_head => self.angles = self.angles.saturating_sub(1),
                    '#' => {}
                    _ => self.links += 1,
                }
                "&*!-|".contains(punct.as_char())
            }
            TokenTree::Ident(word) => {
                let word = word.to_string();
                self.links += usize::from(word == "else" || word == "as");
                PREFIX_WORDS.contains(&word.as_str())
            }
            TokenTree::Group(_) => {
                // A call or an index of what stands before.
                self.links += usize::from(matches!(before, Some(TokenTree::Group(_))));
                false
            }
            TokenTree::Literal(_) => false,
        };
        self.prefixes = if is_prefix { self.prefixes + 1 } else { 0 };
        self.most_prefixes = self.most_prefixes.max(self.prefixes.saturating_sub(2));
        self.most_angles = self.most_angles.max(self.angles);
    }
}

/// Whether what follows belongs to something else.
fn ends_run(tree: &TokenTree, next: Option<&TokenTree>) -> bool {
    match tree {
        TokenTree::Punct(punct) => matches!(punct.as_char(), ';' | ','),
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => match next {
            Some(TokenTree::Ident(word)) => word != "else" && word != "as",
            Some(TokenTree::Punct(punct)) => punct.as_char() == '#',
            _ => true,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_refused(source: &str) -> bool {
        refusal(&source.parse().unwrap()).is_some()
    }

    #[test]
    fn what_people_write_is_not_deep() {
        let arms = "Kind::One { a, .. } => { f(&a)?; } ".repeat(1_000);
        assert!(!is_refused(&format!("match kind {{ {arms} }}")));
        assert!(!is_refused(&"let x: Vec<Option<u64>> = -a + *b;".repeat(10_000)));
        assert!(!is_refused(&"/// a line\n".repeat(2_000)));
        assert!(!is_refused(&format!("{}1{}", "(".repeat(60), ")".repeat(60))));
        assert!(!is_refused(&format!("a{}", ".then(|x| x + 1)".repeat(60))));
    }

    #[test]
    fn what_would_overflow_the_stack_is_refused_at_its_place() {
        let nested =
            |open: &str, close: &str| format!("{}1{}", open.repeat(1_000), close.repeat(1_000));
        assert!(is_refused(&nested("(", ")")));
        assert!(is_refused(&nested("if a {", "}")));
        assert!(is_refused(&nested("Vec<", ">")));
        assert!(is_refused(&nested("&", "")));
        assert!(is_refused(&nested("1 + ", "")));
        assert!(is_refused(&nested("", ".b()")));
        assert!(is_refused(&nested("f ", "()()")));
        assert!(is_refused(&nested("if a {} else ", "")));
        let mixed = format!("{}1{}", "(1 + 1 + ".repeat(150), ")".repeat(150));
        assert!(is_refused(&mixed));
    }
}
