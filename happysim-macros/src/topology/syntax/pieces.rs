//! Where one statement ends and the next begins.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};

use super::super::codes;
use super::shorthand::has_arrow;
use super::statement::statement;
use super::{KEYWORDS, Statement};
use crate::diagnostics::Diagnostics;

/// Splits at `;` and parses each piece.
pub(super) fn statements(
    body: TokenStream,
    diagnostics: &mut Diagnostics,
) -> (Vec<Statement>, Vec<Ident>) {
    let mut parsed = Vec::new();
    let mut broken = Vec::new();
    let mut read = |piece: Vec<TokenTree>, end: Span, diagnostics: &mut Diagnostics| {
        let name = declared(&piece);
        match statement(piece, end, diagnostics) {
            Some(statement) => parsed.push(statement),
            None => broken.extend(name),
        }
    };
    let mut piece: Vec<TokenTree> = Vec::new();
    let trees: Vec<TokenTree> = body.into_iter().collect();
    for (index, tree) in trees.iter().enumerate() {
        if matches!(tree, TokenTree::Punct(punct) if punct.as_char() == ';') {
            read(core::mem::take(&mut piece), tree.span(), diagnostics);
            continue;
        }
        if is_comma(tree) && ends_statement(&piece, &trees[index + 1..]) {
            diagnostics.error(codes::SEMICOLON, tree, "a statement ends with `;`, not with `,`");
            read(core::mem::take(&mut piece), tree.span(), diagnostics);
            continue;
        }
        if begins_another(&piece, &trees[index..]) {
            let message = format!("missing `;` before `{tree}`");
            diagnostics.error(codes::SEMICOLON, tree, message);
            read(core::mem::take(&mut piece), tree.span(), diagnostics);
        }
        piece.push(tree.clone());
    }
    if let Some(last) = piece.last().cloned() {
        let name = words(&piece);
        read(piece, last.span(), diagnostics);
        diagnostics.error(codes::SEMICOLON, last, format!("`{name}` needs a `;` at its end"));
    }
    (parsed, broken)
}

fn is_comma(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == ',')
}

/// Whether what stands behind a `,` is another statement, or nothing.
fn ends_statement(piece: &[TokenTree], rest: &[TokenTree]) -> bool {
    !piece.is_empty() && (rest.is_empty() || begins_another(piece, rest) || begins_chain(rest))
}

/// Whether what comes can be the first node of a chain: behind the `,` of a type it could not be
/// anything.
fn begins_chain(rest: &[TokenTree]) -> bool {
    matches!(rest, [TokenTree::Ident(_), TokenTree::Punct(next), ..]
        if matches!(next.as_char(), '.' | '-'))
}

/// Whether a statement begins at the first of `rest`, so that the one before it lacks its `;`.
fn begins_another(piece: &[TokenTree], rest: &[TokenTree]) -> bool {
    let is_declaration = |trees: &[TokenTree]| {
        matches!(trees, [TokenTree::Ident(word), TokenTree::Ident(_), ..]
            if KEYWORDS.contains(&word.to_string().as_str()))
    };
    // Attributes and documentation are no statement.
    let piece = &piece[statement_begin(piece).unwrap_or(0).min(piece.len())..];
    let is_brace = |tree: &TokenTree| matches!(tree, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
    let ends = match piece.last() {
        None | Some(TokenTree::Punct(_)) => false,
        Some(last) => piece.len() > 2 || is_brace(last),
    };
    // Behind a node of a chain stands an arrow.
    let is_chain = has_arrow(piece) && !is_declaration(piece);
    // `-> db source users: ...`, `-> api api.db -> db`, and `node db: Database { .. } users -> db`.
    ends && (is_declaration(rest)
        || (is_chain && begins_chain(rest))
        || (is_declaration(piece)
            && piece.last().is_some_and(is_brace)
            && matches!(rest, [TokenTree::Ident(_), TokenTree::Punct(_), ..])))
}

/// The name that a statement declares: what follows its first word, even where that is
/// misspelled, or the first word where it is forgotten.
fn declared(piece: &[TokenTree]) -> Option<Ident> {
    let begin = statement_begin(piece)?;
    match piece.get(begin..begin + 3)? {
        [TokenTree::Ident(_), TokenTree::Ident(name), _] => Some(name.clone()),
        [TokenTree::Ident(name), TokenTree::Punct(colon), _] if colon.as_char() == ':' => {
            Some(name.clone())
        }
        _ => None,
    }
}

/// The first words of a statement, to name it in a message.
fn words(piece: &[TokenTree]) -> String {
    let idents = piece.iter().take_while(|tree| matches!(tree, TokenTree::Ident(_)));
    let words: Vec<String> = idents.take(2).map(ToString::to_string).collect();
    if words.is_empty() { "this statement".to_owned() } else { words.join(" ") }
}

/// Where the attributes and documentation of a statement end; `None` for no statement at all.
pub(super) fn statement_begin(piece: &[TokenTree]) -> Option<usize> {
    let is_hash =
        |tree: &TokenTree| matches!(tree, TokenTree::Punct(hash) if hash.as_char() == '#');
    let attributes = piece
        .chunks(2)
        .take_while(|pair| is_hash(&pair[0]) && matches!(pair.get(1), Some(TokenTree::Group(_))));
    let begin = 2 * attributes.count();
    (!piece.is_empty()).then_some(begin)
}
