//! The ranges of parameters, in words.

use proc_macro2::Ident;

/// What is said of a value that is out of the range of its parameter's type.
pub(crate) fn of_type(parameter: &Ident, ty: &str) -> String {
    match in_words(ty) {
        Some(range) => format!("`{parameter}` must be {range}"),
        None => format!("`{parameter}` is a `{ty}`, and this is out of its range"),
    }
}

/// The range of the runtime's own types; of others only rustc knows it.
fn in_words(ty: &str) -> Option<&'static str> {
    let varying = ty.strip_prefix("Option<").and_then(|ty| ty.strip_suffix('>')).unwrap_or(ty);
    let plain = varying.strip_prefix("Varying<").and_then(|ty| ty.strip_suffix('>'));
    match plain.unwrap_or(varying) {
        "usize" | "u32" | "u64" | "Resource" | "Semaphore" => Some("a whole number of at least 0"),
        "Chance" | "Probability" => Some("a probability, from 0% to 100%"),
        _ => None,
    }
}
