//! What the functions of a block may not be together.

use std::collections::BTreeMap;

use quote::format_ident;

use super::callees::Callees;
use super::{EntityImpl, Method, MethodKind};
use crate::diagnostics::Diagnostics;
use crate::entity::{codes, names};

/// Tasks name their function by one byte.
const MOST_FUNCTIONS: usize = 256;

pub(super) fn check(entity: &mut EntityImpl, callees: &Callees, errors: &mut Diagnostics) {
    refuse_duplicates(entity, errors);
    refuse_second_main(&entity.methods, errors);
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
    let mut taken: BTreeMap<String, proc_macro2::Ident> = BTreeMap::new();
    let name = entity.name.clone();
    entity.methods.retain(|method| {
        let states = names::camel_case(&method.name.to_string());
        if ["Tasks", "Spawn", "Spawns", "Parameters", ""].contains(&states.as_str()) {
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
                (
                    &method.name,
                    format!("`{}` is declared twice: rename one of the two", method.name),
                ),
                (first, format!("`{first}` is declared here first")),
            );
            return false;
        }
        taken.insert(states, method.name.clone());
        true
    });
}

fn refuse_second_main(methods: &[Method], errors: &mut Diagnostics) {
    let mut mains = methods.iter().filter(|method| method.is_main);
    let Some(first) = mains.next() else { return };
    for other in mains {
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
