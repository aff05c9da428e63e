//! `topology!`: syntax -> model -> check -> code.

mod check;
mod codegen;
mod codes;
mod diagram;
mod model;
mod review;
mod syntax;
#[cfg(test)]
mod tests;
mod wrappers;

use proc_macro2::TokenStream;

use crate::diagnostics::Diagnostics;
use model::Model;
use syntax::Topology;

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let Some(topology) = Topology::parse(input, &mut diagnostics) else {
        return diagnostics.into_compile_errors();
    };
    let (attributes, visibility) = (topology.attributes.clone(), topology.visibility.clone());
    let (name, generics) = (topology.name.clone(), topology.generics.clone());
    let model = Model::resolve(topology, &mut diagnostics);
    if !diagnostics.has_errors() {
        check::check(&model, &mut diagnostics);
    }
    let has_errors = diagnostics.has_errors();
    let mut output = diagnostics.into_compile_errors();
    if !has_errors {
        output.extend(codegen::expand(&attributes, &visibility, &name, &generics, &model));
        output.extend(review::review(&model, &name, &generics));
    }
    output
}
