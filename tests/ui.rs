//! Compile-fail tests: programs that make no sense, and the words with which the compiler says
//! so. `TRYBUILD=overwrite cargo test --test ui` stores new words; read them before they stay.
//!
//! The stored messages are those of the toolchain that `rust-version` names.

#[test]
fn what_makes_no_sense_is_refused() {
    // One runner: it builds its scratch crate once.
    let cases = trybuild::TestCases::new();
    for folder in ["syntax", "names", "wiring", "types", "profiles", "structure", "entity", "lints"]
    {
        cases.compile_fail(format!("tests/ui/{folder}/*.rs"));
    }
}
