//! Types that show in how a value is made: `T { .. }`, `T::new(..)`, `Rc::new(..)`.

use quote::ToTokens;
use syn::{Ident, PathArguments, Type};

use super::types::parse;

/// Generic types of the standard library: without arguments the name alone is no type.
pub(crate) const GENERIC: &[&str] = &[
    "Vec",
    "VecDeque",
    "HashMap",
    "HashSet",
    "BTreeMap",
    "BTreeSet",
    "BinaryHeap",
    "Option",
    "Box",
    "Result",
    "Range",
    "RangeInclusive",
    "LinkedList",
    "Rc",
    "Arc",
    "Weak",
    "Cell",
    "RefCell",
    "Reverse",
    "Wrapping",
    "Cow",
    "PhantomData",
    "Group",
    "Handle",
];

/// The types among them that are made of one value, of which they have the type as their argument.
const WRAPPERS: [&str; 5] = ["Box", "Rc", "Arc", "Cell", "RefCell"];
const NEWTYPES: [&str; 2] = ["Reverse", "Wrapping"];

/// `Rc` in `Rc::new(value)`, `Reverse` in `Reverse(value)`.
pub(crate) fn wrapper(function: &syn::Path) -> Option<syn::Path> {
    let last = function.segments.last()?;
    let mut path = function.clone();
    if last.ident == "new" {
        path.segments.pop();
        path.segments.pop_punct();
        let owner = path.segments.last()?;
        let is_wrapper = WRAPPERS.iter().any(|name| owner.ident == name);
        return (is_wrapper && matches!(owner.arguments, PathArguments::None)).then_some(path);
    }
    NEWTYPES.iter().any(|name| last.ident == name).then_some(path)
}

/// The type that `path { .. }` or `path(..)` makes: `T { .. }`, `Enum::Variant { .. }`,
/// `T::new(..)`, `T(..)`.
pub(crate) fn constructed(path: &syn::Path, is_call: bool) -> Option<Type> {
    let is_upper = |ident: &Ident| ident.to_string().starts_with(char::is_uppercase);
    let count = path.segments.len();
    let last = path.segments.last()?;
    let owner_is_type = count > 1 && is_upper(&path.segments[count - 2].ident);
    let keep = if is_upper(&last.ident) {
        // `Ok(..)` and `Err(..)` do not show the other type.
        if is_call && count == 1 && ["Ok", "Err", "None"].iter().any(|name| last.ident == name) {
            return None;
        }
        if owner_is_type { count - 1 } else { count }
    } else {
        let name = last.ident.to_string();
        let constructs = name == "new"
            || name == "default"
            || name == "of"
            || name == "zero"
            || name.starts_with("from")
            || name.starts_with("with_");
        if !(is_call && owner_is_type && constructs) {
            return None;
        }
        count - 1
    };
    let mut owner = path.clone();
    while owner.segments.len() > keep {
        owner.segments.pop();
    }
    owner.segments.pop_punct();
    let last = owner.segments.last()?;
    if matches!(last.arguments, PathArguments::None)
        && GENERIC.iter().any(|name| last.ident == name)
    {
        return None;
    }
    parse(owner.to_token_stream())
}
