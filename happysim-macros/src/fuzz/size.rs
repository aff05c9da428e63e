//! Large models, and deep ones.

use std::fmt::Write as _;

use proc_macro2::TokenStream;

use super::{count, on_a_stack_like_rustc};

/// A chain of `nodes` servers behind a source.
fn chain(nodes: usize) -> TokenStream {
    let mut text = String::from("pub Large { source users: poisson(400/s) emits u64;");
    for node in 0..nodes {
        let _ = write!(text, "node n{node}: Api {{ workers: {}, pause: 5ms }};", 1 + node % 7);
    }
    text.push_str("node last: Server; users -> n0;");
    for node in 1..nodes {
        let _ = write!(text, "n{}.next -> n{node};", node - 1);
    }
    let _ = write!(text, "n{}.next -> last; }}", nodes - 1);
    text.parse().unwrap()
}

/// An entity with that many handlers, each with that many steps.
fn handlers(handlers: usize, steps: usize) -> TokenStream {
    let mut text = String::from("impl Api {");
    for handler in 0..handlers {
        let _ = write!(
            text,
            "async fn h{handler}(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {{"
        );
        for step in 0..steps {
            let _ = write!(
                text,
                "let x{step} = self.db.call(id).await?; if x{step} > 3 {{ cx.sleep(d).await; }}"
            );
        }
        text.push_str("Ok(id) }");
    }
    text.push('}');
    text.parse().unwrap()
}

fn topology_tokens(nodes: usize) -> usize {
    count(crate::topology::expand(chain(nodes)))
}

fn entity_tokens(handlers_: usize, steps: usize) -> usize {
    count(crate::entity::expand(&TokenStream::new(), handlers(handlers_, steps)))
}

#[test]
fn an_expansion_grows_linearly_with_nodes() {
    let tokens = [250, 500, 1_000].map(topology_tokens);
    let [first, second] = [tokens[1] - tokens[0], tokens[2] - tokens[1]];
    assert!(tokens[0] > 25_000, "the topology was refused: {tokens:?}");
    // Twice as many nodes more, twice as many tokens more: names grow by a digit, no more.
    let ratio = second as f64 / first as f64;
    assert!((1.95..2.05).contains(&ratio), "{tokens:?}");
}

#[test]
fn an_expansion_grows_linearly_with_handlers() {
    on_a_stack_like_rustc(|| {
        let tokens = [50, 100, 200].map(|handlers| entity_tokens(handlers, 1));
        let ratio = (tokens[2] - tokens[1]) as f64 / (tokens[1] - tokens[0]) as f64;
        assert!(tokens[0] > 25_000, "the entity was refused: {tokens:?}");
        assert!((1.9..2.1).contains(&ratio), "{tokens:?}");
    });
}

#[test]
fn large_entities_are_taken() {
    on_a_stack_like_rustc(|| {
        assert!(entity_tokens(256, 2) > 100_000);
        assert!(entity_tokens(1, 300) > 20_000);
        let refusal = crate::entity::expand(&TokenStream::new(), handlers(257, 0)).to_string();
        assert!(refusal.contains("an entity has at most 256 `async fn`s, `Api` has 257"));
    });
}
