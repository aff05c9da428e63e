//! What the struct asks of its type parameters, which the block takes for granted.
//!
//! What the block asks of them itself is held against the struct at one place. Everything else would
//! fail too if it asked for less.

use proc_macro2::Ident;
use syn::punctuated::Punctuated;
use syn::{
    Attribute, GenericArgument, GenericParam, Generics, Path, PathArguments, PathSegment, Token,
    Type, TypeParam, TypeParamBound, WherePredicate,
};

use super::EntityImpl;
use crate::entity::names;

/// The block's parameters, each with what the struct asks of that in whose place it stands.
pub(super) fn with_bounds(written: &Generics, entity: &PathSegment, structure: &Path) -> Generics {
    let mut generics = written.clone();
    let PathArguments::AngleBracketed(arguments) = &entity.arguments else { return generics };
    for (index, argument) in arguments.args.iter().enumerate() {
        let Some(name) = names::bounds(index) else { break };
        if let GenericArgument::Type(ty) = argument
            && let Some(bounds) = bounds_of(&mut generics, ty)
        {
            bounds.push(syn::parse_quote!(#structure::#name));
        }
    }
    generics
}

/// The bounds of the type, if it is a parameter: below the others where its own stand there.
fn bounds_of<'a>(
    generics: &'a mut Generics,
    ty: &Type,
) -> Option<&'a mut Punctuated<TypeParamBound, Token![+]>> {
    let is_named = |name: &Ident| matches!(ty, Type::Path(path) if path.path.is_ident(name));
    let mut parameters = generics.params.iter_mut().filter_map(|parameter| match parameter {
        GenericParam::Type(parameter) => Some(parameter),
        _ => None,
    });
    let parameter = parameters.find(|parameter| is_named(&parameter.ident))?;
    let predicates = generics.where_clause.iter_mut().flat_map(|below| &mut below.predicates);
    let mut below = predicates.filter_map(|predicate| match predicate {
        WherePredicate::Type(predicate) => Some(predicate),
        _ => None,
    });
    let below = below.find(|predicate| predicate.bounded_ty == *ty);
    Some(below.map_or(&mut parameter.bounds, |predicate| &mut predicate.bounds))
}

impl EntityImpl {
    /// The parameters for what is documented: what is taken for granted is not for readers.
    pub(crate) fn declared_generics(&self) -> Generics {
        let mut generics = self.generics.clone();
        generics.params = (self.generics.params.iter())
            .flat_map(|parameter| match parameter {
                GenericParam::Type(parameter) => self.for_readers(parameter),
                other => vec![other.clone()],
            })
            .collect();
        generics
    }

    fn for_readers(&self, parameter: &TypeParam) -> Vec<GenericParam> {
        let mut written = self.written_generics.type_params();
        let Some(written) = written.find(|written| written.ident == parameter.ident) else {
            return vec![GenericParam::Type(parameter.clone())];
        };
        if written.bounds.len() == parameter.bounds.len() {
            return vec![GenericParam::Type(parameter.clone())];
        }
        let only = |attribute: Attribute, parameter: &TypeParam| {
            let mut parameter = parameter.clone();
            parameter.attrs.push(attribute);
            GenericParam::Type(parameter)
        };
        vec![
            only(syn::parse_quote!(#[cfg(doc)]), written),
            only(syn::parse_quote!(#[cfg(not(doc))]), parameter),
        ]
    }
}
