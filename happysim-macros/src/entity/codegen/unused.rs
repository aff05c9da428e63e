//! Locals that nobody reads, as rustc tells of them elsewhere.
//!
//! The generated function hands locals from state to state, so that rustc's own lint is switched
//! off there. Here each local that is never read is declared once more, by the user's own token.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Attribute;

use crate::entity::cfg::{Bindings, Graph, Origin};
use crate::entity::signature::{EntityImpl, Method, is_about_lints};

pub(super) fn items(entity: &EntityImpl, method: &Method, graph: &Graph) -> TokenStream {
    let mut read = Bindings::new();
    for block in &graph.blocks {
        read.extend(block.statements.iter().flat_map(|statement| &statement.uses.reads));
        read.extend(&block.terminator().uses().reads);
    }
    let unused: Vec<&Ident> = graph
        .bindings
        .iter()
        .enumerate()
        .filter(|(id, binding)| binding.origin == Origin::Named && !read.contains(id))
        .map(|(_, binding)| &binding.name)
        .filter(|name| !name.to_string().starts_with('_'))
        .collect();
    if unused.is_empty() {
        return TokenStream::new();
    }
    let of_block = entity.attributes.iter().filter(|attribute| is_about_lints(attribute));
    let lints: Vec<&Attribute> = of_block.chain(&method.lints).chain(&graph.lints).collect();
    quote! {
        const _: () = {
            #(#lints)*
            #[allow(dead_code, reason = "it is there for the lint on its locals")]
            fn unused() {
                #(let #unused = 0;)*
            }
        };
    }
}
