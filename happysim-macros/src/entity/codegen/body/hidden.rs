//! Variables at the end of their scope, and behind others of the same name.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};

use super::{Body, Place, Slot};
use crate::entity::cfg::{BindingId, Bindings, BlockId, Origin, Terminator, Uses};
use crate::entity::codes;
use crate::entity::liveness::{Form, Status, Statuses, apply_uses};
use crate::entity::names::local;
use crate::entity::types;

impl Body<'_> {
    /// Those that a statement of the block from `first` on touches last before a step that drops
    /// them; their types cannot be seen.
    pub(super) fn dying_from(&self, id: BlockId, first: usize) -> Bindings {
        let count = self.graph.blocks[id].statements.len();
        (first..count).flat_map(|index| self.dying(id, index)).collect()
    }

    /// Those that the statement touches last before a step that drops them.
    pub(super) fn dying(&self, id: BlockId, index: usize) -> Bindings {
        let statement = &self.graph.blocks[id].statements[index];
        let (crossing, live) =
            (&self.flow.crossing_after[id][index], &self.flow.live_after[id][index]);
        let touched = statement.uses.reads.iter().chain(&statement.defines).copied();
        let is_checked =
            |id: &BindingId| crossing.contains(id) && !live.contains(id) && self.may_die(*id);
        touched.filter(is_checked).collect()
    }

    /// Those that have their last use before or in what the block ends with, or on another way from
    /// there, and are dropped at a step behind it.
    pub(super) fn dying_at_end(&self, id: BlockId) -> Bindings {
        let terminator = self.graph.blocks[id].terminator();
        let uses = terminator.uses();
        let is_step = matches!(terminator, Terminator::Step { .. });
        let dies = |binding: &BindingId| {
            let crosses = |target: &BlockId| {
                let crossing = if is_step {
                    &self.flow.crossing_out[id]
                } else {
                    &self.flow.crossing_in[*target]
                };
                crossing.contains(binding) && !self.flow.live_in[*target].contains(binding)
            };
            let stays = |uses: &Uses| {
                !uses.takes(*binding) || uses.parts.iter().any(|part| part.whole == *binding)
            };
            self.may_die(*binding)
                && stays(&uses)
                && match terminator {
                    Terminator::Match { arms, .. } => {
                        arms.iter().any(|arm| stays(&arm.taken) && crosses(&arm.target))
                    }
                    _ => terminator.successors().iter().any(crosses),
                }
        };
        self.flow.live_out[id].iter().copied().filter(|binding| dies(binding)).collect()
    }

    /// Those of the bindings that are made on the way into a block and are not used there before a
    /// step.
    pub(super) fn dying_at_once(&self, defines: &[BindingId], target: BlockId) -> Bindings {
        let (crossing, live) = (&self.flow.crossing_in[target], &self.flow.live_in[target]);
        let dies =
            |id: &BindingId| self.may_die(*id) && crossing.contains(id) && !live.contains(id);
        defines.iter().copied().filter(dies).collect()
    }

    /// Whether the local is not kept for its own sake.
    fn may_die(&self, id: BindingId) -> bool {
        let binding = &self.graph.bindings[id];
        binding.ty.is_none() && binding.origin != Origin::Temporary
    }

    /// Remembers the types of those that have a value here. A check needs no more: the value may
    /// be gone by then, taken by a method, which cannot be told from one that borrows.
    pub(super) fn probe(
        &self,
        ids: impl Iterator<Item = BindingId>,
        place: &Place,
        probed: &mut Bindings,
    ) -> TokenStream {
        let mut out = TokenStream::new();
        for id in ids {
            if let Some(variable) = place.variable_of(id) {
                let probe = self.probe_name(id);
                out.extend(quote!(let #probe = ::happysim::__private::HeldCheck::of(&#variable);));
                probed.insert(id);
            }
        }
        out
    }

    /// A local at the place of the binding, where the error belongs.
    fn probe_name(&self, id: BindingId) -> Ident {
        let binding = &self.graph.bindings[id];
        format_ident!("__held_{}", binding.field, span = binding.name.span())
    }

    /// Those that are dropped at the next step must not be of a kind that is held.
    pub(super) fn checks(&self, dying: &Bindings, probed: &Bindings, place: &Place) -> TokenStream {
        let checks = dying.iter().filter_map(|&id| {
            let variable = place.variable_of(id)?;
            let span = self.graph.bindings[id].name.span();
            let probe = if probed.contains(&id) {
                self.probe_name(id).to_token_stream()
            } else {
                quote_spanned!(span=> ::happysim::__private::HeldCheck::of(&#variable))
            };
            // Of what depends on parameters it is not known what it is made of.
            let is_known = self.entity.generics.params.is_empty();
            let check = match (self.graph.bindings[id].origin, is_known) {
                (Origin::Named, true) => "check_parts",
                (Origin::Named, false) => "check",
                (Origin::Pattern, true) => "check_bound_parts",
                (Origin::Pattern, false) => "check_bound",
                (Origin::Matched | Origin::Temporary, true) => "check_matched_parts",
                (Origin::Matched | Origin::Temporary, false) => "check_matched",
            };
            let check = Ident::new(check, span);
            let check = quote_spanned!(span=> #probe.#check());
            Some(quote!({
                #[allow(unused_imports, reason = "each is for some types only")]
                use ::happysim::__private::{HeldFallback as _, HeldPartsFallback as _};
                #check;
            }))
        });
        quote!(#(#checks)*)
    }

    /// Variables that a new one of the same name would hide although they are needed later.
    pub(super) fn shadowed(
        &self,
        defines: &[BindingId],
        uses: &Uses,
        live_after: &Bindings,
        place: &Place,
    ) -> Vec<BindingId> {
        let mut after = place.status.clone();
        apply_uses(&mut after, uses);
        let is_needed = |slot: &&Slot| {
            let binding = &self.graph.bindings[slot.binding];
            let is_hidden = defines.iter().any(|&id| self.graph.bindings[id].name == slot.variable);
            let is_held = binding.is_held() && after[slot.binding] != Status::Absent;
            is_hidden
                && !defines.contains(&slot.binding)
                && slot.variable == binding.name
                && (live_after.contains(&slot.binding) || is_held)
        };
        place.slots.iter().filter(is_needed).map(|slot| slot.binding).collect()
    }

    /// Gives variables another name of ours, where so much is known of their values.
    pub(super) fn save(
        &self,
        shadowed: &[BindingId],
        status: &Statuses,
        place: &mut Place,
    ) -> TokenStream {
        let mut out = TokenStream::new();
        for slot in place.slots.iter_mut().filter(|slot| shadowed.contains(&slot.binding)) {
            let binding = &self.graph.bindings[slot.binding];
            let old =
                core::mem::replace(&mut slot.variable, local(&format!("__{}", binding.field)));
            let new = &slot.variable;
            out.extend(quote!(let #new = #old;));
        }
        out.extend(self.renew_younger(shadowed, status, place));
        out
    }

    /// Declares those anew that are younger than any of these, which were: they are dropped before them,
    /// in reverse order of declaration.
    pub(super) fn renew_younger(
        &self,
        declared: &[BindingId],
        status: &Statuses,
        place: &Place,
    ) -> TokenStream {
        let held = place.slots.iter().filter(|slot| self.graph.bindings[slot.binding].is_held());
        let younger = held.skip_while(|slot| !declared.contains(&slot.binding)).skip(1);
        let has_value =
            |slot: &&Slot| slot.form == Form::Optional || status[slot.binding] == Status::Present;
        let lets = younger.filter(has_value).map(|slot| {
            let (binding, variable) = (&self.graph.bindings[slot.binding], &slot.variable);
            let mutable = (binding.mutable && *variable == binding.name).then(|| quote!(mut));
            quote!(let #mutable #variable = #variable;)
        });
        lets.collect()
    }

    pub(super) fn end_scope(
        &self,
        ended: &[BindingId],
        scope: &[BindingId],
        live_after: &Bindings,
        place: &mut Place,
    ) -> TokenStream {
        let mut out = TokenStream::new();
        for &id in ended.iter().rev() {
            let binding = &self.graph.bindings[id];
            if let Some(slot) = place.slot(id)
                && binding.is_held()
                && (slot.form == Form::Optional || place.status[id] == Status::Present)
            {
                let variable = &slot.variable;
                out.extend(quote!(::core::mem::drop(#variable);));
            }
            place.slots.retain(|slot| slot.binding != id);
        }
        // What these had hidden can be seen again.
        let mut seen = Vec::new();
        for slot in &mut place.slots {
            let binding = &self.graph.bindings[slot.binding];
            let is_visible = self.means(scope, &binding.name) == Some(slot.binding);
            if is_visible
                && slot.form == Form::Plain
                && slot.variable != binding.name
                && live_after.contains(&slot.binding)
            {
                let (name, saved) = (&binding.name, &slot.variable);
                let mutable = binding.mutable.then(|| quote!(mut));
                out.extend(quote!(let #mutable #name = #saved;));
                slot.variable = binding.name.clone();
                seen.push(slot.binding);
            }
        }
        out.extend(self.renew_younger(&seen, &place.status, place));
        out
    }

    /// Goes on behind an edge that binds `defines`.
    pub(super) fn arrive_at(
        &mut self,
        defines: &[BindingId],
        target: BlockId,
        mut place: Place,
    ) -> TokenStream {
        // What another edge hides can be seen here.
        let mut seen = TokenStream::new();
        let mut renewed = Vec::new();
        if !self.roots.contains(&target) {
            for slot in &mut place.slots {
                let binding = &self.graph.bindings[slot.binding];
                let is_hidden =
                    defines.iter().any(|&id| self.graph.bindings[id].name == binding.name);
                let is_visible = self.visible_in(target, slot.binding);
                if slot.form == Form::Plain
                    && slot.variable != binding.name
                    && !is_hidden
                    && is_visible
                    && self.flow.live_in[target].contains(&slot.binding)
                {
                    let (name, saved) = (&binding.name, &slot.variable);
                    let mutable = binding.mutable.then(|| quote!(mut));
                    seen.extend(quote!(let #mutable #name = #saved;));
                    slot.variable = binding.name.clone();
                    renewed.push(slot.binding);
                }
            }
        }
        seen.extend(self.renew_younger(&renewed, &place.status, &place));
        self.arrive(defines, &mut place);
        let dying = self.dying_at_once(defines, target);
        seen.extend(self.checks(&dying, &Bindings::new(), &place));
        let rest = self.goto(target, place);
        quote!(#seen #rest)
    }

    /// Whether the binding is the one that its name means at the beginning of a block.
    pub(super) fn visible_in(&self, block: BlockId, id: BindingId) -> bool {
        self.means(&self.graph.blocks[block].scope, &self.graph.bindings[id].name) == Some(id)
    }

    /// What a name means in a scope.
    pub(super) fn means(&self, scope: &[BindingId], name: &Ident) -> Option<BindingId> {
        scope.iter().rev().copied().find(|&id| self.graph.bindings[id].name == *name)
    }

    /// Gives another name to variables that the pattern of some edge would hide although they
    /// are needed behind it.
    pub(super) fn save_hidden(
        &mut self,
        edges: &[(&[BindingId], &Uses, BlockId)],
        uses: &Uses,
        guards: &Uses,
        place: &mut Place,
    ) -> TokenStream {
        let mut hidden: Vec<BindingId> = Vec::new();
        for &(defines, taken, target) in edges {
            let live = self.flow.live_in[target].clone();
            let mut place = place.clone();
            apply_uses(&mut place.status, uses);
            hidden.extend(self.shadowed(defines, taken, &live, &place));
        }
        hidden.sort_unstable();
        hidden.dedup();
        let mut copied = TokenStream::new();
        for &id in &hidden {
            let binding = &self.graph.bindings[id];
            let is_mentioned = uses.reads.contains(&id) || guards.reads.contains(&id);
            if is_mentioned && !binding.ty.as_ref().is_some_and(types::is_copy) {
                self.errors.error(codes::HIDDEN, &binding.name, format!(
                    "`{}` is matched by a pattern that hides it, and is still needed across a step: \
                     rename one of the two",
                    binding.name
                ));
            }
        }
        let status = place.status.clone();
        copied.extend(self.save(&hidden, &status, place));
        copied
    }
}
