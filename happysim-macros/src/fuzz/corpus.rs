//! Valid and invalid models to begin with: all that this repository has.

use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// One call of one of the macros.
#[derive(Clone, Debug)]
pub(crate) enum Input {
    Topology(TokenStream),
    Profile(TokenStream),
    /// The arguments of the attribute, and the item.
    Entity(TokenStream, TokenStream),
}

impl Input {
    pub(crate) fn expand(self) -> TokenStream {
        match self {
            Self::Topology(input) => crate::expand_topology(input),
            Self::Profile(input) => crate::expand_profile(input),
            Self::Entity(arguments, item) => crate::expand_entity(&arguments, item),
        }
    }

    /// The tokens that make up most of it.
    pub(crate) fn tokens(&self) -> &TokenStream {
        match self {
            Self::Topology(tokens) | Self::Profile(tokens) | Self::Entity(_, tokens) => tokens,
        }
    }

    pub(crate) fn with(&self, tokens: TokenStream) -> Self {
        match self {
            Self::Topology(_) => Self::Topology(tokens),
            Self::Profile(_) => Self::Profile(tokens),
            Self::Entity(arguments, _) => Self::Entity(arguments.clone(), tokens),
        }
    }
}

/// All calls in the examples, the tests and the components, in the order of their paths.
pub(crate) fn corpus() -> Vec<Input> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for folder in ["examples", "tests", "happysim/src/components"] {
        rust_files(&root.join(folder), &mut files);
    }
    files.sort();
    let mut inputs = Vec::new();
    for file in files {
        let source = std::fs::read_to_string(&file).unwrap();
        if let Ok(tokens) = source.parse() {
            collect(tokens, &mut inputs);
        }
    }
    assert!(inputs.len() > 300, "only {} inputs", inputs.len());
    inputs
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn collect(tokens: TokenStream, inputs: &mut Vec<Input>) {
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    for window in trees.windows(3) {
        if let [TokenTree::Ident(name), TokenTree::Punct(bang), TokenTree::Group(input)] = window
            && bang.as_char() == '!'
        {
            match name.to_string().as_str() {
                "topology" => inputs.push(Input::Topology(input.stream())),
                "profile" => inputs.push(Input::Profile(input.stream())),
                _ => {}
            }
        }
    }
    inputs.extend(
        entities(tokens).into_iter().map(|(arguments, item)| Input::Entity(arguments, item)),
    );
    for tree in trees {
        if let TokenTree::Group(group) = tree {
            collect(group.stream(), inputs);
        }
    }
}

/// The items behind `#[entity]`, with the attribute's arguments.
pub(crate) fn entities(tokens: TokenStream) -> Vec<(TokenStream, TokenStream)> {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let mut found = Vec::new();
    for (index, pair) in trees.windows(2).enumerate() {
        let [TokenTree::Punct(hash), TokenTree::Group(group)] = pair else { continue };
        let mut inner = group.stream().into_iter();
        let arguments = match (inner.next(), inner.next()) {
            (Some(TokenTree::Ident(name)), arguments) if name == "entity" => match arguments {
                Some(TokenTree::Group(arguments)) => arguments.stream(),
                _ => TokenStream::new(),
            },
            _ => continue,
        };
        if hash.as_char() != '#' {
            continue;
        }
        // Up to the body, or the semicolon of a tuple struct.
        let rest = &trees[index + 2..];
        let is_end = |tree: &TokenTree| match tree {
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            TokenTree::Punct(punct) => punct.as_char() == ';',
            _ => false,
        };
        let end = rest.iter().position(is_end).map_or(rest.len(), |end| end + 1);
        found.push((arguments, rest[..end].iter().cloned().collect()));
    }
    found
}
