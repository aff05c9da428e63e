//! Compile-fail tests: programs that make no sense, and the words with which the compiler says
//! so. `TRYBUILD=overwrite cargo test --test ui` stores new words; read them before they stay.
//!
//! The stored messages are those of the toolchain that `rust-version` names.

#[test]
fn what_makes_no_sense_is_refused() {
    // One runner: it builds its scratch crate once.
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/profile/*.rs");
    cases.compile_fail("tests/ui/topology/*.rs");
    cases.compile_fail("tests/ui/entity/*.rs");
    cases.compile_fail("tests/ui/lints/*.rs");
}
