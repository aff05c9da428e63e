//! What to write beside a local whose type cannot be seen.

use proc_macro2::Ident;
use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprMethodCall, Lit};

use super::names;
use super::types::{self, View};

/// What can be said of a local's type, where the syntax does not show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Advice {
    /// The type, or a name for what nobody can know, and the initial value.
    Type { ty: String, value: String },
    /// The type of one that gets its value later.
    Declared { ty: String },
    /// It borrows.
    Reference,
    /// It borrows a value that nothing else keeps, which is this.
    Borrowed { value: String },
    /// Its type has no name.
    Closure,
    /// It is bound within a condition that goes on behind it.
    InChain,
}

/// Methods of the standard library and of ports that borrow their receiver.
const BORROWING: &[&str] = &[
    "iter",
    "iter_mut",
    "as_str",
    "as_slice",
    "as_ref",
    "as_mut",
    "as_bytes",
    "chars",
    "lines",
    "keys",
    "values",
    "values_mut",
    "drain",
    "in_flight",
];

/// The longest initial value that is repeated in a message.
const LONGEST: usize = 48;

/// What to write for `let name = value;` in the function with this body.
pub(crate) fn advice(view: &View<'_>, name: &Ident, value: &Expr, body: &Block) -> Advice {
    match value {
        Expr::Paren(inner) => return advice(view, name, &inner.expr, body),
        Expr::Reference(reference) if is_made(&reference.expr) => {
            return Advice::Borrowed { value: shown(&reference.expr) };
        }
        Expr::Reference(_) => return Advice::Reference,
        Expr::Closure(_) => return Advice::Closure,
        Expr::MethodCall(call) if BORROWING.iter().any(|method| call.method == method) => {
            return Advice::Reference;
        }
        _ => {}
    }
    Advice::Type { ty: guess(view, name, value, body), value: shown(value) }
}

/// What to write for `let name;` in the function with this body.
pub(crate) fn declared(view: &View<'_>, name: &Ident, body: &Block) -> Advice {
    Advice::Declared { ty: assigned(view, name, body).unwrap_or_else(|| "Type".to_owned()) }
}

/// The initial value in a message, or dots.
fn shown(value: &Expr) -> String {
    let text = types::text(value);
    let is_short = text.chars().count() <= LONGEST && !text.contains(['{', '|']);
    if is_short { text } else { "..".to_owned() }
}

/// Whether the value is made where it stands.
fn is_made(expr: &Expr) -> bool {
    match expr {
        Expr::Paren(inner) => is_made(&inner.expr),
        Expr::Await(_) => true,
        Expr::Try(inner) => is_made(&inner.expr),
        _ => false,
    }
}

/// The type of what is assigned to `name` first.
fn assigned(view: &View<'_>, name: &Ident, body: &Block) -> Option<String> {
    struct Finder<'a> {
        name: &'a Ident,
        found: Option<Expr>,
    }
    impl<'ast> Visit<'ast> for Finder<'_> {
        fn visit_expr_assign(&mut self, assign: &'ast syn::ExprAssign) {
            let is_it = matches!(&*assign.left, Expr::Path(path) if path.path.is_ident(self.name));
            if is_it && self.found.is_none() {
                self.found = Some((*assign.right).clone());
            }
            visit::visit_expr_assign(self, assign);
        }
    }
    let mut finder = Finder { name, found: None };
    finder.visit_block(body);
    let value = finder.found?;
    if let Some(ty) = view.expression(&value).and_then(|ty| readable(&ty)) {
        return Some(ty);
    }
    let ty = match &value {
        Expr::Call(call) if is_some(&call.func) => {
            let inner = view.expression(call.args.first()?).and_then(|ty| readable(&ty));
            format!("Option<{}>", inner.unwrap_or_else(|| guess(view, name, &call.args[0], body)))
        }
        Expr::Path(path) if path.path.is_ident("None") => return None,
        other => guess(view, name, other, body),
    };
    Some(ty)
}

fn is_some(function: &Expr) -> bool {
    matches!(function, Expr::Path(path) if path.path.is_ident("Some"))
}

/// The type in the user's words, unless it is one of which rustc is asked.
fn readable(ty: &syn::Type) -> Option<String> {
    let text = types::text(ty);
    let mut words = text.clone();
    for path in [
        "::core::option::",
        "::std::vec::",
        "::std::string::",
        "::happysim::time::",
        "::happysim::",
    ] {
        words = words.replace(path, "");
    }
    (!text.contains("__private")).then_some(words)
}

fn guess(view: &View<'_>, name: &Ident, value: &Expr, body: &Block) -> String {
    let item = || item(view, name, body);
    match value {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(_) => "u64".to_owned(),
            Lit::Float(_) => "f64".to_owned(),
            _ => "Type".to_owned(),
        },
        Expr::Unary(unary) => match guess(view, name, &unary.expr, body).as_str() {
            "u64" => "i64".to_owned(),
            other => other.to_owned(),
        },
        Expr::Macro(mac) if mac.mac.path.is_ident("vec") => format!("Vec<{}>", item().0),
        Expr::Path(path) if path.path.is_ident("None") => {
            let later = assigned(view, name, body);
            later
                .filter(|ty| ty.starts_with("Option<"))
                .unwrap_or_else(|| "Option<Type>".to_owned())
        }
        Expr::Call(call) => match &*call.func {
            Expr::Path(function) => constructed(&function.path, &item),
            _ => "Type".to_owned(),
        },
        Expr::MethodCall(call) if call.method == "collect" => "Vec<Item>".to_owned(),
        _ => "Type".to_owned(),
    }
}

/// The type with arguments that `Vec::new()` and its like make.
fn constructed(path: &syn::Path, item: &dyn Fn() -> (String, Option<String>)) -> String {
    let mut segments = path.segments.iter().rev();
    let last = segments.next().map(|segment| segment.ident.to_string()).unwrap_or_default();
    let owner = segments.next().map(|segment| segment.ident.to_string()).unwrap_or_default();
    match (last.as_str(), owner.as_str()) {
        ("Some", _) => "Option<Type>".to_owned(),
        ("Ok" | "Err", _) => "Result<Type, Failure>".to_owned(),
        (_, "Vec" | "VecDeque" | "BTreeSet" | "HashSet" | "BinaryHeap") => {
            format!("{owner}<{}>", item().0)
        }
        (_, "BTreeMap" | "HashMap") => format!("{owner}<Key, Value>"),
        (_, "Group") => {
            format!("Group<{}>", item().1.unwrap_or_else(|| "Port".to_owned()))
        }
        _ => "Type".to_owned(),
    }
}

/// What is put into the list `name`, and the marker of the port that it comes from, if it is a
/// handle.
fn item(view: &View<'_>, name: &Ident, body: &Block) -> (String, Option<String>) {
    struct Finder<'a> {
        name: &'a Ident,
        found: Option<Expr>,
    }
    impl<'ast> Visit<'ast> for Finder<'_> {
        fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
            let adds = ["push", "push_back", "push_front", "add", "insert"];
            if adds.iter().any(|method| call.method == method)
                && matches!(&*call.receiver, Expr::Path(path) if path.path.is_ident(self.name))
                && let Some(argument) = call.args.first()
                && self.found.is_none()
            {
                self.found = Some(argument.clone());
            }
            visit::visit_expr_method_call(self, call);
        }
    }
    let unknown = || ("Item".to_owned(), None);
    let mut finder = Finder { name, found: None };
    finder.visit_block(body);
    let Some(argument) = finder.found else { return unknown() };
    if let Some(port) = started_port(&argument) {
        let marker = names::joined(&view.entity.name, port).to_string();
        return (format!("Handle<{marker}>"), Some(marker));
    }
    view.expression(&argument).and_then(|ty| readable(&ty)).map_or_else(unknown, |ty| (ty, None))
}

/// The port in `self.port.start(..)`.
fn started_port(expr: &Expr) -> Option<&Ident> {
    let Expr::MethodCall(call) = expr else { return None };
    if call.method != "start" {
        return None;
    }
    let mut root = &*call.receiver;
    while let Expr::MethodCall(call) = root {
        root = &call.receiver;
    }
    types::self_field(root)
}
