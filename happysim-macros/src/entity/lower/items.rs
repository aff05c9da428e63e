//! Items that are declared in the body: they stand at its beginning, wherever they were.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Block, Item, Stmt, UseTree};

use super::Lowering;
use crate::entity::codes;

impl Lowering<'_> {
    /// Takes over the items of a block, which can be seen in all of it. Those of an inner one must not mean
    /// anything to the code around it.
    pub(super) fn items(&mut self, block: &Block) {
        let is_outermost = self.scopes.len() == 1;
        for statement in &block.stmts {
            let Stmt::Item(item) = statement else { continue };
            if !is_outermost {
                self.refuse_seen_outside(item, block);
            }
            self.graph.items.push(item.to_token_stream());
        }
    }

    fn refuse_seen_outside(&mut self, item: &Item, block: &Block) {
        let message = match declared(item) {
            Some(names) => {
                let body = self.method.block.to_token_stream();
                let is_seen = |name: &Ident| {
                    mentions(body.clone(), name) > mentions(block.to_token_stream(), name)
                };
                let Some(name) = names.into_iter().find(is_seen) else { return };
                format!(
                    "`{name}` is declared in a block with a step in it, and the name also occurs outside \
                     of the block, where it would have the same meaning, since the function is taken apart \
                     at its steps: give it another name, or declare it at the beginning of the function"
                )
            }
            None => "what this brings into a block with a step in it would be seen in the whole function, \
                     which is taken apart at its steps: name each item, or move it to the beginning of the \
                     function"
                .to_owned(),
        };
        self.errors.error(codes::ITEM, item, message);
    }
}

/// The names that an item declares; `None` if they cannot be seen.
fn declared(item: &Item) -> Option<Vec<Ident>> {
    Some(match item {
        Item::Const(item) => vec![item.ident.clone()],
        Item::Enum(item) => vec![item.ident.clone()],
        Item::Fn(item) => vec![item.sig.ident.clone()],
        Item::Macro(item) => vec![item.ident.clone()?],
        Item::Mod(item) => vec![item.ident.clone()],
        Item::Static(item) => vec![item.ident.clone()],
        Item::Struct(item) => vec![item.ident.clone()],
        Item::Trait(item) => vec![item.ident.clone()],
        Item::TraitAlias(item) => vec![item.ident.clone()],
        Item::Type(item) => vec![item.ident.clone()],
        Item::Union(item) => vec![item.ident.clone()],
        Item::Impl(_) => Vec::new(),
        Item::Use(item) => {
            let mut names = Vec::new();
            imported(&item.tree, &mut names)?;
            names
        }
        _ => return None,
    })
}

fn imported(tree: &UseTree, names: &mut Vec<Ident>) -> Option<()> {
    match tree {
        UseTree::Path(path) => imported(&path.tree, names),
        UseTree::Name(name) => {
            names.push(name.ident.clone());
            Some(())
        }
        UseTree::Rename(name) => {
            names.push(name.rename.clone());
            Some(())
        }
        UseTree::Group(group) => group.items.iter().try_for_each(|tree| imported(tree, names)),
        UseTree::Glob(_) => None,
    }
}

/// How often the name occurs.
fn mentions(tokens: TokenStream, name: &Ident) -> usize {
    let count = |tree| match tree {
        TokenTree::Ident(ident) => usize::from(ident == *name),
        TokenTree::Group(group) => mentions(group.stream(), name),
        _ => 0,
    };
    tokens.into_iter().map(count).sum()
}
