//! What the struct asks of its type parameters, which the block takes for granted.
//!
//! What the block asks of them itself is held against the struct at one place. Everything else would
//! fail too if it asked for less.

use syn::{
    Attribute, GenericArgument, GenericParam, Generics, Path, PathArguments, PathSegment, Type,
    TypeParam,
};

use super::EntityImpl;
use crate::entity::names;

/// The block's parameters, each with what the struct asks of that in whose place it stands.
pub(super) fn with_bounds(written: &Generics, entity: &PathSegment, structure: &Path) -> Generics {
    let mut generics = written.clone();
    let PathArguments::AngleBracketed(arguments) = &entity.arguments else { return generics };
    for (index, argument) in arguments.args.iter().enumerate() {
        let Some(name) = names::bounds(index) else { break };
        if let Some(parameter) = named(&mut generics, argument) {
            parameter.bounds.push(syn::parse_quote!(#structure::#name));
        }
    }
    generics
}

/// The parameter that the argument is.
fn named<'a>(generics: &'a mut Generics, argument: &GenericArgument) -> Option<&'a mut TypeParam> {
    let GenericArgument::Type(Type::Path(argument)) = argument else { return None };
    let mut parameters = generics.type_params_mut();
    parameters.find(|parameter| argument.path.is_ident(&parameter.ident))
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
