//! Imports within the runtime run one way: components -> model -> engine; see
//! docs/architecture.md.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// What each layer may name of the others, itself not listed.
const LAYERS: &[(&str, &[&str])] = &[
    ("engine", &["time"]),
    (
        "model",
        &["distribution", "engine", "profile", "quantity", "queueing", "report", "stats", "time"],
    ),
    ("profile", &["engine", "quantity", "time"]),
    ("distribution", &["engine", "profile", "quantity", "time"]),
    // `model` for `Failure` and `Rejection` only: see below.
    ("stats", &["engine", "model", "time"]),
    ("queueing", &["engine", "model", "profile", "time"]),
    ("report", &["stats", "time"]),
];

/// The names behind `crate::` in all files of `folder`, and the two names behind
/// `crate::model`.
fn imports(folder: &Path, roots: &mut BTreeSet<String>, of_model: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|it| panic!("{}: {it}", folder.display())) {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            imports(&path, roots, of_model);
            continue;
        }
        let text = fs::read_to_string(&path).expect("sources are text");
        for rest in text.split("crate::").skip(1) {
            let name = |it: &char| it.is_alphanumeric() || *it == '_';
            let root: String = rest.chars().take_while(name).collect();
            if let Some(inner) = rest.strip_prefix("model::") {
                of_model.insert(inner.chars().take_while(name).collect());
            }
            roots.insert(root);
        }
    }
}

#[test]
fn imports_run_one_way() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("happysim/src");
    let mut modules = BTreeSet::new();
    for entry in fs::read_dir(&source).expect("the runtime has sources") {
        let path = entry.expect("the folder can be read").path();
        modules.insert(path.file_stem().expect("it has a name").to_string_lossy().into_owned());
    }
    for (layer, allowed) in LAYERS {
        let (mut roots, mut of_model) = (BTreeSet::new(), BTreeSet::new());
        imports(&source.join(layer), &mut roots, &mut of_model);
        assert!(!roots.is_empty(), "`{layer}` imports something");
        for root in roots.iter().filter(|root| modules.contains(*root) && root != layer) {
            assert!(allowed.contains(&root.as_str()), "`{layer}` must not use `crate::{root}`");
        }
        if *layer != "model" {
            let others: Vec<&String> = of_model.iter().filter(|it| *it != "outcome").collect();
            assert!(others.is_empty(), "`{layer}` must not use {others:?} of `crate::model`");
        }
    }
}
