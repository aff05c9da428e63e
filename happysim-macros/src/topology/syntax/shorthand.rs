//! What is written otherwise than Rust would have it: arrows, and words before literals.

use proc_macro2::{Delimiter, Group, Punct, Spacing, TokenStream, TokenTree};
use quote::ToTokens;

use super::super::codes;
use crate::diagnostics::Diagnostics;

fn is_pair(pair: &[TokenTree], first: char, second: char) -> bool {
    matches!(pair, [TokenTree::Punct(one), TokenTree::Punct(two)]
        if one.as_char() == first && one.spacing() == Spacing::Joint && two.as_char() == second)
}

/// Whether an arrow stands among these.
pub(super) fn has_arrow(piece: &[TokenTree]) -> bool {
    piece.windows(2).any(|pair| is_pair(pair, '-', '>'))
}

/// Reports what is no arrow but meant as one, and makes one of it, so that the nodes around it are
/// known to be connected. Where one points backwards it is not clear what is meant.
pub(super) fn mend_arrows(piece: &mut Vec<TokenTree>, diagnostics: &mut Diagnostics) -> bool {
    shorten(piece, diagnostics);
    let mut is_clear = true;
    for index in 1..piece.len() {
        let pair = &mut piece[index - 1..=index];
        let meant = is_pair(pair, '=', '>') || is_pair(pair, '~', '>');
        let backwards = is_pair(pair, '<', '-');
        let apart = matches!(pair, [TokenTree::Punct(minus), TokenTree::Punct(greater)]
            if minus.as_char() == '-' && minus.spacing() == Spacing::Alone && greater.as_char() == '>');
        let meant = meant || apart;
        if !meant && !backwards {
            continue;
        }
        let written: TokenStream = pair.iter().cloned().collect();
        let message = if apart {
            "an arrow is written `->`, without a space"
        } else if backwards {
            "an arrow is written `->`, from the caller to the one that is called"
        } else {
            "an arrow is written `->`"
        };
        diagnostics.error(codes::ARROW, written, message);
        is_clear &= !backwards;
        for (tree, character, spacing) in [(0, '-', Spacing::Joint), (1, '>', Spacing::Alone)] {
            let mut punct = Punct::new(character, spacing);
            punct.set_span(pair[tree].span());
            pair[tree] = TokenTree::Punct(punct);
        }
    }
    is_clear
}

/// `a --> b` is meant as `a -> b`.
fn shorten(piece: &mut Vec<TokenTree>, diagnostics: &mut Diagnostics) {
    while let Some(at) = piece.windows(3).position(|trees| {
        matches!(&trees[0], TokenTree::Punct(minus) if minus.as_char() == '-')
            && is_pair(&trees[1..], '-', '>')
    }) {
        let written: TokenStream = piece[at..at + 3].iter().cloned().collect();
        diagnostics.error(codes::ARROW, written, "an arrow is written `->`");
        piece.remove(at);
    }
}

/// `cv 0.8` is `cv(0.8)`: a word before a literal names what the literal is.
pub(super) fn adjacent(piece: Vec<TokenTree>) -> TokenStream {
    const NOT_NAMES: [&str; 12] = [
        "return", "in", "if", "while", "match", "else", "as", "let", "mut", "move", "ref", "break",
    ];
    let mut out: Vec<TokenTree> = Vec::with_capacity(piece.len());
    for tree in piece {
        let tree = match tree {
            TokenTree::Group(group) => {
                let inner = adjacent(group.stream().into_iter().collect());
                let is_macro =
                    matches!(out.last(), Some(TokenTree::Punct(bang)) if bang.as_char() == '!');
                let inner = if is_macro { group.stream() } else { inner };
                let mut changed = Group::new(group.delimiter(), inner);
                changed.set_span(group.span());
                TokenTree::Group(changed)
            }
            other => other,
        };
        // `cv -0.8` names a negative number, and is no subtraction.
        if let [.., TokenTree::Ident(name), TokenTree::Punct(minus)] = &out[..]
            && name == "cv"
            && minus.as_char() == '-'
            && matches!(tree, TokenTree::Literal(_))
        {
            let minus = out.pop();
            let signed: TokenStream = minus.into_iter().chain([tree]).collect();
            out.push(TokenTree::Group(Group::new(Delimiter::Parenthesis, signed)));
            continue;
        }
        let follows_name = matches!(
            out.last(),
            Some(TokenTree::Ident(name)) if !NOT_NAMES.contains(&name.to_string().as_str())
        );
        if follows_name && matches!(tree, TokenTree::Literal(_)) {
            let span = tree.span();
            let mut group = Group::new(Delimiter::Parenthesis, tree.into_token_stream());
            group.set_span(span);
            out.push(TokenTree::Group(group));
        } else {
            out.push(tree);
        }
    }
    out.into_iter().collect()
}
