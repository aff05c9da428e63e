//! Parsing chains of arrows.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Token};

use super::{Argument, Chain, EntityValue, Hop, Index, Named, Wrapper, WrapperEntity};

const ONE_NODE: &str = "an arrow leads to one node\nhelp: send to several with a replicated node and \
                        `[*]`, or put a balancer between them";

impl Chain {
    pub(super) fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let first = Hop::parse(input, true)?;
        let mut rest = Vec::new();
        while input.parse::<Option<Token![;]>>()?.is_none() {
            if input.peek(Token![,]) {
                return Err(input.error(ONE_NODE));
            }
            if input.peek(Token![:]) {
                let message = "an arrow has no properties\nhelp: what lies between two nodes is a node \
                               of its own: `a -> Link { latency: 5ms } -> b;`";
                return Err(input.error(message));
            }
            rest.push((input.parse()?, Hop::parse(input, false)?));
        }
        Ok(Self { attributes, first, rest })
    }
}

impl Hop {
    fn parse(input: ParseStream<'_>, is_first: bool) -> syn::Result<Self> {
        if input.peek(syn::token::Bracket) {
            return Err(input.error(ONE_NODE));
        }
        let fork = input.fork();
        let name: Ident = fork.call(Ident::parse_any)?;
        if fork.peek(syn::token::Paren) {
            let name: Ident = input.parse()?;
            let inner;
            syn::parenthesized!(inner in input);
            let arguments = Punctuated::<Argument, Token![,]>::parse_terminated(&inner)?;
            let entity = WrapperEntity::Call(arguments.into_iter().collect());
            return Ok(Self::Wrapper(Wrapper { name, entity }));
        }
        if let Some(behind) = joined_by_colons(&name, &fork) {
            let what = if is_first { "a port" } else { "a handler" };
            let message = format!("{what} is named behind a `.`\nhelp: write `{name}.{behind}`");
            return Err(syn::Error::new(fork.span(), message));
        }
        let is_type = fork.peek(syn::token::Brace) || fork.peek(Token![::]) || fork.peek(Token![<]);
        if is_type {
            let entity = WrapperEntity::Entity(EntityValue::parse(input)?);
            return Ok(Self::Wrapper(Wrapper { name, entity }));
        }
        Named::parse(input, is_first).map(Self::Named)
    }
}

/// The name in `node::name`, which is no type.
fn joined_by_colons(name: &Ident, behind_name: ParseStream<'_>) -> Option<Ident> {
    let is_lowercase = |name: &Ident| name.to_string().starts_with(char::is_lowercase);
    let fork = behind_name.fork();
    fork.parse::<Token![::]>().ok()?;
    let behind: Ident = fork.parse().ok()?;
    let is_end = fork.peek(Token![->]) || fork.peek(Token![;]);
    (is_lowercase(name) && is_lowercase(&behind) && is_end).then_some(behind)
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
    fn parse(input: ParseStream<'_>, is_first: bool) -> syn::Result<Self> {
        // Of a word of Rust its declaration tells.
        let name: Ident = input.call(Ident::parse_any)?;
        let member = match input.parse::<Option<Token![.]>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        let index = if input.peek(syn::token::Bracket) {
            let inner;
            let brackets = syn::bracketed!(inner in input);
            let text = inner.to_string();
            let index = Index::parse(&inner)?;
            if input.parse::<Option<Token![.]>>()?.is_some() {
                let behind: Ident = input.parse()?;
                let message = if is_first {
                    wired_alike(&name, Some(&behind))
                } else {
                    format!("an index stands at the end\nhelp: write `{name}.{behind}[{text}]`")
                };
                return Err(syn::Error::new(brackets.span.join(), message));
            }
            Some(index)
        } else {
            None
        };
        Ok(Self { name, member, index })
    }
}

/// What is said of an index before the arrow.
pub(in crate::topology) fn wired_alike(name: &Ident, port: Option<&Ident>) -> String {
    let port = port.map(|port| format!(".{port}")).unwrap_or_default();
    format!("all replicas of `{name}` are wired alike\nhelp: write `{name}{port} -> ...`")
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
