//! The generic parameters of an entity.

use syn::{GenericParam, Generics, WherePredicate};

use crate::diagnostics::Diagnostics;
use crate::entity::codes;

/// Refuses type parameters without bounds: every entity is copied and shown. They are given the
/// bound, so that nothing else goes wrong.
pub(crate) fn check(generics: &mut Generics, errors: &mut Diagnostics) {
    let conditions = generics.where_clause.clone();
    let is_bounded_below = |parameter: &syn::TypeParam| {
        conditions.iter().flat_map(|conditions| &conditions.predicates).any(|predicate| {
            matches!(predicate, WherePredicate::Type(predicate)
                if matches!(&predicate.bounded_ty, syn::Type::Path(path)
                    if path.path.is_ident(&parameter.ident)))
        })
    };
    for parameter in &mut generics.params {
        if let GenericParam::Type(parameter) = parameter
            && parameter.bounds.is_empty()
            && !is_bounded_below(parameter)
        {
            errors.error(
                codes::UNBOUNDED,
                &parameter.ident,
                format!(
                    "every part of an entity is copied and shown, so that `{0}` needs a bound: \
                     write `{0}: Message`",
                    parameter.ident
                ),
            );
            parameter.bounds.push(syn::parse_quote!(::happysim::Message));
        }
    }
}
