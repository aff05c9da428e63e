//! What may stand in front of `.await`: the table of step methods, and how they are recognised.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Expr, ExprMethodCall, Type};

use super::codes;
use super::names;
use super::place::ends;
use super::projections;
use super::signature::{EntityImpl, Method, self_call};
use super::types;
use crate::diagnostics::{Code, did_you_mean};

/// How a step is begun and completed.
#[allow(clippy::large_enum_variant, reason = "a handful of them live for one expansion")]
#[derive(Debug, Clone)]
pub(crate) enum StepKind {
    /// `cx.sleep(..)` and its relatives: yields `()`.
    Sleep,
    /// A method of a field whose result type follows from the field: `self.db.call(..)`.
    Field { field: Ident, marker: Type },
    /// A method whose result type is known by its name: `self.workers.acquire(1)`.
    Claim,
    /// A step whose state is in the locals: it is evaluated again whenever it may be done.
    Repoll,
    /// Another `async fn` of the block.
    Helper { name: Ident, arguments: Vec<Expr> },
}

#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) kind: StepKind,
    /// The name of the state: `CallDb`.
    pub(crate) state: Ident,
    /// The awaited expression, shortened.
    pub(crate) text: String,
    pub(crate) output: Option<Type>,
    pub(crate) line: usize,
    /// For messages.
    pub(crate) tokens: TokenStream,
    /// The first token of the awaited expression and its `await`, for what rustc says of the result.
    pub(crate) place: (Span, Span),
}

impl Step {
    /// Whether the step may be done at the instant in which it begins.
    pub(crate) fn may_be_ready(&self) -> bool {
        match &self.kind {
            StepKind::Sleep | StepKind::Repoll => false,
            StepKind::Field { marker, .. } => !is_call(marker),
            StepKind::Claim | StepKind::Helper { .. } => true,
        }
    }
}

/// A call always travels: it is never answered in the statement that sends it.
fn is_call(marker: &Type) -> bool {
    marker.to_token_stream().to_string().contains("step :: call")
}

/// How the result type of a method is known.
enum Class {
    /// From the type of the field that the chain begins with.
    FieldTyped,
    /// From this table: plain, and with `.timeout(..)` in the chain.
    Fixed { plain: &'static str, timed: &'static str },
}

const PERMIT: &str = "::happysim::Permit";
const PERMIT_OUTCOME: &str = "::happysim::Outcome<::happysim::Permit>";

/// All step methods, by name. A new one needs a line here and its traits in the runtime.
const METHODS: &[(&str, Class)] = &[
    ("call", Class::FieldTyped),
    ("pop", Class::FieldTyped),
    ("acquire", Class::Fixed { plain: PERMIT, timed: PERMIT_OUTCOME }),
    ("enter", Class::Fixed { plain: PERMIT_OUTCOME, timed: PERMIT_OUTCOME }),
    ("lock", Class::Fixed { plain: PERMIT, timed: PERMIT_OUTCOME }),
    ("read", Class::Fixed { plain: PERMIT, timed: PERMIT_OUTCOME }),
    ("write", Class::Fixed { plain: PERMIT, timed: PERMIT_OUTCOME }),
    ("wait", Class::Fixed { plain: PERMIT, timed: "(::happysim::Permit, bool)" }),
    ("changed", Class::Fixed { plain: "()", timed: "()" }),
    ("changed_until", Class::Fixed { plain: "()", timed: "()" }),
    ("arrive", Class::Fixed { plain: "::happysim::Outcome<()>", timed: "::happysim::Outcome<()>" }),
];

/// Methods of the context that are steps.
const SLEEPS: &[&str] = &["sleep", "sleep_until", "yield_now"];

/// Functions that wait for several things whose state is in the locals.
const REPOLLED: &[&str] = &["first", "all", "quorum"];

/// Methods that begin something and wait for nothing.
const STARTED: &[&str] =
    &["post", "send", "send_to", "try_acquire", "try_lock", "notify_one", "notify_all"];

/// Why an operand of `.await` is none.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) code: Code,
    pub(crate) message: String,
}

impl Refusal {
    fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    fn no_step(message: impl Into<String>) -> Self {
        Self::new(codes::NO_STEP, message)
    }
}

/// Recognises the operand of an `.await`, or says what it should be.
pub(crate) fn recognise(
    operand: &Expr,
    context: &Ident,
    entity: &EntityImpl,
) -> Result<Step, Refusal> {
    let operand = peeled(operand);
    let tokens = operand.to_token_stream();
    let (kind, state, output) = classify(operand, context, entity)?;
    let line = syn::spanned::Spanned::span(operand).start().line;
    Ok(Step {
        kind,
        state: Ident::new(&state, Span::call_site()),
        text: shortened(operand),
        output,
        line,
        place: ends(&tokens),
        tokens,
    })
}

/// Without the parentheses around it.
pub(crate) fn peeled(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(inner) => peeled(&inner.expr),
        Expr::Group(inner) => peeled(&inner.expr),
        other => other,
    }
}

type Classified = (StepKind, String, Option<Type>);

fn classify(operand: &Expr, context: &Ident, entity: &EntityImpl) -> Result<Classified, Refusal> {
    if let Some(call) = self_call(operand) {
        return helper(call, context, entity);
    }
    match operand {
        Expr::Path(path) if path.path.get_ident().is_some() => {
            let name = path.path.get_ident().map(ToString::to_string).unwrap_or_default();
            return Ok((StepKind::Repoll, format!("Await{}", names::camel_case(&name)), None));
        }
        Expr::Reference(reference) => {
            if let Expr::Path(path) = peeled(&reference.expr)
                && let Some(name) = path.path.get_ident()
            {
                let state = format!("Await{}", names::camel_case(&name.to_string()));
                return Ok((StepKind::Repoll, state, None));
            }
        }
        Expr::Call(call) => {
            if let Some(step) = repolled(call) {
                return Ok(step);
            }
            if let Some(refusal) = by_path(call, context, entity) {
                return Err(refusal);
            }
        }
        Expr::MethodCall(_) => {}
        Expr::Field(_) if types::self_field(operand).is_some() => {
            let text = shortened(operand);
            return Err(Refusal::no_step(format!(
                "`{text}` is no step: write what to wait for, as in `{text}.call(..).await` of a \
                 port or `{text}.acquire(..).await` of a resource"
            )));
        }
        _ => return Err(unknown()),
    }
    chain(operand, context, entity)
}

fn helper(
    call: &ExprMethodCall,
    context: &Ident,
    entity: &EntityImpl,
) -> Result<Classified, Refusal> {
    let name = &call.method;
    let Some(method) = entity.method(name) else {
        return Err(no_function(name, entity));
    };
    let arguments = arguments(call, method, context)?;
    let state = names::camel_case(&name.to_string());
    let kind = StepKind::Helper { name: name.clone(), arguments };
    Ok((kind, state, Some(method.output.clone())))
}

/// `self.name(..).await`, where the block has no `async fn` of that name.
fn no_function(name: &Ident, entity: &EntityImpl) -> Refusal {
    if entity.has_plain(name) {
        return Refusal::no_step(format!(
            "`{name}` is no `async fn`, so that nothing waits here: remove `.await`, or write `async \
             fn {name}(..)`"
        ));
    }
    let names: Vec<String> = entity.methods.iter().map(|other| other.name.to_string()).collect();
    let text = name.to_string();
    let meant = did_you_mean(&text, names.iter().map(String::as_str));
    Refusal::no_step(match meant {
        Some(meant) => format!("`{name}` is no `async fn` of this block: did you mean `{meant}`?"),
        None => format!(
            "`{name}` is no `async fn` of this block: declare `async fn {name}(&mut self, cx: &mut \
             Cx<Self>, ..)` here"
        ),
    })
}

/// The arguments behind the context in `self.name(cx, ..)`.
pub(crate) fn arguments(
    call: &ExprMethodCall,
    method: &Method,
    context: &Ident,
) -> Result<Vec<Expr>, Refusal> {
    let name = &call.method;
    let mut given = call.args.iter();
    if !matches!(given.next(), Some(Expr::Path(path)) if path.path.is_ident(context)) {
        return Err(Refusal::new(
            codes::ARGUMENTS,
            format!("`{name}` needs the context first: write `self.{name}({context}, ..)`"),
        ));
    }
    let given: Vec<Expr> = given.cloned().collect();
    let expected = method.parameters.len();
    // What a function with mistakes takes is not known.
    if given.len() == expected || method.is_refused() {
        return Ok(given);
    }
    Err(Refusal::new(
        codes::ARGUMENTS,
        format!(
            "`{name}` takes {} after the context, but {} given",
            plural(expected, "argument"),
            if given.len() == 1 { "1 is".to_owned() } else { format!("{} are", given.len()) },
        ),
    ))
}

fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

fn repolled(call: &syn::ExprCall) -> Option<Classified> {
    let Expr::Path(function) = &*call.func else { return None };
    let name = function.path.segments.last()?.ident.to_string();
    REPOLLED.contains(&name.as_str()).then(|| (StepKind::Repoll, names::camel_case(&name), None))
}

/// A chain of method calls: from the root outward, the first step method decides.
fn chain(operand: &Expr, context: &Ident, entity: &EntityImpl) -> Result<Classified, Refusal> {
    let mut calls = Vec::new();
    let mut root = operand;
    while let Expr::MethodCall(call) = root {
        calls.push(call);
        root = peeled(&call.receiver);
    }
    calls.reverse();
    if let Expr::Path(path) = root
        && path.path.is_ident(context)
        && let Some(first) = calls.first()
    {
        let method = first.method.to_string();
        if SLEEPS.contains(&method.as_str()) {
            return Ok((StepKind::Sleep, names::camel_case(&method), types::parse(quote!(()))));
        }
        return Err(Refusal::no_step(match did_you_mean(&method, SLEEPS.iter().copied()) {
            Some(meant) => {
                format!("`{context}.{method}(..)` is no step: did you mean `{meant}`?")
            }
            None if method == "spawn" => format!(
                "`{context}.spawn(..)` starts a task and does not wait for it: remove `.await`, or \
                 wait for the function itself, `self.name({context}, ..).await`"
            ),
            None => format!(
                "`{context}.{method}(..)` is no step: remove `.await`; the steps of the context \
                 are `sleep(duration)`, `sleep_until(instant)` and `yield_now()`"
            ),
        }));
    }
    if let Expr::Call(call) = root
        && let Some(step) = repolled(call)
    {
        return Ok(step);
    }
    let timed = calls.iter().any(|call| call.method == "timeout" || call.method == "timeout_if");
    let Some((position, class)) = calls.iter().enumerate().find_map(|(position, call)| {
        let method = call.method.to_string();
        METHODS.iter().find(|(name, _)| *name == method).map(|(_, class)| (position, class))
    }) else {
        return Err(no_method(&calls, root));
    };
    let method = &calls[position].method;
    let field = types::self_field(root);
    let target = target_name(root, &calls[..position]);
    let state = format!("{}{target}", names::camel_case(&method.to_string()));
    match class {
        Class::FieldTyped => {
            let Some(field) = field else {
                return Err(Refusal::new(
                    codes::STEP_TYPE,
                    format!(
                        "`.{method}(..)` is a step of a field: write \
                         `self.field.{method}(..).await`, so that the type of its result can be seen"
                    ),
                ));
            };
            let marker = quote!(::happysim::__private::step::#method);
            let marker = if timed { quote!(::happysim::__private::Timed<#marker>) } else { marker };
            let output = projections::step_of_field(field, &marker, entity);
            let marker = types::parse(marker).expect("a path is a type");
            Ok((StepKind::Field { field: field.clone(), marker }, state, output))
        }
        Class::Fixed { plain, timed: with_timeout } => {
            let text = if timed { with_timeout } else { plain };
            let output = syn::parse_str(text).expect("the table holds types");
            Ok((StepKind::Claim, state, Some(output)))
        }
    }
}

/// `Workers` for `self.workers`, `Lanes` for `self.lanes[i]`.
fn target_name(root: &Expr, before: &[&ExprMethodCall]) -> String {
    let name = match root {
        Expr::Field(_) => types::self_field(root).map(ToString::to_string),
        Expr::Index(index) => types::self_field(peeled(&index.expr)).map(ToString::to_string),
        Expr::Path(path) => path.path.get_ident().map(ToString::to_string),
        _ => None,
    };
    match name {
        Some(name) if name != "self" => names::camel_case(&name),
        _ => before
            .first()
            .map(|call| names::camel_case(&call.method.to_string()))
            .unwrap_or_default(),
    }
}

/// A chain of methods none of which is a step.
fn no_method(calls: &[&ExprMethodCall], root: &Expr) -> Refusal {
    let Some(last) = calls.last() else { return unknown() };
    let method = last.method.to_string();
    let target = if root.to_token_stream().is_empty() { "..".to_owned() } else { shortened(root) };
    if method == "start" {
        return Refusal::no_step(format!(
            "`.start(..)` waits for nothing: remove `.await`, or, as that of a port gives a handle, write \
             `let handle = {target}.start(..);`, and later `handle.await`"
        ));
    }
    if STARTED.contains(&method.as_str()) {
        return Refusal::no_step(format!("`.{method}(..)` waits for nothing: remove `.await`"));
    }
    match did_you_mean(&method, METHODS.iter().map(|(name, _)| *name)) {
        Some(meant) => {
            Refusal::no_step(format!("`.{method}(..)` is no step: did you mean `{meant}`?"))
        }
        None => unknown(),
    }
}

/// `Self::name(self, cx, ..)`: a function of the block, called by its path.
pub(crate) fn by_path(
    call: &syn::ExprCall,
    context: &Ident,
    entity: &EntityImpl,
) -> Option<Refusal> {
    let Expr::Path(function) = &*call.func else { return None };
    let (owner, name) = match &function.path.segments.iter().collect::<Vec<_>>()[..] {
        [owner, name] => (&owner.ident, &name.ident),
        _ => return None,
    };
    let is_ours = (owner == "Self" || *owner == entity.name) && entity.method(name).is_some();
    is_ours.then(|| {
        Refusal::no_step(format!(
            "a step calls a function of its entity as a method: write `self.{name}({context}, \
             ..).await`"
        ))
    })
}

fn unknown() -> Refusal {
    let methods: Vec<String> = METHODS.iter().map(|(name, _)| format!("`{name}`")).collect();
    Refusal::no_step(format!(
        "this is no step: `.await` stands behind `cx.sleep(..)`, `self.port.call(..)`, another \
         method that waits ({}), a handle, `first(..)`, `all(..)`, `quorum(..)`, or \
         an `async fn` of this block as `self.name(cx, ..)`",
        methods.join(", ")
    ))
}

/// The steps of which it is told where they are not awaited.
const UNBEGUN: [&str; 4] = ["call", CLAIMS[0], CLAIMS[1], CLAIMS[2]];
const CLAIMS: [&str; 3] = ["acquire", "enter", "lock"];

/// What may stand in a chain with `call`.
const OPTIONS: [&str; 5] = ["timeout", "timeout_if", "giving_up", "or_cancel", "lane"];

/// Whether this is a step that was not awaited: a call over a port, a sleep, or an `async fn` of
/// the block.
pub(crate) fn forgotten(expr: &Expr, context: &Ident, entity: &EntityImpl) -> bool {
    let expr = peeled(expr);
    if let Some(call) = self_call(expr) {
        return entity.method(&call.method).is_some();
    }
    let mut names = Vec::new();
    let mut root = expr;
    while let Expr::MethodCall(call) = root {
        names.push(call.method.to_string());
        root = peeled(&call.receiver);
    }
    if matches!(root, Expr::Path(path) if path.path.is_ident(context)) {
        return names.len() == 1 && SLEEPS.contains(&names[0].as_str());
    }
    types::self_field(root).is_some()
        && names.iter().any(|name| name == "call")
        && names.iter().all(|name| name == "call" || OPTIONS.contains(&name.as_str()))
}

/// Whether this is a step without its `.await`, as far as its name tells: one of [`forgotten`], or a
/// claim. The names of other steps are more often those of ordinary methods.
pub(crate) fn is_unbegun(expr: &Expr, context: &Ident, entity: &EntityImpl) -> bool {
    let expr = peeled(expr);
    if forgotten(expr, context, entity) {
        return true;
    }
    let (mut root, mut is_claim) = (expr, false);
    while let Expr::MethodCall(call) = root {
        let is_option = OPTIONS.iter().any(|option| call.method == option);
        is_claim = CLAIMS.iter().any(|claim| call.method == claim);
        if !is_claim && !is_option {
            return false;
        }
        root = peeled(&call.receiver);
    }
    is_claim && types::self_field(root).is_some()
}

/// The field and the method of what is named as a step of a field is. Only rustc knows whether it is
/// one: the field may be of a type of the user's own that has a method of that name.
pub(crate) fn of_field(expr: &Expr) -> Option<(Ident, Ident)> {
    let (mut root, mut step) = (peeled(expr), None);
    while let Expr::MethodCall(call) = root {
        if UNBEGUN.iter().any(|name| call.method == name) {
            step = Some(&call.method);
        }
        root = peeled(&call.receiver);
    }
    Some((types::self_field(root)?.clone(), step?.clone()))
}

/// The step's text with all arguments replaced by dots: `self.db.call(..)`.
pub(crate) fn shortened(expr: &Expr) -> String {
    match expr {
        Expr::MethodCall(call) => {
            let dots = if call.args.is_empty() { "" } else { ".." };
            format!("{}.{}({dots})", shortened(peeled(&call.receiver)), call.method)
        }
        Expr::Call(call) => format!("{}(..)", shortened(peeled(&call.func))),
        Expr::Field(field) => {
            format!("{}.{}", shortened(peeled(&field.base)), field.member.to_token_stream())
        }
        Expr::Index(index) => format!("{}[..]", shortened(peeled(&index.expr))),
        Expr::Reference(reference) => shortened(peeled(&reference.expr)),
        Expr::Path(path) => {
            path.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default()
        }
        _ => "..".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Diagnostics;

    fn entity() -> EntityImpl {
        let item = syn::parse_quote! {
            impl Api {
                async fn handle(&mut self, cx: &mut Cx<Self>, r: Request) -> Outcome<Page> {
                    self.fetch(cx, r).await
                }
                async fn fetch(&mut self, cx: &mut Cx<Self>, r: Request) -> Outcome<Page> {}
            }
        };
        EntityImpl::parse(&item, &mut Diagnostics::default()).unwrap()
    }

    fn step(operand: &Expr) -> Result<Step, Refusal> {
        recognise(operand, &syn::parse_quote!(cx), &entity())
    }

    #[test]
    fn states_are_named_after_step_and_target() {
        for (operand, state) in [
            ("cx.sleep(d)", "Sleep"),
            ("cx.yield_now()", "YieldNow"),
            ("self.db.call(q)", "CallDb"),
            ("self.db.lane(2).call(q).timeout(d)", "CallDb"),
            ("self.workers.acquire(1)", "AcquireWorkers"),
            ("self.locks[k].lock()", "LockLocks"),
            ("handle", "AwaitHandle"),
            ("all(&mut group)", "All"),
            ("first(&mut a, &mut b).timeout(d)", "First"),
            ("self.fetch(cx, 1)", "Fetch"),
        ] {
            let step = step(&syn::parse_str(operand).unwrap()).unwrap();
            assert_eq!(step.state.to_string(), state, "{operand}");
        }
    }

    #[test]
    fn a_timeout_changes_the_result() {
        let plain = step(&syn::parse_quote!(self.workers.acquire(1))).unwrap();
        let timed = step(&syn::parse_quote!(self.workers.acquire(1).timeout(d))).unwrap();
        assert_ne!(plain.output, timed.output);
        assert_eq!(timed.text, "self.workers.acquire(..).timeout(..)");
    }

    #[test]
    fn other_expressions_are_refused() {
        for (operand, part) in [
            ("cx.now()", "is no step: remove `.await`"),
            ("other(3)", "this is no step"),
            ("self.missing(cx)", "is no `async fn` of this block"),
            ("self.fetch(1)", "needs the context first"),
            ("self.fetch(cx)", "takes 1 argument after the context, but 0 are given"),
            ("port.call(q)", "is a step of a field"),
            ("cx.slep(d)", "did you mean `sleep`?"),
            ("self.db.cal(d)", "did you mean `call`?"),
            ("self.fetsch(cx)", "did you mean `fetch`?"),
            ("self.db.start(cx, q)", "that of a port gives a handle"),
            ("Self::fetch(self, cx, 1)", "write `self.fetch(cx, ..).await`"),
        ] {
            let error = step(&syn::parse_str(operand).unwrap()).unwrap_err().message;
            assert!(error.contains(part), "{operand}: {error}");
        }
    }
}
