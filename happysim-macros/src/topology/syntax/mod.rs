//! What `topology!` is given, as written: statements, each parsed on its own, so that a broken
//! one does not hide the others.

mod chain;
mod declarations;
mod pieces;
mod shorthand;
mod statement;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::token::Paren;
use syn::{Attribute, Expr, Generics, Token, Type, Visibility, WhereClause};

pub(super) use chain::wired_alike;

use super::codes;
use crate::diagnostics::Diagnostics;

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
    pub(crate) preset: Option<Preset>,
    pub(crate) fields: Vec<FieldValue>,
}

/// `internet()` of `Link::internet()`.
pub(crate) struct Preset {
    pub(crate) name: Ident,
    /// As they were written: rustc tells there of an argument that is missing.
    pub(crate) parens: Paren,
    pub(crate) arguments: Punctuated<Expr, Token![,]>,
}

impl ToTokens for Preset {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.name.to_tokens(tokens);
        self.parens.surround(tokens, |inner| self.arguments.to_tokens(inner));
    }
}

/// `workers: 8`
pub(crate) struct FieldValue {
    pub(crate) name: Ident,
    pub(crate) value: Expr,
}

/// `shared vault: Mutex;`
pub(crate) struct Shared {
    pub(crate) attributes: Vec<Attribute>,
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
            if KEYWORDS.contains(&name.to_string().as_str()) && !input.peek(syn::token::Brace) {
                return Err(syn::Error::new(name.span(), "the topology has no name"));
            }
            let mut generics: Generics = input.parse()?;
            generics.where_clause = input.parse::<Option<WhereClause>>()?;
            if input.peek(Paren) {
                let message = "a parameter is a statement, `param name: Type;`";
                return Err(input.error(message));
            }
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
                (topology.statements, topology.broken) = pieces::statements(body, diagnostics);
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
