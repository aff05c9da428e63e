//! What the functions of a block may not be together.

use std::collections::BTreeMap;

use proc_macro2::Ident;
use quote::format_ident;
use syn::visit::{self, Visit};
use syn::{ExprMethodCall, ImplItem, ItemImpl};

use super::callees::Callees;
use super::{EntityImpl, Method, MethodKind};
use crate::diagnostics::Diagnostics;
use crate::entity::{codes, names, types};

/// Tasks name their function by one byte.
const MOST_FUNCTIONS: usize = 256;

/// What only ports have.
const OF_PORTS: [&str; 5] = ["call", "post", "send_to", "lane", "lanes"];

/// What an entity's own types are called, behind its name.
pub(crate) const RESERVED: [&str; 2] = ["Parameters", ""];

/// The function by which an entity's parameters are given.
const PARAMETERS: &str = "parameters";

pub(super) fn check(
    entity: &mut EntityImpl,
    item: &ItemImpl,
    callees: &Callees,
    errors: &mut Diagnostics,
) {
    refuse_duplicates(entity, errors);
    refuse_names_of_struct(entity, errors);
    refuse_names_of_ports(entity, item, errors);
    refuse_second_main(&mut entity.methods, errors);
    refuse_recursion(entity, callees);
    if let Some(method) = entity.methods.get(MOST_FUNCTIONS) {
        errors.error(
            codes::TOO_LARGE,
            &method.name,
            format!(
                "an entity has at most {MOST_FUNCTIONS} `async fn`s, `{}` has {}: divide it into \
                 several entities",
                entity.name,
                entity.methods.len()
            ),
        );
        entity.methods.truncate(MOST_FUNCTIONS);
    }
}

/// The states of a function are named after it, so that two names must differ in that, too.
fn refuse_duplicates(entity: &mut EntityImpl, errors: &mut Diagnostics) {
    let mut taken: BTreeMap<String, Ident> = BTreeMap::new();
    let name = entity.name.clone();
    entity.methods.retain(|method| {
        let states = names::camel_case(&method.name.to_string());
        if RESERVED.contains(&states.as_str()) {
            let suggested = format_ident!("run_{}", method.name);
            errors.error(
                codes::DUPLICATE,
                &method.name,
                format!(
                    "an `async fn` cannot be called `{}`: its states would be `{name}{states}`, \
                     which `{name}` has already; choose another name, such as `{suggested}`",
                    method.name
                ),
            );
            return false;
        }
        if let Some(first) = taken.get(&states) {
            errors.error_at_two(
                codes::DUPLICATE,
                (&method.name, twice(&method.name, first, &format!("{name}{states}"))),
                (first, format!("`{first}` is declared here first")),
            );
            return false;
        }
        taken.insert(states, method.name.clone());
        true
    });
}

/// The struct has one function of its own, by which its parameters are given.
fn refuse_names_of_struct(entity: &mut EntityImpl, errors: &mut Diagnostics) {
    let name = entity.name.clone();
    entity.verbatim.retain(|item| {
        let function = match item {
            ImplItem::Fn(function) => &function.sig.ident,
            ImplItem::Const(constant) => &constant.ident,
            _ => return true,
        };
        if function != PARAMETERS {
            return true;
        }
        errors.error(
            codes::DUPLICATE,
            function,
            format!(
                "a function of an entity cannot be called `{PARAMETERS}`, because \
                 `{name}::{PARAMETERS}()` gives the parameters of `{name}`: choose another name"
            ),
        );
        false
    });
}

/// The marker of a port is named as the states of a function are. The block does not see the
/// struct, but it sees what is done with its ports.
fn refuse_names_of_ports(entity: &mut EntityImpl, item: &ItemImpl, errors: &mut Diagnostics) {
    struct Finder(Vec<Ident>);
    impl<'ast> Visit<'ast> for Finder {
        fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
            if OF_PORTS.iter().any(|method| call.method == method)
                && let Some(port) = types::self_field(&call.receiver)
            {
                self.0.push(port.clone());
            }
            visit::visit_expr_method_call(self, call);
        }
    }
    let mut finder = Finder(Vec::new());
    finder.visit_item_impl(item);
    let name = entity.name.clone();
    entity.methods.retain(|method| {
        let states = names::camel_case(&method.name.to_string());
        let port = finder.0.iter().find(|port| names::camel_case(&port.to_string()) == states);
        let Some(port) = port else { return true };
        errors.error_at_two(
            codes::DUPLICATE,
            (
                &method.name,
                format!(
                    "an `async fn` cannot be called as a port, `{port}`: both would become \
                     `{name}{states}`; rename one of the two"
                ),
            ),
            (port, format!("`{port}` is used as a port here")),
        );
        false
    });
}

/// Two names that are one, or become one.
pub(crate) fn twice(second: &Ident, first: &Ident, made: &str) -> String {
    if first == second {
        format!("`{second}` is declared twice: rename one of the two")
    } else {
        format!(
            "`{second}` and `{first}` are too alike, both become `{made}`: rename one of the two"
        )
    }
}

fn refuse_second_main(methods: &mut [Method], errors: &mut Diagnostics) {
    let mut mains = methods.iter_mut().filter(|method| method.is_main);
    let Some(first) = mains.next() else { return };
    for other in mains {
        other.is_main = false;
        errors.error_at_two(
            codes::SEVERAL_MAIN,
            (
                &other.name,
                format!(
                    "an entity has one main handler, to which an arrow without a name leads, and \
                     `{}` is a second: write `#[handler]`",
                    other.name
                ),
            ),
            (&first.name, format!("`{}` is the first", first.name)),
        );
    }
}

fn refuse_recursion(entity: &mut EntityImpl, callees: &Callees) {
    for method in &mut entity.methods {
        let name = method.name.to_string();
        let Some(way) = callees.circle(&name) else { continue };
        let through = match &way[..] {
            [] => String::new(),
            way => format!(
                " through {}",
                way.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
            ),
        };
        let instead = if method.kind == MethodKind::Helper {
            format!("write a loop, or start it with `cx.spawn(self.{name}(cx, ..))`")
        } else {
            "write a loop".to_owned()
        };
        method.refusal.error(
            codes::RECURSION,
            &method.name,
            format!("`{name}` awaits itself{through}: its state would contain itself; {instead}"),
        );
    }
}
