//! Parsing declarations: `param`, `source`, `node`, `link`, `shared`, and the entity of a node.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Path, Token, Type};

use super::{EntityValue, FieldValue, Node, Param, Preset, Shared, Source};

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
    pub(super) fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
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
    pub(super) fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let (attributes, _) = keyword(input)?;
        let name: Ident = input.parse()?;
        input.parse::<Token![:]>()?;
        let arrivals: Expr = input.parse()?;
        let word: Option<Ident> = input.parse()?;
        let message: Type = match word {
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
        if make.is_none() && (input.peek(syn::token::Brace) || input.peek(Token![|])) {
            let ty = message.to_token_stream();
            let message = format!(
                "each message of `{name}` is made for its arrival, by a function\n\
                 help: write `emits {ty} = |arrival| ...`"
            );
            return Err(input.error(message));
        }
        end(input, "this source")?;
        Ok(Self { attributes, name, arrivals, message, make })
    }
}

impl Node {
    pub(super) fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
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
    pub(super) fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let ty: Type = input.parse()?;
        let (ty, preset) = if input.peek(syn::token::Paren) {
            let (ty, preset) = split_preset(ty)?;
            let inner;
            let parens = syn::parenthesized!(inner in input);
            let arguments = Punctuated::parse_terminated(&inner)?;
            (ty, Some(Preset { name: preset, parens, arguments }))
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
            if input.is_empty() || input.peek(Token![,]) {
                let message = format!("`{name}` has no value\nhelp: write `{name}: ...`");
                return Err(syn::Error::new(name.span(), message));
            }
            input.parse()?
        } else {
            // `Api { workers }` as in Rust.
            syn::parse_quote!(#name)
        };
        Ok(Self { name, value })
    }
}

impl Shared {
    pub(super) fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let (attributes, _) = keyword(input)?;
        let name: Ident = input.parse()?;
        input.parse::<Token![:]>()?;
        let ty: Type = input.parse()?;
        let value = match input.parse::<Option<Token![=]>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        end(input, "this shared object")?;
        Ok(Self { attributes, name, ty, value })
    }
}
