//! What `topology!` is given, as written: statements, each parsed on its own, so that a broken
//! one does not hide the others.

use proc_macro2::{Delimiter, Ident, Punct, Spacing, Span, TokenStream, TokenTree};
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
    /// The names that statements declare which cannot be parsed.
    pub(crate) broken: Vec<Ident>,
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
            Ok((
                Self {
                    attributes,
                    visibility,
                    name,
                    generics,
                    statements: Vec::new(),
                    broken: Vec::new(),
                },
                body,
            ))
        };
        match head.parse2(input) {
            Ok((mut topology, body)) => {
                (topology.statements, topology.broken) = statements(body, diagnostics);
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
fn statements(body: TokenStream, diagnostics: &mut Diagnostics) -> (Vec<Statement>, Vec<Ident>) {
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

/// Whether a statement begins at the first of `rest`, so that the one before it lacks its `;`.
fn begins_another(piece: &[TokenTree], rest: &[TokenTree]) -> bool {
    let is_declaration = |trees: &[TokenTree]| {
        matches!(trees, [TokenTree::Ident(word), TokenTree::Ident(_), ..]
            if KEYWORDS.contains(&word.to_string().as_str()))
    };
    let is_brace = |tree: &TokenTree| matches!(tree, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
    let ends = match piece.last() {
        None | Some(TokenTree::Punct(_)) => false,
        Some(last) => piece.len() > 2 || is_brace(last),
    };
    // `-> db source users: ...`, and `node db: Database { .. } users -> db`.
    ends && (is_declaration(rest)
        || (is_declaration(piece)
            && piece.last().is_some_and(is_brace)
            && matches!(rest, [TokenTree::Ident(_), TokenTree::Punct(_), ..])))
}

/// The name that a statement declares: what follows its first word, even where that is
/// misspelled.
fn declared(piece: &[TokenTree]) -> Option<Ident> {
    let begin = statement_begin(piece)?;
    match piece.get(begin..begin + 3)? {
        [TokenTree::Ident(_), TokenTree::Ident(name), _] => Some(name.clone()),
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
fn statement_begin(piece: &[TokenTree]) -> Option<usize> {
    let is_hash =
        |tree: &TokenTree| matches!(tree, TokenTree::Punct(hash) if hash.as_char() == '#');
    let attributes = piece
        .chunks(2)
        .take_while(|pair| is_hash(&pair[0]) && matches!(pair.get(1), Some(TokenTree::Group(_))));
    let begin = 2 * attributes.count();
    (!piece.is_empty()).then_some(begin)
}

/// Parses a statement whose `;` is at `end`: where something is missing there, that is the place.
fn statement(piece: Vec<TokenTree>, end: Span, diagnostics: &mut Diagnostics) -> Option<Statement> {
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
    let mut piece = piece;
    let is_chain = !is_declaration && {
        mend_arrows(&mut piece, diagnostics);
        piece.windows(2).any(|pair| is_pair(pair, '-', '>'))
    };
    let written: TokenStream = piece.iter().cloned().collect();
    let mut semicolon = Punct::new(';', Spacing::Alone);
    semicolon.set_span(end);
    let mut tokens: TokenStream = units::rewrite(adjacent(piece), diagnostics);
    tokens.extend([TokenTree::Punct(semicolon)]);
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
    let form = match keyword.as_str() {
        "param" => "a parameter is written `param name: Type = value;`",
        "source" => "a source is written `source name: poisson(100/s) emits Message;`",
        "node" => "a node is written `node name: Entity { parameter: value };`",
        "link" => "a link is written `link name: Link { latency: 5ms };`",
        "shared" => "a shared object is written `shared name: Mutex;`",
        _ => "an arrow is written `node.port -> node.handler;`",
    };
    result.map_err(|error| diagnostics.syn_error(codes::SYNTAX, with_form(&error, form))).ok()
}

/// What `syn` says about the place where a statement cannot go on, and how it is written.
fn with_form(error: &syn::Error, form: &str) -> syn::Error {
    let mut all = error.clone().into_iter();
    let Some(first) = all.next() else { return error.clone() };
    let text = first.to_string();
    let help = if text.contains("help: ") { String::new() } else { format!("\nhelp: {form}") };
    let text = if text.contains("expected one of: `for`, parentheses") {
        "expected a type".to_owned()
    } else {
        text.replace("unexpected end of input, expected", "expected")
    };
    let mut combined = syn::Error::new(first.span(), format!("{text}{help}"));
    all.for_each(|other| combined.combine(other));
    combined
}

fn is_pair(pair: &[TokenTree], first: char, second: char) -> bool {
    matches!(pair, [TokenTree::Punct(one), TokenTree::Punct(two)]
        if one.as_char() == first && one.spacing() == Spacing::Joint && two.as_char() == second)
}

/// Reports what is no arrow but meant as one, and makes one of it, so that the nodes around it are
/// known to be connected.
fn mend_arrows(piece: &mut [TokenTree], diagnostics: &mut Diagnostics) {
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
        for (tree, character, spacing) in [(0, '-', Spacing::Joint), (1, '>', Spacing::Alone)] {
            let mut punct = Punct::new(character, spacing);
            punct.set_span(pair[tree].span());
            pair[tree] = TokenTree::Punct(punct);
        }
    }
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
        // `cv -0.8` names a negative number, and is no subtraction.
        if let [.., TokenTree::Ident(name), TokenTree::Punct(minus)] = &out[..]
            && name == "cv"
            && minus.as_char() == '-'
            && matches!(tree, TokenTree::Literal(_))
        {
            let minus = out.pop();
            let signed: TokenStream = minus.into_iter().chain([tree]).collect();
            out.push(TokenTree::Group(proc_macro2::Group::new(
                proc_macro2::Delimiter::Parenthesis,
                signed,
            )));
            continue;
        }
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
    if input.parse::<Option<Token![;]>>()?.is_some() {
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
            Some(word) => {
                let message =
                    format!("expected `emits` and the type of the messages, not `{word}`");
                return Err(syn::Error::new(word.span(), message));
            }
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
        if input.peek(Token![=]) {
            let message = format!("a parameter is given with `:`\nhelp: write `{name}: ...`");
            return Err(input.error(message));
        }
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
        while input.parse::<Option<Token![;]>>()?.is_none() {
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
        if input.peek(syn::Ident) && input.peek2(Token![=]) && !input.peek2(Token![==]) {
            let name: Ident = input.parse()?;
            let message = format!("a parameter is given with `:`\nhelp: write `{name}: ...`");
            return Err(input.error(message));
        }
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
