//! Types that are guessed, and those of locals that get their value later.

use quote::ToTokens;
use syn::{Expr, Type};

use super::Lowering;
use crate::entity::advice;
use crate::entity::cfg::{BindingId, Origin};
use crate::entity::types;

impl Lowering<'_> {
    /// Whether the type of a value, where it can be seen, may be another all the same.
    pub(super) fn is_guessed(&self, value: &Expr) -> bool {
        match value {
            Expr::Path(path) => {
                let local = path.path.get_ident().and_then(|name| self.lookup(name));
                local.is_some_and(|id| self.graph.bindings[id].guessed)
            }
            other => types::is_guessed(other),
        }
    }

    /// Notes that the types of locals are guessed from how their value is made.
    pub(super) fn note_guess(&mut self, ids: &[BindingId], value: &Expr) {
        let is_guessed = self.is_guessed(value);
        for &id in ids {
            let binding = &mut self.graph.bindings[id];
            // What is asked of rustc is no guess.
            let is_asked = |ty: &Type| ty.to_token_stream().to_string().contains(":: __private ::");
            binding.guessed |=
                is_guessed && !binding.annotated && !binding.ty.as_ref().is_some_and(is_asked);
        }
    }

    /// Notes what to write for `let name;`.
    pub(super) fn advise_declared(&mut self, id: BindingId) {
        let binding = &self.graph.bindings[id];
        if binding.ty.is_none() && binding.origin == Origin::Named {
            let (name, body) = (binding.name.clone(), &self.method.block);
            let advice = self.with_view(|view| advice::declared(view, &name, body));
            self.graph.bindings[id].advice = Some(advice);
        }
    }
}
