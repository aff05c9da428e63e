//! What `topology!` is given, as written: statements, each parsed on its own, so that a broken
//! one does not hide the others.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Generics, Path, Token, Type, Visibility, WhereClause};

use super::codes;
use crate::diagnostics::{Diagnostics, did_you_mean, expected_one_of};
use crate::units;

/// The whole input.
pub(crate) struct Topology {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) name: Ident,
    pub(crate) generics: Generics,
    pub(crate) statements: Vec<Statement>,
}

#[allow(clippy::large_enum_variant, reason = "a syntax tree lives for one expansion")]
pub(crate) enum Statement {
    Param(Param),
    Source(Source),
    Node(Node),
    Shared(Shared),
    Chain(Chain),
}

/// `param peak: Rate = 400/s;`
pub(crate) struct Param {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) name: Ident,
    pub(crate) ty: Type,
    pub(crate) default: Option<Expr>,
    /// The default as it was written.
    pub(crate) default_text: String,
}

/// `source users: poisson(50/s) emits Request;`
pub(crate) struct Source {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) name: Ident,
    pub(crate) arrivals: Expr,
    pub(crate) message: Type,
    pub(crate) make: Option<Expr>,
}

/// `node api[replicas]: Api { workers: 8 };`, `link internet: Link::internet();`
pub(crate) struct Node {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) is_link: bool,
    pub(crate) name: Ident,
    pub(crate) count: Option<Expr>,
    pub(crate) entity: EntityValue,
}

/// An entity and its parameters.
pub(crate) struct EntityValue {
    pub(crate) ty: Type,
    /// `internet` and `()` of `Link::internet()`.
    pub(crate) preset: Option<(Ident, Punctuated<Expr, Token![,]>)>,
    pub(crate) fields: Vec<FieldValue>,
}

/// `workers: 8`
pub(crate) struct FieldValue {
    pub(crate) name: Ident,
    pub(crate) value: Expr,
}

/// `shared vault: Mutex;`
pub(crate) struct Shared {
    pub(crate) name: Ident,
    pub(crate) ty: Type,
    pub(crate) value: Option<Expr>,
}

/// `api.db -> breaker(failures: 5) -> db;`
pub(crate) struct Chain {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) first: Hop,
    pub(crate) rest: Vec<(Token![->], Hop)>,
}

#[allow(clippy::large_enum_variant, reason = "a syntax tree lives for one expansion")]
pub(crate) enum Hop {
    /// A declared node.
    Named(Named),
    /// A wrapper, declared where it stands.
    Wrapper(Wrapper),
}

/// `api`, `api.db`, `api[*]`
pub(crate) struct Named {
    pub(crate) name: Ident,
    pub(crate) member: Option<Ident>,
    pub(crate) index: Option<Index>,
}

impl Named {
    pub(crate) fn tokens(&self) -> TokenStream {
        let Self { name, member, .. } = self;
        match member {
            Some(member) => quote!(#name.#member),
            None => quote!(#name),
        }
    }
}

/// `breaker(failures: 5, open: 30s)`, `MyWrapper { limit: 3 }`
pub(crate) struct Wrapper {
    pub(crate) name: Ident,
    pub(crate) entity: WrapperEntity,
}

#[allow(clippy::large_enum_variant, reason = "a syntax tree lives for one expansion")]
pub(crate) enum WrapperEntity {
    /// Positional and named arguments of one of the library's wrappers.
    Call(Vec<Argument>),
    /// Any entity.
    Entity(EntityValue),
}

/// `64` or `failures: 5`
pub(crate) struct Argument {
    pub(crate) name: Option<Ident>,
    pub(crate) value: Expr,
}

#[allow(clippy::large_enum_variant, reason = "a syntax tree lives for one expansion")]
pub(crate) enum Index {
    /// `[*]`: a lane to each replica.
    All(Span),
    /// `[same]`: to the replica with the caller's number.
    Same(Span),
    /// `[2]`: to this replica.
    One(Expr),
}

/// The words that begin a statement.
const KEYWORDS: [&str; 5] = ["param", "source", "node", "link", "shared"];

impl Topology {
    /// Parses everything that can be parsed, and reports the rest.
    pub(crate) fn parse(input: TokenStream, diagnostics: &mut Diagnostics) -> Option<Self> {
        let head = |input: ParseStream<'_>| {
            let attributes = input.call(Attribute::parse_outer)?;
            let visibility: Visibility = input.parse()?;
            let name: Ident = input.parse()?;
            let mut generics: Generics = input.parse()?;
            generics.where_clause = input.parse::<Option<WhereClause>>()?;
            let body;
            syn::braced!(body in input);
            let body: TokenStream = body.parse()?;
            Ok((Self { attributes, visibility, name, generics, statements: Vec::new() }, body))
        };
        match head.parse2(input) {
            Ok((mut topology, body)) => {
                topology.statements = statements(body, diagnostics);
                Some(topology)
            }
            Err(error) => {
                let message = format!(
                    "{error}; a topology is a name and statements: `topology! {{ pub Shop {{ ... }} }}`"
                );
                diagnostics.syn_error(codes::HEAD, syn::Error::new(error.span(), message));
                None
            }
        }
    }
}

/// Splits at `;` and parses each piece.
fn statements(body: TokenStream, diagnostics: &mut Diagnostics) -> Vec<Statement> {
    let mut parsed = Vec::new();
    let mut piece: Vec<TokenTree> = Vec::new();
    for tree in body {
        if matches!(&tree, TokenTree::Punct(punct) if punct.as_char() == ';') {
            parsed.extend(statement(core::mem::take(&mut piece), diagnostics));
        } else {
            piece.push(tree);
        }
    }
    if let Some(last) = piece.last().cloned() {
        let name = words(&piece);
        parsed.extend(statement(piece, diagnostics));
        diagnostics.error(codes::SEMICOLON, last, format!("`{name}` needs a `;` at its end"));
    }
    parsed
}

/// The first words of a statement, to name it in a message.
fn words(piece: &[TokenTree]) -> String {
    let idents = piece.iter().take_while(|tree| matches!(tree, TokenTree::Ident(_)));
    let words: Vec<String> = idents.take(2).map(ToString::to_string).collect();
    if words.is_empty() { "this statement".to_owned() } else { words.join(" ") }
}

fn statement(piece: Vec<TokenTree>, diagnostics: &mut Diagnostics) -> Option<Statement> {
    let first = piece.iter().find_map(|tree| match tree {
        TokenTree::Ident(ident) => Some(ident.clone()),
        _ => None,
    })?;
    let is_chain = piece.windows(2).any(|pair| {
        matches!(pair, [TokenTree::Punct(minus), TokenTree::Punct(greater)]
            if minus.as_char() == '-' && greater.as_char() == '>')
    });
    let written: TokenStream = piece.iter().cloned().collect();
    let tokens: TokenStream = units::rewrite(adjacent(piece), diagnostics);
    let keyword = first.to_string();
    let result = match keyword.as_str() {
        "param" => Param::parse.parse2(tokens).map(|param| {
            let written = written.to_string();
            let default_text = written.split_once(" = ").map_or("", |(_, text)| text);
            let default_text = default_text.replace(" / ", "/").replace(" :: ", "::");
            Statement::Param(Param { default_text, ..param })
        }),
        "source" => Source::parse.parse2(tokens).map(Statement::Source),
        "node" | "link" => Node::parse.parse2(tokens).map(Statement::Node),
        "shared" => Shared::parse.parse2(tokens).map(Statement::Shared),
        _ if is_chain => Chain::parse.parse2(tokens).map(Statement::Chain),
        _ => {
            let hint = match did_you_mean(&keyword, KEYWORDS) {
                Some(known) => format!("; did you mean `{known}`?"),
                None => String::new(),
            };
            let expected = expected_one_of(&KEYWORDS);
            diagnostics.error(
                codes::STATEMENT,
                first,
                format!("`{keyword}` begins no statement{hint}\nhelp: {expected}, or an arrow: `a -> b;`"),
            );
            return None;
        }
    };
    result.map_err(|error| diagnostics.syn_error(codes::SYNTAX, error)).ok()
}

/// `cv 0.8` is `cv(0.8)`: a word before a literal names what the literal is.
fn adjacent(piece: Vec<TokenTree>) -> TokenStream {
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
                let mut changed = proc_macro2::Group::new(group.delimiter(), inner);
                changed.set_span(group.span());
                TokenTree::Group(changed)
            }
            other => other,
        };
        let follows_name = matches!(
            out.last(),
            Some(TokenTree::Ident(name)) if !NOT_NAMES.contains(&name.to_string().as_str())
        );
        if follows_name && matches!(tree, TokenTree::Literal(_)) {
            let span = tree.span();
            let mut group = proc_macro2::Group::new(
                proc_macro2::Delimiter::Parenthesis,
                tree.into_token_stream(),
            );
            group.set_span(span);
            out.push(TokenTree::Group(group));
        } else {
            out.push(tree);
        }
    }
    out.into_iter().collect()
}

fn keyword(input: ParseStream<'_>) -> syn::Result<(Vec<Attribute>, Ident)> {
    let attributes = input.call(Attribute::parse_outer)?;
    Ok((attributes, input.parse()?))
}

/// After a complete statement nothing may follow but its `;`.
fn end(input: ParseStream<'_>, what: &str) -> syn::Result<()> {
    if input.is_empty() {
        Ok(())
    } else {
        Err(input.error(format!("unexpected after {what}; is a `;` missing before it?")))
    }
}

impl Param {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let (attributes, _) = keyword(input)?;
        let name: Ident = input.parse()?;
        input.parse::<Token![:]>()?;
        let ty: Type = input.parse()?;
        let default = match input.parse::<Option<Token![=]>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        end(input, "this parameter")?;
        Ok(Self { attributes, name, ty, default, default_text: String::new() })
    }
}

impl Source {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let (attributes, _) = keyword(input)?;
        let name: Ident = input.parse()?;
        input.parse::<Token![:]>()?;
        let arrivals: Expr = input.parse()?;
        let word: Option<Ident> = input.parse()?;
        let message = match word {
            Some(word) if word == "emits" => input.parse()?,
            Some(word) => return Err(syn::Error::new(word.span(), "expected `emits`")),
            None => syn::parse_quote_spanned!(name.span()=> ()),
        };
        let make = match input.parse::<Option<Token![=]>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        end(input, "this source")?;
        Ok(Self { attributes, name, arrivals, message, make })
    }
}

impl Node {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let (attributes, word) = keyword(input)?;
        let name: Ident = input.parse()?;
        let count = if input.peek(syn::token::Bracket) {
            let inner;
            syn::bracketed!(inner in input);
            Some(inner.parse()?)
        } else {
            None
        };
        input.parse::<Token![:]>()?;
        let entity = EntityValue::parse(input)?;
        end(input, "this node")?;
        Ok(Self { attributes, is_link: word == "link", name, count, entity })
    }
}

impl EntityValue {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let ty: Type = input.parse()?;
        let (ty, preset) = if input.peek(syn::token::Paren) {
            let (ty, preset) = split_preset(ty)?;
            let inner;
            syn::parenthesized!(inner in input);
            (ty, Some((preset, Punctuated::parse_terminated(&inner)?)))
        } else {
            (ty, None)
        };
        let fields = if input.peek(syn::token::Brace) {
            let inner;
            syn::braced!(inner in input);
            let fields = Punctuated::<FieldValue, Token![,]>::parse_terminated(&inner)?;
            fields.into_iter().collect()
        } else {
            Vec::new()
        };
        Ok(Self { ty, preset, fields })
    }
}

/// `Link::internet` is the type `Link` and its preset `internet`.
fn split_preset(ty: Type) -> syn::Result<(Type, Ident)> {
    let Type::Path(mut path) = ty else {
        return Err(syn::Error::new(ty.span(), "expected a preset such as `Link::internet()`"));
    };
    let Some(last) = path.path.segments.pop() else {
        return Err(syn::Error::new(path.span(), "expected a preset such as `Link::internet()`"));
    };
    if path.path.segments.is_empty() {
        let message =
            format!("a node's parameters stand in braces: `{} {{ name: value }}`", last.ident);
        return Err(syn::Error::new(last.span(), message));
    }
    path.path.segments.pop_punct();
    let path: Path = path.path;
    Ok((Type::Path(syn::TypePath { attrs: Vec::new(), qself: None, path }), last.ident))
}

impl Parse for FieldValue {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name: Ident = input.parse()?;
        let value = if input.peek(Token![:]) {
            input.parse::<Token![:]>()?;
            input.parse()?
        } else {
            // `Api { workers }` as in Rust.
            syn::parse_quote!(#name)
        };
        Ok(Self { name, value })
    }
}

impl Shared {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        keyword(input)?;
        let name: Ident = input.parse()?;
        input.parse::<Token![:]>()?;
        let ty: Type = input.parse()?;
        let value = match input.parse::<Option<Token![=]>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        end(input, "this shared object")?;
        Ok(Self { name, ty, value })
    }
}

impl Chain {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let first = input.parse()?;
        let mut rest = Vec::new();
        while !input.is_empty() {
            rest.push((input.parse()?, input.parse()?));
        }
        Ok(Self { attributes, first, rest })
    }
}

impl Parse for Hop {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let fork = input.fork();
        let name: Ident = fork.parse()?;
        if fork.peek(syn::token::Paren) {
            let name: Ident = input.parse()?;
            let inner;
            syn::parenthesized!(inner in input);
            let arguments = Punctuated::<Argument, Token![,]>::parse_terminated(&inner)?;
            let entity = WrapperEntity::Call(arguments.into_iter().collect());
            return Ok(Self::Wrapper(Wrapper { name, entity }));
        }
        let is_type = fork.peek(syn::token::Brace) || fork.peek(Token![::]) || fork.peek(Token![<]);
        if is_type {
            let entity = WrapperEntity::Entity(EntityValue::parse(input)?);
            return Ok(Self::Wrapper(Wrapper { name, entity }));
        }
        Named::parse(input).map(Self::Named)
    }
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let is_named = input.peek(syn::Ident) && input.peek2(Token![:]) && !input.peek2(Token![::]);
        if !is_named {
            return Ok(Self { name: None, value: input.parse()? });
        }
        let name = input.parse()?;
        input.parse::<Token![:]>()?;
        Ok(Self { name: Some(name), value: input.parse()? })
    }
}

impl Named {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name: Ident = input.parse()?;
        let member = match input.parse::<Option<Token![.]>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        let index = if input.peek(syn::token::Bracket) {
            let inner;
            syn::bracketed!(inner in input);
            Some(Index::parse(&inner)?)
        } else {
            None
        };
        Ok(Self { name, member, index })
    }
}

impl Index {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if let Some(star) = input.parse::<Option<Token![*]>>()? {
            return Ok(Self::All(star.span()));
        }
        let fork = input.fork();
        if let Ok(word) = fork.parse::<Ident>()
            && word == "same"
            && fork.is_empty()
        {
            input.parse::<Ident>()?;
            return Ok(Self::Same(word.span()));
        }
        Ok(Self::One(input.parse()?))
    }
}
