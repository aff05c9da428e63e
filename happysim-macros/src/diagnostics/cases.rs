//! The compile-fail cases, for the tests that each kind of mistake has one.

use std::fs;
use std::path::Path;

use proc_macro2::TokenStream;

/// The source of every case in the folders of `tests/ui`.
pub(crate) fn cases() -> Vec<TokenStream> {
    let ui = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/ui");
    let mut cases = Vec::new();
    for folder in fs::read_dir(ui).unwrap().map(|entry| entry.unwrap().path()) {
        if !folder.is_dir() {
            continue;
        }
        for file in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if file.extension().is_some_and(|extension| extension == "rs") {
                cases.push(fs::read_to_string(&file).unwrap().parse().unwrap());
            }
        }
    }
    assert!(!cases.is_empty(), "the cases are found");
    cases
}
