//! Steps that are asked again at each resumption: what they are given is evaluated once.

use syn::{Expr, Type};

use super::Lowering;
use super::hoist::{is_place, is_pure};
use crate::entity::codes;

/// Functions that look at handles, which stand elsewhere.
const LOOKING: [&str; 3] = ["first", "all", "quorum"];

impl Lowering<'_> {
    /// Evaluates the values that the operand of such a step has, in front of it.
    pub(super) fn settle(&mut self, operand: &mut Expr) {
        match operand {
            Expr::Paren(inner) => self.settle(&mut inner.expr),
            Expr::Group(inner) => self.settle(&mut inner.expr),
            Expr::MethodCall(call) => {
                self.settle(&mut call.receiver);
                let ty: Type = match call.method.to_string().as_str() {
                    "timeout" => syn::parse_quote!(::happysim::time::Duration),
                    "timeout_if" => {
                        syn::parse_quote!(::core::option::Option<::happysim::time::Duration>)
                    }
                    _ => return,
                };
                call.args.iter_mut().for_each(|value| self.once(value, &ty));
            }
            Expr::Call(call) => {
                let Expr::Path(function) = &*call.func else { return };
                let name = function.path.segments.last().map(|last| last.ident.to_string());
                if !name.is_some_and(|name| LOOKING.contains(&name.as_str())) {
                    return;
                }
                let mut arguments = call.args.iter_mut();
                if let Some(Expr::Reference(handles)) = arguments.next()
                    && !is_place(&handles.expr)
                {
                    self.errors.error(
                        codes::STEP_PLACE,
                        &handles.expr,
                        "these handles would be gone while they are waited for: bind them in a \
                         statement before, `let mut handles: Type = ..;`",
                    );
                }
                let count: Type = syn::parse_quote!(usize);
                arguments.for_each(|value| self.once(value, &count));
            }
            _ => {}
        }
    }

    fn once(&mut self, value: &mut Expr, ty: &Type) {
        if !is_constant(value) {
            *value = self.value_of_type(value, Some(ty.clone()));
        }
    }
}

/// Whether it has the same value whenever it is looked at.
fn is_constant(value: &Expr) -> bool {
    match value {
        // A length of time, such as `millis(5)`.
        Expr::Call(call) => {
            let units = ["nanos", "micros", "millis", "seconds", "minutes", "hours"];
            let is_unit = matches!(&*call.func, Expr::Path(function)
                if units.iter().any(|unit| function.path.is_ident(unit)));
            is_unit && call.args.iter().all(is_pure)
        }
        other => is_pure(other),
    }
}
