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
    /// It borrows.
    Reference,
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
        Expr::Reference(_) => return Advice::Reference,
        Expr::Closure(_) => return Advice::Closure,
        Expr::MethodCall(call) if BORROWING.iter().any(|method| call.method == method) => {
            return Advice::Reference;
        }
        _ => {}
    }
    let text = types::text(value);
    let is_short = text.chars().count() <= LONGEST && !text.contains(['{', '|']);
    let value_text = if is_short { text } else { "..".to_owned() };
    Advice::Type { ty: guess(view, name, value, body), value: value_text }
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
        Expr::Path(path) if path.path.is_ident("None") => "Option<Type>".to_owned(),
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
    match view.expression(&argument).map(|ty| types::text(&ty)) {
        Some(ty) if !ty.contains("__private") => (ty.replace("::happysim::time::", ""), None),
        _ => unknown(),
    }
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
