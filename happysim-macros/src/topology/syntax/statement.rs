//! A statement on its own, by the word with which it begins.

use proc_macro2::{Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use syn::parse::Parser;

use super::super::codes;
use super::pieces::statement_begin;
use super::shorthand::{adjacent, has_arrow, mend_arrows};
use super::{Chain, KEYWORDS, Node, Param, Shared, Source, Statement};
use crate::diagnostics::{Diagnostics, did_you_mean, expected_one_of};
use crate::units;

/// Parses a statement whose `;` is at `end`: where something is missing there, that is the place.
pub(super) fn statement(
    mut piece: Vec<TokenTree>,
    end: Span,
    diagnostics: &mut Diagnostics,
) -> Option<Statement> {
    let begin = statement_begin(&piece)?;
    let Some(TokenTree::Ident(first)) = piece.get(begin).cloned() else {
        let tree = &piece[begin.min(piece.len() - 1)];
        let message = format!(
            "no statement begins like this\nhelp: {}, or an arrow: `a -> b;`",
            expected_one_of(&KEYWORDS)
        );
        diagnostics.error(codes::STATEMENT, tree, message);
        return None;
    };
    let keyword = first.to_string();
    let is_declaration = KEYWORDS.contains(&keyword.as_str());
    if !is_declaration && !mend_arrows(&mut piece, diagnostics) {
        return None;
    }
    let is_chain = !is_declaration && has_arrow(&piece);
    let written: TokenStream = piece.iter().cloned().collect();
    let mut semicolon = Punct::new(';', Spacing::Alone);
    semicolon.set_span(end);
    let mut tokens: TokenStream = units::rewrite(adjacent(piece), diagnostics);
    tokens.extend([TokenTree::Punct(semicolon)]);
    if !is_declaration && !is_chain {
        begins_nothing(&first, &written, diagnostics);
        return None;
    }
    parse(&keyword, tokens, &written)
        .map_err(|error| diagnostics.syn_error(codes::SYNTAX, with_form(&error, form(&keyword))))
        .ok()
}

fn begins_nothing(first: &Ident, written: &TokenStream, diagnostics: &mut Diagnostics) {
    let second = written.clone().into_iter().nth(1);
    if matches!(second, Some(TokenTree::Punct(colon)) if colon.as_char() == ':') {
        let keyword = if written.to_string().contains(" emits ") { "source" } else { "node" };
        let message = format!(
            "what `{first}` is does not show\nhelp: {}, as in `{keyword} {first}: ...;`",
            expected_one_of(&KEYWORDS)
        );
        diagnostics.error(codes::STATEMENT, first, message);
        return;
    }
    let hint = match did_you_mean(&first.to_string(), KEYWORDS) {
        Some(known) => format!("; did you mean `{known}`?"),
        None => String::new(),
    };
    let expected = expected_one_of(&KEYWORDS);
    let message =
        format!("`{first}` begins no statement{hint}\nhelp: {expected}, or an arrow: `a -> b;`");
    diagnostics.error(codes::STATEMENT, first, message);
}

/// Parses what begins with one of the [`KEYWORDS`], or is a chain.
fn parse(keyword: &str, tokens: TokenStream, written: &TokenStream) -> syn::Result<Statement> {
    match keyword {
        "param" => Param::parse.parse2(tokens).map(|param| {
            let written = written.to_string();
            let default_text = written.split_once(" = ").map_or("", |(_, text)| text);
            let default_text = default_text.replace(" / ", "/").replace(" :: ", "::");
            Statement::Param(Param { default_text, ..param })
        }),
        "source" => Source::parse.parse2(tokens).map(Statement::Source),
        "node" | "link" => Node::parse.parse2(tokens).map(Statement::Node),
        "shared" => Shared::parse.parse2(tokens).map(Statement::Shared),
        _ => Chain::parse.parse2(tokens).map(Statement::Chain),
    }
}

/// How such a statement is written.
fn form(keyword: &str) -> &'static str {
    match keyword {
        "param" => "a parameter is written `param name: Type = value;`",
        "source" => "a source is written `source name: poisson(100/s) emits Message;`",
        "node" => "a node is written `node name: Entity { parameter: value };`",
        "link" => "a link is written `link name: Link { latency: 5ms };`",
        "shared" => "a shared object is written `shared name: Mutex;`",
        _ => "an arrow is written `node.port -> node.handler;`",
    }
}

/// What `syn` says about the place where a statement cannot go on, and how it is written.
fn with_form(error: &syn::Error, form: &str) -> syn::Error {
    let mut all = error.clone().into_iter();
    let Some(first) = all.next() else { return error.clone() };
    let text = first.to_string();
    if let Some(word) = text.strip_prefix("expected identifier, found keyword ") {
        let text = format!("{word} is a word of Rust and cannot be a name\nhelp: choose another");
        return syn::Error::new(first.span(), text);
    }
    let help = if text.contains("help: ") { String::new() } else { format!("\nhelp: {form}") };
    // Where a word of Rust would do too `syn` has another term.
    let text = if text.ends_with("expected ident") { format!("{text}ifier") } else { text };
    let text = if text.contains("expected one of: `for`, parentheses") {
        "expected a type".to_owned()
    } else {
        text.replace("unexpected end of input, expected", "expected")
    };
    let mut combined = syn::Error::new(first.span(), format!("{text}{help}"));
    all.for_each(|other| combined.combine(other));
    combined
}
