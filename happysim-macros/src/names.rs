//! Names of generated items.

use proc_macro2::{Ident, Span};
use quote::format_ident;

/// `cache_lookup` and `cacheLookup` become `CacheLookup`.
pub(crate) fn camel_case(name: &str) -> String {
    let mut out = String::new();
    let mut upper = true;
    for character in name.trim_start_matches("r#").chars() {
        if character == '_' {
            upper = true;
        } else if upper {
            out.extend(character.to_uppercase());
            upper = false;
        } else {
            out.push(character);
        }
    }
    out
}

/// FNV-1a, 64 bits: how a name becomes a const generic argument.
pub(crate) fn hash(name: &str) -> u64 {
    let name = name.trim_start_matches("r#");
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// `Api` and `handle` become `ApiHandle`, at the place of `name`.
pub(crate) fn joined(entity: &Ident, name: &Ident) -> Ident {
    format_ident!("{}{}", entity, camel_case(&name.to_string()), span = name.span())
}

/// A local of ours: user code cannot see it, nor does it hide user code's.
pub(crate) fn local(name: &str) -> Ident {
    // What is made of a raw name is no keyword any more.
    Ident::new(&name.replace("r#", ""), Span::mixed_site())
}

/// The context's type, where `Cx<Self>` was written: rustc shows it, so it says what it is.
pub(crate) fn context(entity: &Ident) -> Ident {
    local(&format!("ContextOf{entity}"))
}

/// A type of ours that code of the user's sees, but cannot mean.
pub(crate) fn hidden(name: &str) -> Ident {
    // What is made of a raw name is no keyword any more.
    format_ident!("__{}", name.replace("r#", ""))
}

/// The hidden module in which the struct's `#[entity]` tells the block's of it. Where the struct has
/// none, or does not exist, rustc says that it is missing: so its name can be read.
pub(crate) fn structure(entity: &Ident) -> Ident {
    format_ident!("entity_attribute_on_struct_{}", entity)
}

/// The most type parameters whose bounds the block takes for granted, as many as the library has
/// traits that ask for nothing.
const MOST_BOUNDED: usize = 8;

/// The trait in the struct's module that asks of a type what the struct asks of the parameter with
/// this index.
pub(crate) fn bounds(index: usize) -> Option<Ident> {
    (index < MOST_BOUNDED).then(|| format_ident!("Bounds{}", index))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn camel_case_joins_words() {
        assert_eq!(camel_case("cache_lookup"), "CacheLookup");
        assert_eq!(camel_case("r#type"), "Type");
        assert_eq!(camel_case("db"), "Db");
    }

    #[test]
    fn locals_may_be_made_of_raw_names() {
        assert_eq!(local("__r#type").to_string(), "__type");
    }

    #[test]
    fn hash_is_fnv_1a() {
        // Published test vectors of FNV-1a with 64 bits.
        assert_eq!(hash(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(hash("foobar"), 0x8594_4171_f739_67e8);
    }
}
