//! What the lints of `topology!` rely on: which entities are components of the library, and
//! which handlers hand on what comes to them.

/// An entity that is the library's component whose name has the hash `NAME`. The macro sees that
/// a node's type is called `Server`; this says that it is happysim's, of which it knows what its
/// parameters mean.
pub trait OfLibrary<const NAME: u64> {}

/// An entity whose handler of the name `H` waits for calls over its port of the name `P` for as
/// long as they take, and whose own outcome is their failure if they fail. `#[entity]` sees that in
/// the handler.
pub trait HandsOn<H, P> {}

/// An entity whose handler of the name `H` calls over its port of the name `P` whatever comes, and
/// before any time passes. `#[entity]` sees that in the handler.
pub trait CallsAtOnce<H, P> {}

/// The hash of a component's name: FNV-1a, as the macros compute it.
pub(crate) const fn name(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let mut hash = 0xcbf2_9ce4_8422_2325;
    let mut index = 0;
    while index < bytes.len() {
        hash ^= bytes[index] as u64;
        hash = u64::wrapping_mul(hash, 0x0100_0000_01b3);
        index += 1;
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_the_hashes_that_the_macros_look_for() {
        // Published test vectors of FNV-1a with 64 bits.
        assert_eq!(name(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(name("foobar"), 0x8594_4171_f739_67e8);
    }
}
