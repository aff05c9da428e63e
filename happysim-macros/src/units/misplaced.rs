//! Units in the Rust of an entity, where a number has none.

use proc_macro2::{Group, TokenStream, TokenTree};

use super::{Kind, Quantity, constructor, find, split};
use crate::diagnostics::{Code, Diagnostics};

/// Refuses every literal with a unit outside of macro calls, and puts what it means in its place.
pub(crate) fn refuse(
    tokens: TokenStream,
    code: Code,
    diagnostics: &mut Diagnostics,
) -> TokenStream {
    // Tokens that are put together anew have lost where their brackets are.
    if !any(tokens.clone()) {
        return tokens;
    }
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let mut output = Vec::with_capacity(trees.len());
    for (index, tree) in trees.iter().enumerate() {
        match (tree, quantity(tree)) {
            (_, Some(quantity)) => {
                let message = format!(
                    "`{tree}` has a unit, as numbers have in `topology!` and `profile!`\n\
                     help: write `{}` in Rust",
                    in_rust(&quantity)
                );
                diagnostics.error(code, tree, message);
                output.extend(constructor(&quantity, tree.span()));
            }
            (TokenTree::Group(group), _) if !is_of_macro(&trees, index) => {
                let mut inner =
                    Group::new(group.delimiter(), refuse(group.stream(), code, diagnostics));
                inner.set_span(group.span());
                output.push(inner.into());
            }
            (other, _) => output.push(other.clone()),
        }
    }
    output.into_iter().collect()
}

fn any(tokens: TokenStream) -> bool {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    trees.iter().enumerate().any(|(index, tree)| match tree {
        TokenTree::Group(group) => !is_of_macro(&trees, index) && any(group.stream()),
        other => quantity(other).is_some(),
    })
}

/// The quantity of a literal with a unit.
fn quantity(tree: &TokenTree) -> Option<Quantity> {
    let TokenTree::Literal(literal) = tree else { return None };
    let text = literal.to_string();
    let (_, suffix) = split(&text)?;
    if suffix.is_empty() {
        return None;
    }
    find(core::slice::from_ref(tree), 0)?.quantity.ok()
}

/// Whether the group at `index` is what is given to a macro.
fn is_of_macro(trees: &[TokenTree], index: usize) -> bool {
    matches!(&trees[..index], [.., TokenTree::Ident(_), TokenTree::Punct(mark)] if mark.as_char() == '!')
}

fn in_rust(quantity: &Quantity) -> String {
    let Quantity { kind, base, whole, .. } = *quantity;
    match kind {
        Kind::Duration => {
            let units = [
                ("hours", 3_600_000_000_000),
                ("minutes", 60_000_000_000),
                ("seconds", 1_000_000_000),
                ("millis", 1_000_000),
                ("micros", 1_000),
                ("nanos", 1),
            ];
            let fits = |(_, nanos): &&(&str, u64)| whole > 0 && whole % nanos == 0;
            units.iter().find(fits).map_or_else(
                || "Duration::ZERO".to_owned(),
                |(word, nanos)| format!("{word}({})", whole / nanos),
            )
        }
        Kind::Bytes => format!("Bytes({whole})"),
        Kind::Bandwidth => format!("Bandwidth::bits_per_second({base:?})"),
        Kind::Rate => format!("Rate::per_second({base:?})"),
        Kind::Probability => format!("Probability::new({base:?})"),
        Kind::Number => base.to_string(),
    }
}
