//! `topology!`: syntax -> model -> check -> code.

mod bounds;
mod check;
mod codegen;
mod codes;
mod diagram;
mod model;
mod relation;
mod review;
mod statistics;
mod structure;
mod syntax;
#[cfg(test)]
mod tests;
mod whole;
mod words;
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
    let (name, mut generics) = (topology.name.clone(), topology.generics.clone());
    let mut model = Model::resolve(topology, &mut diagnostics);
    check::check(&mut model, &mut generics, &mut diagnostics);
    // Of what is doubtful one of two mistakes is told.
    let is_broken = diagnostics.has_errors() || !model.doubtful.is_empty();
    let mut output = diagnostics.into_compile_errors();
    let input = codegen::Input::new(&attributes, &visibility, &name, &generics, &model, is_broken);
    output.extend(codegen::expand(&input));
    if !is_broken {
        output.extend(review::review(&model, &name, &generics));
    }
    output
}
